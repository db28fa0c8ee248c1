//! What a tool has swept, as discs, and how it walks along what is left.
//!
//! In: discs, a place. Out: the arcs of the tool's rim there that are not covered, the heading with a wanted width of
//! cut, passes of steps. Closed form throughout: no polygons are clipped.

use crate::path::{P2, dist, on_grid};
use offcut_geometry::Loops;
use std::collections::HashMap;
use std::f64::consts::{FRAC_PI_2, PI, TAU};

/// The discs that a tool has swept.
#[derive(Debug)]
pub struct Cleared {
    r: f64,
    discs: Vec<P2>,
    cells: HashMap<(i32, i32), Vec<u32>>,
    arcs: Vec<(f64, f64)>,
}

/// A pass ends where the tool would meet more than this times the wanted width.
const MOST: f64 = 1.08;
/// Arcs shorter than this are rounding, radians.
const LEAST: f64 = 1e-4;

impl Cleared {
    /// Nothing is swept yet.
    #[must_use]
    pub fn new(r: f64) -> Self {
        Self {
            r,
            discs: Vec::new(),
            cells: HashMap::new(),
            arcs: Vec::new(),
        }
    }

    fn cell(&self, p: P2) -> (i32, i32) {
        (
            (p[0] / (2.0 * self.r)).floor() as i32,
            (p[1] / (2.0 * self.r)).floor() as i32,
        )
    }

    /// The tool has been there.
    pub fn add(&mut self, p: P2) {
        let c = self.cell(p);
        self.cells.entry(c).or_default().push(self.discs.len() as u32);
        self.discs.push(p);
    }

    /// The arcs of the rim at `c` that no disc covers, by rising angle from 0 to below 2π (an end may pass 2π).
    pub fn open(&mut self, c: P2, out: &mut Vec<(f64, f64)>) {
        let (i, j) = self.cell(c);
        self.arcs.clear();
        for y in j - 1..=j + 1 {
            for x in i - 1..=i + 1 {
                for k in self.cells.get(&(x, y)).map_or(&[][..], Vec::as_slice) {
                    let p = self.discs[*k as usize];
                    let d = dist(c, p);
                    if d >= 2.0 * self.r || d < 1e-9 {
                        continue;
                    }
                    let half = libm::acos(d / (2.0 * self.r));
                    let a = libm::atan2(p[1] - c[1], p[0] - c[0]) - half;
                    let a = if a < 0.0 { a + TAU } else { a };
                    self.arcs.push((a, a + 2.0 * half));
                }
            }
        }
        self.arcs
            .sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        out.clear();
        // What reaches over 2π covers the beginning too.
        let mut end = self.arcs.iter().fold(0.0f64, |m, a| m.max(a.1 - TAU));
        for &(a, b) in &self.arcs {
            if a > end + LEAST {
                out.push((end, a));
            }
            end = end.max(b);
        }
        if end < TAU - LEAST {
            out.push((end, TAU));
        }
    }

    /// The angle of the rim at `c` that nothing covers, radians.
    pub fn bare(&mut self, c: P2) -> f64 {
        let mut arcs = Vec::new();
        self.open(c, &mut arcs);
        arcs.iter().map(|a| a.1 - a.0).sum()
    }
}

/// The width of material that open arcs of a rim show in a heading.
fn width(arcs: &[(f64, f64)], heading: f64, r: f64) -> f64 {
    let mut sum = 0.0;
    for &(a, b) in arcs {
        // The arc relative to the heading, in the two turns that the front half may meet.
        let a0 = (a - heading).rem_euclid(TAU);
        let b0 = a0 + (b - a);
        for turn in [-TAU, 0.0] {
            let (lo, hi) = ((a0 + turn).max(-FRAC_PI_2), (b0 + turn).min(FRAC_PI_2));
            if hi > lo {
                sum += r * (libm::sin(hi) - libm::sin(lo));
            }
        }
    }
    sum
}

/// Walks along what is left of a region.
#[derive(Debug)]
pub struct Walker<'a> {
    /// Where the tool's middle may be.
    pub region: &'a Loops,
    /// What is swept.
    pub cleared: Cleared,
    /// The tool's radius, mm.
    pub r: f64,
    /// The wanted width of cut, mm.
    pub width: f64,
    /// Length of a step, mm.
    pub step: f64,
    /// For each disc whether a pass may still begin there.
    pub fresh: Vec<bool>,
}

