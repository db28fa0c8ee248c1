//! What passes leave at a border between their ends: scallops, taken straight and not along the border.
//!
//! In: a walker, the region's border. Out: short ways to the border, each from where nothing is met. Along a scallop
//! the tool would meet little all the way, and round an island of radius ρ that way is (ρ + R) / ρ times as long as
//! the scallop; straight at its middle, most of it goes on a small part of that.

use super::rest::{Line, met};
use super::sweep::Arcs;
use super::walk::Walker;
use crate::path::{P2, Track, dist, lerp, within};
use offcut_geometry::Loops;

/// Wider ones are for passes, radii of the tool along the border.
const WIDE: f64 = 1.2;
/// Scallops are looked for so far around a place, radii.
const NEARBY: f64 = 2.0;
/// The way begins no farther off the border, radii.
const FAR: f64 = 0.8;

/// The border with what is left along it.
#[derive(Debug)]
pub struct Scallops {
    lines: Vec<Line>,
    /// Which places have been looked at.
    seen: Vec<Vec<bool>>,
    r: f64,
}

impl Scallops {
    /// The border of a region for a tool's middle, looked at a step apart.
    #[must_use]
    pub fn new(region: &Loops, r: f64, step: f64) -> Self {
        let tracks = Track::rings(region, false);
        let lines: Vec<Line> = tracks.iter().map(|t| Line::new(t, step)).collect();
        Self {
            seen: lines.iter().map(|l| vec![false; l.points.len()]).collect(),
            lines,
            r,
        }
    }

    /// Looks near some places, or everywhere, where more than a hair is left.
    pub fn look(&mut self, walker: &mut Walker<'_>, at: Option<&[P2]>, arcs: &mut Arcs) {
        let reach = NEARBY * self.r;
        for (line, seen) in self.lines.iter_mut().zip(&mut self.seen) {
            for ((p, left), seen) in line.points.iter().zip(&mut line.left).zip(seen) {
                *seen = at.is_none_or(|at| at.iter().any(|a| within(*p, *a, reach)));
                *left = *seen && is_left(walker, *p, arcs);
            }
        }
    }

    /// Looks again where something was left.
    pub fn look_again(&mut self, walker: &mut Walker<'_>, arcs: &mut Arcs) {
        for line in &mut self.lines {
            for (p, left) in line.points.iter().zip(&mut line.left) {
                *left = *left && is_left(walker, *p, arcs);
            }
        }
    }

    /// The way to the scallop that is nearest to `here`. Those where a tool would meet more than `most` are none.
    pub fn next(&mut self, walker: &mut Walker<'_>, here: P2, most: f64, arcs: &mut Arcs) -> Option<[P2; 2]> {
        let mut best: Option<(f64, [P2; 2])> = None;
        for k in 0..self.lines.len() {
            for run in self.runs(k, walker.step()) {
                match self.way(k, run[run.len() / 2], walker, most, arcs) {
                    Some(way) => {
                        let d = dist(way[0], here);
                        if best.is_none_or(|b| d < b.0) {
                            best = Some((d, way));
                        }
                    }
                    None => run.into_iter().for_each(|i| self.lines[k].left[i] = false),
                }
            }
        }
        best.map(|b| b.1)
    }

    /// Places of a line in a row where something is left, between two where nothing is, but no wide rows.
    fn runs(&self, k: usize, step: f64) -> Vec<Vec<usize>> {
        let (line, seen) = (&self.lines[k], &self.seen[k]);
        let most = (WIDE * self.r / step) as usize;
        let bare = |i: usize| seen[i] && !line.left[i];
        let mut out = Vec::new();
        for i in (0..line.points.len()).filter(|i| line.left[*i]) {
            if !line.after(i, false).is_some_and(bare) {
                continue;
            }
            let mut run = vec![i];
            let mut next = line.after(i, true);
            while let Some(j) = next.filter(|j| line.left[*j] && run.len() <= most) {
                run.push(j);
                next = line.after(j, true);
            }
            if next.is_some_and(bare) && run.len() <= most {
                out.push(run);
            }
        }
        out
    }

    /// Straight at a place of the border, from the nearest that is swept and has nothing beside it.
    fn way(
        &self,
        k: usize,
        i: usize,
        walker: &mut Walker<'_>,
        most: f64,
        arcs: &mut Arcs,
    ) -> Option<[P2; 2]> {
        /// Places that are tried, evenly apart.
        const TRIED: u32 = 40;
        let line = &self.lines[k];
        let p = line.points[i];
        if !walker.shows(p, arcs) {
            return None;
        }
        let [a, b] = [false, true].map(|f| line.after(i, f).map_or(p, |j| line.points[j]));
        let l = dist(a, b).max(1e-9);
        // The region is on the left of its border.
        let inward = [(a[1] - b[1]) / l, (b[0] - a[0]) / l];
        let at = |n: u32| {
            let d = FAR * self.r * f64::from(n) / f64::from(TRIED);
            [p[0] + d * inward[0], p[1] + d * inward[1]]
        };
        let q = (1..TRIED)
            .map(at)
            .find(|q| walker.area.inside(*q) && walker.cleared.bare(*q, arcs) == 0.0)?;
        let n = (dist(q, p) / walker.step()).ceil().max(1.0) as usize;
        let fits =
            (0..=n).all(|j| met(walker, lerp(q, p, j as f64 / n as f64), [q, p], self.r, arcs) <= most);
        fits.then_some([q, p])
    }
}

/// Whether more than a hair is left under a tool at a place of the border.
fn is_left(walker: &mut Walker<'_>, p: P2, arcs: &mut Arcs) -> bool {
    walker.left.under(p) || walker.shows(p, arcs)
}
