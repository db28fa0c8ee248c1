//! Pockets: regions cleared down to a depth, islands left standing.
//!
//! Rings, rows or a spiral at each level, then a round along the walls. Promised: every place that the tool can
//! reach without touching a wall is swept; what it can't reach is said.

use super::helix::{Helix, centroid};
use super::profile::{Corners, Direction};
use super::rings::{self, Wish};
use super::{GAP, Operation, Plan, rows};
use crate::path::{Track, levels};
use crate::{CutRole, MillError, Pass};
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::{Loops, UNITS_PER_MM, clip, grid};
use schemars::JsonSchema;
use serde::Deserialize;

/// How a pocket's floor is swept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pattern {
    /// Rings parallel to the walls, from the inside out.
    #[default]
    Offset,
    /// Parallel rows, to and fro.
    Zigzag,
    /// Rings that run into each other, where the shape allows it.
    Spiral,
}

/// How the tool gets down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// Down a slope along the path.
    #[default]
    Ramp,
    /// By a helix within the innermost ring; where none fits, a ramp.
    Helix,
}

/// Settings of pockets.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Pocket {
    /// Where the pocket begins, below the stock's top.
    pub top: f64,
    /// Depth of the pocket. Default: through the stock.
    pub depth: Option<f64>,
    /// Depth of a level.
    pub stepdown: Option<f64>,
    /// Distance of passes as a share of the diameter.
    pub stepover: Option<f64>,
    /// How the floor is swept.
    pub pattern: Pattern,
    /// Direction of rows, degrees.
    pub angle: f64,
    /// How the teeth meet the walls.
    pub direction: Direction,
    /// How the tool gets down.
    pub entry: Entry,
    /// Slope of ramps and helices, degrees. Default: 3.
    pub ramp_angle: Option<f64>,
    /// Material left on the walls.
    pub leave: f64,
    /// Material left on the floor.
    pub leave_floor: f64,
    /// Material that the levels leave on the walls for a last round at full depth; 0 for none.
    pub finish: f64,
    /// Relief of inner corners.
    pub corners: Corners,
    /// Clears only what a larger tool of this diameter left (rest machining).
    pub after: Option<f64>,
}

impl Operation for Pocket {
    fn plan(&self, plan: &Plan<'_>) -> Result<Vec<Pass>, MillError> {
        let (top, floor) = plan.heights(self.top, self.depth);
        let bottom = floor + self.leave_floor.max(0.0);
        if bottom >= top {
            return Err(MillError::Job("depth must be more than 0".into()));
        }
        if plan.region.is_empty() {
            return Err(MillError::Job(
                "no closed contour is selected; a pocket needs a region".into(),
            ));
        }
        let r = plan.tool.radius();
        let inset = |d: f64| offset(plan.region, -grid(d), Join::Round);
        let wall = inset(r + self.leave);
        if wall.is_empty() {
            return Err(MillError::Job(format!(
                "the tool of {} mm does not fit into the selected region; take a smaller one",
                plan.tool.diameter
            )));
        }
        let finish = self.finish.max(0.0);
        // Parts too narrow for stock to be left are cut to the wall at once.
        let mut rough = Loops::new();
        for part in offcut_geometry::islands(&wall) {
            let inner = offset(&part.loops, -grid(finish), Join::Round);
            rough.extend(if inner.is_empty() { &part.loops } else { &inner });
        }
        self.say_unreached(plan, &wall, r);
        let step = plan.stepover(self.stepover);
        let wish = Wish {
            step,
            radius: r,
            reversed: self.direction == Direction::Conventional,
            spiral: self.pattern == Pattern::Spiral,
            only: self.rest(plan, &wall, r),
        };
        let zs = levels(top, bottom, plan.stepdown(self.stepdown));
        let mut out: Vec<Pass> = Vec::new();
        for part in offcut_geometry::islands(&rough) {
            plan.ctx.check()?;
            let runs = match self.pattern {
                Pattern::Zigzag => rows::runs(&part.loops, self.angle, &wish),
                _ => rings::runs(&part.loops, &wish),
            };
            self.cut(plan, &runs, &part.loops, top, &zs, &mut out);
        }
        if finish > 0.0 || self.corners != Corners::Round {
            self.walls(plan, &wall, &rough, top, bottom, &mut out);
        }
        Ok(out)
    }

    fn clears(&self, plan: &Plan<'_>) -> Vec<(Loops, f64)> {
        let z = plan.heights(self.top, self.depth).1 + self.leave_floor.max(0.0);
        let mut region = offset(plan.region, -grid(self.leave), Join::Round);
        if self.corners != Corners::Round {
            region = offset(&region, grid(plan.tool.radius()), Join::Round);
        }
        vec![(region, z)]
    }
}

