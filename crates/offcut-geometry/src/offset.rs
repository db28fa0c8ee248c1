//! Offsets of polygon sets.
//!
//! In: a valid polygon set. Out: the set grown or shrunk, valid again.
//!
//! Each loop is moved by itself ("raw"), then cleaned by winding. Corners that the move makes
//! shorter are trimmed to their bisector, except where an edge is too short for its two trims: its
//! ends then go out to the offset point, back to the corner and out again. With that, the winding
//! number anywhere is the original one minus the number of edges whose offset strip covers the
//! point, so the region of positive winding is exactly the inset.

use crate::clip;
use crate::loops::{Loops, area2, edges};
use crate::point::{BBox, Point};
use crate::units::{Coord, nearest_unit};
use crate::winding::Walker;
use std::cell::RefCell;

/// How corners that open are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    /// Sharp; cut square where the tip would reach beyond three times the distance: turns above 141°.
    Miter,
    /// Round, with chords within 2 µm.
    Round,
}

/// Cosine of the turn from which on sharp corners are cut: the tip lies at three times the distance.
const SHARPEST: f64 = -7.0 / 9.0;
/// Chords of round joins stay within this of the arc, grid units (2 µm).
const ARC_TOLERANCE: f64 = 200.0;

/// Working memory of offsets; reuse it.
#[derive(Debug, Default)]
pub struct Offsetter {
    /// The walk that cleans.
    pub walker: Walker,
    edges: Vec<Edge>,
    corners: Vec<Corner>,
    untrimmed: Vec<bool>,
    raw: Loops,
    /// Per raw point the point of the input that it comes from.
    source: Vec<u32>,
    /// Length of the input's loops up to every point.
    along: Vec<f64>,
}

/// A stretch of a loop that a move by `d` leaves nothing of lies in a narrow place when it is longer
/// than this times `d`; shorter ones are corners.
const NARROW: f64 = 1.6;

/// Unit direction and length of an edge.
#[derive(Debug, Clone, Copy)]
struct Edge {
    x: f64,
    y: f64,
    len: f64,
}

/// A corner: how much it trims its edges, cosine and sine of its turn.
#[derive(Debug, Clone, Copy)]
struct Corner {
    trim: f64,
    cos: f64,
    sin: f64,
}

