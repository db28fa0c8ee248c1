//! Waterlines: where the tip may go at one height without touching the model.
//!
//! In: a tool over a surface, the distance of samples. Out: closed rings for any height. Promised: every corner of a
//! ring is a place where the exact drop-cutter rests within 1e-6 mm below the height, or that lies within 1e-6 mm of
//! a wall; no chord cuts deeper than the tolerance, measured across the model's surface.
//!
//! Marching squares over exact heights, which all levels share. A crossing is found on the triangle that holds the
//! contact at the higher sample, then proven by a full drop; where another triangle is higher there, it goes on
//! with that one.

mod march;
#[cfg(test)]
mod tests;

pub(crate) use march::trace;

use crate::MillError;
use crate::dropcutter::{DropCutter, Gouge, Hint, Rest};
use offcut_geometry::Ctx;

/// Exact heights on a grid.
#[derive(Debug, Clone)]
pub struct Waterlines<'a> {
    cutter: DropCutter<'a>,
    min: [f64; 2],
    step: f64,
    size: [usize; 2],
    heights: Vec<f64>,
    hints: Vec<Hint>,
}

/// A closed way of the tip. The model lies to its left; ways around it run counter-clockwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Ring {
    /// Corners, mm; the first is not repeated. Heights differ from the level's only where a chord had to be lifted.
    pub points: Vec<[f64; 3]>,
}

/// How near a crossing is found, mm.
const EXACT: f64 = 5e-7;
/// More samples than this are refused.
const MOST: f64 = 60e6;

impl<'a> Waterlines<'a> {
    /// Samples the heights, `step` mm apart, over the model and a tool's radius around it.
    ///
    /// # Errors
    /// When there would be too many samples, or the job was cancelled.
    pub fn new(cutter: DropCutter<'a>, step: f64, ctx: &Ctx) -> Result<Self, MillError> {
        let (lo, hi) = cutter.surface().bounds();
        let margin = cutter.profile().radius + 2.0 * step;
        // Off the corners of round numbers, where samples would meet walls exactly.
        let min = [0, 1].map(|k| lo[k] - margin - 0.317 * step);
        let size = [0, 1].map(|k| ((hi[k] + margin - min[k]) / step).ceil() + 1.0);
        if size[0].is_nan() || size[1].is_nan() || size[0] * size[1] > MOST {
            return Err(MillError::Job(format!(
                "heights {step} mm apart over this model are too many; give a larger step"
            )));
        }
        let size = size.map(|n| n as usize);
        let floor = lo[2] - 1.0;
        let row = |j: usize| {
            let mut hint = Hint::default();
            (0..size[0])
                .map(|i| {
                    let at = [min[0] + i as f64 * step, min[1] + j as f64 * step];
                    let Rest { z, .. } = cutter.drop(at[0], at[1], floor, &mut hint);
                    (z, hint)
                })
                .collect::<Vec<_>>()
        };
        ctx.check()?;
        #[cfg(feature = "parallel")]
        let rows: Vec<Vec<(f64, Hint)>> = {
            use rayon::prelude::*;
            (0..size[1]).into_par_iter().map(row).collect()
        };
        #[cfg(not(feature = "parallel"))]
        let rows: Vec<Vec<(f64, Hint)>> = (0..size[1]).map(row).collect();
        let (mut heights, mut hints) = (Vec::new(), Vec::new());
        for (z, hint) in rows.into_iter().flatten() {
            heights.push(z);
            hints.push(hint);
        }
        Ok(Self {
            cutter,
            min,
            step,
            size,
            heights,
            hints,
        })
    }

    /// The rings at a height of the tip. `tolerance` bounds how deep a chord may cut, mm.
    #[must_use]
    pub fn level(&self, z: f64, tolerance: f64) -> Vec<Ring> {
        let mut rings = march::rings(self, z);
        // Beside a wall the depth jumps: half of the tolerance is taken off the tool, half off its height.
        let (inner, lift) = self.cutter.profile().narrower(0.5 * tolerance);
        let proof = Proof {
            cutter: DropCutter::new(self.cutter.surface(), inner),
            lift: lift + z,
            tolerance: 0.5 * tolerance,
        };
        for r in &mut rings {
            self.prove(r, z, &proof);
        }
        rings
    }

    /// Many levels, in parallel.
    #[must_use]
    pub fn levels(&self, heights: &[f64], tolerance: f64) -> Vec<Vec<Ring>> {
        #[cfg(feature = "parallel")]
        {
            use rayon::prelude::*;
            heights.par_iter().map(|z| self.level(*z, tolerance)).collect()
        }
        #[cfg(not(feature = "parallel"))]
        heights.iter().map(|z| self.level(*z, tolerance)).collect()
    }

    fn place(&self, i: usize, j: usize) -> [f64; 2] {
        [
            self.min[0] + i as f64 * self.step,
            self.min[1] + j as f64 * self.step,
        ]
    }

