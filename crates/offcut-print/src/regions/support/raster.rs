//! Bit rasters: areas sampled on a square lattice, 64 samples a word.
//!
//! In: polygon sets. Out: for every lattice point whether it is inside, near an edge, or what set
//! algebra and morphology make of that. Exact at the lattice points; what lies between them is for
//! [`super::contour`] to decide. Rows that hold nothing are not stored.

mod sample;

use offcut_geometry::{BBox, Coord, Point};
pub use sample::{fill, near};
use std::ops::Range;

/// Where the lattice lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// The point of sample (0, 0).
    pub origin: Point,
    /// Distance of neighbouring samples, grid units.
    pub step: Coord,
    /// Samples in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Words in a row.
    pub words: usize,
}

impl Frame {
    /// A lattice that covers `bbox` and `margin` around it.
    pub fn new(bbox: &BBox, step: Coord, margin: Coord) -> Self {
        // Odd units keep samples off the round coordinates that models are made of.
        let b = bbox.grown(margin);
        let origin = Point::new(b.min.x - 137, b.min.y - 211);
        let width = ((b.max.x - origin.x) / step + 2).max(2) as usize;
        let height = ((b.max.y - origin.y) / step + 2).max(2) as usize;
        Self {
            origin,
            step,
            width,
            height,
            words: width.div_ceil(64),
        }
    }

    /// The point of a sample.
    #[inline]
    pub fn point(&self, x: usize, y: usize) -> Point {
        Point::new(
            self.origin.x + x as Coord * self.step,
            self.origin.y + y as Coord * self.step,
        )
    }

    /// The first index along an axis whose coordinate is not below `v` (relative to the origin).
    #[inline]
    fn first(&self, v: i64, len: usize) -> usize {
        let s = i64::from(self.step);
        ((v + s - 1).div_euclid(s)).clamp(0, len as i64) as usize
    }

    /// Rows whose coordinate lies within `lo..=hi`.
    fn rows(&self, lo: Coord, hi: Coord) -> Range<usize> {
        let o = i64::from(self.origin.y);
        self.first(i64::from(lo) - o, self.height)..self.first(i64::from(hi) + 1 - o, self.height)
    }

    /// The sample nearest to a point.
    pub fn nearest(&self, p: Point) -> (usize, usize) {
        let f = |v: Coord, o: Coord, n: usize| {
            ((i64::from(v) - i64::from(o) + i64::from(self.step) / 2).div_euclid(i64::from(self.step)))
                .clamp(0, n as i64 - 1) as usize
        };
        (
            f(p.x, self.origin.x, self.width),
            f(p.y, self.origin.y, self.height),
        )
    }
}

/// One bit per sample of a [`Frame`], stored for a range of rows; outside of it all bits are 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bits {
    words: usize,
    y0: usize,
    y1: usize,
    data: Vec<u64>,
}

impl Bits {
    /// No bits.
    pub fn empty(frame: &Frame) -> Self {
        Self::zeroed(frame.words, 0..0)
    }

    fn zeroed(words: usize, rows: Range<usize>) -> Self {
        Self {
            words,
            y0: rows.start,
            y1: rows.end,
            data: vec![0; words * rows.len()],
        }
    }

    /// The rows that are stored.
    #[inline]
    pub fn rows(&self) -> Range<usize> {
        self.y0..self.y1
    }

    /// True when nothing is stored (see [`Bits::trim`]).
    pub fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// How many bits are set.
    pub fn count(&self) -> usize {
        self.data.iter().map(|w| w.count_ones() as usize).sum()
    }

    /// The words of a row; empty where nothing is stored.
    #[inline]
    pub fn row(&self, y: usize) -> &[u64] {
        if self.rows().contains(&y) {
            &self.data[(y - self.y0) * self.words..][..self.words]
        } else {
            &[]
        }
    }

    #[inline]
    fn row_mut(&mut self, y: usize) -> &mut [u64] {
        &mut self.data[(y - self.y0) * self.words..][..self.words]
    }