impl Offsetter {
    /// Moves every edge of a closed loop, whose points are counted from `first`, to its left by `d`
    /// grid units; appends the raw loop to `out`, which may cross itself.
    fn raw_loop(&mut self, l: &[Point], first: u32, d: f64, join: Join, out: &mut Loops) {
        let n = l.len();
        if n < 3 {
            return;
        }
        self.edges.clear();
        for (i, &a) in l.iter().enumerate() {
            let b = if i + 1 == n { l[0] } else { l[i + 1] };
            let (dx, dy) = (f64::from(b.x - a.x), f64::from(b.y - a.y));
            let len = (dx * dx + dy * dy).sqrt();
            let k = if len > 0.0 { 1.0 / len } else { 0.0 };
            self.edges.push(Edge {
                x: dx * k,
                y: dy * k,
                len,
            });
        }
        if !fill_directions(&mut self.edges) {
            return;
        }
        self.corners.clear();
        let mut before = self.edges[n - 1];
        for &after in &self.edges {
            let sin = before.x * after.y - before.y * after.x;
            let cos = before.x * after.x + before.y * after.y;
            let trim = if cos > -0.999_999 {
                d * sin / (1.0 + cos)
            } else if sin > 0.0 {
                f64::INFINITY
            } else {
                0.0
            };
            self.corners.push(Corner { trim, cos, sin });
            before = after;
        }
        self.untrimmed.clear();
        self.untrimmed.resize(n, false);
        for i in 0..n {
            let j = if i + 1 == n { 0 } else { i + 1 };
            let (ti, tj) = (self.corners[i].trim, self.corners[j].trim);
            // A corner that opens is not credited with the length that its miter adds.
            if self.edges[i].len - ti.max(0.0) - tj.max(0.0) < 0.0 {
                for (k, t) in [(i, ti), (j, tj)] {
                    self.untrimmed[k] |= t > 0.0;
                }
            }
        }
        let begin = out.points.len();
        let source = &mut self.source;
        let mut b = self.edges[n - 1];
        for (i, v) in l.iter().enumerate() {
            let mut push = |x: f64, y: f64| {
                let q = Point::new(nearest_unit(x), nearest_unit(y));
                if out.points.len() == begin || out.points.last() != Some(&q) {
                    out.points.push(q);
                    source.push(first + i as u32);
                }
            };
            let (a, c) = (self.edges[i], self.corners[i]);
            let (x, y) = (f64::from(v.x), f64::from(v.y));
            if self.untrimmed[i] {
                push(x - b.y * d, y + b.x * d);
                push(x, y);
                push(x - a.y * d, y + a.x * d);
            } else if c.sin <= 0.0 && join == Join::Round && c.cos < 0.999 {
                arc(x, y, b, a, d, &mut push);
            } else if c.sin > 0.0 || c.cos > SHARPEST {
                let k = d / (1.0 + c.cos);
                push(x - (b.y + a.y) * k, y + (b.x + a.x) * k);
            } else {
                // Square: two corners at distance d from the vertex.
                let half = ((1.0 + c.cos) * 0.5).max(0.0).sqrt();
                let e = d * (1.0 - half) / ((1.0 - c.cos) * 0.5).max(0.0).sqrt().max(1e-9);
                push(x - b.y * d + b.x * e, y + b.x * d + b.y * e);
                push(x - a.y * d - a.x * e, y + a.x * d - a.y * e);
            }
            b = a;
        }
        while out.points.len() > begin + 1 && out.points.last() == Some(&out.points[begin]) {
            out.points.pop();
        }
        if out.points.len() - begin < 3 {
            out.points.truncate(begin);
        } else {
            out.close();
        }
        self.source.truncate(out.points.len());
    }

    /// Shrinks (`d` < 0) or grows (`d` > 0) a valid polygon set by `|d|` grid units and appends the
    /// result to `out`. Returns true when shrinking may have closed a narrow place or lost a loop:
    /// then opposite sides of the input are nearer to each other than `2 |d|` somewhere.
    pub fn offset_into(&mut self, set: &Loops, d: Coord, join: Join, out: &mut Loops) -> bool {
        let mut raw = std::mem::take(&mut self.raw);
        raw.clear();
        self.source.clear();
        let mark = out.len();
        if d < 0 && holds_no_disc(set, -f64::from(d)) {
            self.raw = raw;
            return !set.is_empty();
        }
        let narrow = if d < 0 {
            for i in 0..set.len() {
                self.raw_loop(
                    set.get(i),
                    set.range(i).start as u32,
                    -f64::from(d),
                    join,
                    &mut raw,
                );
            }
            let walked = clip::positive_into(&mut self.walker, &raw, out);
            !walked || raw.len() < set.len() || self.walker.lost_ring() || self.lost_far(set, -f64::from(d))
        } else {
            let mut back = Vec::new();
            for l in set.iter() {
                back.clear();
                back.extend(l.iter().rev());
                self.raw_loop(&back, 0, f64::from(d), join, &mut raw);
            }
            clip::negative(&mut self.walker, &raw, out);
            false
        };
        self.raw = raw;
        drop_slivers(out, mark);
        narrow
    }

