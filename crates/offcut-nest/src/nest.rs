//! From an instance to its best layout within a budget.

use crate::budget::{Budget, Limit};
use crate::check::check;
use crate::error::NestError;
use crate::instance::{Instance, Target};
use crate::layout::Layout;
use crate::problem::Problem;
use crate::repair;
use crate::rng::Rng;
use crate::strip::{Best, Chain};
use offcut_geometry::Ctx;

/// How to search.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// How long.
    pub budget: Budget<'a>,
    /// Chains that search side by side, each with random numbers of its own; they share what they find. The
    /// result depends on their number, not on the number of threads.
    pub chains: u32,
    /// A valid layout of all parts to begin from.
    pub start: Option<&'a Layout>,
}

/// A better layout was found.
pub struct Improvement<'a> {
    /// Share of the material used that becomes parts, before the last rounding.
    pub density: f64,
    source: Source<'a>,
}

struct Source<'a> {
    instance: &'a Instance,
    problem: &'a Problem,
    best: &'a Best,
}

impl Improvement<'_> {
    /// The layout, checked; `None` in the rare case that rounding it to the grid fails.
    #[must_use]
    pub fn layout(&self) -> Option<Layout> {
        let s = &self.source;
        repair::strip_layout(s.instance, s.problem, &s.best.spots)
    }
}

/// Evaluations of a chain between two exchanges.
const QUANTUM: u64 = 1_000_000;

/// Nests an instance. Every improvement is told to `on_improvement`; cancelling gives the best so far.
///
/// # Errors
/// When a part fits nowhere, or the budget ends before the first valid layout.
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
    let problem = Problem::new(instance, options.start);
    let Target::Strip { height } = instance.target else {
        return Err(NestError::NoLayout);
    };
    let half = 0.5 * f64::from(instance.spacing);
    let inset = f64::from(instance.margin) - half;
    let (low, high) = (inset, height as f64 - inset);
    for k in &problem.kinds {
        let all = &problem.orients[k.orients.start as usize..k.orients.end as usize];
        if all.iter().all(|o| o.size()[1] > high - low) {
            return Err(NestError::DoesNotFit {
                item: instance.items[k.item as usize].id.clone(),
                place: "the strip",
            });
        }
    }
    let count = options.chains.max(1);
    let budget = match options.budget {
        Budget::Work(all) => Budget::Work(all / u64::from(count)),
        time => time,
    };
    let limit = Limit { budget, ctx };
    let mut chains: Vec<Chain> = (0..count)
        .map(|k| Chain::new(&problem, inset, low, high, Rng::new(ctx.seed, u64::from(k))))
        .collect();
    let start = options.start.and_then(|l| problem.spots(l));
    if let (Some(spots), Some(first)) = (start, chains.first_mut()) {
        first.start(spots);
    }
    let mut found: Vec<Best> = Vec::new();
    loop {
        let running = run_chains(&mut chains, &limit);
        let best = chains
            .iter()
            .filter_map(|c| c.best.as_ref())
            .min_by(|a, b| a.width.total_cmp(&b.width));
        if let Some(best) = best
            && found.last().is_none_or(|f| best.width < f.width)
        {
            let used = (best.width + inset) * height as f64;
            on_improvement(&Improvement {
                density: problem.area / used,
                source: Source {
                    instance,
                    problem: &problem,
                    best,
                },
            });
            if found.len() >= KEPT {
                found.remove(0);
            }
            found.push(best.clone());
        }
        if !running {
            break;
        }
        if let Some(best) = found.last() {
            for c in &mut chains {
                if c.best.as_ref().is_some_and(|b| b.width > best.width) {
                    c.adopt(best);
                }
            }
        }
    }
    let layout = found
        .iter()
        .rev()
        .find_map(|b| repair::strip_layout(instance, &problem, &b.spots));
    match layout {
        Some(l) => Ok(l),
        None => {
            ctx.check()?;
            Err(NestError::NoLayout)
        }
    }
}

/// Layouts kept in case that the best can't be rounded to the grid.
const KEPT: usize = 4;

/// Lets every chain work until the next exchange; false when all have spent their budget.
fn run_chains(chains: &mut [Chain], limit: &Limit) -> bool {
    if let [only] = chains {
        return only.advance(limit);
    }
    let run = |c: &mut Chain| {
        let end = c.work() + QUANTUM;
        let mut running = true;
        while running && c.work() < end {
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
