//! What a job gives beside its product: figures, warnings, versions.

use offcut_gcode::{Estimate, Role};
use serde::Serialize;

/// Something that works but may not be meant so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Short stable name of the kind.
    pub code: String,
    /// What, where, and what to do.
    pub message: String,
}

impl Warning {
    /// A warning.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
        }
    }
}

/// Material that a job uses.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Material {
    /// Name of the material, as PLA.
    pub name: String,
    /// Filament, mm.
    pub length_mm: f64,
    /// Volume, mm³.
    pub volume_mm3: f64,
    /// Weight, g.
    pub grams: f64,
    /// Price, in the currency of the settings.
    pub cost: f64,
}

/// Time and filament of one kind of line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RoleTime {
    /// The kind, as in `;TYPE:` comments.
    pub role: &'static str,
    /// Time, s.
    pub seconds: f64,
    /// Filament, mm.
    pub length_mm: f64,
}

/// One object of the job.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ObjectReport {
    /// Its name.
    pub name: String,
    /// The file it comes from.
    pub file: String,
    /// Width, depth and height, mm.
    pub size_mm: [f64; 3],
    /// Triangles.
    pub triangles: usize,
    /// Copies on the bed.
    pub copies: usize,
    /// What was repaired; empty when nothing had to be.
    pub repairs: Vec<String>,
}

/// What came of a slicing job.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    /// Printing time, s.
    pub time_s: f64,
    /// The same in words.
    pub time: String,
    /// Material used.
    pub material: Material,
    /// Lowest and highest point that is printed, mm.
    pub bounds_mm: [[f64; 3]; 2],
    /// Layers.
    pub layers: usize,
    /// Time and filament by kind of line; kinds that don't occur are left out.
    pub roles: Vec<RoleTime>,
    /// Time of travels, retractions and waits, s.
    pub travel_s: f64,
    /// The objects.
    pub objects: Vec<ObjectReport>,
    /// What to know.
    pub warnings: Vec<Warning>,
    /// Identifies the resolved settings.
    pub settings_hash: String,
    /// Profiles of machine, material and process; none for the built-in defaults.
    pub profiles: [Option<String>; 3],
    /// Version of offcut.
    pub version: &'static str,
    /// The lines in space, where the job asks for them.
    #[serde(skip)]
    pub preview: Option<crate::Preview>,
}

/// Time and filament of the kinds that occur.
pub(crate) fn role_times(e: &Estimate) -> Vec<RoleTime> {
    Role::ALL
        .into_iter()
        .enumerate()
        .filter(|(i, _)| e.roles[*i] > 0.0 || e.role_filament_mm[*i] > 0.0)
        .map(|(i, r)| RoleTime {
            role: r.label(),
            seconds: e.roles[i],
            length_mm: e.role_filament_mm[i],
        })
        .collect()
}
