//! The polygon of a part for nesting: valid, of few corners, and never smaller than the part.
//!
//! In: a part and its contours. Out: one outer loop with its holes on the grid. Promised: all material of the part
//! lies in it, and it reaches beyond by at most the tolerance (flattening takes half of it, leaving out corners the
//! other half), except where the outline crosses or touches itself.

use crate::contours::Contour;
use crate::parts::{Part, nest_polygon};
use offcut_geometry::drawing::Vec2;
use offcut_geometry::{GridError, Loops, Point, clip, grid, hull, islands, nearest_unit, offset};

/// Polygon and place of its origin in the drawing (mm) of a part; the middle of its box is the origin.
///
/// # Errors
/// When the part is larger than the grid.
pub fn cover(part: &Part, list: &[Contour], tolerance: f64) -> Result<(Loops, Vec2), GridError> {
    let (loops, home) = nest_polygon(part, list, tolerance * 0.5)?;
    let slack = tolerance * 0.5 * offcut_geometry::UNITS_PER_MM;
    let mut outline = Loops::new();
    let mut holes = Loops::new();
    for (k, l) in loops.iter().enumerate() {
        let simple = grow_simpler(l, slack);
        if k == 0 {
            outline.push(&simple);
        } else if offcut_geometry::loops::area2(&simple) < 0 {
            holes.push(&simple);
        }
    }
    // Outlines that cross themselves count wholly as material, holes as far as they don't.
    let mut solid = clip::non_zero(&outline);
    if !holes.is_empty() {
        holes.reverse_all();
        solid = clip::difference(&solid, &clip::positive(&holes));
    }
    let mut shape = one_piece(solid);
    let shift = shape.bbox().center();
    shape.translate(Point::new(-shift.x, -shift.y));
    let (x, y) = shift.mm();
    Ok((shape, home + Vec2::new(x, y)))
}

/// One outer loop with its holes: pieces are joined by filling what is narrow between them.
fn one_piece(set: Loops) -> Loops {
    let mut pieces = islands(&set);
    let mut gap = 0.02;
    while pieces.len() > 1 && gap < 2.0 {
        pieces = islands(&offset::closing(&set, grid(gap)));
        gap *= 4.0;
    }
    match pieces.pop() {
        Some(one) if pieces.is_empty() => one.loops,
        _ => {
            let mut out = Loops::new();
            out.push(&hull::convex_hull(&set.points));
            out
        }
    }
}

/// An edge of a loop under simplification: how far it may lie outside of the true boundary, grid units.
#[derive(Clone, Copy)]
struct Corner {
    at: Point,
    /// How far the edge that leaves here has moved out.
    moved: f64,
}

/// The loop with fewer corners, grown by at most `slack` (grid units). Material lies to the left: dents are filled,
/// and two blunt corners become the sharp one in which the edges beside them meet (as jagua-rs simplifies).
fn grow_simpler(points: &[Point], slack: f64) -> Vec<Point> {
    let mut ring: Vec<Corner> = points.iter().map(|&at| Corner { at, moved: 0.0 }).collect();
    ring.dedup_by_key(|c| c.at);
    // Small changes first, so that they don't spend the slack of each other.
    for share in [0.0, 0.1, 0.3, 1.0] {
        let most = slack * share;
        loop {
            let before = ring.len();
            ring = pass(&ring, most);
            if ring.len() == before || ring.len() < 4 {
                break;
            }
        }
    }
    ring.into_iter().map(|c| c.at).collect()
}

/// One walk around the loop.
fn pass(ring: &[Corner], most: f64) -> Vec<Corner> {
    let n = ring.len();
    let mut out: Vec<Corner> = Vec::with_capacity(n);
    let mut i = 0;
    while i < n {
        let left = n - i + out.len();
        let b = ring[i];
        let before = out.last().copied().unwrap_or(ring[n - 1]);
        if left > 3 && i + 1 < n {
            let c = ring[i + 1];
            if let Some(moved) = dent(before, b, c, most) {
                match out.last_mut() {
                    Some(last) => last.moved = moved,
                    // The edge belongs to the last corner, which this walk has yet to reach.
                    None => {
                        out.push(b);
                        i += 1;
                        continue;
                    }
                }
                i += 1;
                continue;
            }
            if left > 4
                && i + 2 < n
                && let Some(last) = out.last_mut()
                && let Some((at, reach)) = meet(before.at, b, c, ring[i + 2].at, most)
            {
                // Both edges reach as far out as the corner in which they meet.
                last.moved = last.moved.max(reach);
                out.push(Corner {
                    at,
                    moved: c.moved.max(reach),
                });
                i += 2;
                continue;
            }
        }
        out.push(b);
        i += 1;
    }
    out
}

