//! Pencil finishing: the tool goes along the inner corners of the model, where it touches on two sides.
//!
//! Between two samples whose contacts lie far apart the contact jumps; where it does is found by halving. Those
//! places on the lines of a grid are joined cell by cell and become paths by the exact drop-cutter.

use super::surfacing::{Path, Scene};
use super::waterline::sample;
use super::{Operation, Plan};
use crate::dropcutter::{DropCutter, Hint};
use crate::{CutRole, MillError, Pass};
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of pencil finishing.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Pencil {
    /// Distance of the samples between which corners are looked for. Default: a tenth of the diameter, at most 0.4 mm.
    pub sample: Option<f64>,
    /// Corners between faces that differ by less than this are passed over, degrees. Default: 30°.
    pub angle: Option<f64>,
    /// Material left on the model.
    pub leave: f64,
    /// How deep it goes below the stock's top. Default: to the model's lowest point.
    pub depth: Option<f64>,
}

const MOST: f64 = 60e6;

/// Places of the tip on a grid.
struct Grid<'a> {
    cutter: DropCutter<'a>,
    floor: f64,
    min: [f64; 2],
    step: f64,
    size: [usize; 2],
    contacts: Vec<Option<[f64; 2]>>,
    /// Contacts farther apart than this are two.
    apart: f64,
}

impl Operation for Pencil {
    fn plan(&self, plan: &Plan<'_>) -> Result<Vec<Pass>, MillError> {
        let scene = Scene::new(plan, self.leave, self.depth)?;
        let r = scene.profile.corner;
        if r <= 0.0 {
            return Err(MillError::Job(
                "pencil finishing needs a tool with a round end; take a ball, bull or tapered ball".into(),
            ));
        }
        // Two faces that meet at an angle are touched 2·r·sin(angle/2) apart.
        let angle = self.angle.unwrap_or(30.0).clamp(5.0, 170.0).to_radians();
        let apart = 2.0 * (r + scene.leave) * libm::sin(0.5 * angle);
        let step = sample(self.sample, &scene).min(0.3 * apart);
        let grid = Grid::new(&scene, step, apart)?;
        plan.ctx.check()?;
        let follow = scene.follow_walls(0.5 * scene.profile.radius);
        let mut out = Vec::new();
        for line in grid.lines() {
            let length: f64 = line
                .windows(2)
                .map(|w| libm::hypot(w[1][0] - w[0][0], w[1][1] - w[0][1]))
                .sum();
            if length < scene.profile.radius {
                continue;
            }
            let path: Path = follow.through(&line);
            for part in scene.trimmed(&path) {
                out.extend(scene.pass(&part, CutRole::Finish, 3.0));
            }
        }
        if out.is_empty() {
            plan.notes
                .add("the tool finds no inner corners to follow".to_owned());
        }
        Ok(out)
    }
}

impl<'a> Grid<'a> {
    fn new(scene: &'a Scene, step: f64, apart: f64) -> Result<Self, MillError> {
        let (min, max) = scene.surface.bounds();
        let size = [0, 1].map(|k| ((max[k] - min[k]) / step).ceil() + 1.0);
        if size[0] * size[1] > MOST {
            return Err(MillError::Job(format!(
                "samples {step:.3} mm apart over this model are too many; give a larger sample"
            )));
        }
        let size = size.map(|n| n as usize);
        let (cutter, floor) = (scene.cutter(), scene.floor - scene.leave);
        let row = |j: usize| {
            let mut hint = Hint::default();
            let contact = |i: usize| {
                cutter
                    .drop(
                        min[0] + i as f64 * step,
                        min[1] + j as f64 * step,
                        floor,
                        &mut hint,
                    )
                    .contact
            };
            (0..size[0]).map(contact).collect::<Vec<_>>()
        };
        #[cfg(feature = "parallel")]
        let rows: Vec<Vec<Option<[f64; 2]>>> = {
            use rayon::prelude::*;
            (0..size[1]).into_par_iter().map(row).collect()
        };
        #[cfg(not(feature = "parallel"))]
        let rows: Vec<Vec<Option<[f64; 2]>>> = (0..size[1]).map(row).collect();
        Ok(Self {
            cutter,
            floor,
            min: [min[0], min[1]],
            step,
            size,
            contacts: rows.into_iter().flatten().collect(),
            apart,
        })
    }

