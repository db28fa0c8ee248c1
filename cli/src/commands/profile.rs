//! `offcut profile`: what settings there are and where they come from.

use super::settings;
use crate::args::{Profile, ProfileCommand, SettingsArgs};
use crate::failure::Failure;
use crate::files::Target;
use offcut::settings::{Library, Scope, reference_markdown, schema};
use std::fmt::Write;

/// Runs the command.
pub fn run(a: &Profile) -> Result<u8, Failure> {
    let text = match &a.command {
        ProfileCommand::List { json, isolated } => list(&settings::library(*isolated)?, *json)?,
        ProfileCommand::Show {
            settings,
            changed,
            json,
        } => show(settings, *changed, *json)?,
        ProfileCommand::Explain { keys, settings } => explain(keys, settings)?,
        ProfileCommand::Import(a) => {
            return super::import::run(a).map_err(|e| super::named(e, a.json, "profile import"));
        }
        ProfileCommand::Schema { markdown: true } => reference_markdown(),
        ProfileCommand::Schema { markdown: false } => format!("{:#}\n", schema()),
    };
    Target::Stdout.write_all(text.as_bytes())?;
    Ok(0)
}

fn list(library: &Library, json: bool) -> Result<String, Failure> {
    let mut text = String::new();
    let mut document = serde_json::Map::new();
    for scope in Scope::ALL {
        let mut entries = Vec::new();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}:", scope.plural());
        for name in library.names(scope) {
            let chain = library.chain(scope, &name, "").map_err(offcut::Error::from)?;
            let about = chain.last().map(|p| p.description.clone()).unwrap_or_default();
            let _ = writeln!(text, "  {name:<24} {about}");
            entries.push(serde_json::json!({ "name": name, "description": about }));
        }
        document.insert(scope.plural().into(), entries.into());
    }
    Ok(if json {
        format!("{:#}\n", serde_json::Value::Object(document))
    } else {
        text
    })
}

fn show(a: &SettingsArgs, changed: bool, json: bool) -> Result<String, Failure> {
    let resolved = settings::resolve(a)?;
    let keys = resolved.keys_set();
    let keep = |key: &str| !changed || keys.contains(&key);
    if json {
        let mut document =
            serde_json::to_value(&resolved.settings).map_err(|e| offcut::Error::Internal(e.to_string()))?;
        if let Some(map) = document.as_object_mut() {
            map.retain(|key, _| keep(key));
        }
        return Ok(format!("{document:#}\n"));
    }
    let all = resolved.settings.canonical();
    Ok(all
        .lines()
        .filter(|l| l.split(' ').next().is_some_and(keep))
        .fold(String::new(), |text, l| text + l + "\n"))
}

/// Settings that contradict each other are explained too.
fn explain(keys: &[String], a: &SettingsArgs) -> Result<String, Failure> {
    let library = settings::library(a.isolated)?;
    let resolved = settings::request(a)
        .resolve_unchecked(&library)
        .map_err(offcut::Error::from)?;
    let mut text = String::new();
    for key in keys {
        let e = resolved.explain(key).map_err(offcut::Error::from)?;
        let _ = write!(text, "{e}");
    }
    Ok(text)
}
