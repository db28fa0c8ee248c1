//! Lines that lean to each other in turn: neighbours nearly meet at one wall and are two distances
//! apart at the other, so that links are short.
//!
//! The lean is that of waves fixed in the object: line k swings by a quarter of a distance to both
//! sides, even ones up where odd ones go down.

use super::{FillArea, FillParams, Pattern, Scratch, curves};
use offcut_geometry::Polylines;
use std::f64::consts::FRAC_PI_2;

pub(super) struct Line;

/// Half the length of a wave, in line distances.
const REACH: f64 = 12.0;
/// How far a line swings to each side, in line distances.
const SWING: f64 = 0.3;

impl Pattern for Line {
    fn fill(&self, area: &FillArea, params: &FillParams, scratch: &mut Scratch, out: &mut Polylines) {
        // Leaning lines are a little longer.
        let longer = libm::hypot(2.0 * SWING / REACH, 1.0);
        let distance = longer * params.distance();
        let turn = f64::from(area.layer % 2) * FRAC_PI_2;
        curves::fill(area, params, turn, 2.0 * distance, scratch, out, |bounds, pen| {
            let reach = REACH * distance;
            let (i0, i1) = (
                (bounds.x.0 / reach).floor() as i64 - 1,
                (bounds.x.1 / reach).ceil() as i64 + 1,
            );
            let (k0, k1) = (
                (bounds.y.0 / distance).floor() as i64 - 1,
                (bounds.y.1 / distance).ceil() as i64 + 1,
            );
            for k in k0..=k1 {
                for i in i0..=i1 {
                    let side = if (i + k) % 2 == 0 { SWING } else { -SWING };
                    pen.to((i as f64 + 0.5) * reach, (k as f64 + side) * distance);
                }
                pen.lift();
            }
        });
    }
}