impl Pocket {
    /// Cuts runs level by level; the tool stays down where the straight way is free.
    fn cut(
        &self,
        plan: &Plan<'_>,
        runs: &[rings::Run],
        region: &Loops,
        top: f64,
        zs: &[f64],
        out: &mut Vec<Pass>,
    ) {
        let r = plan.tool.radius();
        let mut from = top;
        let mut pass: Option<Pass> = None;
        let angle = self.ramp_angle.unwrap_or(3.0);
        let helices: Vec<Option<Helix>> = runs
            .iter()
            .map(|run| {
                let t = run
                    .tracks
                    .first()
                    .filter(|t| t.closed && self.entry == Entry::Helix)?;
                Helix::within(region, centroid(&t.points), t.points[0], r)
            })
            .collect();
        for &z in zs {
            for (i, (run, helix)) in runs.iter().zip(&helices).enumerate() {
                let way = plan.ramp(from - z, angle, run.round());
                let start = helix.map_or_else(|| run.entry(way), |h| h.begin());
                // After a whole level everything in the region is cut down to it.
                let stays = |p: &Pass| {
                    let e = p.end();
                    i == 0 && e[2] <= from + 1e-9 && crate::path::stays_in(region, [e[0], e[1]], start)
                };
                let mut p = match pass.take() {
                    Some(mut p) if stays(&p) => {
                        p.feed([start[0], start[1], from], CutRole::Link);
                        p
                    }
                    other => {
                        out.extend(other);
                        let mut p = Pass::at([start[0], start[1], top + GAP]);
                        p.feed([start[0], start[1], from], CutRole::Plunge);
                        p
                    }
                };
                match helix {
                    Some(h) => {
                        h.down(from, z, angle, &mut p);
                        run.cut(z, z, 0.0, &mut p);
                    }
                    None => run.cut(from, z, way, &mut p),
                }
                pass = Some(p);
            }
            from = z;
        }
        out.extend(pass);
    }

    /// A last round along the walls at full depth.
    fn walls(
        &self,
        plan: &Plan<'_>,
        wall: &Loops,
        rough: &Loops,
        top: f64,
        bottom: f64,
        out: &mut Vec<Pass>,
    ) {
        let conventional = self.direction == Direction::Conventional;
        for t in Track::rings(wall, conventional) {
            let relieved = match self.corners {
                Corners::Round => None,
                c => super::corners::relieve(
                    &t,
                    [plan.tool.radius(), self.leave],
                    c,
                    !conventional,
                    plan.region,
                ),
            };
            if self.finish <= 0.0 && relieved.is_none() {
                continue;
            }
            let t = relieved.unwrap_or(t);
            // Down where the levels have been, then onto the wall.
            let inner = Track::rings(rough, conventional);
            let near = inner
                .iter()
                .map(|i| {
                    let (w, d) = i.nearest(t.points[0]);
                    (i.at(w).0, d)
                })
                .min_by(|a, b| a.1.total_cmp(&b.1));
            let p = near
                .map(|n| n.0)
                .filter(|p| crate::path::stays_in(wall, *p, t.points[0]))
                .unwrap_or(t.points[0]);
            let mut pass = Pass::at([p[0], p[1], top + GAP]);
            pass.feed([p[0], p[1], bottom], CutRole::Plunge);
            pass.feed([t.points[0][0], t.points[0][1], bottom], CutRole::LeadIn);
            t.walk(
                0.0,
                &[(0.0, bottom), (t.length(), bottom)],
                |_| CutRole::Finish,
                &mut pass,
            );
            pass.feed([p[0], p[1], bottom], CutRole::LeadOut);
            out.push(pass);
        }
    }

    /// Where a larger tool has not been; `None` without one.
    fn rest(&self, plan: &Plan<'_>, wall: &Loops, r: f64) -> Option<Loops> {
        let before = self.after? / 2.0;
        let cut = offset(
            &offset(plan.region, -grid(before + self.leave), Join::Round),
            grid(before),
            Join::Round,
        );
        let reach = offset(wall, grid(r), Join::Round);
        let left = clip::difference(&reach, &cut);
        // Slivers of rounding are none.
        Some(offset(
            &offset(&left, -grid(0.005), Join::Miter),
            grid(0.02),
            Join::Round,
        ))
    }

    fn say_unreached(&self, plan: &Plan<'_>, wall: &Loops, r: f64) {
        let reach = offset(wall, grid(r), Join::Round);
        let inner = if self.leave > 0.0 {
            offset(plan.region, -grid(self.leave), Join::Round)
        } else {
            plan.region.clone()
        };
        let lost = (inner.area2() - reach.area2()) as f64 / 2.0 / (UNITS_PER_MM * UNITS_PER_MM);
        if lost > 0.005 * inner.area_mm2() + 0.5 {
            plan.notes.add(format!(
                "{lost:.1} mm² in corners and narrow places can't be reached by the tool of {} mm",
                plan.tool.diameter
            ));
        }
    }
}
