//! Packing of sheets: all parts on sheets of the least cost, with the most valuable leftover.
//!
//! Parts are put one after the other on as few sheets as they happen to need. Then one of two aims is
//! tried in turn: the same parts on sheets of less cost (of those thrown away, the parts are thrown onto the
//! rest), or a smaller used area: the sheet with the largest leftover is cut shorter by a step, as a strip
//! is, until it is empty. Parts go from sheet to sheet as they overlap. When not all parts have found a
//! place, they are tried one by one before anything else.

mod attempt;
pub mod plan;
pub mod plane;

use crate::budget::Limit;
use crate::chain::{Chain, DeadEnds};
use crate::problem::Problem;
use crate::rng::Rng;
use crate::search::separate::{Ending, Patience, SQUEEZE, STEPS};
use crate::search::{ABSENT, Bin, Search, Spot};
use crate::state::{Score, State, missing};
use plan::Plan;
use plane::Plane;
use std::collections::BTreeMap;

/// Share of the budget before the compression.
const EXPLORE: f64 = 0.9;

/// Dead ends of the first attempt at cheaper sheets before it is given up for now; later ones are allowed as
/// many more each.
const PERSISTENCE: u32 = 3;
/// Plans that have to be filled more than this are tried more and more rarely.
const FULL: f64 = 0.85;

/// What is being tried.
#[derive(Debug, Clone, PartialEq)]
enum Aim {
    /// A missing part has been thrown in.
    Insert,
    /// Other sheets, and how many dead ends it has met.
    Cheaper(Plan, u32),
    /// A smaller used area.
    Shrink,
}

/// One chain of layouts on sheets, each better than the one before.
pub struct Sheets<'a> {
    search: Search<'a>,
    plane: Plane,
    best: Option<State>,
    aim: Aim,
    step: f64,
    dead_ends: DeadEnds,
    /// The plan given up last, its bins and dead ends.
    shelved: Option<(Plan, Vec<Bin>, DeadEnds)>,
    /// How often plans have been given up.
    failures: BTreeMap<Plan, u32>,
    /// Aims before the next plan is tried.
    pause: u32,
    /// Nothing better is possible.
    finished: bool,
}

impl<'a> Sheets<'a> {
    /// A chain on the grounds of a problem.
    #[must_use]
    pub fn new(problem: &'a Problem, locked: &[u32], rng: Rng) -> Self {
        let plane = Plane::new(problem, locked);
        let bins = plane.locked(problem);
        Self {
            search: Search::new(problem, bins, rng),
            plane,
            best: None,
            aim: Aim::Shrink,
            step: STEPS.0,
            dead_ends: DeadEnds::default(),
            shelved: None,
            failures: BTreeMap::new(),
            pause: 0,
            finished: false,
        }
    }

    /// Bins that stand for the sheets of a layout.
    #[must_use]
    pub fn bins_of(&self, sheets: &[u32]) -> Vec<Bin> {
        self.plane.bins(self.search.problem, sheets)
    }

