//! What a layout leaves of its sheets.
//!
//! In: an instance and its layout. Out: for every sheet used the pieces that are worth keeping, as polygons
//! in the sheet's coordinates, each with the largest upright rectangle found in it. Promised: remnants keep
//! the spacing from every part and lie wholly on the sheet, off its defects.
//!
//! The rectangle is the largest whose sides run through vertices of the piece (unless those are too many) or
//! on evenly spaced lines: exact for pieces with upright sides, a little smaller than the largest otherwise.

use crate::instance::{Instance, Target};
use crate::layout::Layout;
use offcut_geometry::island::islands;
use offcut_geometry::loops::edges;
use offcut_geometry::{Coord, Loops, Point, clip, offset};

/// Which pieces are worth keeping.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Keep {
    /// Narrower ones, and narrower places of them, are scrap; grid units.
    pub min_width: Coord,
    /// Smaller ones are scrap, square grid units.
    pub min_area: f64,
}

/// A piece that is left of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Remnant {
    /// Index into [`Layout::sheets`].
    pub sheet: u32,
    /// Outline, with holes where there is no material; grid units of the sheet.
    pub polygon: Loops,
    /// Area, square grid units.
    pub area: f64,
    /// The largest upright rectangle found in it: left, bottom, right, top.
    pub rectangle: [Coord; 4],
}

impl Remnant {
    /// Area of the rectangle, square grid units.
    #[must_use]
    pub fn rectangle_area(&self) -> f64 {
        let [x, y, u, v] = self.rectangle.map(f64::from);
        (u - x) * (v - y)
    }
}

/// The pieces that a layout leaves, by sheet, the largest of each first. A strip leaves none.
#[must_use]
pub fn remnants(instance: &Instance, layout: &Layout, keep: &Keep) -> Vec<Remnant> {
    let Target::Sheets(kinds) = &instance.target else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for (sheet, &kind) in (0..).zip(&layout.sheets) {
        let Some(kind) = kinds.get(kind as usize) else {
            continue;
        };
        let mut taken = Loops::new();
        for d in &kind.defects {
            taken.extend(d);
        }
        for p in layout.placements.iter().filter(|p| p.sheet == sheet) {
            let mut part = p.turned(instance);
            let fit = |v: i64| Coord::try_from(v).unwrap_or(Coord::MAX / 4);
            part.translate(Point::new(fit(p.x), fit(p.y)));
            taken.extend(&spaced(&part, instance.spacing));
        }
        let free = clip::difference(&kind.outline, &clip::positive(&taken));
        let firm = offset::opening(&free, (keep.min_width / 2).max(1));
        // Mitred corners may stand out of what was there before.
        let firm = clip::intersection(&firm, &free);
        let mut pieces: Vec<Remnant> = islands(&firm)
            .into_iter()
            .map(|i| Remnant {
                sheet,
                area: i.loops.area2() as f64 * 0.5,
                rectangle: largest_rectangle(&i.loops),
                polygon: i.loops,
            })
            .filter(|r| r.area >= keep.min_area)
            .collect();
        pieces.sort_by(|a, b| b.area.total_cmp(&a.area));
        out.extend(pieces);
    }
    out
}

fn spaced(part: &Loops, spacing: Coord) -> Loops {
    if spacing > 0 {
        // Chords of round joins lie inside the arc by up to 200 units.
        offset::offset(part, spacing + (spacing / 8).min(200), offset::Join::Round)
    } else {
        part.clone()
    }
}

/// Evenly spaced lines of an axis, and the most that run through vertices beside them.
const LINES: usize = 96;

/// Left, bottom, right and top of the largest rectangle between the lines.
fn largest_rectangle(piece: &Loops) -> [Coord; 4] {
    let lines = |axis: fn(&Point) -> Coord| {
        let mut v: Vec<Coord> = piece.points.iter().map(axis).collect();
        let (lo, hi) = (v.iter().copied().min(), v.iter().copied().max());
        if v.len() > LINES {
            v.clear();
        }
        if let (Some(lo), Some(hi)) = (lo, hi) {
            let length = i64::from(hi) - i64::from(lo);
            v.extend((0..=LINES as i64).map(|k| lo + (length * k / LINES as i64) as Coord));
        }
        v.sort_unstable();
        v.dedup();
        v
    };
    let (xs, ys) = (lines(|p| p.x), lines(|p| p.y));
    if xs.len() < 2 || ys.len() < 2 {
        return [0; 4];
    }
    let columns = xs.len() - 1;
    let touched = touched_cells(piece, &xs, &ys);
    let mut best = (0.0, [0; 4]);
    // Where the full cells of every column that reach up to the row begin.
    let mut bottoms = vec![ys[0]; columns];
    let mut stack: Vec<(usize, Coord)> = Vec::new();
    for row in 0..ys.len() - 1 {
        let inside = inside_cells(piece, &xs, ys[row], ys[row + 1]);
        for c in 0..columns {
            if touched[row * columns + c] || !inside[c] {
                bottoms[c] = ys[row + 1];
            }
        }
        let top = ys[row + 1];
        stack.clear();
        for c in 0..=columns {
            let bottom = bottoms.get(c).copied().unwrap_or(top);
            let mut from = c;
            while let Some(&(start, low)) = stack.last().filter(|s| s.1 < bottom) {
                stack.pop();
                let area = f64::from(top - low) * f64::from(xs[c] - xs[start]);
                if area > best.0 {
                    best = (area, [xs[start], low, xs[c], top]);
                }
                from = start;
            }
            if stack.last().is_none_or(|s| s.1 > bottom) {
                stack.push((from, bottom));
            }
        }
    }
    best.1
}

