//! Clears one connected region of a tool's middle: the order of passes, the links between them, what remains.
//!
//! In: the region, the tool, the width of cut, where the tool may be already. Out: passes with the ways between them.
//! Promised: all that the tool can reach is swept; a width beyond the most is met only in necks where there is no
//! other way in, as [`CutRole::Slot`].

use super::adaptive_area::{Area, Strip};
use super::adaptive_sweep::{Arcs, width};
use super::adaptive_walk::{Aim, Start, Walker};
use super::clearance::Border;
use crate::path::{P2, Track, dist, mm, on_grid, stays_in};
use crate::{CutRole, MillError};
use offcut_geometry::{Ctx, Loops};
use std::f64::consts::{FRAC_PI_2, PI, TAU};

/// What shows shorter arcs of the rim is thinner than 0.2 % of the radius, radians.
const SLIVER: f64 = 0.12;

/// What to clear.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    /// Where the tool's middle may be: one connected piece.
    pub region: &'a Loops,
    /// Where it meets nothing.
    pub free: &'a Loops,
    /// The tool's radius, mm.
    pub r: f64,
    /// The width of cut, mm.
    pub width: f64,
    /// The material may be on either side.
    pub both: bool,
}

/// A pass and how the tool gets there.
#[derive(Debug, Clone)]
pub struct Stretch {
    /// The free way from the end of the pass before; none when the tool has to be lifted.
    pub link: Option<Vec<P2>>,
    /// The pass.
    pub points: Vec<P2>,
    /// What it is for.
    pub kind: CutRole,
}

/// What clears a region.
#[derive(Debug, Clone, Default)]
pub struct Way {
    /// The helix that it begins with: middle and radius.
    pub helix: Option<(P2, f64)>,
    /// The passes.
    pub stretches: Vec<Stretch>,
}

/// The widths that a target allows: 10 % of the engaged angle to both sides.
fn aims(t: &Task<'_>) -> ([Aim; 2], Strip) {
    let angle = libm::acos((1.0 - t.width / t.r).clamp(-1.0, 1.0));
    let at = |k: f64| t.r * (1.0 - libm::cos((k * angle).min(PI)));
    let first = Aim {
        width: t.width,
        most: at(1.06),
        follow: 0.6 * t.width,
        strip: true,
    };
    // The strip, with the ends of passes before it, is cut whole where that is within the bounds.
    let last = Aim {
        width: at(1.04),
        most: at(1.095),
        follow: 0.0,
        strip: false,
    };
    let strip = Strip {
        r: t.r,
        width: 1.04 * at(0.9),
    };
    ([first, last], strip)
}

/// Clears a region.
///
/// # Errors
/// When it was cancelled.
pub fn clear(task: &Task<'_>, ctx: &Ctx<'_>) -> Result<Way, MillError> {
    let (aims, strip) = aims(task);
    let loops: Vec<Vec<P2>> = task
        .region
        .iter()
        .map(|l| l.iter().map(|p| mm(*p)).collect())
        .collect();
    let area = Area::new(&loops, task.r / 6.0, strip);
    let mut clearing = Clearing {
        task,
        walker: Walker::new(&area, task.r, task.both, aims),
        way: Way::default(),
        here: [0.0; 2],
        arcs: Vec::new(),
    };
    let first = clearing.begin(&area);
    clearing.walker.update(0);
    clearing.run(first, ctx)?;
    clearing.remains(ctx)?;
    Ok(clearing.way)
}

struct Clearing<'a, 'b> {
    task: &'a Task<'a>,
    walker: Walker<'b>,
    way: Way,
    here: P2,
    arcs: Arcs,
}

