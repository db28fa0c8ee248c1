//! Parallel lines, turned by 90° from layer to layer or not.

use super::lines::{self, Family};
use super::{FillArea, FillParams, Pattern, Scratch};
use offcut_geometry::Polylines;
use std::f64::consts::FRAC_PI_2;

pub(super) struct Rectilinear;

impl Pattern for Rectilinear {
    fn fill(&self, area: &FillArea, params: &FillParams, scratch: &mut Scratch, out: &mut Polylines) {
        let turn = f64::from(area.layer % 2) * FRAC_PI_2;
        lines::fill(
            area,
            params,
            params.distance(),
            &[Family { turn, shift: 0.0 }],
            scratch,
            out,
        );
    }
}

pub(super) struct Aligned;

impl Pattern for Aligned {
    fn fill(&self, area: &FillArea, params: &FillParams, scratch: &mut Scratch, out: &mut Polylines) {
        let family = Family {
            turn: 0.0,
            shift: 0.0,
        };
        lines::fill(area, params, params.distance(), &[family], scratch, out);
    }
}
