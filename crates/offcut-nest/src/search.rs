//! The overlap minimiser: parts on a plane with bins, of which every one is moved to where it overlaps
//! least, with weights that rise on pairs that stay in each other's way (guided local search, as in sparrow,
//! Gardeyn and Wauters, 2025).
//!
//! In: a [`Problem`], bins, a start. Out: positions, and how much they overlap. Nothing here knows about
//! strips, sheets or schedules.

pub mod descend;
pub mod disturb;
pub mod insert;
pub mod moves;
pub mod separate;
pub mod sieve;

use crate::problem::{EPSILON, Orient, Problem, turned};
use crate::rng::Rng;
use sieve::Sieve;

/// The bin of parts that lie nowhere.
pub const ABSENT: u32 = u32::MAX;

/// A rectangle that takes parts, grid units. Bins lie beside each other in one plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// Lower left corner.
    pub lo: [f64; 2],
    /// Upper right corner.
    pub hi: [f64; 2],
    /// Where the origin of the sheet lies.
    pub at: [f64; 2],
    /// Index of the ground.
    pub ground: u32,
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
    /// Index of its bin, or [`ABSENT`].
    pub bin: u32,
}

/// The state of a search.
pub struct Search<'a> {
    /// What is searched.
    pub problem: &'a Problem,
    /// Where parts may lie.
    bins: Vec<Bin>,
    /// Where every part lies; after the parts what never moves: locked parts and obstacles.
    spots: Vec<Spot>,
    /// Random numbers of this search.
    pub rng: Rng,
    /// Evaluations made so far: the measure of work.
    pub work: u64,
    /// Size of every body in `spots`.
    roots: Vec<f64>,
    /// Overlap of every two bodies, without weights; symmetric.
    loss: Vec<f64>,
    /// Weight of every two bodies; symmetric.
    weights: Vec<f64>,
    /// All bodies, as the part that is being moved sees them.
    others: Vec<moves::Other>,
    /// The orientations of the part that is being moved.
    slots: Vec<moves::Slot>,
    /// For every size of its box, who may be met where.
    sieves: Vec<Sieve>,
    contacts: Vec<descend::Touch>,
    proposals: Vec<descend::Proposal>,
    moving: Vec<u32>,
}

impl<'a> Search<'a> {
    /// A search with no part present yet.
    #[must_use]
    pub fn new(problem: &'a Problem, bins: Vec<Bin>, rng: Rng) -> Self {
        let absent = |&kind: &u32| Spot {
            x: 0.0,
            y: 0.0,
            orient: problem.kinds[kind as usize].orients.start,
            bin: ABSENT,
        };
        let mut s = Self {
            problem,
            bins: Vec::new(),
            spots: problem.parts.iter().map(absent).collect(),
            rng,
            work: 0,
            roots: Vec::new(),
            loss: Vec::new(),
            weights: Vec::new(),
            others: Vec::new(),
            slots: Vec::new(),
            sieves: Vec::new(),
            contacts: Vec::new(),
            proposals: Vec::new(),
            moving: Vec::new(),
        };
        s.set_bins(bins);
        s
    }

