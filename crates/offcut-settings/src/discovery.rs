//! Finds profiles in files: `offcut.toml` in the working folder or above it, then the user's
//! configuration. The only module here that reads files; the command line calls it, the browser does not.

use crate::error::SettingsError;
use crate::profile::source::{Library, ProfileSource};
use crate::profile::{Profile, Project};
use crate::table::Scope;
use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The project file.
pub const PROJECT_FILE: &str = "offcut.toml";

/// Profiles are small: anything larger is something else, bytes.
pub const MAX_FILE: u64 = 1 << 20;

/// The folder of the user's configuration: `$XDG_CONFIG_HOME/offcut`, `$HOME/.config/offcut` or
/// `%APPDATA%\offcut`. `env` reads a variable.
#[must_use]
pub fn user_folder(env: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let folder = |name: &str| env(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    folder("XDG_CONFIG_HOME")
        .filter(|p| p.is_absolute())
        .or_else(|| folder("HOME").map(|h| h.join(".config")))
        .or_else(|| folder("APPDATA"))
        .map(|p| p.join("offcut"))
}

/// Profiles by path only: for `--isolated`.
#[must_use]
pub fn isolated(cwd: &Path) -> Library {
    Library::new(vec![Box::new(Paths { cwd: cwd.into() })])
}

/// Everything that can be found from `cwd`: paths, then the nearest `offcut.toml` upwards, then
/// `offcut.toml` and the folders `machines`, `materials` and `processes` in the user's folder.
///
/// # Errors
/// A project file that is there but can't be read or is wrong.
pub fn discover(cwd: &Path, user: Option<&Path>) -> Result<Library, SettingsError> {
    let mut sources: Vec<Box<dyn ProfileSource>> = vec![Box::new(Paths { cwd: cwd.into() })];
    let nearest = cwd
        .ancestors()
        .map(|dir| dir.join(PROJECT_FILE))
        .find(|p| p.is_file());
    if let Some(path) = &nearest {
        sources.push(Box::new(project(path)?));
    }
    if let Some(user) = user {
        let path = user.join(PROJECT_FILE);
        if path.is_file() && nearest.as_ref() != Some(&path) {
            sources.push(Box::new(project(&path)?));
        }
        sources.push(Box::new(Folder { root: user.into() }));
    }
    Ok(Library::new(sources))
}

fn project(path: &Path) -> Result<Project, SettingsError> {
    Project::parse(&path.display().to_string(), &read(path)?)
}

fn read(path: &Path) -> Result<String, SettingsError> {
    let wrong = |reason: String| SettingsError::Unreadable {
        path: path.display().to_string(),
        reason,
    };
    let file = std::fs::File::open(path).map_err(|e| wrong(e.to_string()))?;
    let mut text = String::new();
    let size = file
        .take(MAX_FILE + 1)
        .read_to_string(&mut text)
        .map_err(|e| wrong(e.to_string()))?;
    if size as u64 > MAX_FILE {
        return Err(wrong(format!("a profile has at most {MAX_FILE} bytes")));
    }
    Ok(text)
}

fn profile(path: &Path, scope: Option<Scope>) -> Result<Profile, SettingsError> {
    let name = path
        .file_stem()
        .map(|s| s.to_string_lossy().into_owned())
        .unwrap_or_default();
    Profile::parse(&name, &path.display().to_string(), &read(path)?, scope)
}

/// Profiles by path: names that end in `.toml` or contain a slash.
struct Paths {
    cwd: PathBuf,
}

impl ProfileSource for Paths {
    fn names(&self, _: Scope) -> Vec<String> {
        Vec::new()
    }

    fn find(&self, scope: Scope, name: &str, from: &str) -> Result<Option<Profile>, SettingsError> {
        if !name.ends_with(".toml") && !name.contains(['/', '\\']) {
            return Ok(None);
        }
        let base = Path::new(from).parent().filter(|_| !from.is_empty());
        profile(
            &self.cwd.join(base.unwrap_or(Path::new(""))).join(name),
            Some(scope),
        )
        .map(Some)
    }

    fn open(&self, path: &str) -> Result<Option<Profile>, SettingsError> {
        profile(&self.cwd.join(path), None).map(Some)
    }
}

/// A folder with `machines/NAME.toml` and so on.
struct Folder {
    root: PathBuf,
}

impl ProfileSource for Folder {
    fn names(&self, scope: Scope) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.root.join(scope.plural())) else {
            return Vec::new();
        };
        let paths = entries.filter_map(Result::ok).map(|e| e.path());
        let toml = paths.filter(|p| p.extension().is_some_and(|e| e == "toml"));
        let mut names: Vec<_> = toml
            .filter_map(|p| p.file_stem().map(|s| s.to_string_lossy().into_owned()))
            .collect();
        names.sort();
        names
    }

    fn find(&self, scope: Scope, name: &str, _: &str) -> Result<Option<Profile>, SettingsError> {
        if name.contains(['/', '\\']) {
            return Ok(None);
        }
        let path = self.root.join(scope.plural()).join(format!("{name}.toml"));
        if path.is_file() {
            profile(&path, Some(scope)).map(Some)
        } else {
            Ok(None)
        }
    }
}
