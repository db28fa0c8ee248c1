//! Parallel finishing: the tool follows the model along parallel rows, to and fro.
//!
//! Rows are led by the exact drop-cutter and divided until no chord cuts deeper than half of the tolerance; the way
//! from row to row is a path over the model as well.

use super::surfacing::{Path, Scene, apart};
use super::{Operation, Plan};
use crate::dropcutter::Hint;
use crate::{CutRole, MillError, Pass};
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of parallel finishing.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Parallel {
    /// Direction of rows, degrees from X.
    pub angle: f64,
    /// Distance of rows, mm. Default: what leaves the cusp.
    pub stepover: Option<f64>,
    /// Height of the ridges that tools with a round end leave on a level surface. Default: 0.01 mm.
    pub cusp: Option<f64>,
    /// Material left on the model.
    pub leave: f64,
    /// How deep it goes below the stock's top. Default: to the model's lowest point.
    pub depth: Option<f64>,
    /// All rows run the same way.
    pub one_way: bool,
    /// Only places at least this steep, degrees.
    pub steeper: Option<f64>,
    /// Only places at most this steep, degrees.
    pub shallower: Option<f64>,
}

/// The distance of rows that leaves ridges of a height: √(8·r·c − 4·c²) for the round end's radius r.
pub(super) fn stepover(given: Option<f64>, cusp: Option<f64>, scene: &Scene) -> f64 {
    let p = &scene.profile;
    let r = if p.corner > 0.0 { p.corner } else { 0.1 * p.radius };
    let c = cusp.unwrap_or(0.01).clamp(1e-4, 0.5 * r);
    given
        .unwrap_or((8.0 * r * c - 4.0 * c * c).sqrt())
        .clamp(0.01, 1.8 * p.radius)
}

impl Operation for Parallel {
    fn plan(&self, plan: &Plan<'_>) -> Result<Vec<Pass>, MillError> {
        let scene = Scene::new(plan, self.leave, self.depth)?;
        let step = stepover(self.stepover, self.cusp, &scene);
        let (min, max) = scene.surface.bounds();
        let rows = rows([min[0], min[1]], [max[0], max[1]], self.angle, step);
        let follow = scene.follow(0.7 * scene.profile.radius);
        plan.ctx.check()?;
        let lead = |(i, row): (usize, &[[f64; 2]; 2])| {
            let [a, b] = if i % 2 == 1 && !self.one_way {
                [row[1], row[0]]
            } else {
                *row
            };
            self.split(&scene, follow.line(a, b))
        };
        #[cfg(feature = "parallel")]
        let led: Vec<Vec<Path>> = {
            use rayon::prelude::*;
            rows.par_iter().enumerate().map(lead).collect()
        };
        #[cfg(not(feature = "parallel"))]
        let led: Vec<Vec<Path>> = rows.iter().enumerate().map(lead).collect();
        plan.ctx.check()?;
        // Rows are joined over the model where the next one begins near.
        let mut joined: Vec<Path> = Vec::new();
        for path in led.into_iter().flatten() {
            let near = joined
                .last()
                .and_then(|l| l.last())
                .is_some_and(|e| libm::hypot(e[0] - path[0][0], e[1] - path[0][1]) < 2.5 * step);
            match joined.last_mut() {
                Some(last) if near && !self.one_way => {
                    let e = last[last.len() - 1];
                    let link = follow.line([e[0], e[1]], [path[0][0], path[0][1]]);
                    last.extend(link.into_iter().chain(path));
                    last.dedup();
                }
                _ => joined.push(path),
            }
        }
        let mut out = Vec::new();
        for path in joined {
            for part in scene.trimmed(&path) {
                out.extend(scene.pass(&part, CutRole::Finish, 3.0));
            }
        }
        Ok(out)
    }
}

impl Parallel {
    /// The parts of a path where the slope is asked for.
    fn split(&self, scene: &Scene, path: Path) -> Vec<Path> {
        split(scene, path, self.steeper, self.shallower)
    }
}

/// The parts of a path whose places are neither shallower nor steeper than asked, degrees.
pub(super) fn split(scene: &Scene, path: Path, steeper: Option<f64>, shallower: Option<f64>) -> Vec<Path> {
    let bound = |v: Option<f64>, none: f64| v.map_or(none, |d| libm::tan(d.clamp(0.0, 89.9).to_radians()));
    let (lo, hi) = (bound(steeper, -1.0), bound(shallower, f64::INFINITY));
    if steeper.is_none() && shallower.is_none() {
        return vec![path];
    }
    let cutter = scene.cutter();
    let e = 0.02 * scene.profile.radius;
    let mut hint = Hint::default();
    let mut slope = |p: &[f64; 3]| {
        let mut z = |x: f64, y: f64| cutter.drop(x, y, scene.floor - scene.leave, &mut hint).z;
        let dx = z(p[0] + e, p[1]) - z(p[0] - e, p[1]);
        let dy = z(p[0], p[1] + e) - z(p[0], p[1] - e);
        libm::hypot(dx, dy) / (2.0 * e)
    };
    let mut out: Vec<Path> = vec![Path::new()];
    for p in path {
        let s = slope(&p);
        match out.last_mut() {
            Some(last) if s >= lo && s <= hi => last.push(p),
            // The place where it turns is kept, so that both kinds meet.
            Some(last) if !last.is_empty() => {
                last.push(p);
                out.push(Path::new());
            }
            _ => {}
        }
    }
    out.retain(|p| p.len() > 1 && p.windows(2).map(|w| apart(w[0], w[1])).sum::<f64>() > 2.0 * e);
    out
}

/// Rows over a box in the direction of `angle`; the first and the last lie on its border.
fn rows(min: [f64; 2], max: [f64; 2], angle: f64, step: f64) -> Vec<[[f64; 2]; 2]> {
    let a = angle.to_radians();
    let (u, v) = ([libm::cos(a), libm::sin(a)], [-libm::sin(a), libm::cos(a)]);
    let corners = [
        [min[0], min[1]],
        [max[0], min[1]],
        [max[0], max[1]],
        [min[0], max[1]],
    ];
    let across = corners.map(|c| c[0] * v[0] + c[1] * v[1]);
    let (lo, hi) = across
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), c| {
            (l.min(*c), h.max(*c))
        });
    let n = ((hi - lo) / step).ceil().clamp(1.0, 1e6) as usize;
    (0..=n)
        .filter_map(|i| {
            let c = lo + (hi - lo) * i as f64 / n as f64;
            // Clipped to the box, along the row.
            let (mut t0, mut t1) = (f64::NEG_INFINITY, f64::INFINITY);
            for k in 0..2 {
                let o = c * v[k];
                if u[k].abs() < 1e-12 {
                    if o < min[k] - 1e-9 || o > max[k] + 1e-9 {
                        return None;
                    }
                    continue;
                }
                let (p, q) = ((min[k] - o) / u[k], (max[k] - o) / u[k]);
                (t0, t1) = (t0.max(p.min(q)), t1.min(p.max(q)));
            }
            let at = |t: f64| [c * v[0] + t * u[0], c * v[1] + t * u[1]];
            (t1 - t0 > 1e-6).then(|| [at(t0), at(t1)])
        })
        .collect()
}