    /// One bit.
    #[inline]
    pub fn get(&self, x: usize, y: usize) -> bool {
        self.row(y).get(x / 64).is_some_and(|w| w >> (x % 64) & 1 == 1)
    }

    /// Sets one bit.
    pub fn set(&mut self, x: usize, y: usize) {
        self.cover(y..y + 1);
        self.row_mut(y)[x / 64] |= 1 << (x % 64);
    }

    /// Clears one bit.
    pub fn clear(&mut self, x: usize, y: usize) {
        if self.rows().contains(&y) {
            self.row_mut(y)[x / 64] &= !(1 << (x % 64));
        }
    }

    /// Stores at least these rows.
    fn cover(&mut self, rows: Range<usize>) {
        if rows.is_empty() {
            return;
        }
        let have = self.rows();
        if have.is_empty() {
            *self = Self::zeroed(self.words, rows);
        } else if rows.start < have.start || rows.end > have.end {
            let mut n = Self::zeroed(self.words, rows.start.min(have.start)..rows.end.max(have.end));
            let at = (have.start - n.y0) * n.words;
            n.data[at..at + self.data.len()].copy_from_slice(&self.data);
            *self = n;
        }
    }

    /// Drops empty rows at both ends, so that equal sets are equal values.
    pub fn trim(&mut self) {
        let w = self.words.max(1);
        let Some(first) = self.data.iter().position(|&v| v != 0) else {
            *self = Self::zeroed(self.words, 0..0);
            return;
        };
        let last = self.data.iter().rposition(|&v| v != 0).unwrap_or(first);
        let (a, b) = (first / w, last / w + 1);
        if b - a < self.rows().len() {
            self.data.truncate(b * w);
            self.data.drain(..a * w);
            self.y1 = self.y0 + b;
            self.y0 += a;
        }
    }

    /// The part in some rows.
    #[must_use]
    pub fn cropped(&self, rows: Range<usize>) -> Self {
        let r = rows.start.max(self.y0)..rows.end.min(self.y1);
        if r.is_empty() {
            return Self::zeroed(self.words, 0..0);
        }
        Self {
            words: self.words,
            y0: r.start,
            y1: r.end,
            data: self.data[(r.start - self.y0) * self.words..(r.end - self.y0) * self.words].to_vec(),
        }
    }

    /// The rows within `n` of those that are stored.
    pub fn rows_around(&self, n: usize) -> Range<usize> {
        self.y0.saturating_sub(n)..self.y1 + n
    }

    /// Adds another set.
    pub fn or(&mut self, o: &Self) {
        self.cover(o.rows());
        for y in o.rows() {
            for (a, b) in self.row_mut(y).iter_mut().zip(o.row(y)) {
                *a |= b;
            }
        }
    }

    /// Removes another set.
    pub fn and_not(&mut self, o: &Self) {
        for y in self.rows() {
            for (a, b) in self.row_mut(y).iter_mut().zip(o.row(y)) {
                *a &= !b;
            }
        }
    }

    /// Keeps what is in the other set too.
    pub fn and(&mut self, o: &Self) {
        for y in self.rows() {
            let other = o.row(y);
            for (i, a) in self.row_mut(y).iter_mut().enumerate() {
                *a &= other.get(i).copied().unwrap_or(0);
            }
        }
        self.trim();
    }

    /// True when both share a bit.
    pub fn meets(&self, o: &Self) -> bool {
        self.rows()
            .any(|y| self.row(y).iter().zip(o.row(y)).any(|(a, b)| a & b != 0))
    }

    /// The samples whose left neighbour is not set.
    #[must_use]
    pub fn left_ends(&self) -> Self {
        let mut out = self.clone();
        for row in out.data.chunks_exact_mut(self.words.max(1)) {
            let mut carry = 0;
            for w in row {
                let ends = *w & !(*w << 1 | carry);
                carry = *w >> 63;
                *w = ends;
            }
        }
        out
    }

