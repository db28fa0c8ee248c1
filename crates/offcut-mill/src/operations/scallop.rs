//! Scallop finishing: rings one stepover apart along the surface, not in the plan, so that ridges are of one height
//! on slopes as well.
//!
//! The distance from the model's border is measured along the tip's surface on a grid (Dijkstra's algorithm over
//! sixteen neighbours, never short and at most 2.8 % long); rings of equal distance become paths by the exact drop-cutter.
//! Where rings turn a corner their distance is larger across it: ridges are up to 1.37 times as high there.

use super::parallel::stepover;
use super::surfacing::{Path, Scene};
use super::{Operation, Plan};
use crate::waterline::trace;
use crate::{CutRole, MillError, Pass};
use schemars::JsonSchema;
use serde::Deserialize;
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// Settings of scallop finishing.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Scallop {
    /// Distance of rings along the surface, mm. Default: what leaves the cusp.
    pub stepover: Option<f64>,
    /// Height of the ridges. Default: 0.01 mm.
    pub cusp: Option<f64>,
    /// Material left on the model.
    pub leave: f64,
    /// How deep it goes below the stock's top. Default: to the model's lowest point.
    pub depth: Option<f64>,
    /// From the middle outwards.
    pub outwards: bool,
}

/// More samples than this are refused.
const MOST: f64 = 20e6;

/// Distances from the border on a grid.
struct Distances {
    min: [f64; 2],
    step: [f64; 2],
    size: [usize; 2],
    far: Vec<f64>,
}

#[derive(PartialEq)]
struct Entry(f64, usize);

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, o: &Self) -> Option<Ordering> {
        Some(self.cmp(o))
    }
}

impl Ord for Entry {
    fn cmp(&self, o: &Self) -> Ordering {
        self.0.total_cmp(&o.0).then(self.1.cmp(&o.1))
    }
}

impl Operation for Scallop {
    fn plan(&self, plan: &Plan<'_>) -> Result<Vec<Pass>, MillError> {
        let scene = Scene::new(plan, self.leave, self.depth)?;
        let step = stepover(self.stepover, self.cusp, &scene);
        let field = Distances::new(&scene, 0.5 * step)?;
        plan.ctx.check()?;
        let follow = scene.follow(0.7 * scene.profile.radius);
        let deepest = field.far.iter().copied().fold(0.0, f64::max);
        let n = (deepest / step).ceil().min(1e5) as usize;
        let level = |k: usize| -> Vec<Path> {
            let mut rings = field.rings(step * k as f64);
            if k == 0 {
                rings = vec![field.border()];
            }
            rings
                .into_iter()
                .map(|mut r| {
                    r.extend(r.first().copied());
                    follow.through(&r)
                })
                .collect()
        };
        #[cfg(feature = "parallel")]
        let mut levels: Vec<Vec<Path>> = {
            use rayon::prelude::*;
            (0..n.max(1)).into_par_iter().map(level).collect()
        };
        #[cfg(not(feature = "parallel"))]
        let mut levels: Vec<Vec<Path>> = (0..n.max(1)).map(level).collect();
        if self.outwards {
            levels.reverse();
        }
        let mut out: Vec<Pass> = Vec::new();
        let mut here: Option<[f64; 2]> = None;
        for mut rings in levels {
            plan.ctx.check()?;
            while !rings.is_empty() {
                let (i, k) = nearest(&rings, here);
                let ring = turned(&rings.swap_remove(i), k);
                for part in scene.trimmed(&ring) {
                    if let Some(pass) = scene.pass(&part, CutRole::Finish, 3.0) {
                        let (s, e) = (part[0], pass.end());
                        // From ring to ring over the model.
                        match (out.last_mut(), here) {
                            (Some(last), Some(h)) if libm::hypot(h[0] - s[0], h[1] - s[1]) < 3.0 * step => {
                                for p in follow.line(h, [s[0], s[1]]).iter().chain(&part) {
                                    last.feed(*p, CutRole::Finish);
                                }
                            }
                            _ => out.push(pass),
                        }
                        here = Some([e[0], e[1]]);
                    }
                }
            }
        }
        Ok(out)
    }
}

/// The ring and its corner nearest to a place; the first without one.
fn nearest(rings: &[Path], at: Option<[f64; 2]>) -> (usize, usize) {
    let Some(at) = at else { return (0, 0) };
    let mut best = (f64::INFINITY, (0, 0));
    for (i, r) in rings.iter().enumerate() {
        for (k, p) in r.iter().enumerate() {
            let d = (p[0] - at[0]).powi(2) + (p[1] - at[1]).powi(2);
            if d < best.0 {
                best = (d, (i, k));
            }
        }
    }
    best.1
}

