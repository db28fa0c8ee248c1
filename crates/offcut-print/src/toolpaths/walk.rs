//! From a planned bead to the moves along it: where a loop begins, which way it runs, where it stops.

use crate::plan::{Bead, BeadSet, OverhangStep, SUPPORTED};
use offcut_geometry::Point;

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
        let n = points.len();
        let Some(&last) = points.last() else {
            return Self { edge: 0, point: to };
        };
        let mut a = last;
        let mut best = (f64::INFINITY, 0, 0.0);
        for (i, &b) in points.iter().enumerate() {
            let (dx, dy) = (f64::from(b.x - a.x), f64::from(b.y - a.y));
            let (ex, ey) = (f64::from(to.x - a.x), f64::from(to.y - a.y));
            let len2 = (dx * dx + dy * dy).max(1.0);
            let t = ((ex * dx + ey * dy) / len2).clamp(0.0, 1.0);
            let (fx, fy) = (ex - t * dx, ey - t * dy);
            let d = fx * fx + fy * fy;
            if d < best.0 {
                best = (d, i, t);
            }
            a = b;
        }
        // The edge ends at point i.
        let (_, end, t) = best;
        let before = if end == 0 { n - 1 } else { end - 1 };
        let point = points[before].lerp(points[end], t);
        Self {
            edge: if point == points[end] { end } else { before } as u32,
            point,
        }
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
    let e = seam.edge as usize;
    let at_vertex = p[e] == seam.point;
    // The step of a move between neighbours is stored at the later one.
    let steps = set.steps_of(b);
    let step = |i: usize| steps.map_or(SUPPORTED, |s| s[if i == s.len() { 0 } else { i }]);
    if backward {
        let first = if at_vertex { e } else { e + 1 };
        out.extend((0..first).rev().map(|i| (p[i], step(i + 1))));
        out.extend((e + 1..p.len()).rev().map(|i| (p[i], step(i + 1))));
    } else {
        out.extend((e + 1..p.len()).map(|i| (p[i], step(i))));
        let first = if at_vertex { e } else { e + 1 };
        out.extend((0..first).map(|i| (p[i], step(i))));
    }
    out.push((seam.point, step(if at_vertex && !backward { e } else { e + 1 })));
}

/// The moves along an open bead, after its first point; `backward` from its end.
pub(super) fn along(set: &BeadSet, b: &Bead, backward: bool, out: &mut Vec<Target>) {
    out.clear();
    let p = set.points_of(b);
    let steps = set.steps_of(b);
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

/// The length of the moves from `start`, `limit` when they are longer, grid units.
pub(super) fn length_within(start: Point, targets: &[Target], limit: f64) -> f64 {
    let (mut at, mut sum) = (start, 0.0);
    for &(p, _) in targets {
        sum += at.dist(p);
        if sum >= limit {
            return limit;
        }
        at = p;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use offcut_gcode::Role;
    use proptest::prelude::*;

    fn length(start: Point, targets: &[Target]) -> f64 {
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
            internal: false,
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
