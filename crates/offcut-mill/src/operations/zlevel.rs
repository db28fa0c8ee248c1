//! Roughing by levels: at each height all that the model does not need is cleared, where the stock still stands.
//!
//! Level floors of the model have levels of their own; between them the others are evenly apart.
//!
//! The tool's middle may be wherever the tool, with what it leaves around it, does not touch the model: outside the
//! waterlines of that wider tool. That region is swept by rings or rows, near what is left of the stock only, or by
//! adaptive clearing from where nothing is left.

use super::adaptive::clear::{Task, clear};
use super::adaptive::{Level, walk_down};
use super::floors::floors;
use super::rings::{self, Run, Wish};
use super::surfacing::Scene;
use super::waterline::sample;
use super::{GAP, Operation, Plan, adaptive, rows};
use crate::path::{P2, levels, on_grid};
use crate::simulate::{Motion, body, motions};
use crate::stock::{Body, Field, Sweep};
use crate::waterline::{Ring, Waterlines};
use crate::{CutRole, MillError, Pass, Shape, Toolpath};
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::{Loops, clip, grid, islands};
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of roughing by levels.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ZLevel {
    /// Depth of a level.
    pub stepdown: Option<f64>,
    /// Distance of passes as a share of the diameter. Default with an even engagement: 0.2.
    pub stepover: Option<f64>,
    /// Material left on the model. Default: 0.3 mm.
    pub leave: Option<f64>,
    /// How deep it goes below the stock's top. Default: to the model's lowest point.
    pub depth: Option<f64>,
    /// Adaptive clearing instead of rings: an even engagement of the tool.
    pub adaptive: bool,
    /// Rows instead of rings.
    pub zigzag: bool,
    /// Direction of rows, degrees.
    pub angle: f64,
    /// Slope of ramps, degrees. Default: 3.
    pub ramp_angle: Option<f64>,
    /// Runs against the teeth; adaptive clearing runs both ways.
    pub conventional: bool,
}

impl Operation for ZLevel {
    fn plan(&self, plan: &Plan<'_>) -> Result<Vec<Pass>, MillError> {
        let scene = Scene::new(plan, self.leave.unwrap_or(0.3), self.depth)?;
        let r = plan.tool.radius();
        let top = plan.setup.top().min(scene.stock.top());
        let zs = self.heights(plan, &scene, top);
        let lines = Waterlines::new(scene.cutter(), sample(None, &scene), plan.ctx)?;
        let wish = Wish {
            step: plan.stepover(self.stepover),
            radius: r,
            reversed: self.conventional,
            spiral: false,
            only: None,
        };
        let heights: Vec<f64> = zs.iter().map(|z| z - scene.leave).collect();
        let rings = lines.levels(&heights, 0.5 * plan.setup.tolerance);
        let (min, max) = (plan.setup.stock.min, plan.setup.stock.max);
        // Even engagement comes from beside the stock.
        let reach = if self.adaptive { 1.5 * r } else { r };
        let around = rectangle([min[0] - reach, min[1] - reach], [max[0] + reach, max[1] + reach]);
        let mut stock = scene.stock.clone().into_owned();
        let whole = body(plan.tool)?;
        let bare = Body {
            profile: scene.profile,
            above: Vec::new(),
        };
        let mut out = Vec::new();
        for (z, rings) in zs.into_iter().zip(rings) {
            plan.ctx.check()?;
            let left = stock.above(z + 1e-3, r / 12.0);
            if left.is_empty() {
                continue;
            }
            let mut free = clip::difference(&around, &barred(&rings));
            free = clip::difference(&free, &clamps(plan, &whole, z));
            let mut level = Vec::new();
            let wish = Wish {
                only: (!self.adaptive).then(|| left.clone()),
                ..wish.clone()
            };
            for part in islands(&free) {
                if self.adaptive {
                    level.extend(self.even(plan, &part.loops, &left, z, &stock)?);
                    continue;
                }
                let runs = if self.zigzag {
                    rows::runs(&part.loops, self.angle, &wish)
                } else {
                    rings::runs(&part.loops, &wish)
                };
                for run in runs {
                    level.push(self.pass(plan, &run, z, &stock));
                }
            }
            let sweeps: Vec<Sweep> = level.iter().flat_map(sweeps).collect();
            stock.cut(&bare, &sweeps);
            out.extend(level);
        }
        Ok(out)
    }
}

impl ZLevel {
    /// The levels, falling: just above the floors, and evenly between them.
    fn heights(&self, plan: &Plan<'_>, scene: &Scene<'_>, top: f64) -> Vec<f64> {
        // So that rounding leaves the floor itself below the level.
        let above = scene.leave + 0.1 * plan.setup.tolerance;
        let step = plan.stepdown(self.stepdown);
        let flat = plan.model.map_or_else(Vec::new, |m| floors(m, &scene.cutter()));
        let near = 2.0 * plan.setup.tolerance;
        let mut out: Vec<f64> = Vec::new();
        let mut from = top;
        for z in flat.into_iter().map(|z| z + above).chain([scene.floor]) {
            let lowest = z == scene.floor;
            if from - z > near && (lowest || z - scene.floor > near) {
                out.extend(levels(from, z, step));
                from = z;
            }
        }
        out
    }

