//! The material library: entries of power, speed, passes, kerf and the like for a material on a kind of laser.
//!
//! ```toml
//! [[material]]
//! name = "plywood-3mm"
//! machine = "diode-10w"        # a machine's name or its laser_class; any when missing
//! note = "tested on 2 May"
//! cut_speed = "6mm/s"
//! cut_power = 100
//! ```

use super::CutSettings;
use crate::access::shorten;
use crate::error::SettingsError;
use crate::suggest;
use crate::tabled::Tabled;

const BUILT_IN: &str = include_str!("../../profiles/laser-materials.toml");

/// One entry.
#[derive(Debug, Clone, PartialEq)]
pub struct MaterialEntry {
    /// Its name, as plywood-3mm.
    pub name: String,
    /// The machine or kind of laser that it is for.
    pub machine: Option<String>,
    /// What people should know; built-in entries say that they are starting points.
    pub note: String,
    /// It came with offcut and was never tried on this machine.
    pub starting_point: bool,
    /// The settings, as TOML.
    text: String,
    file: String,
}

/// Entries of several files; later files come first.
#[derive(Debug, Clone, Default)]
pub struct Library {
    entries: Vec<MaterialEntry>,
}

impl Library {
    /// The library that comes with offcut: starting points.
    ///
    /// # Errors
    /// None, a test says so.
    pub fn built_in() -> Result<Self, SettingsError> {
        let mut out = Self::default();
        out.add("built-in laser-materials.toml", BUILT_IN)?;
        for e in &mut out.entries {
            e.starting_point = true;
        }
        Ok(out)
    }

    /// Adds the entries of a file before all others.
    ///
    /// # Errors
    /// [`SettingsError::Syntax`], and unknown or bad settings.
    pub fn add(&mut self, file: &str, text: &str) -> Result<(), SettingsError> {
        let bad = |reason: String| SettingsError::Syntax {
            place: file.into(),
            reason,
        };
        let table: toml::Table = text
            .parse()
            .map_err(|e: toml::de::Error| bad(shorten(e.message())))?;
        let list = table.get("material").and_then(toml::Value::as_array);
        let list = list.ok_or_else(|| bad("a material library has tables [[material]]".into()))?;
        let mut found = Vec::new();
        for item in list {
            let Some(t) = item.as_table() else {
                return Err(bad("a material library has tables [[material]]".into()));
            };
            let text_of = |k: &str| t.get(k).and_then(toml::Value::as_str).map(str::to_owned);
            let name = text_of("name").ok_or_else(|| bad("a material has no name".into()))?;
            let mut settings = t.clone();
            for k in ["name", "machine", "note"] {
                settings.remove(k);
            }
            let entry = MaterialEntry {
                machine: text_of("machine"),
                note: text_of("note").unwrap_or_default(),
                starting_point: false,
                text: settings.to_string(),
                file: format!("{file} ({name})"),
                name,
            };
            CutSettings::default().apply_toml(&entry.file, &entry.text, &[])?;
            found.push(entry);
        }
        found.append(&mut self.entries);
        self.entries = found;
        Ok(())
    }

    /// The entries.
    #[must_use]
    pub fn entries(&self) -> &[MaterialEntry] {
        &self.entries
    }

    /// The entry of a name for a machine: one made for it before one for any.
    ///
    /// # Errors
    /// [`SettingsError::Invalid`] when there is none, with what there is.
    pub fn find(&self, name: &str, machine: &CutSettings) -> Result<&MaterialEntry, SettingsError> {
        let named: Vec<&MaterialEntry> = self
            .entries
            .iter()
            .filter(|e| e.name.eq_ignore_ascii_case(name))
            .collect();
        let mine = |e: &&MaterialEntry| {
            e.machine.as_ref().is_some_and(|m| {
                m.eq_ignore_ascii_case(&machine.laser_class) || m.eq_ignore_ascii_case(&machine.machine_name)
            })
        };
        let found = named.iter().copied().find(mine);
        if let Some(e) = found.or_else(|| named.iter().copied().find(|e| e.machine.is_none())) {
            return Ok(e);
        }
        let problem = if named.is_empty() {
            let mut names: Vec<&str> = self.entries.iter().map(|e| e.name.as_str()).collect();
            names.dedup();
            let meant = suggest::closest(name, names.iter().copied());
            let hint = meant
                .map(|m| format!("; did you mean `{m}`?"))
                .unwrap_or_default();
            format!(
                "there is no material `{}`{hint}: known are {}",
                shorten(name),
                names.join(", ")
            )
        } else {
            let machines: Vec<_> = named.iter().filter_map(|e| e.machine.as_deref()).collect();
            format!(
                "the material `{name}` is known for {} only, not for a laser of class `{}`: set laser_class, or add an \
                 entry to a library of yours (--library)",
                machines.join(", "),
                machine.laser_class
            )
        };
        Err(SettingsError::Invalid {
            problems: vec![problem],
        })
    }
}

impl MaterialEntry {
    /// Its settings, as TOML.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Puts its settings over others.
    ///
    /// # Errors
    /// As [`Tabled::put`]; not after [`Library::add`].
    pub fn apply(&self, to: &mut CutSettings) -> Result<(), SettingsError> {
        to.apply_toml(&self.file, &self.text, &[])
    }
}
