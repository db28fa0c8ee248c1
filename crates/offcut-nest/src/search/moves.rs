//! One move: the best place for one part among all others where they are.

use super::{Search, Spot};
use crate::nfp::Field;
use crate::problem::{EPSILON, turned};

/// Places tried near where the part is, and anywhere.
const NEAR: usize = 25;
const ANYWHERE: usize = 50;
/// How many of the best places are refined.
pub const FINALISTS: usize = 3;
/// Places nearer than this share of the part's smaller side count as one.
const SAME: f64 = 0.05;

/// Boxes whose halves differ by no more than this count as equal, grid units.
const ALIKE: f64 = 2.0;

/// An orientation of the part that is being moved.
#[derive(Debug, Clone, Copy)]
pub struct Slot {
    /// Index of the sieve that knows whom it may meet.
    sieve: usize,
    /// The middle of its box from the part's origin, grid units.
    middle: [f64; 2],
    /// Half the size of its box.
    half: [f64; 2],
}

/// A body that the part that is being moved may meet.
#[derive(Debug, Clone, Copy)]
pub struct Other {
    /// Position of its origin, grid units.
    pub x: f64,
    /// Position of its origin, grid units.
    pub y: f64,
    /// What a unit of depth in it weighs.
    pub weight: f64,
    /// Index of its orientation.
    pub orient: u32,
}

/// A place with its overlap.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    /// Weighted overlap.
    pub loss: f64,
    /// The place.
    pub spot: Spot,
}

/// The best few places so far.
#[derive(Default)]
pub(super) struct Finalists {
    best: [Option<Candidate>; FINALISTS],
}

impl Finalists {
    /// What a place has to be better than.
    pub(super) fn bound(&self) -> f64 {
        self.best[FINALISTS - 1].map_or(f64::INFINITY, |c| c.loss)
    }

    /// The best first.
    pub(super) fn iter(&self) -> impl Iterator<Item = Candidate> + use<> {
        self.best.into_iter().flatten()
    }

    pub(super) fn add(&mut self, c: Candidate, same: f64) {
        let twin = self.best.iter().flatten().position(|o| {
            o.spot.orient == c.spot.orient
                && (o.spot.x - c.spot.x).abs() < same
                && (o.spot.y - c.spot.y).abs() < same
        });
        let mut k = match twin {
            Some(k) if self.best[k].is_some_and(|o| c.loss >= o.loss) => return,
            Some(k) => k,
            None if c.loss >= self.bound() => return,
            None => FINALISTS - 1,
        };
        while k > 0 && self.best[k - 1].is_none_or(|o| c.loss < o.loss) {
            self.best[k] = self.best[k - 1];
            k -= 1;
        }
        self.best[k] = Some(c);
    }
}

