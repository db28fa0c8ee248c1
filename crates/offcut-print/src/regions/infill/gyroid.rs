//! The gyroid, `sin x cos y + sin y cos z + sin z cos x = 0`, cut at the layer's height.
//!
//! With z fixed the equation has the form `R cos(y − φ) = c` for every x, or the same for every y,
//! so the curves are explicit: functions of x where |sin z| ≤ |cos z|, of y elsewhere.

use super::curves::{self, repeat_wave, samples};
use super::{FillArea, FillParams, Pattern, Scratch};
use libm::{acos, atan2, cos, hypot, sin};
use offcut_geometry::Polylines;
use std::f64::consts::TAU;

pub(super) struct Gyroid;

/// Length of line per area times the period, mean over all heights (by numerical integration).
const LENGTH: f64 = 2.458_6;

impl Pattern for Gyroid {
    fn fill(&self, area: &FillArea, params: &FillParams, scratch: &mut Scratch, out: &mut Polylines) {
        let period = LENGTH * params.distance();
        let unit = period / TAU;
        let z = area.z / unit;
        let (a, b) = (sin(z), cos(z));
        let n = samples(period);
        let along_x = a.abs() <= b.abs();
        curves::fill(area, params, 0.0, 0.4 * period, scratch, out, |bounds, pen| {
            pen.swap(!along_x);
            let bounds = if along_x { *bounds } else { bounds.swapped() };
            for side in [1.0, -1.0] {
                let wave: Vec<f64> = (0..n)
                    .map(|i| {
                        let t = i as f64 / n as f64 * TAU;
                        // y with sin t cos y + b sin y = −a cos t, or
                        // x with cos t sin x + a cos x = −b sin t; signs such that φ is continuous.
                        let (p, q, c) = if along_x {
                            (sin(t), b, -a * cos(t))
                        } else {
                            (a.abs(), cos(t) * a.signum(), -b * sin(t) * a.signum())
                        };
                        let c = (c / hypot(p, q)).clamp(-1.0, 1.0);
                        unit * (atan2(q, p) + side * acos(c))
                    })
                    .collect();
                repeat_wave(&bounds, pen, period, period, &wave);
            }
        });
    }
}
