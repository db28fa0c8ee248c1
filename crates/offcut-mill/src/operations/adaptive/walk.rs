//! How a tool walks along what is left, with an even width of cut.
//!
//! In: where its middle may be, what is swept. Out: passes of short steps. At every step the heading is that at which
//! the rim meets the wanted width, and no step meets more than the most. Promised: steps stay in the area.
//!
//! Between two passes the front advances by w / (1 + Rκ), κ its curvature: it smooths itself, so no error grows.

use super::area::Area;
use super::left::Left;
use super::sweep::{Arcs, Cleared, width};
use crate::path::{P2, dist, lerp, within};
use std::f64::consts::{FRAC_PI_2, PI, TAU};

/// What a walk aims at.
#[derive(Debug, Clone, Copy)]
pub struct Aim {
    /// The wanted width of cut, mm.
    pub width: f64,
    /// No step meets more, mm.
    pub most: f64,
    /// Along the border a pass goes on only while it meets so much, mm.
    pub follow: f64,
    /// The strip along the border is left.
    pub strip: bool,
}

/// Where a pass may begin.
#[derive(Debug, Clone, Copy)]
pub struct Start {
    /// The disc.
    pub at: P2,
    /// The heading that just does not meet the material.
    pub heading: f64,
    /// 1 with the material on the right, -1 on the left.
    pub side: f64,
    /// The disc's number, and the aim's bit that it was open for.
    pub disc: Option<(usize, u8)>,
}

/// Walks along what is left of a region.
#[derive(Debug)]
pub struct Walker<'a> {
    /// Where the tool's middle may be.
    pub area: &'a Area,
    /// What is swept.
    pub cleared: Cleared,
    /// What is left.
    pub left: Left,
    /// What walks aim at: first away from the border, then where only it is left.
    aims: [Aim; 2],
    aim: Aim,
    /// The pass is for the strip along the border alone.
    bound: bool,
    stage: usize,
    /// The tool's radius, mm.
    r: f64,
    step: f64,
    /// The material may be on the left, too.
    both: bool,
    /// The discs that may have material beside them for each aim (a bit), and to which pass each belongs.
    open: Vec<u8>,
    /// Those that may, rising.
    live: Vec<u32>,
    pass_of: Vec<u32>,
    passes: u32,
    /// Which pass has looked at a cell last.
    seen: Vec<u32>,
}

fn to(c: P2, heading: f64, d: f64) -> P2 {
    let (s, k) = libm::sincos(heading);
    [c[0] + d * k, c[1] + d * s]
}

impl<'a> Walker<'a> {
    /// Nothing is swept yet. The first of the aims goes before the second.
    #[must_use]
    pub fn new(area: &'a Area, left: Left, r: f64, both: bool, aims: [Aim; 2]) -> Self {
        let cleared = Cleared::new(r, area.bounds());
        Self {
            area,
            left,
            aims,
            aim: aims[0],
            bound: false,
            stage: 0,
            r,
            step: r / 15.0,
            both,
            open: Vec::new(),
            live: Vec::new(),
            pass_of: Vec::new(),
            passes: 1,
            seen: vec![0; cleared.cell_count()],
            cleared,
        }
    }

    /// Whether the last pass looked for goes for the strip along the border.
    #[must_use]
    pub const fn at_border(&self) -> bool {
        !self.aim.strip
    }

    /// Length of a step, mm.
    #[must_use]
    pub const fn step(&self) -> f64 {
        self.step
    }

    /// The tool has been there; whether there was something.
    pub fn add(&mut self, p: P2) -> bool {
        self.live.push(self.cleared.discs.len() as u32);
        self.cleared.add(p);
        self.open.push(3);
        self.pass_of.push(self.passes);
        self.left.cut(p)
    }

    fn allowed(&self, p: P2) -> bool {
        self.allows(&self.aim, p)
    }

    fn allows(&self, aim: &Aim, p: P2) -> bool {
        if aim.strip {
            self.area.leaves_strip(p)
        } else {
            self.area.inside(p)
        }
    }

    /// The heading nearest to `h` at which the arcs show the wanted width, turning into the material by no more than
    /// `into`; none when all show more.
    fn steer(&self, arcs: &[(f64, f64)], h: f64, side: f64, into: f64) -> Option<f64> {
        let excess = |h: f64| width(arcs, h, self.r) > self.aim.width;
        let away = excess(h);
        let (sign, far) = if away { (side, PI) } else { (-side, into) };
        let (mut d, mut last) = (0.01f64.min(far), 0.0);
        while excess(h + sign * d) == away {
            if d >= far {
                return (!away).then_some(h + sign * far);
            }
            last = d;
            d = (1.6 * d).min(d + 0.15).min(far);
        }
        let (mut much, mut good) = if away { (last, d) } else { (d, last) };
        while (much - good).abs() > 1e-4 {
            let m = 0.5 * (much + good);
            if excess(h + sign * m) { much = m } else { good = m }
        }
        Some(h + sign * good)
    }

