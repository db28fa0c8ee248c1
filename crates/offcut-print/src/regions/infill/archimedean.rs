//! Chords of an Archimedean spiral about the origin.

use super::curves::{self};
use super::{FillArea, FillParams, Pattern, Scratch};
use libm::{atan2, cos, sin};
use offcut_geometry::Polylines;
use std::f64::consts::{PI, TAU};

pub(super) struct Archimedean;

/// How far a chord may lie off the spiral, mm.
const TOLERANCE: f64 = 0.01;

impl Pattern for Archimedean {
    fn fill(&self, area: &FillArea, params: &FillParams, scratch: &mut Scratch, out: &mut Polylines) {
        let distance = params.distance();
        let b = distance / TAU;
        curves::fill(area, params, 0.0, distance, scratch, out, |bounds, pen| {
            let (near, far) = bounds.radii();
            // Of a region beside the centre only the sector about it is drawn.
            let corners = [
                (bounds.x.0, bounds.y.0),
                (bounds.x.1, bounds.y.0),
                (bounds.x.1, bounds.y.1),
                (bounds.x.0, bounds.y.1),
            ];
            let middle = atan2(bounds.y.0 + bounds.y.1, bounds.x.0 + bounds.x.1);
            let half = if near > 0.0 {
                corners.iter().fold(0.0f64, |h, &(x, y)| {
                    let d = atan2(y, x) - middle;
                    h.max((d - TAU * (d / TAU).round()).abs())
                }) + 1e-3
            } else {
                PI
            };
            let first = ((near / b - middle - half) / TAU).floor() as i64;
            let last = ((far / b - middle + half) / TAU).ceil() as i64;
            for turn in first..=last {
                let center = middle + turn as f64 * TAU;
                let (mut t, end) = ((center - half).max(0.0), center + half);
                while t < end {
                    pen.to(b * t * cos(t), b * t * sin(t));
                    t += (8.0 * TOLERANCE / (b * t).max(TOLERANCE)).sqrt().min(0.5);
                }
                if near > 0.0 && end > 0.0 {
                    pen.to(b * end * cos(end), b * end * sin(end));
                    pen.lift();
                }
            }
        });
    }
}
