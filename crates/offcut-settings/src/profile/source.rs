//! Where profiles come from. The engine asks; the world outside (files, a browser's store) answers.

use super::builtin::BuiltIn;
use super::{MAX_DEPTH, Profile, Project};
use crate::error::SettingsError;
use crate::suggest;
use crate::table::Scope;

/// A place that has profiles.
pub trait ProfileSource {
    /// Names of the profiles it has.
    fn names(&self, scope: Scope) -> Vec<String>;

    /// A profile by name, or by path where the source has files. `from` is the file that asks, which
    /// paths are relative to; empty for the command line.
    ///
    /// # Errors
    /// What is wrong with the profile, or why it can't be read. A profile that is not there is `None`.
    fn find(&self, scope: Scope, name: &str, from: &str) -> Result<Option<Profile>, SettingsError>;

    /// A profile of any kind by path.
    ///
    /// # Errors
    /// As [`ProfileSource::find`].
    fn open(&self, _path: &str) -> Result<Option<Profile>, SettingsError> {
        Ok(None)
    }

    /// Defaults for jobs of the project at hand.
    fn defaults(&self) -> Option<&Profile> {
        None
    }
}

/// A project file has the profiles that stand in it.
impl ProfileSource for Project {
    fn names(&self, scope: Scope) -> Vec<String> {
        self.profiles
            .iter()
            .filter(|p| p.scope == Some(scope))
            .map(|p| p.name.clone())
            .collect()
    }

    fn find(&self, scope: Scope, name: &str, _: &str) -> Result<Option<Profile>, SettingsError> {
        Ok(self
            .profiles
            .iter()
            .find(|p| p.scope == Some(scope) && p.name == name)
            .cloned())
    }

    fn defaults(&self) -> Option<&Profile> {
        Some(&self.defaults)
    }
}

/// Sources in the order in which they are asked; the built-in profiles are asked last.
pub struct Library {
    sources: Vec<Box<dyn ProfileSource>>,
}

impl Library {
    /// The given sources before the built-in profiles.
    #[must_use]
    pub fn new(mut sources: Vec<Box<dyn ProfileSource>>) -> Self {
        sources.push(Box::new(BuiltIn));
        Self { sources }
    }

    /// The built-in profiles alone.
    #[must_use]
    pub fn builtin() -> Self {
        Self::new(Vec::new())
    }

    /// All names of a kind, sorted, each once.
    #[must_use]
    pub fn names(&self, scope: Scope) -> Vec<String> {
        let mut names: Vec<_> = self.sources.iter().flat_map(|s| s.names(scope)).collect();
        names.sort();
        names.dedup();
        names
    }

    /// Defaults of the project: those of the first source that has any.
    #[must_use]
    pub fn defaults(&self) -> Option<&Profile> {
        self.sources.iter().find_map(|s| s.defaults())
    }

    /// A profile by path, of any kind.
    ///
    /// # Errors
    /// What is wrong with the profile, or that nothing is there.
    pub fn open(&self, path: &str) -> Result<Profile, SettingsError> {
        for source in &self.sources {
            if let Some(profile) = source.open(path)? {
                return Ok(profile);
            }
        }
        Err(SettingsError::Unreadable {
            path: path.into(),
            reason: "there is no such profile".into(),
        })
    }

    /// A profile and all that it builds on, the root first. A profile that inherits from its own name
    /// builds on the one of a later source: so `petg` of a user can extend the built-in `petg`. `from` is
    /// the file that asks; empty for the command line.
    ///
    /// # Errors
    /// Unknown profiles, circles, chains that are too long, and whatever is wrong with a profile.
    pub fn chain(&self, scope: Scope, name: &str, from: &str) -> Result<Vec<Profile>, SettingsError> {
        let (index, first) = self.find_from(0, scope, name, from)?;
        self.ancestors(scope, first, index)
    }

    /// The given profile and all that it builds on, the root first. `index` is the source it is from.
    pub(crate) fn ancestors(
        &self,
        scope: Scope,
        first: Profile,
        index: usize,
    ) -> Result<Vec<Profile>, SettingsError> {
        let mut index = index;
        let mut chain = vec![first];
        let mut seen = Vec::new();
        while let Some(child) = chain.last()
            && let Some(parent) = child.inherits.clone()
        {
            seen.push((child.file.clone(), child.name.clone()));
            if chain.len() > MAX_DEPTH {
                return Err(SettingsError::TooDeep {
                    name: chain[0].name.clone(),
                    limit: MAX_DEPTH,
                });
            }
            let start = if parent == child.name { index + 1 } else { 0 };
            let (found_in, profile) = self.find_from(start, scope, &parent, &child.file)?;
            if seen.contains(&(profile.file.clone(), profile.name.clone())) {
                let names: Vec<_> = chain
                    .iter()
                    .map(|p| p.name.as_str())
                    .chain([parent.as_str()])
                    .collect();
                return Err(SettingsError::Cycle {
                    chain: names.join(" → "),
                });
            }
            index = found_in;
            chain.push(profile);
        }
        chain.reverse();
        Ok(chain)
    }

    fn find_from(
        &self,
        start: usize,
        scope: Scope,
        name: &str,
        from: &str,
    ) -> Result<(usize, Profile), SettingsError> {
        for (i, source) in self.sources.iter().enumerate().skip(start) {
            if let Some(profile) = source.find(scope, name, from)? {
                return Ok((i, profile));
            }
        }
        let names = self.names(scope);
        let lower = name.to_ascii_lowercase();
        let hint = match suggest::closest(&lower, names.iter().map(String::as_str)) {
            Some(meant) => format!("; did you mean `{meant}`?"),
            None => format!("; there are {}", names.join(", ")),
        };
        let place = if from.is_empty() {
            format!("--{scope}")
        } else {
            from.into()
        };
        Err(SettingsError::UnknownProfile {
            place,
            scope,
            name: crate::access::shorten(name),
            hint,
        })
    }
}
