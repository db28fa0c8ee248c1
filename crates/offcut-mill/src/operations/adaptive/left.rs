//! What is left of a region, as a bitmap: quick answers where exact ones are not needed.
//!
//! In: where the tool's middle may be, discs that it has swept. Out: whether material is left beside a place or under
//! it. Promised: a cell counts as left until its middle is swept; walls are thinner by a third of a cell.

use super::area::Area;
use crate::path::{P2, mm};
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::{Loops, grid, loops};
use std::f64::consts::TAU;

/// Cells of a radius: a sliver as thin as one takes no notable force.
const FINE: f64 = 45.0;
/// Never more cells than that.
const MOST: f64 = 6.4e7;
/// Ends of passes, beside the strip, no thicker than that share of the width of cut are left to the last round.
const ENDS: f64 = 0.21;
/// Fewer cells are nothing.
const NOTHING: u32 = 2;

/// An area that is little, squares of the radius.
const LITTLE: f64 = 0.3;

/// Material that the tool can get at and has not swept.
#[derive(Debug)]
pub struct Left {
    r: f64,
    min: P2,
    cell: f64,
    /// Words of a row.
    wide: usize,
    rows: usize,
    /// What the middle gets at when it leaves the strip, and what it gets at from anywhere.
    bits: [Vec<u64>; 2],
    /// Places outside of the tool's rim: so far that what a last round takes along is no matter, and just outside.
    rims: [Vec<P2>; 2],
}

impl Left {
    /// Nothing is swept yet.
    #[must_use]
    pub fn new(region: &Loops, area: &Area, r: f64, width: f64) -> Self {
        let (lo, hi) = area.bounds();
        let size = [0, 1].map(|k| hi[k] - lo[k] + 2.5 * r);
        let cell = (r / FINE).max((size[0] * size[1] / MOST).sqrt());
        let wide = (size[0] / cell) as usize / 64 + 1;
        let rows = (size[1] / cell) as usize + 1;
        let rim = |q: f64| {
            let place = |i: u32| libm::sincos(TAU * f64::from(i) / 64.0);
            (0..64).map(place).map(|(s, c)| [q * c, q * s]).collect()
        };
        let mut out = Self {
            r,
            min: lo.map(|v| v - 1.25 * r),
            cell,
            wide,
            rows,
            bits: [vec![0; wide * rows], vec![0; wide * rows]],
            rims: [rim(r + (ENDS * width).max(1.5 * cell)), rim(r + 1.5 * cell)],
        };
        out.fill(&offset(region, grid(r - 0.3 * cell), Join::Round));
        out.dilate(area, r / 15.0);
        let [inner, all] = &mut out.bits;
        for (a, b) in inner.iter_mut().zip(all) {
            *a &= *b;
        }
        out
    }

    /// Sets all cells in a region.
    fn fill(&mut self, region: &Loops) {
        let mut crossings: Vec<(usize, f64)> = Vec::new();
        for (a, b) in region.iter().flat_map(loops::edges) {
            let (a, b) = (mm(a), mm(b));
            let (lo, hi) = if a[1] < b[1] { (a, b) } else { (b, a) };
            // Rows with lo <= middle < hi.
            let row = |y: f64| ((y - self.min[1]) / self.cell - 0.5).ceil().max(0.0) as usize;
            for j in row(lo[1])..row(hi[1]).min(self.rows) {
                let t = (self.row(j) - lo[1]) / (hi[1] - lo[1]);
                crossings.push((j, lo[0] + (hi[0] - lo[0]) * t));
            }
        }
        crossings.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        for w in crossings.chunks_exact(2) {
            for (i, mask) in self.span(w[0].0, w[0].1, w[1].1) {
                self.bits[1][i] |= mask;
            }
        }
    }

    /// Sets what discs sweep whose middles leave the strip: rows of them, `step` apart.
    fn dilate(&mut self, area: &Area, step: f64) {
        let (lo, hi) = area.bounds();
        let count = |k: usize| ((hi[k] - lo[k]) / step) as usize + 1;
        for j in 0..count(1) {
            let y = lo[1] + j as f64 * step;
            let mut from: Option<f64> = None;
            for i in 0..=count(0) {
                let x = lo[0] + i as f64 * step;
                let leaves = i < count(0) && area.leaves_strip([x, y]);
                match from {
                    None if leaves => from = Some(x),
                    Some(a) if !leaves => {
                        self.each(y, a, x - step, |bits, i, mask| bits[0][i] |= mask);
                        from = None;
                    }
                    _ => {}
                }
            }
        }
    }

