//! Convex hulls.

use crate::point::{Point, orient};

/// The convex hull, counter-clockwise, without collinear points (Andrew's monotone chain, 1979).
#[must_use]
pub fn convex_hull(points: &[Point]) -> Vec<Point> {
    let mut p = points.to_vec();
    p.sort_unstable();
    p.dedup();
    let mut hull: Vec<Point> = Vec::new();
    for pass in 0..2 {
        let base = hull.len();
        for &q in &p {
            while hull.len() >= base + 2 && orient(hull[hull.len() - 2], hull[hull.len() - 1], q) <= 0 {
                hull.pop();
            }
            hull.push(q);
        }
        hull.pop();
        if pass == 0 {
            p.reverse();
        }
    }
    hull
}

/// True when two convex outlines (as [`convex_hull`] gives them) share a point. Two convex sets that don't
/// are parted by the line of an edge of one of them.
#[must_use]
pub fn touch(a: &[Point], b: &[Point]) -> bool {
    let parts = |a: &[Point], b: &[Point]| {
        (0..a.len()).any(|i| {
            let (p, q) = (a[i], a[(i + 1) % a.len()]);
            p != q && b.iter().all(|&r| orient(p, q, r) < 0)
        })
    };
    !a.is_empty() && !b.is_empty() && !parts(a, b) && !parts(b, a)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: i32, y: i32, r: i32) -> Vec<Point> {
        convex_hull(
            &[(-r, -r), (r, -r), (r, r), (-r, r), (0, 0), (0, r)].map(|(u, v)| Point::new(x + u, y + v)),
        )
    }

    #[test]
    fn hull_of_a_square_is_its_corners() {
        let want = [(-5, -5), (5, -5), (5, 5), (-5, 5)].map(|(x, y)| Point::new(x, y));
        assert_eq!(square(0, 0, 5), want);
    }

    #[test]
    fn outlines_touch_when_they_share_a_point() {
        let a = square(0, 0, 5);
        for (b, want) in [
            (square(10, 0, 5), true),
            (square(11, 0, 5), false),
            (square(0, 0, 1), true),
            (square(10, 10, 5), true),
            (square(10, 11, 5), false),
        ] {
            assert_eq!(touch(&a, &b), want, "{b:?}");
            assert_eq!(touch(&b, &a), want, "{b:?}");
        }
        // Boxes overlap, outlines don't: the corner of a diamond beside a square.
        let diamond = convex_hull(&[(14, 7), (7, 14), (14, 21), (21, 14)].map(|(x, y)| Point::new(x, y)));
        assert!(!touch(&square(5, 5, 5), &diamond));
        assert!(touch(&square(6, 6, 5), &diamond));
    }
}
