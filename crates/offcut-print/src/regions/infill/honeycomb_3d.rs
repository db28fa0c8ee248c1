//! Truncated octahedra, which fill space with the least walls for their volume among simple cells.
//!
//! A cut through them is a mesh of squares and octagons. Its oblique walls belong to both
//! directions of waves, its straight ones to one: a layer prints one direction, the next the other.

use super::{FillArea, FillParams, Pattern, Scratch, curves, waves};
use offcut_geometry::Polylines;
use std::f64::consts::SQRT_2;

pub(super) struct Honeycomb3d;

/// Length of a wave over that of its straight line, mean over all heights: the swing is a quarter
/// of the pitch in the mean, and its oblique pieces are √2 times as long.
const LENGTH: f64 = 1.0 + 0.25 * (SQRT_2 - 1.0);

impl Pattern for Honeycomb3d {
    fn fill(&self, area: &FillArea, params: &FillParams, scratch: &mut Scratch, out: &mut Polylines) {
        let pitch = LENGTH * params.distance();
        // The cells repeat after √2 pitches of height; within, the swing goes once up and down.
        let phase = area.z / (SQRT_2 * pitch);
        let t = phase - phase.floor();
        let swing = pitch * (if t < 0.5 { 2.0 * t } else { 2.0 - 2.0 * t } - 0.5);
        let vertical = area.layer % 2 == 1;
        curves::fill(area, params, 0.0, pitch, scratch, out, |bounds, pen| {
            waves::draw(bounds, pen, pitch, swing, vertical);
        });
    }
}
