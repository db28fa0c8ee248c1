//! Values that settings are made of: how they are read from text and files, and written.

use crate::suggest;
use crate::table::{Choice, Kind, SettingOf, Unit};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A length in millimetres or a speed in mm/s, or a share of another one. Which one is said by the setting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LengthOrPercent {
    /// Millimetres, or mm/s for speeds.
    Mm(f64),
    /// Percent of the base.
    Percent(f64),
}

impl LengthOrPercent {
    /// The length in millimetres, given the base.
    #[must_use]
    pub fn resolve(self, base: f64) -> f64 {
        match self {
            Self::Mm(v) => v,
            Self::Percent(p) => base * p / 100.0,
        }
    }
}

/// A size or a position in the plane, millimetres.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Size {
    /// Along X.
    pub x: f64,
    /// Along Y.
    pub y: f64,
}

/// A value as it stands in a file or on the command line, before its setting is known.
#[derive(Debug, Clone, PartialEq)]
pub enum Raw {
    /// Not set: decided by another setting or the engine.
    Unset,
    /// true or false.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// Anything else; numbers with units are text.
    Text(String),
}

/// The word for [`Raw::Unset`] in files and on the command line.
pub const UNSET: &str = "auto";

impl fmt::Display for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unset => f.write_str(UNSET),
            Self::Bool(v) => v.fmt(f),
            Self::Integer(v) => v.fmt(f),
            Self::Number(v) => v.fmt(f),
            Self::Text(v) => v.fmt(f),
        }
    }
}

impl Raw {
    /// The value as TOML on one line, which is read back as the same value.
    #[must_use]
    pub fn to_toml(&self) -> String {
        match self {
            Self::Number(v) => format!("{v:?}"),
            Self::Bool(_) | Self::Integer(_) => self.to_string(),
            Self::Unset => format!("\"{UNSET}\""),
            // JSON's escapes are those of TOML's basic strings; DEL alone may not stand there as it is.
            Self::Text(v) => serde_json::Value::from(v.as_str())
                .to_string()
                .replace('\u{7f}', "\\u007f"),
        }
    }

    /// As [`Raw::to_toml`], but a text of several lines stays one: for people.
    #[must_use]
    pub fn to_toml_lines(&self) -> String {
        match self {
            Self::Text(v) if v.contains('\n') => toml::Value::String(v.clone()).to_string(),
            _ => self.to_toml(),
        }
    }

    /// The value as JSON.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Unset => serde_json::Value::Null,
            Self::Bool(v) => (*v).into(),
            Self::Integer(v) => (*v).into(),
            Self::Number(v) => (*v).into(),
            Self::Text(v) => v.as_str().into(),
        }
    }
}

/// A type that a setting can have.
pub trait Value: Sized {
    /// What it looks like.
    const KIND: Kind;
    /// May be unset.
    const OPTIONAL: bool = false;
    /// Reads and checks a value.
    ///
    /// # Errors
    /// What is wrong, without the setting's name.
    fn from_raw<S>(raw: &Raw, setting: &SettingOf<S>) -> Result<Self, String>;
    /// Writes the value so that [`Value::from_raw`] gives the same again.
    fn to_raw(&self) -> Raw;
}

/// A number with an optional unit at the start of a text, in `unit`. A lone `%` is left to the caller.
fn number(text: &str, unit: Unit) -> Result<f64, String> {
    let text = text.trim();
    let (digits, suffix) = split_number(text);
    let number: f64 = digits.parse().map_err(|_| format!("`{text}` is not a number"))?;
    if suffix.is_empty() {
        return Ok(number);
    }
    let known = unit.suffixes();
    match known.iter().find(|(s, ..)| *s == suffix) {
        Some((_, times, per)) => Ok(number * times / per),
        None if suffix.starts_with(',') => {
            Err(format!("`{text}` is not a number; the decimal mark is a point"))
        }
        None if known.is_empty() => Err(format!("`{text}` is not a plain number")),
        None => {
            let names: Vec<_> = known.iter().map(|(s, ..)| *s).filter(|s| !s.is_empty()).collect();
            Err(format!(
                "`{suffix}` is no unit for it; known are {}",
                names.join(", ")
            ))
        }
    }
}

/// Splits a text into its leading number and the rest, without blanks between.
fn split_number(text: &str) -> (&str, &str) {
    let bytes = text.as_bytes();
    let digits_from = |mut i: usize| {
        while bytes.get(i).is_some_and(u8::is_ascii_digit) {
            i += 1;
        }
        i
    };
    let sign = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let mut end = digits_from(sign);
    if bytes.get(end) == Some(&b'.') {
        end = digits_from(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let exponent = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let stop = digits_from(exponent);
        if stop > exponent {
            end = stop;
        }
    }
    (&text[..end], text[end..].trim())
}

/// Refuses what is not finite or outside the setting's range.
fn in_range<S>(v: f64, setting: &SettingOf<S>) -> Result<f64, String> {
    let (lo, hi) = setting.range.unwrap_or((f64::MIN, f64::MAX));
    if v >= lo && v <= hi {
        // −0 and 0 are the same setting: only one of them may reach the canonical form.
        Ok(v + 0.0)
    } else {
        Err(format!("it must be {}", setting.allowed()))
    }
}

impl Value for f64 {
    const KIND: Kind = Kind::Number;
    fn from_raw<S>(raw: &Raw, setting: &SettingOf<S>) -> Result<Self, String> {
        let v = match raw {
            Raw::Number(v) => *v,
            Raw::Integer(v) => *v as f64,
            Raw::Text(t) => number(t, setting.unit)?,
            Raw::Bool(_) | Raw::Unset => return Err("it must be a number".into()),
        };
        in_range(v, setting)
    }
    fn to_raw(&self) -> Raw {
        Raw::Number(*self)
    }
}

impl Value for u32 {
    const KIND: Kind = Kind::Integer;
    fn from_raw<S>(raw: &Raw, setting: &SettingOf<S>) -> Result<Self, String> {
        let v = f64::from_raw(raw, setting)?;
        if v.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&v) {
            Ok(v as u32)
        } else {
            Err("it must be a whole number".into())
        }
    }
    fn to_raw(&self) -> Raw {
        Raw::Integer(i64::from(*self))
    }
}

