//! The first layout: parts one after the other.

use super::Sheets;
use crate::budget::Limit;

/// Samples for a part in a sheet that is there already, and in a new one.
const SAMPLES: (usize, usize) = (40, 400);
/// Sheets looked at for a place of a part: the last ones with enough area.
const LOOKS: usize = 6;

impl Sheets<'_> {
    /// Puts parts one after the other where they find room, on new sheets when they find none. False when
    /// it was cancelled.
    pub(super) fn construct(&mut self, limit: &Limit) -> bool {
        let problem = self.problem();
        let mut order: Vec<usize> = (0..self.search.count()).collect();
        let kind = |i: usize| &problem.kinds[problem.parts[i] as usize];
        let size = |i: usize| kind(i).hull * kind(i).diameter;
        order.retain(|&i| !kind(i).filler);
        order.sort_by(|&a, &b| {
            let by_size = size(b).total_cmp(&size(a));
            kind(b)
                .priority
                .cmp(&kind(a).priority)
                .then(by_size)
                .then(a.cmp(&b))
        });
        let mut free: Vec<f64> = self
            .search
            .bins()
            .iter()
            .map(|b| problem.grounds[b.ground as usize].capacity)
            .collect();
        for part in order {
            if limit.ctx.check().is_err() {
                return false;
            }
            let mut bins: Vec<u32> = (0..free.len() as u32)
                .filter(|&b| free[b as usize] >= kind(part).area)
                .collect();
            bins.drain(..bins.len().saturating_sub(LOOKS));
            if !self.search.insert(part, &bins, SAMPLES.0) {
                let Some(ground) = self.next_ground(part) else {
                    continue;
                };
                let mut all = self.search.bins().to_vec();
                let bin = self.plane.next(problem, ground, &all);
                all.push(bin);
                self.search.set_bins(all);
                free.push(problem.grounds[ground as usize].capacity);
                let new = free.len() as u32 - 1;
                if !self.search.insert(part, &[new], SAMPLES.1) {
                    continue;
                }
            }
            free[self.search.parts()[part].bin as usize] -= kind(part).area;
        }
        true
    }

    /// The ground of a new sheet for a part: the cheapest by area of which there is one left.
    pub(super) fn next_ground(&self, part: usize) -> Option<u32> {
        let problem = self.problem();
        let kind = &problem.kinds[problem.parts[part] as usize];
        let used = |g: u32| self.search.bins().iter().filter(|b| b.ground == g).count() as u32;
        let price = |g: u32| {
            let g = &problem.grounds[g as usize];
            (g.cost / g.area.max(1.0), -g.area)
        };
        (0..problem.grounds.len() as u32)
            .filter(|&g| {
                problem.grounds[g as usize].stock.is_none_or(|s| used(g) < s)
                    && kind.orients.clone().any(|o| problem.allows(o, g))
            })
            .min_by(|&a, &b| {
                let (a, b) = (price(a), price(b));
                a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
            })
    }
}