    /// The passes of adaptive clearing for a connected piece of a level.
    fn even(
        &self,
        plan: &Plan<'_>,
        region: &Loops,
        left: &Loops,
        z: f64,
        stock: &Field,
    ) -> Result<Vec<Pass>, MillError> {
        let r = plan.tool.radius();
        let free = adaptive::free(region, left, r);
        let touched = clip::difference(region, &free);
        if offset(&touched, -grid(0.005), Join::Miter).is_empty() {
            return Ok(Vec::new());
        }
        let task = Task {
            region,
            free: &free,
            r,
            width: self.stepover.unwrap_or(0.2).clamp(0.02, 0.8) * plan.tool.diameter,
            both: true,
        };
        let way = clear(&task, plan.ctx)?;
        // Columns are looked at in their middles; what stands between two of them at the rim is not missed.
        let top = |p: P2, reach: f64| stock.highest(p, p, reach + stock.cell()).max(z);
        let level = Level {
            z,
            top: &top,
            from: f64::INFINITY,
            angle: self.ramp_angle.unwrap_or(3.0),
            // What round tools leave between passes is not in the way of a feed.
            rapid: matches!(plan.tool.shape, Shape::Flat),
        };
        Ok(walk_down(&way, &level, r))
    }

    fn pass(&self, plan: &Plan<'_>, run: &Run, z: f64, stock: &Field) -> Pass {
        let r = plan.tool.radius();
        let ramp = |from: f64| plan.ramp(from - z, self.ramp_angle.unwrap_or(3.0), run.round());
        // The ramp ends where the first track begins; how long it is depends on what stands along it.
        let first = run.entry(0.0);
        let mut from = stock.highest(first, first, r).max(z);
        let mut start = run.entry(ramp(from));
        for _ in 0..4 {
            let higher = stock.highest(start, start, r).max(z);
            if higher <= from {
                break;
            }
            from = higher;
            start = run.entry(ramp(from));
        }
        // Columns are looked at in their middles; what stands between two of them at the rim is not missed.
        let here = stock.highest(start, start, r + stock.cell()).max(from);
        let mut pass = Pass::at([start[0], start[1], here + GAP]);
        pass.feed([start[0], start[1], from], CutRole::Plunge);
        run.cut(from, z, ramp(from), &mut pass);
        pass
    }
}

/// What the rings keep the tool's middle out of.
fn barred(rings: &[Ring]) -> Loops {
    let mut set = Loops::new();
    for ring in rings {
        let points: Vec<_> = ring.points.iter().map(|p| on_grid([p[0], p[1]])).collect();
        set.push(&points);
    }
    // Cleans what rounding to the grid made of them; a hair wider, so that rounding never brings the tool nearer.
    offset(&set, grid(0.001), Join::Miter)
}

/// Where tool, shank or holder would touch a fixture when the tip is at that height.
fn clamps(plan: &Plan<'_>, whole: &Body, z: f64) -> Loops {
    /// Distance from fixtures, mm.
    const APART: f64 = 0.5;
    let mut set = Loops::new();
    for f in &plan.setup.fixtures {
        let parts = std::iter::once((whole.profile.radius, 0.0)).chain(whole.above.iter().copied());
        let reach = parts
            .filter(|(_, height)| z + height < f.max[2])
            .map(|p| p.0 + APART)
            .fold(0.0, f64::max);
        if reach > 0.0 {
            let (lo, hi) = ([f.min[0], f.min[1]], [f.max[0], f.max[1]]);
            set.extend(&rectangle(lo.map(|v| v - reach), hi.map(|v| v + reach)));
        }
    }
    clip::non_zero(&set)
}

fn rectangle(min: [f64; 2], max: [f64; 2]) -> Loops {
    let corners = [min, [max[0], min[1]], max, [min[0], max[1]]];
    let mut set = Loops::new();
    set.push(&corners.map(on_grid));
    set
}

/// The straight motions of a pass.
fn sweeps(pass: &Pass) -> Vec<Sweep> {
    let path = Toolpath {
        tool: 0,
        operation: 0,
        moves: pass.moves.clone(),
        cycles: Vec::new(),
        feeds: crate::Feeds {
            cut: 1.0,
            finish: 1.0,
            slot: 1.0,
            ramp: 1.0,
            plunge: 1.0,
            rpm: 1.0,
        },
    };
    let sweep = |m: &Motion| Sweep {
        from: m.from,
        to: m.to,
    };
    motions(&path, Some(pass.start)).iter().map(sweep).collect()
}