impl Value for bool {
    const KIND: Kind = Kind::Bool;
    fn from_raw<S>(raw: &Raw, _: &SettingOf<S>) -> Result<Self, String> {
        let word = match raw {
            Raw::Bool(v) => return Ok(*v),
            other => other.to_string().trim().to_ascii_lowercase(),
        };
        match word.as_str() {
            "true" | "on" | "yes" | "1" => Ok(true),
            "false" | "off" | "no" | "0" => Ok(false),
            _ => Err("it must be true or false".into()),
        }
    }
    fn to_raw(&self) -> Raw {
        Raw::Bool(*self)
    }
}

impl Value for String {
    const KIND: Kind = Kind::Text;
    fn from_raw<S>(raw: &Raw, setting: &SettingOf<S>) -> Result<Self, String> {
        let text = match raw {
            Raw::Unset => return Err("it must be a text".into()),
            other => other.to_string(),
        };
        let forbidden =
            |c: char| c.is_control() && !(setting.unit == Unit::Gcode && matches!(c, '\n' | '\t'));
        // Carriage returns of files from Windows are dropped rather than refused.
        let text = if setting.unit == Unit::Gcode {
            text.replace('\r', "")
        } else {
            text
        };
        if text.chars().any(forbidden) {
            return Err("it must not contain line breaks or control characters".into());
        }
        Ok(text)
    }
    fn to_raw(&self) -> Raw {
        Raw::Text(self.clone())
    }
}

impl Value for LengthOrPercent {
    const KIND: Kind = Kind::NumberOrPercent;
    fn from_raw<S>(raw: &Raw, setting: &SettingOf<S>) -> Result<Self, String> {
        if let Raw::Text(text) = raw
            && let (_, "%") = split_number(text.trim())
        {
            let percent = number(text, Unit::Percent)?;
            let zero_allowed = setting.range.is_none_or(|(lo, _)| lo <= 0.0);
            return if percent.is_finite()
                && percent <= 10000.0
                && (percent > 0.0 || zero_allowed && percent == 0.0)
            {
                Ok(Self::Percent(percent + 0.0))
            } else {
                Err("the percentage must be above 0 and at most 10000".into())
            };
        }
        f64::from_raw(raw, setting).map(Self::Mm)
    }
    fn to_raw(&self) -> Raw {
        match self {
            Self::Mm(v) => Raw::Number(*v),
            Self::Percent(v) => Raw::Text(format!("{v}%")),
        }
    }
}

impl Value for Size {
    const KIND: Kind = Kind::Size;
    fn from_raw<S>(raw: &Raw, setting: &SettingOf<S>) -> Result<Self, String> {
        if let Raw::Text(text) = raw
            && let Some((x, y)) = text.split_once(['x', 'X', '×', ','])
        {
            let read = |t: &str| number(t, setting.unit).and_then(|v| in_range(v, setting));
            return Ok(Self {
                x: read(x)?,
                y: read(y)?,
            });
        }
        let side = f64::from_raw(raw, setting).map_err(|e| format!("{e}, as 250x210"))?;
        Ok(Self { x: side, y: side })
    }
    fn to_raw(&self) -> Raw {
        Raw::Text(format!("{}x{}", self.x, self.y))
    }
}

impl<T: Value> Value for Option<T> {
    const KIND: Kind = T::KIND;
    const OPTIONAL: bool = true;
    fn from_raw<S>(raw: &Raw, setting: &SettingOf<S>) -> Result<Self, String> {
        match raw {
            Raw::Unset => Ok(None),
            Raw::Text(t) if t.trim() == UNSET || t.trim().is_empty() => Ok(None),
            _ => T::from_raw(raw, setting).map(Some),
        }
    }
    fn to_raw(&self) -> Raw {
        self.as_ref().map_or(Raw::Unset, Value::to_raw)
    }
}

/// Index of the choice that a raw value names.
pub(crate) fn choose(raw: &Raw, choices: &[Choice]) -> Result<usize, String> {
    let name = raw
        .to_string()
        .trim()
        .to_ascii_lowercase()
        .replace(['-', ' '], "_");
    choices.iter().position(|c| c.name == name).ok_or_else(|| {
        let names: Vec<_> = choices.iter().map(|c| c.name).collect();
        let hint = suggest::closest(&name, names.iter().copied());
        let meant = hint.map(|h| format!("; did you mean `{h}`?")).unwrap_or_default();
        format!("it must be one of {}{meant}", names.join(", "))
    })
}

impl Raw {
    /// The value of a JSON value; lists of numbers become `250x210`.
    #[must_use]
    pub fn from_json(value: &serde_json::Value) -> Self {
        use serde_json::Value as Json;
        match value {
            Json::Null => Self::Unset,
            Json::Bool(v) => Self::Bool(*v),
            Json::Number(n) => match n.as_i64() {
                Some(v) => Self::Integer(v),
                None => Self::Number(n.as_f64().unwrap_or(f64::NAN)),
            },
            Json::String(t) => Self::Text(t.clone()),
            Json::Array(list) => {
                Self::Text(list.iter().map(ToString::to_string).collect::<Vec<_>>().join("x"))
            }
            Json::Object(_) => Self::Text(value.to_string()),
        }
    }
}
