//! Which closed contour lies in which.

use crate::contours::Contour;
use crate::overlap::distance;
use offcut_geometry::drawing::{self, Bounds, Vec2};

/// How near chords follow a contour for this, mm.
const FLAT: f64 = 0.01;

/// The place of a closed contour among others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// In how many others it lies.
    pub depth: u32,
    /// The innermost of them.
    pub parent: Option<usize>,
}

/// Closed contours as polygons, for questions about inside and outside.
pub(crate) struct Shapes {
    polygons: Vec<Vec<Vec2>>,
    boxes: Vec<Bounds>,
    areas: Vec<f64>,
}

impl Shapes {
    pub(crate) fn new(list: &[Contour]) -> Self {
        let closed = |c: &Contour| {
            if c.closed {
                drawing::polygon(&c.segments, FLAT)
            } else {
                Vec::new()
            }
        };
        Self {
            polygons: list.iter().map(closed).collect(),
            boxes: list.iter().map(Contour::bounds).collect(),
            areas: list.iter().map(|c| drawing::area(&c.segments).abs()).collect(),
        }
    }

    /// Whether contour `i` holds a point.
    pub(crate) fn holds_point(&self, i: usize, p: Vec2) -> bool {
        inside(&self.polygons[i], p)
    }

    /// Whether contour `a` lies in contour `b`; they may touch.
    fn lies_in(&self, a: usize, b: usize) -> bool {
        let slack = 2.0 * FLAT;
        // Of two with the same outline the later lies in the earlier.
        let larger = self.areas[b] > self.areas[a] || (self.areas[b] == self.areas[a] && b < a);
        if !larger || !self.boxes[b].holds(&self.boxes[a], slack) {
            return false;
        }
        let Some(p) = inner_point(&self.polygons[a]) else {
            return false;
        };
        let outer = &self.polygons[b];
        inside(outer, p)
            && self.polygons[a]
                .iter()
                .all(|q| inside(outer, *q) || distance(*q, outer, true) <= slack)
    }
}

/// The place of each contour of a list among those marked in `among`; open ones and others are at depth 0.
#[must_use]
pub fn places(list: &[Contour], among: &[bool]) -> Vec<Place> {
    places_of(&Shapes::new(list), list, among)
}

pub(crate) fn places_of(shapes: &Shapes, list: &[Contour], among: &[bool]) -> Vec<Place> {
    let mut order: Vec<usize> = (0..list.len()).filter(|i| list[*i].closed && among[*i]).collect();
    let left = |i: usize| shapes.boxes[i].min.x;
    order.sort_by(|a, b| left(*a).total_cmp(&left(*b)).then(a.cmp(b)));
    let mut places = vec![Place::default(); list.len()];
    // A sweep to the right: only boxes that are still open can hold or lie in the next.
    let mut active: Vec<usize> = Vec::new();
    let mut consider = |a: usize, b: usize| {
        if shapes.lies_in(a, b) {
            let smaller = |p: usize| {
                let key = |i: usize| (shapes.areas[i], std::cmp::Reverse(i));
                let (x, y) = (key(b), key(p));
                x.0.total_cmp(&y.0).then(x.1.cmp(&y.1)).is_lt()
            };
            places[a].depth += 1;
            if places[a].parent.is_none_or(smaller) {
                places[a].parent = Some(b);
            }
        }
    };
    for i in order {
        active.retain(|j| shapes.boxes[*j].max.x >= left(i) - FLAT);
        for &j in &active {
            consider(i, j);
            // Boxes that begin at the same place may hold each other either way.
            consider(j, i);
        }
        active.push(i);
    }
    places
}

/// Whether a polygon holds a point, by even and odd crossings.
fn inside(polygon: &[Vec2], p: Vec2) -> bool {
    let mut odd = false;
    let mut a = match polygon.last() {
        Some(a) => *a,
        None => return false,
    };
    for &b in polygon {
        if (a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) * (b.x - a.x) / (b.y - a.y) {
            odd = !odd;
        }
        a = b;
    }
    odd
}

/// A point well inside a polygon: the middle of the widest stretch on one of a few lines across it.
fn inner_point(polygon: &[Vec2]) -> Option<Vec2> {
    let mut ys: Vec<f64> = polygon.iter().map(|p| p.y).collect();
    ys.sort_by(f64::total_cmp);
    let (lo, hi) = (*ys.first()?, *ys.last()?);
    let mut best: Option<(f64, Vec2)> = None;
    for k in [0.5, 0.37, 0.62, 0.21, 0.83] {
        let y = lo + (hi - lo) * k;
        let mut xs: Vec<f64> = polygon
            .iter()
            .zip(polygon.iter().cycle().skip(1))
            .filter(|(a, b)| (a.y > y) != (b.y > y))
            .map(|(a, b)| a.x + (y - a.y) * (b.x - a.x) / (b.y - a.y))
            .collect();
        xs.sort_by(f64::total_cmp);
        for w in xs.as_chunks::<2>().0 {
            if best.is_none_or(|b| w[1] - w[0] > b.0) {
                best = Some((w[1] - w[0], Vec2::new((w[0] + w[1]) / 2.0, y)));
            }
        }
    }
    // A level line has no crossings; any of its points will do.
    best.map(|b| b.1).or(polygon.first().copied())
}
