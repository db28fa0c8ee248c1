//! Reads profiles and project files from TOML, with the line of every key.

use super::{Entry, Profile, Project};
use crate::access::{setting_or_error, shorten};
use crate::error::SettingsError;
use crate::print::PrintSettings;
use crate::table::Scope;
use crate::value::Raw;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

type Result<T> = std::result::Result<T, SettingsError>;

/// A document that is being read.
struct Reader<'a> {
    file: &'a str,
    /// Offsets at which lines begin.
    lines: Vec<usize>,
}

impl<'a> Reader<'a> {
    fn new(file: &'a str, text: &str) -> Self {
        let starts = text
            .bytes()
            .enumerate()
            .filter(|(_, b)| *b == b'\n')
            .map(|(i, _)| i + 1);
        Self {
            file,
            lines: std::iter::once(0).chain(starts).collect(),
        }
    }

    fn line(&self, offset: usize) -> u32 {
        self.lines.partition_point(|start| *start <= offset) as u32
    }

    fn place(&self, offset: usize) -> String {
        format!("{}:{}", self.file, self.line(offset))
    }

    fn parse<'t>(&self, text: &'t str) -> Result<DeTable<'t>> {
        DeTable::parse(text)
            .map(Spanned::into_inner)
            .map_err(|e| SettingsError::Syntax {
                place: self.place(e.span().map_or(0, |s| s.start)),
                reason: shorten(e.message()),
            })
    }

    fn bad(&self, at: usize, key: &str, value: &DeValue<'_>, reason: &str) -> SettingsError {
        SettingsError::BadValue {
            place: self.place(at),
            key: key.into(),
            value: value.as_str().map_or_else(|| value.type_str().into(), shorten),
            reason: reason.into(),
        }
    }

    fn text(&self, at: usize, key: &str, value: &DeValue<'_>) -> Result<String> {
        match value.as_str() {
            Some(t) => Ok(t.into()),
            None => Err(self.bad(at, key, value, "it must be a text")),
        }
    }

    fn list<T>(
        &self,
        at: usize,
        key: &str,
        value: &DeValue<'_>,
        read: fn(&DeValue<'_>) -> Option<T>,
        what: &str,
    ) -> Result<Vec<T>> {
        value
            .as_array()
            .and_then(|list| list.iter().map(|v| read(v.get_ref())).collect())
            .ok_or_else(|| self.bad(at, key, value, what))
    }

    fn entry(&self, at: usize, key: &str, value: &DeValue<'_>, scope: Option<Scope>) -> Result<Entry> {
        let place = self.place(at);
        let setting = setting_or_error(key, &place)?;
        if let Some(found) = scope.filter(|s| !setting.scopes.contains(s)) {
            let belongs: Vec<_> = setting.scopes.iter().map(|s| s.name()).collect();
            return Err(SettingsError::WrongScope {
                place,
                key: key.into(),
                found,
                belongs: belongs.join(" or "),
            });
        }
        let raw = raw(value).ok_or_else(|| self.bad(at, key, value, "it must be a single value"))?;
        PrintSettings::default().set(key, &raw, &place)?;
        Ok(Entry {
            setting,
            value: raw,
            line: self.line(at),
        })
    }

    fn entries(&self, table: &DeTable<'_>, scope: Option<Scope>) -> Result<Vec<Entry>> {
        in_file_order(table)
            .into_iter()
            .map(|(at, key, value)| self.entry(at, key, value, scope))
            .collect()
    }

    /// A profile from a table. `rest` gets the keys that are neither settings nor known otherwise.
    fn profile(&self, name: &str, table: &DeTable<'_>, expected: Option<Scope>) -> Result<Profile> {
        let mut p = Profile {
            name: name.into(),
            file: self.file.into(),
            scope: expected,
            ..Profile::default()
        };
        if let Some((key, value)) = table.get_key_value("kind") {
            let at = key.span().start;
            let kind = self.text(at, "kind", value.get_ref())?;
            let scope = Scope::ALL.into_iter().find(|s| s.name() == kind);
            if scope.is_none() {
                return Err(self.bad(
                    at,
                    "kind",
                    value.get_ref(),
                    "it must be one of machine, material, process",
                ));
            }
            if let Some(expected) = expected.filter(|e| Some(*e) != scope) {
                return Err(SettingsError::WrongKind {
                    place: self.place(at),
                    found: kind,
                    expected,
                });
            }
            p.scope = scope;
        }
        for (at, key, value) in in_file_order(table) {
            match key {
                "kind" => {}
                "description" => p.description = self.text(at, key, value)?,
                "inherits" => p.inherits = Some(self.text(at, key, value)?),
                "compatible_machines" => {
                    let read = |v: &DeValue<'_>| v.as_str().map(String::from);
                    p.compatible_machines =
                        Some(self.list(at, key, value, read, "it must be a list of names")?);
                }
                "compatible_nozzles" => {
                    let read = |v: &DeValue<'_>| match raw(v) {
                        Some(Raw::Number(n)) => Some(n),
                        Some(Raw::Integer(n)) => Some(n as f64),
                        _ => None,
                    };
                    p.compatible_nozzles =
                        Some(self.list(at, key, value, read, "it must be a list of diameters in mm")?);
                }
                "machine" | "material" | "process" if p.scope.is_none() => {
                    let name = self.text(at, key, value)?;
                    for (scope, slot) in Scope::ALL.into_iter().zip(&mut p.selection) {
                        if scope.name() == key {
                            *slot = Some(name.clone());
                        }
                    }
                }
                "when" => {
                    let Some(conditions) = value.as_table() else {
                        return Err(self.bad(at, key, value, "write it as [when.NAME]"));
                    };
                    for (at, name, inner) in in_file_order(conditions) {
                        let Some(inner) = inner.as_table() else {
                            return Err(self.bad(at, name, inner, "write it as [when.NAME]"));
                        };
                        p.when.push((name.into(), self.entries(inner, p.scope)?));
                    }
                }
                _ => p.entries.push(self.entry(at, key, value, p.scope)?),
            }
        }
        Ok(p)
    }
}

