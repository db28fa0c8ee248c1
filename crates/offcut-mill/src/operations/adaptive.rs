//! Adaptive clearing: regions cleared with one even engagement of the tool.
//!
//! The tool goes down a helix where there is most room, then spirals outwards. At every step the heading is chosen so
//! that the width of material that the tool meets is the stepover: what of the tool's rim is not covered by the discs
//! that it has swept is known in closed form (two discs of radius R, d apart, cover an arc of ± acos(d / 2R) of each
//! other), and so is the width that those arcs show in a heading. When a pass ends at a wall, the next begins where an
//! earlier one still has material beside it.

use super::adaptive_sweep::{Cleared, Walker};
use super::clearance::Border;
use super::{GAP, Operation, Plan};
use crate::path::{P2, Track, dist, levels, on_grid, stays_in};
use crate::{CutRole, MillError, Move, Pass};
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::{Loops, grid, islands};
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
            plan.ctx.check()?;
            let way = swept(&part.loops, r, width);
            let mut from = top;
            for &z in &zs {
                self.level(&way, top, from, z, &mut out);
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

/// What clears a region: where the helix is, and the passes after it.
struct Way {
    center: P2,
    radius: f64,
    passes: Vec<(Vec<P2>, CutRole)>,
    /// The way from the end of a pass to the next is free at the same depth.
    stays: Vec<bool>,
}

impl Adaptive {
    fn level(&self, way: &Way, top: f64, from: f64, z: f64, out: &mut Vec<Pass>) {
        let (c, r) = (way.center, way.radius);
        let start = [c[0] + r, c[1]];
        let mut pass = Pass::at([start[0], start[1], top + GAP]);
        pass.feed([start[0], start[1], from], CutRole::Plunge);
        if r > 1e-3 {
            let turn = std::f64::consts::TAU
                * r
                * libm::tan(self.ramp_angle.unwrap_or(3.0).clamp(0.5, 45.0).to_radians());
            let n = ((from - z) / turn).ceil().max(1.0) as usize;
            for i in 0..=n {
                // The last turn is level.
                let h = |k: f64| (from - (from - z) * (i as f64 + k) / n as f64).max(z);
                let kind = if i == n { CutRole::Slot } else { CutRole::Ramp };
                pass.moves.push(Move::Arc {
                    to: [c[0] - r, c[1], h(0.5)],
                    center: c,
                    ccw: true,
                    kind,
                });
                pass.moves.push(Move::Arc {
                    to: [start[0], start[1], h(1.0)],
                    center: c,
                    ccw: true,
                    kind,
                });
            }
        } else {
            pass.feed([start[0], start[1], z], CutRole::Plunge);
        }
        for ((points, kind), stays) in way.passes.iter().zip(&way.stays) {
            let first = points[0];
            if *stays {
                // A little above the floor, all is swept there.
                let e = pass.end();
                let up = z + GAP;
                pass.moves.push(Move::Rapid([e[0], e[1], up]));
                pass.moves.push(Move::Rapid([first[0], first[1], up]));
                pass.feed([first[0], first[1], z], CutRole::Plunge);
            } else {
                out.push(std::mem::replace(
                    &mut pass,
                    Pass::at([first[0], first[1], top + GAP]),
                ));
                pass.feed([first[0], first[1], z], CutRole::Plunge);
            }
            for p in &points[1..] {
                pass.feed([p[0], p[1], z], *kind);
            }
        }
        out.push(pass);
    }
}

/// The place of a region with most room, and how much: the best of a grid, refined.
fn roomiest(region: &Loops, border: &Border) -> (P2, f64) {
    let b = region.bbox();
    let (lo, hi) = (crate::path::mm(b.min), crate::path::mm(b.max));
    let mut best = (crate::path::mm(region.points[0]), 0.0);
    let mut step = ((hi[0] - lo[0]) * (hi[1] - lo[1])).sqrt().max(1e-3) / 40.0;
    let room = |p: P2| {
        if region.contains(on_grid(p)) {
            border.clearance(p)
        } else {
            0.0
        }
    };
    let count = |k: usize| (((hi[k] - lo[k]) / step) as usize).clamp(3, 400);
    let (nx, ny) = (count(0), count(1));
    for j in 1..ny {
        for i in 1..nx {
            let p = [
                lo[0] + (hi[0] - lo[0]) * i as f64 / nx as f64,
                lo[1] + (hi[1] - lo[1]) * j as f64 / ny as f64,
            ];
            let r = room(p);
            if r > best.1 + 1e-9 {
                best = (p, r);
            }
        }
    }
    while step > 0.005 {
        let around = [[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]];
        let next = around.map(|d| [best.0[0] + d[0] * step, best.0[1] + d[1] * step]);
        match next.into_iter().map(|p| (p, room(p))).find(|n| n.1 > best.1) {
            Some(n) => best = n,
            None => step /= 2.0,
        }
    }
    best
}

/// Clears one connected region of the tool's middle.
fn swept(region: &Loops, r: f64, width: f64) -> Way {
    let border = Border::new(region);
    let (center, room) = roomiest(region, &border);
    let radius = room.min(0.9 * r);
    let step = 0.08 * r;
    let mut cleared = Cleared::new(r);
    let n = (std::f64::consts::TAU * radius / step).ceil().max(1.0) as usize;
    for i in 0..n {
        let (s, c) = libm::sincos(std::f64::consts::TAU * i as f64 / n as f64);
        cleared.add([center[0] + radius * c, center[1] + radius * s]);
    }
    cleared.add(center);
    let mut way = Way {
        center,
        radius,
        passes: Vec::new(),
        stays: Vec::new(),
    };
    let mut walker = Walker {
        region,
        cleared,
        r,
        width,
        step,
        fresh: Vec::new(),
    };
    let mut here = [center[0] + radius, center[1]];
    if let Some(p) = walker.pass(here, std::f64::consts::FRAC_PI_2) {
        push(&mut way, &walker, &mut here, p, CutRole::Rough);
    }
    let mut tries = 0;
    while let Some((start, heading)) = walker.next(here) {
        tries += 1;
        if tries > 20_000 {
            break;
        }
        if let Some(p) = walker.pass(start, heading) {
            push(&mut way, &walker, &mut here, p, CutRole::Rough);
        }
    }
    // What even passes do not reach: necks, and what is left along the walls, from the inside out.
    for run in super::rings::runs(
        region,
        &super::rings::Wish {
            step: width.min(r),
            radius: r,
            reversed: false,
            spiral: false,
            only: None,
        },
    ) {
        for t in run.tracks {
            for p in uncovered(&t, &mut walker) {
                let kind = if walker.width_beside(&p) > 1.5 * width {
                    CutRole::Slot
                } else {
                    CutRole::Rough
                };
                for q in &p {
                    walker.cleared.add(*q);
                }
                push(&mut way, &walker, &mut here, p, kind);
            }
        }
    }
    way
}

fn push(way: &mut Way, walker: &Walker<'_>, here: &mut P2, points: Vec<P2>, kind: CutRole) {
    let first = points[0];
    let near = dist(*here, first) < 12.0 * walker.r;
    way.stays
        .push(near && stays_in(walker.region, *here, first) && walker.free(*here, first));
    *here = points[points.len() - 1];
    way.passes.push((points, kind));
}

/// The stretches of a track along which the tool still meets something.
fn uncovered(t: &Track, walker: &mut Walker<'_>) -> Vec<Vec<P2>> {
    let n = (t.length() / walker.step).ceil().max(1.0) as usize;
    let at: Vec<P2> = (0..=n)
        .map(|i| t.at((t.length() * i as f64 / n as f64).min(t.length() - 1e-9)).0)
        .collect();
    // Corners of the track are points of the stretch, so that it stays on it.
    let mut out = Vec::new();
    let mut run: Vec<P2> = Vec::new();
    let mut last_way = 0.0;
    for (i, p) in at.iter().enumerate() {
        let way = t.length() * i as f64 / n as f64;
        if walker.cleared.bare(*p) > 0.02 {
            if !run.is_empty() {
                for (k, w) in t.ways().iter().enumerate() {
                    if *w > last_way + 1e-6 && *w < way - 1e-6 && k < t.points.len() {
                        run.push(t.points[k]);
                    }
                }
            }
            run.push(*p);
        } else if run.len() > 1 {
            out.push(std::mem::take(&mut run));
        } else {
            run.clear();
        }
        last_way = way;
    }
    if run.len() > 1 {
        out.push(run);
    }
    out
}
