//! Whom a part can meet, by columns and rows.
//!
//! The room of a part is cut into columns and rows; each knows as bits the others whose no-fit polygon's
//! box reaches into it. The bits of a point's column and row together leave few to be asked.

use crate::nfp::whole;

/// Columns, and rows.
const LINES: usize = 64;

/// The bits of all columns or rows of one axis.
#[derive(Debug, Default)]
struct Axis {
    origin: f64,
    inverse: f64,
    bits: Vec<u64>,
}

impl Axis {
    fn reset(&mut self, lo: f64, hi: f64, words: usize) {
        self.origin = lo;
        self.inverse = (LINES - 1) as f64 / (hi - lo).max(1.0);
        self.bits.clear();
        // One more line takes what begins after the last.
        self.bits.resize((LINES + 1) * words, 0);
    }

    #[inline(always)]
    fn line(&self, v: f64) -> usize {
        // What lies before the first line counts to it, beyond the last to that.
        let v = (v - self.origin) * self.inverse;
        let v = if v > 0.0 { v } else { 0.0 };
        let last = (LINES - 1) as f64;
        whole(if v < last { v } else { last }).1 as usize
    }

    /// Marks the ends of a range; [`Axis::fill`] marks what lies between.
    #[inline(always)]
    fn mark(&mut self, lo: f64, hi: f64, words: usize, word: usize, bit: u64) {
        let (a, b) = (self.line(lo), self.line(hi));
        self.bits[a * words + word] ^= bit;
        self.bits[(b + 1) * words + word] ^= bit;
    }

    fn fill(&mut self, words: usize) {
        for k in words..self.bits.len() {
            self.bits[k] ^= self.bits[k - words];
        }
    }
}

/// Who may be met where.
#[derive(Debug, Default)]
pub struct Sieve {
    words: usize,
    x: Axis,
    y: Axis,
}

impl Sieve {
    /// Forgets everything and covers the room from `lo` to `hi` for `count` parts.
    pub fn reset(&mut self, lo: [f64; 2], hi: [f64; 2], count: usize) {
        self.words = count.div_ceil(64);
        self.x.reset(lo[0], hi[0], self.words);
        self.y.reset(lo[1], hi[1], self.words);
    }

    /// Adds a part that can be met from `lo` to `hi`. To be finished by [`Sieve::finish`].
    #[inline(always)]
    pub fn add(&mut self, part: usize, lo: [f64; 2], hi: [f64; 2]) {
        let (word, bit) = (part / 64, 1 << (part % 64));
        self.x.mark(lo[0], hi[0], self.words, word, bit);
        self.y.mark(lo[1], hi[1], self.words, word, bit);
    }

    /// Ends the adding.
    pub fn finish(&mut self) {
        self.x.fill(self.words);
        self.y.fill(self.words);
    }

    /// Calls `f` with everyone who may be met at a point, in order, until it says false.
    #[inline(always)]
    pub fn each(&self, x: f64, y: f64, mut f: impl FnMut(usize) -> bool) {
        let (c, r) = (self.x.line(x) * self.words, self.y.line(y) * self.words);
        let columns = &self.x.bits[c..c + self.words];
        let rows = &self.y.bits[r..r + self.words];
        for (w, (a, b)) in columns.iter().zip(rows).enumerate() {
            let mut m = a & b;
            while m != 0 {
                if !f(w * 64 + m.trailing_zeros() as usize) {
                    return;
                }
                m &= m - 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_all_and_few_more() {
        let mut s = Sieve::default();
        s.reset([0.0, 0.0], [100.0, 50.0], 130);
        let boxes: Vec<([f64; 2], [f64; 2])> = (0..130)
            .map(|k| {
                let (x, y) = (f64::from(k * 37 % 110) - 5.0, f64::from(k * 23 % 60) - 5.0);
                ([x, y], [x + 9.0, y + 6.0])
            })
            .collect();
        for (k, b) in boxes.iter().enumerate() {
            s.add(k, b.0, b.1);
        }
        s.finish();
        for k in 0..500 {
            let (x, y) = (f64::from(k * 7 % 101), f64::from(k * 11 % 51));
            let mut found = Vec::new();
            s.each(x, y, |p| {
                found.push(p);
                true
            });
            for (k, (lo, hi)) in boxes.iter().enumerate() {
                let within =
                    |d: f64| (lo[0] - d..=hi[0] + d).contains(&x) && (lo[1] - d..=hi[1] + d).contains(&y);
                if within(0.0) {
                    assert!(found.contains(&k));
                } else if !within(2.0) && x > 2.0 && x < 98.0 && y > 1.0 && y < 49.0 {
                    assert!(!found.contains(&k));
                }
            }
        }
    }
}
