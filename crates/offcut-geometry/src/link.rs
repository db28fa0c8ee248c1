//! Linking: strands become few long paths that follow the boundary from one strand to the next.
//!
//! In: strands with their places on the boundary. Out: polylines. Promised: a link joins neighbours
//! on one loop and is not longer than allowed; no piece of the boundary is used twice; the result
//! does not depend on the point where a loop starts.
//!
//! Which neighbours are joined is a matching on the cycle of ends along each loop. The cheapest one
//! comes from dynamic programming; where it closes strands into rings, rings that meet on the
//! boundary are merged by moving the matching on by one end, until no move is left.

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
}

const NONE: u32 = u32::MAX;
/// Dearer than any matching, small enough to add up.
const FORBIDDEN: i64 = i64::MAX / 1024;

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
        self.set_anchors(ends, limits);
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

    /// The cheapest matching of neighbours on every loop.
    fn match_ends(&mut self, ends: &[End], limits: &LinkLimits) {
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
    fn merge_rings(&mut self, ends: &[End], limits: &LinkLimits) {
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
    fn open_rings(&mut self, ends: &[End], limits: &LinkLimits) {
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

    fn set_anchors(&mut self, ends: &[End], limits: &LinkLimits) {
        self.anchors.clear();
        self.anchors.resize(ends.len(), 0);
        self.taken.clear();
        self.taken.resize(ends.len(), 0);
        let (anchor, gap) = (limits.anchor.max(0.0) as i64, limits.gap.max(0.0) as i64);
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

    /// Follows the links and writes the paths.
    fn trace(&mut self, region: &Loops, strands: &Strands, limits: &LinkLimits, out: &mut Polylines) {
        let n = strands.lines.len();
        self.done.clear();
        self.done.resize(n, false);
        // Paths begin at free ends; what is left then are rings, which begin anywhere.
        for rings in [false, true] {
            for id in 0..2 * n as u32 {
                if self.done[id as usize / 2] {
                    continue;
                }
                let slot = self.slots[id as usize];
                if rings || slot == NONE || self.mates[slot as usize] == Mate::Free {
                    self.path(region, strands, id, out);
                    drop_repeated(out);
                    let new = &out.points[out.open_start()..];
                    if new.windows(2).map(|w| w[0].dist(w[1])).sum::<f64>() < limits.shortest {
                        out.discard_open();
                    } else {
                        out.close();
                    }
                }
            }
        }
    }

    /// Writes the path that enters a strand at end `id`.
    fn path(&mut self, region: &Loops, strands: &Strands, mut id: u32, out: &mut Polylines) {
        let ends = &strands.ends[..];
        let slot = self.slots[id as usize];
        if slot != NONE && self.mates[slot as usize] == Mate::Free {
            let from = out.points.len();
            self.anchor(region, ends, slot as usize, end_point(strands, id), out);
            out.points[from..].reverse();
        }
        loop {
            let s = id as usize / 2;
            self.done[s] = true;
            let line = strands.lines.get(s);
            if id & 1 == 0 {
                out.points.extend(line);
            } else {
                out.points.extend(line.iter().rev());
            }
            let slot = self.slots[(id ^ 1) as usize];
            if slot == NONE {
                return;
            }
            let i = slot as usize;
            let ring = self.ring(i);
            let j = match self.mates[i] {
                Mate::Free => return self.anchor(region, ends, i, end_point(strands, id ^ 1), out),
                Mate::Next => {
                    let j = ring.next(i);
                    walk(region, ring, ends[i].edge, ends[j].edge, j <= i, |p| {
                        out.points.push(p)
                    });
                    j
                }
                Mate::Prev => {
                    let j = ring.prev(i);
                    let from = out.points.len();
                    walk(region, ring, ends[j].edge, ends[i].edge, i <= j, |p| {
                        out.points.push(p)
                    });
                    out.points[from..].reverse();
                    j
                }
            };
            id = ends[j].id;
            if self.done[id as usize / 2] {
                out.points.push(end_point(strands, id)); // a ring closes
                return;
            }
        }
    }

    /// Writes the anchor of a free end, away from the end.
    fn anchor(&self, region: &Loops, ends: &[End], i: usize, mut p: Point, out: &mut Polylines) {
        let mut left = self.anchors[i].abs() as f64;
        let forward = self.anchors[i] > 0;
        let ring = self.ring(i);
        let (low, high) = (ring.points.0 as usize, ring.points.1 as usize);
        let step = |v: usize| if v + 1 == high { low } else { v + 1 };
        let back = |v: usize| if v == low { high - 1 } else { v - 1 };
        let edge = ends[i].edge as usize;
        if left <= 0.0 {
            return;
        }
        let mut v = if forward { step(edge) } else { edge };
        for _ in low..=high {
            let q = region.points[v];
            let d = p.dist(q);
            if d >= left {
                return out.points.push(p.lerp(q, left / d));
            }
            out.points.push(q);
            left -= d;
            p = q;
            v = if forward { step(v) } else { back(v) };
        }
    }
}

/// The point of a strand's end.
fn end_point(strands: &Strands, id: u32) -> Point {
    let r = strands.lines.range(id as usize / 2);
    strands.lines.points[if id & 1 == 0 { r.start } else { r.end - 1 }]
}

/// The vertices on the way along a loop from a place on the edge `from` to one on the edge `to`;
/// `round` when the way passes the loop's first point.
fn walk(region: &Loops, ring: Ring, from: u32, to: u32, round: bool, mut f: impl FnMut(Point)) {
    let (low, high) = ring.points;
    if from == to && !round {
        return;
    }
    let mut v = from;
    loop {
        v = if v + 1 == high { low } else { v + 1 };
        f(region.points[v as usize]);
        if v == to {
            return;
        }
    }
}

/// Removes points equal to their predecessor from what has no end yet.
fn drop_repeated(out: &mut Polylines) {
    let start = out.open_start();
    let mut kept = start;
    for i in start..out.points.len() {
        if i == start || out.points[i] != out.points[kept - 1] {
            out.points[kept] = out.points[i];
            kept += 1;
        }
    }
    out.points.truncate(kept);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hatch::{Hatch, Rows};

    fn rectilinear(region: &Loops, angle: f64, spacing: f64) -> Polylines {
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
}
