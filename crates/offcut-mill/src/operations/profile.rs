//! Profiles: along contours, outside, inside or on them, in levels.
//!
//! Each ring is one pass: a ramp down along the ring, once round, the next ramp, without lifting the tool. Tabs lift
//! the path near the bottom. With a finishing pass the levels leave stock, which the last round takes at full depth.

use super::engrave::ordered;
use super::tabs::{Placed, Tabs};
use super::{GAP, Operation, Plan};
use crate::path::{Track, dist, levels, mm, stays_in};
use crate::{CutRole, MillError, Move, Pass};
use offcut_geometry::loops::area2;
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::{BBox, Loops, Point, clip, grid, loops};
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
        let rough = self.rings(plan, r + self.leave, self.finish.max(0.0));
        if rough.is_empty() && self.side != Side::On {
            return Err(MillError::Job(format!(
                "the tool of {} mm finds no way along the selected contours; take a smaller one or select closed contours",
                plan.tool.diameter
            )));
        }
        let skin = self.onion_skin.max(0.0).min((top - bottom) * 0.9);
        let allowed = self.allowed(plan, r + self.leave);
        let mut out = Vec::new();
        let mut last = Vec::new();
        let lines = if self.side == Side::On {
            open_lines(plan)
        } else {
            Vec::new()
        };
        for track in rough.into_iter().chain(lines) {
            plan.ctx.check()?;
            let start = 0.0;
            let tabs = match &self.tabs {
                Some(t) => t.place(&track, start, r, bottom),
                None => Placed::default(),
            };
            let ring = Ring { track, start, tabs };
            let mut pass = Pass::at(at(&ring.track, start, top + GAP));
            let z = levels(top, bottom + skin, plan.stepdown(self.stepdown));
            let end = self.down(plan, &ring, top, &z, &mut pass);
            let finishes = self.finish > 0.0 && self.side != Side::On;
            if skin > 0.0 {
                let mut p = Pass::at(at(&ring.track, end, top + GAP));
                // The slot fits the tool exactly: no rapid into it.
                p.feed(at(&ring.track, end, bottom + skin), CutRole::Plunge);
                let ring = Ring { start: end, ..ring };
                let end = self.down(plan, &ring, bottom + skin, &[bottom], &mut p);
                if finishes {
                    self.finishing(plan, &ring, end, bottom, allowed.as_ref(), &mut p);
                }
                last.push(p);
            } else if finishes {
                self.finishing(plan, &ring, end, bottom, allowed.as_ref(), &mut pass);
            }
            out.push(pass);
        }
        out.extend(last);
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

/// Within how many others each loop lies.
fn depths(list: &[&[Point]]) -> Vec<u32> {
    let boxes: Vec<_> = list.iter().map(|l| BBox::of(l)).collect();
    (list.iter().enumerate())
        .map(|(i, l)| {
            let p = l.first().copied().unwrap_or_default();
            let holds = |k: usize| k != i && boxes[k].contains(p) && loops::winding(list[k], p) != 0;
            (0..list.len()).filter(|k| holds(*k)).count() as u32
        })
        .collect()
}

/// Open lines as rings there and back.
fn open_lines(plan: &Plan<'_>) -> Vec<Track> {
    let lines: Vec<Track> = plan
        .lines
        .iter()
        .filter_map(|l| Track::new(l.iter().map(|p| mm(*p)), false))
        .collect();
    ordered(&lines)
        .into_iter()
        .filter_map(|t| {
            let back: Vec<_> = t.points.iter().rev().skip(1).copied().collect();
            let n = back.len().saturating_sub(1);
            Track::new(t.points.into_iter().chain(back.into_iter().take(n)), true)
        })
        .collect()
}

