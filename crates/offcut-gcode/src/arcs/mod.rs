//! Arcs among the moves: their length, their words in G-code and whether a firmware takes them.

mod fit;

pub use fit::{fit, fit_helices, fit_line};

use crate::program::{ArcMove, Vertex};
use offcut_geometry::Point;
use std::f64::consts::TAU;

/// Largest difference of the radii at the two ends after rounding, µm. GRBL-like firmwares refuse
/// 5 µm; rounding of six words alone makes up to 2.
const RADIUS_MISMATCH: f64 = 4.0;

/// Start radius, start angle and signed sweep of an arc, in the unit of its points.
fn parts(from: (f64, f64), to: (f64, f64), center: (f64, f64), ccw: bool) -> (f64, f64, f64) {
    let (ax, ay) = (from.0 - center.0, from.1 - center.1);
    let (bx, by) = (to.0 - center.0, to.1 - center.1);
    let a = libm::atan2(ay, ax);
    let mut sweep = libm::atan2(ax * by - ay * bx, ax * bx + ay * by);
    if ccw && sweep <= 0.0 {
        sweep += TAU;
    } else if !ccw && sweep >= 0.0 {
        sweep -= TAU;
    }
    (libm::hypot(ax, ay), a, sweep)
}

fn xy(p: Point) -> (f64, f64) {
    (f64::from(p.x), f64::from(p.y))
}

/// Length of an arc in grid units, its climb included.
#[must_use]
pub fn length(from: Vertex, to: Vertex, arc: ArcMove) -> f64 {
    let (r, _, sweep) = parts(xy(from.xy()), xy(to.xy()), xy(arc.center), arc.ccw);
    libm::hypot(r * sweep, f64::from(to.z) - f64::from(from.z))
}

/// Points along an arc, its end included, whose chords stay within 1 µm of it.
#[must_use]
pub fn chords(from: Vertex, to: Vertex, arc: ArcMove) -> Vec<Vertex> {
    let (r, _, _) = parts(xy(from.xy()), xy(to.xy()), xy(arc.center), arc.ccw);
    let step = if r > 200.0 {
        2.0 * libm::acos(1.0 - 100.0 / r)
    } else {
        1.0
    };
    pieces(from, to, arc, step * r)
}

/// Points along an arc, its end included, not farther from each other than `step` grid units.
#[must_use]
pub fn pieces(from: Vertex, to: Vertex, arc: ArcMove, step: f64) -> Vec<Vertex> {
    let c = xy(arc.center);
    let (r, start, sweep) = parts(xy(from.xy()), xy(to.xy()), c, arc.ccw);
    let n = (r * sweep.abs() / step).ceil().clamp(1.0, 100_000.0);
    let mut points = Vec::with_capacity(n as usize);
    for k in 1..n as u32 {
        let t = f64::from(k) / n;
        let a = start + sweep * t;
        let z = f64::from(from.z) + t * (f64::from(to.z) - f64::from(from.z));
        points.push(Vertex {
            x: (c.0 + r * libm::cos(a)).round() as i32,
            y: (c.1 + r * libm::sin(a)).round() as i32,
            z: z.round() as i32,
        });
    }
    points.push(to);
    points
}

/// I and J in µm for an arc between written positions, or none when rounding breaks it: radii at the
/// two ends that differ, or ends so close that the sweep could be read as a full circle.
pub(crate) fn written(start: [i64; 3], end: [i64; 3], arc: ArcMove) -> Option<(i64, i64)> {
    let um = |v: i32| i64::from((v + 50).div_euclid(100));
    let center = (um(arc.center.x), um(arc.center.y));
    let (i, j) = (center.0 - start[0], center.1 - start[1]);
    let r0 = libm::hypot(i as f64, j as f64);
    let r1 = libm::hypot((center.0 - end[0]) as f64, (center.1 - end[1]) as f64);
    let apart = (end[0] - start[0]).abs() + (end[1] - start[1]).abs();
    (r0 >= 50.0 && (r0 - r1).abs() <= RADIUS_MISMATCH && apart >= 20).then_some((i, j))
}
