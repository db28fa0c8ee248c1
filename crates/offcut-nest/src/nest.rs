//! From an instance to its best layout within a budget.

use crate::budget::{Budget, Limit};
use crate::chain::Chain;
use crate::check::check;
use crate::error::NestError;
use crate::fill;
use crate::instance::{Instance, Rotations, Target};
use crate::layout::Layout;
use crate::problem::{Problem, free_angles};
use crate::repair;
use crate::rng::Rng;
use crate::search::separate::STEPS;
use crate::sheets::Sheets;
use crate::state::State;
use crate::strip::{self, Strip};
use offcut_geometry::Ctx;
use std::cell::Cell;

/// How to search.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// How long.
    pub budget: Budget<'a>,
    /// Chains that search side by side, each with random numbers of its own; they share what they find. The
    /// result depends on their number, not on the number of threads.
    pub chains: u32,
    /// A valid layout to begin from. What it lacks is placed where it can be.
    pub start: Option<&'a Layout>,
}

/// A better layout was found.
pub struct Improvement<'a> {
    /// Share of the material used that becomes parts, before the last rounding: of the strip as far as it is
    /// used, of the sheets less the most valuable leftover.
    pub density: f64,
    /// How many sheets are used; 0 on a strip.
    pub sheets: usize,
    source: Source<'a>,
}

struct Source<'a> {
    instance: &'a Instance,
    problem: &'a Problem,
    best: &'a State,
}

impl Improvement<'_> {
    /// The layout, checked; `None` in the rare case that rounding it to the grid fails. Fillers are placed
    /// at the end only.
    #[must_use]
    pub fn layout(&self) -> Option<Layout> {
        let s = &self.source;
        repair::layout(s.instance, s.problem, s.best)
    }
}

/// Shares of a budget of work and of time between two exchanges of chains. Few, for the fast have to wait for the
/// slow; the clock ends for all at once, and there somebody watches.
const QUANTUM: (f64, f64) = (0.25, 0.1);
/// How far a chain may lie behind the best at the beginning and still go its own way, as a share of what is used;
/// nothing at the end. Chains that all go on from one layout find little that one alone would not.
const LAG: f64 = 0.03;
/// Share of the budget for each of the finer steps of parts that may be turned freely.
const REFINEMENT: f64 = 0.14;
/// More parts are not turned by finer steps: every pair of their angles takes a field.
const MOST_REFINED: usize = 120;
/// The first step by which a layout shrinks in these: it has shrunk before.
const FINER: f64 = 0.004;
/// Layouts kept in case that the best can't be rounded to the grid.
const KEPT: usize = 4;
/// A layout that uses less than this share of the last one that was rounded is rounded at once: fields may
/// be wrong in rare places, and a search must not go on from there.
const PROOF: f64 = 0.99;

/// Nests an instance. Every improvement is told to `on_improvement`; cancelling gives the best so far. Parts
/// that can't be placed are named in the layout.
///
/// # Errors
/// When no part could be placed, what is locked or to begin from is not valid, or the search is cancelled
/// before its first layout.
pub fn nest(
    instance: &Instance,
    options: &Options,
    ctx: &Ctx,
    on_improvement: &mut dyn FnMut(&Improvement),
) -> Result<Layout, NestError> {
    instance.part_count()?;
    if let Some(fault) = options.start.and_then(|l| check(instance, l).into_iter().next()) {
        return Err(NestError::Start(fault.to_string()));
    }
    check_locked(instance)?;
    let problem = Problem::new(instance, options.start);
    let filler = |&k: &u32| problem.kinds[k as usize].filler;
    if let (true, Some(&item)) = (problem.parts.iter().all(filler), problem.too_large.first())
        && instance.locked.placements.is_empty()
    {
        return Err(NestError::DoesNotFit {
            item: instance.items[item as usize].id.clone(),
            place: match instance.target {
                Target::Strip { .. } => "the strip",
                Target::Sheets(_) => "any sheet",
            },
        });
    }
    let job = Job {
        instance,
        told: Cell::new((usize::MAX, 0.0)),
        options,
        ctx,
    };
    let steps = refinements(instance, problem.parts.len());
    let mut end = 1.0 - REFINEMENT * steps.len() as f64;
    let mut best = job.phase(&problem, options.start, (0.0, end), on_improvement)?;
    for step in steps {
        if ctx.check().is_err() {
            break;
        }
        let start = without_fillers(instance, &best);
        let finer = Problem::refined(instance, &start, step);
        let range = (end, end + REFINEMENT);
        if let Ok(found) = job.phase(&finer, Some(&start), range, on_improvement) {
            best = found;
        }
        end = range.1;
    }
    Ok(best)
}

