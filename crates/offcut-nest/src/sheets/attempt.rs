//! What is tried next.

use super::plane::{self, Leftover};
use super::{CHEAPER, Sheets};
use crate::search::{ABSENT, Bin, Spot};
use crate::state::State;

/// A leftover that is this share of the best may be enlarged instead.
const ALIKE: f64 = 0.4;
/// A leftover of less than this share of its sheet is none yet.
const NONE_YET: f64 = 0.1;

impl Sheets<'_> {
    /// Brings a layout in place.
    fn restore(&mut self, state: Option<&State>) {
        if let Some(state) = state {
            self.set_bins(&state.bins);
            self.search.set_parts(&state.spots);
        }
    }

    fn set_bins(&mut self, bins: &[Bin]) {
        if self.search.bins() != bins {
            self.search.set_bins(bins.to_vec());
        }
    }

    /// Brings in place what is to be separated next on a way. False when there is nothing to gain on it.
    pub(super) fn enter(&mut self, way: usize) -> bool {
        let fresh = self.ways[way].ends.is_empty()
            || (way == CHEAPER && self.tries == 0 && self.search.rng.one_in(4));
        if !fresh {
            let bins = std::mem::take(&mut self.ways[way].bins);
            self.set_bins(&bins);
            self.ways[way].bins = bins;
            self.ways[way].ends.resume(&mut self.search);
            return true;
        }
        self.ways[way].ends.clear();
        if way == CHEAPER {
            self.change_sheets();
            true
        } else {
            self.shrink(way)
        }
    }

    /// Throws a missing part in, sometimes for one of less worth.
    pub(super) fn throw_in(&mut self) {
        let best = self.best.take();
        self.restore(best.as_ref());
        self.best = best;
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

    /// Brings the sheets of a plan in place: the emptiest go, and their parts are thrown onto the rest.
    fn change_sheets(&mut self) {
        let Some(plan) = self.plan.clone() else { return };
        let best = self.best.take();
        self.restore(best.as_ref());
        self.best = best;
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
    }

    /// Area of the parts in every bin, without locked ones.
    pub(super) fn filled(&self) -> Vec<f64> {
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

    /// Cuts the sheet with the largest leftover along an axis shorter by a step. False when that can't gain anything.
    pub(super) fn shrink(&mut self, axis: usize) -> bool {
        let Some(best) = self.ways[axis].best.take() else {
            return false;
        };
        self.restore(Some(&best));
        let problem = self.problem();
        let used = best.score.used;
        let mut left = plane::leftovers(problem, &best.bins, &best.spots);
        self.ways[axis].best = Some(best);
        let largest = left.iter().map(|l| l.area).fold(0.0, f64::max);
        left.retain(|l| l.axis == axis);
        let Some(cut) = self.choose(&left) else {
            return false;
        };
        let most = left.iter().map(|l| l.area).fold(0.0, f64::max);
        let bin = self.search.bins()[cut.bin as usize];
        let ground = &problem.grounds[bin.ground as usize];
        let across = ground.hi[1 - cut.axis] - ground.lo[1 - cut.axis];
        let wanted = most + self.ways[axis].step * used;
        // As far as the leftover lacks, and not less than a step of a full sheet.
        let lacking = (wanted - cut.area).max(0.0) / across.max(1.0);
        let end = cut.end - lacking;
        let others = self.search.bins().len() > 1 && cut.bin as usize >= self.plane.locked;
        if end - ground.lo[cut.axis] < self.narrowest(cut.axis) && others {
            self.empty_sheet(cut.bin);
            return true;
        }
        let least = self.least_end(&cut, others);
        if !others {
            let bound = ground.beyond(axis, least);
            // With one sheet only, no end of it can be better than the other axis' one.
            let one = self.search.bins().len() == 1;
            if cut.end <= least + 1.0 || (one && bound < largest) {
                return false;
            }
        }
        self.cut(&cut, end.max(least));
        true
    }

    /// Takes a sheet away and throws its parts onto the others.
    fn empty_sheet(&mut self, bin: u32) {
        let mut bins = self.search.bins().to_vec();
        bins.remove(bin as usize);
        let index: Vec<u32> = (0..=bins.len() as u32)
            .map(|b| match b.cmp(&bin) {
                std::cmp::Ordering::Less => b,
                std::cmp::Ordering::Equal => ABSENT,
                std::cmp::Ordering::Greater => b - 1,
            })
            .collect();
        let spots = self.search.parts().to_vec();
        self.search.set_bins(bins);
        self.reindex(spots, &index);
        self.search.refresh();
    }

    /// The leftover to enlarge: mostly the largest, sometimes another that is not much smaller. As long as there is none,
    /// the emptiest sheet.
    fn choose(&mut self, left: &[Leftover]) -> Option<Leftover> {
        let best = left.iter().copied().max_by(|a, b| a.area.total_cmp(&b.area))?;
        let area = |l: &Leftover| {
            let bin = self.search.bins()[l.bin as usize];
            self.search.problem.grounds[bin.ground as usize].area
        };
        if best.area < NONE_YET * area(&best) {
            let filled = self.filled();
            let free = |l: &Leftover| area(l) - filled[l.bin as usize];
            let own = left
                .iter()
                .copied()
                .filter(|l| l.bin as usize >= self.plane.locked);
            let emptiest = own.max_by(|a, b| free(a).total_cmp(&free(b)));
            return emptiest.or(Some(best));
        }
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
