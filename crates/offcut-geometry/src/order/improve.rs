//! Shorter ways by local moves: 2-opt and Or-opt on the longest links.

use super::{Orderer, Stop};
use crate::point::Point;

/// Links shorter than this are not worth shortening: half a millimetre.
const SHORT: f64 = 50_000.0;
/// Rounds of improvement.
const ROUNDS: usize = 4;
/// Links looked at in a round.
const LONGEST: usize = 24;
/// How far along the order a partner is looked for.
const REACH: usize = 1024;

impl Orderer {
    pub(super) fn improve(&mut self, start: Point, stops: &[Stop]) {
        self.entry.clear();
        self.exit.clear();
        // Position 0 is the place where the tool stands.
        self.entry.push(start);
        self.exit.push(start);
        for v in &self.visits {
            let s = &stops[v.index as usize];
            let (a, b) = if v.reversed { (s.b, s.a) } else { (s.a, s.b) };
            self.entry.push(a);
            self.exit.push(b);
        }
        for _ in 0..ROUNDS {
            self.measure(stops);
            self.links.clear();
            for k in 0..self.visits.len() {
                if self.after[k] > SHORT {
                    self.links.push((self.after[k], k as u32));
                }
            }
            self.links
                .sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            self.links.truncate(LONGEST);
            let mut better = false;
            for n in 0..self.links.len() {
                let k = self.links[n].1 as usize;
                if self.two_opt(k) || self.or_opt(k) {
                    better = true;
                    self.measure(stops);
                }
            }
            if !better {
                break;
            }
        }
    }

    /// Lengths of the links; `fixed[k]`: how many of the first `k` visits may not be turned around.
    fn measure(&mut self, stops: &[Stop]) {
        self.after.clear();
        for k in 0..self.visits.len() {
            self.after.push(self.exit[k].dist(self.entry[k + 1]));
        }
        self.after.push(0.0);
        self.fixed.clear();
        self.fixed.extend([0, 0]);
        let mut n = 0;
        for v in &self.visits {
            n += u32::from(!stops[v.index as usize].reversible);
            self.fixed.push(n);
        }
    }

    fn turnable(&self, i: usize, j: usize) -> bool {
        self.fixed[i] == self.fixed[j + 1]
    }

    /// Turns positions `i..=j` around.
    fn turn(&mut self, i: usize, j: usize) {
        self.visits[i - 1..j].reverse();
        for v in &mut self.visits[i - 1..j] {
            v.reversed = !v.reversed;
        }
        self.entry[i..=j].reverse();
        self.exit[i..=j].reverse();
        for k in i..=j {
            std::mem::swap(&mut self.entry[k], &mut self.exit[k]);
        }
    }

    /// Replaces the links behind `k` and behind some `j` by turning around what lies between.
    fn two_opt(&mut self, k: usize) -> bool {
        let n = self.visits.len();
        let (p, q) = (self.exit[k], self.entry[k + 1]);
        let len = self.after[k];
        if len <= SHORT {
            return false;
        }
        let mut best = (SHORT / 10.0, 0, 0);
        for j in k + 2..=n.min(k + REACH) {
            if near(p, self.exit[j], len) && self.turnable(k + 1, j) {
                let gain = if j == n {
                    len - p.dist(self.exit[j])
                } else {
                    len + self.after[j] - p.dist(self.exit[j]) - q.dist(self.entry[j + 1])
                };
                if gain > best.0 {
                    best = (gain, k + 1, j);
                }
            }
        }
        for j in k.saturating_sub(REACH)..k {
            // The link behind `j` and the one behind `k`: what lies between is j+1..=k.
            if near(q, self.entry[j + 1], len) && self.turnable(j + 1, k) {
                let gain = len + self.after[j] - self.exit[j].dist(p) - self.entry[j + 1].dist(q);
                if gain > best.0 {
                    best = (gain, j + 1, k);
                }
            }
        }
        if best.1 == 0 {
            return false;
        }
        self.turn(best.1, best.2);
        true
    }

    /// Moves up to three stops that follow the link behind `k`, or lead to it, to where they fit better.
    fn or_opt(&mut self, k: usize) -> bool {
        let n = self.visits.len();
        let mut best = (SHORT / 10.0, 0, 0, 0, false);
        for s in 1..=3usize {
            for (i, j) in [(k + 1, k + s), ((k + 1).saturating_sub(s), k)] {
                if i == 0 || j > n {
                    continue;
                }
                let (a, b) = (self.entry[i], self.exit[j]);
                let p = self.exit[i - 1];
                let cut = self.after[i - 1]
                    + if j < n {
                        self.after[j] - p.dist(self.entry[j + 1])
                    } else {
                        0.0
                    };
                if cut <= best.0 {
                    continue;
                }
                let turnable = self.turnable(i, j);
                for t in i.saturating_sub(REACH)..=n.min(j + REACH) {
                    if t + 1 >= i && t <= j {
                        continue;
                    }
                    let e = self.exit[t];
                    let link = self.after[t];
                    let reach = cut + link;
                    if !near(e, a, reach) && !near(e, b, reach) {
                        continue;
                    }
                    let next = (t < n).then(|| self.entry[t + 1]);
                    for turned in [false, true] {
                        let (a, b) = if turned { (b, a) } else { (a, b) };
                        if (turned && !turnable) || !near(e, a, reach) {
                            continue;
                        }
                        let gain = cut + link - e.dist(a) - next.map_or(0.0, |x| b.dist(x));
                        if gain > best.0 {
                            best = (gain, i, j, t, turned);
                        }
                    }
                }
            }
        }
        let (_, i, j, t, turned) = best;
        if i == 0 {
            return false;
        }
        if turned {
            self.turn(i, j);
        }
        let s = j - i + 1;
        if t > j {
            self.visits[i - 1..t].rotate_left(s);
            self.entry[i..=t].rotate_left(s);
            self.exit[i..=t].rotate_left(s);
        } else {
            self.visits[t..j].rotate_right(s);
            self.entry[t + 1..=j].rotate_right(s);
            self.exit[t + 1..=j].rotate_right(s);
        }
        true
    }
}

/// A cheap test before a square root.
#[inline]
fn near(a: Point, b: Point, d: f64) -> bool {
    f64::from((a.x - b.x).abs()) < d && f64::from((a.y - b.y).abs()) < d
}
