//! 2-opt, Or-opt and the choice of starts, under precedence.

use super::grid::Places;
use super::{Node, Stop, begin, end};
use offcut_geometry::drawing::Vec2;

/// Near tracks that are tried.
const NEAR: usize = 10;
/// Up to so many tracks, all of them.
const FEW: usize = 64;
/// Longest stretch that Or-opt moves.
const STRETCH: usize = 3;
/// Gains below this are none, mm.
const LEAST: f64 = 1e-6;
/// Tracks that may be moved in all: bounds the time.
const BUDGET: usize = 40_000_000;

pub(super) struct Improver<'a> {
    nodes: &'a [Node],
    before: &'a [Vec<u32>],
    from: Vec2,
    tour: &'a mut Vec<Stop>,
    /// Position of every track of the tour; none for others.
    position: Vec<u32>,
    near: Vec<u32>,
    /// Where the list of a track begins in `near`, by position at the start.
    lists: Vec<(u32, u32)>,
    spent: usize,
}

const NONE: u32 = u32::MAX;
/// Random exchanges that are tried.
const KICKS: usize = 1500;
/// Longest stretch that one exchanges.
const SPAN: usize = 8;
/// Longer tours are left as they are.
const MOST_KICKED: usize = 1000;

impl<'a> Improver<'a> {
    pub fn new(nodes: &'a [Node], before: &'a [Vec<u32>], from: Vec2, tour: &'a mut Vec<Stop>) -> Self {
        let mut position = vec![NONE; nodes.len()];
        for (i, s) in tour.iter().enumerate() {
            position[s.node as usize] = i as u32;
        }
        Self {
            nodes,
            before,
            from,
            tour,
            position,
            near: Vec::new(),
            lists: vec![(0, 0); nodes.len()],
            spent: 0,
        }
    }

    /// Lists the near tracks of every end.
    fn list(&mut self) {
        let places = Places::new(self.nodes, self.tour.iter().map(|s| s.node));
        self.near.clear();
        let most = if self.tour.len() <= FEW { FEW } else { NEAR };
        for s in self.tour.iter() {
            let from = self.near.len() as u32;
            places.near(end(self.nodes, *s), s.node, most, &mut self.near);
            if !self.nodes[s.node as usize].closed {
                places.near(begin(self.nodes, *s), s.node, most, &mut self.near);
            }
            self.lists[s.node as usize] = (from, self.near.len() as u32);
        }
    }

    /// End of the track at a position; the start of all at position −1.
    fn out(&self, i: isize) -> Vec2 {
        match usize::try_from(i) {
            Ok(i) => end(self.nodes, self.tour[i]),
            Err(_) => self.from,
        }
    }

    /// Way from the end at position `i` to the beginning at `j`; none behind the last.
    fn link(&self, i: isize, j: usize) -> f64 {
        match self.tour.get(j) {
            Some(s) => self.out(i).dist(begin(self.nodes, *s)),
            None => 0.0,
        }
    }

    fn to_begin(&self, p: Vec2, j: usize) -> f64 {
        self.tour.get(j).map_or(0.0, |s| p.dist(begin(self.nodes, *s)))
    }

    /// Moves until none gains; tells whether any did.
    pub fn moves(&mut self) -> bool {
        if self.tour.len() < 3 {
            return false;
        }
        self.list();
        let mut any = false;
        loop {
            let mut gained = false;
            let mut i: isize = -1;
            while i + 1 < self.tour.len() as isize && self.spent < BUDGET {
                // The same link again after a gain: its end has changed.
                if self.try_link(i) {
                    gained = true;
                } else {
                    i += 1;
                }
            }
            any |= gained;
            if !gained || self.spent >= BUDGET {
                return any;
            }
        }
    }

