//! Sets of intervals on a line, and rows of them.
//!
//! A set is a sorted slice of even length: the starts and ends of disjoint intervals in turn.

use offcut_geometry::{Coord, Hatch, Loops, Point, Rows, nearest_unit};

/// What lies in both sets.
pub fn intersect(a: &[Coord], b: &[Coord], out: &mut Vec<Coord>) {
    out.clear();
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        let (s, e) = (a[i].max(b[j]), a[i + 1].min(b[j + 1]));
        if s < e {
            out.extend([s, e]);
        }
        if a[i + 1] < b[j + 1] {
            i += 2;
        } else {
            j += 2;
        }
    }
}

/// What lies in `a` but not in `b`.
pub fn subtract(a: &[Coord], b: &[Coord], out: &mut Vec<Coord>) {
    out.clear();
    let mut j = 0;
    for p in a.chunks_exact(2) {
        let (mut s, e) = (p[0], p[1]);
        while j < b.len() && b[j + 1] <= s {
            j += 2;
        }
        let mut k = j;
        while k < b.len() && b[k] < e {
            if b[k] > s {
                out.extend([s, b[k]]);
            }
            s = s.max(b[k + 1]);
            k += 2;
        }
        if s < e {
            out.extend([s, e]);
        }
    }
}

/// Grows every interval by `d` on both sides, but not beyond the interval of `within` that holds it;
/// intervals nearer than `join` become one.
pub fn grow_within(a: &[Coord], d: Coord, join: Coord, within: &[Coord], out: &mut Vec<Coord>) {
    out.clear();
    let mut k = 0;
    for p in a.chunks_exact(2) {
        while k + 2 < within.len() && within[k + 1] < p[1] {
            k += 2;
        }
        let Some(w) = within.get(k..k + 2) else { break };
        let (s, e) = ((p[0] - d).max(w[0]), (p[1] + d).min(w[1]));
        match out.last_mut() {
            Some(last) if *last >= w[0] && *last >= s - join => *last = e.max(*last),
            _ => out.extend([s, e]),
        }
    }
}

/// Stretches the outermost intervals of `a` in every interval of `within` to its ends where less than
/// `rest` is left. Every interval of `a` lies in one of `within`.
pub fn reach_ends(a: &mut [Coord], within: &[Coord], rest: Coord) {
    let mut from = 0;
    for p in within.chunks_exact(2) {
        let to = from + a[from..].partition_point(|&v| v <= p[1]);
        if let [first, .., last] = &mut a[from..to] {
            if *first - p[0] < rest {
                *first = p[0];
            }
            if p[1] - *last < rest {
                *last = p[1];
            }
        }
        from = to;
    }
}

/// Grows every interval by `d` on both sides; those that meet become one.
pub fn grow(a: &[Coord], d: Coord, out: &mut Vec<Coord>) {
    out.clear();
    for p in a.chunks_exact(2) {
        let (s, e) = (p[0] - d, p[1] + d);
        match out.last_mut() {
            Some(last) if *last >= s => *last = e,
            _ => out.extend([s, e]),
        }
    }
}

/// Shrinks every interval by `d` on both sides.
pub fn shrink(a: &[Coord], d: Coord, out: &mut Vec<Coord>) {
    out.clear();
    for p in a.chunks_exact(2) {
        if p[1] - p[0] > 2 * d {
            out.extend([p[0] + d, p[1] - d]);
        }
    }
}

/// Adds intervals to a set.
pub fn merge(set: &mut Vec<Coord>, more: &[Coord]) {
    if more.is_empty() {
        return;
    }
    if set.is_empty() {
        set.extend_from_slice(more);
        return;
    }
    let mut pairs: Vec<(Coord, Coord)> = set
        .chunks_exact(2)
        .chain(more.chunks_exact(2))
        .map(|p| (p[0], p[1]))
        .collect();
    pairs.sort_unstable();
    set.clear();
    for (s, e) in pairs {
        match set.last_mut() {
            Some(last) if *last >= s => *last = e.max(*last),
            _ => set.extend([s, e]),
        }
    }
}

/// Joins intervals nearer to each other than `gap`.
pub fn join(a: &mut Vec<Coord>, gap: Coord) {
    let mut to = 0;
    for k in (0..a.len()).step_by(2) {
        if to > 0 && a[k] - a[to - 1] < gap {
            a[to - 1] = a[k + 1].max(a[to - 1]);
        } else {
            a.copy_within(k..k + 2, to);
            to += 2;
        }
    }
    a.truncate(to);
}

/// Leaves out intervals up to a length.
pub fn keep_long(a: &mut Vec<Coord>, shortest: Coord) {
    let mut to = 0;
    for k in (0..a.len()).step_by(2) {
        if a[k + 1] - a[k] > shortest {
            a.copy_within(k..k + 2, to);
            to += 2;
        }
    }
    a.truncate(to);
}

/// The summed length of a set.
#[must_use]
pub fn length(a: &[Coord]) -> i64 {
    a.chunks_exact(2).map(|p| i64::from(p[1] - p[0])).sum()
}

