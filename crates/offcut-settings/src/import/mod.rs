//! Reads settings of PrusaSlicer (2.5 to 2.9): a single configuration or a bundle of presets.
//!
//! In comes the text of an `.ini`, out go profiles as TOML text and a report that says of every key
//! whether it was mapped, approximated (and how) or dropped (and why). Nothing is dropped silently.

mod convert;
mod dropped;
mod ini;
mod rules;

pub use rules::counterpart;

use crate::PrintSettings;
use crate::access::setting;
use crate::error::SettingsError;
use crate::table::{Scope, Setting};
use crate::value::Raw;
use convert::Outcome;
use ini::{Bundle, Preset};
use std::collections::BTreeMap;
use std::fmt::{self, Write};

/// What became of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// The setting means the same.
    Mapped {
        /// Our setting.
        to: &'static str,
    },
    /// The setting means nearly the same.
    Approximated {
        /// Our setting.
        to: &'static str,
        /// What differs.
        how: String,
    },
    /// It has no counterpart, or no meaning here.
    Dropped {
        /// The reason.
        why: String,
    },
}

/// What became of a key of a preset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportLine {
    /// The preset; empty in a single configuration.
    pub preset: String,
    /// The key in the file.
    pub key: String,
    /// Its value, shortened.
    pub value: String,
    /// What became of it.
    pub fate: Fate,
}

impl fmt::Display for ReportLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.preset.is_empty() {
            write!(f, "[{}] ", self.preset)?;
        }
        match &self.fate {
            Fate::Mapped { to } => write!(f, "{} → {to}", self.key),
            Fate::Approximated { to, how } => write!(f, "{} → {to}: {how}", self.key),
            Fate::Dropped { why } => write!(f, "{} dropped: {why}", self.key),
        }
    }
}

/// A profile made of a preset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedProfile {
    /// Its kind.
    pub scope: Scope,
    /// A name that is fit for a file.
    pub name: String,
    /// The profile.
    pub toml: String,
}

/// The outcome of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Import {
    /// The profiles, in the order of the file.
    pub profiles: Vec<ImportedProfile>,
    /// What became of every key.
    pub report: Vec<ReportLine>,
}

/// Imports a configuration or a bundle. `file` is used in messages; `only` picks the presets of a
/// bundle by their name, or a part of it when none has just that name (all when empty). Presets that others inherit from (`*common*`)
/// and SLA presets yield no profiles of their own.
///
/// # Errors
/// [`SettingsError::Import`]: no such configuration, circles of inheritance, unreasonable size.
pub fn import_prusa(file: &str, text: &str, only: &str) -> Result<Import, SettingsError> {
    let bundle = Bundle::parse(file, text)?;
    let mut import = Import::default();
    if let Some(flat) = bundle.flat().filter(|p| !is_sla(p)) {
        import.convert(flat, file, "", None);
    }
    let exact = bundle.presets().any(|(_, name)| name == only);
    let wanted = |name: &str| if exact { name == only } else { name.contains(only) };
    for (scope, name) in bundle.presets().filter(|(_, name)| wanted(name)) {
        let preset = bundle.flatten(scope, name)?;
        if !is_sla(&preset) {
            import.convert(&preset, file, name, Some(scope));
        }
    }
    if import.profiles.is_empty() {
        let reason = if only.is_empty() {
            "there are no settings of a print in it: give an .ini that PrusaSlicer exported".into()
        } else {
            format!("no preset's name contains `{only}`")
        };
        return Err(SettingsError::Import {
            place: file.into(),
            reason,
        });
    }
    Ok(import)
}

/// Printers that cure resin.
fn is_sla(preset: &Preset) -> bool {
    preset.get("printer_technology").is_some_and(|t| t == "SLA")
}

/// Names of the presets of a bundle, with their kinds.
///
/// # Errors
/// As [`import_prusa`].
pub fn preset_names(file: &str, text: &str) -> Result<Vec<(Scope, String)>, SettingsError> {
    Ok(Bundle::parse(file, text)?
        .presets()
        .map(|(s, n)| (s, n.to_string()))
        .collect())
}

impl Import {
    /// Converts a preset; without a `scope` it holds all three kinds.
    fn convert(&mut self, preset: &Preset, file: &str, name: &str, scope: Option<Scope>) {
        let mut found: BTreeMap<Scope, BTreeMap<usize, Raw>> = BTreeMap::new();
        for (key, value) in preset {
            let fates = match rules::outcome(key, value, preset) {
                Outcome::Dropped(why) => vec![Fate::Dropped { why }],
                Outcome::Set(values) => values
                    .into_iter()
                    .map(|v| match place(&v, rules::section(key), scope) {
                        Ok((target, index, raw)) => {
                            found.entry(target).or_default().insert(index, raw);
                            match v.how {
                                None => Fate::Mapped { to: v.to },
                                Some(how) => Fate::Approximated { to: v.to, how },
                            }
                        }
                        Err(why) => Fate::Dropped { why },
                    })
                    .collect(),
            };
            let value = crate::access::shorten(value);
            self.report.extend(fates.into_iter().map(|fate| ReportLine {
                preset: name.into(),
                key: key.clone(),
                value: value.clone(),
                fate,
            }));
        }
        for (scope, values) in found {
            let title = if name.is_empty() { file_stem(file) } else { name };
            self.profiles.push(ImportedProfile {
                scope,
                name: slug(title),
                toml: toml(scope, title, &values),
            });
        }
    }
}

/// Checks a value and decides which kind of profile holds it.
fn place(v: &convert::Set, section: Scope, only: Option<Scope>) -> Result<(Scope, usize, Raw), String> {
    let Some(s) = setting(v.to) else {
        return Err(format!("`{}` is not there yet", v.to));
    };
    let target = match only {
        Some(scope) if s.scopes.contains(&scope) => scope,
        Some(scope) => return Err(format!("`{}` does not belong in a {scope} profile", v.to)),
        None if s.scopes.contains(&section) => section,
        None => s.scopes[0],
    };
    let mut scratch = PrintSettings::default();
    (s.set)(&mut scratch, &Raw::Text(v.value.clone()), s).map_err(|reason| {
        format!(
            "`{}` can't be `{}`: {reason}",
            v.to,
            crate::access::shorten(&v.value)
        )
    })?;
    Ok((target, index_of(s), (s.get)(&scratch)))
}

fn index_of(s: &Setting) -> usize {
    crate::SETTINGS
        .iter()
        .position(|o| o.key == s.key)
        .unwrap_or(usize::MAX)
}

fn toml(scope: Scope, title: &str, values: &BTreeMap<usize, Raw>) -> String {
    let title = Raw::Text(format!("{title} (imported from PrusaSlicer)"));
    let mut out = format!("kind = \"{scope}\"\ndescription = {}\n\n", title.to_toml());
    for (index, raw) in values {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{} = {}", crate::SETTINGS[*index].key, raw.to_toml_lines());
    }
    out
}

fn file_stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// A name in lower case of letters, digits, dots and single dashes.
fn slug(title: &str) -> String {
    let mut out = String::new();
    for c in title.chars().take(100) {
        match c {
            'a'..='z' | '0'..='9' | '.' => out.push(c),
            'A'..='Z' => out.push(c.to_ascii_lowercase()),
            '+' => out.push_str("plus"),
            _ if out.ends_with('-') || out.is_empty() => {}
            _ => out.push('-'),
        }
    }
    let out = out.trim_matches(['-', '.']);
    if out.is_empty() {
        "imported".into()
    } else {
        out.into()
    }
}
