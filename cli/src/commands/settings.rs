//! From options to settings. What is found where and what wins is the engine's business.

use crate::args::SettingsArgs;
use crate::failure::Failure;
use offcut::settings::{Library, Request, Resolved, discover, isolated, user_folder};

/// The profiles that can be found from here.
pub fn library(alone: bool) -> Result<Library, Failure> {
    let cwd = std::env::current_dir().unwrap_or_default();
    if alone {
        return Ok(isolated(&cwd));
    }
    let user = user_folder(|name| std::env::var_os(name));
    Ok(discover(&cwd, user.as_deref()).map_err(offcut::Error::from)?)
}

/// What the options ask for.
pub fn request(a: &SettingsArgs) -> Request {
    Request {
        machine: a.machine.clone(),
        material: a.material.clone(),
        process: a.process.clone(),
        profiles: a.profile.iter().map(|p| p.display().to_string()).collect(),
        job: Vec::new(),
        set: a.set.clone(),
    }
}

/// Resolves the options.
pub fn resolve(a: &SettingsArgs) -> Result<Resolved, Failure> {
    let library = library(a.isolated)?;
    Ok(request(a).resolve(&library).map_err(offcut::Error::from)?)
}
