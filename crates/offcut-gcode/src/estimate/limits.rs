//! What a machine can do: limits of its axes and how its firmware takes corners.

use crate::read::Event;
use offcut_settings::PrintSettings;
use offcut_settings::print::GcodeFlavor;

/// How a firmware limits the speed through a corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Corner {
    /// Every axis may jump by its jerk (Marlin 1, Prusa, RepRapFirmware).
    Jerk,
    /// A circle that passes the corner at this distance, mm (Marlin 2).
    Deviation(f64),
    /// The same without regard to short chords (GRBL, grblHAL, Smoothie).
    Junction(f64),
    /// Speed through a square corner, mm/s; a share of every move is cruised or braked (Klipper).
    Square {
        /// mm/s.
        velocity: f64,
        /// Share of the acceleration that speeding up and down at once may use.
        to_decel: f64,
    },
}

/// Limits of a machine, X Y Z E.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// mm/s.
    pub speed: [f64; 4],
    /// mm/s².
    pub acceleration: [f64; 4],
    /// mm/s.
    pub jerk: [f64; 4],
    /// Acceleration while printing, mm/s².
    pub printing: f64,
    /// Acceleration of travels, mm/s².
    pub travelling: f64,
    /// Acceleration of retractions, mm/s².
    pub retracting: f64,
    /// Upper limits of the three that the machine's settings give.
    pub ceiling: [f64; 3],
    /// How corners are taken.
    pub corner: Corner,
}

impl Limits {
    /// The limits in the settings.
    #[must_use]
    pub fn new(s: &PrintSettings) -> Self {
        let positive = |v: f64| if v > 0.0 { v } else { f64::INFINITY };
        let corner = match s.gcode_flavor {
            GcodeFlavor::Klipper => Corner::Square {
                velocity: s.square_corner_velocity.max(0.0),
                to_decel: 0.5,
            },
            GcodeFlavor::Marlin2 if s.junction_deviation > 0.0 => Corner::Deviation(s.junction_deviation),
            _ => Corner::Jerk,
        };
        let ceiling = [
            positive(s.max_acceleration_extruding),
            positive(s.max_acceleration_travel),
            positive(s.max_acceleration_retracting),
        ];
        let or = |v: f64, d: f64| if v.is_finite() { v } else { d };
        Self {
            speed: [s.max_speed_x, s.max_speed_y, s.max_speed_z, s.max_speed_e].map(positive),
            acceleration: [
                s.max_acceleration_x,
                s.max_acceleration_y,
                s.max_acceleration_z,
                s.max_acceleration_e,
            ]
            .map(positive),
            jerk: [s.max_jerk_x, s.max_jerk_y, s.max_jerk_z, s.max_jerk_e].map(|v| v.max(0.0)),
            printing: or(ceiling[0], 1500.0),
            travelling: or(ceiling[1], 1500.0),
            retracting: or(ceiling[2], 1500.0),
            ceiling,
            corner,
        }
    }

    /// Sets the acceleration of printing moves, mm/s².
    pub fn set_printing(&mut self, a: f64) {
        if a > 0.0 {
            self.printing = a.min(self.ceiling[0]);
        }
    }

    /// Sets the acceleration of travels, mm/s².
    pub fn set_travelling(&mut self, a: f64) {
        if a > 0.0 {
            self.travelling = a.min(self.ceiling[1]);
        }
    }

    /// Follows what a file sets; `per_minute` for firmwares whose M203 is in mm/min.
    pub fn follow(&mut self, event: &Event, per_minute: bool) {
        let put = |to: &mut [f64; 4], v: &[Option<f64>; 4], f: f64| {
            for (t, v) in to.iter_mut().zip(v) {
                if let Some(v) = v.filter(|v| *v > 0.0) {
                    *t = v * f;
                }
            }
        };
        match event {
            Event::MaxAcceleration(v) => put(&mut self.acceleration, v, 1.0),
            Event::MaxSpeed(v) => put(&mut self.speed, v, if per_minute { 1.0 / 60.0 } else { 1.0 }),
            Event::Jerk(v) => put(&mut self.jerk, v, 1.0),
            Event::JunctionDeviation(j) if *j > 0.0 => self.corner = Corner::Deviation(*j),
            Event::SquareCornerVelocity(v) => {
                if let Corner::Square { velocity, .. } = &mut self.corner {
                    *velocity = *v;
                }
            }
            Event::Acceleration([p, t, r]) => {
                self.set_printing(p.unwrap_or(0.0));
                self.set_travelling(t.unwrap_or(0.0));
                if let Some(r) = r.filter(|r| *r > 0.0) {
                    self.retracting = r.min(self.ceiling[2]);
                }
            }
            _ => {}
        }
    }
}
