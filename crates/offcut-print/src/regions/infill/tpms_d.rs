//! The Schwarz D surface, `cos x cos y cos z = sin x sin y sin z`, cut at the layer's height.
//!
//! With u = x − y and v = x + y the cut is `(cos z − sin z) cos u + (cos z + sin z) cos v = 0`:
//! one of u and v is a function of the other.

use super::curves::{self, repeat_wave, samples};
use super::{FillArea, FillParams, Pattern, Scratch};
use libm::{acos, cos, sin};
use offcut_geometry::Polylines;
use std::f64::consts::{FRAC_PI_4, SQRT_2, TAU};

pub(super) struct TpmsD;

/// Length of line per area times the period, mean over all heights (by numerical integration).
const LENGTH: f64 = 3.047_6;

impl Pattern for TpmsD {
    fn fill(&self, area: &FillArea, params: &FillParams, scratch: &mut Scratch, out: &mut Polylines) {
        let cell = LENGTH * params.distance();
        let z = area.z / cell * TAU;
        let (s, c) = (sin(z), cos(z));
        // Along the diagonals the period is shorter by √2.
        let period = cell / SQRT_2;
        let unit = period / TAU;
        let n = samples(period);
        let u_of_v = (c + s).abs() <= (c - s).abs();
        let k = if u_of_v {
            -(c + s) / (c - s)
        } else {
            -(c - s) / (c + s)
        };
        // The frame's x is v and its y is −u; the sign does not matter, as both cosines are even.
        curves::fill(
            area,
            params,
            FRAC_PI_4,
            0.5 * period,
            scratch,
            out,
            |bounds, pen| {
                pen.swap(!u_of_v);
                let bounds = if u_of_v { *bounds } else { bounds.swapped() };
                for side in [1.0, -1.0] {
                    let wave: Vec<f64> = (0..n)
                        .map(|i| side * unit * acos((k * cos(i as f64 / n as f64 * TAU)).clamp(-1.0, 1.0)))
                        .collect();
                    repeat_wave(&bounds, pen, period, period, &wave);
                }
            },
        );
    }
}