impl Search<'_> {
    /// Prepares evaluations of one part: weights and sieves.
    pub(super) fn prepare(&mut self, part: usize) {
        let n = self.spots.len();
        let own = self.roots[part];
        let weights = &self.weights[part * n..(part + 1) * n];
        self.others.clear();
        let others = self.spots.iter().zip(weights.iter().zip(&self.roots));
        self.others.extend(others.map(|(s, (w, root))| Other {
            x: s.x,
            y: s.y,
            weight: w * own * root,
            orient: s.orient,
        }));
        let kind = &self.problem.kinds[self.problem.parts[part] as usize];
        let mut count = 0;
        self.slots.clear();
        for o in kind.orients.clone() {
            let a = &self.problem.orients[o as usize];
            let middle = [0, 1].map(|k| 0.5 * (a.lo[k] + a.hi[k]));
            let half = [0, 1].map(|k| 0.5 * (a.hi[k] - a.lo[k]));
            // Half a turn changes no box: one sieve serves both.
            let alike = |h: &[f64; 2]| (0..2).all(|k| (h[k] - half[k]).abs() <= ALIKE);
            let found = self.slots.iter().find(|s| alike(&s.half));
            let sieve = found.map_or(count, |s| s.sieve);
            self.slots.push(Slot { sieve, middle, half });
            if sieve == count {
                count += 1;
                self.fill_sieve(part, o, sieve);
            }
        }
    }

    /// Finds out whom a part in an orientation can meet.
    fn fill_sieve(&mut self, part: usize, orient: u32, sieve: usize) {
        let Some(&Slot { middle, half, .. }) = self.slots.last() else {
            return;
        };
        if self.sieves.len() <= sieve {
            self.sieves.push(super::Sieve::default());
        }
        let (mut lo, mut hi) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for bin in 0..self.bins.len() as u32 {
            let (l, h) = self.room(orient, bin);
            for k in 0..2 {
                lo[k] = lo[k].min(l[k] + middle[k]);
                hi[k] = hi[k].max(h[k] + middle[k]);
            }
        }
        let sieve = &mut self.sieves[sieve];
        sieve.reset(lo, hi, self.spots.len());
        let half = half.map(|h| h + ALIKE);
        for (j, s) in self.spots.iter().enumerate() {
            let b = &self.problem.orients[s.orient as usize];
            if j != part && s.bin != super::ABSENT {
                sieve.add(
                    j,
                    [s.x + b.lo[0] - half[0], s.y + b.lo[1] - half[1]],
                    [s.x + b.hi[0] + half[0], s.y + b.hi[1] + half[1]],
                );
            }
        }
        sieve.finish();
    }

    /// Calls `f` with everyone whom the prepared part may meet at a place, in order, until it says false.
    #[inline(always)]
    pub(super) fn each_near(&self, slot: usize, s: Spot, f: impl FnMut(usize) -> bool) {
        let Slot { sieve, middle, .. } = &self.slots[slot];
        self.sieves[*sieve].each(s.x + middle[0], s.y + middle[1], f);
    }

    /// Weighted overlap of the prepared part at a place. Stops above `bound`.
    #[inline]
    pub(super) fn evaluate(&mut self, slot: usize, s: Spot, bound: f64) -> f64 {
        self.weigh(slot, s, bound, |field, x, y| {
            let depth = field.depth(x, y);
            if depth > EPSILON { depth } else { 0.0 }
        })
    }

    /// About the weighted overlap, to choose places that are worth an evaluation.
    #[inline]
    fn estimate(&mut self, slot: usize, s: Spot, bound: f64) -> f64 {
        self.weigh(slot, s, bound, Field::rough_depth)
    }

    #[inline(always)]
    fn weigh(&mut self, slot: usize, s: Spot, bound: f64, depth: impl Fn(&Field, f64, f64) -> f64) -> f64 {
        self.work += 1;
        let mut sum = 0.0;
        let (others, meetings) = (&self.others, self.problem.meetings(s.orient));
        self.each_near(slot, s, |j| {
            let o = &others[j];
            let (field, frame) = meetings.with(o.orient);
            let (x, y) = turned(frame, s.x - o.x, s.y - o.y);
            sum += o.weight * depth(field, x, y);
            sum < bound
        });
        sum
    }

    /// Looks for the best place of a part and moves it there.
    pub(super) fn relocate(&mut self, part: usize) {
        self.prepare(part);
        let kind = &self.problem.kinds[self.problem.parts[part] as usize];
        let (first, turns) = (kind.orients.start, kind.orients.len());
        let same = SAME * kind.side;
        let here = self.spots[part];
        let mut finalists = Finalists::default();
        let loss = self.evaluate((here.orient - first) as usize, here, f64::INFINITY);
        finalists.add(Candidate { loss, spot: here }, same);
        let now = self.orient(here);
        let half = now.size().map(|s| 0.5 * s);
        let middle = self.middle(part);
        for k in 0..NEAR + ANYWHERE {
            let slot = self.rng.below(turns);
            let orient = first + slot as u32;
            let bin = if k < NEAR || self.bins.len() == 1 {
                here.bin
            } else {
                self.rng.below(self.bins.len()) as u32
            };
            let (lo, hi) = self.room(orient, bin);
            if !self.fits(orient, bin) {
                continue;
            }
            let spot = if k < NEAR {
                let o = &self.problem.orients[orient as usize];
                let x = middle[0] - 0.5 * (o.lo[0] + o.hi[0]) + self.rng.range(-half[0], half[0]);
                let y = middle[1] - 0.5 * (o.lo[1] + o.hi[1]) + self.rng.range(-half[1], half[1]);
                self.clamped(Spot { x, y, orient, bin })
            } else {
                let x = self.rng.range(lo[0], hi[0]);
                let y = self.rng.range(lo[1], hi[1]);
                Spot { x, y, orient, bin }
            };
            let bound = finalists.bound();
            let loss = self.estimate(slot, spot, bound);
            if loss < bound {
                finalists.add(Candidate { loss, spot }, same);
            }
        }
        let mut best = Candidate { loss, spot: here };
        for mut c in finalists.best.into_iter().flatten() {
            c.loss = if c.spot == here {
                loss
            } else {
                self.evaluate((c.spot.orient - first) as usize, c.spot, f64::INFINITY)
            };
            let c = self.descend(c, (c.spot.orient - first) as usize);
            if c.loss < best.loss {
                best = c;
            }
            if best.loss == 0.0 {
                break;
            }
        }
        if best.spot != here {
            self.set(part, best.spot);
        }
    }
}
