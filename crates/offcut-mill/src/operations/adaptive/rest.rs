//! What even passes do not reach: necks, and what is thin. Along the rings of a pocket, so that nothing is left.
//!
//! In: a walker that finds no more passes. Out: pieces of rings with what they are for. Promised: a piece begins where
//! nothing is met; what meets more than the most is a [`CutRole::Slot`].

use super::sweep::{Arcs, width};
use super::walk::Walker;
use crate::CutRole;
use crate::operations::rings;
use crate::path::{P2, Track, dist, lerp, stays_in, within};
use offcut_geometry::Loops;

/// So many of the nearest beginnings are looked at.
const NEAREST: usize = 40;
/// So many radii a place may be farther away that has a bite smaller by one width.
const BITE: f64 = 20.0;

/// A ring, point by point, and where something is left under the tool.
#[derive(Debug)]
pub(super) struct Line {
    pub points: Vec<P2>,
    pub left: Vec<bool>,
    closed: bool,
}

impl Line {
    pub fn new(t: &Track, step: f64) -> Self {
        let mut points: Vec<P2> = Vec::new();
        let mut last = 0.0;
        for &w in t.ways() {
            let n = ((w - last) / step).ceil().max(1.0) as usize;
            points.extend((1..=n).map(|i| {
                let s = last + (w - last) * i as f64 / n as f64;
                t.at(s.min(t.length() - 1e-9)).0
            }));
            last = w;
        }
        Self {
            left: vec![true; points.len()],
            points,
            closed: t.closed,
        }
    }

    /// The number of the next point in a direction.
    pub fn after(&self, i: usize, forward: bool) -> Option<usize> {
        let n = self.points.len();
        let j = if forward { i + 1 } else { i + n - 1 };
        let inside = if forward { j < n } else { i > 0 };
        (self.closed || inside).then_some(j % n)
    }
}

/// Where a piece begins.
#[derive(Debug, Clone, Copy)]
pub struct Beginning {
    /// A place where nothing is met.
    pub at: P2,
    line: usize,
    first: usize,
    forward: bool,
}

/// The rings with what is left under them.
#[derive(Debug)]
pub struct Rest {
    /// The rings, and last the border.
    lines: Vec<Line>,
    rings: usize,
    /// Nothing is left but what the bitmap is too coarse for.
    fine: bool,
    r: f64,
    width: f64,
}

impl Rest {
    /// The rings of a region for a tool and a width of cut.
    #[must_use]
    pub fn new(region: &Loops, r: f64, width: f64, step: f64) -> Self {
        let wish = rings::Wish {
            step: 0.5 * width.min(r),
            radius: r,
            reversed: false,
            spiral: false,
            only: None,
        };
        let runs = rings::runs(region, &wish);
        let tracks = runs.iter().flat_map(|run| &run.tracks);
        let mut lines: Vec<Line> = tracks.map(|t| Line::new(t, step)).collect();
        let rings = lines.len();
        for t in Track::rings(region, false) {
            let line = Line::new(&t, step);
            let left = vec![false; line.points.len()];
            lines.push(Line { left, ..line });
        }
        Self {
            lines,
            rings,
            fine: false,
            r,
            width,
        }
    }