    /// True when a long stretch of the input left nothing in the result: a corner loses little.
    fn lost_far(&mut self, set: &Loops, d: f64) -> bool {
        let mut stretches = self.walker.lost_stretches(1).peekable();
        if stretches.peek().is_none() {
            return false;
        }
        self.along.clear();
        for l in set.iter() {
            let mut sum = 0.0;
            for (i, p) in l.iter().enumerate() {
                if i > 0 {
                    sum += l[i - 1].dist(*p);
                }
                self.along.push(sum);
            }
        }
        stretches.any(|(from, to)| {
            let (a, b) = (
                self.source[from as usize] as usize,
                self.source[to as usize] as usize,
            );
            let way = self.along[b] - self.along[a];
            if way >= 0.0 {
                return way > NARROW * d;
            }
            let r = set.range(set.ends.partition_point(|&e| e as usize <= a));
            let whole = self.along[r.end - 1] + set.points[r.end - 1].dist(set.points[r.start]);
            whole + way > NARROW * d
        })
    }
}

/// True when it is plain that no disc of radius `d` fits into the set: nothing is left of it then. Spares
/// the walk, which is slow where all edges of a loop cross.
fn holds_no_disc(set: &Loops, d: f64) -> bool {
    let all = BBox::of(&set.points);
    let (w, h) = (
        f64::from(all.max.x) - f64::from(all.min.x),
        f64::from(all.max.y) - f64::from(all.min.y),
    );
    if set.is_empty() || w.min(h) <= 2.0 * d {
        return true;
    }
    if set.len() > 1 || w.min(h) > 8.0 * d {
        return false;
    }
    // A convex polygon is the triangles from the disc's middle to its edges, none lower than the
    // radius: area >= radius * length / 2.
    let l = set.get(0);
    let mut length = 0.0;
    let (mut b, mut c) = (l[l.len() - 2], l[l.len() - 1]);
    for &a in l {
        if (c - b).cross(a - c) < 0 {
            return false;
        }
        length += c.dist(a);
        (b, c) = (c, a);
    }
    area2(l) as f64 <= d * length
}

/// Loops of at most this mean width come from rounding where an edge goes out and back, grid units.
const SLIVER_WIDTH: f64 = 4.0;
/// Twice the area above which no loop is measured for it, square units (0.0002 mm²).
const SLIVER_AREA2: i64 = 4_000_000;

/// A thin leftover of rounding: no disc wider than it lies inside.
fn is_sliver(l: &[Point]) -> bool {
    let area2 = area2(l).abs();
    area2 <= SLIVER_AREA2 && area2 as f64 <= SLIVER_WIDTH * edges(l).map(|(a, b)| a.dist(b)).sum::<f64>()
}

/// Takes slivers out from loop `first` on.
fn drop_slivers(set: &mut Loops, first: usize) {
    if !(first..set.len()).any(|i| is_sliver(set.get(i))) {
        return;
    }
    let mut kept = Loops::new();
    for (i, l) in set.iter().enumerate() {
        if i < first || !is_sliver(l) {
            kept.push(l);
        }
    }
    *set = kept;
}

/// Edges between equal points go on in the direction of the edge before them; false when all are such.
fn fill_directions(edges: &mut [Edge]) -> bool {
    if edges.iter().all(|e| e.len > 0.0) {
        return true;
    }
    let Some(mut before) = edges.iter().rev().find(|e| e.len > 0.0).copied() else {
        return false;
    };
    for e in edges {
        if e.len > 0.0 {
            before = *e;
        } else {
            (e.x, e.y) = (before.x, before.y);
        }
    }
    true
}

/// Points of the arc around (x, y) from the end of edge `b` to the start of edge `a`, both moved
/// left by `d`, turning right.
fn arc(x: f64, y: f64, b: Edge, a: Edge, d: f64, push: &mut impl FnMut(f64, f64)) {
    let (s, e) = ((-b.y * d, b.x * d), (-a.y * d, a.x * d));
    let mut turn = libm::atan2(s.0 * e.1 - s.1 * e.0, s.0 * e.0 + s.1 * e.1);
    if turn > 0.0 {
        turn -= std::f64::consts::TAU;
    }
    let step = 2.0 * libm::acos(1.0 - (ARC_TOLERANCE / d).min(0.3));
    let n = (-turn / step).ceil().max(1.0);
    // The chord's middles, pushed out by half the sagitta, would be closer on average; the ends on
    // the circle keep the offset inside, which is what clearances need.
    push(x + s.0, y + s.1);
    for k in 1..n as u32 {
        let (sin, cos) = libm::sincos(turn * f64::from(k) / n);
        push(x + s.0 * cos - s.1 * sin, y + s.0 * sin + s.1 * cos);
    }
    push(x + e.0, y + e.1);
}

