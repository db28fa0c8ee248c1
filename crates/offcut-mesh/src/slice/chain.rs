//! From segments to closed loops.

use super::segments::Segment;
use offcut_geometry::simplify::simplify_loop;
use offcut_geometry::{Coord, Loops, Point};

/// Ends farther apart than this are not joined, grid units (2 mm).
const MAX_GAP: f64 = 200_000.0;
/// A gap may be at most this share of the outline that it closes.
const MAX_GAP_SHARE: f64 = 0.3;
/// A run of chains is closed by itself when its gap is at most this share of its length.
const MAX_OWN_GAP_SHARE: f64 = 0.34;

/// What chaining had to mend.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Gaps {
    /// Gaps bridged.
    pub(super) closed: usize,
    /// Chains that stayed open and were left out.
    pub(super) dropped: usize,
}

/// Working memory of chaining; reuse it.
#[derive(Debug, Default)]
pub(super) struct Chainer {
    /// Open-addressing table of segments by their start point: index + 1, `TAKEN` when used up.
    table: Vec<u32>,
    ring: Vec<Point>,
    open: Vec<Vec<Point>>,
}

const TAKEN: u32 = 1 << 31;

/// A point nearer than this to the line between its neighbours is one of a flat face, where a triangle's
/// edge was cut; without these points the layers of an upright wall are equal. Grid units.
const FLAT: f64 = 1.5;

/// True when `b` lies on the way from `a` to `c`.
fn between(a: Point, b: Point, c: Point) -> bool {
    let (u, v) = (b - a, c - b);
    let off = u.cross(v) as f64;
    off * off <= FLAT * FLAT * (c - a).norm2() as f64 && u.dot(v) > 0
}

/// Adds a point to a chain, in place of the last one when that lies on the way.
fn append(ring: &mut Vec<Point>, p: Point) {
    match ring[..] {
        [.., a, b] if between(a, b, p) => ring.pop(),
        _ => None,
    };
    ring.push(p);
}

/// Takes away the ends of a closed chain when they lie on the way.
fn close(ring: &mut Vec<Point>) {
    if let [first, .., a, b] = ring[..]
        && between(a, b, first)
    {
        ring.pop();
    }
    if let [first, second, .., last] = ring[..]
        && between(last, first, second)
    {
        ring.remove(0);
    }
}

/// Brings the loops into the order of their first points, left to right: the table's order says
/// nothing. As in simplifying, left is a little turned.
fn sort(set: &mut Loops) {
    let key = |l: &[Point]| (64 * i64::from(l[0].x) + i64::from(l[0].y), l[1], l.len());
    if set.iter().is_sorted_by_key(key) {
        return;
    }
    let mut order: Vec<usize> = (0..set.len()).collect();
    order.sort_by_key(|&i| key(set.get(i)));
    let mut sorted = Loops::new();
    for i in order {
        sorted.push(set.get(i));
    }
    *set = sorted;
}

