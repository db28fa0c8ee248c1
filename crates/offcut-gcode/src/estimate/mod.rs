//! How long a program takes and what it uses.

use crate::program::{Program, Role, Step};
use offcut_settings::PrintSettings;
use serde::{Deserialize, Serialize};

/// Time and material of a job.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Printing time, s.
    pub seconds: f64,
    /// Time before the first layer mark, s.
    pub start_seconds: f64,
    /// Time per layer, s.
    pub layers: Vec<f64>,
    /// Time per role, s, in the order of [`Role::ALL`].
    pub roles: [f64; 12],
    /// Time of travels, retractions and waits, s.
    pub travel_seconds: f64,
    /// Filament extruded, mm; retractions do not count.
    pub filament_mm: f64,
    /// Filament per role, mm.
    pub role_filament_mm: [f64; 12],
    /// Plastic extruded, mm³.
    pub volume_mm3: f64,
    /// Weight, g.
    pub grams: f64,
    /// Price of the filament.
    pub cost: f64,
    /// Seconds from the start to the end of each step of the program.
    #[serde(skip)]
    pub step_ends: Vec<f32>,
}

impl Estimate {
    /// Seconds from the start to the end of a step; the whole time when that is not known.
    #[must_use]
    pub fn step_end(&self, step: usize) -> f32 {
        self.step_ends.get(step).copied().unwrap_or(self.seconds as f32)
    }
}

/// Estimates a program.
#[must_use]
pub fn estimate(program: &Program, settings: &PrintSettings) -> Estimate {
    let mut e = Estimate {
        layers: vec![0.0; program.layers.len()],
        ..Estimate::default()
    };
    let mut at = None;
    let area = std::f64::consts::PI * settings.filament_diameter * settings.filament_diameter / 4.0;
    for step in &program.steps {
        let (path, speed) = match step {
            Step::Travel { path, speed } | Step::Wipe { path, speed, .. } => (*path, f64::from(*speed)),
            Step::Extrude { path, bead } => (*path, f64::from(bead.speed)),
            _ => {
                e.step_ends.push(e.seconds as f32);
                continue;
            }
        };
        let mut length = 0.0;
        for &v in program.path(path) {
            let from: crate::Vertex = at.unwrap_or(v);
            length += v.xy().dist(from.xy()) / 1e5;
            at = Some(v);
        }
        let t = length / speed;
        e.seconds += t;
        if let Step::Extrude { bead, .. } = step {
            let i = Role::ALL.iter().position(|r| *r == bead.role).unwrap_or(0);
            e.roles[i] += t;
            let v = bead.mm3_per_mm * length;
            e.volume_mm3 += v;
            e.role_filament_mm[i] += v / area;
        }
        e.step_ends.push(e.seconds as f32);
    }
    e.filament_mm = e.volume_mm3 / area;
    e.grams = e.volume_mm3 * settings.filament_density / 1000.0;
    e.cost = e.grams * settings.filament_cost / 1000.0;
    e
}
