//! Lines in one direction over some height, then waves that turn them into the other direction.
//!
//! No lines cross in a layer, and yet both directions are walls. The waves' oblique pieces belong
//! to both directions, which is where one takes over from the other.

use super::{FillArea, FillParams, Pattern, Scratch, curves, waves};
use offcut_geometry::Polylines;
use std::f64::consts::SQRT_2;

pub(super) struct CrossHatch;

/// Height of straight lines, in pitches.
const STRAIGHT: f64 = 0.6;
/// Height over which a wave swings out, in pitches.
const SWING: f64 = 0.3;
/// Mean length over that of straight lines; a wave's swing is a quarter of the pitch in the mean.
const LENGTH: f64 = 1.0 + 2.0 * SWING / (STRAIGHT + 2.0 * SWING) * 0.25 * (SQRT_2 - 1.0);

impl Pattern for CrossHatch {
    fn fill(&self, area: &FillArea, params: &FillParams, scratch: &mut Scratch, out: &mut Polylines) {
        let pitch = LENGTH * params.distance();
        let height = area.z / pitch;
        let block = STRAIGHT + 2.0 * SWING;
        let turn = (height / block).floor();
        let vertical = turn.rem_euclid(2.0) >= 1.0;
        let h = height - turn * block;
        let swing = if h < SWING {
            1.0 - h / SWING
        } else {
            ((h - SWING - STRAIGHT) / SWING).max(0.0)
        };
        curves::fill(area, params, 0.0, pitch, scratch, out, |bounds, pen| {
            waves::draw(bounds, pen, pitch, 0.5 * pitch * swing, vertical);
        });
    }
}
