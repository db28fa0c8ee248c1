//! Short steps become arcs and lines.
//!
//! In: points. Out: the fewest pieces that a greedy search finds. Promised: every point is within [`TOLERANCE`] of its
//! piece, and pieces begin and end at points.

use crate::path::{P2, dist};
use std::f64::consts::PI;

/// How near the pieces stay to the points, mm: far below what changes an engagement.
pub const TOLERANCE: f64 = 0.002;
/// Larger arcs are lines, mm.
const MOST_RADIUS: f64 = 2000.0;

/// A move from the end of the one before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Piece {
    /// Straight.
    Line(P2),
    /// Along a circle.
    Arc {
        /// The end.
        to: P2,
        /// The circle's middle.
        center: P2,
        /// Counter-clockwise.
        ccw: bool,
    },
}

/// Joins points by pieces.
#[must_use]
pub fn fit(points: &[P2]) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut i = 0;
    while i + 1 < points.len() {
        // The longest of doubling lengths, then between that and the next.
        let at = |n: usize| points.get(i..=i + n).and_then(piece);
        let mut best = (1, Piece::Line(points[i + 1]));
        let mut tried = 1;
        while let Some(p) = at(2 * tried) {
            tried *= 2;
            best = (tried, p);
        }
        let (mut good, mut bad) = (best.0, (2 * tried).min(points.len() - i));
        while bad > good + 1 {
            let m = usize::midpoint(good, bad);
            match at(m) {
                Some(p) => (good, best) = (m, (m, p)),
                None => bad = m,
            }
        }
        out.push(best.1);
        i += best.0;
    }
    out
}

/// One piece from the first of some points to the last, if it is near all.
fn piece(points: &[P2]) -> Option<Piece> {
    let (a, b) = (points[0], points[points.len() - 1]);
    let m = points[points.len() / 2];
    let (u, v) = ([m[0] - a[0], m[1] - a[1]], [b[0] - a[0], b[1] - a[1]]);
    let cross = u[0] * v[1] - u[1] * v[0];
    let chord = libm::hypot(v[0], v[1]);
    if chord < 1e-6 {
        return None;
    }
    let inner = &points[1..points.len() - 1];
    let straight = |p: &P2| {
        let w = [p[0] - a[0], p[1] - a[1]];
        let along = (w[0] * v[0] + w[1] * v[1]) / chord;
        let off = (v[0] * w[1] - v[1] * w[0]).abs() / chord;
        off <= TOLERANCE && along > 0.0 && along < chord
    };
    if inner.iter().all(straight) {
        return Some(Piece::Line(b));
    }
    let (uu, vv) = (u[0] * u[0] + u[1] * u[1], v[0] * v[0] + v[1] * v[1]);
    let center = [
        a[0] + (v[1] * uu - u[1] * vv) / (2.0 * cross),
        a[1] + (u[0] * vv - v[0] * uu) / (2.0 * cross),
    ];
    let r = dist(center, a);
    if !(r.is_finite() && r < MOST_RADIUS) {
        return None;
    }
    let ccw = cross > 0.0;
    // Every step turns the same way, and all together by less than a half circle.
    let mut sum = 0.0;
    for w in points.windows(2) {
        let (p, q) = (
            [w[0][0] - center[0], w[0][1] - center[1]],
            [w[1][0] - center[0], w[1][1] - center[1]],
        );
        let turn = libm::atan2(p[0] * q[1] - p[1] * q[0], p[0] * q[0] + p[1] * q[1]);
        sum += if ccw { turn } else { -turn };
        let middle = [0.5 * (w[0][0] + w[1][0]), 0.5 * (w[0][1] + w[1][1])];
        let off = (dist(w[1], center) - r)
            .abs()
            .max((dist(middle, center) - r).abs());
        if off > TOLERANCE || (turn > 0.0) != ccw || sum > PI {
            return None;
        }
    }
    Some(Piece::Arc { to: b, center, ccw })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_and_corners_become_few_pieces() {
        // A straight run, then three quarters of a circle, then a corner.
        let mut points: Vec<P2> = (0..50).map(|i| [f64::from(i) * 0.2 - 10.0, -5.0]).collect();
        points.extend((0..=240).map(|i| {
            let a = (f64::from(i) / 240.0 * 270.0 - 90.0).to_radians();
            [5.0 * a.cos(), 5.0 * a.sin()]
        }));
        points.push([-9.0, 0.0]);
        let pieces = fit(&points);
        assert!(pieces.len() <= 5, "{pieces:?}");
        assert!(matches!(pieces[0], Piece::Line(_)));
        let arcs = pieces.iter().filter_map(|p| match p {
            Piece::Arc { center, ccw, .. } => Some((*center, *ccw)),
            Piece::Line(_) => None,
        });
        for (c, ccw) in arcs {
            assert!(dist(c, [0.0; 2]) < 0.01 && ccw);
        }
        assert!(matches!(pieces[pieces.len() - 1], Piece::Line(p) if p == [-9.0, 0.0]));
    }
}
