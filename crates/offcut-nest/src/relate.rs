//! How two polygons lie to each other, decided exactly.
//!
//! In: two polygons (valid sets) on an integer plane. Out: whether their boundaries cross, and on which
//! side of the other each boundary runs. All decisions are made on integers of 128 bits.
//!
//! Where no two edges cross, every edge can be cut at the vertices that touch it, and each piece lies
//! wholly inside, outside or on the other polygon: the middle of a piece, at half units, tells for all.

use crate::layout::Placed;
use offcut_geometry::loops::edges;

type P = [i64; 2];

/// What two boundaries do to each other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Relation {
    /// Two edges cross in their insides. Nothing else is known then.
    pub crosses: bool,
    /// Some of the first boundary runs inside the second polygon.
    pub first_inside: bool,
    /// Some of the first boundary runs outside the second polygon.
    pub first_outside: bool,
    /// Some of the second boundary runs inside the first polygon.
    pub second_inside: bool,
    /// They share boundary, with both polygons on the same side of it.
    pub same_side: bool,
    /// They share boundary, with the polygons on opposite sides of it.
    pub opposite_side: bool,
}

impl Relation {
    /// True when the polygons share area.
    #[must_use]
    pub const fn overlaps(&self) -> bool {
        self.crosses || self.first_inside || self.second_inside || self.same_side
    }

    /// True when the first polygon lies wholly in the second; touching its border is allowed.
    #[must_use]
    pub const fn first_within_second(&self) -> bool {
        !(self.crosses || self.first_outside || self.second_inside || self.opposite_side)
    }
}

/// A directed edge with material to its left.
#[derive(Clone, Copy)]
struct Edge {
    a: P,
    b: P,
    /// The first of its loop: what is known of the edge before says nothing.
    first: bool,
}

impl Edge {
    fn meets(&self, o: &[i64; 4]) -> bool {
        self.a[0].min(self.b[0]) <= o[2]
            && self.a[0].max(self.b[0]) >= o[0]
            && self.a[1].min(self.b[1]) <= o[3]
            && self.a[1].max(self.b[1]) >= o[1]
    }

    fn bounds(&self) -> [i64; 4] {
        [
            self.a[0].min(self.b[0]),
            self.a[1].min(self.b[1]),
            self.a[0].max(self.b[0]),
            self.a[1].max(self.b[1]),
        ]
    }

    /// True when `p`, which lies on the edge's line, lies on the edge.
    fn spans(&self, p: P) -> bool {
        let b = self.bounds();
        b[0] <= p[0] && p[0] <= b[2] && b[1] <= p[1] && p[1] <= b[3]
    }
}

fn edges_of(p: &Placed) -> Vec<Edge> {
    let mut out = Vec::with_capacity(p.shape.points.len());
    for l in p.shape.iter() {
        let start = out.len();
        out.extend(edges(l).map(|(a, b)| Edge {
            a: p.place(a),
            b: p.place(b),
            first: false,
        }));
        if let Some(e) = out.get_mut(start) {
            e.first = true;
        }
    }
    out
}

/// Twice the area of triangle `a b c`, positive when it turns left.
fn orient(a: P, b: P, c: P) -> i128 {
    i128::from(b[0] - a[0]) * i128::from(c[1] - a[1]) - i128::from(b[1] - a[1]) * i128::from(c[0] - a[0])
}

/// True when the boxes (left, bottom, right, top) share at least a point.
#[must_use]
pub const fn boxes_meet(a: &[i64; 4], b: &[i64; 4]) -> bool {
    a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]
}

/// Compares two polygons.
#[must_use]
pub fn relate(a: &Placed, b: &Placed) -> Relation {
    let mut r = Relation::default();
    if !boxes_meet(&a.bounds, &b.bounds) {
        r.first_outside = true;
        return r;
    }
    let (ea, eb) = (edges_of(a), edges_of(b));
    let mut cuts = [Vec::new(), Vec::new()];
    for (i, e) in (0u32..).zip(&ea) {
        if !e.meets(&b.bounds) {
            continue;
        }
        let e_box = e.bounds();
        for (j, f) in (0u32..).zip(&eb) {
            if !f.meets(&e_box) {
                continue;
            }
            let (fa, fb) = (orient(e.a, e.b, f.a), orient(e.a, e.b, f.b));
            let (da, db) = (orient(f.a, f.b, e.a), orient(f.a, f.b, e.b));
            if opposite(fa, fb) && opposite(da, db) {
                r.crosses = true;
                return r;
            }
            for (side, p, on) in [(fa, f.a, e), (fb, f.b, e), (da, e.a, f), (db, e.b, f)] {
                if side == 0 && on.spans(p) {
                    cuts[0].push((i, p));
                    cuts[1].push((j, p));
                }
            }
        }
    }
    for c in &mut cuts {
        c.sort_unstable();
        c.dedup();
    }
    let first = sides(&ea, &cuts[0], &eb, &b.bounds);
    let second = sides(&eb, &cuts[1], &ea, &a.bounds);
    r.first_inside = first.inside;
    r.first_outside = first.outside;
    r.second_inside = second.inside;
    r.same_side = first.same || second.same;
    r.opposite_side = first.opposite || second.opposite;
    r
}

const fn opposite(a: i128, b: i128) -> bool {
    (a > 0 && b < 0) || (a < 0 && b > 0)
}

