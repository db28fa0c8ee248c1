//! Packing of sheets: all parts on sheets of the least cost, with the most valuable leftover.
//!
//! Parts are put one after the other on as few sheets as they happen to need. Then some ways to a better layout take
//! turns: the same parts on sheets of less cost (of those taken away, the parts are thrown onto the rest), or a larger
//! leftover along one axis or the other: the sheet that has it is cut shorter by a step, as a strip is, until it is
//! empty. Parts go from sheet to sheet as they overlap. When not all parts have found a place, they are tried one by
//! one before anything else.

mod attempt;
mod construct;
pub mod plan;
pub mod plane;
pub mod way;

use crate::budget::Limit;
use crate::chain::Chain;
use crate::problem::Problem;
use crate::rng::Rng;
use crate::search::separate::{Ending, Patience, SQUEEZE, STEPS};
use crate::search::{ABSENT, Bin, Search, Spot};
use crate::state::{Score, State, missing};
use plan::Plan;
use plane::Plane;
use std::collections::BTreeMap;
use way::Way;

/// Share of the budget before the compression.
const EXPLORE: f64 = 0.9;
/// Dead ends of the first attempt at a plan before another one may be tried; later ones are allowed as many more each.
const PERSISTENCE: u32 = 3;
/// Valid layouts without any gain after which a way is done.
const IDLE: u32 = 8;
/// The way to cheaper sheets; those before it enlarge the leftover along an axis.
const CHEAPER: usize = 2;

