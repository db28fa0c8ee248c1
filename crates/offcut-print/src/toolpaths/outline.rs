//! Where a straight way leaves the material.
//!
//! In: polygon sets and ways. Out: the crossings. Runs of edges have boxes, so that a short way meets few
//! of them.

use offcut_geometry::point::orient;
use offcut_geometry::{BBox, Loops, Point};

/// Edges to a box.
const RUN: usize = 16;

/// Runs of edges of a polygon set, with their boxes.
#[derive(Debug, Default)]
pub(super) struct Runs {
    /// Box, loop, first edge (the edge that begins at that point of the loop).
    runs: Vec<(BBox, u32, u32)>,
}

/// A way crosses an outline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Crossing {
    /// Share of the way.
    pub t: f64,
    /// Which loop.
    pub ring: u32,
    /// The edge: it begins at this point of the loop.
    pub edge: u32,
    /// The way enters the material there.
    pub enters: bool,
}

impl Runs {
    pub fn new(set: &Loops) -> Self {
        let mut runs = Vec::with_capacity(set.points.len() / RUN + set.len());
        for (ring, l) in set.iter().enumerate() {
            for first in (0..l.len()).step_by(RUN) {
                let last = (first + RUN).min(l.len());
                let mut bbox = BBox::of(&l[first..last]);
                bbox.add(l[last % l.len()]);
                runs.push((bbox, ring as u32, first as u32));
            }
        }
        Self { runs }
    }

    /// Adds the crossings of the way from `a` to `b` with the outline of `set`, unsorted. A way that only
    /// touches a corner may count twice or not at all.
    pub fn crossings(&self, set: &Loops, a: Point, b: Point, out: &mut Vec<Crossing>) {
        let way = BBox::of(&[a, b]);
        for &(bbox, ring, first) in &self.runs {
            if !bbox.touches(&way) {
                continue;
            }
            let l = set.get(ring as usize);
            let first = first as usize;
            for i in first..(first + RUN).min(l.len()) {
                let (p, q) = (l[i], l[if i + 1 == l.len() { 0 } else { i + 1 }]);
                let (u, v) = (orient(a, b, p), orient(a, b, q));
                if (u > 0) == (v > 0) {
                    continue;
                }
                let (s, e) = (orient(p, q, a), orient(p, q, b));
                if (s > 0) == (e > 0) {
                    continue;
                }
                out.push(Crossing {
                    t: s as f64 / (s as f64 - e as f64),
                    ring,
                    edge: i as u32,
                    enters: e > 0,
                });
            }
        }
    }
}

/// The share of a way that lies on the other side of the outline than its end, given its crossings, which
/// are sorted here.
pub(super) fn share_parted(crossings: &mut [Crossing]) -> f64 {
    crossings.sort_unstable_by(|a, b| b.t.total_cmp(&a.t));
    let left = |c: &[Crossing]| c[0].t - c.get(1).map_or(0.0, |c| c.t);
    crossings.chunks(2).map(left).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_over_a_hole_is_outside_for_the_hole_s_width() {
        let sq = |r: i32, hole: bool| {
            let mut v = vec![
                Point::new(-r, -r),
                Point::new(r, -r),
                Point::new(r, r),
                Point::new(-r, r),
            ];
            if hole {
                v.reverse();
            }
            v
        };
        let set: Loops = [sq(1000, false), sq(200, true)].into_iter().collect();
        let runs = Runs::new(&set);
        let mut out = Vec::new();
        runs.crossings(&set, Point::new(-800, 10), Point::new(800, 10), &mut out);
        assert_eq!(out.len(), 2);
        assert!((share_parted(&mut out) - 0.25).abs() < 1e-12);
        out.clear();
        runs.crossings(&set, Point::new(-800, 500), Point::new(800, 500), &mut out);
        assert!(out.is_empty());
        runs.crossings(&set, Point::new(0, 2000), Point::new(0, 500), &mut out);
        assert!((share_parted(&mut out) - 2.0 / 3.0).abs() < 1e-12);
    }
}
