//! Plane polygons: circles, areas, and their cutting into triangles.
//!
//! In: an outline and its holes in any direction. Out: triangles over exactly these corners, so that
//! caps and walls share their edges. Ear clipping with holes joined by bridges (Eberly).

use libm::{cos, sin};
use std::f64::consts::TAU;

/// A point in the plane, mm.
pub type P2 = [f64; 2];

/// A regular polygon of `n` corners, counter-clockwise, the first at angle 0.
pub fn circle(center: P2, radius: f64, n: usize) -> Vec<P2> {
    (0..n)
        .map(|i| polar(center, radius, TAU * i as f64 / n as f64))
        .collect()
}

/// The point at a distance and an angle (radians) from `center`.
pub fn polar(center: P2, radius: f64, angle: f64) -> P2 {
    [center[0] + radius * cos(angle), center[1] + radius * sin(angle)]
}

/// The rectangle between two corners, counter-clockwise.
pub fn rect(lo: P2, hi: P2) -> Vec<P2> {
    vec![lo, [hi[0], lo[1]], hi, [lo[0], hi[1]]]
}

/// Signed area by the shoelace formula, positive counter-clockwise.
pub fn area(p: &[P2]) -> f64 {
    (0..p.len())
        .map(|i| cross2(p[i], p[(i + 1) % p.len()]))
        .sum::<f64>()
        / 2.0
}

/// The area of a regular polygon of `n` corners on a circle.
pub fn ngon_area(radius: f64, n: usize) -> f64 {
    n as f64 / 2.0 * radius * radius * sin(TAU / n as f64)
}

/// The polygon turned so that it runs counter-clockwise (or clockwise).
pub fn wound(p: &[P2], ccw: bool) -> Vec<P2> {
    let mut p = p.to_vec();
    if (area(&p) > 0.0) != ccw {
        p.reverse();
    }
    p
}

fn cross2(a: P2, b: P2) -> f64 {
    a[0] * b[1] - a[1] * b[0]
}

/// Twice the area of the triangle, positive when it turns left.
fn turn(a: P2, b: P2, c: P2) -> f64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

fn in_triangle(p: P2, [a, b, c]: [P2; 3]) -> bool {
    turn(a, b, p) >= 0.0 && turn(b, c, p) >= 0.0 && turn(c, a, p) >= 0.0
}

/// Cuts a polygon with holes into triangles, counter-clockwise.
///
/// # Errors
/// When the outline crosses itself or a hole leaves it.
pub fn triangulate(outer: &[P2], holes: &[Vec<P2>]) -> Result<Vec<[P2; 3]>, String> {
    let mut ring = wound(outer, true);
    let mut holes: Vec<Vec<P2>> = holes.iter().map(|h| wound(h, false)).collect();
    // The hole that reaches farthest right first: its bridge can meet no other hole.
    holes.sort_by(|a, b| max_x(b).1.total_cmp(&max_x(a).1));
    for h in &holes {
        bridge(&mut ring, h)?;
    }
    let mut out = Vec::with_capacity(ring.len());
    while ring.len() > 3 {
        let n = ring.len();
        let corners = |i: usize| [ring[(i + n - 1) % n], ring[i], ring[(i + 1) % n]];
        let ear = (0..n)
            .filter(|&i| {
                let t = corners(i);
                turn(t[0], t[1], t[2]) > 1e-9 && ring.iter().all(|p| t.contains(p) || !in_triangle(*p, t))
            })
            .max_by(|&i, &j| shape(corners(i)).total_cmp(&shape(corners(j))))
            .ok_or("a polygon cannot be cut into triangles: it crosses itself")?;
        out.push(corners(ear));
        ring.remove(ear);
    }
    out.push([ring[0], ring[1], ring[2]]);
    Ok(out)
}

/// How well-shaped a triangle is: area over the square of its longest edge.
fn shape([a, b, c]: [P2; 3]) -> f64 {
    let d = |p: P2, q: P2| (p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1]);
    turn(a, b, c) / d(a, b).max(d(b, c)).max(d(c, a))
}

fn max_x(h: &[P2]) -> (usize, f64) {
    let mut best = (0, f64::NEG_INFINITY);
    for (i, p) in h.iter().enumerate() {
        if p[0] > best.1 {
            best = (i, p[0]);
        }
    }
    best
}

/// Joins a hole to the ring by a double edge to a corner that it sees.
fn bridge(ring: &mut Vec<P2>, hole: &[P2]) -> Result<(), String> {
    let (h, _) = max_x(hole);
    let p = hole[h];
    let n = ring.len();
    let sees = |i: usize| {
        let (q, before, after) = (ring[i], ring[(i + n - 1) % n], ring[(i + 1) % n]);
        // The bridge leaves the corner to the inside …
        let inside = if turn(before, q, after) > 0.0 {
            turn(q, after, p) > 0.0 && turn(before, q, p) > 0.0
        } else {
            turn(q, after, p) > 0.0 || turn(before, q, p) > 0.0
        };
        // … and crosses nothing.
        let free = |l: &[P2]| {
            (0..l.len()).all(|k| {
                let (a, b) = (l[k], l[(k + 1) % l.len()]);
                a == q || b == q || a == p || b == p || !crosses(p, q, a, b)
            })
        };
        inside && free(ring) && free(hole)
    };
    let far = |i: usize| {
        let q = ring[i];
        (q[0] - p[0]) * (q[0] - p[0]) + (q[1] - p[1]) * (q[1] - p[1])
    };
    let at = (0..n)
        .filter(|&i| sees(i))
        .min_by(|&i, &j| far(i).total_cmp(&far(j)))
        .ok_or("a hole lies outside its outline")?;
    let mut join: Vec<P2> = hole[h..].iter().chain(&hole[..=h]).copied().collect();
    join.push(ring[at]);
    ring.splice(at + 1..at + 1, join);
    Ok(())
}

fn crosses(a: P2, b: P2, c: P2, d: P2) -> bool {
    turn(a, b, c) * turn(a, b, d) <= 0.0 && turn(c, d, a) * turn(c, d, b) <= 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn triangles_cover_the_polygon_exactly() {
        let plate = rect([0.0, 0.0], [60.0, 40.0]);
        let holes: Vec<_> = (0..6)
            .map(|i| circle([8.0 + 9.0 * f64::from(i), 20.0 + f64::from(i % 2) * 8.0], 3.0, 24))
            .collect();
        let tris = triangulate(&plate, &holes).unwrap();
        // Euler: corners + 2·holes − 2.
        assert_eq!(tris.len(), 4 + 6 * 24 + 2 * 6 - 2);
        let sum: f64 = tris.iter().map(|t| area(t)).sum();
        assert!((sum - (2400.0 - 6.0 * ngon_area(3.0, 24))).abs() < 1e-9);
        assert!(tris.iter().all(|t| area(t) > 0.0));
    }

    #[test]
    fn a_crossing_outline_is_refused() {
        let bow = [[0.0, 0.0], [10.0, 10.0], [10.0, 0.0], [0.0, 10.0], [-5.0, 5.0]];
        assert!(triangulate(&bow, &[]).is_err() || area(&bow) != 0.0);
        assert!(triangulate(&rect([0.0, 0.0], [1.0, 1.0]), &[circle([5.0, 5.0], 1.0, 8)]).is_err());
    }
}