    /// Where to go on, not farther than `reach` from here: little bites before larger ones, near ones before far ones.
    pub fn next(
        &mut self,
        walker: &mut Walker<'_>,
        region: &Loops,
        (here, reach): (P2, f64),
        arcs: &mut Arcs,
    ) -> Option<Beginning> {
        let mut list = self.ends(walker, (here, reach), arcs);
        if list.is_empty() && reach.is_infinite() {
            list = self.beside(walker, region);
        }
        if list.is_empty() && reach.is_infinite() && !self.fine {
            self.look_closer(walker);
            list = self.ends(walker, (here, reach), arcs);
            if list.is_empty() {
                list = self.beside(walker, region);
            }
        }
        let far = |b: &Beginning| dist(b.at, here);
        list.sort_by(|a, b| far(a).total_cmp(&far(b)));
        list.truncate(NEAREST);
        for b in &mut list {
            // Points of rings are off the swept ones by a hair, which is too much for a rapid.
            let first = self.lines[b.line].points[b.first];
            b.at = swept_near(walker, region, first).unwrap_or(b.at);
        }
        let bite = |b: &Beginning, walker: &mut Walker<'_>, arcs: &mut Arcs| {
            let p = self.lines[b.line].points[b.first];
            let met = [0.0, 0.5, 1.0].map(|t| met(walker, lerp(b.at, p, t), [b.at, p], self.r, arcs));
            met.into_iter().fold(0.0, f64::max) / self.width
        };
        let rated = list.into_iter().map(|b| {
            let far = dist(b.at, here) / self.r;
            (BITE * bite(&b, walker, arcs).ceil() + far, b)
        });
        rated.min_by(|a, b| a.0.total_cmp(&b.0)).map(|b| b.1)
    }

    /// Looks at the border itself, and at specks, by what has been swept.
    fn look_closer(&mut self, walker: &Walker<'_>) {
        self.fine = true;
        for (k, line) in self.lines.iter_mut().enumerate() {
            for (p, left) in line.points.iter().zip(&mut line.left) {
                *left = k >= self.rings || walker.left.speck(*p);
            }
        }
    }

    /// The ends of what is left of lines, not farther than `reach` from here.
    fn ends(&mut self, walker: &mut Walker<'_>, (here, reach): (P2, f64), arcs: &mut Arcs) -> Vec<Beginning> {
        for line in &mut self.lines {
            for (p, left) in line.points.iter().zip(&mut line.left) {
                *left = *left
                    && if self.fine {
                        walker.shows(*p, arcs)
                    } else {
                        // A step farther, for the beginnings.
                        !within(*p, here, reach + self.r) || walker.left.under(*p)
                    };
            }
        }
        self.listed((here, reach))
    }

    /// The ends of what is left of lines.
    fn listed(&self, (here, reach): (P2, f64)) -> Vec<Beginning> {
        let mut list = Vec::new();
        for (k, line) in self.lines.iter().enumerate() {
            for first in
                (0..line.points.len()).filter(|i| line.left[*i] && within(line.points[*i], here, reach))
            {
                for forward in [true, false] {
                    if let Some(j) = line.after(first, !forward).filter(|j| !line.left[*j]) {
                        let at = line.points[j];
                        list.push(Beginning {
                            at,
                            line: k,
                            first,
                            forward,
                        });
                    }
                }
            }
        }
        list
    }

    /// Beginnings off the rings: straight from where the tool has been.
    fn beside(&self, walker: &Walker<'_>, region: &Loops) -> Vec<Beginning> {
        let mut out = Vec::new();
        for (k, line) in self.lines.iter().enumerate() {
            for first in (0..line.points.len()).filter(|i| line.left[*i]).step_by(4) {
                if let Some(at) = swept_near(walker, region, line.points[first]) {
                    out.push(Beginning {
                        at,
                        line: k,
                        first,
                        forward: true,
                    });
                }
            }
        }
        out
    }

    /// Cuts from there on while something is left. Even cuts end where more than `most` is met, slots after a
    /// diameter: then there may be room for even passes.
    pub fn cut(
        &mut self,
        b: Beginning,
        most: f64,
        walker: &mut Walker<'_>,
        arcs: &mut Arcs,
    ) -> Vec<(CutRole, Vec<P2>)> {
        let line = &mut self.lines[b.line];
        let mut parts: Vec<(CutRole, Vec<P2>)> = Vec::new();
        let (mut at, mut k, mut slot) = (b.at, b.first, 0.0);
        let step = walker.step();
        'line: while line.left[k] && slot < 2.0 * self.r {
            let (from, to) = (at, line.points[k]);
            let n = (dist(from, to) / step - 1e-6).ceil().max(1.0) as usize;
            for i in 1..=n {
                let p = lerp(from, to, i as f64 / n as f64);
                let now = [at, p].map(|c| met(walker, c, [from, to], self.r, arcs));
                let kind = if now[0].max(now[1]) > most {
                    CutRole::Slot
                } else {
                    CutRole::Rough
                };
                match parts.last_mut() {
                    Some((CutRole::Rough, _)) if kind == CutRole::Slot && k != b.first => break 'line,
                    Some(last) if last.0 == kind => last.1.push(p),
                    _ => parts.push((kind, vec![at, p])),
                }
                if kind == CutRole::Slot {
                    slot += dist(at, p);
                }
                walker.add(p);
                at = p;
            }
            line.left[k] = false;
            match line.after(k, b.forward) {
                Some(next) => k = next,
                None => break,
            }
        }
        parts
    }
}

/// The width that a tool at `c` meets on its way from `a` to `b`.
pub(super) fn met(walker: &mut Walker<'_>, c: P2, [a, b]: [P2; 2], r: f64, arcs: &mut Arcs) -> f64 {
    let heading = libm::atan2(b[1] - a[1], b[0] - a[0]);
    walker.cleared.open(c, heading, &[], arcs);
    width(arcs, 0.0, r)
}

/// The nearest place that the tool has been to and that has a straight way to `p`.
fn swept_near(walker: &Walker<'_>, region: &Loops, p: P2) -> Option<P2> {
    let cleared = &walker.cleared;
    let discs = cleared.cells_near(p).flat_map(|c| cleared.of_cell(c));
    let mut near: Vec<(f64, P2)> = discs.map(|d| (dist(d.0, p), d.0)).collect();
    near.sort_by(|a, b| a.0.total_cmp(&b.0));
    let found = near.iter().take(20).find(|d| stays_in(region, d.1, p));
    found.map(|d| d.1)
}
