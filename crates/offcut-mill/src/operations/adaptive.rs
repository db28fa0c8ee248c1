//! Adaptive clearing: regions cleared with one even engagement of the tool.
//!
//! The tool goes down a helix where there is most room, then spirals outwards. At every step the heading is chosen so
//! that the width of material that the tool meets is the stepover. When a pass ends at a wall, the next begins where an
//! earlier one still has material beside it; what is left along the walls is taken by a last round.
//!
//! In: a region, settings. Out: passes by levels. Promised: see [`adaptive_clear`](super::adaptive_clear).

use super::adaptive_arcs::{Piece, fit};
use super::adaptive_clear::{Task, Way, clear};
use super::{GAP, Operation, Plan};
use crate::path::{P2, dist, levels};
use crate::{CutRole, MillError, Move, Pass};
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::{Loops, clip, grid, islands};
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of adaptive clearing.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Adaptive {
    /// Where the pocket begins, below the stock's top.
    pub top: f64,
    /// Depth of the pocket. Default: through the stock.
    pub depth: Option<f64>,
    /// Depth of a level. Default: two diameters.
    pub stepdown: Option<f64>,
    /// Width of cut as a share of the diameter. Default: 0.2.
    pub stepover: Option<f64>,
    /// Material left on the walls.
    pub leave: f64,
    /// Slope of the helix, degrees. Default: 3.
    pub ramp_angle: Option<f64>,
    /// Only climb milling: the tool goes back through the air where passes could alternate.
    pub climb_only: bool,
}

impl Operation for Adaptive {
    fn plan(&self, plan: &Plan<'_>) -> Result<Vec<Pass>, MillError> {
        let (top, bottom) = plan.heights(self.top, self.depth);
        if bottom >= top {
            return Err(MillError::Job("depth must be more than 0".into()));
        }
        let r = plan.tool.radius();
        let middle = offset(plan.region, -grid(r + self.leave), Join::Round);
        if middle.is_empty() {
            return Err(MillError::Job(format!(
                "the tool of {} mm does not fit into the selected region; take a smaller one",
                plan.tool.diameter
            )));
        }
        let width = self.stepover.unwrap_or(0.2).clamp(0.02, 0.8) * plan.tool.diameter;
        let zs = levels(top, bottom, self.stepdown.unwrap_or(2.0 * plan.tool.diameter));
        let mut out = Vec::new();
        for part in islands(&middle) {
            let mut from = top;
            let mut last: Option<(Loops, Way)> = None;
            for &z in &zs {
                let free = free(plan, &part.loops, r, z);
                let known = last.take().filter(|l| l.0 == free);
                let (free, way) = match known {
                    Some(l) => l,
                    None => {
                        let task = Task {
                            region: &part.loops,
                            free: &free,
                            r,
                            width,
                            both: !self.climb_only,
                        };
                        let way = clear(&task, plan.ctx)?;
                        (free, way)
                    }
                };
                self.level(&way, top, from, z, r, &mut out);
                last = Some((free, way));
                from = z;
            }
        }
        Ok(out)
    }

    fn clears(&self, plan: &Plan<'_>) -> Vec<(Loops, f64)> {
        let z = plan.heights(self.top, self.depth).1;
        vec![(offset(plan.region, -grid(self.leave), Join::Round), z)]
    }
}

/// Where the tool's middle meets nothing of the stock above `z`.
fn free(plan: &Plan<'_>, region: &Loops, r: f64, z: f64) -> Loops {
    let Some(stock) = plan.stock else {
        return Loops::new();
    };
    let left = stock.above(z + 1e-3, r / 12.0);
    let barred = offset(&left, grid(r + 0.001), Join::Round);
    clip::difference(region, &barred)
}

impl Adaptive {
    fn level(&self, way: &Way, top: f64, from: f64, z: f64, r: f64, out: &mut Vec<Pass>) {
        let mut open = way.helix.map(|(c, radius)| {
            let mut pass = Pass::at([c[0] + radius, c[1], top + GAP]);
            self.helix(c, radius, from, z, &mut pass);
            pass
        });
        for s in &way.stretches {
            let first = s.points[0];
            let mut pass = match (open.take(), &s.link) {
                (Some(mut pass), Some(link)) => {
                    follow(link, z, r, &mut pass);
                    pass
                }
                (before, _) => {
                    out.extend(before);
                    let mut pass = Pass::at([first[0], first[1], top + GAP]);
                    pass.feed([first[0], first[1], z], CutRole::Plunge);
                    pass
                }
            };
            for p in fit(&s.points) {
                match p {
                    Piece::Line(to) => pass.feed([to[0], to[1], z], s.kind),
                    Piece::Arc { to, center, ccw } => pass.moves.push(Move::Arc {
                        to: [to[0], to[1], z],
                        center,
                        ccw,
                        kind: s.kind,
                    }),
                }
            }
            open = Some(pass);
        }
        out.extend(open);
    }

    /// Down a helix, or straight where there is no room for one.
    fn helix(&self, c: P2, r: f64, from: f64, z: f64, pass: &mut Pass) {
        let start = [c[0] + r, c[1]];
        pass.feed([start[0], start[1], from], CutRole::Plunge);
        if r <= 1e-3 {
            pass.feed([start[0], start[1], z], CutRole::Plunge);
            return;
        }
        let angle = self.ramp_angle.unwrap_or(3.0).clamp(0.5, 45.0);
        let turn = std::f64::consts::TAU * r * libm::tan(angle.to_radians());
        let n = ((from - z) / turn).ceil().max(1.0) as usize;
        for i in 0..=n {
            // The last turn is level.
            let h = |k: f64| (from - (from - z) * (i as f64 + k) / n as f64).max(z);
            let kind = if i == n { CutRole::Slot } else { CutRole::Ramp };
            for (x, k) in [(c[0] - r, 0.5), (start[0], 1.0)] {
                pass.moves.push(Move::Arc {
                    to: [x, c[1], h(k)],
                    center: c,
                    ccw: true,
                    kind,
                });
            }
        }
    }
}

/// Goes along a free way: on the floor where it is short, otherwise a little above it.
fn follow(link: &[P2], z: f64, r: f64, pass: &mut Pass) {
    let Some(last) = link.last() else { return };
    let e = pass.end();
    let way: f64 = std::iter::once([e[0], e[1]])
        .chain(link.iter().copied())
        .zip(link)
        .map(|(a, b)| dist(a, *b))
        .sum();
    if way < 4.0 * r {
        for p in link {
            pass.feed([p[0], p[1], z], CutRole::Link);
        }
        return;
    }
    let up = z + GAP;
    pass.moves.push(Move::Rapid([e[0], e[1], up]));
    pass.moves
        .extend(link.iter().map(|p| Move::Rapid([p[0], p[1], up])));
    pass.feed([last[0], last[1], z], CutRole::Plunge);
}

#[cfg(test)]
#[path = "adaptive_tests.rs"]
mod tests;