    /// Calls `f` for every set bit, row by row.
    pub fn for_each(&self, mut f: impl FnMut(usize, usize)) {
        for y in self.rows() {
            for (i, &w) in self.row(y).iter().enumerate() {
                let mut w = w;
                while w != 0 {
                    f(i * 64 + w.trailing_zeros() as usize, y);
                    w &= w - 1;
                }
            }
        }
    }

    /// Grows by one sample: to the eight neighbours when `diagonal`, otherwise to the four.
    #[must_use]
    pub fn dilated(&self, frame: &Frame, diagonal: bool) -> Self {
        if self.is_empty() {
            return self.clone();
        }
        let r = self.rows();
        let mut out = Self::zeroed(
            self.words,
            r.start.saturating_sub(1)..(r.end + 1).min(frame.height),
        );
        let mut wide = vec![0u64; self.words];
        for y in r {
            let src = self.row(y);
            for i in 0..src.len() {
                let left = if i > 0 { src[i - 1] >> 63 } else { 0 };
                let right = src.get(i + 1).map_or(0, |w| w << 63);
                wide[i] = src[i] | src[i] << 1 | left | src[i] >> 1 | right;
            }
            for yy in y.saturating_sub(1)..(y + 2).min(frame.height) {
                let add = if yy == y || diagonal { &wide[..] } else { src };
                for (a, b) in out.row_mut(yy).iter_mut().zip(add) {
                    *a |= b;
                }
            }
        }
        let beyond = self.words * 64 - frame.width;
        if beyond > 0 {
            for row in out.data.chunks_exact_mut(self.words) {
                row[self.words - 1] &= u64::MAX >> beyond;
            }
        }
        out
    }

    /// Grows by `n` samples, nearly round.
    #[must_use]
    pub fn grown(&self, frame: &Frame, n: usize) -> Self {
        let mut b = self.clone();
        for i in 0..n {
            b = b.dilated(frame, i % 2 == 0);
        }
        b
    }

    /// The samples (x, y) for which all of x..x+n, y..y+n are set.
    fn blocks(&self, n: usize) -> Self {
        let r = self.rows();
        if r.len() < n {
            return Self::zeroed(self.words, 0..0);
        }
        let mut h = self.clone();
        for row in h.data.chunks_exact_mut(self.words) {
            for i in 0..row.len() {
                // Bit x of the pair is sample x and those to its right.
                let wide = u128::from(row[i]) | u128::from(row.get(i + 1).copied().unwrap_or(0)) << 64;
                row[i] = (1..n).fold(wide, |v, d| v & wide >> d) as u64;
            }
        }
        let mut out = Self::zeroed(self.words, r.start..r.end + 1 - n);
        for y in out.rows() {
            for i in 0..self.words {
                let all = (0..n).fold(u64::MAX, |v, d| v & h.row(y + d)[i]);
                out.row_mut(y)[i] = all;
            }
        }
        out
    }

    /// Keeps what is covered by full squares of `n` by `n` samples.
    #[must_use]
    pub fn opened(&self, n: usize) -> Self {
        let b = self.blocks(n);
        if b.data.iter().all(|&w| w == 0) {
            return Self::zeroed(self.words, 0..0);
        }
        let mut out = Self::zeroed(self.words, b.rows().start..b.rows().end + n - 1);
        let mut wide = vec![0u64; self.words];
        for y in b.rows() {
            let row = b.row(y);
            for i in 0..row.len() {
                let below = if i > 0 { row[i - 1] } else { 0 };
                let pair = u128::from(row[i]) << 64 | u128::from(below);
                wide[i] = ((1..n).fold(pair, |v, d| v | pair << d) >> 64) as u64;
            }
            for d in 0..n {
                for (a, w) in out.row_mut(y + d).iter_mut().zip(&wide) {
                    *a |= w;
                }
            }
        }
        out.trim();
        out
    }

