//! The overlap minimiser: parts on a plane with bins, of which every one is moved to where it overlaps
//! least, with weights that rise on pairs that stay in each other's way (guided local search, as in sparrow,
//! Gardeyn and Wauters, 2025).
//!
//! In: a [`Problem`], bins, a start. Out: positions, and how much they overlap. Nothing here knows about
//! strips, sheets or schedules.

pub mod descend;
pub mod disturb;
pub mod moves;
pub mod separate;
pub mod sieve;

use crate::problem::{EPSILON, Orient, Problem, turned};
use crate::rng::Rng;
use sieve::Sieve;

/// A rectangle that takes parts, grid units. Bins lie so far apart that parts in different ones don't meet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// Lower left corner.
    pub lo: [f64; 2],
    /// Upper right corner.
    pub hi: [f64; 2],
}

/// Where a part lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// Position of its origin, grid units.
    pub x: f64,
    /// Position of its origin, grid units.
    pub y: f64,
    /// Index of its orientation.
    pub orient: u32,
    /// Index of its bin.
    pub bin: u32,
}

/// The state of a search.
pub struct Search<'a> {
    /// What is searched.
    pub problem: &'a Problem,
    /// Where parts may lie.
    pub bins: Vec<Bin>,
    /// Where every part lies.
    pub spots: Vec<Spot>,
    /// Random numbers of this search.
    pub rng: Rng,
    /// Evaluations made so far: the measure of work.
    pub work: u64,
    /// Overlap of every two parts, without weights; symmetric.
    loss: Vec<f64>,
    /// Weight of every two parts; symmetric.
    weights: Vec<f64>,
    /// Weight times size of the pairs of the part that is being moved.
    row: Vec<f64>,
    /// For every orientation of the part that is being moved, who may be met where.
    sieves: Vec<Sieve>,
    contacts: Vec<descend::Touch>,
    moving: Vec<u32>,
}

impl<'a> Search<'a> {
    /// A search without a start.
    #[must_use]
    pub fn new(problem: &'a Problem, bins: Vec<Bin>, rng: Rng) -> Self {
        let n = problem.parts.len();
        Self {
            problem,
            bins,
            spots: Vec::new(),
            rng,
            work: 0,
            loss: vec![0.0; n * n],
            weights: vec![1.0; n * n],
            row: Vec::new(),
            sieves: Vec::new(),
            contacts: Vec::new(),
            moving: Vec::new(),
        }
    }

    /// How many parts there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.problem.parts.len()
    }

    /// The orientation of a spot.
    #[must_use]
    pub fn orient(&self, s: Spot) -> &'a Orient {
        &self.problem.orients[s.orient as usize]
    }

    /// Where the origin of a part may lie in a bin: the inner-fit rectangle as low and high corner.
    #[inline]
    #[must_use]
    pub fn room(&self, orient: u32, bin: u32) -> ([f64; 2], [f64; 2]) {
        let (o, b) = (&self.problem.orients[orient as usize], &self.bins[bin as usize]);
        (
            [b.lo[0] - o.lo[0], b.lo[1] - o.lo[1]],
            [b.hi[0] - o.hi[0], b.hi[1] - o.hi[1]],
        )
    }

    /// True when a part fits into a bin.
    #[must_use]
    pub fn fits(&self, orient: u32, bin: u32) -> bool {
        let (lo, hi) = self.room(orient, bin);
        hi[0] >= lo[0] && hi[1] >= lo[1]
    }

    /// The spot moved to where it is wholly in its bin.
    #[must_use]
    pub fn clamped(&self, mut s: Spot) -> Spot {
        let (lo, hi) = self.room(s.orient, s.bin);
        s.x = s.x.min(hi[0]).max(lo[0]);
        s.y = s.y.min(hi[1]).max(lo[1]);
        s
    }

    /// The middle of a part's box.
    #[must_use]
    pub fn middle(&self, part: usize) -> [f64; 2] {
        let s = self.spots[part];
        let o = self.orient(s);
        [s.x + 0.5 * (o.lo[0] + o.hi[0]), s.y + 0.5 * (o.lo[1] + o.hi[1])]
    }

    /// Puts the middle of a part's box somewhere, in an orientation and bin, as far as it fits.
    pub fn put(&mut self, part: usize, orient: u32, bin: u32, middle: [f64; 2]) {
        let o = &self.problem.orients[orient as usize];
        self.spots[part] = self.clamped(Spot {
            x: middle[0] - 0.5 * (o.lo[0] + o.hi[0]),
            y: middle[1] - 0.5 * (o.lo[1] + o.hi[1]),
            orient,
            bin,
        });
    }

    /// Any orientation of a part that fits into the bin; the present one when none does.
    pub fn any_orient(&mut self, part: usize, bin: u32) -> u32 {
        let all = self.problem.kinds[self.problem.parts[part] as usize]
            .orients
            .clone();
        for _ in 0..4 * all.len() {
            let o = all.start + self.rng.below(all.len()) as u32;
            if self.fits(o, bin) {
                return o;
            }
        }
        self.spots.get(part).map_or(all.start, |s| s.orient)
    }

    /// Puts every part anywhere.
    pub fn scatter(&mut self) {
        self.spots.clear();
        for part in 0..self.count() {
            let bin = self.rng.below(self.bins.len()) as u32;
            let orient = self.any_orient(part, bin);
            let (lo, hi) = self.room(orient, bin);
            let x = self.rng.range(lo[0], hi[0]);
            let y = self.rng.range(lo[1], hi[1]);
            self.spots.push(self.clamped(Spot { x, y, orient, bin }));
        }
    }

    fn pair_loss(&self, i: usize, j: usize) -> f64 {
        let (a, b) = (self.spots[i], self.spots[j]);
        let (oa, ob) = (self.orient(a), self.orient(b));
        let (dx, dy) = (a.x - b.x, a.y - b.y);
        if dx <= ob.lo[0] - oa.hi[0]
            || dx >= ob.hi[0] - oa.lo[0]
            || dy <= ob.lo[1] - oa.hi[1]
            || dy >= ob.hi[1] - oa.lo[1]
        {
            return 0.0;
        }
        let (field, frame) = self.problem.meeting(a.orient, b.orient);
        let (x, y) = turned(frame, dx, dy);
        let depth = field.depth(x, y);
        if depth <= EPSILON {
            0.0
        } else {
            depth * self.size(i) * self.size(j)
        }
    }

    fn size(&self, part: usize) -> f64 {
        self.problem.kinds[self.problem.parts[part] as usize].root
    }

    /// Brings the overlaps up to date after parts were moved from outside, and forgets the weights.
    pub fn refresh(&mut self) {
        self.weights.fill(1.0);
        let n = self.count();
        for i in 0..n {
            for j in 0..i {
                let l = self.pair_loss(i, j);
                self.loss[i * n + j] = l;
                self.loss[j * n + i] = l;
            }
        }
    }

    /// Moves one part.
    fn set(&mut self, i: usize, s: Spot) {
        self.spots[i] = s;
        let n = self.count();
        for j in 0..n {
            if j != i {
                let l = self.pair_loss(i, j);
                self.loss[i * n + j] = l;
                self.loss[j * n + i] = l;
            }
        }
    }

    /// Overlap of one part with all others.
    fn part_loss(&self, i: usize) -> f64 {
        let n = self.count();
        self.loss[i * n..(i + 1) * n].iter().sum()
    }

    /// Overlap of all pairs; 0 when the layout is valid within [`EPSILON`].
    #[must_use]
    pub fn total_loss(&self) -> f64 {
        0.5 * self.loss.iter().sum::<f64>()
    }
}
