//! Linking: strands become few long paths that follow the boundary from one strand to the next.
//!
//! In: strands with their places on the boundary. Out: polylines. Promised: a link joins neighbours
//! on one loop and is not longer than allowed; no piece of the boundary is used twice; the result
//! does not depend on the point where a loop starts.
//!
//! Which neighbours are joined is a matching on the cycle of ends along each loop. The cheapest one
//! comes from dynamic programming; where it closes strands into rings, rings that meet on the
//! boundary are merged by moving the matching on by one end, until no move is left.

mod matching;
mod trace;

use crate::loops::{Loops, Polylines};
use crate::point::Point;
use crate::strands::{End, LOOP_GAP, Strands};

/// What links and anchors may cost; grid units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinkLimits {
    /// Longest link along the boundary.
    pub link: f64,
    /// Longest anchor: what an end that is not linked follows the boundary.
    pub anchor: f64,
    /// What a free end is worth in length of links.
    pub free_end: f64,
    /// Anchors stop so far before the next end.
    pub gap: f64,
    /// Shorter paths are dropped.
    pub shortest: f64,
    /// Length of all links and anchors: the longest links are left out until the rest fits.
    pub budget: f64,
}

const NONE: u32 = u32::MAX;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mate {
    Free,
    Next,
    Prev,
}

/// The ends on one loop: a range of the sorted ends, and where its scan begins.
#[derive(Debug, Clone, Copy)]
struct Ring {
    begin: u32,
    end: u32,
    first: u32,
    /// Length of the loop.
    length: i64,
    /// The loop's points.
    points: (u32, u32),
}

impl Ring {
    fn len(&self) -> usize {
        (self.end - self.begin) as usize
    }
    /// The end number `k` of the scan.
    fn at(&self, k: usize) -> usize {
        let n = self.len();
        self.begin as usize + (self.first as usize + k) % n
    }
    fn next(&self, i: usize) -> usize {
        if i + 1 == self.end as usize {
            self.begin as usize
        } else {
            i + 1
        }
    }
    fn prev(&self, i: usize) -> usize {
        if i == self.begin as usize {
            self.end as usize - 1
        } else {
            i - 1
        }
    }
}

/// Links strands; holds the scratch memory for it.
#[derive(Debug, Clone, Default)]
pub struct Linker {
    rings: Vec<Ring>,
    ring_of: Vec<u32>,
    mates: Vec<Mate>,
    /// Anchor of every end: its length, negative when it runs against the loop.
    anchors: Vec<i64>,
    /// How much of the piece after every end anchors have taken.
    taken: Vec<i64>,
    /// Where in the sorted ends each strand's ends are.
    slots: Vec<u32>,
    parents: Vec<u32>,
    closed: Vec<bool>,
    costs: Vec<i64>,
    longest: Vec<(i64, u32)>,
    done: Vec<bool>,
}

impl Linker {
    /// Appends the linked strands to `out`. `region` is what the strands were made with; their ends
    /// get sorted.
    pub fn link(&mut self, region: &Loops, strands: &mut Strands, limits: &LinkLimits, out: &mut Polylines) {
        let n = strands.lines.len();
        if n == 0 {
            return;
        }
        strands.ends.sort_unstable();
        let ends = &strands.ends[..];
        self.prepare(region, strands, n);
        self.match_ends(ends, limits);
        self.merge_rings(ends, limits);
        self.open_rings(ends, limits);
        let left = self.keep_to_budget(ends, limits.budget);
        self.set_anchors(ends, limits, left);
        self.trace(region, strands, limits, out);
    }

    fn prepare(&mut self, region: &Loops, strands: &Strands, n: usize) {
        let ends = &strands.ends[..];
        self.rings.clear();
        self.ring_of.clear();
        let mut i = 0;
        for l in 0..region.len() {
            let r = region.range(l);
            let (low, high) = (strands.along[r.start], strands.along[r.end]);
            let begin = i;
            while i < ends.len() && (ends[i].edge as usize) < r.end {
                i += 1;
            }
            if begin == i {
                continue;
            }
            let first = (begin..i)
                .min_by_key(|&j| (end_point(strands, ends[j].id), ends[j].id))
                .map_or(0, |j| j - begin);
            self.ring_of.resize(i, self.rings.len() as u32);
            self.rings.push(Ring {
                begin: begin as u32,
                end: i as u32,
                first: first as u32,
                length: high - low - LOOP_GAP,
                points: (r.start as u32, r.end as u32),
            });
        }
        self.slots.clear();
        self.slots.resize(2 * n, NONE);
        for (i, e) in ends.iter().enumerate() {
            self.slots[e.id as usize] = i as u32;
        }
        self.mates.clear();
        self.mates.resize(ends.len(), Mate::Free);
        self.parents.clear();
        self.parents.extend(0..n as u32);
        self.closed.clear();
        self.closed.resize(n, false);
    }

    fn ring(&self, i: usize) -> Ring {
        self.rings[self.ring_of[i] as usize]
    }

    /// Length of the boundary from end `i` to the next one of its loop.
    fn arc(&self, ends: &[End], i: usize) -> i64 {
        let r = self.ring(i);
        let j = r.next(i);
        let d = ends[j].pos - ends[i].pos;
        if j <= i { d + r.length } else { d }
    }

    fn root(&mut self, end: End) -> usize {
        let mut s = (end.id / 2) as usize;
        while self.parents[s] as usize != s {
            self.parents[s] = self.parents[self.parents[s] as usize];
            s = self.parents[s] as usize;
        }
        s
    }

