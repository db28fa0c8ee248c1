//! From options to settings; all resolution happens in the engine.

use crate::args::SettingsArgs;
use crate::failure::Failure;
use crate::files;
use offcut::{Resolved, SettingsSources, SourceFile};

/// Collects what the options name and lets the engine resolve it.
pub fn resolve(a: &SettingsArgs) -> Result<Resolved, Failure> {
    let mut profiles = Vec::new();
    for path in &a.profile {
        let input = files::read(path).map_err(|e| Failure::usage(e.message))?;
        profiles.push(SourceFile {
            name: input.name,
            text: String::from_utf8_lossy(&input.bytes).into_owned(),
        });
    }
    Ok(offcut::resolve(&SettingsSources {
        machine: a.machine.clone(),
        material: a.material.clone(),
        process: a.process.clone(),
        profiles,
        set: a.set.clone(),
        isolated: a.isolated,
    })?)
}
