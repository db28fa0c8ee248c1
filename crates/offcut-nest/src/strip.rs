//! Strip packing: all parts on a strip that is as short as possible.
//!
//! A random start is separated, then the strip is shortened and the parts separated again, in steps that
//! halve when they fail. At the smallest step dead ends are left by disturbing one of the least overlapping
//! layouts. The rest of the budget goes to tiny steps from the best layout.

use crate::budget::Limit;
use crate::problem::Problem;
use crate::rng::Rng;
use crate::search::separate::{Ending, Patience};
use crate::search::{Bin, Search, Spot};

/// Density of the random start.
const START_DENSITY: f64 = 0.6;
/// The strip grows by this when the start can't be separated.
const GROWTH: f64 = 1.05;
/// The first step, and the smallest one before dead ends are disturbed.
const STEPS: (f64, f64) = (0.04, 0.001);
/// Steps of the compression at the end, from and to.
const SQUEEZE: (f64, f64) = (0.0005, 0.000_01);
/// Share of the budget before the compression.
const EXPLORE: f64 = 0.85;

const START: Patience = Patience {
    rounds: 60,
    strikes: 2,
};
const COARSE: Patience = Patience {
    rounds: 40,
    strikes: 1,
};
const FINE: Patience = Patience {
    rounds: 100,
    strikes: 2,
};
const LAST: Patience = Patience {
    rounds: 100,
    strikes: 5,
};
/// How much the choice of a layout to disturb prefers the least overlapping ones.
const CHOICE: f64 = 0.25;
/// A strip that is longer than any could be by no more than this needs no search, grid units.
const SHORT: f64 = 1.0;
/// Dead ends kept at most.
const POOL: usize = 64;

/// A valid layout.
#[derive(Debug, Clone)]
pub struct Best {
    /// Right end of the parts, grid units.
    pub width: f64,
    /// Where every part lies.
    pub spots: Vec<Spot>,
}

/// One chain of layouts, each shorter than the one before.
pub struct Chain<'a> {
    search: Search<'a>,
    /// The shortest valid layout so far.
    pub best: Option<Best>,
    step: f64,
    /// Dead ends at the present width, least overlap first.
    pool: Vec<(f64, Vec<Spot>)>,
    /// No strip is shorter.
    least_width: f64,
}

impl<'a> Chain<'a> {
    /// A chain on a strip whose parts may lie between `low` and `high`, and right of `left`.
    #[must_use]
    pub fn new(problem: &'a Problem, left: f64, low: f64, high: f64, rng: Rng) -> Self {
        let fits = |o: &&crate::problem::Orient| o.size()[1] <= high - low;
        let narrowest = |k: &crate::problem::Kind| {
            let all = &problem.orients[k.orients.start as usize..k.orients.end as usize];
            all.iter()
                .filter(fits)
                .map(|o| o.size()[0])
                .fold(f64::INFINITY, f64::min)
        };
        // Of the widest part.
        let least_width = problem.kinds.iter().map(narrowest).fold(0.0, f64::max);
        let area: f64 = problem
            .parts
            .iter()
            .map(|&k| problem.kinds[k as usize].area)
            .sum();
        let width = (area / (high - low) / START_DENSITY).max(1.01 * least_width);
        let bin = Bin {
            lo: [left, low],
            hi: [left + width, high],
        };
        Self {
            search: Search::new(problem, vec![bin], rng),
            best: None,
            step: STEPS.0,
            pool: Vec::new(),
            least_width: left + least_width.max(area / (high - low)),
        }
    }

    /// Work done so far.
    #[must_use]
    pub const fn work(&self) -> u64 {
        self.search.work
    }

    /// Begins with a valid layout.
    pub fn start(&mut self, spots: Vec<Spot>) {
        self.search.spots = spots;
        self.keep();
        self.shorten();
    }

    /// Continues from a valid layout of another chain.
    pub fn adopt(&mut self, best: &Best) {
        self.best = Some(best.clone());
        self.shorten();
    }

