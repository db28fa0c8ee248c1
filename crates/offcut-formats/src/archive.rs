//! ZIP archives, read in memory with limits.
//!
//! Entries are only looked up by name and inflated to memory, so names that point outside do nothing.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::{Cause, Limits};

/// An entry smaller than this may inflate at any ratio.
const SMALL: u64 = 16 << 20;

pub(crate) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// Normalised name and index of each entry, sorted.
    entries: Vec<(String, usize)>,
    /// Bytes that may still be inflated.
    left: u64,
    limits: &'a Limits,
}

/// Whether the bytes begin like an archive.
pub(crate) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// The form in which part names are compared: no leading slash, forward slashes, ASCII case ignored.
fn normal(name: &str) -> String {
    name.trim_start_matches(['/', '\\'])
        .replace('\\', "/")
        .to_ascii_lowercase()
}

impl<'a> Archive<'a> {
    pub(crate) fn open(bytes: &'a [u8], limits: &'a Limits) -> Result<Self, Cause> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| Cause::Archive(e.to_string()))?;
        if zip.len() > limits.entries {
            return Err(Cause::TooManyEntries(limits.entries));
        }
        let mut entries: Vec<(String, usize)> = (0..zip.len())
            .filter_map(|i| Some((normal(&zip.name_for_index(i)?.ok()?), i)))
            .collect();
        entries.sort();
        Ok(Self {
            zip,
            entries,
            left: limits.expanded_bytes,
            limits,
        })
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The first entry whose name ends so, in the order of names.
    pub(crate) fn with_suffix(&self, suffix: &str) -> Option<&str> {
        self.entries
            .iter()
            .map(|(name, _)| name.as_str())
            .find(|name| name.ends_with(suffix))
    }

    fn find(&self, name: &str) -> Option<usize> {
        let name = normal(name);
        let at = self
            .entries
            .binary_search_by(|(n, _)| n.as_str().cmp(&name))
            .ok()?;
        Some(self.entries[at].1)
    }

    /// Inflates an entry. `None` when there is none of that name.
    pub(crate) fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, Cause> {
        let Some(index) = self.find(name) else {
            return Ok(None);
        };
        let broken = |e: &dyn std::fmt::Display| Cause::Archive(format!("{name}: {e}"));
        let entry = self.zip.by_index(index).map_err(|e| broken(&e))?;
        let by_ratio = entry
            .compressed_size()
            .saturating_mul(self.limits.expansion_ratio)
            .max(SMALL);
        let limit = by_ratio.min(self.left);
        let too_large = Cause::Expansion {
            part: name.to_owned(),
            limit,
        };
        if entry.size() > limit {
            return Err(too_large);
        }
        let mut bytes = Vec::with_capacity(entry.size() as usize);
        entry
            .take(limit + 1)
            .read_to_end(&mut bytes)
            .map_err(|e| broken(&e))?;
        if bytes.len() as u64 > limit {
            return Err(too_large);
        }
        self.left -= bytes.len() as u64;
        Ok(Some(bytes))
    }
}