    /// How many parts there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.problem.parts.len()
    }

    /// Where every part lies.
    #[must_use]
    pub fn parts(&self) -> &[Spot] {
        &self.spots[..self.count()]
    }

    /// Moves every part; to be followed by [`Self::refresh`].
    pub fn set_parts(&mut self, spots: &[Spot]) {
        let n = self.count();
        self.spots[..n].copy_from_slice(spots);
    }

    /// The bins.
    #[must_use]
    pub fn bins(&self) -> &[Bin] {
        &self.bins
    }

    /// Changes the right or upper end of a bin.
    pub fn set_end(&mut self, bin: u32, axis: usize, end: f64) {
        self.bins[bin as usize].hi[axis] = end;
    }

    /// Changes the bins, with the locked parts and obstacles in them; to be followed by [`Self::refresh`].
    pub fn set_bins(&mut self, bins: Vec<Bin>) {
        let (problem, n) = (self.problem, self.count());
        self.spots.truncate(n);
        self.roots.clear();
        let root = |k: u32| problem.kinds[k as usize].root;
        self.roots.extend(problem.parts.iter().map(|&k| root(k)));
        for (index, b) in (0..).zip(&bins) {
            for l in problem.locked.iter().filter(|l| l.sheet == index) {
                self.spots.push(Spot {
                    x: b.at[0] + l.at[0],
                    y: b.at[1] + l.at[1],
                    orient: l.orient,
                    bin: index,
                });
                self.roots.push(root(problem.orients[l.orient as usize].kind));
            }
            if let Some(orient) = problem.obstacle(b.ground) {
                let middle = problem.grounds[b.ground as usize].middle;
                self.spots.push(Spot {
                    x: b.at[0] + middle[0],
                    y: b.at[1] + middle[1],
                    orient,
                    bin: index,
                });
                // As heavy as the largest part.
                let most = problem.kinds.iter().map(|k| k.root).fold(0.0, f64::max);
                self.roots.push(most);
            }
        }
        self.bins = bins;
        let total = self.spots.len();
        self.loss.clear();
        self.loss.resize(total * total, 0.0);
        self.weights.clear();
        self.weights.resize(total * total, 1.0);
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
            [b.lo[0] - o.core_lo[0], b.lo[1] - o.core_lo[1]],
            [b.hi[0] - o.core_hi[0], b.hi[1] - o.core_hi[1]],
        )
    }

    /// True when a part may lie so in a bin.
    #[must_use]
    pub fn fits(&self, orient: u32, bin: u32) -> bool {
        let (lo, hi) = self.room(orient, bin);
        hi[0] >= lo[0] && hi[1] >= lo[1] && self.problem.allows(orient, self.bins[bin as usize].ground)
    }

    /// True when a part may lie in a bin in some orientation.
    #[must_use]
    pub fn takes(&self, bin: u32, part: usize) -> bool {
        let kind = &self.problem.kinds[self.problem.parts[part] as usize];
        kind.orients.clone().any(|o| self.fits(o, bin))
    }

    /// Any bin that takes a part; [`ABSENT`] when none does.
    pub fn any_bin(&mut self, part: usize) -> u32 {
        if let [_] = self.bins[..] {
            return 0;
        }
        let all: Vec<u32> = (0..self.bins.len() as u32)
            .filter(|&b| self.takes(b, part))
            .collect();
        if all.is_empty() {
            ABSENT
        } else {
            all[self.rng.below(all.len())]
        }
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

    /// True when a part lies in some bin.
    #[must_use]
    pub fn is_present(&self, part: usize) -> bool {
        self.spots[part].bin != ABSENT
    }

    /// Takes a part away.
    pub fn remove(&mut self, part: usize) {
        self.spots[part].bin = ABSENT;
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
        for _ in 0..4 {
            let o = all.start + self.rng.below(all.len()) as u32;
            if self.fits(o, bin) {
                return o;
            }
        }
        let from = self.rng.below(all.len()) as u32;
        let turn = |k: u32| all.start + (from + k) % all.len() as u32;
        (0..all.len() as u32)
            .map(turn)
            .find(|&o| self.fits(o, bin))
            .unwrap_or(self.spots[part].orient)
    }

    /// Puts a part somewhere, as far as it fits.
    pub fn place(&mut self, part: usize, spot: Spot) {
        self.spots[part] = self.clamped(spot);
    }

    /// Puts a part anywhere in a bin.
    pub fn throw(&mut self, part: usize, bin: u32) {
        if bin == ABSENT {
            self.remove(part);
            return;
        }
        let orient = self.any_orient(part, bin);
        let (lo, hi) = self.room(orient, bin);
        let x = self.rng.range(lo[0], hi[0]);
        let y = self.rng.range(lo[1], hi[1]);
        self.spots[part] = self.clamped(Spot { x, y, orient, bin });
    }

    /// Puts every part anywhere, fillers nowhere.
    pub fn scatter(&mut self) {
        for part in 0..self.count() {
            if self.kind(part).filler {
                self.remove(part);
            } else {
                let bin = self.any_bin(part);
                self.throw(part, bin);
            }
        }
    }

    fn kind(&self, part: usize) -> &'a crate::problem::Kind {
        &self.problem.kinds[self.problem.parts[part] as usize]
    }

    fn pair_loss(&self, i: usize, j: usize) -> f64 {
        let (a, b) = (self.spots[i], self.spots[j]);
        if a.bin != b.bin || a.bin == ABSENT {
            return 0.0;
        }
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
            depth * self.roots[i] * self.roots[j]
        }
    }

    /// Brings the overlaps up to date after parts were moved from outside, and forgets the weights.
    pub fn refresh(&mut self) {
        self.weights.fill(1.0);
        let n = self.spots.len();
        for i in 0..self.count() {
            for j in (0..i).chain(self.count()..n) {
                let l = self.pair_loss(i, j);
                self.loss[i * n + j] = l;
                self.loss[j * n + i] = l;
            }
        }
    }

    /// Moves one part.
    fn set(&mut self, i: usize, s: Spot) {
        self.spots[i] = s;
        let n = self.spots.len();
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
        let n = self.spots.len();
        sum(&self.loss[i * n..(i + 1) * n])
    }

    /// Overlap of all pairs; 0 when the layout is valid within [`EPSILON`].
    #[must_use]
    pub fn total_loss(&self) -> f64 {
        0.5 * sum(&self.loss)
    }
}

/// Sum in eight lanes: one after the other each would wait for the last.
fn sum(values: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    let (blocks, rest) = values.as_chunks::<8>();
    for block in blocks {
        for (l, v) in lanes.iter_mut().zip(block) {
            *l += v;
        }
    }
    lanes.iter().chain(rest).sum()
}
