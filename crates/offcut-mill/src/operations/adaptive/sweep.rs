//! What a tool has swept, as discs, and what it still meets at a place.
//!
//! In: discs, a place. Out: the arcs of the tool's rim there that no disc covers, and the width that they show in a
//! heading: the area that a step takes per length. Two discs of radius R, d apart, cover ± acos(d / 2R) of each other,
//! so both are closed forms: no polygons are clipped and nothing is sampled.

use crate::path::P2;
use std::f64::consts::{FRAC_PI_2, PI, TAU};

/// Arcs of a rim, rising, as angles from a base between -π and π.
pub type Arcs = Vec<(f64, f64)>;

/// Arcs shorter than this are rounding, radians.
const LEAST: f64 = 1e-4;

/// An arc that is not covered yet, and the unit vectors to its ends. At most a quarter long.
#[derive(Debug, Clone, Copy)]
struct Bare {
    ends: [f64; 2],
    rays: [P2; 2],
}

impl Bare {
    fn new(from: f64, to: f64) -> Self {
        Self {
            ends: [from, to],
            rays: [ray(from), ray(to)],
        }
    }

    /// Whether a disc, `w` away, covers some of it: `m` is the square of the distance over the diameter.
    fn meets(&self, w: P2, m: f64) -> bool {
        let [u, v] = self.rays;
        u[0] * w[0] + u[1] * w[1] > m
            || v[0] * w[0] + v[1] * w[1] > m
            || (u[0] * w[1] >= u[1] * w[0] && w[0] * v[1] >= w[1] * v[0])
    }
}

fn ray(a: f64) -> P2 {
    let (s, c) = libm::sincos(a);
    [c, s]
}

/// The discs that a tool has swept.
#[derive(Debug)]
pub struct Cleared {
    r: f64,
    /// Their middles, in the order of the sweep.
    pub discs: Vec<P2>,
    min: P2,
    size: [usize; 2],
    /// Squares as wide as the radius, each with its discs.
    cells: Vec<Vec<(P2, u32)>>,
    bare: Vec<Bare>,
}

impl Cleared {
    /// Nothing is swept yet; all discs will be within the corners of a box.
    #[must_use]
    pub fn new(r: f64, (lo, hi): (P2, P2)) -> Self {
        let size = [0, 1].map(|k| ((hi[k] - lo[k]) / r) as usize + 6);
        Self {
            r,
            discs: Vec::new(),
            min: [lo[0] - 2.5 * r, lo[1] - 2.5 * r],
            size,
            cells: vec![Vec::new(); size[0] * size[1]],
            bare: Vec::new(),
        }
    }

    fn cell(&self, p: P2) -> [usize; 2] {
        [0, 1].map(|k| (((p[k] - self.min[k]) / self.r).max(0.0) as usize).clamp(2, self.size[k] - 3))
    }

    /// The tool has been there.
    pub fn add(&mut self, p: P2) {
        let [x, y] = self.cell(p);
        self.cells[y * self.size[0] + x].push((p, self.discs.len() as u32));
        self.discs.push(p);
    }

    /// Takes the last disc back.
    pub fn pop(&mut self) {
        if let Some(p) = self.discs.pop() {
            let [x, y] = self.cell(p);
            self.cells[y * self.size[0] + x].pop();
        }
    }

    /// How many cells there are.
    #[must_use]
    pub fn cell_count(&self) -> usize {
        self.cells.len()
    }

    /// The cells with all discs that reach a tool at a place.
    pub fn cells_near(&self, p: P2) -> impl Iterator<Item = usize> + use<> {
        let ([x, y], wide) = (self.cell(p), self.size[0]);
        [y, y - 1, y + 1, y - 2, y + 2]
            .into_iter()
            .flat_map(move |j| (x - 2..=x + 2).map(move |i| j * wide + i))
    }

    /// The cells with all discs within a radius.
    pub fn cells_next_to(&self, p: P2) -> impl Iterator<Item = usize> + use<> {
        let ([x, y], wide) = (self.cell(p), self.size[0]);
        (y - 1..=y + 1).flat_map(move |j| (x - 1..=x + 1).map(move |i| j * wide + i))
    }

    /// The discs of a cell.
    #[must_use]
    pub fn of_cell(&self, c: usize) -> &[(P2, u32)] {
        &self.cells[c]
    }