    /// A step in a heading, or in the nearest away from the material that stays in the area.
    fn along(&self, c: P2, heading: f64, side: f64, d: f64) -> Option<(P2, f64)> {
        let p = to(c, heading, d);
        if self.allowed(p) {
            return Some((p, heading));
        }
        let n = 48;
        let turn = |i: i32| heading + side * PI * f64::from(i) / f64::from(n);
        let first = (1..=n).find(|i| self.allowed(to(c, turn(*i), d)))?;
        let (mut out, mut inn) = (turn(first - 1), turn(first));
        for _ in 0..16 {
            let m = 0.5 * (out + inn);
            if self.allowed(to(c, m, d)) {
                inn = m
            } else {
                out = m
            }
        }
        Some((to(c, inn, d), inn))
    }

    fn ahead(&mut self, c: P2, heading: f64, arcs: &mut Arcs) {
        let n = self.cleared.discs.len() as u32;
        let last = [1, 3, 8].map(|k| n.wrapping_sub(k));
        self.cleared.open(c, heading, &last, arcs);
    }

    /// Walks a pass; `None` when it removes nothing.
    pub fn pass(&mut self, start: &Start) -> Option<Vec<P2>> {
        /// Stops after so many short steps on which too much is met.
        const STUCK: usize = 12;
        /// A pass for the strip along the border ends where it is off the border for so long, radii.
        const OFF: f64 = 0.4;
        let side = start.side;
        let (mut c, mut heading) = (start.at, start.heading);
        let mut out = vec![c];
        let (mut useful, mut discs) = (1, self.cleared.discs.len());
        // In narrow places it may face walls for ever without cutting anything.
        let (mut idle, mut barren, mut stuck, mut since) = (0.0, 0.0, 0, 0.0);
        let (mut arcs, mut next) = (Vec::new(), Vec::new());
        self.ahead(c, heading, &mut arcs);
        let mut off = 0.0;
        // At first as far as it takes; where nothing shows the wanted width, a little into what is there.
        let mut into = if self.steer(&arcs, 0.0, side, PI).is_some_and(|h| h.abs() < 3.0) {
            PI
        } else {
            0.5
        };
        'walk: while out.len() < 100_000 {
            let Some(h) = self.steer(&arcs, 0.0, side, into) else {
                break;
            };
            let mut d = self.step;
            let (p, turned, met, border) = loop {
                let Some((p, turned)) = self.along(c, heading + h, side, d) else {
                    break 'walk;
                };
                let now = width(&arcs, turned - heading, self.r);
                if now > self.aim.most || (turned != heading + h && now < self.aim.follow) {
                    break 'walk;
                }
                self.ahead(p, turned, &mut next);
                let then = width(&next, 0.0, self.r);
                if then <= self.aim.most || d < self.step / 12.0 {
                    break (p, turned, now.max(then), turned != heading + h);
                }
                d /= 2.0;
            };
            stuck = if met > self.aim.most { stuck + 1 } else { 0 };
            if stuck > STUCK {
                break;
            }
            // What is beside the strip is for other passes.
            off = if border { 0.0 } else { off + d };
            if self.bound && off > OFF * self.r {
                break;
            }
            // Of creeping, single discs are enough.
            since += d;
            let mut cuts = false;
            let little = barren > 0.0 || met <= 0.02 * self.aim.width;
            let sliver = border && little && self.thick(p, turned, &next);
            if since > 0.35 * self.step {
                cuts = self.add(p);
                barren = if cuts { 0.0 } else { barren + since };
                since = 0.0;
            }
            out.push(p);
            if cuts || sliver || (met > 0.02 * self.aim.width && barren == 0.0) {
                (idle, useful, discs) = (0.0, out.len(), self.cleared.discs.len());
            } else {
                idle += d;
            }
            if idle > self.r {
                break;
            }
            (c, heading) = (p, turned);
            std::mem::swap(&mut arcs, &mut next);
            into = d / (0.338 * self.r);
        }
        while self.cleared.discs.len() > discs {
            self.cleared.pop();
            self.open.pop();
            self.pass_of.pop();
            self.live.pop();
        }
        out.truncate(useful);
        if useful > 1 && self.cleared.discs.last() != out.last() {
            self.add(out[useful - 1]);
        }
        (useful > 1).then_some(out)
    }

    /// Looks again at which discs have material beside them, near those from the number `from` on.
    pub fn update(&mut self, from: usize) {
        self.passes += 1;
        let mut cells = Vec::new();
        for k in from..self.cleared.discs.len() {
            // Those further off than a radius are looked at again when their turn comes.
            for c in self.cleared.cells_next_to(self.cleared.discs[k]) {
                if self.seen[c] != self.passes {
                    self.seen[c] = self.passes;
                    cells.push(c);
                }
            }
        }
        for c in cells {
            for (p, k) in self.cleared.of_cell(c) {
                let open = &mut self.open[*k as usize];
                if *open != 0 {
                    *open &= self.left.beside(*p);
                }
            }
        }
        let open = &self.open;
        self.live.retain(|k| open[*k as usize] != 0);
    }

    /// Whether a tool at a place, where it has not been, meets something thicker than a hair.
    pub fn shows(&mut self, p: P2, arcs: &mut Arcs) -> bool {
        self.cleared.open(p, 0.0, &[], arcs);
        self.thick(p, 0.0, arcs)
    }

    /// Whether what open arcs of a rim show is thicker than a hair.
    fn thick(&self, p: P2, base: f64, arcs: &[(f64, f64)]) -> bool {
        /// A sliver as thick is a hair, mm.
        const HAIR: f64 = 0.03;
        let c = &self.cleared;
        arcs.iter().any(|a| {
            let q = to(p, base + 0.5 * (a.0 + a.1), self.r - HAIR);
            // All discs over a place within the rim are near the tool's.
            let mut discs = c.cells_near(p).flat_map(|k| c.of_cell(k));
            !discs.any(|d| within(d.0, q, self.r))
        })
    }

    /// The direction to the material beside a place that the tool has been to; none where there is none.
    pub fn toward(&mut self, p: P2, arcs: &mut Arcs) -> Option<P2> {
        self.cleared.open(p, 0.0, &[], arcs);
        let m = arcs.iter().fold([0.0; 2], |m, a| {
            let d = to(m, 0.5 * (a.0 + a.1), a.1 - a.0);
            [d[0], d[1]]
        });
        let l = libm::hypot(m[0], m[1]);
        (l > 1e-9).then(|| [m[0] / l, m[1] / l])
    }

    /// Whether the tool meets nothing on the straight way between two places where it has been. At feed, the hair that
    /// is left between two discs is nothing; at rapid it is something.
    pub fn free(&mut self, a: P2, b: P2, rapid: bool, arcs: &mut Arcs) -> bool {
        let step = if rapid { 0.05 } else { 0.15 };
        let n = (dist(a, b) / (step * self.r)).ceil().max(2.0) as usize;
        let heading = libm::atan2(b[1] - a[1], b[0] - a[0]);
        let ends = if rapid { 0..n + 1 } else { 1..n };
        ends.into_iter().all(|i| {
            let p = lerp(a, b, i as f64 / n as f64);
            self.cleared.open(p, heading, &[], arcs);
            let met = if rapid {
                !arcs.is_empty()
            } else {
                width(arcs, 0.0, self.r) >= 0.001 * self.r
            };
            self.area.inside(p) && !met
        })
    }

    /// For which aims a disc has material beside it that the tool can get at, and on which arc of its rim.
    fn beside(&mut self, k: usize, arcs: &mut Arcs) -> (u8, (f64, f64)) {
        let none = (0, (0.0, 0.0));
        let c = self.cleared.discs[k];
        let i = k as u32;
        let near = [i.wrapping_sub(1), i + 1, i.wrapping_sub(6), i + 6, i];
        self.cleared.open(c, 0.0, &near[..4], arcs);
        if let [first, .., last] = arcs[..]
            && first.0 <= -PI + 1e-9
            && last.1 >= PI - 1e-9
        {
            arcs.pop();
            arcs[0].0 = last.0 - TAU;
        }
        let longest = arcs.iter().max_by(|x, y| (x.1 - x.0).total_cmp(&(y.1 - y.0)));
        let Some(arc) = longest.copied().filter(|a| a.1 - a.0 > 0.002) else {
            return none;
        };
        let middle = 0.5 * (arc.0 + arc.1);
        let mut found = 0;
        let turns = [0.0, 0.5, -0.5, 1.0, -1.0, 1.4, -1.4];
        for (t, step) in [0.1, 0.04].into_iter().flat_map(|d| turns.map(|t| (t, d))) {
            let q = to(c, middle + t, step * self.r);
            let bits = (0..2).fold(0, |b, i| b | u8::from(self.allows(&self.aims[i], q)) << i);
            if bits & self.open[k] & !found != 0 {
                self.cleared.open(q, middle, &near, arcs);
                if arcs.iter().map(|a| a.1 - a.0).sum::<f64>() > 0.12 {
                    found |= bits & self.open[k];
                }
            }
            if found == self.open[k] {
                break;
            }
        }
        (found, arc)
    }

    /// The nearest end of a run of discs with material beside them, for the first aim that has one; passes go for it.
    /// Where that is far away, and the border is not, a little of the border goes before it.
    pub fn next(&mut self, here: P2) -> Option<Start> {
        /// How much farther away is far, radii.
        const FAR: f64 = 4.0;
        let nearest = |bit: u8| {
            let open = self.live.iter().map(|k| *k as usize);
            let open = open.filter(|k| self.open[*k] & bit != 0);
            open.map(|k| dist(here, self.cleared.discs[k]))
                .min_by(f64::total_cmp)
        };
        if let (0, Some(first), Some(last)) = (self.stage, nearest(1), nearest(2))
            && last + FAR * self.r < first
            && let Some(start) = self.next_for(2, here)
        {
            (self.aim, self.bound) = (self.aims[1], true);
            return Some(start);
        }
        self.bound = false;
        (self.stage..2).find_map(|i| {
            let start = self.next_for(1 << i, here)?;
            (self.aim, self.stage) = (self.aims[i], i);
            Some(start)
        })
    }

    /// A pass that was not walked after all may be later.
    pub fn give_back(&mut self, start: &Start) {
        if let Some((i, bit)) = start.disc {
            self.open[i] |= bit;
            if let Err(k) = self.live.binary_search(&(i as u32)) {
                self.live.insert(k, i as u32);
            }
        }
    }

    /// The disc after `i` in its run.
    fn run_goes_on(&self, i: usize, forward: bool, bit: u8) -> Option<usize> {
        let j = if forward { i + 1 } else { i.wrapping_sub(1) };
        let goes_on = j < self.open.len() && self.open[j] & bit != 0 && self.pass_of[i] == self.pass_of[j];
        goes_on.then_some(j)
    }

    /// On which side of its run a disc has the material that an arc of its rim shows.
    fn side(&self, i: usize, forward: bool, bit: u8, arc: (f64, f64)) -> f64 {
        let at = self.cleared.discs[i];
        let m = to([0.0; 2], 0.5 * (arc.0 + arc.1), 1.0);
        match self.run_goes_on(i, forward, bit).map(|j| self.cleared.discs[j]) {
            Some(q) if (q[0] - at[0]) * m[1] > (q[1] - at[1]) * m[0] => -1.0,
            _ => 1.0,
        }
    }

    fn next_for(&mut self, bit: u8, here: P2) -> Option<Start> {
        let mut arcs = Vec::new();
        loop {
            let mut best: Option<(f64, usize, bool)> = None;
            for i in self.live.iter().map(|k| *k as usize) {
                if self.open[i] & bit == 0 {
                    continue;
                }
                for forward in [true, false] {
                    let d = dist(here, self.cleared.discs[i]);
                    if self.run_goes_on(i, !forward, bit).is_none() && best.is_none_or(|b| d < b.0 - 1e-9) {
                        best = Some((d, i, forward));
                    }
                }
            }
            let (_, mut i, mut forward) = best?;
            let (mut found, mut arc) = self.beside(i, &mut arcs);
            let mut side = self.side(i, forward, bit, arc);
            if found & bit != 0 && side < 0.0 && !self.both {
                // The other end of the run has the material on the right.
                self.open[i] = found;
                while let Some(j) = self.run_goes_on(i, forward, bit) {
                    i = j;
                }
                forward = !forward;
                (found, arc) = self.beside(i, &mut arcs);
                side = self.side(i, forward, bit, arc).max(0.0);
            }
            // Looked at once only: what a pass from there leaves has discs of its own beside it.
            self.open[i] = found & !bit;
            if found & bit == 0 || side == 0.0 {
                continue;
            }
            let at = self.cleared.discs[i];
            let heading = if side > 0.0 {
                arc.1 + FRAC_PI_2
            } else {
                arc.0 - FRAC_PI_2
            };
            let disc = Some((i, bit));
            return Some(Start {
                at,
                heading,
                side,
                disc,
            });
        }
    }
}