    fn problem(&self) -> &'a Problem {
        self.search.problem
    }

    /// The layout in place, with bins of the sheets' size and without empty ones.
    fn state(&self) -> State {
        let problem = self.problem();
        let mut used: Vec<bool> = vec![false; self.search.bins().len()];
        used.iter_mut().take(self.plane.locked).for_each(|u| *u = true);
        for s in self.search.parts().iter().filter(|s| s.bin != ABSENT) {
            used[s.bin as usize] = true;
        }
        let mut index = Vec::with_capacity(used.len());
        let mut bins = Vec::new();
        for (b, &u) in self.search.bins().iter().zip(&used) {
            index.push(if u { bins.len() as u32 } else { ABSENT });
            if u {
                bins.push(Plane::full(problem, b.ground, b.at));
            }
        }
        let mut spots = self.search.parts().to_vec();
        for s in spots.iter_mut().filter(|s| s.bin != ABSENT) {
            s.bin = index[s.bin as usize];
        }
        let ground = |b: &Bin| &problem.grounds[b.ground as usize];
        let area: f64 = bins.iter().map(|b| ground(b).area).sum();
        let left = plane::leftovers(problem, &bins, &spots);
        let best = left.iter().map(|l| l.area).fold(0.0, f64::max);
        State {
            score: Score {
                missing: missing(problem, &spots),
                cost: bins.iter().map(|b| ground(b).cost).sum(),
                used: area - best,
            },
            bins,
            spots,
        }
    }

    /// Keeps the layout in place when it is the best; true when it is.
    fn keep(&mut self) -> bool {
        let state = self.state();
        let better = self.best.as_ref().is_none_or(|b| state.score.beats(&b.score));
        if better {
            let fewer = self
                .best
                .as_ref()
                .is_none_or(|b| b.bins.len() != state.bins.len());
            if fewer {
                self.pause = 0;
                self.step = STEPS.0;
            }
            self.best = Some(state);
        }
        better
    }

    fn explore(&mut self, limit: &Limit) {
        let fine = match self.aim {
            Aim::Cheaper(..) => true,
            Aim::Shrink => self.step <= STEPS.1,
            Aim::Insert => false,
        };
        let patience = if fine { Patience::FINE } else { Patience::COARSE };
        let ending = self
            .search
            .separate(patience, &|work| limit.spent(work) >= EXPLORE);
        match ending {
            Ending::Valid => {
                self.keep();
                self.aim_anew();
            }
            Ending::Stopped => {}
            Ending::Stuck => match &mut self.aim {
                Aim::Insert => self.aim_anew(),
                Aim::Cheaper(plan, tries) => {
                    let failed = self.failures.get(plan).copied().unwrap_or(0);
                    *tries += 1;
                    if *tries <= PERSISTENCE * (failed + 1) {
                        self.dead_ends.leave(&mut self.search);
                    } else {
                        self.give_up();
                    }
                }
                Aim::Shrink if fine => {
                    self.pause = self.pause.saturating_sub(1);
                    if self.pause == 0 && self.has_plan() {
                        self.aim_anew();
                    } else {
                        self.dead_ends.leave(&mut self.search);
                    }
                }
                Aim::Shrink => {
                    self.step = (0.5 * self.step).max(STEPS.1);
                    self.aim_anew();
                }
            },
        }
    }

    /// Leaves a plan for now.
    fn give_up(&mut self) {
        if let Aim::Cheaper(plan, _) = &self.aim {
            let problem = self.search.problem;
            let full = problem.area > FULL * plan::capacity(problem, plan);
            let failed = self.failures.entry(plan.clone()).or_insert(0);
            *failed += 1;
            self.pause = PERSISTENCE * if full { *failed * *failed } else { *failed };
            let ends = std::mem::take(&mut self.dead_ends);
            self.shelved = Some((plan.clone(), self.search.bins().to_vec(), ends));
        }
        self.aim_anew();
    }

    fn squeeze(&mut self, limit: &Limit, done: f64) {
        self.step = SQUEEZE.0 + done * (SQUEEZE.1 - SQUEEZE.0);
        self.shrink();
        if self
            .search
            .separate(Patience::LAST, &|work| limit.spent(work) >= 1.0)
            == Ending::Valid
        {
            self.keep();
        }
    }
}

impl Chain for Sheets<'_> {
    fn work(&self) -> u64 {
        self.search.work
    }

    fn best(&self) -> Option<&State> {
        self.best.as_ref()
    }

    fn start(&mut self, bins: &[Bin], spots: &[Spot]) {
        self.search.set_bins(bins.to_vec());
        self.search.set_parts(spots);
        self.keep();
        self.aim_anew();
    }

    fn adopt(&mut self, best: &State) {
        self.best = Some(best.clone());
        self.aim_anew();
    }

    fn advance(&mut self, limit: &Limit) -> bool {
        // A step without evaluations counts too, so that every budget ends.
        self.search.work += 1;
        let spent = limit.spent(self.search.work);
        match &self.best {
            // The first layout is made whatever the budget.
            None => {
                let whole = self.construct(limit);
                if whole {
                    self.keep();
                    self.aim_anew();
                }
                whole
            }
            _ if spent >= 1.0 || self.finished => false,
            Some(b) if spent >= EXPLORE && b.score.is_complete() => {
                self.squeeze(limit, (spent - EXPLORE) / (1.0 - EXPLORE));
                true
            }
            Some(_) => {
                self.explore(limit);
                spent < EXPLORE || self.best.as_ref().is_some_and(|b| b.score.is_complete())
            }
        }
    }
}

/// Where a part lies along an axis, in grid units of its sheet.
fn end_of(problem: &Problem, bins: &[Bin], s: &Spot, axis: usize) -> f64 {
    let o = &problem.orients[s.orient as usize];
    let at = [s.x, s.y][axis];
    at + o.core_hi[axis] - bins[s.bin as usize].at[axis]
}
