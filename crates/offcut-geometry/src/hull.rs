//! Convex hulls.

use crate::point::{Point, orient};

/// The convex hull, counter-clockwise, without collinear points (Andrew's monotone chain, 1979).
#[must_use]
pub fn convex_hull(points: &[Point]) -> Vec<Point> {
    let mut p = without_inner(points);
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

/// The points without those strictly inside the octagon of the extreme ones (Akl and Toussaint 1978): of dense
/// outlines few are left to be sorted.
fn without_inner(points: &[Point]) -> Vec<Point> {
    const DIRECTIONS: [(i64, i64); 8] = [
        (1, 0),
        (1, 1),
        (0, 1),
        (-1, 1),
        (-1, 0),
        (-1, -1),
        (0, -1),
        (1, -1),
    ];
    let Some(&first) = points.first() else {
        return Vec::new();
    };
    let mut best = [i64::MIN; 8];
    let mut corner = [first; 8];
    for &p in points {
        for ((&(x, y), best), corner) in DIRECTIONS.iter().zip(&mut best).zip(&mut corner) {
            let far = x * i64::from(p.x) + y * i64::from(p.y);
            if far > *best {
                (*best, *corner) = (far, p);
            }
        }
    }
    let edges: Vec<(Point, Point)> = (0..8)
        .map(|k| (corner[k], corner[(k + 1) % 8]))
        .filter(|(a, b)| a != b)
        .collect();
    let inside = |p: Point| !edges.is_empty() && edges.iter().all(|&(a, b)| orient(a, b, p) > 0);
    points.iter().copied().filter(|&p| !inside(p)).collect()
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
    fn a_hull_has_all_points_to_its_left_and_turns_left() {
        let mut seed = 7u64;
        for round in 0..2000u64 {
            let mut random = |n: u64| {
                seed = seed.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(1);
                (seed >> 33) as i64 % n as i64
            };
            // Small ranges have equal and collinear points; wide ones reach over five metres.
            let range = [3, 8, 1000, 1 << 30][round as usize % 4];
            let points: Vec<Point> = (0..1 + random(60))
                .map(|_| {
                    Point::new(
                        (random(range) - (range as i64) / 2) as i32,
                        (random(range) - (range as i64) / 2) as i32,
                    )
                })
                .collect();
            let hull = convex_hull(&points);
            assert!(hull.iter().all(|p| points.contains(p)));
            let n = hull.len();
            for i in 0..n {
                let (a, b) = (hull[i], hull[(i + 1) % n]);
                if n > 2 {
                    assert!(orient(a, b, hull[(i + 2) % n]) > 0);
                }
                if n > 1 {
                    assert!(points.iter().all(|&p| orient(a, b, p) >= 0), "{points:?}");
                }
            }
        }
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