/// How far the edge from `a` to `c` lies outside when the corner `b` between them is left out; `None` when it would
/// cut off material or go too far.
fn dent(a: Corner, b: Corner, c: Corner, most: f64) -> Option<f64> {
    let (u, v) = (b.at - a.at, c.at - b.at);
    if u.cross(v) > 0 || u.dot(v) < 0 {
        return None;
    }
    let chord = (c.at - a.at).norm();
    let depth = if chord > 0.0 {
        -(u.cross(v) as f64) / chord
    } else {
        0.0
    };
    let moved = depth + a.moved.max(b.moved);
    (moved <= most).then_some(moved)
}

/// Where the edges before `b` and after `c` meet, when both corners are convex and the place is near the edge
/// between them, and how far outside it lies.
fn meet(a: Point, b: Corner, c: Corner, d: Point, most: f64) -> Option<(Point, f64)> {
    let (u, e, v) = (b.at - a, c.at - b.at, d - c.at);
    if u.cross(e) <= 0 || e.cross(v) <= 0 || u.cross(v) <= 0 || u.dot(v) < 0 {
        return None;
    }
    let t = e.cross(v) as f64 / u.cross(v) as f64;
    let (x, y) = (f64::from(u.x) * t, f64::from(u.y) * t);
    let length = e.norm();
    // Height of the new corner over the edge that it replaces.
    let height = (y * f64::from(e.x) - x * f64::from(e.y)).abs() / length.max(1.0);
    let reach = height + b.moved;
    (reach <= most).then(|| (b.at + Point::new(nearest_unit(x), nearest_unit(y)), reach))
}

#[cfg(test)]
mod tests {
    use super::*;
    use offcut_geometry::loops::area2;
    use proptest::prelude::*;

    fn circle(n: usize, r: f64) -> Vec<Point> {
        (0..n)
            .map(|i| {
                let a = std::f64::consts::TAU * i as f64 / n as f64;
                Point::new((libm::cos(a) * r) as i32, (libm::sin(a) * r) as i32)
            })
            .collect()
    }

    #[test]
    fn many_corners_become_few_that_cover_them() {
        let fine = circle(2000, 1e6);
        let few = grow_simpler(&fine, 5e3);
        // A tangent polygon that reaches 0.5 % out needs at least 32 corners.
        assert!(few.len() < 130, "{}", few.len());
        let mut l = Loops::new();
        l.push(&few);
        let reach = few.iter().map(|p| p.norm()).fold(0.0, f64::max);
        assert!(reach < 1e6 + 5e3 + 2.0, "{reach}");
        assert!(area2(&few) >= area2(&fine));
        let outside = fine
            .iter()
            .filter(|p| offset::offset(&l, 2, offset::Join::Miter).winding(**p) == 0);
        assert_eq!(outside.count(), 0);
    }

    proptest! {
        /// Star-shaped loops: every corner stays covered, and nothing reaches out too far.
        #[test]
        fn simpler_loops_cover(radii in proptest::collection::vec(2e5..1e6f64, 5..60), slack in 100.0..3e4f64) {
            let n = radii.len();
            let p: Vec<Point> = radii
                .iter()
                .enumerate()
                .map(|(i, r)| {
                    let a = std::f64::consts::TAU * i as f64 / n as f64;
                    Point::new((libm::cos(a) * r) as i32, (libm::sin(a) * r) as i32)
                })
                .collect();
            let q = grow_simpler(&p, slack);
            prop_assert!(q.len() <= p.len() && q.len() >= 3);
            let mut l = Loops::new();
            l.push(&q);
            let wide = offset::offset(&clip::non_zero(&l), 3, offset::Join::Miter);
            for v in &p {
                prop_assert!(wide.winding(*v) != 0, "{v:?} is cut off");
            }
            let mut whole = Loops::new();
            whole.push(&p);
            for v in &q {
                let edges = offcut_geometry::loops::edges(&p);
                let near = edges
                    .map(|(a, b)| offcut_geometry::point::nearest_on_segment(*v, a, b).0.dist(*v))
                    .fold(f64::MAX, f64::min);
                prop_assert!(whole.winding(*v) != 0 || near <= slack + 3.0, "{v:?} reaches out by {near}");
            }
        }
    }
}
