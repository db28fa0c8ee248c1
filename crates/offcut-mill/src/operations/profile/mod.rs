//! Profiles: along contours, outside, inside or on them, in levels.
//!
//! Each ring is one pass: a ramp down along the ring, once round, the next ramp, without lifting the tool. Tabs lift
//! the path near the bottom. With a finishing pass the levels leave stock, which the last round takes at full depth.

mod ways;

use self::ways::{Ways, open_lines};
use super::tabs::{Placed, Tabs};
use super::{GAP, Operation, Plan};
use crate::path::{P2, Track, dist, lerp, levels, stays_in};
use crate::{CutRole, MillError, Pass};
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::{Loops, Point, clip, grid};
use schemars::JsonSchema;
use serde::Deserialize;

/// Which side of the contours the tool runs on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Around the material: outlines outside, holes inside.
    #[default]
    Outside,
    /// Inside the region, as for an opening.
    Inside,
    /// On the line.
    On,
}

/// Which way the teeth meet the material.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Thick to thin.
    #[default]
    Climb,
    /// Thin to thick.
    Conventional,
}

/// How the tool gets down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// Down a slope along the path.
    #[default]
    Ramp,
    /// Round and round down a slope along the whole path, a level in each round; where that is too steep, a ramp.
    Helix,
    /// Straight down.
    Plunge,
}

/// Relief of inner corners, so that square counterparts fit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Corners {
    /// As round as the tool.
    #[default]
    Round,
    /// The tool goes into the corner along its bisector.
    Dogbone,
    /// The tool goes into the corner along its longer side.
    Tbone,
}

/// Settings of profiles.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Profile {
    /// The side of the contours.
    pub side: Side,
    /// Where the cut begins, below the stock's top.
    pub top: f64,
    /// Depth of the cut. Default: through the stock.
    pub depth: Option<f64>,
    /// Depth of a level.
    pub stepdown: Option<f64>,
    /// How the teeth meet the material.
    pub direction: Direction,
    /// How the tool gets down.
    pub entry: Entry,
    /// Slope of ramps, degrees. Default: 5.
    pub ramp_angle: Option<f64>,
    /// Material left on the contour.
    pub leave: f64,
    /// Material that the levels leave for a last round at full depth; 0 for none.
    pub finish: f64,
    /// Way over which the finishing round nears the contour. Default: the tool's radius.
    pub lead: Option<f64>,
    /// Bridges that hold the part.
    pub tabs: Option<Tabs>,
    /// A skin at the bottom that all contours keep until the end, then it is cut; 0 for none.
    pub onion_skin: f64,
    /// Relief of inner corners.
    pub corners: Corners,
}

/// A ring and what belongs to it.
struct Ring {
    track: Track,
    start: f64,
    tabs: Placed,
}

impl Operation for Profile {
    fn plan(&self, plan: &Plan<'_>) -> Result<Vec<Pass>, MillError> {
        let (top, bottom) = plan.heights(self.top, self.depth);
        if bottom >= top {
            return Err(MillError::Job("depth must be more than 0".into()));
        }
        let r = plan.tool.radius();
        let Ways { rough, last } = self.ways(plan);
        if rough.is_empty() && self.side != Side::On {
            return Err(MillError::Job(format!(
                "the tool of {} mm finds no way along the selected contours; take a smaller one or select closed contours",
                plan.tool.diameter
            )));
        }
        let skin = self.onion_skin.max(0.0).min((top - bottom) * 0.9);
        let allowed = self.allowed(plan, r + self.leave);
        let (mut out, mut ends) = (Vec::new(), Vec::new());
        let lines = if self.side == Side::On {
            open_lines(plan)
        } else {
            Vec::new()
        };
        for (track, rounds) in rough
            .into_iter()
            .chain(lines.into_iter().map(|l| (l, Vec::new())))
        {
            plan.ctx.check()?;
            let start = 0.0;
            let tabs = match &self.tabs {
                Some(t) => t.place(&track, start, r, bottom),
                None => Placed::default(),
            };
            let mut ring = Ring { track, start, tabs };
            let mut pass = Pass::at(at(&ring.track, start, top + GAP));
            let z = levels(top, bottom + skin, plan.stepdown(self.stepdown));
            let mut end = self.down(plan, &ring, top, &z, &mut pass);
            let mut list = vec![pass];
            if skin > 0.0 {
                // The slot fits the tool exactly: no rapid into it.
                let mut p = self.begun_in_slot(&ring, end, bottom + skin, top);
                ring.start = end;
                end = self.down(plan, &ring, bottom + skin, &[bottom], &mut p);
                out.append(&mut list);
                list.push(p);
            }
            for (k, (round, from)) in rounds.into_iter().enumerate() {
                if k > 0 {
                    end = from;
                    list.push(self.begun_in_slot(&ring, end, bottom, top));
                }
                if let Some(p) = list.last_mut() {
                    self.finishing(plan, &ring, end, bottom, &last[round], allowed.as_ref(), p);
                }
            }
            let to = if skin > 0.0 { &mut ends } else { &mut out };
            to.append(&mut list);
        }
        out.extend(ends);
        Ok(out)
    }

