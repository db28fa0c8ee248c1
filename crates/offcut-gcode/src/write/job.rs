//! What the writer knows before a chunk: the job, and what the chunk inherits.

use super::custom::{self, Effect};
use crate::dialects::Dialect;
use crate::estimate::Estimate;
use crate::program::{Path, Program, Step, Vertex};
use offcut_geometry::{Coord, grid};
use offcut_settings::PrintSettings;
use offcut_settings::print::LabelObjects;

/// What is constant while a file is written.
pub(crate) struct Job<'a> {
    pub program: &'a Program,
    pub dialect: &'static Dialect,
    pub estimate: &'a Estimate,
    /// Filament, mm, per mm³ of plastic.
    pub mm_per_mm3: f64,
    pub z_offset: i32,
    pub relative_e: bool,
    pub firmware_retraction: bool,
    pub remaining_times: bool,
    /// Fastest along Z, mm/s.
    pub max_speed_z: f32,
    pub labels: LabelObjects,
}

impl<'a> Job<'a> {
    pub(crate) fn new(
        program: &'a Program,
        settings: &PrintSettings,
        dialect: &'static Dialect,
        estimate: &'a Estimate,
    ) -> Self {
        let d = settings.filament_diameter;
        Self {
            program,
            dialect,
            estimate,
            mm_per_mm3: 4.0 / (std::f64::consts::PI * d * d),
            z_offset: grid(settings.z_offset),
            relative_e: settings.relative_e,
            firmware_retraction: settings.firmware_retraction,
            remaining_times: settings.remaining_times,
            max_speed_z: settings.max_speed_z as f32,
            labels: settings.label_objects,
        }
    }
}

/// What a chunk inherits from those before it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Carry {
    /// Where the machine stands, grid units without z offset; none when custom G-code moved it.
    pub at: Option<Vertex>,
    /// The height, grid units without z offset, where only that is known.
    pub z: Option<Coord>,
    /// Units, positioning and extruder mode are ours.
    pub modes: bool,
    /// G10 was sent last.
    pub retracted: bool,
    /// Acceleration that was asked for last, mm/s².
    pub acceleration: f32,
}

impl Carry {
    /// The state after a step.
    pub(crate) fn advance(&mut self, step: &Step, program: &Program) {
        match step {
            Step::Height { z, .. } if self.at.is_none() => {
                self.z = Some(*z);
                self.modes = true;
            }
            Step::Retract { .. } => {
                self.retracted = true;
                self.modes = true;
            }
            Step::Unretract { .. } => {
                self.retracted = false;
                self.modes = true;
            }
            Step::Acceleration(a) => self.acceleration = *a,
            Step::Custom(text) if custom::effect(text) == Effect::Moves => {
                self.at = None;
                self.z = None;
                self.modes = false;
            }
            _ => {
                if let Some(path) = step.targets() {
                    self.at = program.vertices.get(path.end as usize - 1).copied();
                    self.modes = true;
                }
            }
        }
    }
}

impl Job<'_> {
    /// Length of a path in grid units, from where the machine stands.
    pub(crate) fn path_length(&self, at: Option<Vertex>, path: Path) -> f64 {
        let Some(targets) = self.program.vertices.get(path.start as usize..path.end as usize) else {
            return 0.0;
        };
        let mut from = at;
        let mut sum = 0.0;
        for &v in targets {
            if let Some(f) = from {
                let (dx, dy, dz) = (
                    f64::from(v.x) - f64::from(f.x),
                    f64::from(v.y) - f64::from(f.y),
                    f64::from(v.z) - f64::from(f.z),
                );
                sum += (dx * dx + dy * dy + dz * dz).sqrt();
            }
            from = Some(v);
        }
        sum
    }
}
