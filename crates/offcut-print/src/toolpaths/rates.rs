//! Speeds and accelerations: from the settings once, then by table.
//!
//! In: `PrintSettings`. Out: mm/s and mm/s² for a role, layer and overhang.

use crate::plan::{OVERHANG_FULL, OverhangStep};
use offcut_gcode::Role;
use offcut_settings::PrintSettings;
use offcut_settings::speeds::Line;
use std::f64::consts::PI;

/// Loops up to this length are small perimeters: a circle of 6.5 mm radius, in mm.
pub(super) const SMALL_LOOP: f64 = 2.0 * PI * 6.5;

const ROLES: usize = Role::ALL.len();

/// Speeds and accelerations of all roles.
#[derive(Debug, Clone)]
pub(super) struct Rates {
    /// By role, in the first layer and above.
    speed: [[f64; ROLES]; 2],
    acceleration: [[f32; ROLES]; 2],
    /// Of bridges over sparse infill, in the first layer and above.
    internal_bridge: [f64; 2],
    /// Of small perimeters.
    small: Option<f64>,
    /// Of external and of inner perimeters, by overhang step.
    overhang: Option<[[f64; 5]; 2]>,
    max_flow: f64,
    multiplier: f64,
    /// Width of a thread in air, mm.
    pub thread_width: f64,
    /// Plastic of a thread in air, mm³/mm, before the multiplier; none to keep the perimeter's.
    pub thread_flow: Option<f64>,
}

const fn line(role: Role) -> Line {
    match role {
        Role::ExternalPerimeter => Line::ExternalPerimeter,
        Role::Perimeter => Line::Perimeter,
        Role::OverhangPerimeter | Role::Bridge => Line::Bridge,
        Role::SparseInfill => Line::SparseInfill,
        Role::SolidInfill => Line::SolidInfill,
        Role::TopSolidInfill => Line::TopSolidInfill,
        Role::GapFill => Line::GapFill,
        Role::SkirtBrim | Role::Custom => Line::SkirtBrim,
        Role::Support => Line::Support,
        Role::SupportInterface => Line::SupportInterface,
    }
}

impl Rates {
    pub fn new(s: &PrintSettings) -> Self {
        let base = |l: Line| {
            let speed = s.speed_of(l, false);
            let slow = s.overhang_speeds_mm_s(speed)?;
            let mut by_step = [speed; 5];
            for (step, v) in slow.into_iter().rev().enumerate() {
                by_step[step + 1] = v.min(speed);
            }
            Some(by_step)
        };
        let by_layer = |first| Role::ALL.map(|r| s.speed_of(line(r), first));
        let acceleration = |first| Role::ALL.map(|r| s.acceleration_of(line(r), first).unwrap_or(0.0) as f32);
        Self {
            speed: [by_layer(true), by_layer(false)],
            acceleration: [acceleration(true), acceleration(false)],
            internal_bridge: {
                let speed = s.internal_bridge_speed_mm_s();
                [s.first_layer_speed.resolve(speed), speed]
            },
            small: s.small_perimeter_speed_mm_s(),
            overhang: base(Line::ExternalPerimeter)
                .zip(base(Line::Perimeter))
                .map(|(a, b)| [a, b]),
            max_flow: s.volumetric_limit_mm3_s().unwrap_or(f64::INFINITY),
            multiplier: s.extrusion_multiplier,
            thread_width: s.width_of(Line::Bridge, false),
            thread_flow: s
                .thick_bridges
                .then(|| s.mm3_per_mm(Line::Bridge, s.layer_height, false)),
        }
    }

    /// Plastic per length with the multiplier, mm³/mm.
    pub fn flow(&self, planned: f64) -> f64 {
        planned * self.multiplier
    }

    /// The length up to which loops have a speed of their own, mm.
    pub fn small_loop(&self) -> f64 {
        if self.small.is_some() { SMALL_LOOP } else { 0.0 }
    }

    /// Speed in mm/s for `flow` mm³/mm (multiplier included). `small` is a short loop.
    pub fn speed(&self, role: Role, step: OverhangStep, small: bool, first_layer: bool, flow: f64) -> f32 {
        let perimeter = matches!(role, Role::ExternalPerimeter | Role::Perimeter);
        let mut v = self.speed[usize::from(!first_layer)][role as usize];
        if perimeter && !first_layer {
            if let Some(small) = self.small.filter(|_| small) {
                v = small;
            }
            let step = step.min(OVERHANG_FULL);
            match &self.overhang {
                _ if step == 0 => {}
                Some(t) => v = v.min(t[usize::from(role == Role::Perimeter)][usize::from(step)]),
                None if step == OVERHANG_FULL => v = self.speed[1][Role::Bridge as usize],
                None => {}
            }
        }
        // Whole lines over air are as slow as perimeters there.
        if let (Role::OverhangPerimeter, Some(t), false) = (role, &self.overhang, first_layer) {
            v = v.min(t[1][usize::from(OVERHANG_FULL)]);
        }
        self.limited(v, flow)
    }

    /// Speed of bridges over sparse infill, mm/s.
    pub fn internal_bridge(&self, first_layer: bool, flow: f64) -> f32 {
        self.limited(self.internal_bridge[usize::from(!first_layer)], flow)
    }

    /// A speed at which no more flows than may.
    fn limited(&self, v: f64, flow: f64) -> f32 {
        v.min(self.max_flow / flow.max(1e-9)).max(0.1) as f32
    }

    /// Acceleration in mm/s²; 0 leaves it to the firmware.
    pub fn acceleration(&self, role: Role, first_layer: bool) -> f32 {
        self.acceleration[usize::from(!first_layer)][role as usize]
    }
}
