//! Speeds and accelerations: from the settings once, then by table.
//!
//! In: `PrintSettings`. Out: mm/s and mm/s² for a role, layer and overhang.

use crate::plan::{OVERHANG_FULL, OverhangStep};
use offcut_gcode::Role;
use offcut_settings::PrintSettings;
use std::f64::consts::PI;

/// Loops up to this length are small perimeters: a circle of 6.5 mm radius, in mm.
pub(super) const SMALL_LOOP: f64 = 2.0 * PI * 6.5;

const ROLES: usize = Role::ALL.len();

/// Speeds and accelerations of all roles.
#[derive(Debug, Clone)]
pub(super) struct Rates {
    speed: [f64; ROLES],
    first_speed: [f64; ROLES],
    small: f64,
    overhang: Option<[[f64; 5]; 2]>,
    acceleration: [f32; ROLES],
    first_acceleration: f32,
    max_flow: f64,
    multiplier: f64,
    /// Width of a thread in air, mm.
    pub thread_width: f64,
    /// Plastic of a thread in air, mm³/mm, before the multiplier; none to keep the perimeter's.
    pub thread_flow: Option<f64>,
}

impl Rates {
    pub fn new(s: &PrintSettings) -> Self {
        let external = s.external_perimeter_speed.resolve(s.perimeter_speed);
        let solid = s.solid_infill_speed.resolve(s.infill_speed);
        let speed = Role::ALL.map(|r| match r {
            Role::ExternalPerimeter => external,
            Role::Perimeter => s.perimeter_speed,
            Role::OverhangPerimeter | Role::Bridge => s.bridge_speed,
            Role::SparseInfill => s.infill_speed,
            Role::SolidInfill => solid,
            Role::TopSolidInfill => s.top_solid_infill_speed.resolve(solid),
            Role::GapFill => s.gap_fill_speed,
            Role::Support | Role::SkirtBrim | Role::Custom => s.support_speed,
            Role::SupportInterface => s.support_interface_speed.resolve(s.support_speed),
        });
        let overhang = s.overhang_speeds_enabled.then(|| {
            [external, s.perimeter_speed].map(|base| {
                let at = |v: offcut_settings::value::LengthOrPercent| v.resolve(base).min(base);
                [
                    base,
                    at(s.overhang_speed_3),
                    at(s.overhang_speed_2),
                    at(s.overhang_speed_1),
                    at(s.overhang_speed_0),
                ]
            })
        });
        let or = |a: f64, b: f64| if a > 0.0 { a } else { b };
        let base = s.acceleration;
        let perimeter = or(s.perimeter_acceleration, base);
        let infill = or(s.infill_acceleration, base);
        let solid_acceleration = or(s.solid_infill_acceleration, infill);
        let acceleration = Role::ALL.map(|r| {
            (match r {
                Role::ExternalPerimeter => or(s.external_perimeter_acceleration, perimeter),
                Role::Perimeter => perimeter,
                Role::OverhangPerimeter | Role::Bridge => or(s.bridge_acceleration, base),
                Role::SparseInfill => infill,
                Role::SolidInfill => solid_acceleration,
                Role::TopSolidInfill => or(s.top_solid_infill_acceleration, solid_acceleration),
                _ => base,
            }) as f32
        });
        let limits = [s.max_volumetric_speed, s.filament_max_volumetric_speed];
        let ratio = s.bridge_flow_ratio;
        Self {
            speed,
            first_speed: speed.map(|v| s.first_layer_speed.resolve(v)),
            small: s.small_perimeter_speed.resolve(s.perimeter_speed),
            overhang,
            acceleration,
            first_acceleration: s.first_layer_acceleration as f32,
            max_flow: limits
                .into_iter()
                .filter(|&v| v > 0.0)
                .fold(f64::INFINITY, f64::min),
            multiplier: s.extrusion_multiplier,
            thread_width: s.nozzle_diameter * ratio.max(0.0).sqrt(),
            thread_flow: s
                .thick_bridges
                .then(|| PI / 4.0 * s.nozzle_diameter * s.nozzle_diameter * ratio),
        }
    }

    /// Plastic per length with the multiplier, mm³/mm.
    pub fn flow(&self, planned: f64) -> f64 {
        planned * self.multiplier
    }

    /// Speed in mm/s for `flow` mm³/mm (multiplier included). `small` is a short loop.
    pub fn speed(&self, role: Role, step: OverhangStep, small: bool, first_layer: bool, flow: f64) -> f32 {
        let r = role as usize;
        let perimeter = matches!(role, Role::ExternalPerimeter | Role::Perimeter);
        let mut v = if first_layer {
            self.first_speed[r]
        } else if small && perimeter && self.small > 0.0 {
            self.small
        } else {
            self.speed[r]
        };
        if step > 0 && perimeter && !first_layer {
            let step = usize::from(step.min(OVERHANG_FULL));
            match &self.overhang {
                Some(t) => v = v.min(t[usize::from(role == Role::Perimeter)][step]),
                None if step == usize::from(OVERHANG_FULL) => v = self.speed[Role::Bridge as usize],
                None => {}
            }
        }
        v.min(self.max_flow / flow.max(1e-9)).max(0.1) as f32
    }

    /// Acceleration in mm/s²; 0 leaves it to the firmware.
    pub fn acceleration(&self, role: Role, first_layer: bool) -> f32 {
        if first_layer && self.first_acceleration > 0.0 {
            self.first_acceleration
        } else {
            self.acceleration[role as usize]
        }
    }
}