impl Chainer {
    /// Chains the segments of one plane into loops, simplified by `tolerance` grid units.
    pub(super) fn chain(&mut self, segments: &[Segment], tolerance: f64, out: &mut Loops) -> Gaps {
        self.open.clear();
        if segments.is_empty() {
            return Gaps::default();
        }
        let bits = (2 * segments.len() as u32)
            .next_power_of_two()
            .trailing_zeros()
            .max(3);
        let mask = (1usize << bits) - 1;
        let hash = |x: Coord, y: Coord| {
            let key = u64::from(x as u32) | (u64::from(y as u32) << 32);
            (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - bits)) as usize
        };
        self.table.clear();
        self.table.resize(mask + 1, 0);
        for (i, s) in segments.iter().enumerate() {
            if s[0] == s[2] && s[1] == s[3] {
                continue;
            }
            let mut k = hash(s[0], s[1]);
            while self.table[k] != 0 {
                k = (k + 1) & mask;
            }
            self.table[k] = i as u32 + 1;
        }
        for slot in 0..=mask {
            let e = self.table[slot];
            if e == 0 || e & TAKEN != 0 {
                continue;
            }
            self.table[slot] |= TAKEN;
            let s = &segments[e as usize - 1];
            let first = Point::new(s[0], s[1]);
            self.ring.clear();
            self.ring.push(first);
            let mut at = Point::new(s[2], s[3]);
            let closed = loop {
                if at == first {
                    break true;
                }
                append(&mut self.ring, at);
                let mut k = hash(at.x, at.y);
                let next = loop {
                    let e = self.table[k];
                    if e == 0 {
                        break None;
                    }
                    if e & TAKEN == 0 {
                        let s = &segments[e as usize - 1];
                        if s[0] == at.x && s[1] == at.y {
                            self.table[k] |= TAKEN;
                            break Some(Point::new(s[2], s[3]));
                        }
                    }
                    k = (k + 1) & mask;
                };
                match next {
                    Some(p) => at = p,
                    None => break false,
                }
            };
            if closed {
                close(&mut self.ring);
                simplify_loop(&self.ring, tolerance, out);
            } else {
                self.open.push(self.ring.clone());
            }
        }
        let gaps = if self.open.is_empty() {
            Gaps::default()
        } else {
            self.close_gaps(tolerance, out)
        };
        sort(out);
        gaps
    }

    /// Joins open chains, the smallest gap first. Chains that met no partner because the walk
    /// entered them in the middle have a gap of zero to it.
    fn close_gaps(&mut self, tolerance: f64, out: &mut Loops) -> Gaps {
        let mut gaps = Gaps::default();
        let mut chains: Vec<Option<Vec<Point>>> = self.open.drain(..).map(Some).collect();
        let n = chains.len();
        let end_of = |c: &Option<Vec<Point>>| c.as_ref().and_then(|c| c.last().copied());
        let start_of = |c: &Option<Vec<Point>>| c.as_ref().and_then(|c| c.first().copied());
        // Candidate joins (end of i → start of j) within the largest gap, by x order.
        let mut by_x: Vec<(Coord, u32)> = (0..n)
            .filter_map(|j| start_of(&chains[j]).map(|p| (p.x, j as u32)))
            .collect();
        by_x.sort_unstable();
        let mut joins: Vec<(i64, u32, u32)> = Vec::new();
        for (i, c) in chains.iter().enumerate() {
            let Some(e) = end_of(c) else { continue };
            let from = by_x.partition_point(|&(x, _)| f64::from(x) < f64::from(e.x) - MAX_GAP);
            for &(x, j) in &by_x[from..] {
                if f64::from(x) > f64::from(e.x) + MAX_GAP {
                    break;
                }
                let Some(s) = start_of(&chains[j as usize]) else {
                    continue;
                };
                let d2 = (s - e).norm2();
                if d2 as f64 <= MAX_GAP * MAX_GAP {
                    joins.push((d2, i as u32, j));
                }
            }
        }
        joins.sort_unstable();
        let mut next = vec![u32::MAX; n];
        let mut prev = vec![u32::MAX; n];
        let length = |c: &Option<Vec<Point>>| {
            c.as_ref()
                .map_or(0.0, |c| c.windows(2).map(|w| w[0].dist(w[1])).sum::<f64>())
        };
        let lengths: Vec<f64> = chains.iter().map(length).collect();
        for (d2, i, j) in joins {
            let gap = (d2 as f64).sqrt();
            let reach = lengths[i as usize].max(lengths[j as usize]);
            if next[i as usize] == u32::MAX
                && prev[j as usize] == u32::MAX
                && (gap <= 10_000.0 || gap <= MAX_GAP_SHARE * reach)
            {
                next[i as usize] = j;
                prev[j as usize] = i;
                gaps.closed += usize::from(d2 > 0);
            }
        }
        // Rings of joined chains become loops; runs with loose ends are left out.
        for i in 0..n {
            if chains[i].is_none() {
                continue;
            }
            let mut head = i;
            let mut steps = 0;
            while prev[head] != u32::MAX && steps <= n {
                head = prev[head] as usize;
                steps += 1;
                if head == i {
                    break;
                }
            }
            let cyclic = prev[head] != u32::MAX;
            let mut ring: Vec<Point> = Vec::new();
            let mut k = head;
            loop {
                if let Some(c) = chains[k].take() {
                    for p in c {
                        if ring.last() != Some(&p) {
                            ring.push(p);
                        }
                    }
                }
                if next[k] == u32::MAX || next[k] as usize == head {
                    break;
                }
                k = next[k] as usize;
            }
            let own_gap = match (ring.first(), ring.last()) {
                (Some(a), Some(b)) => a.dist(*b),
                _ => 0.0,
            };
            let run: f64 = ring.windows(2).map(|w| w[0].dist(w[1])).sum();
            if !cyclic && ring.len() > 2 && own_gap <= MAX_OWN_GAP_SHARE * run {
                gaps.closed += 1;
            } else if !cyclic {
                gaps.dropped += 1;
                continue;
            }
            if ring.len() > 1 && ring.first() == ring.last() {
                ring.pop();
            }
            simplify_loop(&ring, tolerance, out);
        }
        gaps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A square whose sides are cut into pieces by the edges of triangles, off the line by a unit.
    fn square(x: Coord, cuts: &[Coord]) -> Vec<Segment> {
        let side = |k: Coord| {
            let mut at = vec![0];
            at.extend(cuts.iter().map(|c| c + k));
            at.push(100_000);
            at
        };
        let mut ring = Vec::new();
        let mut add = |f: &dyn Fn(Coord, Coord) -> Point, k: Coord| {
            let at = side(k);
            for (i, &a) in at[..at.len() - 1].iter().enumerate() {
                ring.push(f(a, i as Coord % 2));
            }
        };
        add(&|a, off| Point::new(x + a, off), 0);
        add(&|a, off| Point::new(x + 100_000 - off, a), 7);
        add(&|a, off| Point::new(x + 100_000 - a, 100_000 - off), 11);
        add(&|a, off| Point::new(x + off, 100_000 - a), 13);
        (0..ring.len())
            .map(|i| {
                let (p, q) = (ring[i], ring[(i + 1) % ring.len()]);
                [p.x, p.y, q.x, q.y]
            })
            .collect()
    }

    #[test]
    fn flat_faces_leave_the_same_outline_wherever_they_are_cut() {
        let slice = |cuts: &[Coord]| {
            let mut segments = square(300_000, cuts);
            segments.extend(square(-500_000, cuts));
            let mut out = Loops::new();
            let gaps = Chainer::default().chain(&segments, 1000.0, &mut out);
            assert_eq!((gaps.closed, gaps.dropped), (0, 0));
            out
        };
        let plain = slice(&[]);
        assert_eq!(plain.points.len(), 8);
        assert_eq!(plain.get(0)[0], Point::new(-500_000, 0));
        for cuts in [&[40_000][..], &[10, 500, 90_000], &[33_000, 66_000, 99_900]] {
            assert_eq!(slice(cuts), plain, "{cuts:?}");
        }
    }
}
