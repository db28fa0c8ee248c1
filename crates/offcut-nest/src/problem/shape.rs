//! Shapes and orientations of kinds.

use crate::instance::{Instance, Item, Rotations, Target};
use crate::orientation::Orientation;
use offcut_geometry::{Coord, Loops, Point, clip, offset, simplify};

/// Orientations tried for parts that may be turned freely: by the number of kinds up to which so many are
/// worth their fields.
const FREE_ANGLES: [(usize, u32); 4] = [(4, 36), (10, 24), (24, 16), (usize::MAX, 8)];

/// Share of half the spacing by which round corners of grown shapes may stand out.
const COARSENESS: f64 = 0.03;

/// Where the angles of parts that may be turned freely come from.
#[derive(Debug, Clone, Copy)]
pub enum Angles<'a> {
    /// All around, evenly.
    Around,
    /// From where they lie, and a step (degrees) to both sides.
    Near(&'a [Orientation], f64),
}

/// All orientations that are tried for an item.
pub fn orientations(instance: &Instance, item: &Item, kinds: usize, angles: Angles) -> Vec<Orientation> {
    let mut out: Vec<Orientation> = Vec::new();
    let mut add = |o: Orientation| {
        if !out.iter().any(|p| p.is_close(o)) {
            out.push(o);
        }
    };
    for (r, mirror) in [(Some(&item.rotations), false), (item.mirrored.as_ref(), true)] {
        match (r, angles) {
            (None, _) => {}
            (Some(Rotations::Set(a)), _) => a.iter().for_each(|&a| add(Orientation::new(a, mirror))),
            (Some(Rotations::Free), Angles::Near(placed, step)) if !placed.is_empty() => {
                for o in placed.iter().filter(|o| o.mirror == mirror) {
                    for d in [0.0, step, -step] {
                        add(Orientation::new(o.angle + d, mirror));
                    }
                }
            }
            (Some(Rotations::Free), _) => {
                let n = free_angles(kinds);
                let first = laid_flat(&item.shape, mirror);
                for k in 0..n {
                    add(Orientation::new(
                        first + f64::from(k) * 360.0 / f64::from(n),
                        mirror,
                    ));
                }
                for a in along_grain(instance, item, mirror) {
                    add(Orientation::new(a, mirror));
                }
            }
        }
    }
    let free = |r: &Rotations| *r == Rotations::Free;
    if matches!(angles, Angles::Around) && free(&item.rotations) {
        let fitting = fitting(instance, item, &out);
        out.extend(fitting);
    }
    out
}

/// How many angles are tried for parts that may be turned freely.
pub fn free_angles(kinds: usize) -> u32 {
    FREE_ANGLES.iter().find(|f| kinds <= f.0).map_or(8, |f| f.1)
}

/// The angle that lays the longest side of the hull along an axis, less than a quarter turn.
fn laid_flat(shape: &Loops, mirror: bool) -> f64 {
    let hull = offcut_geometry::hull::convex_hull(&shape.points);
    let sides = hull.iter().zip(hull.iter().cycle().skip(1));
    let Some((a, b)) = sides.max_by_key(|(a, b)| (**b - **a).norm2()) else {
        return 0.0;
    };
    let d = *b - *a;
    let angle = libm::atan2(f64::from(d.y), f64::from(d.x)).to_degrees();
    let angle = (if mirror { angle } else { -angle }).rem_euclid(90.0);
    if !(1e-9..=90.0 - 1e-9).contains(&angle) {
        0.0
    } else {
        angle
    }
}

/// For every sheet whose box takes the item in no known orientation the angle at which it does, if there is one.
fn fitting(instance: &Instance, item: &Item, known: &[Orientation]) -> Vec<Orientation> {
    const STEPS: i32 = 180;
    let hull = offcut_geometry::hull::convex_hull(&item.shape.points);
    let m = 2.0 * f64::from(instance.margin);
    let rooms: Vec<[f64; 2]> = match &instance.target {
        Target::Strip { height } => vec![[f64::INFINITY, *height as f64 - m]],
        Target::Sheets(all) => {
            let boxes = all.iter().map(|s| s.outline.bbox());
            boxes
                .map(|b| [f64::from(b.max.x - b.min.x) - m, f64::from(b.max.y - b.min.y) - m])
                .collect()
        }
    };
    // How much of the room is filled, 1 at most when it fits.
    let filled = |o: Orientation, room: &[f64; 2]| {
        let m = o.matrix();
        let span = |u: f64, v: f64| {
            let at = |p: &Point| u * f64::from(p.x) + v * f64::from(p.y);
            let (lo, hi) = hull
                .iter()
                .map(at)
                .fold((f64::INFINITY, f64::NEG_INFINITY), |r, v| {
                    (r.0.min(v), r.1.max(v))
                });
            hi - lo
        };
        (span(m[0], m[1]) / room[0]).max(span(m[2], m[3]) / room[1])
    };
    let mut out: Vec<Orientation> = Vec::new();
    for room in rooms.iter().filter(|r| r[0] > 0.0 && r[1] > 0.0) {
        if known.iter().chain(&out).any(|&o| filled(o, room) <= 1.0) {
            continue;
        }
        let best = |from: f64, step: f64| {
            let all = (-STEPS / 2..=STEPS / 2).map(|k| from + f64::from(k) * step);
            all.min_by(|a, b| {
                let f = |a: f64| filled(Orientation::new(a, false), room);
                f(*a).total_cmp(&f(*b))
            })
        };
        let found = best(90.0, 1.0).and_then(|a| best(a, 0.02));
        let found = found.map(|a| Orientation::new(a, false));
        out.extend(found.filter(|&o| filled(o, room) <= 1.0));
    }
    out
}

