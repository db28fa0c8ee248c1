//! Settings of a laser job from its sources: machine < material < process < profiles < command line.

use super::{CutSettings, Library};
use crate::access::{shorten, split_assignment};
use crate::error::SettingsError;
use crate::suggest;
use crate::tabled::Tabled;
use std::collections::BTreeSet;

const LASERS: &[(&str, &str)] = &[
    ("diode-10w", include_str!("../../profiles/lasers/diode-10w.toml")),
    (
        "grblhal-diode",
        include_str!("../../profiles/lasers/grblhal-diode.toml"),
    ),
    ("k40-grbl", include_str!("../../profiles/lasers/k40-grbl.toml")),
    (
        "k40-smoothie",
        include_str!("../../profiles/lasers/k40-smoothie.toml"),
    ),
    (
        "klipper-laser",
        include_str!("../../profiles/lasers/klipper-laser.toml"),
    ),
    (
        "linuxcnc-co2",
        include_str!("../../profiles/lasers/linuxcnc-co2.toml"),
    ),
    (
        "marlin-laser",
        include_str!("../../profiles/lasers/marlin-laser.toml"),
    ),
    (
        "reprapfirmware-laser",
        include_str!("../../profiles/lasers/reprapfirmware-laser.toml"),
    ),
];

/// Keys of profiles that are no settings.
const META: &[&str] = &["inherits", "description", "kind"];
/// Profiles inherit through at most so many others.
const DEPTH: usize = 16;

/// Names and descriptions of the built-in lasers.
#[must_use]
pub fn lasers() -> Vec<(&'static str, String)> {
    LASERS
        .iter()
        .map(|(name, text)| (*name, meta(text, "description")))
        .collect()
}

/// The text of a built-in laser.
#[must_use]
pub fn laser_text(name: &str) -> Option<&'static str> {
    LASERS
        .iter()
        .find(|l| l.0.eq_ignore_ascii_case(name))
        .map(|l| l.1)
}

fn meta(text: &str, key: &str) -> String {
    let table: Option<toml::Table> = text.parse().ok();
    let value = table
        .as_ref()
        .and_then(|t| t.get(key))
        .and_then(toml::Value::as_str);
    value.unwrap_or_default().to_owned()
}

/// Where the settings come from. Files are given as their name and text; names are looked up among what is built in.
#[derive(Debug, Clone, Default)]
pub struct CutSources {
    /// The machine: a built-in name, or a file.
    pub machine: Option<Source>,
    /// Name of an entry of the material library, or a file of settings.
    pub material: Option<Source>,
    /// A file of settings.
    pub process: Option<Source>,
    /// Further libraries.
    pub libraries: Vec<(String, String)>,
    /// Files of settings; later ones win.
    pub profiles: Vec<(String, String)>,
    /// `key=value`; later ones win.
    pub assignments: Vec<String>,
    /// Rules of operations that come before those of the settings.
    pub operations: Vec<String>,
}

/// A name, or a file with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A name.
    Name(String),
    /// Its path and its text.
    File(String, String),
}

/// Settings with what to know about them.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// The settings.
    pub settings: CutSettings,
    /// Keys that the material, files or the command line set: these are meant, whatever a drawing says. A machine's
    /// values are not among them.
    pub given: BTreeSet<String>,
    /// Names of machine, material and process.
    pub names: [Option<String>; 3],
    /// What to know.
    pub warnings: Vec<(String, String)>,
}

/// Resolves and checks the settings.
///
/// # Errors
/// What is unknown, out of range or does not fit together.
pub fn resolve(sources: &CutSources) -> Result<Resolved, SettingsError> {
    let mut s = CutSettings::default();
    let mut names: [Option<String>; 3] = Default::default();
    let mut warnings = Vec::new();
    let mut given = BTreeSet::new();
    match &sources.machine {
        Some(Source::Name(name)) => {
            let text = laser_text(name).ok_or_else(|| unknown_laser(name))?;
            inherit(&format!("built-in lasers/{name}.toml"), text, &mut s, 0)?;
            if s.machine_name.is_empty() {
                s.machine_name.clone_from(name);
            }
            names[0] = Some(name.clone());
        }
        Some(Source::File(file, text)) => {
            inherit(file, text, &mut s, 0)?;
            names[0] = Some(file.clone());
        }
        None => {}
    }
    match &sources.material {
        Some(Source::Name(name)) => {
            let mut library = Library::built_in()?;
            for (file, text) in &sources.libraries {
                library.add(file, text)?;
            }
            let entry = library.find(name, &s)?;
            entry.apply(&mut s)?;
            given.extend(keys(entry.text()));
            if s.material_name.is_empty() {
                s.material_name.clone_from(&entry.name);
            }
            if entry.starting_point {
                warnings.push((
                    "starting_point".into(),
                    format!(
                        "the values of `{}` are a starting point, not tested on your machine: cut a test card first",
                        entry.name
                    ),
                ));
            }
            names[1] = Some(name.clone());
        }
        Some(Source::File(file, text)) => {
            inherit(file, text, &mut s, 0)?;
            given.extend(keys(text));
            names[1] = Some(file.clone());
        }
        None => {}
    }
    match &sources.process {
        Some(Source::File(file, text)) => {
            inherit(file, text, &mut s, 0)?;
            given.extend(keys(text));
            names[2] = Some(file.clone());
        }
        Some(Source::Name(name)) => {
            return Err(SettingsError::Invalid {
                problems: vec![format!(
                    "there is no process `{name}` for lasers; name a TOML file of settings"
                )],
            });
        }
        None => {}
    }
    for (file, text) in &sources.profiles {
        inherit(file, text, &mut s, 0)?;
        given.extend(keys(text));
    }
    for a in &sources.assignments {
        s.assign_text(a)?;
        given.insert(split_assignment(a)?.0.to_owned());
    }
    if !sources.operations.is_empty() {
        s.operations = sources
            .operations
            .iter()
            .map(String::as_str)
            .chain([s.operations.as_str()])
            .collect::<Vec<_>>()
            .join("; ");
    }
    warnings.extend(s.validate()?);
    Ok(Resolved {
        settings: s,
        given,
        names,
        warnings,
    })
}

/// The keys that a text of settings sets.
fn keys(text: &str) -> Vec<String> {
    let table: Option<toml::Table> = text.parse().ok();
    table.unwrap_or_default().keys().cloned().collect()
}

/// Applies a profile after what it inherits from.
fn inherit(file: &str, text: &str, to: &mut CutSettings, depth: usize) -> Result<(), SettingsError> {
    if depth > DEPTH {
        return Err(SettingsError::Invalid {
            problems: vec![format!("{file}: profiles inherit from each other in a circle")],
        });
    }
    let parent = meta(text, "inherits");
    if !parent.is_empty() {
        let base = laser_text(&parent).ok_or_else(|| unknown_laser(&parent))?;
        inherit(&format!("built-in lasers/{parent}.toml"), base, to, depth + 1)?;
    }
    to.apply_toml(file, text, META)
}

fn unknown_laser(name: &str) -> SettingsError {
    let names: Vec<_> = LASERS.iter().map(|l| l.0).collect();
    let meant = suggest::closest(name, names.iter().copied());
    let hint = meant
        .map(|m| format!("; did you mean `{m}`?"))
        .unwrap_or_default();
    SettingsError::Invalid {
        problems: vec![format!(
            "there is no laser `{}`{hint}: known are {}, or name a TOML file",
            shorten(name),
            names.join(", ")
        )],
    }
}