    /// Tries to replace the link behind position `i`.
    fn try_link(&mut self, i: isize) -> bool {
        let here = self.link(i, (i + 1) as usize);
        if here < LEAST {
            return false;
        }
        let a = self.out(i);
        let list = match usize::try_from(i) {
            Ok(i) => self.lists[self.tour[i].node as usize],
            Err(_) => self.lists[self.tour[0].node as usize],
        };
        for k in list.0..list.1 {
            let j = self.position[self.near[k as usize] as usize] as isize;
            if j > i && self.turn(i, j, here, a)
                || j < i && self.turn(j, i, self.link(j, (j + 1) as usize), self.out(j))
            {
                return true;
            }
            if self.shift(i, j, here, a) {
                return true;
            }
        }
        false
    }

    /// 2-opt: turns the stretch behind `i` up to `j` around.
    fn turn(&mut self, i: isize, j: isize, here: f64, a: Vec2) -> bool {
        let (lo, hi) = ((i + 1) as usize, j as usize);
        if hi <= lo {
            return false;
        }
        let there = self.link(j, hi + 1);
        let b = begin(self.nodes, self.tour[lo]);
        let gain = here + there - a.dist(self.out(j)) - self.to_begin(b, hi + 1);
        if gain < LEAST || !self.may_turn(lo, hi) {
            return false;
        }
        self.turn_around(lo, hi);
        true
    }

    fn turn_around(&mut self, lo: usize, hi: usize) {
        self.spent += hi - lo + 1;
        self.tour[lo..=hi].reverse();
        for k in lo..=hi {
            let s = &mut self.tour[k];
            if !self.nodes[s.node as usize].closed {
                s.start = 1 - s.start;
            }
            self.position[s.node as usize] = k as u32;
        }
    }

    /// No track of the stretch has to come after another one of it. It is enough to look at direct successors: a
    /// chain that begins and ends in the stretch lies in it.
    fn may_turn(&mut self, lo: usize, hi: usize) -> bool {
        self.spent += (hi - lo) / 4;
        self.tour[lo..=hi].iter().all(|s| {
            self.nodes[s.node as usize].after.iter().all(|a| {
                let p = self.position[*a as usize] as usize;
                p < lo || p > hi
            })
        })
    }

    /// Or-opt: moves a stretch of up to three tracks that begins or ends at `j` to behind `i`.
    fn shift(&mut self, i: isize, j: isize, here: f64, a: Vec2) -> bool {
        let n = self.tour.len() as isize;
        let b = (i + 1) as usize;
        for len in 1..=STRETCH as isize {
            for first in [j, j - len + 1] {
                let last = first + len - 1;
                let apart = first > i + 1 || last < i;
                if first < 0 || last >= n || !apart {
                    continue;
                }
                let (head, tail) = (begin(self.nodes, self.tour[first as usize]), self.out(last));
                let removed = self.link(first - 1, first as usize) + self.link(last, (last + 1) as usize)
                    - self.to_begin(self.out(first - 1), (last + 1) as usize);
                let straight = a.dist(head) + self.to_begin(tail, b);
                let turned = a.dist(tail) + self.to_begin(head, b);
                let gain = here + removed - straight.min(turned);
                if gain < LEAST || !self.may_shift(i, first, last, turned < straight) {
                    continue;
                }
                if turned < straight {
                    self.turn_around(first as usize, last as usize);
                }
                self.rotate(i, first as usize, last as usize);
                return true;
            }
        }
        false
    }

    fn may_shift(&self, i: isize, first: isize, last: isize, turned: bool) -> bool {
        let (first, last) = (first as usize, last as usize);
        // Those that the stretch passes.
        let (lo, hi) = if (first as isize) > i {
            ((i + 1) as usize, first - 1)
        } else {
            (last + 1, i as usize)
        };
        let inside = |n: &u32, lo: usize, hi: usize| {
            let p = self.position[*n as usize];
            p != NONE && (lo..=hi).contains(&(p as usize))
        };
        self.tour[first..=last].iter().all(|s| {
            let n = s.node as usize;
            let (after, before) = (&self.nodes[n].after, &self.before[n]);
            let passes = if first > hi {
                // To the front: nothing passed may have to come first.
                before.iter().any(|b| inside(b, lo, hi))
            } else {
                after.iter().any(|a| inside(a, lo, hi))
            };
            !(passes || turned && after.iter().any(|a| inside(a, first, last)))
        })
    }

