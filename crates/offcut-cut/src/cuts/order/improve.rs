//! 2-opt and Or-opt under precedence. Every change can be taken back.

use super::grid::Places;
use super::{Node, Stop, begin, end, way};
use offcut_geometry::drawing::Vec2;

/// Near tracks that are tried.
const NEAR: usize = 10;
/// Up to so many tracks, all of them.
const FEW: usize = 64;
/// Longest stretch that Or-opt moves.
const STRETCH: usize = 3;
/// Gains below this are none, mm.
pub(super) const LEAST: f64 = 1e-6;
/// Tracks that may be moved in all: bounds the time.
const BUDGET: usize = 40_000_000;
/// Starts of a closed track that are tried where it is moved to.
const TRIED: usize = 16;

/// A step that can be taken back.
#[derive(Debug, Clone, Copy)]
enum Change {
    Turned(usize, usize),
    /// The stretch from one position to another went round to the left by a number.
    Rotated(usize, usize, usize),
    /// The track at a position had this start.
    Started(usize, u32),
}

pub(super) struct Improver<'a> {
    pub(super) nodes: &'a [Node],
    before: &'a [Vec<u32>],
    pub(super) from: Vec2,
    /// Where the head goes in the end.
    pub(super) to: Option<Vec2>,
    pub(super) tour: &'a mut Vec<Stop>,
    /// Position of every track of the tour; none for others.
    pub(super) position: Vec<u32>,
    near: Vec<u32>,
    /// The list of each track in `near`.
    lists: Vec<(u32, u32)>,
    /// Tracks moved and exchanges looked at.
    pub(super) spent: usize,
    log: Vec<Change>,
    /// Tracks beside links that have changed.
    pub(super) touched: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl<'a> Improver<'a> {
    pub fn new(
        nodes: &'a [Node],
        before: &'a [Vec<u32>],
        [from, to]: [Option<Vec2>; 2],
        tour: &'a mut Vec<Stop>,
    ) -> Self {
        let mut position = vec![NONE; nodes.len()];
        for (i, s) in tour.iter().enumerate() {
            position[s.node as usize] = i as u32;
        }
        Self {
            nodes,
            before,
            from: from.unwrap_or_default(),
            to,
            tour,
            position,
            near: Vec::new(),
            lists: vec![(0, 0); nodes.len()],
            spent: 0,
            log: Vec::new(),
            touched: Vec::new(),
        }
    }

    /// Lists the near tracks of every end.
    pub fn list(&mut self) {
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
    pub fn out(&self, i: isize) -> Vec2 {
        match usize::try_from(i) {
            Ok(i) => end(self.nodes, self.tour[i]),
            Err(_) => self.from,
        }
    }

    /// Way from the end at position `i` to the beginning at `j`, or to where the head goes in the end.
    pub fn link(&self, i: isize, j: usize) -> f64 {
        self.to_begin(self.out(i), j)
    }

    /// The same from a point.
    pub fn to_begin(&self, p: Vec2, j: usize) -> f64 {
        let next = self.tour.get(j).map(|s| begin(self.nodes, *s)).or(self.to);
        next.map_or(0.0, |q| way(p, q))
    }

    /// Moves until none gains; tells whether any did.
    pub fn moves(&mut self) -> bool {
        if self.tour.len() < 2 {
            return false;
        }
        self.list();
        let mut any = false;
        loop {
            let mut gained = false;
            let mut i: isize = -1;
            while i < self.tour.len() as isize && self.spent < BUDGET {
                // The same link again after a gain: its end has changed.
                if self.try_link(i).is_some() {
                    gained = true;
                } else {
                    i += 1;
                }
            }
            self.forget();
            any |= gained;
            if !gained || self.spent >= BUDGET {
                return any;
            }
        }
    }

    /// Tries to replace the link behind position `i`; the gain, mm.
    pub fn try_link(&mut self, i: isize) -> Option<f64> {
        if i >= self.tour.len() as isize {
            return None;
        }
        let here = self.link(i, (i + 1) as usize);
        if here < LEAST {
            return None;
        }
        let a = self.out(i);
        let list = self.lists[self.tour[i.max(0) as usize].node as usize];
        for k in list.0..list.1 {
            self.spent += 1;
            let j = self.position[self.near[k as usize] as usize] as isize;
            let turned = if j > i {
                self.turn(i, j, here, a)
            } else {
                self.turn(j, i, self.link(j, (j + 1) as usize), self.out(j))
            };
            if let Some(gain) = turned.or_else(|| self.shift(i, j, here, a)) {
                return Some(gain);
            }
        }
        None
    }

    /// 2-opt: turns the stretch behind `i` up to `j` around.
    fn turn(&mut self, i: isize, j: isize, here: f64, a: Vec2) -> Option<f64> {
        let (lo, hi) = ((i + 1) as usize, j as usize);
        if j <= i || hi <= lo || hi >= self.tour.len() {
            return None;
        }
        let there = self.link(j, hi + 1);
        let b = begin(self.nodes, self.tour[lo]);
        let gain = here + there - way(a, self.out(j)) - self.to_begin(b, hi + 1);
        if gain < LEAST || !self.may_turn(lo, hi) {
            return None;
        }
        self.turn_around(lo, hi);
        self.log.push(Change::Turned(lo, hi));
        self.touch(&[i, j, j + 1, i + 1]);
        Some(gain)
    }

    fn touch(&mut self, positions: &[isize]) {
        for &p in positions {
            if let Some(s) = usize::try_from(p).ok().and_then(|p| self.tour.get(p)) {
                self.touched.push(s.node);
            }
        }
    }

    fn turn_around(&mut self, lo: usize, hi: usize) {
        self.spent += (hi - lo + 1) / 4 + 1;
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
        self.spent += (hi - lo) / 8;
        self.tour[lo..=hi].iter().all(|s| {
            self.nodes[s.node as usize].after.iter().all(|a| {
                let p = self.position[*a as usize] as usize;
                p < lo || p > hi
            })
        })
    }

    /// Or-opt: moves a stretch of up to three tracks that begins or ends at `j` to behind `i`. A closed track alone
    /// takes the start that suits its new place.
    fn shift(&mut self, i: isize, j: isize, here: f64, a: Vec2) -> Option<f64> {
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
                let straight = way(a, head) + self.to_begin(tail, b);
                let turned = way(a, tail) + self.to_begin(head, b);
                let alone = self.tour[first as usize];
                let mut start = alone.start;
                let mut best = straight.min(turned);
                if len == 1 && self.nodes[alone.node as usize].closed && here + removed > LEAST {
                    (start, best) = self.best_start(alone, a, b);
                }
                let gain = here + removed - best;
                let turns = len > 1 && turned < straight
                    || len == 1 && !self.nodes[alone.node as usize].closed && turned < straight;
                if gain < LEAST || !self.may_shift(i, first, last, turns) {
                    if len == 1 {
                        break;
                    }
                    continue;
                }
                let (first, last) = (first as usize, last as usize);
                self.touch(&[
                    first as isize - 1,
                    first as isize,
                    last as isize,
                    last as isize + 1,
                    i,
                    i + 1,
                ]);
                if start != alone.start {
                    self.log.push(Change::Started(first, alone.start));
                    self.tour[first].start = start;
                }
                if turns {
                    self.turn_around(first, last);
                    self.log.push(Change::Turned(first, last));
                }
                let (lo, hi, left) = if first as isize > i {
                    (b, last, first - b)
                } else {
                    (first, i as usize, len as usize)
                };
                self.rotate(lo, hi, left);
                self.log.push(Change::Rotated(lo, hi, left));
                return Some(gain);
            }
        }
        None
    }

    /// The start of a closed track between a point and the track at `b`, and the way over it.
    fn best_start(&self, s: Stop, a: Vec2, b: usize) -> (u32, f64) {
        let starts = &self.nodes[s.node as usize].starts;
        let over = |k: usize| way(a, starts[k]) + self.to_begin(starts[k], b);
        let step = starts.len().div_ceil(TRIED).max(1);
        let now = (s.start, over(s.start as usize));
        let all = (0..starts.len()).step_by(step).map(|k| (k as u32, over(k)));
        all.fold(now, |m, k| if k.1 < m.1 - LEAST { k } else { m })
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

    fn rotate(&mut self, lo: usize, hi: usize, left: usize) {
        self.spent += (hi - lo + 1) / 4 + 1;
        self.tour[lo..=hi].rotate_left(left);
        for k in lo..=hi {
            self.position[self.tour[k].node as usize] = k as u32;
        }
    }

    /// Exchanges two stretches that follow on each other, from `lo` to before `mid` to before `hi`, if precedence
    /// lets it; the gain, mm, mostly a loss.
    pub fn exchange(&mut self, lo: usize, mid: usize, hi: usize) -> Option<f64> {
        let may = mid < hi
            && self.tour[lo..mid].iter().all(|s| {
                let after = &self.nodes[s.node as usize].after;
                after
                    .iter()
                    .all(|a| !(mid..hi).contains(&(self.position[*a as usize] as usize)))
            });
        if !may {
            return None;
        }
        let [l, m, h] = [lo, mid, hi].map(|v| v as isize);
        let old = self.link(l - 1, lo) + self.link(m - 1, mid) + self.link(h - 1, hi);
        let new = self.link(l - 1, mid) + self.link(h - 1, lo) + self.link(m - 1, hi);
        self.touch(&[l - 1, l, m - 1, m, h - 1, h]);
        self.rotate(lo, hi - 1, mid - lo);
        self.log.push(Change::Rotated(lo, hi - 1, mid - lo));
        Some(old - new)
    }

    /// The track at a position begins where the ways before and behind it are shortest together; the gain, mm.
    pub fn settle(&mut self, i: usize) -> Option<f64> {
        let s = self.tour[i];
        let n = &self.nodes[s.node as usize];
        let a = self.out(i as isize - 1);
        let cost = |k: u32| {
            let over = Stop { start: k, ..s };
            way(a, begin(self.nodes, over)) + self.to_begin(end(self.nodes, over), i + 1)
        };
        let now = cost(s.start);
        let all = (0..n.starts.len() as u32).map(|k| (cost(k), k));
        let (c, k) = all.min_by(|x, y| x.0.total_cmp(&y.0))?;
        if c >= now - LEAST {
            return None;
        }
        self.log.push(Change::Started(i, s.start));
        self.tour[i].start = k;
        self.touch(&[i as isize - 1, i as isize, i as isize + 1]);
        Some(now - c)
    }

    /// What was changed stays.
    pub fn forget(&mut self) {
        self.log.clear();
        self.touched.clear();
    }

    /// Takes back what was changed since [`Self::forget`].
    pub fn undo(&mut self) {
        self.touched.clear();
        while let Some(c) = self.log.pop() {
            match c {
                Change::Turned(lo, hi) => self.turn_around(lo, hi),
                Change::Rotated(lo, hi, left) => self.rotate(lo, hi, hi - lo + 1 - left),
                Change::Started(i, start) => self.tour[i].start = start,
            }
        }
    }
}