impl Profile {
    /// The rings at a distance from the contours, holes before outlines, in an order with short ways.
    /// `finish` is left on them, but where the tool fits only without.
    fn rings(&self, plan: &Plan<'_>, distance: f64, finish: f64) -> Vec<Track> {
        let at = |distance: f64| match self.side {
            Side::Outside => offset(plan.region, grid(distance), Join::Round),
            Side::Inside => offset(plan.region, -grid(distance), Join::Round),
            Side::On => plan.region.clone(),
        };
        let mut set = at(distance + finish);
        if finish > 0.0 && self.side != Side::On {
            let narrow = |l: &[Point]| (area2(l) > 0) == (self.side == Side::Inside);
            for l in at(distance).iter().filter(|l| narrow(l)) {
                if !set.iter().any(|o| loops::winding(l, o[0]) != 0) {
                    set.push(l);
                }
            }
        }
        let loops = plan.region.len();
        if set.len() < loops && self.side != Side::On {
            plan.notes.add(format!(
                "{} of {loops} contours are narrower than the tool of {} mm, or nearer to each other, and have no path of their own",
                loops - set.len(),
                plan.tool.diameter
            ));
        }
        // Material lies to the right of a climbing tool. Loops of a region keep the region on their left.
        let reversed = (self.side == Side::Inside) == (self.direction == Direction::Conventional);
        // What lies deepest within others first: holes before their outlines, and parts within holes before those.
        let loops: Vec<&[Point]> = set.iter().collect();
        let depths = depths(&loops);
        let mut all = Vec::new();
        for depth in (0..=depths.iter().copied().max().unwrap_or(0)).rev() {
            let tracks: Vec<Track> = (loops.iter().zip(&depths))
                .filter(|(_, d)| **d == depth)
                .filter_map(|(l, _)| Track::ring(l, reversed))
                .map(|t| self.relieved(plan, t, distance + finish))
                .collect();
            all.extend(ordered(&tracks));
        }
        all.into_iter().map(|t| begun_on_a_side(&t)).collect()
    }

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

    /// A ring with the reliefs of its inner corners.
    fn relieved(&self, plan: &Plan<'_>, t: Track, distance: f64) -> Track {
        if self.corners == Corners::Round || self.side == Side::On {
            return t;
        }
        super::corners::relieve(
            &t,
            [plan.tool.radius(), distance - plan.tool.radius()],
            self.corners,
            self.material_on_right(),
            plan.region,
        )
        .unwrap_or(t)
    }

    fn material_on_right(&self) -> bool {
        self.direction == Direction::Climb
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

    /// The last round, on the contour itself, from the end of the levels.
    fn finishing(
        &self,
        plan: &Plan<'_>,
        rough: &Ring,
        end: f64,
        bottom: f64,
        allowed: Option<&Loops>,
        pass: &mut Pass,
    ) {
        let here = rough.track.at(end).0;
        let z = bottom.max(rough.tabs.height(end, rough.track.length()));
        let near = self
            .rings(plan, plan.tool.radius() + self.leave, 0.0)
            .into_iter()
            .map(|t| (t.nearest(here), t))
            .min_by(|a, b| a.0.1.total_cmp(&b.0.1));
        let Some(((s, d), track)) = near.filter(|((_, d), _)| *d < 2.0 * self.finish + plan.tool.radius())
        else {
            plan.notes
                .add("a contour has no finishing round: the tool does not fit there");
            return;
        };
        let lead = self.lead.unwrap_or(plan.tool.radius()).max(0.0);
        let on = [lead, lead / 4.0, 0.0].into_iter().find(|l| {
            let to = track.at(s + l).0;
            allowed.is_none_or(|a| stays_in(a, here, to))
        });
        let s = s + on.unwrap_or(0.0);
        let tabs = self.tabs.as_ref().map_or_else(Placed::default, |t| {
            // Where the levels left tabs, this round does too.
            let mut p = t.place(&track, s, plan.tool.radius(), bottom);
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
            let up = z.max(tabs.height(s, len));
            pass.feed([here[0], here[1], up], CutRole::LeadIn);
            pass.feed(at(&track, s, up), CutRole::LeadIn);
        }
        let ring = Ring {
            track,
            start: s,
            tabs,
        };
        let over = lead.min(len / 4.0);
        let profile = ring.tabs.lift(&[(0.0, bottom), (len + over, bottom)], s, len);
        ring.track.walk(s, &profile, |_| CutRole::Finish, pass);
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

/// The ring begun in the middle of its longest side, where a ramp starts well.
fn begun_on_a_side(t: &Track) -> Track {
    let n = t.points.len();
    let longest = (0..n)
        .max_by(|a, b| {
            let side = |i: usize| dist(t.points[i], t.points[(i + 1) % n]);
            side(*a).total_cmp(&side(*b)).then(b.cmp(a))
        })
        .unwrap_or(0);
    let (a, b) = (t.points[longest], t.points[(longest + 1) % n]);
    let middle = crate::path::lerp(a, b, 0.5);
    let rest = (1..=n).map(|k| t.points[(longest + k) % n]);
    Track::new(std::iter::once(middle).chain(rest), true).unwrap_or_else(|| t.clone())
}

/// Whether a pass makes only moves that cut or link: none of it is a rapid.
#[must_use]
pub fn cuts_only(pass: &Pass) -> bool {
    pass.moves.iter().all(|m| !matches!(m, Move::Rapid(_)))
}
