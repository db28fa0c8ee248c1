//! How long an optimiser may work.

use offcut_geometry::Ctx;

/// The end of a search. The library has no clock: time is told from outside.
#[derive(Clone, Copy)]
pub enum Budget<'a> {
    /// So many evaluations: the same result every time.
    Work(u64),
    /// As long as this says less than 1: the share of the time that has passed. Not reproducible.
    Time(&'a (dyn Fn() -> f64 + Sync)),
}

/// A budget together with the wish to cancel.
#[derive(Clone, Copy)]
pub struct Limit<'a> {
    /// The budget of one chain.
    pub budget: Budget<'a>,
    /// Tells of cancellation.
    pub ctx: &'a Ctx<'a>,
}

impl Limit<'_> {
    /// The share of the budget that is spent after so much work; at least 1 when there is to be an end.
    #[must_use]
    pub fn spent(&self, work: u64) -> f64 {
        if self.ctx.check().is_err() {
            return f64::INFINITY;
        }
        match self.budget {
            Budget::Work(all) => work as f64 / all.max(1) as f64,
            Budget::Time(passed) => passed(),
        }
    }
}
