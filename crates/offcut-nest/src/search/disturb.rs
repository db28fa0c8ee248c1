//! Ways out of a dead end: parts are thrown about, in one of five fashions.

use super::{ABSENT, Search};
use crate::orientation::Orientation;

impl Search<'_> {
    /// Disturbs the layout in a fashion chosen at random.
    pub fn disturb(&mut self) {
        if (0..self.count()).filter(|&i| self.is_present(i)).count() < 2 {
            self.refresh();
            return;
        }
        match self.rng.below(5) {
            0 => self.swap_large(),
            1 => self.ruin_window(),
            2 => self.swap_alike(),
            3 => self.move_some(),
            _ => self.turn_section(),
        }
        self.refresh();
    }

    fn area(&self, part: usize) -> f64 {
        self.problem.kinds[self.problem.parts[part] as usize].area
    }

    /// Swaps two of the large parts that differ; small ones under them go along.
    fn swap_large(&mut self) {
        const SHARE: f64 = 0.75;
        let n = self.count();
        let hull = |i: usize| self.problem.kinds[self.problem.parts[i] as usize].hull;
        let mut by_size: Vec<usize> = (0..n).filter(|&i| self.is_present(i)).collect();
        by_size.sort_by(|&a, &b| hull(b).total_cmp(&hull(a)).then(a.cmp(&b)));
        let all: f64 = by_size.iter().map(|&i| hull(i)).sum();
        let mut sum = 0.0;
        let mut large = by_size.len();
        for (k, &i) in by_size.iter().enumerate() {
            sum += hull(i);
            if sum > SHARE * all {
                large = k + 1;
                break;
            }
        }
        by_size.truncate(large.max(2));
        let a = by_size[self.rng.below(by_size.len())];
        by_size.retain(|&i| self.problem.parts[i] != self.problem.parts[a]);
        if by_size.is_empty() {
            self.move_some();
            return;
        }
        let b = by_size[self.rng.below(by_size.len())];
        self.exchange(a, b);
    }

    fn exchange(&mut self, a: usize, b: usize) {
        let (ma, mb) = (self.middle(a), self.middle(b));
        let (bin_a, bin_b) = (self.spots[a].bin, self.spots[b].bin);
        if !(self.takes(bin_b, a) && self.takes(bin_a, b)) {
            return;
        }
        for (i, to, bin, from, from_bin) in [(a, mb, bin_b, ma, bin_a), (b, ma, bin_a, mb, bin_b)] {
            let orient = self.any_orient(i, bin);
            self.put(i, orient, bin, to);
            let o = *self.orient(self.spots[i]);
            let s = self.spots[i];
            for j in 0..self.count() {
                let m = self.middle(j);
                let under = self.is_present(j)
                    && m[0] > s.x + o.lo[0]
                    && m[0] < s.x + o.hi[0]
                    && m[1] > s.y + o.lo[1]
                    && m[1] < s.y + o.hi[1];
                if j != a && j != b && under && self.area(j) < 0.5 * self.area(i) {
                    let to = [m[0] + from[0] - to[0], m[1] + from[1] - to[1]];
                    let orient = self.spots[j].orient;
                    if self.fits(orient, from_bin) {
                        self.put(j, orient, from_bin, to);
                    }
                }
            }
        }
    }

    /// The axis along which a bin is taken apart: that of a strip, mostly the longer one of a sheet.
    fn axis_of(&mut self, bin: u32) -> usize {
        let b = self.bins[bin as usize];
        let (w, h) = (b.hi[0] - b.lo[0], b.hi[1] - b.lo[1]);
        let is_strip = self.problem.grounds[b.ground as usize].kind.is_none();
        usize::from(!is_strip && self.rng.range(0.0, w + h) > w)
    }

    /// Throws what lies in a window about in it.
    fn ruin_window(&mut self) {
        let bin = self.rng.below(self.bins.len()) as u32;
        let b = self.bins[bin as usize];
        let axis = self.axis_of(bin);
        let (w, h) = (b.hi[axis] - b.lo[axis], b.hi[1 - axis] - b.lo[1 - axis]);
        let width = w * self.rng.range(0.1, 0.35);
        let x = b.lo[axis] + self.rng.range(-0.5 * width, w - 0.5 * width);
        let height = if self.rng.one_in(2) { h } else { 0.5 * h };
        let y = b.lo[1 - axis] + self.rng.range(0.0, h - height);
        for i in 0..self.count() {
            let m = self.middle(i);
            if self.spots[i].bin == bin
                && (x..=x + width).contains(&m[axis])
                && (y..=y + height).contains(&m[1 - axis])
            {
                let mut to = [self.rng.range(x, x + width), self.rng.range(y, y + height)];
                if axis == 1 {
                    to.swap(0, 1);
                }
                let orient = self.any_orient(i, bin);
                self.put(i, orient, bin, to);
            }
        }
    }

    /// Swaps some pairs of different kinds of about the same size.
    fn swap_alike(&mut self) {
        for _ in 0..1 + self.rng.below(3) {
            let a = self.rng.below(self.count());
            if !self.is_present(a) {
                continue;
            }
            let size = self.area(a);
            let alike: Vec<usize> = (0..self.count())
                .filter(|&j| {
                    let s = self.area(j);
                    self.is_present(j)
                        && self.problem.parts[j] != self.problem.parts[a]
                        && s > 0.5 * size
                        && s < 2.0 * size
                })
                .collect();
            if alike.is_empty() {
                continue;
            }
            let b = alike[self.rng.below(alike.len())];
            let (ma, mb) = (self.middle(a), self.middle(b));
            let (bin_a, bin_b) = (self.spots[a].bin, self.spots[b].bin);
            if !(self.takes(bin_b, a) && self.takes(bin_a, b)) {
                continue;
            }
            let (oa, ob) = (self.any_orient(a, bin_b), self.any_orient(b, bin_a));
            self.put(a, oa, bin_b, mb);
            self.put(b, ob, bin_a, ma);
        }
    }

    /// Puts some parts anywhere.
    fn move_some(&mut self) {
        let n = self.count();
        for _ in 0..1 + self.rng.below(1 + n / 8) {
            let i = self.rng.below(n);
            let bin = self.any_bin(i);
            if self.is_present(i) && bin != ABSENT {
                let orient = self.any_orient(i, bin);
                let b = self.bins[bin as usize];
                let to = [self.rng.range(b.lo[0], b.hi[0]), self.rng.range(b.lo[1], b.hi[1])];
                self.put(i, orient, bin, to);
            }
        }
    }

    /// Turns a section by half a turn: the middles of parts about the section's, parts as far as they may.
    fn turn_section(&mut self) {
        let bin = self.rng.below(self.bins.len()) as u32;
        let b = self.bins[bin as usize];
        let axis = self.axis_of(bin);
        let w = b.hi[axis] - b.lo[axis];
        let width = w * self.rng.range(0.2, 0.6);
        let x = b.lo[axis] + self.rng.range(0.0, w - width);
        for i in 0..self.count() {
            let m = self.middle(i);
            if self.spots[i].bin != bin || m[axis] <= x || m[axis] >= x + width {
                continue;
            }
            let o = self.orient(self.spots[i]);
            let turned = Orientation::new(o.orientation.angle + 180.0, o.orientation.mirror);
            let mut all = self.problem.kinds[o.kind as usize].orients.clone();
            let orient = all
                .find(|&k| self.problem.orients[k as usize].orientation.is_close(turned) && self.fits(k, bin))
                .unwrap_or(self.spots[i].orient);
            let mut to = [b.lo[0] + b.hi[0] - m[0], b.lo[1] + b.hi[1] - m[1]];
            to[axis] = 2.0 * x + width - m[axis];
            self.put(i, orient, bin, to);
        }
    }
}