    /// The arcs of the rim at `c` that no disc covers, as angles from `base`. Discs that are likely to cover much are
    /// `hints`: after them, most of the others are told from the ends of what is left.
    pub fn open(&mut self, c: P2, base: f64, hints: &[u32], out: &mut Arcs) {
        let reach = 2.0 * self.r;
        let [kx, ky] = ray(base);
        let near = |p: P2| {
            let (x, y) = (p[0] - c[0], p[1] - c[1]);
            let w = [x * kx + y * ky, y * kx - x * ky];
            let d2 = w[0] * w[0] + w[1] * w[1];
            (d2 < reach * reach && d2 > 1e-12).then_some((w, d2))
        };
        let mut bare = std::mem::take(&mut self.bare);
        bare.clear();
        bare.extend((-2..2).map(|q| Bare::new(f64::from(q) * FRAC_PI_2, f64::from(q + 1) * FRAC_PI_2)));
        for p in hints.iter().filter_map(|h| self.discs.get(*h as usize)) {
            if let Some((w, d2)) = near(*p) {
                cover(&mut bare, w, d2.sqrt() / reach);
            }
        }
        'all: for cell in self.cells_near(c) {
            for (p, _) in &self.cells[cell] {
                if let Some((w, d2)) = near(*p)
                    && bare.iter().any(|b| b.meets(w, d2 / reach))
                {
                    cover(&mut bare, w, d2.sqrt() / reach);
                    if bare.is_empty() {
                        break 'all;
                    }
                }
            }
        }
        out.clear();
        for b in &bare {
            match out.last_mut() {
                Some(last) if last.1 >= b.ends[0] - 1e-12 => last.1 = b.ends[1],
                _ => out.push((b.ends[0], b.ends[1])),
            }
        }
        out.retain(|o| o.1 - o.0 > LEAST);
        self.bare = bare;
    }

    /// The angle of the rim at `c` that nothing covers, radians.
    pub fn bare(&mut self, c: P2, arcs: &mut Arcs) -> f64 {
        self.open(c, 0.0, &[], arcs);
        arcs.iter().map(|a| a.1 - a.0).sum()
    }
}

/// Takes off what a disc covers that is `w` away, `share` of the diameter.
fn cover(bare: &mut Vec<Bare>, w: P2, share: f64) {
    let half = libm::acos(share);
    let a = libm::atan2(w[1], w[0]);
    let (lo, hi) = (a - half, a + half);
    subtract(bare, lo, hi);
    if lo < -PI {
        subtract(bare, lo + TAU, PI + 1.0);
    }
    if hi > PI {
        subtract(bare, -PI - 1.0, hi - TAU);
    }
}

fn subtract(list: &mut Vec<Bare>, lo: f64, hi: f64) {
    let mut i = 0;
    while i < list.len() {
        let [a, b] = list[i].ends;
        if hi <= a || lo >= b {
            i += 1;
            continue;
        }
        let rest = [(a, lo), (hi, b)];
        match rest.map(|(a, b)| b > a + 1e-9) {
            [false, false] => {
                list.remove(i);
            }
            [true, true] => {
                list[i] = Bare::new(a, lo);
                list.insert(i + 1, Bare::new(hi, b));
                i += 2;
            }
            [left, _] => {
                list[i] = if left { Bare::new(a, lo) } else { Bare::new(hi, b) };
                i += 1;
            }
        }
    }
}

/// The width of material that open arcs of a rim show in a heading, mm.
#[must_use]
pub fn width(arcs: &[(f64, f64)], heading: f64, r: f64) -> f64 {
    let mut sum = 0.0;
    for &(a, b) in arcs {
        for turn in [-TAU, 0.0, TAU] {
            let lo = (a - heading + turn).max(-FRAC_PI_2);
            let hi = (b - heading + turn).min(FRAC_PI_2);
            if hi > lo {
                sum += r * (libm::sin(hi) - libm::sin(lo));
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rims_and_widths_are_those_of_circles() {
        let mut c = Cleared::new(3.0, ([-10.0; 2], [10.0; 2]));
        c.add([-1.0, 0.0]);
        let mut arcs = Vec::new();
        // Two discs of radius 3, 1 apart: the one covers ± acos(1/6) of the other.
        let half = (1.0f64 / 6.0).acos();
        assert!((c.bare([0.0, 0.0], &mut arcs) - (TAU - 2.0 * half)).abs() < 1e-9);
        // Straight on it meets its full width.
        assert!((width(&arcs, 0.0, 3.0) - 6.0).abs() < 1e-9);
        // A wall on the right, 20 % of the diameter deep: acos(1 - 0.4) of the rim.
        let engaged = (1.0f64 - 0.4).acos();
        let wall = [(-FRAC_PI_2, -FRAC_PI_2 + engaged)];
        assert!((width(&wall, 0.0, 3.0) - 1.2).abs() < 1e-9);
        assert!((engaged.to_degrees() - 53.13).abs() < 0.01);
    }

    #[test]
    fn open_arcs_are_what_no_disc_covers() {
        let mut c = Cleared::new(3.0, ([0.0; 2], [20.0; 2]));
        for i in 0..60 {
            let t = f64::from(i);
            c.add([10.0 + 6.0 * (t * 0.7).sin(), 10.0 + 5.0 * (t * 1.3).cos()]);
        }
        let mut arcs = Vec::new();
        for (k, base) in [(0, 0.0), (1, 1.0), (2, -2.5), (3, 3.1)] {
            let at = [4.0 + 3.7 * f64::from(k), 5.0 + 2.9 * f64::from(k)];
            c.open(at, base, &[3, 17], &mut arcs);
            for i in 0..3600 {
                let a = -PI + TAU * (f64::from(i) + 0.5) / 3600.0;
                let q = [at[0] + 3.0 * (a + base).cos(), at[1] + 3.0 * (a + base).sin()];
                let covered = c.discs.iter().any(|p| (p[0] - q[0]).hypot(p[1] - q[1]) < 3.0);
                // Ends are left to rounding.
                let near = arcs
                    .iter()
                    .any(|o| (o.0 - a).abs() < 1e-3 || (o.1 - a).abs() < 1e-3);
                let open = arcs.iter().any(|o| o.0 < a && a < o.1);
                assert!(near || open != covered, "{k} {a}");
            }
        }
    }
}