/// Steps in degrees by which parts that may be turned freely are turned in later parts of a search, one after the other;
/// none when there are no such parts, or too many for fields of their own.
fn refinements(instance: &Instance, parts: usize) -> Vec<f64> {
    let wanted = || instance.items.iter().filter(|i| i.demand > 0);
    let free = wanted().any(|i| i.rotations == Rotations::Free || i.mirrored == Some(Rotations::Free));
    if !free || parts > MOST_REFINED {
        return Vec::new();
    }
    let step = 360.0 / f64::from(free_angles(wanted().count()));
    [3.0, 9.0, 27.0].map(|d| step / d).to_vec()
}

/// The layout to go on from: fillers are placed anew at the end.
fn without_fillers(instance: &Instance, layout: &Layout) -> Layout {
    let mut start = layout.clone();
    if instance.items.iter().any(|i| i.demand > 0 && !i.filler) {
        let locked = instance.locked.placements.len();
        let mut k = 0;
        start.placements.retain(|p| {
            k += 1;
            k <= locked || !instance.items[p.item as usize].filler
        });
    }
    start
}

/// What is locked has to be valid by itself.
fn check_locked(instance: &Instance) -> Result<(), NestError> {
    let l = &instance.locked;
    if l.sheets.is_empty() && l.placements.is_empty() {
        return Ok(());
    }
    let layout = Layout {
        sheets: l.sheets.clone(),
        placements: l.placements.clone(),
        unplaced: Vec::new(),
    };
    let faults = check(instance, &layout).into_iter();
    let missing =
        |f: &crate::Fault| matches!(f, crate::Fault::Demand { placed, demand, .. } if placed <= demand);
    match faults.into_iter().find(|f| !missing(f)) {
        Some(f) => Err(NestError::Locked(f.to_string())),
        None => Ok(()),
    }
}

struct Job<'a> {
    instance: &'a Instance,
    /// Sheets and density of the improvement told last.
    told: Cell<(usize, f64)>,
    options: &'a Options<'a>,
    ctx: &'a Ctx<'a>,
}

impl Job<'_> {
    /// Searches for a share of the budget, given by its begin and end.
    fn phase(
        &self,
        problem: &Problem,
        start: Option<&Layout>,
        (from, to): (f64, f64),
        on_improvement: &mut dyn FnMut(&Improvement),
    ) -> Result<Layout, NestError> {
        let chains = self.options.chains.max(1);
        let rng = |k: u32| Rng::new(self.ctx.seed, u64::from(k));
        let time = |passed: &(dyn Fn() -> f64 + Sync)| (passed() - from) / (to - from);
        let passed;
        let budget = match self.options.budget {
            Budget::Work(all) => Budget::Work((all as f64 * (to - from)) as u64 / u64::from(chains)),
            Budget::Time(of_all) => {
                passed = move || time(of_all);
                Budget::Time(&passed)
            }
        };
        let search = Phase {
            job: self,
            problem,
            start,
            is_later: from > 0.0,
            limit: Limit {
                budget,
                ctx: self.ctx,
            },
        };
        match self.instance.target {
            Target::Strip { .. } => {
                let chains = (0..chains).map(|k| Strip::new(problem, rng(k)));
                let bins = |chain: &Strip, _: &[u32]| chain.bins();
                search.run(chains.collect(), &bins, on_improvement)
            }
            Target::Sheets(_) => {
                let locked = &self.instance.locked.sheets;
                let chains = (0..chains).map(|k| Sheets::new(problem, locked, rng(k)));
                let bins = |chain: &Sheets, sheets: &[u32]| chain.bins_of(sheets);
                search.run(chains.collect(), &bins, on_improvement)
            }
        }
    }
}

/// A part of a search, on one problem.
struct Phase<'a> {
    job: &'a Job<'a>,
    problem: &'a Problem,
    start: Option<&'a Layout>,
    /// It begins where an earlier part of the search ended.
    is_later: bool,
    limit: Limit<'a>,
}

