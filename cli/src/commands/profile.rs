//! `offcut profile`: what settings there are and where they come from.

use super::settings;
use crate::args::{Profile, ProfileCommand};
use crate::failure::Failure;
use crate::files::Target;

/// Runs the command.
pub fn run(a: &Profile) -> Result<u8, Failure> {
    let text = match &a.command {
        ProfileCommand::Show { settings: s, json } => {
            let resolved = settings::resolve(s)?;
            if *json {
                let d = serde_json::to_value(&resolved.settings)
                    .map_err(|e| offcut::Error::Internal(e.to_string()))?;
                format!("{d:#}\n")
            } else {
                resolved.settings.canonical()
            }
        }
        ProfileCommand::Schema { .. } => String::new(),
    };
    Target::Stdout.write_all(text.as_bytes())?;
    Ok(0)
}
