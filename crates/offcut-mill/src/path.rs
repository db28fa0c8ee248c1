//! Rings and lines in millimetres, walked with a height that follows the way.
//!
//! In: loops of the grid, a profile of heights over the way. Out: moves of a [`Pass`]. Promised: every corner of
//! the ring and every corner of the profile is a point of the pass.

use crate::{CutRole, Pass};
use offcut_geometry::{Loops, Point, UNITS_PER_MM, grid, to_mm};

/// A point of the plane, mm.
pub type P2 = [f64; 2];

/// Distance of two points.
#[must_use]
pub fn dist(a: P2, b: P2) -> f64 {
    libm::hypot(b[0] - a[0], b[1] - a[1])
}

/// Whether two points are nearer than `d`: quicker than their distance.
#[must_use]
pub fn within(a: P2, b: P2, d: f64) -> bool {
    let (x, y) = (b[0] - a[0], b[1] - a[1]);
    x * x + y * y < d * d
}

/// The point at `t` of the way from `a` to `b`.
#[must_use]
pub fn lerp(a: P2, b: P2, t: f64) -> P2 {
    [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
}

/// A point of the grid in mm.
#[must_use]
pub fn mm(p: Point) -> P2 {
    [to_mm(p.x), to_mm(p.y)]
}

/// The nearest point of the grid.
#[must_use]
pub fn on_grid(p: P2) -> Point {
    Point::new(grid(p[0]), grid(p[1]))
}

/// A closed or open run of points with the way to each.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    /// The points; a closed track does not repeat the first.
    pub points: Vec<P2>,
    /// The way to each point from the first; for a closed track one more, the whole way.
    way: Vec<f64>,
    /// Ends where it begins.
    pub closed: bool,
}

/// Points nearer than this are one, mm.
const SAME: f64 = 1e-6;

impl Track {
    /// A track through points; `None` when they are all at one place.
    #[must_use]
    pub fn new(points: impl IntoIterator<Item = P2>, closed: bool) -> Option<Self> {
        let mut kept: Vec<P2> = Vec::new();
        for p in points {
            if kept.last().is_none_or(|q| dist(*q, p) > SAME) {
                kept.push(p);
            }
        }
        while closed && kept.len() > 1 && dist(kept[0], kept[kept.len() - 1]) <= SAME {
            kept.pop();
        }
        if kept.len() < 2 {
            return None;
        }
        let mut way = Vec::with_capacity(kept.len() + 1);
        let mut sum = 0.0;
        way.push(0.0);
        for w in kept.windows(2) {
            sum += dist(w[0], w[1]);
            way.push(sum);
        }
        if closed {
            way.push(sum + dist(kept[kept.len() - 1], kept[0]));
        }
        Some(Self {
            points: kept,
            way,
            closed,
        })
    }

    /// A loop of the grid, in its direction or against it.
    #[must_use]
    pub fn ring(l: &[Point], reversed: bool) -> Option<Self> {
        if reversed {
            Self::new(l.iter().rev().map(|p| mm(*p)), true)
        } else {
            Self::new(l.iter().map(|p| mm(*p)), true)
        }
    }

    /// All loops of a set as rings.
    #[must_use]
    pub fn rings(set: &Loops, reversed: bool) -> Vec<Self> {
        set.iter().filter_map(|l| Self::ring(l, reversed)).collect()
    }

    /// The whole way, mm.
    #[must_use]
    pub fn length(&self) -> f64 {
        self.way.last().copied().unwrap_or(0.0)
    }

    /// The way to each point; for a closed track the whole way at the end.
    #[must_use]
    pub fn ways(&self) -> &[f64] {
        &self.way
    }

    fn point(&self, i: usize) -> P2 {
        self.points[i % self.points.len()]
    }

    /// Where the way `s` leads, and the direction there. Closed tracks go round.
    #[must_use]
    pub fn at(&self, s: f64) -> (P2, P2) {
        let len = self.length();
        let s = if self.closed {
            s.rem_euclid(len)
        } else {
            s.clamp(0.0, len)
        };
        let i = self.way.partition_point(|w| *w <= s).clamp(1, self.way.len() - 1);
        let (a, b) = (self.point(i - 1), self.point(i));
        let d = self.way[i] - self.way[i - 1];
        let t = if d > 0.0 {
            ((s - self.way[i - 1]) / d).clamp(0.0, 1.0)
        } else {
            0.0
        };
        (lerp(a, b, t), [(b[0] - a[0]) / d, (b[1] - a[1]) / d])
    }