/// A closed path begun at its corner `k`.
fn turned(ring: &Path, k: usize) -> Path {
    let n = ring.len() - 1;
    if n == 0 {
        return ring.clone();
    }
    (0..=n).map(|i| ring[(k + i) % n]).collect()
}

impl Distances {
    fn new(scene: &Scene, step: f64) -> Result<Self, MillError> {
        let (min, max) = scene.surface.bounds();
        let spans = [0, 1].map(|k| ((max[k] - min[k]) / step).ceil().max(2.0));
        if spans[0] * spans[1] > MOST {
            return Err(MillError::Job(format!(
                "rings {:.3} mm apart over this model are too many; give a larger stepover or cusp",
                2.0 * step
            )));
        }
        let size = spans.map(|n| n as usize + 1);
        let step = [0, 1].map(|k| (max[k] - min[k]) / spans[k]);
        let places: Vec<[f64; 2]> = (0..size[0] * size[1])
            .map(|n| {
                let (i, j) = (n % size[0], n / size[0]);
                [min[0] + i as f64 * step[0], min[1] + j as f64 * step[1]]
            })
            .collect();
        let heights = scene.cutter().heights(&places, scene.floor - scene.leave);
        let mut field = Self {
            min: [min[0], min[1]],
            step,
            size,
            far: vec![f64::INFINITY; heights.len()],
        };
        field.spread(&heights);
        Ok(field)
    }

    fn spread(&mut self, heights: &[f64]) {
        let [nx, ny] = self.size;
        let mut queue = BinaryHeap::new();
        for (n, far) in self.far.iter_mut().enumerate() {
            let (i, j) = (n % nx, n / nx);
            if i == 0 || j == 0 || i + 1 == nx || j + 1 == ny {
                *far = 0.0;
                queue.push(Reverse(Entry(0.0, n)));
            }
        }
        const WAYS: [(isize, isize); 16] = [
            (1, 0),
            (-1, 0),
            (0, 1),
            (0, -1),
            (1, 1),
            (1, -1),
            (-1, 1),
            (-1, -1),
            (2, 1),
            (2, -1),
            (-2, 1),
            (-2, -1),
            (1, 2),
            (1, -2),
            (-1, 2),
            (-1, -2),
        ];
        while let Some(Reverse(Entry(d, n))) = queue.pop() {
            if d > self.far[n] {
                continue;
            }
            let (i, j) = ((n % nx) as isize, (n / nx) as isize);
            for (di, dj) in WAYS {
                let (k, l) = (i + di, j + dj);
                if k < 0 || l < 0 || k >= nx as isize || l >= ny as isize {
                    continue;
                }
                let m = l as usize * nx + k as usize;
                let (x, y) = (di as f64 * self.step[0], dj as f64 * self.step[1]);
                let z = heights[m] - heights[n];
                let next = d + (x * x + y * y + z * z).sqrt();
                if next < self.far[m] {
                    self.far[m] = next;
                    queue.push(Reverse(Entry(next, m)));
                }
            }
        }
    }

    fn place(&self, n: usize) -> [f64; 2] {
        let (i, j) = (n % self.size[0], n / self.size[0]);
        [
            self.min[0] + i as f64 * self.step[0],
            self.min[1] + j as f64 * self.step[1],
        ]
    }

    fn border(&self) -> Vec<[f64; 2]> {
        let (w, h) = (self.size[0], self.size[0] * (self.size[1] - 1));
        [0, w - 1, h + w - 1, h].map(|n| self.place(n)).to_vec()
    }

    /// The rings where the distance is this.
    fn rings(&self, d: f64) -> Vec<Vec<[f64; 2]>> {
        let nx = self.size[0];
        let far = |i: usize, j: usize| self.far[j * nx + i];
        let middle =
            |i: usize, j: usize| 0.25 * (far(i, j) + far(i + 1, j) + far(i, j + 1) + far(i + 1, j + 1)) > d;
        trace(
            self.size,
            |i, j| far(i, j) > d,
            middle,
            |a, b| {
                let t = ((d - self.far[a]) / (self.far[b] - self.far[a])).clamp(0.0, 1.0);
                let (p, q) = (self.place(a), self.place(b));
                [p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t]
            },
        )
    }
}
