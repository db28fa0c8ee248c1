//! Clears one connected region of a tool's middle: the order of passes, the links between them, what remains.
//!
//! In: the region, the tool, the width of cut, where the tool may be already. Out: passes with the ways between them.
//! Promised: all that the tool can reach is swept, but for scallops as thick as a hair at walls; a width beyond the most
//! is met only in necks where there is no other way in, as [`CutRole::Slot`].

use super::area::{Area, Strip};
use super::left::Left;
use super::rest::{Beginning, Rest};
use super::scallops::Scallops;
use super::sweep::Arcs;
use super::walk::{Aim, Start, Walker};
use crate::operations::clearance::Border;
use crate::operations::helix::Helix;
use crate::path::{P2, Track, dist, lerp, mm, on_grid};
use crate::{CutRole, MillError};
use offcut_geometry::{Ctx, Loops};
use std::f64::consts::{FRAC_PI_2, PI, TAU};

/// A pass that begins farther away leaves what is around, radii.
const LEAVES: f64 = 2.0;
/// How far around that is, radii.
const AROUND: f64 = 1.5;

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

/// A free way between two passes.
#[derive(Debug, Clone, Default)]
pub struct Link {
    /// Where it leads, one after the other.
    pub points: Vec<P2>,
    /// Between the first two nothing is met at rapid.
    pub rapid: bool,
}

/// A pass and how the tool gets there.
#[derive(Debug, Clone)]
pub struct Stretch {
    /// The free way from the end of the pass before; none when the tool has to be lifted.
    pub link: Option<Link>,
    /// The pass.
    pub points: Vec<P2>,
    /// What it is for.
    pub kind: CutRole,
}

/// How the tool gets down.
#[derive(Debug, Clone, Default)]
pub enum Entry {
    /// Where it meets nothing.
    #[default]
    Free,
    /// Down a helix.
    Helix(Helix),
    /// To and fro along points, for which there is more room; straight down where there is only one.
    Ramp(Vec<P2>),
}

/// What clears a region.
#[derive(Debug, Clone, Default)]
pub struct Way {
    /// What it begins with.
    pub entry: Entry,
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
        width: at(1.06),
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
    let left = Left::new(task.region, &area, task.r, task.width);
    let walker = Walker::new(&area, left, task.r, task.both, aims);
    let mut clearing = Clearing {
        task,
        scallops: Scallops::new(task.region, task.r, walker.step()),
        walker,
        way: Way::default(),
        here: [0.0; 2],
        arcs: Vec::new(),
    };
    let first = clearing.begin(&area);
    clearing.walker.update(0);
    clearing.run(first, ctx)?;
    Ok(clearing.way)
}

struct Clearing<'a, 'b> {
    task: &'a Task<'a>,
    walker: Walker<'b>,
    way: Way,
    here: P2,
    arcs: Arcs,
    scallops: Scallops,
}