    /// The place between `free`, where the tip may be at `z`, and `barred`, where it may not, that is free and next
    /// to one that is not. `hint` belongs to `barred`.
    fn crossing(&self, free: [f64; 2], mut barred: [f64; 2], z: f64, mut hint: Hint) -> [f64; 2] {
        for _ in 0..64 {
            // On the triangle of the contact alone; then the whole model has its say.
            let p = between(free, barred, &|p| self.cutter.over(p[0], p[1], hint) - z);
            let mut next = hint;
            if self.cutter.drop(p[0], p[1], z - 1.0, &mut next).z <= z + 1e-9 {
                return p;
            }
            (barred, hint) = (p, next);
        }
        free
    }

    /// Divides chords that cut too deep; lifts those that can't be divided.
    fn prove(&self, ring: &mut Ring, z: f64, proof: &Proof) {
        let n = ring.points.len();
        let mut out: Vec<[f64; 3]> = Vec::with_capacity(n);
        for i in 0..n {
            let (a, b) = (ring.points[i], ring.points[(i + 1) % n]);
            out.push(a);
            self.divide(a, b, z, proof, 0, &mut out);
        }
        ring.points = out;
    }

    /// Adds what lies between two corners, both of which are there or come next.
    fn divide(&self, a: [f64; 3], b: [f64; 3], z: f64, proof: &Proof, depth: u32, out: &mut Vec<[f64; 3]>) {
        let Some(g) = proof.gouge(a, b, 0.0) else { return };
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let len = libm::hypot(dx, dy);
        if depth < 8 && len > 1e-5 {
            let m = [a[0] + dx * g.share, a[1] + dy * g.share];
            // The model lies to the left: free places are found to the right.
            let right = [dy / len, -dx / len];
            let mut reach = (0.25 * len).max(4.0 * proof.tolerance);
            for _ in 0..6 {
                let free = [m[0] + right[0] * reach, m[1] + right[1] * reach];
                let mut hint = Hint::default();
                if self.cutter.drop(free[0], free[1], z - 1.0, &mut hint).z <= z {
                    let _ = self.cutter.drop(m[0], m[1], z - 1.0, &mut hint);
                    let p = self.crossing(free, m, z, hint);
                    let p = [p[0], p[1], z];
                    self.divide(a, p, z, proof, depth + 1, out);
                    out.push(p);
                    self.divide(p, b, z, proof, depth + 1, out);
                    return;
                }
                reach *= 2.0;
            }
        }
        // Over it, as high as it takes.
        let mut up = g.depth;
        while let Some(more) = proof.gouge(a, b, up) {
            up += more.depth;
        }
        out.push([a[0], a[1], z + up]);
        out.push([b[0], b[1], z + up]);
    }
}

/// What chords are proven with.
struct Proof<'a> {
    cutter: DropCutter<'a>,
    /// Z of its tip on the level.
    lift: f64,
    tolerance: f64,
}

impl Proof<'_> {
    /// How deep the chord cuts when it is lifted by `up`.
    fn gouge(&self, a: [f64; 3], b: [f64; 3], up: f64) -> Option<Gouge> {
        let z = self.lift + up;
        self.cutter
            .gouge([a[0], a[1], z], [b[0], b[1], z], self.tolerance)
    }
}

/// The last place from `free` towards `barred` where `f` is not positive, by the Illinois method within halvings.
fn between(free: [f64; 2], barred: [f64; 2], f: &impl Fn([f64; 2]) -> f64) -> [f64; 2] {
    let (dx, dy) = (barred[0] - free[0], barred[1] - free[1]);
    let len = libm::hypot(dx, dy);
    let at = |t: f64| [free[0] + dx * t, free[1] + dy * t];
    let (mut a, mut b) = (0.0, 1.0);
    let (mut fa, mut fb) = (f(free), f(barred));
    if fa > 0.0 || fb <= 0.0 {
        // Nothing to find on this triangle: the barred end is free of it, or the free end is not.
        return if fb <= 0.0 { barred } else { free };
    }
    let mut side = 0i8;
    for k in 0..80 {
        if (b - a) * len <= EXACT || fa >= -EXACT {
            break;
        }
        // A wall makes the heights jump; every third step halves.
        let t = if k % 3 == 2 || !fa.is_finite() || !fb.is_finite() {
            0.5 * (a + b)
        } else {
            (a * fb - b * fa) / (fb - fa)
        };
        let t = if t > a && t < b { t } else { 0.5 * (a + b) };
        let ft = f(at(t));
        if ft <= 0.0 {
            (a, fa) = (t, ft);
            if side == -1 {
                fb *= 0.5;
            }
            side = -1;
        } else {
            (b, fb) = (t, ft);
            if side == 1 {
                fa *= 0.5;
            }
            side = 1;
        }
    }
    at(a)
}
