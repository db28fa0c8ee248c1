//! Adaptive clearing: regions cleared with one even engagement of the tool.
//!
//! The tool goes down a helix where there is most room, or a ramp where there is little, then spirals outwards. At
//! every step the heading is chosen so that the width of material that the tool meets is the stepover. When a pass ends
//! at a wall, the next begins where an earlier one still has material beside it; what is left along the walls is taken
//! by a last round, and the scallops between ends of passes straight at their middles.
//!
//! In: a region, settings. Out: passes by levels. Promised: see [`clear()`].

pub mod arcs;
pub mod area;
pub mod clear;
pub mod left;
pub mod rest;
pub mod scallops;
pub mod sweep;
#[cfg(test)]
mod tests;
pub mod walk;

use self::arcs::{Piece, fit};
use self::clear::{Entry, Link, Task, Way, clear};
use super::{GAP, Operation, Plan};
use crate::path::{P2, Track, levels, ramp_length};
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
                let free = plan
                    .stock
                    .map_or_else(Loops::new, |s| free(&part.loops, &s.above(z + 1e-3, r / 12.0), r));
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
                let level = Level {
                    z,
                    top: &|_, _| top,
                    from,
                    angle: self.ramp_angle.unwrap_or(3.0),
                    rapid: true,
                };
                out.extend(walk_down(&way, &level, r));
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

/// Where the tool's middle meets nothing of what is left.
pub(super) fn free(region: &Loops, left: &Loops, r: f64) -> Loops {
    let barred = offset(left, grid(r + 0.001), Join::Round);
    clip::difference(region, &barred)
}

/// The heights of a level.
pub(super) struct Level<'a> {
    /// The floor, mm.
    pub z: f64,
    /// How high material stands around a place, at most so far away.
    pub top: &'a dyn Fn(P2, f64) -> f64,
    /// No material stands above that in the region.
    pub from: f64,
    /// Slope of the way down, degrees.
    pub angle: f64,
    /// Free ways may be run at rapid.
    pub rapid: bool,
}

/// The passes of a way at a level.
pub(super) fn walk_down(way: &Way, level: &Level<'_>, r: f64) -> Vec<Pass> {
    let (z, angle) = (level.z, level.angle);
    let mut out = Vec::new();
    let mut open = match &way.entry {
        Entry::Free => None,
        Entry::Helix(helix) => {
            let [x, y] = helix.begin();
            let top = (level.top)(helix.center, helix.radius + r);
            let from = top.min(level.from);
            let mut pass = Pass::at([x, y, top + GAP]);
            pass.feed([x, y, from], CutRole::Plunge);
            helix.down(from, z, angle, &mut pass);
            Some(pass)
        }
        Entry::Ramp(points) => {
            let tops = points.iter().map(|p| (level.top)(*p, r));
            let top = tops.fold(z, f64::max);
            Some(ramp(points, [top, top.min(level.from), z], angle))
        }
    };
    for s in &way.stretches {
        let first = s.points[0];
        let mut pass = match (open.take(), &s.link) {
            (Some(mut pass), Some(link)) => {
                follow(link, z, level.rapid, &mut pass);
                pass
            }
            (before, _) => {
                out.extend(before);
                let top = (level.top)(first, r).max(z);
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
    out
}

/// To and fro along points from one height to the next, then once along them at the floor; straight down where they
/// are no way.
fn ramp(points: &[P2], [top, from, z]: [f64; 3], angle: f64) -> Pass {
    let [x, y] = points[0];
    let mut pass = Pass::at([x, y, top + GAP]);
    pass.feed([x, y, from], CutRole::Plunge);
    if let Some(t) = Track::new(points.iter().copied(), false).filter(|t| t.length() > 0.1) {
        let turns = (ramp_length(from - z, angle) / (2.0 * t.length()))
            .ceil()
            .clamp(1.0, 2000.0);
        let back = t.reversed();
        let height = |k: usize| (from - (from - z) * k as f64 / (2.0 * turns)).max(z);
        for k in 0..2 * turns as usize {
            let leg = if k % 2 == 0 { &t } else { &back };
            leg.walk(
                0.0,
                &[(0.0, height(k)), (t.length(), height(k + 1))],
                |_| CutRole::Ramp,
                &mut pass,
            );
        }
    } else {
        pass.feed([x, y, z], CutRole::Plunge);
    }
    for p in &points[1..] {
        pass.feed([p[0], p[1], z], CutRole::Slot);
    }
    pass
}

/// Goes along a free way on the floor, or a little above it at rapid.
fn follow(link: &Link, z: f64, rapid: bool, pass: &mut Pass) {
    for (i, p) in link.points.iter().enumerate() {
        if rapid && link.rapid && i == 1 {
            let e = pass.end();
            let up = z + GAP;
            pass.moves.push(Move::Rapid([e[0], e[1], up]));
            pass.moves.push(Move::Rapid([p[0], p[1], up]));
            pass.feed([p[0], p[1], z], CutRole::Plunge);
        } else {
            pass.feed([p[0], p[1], z], CutRole::Link);
        }
    }
}
