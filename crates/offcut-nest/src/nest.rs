//! From an instance to its best layout within a budget.

use crate::budget::{Budget, Limit};
use crate::chain::Chain;
use crate::check::check;
use crate::error::NestError;
use crate::fill;
use crate::instance::{Instance, Target};
use crate::layout::Layout;
use crate::problem::Problem;
use crate::repair;
use crate::rng::Rng;
use crate::sheets::Sheets;
use crate::state::State;
use crate::strip::{self, Strip};
use offcut_geometry::Ctx;

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

/// Shares of the budget between two exchanges of chains: few, for the fast have to wait for the slow.
const QUANTUM: f64 = 0.1;
/// How far a chain may lie behind the best at the beginning and still go its own way, as a share of what is used;
/// nothing at the end. Chains that all go on from one layout find little that one alone would not.
const LAG: f64 = 0.03;
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
    let streams = 0..u64::from(options.chains.max(1));
    let rng = |k: u64| Rng::new(ctx.seed, k);
    let job = Job {
        instance,
        problem: &problem,
        options,
        ctx,
    };
    match instance.target {
        Target::Strip { .. } => {
            let chains = streams.map(|k| Strip::new(&problem, rng(k)));
            let bins = |chain: &Strip, _: &[u32]| chain.bins();
            job.run(chains.collect(), &bins, on_improvement)
        }
        Target::Sheets(_) => {
            let locked = &instance.locked.sheets;
            let chains = streams.map(|k| Sheets::new(&problem, locked, rng(k)));
            let bins = |chain: &Sheets, sheets: &[u32]| chain.bins_of(sheets);
            job.run(chains.collect(), &bins, on_improvement)
        }
    }
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
    problem: &'a Problem,
    options: &'a Options<'a>,
    ctx: &'a Ctx<'a>,
}

impl Job<'_> {
    fn run<C: Chain>(
        &self,
        mut chains: Vec<C>,
        bins_of: &dyn Fn(&C, &[u32]) -> Vec<crate::search::Bin>,
        on_improvement: &mut dyn FnMut(&Improvement),
    ) -> Result<Layout, NestError> {
        let (instance, problem) = (self.instance, self.problem);
        let budget = match self.options.budget {
            Budget::Work(all) => Budget::Work(all / chains.len() as u64),
            time => time,
        };
        let limit = Limit {
            budget,
            ctx: self.ctx,
        };
        if let (Some(layout), Some(first)) = (self.options.start, chains.first_mut()) {
            let bins = bins_of(first, &layout.sheets);
            if let Some(spots) = problem.spots(layout, &bins) {
                first.start(&bins, &spots);
            }
        }
        let mut found: Vec<State> = Vec::new();
        let mut proven: Option<State> = None;
        let mut mark = 0.0;
        loop {
            mark += QUANTUM;
            let running = run_chains(&mut chains, &limit, mark);
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
                    on_improvement(&self.improvement(best));
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
            self.ctx.check()?;
        }
        let last_resort = strip::row(problem);
        let candidates = found.iter().rev().chain(&proven).chain(&last_resort);
        let rng = Rng::new(self.ctx.seed, u64::from(self.options.chains));
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

    fn improvement<'b>(&'b self, best: &'b State) -> Improvement<'b> {
        let used = match self.instance.target {
            Target::Strip { height } => (best.score.used + f64::from(self.instance.margin)) * height as f64,
            Target::Sheets(_) => best.score.used,
        };
        Improvement {
            density: self.problem.present_area(&best.spots) / used.max(1.0),
            sheets: match self.instance.target {
                Target::Strip { .. } => 0,
                Target::Sheets(_) => best.bins.len(),
            },
            source: Source {
                instance: self.instance,
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