    fn clears(&self, plan: &Plan<'_>) -> Vec<(Loops, f64)> {
        self.band(plan, 0.0)
    }

    fn spares(&self, plan: &Plan<'_>) -> Vec<(Loops, f64)> {
        self.band(plan, plan.tool.radius())
    }
}

impl Profile {
    /// What the tool sweeps along the contours, and so much more of the waste.
    fn band(&self, plan: &Plan<'_>, waste: f64) -> Vec<(Loops, f64)> {
        let z = plan.heights(self.top, self.depth).1;
        let d = plan.tool.diameter + if self.side == Side::On { 0.0 } else { waste };
        let grown = |by: f64| offset(plan.region, grid(by), Join::Round);
        // Reliefs of corners go into the part.
        let wall = match self.corners {
            Corners::Round => self.leave,
            _ => self.leave - waste,
        };
        let mut region = match self.side {
            Side::Outside => clip::difference(&grown(self.leave + self.finish + d), &grown(wall)),
            Side::Inside => clip::difference(&grown(-wall), &grown(-self.leave - self.finish - d)),
            Side::On => clip::difference(&grown(d / 2.0), &grown(-d / 2.0)),
        };
        if self.side == Side::On {
            region = clip::union(&region, &super::engrave::band(plan.lines, d / 2.0));
        }
        vec![(region, z)]
    }
}

fn at(t: &Track, s: f64, z: f64) -> [f64; 3] {
    let p = t.at(s).0;
    [p[0], p[1], z]
}

impl Profile {
    /// Where the tool's middle may be.
    fn allowed(&self, plan: &Plan<'_>, distance: f64) -> Option<Loops> {
        match self.side {
            Side::Inside => Some(offset(plan.region, -grid(distance), Join::Round)),
            Side::Outside => {
                let near = offset(plan.region, grid(distance), Join::Round);
                let b = near.bbox().grown(grid(4.0 * distance + 10.0));
                let mut frame = Loops::new();
                frame.push(&[
                    b.min,
                    Point::new(b.max.x, b.min.y),
                    b.max,
                    Point::new(b.min.x, b.max.y),
                ]);
                Some(offcut_geometry::clip::difference(&frame, &near))
            }
            Side::On => None,
        }
    }

    /// A pass that begins in the slot of a ring, at a height that is cut already.
    fn begun_in_slot(&self, ring: &Ring, s: f64, z: f64, top: f64) -> Pass {
        let z = z.max(ring.tabs.height(s, ring.track.length()));
        let mut pass = Pass::at(at(&ring.track, s, top + GAP));
        pass.feed(at(&ring.track, s, z), CutRole::Plunge);
        pass
    }

    /// Goes down the levels round by round; gives the way at which it ends.
    fn down(&self, plan: &Plan<'_>, ring: &Ring, top: f64, zs: &[f64], pass: &mut Pass) -> f64 {
        let len = ring.track.length();
        let mut s = ring.start;
        let mut from = top;
        pass.feed(
            at(&ring.track, s, top.max(ring.tabs.height(s, len))),
            CutRole::Plunge,
        );
        for z in zs {
            let ramp = || plan.ramp(from - z, self.ramp_angle.unwrap_or(5.0), len);
            let way = match self.entry {
                Entry::Ramp => ramp(),
                Entry::Helix => ramp().max(len),
                Entry::Plunge => 0.0,
            };
            // The round after this one levels what a helix leaves; only the last has its own.
            let level = if self.entry == Entry::Helix && Some(z) != zs.last() {
                0.0
            } else {
                len
            };
            let mut profile = vec![(0.0, from)];
            if way > 0.0 {
                profile.push((way, *z));
            } else {
                pass.feed(
                    at(&ring.track, s, z.max(ring.tabs.height(s, len))),
                    CutRole::Plunge,
                );
                profile[0].1 = *z;
            }
            if level > 0.0 {
                profile.push((way + level, *z));
            }
            walk(ring, s, &profile, pass);
            s = (s + way + level).rem_euclid(len);
            from = *z;
        }
        s
    }

