//! Facing: the stock's top is planed by parallel rows that begin and end beside it.

use super::{Operation, Plan};
use crate::path::{levels, on_grid};
use crate::{CutRole, MillError, Move, Pass};
use offcut_geometry::Loops;
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of facing.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Facing {
    /// What is taken off the stock's top. Default: 0.5 mm.
    pub depth: Option<f64>,
    /// Depth of a level.
    pub stepdown: Option<f64>,
    /// Distance of rows as a share of the diameter. Default: 0.6.
    pub stepover: Option<f64>,
    /// Rows run along Y instead of X.
    pub along_y: bool,
    /// All rows run the same way; the tool is lifted between them.
    pub one_way: bool,
}

/// How far rows reach beyond the stock, on top of the tool's radius, mm.
const OVERHANG: f64 = 2.0;

impl Operation for Facing {
    fn plan(&self, plan: &Plan<'_>) -> Result<Vec<Pass>, MillError> {
        let (min, max) = (plan.setup.stock.min, plan.setup.stock.max);
        let (u, v) = if self.along_y { (1, 0) } else { (0, 1) };
        let r = plan.tool.radius();
        let step = plan.stepover(Some(self.stepover.unwrap_or(0.6)));
        let (a, b) = (min[u] - r - OVERHANG, max[u] + r + OVERHANG);
        // The first row takes one stepover, the last goes over the far edge, so that no burr stays there.
        let first = min[v] + step - r;
        let rows = ((max[v] + 0.1 * r - r - first) / step).ceil().max(0.0) as usize + 1;
        let at = |along: f64, across: f64, z: f64| {
            let mut p = [0.0, 0.0, z];
            (p[u], p[v]) = (along, across);
            p
        };
        let mut out = Vec::new();
        let top = plan.setup.top();
        for z in levels(top, top - self.depth.unwrap_or(0.5), plan.stepdown(self.stepdown)) {
            let mut pass: Option<Pass> = None;
            for i in 0..rows {
                let y = first + step * i as f64;
                let (s, e) = if i % 2 == 1 && !self.one_way {
                    (b, a)
                } else {
                    (a, b)
                };
                let mut p = match pass.take() {
                    Some(p) => p,
                    None => Pass::at(at(s, y, z)),
                };
                p.feed(at(s, y, z), CutRole::Link);
                p.moves.push(Move::Feed {
                    to: at(e, y, z),
                    kind: CutRole::Rough,
                });
                if self.one_way {
                    out.push(p);
                } else {
                    pass = Some(p);
                }
            }
            out.extend(pass);
        }
        Ok(out)
    }

    fn clears(&self, plan: &Plan<'_>) -> Vec<(Loops, f64)> {
        let (a, b) = (plan.setup.stock.min, plan.setup.stock.max);
        // With a margin: all around the stock is air.
        let (a, b) = (a.map(|v| v - 1.0), [b[0] + 1.0, b[1] + 1.0, b[2]]);
        let corner = |x: f64, y: f64| on_grid([x, y]);
        let all = [vec![
            corner(a[0], a[1]),
            corner(b[0], a[1]),
            corner(b[0], b[1]),
            corner(a[0], b[1]),
        ]];
        vec![(all.into_iter().collect(), b[2] - self.depth.unwrap_or(0.5))]
    }
}
