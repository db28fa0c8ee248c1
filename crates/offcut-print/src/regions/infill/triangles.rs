//! Lines in three directions through common points.

use super::lines::{self, Family};
use super::{FillArea, FillParams, Pattern, Scratch};
use offcut_geometry::Polylines;
use std::f64::consts::FRAC_PI_3;

pub(super) struct Triangles;

impl Pattern for Triangles {
    fn fill(&self, area: &FillArea, params: &FillParams, scratch: &mut Scratch, out: &mut Polylines) {
        let families = [0.0, FRAC_PI_3, 2.0 * FRAC_PI_3].map(|turn| Family { turn, shift: 0.0 });
        lines::fill(area, params, 3.0 * params.distance(), &families, scratch, out);
    }
}