    /// Joins the strands of two ends; true when they hung together before.
    fn unite(&mut self, a: End, b: End) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        self.parents[a.max(b)] = a.min(b) as u32;
        self.closed[a.min(b)] = a == b;
        a == b
    }

    fn join(&mut self, i: usize, j: usize) {
        self.mates[i] = Mate::Next;
        self.mates[j] = Mate::Prev;
    }

    /// Leaves out the longest links until the rest fits; returns what is left of the budget.
    fn keep_to_budget(&mut self, ends: &[End], budget: f64) -> f64 {
        self.longest.clear();
        let mut left = budget;
        for i in 0..ends.len() {
            if self.mates[i] == Mate::Next {
                let arc = self.arc(ends, i);
                left -= arc as f64;
                self.longest.push((arc, i as u32));
            }
        }
        if left < 0.0 {
            self.longest.sort_unstable();
            while left < 0.0
                && let Some((arc, i)) = self.longest.pop()
            {
                let i = i as usize;
                let j = self.ring(i).next(i);
                self.mates[i] = Mate::Free;
                self.mates[j] = Mate::Free;
                left += arc as f64;
            }
        }
        left.max(0.0)
    }

    /// Gives every free end its anchor; all together are not longer than `left`.
    fn set_anchors(&mut self, ends: &[End], limits: &LinkLimits, left: f64) {
        self.anchors.clear();
        self.anchors.resize(ends.len(), 0);
        self.taken.clear();
        self.taken.resize(ends.len(), 0);
        let free = self.mates.iter().filter(|m| **m == Mate::Free).count();
        let anchor = limits.anchor.min(left / free.max(1) as f64).max(0.0) as i64;
        let gap = limits.gap.max(0.0) as i64;
        for r in 0..self.rings.len() {
            let ring = self.rings[r];
            for k in 0..ring.len() {
                let i = ring.at(k);
                if self.mates[i] != Mate::Free {
                    continue;
                }
                let before = ring.prev(i);
                let room = |l: &Self, a: usize| (l.arc(ends, a) - l.taken[a] - gap).clamp(0, anchor);
                let (ahead, back) = (room(self, i), room(self, before));
                if ahead >= back {
                    self.anchors[i] = ahead;
                    self.taken[i] += ahead;
                } else {
                    self.anchors[i] = -back;
                    self.taken[before] += back;
                }
            }
        }
    }
}

/// The point of a strand's end.
fn end_point(strands: &Strands, id: u32) -> Point {
    let r = strands.lines.range(id as usize / 2);
    strands.lines.points[if id & 1 == 0 { r.start } else { r.end - 1 }]
}
#[cfg(test)]
mod tests {
    use super::*;
    use crate::hatch::{Hatch, Rows};

    fn rectilinear(region: &Loops, angle: f64, spacing: f64) -> Polylines {
        within(region, angle, spacing, f64::MAX)
    }

    fn within(region: &Loops, angle: f64, spacing: f64, budget: f64) -> Polylines {
        let (mut rows, mut strands, mut out) = (Rows::default(), Strands::default(), Polylines::new());
        let h = Hatch::new(angle, spacing, 0.5 * spacing);
        rows.cross(region, &h);
        strands.begin(region, 0.0);
        strands.add_rows(region, &h, &rows);
        let limits = LinkLimits {
            link: 1e9,
            anchor: 0.0,
            free_end: 2.0 * spacing,
            gap: 0.0,
            shortest: 0.0,
            budget,
        };
        Linker::default().link(region, &mut strands, &limits, &mut out);
        out
    }

    fn square(r: i32) -> Vec<Point> {
        [(-r, -r), (r, -r), (r, r), (-r, r)]
            .map(|(x, y)| Point::new(x, y))
            .to_vec()
    }

    #[test]
    fn a_square_is_one_path_wherever_it_starts() {
        for turn in 0..4 {
            for spacing in [5e6, 1e6, 3.3e5, 1.7e5] {
                let mut l = square(5_000_000);
                l.rotate_left(turn);
                let region: Loops = [l].into_iter().collect();
                for angle in [0.0, 0.3, std::f64::consts::FRAC_PI_4, 2.0] {
                    let got = rectilinear(&region, angle, spacing);
                    assert_eq!(got.len(), 1, "spacing {spacing} angle {angle} turn {turn}");
                }
            }
        }
    }

    #[test]
    fn links_follow_the_boundary_once() {
        let region: Loops = [square(1_000_000)].into_iter().collect();
        let got = rectilinear(&region, 0.0, 200_000.0);
        // 10 lines and 9 links of a spacing each.
        let exact = 10.0 * 2_000_000.0 + 9.0 * 200_000.0;
        assert_eq!(got.length(), exact);
    }

    #[test]
    fn links_keep_to_their_budget() {
        // A trapezium: 10 lines of 0.1 to 1.9 mm, with 9 links of 0.2 mm on one side or 0.22 mm on the other.
        let p = [(0, 0), (2_000_000, 0), (2_000_000, 200_000), (0, 2_000_000)];
        let region: Loops = [p.map(|(x, y)| Point::new(x, y)).to_vec()].into_iter().collect();
        let lines = within(&region, 0.0, 200_000.0, 0.0);
        let all = rectilinear(&region, 0.0, 200_000.0);
        assert_eq!(lines.len(), 10);
        assert_eq!(all.len(), 1);
        let links = all.length() - lines.length();
        for share in [0.2, 0.5, 0.9] {
            let got = within(&region, 0.0, 200_000.0, share * links);
            let laid = got.length() - lines.length();
            assert!(
                laid <= share * links && laid > share * links - 300_000.0,
                "{share}: {laid}"
            );
        }
    }
}
