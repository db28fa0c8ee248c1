//! V-carving: a V-bit cuts letters whose walls run down to lines or to a flat floor.
//!
//! The tip runs along the medial axis, as deep as the walls there meet: (r − tip/2) · cot(half angle) for a disc of
//! radius r. Deeper than the floor it runs along the line where the walls meet the floor. The floor itself is cleared by
//! `vclear` with an end mill; what that leaves in corners, the V-bit takes in close rounds (`cleared_by`).

use super::medial::{Disc, medial};
use super::rings::{self, Wish};
use super::{GAP, Operation, Plan};
use crate::path::{P2, Track, dist, lerp, levels, on_grid};
use crate::{CutRole, MillError, Pass, Shape};
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::order::{Orderer, Stop};
use offcut_geometry::{Loops, grid};
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of V-carving.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Vcarve {
    /// Where the surface lies, below the stock's top.
    pub top: f64,
    /// Depth of the floor. Default: as deep as the bit's diameter allows.
    pub depth: Option<f64>,
    /// Depth of a level. Default: all at once.
    pub stepdown: Option<f64>,
    /// Diameter of the tool that clears the floor (see `vclear`); without it the V-bit clears all of it.
    pub cleared_by: Option<f64>,
    /// Distance of rounds over the floor with the V-bit.
    pub floor_step: Option<f64>,
}

/// Settings of clearing the floor of V-carving.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vclear {
    /// Where the surface lies, below the stock's top.
    #[serde(default)]
    pub top: f64,
    /// Depth of the floor.
    pub depth: f64,
    /// Full angle of the V-bit, degrees.
    pub angle: f64,
    /// Diameter of the flat at the V-bit's tip.
    #[serde(default)]
    pub tip_diameter: f64,
    /// Depth of a level.
    pub stepdown: Option<f64>,
    /// Distance of passes as a share of the diameter.
    pub stepover: Option<f64>,
}

/// The walls that a V-bit leaves.
#[derive(Debug, Clone, Copy)]
struct Walls {
    /// Tangent of the half angle.
    slope: f64,
    tip: f64,
}

impl Walls {
    /// Depth at which a disc of that radius touches the walls.
    fn depth(&self, r: f64) -> f64 {
        ((r - self.tip) / self.slope).max(0.0)
    }

    /// Distance from the outline at that depth.
    fn reach(&self, depth: f64) -> f64 {
        self.tip + depth * self.slope
    }
}

/// Samples of outlines lie so far apart, mm.
const SPACING: f64 = 0.25;

impl Operation for Vcarve {
    fn plan(&self, plan: &Plan<'_>) -> Result<Vec<Pass>, MillError> {
        let (angle, tip) = match plan.tool.shape {
            Shape::Vee { angle, tip_diameter } | Shape::Chamfer { angle, tip_diameter } => {
                (angle, tip_diameter)
            }
            _ => {
                return Err(MillError::Job(format!(
                    "V-carving needs a V-bit; tool '{}' is none",
                    plan.tool.name
                )));
            }
        };
        if plan.region.is_empty() {
            return Err(MillError::Job(
                "no closed contour is selected; V-carving needs a region".into(),
            ));
        }
        let w = Walls {
            slope: libm::tan((angle / 2.0).to_radians()),
            tip: tip / 2.0,
        };
        let bit = w.depth(plan.tool.radius());
        let most = self.depth.unwrap_or(bit);
        if most > bit + 1e-9 {
            return Err(MillError::Job(format!(
                "a depth of {most:.2} mm is more than the bit of {} mm and {angle}° can carve ({bit:.2} mm); give a larger one",
                plan.tool.diameter
            )));
        }
        let deepest = plan.setup.top() - self.top - plan.setup.bed();
        let most = most.min(deepest);
        let top = plan.setup.top() - self.top;
        let above_stock = above(plan, top);
        let limit = w.reach(most);
        let branches = carved(&medial(plan.region, SPACING), limit, w.tip);
        let floor = offset(plan.region, -grid(limit), Join::Round);
        plan.ctx.check()?;
        let mut out = Vec::new();
        let steps = match self.stepdown {
            Some(s) => levels(0.0, -most, s),
            None => vec![-most],
        };
        let mut before = 0.0;
        for level in steps {
            let z = |d: &Disc| -w.depth(d.1).min(-level);
            // Stretches that the level before has cut already are left out.
            let lines: Vec<Vec<[f64; 3]>> = branches
                .iter()
                .flat_map(|b| {
                    let line: Vec<[f64; 3]> = b.iter().map(|d| [d.0[0], d.0[1], z(d)]).collect();
                    deeper(&line, before)
                })
                .collect();
            for line in chained(&lines) {
                let s = line[0];
                let mut pass = Pass::at([s[0], s[1], above_stock]);
                pass.feed([s[0], s[1], top + s[2]], CutRole::Plunge);
                for p in &line[1..] {
                    pass.feed([p[0], p[1], top + p[2]], CutRole::Finish);
                }
                out.push(pass);
            }
            // Rounds where the walls reach this level, and over the floor.
            let ring = offset(plan.region, -grid(w.reach(-level)), Join::Round);
            for t in Track::rings(&ring, false) {
                let p = t.points[0];
                let mut pass = Pass::at([p[0], p[1], above_stock]);
                pass.feed([p[0], p[1], top + level], CutRole::Plunge);
                t.walk(
                    0.0,
                    &[(0.0, top + level), (t.length(), top + level)],
                    |_| CutRole::Finish,
                    &mut pass,
                );
                out.push(pass);
            }
            before = level;
        }
        self.clean(plan, &floor, top - most, w, &mut out);
        Ok(out)
    }

