//! Simplification of loops and polylines within a tolerance.

use crate::loops::{Loops, area2};
use crate::point::Point;

/// Loops that enclose less than this (twice the area, square units) are dropped: 0.001 mm².
const MIN_AREA2: i64 = 20_000_000;

/// Walks the points once, holding an anchor and the wedge of directions that stay within `tol` of
/// every point seen since; a point that leaves the wedge or turns back makes its predecessor a
/// vertex (Imai and Iri's funnel, one pass). Appends the vertices after the first to `out`.
fn funnel(points: impl Iterator<Item = Point>, first: Point, tol: f64, out: &mut Vec<Point>) {
    struct Wedge {
        low: (f64, f64),
        high: (f64, f64),
        open: bool,
        reach2: f64,
    }
    const CLOSED: Wedge = Wedge {
        low: (0.0, 0.0),
        high: (0.0, 0.0),
        open: false,
        reach2: 0.0,
    };
    let mut anchor = first;
    let mut prev = first;
    let mut w = CLOSED;
    for c in points {
        loop {
            let (vx, vy) = (f64::from(c.x - anchor.x), f64::from(c.y - anchor.y));
            let r2 = vx * vx + vy * vy;
            let outside = w.open
                && (w.low.0 * vy - w.low.1 * vx < 0.0
                    || vx * w.high.1 - vy * w.high.0 < 0.0
                    || r2 < w.reach2);
            if outside && prev != anchor {
                out.push(prev);
                anchor = prev;
                w = CLOSED;
                continue;
            }
            if r2 > tol * tol {
                let r = r2.sqrt();
                let k = tol / r;
                let low = (vx + vy * k, vy - vx * k);
                let high = (vx - vy * k, vy + vx * k);
                if w.open {
                    if w.low.0 * low.1 - w.low.1 * low.0 > 0.0 {
                        w.low = low;
                    }
                    if w.high.0 * high.1 - w.high.1 * high.0 < 0.0 {
                        w.high = high;
                    }
                } else {
                    (w.low, w.high, w.open) = (low, high, true);
                }
                let reach = (r - tol).max(0.0);
                w.reach2 = w.reach2.max(reach * reach);
            }
            break;
        }
        prev = c;
    }
}

/// Simplifies one closed loop and appends it to `out`; loops below 0.001 mm² vanish. `tol` in grid
/// units. Starts at the leftmost point, so the result does not depend on where the loop began; left is
/// a little turned, so that rounding does not decide which end of an upright wall it is.
pub fn simplify_loop(l: &[Point], tol: f64, out: &mut Loops) {
    if l.len() < 3 {
        return;
    }
    let start = (0..l.len())
        .min_by_key(|&i| (64 * i64::from(l[i].x) + i64::from(l[i].y), l[i]))
        .unwrap_or(0);
    let first = l[start];
    let begin = out.points.len();
    // Few loops keep more; room for all points would stay taken.
    out.points.reserve(l.len().min(32));
    out.points.push(first);
    let ring = l[start + 1..].iter().chain(&l[..=start]).copied();
    funnel(ring, first, tol, &mut out.points);
    if out.points.len() - begin < 3 || area2(&out.points[begin..]).abs() < MIN_AREA2 {
        out.points.truncate(begin);
    } else {
        out.close();
    }
}

/// Simplifies every loop of a set.
#[must_use]
pub fn simplify(set: &Loops, tol: f64) -> Loops {
    let mut out = Loops::new();
    for l in set.iter() {
        simplify_loop(l, tol, &mut out);
    }
    out
}

/// Simplifies an open polyline; both ends stay. `tol` in grid units.
#[must_use]
pub fn simplify_polyline(l: &[Point], tol: f64) -> Vec<Point> {
    let (Some(&first), Some(&last)) = (l.first(), l.last()) else {
        return Vec::new();
    };
    let mut out = vec![first];
    funnel(l[1..].iter().copied(), first, tol, &mut out);
    if l.len() > 1 {
        out.push(last);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collinear_points_go() {
        let l: Vec<Point> = [
            (0, 0),
            (50_000, 0),
            (100_000, 0),
            (100_000, 100_000),
            (0, 100_000),
            (0, 40_000),
        ]
        .map(|(x, y)| Point::new(x, y))
        .to_vec();
        let mut out = Loops::new();
        simplify_loop(&l, 10.0, &mut out);
        assert_eq!(out.get(0).len(), 4);
        assert_eq!(out.area2(), 2 * 100_000i64 * 100_000);
    }

    #[test]
    fn circle_keeps_within_tolerance() {
        let n = 1000;
        let r = 1_000_000.0;
        let l: Vec<Point> = (0..n)
            .map(|i| {
                let a = f64::from(i) / f64::from(n) * std::f64::consts::TAU;
                Point::new((r * a.cos()) as i32, (r * a.sin()) as i32)
            })
            .collect();
        let mut out = Loops::new();
        simplify_loop(&l, 1000.0, &mut out);
        let m = out.get(0).len();
        assert!((60..200).contains(&m), "{m} vertices");
        let loss = 1.0 - out.area2() as f64 / area2(&l) as f64;
        assert!(loss.abs() < 2.0 * 1000.0 / r, "{loss}");
    }
}
