//! An instance as the optimiser sees it: kinds of parts in their orientations, and a field for every way
//! two of them can meet.
//!
//! Fields are made when they are first asked for. Two orientations share the field of their relative
//! orientation: it lies in the frame of the second part, into which offsets are turned before a look.

use crate::instance::{Instance, Rotations};
use crate::layout::Layout;
use crate::nfp::{Field, no_fit, pieces};
use crate::orientation::{Matrix, Orientation};
use crate::search::Spot;
use offcut_geometry::{Loops, Point, offset};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Depths up to this count as touching, grid units: what rounding to whole units may take away again.
pub const EPSILON: f64 = 0.25;

/// Orientations tried for parts that may be turned freely.
const FREE_ANGLES: u32 = 8;

/// How far outside a no-fit polygon a part still knows its distance, as a share of its smallest side.
pub const REACH: f64 = 0.1;

/// Parts of one shape.
#[derive(Debug)]
pub struct Kind {
    /// Index of the item.
    pub item: u32,
    /// Area, square grid units.
    pub area: f64,
    /// Area of the convex hull, square grid units.
    pub hull: f64,
    /// Greatest distance of two points, grid units.
    pub diameter: f64,
    /// Smaller side of the box, grid units.
    pub side: f64,
    /// Fourth root of the hull's area: the product of two is the geometric mean of their sizes.
    pub root: f64,
    /// Its range in [`Problem::orients`].
    pub orients: std::ops::Range<u32>,
}

/// A kind in one of its orientations.
#[derive(Debug, Clone, Copy)]
pub struct Orient {
    /// Index of the kind.
    pub kind: u32,
    /// How it lies.
    pub orientation: Orientation,
    /// Lower left corner of its box, from its origin, grid units.
    pub lo: [f64; 2],
    /// Upper right corner.
    pub hi: [f64; 2],
}

impl Orient {
    /// Width and height.
    #[must_use]
    pub fn size(&self) -> [f64; 2] {
        [self.hi[0] - self.lo[0], self.hi[1] - self.lo[1]]
    }
}

#[derive(Debug, Clone, Copy)]
struct Pair {
    field: u32,
    frame: u32,
}

/// Kind, kind and relative orientation that a field is made of.
#[derive(Debug, Clone, Copy)]
struct Source {
    first: u32,
    turn: Orientation,
    second: u32,
}

/// What the optimiser works on.
#[derive(Debug)]
pub struct Problem {
    /// The kinds.
    pub kinds: Vec<Kind>,
    /// All orientations of all kinds.
    pub orients: Vec<Orient>,
    /// The kind of every part.
    pub parts: Vec<u32>,
    /// Area of all parts, square grid units.
    pub area: f64,
    pieces: Vec<Loops>,
    pairs: Vec<Pair>,
    frames: Vec<Matrix>,
    sources: Vec<Source>,
    fields: Vec<OnceLock<Field>>,
}

impl Problem {
    /// Prepares an instance. Shapes are grown by half the spacing. The orientations of `start` are there,
    /// whatever their angle.
    #[must_use]
    pub fn new(instance: &Instance, start: Option<&Layout>) -> Self {
        let mut p = Self {
            kinds: Vec::new(),
            orients: Vec::new(),
            parts: Vec::new(),
            area: instance.part_area(),
            pieces: Vec::new(),
            pairs: Vec::new(),
            frames: Vec::new(),
            sources: Vec::new(),
            fields: Vec::new(),
        };
        for (item, i) in (0..).zip(&instance.items) {
            if i.demand == 0 {
                continue;
            }
            let kind = p.kinds.len() as u32;
            let shape = grown(&i.shape, instance.spacing);
            let first = p.orients.len() as u32;
            let mut turns = orientations(&i.rotations, i.mirrored.as_ref());
            for q in start.iter().flat_map(|l| &l.placements) {
                if q.item == item && !turns.contains(&q.orientation) {
                    turns.push(q.orientation);
                }
            }
            for orientation in turns {
                let b = orientation.apply_all(&shape).bbox();
                p.orients.push(Orient {
                    kind,
                    orientation,
                    lo: [f64::from(b.min.x), f64::from(b.min.y)],
                    hi: [f64::from(b.max.x), f64::from(b.max.y)],
                });
            }
            let size = p.orients[first as usize].size();
            let hull = hull(&shape.points);
            let hull_area = offcut_geometry::loops::area2(&hull) as f64 * 0.5;
            p.kinds.push(Kind {
                item,
                area: shape.area2() as f64 * 0.5,
                hull: hull_area,
                diameter: diameter(&hull),
                side: size[0].min(size[1]),
                root: hull_area.sqrt().sqrt(),
                orients: first..p.orients.len() as u32,
            });
            p.pieces.push(pieces(&shape));
            p.parts.extend(std::iter::repeat_n(kind, i.demand as usize));
        }
        p.pair_up();
        p
    }