    /// `n` bits of a row from `x` on, the lowest first; `n` at most 32.
    pub fn chunk(&self, x: usize, y: usize, n: usize) -> u32 {
        let row = self.row(y);
        let (i, s) = (x / 64, x % 64);
        let lo = row.get(i).map_or(0, |w| w >> s);
        let hi = if s == 0 {
            0
        } else {
            row.get(i + 1).map_or(0, |w| w << (64 - s))
        };
        ((lo | hi) & ((1u64 << n) - 1)) as u32
    }

    /// Adds bits to a row from `x` on; the counterpart of [`Bits::chunk`].
    pub fn or_chunk(&mut self, x: usize, y: usize, bits: u32) {
        if bits == 0 {
            return;
        }
        self.cover(y..y + 1);
        let (i, s) = (x / 64, x % 64);
        let row = self.row_mut(y);
        row[i] |= u64::from(bits) << s;
        if s > 32 && i + 1 < row.len() {
            row[i + 1] |= u64::from(bits) >> (64 - s);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use offcut_geometry::{Loops, grid, loops};
    use proptest::prelude::*;

    fn polygon(pts: &[(f64, f64)]) -> Vec<Point> {
        pts.iter().map(|&(x, y)| Point::new(grid(x), grid(y))).collect()
    }

    fn star(n: usize, radii: &[f64]) -> Loops {
        let pts: Vec<_> = (0..n)
            .map(|i| {
                let a = i as f64 / n as f64 * std::f64::consts::TAU;
                let r = radii[i % radii.len()];
                (r * a.cos(), r * a.sin())
            })
            .collect();
        [polygon(&pts)].into_iter().collect()
    }

    proptest! {
        #[test]
        fn fill_and_near_are_exact_at_samples(n in 3usize..20, radii in prop::collection::vec(1.0..9.0f64, 3..7)) {
            let set = star(n, &radii);
            let frame = Frame::new(&set.bbox(), grid(0.31), grid(2.0));
            let inside = fill(&frame, &set);
            let mut all = Bits::empty(&frame);
            for y in 0..frame.height { for x in 0..frame.width { all.set(x, y); } }
            let r = grid(0.7);
            let mut close = Bits::empty(&frame);
            near(&frame, &set, r, &all, |x, y, _| close.set(x, y));
            for y in 0..frame.height {
                for x in 0..frame.width {
                    let p = frame.point(x, y);
                    prop_assert_eq!(inside.get(x, y), set.contains(p), "{} {}", x, y);
                    let d = loops::edges(set.get(0))
                        .map(|(a, b)| offcut_geometry::point::nearest_on_segment(p, a, b).1)
                        .fold(f64::INFINITY, f64::min).sqrt();
                    if (d - f64::from(r)).abs() > 2.0 {
                        prop_assert_eq!(close.get(x, y), d < f64::from(r), "{} {} {}", x, y, d);
                    }
                }
            }
        }
    }

    #[test]
    fn morphology_on_words() {
        let frame = Frame::new(
            &BBox::of(&[Point::new(0, 0), Point::new(100_000, 10_000)]),
            1000,
            5000,
        );
        let mut b = Bits::empty(&frame);
        for y in 4..7 {
            for x in 62..66 {
                b.set(x, y);
            }
        }
        b.set(20, 9);
        assert_eq!(b.count(), 13);
        assert_eq!(b.opened(3).count(), 12);
        assert_eq!(b.opened(4).count(), 0);
        assert_eq!(b.opened(3).dilated(&frame, true).count(), 6 * 5);
        assert_eq!(b.opened(3).dilated(&frame, false).count(), 6 * 5 - 4);
        assert_eq!(b.chunk(60, 5, 8), 0b0011_1100);
        let mut c = Bits::empty(&frame);
        c.or_chunk(60, 5, 0b0011_1100);
        assert_eq!(c.chunk(60, 5, 8), 0b0011_1100);
        assert_eq!(c.count(), 4);
    }
}
