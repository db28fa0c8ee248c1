//! Hilbert's curve through the cells of a fixed square grid; only the parts near the region are
//! walked (recursion by quadrants, Hilbert 1891).

use super::curves::{self, Bounds, Pen};
use super::{FillArea, FillParams, Pattern, Scratch};
use offcut_geometry::Polylines;

pub(super) struct Hilbert;

/// The curve covers 2^20 cells in each direction.
const LEVELS: u32 = 20;

impl Pattern for Hilbert {
    fn fill(&self, area: &FillArea, params: &FillParams, scratch: &mut Scratch, out: &mut Polylines) {
        let cell = params.distance();
        curves::fill(area, params, 0.0, cell, scratch, out, |bounds, pen| {
            let size = cell * f64::from(1u32 << LEVELS);
            let whole = Square {
                corner: (-0.5 * size, -0.5 * size),
                first: (size, 0.0),
                second: (0.0, size),
            };
            walk(LEVELS, whole, &bounds.grown(2.0 * cell), pen);
        });
    }
}

/// A square that the curve enters at a corner; it leaves at the end of the side `first`.
struct Square {
    corner: (f64, f64),
    first: (f64, f64),
    second: (f64, f64),
}

fn walk(level: u32, s: Square, bounds: &Bounds, pen: &mut Pen) {
    let at = |f: f64, g: f64| {
        (
            s.corner.0 + f * s.first.0 + g * s.second.0,
            s.corner.1 + f * s.first.1 + g * s.second.1,
        )
    };
    let (p, q) = (s.corner, at(1.0, 1.0));
    let apart = |a: f64, b: f64, r: (f64, f64)| a.max(b) < r.0 || a.min(b) > r.1;
    if apart(p.0, q.0, bounds.x) || apart(p.1, q.1, bounds.y) {
        pen.lift();
        return;
    }
    if level == 0 {
        let m = at(0.5, 0.5);
        pen.to(m.0, m.1);
        return;
    }
    let half = |v: (f64, f64), f: f64| (f * v.0, f * v.1);
    let mut part = |corner, first, second| {
        let s = Square {
            corner,
            first,
            second,
        };
        walk(level - 1, s, bounds, pen);
    };
    let (f, g) = (half(s.first, 0.5), half(s.second, 0.5));
    part(p, g, f);
    part(at(0.0, 0.5), f, g);
    part(at(0.5, 0.5), f, g);
    part(at(1.0, 0.5), half(s.second, -0.5), half(s.first, -0.5));
}