    /// One separation and what follows from it. False when the budget is spent.
    pub fn advance(&mut self, limit: &Limit) -> bool {
        // A step without evaluations counts too, so that every budget ends.
        self.search.work += 1;
        let spent = limit.spent(self.search.work);
        let shortest = self.least_width + SHORT;
        if spent >= 1.0 || self.best.as_ref().is_some_and(|b| b.width <= shortest) {
            return false;
        }
        if self.best.is_none() {
            self.begin(limit);
        } else if spent < EXPLORE {
            self.explore(limit);
        } else {
            self.squeeze(limit, (spent - EXPLORE) / (1.0 - EXPLORE));
        }
        true
    }

    fn begin(&mut self, limit: &Limit) {
        self.search.scatter();
        self.search.refresh();
        match self.search.separate(START, &|work| limit.spent(work) >= 1.0) {
            Ending::Valid => {
                self.keep();
                self.shorten();
            }
            Ending::Stuck => {
                let b = &mut self.search.bins[0];
                b.hi[0] = b.lo[0] + (b.hi[0] - b.lo[0]) * GROWTH;
            }
            Ending::Stopped => {}
        }
    }

    fn explore(&mut self, limit: &Limit) {
        let fine = self.step <= STEPS.1;
        let patience = if fine { FINE } else { COARSE };
        match self
            .search
            .separate(patience, &|work| limit.spent(work) >= EXPLORE)
        {
            Ending::Valid => {
                self.keep();
                self.pool.clear();
                self.shorten();
            }
            Ending::Stuck if fine => {
                let loss = self.search.total_loss();
                let at = self.pool.partition_point(|p| p.0 < loss);
                self.pool.insert(at, (loss, self.search.spots.clone()));
                self.pool.truncate(POOL);
                // The absolute value of a normal variate, nearly: the sum of uniform ones.
                let z = (0..12).map(|_| self.search.rng.unit()).sum::<f64>() - 6.0;
                let share = (z.abs() * CHOICE).min(0.999);
                let k = (share * self.pool.len() as f64) as usize;
                self.search.spots.clone_from(&self.pool[k].1);
                self.search.disturb();
            }
            Ending::Stuck => {
                self.step = (0.5 * self.step).max(STEPS.1);
                self.shorten();
            }
            Ending::Stopped => {}
        }
    }

    fn squeeze(&mut self, limit: &Limit, done: f64) {
        self.step = SQUEEZE.0 + done * (SQUEEZE.1 - SQUEEZE.0);
        self.shorten();
        if self.search.separate(LAST, &|work| limit.spent(work) >= 1.0) == Ending::Valid {
            self.keep();
        }
    }

    /// Right end of the parts.
    fn extent(&self) -> f64 {
        let right = |s: &Spot| s.x + self.search.orient(*s).hi[0];
        self.search.spots.iter().map(right).fold(0.0, f64::max)
    }

    fn keep(&mut self) {
        let width = self.extent();
        if self.best.as_ref().is_none_or(|b| width < b.width) {
            self.best = Some(Best {
                width,
                spots: self.search.spots.clone(),
            });
        }
    }

    /// Makes the strip a step shorter than the best layout: what lies right of a random place moves left.
    fn shorten(&mut self) {
        let Some(best) = &self.best else { return };
        let width = (best.width * (1.0 - self.step)).max(self.least_width);
        let split = self.search.rng.range(0.0, best.width);
        let delta = width - best.width;
        self.search.spots.clone_from(&best.spots);
        self.search.bins[0].hi[0] = width;
        for i in 0..self.search.count() {
            let mut s = self.search.spots[i];
            if !self.search.fits(s.orient, 0) {
                s.orient = self.search.any_orient(i, 0);
            }
            if self.search.middle(i)[0] > split {
                s.x += delta;
            }
            self.search.spots[i] = self.search.clamped(s);
        }
        self.search.refresh();
    }
}
