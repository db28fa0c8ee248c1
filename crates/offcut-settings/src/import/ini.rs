//! The `.ini` of PrusaSlicer: `key = value` lines, in sections where it is a bundle.

use crate::error::SettingsError;
use crate::table::Scope;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// Keys and values.
pub(super) type Preset = BTreeMap<String, String>;

/// Bundles are at most so large, bytes. The largest of a vendor has 2 MB.
const MAX_SIZE: usize = 16 << 20;
/// Presets have at most so many keys. Real ones have 320.
const MAX_KEYS: usize = 4096;
/// Presets inherit from at most so many others directly, and through so many generations.
const MAX_PARENTS: usize = 32;
/// Keys that inheritance may copy in all: the largest bundles of vendors need a tenth.
const MAX_WORK: usize = 20_000_000;

/// A configuration (no sections) or the presets of a bundle.
pub(super) struct Bundle {
    file: String,
    flat: Preset,
    /// By kind and name, with the place in the file.
    sections: BTreeMap<(Scope, String), (usize, Preset)>,
    /// Keys that inheritance has copied.
    work: Cell<usize>,
}

impl Bundle {
    pub(super) fn parse(file: &str, text: &str) -> Result<Self, SettingsError> {
        let wrong = |line: usize, reason: String| SettingsError::Import {
            place: format!("{file}:{line}"),
            reason,
        };
        if text.len() > MAX_SIZE {
            return Err(wrong(1, format!("a bundle has at most {MAX_SIZE} bytes")));
        }
        let mut bundle = Self {
            file: file.into(),
            flat: Preset::new(),
            sections: BTreeMap::new(),
            work: Cell::new(0),
        };
        // Sections of other kinds (printer_model, sla_print, presets …) are skipped whole.
        let mut skipped = Preset::new();
        let mut current: Option<Option<(Scope, String)>> = None;
        for (i, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with(['#', ';']) {
                continue;
            }
            if let Some(header) = line.strip_prefix('[') {
                let Some(header) = header.strip_suffix(']') else {
                    return Err(wrong(i + 1, "a section needs a closing bracket".into()));
                };
                let (kind, name) = header.split_once(':').unwrap_or((header, ""));
                let scope = match kind.trim() {
                    "printer" => Some(Scope::Machine),
                    "filament" => Some(Scope::Material),
                    "print" => Some(Scope::Process),
                    _ => None,
                };
                let key = scope.map(|s| (s, name.trim().to_string()));
                if let Some(key) = &key {
                    bundle.sections.entry(key.clone()).or_insert((i, Preset::new()));
                }
                skipped.clear();
                current = Some(key);
                continue;
            }
            let Some((key, value)) = line.split_once('=') else {
                return Err(wrong(i + 1, "this line is no `key = value`".into()));
            };
            let into = match &current {
                None => &mut bundle.flat,
                Some(None) => &mut skipped,
                Some(Some(key)) => match bundle.sections.get_mut(key) {
                    Some((_, preset)) => preset,
                    None => &mut skipped,
                },
            };
            if into.len() >= MAX_KEYS {
                return Err(wrong(i + 1, format!("a preset has at most {MAX_KEYS} keys")));
            }
            into.insert(key.trim().into(), value.trim().into());
        }
        Ok(bundle)
    }

    /// The settings of a single configuration.
    pub(super) fn flat(&self) -> Option<&Preset> {
        (!self.flat.is_empty()).then_some(&self.flat)
    }

    /// Presets that people choose, in the order of the file.
    pub(super) fn presets(&self) -> impl Iterator<Item = (Scope, &str)> {
        let mut list: Vec<_> = self
            .sections
            .iter()
            .filter(|((_, n), _)| !(n.starts_with('*') && n.ends_with('*')))
            .collect();
        list.sort_by_key(|(_, (line, _))| *line);
        list.into_iter().map(|((scope, name), _)| (*scope, name.as_str()))
    }

    /// A preset with all that it inherits: parents are separated by semicolons, later ones win.
    pub(super) fn flatten(&self, scope: Scope, name: &str) -> Result<Preset, SettingsError> {
        self.flatten_below(scope, name, &mut BTreeSet::new(), &mut BTreeMap::new())
    }

    fn flatten_below<'a>(
        &'a self,
        scope: Scope,
        name: &'a str,
        above: &mut BTreeSet<&'a str>,
        done: &mut BTreeMap<&'a str, Preset>,
    ) -> Result<Preset, SettingsError> {
        if let Some(preset) = done.get(name) {
            return Ok(preset.clone());
        }
        let wrong = |reason: String| SettingsError::Import {
            place: self.file.clone(),
            reason,
        };
        let Some((_, own)) = self.sections.get(&(scope, name.to_string())) else {
            return Err(wrong(format!(
                "the preset `{}` that others inherit from is missing",
                crate::access::shorten(name)
            )));
        };
        if !above.insert(name) {
            return Err(wrong(format!(
                "the preset `{}` inherits from itself",
                crate::access::shorten(name)
            )));
        }
        let list = own.get("inherits").map_or("", String::as_str);
        let parents: Vec<&str> = list
            .split(';')
            .map(|p| p.trim().trim_matches('"'))
            .filter(|p| !p.is_empty())
            .collect();
        if parents.len() > MAX_PARENTS || above.len() > MAX_PARENTS {
            return Err(wrong(format!(
                "the preset `{}` inherits from more than {MAX_PARENTS} others",
                crate::access::shorten(name)
            )));
        }
        let mut preset = Preset::new();
        for parent in parents {
            // A user's preset may build on a vendor's that is not in the file: what is there counts.
            if self.sections.contains_key(&(scope, parent.to_string())) {
                preset.extend(self.flatten_below(scope, parent, above, done)?);
            }
        }
        above.remove(name);
        preset.extend(own.iter().map(|(k, v)| (k.clone(), v.clone())));
        if preset.len() > MAX_KEYS {
            return Err(wrong(format!("a preset has at most {MAX_KEYS} keys")));
        }
        self.work.set(self.work.get() + preset.len() + 1);
        if self.work.get() > MAX_WORK {
            return Err(wrong("its presets inherit too much from each other".into()));
        }
        done.insert(name, preset.clone());
        Ok(preset)
    }
}
