//! Shapes and orientations of kinds.

use crate::instance::{Instance, Item, Rotations, Target};
use crate::orientation::Orientation;
use offcut_geometry::{Coord, Loops, Point, clip, offset, simplify};

/// Orientations tried for parts that may be turned freely: by the number of kinds up to which so many are
/// worth their fields.
const FREE_ANGLES: [(usize, u32); 4] = [(4, 36), (10, 24), (24, 16), (usize::MAX, 8)];

/// Share of half the spacing by which round corners of grown shapes may stand out.
const COARSENESS: f64 = 0.03;

/// All orientations that are tried for an item.
pub fn orientations(instance: &Instance, item: &Item, kinds: usize) -> Vec<Orientation> {
    let mut out: Vec<Orientation> = Vec::new();
    let mut add = |o: Orientation| {
        if !out.iter().any(|p| p.is_close(o)) {
            out.push(o);
        }
    };
    for (r, mirror) in [(Some(&item.rotations), false), (item.mirrored.as_ref(), true)] {
        match r {
            None => {}
            Some(Rotations::Set(a)) => a.iter().for_each(|&a| add(Orientation::new(a, mirror))),
            Some(Rotations::Free) => {
                let fine = FREE_ANGLES.iter().find(|f| kinds <= f.0);
                let n = fine.map_or(8, |f| f.1);
                for k in 0..n {
                    add(Orientation::new(f64::from(k) * 360.0 / f64::from(n), mirror));
                }
                for a in along_grain(instance, item, mirror) {
                    add(Orientation::new(a, mirror));
                }
            }
        }
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
