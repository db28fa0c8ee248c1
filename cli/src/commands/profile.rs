//! `offcut profile`: what settings there are and where they come from.

use super::settings;
use crate::args::{Profile, ProfileCommand, SettingsArgs};
use crate::failure::Failure;
use crate::files::Target;
use offcut::settings::{CutLibrary, Library, Scope, SettingsError, lasers, reference_markdown, schema};
use serde_json::{Value, json};
use std::fmt::Write;

/// Runs the command.
pub fn run(a: &Profile) -> Result<u8, Failure> {
    let text = match &a.command {
        ProfileCommand::List { json, isolated } => list(&settings::library(*isolated)?, *json)?,
        ProfileCommand::Show {
            name: Some(name),
            settings,
            json,
            ..
        } => show_profile(name, settings, *json)?,
        ProfileCommand::Show {
            name: None,
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
    let mut document = offcut::settings::list(library)?;
    let (lasers, materials) = of_lasers()?;
    document.insert("lasers".into(), lasers);
    document.insert("laser_materials".into(), materials);
    if json {
        return Ok(format!("{:#}\n", serde_json::Value::Object(document)));
    }
    let mut text = String::new();
    for (kind, entries) in &document {
        // Writing to a string cannot fail.
        let _ = match kind.as_str() {
            "lasers" => writeln!(text, "lasers, for offcut cut --machine:"),
            "laser_materials" => writeln!(text, "materials, for offcut cut --material:"),
            kind => writeln!(text, "{kind}:"),
        };
        for e in entries.as_array().into_iter().flatten() {
            let word = |key: &str| e[key].as_str().unwrap_or_default();
            let _ = writeln!(text, "  {:<24} {}", word("name"), word("description"));
        }
    }
    Ok(text)
}

/// The lasers and the library of laser materials that come with offcut.
fn of_lasers() -> Result<(Value, Value), Failure> {
    let entry = |name: &str, about: String| json!({ "name": name, "description": about });
    let machines = lasers().into_iter().map(|(name, about)| entry(name, about));
    let library = CutLibrary::built_in().map_err(offcut::Error::from)?;
    let materials = library.entries().iter().map(|e| {
        let on = e.machine.as_deref().unwrap_or("any laser");
        entry(&e.name, format!("on {on}: {}", e.note))
    });
    Ok((machines.collect(), materials.collect()))
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
    let mut text = String::new();
    for line in all.lines() {
        let key = line.split(' ').next().unwrap_or_default();
        if keys.contains(&key) {
            let origin = resolved.explain(key).map_err(offcut::Error::from)?.origin;
            let _ = writeln!(text, "{line:<40} # {origin}");
        } else if keep(key) {
            let _ = writeln!(text, "{line}");
        }
    }
    Ok(text)
}

/// What one profile and those that it inherits from set, and which of them set what.
fn show_profile(name: &str, a: &SettingsArgs, json: bool) -> Result<String, Failure> {
    let library = settings::library(a.isolated)?;
    let mut found = Vec::new();
    let mut fault = None;
    for scope in Scope::ALL {
        match library.chain(scope, name, "") {
            Ok(chain) => found.push((scope, chain)),
            Err(e @ SettingsError::UnknownProfile { .. }) => drop(fault.get_or_insert(e)),
            // It is there, but something is wrong with it.
            Err(e) => return Err(offcut::Error::from(e).into()),
        }
    }
    let (scope, chain) = match (found.pop(), found.is_empty()) {
        (Some(one), true) => one,
        (Some(_), false) => {
            return Err(Failure::usage(format!(
                "{name} is the name of several kinds of profile; show it with --machine, --material or --process"
            )));
        }
        (None, _) => return Err(no_profile(name, &library)),
    };
    let mut request = settings::request(a);
    match scope {
        Scope::Machine => request.machine = Some(name.into()),
        Scope::Material => request.material = Some(name.into()),
        Scope::Process => request.process = Some(name.into()),
    }
    let resolved = request.resolve_unchecked(&library).map_err(offcut::Error::from)?;
    let mut entries = serde_json::Map::new();
    let mut text = String::new();
    let about = chain.last().map(|p| p.description.clone()).unwrap_or_default();
    let parents: Vec<&str> = chain.iter().rev().skip(1).map(|p| p.name.as_str()).collect();
    let _ = writeln!(text, "# {} {name}: {about}", scope.name());
    if !parents.is_empty() {
        let _ = writeln!(text, "# inherits from {}", parents.join(", "));
    }
    let values = resolved.settings.canonical();
    for key in resolved.keys_set() {
        let e = resolved.explain(key).map_err(offcut::Error::from)?;
        if e.origin.level.name() != scope.name() {
            continue;
        }
        let line = values.lines().find(|l| l.split(' ').next() == Some(key));
        let _ = writeln!(text, "{:<40} # {}", line.unwrap_or(key), e.origin);
        let value = serde_json::to_value(&resolved.settings)
            .map_err(|e| offcut::Error::Internal(e.to_string()))?[key]
            .take();
        entries.insert(
            key.into(),
            serde_json::json!({
                "value": value,
                "profile": e.origin.profile,
                "file": e.origin.file,
                "line": e.origin.line,
            }),
        );
    }
    if json {
        let document = serde_json::json!({
            "name": name,
            "kind": scope.name(),
            "description": about,
            "inherits": parents,
            "settings": entries,
        });
        return Ok(format!("{document:#}\n"));
    }
    Ok(text)
}

fn no_profile(name: &str, library: &Library) -> Failure {
    let all: Vec<String> = Scope::ALL.iter().flat_map(|s| library.names(*s)).collect();
    let close = all.iter().find(|n| {
        let plain = |s: &str| s.to_ascii_lowercase().replace(['-', '_', '.', ' '], "");
        plain(n).contains(&plain(name)) || plain(name).contains(&plain(n))
    });
    Failure::usage(format!(
        "there is no profile {name}; {}",
        match close {
            Some(n) => format!("did you mean {n}?"),
            None => "see `offcut profile list`".into(),
        }
    ))
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
