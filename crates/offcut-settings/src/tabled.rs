//! Settings by name for any struct that has a table: assignment with units, reading, the canonical form, its hash.

use crate::access::{fnv1a_128, shorten, split_assignment};
use crate::error::SettingsError;
use crate::suggest;
use crate::table::SettingOf;
use crate::value::Raw;
use std::fmt::Write;

/// A struct of settings with its table.
pub trait Tabled: Default + Clone + 'static {
    /// All settings, in the order of their definition.
    fn table() -> &'static [SettingOf<Self>];

    /// The entry of a setting; `place` (a file and line, an option) is used in the error.
    ///
    /// # Errors
    /// [`SettingsError::UnknownKey`], with a suggestion where there is one.
    fn entry(key: &str, place: &str) -> Result<&'static SettingOf<Self>, SettingsError> {
        let table = Self::table();
        table.iter().find(|s| s.key == key).ok_or_else(|| {
            let meant = suggest::closest(key, table.iter().map(|s| s.key));
            SettingsError::UnknownKey {
                place: place.into(),
                key: shorten(key),
                hint: meant
                    .map(|m| format!("; did you mean `{m}`?"))
                    .unwrap_or_default(),
            }
        })
    }

    /// The value of a setting by name.
    fn value(&self, key: &str) -> Option<Raw> {
        let entry = Self::table().iter().find(|s| s.key == key)?;
        Some((entry.get)(self))
    }

    /// Sets a setting by name.
    ///
    /// # Errors
    /// [`SettingsError::UnknownKey`] and [`SettingsError::BadValue`].
    fn put(&mut self, key: &str, value: &Raw, place: &str) -> Result<(), SettingsError> {
        let entry = Self::entry(key, place)?;
        (entry.set)(self, value, entry).map_err(|reason| SettingsError::BadValue {
            place: place.into(),
            key: key.into(),
            value: shorten(&value.to_string()),
            reason,
        })
    }

    /// Applies `key=value` as it stands on the command line.
    ///
    /// # Errors
    /// As [`Tabled::put`], and [`SettingsError::NoAssignment`].
    fn assign_text(&mut self, text: &str) -> Result<(), SettingsError> {
        let (key, value) = split_assignment(text)?;
        self.put(key, &Raw::Text(value.into()), "--set")
    }

    /// Applies the keys of a TOML table; those in `skip` are left to the caller. `file` is used in errors.
    ///
    /// # Errors
    /// [`SettingsError::Syntax`], and as [`Tabled::put`].
    fn apply_toml(&mut self, file: &str, text: &str, skip: &[&str]) -> Result<(), SettingsError> {
        let table: toml::Table = text.parse().map_err(|e: toml::de::Error| {
            let at = e.span().map_or(0, |s| s.start);
            let line = 1 + text.as_bytes()[..at.min(text.len())]
                .iter()
                .filter(|b| **b == b'\n')
                .count();
            SettingsError::Syntax {
                place: format!("{file}:{line}"),
                reason: shorten(e.message()),
            }
        })?;
        for (key, value) in &table {
            if skip.contains(&key.as_str()) {
                continue;
            }
            let line = text
                .lines()
                .position(|l| l.trim_start().starts_with(key.as_str()));
            let place = line.map_or_else(|| file.to_owned(), |l| format!("{file}:{}", l + 1));
            self.put(key, &raw_of(value), &place)?;
        }
        Ok(())
    }

    /// All settings as TOML in the order of the table, one a line. Equal settings give equal text.
    fn canonical_toml(&self) -> String {
        let mut out = String::new();
        for s in Self::table() {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{} = {}", s.key, (s.get)(self).to_toml());
        }
        out
    }

    /// Identifies the settings: FNV-1a, 128 bits, of [`Tabled::canonical_toml`], 32 hex digits.
    fn hash_text(&self) -> String {
        format!("{:032x}", fnv1a_128(self.canonical_toml().as_bytes()))
    }

    /// Every value that is out of its range, one sentence each.
    fn out_of_range(&self) -> Vec<String> {
        let mut scratch = self.clone();
        let wrong = |s: &'static SettingOf<Self>| {
            let value = (s.get)(self);
            let reason = (s.set)(&mut scratch, &value, s).err()?;
            Some(format!("`{}` can't be `{value}`: {reason}", s.key))
        };
        Self::table().iter().filter_map(wrong).collect()
    }
}

/// A TOML value as a setting's; lists of two numbers are sizes.
fn raw_of(value: &toml::Value) -> Raw {
    match value {
        toml::Value::Boolean(v) => Raw::Bool(*v),
        toml::Value::Integer(v) => Raw::Integer(*v),
        toml::Value::Float(v) => Raw::Number(*v),
        toml::Value::String(v) => Raw::Text(v.clone()),
        toml::Value::Array(a) => Raw::Text(a.iter().map(ToString::to_string).collect::<Vec<_>>().join("x")),
        other => Raw::Text(other.to_string()),
    }
}
