//! Lines in two directions.

use super::lines::{self, Family};
use super::{FillArea, FillParams, Pattern, Scratch};
use offcut_geometry::Polylines;
use std::f64::consts::FRAC_PI_2;

pub(super) struct Grid;

impl Pattern for Grid {
    fn fill(&self, area: &FillArea, params: &FillParams, scratch: &mut Scratch, out: &mut Polylines) {
        let families = [0.0, FRAC_PI_2].map(|turn| Family { turn, shift: 0.0 });
        lines::fill(area, params, 2.0 * params.distance(), &families, scratch, out);
    }
}
