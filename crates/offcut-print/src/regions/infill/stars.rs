//! The trihexagonal tiling: triangles whose third direction is moved by half a distance.

use super::lines::{self, Family};
use super::{FillArea, FillParams, Pattern, Scratch};
use offcut_geometry::Polylines;
use std::f64::consts::FRAC_PI_3;

pub(super) struct Stars;

impl Pattern for Stars {
    fn fill(&self, area: &FillArea, params: &FillParams, scratch: &mut Scratch, out: &mut Polylines) {
        let distance = 3.0 * params.distance();
        let families = [(0.0, 0.0), (FRAC_PI_3, 0.0), (2.0 * FRAC_PI_3, 0.5 * distance)]
            .map(|(turn, shift)| Family { turn, shift });
        lines::fill(area, params, distance, &families, scratch, out);
    }
    fn link_share(&self) -> f64 {
        0.31
    }
}
