//! Which ends are joined: the cheapest matching on every loop, and rings merged into paths.

use super::{LinkLimits, Linker, Mate, NONE, Ring};
use crate::strands::End;

/// Dearer than any matching, small enough to add up.
const FORBIDDEN: i64 = i64::MAX / 1024;

impl Linker {
    /// The cheapest matching of neighbours on every loop.
    pub(super) fn match_ends(&mut self, ends: &[End], limits: &LinkLimits) {
        let free = limits.free_end.clamp(0.0, 1e12) as i64;
        for r in 0..self.rings.len() {
            let ring = self.rings[r];
            let n = ring.len();
            let cost = |l: &Self, k: usize| {
                let i = ring.at(k);
                let arc = l.arc(ends, i);
                let same = ends[i].id / 2 == ends[ring.next(i)].id / 2;
                if same || arc as f64 > limits.link {
                    FORBIDDEN
                } else {
                    arc
                }
            };
            // Either the last end is not joined to the first one, or it is.
            let open = self.cheapest(0, n, free, &cost);
            let closing = if n >= 2 { cost(self, n - 1) } else { FORBIDDEN };
            if closing < FORBIDDEN && closing + self.cheapest(1, n - 1, free, &cost) < open {
                self.take(ring, 1, n - 1, free, ends);
                let (i, j) = (ring.at(n - 1), ring.at(0));
                self.join(i, j);
                self.unite(ends[i], ends[j]);
            } else {
                self.cheapest(0, n, free, &cost);
                self.take(ring, 0, n, free, ends);
            }
        }
    }

    /// Cost of the cheapest matching of the ends `from..to` of a scan; `costs[k]` is that of the
    /// first `k` of them.
    fn cheapest(&mut self, from: usize, to: usize, free: i64, cost: &impl Fn(&Self, usize) -> i64) -> i64 {
        let mut costs = std::mem::take(&mut self.costs);
        costs.clear();
        costs.push(0);
        for k in from..to {
            let m = costs.len();
            let mut best = costs[m - 1] + free;
            if m >= 2 {
                best = best.min(costs[m - 2].saturating_add(cost(self, k - 1)));
            }
            costs.push(best);
        }
        let best = costs[costs.len() - 1];
        self.costs = costs;
        best
    }

    /// Takes over the matching that `cheapest` has just found.
    fn take(&mut self, ring: Ring, from: usize, to: usize, free: i64, ends: &[End]) {
        let mut k = to;
        while k > from {
            let m = k - from;
            if self.costs[m] == self.costs[m - 1] + free {
                k -= 1;
                continue;
            }
            let (i, j) = (ring.at(k - 2), ring.at(k - 1));
            self.join(i, j);
            self.unite(ends[i], ends[j]);
            k -= 2;
        }
    }

    /// Merges rings into paths and paths into longer ones by local moves.
    pub(super) fn merge_rings(&mut self, ends: &[End], limits: &LinkLimits) {
        if limits.link <= 0.0 {
            return;
        }
        loop {
            let mut changed = true;
            while changed {
                changed = false;
                for r in 0..self.rings.len() {
                    let ring = self.rings[r];
                    for k in 0..ring.len() {
                        changed |= self.extend(ends, limits, ring, ring.at(k), true);
                    }
                    for k in (0..ring.len()).rev() {
                        changed |= self.extend(ends, limits, ring, ring.at(k), false);
                    }
                }
            }
            if !self.switch(ends, limits) {
                return;
            }
        }
    }

    /// A free end beside a ring takes the ring into its path; beside another path's free end it is
    /// joined with that.
    fn extend(&mut self, ends: &[End], limits: &LinkLimits, ring: Ring, i: usize, forward: bool) -> bool {
        if self.mates[i] != Mate::Free {
            return false;
        }
        let step = |i: usize| if forward { ring.next(i) } else { ring.prev(i) };
        let j = step(i);
        let (a, b) = if forward { (i, j) } else { (j, i) };
        if self.arc(ends, a) as f64 > limits.link || self.root(ends[i]) == self.root(ends[j]) {
            return false;
        }
        if self.mates[j] != Mate::Free {
            let root = self.root(ends[j]);
            let ahead = if forward { Mate::Next } else { Mate::Prev };
            if self.mates[j] != ahead || !self.closed[root] {
                return false;
            }
            self.mates[step(j)] = Mate::Free;
        }
        self.join(a, b);
        self.unite(ends[i], ends[j]);
        true
    }

    /// Where two rings have neighbouring links, one link between the links makes them one path.
    fn switch(&mut self, ends: &[End], limits: &LinkLimits) -> bool {
        for r in 0..self.rings.len() {
            let ring = self.rings[r];
            for k in 0..ring.len() {
                let a = ring.at(k);
                let b = ring.next(a);
                let c = ring.next(b);
                if self.mates[a] != Mate::Next || self.mates[c] != Mate::Next || a == c {
                    continue;
                }
                let (p, q) = (self.root(ends[b]), self.root(ends[c]));
                if p == q || !self.closed[p] || !self.closed[q] || self.arc(ends, b) as f64 > limits.link {
                    continue;
                }
                self.mates[a] = Mate::Free;
                self.mates[ring.next(c)] = Mate::Free;
                self.join(b, c);
                self.unite(ends[b], ends[c]);
                return true;
            }
        }
        false
    }

    /// Opens the rings that are left at their longest link, unless an anchor would span it anyway.
    pub(super) fn open_rings(&mut self, ends: &[End], limits: &LinkLimits) {
        self.longest.clear();
        self.longest.resize(self.parents.len(), (-1, NONE));
        for i in 0..ends.len() {
            if self.mates[i] == Mate::Next {
                let root = self.root(ends[i]);
                let arc = self.arc(ends, i);
                if self.closed[root] && arc > self.longest[root].0 {
                    self.longest[root] = (arc, i as u32);
                }
            }
        }
        for root in 0..self.longest.len() {
            let (arc, i) = self.longest[root];
            if i != NONE && arc as f64 > limits.anchor {
                let i = i as usize;
                let j = self.ring(i).next(i);
                self.mates[i] = Mate::Free;
                self.mates[j] = Mate::Free;
            }
        }
    }
}
