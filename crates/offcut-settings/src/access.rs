//! Settings by name: assignment with units, reading, the canonical form and its hash.

use crate::error::SettingsError;
use crate::print::{PrintSettings, SETTINGS};
use crate::suggest;
use crate::table::Setting;
use crate::value::Raw;
use std::fmt::Write;

/// The entry of a setting.
#[must_use]
pub fn setting(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|s| s.key == key)
}

/// The entry of a setting; `place` is used in the error.
///
/// # Errors
/// [`SettingsError::UnknownKey`], with a suggestion where there is one.
pub(crate) fn setting_or_error(key: &str, place: &str) -> Result<&'static Setting, SettingsError> {
    setting(key).ok_or_else(|| {
        let hint = match (
            crate::import::counterpart(key),
            suggest::closest(key, SETTINGS.iter().map(|s| s.key)),
        ) {
            (Some(ours), _) => format!("; PrusaSlicer's `{key}` is `{ours}` here"),
            (None, Some(meant)) => format!("; did you mean `{meant}`?"),
            (None, None) => String::new(),
        };
        SettingsError::UnknownKey {
            place: place.into(),
            key: shorten(key),
            hint,
        }
    })
}

/// Input may be of any length; messages are not.
pub(crate) fn shorten(text: &str) -> String {
    const MOST: usize = 80;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}

/// Splits `key=value`.
///
/// # Errors
/// [`SettingsError::NoAssignment`].
pub fn split_assignment(text: &str) -> Result<(&str, &str), SettingsError> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => Ok((key.trim(), value.trim())),
        _ => Err(SettingsError::NoAssignment { text: shorten(text) }),
    }
}

impl PrintSettings {
    /// The value of a setting by name.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Raw> {
        setting(key).map(|s| (s.get)(self))
    }

    /// Sets a setting by name; `place` (a file and line, an option) is used in the error.
    ///
    /// # Errors
    /// [`SettingsError::UnknownKey`] and [`SettingsError::BadValue`].
    pub fn set(&mut self, key: &str, value: &Raw, place: &str) -> Result<(), SettingsError> {
        let setting = setting_or_error(key, place)?;
        (setting.set)(self, value, setting).map_err(|reason| SettingsError::BadValue {
            place: place.into(),
            key: key.into(),
            value: shorten(&value.to_string()),
            reason,
        })
    }

    /// Applies an assignment as it stands on the command line: `layer_height=0.2mm`,
    /// `infill_density=40%`, `travel_speed=9000mm/min`, `bed_size=250x210`, `wipe=on`.
    ///
    /// # Errors
    /// As [`PrintSettings::set`], and [`SettingsError::NoAssignment`].
    pub fn assign(&mut self, text: &str) -> Result<(), SettingsError> {
        let (key, value) = split_assignment(text)?;
        self.set(key, &Raw::Text(value.into()), "--set")
    }

    /// All settings as TOML in the order of the table, one a line. Equal settings give equal text.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut out = String::new();
        for s in SETTINGS {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{} = {}", s.key, (s.get)(self).to_toml());
        }
        out
    }

    /// Identifies the settings: FNV-1a, 128 bits, of [`PrintSettings::canonical`], 32 hex digits.
    ///
    /// Offset basis and prime: draft-eastlake-fnv.
    #[must_use]
    pub fn hash(&self) -> String {
        format!("{:032x}", fnv1a_128(self.canonical().as_bytes()))
    }
}

pub(crate) fn fnv1a_128(bytes: &[u8]) -> u128 {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    bytes
        .iter()
        .fold(BASIS, |h, b| (h ^ u128::from(*b)).wrapping_mul(PRIME))
}

impl serde::Serialize for PrintSettings {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_map(SETTINGS.iter().map(|e| (e.key, (e.get)(self).to_json())))
    }
}

impl<'de> serde::Deserialize<'de> for PrintSettings {
    /// Reads a map of settings; those that are missing keep their defaults.
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let map = std::collections::BTreeMap::<String, serde_json::Value>::deserialize(d)?;
        let mut settings = Self::default();
        for (key, value) in map {
            let raw = Raw::from_json(&value);
            settings
                .set(&key, &raw, "settings")
                .map_err(serde::de::Error::custom)?;
        }
        Ok(settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fnv_of_published_vectors() {
        assert_eq!(fnv1a_128(b""), 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
        assert_eq!(fnv1a_128(b"a"), 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
        assert_eq!(fnv1a_128(b"foobar"), 0x343e_1662_793c_64bf_6f0d_3597_ba44_6f18);
    }
}