/// Angles that bring an item's grain along that of a sheet.
fn along_grain(instance: &Instance, item: &Item, mirror: bool) -> Vec<f64> {
    let (Some(own), Target::Sheets(sheets)) = (item.grain, &instance.target) else {
        return Vec::new();
    };
    let own = if mirror { -own } else { own };
    let grains = sheets.iter().filter_map(|s| s.grain);
    grains.flat_map(|g| [g - own, g - own + 180.0]).collect()
}

/// Shapes with more vertices are covered by coarser ones: a no-fit polygon takes time by the product of two.
const MOST_VERTICES: usize = 160;
/// How far the first cover reaches beyond, as a share of the smaller side; doubled until it is coarse enough.
const FIRST_COVER: f64 = 5e-4;
/// How often it is doubled.
const DOUBLINGS: u32 = 4;
/// The largest holes of a part that are kept.
const MOST_HOLES: usize = 16;

/// The smallest area and the smallest diameter of all items: what takes less takes no part.
pub fn smallest(items: &[(u32, &Item)]) -> (f64, f64) {
    items
        .iter()
        .fold((f64::INFINITY, f64::INFINITY), |(a, d), (_, i)| {
            let hull = offcut_geometry::hull::convex_hull(&i.shape.points);
            (a.min(i.shape.area2() as f64 * 0.5), d.min(diameter(&hull)))
        })
}

/// A shape that covers an item's and is quick to search with: without holes that take no part, and without more
/// vertices than are useful.
pub fn lean(shape: &Loops, (area, diameter): (f64, f64)) -> Loops {
    let size = |l: &[Point]| -(offcut_geometry::loops::area2(l) as f64) * 0.5;
    let takes = |l: &[Point]| {
        let b = offcut_geometry::BBox::of(l);
        size(l) >= area && b.min.dist(b.max) >= diameter
    };
    let mut holes: Vec<&[Point]> = shape.iter().filter(|l| size(l) > 0.0 && takes(l)).collect();
    holes.sort_by(|a, b| size(b).total_cmp(&size(a)));
    holes.truncate(MOST_HOLES);
    let mut out: Loops = shape
        .iter()
        .filter(|l| size(l) < 0.0)
        .map(<[Point]>::to_vec)
        .collect();
    holes.iter().for_each(|l| out.push(l));
    let b = out.bbox();
    let mut slack = FIRST_COVER * f64::from((b.max.x - b.min.x).min(b.max.y - b.min.y));
    for _ in 0..DOUBLINGS {
        if out.points.len() <= MOST_VERTICES || slack < 1.0 {
            break;
        }
        let around = offset::offset(&out, slack as Coord + 1, offset::Join::Miter);
        let coarse = clip::positive(&simplify::simplify(&around, slack));
        if coarse.points.len() < out.points.len() && coarse.area2() >= out.area2() {
            out = coarse;
        }
        slack *= 2.0;
    }
    out
}

/// The shape grown by half the spacing: as far along edges, a little more at corners so that they need few
/// vertices.
pub fn grown(shape: &Loops, spacing: Coord) -> Loops {
    if spacing == 0 {
        return shape.clone();
    }
    // A unit more for odd numbers and roundings. Chords of round joins lie inside the arc.
    const CHORD: i32 = 200;
    let d = spacing / 2 + 1;
    let slack = (COARSENESS * f64::from(d)) as Coord;
    let fine = offset::offset(shape, d + slack + CHORD.min(d / 8 + 1), offset::Join::Round);
    if slack == 0 {
        return fine;
    }
    let coarse = clip::positive(&simplify::simplify(&fine, f64::from(slack)));
    // Mitres are exact along edges and too far at corners, where the coarse arcs cut them.
    clip::intersection(&coarse, &offset::offset(shape, d, offset::Join::Miter))
}

pub fn diameter(hull: &[Point]) -> f64 {
    let far = |a: &Point| hull.iter().map(|b| a.dist(*b)).fold(0.0, f64::max);
    hull.iter().map(far).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(x: f64, y: f64, r: f64, corners: u32) -> Vec<Point> {
        let at = |k| f64::from(k) * std::f64::consts::TAU / f64::from(corners);
        let corner = |k| {
            let (s, c) = libm::sincos(at(k));
            Point::new((x + r * c).round() as Coord, (y + r * s).round() as Coord)
        };
        (0..corners).map(corner).collect()
    }

    #[test]
    fn lean_shapes_cover_and_keep_holes_that_take_a_part() {
        let mut plate: Loops = [round(0.0, 0.0, 1e6, 1000)].into_iter().collect();
        for k in 0..40 {
            let mut hole = round(-8e5 + 4e4 * f64::from(k), 0.0, 1e4, 24);
            hole.reverse();
            plate.push(&hole);
        }
        let mut large = round(0.0, 4e5, 3e5, 200);
        large.reverse();
        plate.push(&large);
        // The smallest part is a square of 100 000.
        let thin = lean(&plate, (1e10, 1.414e5));
        assert_eq!(thin.len(), 2);
        assert!(thin.points.len() <= MOST_VERTICES, "{}", thin.points.len());
        assert!(clip::difference(&plate, &thin).is_empty());
        let more = (thin.area2() - plate.area2()) as f64 * 0.5 - 40.0 * 3.1e8;
        assert!(more < 0.02 * plate.area2() as f64 * 0.5, "{more}");
        // Few vertices stay where they are.
        let square: Loops = [round(0.0, 0.0, 1e6, 4)].into_iter().collect();
        assert_eq!(lean(&square, (0.0, 0.0)), square);
    }
}