    /// The height of a row's middle, mm.
    fn row(&self, j: usize) -> f64 {
        self.min[1] + (j as f64 + 0.5) * self.cell
    }

    /// The words with the cells of a row whose middles lie between two places, and which bits those are.
    fn span(&self, row: usize, from: f64, to: f64) -> impl Iterator<Item = (usize, u64)> + use<> {
        let a = ((from - self.min[0]) / self.cell - 0.5).ceil().max(0.0) as usize;
        let last = ((to - self.min[0]) / self.cell - 0.5).floor();
        let end = if last < 0.0 {
            0
        } else {
            (last as usize + 1).min(self.wide * 64)
        };
        let base = row * self.wide;
        let words = if a < end { a / 64..(end - 1) / 64 + 1 } else { 0..0 };
        words.map(move |w| {
            let low = if w == a / 64 { !0 << (a % 64) } else { !0 };
            let high = if (w + 1) * 64 > end {
                !0 >> (64 - end % 64)
            } else {
                !0u64
            };
            (base + w, low & high)
        })
    }

    /// The words under the discs with middles from `a` to `b` at the height `y`.
    fn each(&mut self, y: f64, a: f64, b: f64, mut f: impl FnMut(&mut [Vec<u64>; 2], usize, u64)) {
        let r = self.r;
        let at = |y: f64| ((y - self.min[1]) / self.cell).max(0.0) as usize;
        for j in at(y - r)..=at(y + r).min(self.rows - 1) {
            let d = self.row(j) - y;
            if d.abs() < r {
                let half = (r * r - d * d).sqrt();
                for (i, mask) in self.span(j, a - half, b + half) {
                    f(&mut self.bits, i, mask);
                }
            }
        }
    }

    /// The tool has been there; whether there was something.
    pub fn cut(&mut self, c: P2) -> bool {
        let mut met = 0;
        self.each(c[1], c[0], c[0], |bits, i, mask| {
            met |= bits[1][i] & mask;
            bits[0][i] &= !mask;
            bits[1][i] &= !mask;
        });
        met != 0
    }

    /// How many cells are left in a disc.
    fn count(&self, c: P2, r: f64) -> u32 {
        let at = |y: f64| ((y - self.min[1]) / self.cell).max(0.0) as usize;
        let mut count = 0;
        for j in at(c[1] - r)..=at(c[1] + r).min(self.rows - 1) {
            let d = self.row(j) - c[1];
            if d.abs() < r {
                let half = (r * r - d * d).sqrt();
                let cells = self.span(j, c[0] - half, c[0] + half);
                count += cells
                    .map(|(i, mask)| (self.bits[1][i] & mask).count_ones())
                    .sum::<u32>();
            }
        }
        count
    }

    /// Whether a tool there would meet something.
    #[must_use]
    pub fn under(&self, c: P2) -> bool {
        self.count(c, self.r) >= NOTHING
    }

    /// Whether a single cell is left under a tool there.
    #[must_use]
    pub fn speck(&self, c: P2) -> bool {
        self.count(c, self.r) > 0
    }

    /// Whether what is left within a distance is little, but not nothing.
    #[must_use]
    pub fn little(&self, c: P2, reach: f64) -> bool {
        let count = self.count(c, reach);
        count >= NOTHING && f64::from(count) * self.cell * self.cell < LITTLE * self.r * self.r
    }

    /// Whether there is something just outside of a tool there that it gets at when it leaves the strip (1), and from
    /// anywhere (2).
    #[must_use]
    pub fn beside(&self, c: P2) -> u8 {
        let left = |k: usize| {
            let set = self.rims[k].iter().filter(|d| {
                let [x, y] = [0, 1].map(|i| ((c[i] + d[i] - self.min[i]) / self.cell).max(0.0) as usize);
                let i = y.min(self.rows - 1) * self.wide + (x / 64).min(self.wide - 1);
                (self.bits[k][i] >> (x % 64)) & 1 == 1
            });
            u8::from(set.count() >= NOTHING as usize)
        };
        left(0) | left(1) << 1
    }
}