    fn clears(&self, plan: &Plan<'_>) -> Vec<(Loops, f64)> {
        let (Shape::Vee { angle, tip_diameter } | Shape::Chamfer { angle, tip_diameter }) = plan.tool.shape
        else {
            return Vec::new();
        };
        let w = Walls {
            slope: libm::tan((angle / 2.0).to_radians()),
            tip: tip_diameter / 2.0,
        };
        let most = self.depth.unwrap_or(w.depth(plan.tool.radius()));
        terraces(plan, self.top, most, w)
    }
}

/// Where passes begin: above the surface, and above what stands on it.
fn above(plan: &Plan<'_>, surface: f64) -> f64 {
    plan.stock.map_or(plan.setup.top(), |s| s.top()).max(surface) + GAP
}

/// What lies between the walls, in steps.
fn terraces(plan: &Plan<'_>, top: f64, most: f64, w: Walls) -> Vec<(Loops, f64)> {
    const STEPS: u32 = 24;
    let top = plan.setup.top() - top;
    (1..=STEPS)
        .map(|i| {
            let (above, below) = [i - 1, i].map(|k| most * f64::from(k) / f64::from(STEPS)).into();
            (
                offset(plan.region, -grid(above * w.slope), Join::Round),
                top - below,
            )
        })
        .collect()
}

impl Vcarve {
    /// What the clearing tool leaves of the floor, or all of it.
    fn clean(&self, plan: &Plan<'_>, floor: &Loops, z: f64, w: Walls, out: &mut Vec<Pass>) {
        if floor.is_empty() {
            return;
        }
        let only = self.cleared_by.map(|d| {
            let r = d / 2.0;
            let cut = offset(&offset(floor, -grid(r), Join::Round), grid(r), Join::Round);
            let left = offcut_geometry::clip::difference(floor, &cut);
            offset(&offset(&left, -200, Join::Miter), grid(0.05), Join::Round)
        });
        // Ridges of at most 20 µm stay between the rounds.
        let step = self
            .floor_step
            .unwrap_or((2.0 * w.tip * 0.9).max(2.0 * 0.02 * w.slope).max(0.05));
        let wish = Wish {
            step,
            radius: step,
            reversed: false,
            spiral: false,
            only,
        };
        for part in offcut_geometry::islands(floor) {
            for run in rings::runs(&part.loops, &wish) {
                let p = run.tracks[0].points[0];
                let mut pass = Pass::at([p[0], p[1], z + GAP]);
                pass.start[2] = above(plan, plan.setup.top() - self.top);
                pass.feed([p[0], p[1], z], CutRole::Plunge);
                run.cut(z, z, 0.0, &mut pass);
                out.push(pass);
            }
        }
    }
}

