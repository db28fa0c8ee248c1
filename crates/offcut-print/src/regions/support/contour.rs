//! Rasters become polygons: marching squares.
//!
//! In: the samples of an area, and the outline that it must stay away from. Out: loops with the
//! area on their left (outer loops counter-clockwise). Between two samples the contour runs half
//! way, except where the empty one is too near the outline: there the exact distances of both place
//! it, so the contour follows the outline at its distance.

use super::raster::{Bits, Frame, near};
use offcut_geometry::{Coord, Loops, Point};

/// Keeps the contour away from an outline.
#[derive(Clone, Copy)]
pub struct Clearance<'a> {
    /// The outline.
    pub outline: &'a Loops,
    /// Samples inside or within `distance` of it.
    pub blocked: &'a Bits,
    /// How far to stay away, grid units.
    pub distance: Coord,
}

/// What the contour may lie nearer than its distance, because it runs in chords between lattice
/// lines and is placed on them by linear interpolation: to be added to the distance that is wanted.
/// Round a corner a chord of up to √2 steps is a²/4d too near, interpolation a²/8d.
pub fn slack(step: Coord, distance: Coord) -> Coord {
    let (s, d) = (f64::from(step), f64::from(distance.max(step)));
    (0.375 * s * s / d).ceil() as Coord
}

/// Signed distances of the samples beside a contour.
struct Field<'a> {
    frame: &'a Frame,
    distance: &'a mut Vec<f32>,
    known: Bits,
    limit: f64,
}

impl Field<'_> {
    /// Where between the set sample `q` and the empty sample `p` the contour lies, 0 at `q`.
    fn cut(&self, q: (usize, usize), p: (usize, usize)) -> f64 {
        if self.known.is_empty() || !self.known.get(p.0, p.1) {
            return 0.5;
        }
        let at = |(x, y): (usize, usize)| {
            if self.known.get(x, y) {
                f64::from(self.distance[y * self.frame.width + x])
            } else {
                self.limit + f64::from(self.frame.step)
            }
        };
        let (dq, dp) = ((at(q) - self.limit).max(0.0), self.limit - at(p));
        if dq + dp > 0.0 {
            (dq / (dq + dp)).clamp(0.0, 0.98)
        } else {
            0.0
        }
    }
}

/// The contours of `area`, and whether the outline shaped them. `distance` is scratch.
pub fn contours(
    frame: &Frame,
    area: &Bits,
    keep_off: &Clearance<'_>,
    distance: &mut Vec<f32>,
) -> (Loops, bool) {
    let mut known = Bits::empty(frame);
    let mut rim = area.dilated(frame, false);
    rim.and(keep_off.blocked);
    let shaped = !rim.is_empty();
    if shaped {
        // Distances of the blocked samples beside the area, and of the area's samples beside those.
        let mut ask = rim.dilated(frame, false);
        ask.and(area);
        ask.or(&rim);
        distance.resize(frame.width * frame.height, 0.0);
        near(
            frame,
            keep_off.outline,
            keep_off.distance + frame.step,
            &ask,
            |x, y, d| {
                let v = &mut distance[y * frame.width + x];
                if known.get(x, y) {
                    *v = v.min(d as f32);
                } else {
                    *v = d as f32;
                    known.set(x, y);
                }
            },
        );
    }
    let field = Field {
        frame,
        distance,
        known,
        limit: f64::from(keep_off.distance),
    };
    (trace(frame, area, &field), shaped)
}

/// Directions of the walk through the cells between samples: east, north, west, south.
const STEP: [(isize, isize); 4] = [(1, 0), (0, 1), (-1, 0), (0, -1)];

fn trace(frame: &Frame, area: &Bits, field: &Field<'_>) -> Loops {
    // Every loop passes a sample whose left neighbour is empty, going down on its left side.
    let mut starts = area.left_ends();
    let mut todo = Vec::new();
    starts.for_each(|x, y| todo.push((x, y)));
    let mut out = Loops::new();
    for (x, y) in todo {
        if !starts.get(x, y) {
            continue;
        }
        walk(frame, area, field, &mut starts, (x, y), &mut out.points);
        out.close();
    }
    out
}

/// Walks one contour, the area on the left, from the edge between sample (x-1, y) and (x, y).
/// Samples of the same area that touch only by a corner are kept apart.
fn walk(
    frame: &Frame,
    area: &Bits,
    field: &Field<'_>,
    starts: &mut Bits,
    start: (usize, usize),
    out: &mut Vec<Point>,
) {
    let first = out.len();
    // The inner sample and the direction to the empty one beside it.
    let (mut q, mut dir) = (start, 2usize);
    loop {
        let step = STEP[dir];
        let p = (q.0.wrapping_add_signed(step.0), q.1.wrapping_add_signed(step.1));
        if dir == 2 {
            starts.clear(q.0, q.1);
        }
        let a = frame.point(q.0, q.1);
        let d = (field.cut(q, p) * f64::from(frame.step)) as Coord;
        let point = Point::new(a.x + step.0 as Coord * d, a.y + step.1 as Coord * d);
        // Straight runs along the lattice need their ends only.
        match out[first..] {
            [.., b, ref mut c] if (b.x == c.x && c.x == point.x) || (b.y == c.y && c.y == point.y) => {
                *c = point;
            }
            _ => out.push(point),
        }
        // Go on to the left of the outward direction: with the area on the left hand the walk runs
        // counter-clockwise around it, so the next edge is one turn further.
        let turn = STEP[(dir + 1) % 4];
        let beside_q = (q.0.wrapping_add_signed(turn.0), q.1.wrapping_add_signed(turn.1));
        let beside_p = (p.0.wrapping_add_signed(turn.0), p.1.wrapping_add_signed(turn.1));
        if !area.get(beside_q.0, beside_q.1) {
            dir = (dir + 1) % 4;
        } else if area.get(beside_p.0, beside_p.1) {
            q = beside_p;
            dir = (dir + 3) % 4;
        } else {
            q = beside_q;
        }
        if (q, dir) == (start, 2) {
            return;
        }
    }
}
