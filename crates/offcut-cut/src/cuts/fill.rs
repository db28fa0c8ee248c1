//! Areas as lines: hatches and offsets.

use super::run::{push_loop, runs_of};
use super::style::{Action, Style};
use offcut_geometry::drawing::{Segment, Vec2};
use offcut_geometry::hatch::{Hatch, Rows};
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::{GridError, Loops, UNITS_PER_MM, clip, grid, to_mm};

/// Chords of filled outlines, mm.
const FINE: f64 = 0.005;

/// One line across an area: its stretches with the beam on, in the order in which they are burnt.
pub(crate) struct FillRow {
    /// Where the head speeds up and slows down, and the stretches between, mm.
    pub from: Vec2,
    pub to: Vec2,
    pub burns: Vec<(Vec2, Vec2)>,
}

/// The region that closed runs enclose, by even and odd.
pub(crate) fn region<'a>(runs: impl Iterator<Item = &'a [Segment]>) -> Result<Loops, GridError> {
    let mut loops = Loops::new();
    for r in runs {
        push_loop(r, FINE, &mut loops)?;
    }
    Ok(clip::even_odd(&loops))
}

/// Parallel lines, back and forth.
pub(crate) fn rows(region: &Loops, style: &Style, angle: f64, out: &mut Vec<FillRow>) {
    let spacing = style.interval * UNITS_PER_MM;
    // Half a line from the lowest edge, so that lines lie evenly in the area.
    let plain = Hatch::new(angle.to_radians(), spacing, 0.0);
    let low = region
        .points
        .iter()
        .map(|p| plain.turned(*p).1)
        .fold(f64::INFINITY, f64::min);
    let hatch = Hatch::new(angle.to_radians(), spacing, low + spacing / 2.0);
    let mut crossed = Rows::default();
    crossed.cross(region, &hatch);
    let mm = |row: i32, along: f64| {
        let p = hatch.point(along, hatch.across(row));
        Vec2::new(to_mm(p.x), to_mm(p.y))
    };
    let overscan = style.overscan * UNITS_PER_MM;
    let mut back = false;
    for (row, list) in crossed.iter() {
        let mut spans: Vec<(f64, f64)> = list
            .chunks_exact(2)
            .map(|c| (f64::from(c[0].along), f64::from(c[1].along)))
            .filter(|s| s.1 > s.0)
            .collect();
        if spans.is_empty() {
            continue;
        }
        if back {
            spans.reverse();
            for s in &mut spans {
                *s = (s.1, s.0);
            }
        }
        let sign = if back { -1.0 } else { 1.0 };
        let (first, last) = (spans[0].0, spans[spans.len() - 1].1);
        out.push(FillRow {
            from: mm(row, first - sign * overscan),
            to: mm(row, last + sign * overscan),
            burns: spans.iter().map(|s| (mm(row, s.0), mm(row, s.1))).collect(),
        });
        back = !back;
    }
}

/// Offsets of the outline inwards, from the innermost to the outermost.
pub(crate) fn offsets(region: &Loops, style: &Style) -> Vec<Vec<Segment>> {
    let mut rings: Vec<Vec<Segment>> = Vec::new();
    let mut inner = offset(region, -grid(style.interval / 2.0), Join::Miter);
    while !inner.is_empty() {
        rings.extend(runs_of(&inner));
        inner = offset(&inner, -grid(style.interval), Join::Miter);
    }
    rings.reverse();
    rings
}

/// The families of lines of a filling action.
pub(crate) fn angles(style: &Style) -> Vec<f64> {
    match style.action {
        Action::Hatch => vec![style.angle],
        Action::CrossHatch => vec![style.angle, style.angle + 90.0],
        _ => Vec::new(),
    }
}