/// The cells whose inside an edge passes, by row.
fn touched_cells(piece: &Loops, xs: &[Coord], ys: &[Coord]) -> Vec<bool> {
    let columns = xs.len() - 1;
    let mut touched = vec![false; columns * (ys.len() - 1)];
    for (a, b) in piece.iter().flat_map(edges) {
        let span = |lines: &[Coord], u: Coord, v: Coord| {
            let first = lines.partition_point(|&l| l <= u.min(v)).saturating_sub(1);
            let last = lines.partition_point(|&l| l < u.max(v)).min(lines.len() - 1);
            first..last.max(first)
        };
        for row in span(ys, a.y, b.y) {
            for c in span(xs, a.x, b.x) {
                let d = b - a;
                // The cell's corners lie strictly on both sides of the edge's line, and their boxes overlap.
                let side = |x: Coord, y: Coord| d.cross(Point::new(x, y) - a).signum();
                let corners = [
                    side(xs[c], ys[row]),
                    side(xs[c + 1], ys[row]),
                    side(xs[c], ys[row + 1]),
                    side(xs[c + 1], ys[row + 1]),
                ];
                if corners.contains(&1) && corners.contains(&-1) {
                    touched[row * columns + c] = true;
                }
            }
        }
    }
    touched
}

/// The cells of a row whose middle lies inside.
fn inside_cells(piece: &Loops, xs: &[Coord], low: Coord, high: Coord) -> Vec<bool> {
    let y = 0.5 * (f64::from(low) + f64::from(high));
    let mut crossings: Vec<(f64, i32)> = Vec::new();
    for (a, b) in piece.iter().flat_map(edges) {
        let (ay, by) = (f64::from(a.y), f64::from(b.y));
        if (ay <= y) != (by <= y) {
            let x = f64::from(a.x) + f64::from(b.x - a.x) * (y - ay) / (by - ay);
            crossings.push((x, if by > ay { -1 } else { 1 }));
        }
    }
    crossings.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut winding = 0;
    let mut next = 0;
    xs.windows(2)
        .map(|w| {
            let x = 0.5 * (f64::from(w[0]) + f64::from(w[1]));
            while next < crossings.len() && crossings[next].0 < x {
                winding += crossings[next].1;
                next += 1;
            }
            winding > 0
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instance::{Item, Sheet};
    use crate::layout::Placement;
    use crate::orientation::Orientation;

    fn rectangle(x: i32, y: i32, w: i32, h: i32) -> Vec<Point> {
        vec![
            Point::new(x, y),
            Point::new(x + w, y),
            Point::new(x + w, y + h),
            Point::new(x, y + h),
        ]
    }

    fn set(loops: &[Vec<Point>]) -> Loops {
        loops.iter().cloned().collect()
    }

    #[test]
    fn a_corner_part_leaves_an_l() {
        let part = Item::new("a", &set(&[rectangle(0, 0, 4000, 3000)]), 1, 1.0);
        let sheet = Sheet::new("s", set(&[rectangle(0, 0, 10_000, 8000)]));
        let mut instance = Instance::new("t", vec![part], Target::Sheets(vec![sheet]), 1.0);
        let layout = Layout {
            sheets: vec![0],
            placements: vec![Placement {
                item: 0,
                sheet: 0,
                orientation: Orientation::new(0.0, false),
                x: 2000,
                y: 1500,
            }],
            unplaced: Vec::new(),
        };
        let keep = Keep {
            min_width: 100,
            min_area: 1e4,
        };
        let left = remnants(&instance, &layout, &keep);
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].area, 68e6);
        // 10 000 × 5000 above the part is more than 6000 × 8000 beside it.
        assert_eq!(left[0].rectangle, [0, 3000, 10_000, 8000]);
        assert_eq!(left[0].rectangle_area(), 50e6);
        instance.spacing = 1000;
        let left = remnants(&instance, &layout, &keep);
        // 1000 less on either side: 5000 × 8000 or 10 000 × 4000, less what chords add.
        assert!((39e6..=40e6).contains(&left[0].rectangle_area()));
    }

    #[test]
    fn the_rectangle_lies_in_the_piece() {
        // A diamond with a hole: the best rectangle beside or above the hole has its corners on the rim.
        let diamond = vec![
            Point::new(0, -1000),
            Point::new(1000, 0),
            Point::new(0, 1000),
            Point::new(-1000, 0),
        ];
        let mut hole = rectangle(-100, -100, 200, 200);
        hole.reverse();
        let piece = set(&[diamond, hole]);
        let [x, y, u, v] = largest_rectangle(&piece);
        let r = set(&[rectangle(x, y, u - x, v - y)]);
        assert!(r.area2() > 0);
        assert_eq!(clip::difference(&r, &piece).area2(), 0);
    }
}