    /// The way to the point nearest to `p`, and its distance.
    #[must_use]
    pub fn nearest(&self, p: P2) -> (f64, f64) {
        let mut best = (0.0, f64::INFINITY);
        for i in 1..self.way.len() {
            let (a, b) = (self.point(i - 1), self.point(i));
            let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
            let t = (((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
            let d = dist(p, lerp(a, b, t));
            if d < best.1 {
                best = (self.way[i - 1] + t * (self.way[i] - self.way[i - 1]), d);
            }
        }
        best
    }

    /// The same track run the other way.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let points = self.points.iter().rev().copied();
        Self::new(points, self.closed).unwrap_or_else(|| self.clone())
    }

    /// Walks on from `from` with the heights of `profile`, pairs of way (from 0, rising) and Z. The pass must
    /// stand at the beginning already; `kind` says what each stretch between two pairs is for.
    pub fn walk(&self, from: f64, profile: &[(f64, f64)], kinds: impl Fn(usize) -> CutRole, pass: &mut Pass) {
        let len = self.length();
        let corners = self.points.len();
        for (k, w) in profile.windows(2).enumerate() {
            let ((s0, z0), (s1, z1)) = (w[0], w[1]);
            let kind = kinds(k);
            if s1 - s0 > SAME {
                // The corners strictly between.
                let (a, b) = (from + s0, from + s1);
                let turn = if self.closed { (a / len).floor() } else { 0.0 };
                let start = a - turn * len;
                let mut i = self.way.partition_point(|w| *w <= start + SAME);
                let mut base = turn * len;
                loop {
                    if i >= corners {
                        if !self.closed {
                            break;
                        }
                        base += len;
                        i = 0;
                    }
                    let s = base + self.way[i];
                    if s >= b - SAME {
                        break;
                    }
                    if s > a + SAME {
                        let z = z0 + (z1 - z0) * (s - a) / (b - a);
                        let p = self.points[i];
                        pass.feed([p[0], p[1], z], kind);
                    }
                    i += 1;
                }
            }
            let p = self.at(from + s1).0;
            pass.feed([p[0], p[1], z1], kind);
        }
    }
}

/// The heights of equal levels from `top` down to `bottom`, none deeper than `step`; the last is `bottom`.
#[must_use]
pub fn levels(top: f64, bottom: f64, step: f64) -> Vec<f64> {
    let deep = top - bottom;
    if deep <= 0.0 {
        return Vec::new();
    }
    let n = (deep / step.max(1e-3) - 1e-9).ceil().clamp(1.0, 10_000.0) as usize;
    (1..=n)
        .map(|i| {
            if i == n {
                bottom
            } else {
                top - deep * i as f64 / n as f64
            }
        })
        .collect()
}

/// True when the straight way from `a` to `b` stays in the region. Ends on its border count as inside.
#[must_use]
pub fn stays_in(region: &Loops, a: P2, b: P2) -> bool {
    /// Ends that lie on the border are off it by rounding, grid units.
    const ROUNDING: f64 = 30.0;
    let d = dist(a, b) * UNITS_PER_MM;
    if d < 3.0 * ROUNDING {
        return true;
    }
    let t = ROUNDING / d;
    let (p, q) = (on_grid(lerp(a, b, t)), on_grid(lerp(a, b, 1.0 - t)));
    let (lo, hi) = (
        Point::new(p.x.min(q.x), p.y.min(q.y)),
        Point::new(p.x.max(q.x), p.y.max(q.y)),
    );
    use offcut_geometry::point::orient;
    for l in region.iter() {
        for (u, v) in offcut_geometry::loops::edges(l) {
            if u.x.max(v.x) < lo.x || u.x.min(v.x) > hi.x || u.y.max(v.y) < lo.y || u.y.min(v.y) > hi.y {
                continue;
            }
            let (a, b) = (orient(p, q, u), orient(p, q, v));
            let (c, d) = (orient(u, v, p), orient(u, v, q));
            if (a > 0) != (b > 0) && (c > 0) != (d > 0) {
                return false;
            }
        }
    }
    region.contains(p) && region.contains(q)
}

/// How a path gets down to the heights of its levels.
pub fn ramp_length(depth: f64, angle: f64) -> f64 {
    depth / libm::tan(angle.clamp(0.5, 89.0).to_radians())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square() -> Track {
        let t = Track::new([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]], true);
        t.unwrap_or_else(|| unreachable!())
    }

    #[test]
    fn ways_and_places() {
        let t = square();
        assert_eq!(t.length(), 40.0);
        assert_eq!(t.at(15.0).0, [10.0, 5.0]);
        assert_eq!(t.at(-5.0).0, [0.0, 5.0]);
        assert_eq!(t.nearest([5.0, -3.0]), (5.0, 3.0));
    }

    #[test]
    fn a_walk_meets_every_corner_and_climbs_evenly() {
        let t = square();
        let mut p = Pass::at([5.0, 0.0, 0.0]);
        t.walk(
            5.0,
            &[(0.0, 0.0), (20.0, -2.0), (60.0, -2.0)],
            |_| CutRole::Ramp,
            &mut p,
        );
        let ends: Vec<[f64; 3]> = p.moves.iter().filter_map(crate::Move::to).collect();
        assert_eq!(ends[0], [10.0, 0.0, -0.5]);
        assert_eq!(ends[1], [10.0, 10.0, -1.5]);
        assert_eq!(ends[2], [5.0, 10.0, -2.0]);
        assert_eq!(ends[3], [0.0, 10.0, -2.0]);
        assert_eq!(ends.last(), Some(&[5.0, 10.0, -2.0]));
        assert_eq!(ends.len(), 8);
    }

    #[test]
    fn levels_end_at_the_bottom() {
        assert_eq!(levels(0.0, -10.0, 3.0).len(), 4);
        assert_eq!(levels(0.0, -9.0, 3.0), [-3.0, -6.0, -9.0]);
        assert!(levels(0.0, 0.0, 3.0).is_empty());
    }

    #[test]
    fn straight_ways_across_a_notch_are_seen() {
        let u = |x: f64, y: f64| on_grid([x, y]);
        let set: Loops = [vec![
            u(0.0, 0.0),
            u(30.0, 0.0),
            u(30.0, 10.0),
            u(20.0, 10.0),
            u(20.0, 5.0),
            u(10.0, 5.0),
            u(10.0, 10.0),
            u(0.0, 10.0),
        ]]
        .into_iter()
        .collect();
        assert!(stays_in(&set, [0.0, 0.0], [30.0, 0.0]));
        assert!(stays_in(&set, [5.0, 9.0], [12.0, 2.0]));
        assert!(!stays_in(&set, [5.0, 10.0], [25.0, 10.0]));
        assert!(!stays_in(&set, [5.0, 9.0], [40.0, 0.0]));
    }
}
