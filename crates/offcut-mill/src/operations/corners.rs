//! Dogbones and T-bones: the tool goes into inner corners, so that square counterparts fit.

use super::profile::Corners;
use crate::path::{P2, Track, mm};
use offcut_geometry::Loops;

/// Turns below this (radians) need no relief.
const LEAST: f64 = 0.35;

/// How near a corner of the region must lie to where the path says that it is, mm.
const NEAR: f64 = 0.01;

/// The ring with a way into every inner corner and back. `material_right`: the material to be kept lies to the right;
/// `region` has its walls, `leave` is left on them. Corners of the path that are none of the region, as where the tool
/// is too wide for a short side, stay as they are. `None` when the ring has no such corner.
#[must_use]
pub fn relieve(
    t: &Track,
    [radius, leave]: [f64; 2],
    style: Corners,
    material_right: bool,
    region: &Loops,
) -> Option<Track> {
    let n = t.points.len();
    let mut out: Vec<P2> = Vec::with_capacity(n + 8);
    let mut found = false;
    for i in 0..n {
        let (a, b, c) = (t.points[(i + n - 1) % n], t.points[i], t.points[(i + 1) % n]);
        let unit = |p: P2, q: P2| {
            let d = crate::path::dist(p, q);
            ([(q[0] - p[0]) / d, (q[1] - p[1]) / d], d)
        };
        let ((u, lu), (v, lv)) = (unit(a, b), unit(b, c));
        let cross = u[0] * v[1] - u[1] * v[0];
        let turn = libm::atan2(cross, u[0] * v[0] + u[1] * v[1]);
        out.push(b);
        // An inner corner turns away from the material.
        let inner = if material_right {
            turn > LEAST
        } else {
            turn < -LEAST
        };
        if !inner || turn.abs() > 3.0 {
            continue;
        }
        let bisector = [u[0] - v[0], u[1] - v[1]];
        let m = libm::hypot(bisector[0], bisector[1]);
        let far = (radius + leave) / libm::sin((std::f64::consts::PI - turn.abs()) / 2.0) / m;
        let corner = [b[0] + bisector[0] * far, b[1] + bisector[1] * far];
        if !region
            .points
            .iter()
            .any(|p| crate::path::dist(mm(*p), corner) < NEAR)
        {
            continue;
        }
        found = true;
        // The corner itself lies a radius off both sides of the path.
        let half = (std::f64::consts::PI - turn.abs()) / 2.0;
        let into = match style {
            Corners::Tbone => {
                // Along the longer side until the circle meets the corner.
                let (d, k) = if lu >= lv { (u, 1.0) } else { (v, -1.0) };
                let past = radius / libm::tan(half);
                [d[0] * k * past, d[1] * k * past]
            }
            _ => {
                let past = radius / libm::sin(half) - radius;
                bisector.map(|s| s / m * past)
            }
        };
        out.push([b[0] + into[0], b[1] + into[1]]);
        out.push(b);
    }
    if found { Track::new(out, true) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn square_corners_are_reached() {
        // The path of a 6 mm tool in a pocket of 40 mm, counter-clockwise: corners of the pocket at ±20.
        let t = Track::new([[-17.0, -17.0], [17.0, -17.0], [17.0, 17.0], [-17.0, 17.0]], true);
        let corners = [[-20.0, -20.0], [20.0, -20.0], [20.0, 20.0], [-20.0, 20.0]];
        let pocket: Loops = [corners.map(crate::path::on_grid).to_vec()].into_iter().collect();
        for style in [Corners::Dogbone, Corners::Tbone] {
            let Some(r) = t
                .as_ref()
                .and_then(|t| relieve(t, [3.0, 0.0], style, true, &pocket))
            else {
                unreachable!()
            };
            for corner in [[20.0, 20.0], [-20.0, 20.0], [20.0, -20.0], [-20.0, -20.0]] {
                let near = r
                    .points
                    .iter()
                    .map(|p| crate::path::dist(*p, corner))
                    .fold(9e9, f64::min);
                assert!((near - 3.0).abs() < 1e-9, "{style:?} {near}");
            }
        }
        let none = |right: bool, region: &Loops| {
            let t = t.as_ref();
            t.and_then(|t| relieve(t, [3.0, 0.0], Corners::Dogbone, right, region))
                .is_none()
        };
        assert!(none(false, &pocket));
        // The path's corners are not the region's.
        assert!(none(true, &Loops::new()));
    }
}
