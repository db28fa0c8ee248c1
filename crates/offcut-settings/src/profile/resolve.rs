//! Combines the layers of settings: built-in < machine < material < process < project and `--profile`
//! files in order < job < command line. In come names and assignments, out go settings that are
//! checked, with the origin of every value.

use super::source::Library;
use super::{Entry, Profile};
use crate::access::{setting_or_error, split_assignment};
use crate::error::{SettingsError, Warning};
use crate::print::PrintSettings;
use crate::table::{Scope, Setting};
use crate::value::Raw;
use std::fmt;

/// Which layer a value is from, the weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The defaults.
    BuiltIn,
    /// The profile of the machine.
    Machine,
    /// The profile of the material.
    Material,
    /// The profile of the process.
    Process,
    /// A project file or a file given by `--profile`.
    Profile,
    /// The job.
    Job,
    /// The command line.
    CommandLine,
}

impl Level {
    /// The name for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BuiltIn => "built-in",
            Self::Machine => "machine",
            Self::Material => "material",
            Self::Process => "process",
            Self::Profile => "profile",
            Self::Job => "job",
            Self::CommandLine => "command line",
        }
    }

    const fn of(scope: Scope) -> Self {
        match scope {
            Scope::Machine => Self::Machine,
            Scope::Material => Self::Material,
            Scope::Process => Self::Process,
        }
    }
}

/// Where a value is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The layer.
    pub level: Level,
    /// Name of the profile; empty where there is none.
    pub profile: String,
    /// The file; empty where there is none.
    pub file: String,
    /// The line in the file; 0 where there is none.
    pub line: u32,
}

impl Origin {
    /// An origin without a file.
    #[must_use]
    pub const fn bare(level: Level) -> Self {
        Self {
            level,
            profile: String::new(),
            file: String::new(),
            line: 0,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.level.name())?;
        if !self.profile.is_empty() {
            write!(f, " {}", self.profile)?;
        }
        if !self.file.is_empty() {
            write!(f, " ({}:{})", self.file, self.line)?;
        }
        Ok(())
    }
}

/// What a job asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Request {
    /// Name or path of the machine's profile.
    pub machine: Option<String>,
    /// Name or path of the material's profile.
    pub material: Option<String>,
    /// Name or path of the process' profile.
    pub process: Option<String>,
    /// Paths of further profiles; later ones win.
    pub profiles: Vec<String>,
    /// Settings of the job.
    pub job: Vec<(String, Raw)>,
    /// Assignments of the command line, `key=value`; later ones win.
    pub set: Vec<String>,
}

/// One value of one setting, in the order of application.
#[derive(Debug, Clone)]
pub(crate) struct Assignment {
    pub(crate) setting: &'static Setting,
    pub(crate) value: Raw,
    pub(crate) origin: Origin,
}

/// Settings that are ready for work.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// The settings.
    pub settings: PrintSettings,
    /// What may not be meant so.
    pub warnings: Vec<Warning>,
    /// Names of the machine, material and process in use, by [`Scope::ALL`].
    pub selection: [Option<String>; 3],
    pub(crate) assignments: Vec<Assignment>,
}

impl Request {
    /// Combines all layers and checks the outcome.
    ///
    /// # Errors
    /// Whatever is wrong with a profile or an assignment; profiles that do not fit together; settings
    /// that contradict each other.
    pub fn resolve(&self, library: &Library) -> Result<Resolved, SettingsError> {
        let mut plan = self.plan(library)?;
        plan.warnings.append(&mut plan.resolved.settings.validate()?);
        plan.check_compatibility()?;
        plan.resolved.warnings = plan.warnings;
        Ok(plan.resolved)
    }

    /// Combines all layers without checking what they mean together: to explain settings that clash.
    ///
    /// # Errors
    /// Whatever is wrong with a profile or an assignment.
    pub fn resolve_unchecked(&self, library: &Library) -> Result<Resolved, SettingsError> {
        let plan = self.plan(library)?;
        Ok(Resolved {
            warnings: plan.warnings,
            ..plan.resolved
        })
    }

