//! Polygon sets to samples: which lie inside, which near an edge and how far from it.

use super::{Bits, Frame};
use offcut_geometry::loops::edges;
use offcut_geometry::{Coord, Loops, Point};
use std::ops::Range;

/// The samples inside a valid polygon set: every crossing of an edge with a row flips the bits
/// right of it (the edge-flag fill of Ackland and Weste).
pub fn fill(frame: &Frame, set: &Loops) -> Bits {
    let b = set.bbox();
    if b.is_empty() {
        return Bits::empty(frame);
    }
    let mut out = Bits::zeroed(frame.words, frame.rows(b.min.y, b.max.y));
    let step = i64::from(frame.step);
    for l in set.iter() {
        for (a, b) in edges(l) {
            let (lo, hi) = if a.y < b.y { (a, b) } else { (b, a) };
            let rows = frame.rows(lo.y, hi.y - 1);
            if rows.is_empty() {
                continue;
            }
            let (dx, dy) = (
                i64::from(hi.x) - i64::from(lo.x),
                i64::from(hi.y) - i64::from(lo.y),
            );
            let y = i64::from(frame.origin.y) + rows.start as i64 * step;
            let mut num = (i64::from(lo.x) - i64::from(frame.origin.x)) * dy + (y - i64::from(lo.y)) * dx;
            let den = dy * step;
            for y in rows {
                let x = (num + den - 1).div_euclid(den).max(0) as usize;
                if x < frame.width {
                    out.row_mut(y)[x / 64] ^= 1 << (x % 64);
                }
                num += step * dx;
            }
        }
    }
    for row in out.data.chunks_exact_mut(frame.words) {
        let mut carry = 0u64;
        for w in row {
            let mut v = *w;
            for s in [1, 2, 4, 8, 16, 32] {
                v ^= v << s;
            }
            v ^= carry;
            carry = 0u64.wrapping_sub(v >> 63);
            *w = v;
        }
    }
    // A valid set crosses every row an even number of times, so nothing runs past the last sample.
    out.trim();
    out
}

/// Calls `f(x, y, distance)` for every sample of `mask` that lies within `r` of an edge of `set`,
/// once per such edge; distances in grid units.
pub fn near(frame: &Frame, set: &Loops, r: Coord, mask: &Bits, mut f: impl FnMut(usize, usize, f64)) {
    let rows = mask.rows();
    if rows.is_empty() {
        return;
    }
    let (y_lo, y_hi) = (
        frame.point(0, rows.start).y - r,
        frame.point(0, rows.end - 1).y + r,
    );
    let search = Search {
        frame,
        mask,
        r: f64::from(r),
        per_step: 1.0 / f64::from(frame.step),
    };
    for l in set.iter() {
        for (a, b) in edges(l) {
            if a.y.max(b.y) >= y_lo && a.y.min(b.y) <= y_hi {
                search.edge(a, b, &mut f);
            }
        }
    }
}

/// Finds the samples of a mask near edges. Coordinates are relative to the frame's origin.
struct Search<'a> {
    frame: &'a Frame,
    mask: &'a Bits,
    r: f64,
    /// Samples per grid unit.
    per_step: f64,
}

impl Search<'_> {
    /// The samples of an axis within `lo..=hi`, or one more on either side.
    #[inline]
    fn samples(&self, lo: f64, hi: f64, bounds: Range<usize>) -> Range<usize> {
        let first = (lo * self.per_step).max(0.0) as usize;
        let end = (hi * self.per_step + 1.0).max(0.0) as usize;
        first.max(bounds.start)..end.min(bounds.end)
    }

    fn edge(&self, a: Point, b: Point, f: &mut impl FnMut(usize, usize, f64)) {
        let o = self.frame.origin;
        let (ax, ay) = (f64::from(a.x - o.x), f64::from(a.y - o.y));
        let (dx, dy) = (f64::from(b.x - a.x), f64::from(b.y - a.y));
        let len2 = dx * dx + dy * dy;
        let inverse = if len2 > 0.0 { 1.0 / len2 } else { 0.0 };
        let step = f64::from(self.frame.step);
        let long = dx.abs() > 8.0 * step && dy.abs() > step;
        let (mut lo, mut hi) = (ax.min(ax + dx) - self.r, ax.max(ax + dx) + self.r);
        for y in self.samples(
            ay.min(ay + dy) - self.r,
            ay.max(ay + dy) + self.r,
            self.mask.rows(),
        ) {
            let py = y as f64 * step - ay;
            if long {
                // Only the part of the edge that is near this row.
                let t = |v: f64| ax + ((py + v) / dy).clamp(0.0, 1.0) * dx;
                let (p, q) = (t(-self.r), t(self.r));
                (lo, hi) = (p.min(q) - self.r, p.max(q) + self.r);
            }
            let cols = self.samples(lo, hi, 0..self.frame.width);
            if cols.is_empty() {
                continue;
            }
            let (first, last) = (cols.start / 64, (cols.end - 1) / 64);
            for (i, &word) in self.mask.row(y).iter().enumerate().take(last + 1).skip(first) {
                let mut w = word;
                if i == first {
                    w &= u64::MAX << (cols.start % 64);
                }
                if i == last {
                    w &= u64::MAX >> (63 - (cols.end - 1) % 64);
                }
                while w != 0 {
                    let x = i * 64 + w.trailing_zeros() as usize;
                    w &= w - 1;
                    let px = x as f64 * step - ax;
                    let t = ((px * dx + py * dy) * inverse).clamp(0.0, 1.0);
                    let (ex, ey) = (px - t * dx, py - t * dy);
                    let d2 = ex * ex + ey * ey;
                    if d2 <= self.r * self.r {
                        f(x, y, d2.sqrt());
                    }
                }
            }
        }
    }
}