    /// The parts of a layout as they lie; `None` when some are missing.
    #[must_use]
    pub fn spots(&self, layout: &Layout) -> Option<Vec<Spot>> {
        let mut used = vec![false; layout.placements.len()];
        let mut spots = Vec::with_capacity(self.parts.len());
        for &kind in &self.parts {
            let k = &self.kinds[kind as usize];
            let at = (0..used.len()).find(|&i| !used[i] && layout.placements[i].item == k.item)?;
            used[at] = true;
            let p = &layout.placements[at];
            let orient = k
                .orients
                .clone()
                .find(|&o| self.orients[o as usize].orientation == p.orientation)?;
            spots.push(Spot {
                x: p.x as f64,
                y: p.y as f64,
                orient,
                bin: p.sheet,
            });
        }
        Some(spots)
    }

    fn pair_up(&mut self) {
        for o in &self.orients {
            let [a, b, c, d] = o.orientation.matrix();
            self.frames.push([a, c, b, d]);
            self.frames.push([-a, -c, -b, -d]);
        }
        let mut known: BTreeMap<(u32, bool, i64, u32), u32> = BTreeMap::new();
        for (i, a) in (0u32..).zip(&self.orients) {
            for (j, b) in (0u32..).zip(&self.orients) {
                let swapped = a.kind > b.kind;
                let (first, second, frame) = if swapped { (b, a, 2 * i + 1) } else { (a, b, 2 * j) };
                let turn = second.orientation.inverse().after(first.orientation);
                let key = (
                    first.kind,
                    turn.mirror,
                    (turn.angle * 1e9).round() as i64 % 360_000_000_000,
                    second.kind,
                );
                let sources = &mut self.sources;
                let field = *known.entry(key).or_insert_with(|| {
                    sources.push(Source {
                        first: first.kind,
                        turn,
                        second: second.kind,
                    });
                    sources.len() as u32 - 1
                });
                self.pairs.push(Pair { field, frame });
            }
        }
        self.fields = self.sources.iter().map(|_| OnceLock::new()).collect();
    }

    fn field(&self, index: u32) -> &Field {
        self.fields[index as usize].get_or_init(|| {
            let s = self.sources[index as usize];
            let a = s.turn.apply_all(&self.pieces[s.first as usize]);
            let b = &self.pieces[s.second as usize];
            let side = self.kinds[s.first as usize]
                .side
                .max(self.kinds[s.second as usize].side);
            Field::new(&no_fit(&a, b), REACH * side)
        })
    }

    /// The field between a part in orientation `a` and one in orientation `b`, and the matrix that turns
    /// the offset (position of the first minus position of the second) into the field's frame.
    #[inline(always)]
    #[must_use]
    pub fn meeting(&self, a: u32, b: u32) -> (&Field, &Matrix) {
        let pair = self.pairs[a as usize * self.orients.len() + b as usize];
        (self.field(pair.field), &self.frames[pair.frame as usize])
    }

    /// How many fields there can be.
    #[must_use]
    pub fn field_count(&self) -> usize {
        self.sources.len()
    }
}

/// An offset in the frame of a field.
#[inline(always)]
#[must_use]
pub fn turned(m: &Matrix, dx: f64, dy: f64) -> (f64, f64) {
    (m[0] * dx + m[1] * dy, m[2] * dx + m[3] * dy)
}

/// A direction of a field's frame back in the plane.
#[inline(always)]
#[must_use]
pub fn turned_back(m: &Matrix, n: [f64; 2]) -> [f64; 2] {
    [m[0] * n[0] + m[2] * n[1], m[1] * n[0] + m[3] * n[1]]
}

fn orientations(turns: &Rotations, mirrored: Option<&Rotations>) -> Vec<Orientation> {
    let mut out: Vec<Orientation> = Vec::new();
    for (r, mirror) in [(Some(turns), false), (mirrored, true)] {
        let angles: Vec<f64> = match r {
            None => Vec::new(),
            Some(Rotations::Set(a)) => a.clone(),
            Some(Rotations::Free) => (0..FREE_ANGLES)
                .map(|k| f64::from(k) * 360.0 / f64::from(FREE_ANGLES))
                .collect(),
        };
        for a in angles {
            let o = Orientation::new(a, mirror);
            if !out.iter().any(|p| p.is_close(o)) {
                out.push(o);
            }
        }
    }
    out
}

/// The shape grown by half the spacing, a unit more for odd numbers and roundings.
fn grown(shape: &Loops, spacing: offcut_geometry::Coord) -> Loops {
    if spacing == 0 {
        return shape.clone();
    }
    // Chords of round joins lie inside the arc: the shape is grown by what they may lose.
    const CHORD: i32 = 200;
    let d = spacing / 2 + 1;
    offset::offset(shape, d + CHORD.min(d / 8 + 1), offset::Join::Round)
}

/// Convex hull, counter-clockwise (Andrew's monotone chain).
fn hull(points: &[Point]) -> Vec<Point> {
    let mut v = points.to_vec();
    v.sort_unstable();
    v.dedup();
    let mut h: Vec<Point> = Vec::new();
    for _ in 0..2 {
        let start = h.len();
        for &q in &v {
            while h.len() >= start + 2
                && offcut_geometry::point::orient(h[h.len() - 2], h[h.len() - 1], q) <= 0
            {
                h.pop();
            }
            h.push(q);
        }
        h.pop();
        v.reverse();
    }
    h
}

fn diameter(hull: &[Point]) -> f64 {
    let far = |a: &Point| hull.iter().map(|b| a.dist(*b)).fold(0.0, f64::max);
    hull.iter().map(far).fold(0.0, f64::max)
}