/// Keys and values with the offset of the key, in the order of the file.
fn in_file_order<'t>(table: &'t DeTable<'t>) -> Vec<(usize, &'t str, &'t DeValue<'t>)> {
    let mut items: Vec<_> = table
        .iter()
        .map(|(k, v)| (k.span().start, k.get_ref().as_ref(), v.get_ref()))
        .collect();
    items.sort_by_key(|(at, ..)| *at);
    items
}

/// A single value; lists of two numbers are sizes.
fn raw(value: &DeValue<'_>) -> Option<Raw> {
    Some(match value {
        DeValue::Boolean(v) => Raw::Bool(*v),
        DeValue::String(v) => Raw::Text(v.to_string()),
        DeValue::Integer(v) => Raw::Integer(i64::from_str_radix(v.as_str(), v.radix()).ok()?),
        DeValue::Float(v) => Raw::Number(v.as_str().parse().ok()?),
        DeValue::Datetime(v) => Raw::Text(v.to_string()),
        DeValue::Array(list) => {
            let parts: Option<Vec<_>> = list.iter().map(|v| number_text(v.get_ref())).collect();
            Raw::Text(parts.filter(|p| p.len() == 2)?.join("x"))
        }
        DeValue::Table(_) => return None,
    })
}

fn number_text(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::String(_) => raw(value).map(|r| r.to_string()),
        _ => None,
    }
}

impl Profile {
    /// Reads a profile. `file` is used in messages; `expected` is the kind that is needed, if any.
    ///
    /// # Errors
    /// Syntax, unknown keys, values out of range, settings of another kind: with file and line.
    pub fn parse(name: &str, file: &str, text: &str, expected: Option<Scope>) -> Result<Self> {
        let reader = Reader::new(file, text);
        reader.profile(name, &reader.parse(text)?, expected)
    }
}

impl Project {
    /// Reads a project file. `file` is used in messages.
    ///
    /// # Errors
    /// As [`Profile::parse`].
    pub fn parse(file: &str, text: &str) -> Result<Self> {
        let reader = Reader::new(file, text);
        let mut table = reader.parse(text)?;
        let mut profiles = Vec::new();
        for scope in Scope::ALL {
            let Some((key, value)) = table.remove_entry(scope.plural()) else {
                continue;
            };
            let bad = |at, v: &DeValue<'_>| {
                let form = format!("write profiles as [{}.NAME]", scope.plural());
                reader.bad(at, scope.plural(), v, &form)
            };
            let Some(named) = value.get_ref().as_table() else {
                return Err(bad(key.span().start, value.get_ref()));
            };
            for (at, name, inner) in in_file_order(named) {
                let Some(inner_table) = inner.as_table() else {
                    return Err(bad(at, inner));
                };
                profiles.push(reader.profile(name, inner_table, Some(scope))?);
            }
        }
        Ok(Self {
            defaults: reader.profile("offcut.toml", &table, None)?,
            profiles,
        })
    }
}
