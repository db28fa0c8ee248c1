//! Marks on the layers of a stack: their numbers, and where the next layer goes.

use super::Marks;
use crate::cut::strokes;
use offcut_geometry::clip_lines::LineClipper;
use offcut_geometry::drawing::{Segment, Vec2};
use offcut_geometry::island::islands;
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::strands::Strands;
use offcut_geometry::{Loops, Point, clip, grid, to_mm};

/// Heights of numbers that are tried, mm.
const HEIGHTS: [f64; 6] = [6.0, 4.5, 3.5, 2.6, 2.0, 1.5];
/// Room around numbers, and between the outline above and the edge, mm.
const ROOM: f64 = 0.5;
/// Shorter pieces of the outline above are left out, mm.
const LEAST: f64 = 2.0;

/// The strokes of the marks of a layer: its number on every piece, hidden under the next layer where that has room, and
/// what the next layer's outline leaves on it.
pub(super) fn marks(layer: &Loops, above: Option<&Loops>, number: usize, marks: Marks) -> Vec<Vec<Segment>> {
    let mut out = Vec::new();
    if marks == Marks::None {
        return out;
    }
    for island in islands(layer) {
        let covered = above.map(|a| clip::intersection(&island.loops, a));
        let text = number.to_string();
        let place = covered
            .and_then(|c| fitting(&c, &text))
            .or_else(|| fitting(&island.loops, &text));
        if let Some((at, height)) = place {
            out.extend(strokes::text(&text, at, height));
        }
    }
    if let (Marks::Outlines, Some(above)) = (marks, above) {
        let inner = offset(layer, -grid(ROOM), Join::Miter);
        let (mut clipper, mut kept) = (LineClipper::default(), Strands::default());
        clipper.begin(&inner);
        kept.begin(&inner, LEAST * offcut_geometry::UNITS_PER_MM);
        for l in above.iter() {
            let mut ring = l.to_vec();
            ring.extend(l.first());
            clipper.clip(&inner, &ring, &mut kept);
        }
        out.extend(kept.lines.iter().map(segments));
    }
    out
}

fn segments(line: &[Point]) -> Vec<Segment> {
    let mm = |p: &Point| Vec2::new(to_mm(p.x), to_mm(p.y));
    line.windows(2)
        .map(|w| Segment::line(mm(&w[0]), mm(&w[1])))
        .collect()
}

/// The lower left corner and the height of the largest text that has room.
fn fitting(set: &Loops, text: &str) -> Option<(Vec2, f64)> {
    HEIGHTS.iter().find_map(|&height| {
        let half = Vec2::new(strokes::width(text, height), height) * 0.5;
        let room = offset(set, -grid(half.norm() + ROOM), Join::Round);
        let b = room.bbox();
        let middle = Point::new(b.min.x.midpoint(b.max.x), b.min.y.midpoint(b.max.y));
        let nearest = room.points.iter().copied().min_by_key(|p| {
            let d = [i64::from(p.x - middle.x), i64::from(p.y - middle.y)];
            d[0] * d[0] + d[1] * d[1]
        })?;
        let at = if room.contains(middle) { middle } else { nearest };
        Some((Vec2::new(to_mm(at.x), to_mm(at.y)) - half, height))
    })
}