/// One set of intervals for each of some consecutive lines of a [`Hatch`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowSpans {
    /// The line of the first row.
    pub first: i32,
    starts: Vec<u32>,
    at: Vec<Coord>,
}

impl RowSpans {
    /// The rows of a polygon set.
    #[must_use]
    pub fn of(set: &Loops, hatch: &Hatch, rows: &mut Rows) -> Self {
        rows.cross(set, hatch);
        Self {
            first: rows.first_row,
            starts: rows.starts.clone(),
            at: rows.crossings.iter().map(|c| c.along).collect(),
        }
    }

    /// No rows, the next one pushed belongs to line `first`; there is room for some.
    #[must_use]
    pub fn starting_at(first: i32, rows: usize) -> Self {
        let mut starts = Vec::with_capacity(rows + 1);
        starts.push(0);
        Self {
            first,
            starts,
            at: Vec::new(),
        }
    }

    /// Adds the next row.
    pub fn push(&mut self, spans: &[Coord]) {
        self.at.extend_from_slice(spans);
        self.starts.push(self.at.len() as u32);
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// True when no row holds an interval.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// The intervals of a line.
    #[inline]
    #[must_use]
    pub fn row(&self, line: i32) -> &[Coord] {
        match usize::try_from(i64::from(line) - i64::from(self.first)) {
            Ok(i) if i < self.len() => &self.at[self.starts[i] as usize..self.starts[i + 1] as usize],
            _ => &[],
        }
    }

    /// True when the line nearest to `p` is covered beside it.
    #[must_use]
    pub fn cover(&self, hatch: &Hatch, p: Point) -> bool {
        let (along, across) = hatch.turned(p);
        let row = self.row(nearest_unit((across - hatch.phase) / hatch.spacing));
        row.partition_point(|&v| f64::from(v) <= along) % 2 == 1
    }

    /// The lines that have rows.
    #[must_use]
    pub fn lines(&self) -> std::ops::Range<i32> {
        self.first..self.first + self.len() as i32
    }

    /// The outline of the bands that the rows stand for: each interval reaches half a line distance
    /// to both sides, ends of neighbouring rows are joined by straight lines.
    #[must_use]
    pub fn outline(&self, hatch: &Hatch) -> Loops {
        Tracer::new(self).trace(hatch)
    }
}

/// Follows the ends of intervals from row to row. Node `2 i` is the start of interval `i`, node
/// `2 i + 1` its end; each has one link up and one down, either to the next row or, over a cap half
/// way between the rows, to another node of the same row.
struct Tracer<'a> {
    rows: &'a RowSpans,
    up: Vec<Link>,
    down: Vec<Link>,
    line_of: Vec<i32>,
}

#[derive(Debug, Clone, Copy)]
enum Link {
    Next(u32),
    Cap(u32),
}

impl<'a> Tracer<'a> {
    fn new(rows: &'a RowSpans) -> Self {
        let nodes = rows.at.len();
        let mut t = Self {
            rows,
            up: vec![Link::Cap(0); nodes],
            down: vec![Link::Cap(0); nodes],
            line_of: vec![0; nodes / 2],
        };
        for (k, w) in rows.starts.windows(2).enumerate() {
            for i in w[0] / 2..w[1] / 2 {
                t.line_of[i as usize] = rows.first + k as i32;
            }
        }
        let n = rows.len();
        for k in 0..=n {
            let range = |k: usize| (rows.starts[k] / 2, rows.starts[k + 1] / 2);
            let lower = if k == 0 { (0, 0) } else { range(k - 1) };
            let upper = if k == n { (0, 0) } else { range(k) };
            t.link(lower, upper);
        }
        t
    }

    /// Links the intervals of two neighbouring rows, group by group of overlapping ones.
    fn link(&mut self, lower: (u32, u32), upper: (u32, u32)) {
        let at = &self.rows.at;
        let (start, end) = (|i: u32| at[2 * i as usize], |i: u32| at[2 * i as usize + 1]);
        let (mut l, mut u) = (lower.0, upper.0);
        while l < lower.1 || u < upper.1 {
            let (l0, u0) = (l, u);
            let lower_first = u >= upper.1 || (l < lower.1 && start(l) <= start(u));
            let mut reach = if lower_first { end(l) } else { end(u) };
            if lower_first {
                l += 1;
            } else {
                u += 1;
            }
            loop {
                if l < lower.1 && start(l) < reach && (l > l0 || u > u0) && overlaps(at, l, u0..u) {
                    reach = reach.max(end(l));
                    l += 1;
                } else if u < upper.1 && start(u) < reach && overlaps(at, u, l0..l) {
                    reach = reach.max(end(u));
                    u += 1;
                } else {
                    break;
                }
            }
            // Gaps between intervals of one row of the group are closed by the other row.
            for i in l0 + 1..l {
                self.up[2 * i as usize - 1] = Link::Cap(2 * i);
                self.up[2 * i as usize] = Link::Cap(2 * i - 1);
            }
            for i in u0 + 1..u {
                self.down[2 * i as usize - 1] = Link::Cap(2 * i);
                self.down[2 * i as usize] = Link::Cap(2 * i - 1);
            }
            match (l > l0, u > u0) {
                (true, true) => {
                    self.up[2 * l0 as usize] = Link::Next(2 * u0);
                    self.down[2 * u0 as usize] = Link::Next(2 * l0);
                    self.up[2 * l as usize - 1] = Link::Next(2 * u - 1);
                    self.down[2 * u as usize - 1] = Link::Next(2 * l - 1);
                }
                (true, false) => {
                    self.up[2 * l0 as usize] = Link::Cap(2 * l - 1);
                    self.up[2 * l as usize - 1] = Link::Cap(2 * l0);
                }
                _ => {
                    self.down[2 * u0 as usize] = Link::Cap(2 * u - 1);
                    self.down[2 * u as usize - 1] = Link::Cap(2 * u0);
                }
            }
        }
    }

