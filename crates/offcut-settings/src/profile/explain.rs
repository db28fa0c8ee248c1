//! Says of a setting what it is, what it does, and which file set it.

use super::resolve::{Level, Origin, Resolved};
use crate::access::setting_or_error;
use crate::error::SettingsError;
use crate::table::{Setting, SettingOf, Unit};
use crate::value::Raw;
use std::fmt;

/// Everything there is to say about a setting of a job.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// The setting.
    pub setting: &'static Setting,
    /// Its value.
    pub value: Raw,
    /// Who set it.
    pub origin: Origin,
    /// Values that were overridden, the strongest first; the default is the last.
    pub overridden: Vec<(Raw, Origin)>,
}

impl Resolved {
    /// Explains a setting.
    ///
    /// # Errors
    /// [`SettingsError::UnknownKey`].
    pub fn explain(&self, key: &str) -> Result<Explanation, SettingsError> {
        let setting = setting_or_error(key, "explain")?;
        let mut history = vec![(setting.default(), Origin::bare(Level::BuiltIn))];
        let mine = self.assignments.iter().filter(|a| a.setting.key == key);
        history.extend(mine.map(|a| (a.value.clone(), a.origin.clone())));
        history.reverse();
        let (value, origin) = history.remove(0);
        Ok(Explanation {
            setting,
            value,
            origin,
            overridden: history,
        })
    }

    /// Keys that any layer above the defaults set, in the order of the table.
    #[must_use]
    pub fn keys_set(&self) -> Vec<&'static str> {
        let mut keys: Vec<_> = self.assignments.iter().map(|a| a.setting.key).collect();
        keys.sort_by_key(|k| crate::SETTINGS.iter().position(|s| s.key == *k));
        keys.dedup();
        keys
    }
}

/// A value with its unit, for people.
#[must_use]
pub fn with_unit<S>(setting: &SettingOf<S>, value: &Raw) -> String {
    match value {
        Raw::Number(_) | Raw::Integer(_) => match setting.unit.symbol() {
            unit @ ("" | "%" | "°") => format!("{value}{unit}"),
            unit => format!("{value} {unit}"),
        },
        Raw::Text(t) if setting.unit == Unit::Gcode || t.is_empty() => format!("{t:?}"),
        _ => value.to_string(),
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = self.setting;
        writeln!(f, "{} = {}", s.key, with_unit(s, &self.value))?;
        writeln!(f, "  set by     {}", self.origin)?;
        for (value, origin) in &self.overridden {
            writeln!(f, "  overrides  {} of {origin}", with_unit(s, value))?;
        }
        writeln!(f, "  what       {}", s.doc())?;
        if !s.allowed().is_empty() {
            writeln!(
                f,
                "  allowed    {}{}",
                s.allowed(),
                if s.optional { ", or auto" } else { "" }
            )?;
        }
        let scopes: Vec<_> = s.scopes.iter().map(|s| s.name()).collect();
        writeln!(
            f,
            "  belongs to {} profiles, group {}",
            scopes.join(" and "),
            s.group
        )
    }
}