impl Clearing<'_, '_> {
    /// Sweeps what is free, or else a helix.
    fn begin(&mut self, area: &Area) -> Option<Start> {
        let r = self.task.r;
        let step = self.walker.step();
        for t in Track::rings(self.task.free, false) {
            let n = (t.length() / step).ceil().max(1.0) as usize;
            for i in 0..n {
                let p = t.at(t.length() * i as f64 / n as f64).0;
                if area.inside(p) {
                    self.walker.add(p);
                }
            }
        }
        if !self.walker.cleared.discs.is_empty() {
            let (lo, hi) = area.bounds();
            let n = [0, 1].map(|k| ((hi[k] - lo[k]) / (0.5 * r)) as usize);
            for i in 0..n[0] * n[1] {
                let p = [
                    lo[0] + (i % n[0]) as f64 * 0.5 * r,
                    lo[1] + (i / n[0]) as f64 * 0.5 * r,
                ];
                if area.inside(p) && self.task.free.contains(on_grid(p)) {
                    self.walker.add(p);
                }
            }
            self.here = self.walker.cleared.discs[0];
            return None;
        }
        let (center, room) = roomiest(self.task.region);
        let radius = room.min(0.9 * r);
        let n = (TAU * radius / step).ceil().max(1.0) as usize;
        for i in 0..n {
            let (s, c) = libm::sincos(TAU * i as f64 / n as f64);
            self.walker.add([center[0] + radius * c, center[1] + radius * s]);
        }
        self.walker.add(center);
        self.way.helix = Some((center, radius));
        self.here = [center[0] + radius, center[1]];
        Some(Start {
            at: self.here,
            heading: FRAC_PI_2,
            side: 1.0,
        })
    }

    /// Walks until no pass removes anything.
    fn run(&mut self, first: Option<Start>, ctx: &Ctx<'_>) -> Result<(), MillError> {
        let mut start = first.or_else(|| self.walker.next(self.here));
        while let Some(s) = start {
            ctx.check()?;
            let from = self.walker.cleared.discs.len();
            // The way there is looked for before the pass makes it wider.
            let link = self.link(s.at);
            if let Some(points) = self.walker.pass(&s) {
                self.walker.update(from);
                self.push(link, points, CutRole::Rough);
            }
            start = self.walker.next(self.here);
        }
        Ok(())
    }

    fn push(&mut self, link: Option<Vec<P2>>, points: Vec<P2>, kind: CutRole) {
        self.here = points[points.len() - 1];
        self.way.stretches.push(Stretch { link, points, kind });
    }

    /// A free way from here to a place where the tool has been: straight, or with a step back from the material.
    fn link(&mut self, to: P2) -> Option<Vec<P2>> {
        let (a, b) = (self.here, to);
        if dist(a, b) < 1e-9 {
            return Some(Vec::new());
        }
        if dist(a, b) > 40.0 * self.task.r {
            return None;
        }
        let arcs = &mut self.arcs;
        if self.walker.free(a, b, arcs) {
            return Some(vec![b]);
        }
        let (u, v) = (self.walker.toward(a, arcs), self.walker.toward(b, arcs));
        let back = |p: P2, m: Option<P2>, d: f64| m.map_or(p, |m| [p[0] - d * m[0], p[1] - d * m[1]]);
        [0.1, 0.3, 0.7, 1.5, 3.0].into_iter().find_map(|k| {
            let (p, q) = (back(a, u, k * self.task.r), back(b, v, k * self.task.r));
            let way = [a, p, q, b];
            way.windows(2)
                .all(|w| {
                    // The ends touch material.
                    let inner = self.walker.area.inside(w[0]) && self.walker.area.inside(w[1]);
                    inner && self.walker.free(w[0], w[1], arcs)
                })
                .then(|| vec![p, q, b])
        })
    }