    fn place(&self, n: usize) -> [f64; 2] {
        let (i, j) = (n % self.size[0], n / self.size[0]);
        [
            self.min[0] + i as f64 * self.step,
            self.min[1] + j as f64 * self.step,
        ]
    }

    fn far(&self, a: Option<[f64; 2]>, b: Option<[f64; 2]>) -> bool {
        match (a, b) {
            (Some(a), Some(b)) => libm::hypot(a[0] - b[0], a[1] - b[1]) > self.apart,
            _ => false,
        }
    }

    /// Where the contact jumps between two neighbouring samples.
    fn jump(&self, a: usize, b: usize) -> Option<[f64; 2]> {
        let (ca, cb) = (self.contacts[a], self.contacts[b]);
        if !self.far(ca, cb) {
            return None;
        }
        let (p, q) = (self.place(a), self.place(b));
        let at = |t: f64| [p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t];
        let (mut lo, mut hi, mut near, mut beyond) = (0.0, 1.0, ca, cb);
        let mut hint = Hint::default();
        for _ in 0..14 {
            let t = 0.5 * (lo + hi);
            let m = at(t);
            let c = self.cutter.drop(m[0], m[1], self.floor, &mut hint).contact?;
            let d = |o: Option<[f64; 2]>| o.map_or(f64::INFINITY, |o| libm::hypot(c[0] - o[0], c[1] - o[1]));
            if d(near) <= d(beyond) {
                (lo, near) = (t, Some(c));
            } else {
                (hi, beyond) = (t, Some(c));
            }
        }
        // A contact that glides quickly, as over a round edge, does not jump.
        self.far(near, beyond).then(|| at(0.5 * (lo + hi)))
    }

    /// The lines along inner corners.
    fn lines(&self) -> Vec<Vec<[f64; 2]>> {
        let [nx, ny] = self.size;
        let mut points: Vec<[f64; 2]> = Vec::new();
        let mut number = vec![u32::MAX; 2 * nx * ny];
        for n in 0..nx * ny {
            for (k, m, inside) in [(0, n + 1, n % nx + 1 < nx), (1, n + nx, n / nx + 1 < ny)] {
                if inside && let Some(p) = self.jump(n, m) {
                    number[2 * n + k] = points.len() as u32;
                    points.push(p);
                }
            }
        }
        // Neighbours: two points of a cell, or all with its middle.
        let mut next: Vec<Vec<u32>> = vec![Vec::new(); points.len()];
        for j in 0..ny - 1 {
            for i in 0..nx - 1 {
                let n = j * nx + i;
                let sides = [2 * n, 2 * n + 1, 2 * (n + 1) + 1, 2 * (n + nx)];
                let found: Vec<u32> = sides
                    .iter()
                    .map(|s| number[*s])
                    .filter(|p| *p != u32::MAX)
                    .collect();
                match found[..] {
                    [a, b] => join(&mut next, a, b),
                    [_, _, _, ..] => {
                        let sum = found.iter().fold([0.0, 0.0], |s, p| {
                            let p = points[*p as usize];
                            [s[0] + p[0], s[1] + p[1]]
                        });
                        let m = points.len() as u32;
                        points.push(sum.map(|v| v / found.len() as f64));
                        next.push(Vec::new());
                        for p in found {
                            join(&mut next, m, p);
                        }
                    }
                    _ => {}
                }
            }
        }
        walk(&points, next)
    }
}

fn join(next: &mut [Vec<u32>], a: u32, b: u32) {
    next[a as usize].push(b);
    next[b as usize].push(a);
}

/// Lines from end to end and from fork to fork, then the closed ones.
fn walk(points: &[[f64; 2]], mut next: Vec<Vec<u32>>) -> Vec<Vec<[f64; 2]>> {
    let mut out = Vec::new();
    let degree: Vec<usize> = next.iter().map(Vec::len).collect();
    let ends = (0..points.len()).filter(|p| degree[*p] != 2);
    let rest = (0..points.len()).filter(|p| degree[*p] == 2);
    for start in ends.chain(rest) {
        while let Some(to) = next[start].first().copied() {
            let mut line = vec![points[start]];
            let (mut from, mut to) = (start, to as usize);
            loop {
                next[from].retain(|n| *n as usize != to);
                next[to].retain(|n| *n as usize != from);
                line.push(points[to]);
                if degree[to] != 2 || to == start {
                    break;
                }
                let Some(on) = next[to].first().copied() else {
                    break;
                };
                (from, to) = (to, on as usize);
            }
            out.push(line);
        }
    }
    out
}
