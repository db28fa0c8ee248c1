//! What searches have in common: chains of ever better layouts, and what they do with dead ends.

use crate::budget::Limit;
use crate::search::{Bin, Search, Spot};
use crate::state::State;

/// A search that goes from one layout to the next better one.
pub trait Chain: Send {
    /// Evaluations made so far.
    fn work(&self) -> u64;

    /// The best layout so far.
    fn best(&self) -> Option<&State>;

    /// Begins with a valid layout in bins of the sheets' size, and with improvements by such a share.
    fn start(&mut self, bins: &[Bin], spots: &[Spot], step: f64);

    /// Continues from a better layout of another chain.
    fn adopt(&mut self, best: &State);

    /// One separation and what follows from it. False when there is no more to do.
    fn advance(&mut self, limit: &Limit) -> bool;
}

/// How much the choice of a layout to disturb prefers the least overlapping ones.
const CHOICE: f64 = 0.25;
/// Dead ends kept at most.
const KEPT: usize = 64;

/// So many dead ends tell nothing about what is usual.
const FEW: usize = 6;

/// Layouts of one aim that could not be separated, least overlap first.
#[derive(Debug, Default)]
pub struct DeadEnds(Vec<(f64, Vec<Spot>)>);

impl DeadEnds {
    /// Forgets all, for the aim has changed.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// More overlap than most dead ends have: layouts with more are hardly worth a long search. Infinite as long as
    /// there are few.
    #[must_use]
    pub fn hopeless(&self) -> f64 {
        if self.0.len() < FEW {
            return f64::INFINITY;
        }
        self.0[self.0.len() / 2].0
    }

    /// True when there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Remembers the layout in place as a dead end.
    pub fn add(&mut self, search: &Search) {
        let loss = search.total_loss();
        let at = self.0.partition_point(|p| p.0 < loss);
        self.0.insert(at, (loss, search.parts().to_vec()));
        self.0.truncate(KEPT);
    }

    /// Puts a disturbed one of the dead ends in place.
    pub fn resume(&self, search: &mut Search) {
        // The absolute value of a normal variate, nearly: the sum of uniform ones.
        let z = (0..12).map(|_| search.rng.unit()).sum::<f64>() - 6.0;
        let share = (z.abs() * CHOICE).min(0.999);
        let k = (share * self.0.len() as f64) as usize;
        if let Some((_, spots)) = self.0.get(k) {
            search.set_parts(spots);
            search.disturb();
        }
    }
}
