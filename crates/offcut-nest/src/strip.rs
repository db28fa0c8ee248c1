//! Strip packing: all parts on a strip that is as short as possible.
//!
//! A random start is separated, then the strip is shortened and the parts separated again, in steps that
//! halve when they fail. At the smallest step dead ends are left by disturbing one of the least overlapping
//! layouts. The rest of the budget goes to tiny steps from the best layout.

use crate::budget::Limit;
use crate::chain::{Chain, DeadEnds};
use crate::problem::Problem;
use crate::rng::Rng;
use crate::search::separate::{Ending, Patience, SQUEEZE, STEPS};
use crate::search::{ABSENT, Bin, Search, Spot};
use crate::state::{Score, State, missing};

/// Density of the random start.
const START_DENSITY: f64 = 0.6;
/// The strip grows by this when the start can't be separated.
const GROWTH: f64 = 1.05;
/// Share of the budget before the compression.
const EXPLORE: f64 = 0.9;

const START: Patience = Patience::new(60, 2);
const COARSE: Patience = Patience::new(25, 1);
/// Rounds without progress that end a separation at the smallest step when it lags behind earlier failures. Most
/// separations fail; this finds out sooner.
const HURRY: u32 = 40;
/// A strip that is longer than any could be by no more than this needs no search, grid units.
const SHORT: f64 = 1.0;
/// One chain of layouts, each shorter than the one before.
pub struct Strip<'a> {
    search: Search<'a>,
    /// The shortest valid layout so far.
    best: Option<State>,
    step: f64,
    dead_ends: DeadEnds,
    /// No strip is shorter.
    least_width: f64,
}

impl<'a> Strip<'a> {
    /// A chain on the one ground of a problem, which is a strip.
    #[must_use]
    pub fn new(problem: &'a Problem, rng: Rng) -> Self {
        let [low, high] = [problem.grounds[0].lo[1], problem.grounds[0].hi[1]];
        let left = problem.grounds[0].lo[0];
        let narrowest = |k: &crate::problem::Kind| {
            let all = k.orients.clone().filter(|&o| problem.allows(o, 0));
            all.map(|o| problem.orients[o as usize].size()[0])
                .fold(f64::INFINITY, f64::min)
        };
        let kinds = problem.parts.iter().map(|&k| &problem.kinds[k as usize]);
        let needed = kinds.filter(|k| !k.filler);
        // Of the widest part, and of what is locked.
        let mut least_width = needed.map(narrowest).fold(0.0, f64::max);
        let mut area = problem.area;
        for l in &problem.locked {
            let o = &problem.orients[l.orient as usize];
            least_width = least_width.max(l.at[0] + o.core_hi[0] - left);
            area += problem.kinds[o.kind as usize].area;
        }
        let width = (area / (high - low) / START_DENSITY).max(1.01 * least_width);
        let bin = Bin {
            lo: [left, low],
            hi: [left + width, high],
            at: [0.0, 0.0],
            ground: 0,
        };
        Self {
            search: Search::new(problem, vec![bin], rng),
            best: None,
            step: STEPS.0,
            dead_ends: DeadEnds::default(),
            // Half the spacing may reach over the ends of the strip.
            least_width: left + least_width.max(area / (high - low + problem.spacing) - problem.spacing),
        }
    }