    /// What even passes do not reach: necks, and what is thin. Along the rings of a pocket, so that nothing is left.
    fn remains(&mut self, ctx: &Ctx<'_>) -> Result<(), MillError> {
        let r = self.task.r;
        let wish = super::rings::Wish {
            step: 0.5 * self.task.width.min(r),
            radius: r,
            reversed: false,
            spiral: false,
            only: None,
        };
        let mut lines: Vec<Vec<(P2, bool)>> = Vec::new();
        for run in super::rings::runs(self.task.region, &wish) {
            lines.extend(run.tracks.iter().map(|t| sampled(t, self.walker.step())));
        }
        loop {
            ctx.check()?;
            for p in lines.iter_mut().flatten() {
                p.1 = p.1 && {
                    self.walker.cleared.open(p.0, 0.0, &[], &mut self.arcs);
                    self.arcs.iter().any(|a| a.1 - a.0 > SLIVER)
                };
            }
            // The nearest place that has a way to it.
            let mut best: Option<(f64, usize, usize, P2)> = None;
            for (i, line) in lines.iter().enumerate() {
                for (j, p) in line.iter().enumerate().filter(|p| p.1.1) {
                    if let Some(q) = self.swept_near(p.0) {
                        // Little bites before larger ones.
                        let bite = (dist(p.0, q) / self.task.width).ceil();
                        let far = 1000.0 * bite + dist(q, self.here);
                        if best.is_none_or(|b| far < b.0) {
                            best = Some((far, i, j, q));
                        }
                    }
                }
            }
            let Some((_, i, j, q)) = best else {
                return Ok(());
            };
            let points = self.piece(&mut lines[i], j, q);
            let link = self.link(q);
            let from = self.walker.cleared.discs.len();
            let mut most = 0.0f64;
            for w in points.windows(2) {
                let heading = libm::atan2(w[1][1] - w[0][1], w[1][0] - w[0][0]);
                self.walker.cleared.open(w[0], heading, &[], &mut self.arcs);
                most = most.max(width(&self.arcs, 0.0, r));
                self.walker.add(w[1]);
            }
            self.walker.update(from);
            let kind = if most > aims(self.task).0[1].most {
                CutRole::Slot
            } else {
                CutRole::Rough
            };
            self.push(link, points, kind);
            let next = self.walker.next(self.here);
            if next.is_some() {
                self.run(next, ctx)?;
            }
        }
    }

    /// The nearest place that the tool has been to and that has a straight way to `p`.
    fn swept_near(&self, p: P2) -> Option<P2> {
        let cleared = &self.walker.cleared;
        let mut near: Vec<(f64, P2)> = cleared
            .cells_near(p)
            .flat_map(|c| cleared.of_cell(c).iter().map(|d| (dist(d.0, p), d.0)))
            .collect();
        near.sort_by(|a, b| a.0.total_cmp(&b.0));
        let found = near.iter().take(50).find(|d| stays_in(self.task.region, d.1, p));
        found.map(|d| d.1)
    }

    /// From `q` to a place of a line and on while something is left there, a diameter at most: then there may be room
    /// for even passes.
    fn piece(&self, line: &mut [(P2, bool)], j: usize, q: P2) -> Vec<P2> {
        let forward = j == 0 || !line[j - 1].1 || line.get(j + 1).is_some_and(|p| p.1);
        let mut out = vec![q];
        let most = (2.0 * self.task.r / self.walker.step()) as usize;
        let mut k = j;
        for _ in 0..most.max(1) {
            if !line[k].1 {
                break;
            }
            line[k].1 = false;
            if dist(out[out.len() - 1], line[k].0) > 1e-9 {
                out.push(line[k].0);
            }
            let next = if forward { k + 1 } else { k.wrapping_sub(1) };
            if next >= line.len() {
                break;
            }
            k = next;
        }
        out
    }
}

/// Points along a track, not more than a step apart, its corners among them.
fn sampled(t: &Track, step: f64) -> Vec<(P2, bool)> {
    let mut out: Vec<(P2, bool)> = Vec::new();
    let mut last = 0.0;
    for &w in t.ways() {
        let n = ((w - last) / step).ceil().max(1.0) as usize;
        for i in 1..=n {
            let s = last + (w - last) * i as f64 / n as f64;
            out.push((t.at(s.min(t.length() - 1e-9)).0, true));
        }
        last = w;
    }
    out
}

/// The place of a region with most room, and how much: the best of a grid, refined.
fn roomiest(region: &Loops) -> (P2, f64) {
    let border = Border::new(region);
    let b = region.bbox();
    let (lo, hi) = (mm(b.min), mm(b.max));
    let mut best = (mm(region.points[0]), 0.0);
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