/// The parts of branches whose discs lie between the tip and the limit.
fn carved(branches: &[Vec<Disc>], limit: f64, tip: f64) -> Vec<Vec<Disc>> {
    let mut out = Vec::new();
    for b in branches {
        let mut run: Vec<Disc> = Vec::new();
        if let [one] = b[..] {
            if one.1 > tip && one.1 <= limit {
                out.push(vec![one]);
            }
            continue;
        }
        for w in b.windows(2) {
            // The stretch of this piece between the two radii.
            let (r0, r1) = (w[0].1, w[1].1);
            let (mut t0, mut t1) = (0.0f64, 1.0f64);
            let d = r1 - r0;
            if d.abs() < 1e-12 {
                if r0 > limit || r0 < tip {
                    (t0, t1) = (1.0, 0.0);
                }
            } else {
                let (u, v) = ((tip - r0) / d, (limit - r0) / d);
                t0 = t0.max(u.min(v));
                t1 = t1.min(u.max(v));
            }
            if t0 >= t1 {
                if run.len() > 1 {
                    out.push(std::mem::take(&mut run));
                }
                run.clear();
                continue;
            }
            let at = |t: f64| (lerp(w[0].0, w[1].0, t), r0 + d * t);
            if t0 > 0.0 && run.len() > 1 {
                out.push(std::mem::take(&mut run));
            }
            if run.is_empty() || t0 > 0.0 {
                run = vec![at(t0)];
            }
            run.push(at(t1));
            if t1 < 1.0 {
                out.push(std::mem::take(&mut run));
            }
        }
        if run.len() > 1 {
            out.push(run);
        }
    }
    out
}

/// The stretches of a line that go below a level.
fn deeper(line: &[[f64; 3]], level: f64) -> Vec<Vec<[f64; 3]>> {
    if level >= 0.0 {
        return vec![line.to_vec()];
    }
    let mut out = Vec::new();
    let mut run: Vec<[f64; 3]> = Vec::new();
    for p in line {
        if p[2] < level - 1e-9 {
            run.push(*p);
        } else {
            // One more point on each side, so that nothing is left between.
            if !run.is_empty() {
                run.push(*p);
                out.push(std::mem::take(&mut run));
            }
            run = vec![*p];
        }
    }
    if run.len() > 1 {
        out.push(run);
    }
    out.retain(|r| r.iter().any(|p| p[2] < level - 1e-9));
    out
}

/// Lines joined where one begins at the end of another, in an order with short ways.
fn chained(lines: &[Vec<[f64; 3]>]) -> Vec<Vec<[f64; 3]>> {
    let xy = |p: &[f64; 3]| -> P2 { [p[0], p[1]] };
    let stops: Vec<Stop> = lines
        .iter()
        .map(|l| Stop {
            a: on_grid(xy(&l[0])),
            b: on_grid(xy(&l[l.len() - 1])),
            reversible: true,
        })
        .collect();
    let mut out: Vec<Vec<[f64; 3]>> = Vec::new();
    for v in Orderer::new().order(None, &stops) {
        let mut line = lines[v.index as usize].clone();
        if v.reversed {
            line.reverse();
        }
        match out.last_mut() {
            Some(run)
                if run.last().is_some_and(|e| {
                    dist(xy(e), xy(&line[0])) < 1e-5 && (e[2] - line[0][2]).abs() < 1e-5
                }) =>
            {
                run.extend(line.into_iter().skip(1));
            }
            _ => out.push(line),
        }
    }
    out
}

impl Operation for Vclear {
    fn plan(&self, plan: &Plan<'_>) -> Result<Vec<Pass>, MillError> {
        self.whole(plan, 0.0)
    }

    fn clears(&self, plan: &Plan<'_>) -> Vec<(Loops, f64)> {
        vec![(self.floor(plan), plan.setup.top() - self.top - self.depth)]
    }
}

impl Vclear {
    fn floor(&self, plan: &Plan<'_>) -> Loops {
        let w = Walls {
            slope: libm::tan((self.angle / 2.0).to_radians()),
            tip: self.tip_diameter / 2.0,
        };
        offset(plan.region, -grid(w.reach(self.depth)), Join::Round)
    }

    /// Clears the floor from `raised` above the surface on.
    pub(super) fn whole(&self, plan: &Plan<'_>, raised: f64) -> Result<Vec<Pass>, MillError> {
        let floor = self.floor(plan);
        if floor.is_empty() {
            plan.notes
                .add("the walls meet above the floor everywhere: there is nothing to clear");
            return Ok(Vec::new());
        }
        let pocket = super::pocket::Pocket {
            top: self.top - raised,
            depth: Some(self.depth + raised),
            stepdown: self.stepdown,
            stepover: self.stepover,
            ..super::pocket::Pocket::default()
        };
        if offset(&floor, -grid(plan.tool.radius()), Join::Round).is_empty() {
            plan.notes
                .add("the floor is narrower than the tool everywhere: it is left to the V-bit");
            return Ok(Vec::new());
        }
        pocket.plan(&Plan {
            region: &floor,
            ..*plan
        })
    }
}

#[cfg(test)]
mod tests;
