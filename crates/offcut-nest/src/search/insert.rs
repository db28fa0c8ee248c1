//! Putting a part where nothing overlaps, among others that stay where they are.

use super::moves::{Candidate, Finalists};
use super::{Search, Spot};

/// Steps to the left that are tried from a place that was found.
const SLIDES: u32 = 5;

impl Search<'_> {
    /// Looks for free places of an absent part in bins, one after the other, with so many samples each, and
    /// puts it at the leftmost it finds in the first bin that has one. False when there is none.
    pub fn insert(&mut self, part: usize, bins: &[u32], samples: usize) -> bool {
        self.prepare(part);
        let kind = self.kind(part);
        let (first, turns) = (kind.orients.start, kind.orients.len());
        for &bin in bins {
            let mut finalists = Finalists::default();
            for k in 0..samples {
                let slot = if k < turns { k } else { self.rng.below(turns) };
                let orient = first + slot as u32;
                if !self.fits(orient, bin) {
                    continue;
                }
                let (lo, hi) = self.room(orient, bin);
                let share = self.rng.unit();
                let spot = Spot {
                    x: lo[0] + (hi[0] - lo[0]) * share * share,
                    y: self.rng.range(lo[1], hi[1]),
                    orient,
                    bin,
                };
                let bound = finalists.bound();
                let loss = self.evaluate(slot, spot, bound.max(f64::MIN_POSITIVE));
                // Of two free places the left one.
                let loss = if loss == 0.0 {
                    -1.0 / (1.0 + spot.x - lo[0])
                } else {
                    loss
                };
                if loss < bound {
                    finalists.add(Candidate { loss, spot }, 0.05 * kind.side);
                }
            }
            let mut best: Option<Spot> = None;
            for c in finalists.iter() {
                let loss = c.loss.max(0.0);
                let slot = (c.spot.orient - first) as usize;
                let c = self.descend(Candidate { loss, ..c }, slot);
                if c.loss == 0.0 && self.fits(c.spot.orient, bin) {
                    let s = self.slide(c.spot, slot);
                    if best.is_none_or(|b| self.left(s) < self.left(b)) {
                        best = Some(s);
                    }
                }
            }
            if let Some(s) = best {
                self.set(part, s);
                return true;
            }
        }
        false
    }

    fn left(&self, s: Spot) -> f64 {
        let o = self.orient(s);
        s.x + o.core_hi[0] + 0.1 * (s.y + o.core_hi[1])
    }

    /// Goes to free places farther left as long as that is found to work.
    fn slide(&mut self, from: Spot, slot: usize) -> Spot {
        let mut best = from;
        let mut step = 0.5 * self.orient(from).size()[0];
        for _ in 0..SLIDES {
            let mut s = best;
            s.x -= step;
            s.y -= step * self.rng.range(0.0, 0.5);
            let spot = self.clamped(s);
            let loss = self.evaluate(slot, spot, f64::INFINITY);
            let c = self.descend(Candidate { loss, spot }, slot);
            if c.loss == 0.0 && self.left(c.spot) < self.left(best) {
                best = c.spot;
            } else {
                step *= 0.5;
            }
        }
        best
    }
}
