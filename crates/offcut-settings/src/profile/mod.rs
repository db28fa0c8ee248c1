//! Profiles: TOML files that hold some settings of a machine, a material or a process.
//!
//! In comes TOML text with a label for messages, out goes a [`Profile`] whose keys exist, whose values
//! are in range and whose settings belong to its kind. See [`resolve`] for how profiles are combined.
//!
//! ```toml
//! kind = "material"                    # machine, material or process
//! description = "PETG, any brand"
//! inherits = "petg"
//! compatible_machines = ["voron-2.4"]  # these and those that inherit from them; any when missing
//! compatible_nozzles = [0.4, 0.6]
//! hotend_temperature = 245
//!
//! [when.ender3-v2]                     # holds when a profile of that name takes part
//! retract_length = "6mm"
//! ```

pub mod builtin;
pub mod explain;
mod parse;
pub mod resolve;
pub mod source;

use crate::table::{Scope, Setting};
use crate::value::Raw;

/// One setting in a profile.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Which setting.
    pub setting: &'static Setting,
    /// Its value, known to be in range.
    pub value: Raw,
    /// Where it stands, from 1.
    pub line: u32,
}

/// A profile as it is written, without what it inherits.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    /// The name it is found by.
    pub name: String,
    /// The file, for messages.
    pub file: String,
    /// The kind; without one any setting may stand in it.
    pub scope: Option<Scope>,
    /// What it is for.
    pub description: String,
    /// The profile of the same kind that it builds on.
    pub inherits: Option<String>,
    /// Machines it is made for; these and those that inherit from them.
    pub compatible_machines: Option<Vec<String>>,
    /// Nozzles it is made for, mm.
    pub compatible_nozzles: Option<Vec<f64>>,
    /// Profiles that are used where the command line names none (in `offcut.toml`), by [`Scope::ALL`].
    pub selection: [Option<String>; 3],
    /// The settings, in the order of the file.
    pub entries: Vec<Entry>,
    /// Settings that hold when a profile of the given name takes part.
    pub when: Vec<(String, Vec<Entry>)>,
}

/// A project file (`offcut.toml`): defaults for all jobs below its folder, and profiles of its own.
#[derive(Debug, Clone, Default)]
pub struct Project {
    /// Selection and settings at the top of the file.
    pub defaults: Profile,
    /// The profiles in `[machines.NAME]`, `[materials.NAME]` and `[processes.NAME]`.
    pub profiles: Vec<Profile>,
}

/// Profiles inherit through at most so many others.
pub const MAX_DEPTH: usize = 16;
