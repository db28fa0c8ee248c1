//! What is tried next.

use super::plan::{self, Plan};
use super::plane::{self, Leftover};
use super::{Aim, Sheets};
use crate::budget::Limit;
use crate::search::{ABSENT, Spot};

/// Samples for a part in a sheet that is there already, and in a new one.
const SAMPLES: (usize, usize) = (40, 400);
/// Sheets looked at for a place of a part: the last ones with enough area.
const LOOKS: usize = 6;
/// What failing does to a plan's chances.
const DOUBT: f64 = 0.03;
/// A leftover that is this share of the best may be enlarged instead.
const ALIKE: f64 = 0.4;

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
    fn next_ground(&self, part: usize) -> Option<u32> {
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

    /// Decides what to try from the best layout, and puts it in place.
    pub(super) fn aim_anew(&mut self) {
        self.dead_ends.clear();
        let Some(best) = &self.best else { return };
        if !best.score.is_complete() {
            self.throw_in();
            return;
        }
        if self.pause == 0
            && let Some(plan) = self.likely_plan()
        {
            self.change_sheets(plan);
        } else {
            self.pause = self.pause.saturating_sub(1);
            self.shrink();
        }
    }

    fn restore(&mut self) {
        if let Some(best) = &self.best {
            if self.search.bins() != best.bins {
                self.search.set_bins(best.bins.clone());
            }
            self.search.set_parts(&best.spots);
        }
    }

    /// Throws a missing part in, sometimes for one of less worth.
    fn throw_in(&mut self) {
        self.aim = Aim::Insert;
        self.restore();
        let problem = self.problem();
        let kind = |i: usize| &problem.kinds[problem.parts[i] as usize];
        let absent = |i: &usize| !self.search.is_present(*i) && !kind(*i).filler;
        let missing: Vec<usize> = (0..self.search.count()).filter(absent).collect();
        let most = missing.iter().map(|&i| kind(i).priority).max();
        let first: Vec<usize> = missing
            .into_iter()
            .filter(|&i| Some(kind(i).priority) == most)
            .collect();
        let Some(&part) = first.get(self.search.rng.below(first.len())) else {
            return;
        };
        if let Some(ground) = self.next_ground(part) {
            let mut all = self.search.bins().to_vec();
            let bin = self.plane.next(problem, ground, &all);
            all.push(bin);
            self.search.set_bins(all);
            self.search.throw(part, self.search.bins().len() as u32 - 1);
            self.search.refresh();
            return;
        }
        let bin = self.search.any_bin(part);
        self.search.throw(part, bin);
        let worth = |i: usize| (kind(i).priority, kind(i).area);
        let less = |i: usize| {
            let (p, a) = worth(i);
            (p, a.to_bits()) < (worth(part).0, worth(part).1.to_bits())
        };
        let full = {
            let present = (0..self.search.count()).filter(|&i| self.search.is_present(i));
            let parts: f64 = present.map(|i| kind(i).area).sum();
            let grounds = self.search.bins().iter();
            parts > grounds.map(|b| problem.grounds[b.ground as usize].capacity).sum()
        };
        if full || self.search.rng.one_in(2) {
            let lesser: Vec<usize> = (0..self.search.count())
                .filter(|&i| self.search.is_present(i) && less(i))
                .collect();
            if let Some(&out) = lesser.get(self.search.rng.below(lesser.len())) {
                self.search.remove(out);
            }
        }
        self.search.refresh();
    }

    /// True when some sheets could do with less cost.
    pub(super) fn has_plan(&self) -> bool {
        self.likely_plan().is_some()
    }

    /// The cheaper plan that is the least full, counting failures.
    fn likely_plan(&self) -> Option<Plan> {
        let best = self.best.as_ref()?;
        let problem = self.problem();
        let mut least = vec![0; problem.grounds.len()];
        for b in best.bins.iter().take(self.plane.locked) {
            least[b.ground as usize] += 1;
        }
        let locked = problem.locked.iter().map(|l| {
            let o = &problem.orients[l.orient as usize];
            problem.kinds[o.kind as usize].area
        });
        let needed = problem.area + locked.sum::<f64>();
        let doubt = |p: &Plan| {
            let failed = f64::from(self.failures.get(p).copied().unwrap_or(0));
            needed / plan::capacity(problem, p) * (1.0 + DOUBT * failed)
        };
        plan::cheaper(problem, best.score.cost, needed, &least)
            .into_iter()
            .min_by(|a, b| doubt(a).total_cmp(&doubt(b)))
    }

    /// Brings the sheets of a plan in place: the emptiest go, and their parts are thrown onto the rest.
    fn change_sheets(&mut self, plan: Plan) {
        if let Some((shelved, bins, ends)) = self.shelved.take()
            && shelved == plan
            && !self.search.rng.one_in(4)
        {
            self.search.set_bins(bins);
            self.dead_ends = ends;
            self.dead_ends.resume(&mut self.search);
            self.aim = Aim::Cheaper(plan, 0);
            return;
        }
        self.restore();
        let problem = self.problem();
        let filled = self.filled();
        let mut bins = self.search.bins().to_vec();
        let mut keep = vec![true; bins.len()];
        let mut order: Vec<usize> = (self.plane.locked..bins.len()).collect();
        order.sort_by(|&a, &b| filled[a].total_cmp(&filled[b]).then(b.cmp(&a)));
        let mut surplus: Vec<i64> = plan.iter().map(|&n| -i64::from(n)).collect();
        for b in &bins {
            surplus[b.ground as usize] += 1;
        }
        for b in order {
            let s = &mut surplus[bins[b].ground as usize];
            if *s > 0 {
                *s -= 1;
                keep[b] = false;
            }
        }
        let mut index = Vec::new();
        let mut next = 0;
        for &k in &keep {
            index.push(if k { next } else { ABSENT });
            next += u32::from(k);
        }
        let mut k = keep.iter();
        bins.retain(|_| k.next().copied().unwrap_or(true));
        for (g, &s) in (0..).zip(&surplus) {
            for _ in s..0 {
                let bin = self.plane.next(problem, g, &bins);
                bins.push(bin);
            }
        }
        let spots = self.search.parts().to_vec();
        self.search.set_bins(bins);
        self.reindex(spots, &index);
        self.search.refresh();
        self.aim = Aim::Cheaper(plan, 0);
    }

    /// Area of the parts in every bin.
    fn filled(&self) -> Vec<f64> {
        let problem = self.problem();
        let mut filled = vec![0.0; self.search.bins().len()];
        for (s, &k) in self.search.parts().iter().zip(&problem.parts) {
            if s.bin != ABSENT {
                filled[s.bin as usize] += problem.kinds[k as usize].area;
            }
        }
        filled
    }

    /// Gives parts the new numbers of their bins; those without one are thrown where there is most room.
    fn reindex(&mut self, mut spots: Vec<Spot>, index: &[u32]) {
        let mut homeless = Vec::new();
        for (i, s) in spots.iter_mut().enumerate().filter(|(_, s)| s.bin != ABSENT) {
            s.bin = index[s.bin as usize];
            if s.bin == ABSENT {
                homeless.push(i);
            }
        }
        self.search.set_parts(&spots);
        let problem = self.problem();
        for i in homeless {
            let filled = self.filled();
            let bins = self.search.bins();
            let room: Vec<f64> = (0..bins.len())
                .map(|b| {
                    let area = problem.grounds[bins[b].ground as usize].capacity;
                    let takes = self.search.takes(b as u32, i);
                    if takes {
                        (area - filled[b]).max(0.01 * area)
                    } else {
                        0.0
                    }
                })
                .collect();
            let mut left = self.search.rng.range(0.0, room.iter().sum());
            let chosen = room.iter().position(|&r| {
                left -= r;
                r > 0.0 && left <= 0.0
            });
            self.search.throw(i, chosen.map_or(ABSENT, |b| b as u32));
        }
    }

    /// Cuts the sheet with the largest leftover shorter by a step.
    pub(super) fn shrink(&mut self) {
        self.aim = Aim::Shrink;
        self.restore();
        let problem = self.problem();
        let Some(best) = &self.best else { return };
        let used = best.score.used;
        let left = plane::leftovers(problem, &best.bins, &best.spots);
        let Some(cut) = self.choose(&left) else { return };
        let most = left.iter().map(|l| l.area).fold(0.0, f64::max);
        let bin = self.search.bins()[cut.bin as usize];
        let ground = &problem.grounds[bin.ground as usize];
        let across = ground.hi[1 - cut.axis] - ground.lo[1 - cut.axis];
        let wanted = most + self.step * used;
        // As far as the leftover lacks, and not less than a step of a full sheet.
        let lacking = (wanted - cut.area).max(0.0) / across.max(1.0);
        let end = cut.end - lacking;
        let narrowest = self.narrowest(cut.axis);
        let others = self.search.bins().len() > 1 && cut.bin as usize >= self.plane.locked;
        if end - ground.lo[cut.axis] < narrowest && others {
            let mut bins = self.search.bins().to_vec();
            bins.remove(cut.bin as usize);
            let index: Vec<u32> = (0..=bins.len() as u32)
                .map(|b| match b.cmp(&cut.bin) {
                    std::cmp::Ordering::Less => b,
                    std::cmp::Ordering::Equal => ABSENT,
                    std::cmp::Ordering::Greater => b - 1,
                })
                .collect();
            let spots = self.search.parts().to_vec();
            self.search.set_bins(bins);
            self.reindex(spots, &index);
            self.search.refresh();
            return;
        }
        let least = self.least_end(&cut, others);
        let end = end.max(least);
        if !others && cut.end <= least + 1.0 {
            self.finished = self.search.bins().len() == 1
                && left
                    .iter()
                    .all(|l| l.end <= self.least_end(l, false) + 1.0 || l.area < most);
        }
        self.cut(&cut, end);
    }

    /// The leftover to enlarge: mostly the largest, sometimes another that is not much smaller.
    fn choose(&mut self, left: &[Leftover]) -> Option<Leftover> {
        let best = left.iter().copied().max_by(|a, b| a.area.total_cmp(&b.area))?;
        let alike: Vec<Leftover> = left
            .iter()
            .copied()
            .filter(|l| l.area >= ALIKE * best.area)
            .collect();
        if self.search.rng.one_in(4) {
            alike.get(self.search.rng.below(alike.len())).copied()
        } else {
            Some(best)
        }
    }

    /// The least length that any part takes along an axis.
    fn narrowest(&self, axis: usize) -> f64 {
        let problem = self.problem();
        let orients = &problem.orients[..problem.turns];
        let lengths = orients.iter().map(|o| o.size()[axis]);
        lengths.fold(f64::INFINITY, f64::min)
    }

    /// Where the parts of a sheet end at the least; with all parts on it when there are no others.
    fn least_end(&self, cut: &Leftover, others: bool) -> f64 {
        let problem = self.problem();
        let bin = self.search.bins()[cut.bin as usize];
        let ground = &problem.grounds[bin.ground as usize];
        let lo = ground.lo[cut.axis];
        let mut least = lo;
        for l in problem.locked.iter().filter(|l| l.sheet == cut.bin) {
            let o = &problem.orients[l.orient as usize];
            least = least.max(l.at[cut.axis] + o.core_hi[cut.axis]);
        }
        if !others {
            let across = ground.hi[1 - cut.axis] - ground.lo[1 - cut.axis];
            least = least.max(lo + problem.area / (across + problem.spacing) - problem.spacing);
            for &k in &problem.parts {
                let k = &problem.kinds[k as usize];
                let all = k.orients.clone().filter(|&o| problem.allows(o, bin.ground));
                let length = all
                    .map(|o| problem.orients[o as usize].size()[cut.axis])
                    .fold(f64::INFINITY, f64::min);
                if !k.filler && length.is_finite() {
                    least = least.max(lo + length);
                }
            }
        }
        least
    }

    /// Ends a bin at `end`: what lies beyond a random place moves by what it loses.
    fn cut(&mut self, cut: &Leftover, end: f64) {
        let problem = self.problem();
        let bin = self.search.bins()[cut.bin as usize];
        let from = problem.grounds[bin.ground as usize].lo[cut.axis];
        let split = bin.at[cut.axis] + self.search.rng.range(from, cut.end.max(from));
        let delta = end - cut.end;
        self.search.set_end(cut.bin, cut.axis, bin.at[cut.axis] + end);
        for i in 0..self.search.count() {
            let mut s = self.search.parts()[i];
            if s.bin != cut.bin {
                continue;
            }
            if !self.search.takes(cut.bin, i) {
                let to = self.search.any_bin(i);
                self.search.throw(i, to);
                continue;
            }
            if !self.search.fits(s.orient, cut.bin) {
                s.orient = self.search.any_orient(i, cut.bin);
            }
            if self.search.middle(i)[cut.axis] > split {
                *[&mut s.x, &mut s.y][cut.axis] += delta;
            }
            self.search.place(i, s);
        }
        self.search.refresh();
    }
}
