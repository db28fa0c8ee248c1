//! Waterline finishing: rings around the model at equal levels, for steep places.

use super::parallel::split;
use super::surfacing::{Path, Scene};
use super::{Operation, Plan};
use crate::path::levels;
use crate::waterline::{Ring, Waterlines};
use crate::{CutRole, MillError, Pass};
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of waterline finishing.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Waterline {
    /// Distance of levels. Default: a tenth of the diameter.
    pub stepdown: Option<f64>,
    /// Distance of the samples in which rings are looked for. Default: a tenth of the diameter, at most 0.4 mm.
    pub sample: Option<f64>,
    /// Material left on the model.
    pub leave: f64,
    /// How deep it goes below the stock's top. Default: to the model's lowest point.
    pub depth: Option<f64>,
    /// Runs against the teeth.
    pub conventional: bool,
    /// Only places at least this steep, degrees.
    pub steeper: Option<f64>,
    /// Only places at most this steep, degrees.
    pub shallower: Option<f64>,
}

/// The distance of samples of rings for a tool.
pub(super) fn sample(given: Option<f64>, scene: &Scene) -> f64 {
    let r = scene.profile.radius;
    given.unwrap_or((0.2 * r).min(0.4)).clamp(0.02, 0.5 * r.max(0.1))
}

impl Operation for Waterline {
    fn plan(&self, plan: &Plan<'_>) -> Result<Vec<Pass>, MillError> {
        let scene = Scene::new(plan, self.leave, self.depth)?;
        let (_, max) = scene.surface.bounds();
        let top = max[2].min(plan.setup.top()) + scene.leave;
        let step = self.stepdown.unwrap_or(0.1 * plan.tool.diameter);
        let zs = levels(top, scene.floor, step);
        let lines = Waterlines::new(scene.cutter(), sample(self.sample, &scene), plan.ctx)?;
        let heights: Vec<f64> = zs.iter().map(|z| z - scene.leave).collect();
        let mut out = Vec::new();
        let mut here = [plan.setup.stock.min[0], plan.setup.stock.min[1]];
        for rings in lines.levels(&heights, 0.5 * plan.setup.tolerance) {
            plan.ctx.check()?;
            let mut rings = rings;
            // The nearest ring next.
            while let Some((i, k)) = nearest(&rings, here) {
                let ring = rings.swap_remove(i);
                let path = self.path(&ring, k, scene.leave);
                for part in split(&scene, path, self.steeper, self.shallower) {
                    for part in scene.trimmed(&part) {
                        if let Some(pass) = scene.pass(&part, CutRole::Finish, 3.0) {
                            let e = pass.end();
                            here = [e[0], e[1]];
                            out.push(pass);
                        }
                    }
                }
            }
        }
        Ok(out)
    }
}

impl Waterline {
    /// A ring from its corner `k` around; the model to the right for climb milling with a right-hand spindle.
    fn path(&self, ring: &Ring, k: usize, leave: f64) -> Path {
        let n = ring.points.len();
        let step = if self.conventional { 1 } else { n - 1 };
        (0..=n)
            .map(|i| {
                let p = ring.points[(k + i * step) % n];
                [p[0], p[1], p[2] + leave]
            })
            .collect()
    }
}

/// The ring and its corner that lie nearest to a place.
fn nearest(rings: &[Ring], at: [f64; 2]) -> Option<(usize, usize)> {
    let mut best = (f64::INFINITY, None);
    for (i, r) in rings.iter().enumerate() {
        for (k, p) in r.points.iter().enumerate() {
            let d = (p[0] - at[0]).powi(2) + (p[1] - at[1]).powi(2);
            if d < best.0 {
                best = (d, Some((i, k)));
            }
        }
    }
    best.1
}