#[derive(Default)]
struct Sides {
    inside: bool,
    outside: bool,
    same: bool,
    opposite: bool,
}

/// On which side of the polygon `of` the pieces of a boundary run. `cuts` holds (edge, point), sorted.
fn sides(boundary: &[Edge], cuts: &[(u32, P)], of: &[Edge], bounds: &[i64; 4]) -> Sides {
    let mut s = Sides::default();
    let mut rest = cuts;
    let mut points: Vec<P> = Vec::new();
    // Whether the piece before was inside, as long as nothing touched since.
    let mut known: Option<bool> = None;
    for (i, e) in (0u32..).zip(boundary) {
        if e.first {
            known = None;
        }
        let n = rest.partition_point(|c| c.0 == i);
        points.clear();
        points.push(e.a);
        points.extend(rest[..n].iter().map(|c| c.1));
        points.push(e.b);
        rest = &rest[n..];
        points.sort_unstable();
        if e.a > e.b {
            points.reverse();
        }
        let ends_touch = points.len() > 2 && points[points.len() - 2] == e.b;
        let starts_touch = points.len() > 2 && points[1] == e.a;
        if starts_touch {
            known = None;
        }
        for w in points.windows(2) {
            if w[0] == w[1] {
                continue;
            }
            let inside = match known {
                Some(k) => Some(k),
                None if !e.meets(bounds) => Some(false),
                None => {
                    let middle = [w[0][0] + w[1][0], w[0][1] + w[1][1]];
                    locate(middle, of, e, &mut s)
                }
            };
            match inside {
                Some(true) => s.inside = true,
                Some(false) => s.outside = true,
                None => {}
            }
            known = if w[1] == e.b { inside } else { None };
        }
        if ends_touch {
            known = None;
        }
    }
    s
}

/// Whether a point given in half units is inside; `None` when it lies on the boundary, which then is
/// noted with the direction of `e`, the edge that the point is on.
fn locate(m: P, of: &[Edge], e: &Edge, s: &mut Sides) -> Option<bool> {
    let mut winding = 0;
    let mut on_boundary = false;
    for f in of {
        let (a, b) = ([2 * f.a[0], 2 * f.a[1]], [2 * f.b[0], 2 * f.b[1]]);
        if a[1].min(b[1]) > m[1] || a[1].max(b[1]) < m[1] {
            continue;
        }
        let side = orient(a, b, m);
        let doubled = Edge { a, b, first: false };
        if side == 0 && doubled.spans(m) {
            on_boundary = true;
            let along = i128::from(e.b[0] - e.a[0]) * i128::from(f.b[0] - f.a[0])
                + i128::from(e.b[1] - e.a[1]) * i128::from(f.b[1] - f.a[1]);
            if along > 0 {
                s.same = true;
            } else {
                s.opposite = true;
            }
        } else if (a[1] > m[1]) != (b[1] > m[1]) {
            if b[1] > a[1] && side > 0 {
                winding += 1;
            } else if b[1] < a[1] && side < 0 {
                winding -= 1;
            }
        }
    }
    (!on_boundary).then_some(winding > 0)
}

/// True when the boundaries of two polygons keep at least `distance` grid units from each other.
#[must_use]
pub fn boundaries_apart(a: &Placed, b: &Placed, distance: i64) -> bool {
    if distance <= 0 {
        return true;
    }
    let near = grown(&b.bounds, distance);
    if !boxes_meet(&a.bounds, &near) {
        return true;
    }
    let eb = edges_of(b);
    edges_of(a).iter().filter(|e| e.meets(&near)).all(|e| {
        let reach = grown(&e.bounds(), distance);
        eb.iter()
            .filter(|f| f.meets(&reach))
            .all(|f| segments_apart(e, f, distance))
    })
}

/// The box with `d` more on each side.
#[must_use]
pub const fn grown(b: &[i64; 4], d: i64) -> [i64; 4] {
    [b[0] - d, b[1] - d, b[2] + d, b[3] + d]
}

fn segments_apart(e: &Edge, f: &Edge, distance: i64) -> bool {
    let cross = opposite(orient(e.a, e.b, f.a), orient(e.a, e.b, f.b))
        && opposite(orient(f.a, f.b, e.a), orient(f.a, f.b, e.b));
    !cross
        && point_apart(e.a, f, distance)
        && point_apart(e.b, f, distance)
        && point_apart(f.a, e, distance)
        && point_apart(f.b, e, distance)
}

fn point_apart(p: P, e: &Edge, distance: i64) -> bool {
    let norm2 = |v: P| i128::from(v[0]) * i128::from(v[0]) + i128::from(v[1]) * i128::from(v[1]);
    let d = [e.b[0] - e.a[0], e.b[1] - e.a[1]];
    let r = [p[0] - e.a[0], p[1] - e.a[1]];
    let along = i128::from(d[0]) * i128::from(r[0]) + i128::from(d[1]) * i128::from(r[1]);
    let least = i128::from(distance) * i128::from(distance);
    let len2 = norm2(d);
    if along <= 0 {
        norm2(r) >= least
    } else if along >= len2 {
        norm2([p[0] - e.b[0], p[1] - e.b[1]]) >= least
    } else {
        let cross = orient(e.a, e.b, p);
        cross * cross >= least * len2
    }
}

#[cfg(test)]
mod tests;
