//! Ways to a better layout, which share the work.
//!
//! One way for each axis along which a leftover can be enlarged, and one to cheaper sheets. All begin from layouts on
//! the same sheets. Which one works next follows from what each has worked and how much it promises.

use super::plan::{self, Plan};
use crate::chain::DeadEnds;
use crate::problem::Problem;
use crate::search::Bin;
use crate::search::separate::STEPS;
use crate::state::State;

/// How fast the share of a leftover along the other axis falls with what it lacks, and where that ends.
const LAG: (f64, f64) = (50.0, 0.04);
/// Where it ends as long as its steps are coarse: what is far behind may soon be ahead.
const LAG_COARSE: f64 = 0.4;
/// How fast the share of cheaper sheets falls with what they would have to be filled more than the fullest one is.
const DENSER: f64 = 20.0;
/// What failing does to a plan's chances.
const DOUBT: f64 = 0.03;

/// What one way has come to.
pub struct Way {
    /// The best layout of this way, with what it uses by its axis.
    pub best: Option<State>,
    /// The step in which it goes on.
    pub step: f64,
    /// Layouts that could not be separated.
    pub ends: DeadEnds,
    /// Bins in which these lie.
    pub bins: Vec<Bin>,
    /// Evaluations spent on it.
    pub work: u64,
    /// Valid layouts in a row that were no better.
    pub idle: u32,
    /// There is nothing to gain on it.
    pub is_done: bool,
}

impl Default for Way {
    fn default() -> Self {
        Self {
            best: None,
            step: STEPS.0,
            ends: DeadEnds::default(),
            bins: Vec::new(),
            work: 0,
            idle: 0,
            is_done: false,
        }
    }
}

impl Way {
    /// True when its steps can't be smaller.
    #[must_use]
    pub fn is_fine(&self) -> bool {
        self.step <= STEPS.1
    }

    /// The share of the work for a leftover along an axis; `least` is what the best layout uses.
    #[must_use]
    pub fn share(&self, least: f64) -> f64 {
        match &self.best {
            None => 0.0,
            _ if self.is_done => 0.0,
            Some(best) => {
                let lag = best.score.used / least.max(1.0) - 1.0;
                let end = if self.is_fine() { LAG.1 } else { LAG_COARSE };
                libm::exp(-LAG.0 * lag).max(end)
            }
        }
    }
}

/// Area that all parts and the locked ones take.
#[must_use]
pub fn needed(problem: &Problem) -> f64 {
    let locked = problem.locked.iter().map(|l| {
        let o = &problem.orients[l.orient as usize];
        problem.kinds[o.kind as usize].area
    });
    problem.area + locked.sum::<f64>()
}

/// The share of the work for a plan when the fullest sheet so far is filled by `reached`.
#[must_use]
pub fn share_of(problem: &Problem, plan: &Plan, reached: f64) -> f64 {
    let full = needed(problem) / plan::capacity(problem, plan).max(1.0);
    libm::exp(-DENSER * (full - reached).max(0.0))
}

/// The plan of less cost than `now` that is the least full, counting how often each has failed.
#[must_use]
pub fn likely_plan(
    problem: &Problem,
    now: f64,
    least: &[u32],
    failed: impl Fn(&Plan) -> u32,
) -> Option<Plan> {
    let needed = needed(problem);
    let doubt = |p: &Plan| needed / plan::capacity(problem, p) * (1.0 + DOUBT * f64::from(failed(p)));
    plan::cheaper(problem, now, needed, least)
        .into_iter()
        .min_by(|a, b| doubt(a).total_cmp(&doubt(b)))
}