    /// Goes up along ends and down along starts, so that the inside is on the left.
    fn trace(&self, hatch: &Hatch) -> Loops {
        let mut out = Loops::new();
        let mut seen = vec![false; self.up.len()];
        let point = |node: u32, shift: f64| -> Point {
            let line = self.line_of[node as usize / 2];
            hatch.point(
                f64::from(self.rows.at[node as usize]),
                hatch.across(line) + shift * hatch.spacing,
            )
        };
        for first in 0..self.up.len() as u32 {
            if seen[first as usize] {
                continue;
            }
            let mut node = first;
            loop {
                seen[node as usize] = true;
                out.points.push(point(node, 0.0));
                let rising = node % 2 == 1;
                let link = if rising {
                    self.up[node as usize]
                } else {
                    self.down[node as usize]
                };
                match link {
                    Link::Next(to) => node = to,
                    Link::Cap(to) => {
                        let shift = if rising { 0.5 } else { -0.5 };
                        out.points.push(point(node, shift));
                        out.points.push(point(to, shift));
                        node = to;
                    }
                }
                if node == first || seen[node as usize] {
                    break;
                }
            }
            out.close();
        }
        out
    }
}

/// True when interval `i` overlaps one of some others.
fn overlaps(at: &[Coord], i: u32, others: std::ops::Range<u32>) -> bool {
    let (s, e) = (at[2 * i as usize], at[2 * i as usize + 1]);
    others
        .into_iter()
        .rev()
        .any(|k| at[2 * k as usize] < e && s < at[2 * k as usize + 1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn set() -> impl Strategy<Value = Vec<Coord>> {
        proptest::collection::btree_set(-1000i32..1000, 0..24).prop_map(|s| {
            let mut v: Vec<Coord> = s.into_iter().collect();
            v.truncate(v.len() / 2 * 2);
            v
        })
    }

    fn holds(a: &[Coord], x: f64) -> bool {
        a.chunks_exact(2)
            .any(|p| f64::from(p[0]) < x && x < f64::from(p[1]))
    }

    #[test]
    fn near_intervals_become_one() {
        let mut a = vec![0, 10, 15, 20, 24, 30, 40, 50];
        join(&mut a, 6);
        assert_eq!(a, [0, 30, 40, 50]);
    }

    #[test]
    fn short_rests_at_the_ends_are_taken() {
        let mut a = [3, 10, 20, 60, 205, 240, 400, 410];
        reach_ends(&mut a, &[0, 70, 100, 150, 200, 250, 300, 415], 10);
        // 70 lies ten beyond 60, 400 a hundred beyond 300.
        assert_eq!(a, [0, 10, 20, 60, 200, 240, 400, 415]);
    }

    proptest! {
        #[test]
        fn algebra_by_points(a in set(), b in set()) {
            let (mut i, mut d) = (vec![], vec![]);
            intersect(&a, &b, &mut i);
            subtract(&a, &b, &mut d);
            for k in -1000..1000 {
                let x = f64::from(k) + 0.5;
                prop_assert_eq!(holds(&i, x), holds(&a, x) && holds(&b, x));
                prop_assert_eq!(holds(&d, x), holds(&a, x) && !holds(&b, x));
            }
        }

        #[test]
        fn outlines_hold_their_rows(rows in proptest::collection::vec(set(), 1..12)) {
            let mut r = RowSpans::starting_at(-3, 8);
            for s in &rows {
                r.push(s);
            }
            let hatch = Hatch::new(0.0, 100.0, 0.0);
            let l = r.outline(&hatch);
            for (k, s) in rows.iter().enumerate() {
                let y = (k as i32 - 3) * 100;
                for x in (-1000..1000).step_by(7) {
                    let p = Point::new(x, y);
                    let d = s.iter().map(|v| (v - x).abs()).min().unwrap_or(1000);
                    if d > 2 {
                        prop_assert_eq!(l.winding(p), i32::from(holds(s, f64::from(x))), "row {} x {}", k, x);
                    }
                }
            }
        }
    }
}
