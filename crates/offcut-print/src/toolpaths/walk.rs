//! From a planned bead to the moves along it: where a loop begins, which way it runs, where it stops.

use crate::plan::{Bead, BeadSet, OverhangStep, SUPPORTED};
use offcut_geometry::Point;
use offcut_geometry::point::nearest_on_segment;

/// A place on a loop: on the edge from vertex `edge` to the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seam {
    /// Index of the vertex before it; the vertex itself when `point` is there.
    pub edge: u32,
    /// Where.
    pub point: Point,
}

impl Seam {
    /// At a vertex.
    pub fn vertex(points: &[Point], i: usize) -> Self {
        Self {
            edge: i as u32,
            point: points[i],
        }
    }

    /// The place on a loop nearest to `to`.
    pub fn nearest(points: &[Point], to: Point) -> Self {
        let mut best = f64::INFINITY;
        let mut seam = Self { edge: 0, point: to };
        let n = points.len();
        for i in 0..n {
            let (a, b) = (points[i], points[if i + 1 < n { i + 1 } else { 0 }]);
            let (p, d) = nearest_on_segment(to, a, b);
            if d < best {
                best = d;
                // The end of an edge is the start of the next one.
                let edge = if p == b && b != a { (i + 1) % n } else { i };
                seam = Self {
                    edge: edge as u32,
                    point: p,
                };
            }
        }
        seam
    }

    /// The vertex nearest to `to`.
    pub fn nearest_vertex(points: &[Point], to: Point) -> Self {
        let i = (0..points.len()).min_by_key(|&i| (points[i] - to).norm2());
        Self::vertex(points, i.unwrap_or(0))
    }
}

/// A move's target with the overhang step of the way there.
pub(super) type Target = (Point, OverhangStep);

/// The moves around a loop, from `seam` back to it. `backward`: against the order of its points.
pub(super) fn around(set: &BeadSet, b: &Bead, seam: Seam, backward: bool, out: &mut Vec<Target>) {
    out.clear();
    let p = set.points_of(b);
    let n = p.len();
    let steps = set.overhang.get(b.start as usize..b.end as usize);
    let step = |i: usize| steps.map_or(SUPPORTED, |s| s[i]);
    let e = seam.edge as usize;
    let at_vertex = p[e] == seam.point;
    if backward {
        // Down from the seam's edge; the step of a move from i+1 to i is stored at i+1.
        let mut i = e;
        if !at_vertex {
            out.push((p[e], step((e + 1) % n)));
        }
        for _ in 1..n {
            let from = i;
            i = (i + n - 1) % n;
            out.push((p[i], step(from)));
        }
        let last = if at_vertex { step(i) } else { step((e + 1) % n) };
        out.push((seam.point, last));
    } else {
        let mut i = e;
        for _ in 1..n {
            i = (i + 1) % n;
            out.push((p[i], step(i)));
        }
        if !at_vertex {
            out.push((p[e], step(e)));
        }
        out.push((seam.point, step(if at_vertex { e } else { (e + 1) % n })));
    }
}

/// The moves along an open bead, after its first point; `backward` from its end.
pub(super) fn along(set: &BeadSet, b: &Bead, backward: bool, out: &mut Vec<Target>) {
    out.clear();
    let p = set.points_of(b);
    let steps = set.overhang.get(b.start as usize..b.end as usize);
    let step = |i: usize| steps.map_or(SUPPORTED, |s| s[i]);
    if backward {
        out.extend((0..p.len() - 1).rev().map(|i| (p[i], step(i + 1))));
    } else {
        out.extend((1..p.len()).map(|i| (p[i], step(i))));
    }
}

/// Shortens the moves from `start` by `gap` at their end, so that a loop does not overlap itself.
pub(super) fn clip_end(start: Point, targets: &mut Vec<Target>, gap: f64) {
    let mut gap = gap;
    while let Some(&(end, step)) = targets.last() {
        let before = if targets.len() > 1 {
            targets[targets.len() - 2].0
        } else {
            start
        };
        let d = before.dist(end);
        if d > gap {
            if let Some(last) = targets.last_mut() {
                *last = (end.lerp(before, gap / d), step);
            }
            return;
        }
        gap -= d;
        targets.pop();
    }
}

/// Length of the moves from `start`, grid units.
pub(super) fn length(start: Point, targets: &[Target]) -> f64 {
    let mut at = start;
    targets
        .iter()
        .map(|&(p, _)| {
            let d = at.dist(p);
            at = p;
            d
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use offcut_gcode::Role;
    use proptest::prelude::*;

    fn square() -> (BeadSet, Bead) {
        let mut s = BeadSet::default();
        let p = [(0, 0), (100, 0), (100, 100), (0, 100)].map(|(x, y)| Point::new(x, y));
        let bead = Bead {
            start: 0,
            end: 0,
            role: Role::Perimeter,
            closed: true,
            continues: false,
            directed: false,
            depth: 0,
            hole: false,
            width: 0.45,
            height: 0.2,
            mm3_per_mm: 0.08,
        };
        s.push(&p, bead);
        // The bottom edge hangs over: it ends at point 1.
        s.overhang = vec![0, 4, 0, 0];
        let b = s.beads[0];
        (s, b)
    }

    #[test]
    fn a_loop_returns_to_its_seam_and_keeps_the_overhang_on_its_edge() {
        let (s, b) = square();
        let mut out = Vec::new();
        for backward in [false, true] {
            for seam in [
                Seam::vertex(&s.points, 2),
                Seam {
                    edge: 0,
                    point: Point::new(30, 0),
                },
                Seam {
                    edge: 3,
                    point: Point::new(0, 30),
                },
            ] {
                around(&s, &b, seam, backward, &mut out);
                assert_eq!(out.last().map(|t| t.0), Some(seam.point));
                assert_eq!(length(seam.point, &out), 400.0);
                let mut at = seam.point;
                for &(p, step) in &out {
                    let bottom = at.y == 0 && p.y == 0;
                    assert_eq!(step == 4, bottom, "{backward} {seam:?} {at:?} {p:?}");
                    at = p;
                }
            }
        }
    }

    #[test]
    fn clipping_takes_exactly_the_gap() {
        let (s, b) = square();
        let mut out = Vec::new();
        let seam = Seam {
            edge: 0,
            point: Point::new(10, 0),
        };
        around(&s, &b, seam, false, &mut out);
        clip_end(seam.point, &mut out, 60.0);
        assert_eq!(length(seam.point, &out), 340.0);
        assert_eq!(out.last().map(|t| t.0), Some(Point::new(0, 50)));
    }

    proptest! {
        #[test]
        fn nearest_place_is_on_the_loop_and_nearest(x in -500i32..500, y in -500i32..500) {
            let (s, _) = square();
            let q = Point::new(x, y);
            let seam = Seam::nearest(&s.points, q);
            let p = seam.point;
            let on = (p.x == 0 || p.x == 100) && (0..=100).contains(&p.y)
                || (p.y == 0 || p.y == 100) && (0..=100).contains(&p.x);
            prop_assert!(on);
            let inside = (0..=100).contains(&x) && (0..=100).contains(&y);
            let d = if inside {
                f64::from(x.min(100 - x).min(y).min(100 - y))
            } else {
                q.dist(Point::new(x.clamp(0, 100), y.clamp(0, 100)))
            };
            prop_assert!((q.dist(p) - d).abs() < 1e-9);
        }
    }
}