impl Phase<'_> {
    fn run<C: Chain>(
        &self,
        mut chains: Vec<C>,
        bins_of: &dyn Fn(&C, &[u32]) -> Vec<crate::search::Bin>,
        on_improvement: &mut dyn FnMut(&Improvement),
    ) -> Result<Layout, NestError> {
        let (instance, problem, ctx) = (self.job.instance, self.problem, self.job.ctx);
        if let Some(layout) = self.start {
            // From a layout from elsewhere only one goes on.
            let begin = if self.is_later { chains.len() } else { 1 };
            for chain in &mut chains[..begin] {
                let bins = bins_of(chain, &layout.sheets);
                if let Some(spots) = problem.spots(layout, &bins) {
                    let step = if self.is_later { FINER } else { STEPS.0 };
                    chain.start(&bins, &spots, step);
                }
            }
        }
        let mut found: Vec<State> = Vec::new();
        let mut proven: Option<State> = None;
        let quantum = match self.limit.budget {
            Budget::Work(_) => QUANTUM.0,
            Budget::Time(_) => QUANTUM.1,
        };
        let mut mark = 0.0;
        loop {
            mark += quantum;
            let running = run_chains(&mut chains, &self.limit, mark);
            let best = chains
                .iter()
                .filter_map(C::best)
                .min_by(|a, b| a.score.compare(&b.score));
            if let Some(best) = best
                && found.last().is_none_or(|f| best.score.beats(&f.score))
            {
                let proof_due = proven
                    .as_ref()
                    .is_none_or(|p| best.score.far_beats(&p.score, PROOF));
                if !proof_due || repair::layout(instance, problem, best).is_some() {
                    if proof_due {
                        proven = Some(best.clone());
                        found.clear();
                    }
                    self.tell(best, on_improvement);
                    if found.len() >= KEPT {
                        found.remove(0);
                    }
                    found.push(best.clone());
                } else if let Some(proven) = &proven {
                    // What can't be rounded is no way on.
                    let refused = best.score.clone();
                    for c in &mut chains {
                        if c.best().is_some_and(|b| !refused.beats(&b.score)) {
                            c.adopt(proven);
                        }
                    }
                    found = vec![proven.clone()];
                }
            }
            if !running {
                break;
            }
            if let Some(best) = found.last() {
                let lag = LAG * (1.0 - mark).max(0.0);
                for c in &mut chains {
                    if c.best()
                        .is_some_and(|b| best.score.far_beats(&b.score, 1.0 - lag))
                    {
                        c.adopt(best);
                    }
                }
            }
        }
        if found.is_empty() {
            ctx.check()?;
        }
        let last_resort = strip::row(problem);
        let candidates = found.iter().rev().chain(&proven).chain(&last_resort);
        let rng = Rng::new(ctx.seed, u64::from(self.job.options.chains));
        let mut layouts = candidates.filter_map(|state| {
            let filled = fill::fill(problem, state, rng.clone());
            let filled = filled.and_then(|f| repair::layout(instance, problem, &f));
            filled.or_else(|| repair::layout(instance, problem, state))
        });
        match layouts.next() {
            Some(l) if !l.placements.is_empty() => Ok(l),
            _ => Err(NestError::NoLayout),
        }
    }

    /// Tells of an improvement. A later part of a search begins with a layout that was told.
    fn tell(&self, best: &State, on_improvement: &mut dyn FnMut(&Improvement)) {
        let news = self.improvement(best);
        let (sheets, density) = self.job.told.get();
        if !self.is_later || news.sheets != sheets || news.density > density {
            self.job.told.set((news.sheets, news.density));
            on_improvement(&news);
        }
    }

    fn improvement<'b>(&'b self, best: &'b State) -> Improvement<'b> {
        let instance = self.job.instance;
        let used = match instance.target {
            Target::Strip { height } => (best.score.used + f64::from(instance.margin)) * height as f64,
            Target::Sheets(_) => best.score.used,
        };
        Improvement {
            density: self.problem.present_area(&best.spots) / used.max(1.0),
            sheets: match instance.target {
                Target::Strip { .. } => 0,
                Target::Sheets(_) => best.bins.len(),
            },
            source: Source {
                instance,
                problem: self.problem,
                best,
            },
        }
    }
}

/// Lets every chain work until so much of its budget is spent; false when all have spent it. A chain alone works until
/// there may be news.
fn run_chains<C: Chain>(chains: &mut [C], limit: &Limit, mark: f64) -> bool {
    if let [only] = chains {
        return only.advance(limit);
    }
    let run = |c: &mut C| {
        let mut running = true;
        while running && limit.spent(c.work()) < mark {
            running = c.advance(limit);
        }
        running
    };
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        chains.par_iter_mut().map(run).reduce(|| false, |a, b| a | b)
    }
    #[cfg(not(feature = "parallel"))]
    {
        chains.iter_mut().map(run).fold(false, |a, b| a | b)
    }
}