/// One chain of layouts on sheets, each better than the one before.
pub struct Sheets<'a> {
    search: Search<'a>,
    plane: Plane,
    best: Option<State>,
    ways: [Way; 3],
    /// Sheets that would cost less.
    plan: Option<Plan>,
    /// Dead ends of the plan since it was chosen.
    tries: u32,
    /// How often plans have been given up.
    failures: BTreeMap<Plan, u32>,
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
            ways: [Way::default(), Way::default(), Way::default()],
            plan: None,
            tries: 0,
            failures: BTreeMap::new(),
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

    /// Keeps the layout in place where it is the best.
    fn keep(&mut self) {
        let state = self.state();
        self.take(state);
    }

    fn take(&mut self, state: State) {
        let alike = |b: &State| {
            let used = state.score.used;
            Score {
                used,
                ..b.score.clone()
            }
            .compare(&state.score)
            .is_eq()
        };
        match &self.best {
            Some(b) if alike(b) => {}
            Some(b) if !state.score.beats(&b.score) => return,
            _ => {
                // Other sheets, or more parts on them: all begins anew.
                self.ways = [Way::default(), Way::default(), Way::default()];
                self.best = Some(state.clone());
                self.choose_plan();
            }
        }
        let area: f64 = state.bins.iter().map(|b| self.ground(b).area).sum();
        let left = plane::leftovers(self.problem(), &state.bins, &state.spots);
        for (axis, way) in self.ways[..CHEAPER].iter_mut().enumerate() {
            let along = left.iter().filter(|l| l.axis == axis);
            let used = area - along.map(|l| l.area).fold(0.0, f64::max);
            if way.best.as_ref().is_none_or(|b| used < b.score.used) {
                let mut best = state.clone();
                best.score.used = used;
                way.best = Some(best);
                way.ends.clear();
            }
        }
        if self.best.as_ref().is_none_or(|b| state.score.beats(&b.score)) {
            self.best = Some(state);
        }
    }

    fn ground(&self, bin: &Bin) -> &'a crate::problem::ground::Ground {
        &self.problem().grounds[bin.ground as usize]
    }

    /// Chooses sheets that would cost less.
    fn choose_plan(&mut self) {
        self.tries = 0;
        self.plan = None;
        let Some(best) = &self.best else { return };
        let mut least = vec![0; self.problem().grounds.len()];
        for b in best.bins.iter().take(self.plane.locked) {
            least[b.ground as usize] += 1;
        }
        let failed = |p: &Plan| self.failures.get(p).copied().unwrap_or(0);
        self.plan = way::likely_plan(self.problem(), best.score.cost, &least, failed);
    }

    /// The way whose turn it is; `None` when nothing can be gained any more.
    fn choose_way(&self) -> Option<usize> {
        let best = self.best.as_ref()?;
        let mut shares = [0.0; CHEAPER + 1];
        for (share, way) in shares.iter_mut().zip(&self.ways[..CHEAPER]) {
            *share = way.share(best.score.used);
        }
        if let Some(plan) = &self.plan {
            shares[CHEAPER] = way::share_of(self.problem(), plan, self.fullest(best));
        }
        let due = |&w: &usize| (self.ways[w].work + 1) as f64 / shares[w];
        (0..=CHEAPER)
            .filter(|&w| shares[w] > 0.0)
            .min_by(|a, b| due(a).total_cmp(&due(b)))
    }

    /// How full the fullest sheet of a layout is.
    fn fullest(&self, state: &State) -> f64 {
        let mut filled = vec![0.0; state.bins.len()];
        for (s, &k) in state.spots.iter().zip(&self.problem().parts) {
            if s.bin != ABSENT {
                filled[s.bin as usize] += self.problem().kinds[k as usize].area;
            }
        }
        let full = state.bins.iter().zip(&filled);
        let full = full.map(|(b, f)| f / self.ground(b).capacity.max(1.0));
        full.fold(0.0, f64::max)
    }

    fn explore(&mut self, limit: &Limit) {
        let Some(way) = self.choose_way() else {
            self.finished = true;
            return;
        };
        let before = self.search.work;
        if !self.enter(way) {
            self.ways[way].is_done = true;
            return;
        }
        let fine = way == CHEAPER || self.ways[way].is_fine();
        let patience = if fine {
            Patience {
                hopeless: self.ways[way].ends.hopeless(),
                ..Patience::FINE
            }
        } else {
            Patience::COARSE
        };
        let ending = self
            .search
            .separate(patience, &|work| limit.spent(work) >= EXPLORE);
        self.ways[way].work += self.search.work - before;
        match ending {
            Ending::Valid => self.gain(way),
            Ending::Stopped => {}
            Ending::Stuck if fine => {
                self.ways[way].ends.add(&self.search);
                self.ways[way].bins = self.search.bins().to_vec();
                if way == CHEAPER {
                    self.doubt_plan();
                }
            }
            Ending::Stuck => self.ways[way].step = (0.5 * self.ways[way].step).max(STEPS.1),
        }
    }

    /// Keeps a valid layout of a way. A way that gains nothing by such is done.
    fn gain(&mut self, way: usize) {
        let used = |w: &Way| w.best.as_ref().map_or(0.0, |b| b.score.used);
        let before = used(&self.ways[way]);
        self.keep();
        let way = &mut self.ways[way];
        if used(way) == before {
            way.idle += 1;
            way.is_done = way.idle > IDLE;
        } else {
            way.idle = 0;
        }
    }

    /// Counts a dead end of the plan; after some of them another may be better.
    fn doubt_plan(&mut self) {
        let Some(plan) = self.plan.take() else { return };
        let failed = self.failures.get(&plan).copied().unwrap_or(0);
        self.tries += 1;
        if self.tries <= PERSISTENCE * (failed + 1) {
            self.plan = Some(plan);
            return;
        }
        self.failures.insert(plan.clone(), failed + 1);
        self.choose_plan();
        if self.plan.as_ref() != Some(&plan) {
            self.ways[CHEAPER].ends.clear();
        }
    }

    /// A missing part is thrown in.
    fn insert(&mut self, limit: &Limit) {
        self.throw_in();
        let ending = self
            .search
            .separate(Patience::COARSE, &|work| limit.spent(work) >= EXPLORE);
        if ending == Ending::Valid {
            self.keep();
        }
    }

    fn squeeze(&mut self, limit: &Limit, done: f64) {
        let used = |w: &usize| {
            self.ways[*w]
                .best
                .as_ref()
                .map_or(f64::INFINITY, |b| b.score.used)
        };
        let Some(axis) = (0..CHEAPER).min_by(|a, b| used(a).total_cmp(&used(b))) else {
            return;
        };
        self.ways[axis].step = SQUEEZE.0 + done * (SQUEEZE.1 - SQUEEZE.0);
        if !self.shrink(axis) {
            self.finished = true;
            return;
        }
        let ending = self
            .search
            .separate(Patience::LAST, &|work| limit.spent(work) >= 1.0);
        if ending == Ending::Valid {
            self.gain(axis);
            self.finished = self.ways[axis].is_done;
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

    fn start(&mut self, bins: &[Bin], spots: &[Spot], step: f64) {
        self.search.set_bins(bins.to_vec());
        self.search.set_parts(spots);
        self.keep();
        for way in &mut self.ways {
            way.step = step;
        }
    }

    fn adopt(&mut self, best: &State) {
        self.best = None;
        self.take(best.clone());
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
                }
                whole
            }
            _ if spent >= 1.0 || self.finished => false,
            Some(b) if spent >= EXPLORE && b.score.is_complete() => {
                self.squeeze(limit, (spent - EXPLORE) / (1.0 - EXPLORE));
                true
            }
            Some(b) if b.score.is_complete() => {
                self.explore(limit);
                true
            }
            Some(_) => {
                self.insert(limit);
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
