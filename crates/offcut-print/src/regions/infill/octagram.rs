//! Eight-pointed stars about the origin, each joined to the next one.
//!
//! A star of radius r has its notches at r and its points at 1.85 r; all its sixteen edges are as
//! long as r and lie r/√2 from the middle. So stars whose radii differ by √2 line distances have
//! the density asked for everywhere.

use super::curves;
use super::{FillArea, FillParams, Pattern, Scratch};
use offcut_geometry::Polylines;
use std::f64::consts::{FRAC_1_SQRT_2, SQRT_2};

pub(super) struct Octagram;

/// The points of a star of radius 1.
#[rustfmt::skip]
const STAR: [(f64, f64); 16] = {
    const A: f64 = FRAC_1_SQRT_2;
    const B: f64 = 1.0 + FRAC_1_SQRT_2;
    [
        (1.0, 0.0), (B, A), (A, A), (A, B), (0.0, 1.0), (-A, B), (-A, A), (-B, A),
        (-1.0, 0.0), (-B, -A), (-A, -A), (-A, -B), (0.0, -1.0), (A, -B), (A, -A), (B, -A),
    ]
};

impl Pattern for Octagram {
    fn fill(&self, area: &FillArea, params: &FillParams, scratch: &mut Scratch, out: &mut Polylines) {
        let step = SQRT_2 * params.distance();
        curves::fill(
            area,
            params,
            0.0,
            params.distance(),
            scratch,
            out,
            |bounds, pen| {
                let (near, far) = bounds.radii();
                let first = (near / (1.848 * step)).floor() as i64;
                let last = (far / step).ceil() as i64;
                for i in first.max(0)..=last {
                    let r = (i as f64 + 0.5) * step;
                    for (x, y) in STAR {
                        pen.to(r * x, r * y);
                    }
                }
            },
        );
    }
}