    fn plan(&self, library: &Library) -> Result<Plan, SettingsError> {
        let mut loose: Vec<Profile> = library.defaults().cloned().into_iter().collect();
        for path in &self.profiles {
            let profile = library.open(path)?;
            match (profile.scope, &profile.inherits) {
                (Some(scope), _) => loose.extend(library.ancestors(scope, profile, 0)?),
                (None, None) => loose.push(profile),
                (None, Some(parent)) => {
                    return Err(SettingsError::BadValue {
                        place: profile.file.clone(),
                        key: "inherits".into(),
                        value: parent.clone(),
                        reason: "a profile that inherits needs a `kind`".into(),
                    });
                }
            }
        }
        let mut chains: [Vec<Profile>; 3] = Default::default();
        let mut selection: [Option<String>; 3] = Default::default();
        for (i, (scope, asked)) in Scope::ALL
            .into_iter()
            .zip([&self.machine, &self.material, &self.process])
            .enumerate()
        {
            let default = || {
                loose
                    .iter()
                    .rev()
                    .find_map(|p| p.selection[i].as_ref().map(|name| (name, p.file.as_str())))
            };
            let Some((name, from)) = asked.as_ref().map(|name| (name, "")).or_else(default) else {
                continue;
            };
            chains[i] = library.chain(scope, name, from)?;
            selection[i] = chains[i].last().map(|p| p.name.clone());
        }
        let mut plan = Plan {
            resolved: Resolved {
                settings: PrintSettings::default(),
                warnings: Vec::new(),
                selection,
                assignments: Vec::new(),
            },
            warnings: Vec::new(),
            chains,
        };
        plan.apply_profiles(library, &loose)?;
        for (key, value) in &self.job {
            plan.apply(
                setting_or_error(key, "job")?,
                value,
                Origin::bare(Level::Job),
                "job",
            )?;
        }
        for text in &self.set {
            let (key, value) = split_assignment(text)?;
            let setting = setting_or_error(key, "--set")?;
            plan.apply(
                setting,
                &Raw::Text(value.into()),
                Origin::bare(Level::CommandLine),
                "--set",
            )?;
        }
        Ok(plan)
    }
}

/// Settings in the making.
struct Plan {
    resolved: Resolved,
    warnings: Vec<Warning>,
    chains: [Vec<Profile>; 3],
}

impl Plan {
    fn apply(
        &mut self,
        setting: &'static Setting,
        value: &Raw,
        origin: Origin,
        place: &str,
    ) -> Result<(), SettingsError> {
        self.resolved.settings.set(setting.key, value, place)?;
        // What was read back is in the setting's own unit, whatever was written.
        let value = (setting.get)(&self.resolved.settings);
        self.resolved.assignments.push(Assignment {
            setting,
            value,
            origin,
        });
        Ok(())
    }

    fn apply_profiles(&mut self, library: &Library, loose: &[Profile]) -> Result<(), SettingsError> {
        let chains = std::mem::take(&mut self.chains);
        let all = || chains.iter().flatten().chain(loose);
        let taking_part: Vec<&str> = all().map(|p| p.name.as_str()).collect();
        let levels = Scope::ALL
            .into_iter()
            .zip(&chains)
            .flat_map(|(s, c)| c.iter().map(move |p| (Level::of(s), p)));
        for (level, profile) in levels.chain(loose.iter().map(|p| (Level::Profile, p))) {
            self.apply_entries(level, profile, &profile.entries, "")?;
            for (name, entries) in &profile.when {
                if taking_part.contains(&name.as_str()) {
                    self.apply_entries(level, profile, entries, name)?;
                }
            }
        }
        let names: Vec<String> = Scope::ALL.into_iter().flat_map(|s| library.names(s)).collect();
        for profile in all() {
            for (name, _) in profile.when.iter().filter(|(n, _)| !names.contains(n)) {
                let message = format!(
                    "{}: no profile is called `{name}`: [when.{name}] never holds",
                    profile.file
                );
                self.warnings.push(Warning { key: "when", message });
            }
        }
        self.chains = chains;
        Ok(())
    }

    fn apply_entries(
        &mut self,
        level: Level,
        profile: &Profile,
        entries: &[Entry],
        when: &str,
    ) -> Result<(), SettingsError> {
        for e in entries {
            let name = if when.is_empty() {
                profile.name.clone()
            } else {
                format!("{} [when.{when}]", profile.name)
            };
            let place = format!("{}:{}", profile.file, e.line);
            let origin = Origin {
                level,
                profile: name,
                file: profile.file.clone(),
                line: e.line,
            };
            self.apply(e.setting, &e.value, origin, &place)?;
        }
        Ok(())
    }

    fn check_compatibility(&self) -> Result<(), SettingsError> {
        let [machines, materials, processes] = &self.chains;
        let nozzle = self.resolved.settings.nozzle_diameter;
        for (scope, chain) in [(Scope::Material, materials), (Scope::Process, processes)] {
            let Some(profile) = chain.last() else { continue };
            let name = &profile.name;
            if let Some(fit) = chain.iter().rev().find_map(|p| p.compatible_machines.as_ref())
                && let Some(machine) = machines.last()
                && !machines.iter().any(|m| fit.contains(&m.name))
            {
                let what = format!(
                    "the {scope} `{name}` is made for {}, not for the machine `{}`: choose another {scope} or machine",
                    fit.join(", "),
                    machine.name
                );
                return Err(SettingsError::Incompatible { what });
            }
            if let Some(fit) = chain.iter().rev().find_map(|p| p.compatible_nozzles.as_ref())
                && !fit.iter().any(|d| (d - nozzle).abs() < 1e-6)
            {
                let sizes: Vec<_> = fit.iter().map(ToString::to_string).collect();
                let what = format!(
                    "the {scope} `{name}` is made for nozzles of {} mm, not {nozzle} mm: choose another {scope} or set `nozzle_diameter`",
                    sizes.join(", ")
                );
                return Err(SettingsError::Incompatible { what });
            }
        }
        Ok(())
    }
}
