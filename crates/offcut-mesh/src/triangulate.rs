//! Polygons in space cut into triangles.

/// Appends the triangles of a polygon as corner numbers. Convex polygons become a fan from the first corner;
/// others lose their ears one by one, seen along the polygon's normal (Meisters' two ears theorem).
pub fn polygon(points: &[[f32; 3]], out: &mut Vec<[usize; 3]>) {
    let n = points.len();
    if n < 3 {
        return;
    }
    let flat = projected(points);
    let convex = n == 3 || (0..n).all(|i| cross(&flat, i, (i + 1) % n, (i + 2) % n) >= 0.0);
    if convex {
        out.extend((1..n - 1).map(|i| [0, i, i + 1]));
        return;
    }
    let mut left: Vec<usize> = (0..n).collect();
    let mut at = 0;
    let mut misses = 0;
    // Honest polygons need few tries; a hostile one must not make this cubic.
    let mut tries = 4 * n;
    while left.len() > 3 {
        let m = left.len();
        let (a, b, c) = (left[at % m], left[(at + 1) % m], left[(at + 2) % m]);
        // A polygon without an ear crosses itself: then any corner has to do.
        if is_ear(&flat, &left, a, b, c) || misses >= m || tries == 0 {
            out.push([a, b, c]);
            left.remove((at + 1) % m);
            misses = 0;
            at %= left.len();
        } else {
            at = (at + 1) % m;
            misses += 1;
            tries -= 1;
        }
    }
    out.push([left[0], left[1], left[2]]);
}

/// The points seen along the polygon's normal by Newell's method, counter-clockwise.
fn projected(points: &[[f32; 3]]) -> Vec<[f64; 2]> {
    let p = |i: usize| points[i % points.len()].map(f64::from);
    let mut normal = [0.0; 3];
    for i in 0..points.len() {
        let (a, b) = (p(i), p(i + 1));
        for (k, sum) in normal.iter_mut().enumerate() {
            let (u, v) = ((k + 1) % 3, (k + 2) % 3);
            *sum += (a[u] - b[u]) * (a[v] + b[v]);
        }
    }
    let axis = (0..3).fold(0, |best, k| {
        if normal[k].abs() > normal[best].abs() {
            k
        } else {
            best
        }
    });
    let (u, v) = if normal[axis] >= 0.0 {
        ((axis + 1) % 3, (axis + 2) % 3)
    } else {
        ((axis + 2) % 3, (axis + 1) % 3)
    };
    (0..points.len()).map(|i| [p(i)[u], p(i)[v]]).collect()
}

/// Twice the signed area of a triangle.
fn cross(p: &[[f64; 2]], a: usize, b: usize, c: usize) -> f64 {
    (p[b][0] - p[a][0]) * (p[c][1] - p[a][1]) - (p[b][1] - p[a][1]) * (p[c][0] - p[a][0])
}

/// Whether the corner at `b` sticks out and no other corner lies in its triangle.
fn is_ear(p: &[[f64; 2]], left: &[usize], a: usize, b: usize, c: usize) -> bool {
    cross(p, a, b, c) > 0.0
        && !left.iter().any(|&q| {
            // Corners may coincide where a polygon touches itself.
            let same = |k: usize| p[q] == p[k];
            !same(a)
                && !same(b)
                && !same(c)
                && cross(p, a, b, q) >= 0.0
                && cross(p, b, c, q) >= 0.0
                && cross(p, c, a, q) >= 0.0
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn area(points: &[[f32; 3]]) -> f64 {
        let mut out = Vec::new();
        polygon(points, &mut out);
        assert_eq!(out.len(), points.len() - 2);
        let p: Vec<[f64; 2]> = points
            .iter()
            .map(|p| [f64::from(p[0]), f64::from(p[1])])
            .collect();
        // Positive only when no triangle is turned over.
        assert!(out.iter().all(|t| cross(&p, t[0], t[1], t[2]) >= -1e-9));
        out.iter().map(|t| cross(&p, t[0], t[1], t[2]) / 2.0).sum()
    }

    #[test]
    fn an_l_keeps_its_area() {
        let l = [
            [0.0, 0.0],
            [2.0, 0.0],
            [2.0, 1.0],
            [1.0, 1.0],
            [1.0, 3.0],
            [0.0, 3.0],
        ];
        for shift in 0..6 {
            let mut points = l.map(|p| [p[0], p[1], 5.0]);
            points.rotate_left(shift);
            assert!((area(&points) - 4.0).abs() < 1e-9);
        }
    }

    proptest! {
        #[test]
        fn stars_keep_their_area(radii in prop::collection::vec(0.2f64..5.0, 5..40)) {
            let n = radii.len() as f64;
            let points: Vec<[f32; 3]> = radii.iter().enumerate().map(|(i, r)| {
                let angle = std::f64::consts::TAU * i as f64 / n;
                [(r * angle.cos()) as f32, (r * angle.sin()) as f32, 1.0]
            }).collect();
            let shoelace: f64 = (0..points.len()).map(|i| {
                let (a, b) = (points[i].map(f64::from), points[(i + 1) % points.len()].map(f64::from));
                (a[0] * b[1] - a[1] * b[0]) / 2.0
            }).sum();
            prop_assert!((area(&points) - shoelace).abs() < 1e-4);
        }
    }
}