impl Walker<'_> {
    fn inside(&self, p: P2) -> bool {
        self.region.contains(on_grid(p))
    }

    /// Whether the straight way is swept already.
    #[must_use]
    pub fn free(&self, a: P2, b: P2) -> bool {
        let n = (dist(a, b) / (2.0 * self.step)).ceil().max(1.0) as usize;
        let mut probe = Cleared {
            r: self.r,
            discs: self.cleared.discs.clone(),
            cells: HashMap::new(),
            arcs: Vec::new(),
        };
        // Only the discs near the way matter.
        let near = |p: &P2| {
            let t = ((p[0] - a[0]) * (b[0] - a[0]) + (p[1] - a[1]) * (b[1] - a[1]))
                / dist(a, b).powi(2).max(1e-12);
            dist(*p, crate::path::lerp(a, b, t.clamp(0.0, 1.0))) < 2.0 * self.r
        };
        let discs: Vec<P2> = probe.discs.iter().filter(|p| near(p)).copied().collect();
        probe.discs.clear();
        for p in discs {
            probe.add(p);
        }
        (1..n).all(|i| probe.bare(crate::path::lerp(a, b, i as f64 / n as f64)) < 1e-6)
    }

    /// The largest width that the tool meets along points.
    pub fn width_beside(&mut self, points: &[P2]) -> f64 {
        let mut arcs = Vec::new();
        let mut most = 0.0f64;
        for w in points.windows(2).step_by(4) {
            self.cleared.open(w[0], &mut arcs);
            most = most.max(width(
                &arcs,
                libm::atan2(w[1][1] - w[0][1], w[1][0] - w[0][0]),
                self.r,
            ));
        }
        most
    }

    /// A pass from `start`, material to the right; `None` when it removes nothing.
    pub fn pass(&mut self, start: P2, heading: f64) -> Option<Vec<P2>> {
        let mut out = vec![start];
        let (mut c, mut h) = (start, heading);
        let mut arcs = Vec::new();
        let most_turn = self.step / (0.35 * self.r);
        let (mut cut, mut idle, mut useful) = (0.0, 0.0, 1);
        loop {
            self.cleared.open(c, &mut arcs);
            let met = |h: f64| width(&arcs, h, self.r);
            // To the right the width grows. Into material the tool turns gently, away from it at once.
            let (mut lo, mut hi) = (h - most_turn, h + 2.2);
            let wanted = if met(lo) <= self.width {
                lo
            } else if met(hi) >= self.width {
                hi
            } else {
                for _ in 0..24 {
                    let m = (lo + hi) / 2.0;
                    if met(m) > self.width { lo = m } else { hi = m }
                }
                hi
            };
            let Some((next, heading)) = self.along(c, wanted, &arcs) else {
                break;
            };
            let w = met(heading);
            if w > MOST * self.width {
                break;
            }
            self.cleared.add(next);
            out.push(next);
            let d = dist(c, next);
            if w > 0.02 * self.width {
                (cut, idle, useful) = (cut + d, 0.0, out.len());
            } else {
                idle += d;
            }
            (c, h) = (next, heading);
            if idle > 1.2 * self.r || out.len() > 200_000 {
                break;
            }
        }
        out.truncate(useful.max(1));
        (cut > 0.0 && out.len() > 1).then_some(out)
    }

    /// A step in a heading, or the nearest to its left that stays in the region and meets no more.
    fn along(&self, c: P2, heading: f64, arcs: &[(f64, f64)]) -> Option<(P2, f64)> {
        let to = |h: f64| {
            let (s, k) = libm::sincos(h);
            [c[0] + self.step * k, c[1] + self.step * s]
        };
        if self.inside(to(heading)) {
            return Some((to(heading), heading));
        }
        // Leftwards to the first heading inside, then back to the border.
        let n = 48;
        let turn = |i: i32| heading + PI * f64::from(i) / f64::from(n);
        let first = (1..=n).find(|i| self.inside(to(turn(*i))))?;
        let (mut out, mut inn) = (turn(first - 1), turn(first));
        for _ in 0..16 {
            let m = (out + inn) / 2.0;
            if self.inside(to(m)) { inn = m } else { out = m }
        }
        let w = width(arcs, inn, self.r);
        (w <= MOST * self.width).then(|| (to(inn), inn))
    }

    /// The nearest beginning of a stretch that still has material beside it, and the heading with that to the right.
    pub fn next(&mut self, here: P2) -> Option<(P2, f64)> {
        let mut arcs = Vec::new();
        self.fresh.resize(self.cleared.discs.len(), true);
        loop {
            let mut best: Option<(f64, usize)> = None;
            for k in (0..self.fresh.len()).filter(|k| self.fresh[*k] && (*k == 0 || !self.fresh[*k - 1])) {
                let d = dist(here, self.cleared.discs[k]);
                if best.is_none_or(|b| d < b.0) {
                    best = Some((d, k));
                }
            }
            let k = best?.1;
            // Looked at once only: what a pass from there leaves has discs of its own beside it.
            self.fresh[k] = false;
            let c = self.cleared.discs[k];
            self.cleared.open(c, &mut arcs);
            let longest = arcs.iter().max_by(|x, y| (x.1 - x.0).total_cmp(&(y.1 - y.0)));
            if let Some(a) = longest.filter(|a| a.1 - a.0 > 0.02) {
                return Some((c, (a.0 + a.1) / 2.0 + FRAC_PI_2));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rims_and_widths_are_those_of_circles() {
        let mut c = Cleared::new(3.0);
        c.add([-1.0, 0.0]);
        let mut arcs = Vec::new();
        c.open([0.0, 0.0], &mut arcs);
        // Two discs of radius 3, 1 apart: the one covers ± acos(1/6) of the other.
        let half = (1.0f64 / 6.0).acos();
        let bare: f64 = arcs.iter().map(|a| a.1 - a.0).sum();
        assert!((bare - (TAU - 2.0 * half)).abs() < 1e-9);
        // Straight on it meets its full width.
        assert!((width(&arcs, 0.0, 3.0) - 6.0).abs() < 1e-9);
        // A wall on the right, 20 % of the diameter deep: acos(1 - 0.4) of the rim.
        let engaged = (1.0f64 - 0.4).acos();
        let wall = [(TAU - FRAC_PI_2, TAU - FRAC_PI_2 + engaged)];
        assert!((width(&wall, 0.0, 3.0) - 1.2).abs() < 1e-9);
        assert!((engaged.to_degrees() - 53.13).abs() < 0.01);
    }
}