    /// The last round, on the contour itself, from a place on the levels' ring.
    #[allow(clippy::too_many_arguments)]
    fn finishing(
        &self,
        plan: &Plan<'_>,
        rough: &Ring,
        end: f64,
        bottom: f64,
        track: &Track,
        allowed: Option<&Loops>,
        pass: &mut Pass,
    ) {
        let here = rough.track.at(end).0;
        let z = bottom.max(rough.tabs.height(end, rough.track.length()));
        let (s, d) = track.nearest(here);
        let lead = self.lead.unwrap_or(plan.tool.radius()).max(0.0);
        // From the levels' ring over to the contour, so that nothing beside the slot is met.
        let over = |way: f64| -> Vec<P2> {
            let n = (way / 0.5).ceil().max(1.0);
            let points = (1..=n as usize).map(|i| {
                let t = i as f64 / n;
                let q = track.at(s + way * t).0;
                lerp(rough.track.at(rough.track.nearest(q).0).0, q, t)
            });
            points.collect()
        };
        let stays = |points: &[P2]| {
            let from = std::iter::once(&here).chain(points);
            allowed.is_none_or(|a| from.zip(points).all(|(p, q)| stays_in(a, *p, *q)))
        };
        let ways = [lead, lead / 4.0].into_iter().map(|l| (l, over(l)));
        let (way, points) = ways
            .filter(|w| w.0 > 0.0)
            .find(|w| stays(&w.1))
            .unwrap_or_else(|| (0.0, over(0.0)));
        let s = s + way;
        let tabs = self.tabs.as_ref().map_or_else(Placed::default, |t| {
            // Where the levels left tabs, this round does too.
            let mut p = t.place(track, s, plan.tool.radius(), bottom);
            if !rough.tabs.is_empty() {
                p.at = rough
                    .tabs
                    .at
                    .iter()
                    .map(|w| track.nearest(rough.track.at(*w).0).0)
                    .collect();
            }
            p
        });
        let len = track.length();
        if d > 0.0 {
            let up = points
                .iter()
                .map(|p| tabs.height(track.nearest(*p).0, len))
                .fold(z, f64::max);
            pass.feed([here[0], here[1], up], CutRole::LeadIn);
            for p in points {
                pass.feed([p[0], p[1], up], CutRole::LeadIn);
            }
        }
        let beyond = lead.min(len / 4.0);
        let profile = tabs.lift(&[(0.0, bottom), (len + beyond, bottom)], s, len);
        track.walk(s, &profile, |_| CutRole::Finish, pass);
        // Off the contour, back into the slot.
        let p = pass.end();
        let (w, _) = rough.track.nearest([p[0], p[1]]);
        let away = rough.track.at(w).0;
        if allowed.is_none_or(|a| stays_in(a, [p[0], p[1]], away)) && dist([p[0], p[1]], away) > 0.0 {
            let up = p[2].max(rough.tabs.height(w, rough.track.length()));
            pass.feed([p[0], p[1], up], CutRole::LeadOut);
            pass.feed([away[0], away[1], up], CutRole::LeadOut);
        }
    }
}

/// Walks a profile of heights, lifted over the tabs.
fn walk(ring: &Ring, from: f64, profile: &[(f64, f64)], pass: &mut Pass) {
    let lifted = ring.tabs.lift(profile, from, ring.track.length());
    let kind = |k: usize| {
        if lifted[k + 1].1 < lifted[k].1 - 1e-9 {
            CutRole::Ramp
        } else {
            CutRole::Slot
        }
    };
    ring.track.walk(from, &lifted, kind, pass);
}
