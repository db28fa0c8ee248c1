//! Valid layouts of a search, and which of two is better.

use crate::problem::Problem;
use crate::search::{ABSENT, Bin, Spot};
use std::cmp::Ordering;

/// A layout of the search: valid save for roundings.
#[derive(Debug, Clone)]
pub struct State {
    /// What there is of sheets or strip; ends are those of the sheets.
    pub bins: Vec<Bin>,
    /// Where every part of the problem lies.
    pub spots: Vec<Spot>,
    /// How good it is.
    pub score: Score,
}

/// What makes a layout better than another: fewer parts missing, then lower cost, then a smaller rest.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Area of missing parts that are no fillers, by priority, the highest first.
    pub missing: Vec<f64>,
    /// Cost of the sheets.
    pub cost: f64,
    /// Length of the strip, or area of the sheets less the most valuable leftover.
    pub used: f64,
}

impl Score {
    /// True when nothing but fillers is missing.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.missing.iter().all(|&m| m == 0.0)
    }

    /// Less is better. Costs are equal within rounding.
    #[must_use]
    pub fn compare(&self, o: &Self) -> Ordering {
        let missing = self.missing.iter().zip(&o.missing).map(|(a, b)| a.total_cmp(b));
        let differ = missing.into_iter().find(|c| c.is_ne());
        let slack = 1e-9 * (self.cost.abs() + o.cost.abs());
        differ
            .unwrap_or_else(|| {
                if (self.cost - o.cost).abs() <= slack {
                    Ordering::Equal
                } else {
                    self.cost.total_cmp(&o.cost)
                }
            })
            .then(self.used.total_cmp(&o.used))
    }

    /// True when this is better by more than a step: in what is missing, in cost, or in that it uses less
    /// than `share` of what the other does.
    #[must_use]
    pub fn far_beats(&self, o: &Self, share: f64) -> bool {
        let alike = Self {
            used: o.used,
            ..self.clone()
        };
        alike.beats(o) || (alike.compare(o).is_eq() && self.used < share * o.used)
    }

    /// True when this is better.
    #[must_use]
    pub fn beats(&self, o: &Self) -> bool {
        self.compare(o).is_lt()
    }
}

/// Area of the parts that lie nowhere, by priority, the highest first.
#[must_use]
pub fn missing(problem: &Problem, spots: &[Spot]) -> Vec<f64> {
    let mut levels: Vec<i32> = problem.kinds.iter().map(|k| k.priority).collect();
    levels.sort_unstable();
    levels.dedup();
    let mut out = vec![0.0; levels.len()];
    for (s, &kind) in spots.iter().zip(&problem.parts) {
        let k = &problem.kinds[kind as usize];
        if s.bin == ABSENT && !k.filler {
            let level = levels.binary_search(&k.priority).unwrap_or(0);
            out[levels.len() - 1 - level] += k.area;
        }
    }
    out
}