thread_local! {
    /// Scratch memory only: it never carries a value from one call to the next.
    static SCRATCH: RefCell<Offsetter> = RefCell::default();
}

/// Offsets a valid polygon set: `d > 0` grows it, `d < 0` shrinks it; grid units.
#[must_use]
pub fn offset(set: &Loops, d: Coord, join: Join) -> Loops {
    if d == 0 || set.is_empty() {
        return set.clone();
    }
    let mut out = Loops::new();
    SCRATCH.with_borrow_mut(|o| {
        o.offset_into(set, d, join, &mut out);
    });
    out
}

/// Shrinks by `d`, then grows by `d`: removes what is narrower than `2 d`.
#[must_use]
pub fn opening(set: &Loops, d: Coord) -> Loops {
    offset(&offset(set, -d, Join::Miter), d, Join::Miter)
}

/// Grows by `d`, then shrinks by `d`: fills gaps narrower than `2 d`.
#[must_use]
pub fn closing(set: &Loops, d: Coord) -> Loops {
    offset(&offset(set, d, Join::Miter), -d, Join::Miter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(r: i32) -> Loops {
        [vec![
            Point::new(-r, -r),
            Point::new(r, -r),
            Point::new(r, r),
            Point::new(-r, r),
        ]]
        .into_iter()
        .collect()
    }

    #[test]
    fn square_grows_and_shrinks_exactly() {
        let s = square(1_000_000);
        assert_eq!(offset(&s, -100_000, Join::Miter).area2(), 8 * 900_000i64.pow(2));
        assert_eq!(offset(&s, 100_000, Join::Miter).area2(), 8 * 1_100_000i64.pow(2));
        let r = offset(&s, 100_000, Join::Round).area_mm2();
        let exact = 20.0f64.powi(2) + 4.0 * 20.0 * 1.0 + std::f64::consts::PI;
        assert!((r - exact).abs() < 0.02, "{r} {exact}");
    }

    #[test]
    fn nothing_is_left_at_the_inradius() {
        // A 3-4-5 triangle of 30 x 40 mm: inradius (30 + 40 - 50) / 2 = 10 mm.
        let (a, b, c) = (
            Point::new(0, 0),
            Point::new(3_000_000, 0),
            Point::new(0, 4_000_000),
        );
        let t: Loops = [vec![a, b, c]].into_iter().collect();
        assert!(holds_no_disc(&t, 1_000_000.0) && !holds_no_disc(&t, 999_999.0));
        assert!(offset(&t, -1_000_000, Join::Miter).is_empty());
        assert!(!offset(&t, -990_000, Join::Miter).is_empty());
    }

    #[test]
    fn narrow_neck_splits() {
        // Two 10 mm squares joined by a neck of 0.6 mm: an inset of 0.4 leaves two squares.
        let m = |x: f64, y: f64| Point::new((x * 1e5) as i32, (y * 1e5) as i32);
        let l: Loops = [vec![
            m(0.0, 0.0),
            m(10.0, 0.0),
            m(10.0, 4.7),
            m(12.0, 4.7),
            m(12.0, 0.0),
            m(22.0, 0.0),
            m(22.0, 10.0),
            m(12.0, 10.0),
            m(12.0, 5.3),
            m(10.0, 5.3),
            m(10.0, 10.0),
            m(0.0, 10.0),
        ]]
        .into_iter()
        .collect();
        let i = offset(&l, -40_000, Join::Miter);
        assert_eq!(i.len(), 2);
        assert!((i.area_mm2() - 2.0 * 9.2 * 9.2).abs() < 1e-6, "{}", i.area_mm2());
    }
}