impl Clearing<'_, '_> {
    /// Sweeps what is free, or else a helix or ramp.
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
        // A micrometre less than what is free, for rounding.
        let radius = (room - 0.001).min(0.9 * r);
        if radius < 0.3 * r {
            return self.ramp(center);
        }
        let n = (TAU * radius / step).ceil().max(1.0) as usize;
        for i in 0..n {
            let (s, c) = libm::sincos(TAU * i as f64 / n as f64);
            self.walker.add([center[0] + radius * c, center[1] + radius * s]);
        }
        self.walker.add(center);
        let helix = Helix { center, radius };
        self.here = helix.begin();
        self.way.entry = Entry::Helix(helix);
        Some(Start {
            at: self.here,
            heading: FRAC_PI_2,
            side: 1.0,
            disc: None,
        })
    }

    /// Sweeps a piece of the border near `p`, at most two diameters long.
    fn ramp(&mut self, p: P2) -> Option<Start> {
        let tracks = Track::rings(self.task.region, false);
        let near = tracks
            .iter()
            .map(|t| (t, t.nearest(p)))
            .min_by(|a, b| a.1.1.total_cmp(&b.1.1));
        let points = near.map_or_else(
            || vec![p],
            |(t, (from, _))| {
                let length = (0.5 * t.length()).min(4.0 * self.task.r);
                let n = (length / self.walker.step()).ceil().max(1.0) as usize;
                (0..=n)
                    .map(|i| t.at(from + length * i as f64 / n as f64).0)
                    .collect()
            },
        );
        for q in &points {
            self.walker.add(*q);
        }
        self.here = points[points.len() - 1];
        self.way.entry = Entry::Ramp(points);
        None
    }

    /// Walks until no pass removes anything, and takes what even passes do not reach: all at the end, a little before
    /// it is left behind.
    fn run(&mut self, first: Option<Start>, ctx: &Ctx<'_>) -> Result<(), MillError> {
        let r = self.task.r;
        let mut rest = Rest::new(self.task.region, r, self.task.width, self.walker.step());
        let mut start = first.or_else(|| self.walker.next(self.here));
        loop {
            ctx.check()?;
            let leaves = start.is_none_or(|s| dist(s.at, self.here) > LEAVES * r);
            if leaves && self.leave(&mut rest, start.is_none()) {
                if let Some(s) = &start {
                    self.walker.give_back(s);
                }
                start = self.walker.next(self.here);
                continue;
            }
            let Some(s) = start else { return Ok(()) };
            self.scallops(Some(&[s.at]));
            let from = self.walker.cleared.discs.len();
            // The way there is looked for before the pass makes it wider.
            let link = self.link(s.at);
            if let Some(points) = self.walker.pass(&s) {
                self.walker.update(from);
                let apart = (r / self.walker.step()) as usize;
                let mut places: Vec<P2> = points.iter().copied().step_by(apart).collect();
                self.push(link, points, CutRole::Rough);
                places.push(self.here);
                self.scallops(Some(&places));
            }
            start = self.walker.next(self.here);
        }
    }

    /// Takes something of what is left around before the tool goes far away, or anywhere when it has nowhere to go;
    /// whether there was something.
    fn leave(&mut self, rest: &mut Rest, for_good: bool) -> bool {
        let near = AROUND * self.task.r;
        if for_good {
            self.scallops(None) || self.remains(rest, f64::INFINITY)
        } else {
            self.scallops(Some(&[self.here]))
                || (self.walker.left.little(self.here, near) && self.remains(rest, near))
        }
    }

    /// Takes the scallops of the border near some places, or all; whether there were some.
    fn scallops(&mut self, at: Option<&[P2]>) -> bool {
        if !self.walker.at_border() {
            return false;
        }
        let most = aims(self.task).0[1].most;
        let before = self.way.stretches.len();
        self.scallops.look(&mut self.walker, at, &mut self.arcs);
        while let Some([from, to]) = self
            .scallops
            .next(&mut self.walker, self.here, most, &mut self.arcs)
        {
            let first = self.walker.cleared.discs.len();
            let link = self.link(from);
            let n = (dist(from, to) / self.walker.step()).ceil().max(1.0) as usize;
            let points: Vec<P2> = (0..=n).map(|i| lerp(from, to, i as f64 / n as f64)).collect();
            for p in &points[1..] {
                self.walker.add(*p);
            }
            self.walker.update(first);
            self.push(link, points, CutRole::Rough);
            self.scallops.look_again(&mut self.walker, &mut self.arcs);
        }
        self.way.stretches.len() > before
    }

    /// Takes a piece of what even passes do not reach; none when nothing is left within `reach`.
    fn remains(&mut self, rest: &mut Rest, reach: f64) -> bool {
        let most = aims(self.task).0[1].most;
        let at = (self.here, reach);
        let found = rest.next(&mut self.walker, self.task.region, at, &mut self.arcs);
        if let Some(b) = found {
            self.take(rest, b, most);
        }
        found.is_some()
    }

    fn take(&mut self, rest: &mut Rest, b: Beginning, most: f64) {
        let from = self.walker.cleared.discs.len();
        let mut link = self.link(b.at);
        for (kind, points) in rest.cut(b, most, &mut self.walker, &mut self.arcs) {
            self.push(link.take(), points, kind);
            link = Some(Link::default());
        }
        self.walker.update(from);
    }

    fn push(&mut self, link: Option<Link>, points: Vec<P2>, kind: CutRole) {
        self.here = points[points.len() - 1];
        self.way.stretches.push(Stretch { link, points, kind });
    }

    /// A free way from here to a place where the tool has been: straight, or with a step back from the material.
    fn link(&mut self, to: P2) -> Option<Link> {
        let (r, a, b) = (self.task.r, self.here, to);
        let way = |points: Vec<P2>, rapid: bool| Some(Link { points, rapid });
        if dist(a, b) < 1e-9 {
            return way(Vec::new(), false);
        }
        if dist(a, b) > 40.0 * r {
            return None;
        }
        let arcs = &mut self.arcs;
        let far = dist(a, b) > 4.0 * r;
        if !far && self.walker.free(a, b, false, arcs) {
            return way(vec![b], false);
        }
        let (u, v) = (self.walker.toward(a, arcs), self.walker.toward(b, arcs));
        let back = |p: P2, m: Option<P2>, d: f64| m.map_or(p, |m| [p[0] - d * m[0], p[1] - d * m[1]]);
        for rapid in [true, false].into_iter().skip(usize::from(!far)) {
            for k in [0.1, 0.3, 0.7, 1.5, 3.0] {
                let (p, q) = (back(a, u, k * r), back(b, v, k * r));
                // The ends touch material.
                let inner = self.walker.area.inside(p) && self.walker.area.inside(q);
                if inner
                    && self.walker.free(p, q, rapid, arcs)
                    && self.walker.free(a, p, false, arcs)
                    && self.walker.free(q, b, false, arcs)
                {
                    return way(vec![p, q, b], rapid);
                }
            }
        }
        (far && self.walker.free(a, b, false, arcs)).then_some(Link {
            points: vec![b],
            rapid: false,
        })
    }
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
