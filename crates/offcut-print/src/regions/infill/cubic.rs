//! Cubes that stand on a corner: the three families of their faces, cut at the layer's height.
//!
//! A face of such a cube leans by `acos(1/√3)`, so its line moves by `1/√2` of the height.

use super::lines::{self, Family};
use super::{FillArea, FillParams, Pattern, Scratch};
use offcut_geometry::Polylines;
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_PI_3};

pub(super) struct Cubic;

impl Pattern for Cubic {
    fn fill(&self, area: &FillArea, params: &FillParams, scratch: &mut Scratch, out: &mut Polylines) {
        let shift = area.z * FRAC_1_SQRT_2;
        let families = [0.0, 2.0 * FRAC_PI_3, 4.0 * FRAC_PI_3].map(|turn| Family { turn, shift });
        lines::fill(area, params, 3.0 * params.distance(), &families, scratch, out);
    }
    fn link_share(&self) -> f64 {
        0.39
    }
}