    fn rotate(&mut self, i: isize, first: usize, last: usize) {
        let len = last - first + 1;
        let (lo, hi) = if first as isize > i {
            let lo = (i + 1) as usize;
            self.tour[lo..=last].rotate_right(len);
            (lo, last)
        } else {
            self.tour[first..=i as usize].rotate_left(len);
            (first, i as usize)
        };
        self.spent += hi - lo + 1;
        for k in lo..=hi {
            self.position[self.tour[k].node as usize] = k as u32;
        }
    }

    fn whole(&self) -> f64 {
        (0..self.tour.len()).map(|i| self.link(i as isize - 1, i)).sum()
    }

    /// Exchanges two short neighbouring stretches at random places and improves around them; keeps what is shorter
    /// (iterated local search, Martin, Otto and Felten 1991). The sequence of random numbers is always the same.
    pub fn kicks(&mut self) {
        let n = self.tour.len();
        if !(8..=MOST_KICKED).contains(&n) {
            return;
        }
        self.list();
        let mut best = self.whole();
        let mut saved = self.tour.clone();
        let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
        let mut random = |most: usize| {
            seed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            (seed >> 33) as usize % most
        };
        for _ in 0..KICKS {
            if self.spent >= BUDGET {
                return;
            }
            let lo = random(n - 2);
            let mid = lo + 1 + random(SPAN.min(n - lo - 1));
            let hi = (mid + 1 + random(SPAN)).min(n);
            if !self.may_swap(lo, mid, hi) {
                continue;
            }
            self.tour[lo..hi].rotate_left(mid - lo);
            for k in lo..hi {
                self.position[self.tour[k].node as usize] = k as u32;
            }
            for _ in 0..3 {
                let around = lo as isize - 1..(hi as isize + 1).min(n as isize - 1);
                let gained = around.filter(|i| self.try_link(*i)).count();
                if gained == 0 {
                    break;
                }
            }
            let now = self.whole();
            if now < best - LEAST {
                best = now;
                saved.copy_from_slice(self.tour);
            } else {
                self.tour.copy_from_slice(&saved);
                for (k, s) in saved.iter().enumerate() {
                    self.position[s.node as usize] = k as u32;
                }
            }
        }
    }

    /// No track of the first stretch has to come before one of the second.
    fn may_swap(&self, lo: usize, mid: usize, hi: usize) -> bool {
        mid < hi
            && self.tour[lo..mid].iter().all(|s| {
                self.nodes[s.node as usize]
                    .after
                    .iter()
                    .all(|a| !(mid..hi).contains(&(self.position[*a as usize] as usize)))
            })
    }

    /// Every closed track begins where the ways from the track before and to the next one are shortest together.
    pub fn starts(&mut self) -> bool {
        let mut any = false;
        for _ in 0..2 {
            let mut changed = false;
            for i in 0..self.tour.len() {
                let s = self.tour[i];
                let n = &self.nodes[s.node as usize];
                let a = self.out(i as isize - 1);
                let cost = |k: usize| {
                    let (begin, end) = if n.closed {
                        (n.starts[k], n.starts[k])
                    } else {
                        (n.starts[k], n.starts[1 - k])
                    };
                    a.dist(begin) + self.to_begin(end, i + 1)
                };
                let now = cost(s.start as usize);
                let best = (0..n.starts.len())
                    .map(|k| (cost(k), k))
                    .min_by(|x, y| x.0.total_cmp(&y.0));
                if let Some((c, k)) = best.filter(|b| b.0 < now - LEAST) {
                    let _ = c;
                    self.tour[i].start = k as u32;
                    changed = true;
                }
            }
            any |= changed;
            if !changed {
                break;
            }
        }
        any
    }
}
