//! Closed bodies made of triangles: extruded, turned, lofted.
//!
//! In: outlines. Out: triangles in single precision whose edges meet exactly, counter-clockwise seen
//! from outside.

use super::polygon::{P2, triangulate, wound};
use libm::{cos, sin};
use std::f64::consts::TAU;

/// A point in space, mm.
pub type P3 = [f64; 3];

/// A body or several, as triangles.
#[derive(Debug, Clone, Default)]
pub struct Solid {
    /// The corners, mm.
    pub triangles: Vec<[[f32; 3]; 3]>,
}

impl Solid {
    /// Adds a triangle; one without area is left out.
    pub fn triangle(&mut self, t: [P3; 3]) {
        let t = t.map(|p| p.map(|v| if v.abs() < 1e-9 { 0.0 } else { v as f32 }));
        if t[0] != t[1] && t[1] != t[2] && t[2] != t[0] {
            self.triangles.push(t);
        }
    }

    /// Adds the quadrilateral `a b c d`, split along `a c`.
    pub fn quad(&mut self, [a, b, c, d]: [P3; 4]) {
        self.triangle([a, b, c]);
        self.triangle([a, c, d]);
    }

    /// Adds a flat face: a polygon with holes, put in space by `to`, seen from the other side when `flip`.
    pub fn face(
        &mut self,
        outer: &[P2],
        holes: &[Vec<P2>],
        flip: bool,
        to: impl Fn(P2) -> P3,
    ) -> Result<(), String> {
        for t in triangulate(outer, holes)? {
            let [a, b, c] = t.map(&to);
            self.triangle(if flip { [a, c, b] } else { [a, b, c] });
        }
        Ok(())
    }

    /// Adds walls between two closed rings of equally many points, `lower` counter-clockwise seen from the
    /// side of `upper` when the outside is outside.
    pub fn band(&mut self, lower: &[P3], upper: &[P3]) {
        let n = lower.len();
        for i in 0..n {
            let j = (i + 1) % n;
            self.quad([lower[i], lower[j], upper[j], upper[i]]);
        }
    }

    /// Adds the prism over a polygon with holes; `to` puts (x, y, height) in space.
    pub fn prism(
        &mut self,
        outer: &[P2],
        holes: &[Vec<P2>],
        [z0, z1]: [f64; 2],
        to: impl Fn(P3) -> P3,
    ) -> Result<(), String> {
        self.face(outer, holes, true, |p| to([p[0], p[1], z0]))?;
        self.face(outer, holes, false, |p| to([p[0], p[1], z1]))?;
        let rings = std::iter::once(wound(outer, true)).chain(holes.iter().map(|h| wound(h, false)));
        for ring in rings {
            let at = |z: f64| -> Vec<P3> { ring.iter().map(|p| to([p[0], p[1], z])).collect() };
            self.band(&at(z0), &at(z1));
        }
        Ok(())
    }

    /// Adds the upright prism over a polygon with holes.
    pub fn extrude(&mut self, outer: &[P2], holes: &[Vec<P2>], z: [f64; 2]) -> Result<(), String> {
        self.prism(outer, holes, z, |p| p)
    }

    /// Adds the prism over a polygon of the XZ plane with holes, lying along Y.
    pub fn extrude_y(&mut self, outer: &[P2], holes: &[Vec<P2>], y: [f64; 2]) -> Result<(), String> {
        // x to the right and z up look along +Y, so the prism's height runs against it.
        self.prism(outer, holes, [-y[1], -y[0]], |[x, z, h]| [x, -h, z])
    }

    /// Adds the body of stacked horizontal rings, bottom up, closed by flat caps.
    pub fn loft(&mut self, rings: &[Vec<P3>]) -> Result<(), String> {
        for pair in rings.windows(2) {
            self.band(&pair[0], &pair[1]);
        }
        for (ring, bottom) in [(rings.first(), true), (rings.last(), false)] {
            let ring = ring.ok_or("a loft without rings")?;
            let flat: Vec<P2> = ring.iter().map(|p| [p[0], p[1]]).collect();
            self.face(&flat, &[], bottom, |p| [p[0], p[1], ring[0][2]])?;
        }
        Ok(())
    }

    /// Adds the body that a profile (radius, height), bottom up from axis to axis, sweeps around `center`.
    pub fn revolve(&mut self, profile: &[P2], center: P2, n: usize) {
        let at = |[r, z]: P2, i: usize| {
            let a = TAU * (i % n) as f64 / n as f64;
            [center[0] + r * cos(a), center[1] + r * sin(a), z]
        };
        for w in profile.windows(2) {
            for i in 0..n {
                self.quad([at(w[0], i), at(w[0], i + 1), at(w[1], i + 1), at(w[1], i)]);
            }
        }
    }

    /// Adds the triangles of another body.
    pub fn join(&mut self, o: &Self) {
        self.triangles.extend_from_slice(&o.triangles);
    }

    /// The box around everything, mm.
    pub fn bounds(&self) -> [[f32; 3]; 2] {
        let mut b = [[f32::INFINITY; 3], [f32::NEG_INFINITY; 3]];
        for p in self.triangles.iter().flatten() {
            for k in 0..3 {
                b[0][k] = b[0][k].min(p[k]);
                b[1][k] = b[1][k].max(p[k]);
            }
        }
        b
    }
}
