//! Quarter cubic honeycomb: tetrahedra and truncated tetrahedra between four families of planes.
//!
//! The planes lean to both sides of two directions; their lines move by `1/√2` of the height, and
//! the second direction is half a period ahead, so that not all cross in one height. The pattern
//! is the one that CuraEngine calls by this name.

use super::lines::{self, Family};
use super::{FillArea, FillParams, Pattern, Scratch};
use offcut_geometry::Polylines;
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_PI_2};

pub(super) struct QuarterCubic;

impl Pattern for QuarterCubic {
    fn fill(&self, area: &FillArea, params: &FillParams, scratch: &mut Scratch, out: &mut Polylines) {
        let period = 4.0 * params.distance();
        // Where a pair would coincide it is printed side by side.
        let least = (0.5 * params.width).min(0.25 * period);
        let shift = |z: f64| {
            let s = z - period * (z / period).floor();
            s.min(period - s).clamp(least, 0.5 * period - least)
        };
        let z = area.z * FRAC_1_SQRT_2;
        let (first, second) = (shift(z), shift(z + 0.5 * period));
        let families = [
            (0.0, first),
            (0.0, -first),
            (FRAC_PI_2, second),
            (FRAC_PI_2, -second),
        ]
        .map(|(turn, shift)| Family { turn, shift });
        lines::fill(area, params, period, &families, scratch, out);
    }
}