    /// The strip as a bin.
    #[must_use]
    pub fn bins(&self) -> Vec<Bin> {
        self.search.bins().to_vec()
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
                let b = self.search.bins()[0];
                self.search.set_end(0, 0, b.lo[0] + (b.hi[0] - b.lo[0]) * GROWTH);
            }
            Ending::Stopped => {}
        }
    }

    fn explore(&mut self, limit: &Limit) {
        let fine = self.step <= STEPS.1;
        let patience = if fine {
            Patience {
                hopeless: self.dead_ends.hopeless(),
                hurry: HURRY,
                ..Patience::FINE
            }
        } else {
            COARSE
        };
        match self
            .search
            .separate(patience, &|work| limit.spent(work) >= EXPLORE)
        {
            Ending::Valid => {
                self.keep();
                self.dead_ends.clear();
                self.shorten();
            }
            Ending::Stuck if fine => {
                self.dead_ends.add(&self.search);
                self.dead_ends.resume(&mut self.search);
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
        if self
            .search
            .separate(Patience::LAST, &|work| limit.spent(work) >= 1.0)
            == Ending::Valid
        {
            self.keep();
        }
    }

    /// Right end of the parts.
    fn extent(&self) -> f64 {
        let right = |s: &Spot| s.x + self.search.orient(*s).core_hi[0];
        let present = self.search.parts().iter().filter(|s| s.bin != ABSENT);
        let locked = self.search.problem.locked.iter();
        let locked = locked.map(|l| l.at[0] + self.search.problem.orients[l.orient as usize].core_hi[0]);
        present.map(right).chain(locked).fold(0.0, f64::max)
    }

    fn keep(&mut self) {
        let width = self.extent();
        if self.best.as_ref().is_none_or(|b| width < b.score.used) {
            let mut bin = self.search.bins()[0];
            bin.hi[0] = width;
            self.best = Some(State {
                bins: vec![bin],
                spots: self.search.parts().to_vec(),
                score: Score {
                    missing: missing(self.search.problem, self.search.parts()),
                    cost: 0.0,
                    used: width,
                },
            });
        }
    }

    /// Makes the strip a step shorter than the best layout: what lies right of a random place moves left.
    fn shorten(&mut self) {
        let Some(best) = &self.best else { return };
        let old = best.score.used;
        let width = (old * (1.0 - self.step)).max(self.least_width);
        let split = self.search.rng.range(0.0, old);
        let delta = width - old;
        self.search.set_parts(&best.spots);
        self.search.set_end(0, 0, width);
        for i in 0..self.search.count() {
            if !self.search.is_present(i) {
                continue;
            }
            let mut s = self.search.parts()[i];
            if !self.search.fits(s.orient, 0) {
                s.orient = self.search.any_orient(i, 0);
            }
            if self.search.middle(i)[0] > split {
                s.x += delta;
            }
            self.search.place(i, s);
        }
        self.search.refresh();
    }
}

/// A valid layout on a strip without any search: parts in columns, one after the other. `None` when the
/// problem is no strip.
#[must_use]
pub fn row(problem: &Problem) -> Option<State> {
    let ground = problem.grounds.first().filter(|g| g.kind.is_none())?;
    let mut left = ground.lo[0];
    for l in &problem.locked {
        left = left.max(l.at[0] + problem.orients[l.orient as usize].hi[0]);
    }
    let (mut right, mut bottom) = (left, f64::NEG_INFINITY);
    let mut spots = Vec::with_capacity(problem.parts.len());
    let mut end = left;
    for &kind in &problem.parts {
        let k = &problem.kinds[kind as usize];
        let mut allowed = k.orients.clone().filter(|&o| problem.allows(o, 0));
        let orient = allowed.next().unwrap_or(k.orients.start);
        if k.filler {
            spots.push(Spot {
                x: 0.0,
                y: 0.0,
                orient,
                bin: ABSENT,
            });
            continue;
        }
        let o = &problem.orients[orient as usize];
        // A unit more than enough for roundings.
        let mut low = bottom.max(ground.lo[1] - o.core_lo[1] + o.lo[1]);
        if low - o.lo[1] + o.core_hi[1] > ground.hi[1] {
            left = right + 2.0;
            low = ground.lo[1] - o.core_lo[1] + o.lo[1];
        }
        let x = (left - o.lo[0]).max(ground.lo[0] - o.core_lo[0]).ceil();
        let y = (low - o.lo[1]).ceil().min(ground.hi[1] - o.core_hi[1]);
        spots.push(Spot { x, y, orient, bin: 0 });
        bottom = y + o.hi[1] + 2.0;
        right = right.max(x + o.hi[0]);
        end = end.max(x + o.core_hi[0]);
    }
    let bin = Bin {
        lo: ground.lo,
        hi: [end, ground.hi[1]],
        at: [0.0, 0.0],
        ground: 0,
    };
    Some(State {
        score: Score {
            missing: missing(problem, &spots),
            cost: 0.0,
            used: end,
        },
        bins: vec![bin],
        spots,
    })
}

impl Chain for Strip<'_> {
    fn work(&self) -> u64 {
        self.search.work
    }

    fn best(&self) -> Option<&State> {
        self.best.as_ref()
    }

    fn start(&mut self, _: &[Bin], spots: &[Spot], step: f64) {
        self.step = step;
        self.search.set_parts(spots);
        // A strip takes all parts: a layout that lacks some is no start.
        let lacks = missing(self.search.problem, self.search.parts());
        if lacks.iter().all(|&m| m == 0.0) {
            self.keep();
            self.shorten();
        }
    }

    fn adopt(&mut self, best: &State) {
        self.best = Some(best.clone());
        self.shorten();
    }

    fn advance(&mut self, limit: &Limit) -> bool {
        // A step without evaluations counts too, so that every budget ends.
        self.search.work += 1;
        let spent = limit.spent(self.search.work);
        let shortest = self.least_width + SHORT;
        if spent >= 1.0 || self.best.as_ref().is_some_and(|b| b.score.used <= shortest) {
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
}
