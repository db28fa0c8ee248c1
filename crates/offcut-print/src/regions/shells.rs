//! Which parts of an island are solid, and with what lines.
//!
//! In: where infill may run, and the outlines of the layers around as rows of intervals. Out: solid
//! lines, and the outline of what is solid.
//!
//! No polygon is clipped for this: solid lines lie at fixed places in the plane, and what lies within
//! the wanted number of layers of the air is found on each of these lines as a difference of
//! intervals. The intervals are the lines that get printed.

use super::spans::{
    RowSpans, grow_within, intersect, keep_long, length, merge, reach_ends, shrink, subtract,
};
use offcut_geometry::{Coord, Hatch, Loops, grid};

/// What is solid is grown by this all around, so that lines hold on to what is around and bands
/// narrower than a line get lines in whatever direction they run; line distances.
const ANCHOR: f64 = 1.25;
/// Where lines run along the wall for longer than this, what lies between the two counts too; line
/// distances.
const PARALLEL: f64 = 2.0;
/// Solid intervals nearer than this become one, mm.
const JOIN_MM: f64 = 1.0;
/// Between a top surface and the end of its solid interval, up to this length belongs to the surface, mm.
pub(super) const SHORT_REST_MM: f64 = 1.0;
/// Solid spots on a single line, with no neighbour, are left out up to this length, mm.
const SPOT_MM: f64 = 0.8;
/// Bridges over sparse infill are at least so long, mm.
const INTERNAL_BRIDGE_MM: f64 = 3.0;
/// The width along the walls that holds the ends of lines above sparse infill, mm.
const WALL_MM: f64 = 1.0;

/// Outlines of the layers around one, rows in the direction of its solid lines. Layers of the same
/// outline as its own are left out: they cover it.
#[derive(Debug, Default)]
pub struct Around<'a> {
    /// Layers above within the top shell.
    pub above: Vec<&'a RowSpans>,
    /// Layers below within the bottom shell.
    pub below: Vec<&'a RowSpans>,
    /// The layer directly above, when it differs.
    pub next: Option<&'a RowSpans>,
    /// The layer directly below, when it differs.
    pub previous: Option<&'a RowSpans>,
    /// The shell reaches the end of the print, or the whole layer is wanted solid.
    pub all_solid: bool,
    /// There is no layer above.
    pub last: bool,
    /// There is no layer below.
    pub first: bool,
    /// The layer below is sparse where these cover: its own shells, one layer down.
    pub sparse_below: Option<Vec<&'a RowSpans>>,
}

impl Around<'_> {
    /// True when nothing around can make anything solid.
    #[must_use]
    pub fn all_covered(&self) -> bool {
        !self.all_solid && self.above.is_empty() && self.below.is_empty()
    }
}

/// The solid part of an island.
#[derive(Debug, Default)]
pub struct Shells {
    /// Solid intervals.
    pub solid: RowSpans,
    /// Of these, what is seen from above.
    pub top: RowSpans,
    /// Of these, what lies over air.
    pub air: RowSpans,
    /// Of these, what lies over sparse infill.
    pub bridging: RowSpans,
}

/// Finds what is solid of an island whose infill may run in `fill`; `spacing` is the distance of its
/// lines, grid units.
#[must_use]
#[inline(never)]
pub fn find(fill: &RowSpans, around: &Around, spacing: f64) -> Shells {
    let mut raw = RowSpans::starting_at(fill.first, fill.len());
    let (mut a, mut b) = (Vec::new(), Vec::new());
    if around.all_solid {
        raw = fill.clone();
    } else {
        let mut bare = Bare::default();
        for line in fill.lines() {
            bare.find(fill, line, around, (PARALLEL * spacing) as Coord, &mut b);
            raw.push(&b);
        }
        if raw.is_empty() {
            return Shells::default();
        }
    }
    let mut out = Shells {
        solid: RowSpans::starting_at(fill.first, fill.len()),
        top: RowSpans::starting_at(fill.first, fill.len()),
        air: RowSpans::starting_at(fill.first, fill.len()),
        bridging: RowSpans::starting_at(fill.first, fill.len()),
    };
    if !around.all_solid {
        raw = without_spots(&raw, grid(SPOT_MM), spacing as Coord);
    }
    let mut solid = Vec::new();
    for line in fill.lines() {
        let f = fill.row(line);
        if around.all_solid {
            solid.clear();
            solid.extend_from_slice(f);
        } else {
            grown(&raw, line, spacing, f, &mut a, &mut solid);
        }
        out.solid.push(&solid);
        top_of(line, f, &solid, around, (&mut a, &mut b), &mut out.top);
        air_of(line, &solid, around, &mut a, &mut out.air);
        sparse_of(line, &solid, around, (&mut a, &mut b), &mut out.bridging);
    }
    if !out.bridging.is_empty() {
        out.bridging = held(&out.bridging, &out.solid);
    }
    out
}

/// Finds what of a line's fill is not covered all around.
#[derive(Debug, Default)]
struct Bare {
    edge: Vec<Coord>,
    cover: Vec<Coord>,
    rest: Vec<Coord>,
}

impl Bare {
    fn find(&mut self, fill: &RowSpans, line: i32, around: &Around, long: Coord, out: &mut Vec<Coord>) {
        let f = fill.row(line);
        self.covered(f, line, around);
        subtract(f, &self.cover, out);
        // Between the last line and the wall no line tells what is covered: the place beside it on the
        // next one, within the wall, does.
        for beside in [line - 1, line + 1] {
            subtract(f, fill.row(beside), &mut self.edge);
            let mut edge = std::mem::take(&mut self.edge);
            keep_long(&mut edge, long);
            if !edge.is_empty() {
                self.covered(&edge, beside, around);
                subtract(&edge, &self.cover, &mut self.rest);
                merge(out, &self.rest);
            }
            self.edge = edge;
        }
    }

    /// What of `set`, on a line, all layers around cover.
    fn covered(&mut self, set: &[Coord], line: i32, around: &Around) {
        self.cover.clear();
        self.cover.extend_from_slice(set);
        for r in around.above.iter().chain(&around.below) {
            if self.cover.is_empty() {
                break;
            }
            intersect(&self.cover, r.row(line), &mut self.rest);
            std::mem::swap(&mut self.cover, &mut self.rest);
        }
    }
}

/// Leaves out spots up to a length that have no neighbours on the lines beside: they are not worth a
/// line. A narrow band that crosses the lines has its next piece up to a line's distance farther on.
fn without_spots(raw: &RowSpans, spot: Coord, spacing: Coord) -> RowSpans {
    let mut out = RowSpans::starting_at(raw.first, raw.len());
    let mut kept = Vec::new();
    for line in raw.lines() {
        kept.clear();
        for p in raw.row(line).chunks_exact(2) {
            let beside = |l: i32| {
                let near = |q: &[Coord]| q[0] - spacing < p[1] && p[0] < q[1] + spacing;
                raw.row(l).chunks_exact(2).any(near)
            };
            if p[1] - p[0] > spot || beside(line - 1) || beside(line + 1) {
                kept.extend_from_slice(p);
            }
        }
        out.push(&kept);
    }
    out
}

/// The intervals of `line` within a circle of [`ANCHOR`] around what is solid on it and on the lines
/// beside, inside of `fill`; those nearer than [`JOIN_MM`] become one.
fn grown(
    raw: &RowSpans,
    line: i32,
    spacing: f64,
    fill: &[Coord],
    buffer: &mut Vec<Coord>,
    out: &mut Vec<Coord>,
) {
    let own = (ANCHOR * spacing) as Coord;
    let beside = ((ANCHOR * ANCHOR - 1.0).sqrt() * spacing) as Coord;
    let mut rows = [
        (raw.row(line), own),
        (raw.row(line - 1), beside),
        (raw.row(line + 1), beside),
    ];
    buffer.clear();
    // The next interval of the three rows that starts first.
    while let Some((row, by)) = rows
        .iter_mut()
        .filter(|r| !r.0.is_empty())
        .min_by_key(|(row, by)| row[0] - by)
    {
        let (s, e) = (row[0] - *by, row[1] + *by);
        *row = &row[2..];
        match buffer.last_mut() {
            Some(last) if *last >= s => *last = e.max(*last),
            _ => buffer.extend([s, e]),
        }
    }
    intersect(buffer, fill, out);
    std::mem::swap(buffer, out);
    grow_within(buffer, 0, grid(JOIN_MM), fill, out);
}

/// What the layer above leaves uncovered, with short rests beside it.
fn top_of(
    line: i32,
    fill: &[Coord],
    solid: &[Coord],
    around: &Around,
    (a, b): (&mut Vec<Coord>, &mut Vec<Coord>),
    out: &mut RowSpans,
) {
    a.clear();
    if around.last {
        a.extend_from_slice(solid);
    } else if let Some(next) = around.next {
        subtract(solid, next.row(line), b);
        let few = grid(0.3);
        let mut seen = Vec::with_capacity(b.len());
        for p in b.chunks_exact(2) {
            if p[1] - p[0] > few {
                seen.extend_from_slice(p);
            }
        }
        let mut grown = Vec::new();
        grow_within(&seen, grid(0.25), grid(JOIN_MM), fill, &mut grown);
        intersect(&grown, solid, a);
        reach_ends(a, solid, grid(SHORT_REST_MM));
    }
    out.push(a);
}

fn air_of(line: i32, solid: &[Coord], around: &Around, a: &mut Vec<Coord>, out: &mut RowSpans) {
    a.clear();
    if let Some(previous) = around.previous.filter(|_| !around.first) {
        subtract(solid, previous.row(line), a);
    }
    out.push(a);
}

/// What of the solid intervals lies over sparse infill and not near to a wall below.
fn sparse_of(
    line: i32,
    solid: &[Coord],
    around: &Around,
    (a, b): (&mut Vec<Coord>, &mut Vec<Coord>),
    out: &mut RowSpans,
) {
    a.clear();
    if let Some(cover) = &around.sparse_below {
        a.extend_from_slice(solid);
        for r in cover {
            if a.is_empty() {
                break;
            }
            shrink(r.row(line), grid(WALL_MM), b);
            let mut c = Vec::new();
            intersect(a, b, &mut c);
            std::mem::swap(a, &mut c);
        }
        out.push(a);
        return;
    }
    out.push(a);
}

/// Of what lies over sparse infill, the pieces long enough to bridge it and the shorter ones beside them,
/// with their ends on what holds them.
fn held(over: &RowSpans, solid: &RowSpans) -> RowSpans {
    let least = grid(INTERNAL_BRIDGE_MM);
    let mut kept: Vec<Vec<Coord>> = over
        .lines()
        .map(|line| {
            let mut row = over.row(line).to_vec();
            keep_long(&mut row, least - 1);
            row
        })
        .collect();
    let n = kept.len();
    let mut beside = |i: usize, neighbour: usize| {
        for p in over.row(over.first + i as i32).chunks_exact(2) {
            let near = |q: &[Coord]| q[0] < p[1] && p[0] < q[1];
            if kept[neighbour].chunks_exact(2).any(near) && !kept[i].chunks_exact(2).any(near) {
                merge(&mut kept[i], p);
            }
        }
    };
    (1..n).for_each(|i| beside(i, i - 1));
    (1..n).rev().for_each(|i| beside(i - 1, i));
    let mut out = RowSpans::starting_at(over.first, over.len());
    let mut grown = Vec::new();
    for (line, row) in over.lines().zip(&kept) {
        grow_within(row, grid(WALL_MM), 0, solid.row(line), &mut grown);
        out.push(&grown);
    }
    out
}

impl Shells {
    /// Length of solid line over air, grid units.
    #[must_use]
    pub fn air_length(&self) -> i64 {
        self.air.lines().map(|l| length(self.air.row(l))).sum()
    }

    /// The outline of what is solid, reaching beyond the border of `fill`, so that taking it away
    /// from the infill region leaves no slivers along the walls. Elsewhere it is `border` grid units
    /// longer than the lines, whose links run along their ends.
    #[must_use]
    pub fn outline(&self, fill: &RowSpans, hatch: &Hatch, border: Coord) -> Loops {
        let beyond = grid(1.0);
        let reach = |line: i32, out: &mut Vec<Coord>, of: i32| {
            // The solid intervals of line `of`, where the fill has nothing on `line`.
            let f = fill.row(line);
            for p in self.solid.row(of).chunks_exact(2) {
                if !f.chunks_exact(2).any(|q| q[0] < p[1] && p[0] < q[1]) {
                    out.extend([p[0] - beyond, p[1] + beyond]);
                }
            }
        };
        let mut rows = RowSpans::starting_at(fill.first - 1, fill.len() + 2);
        let mut spans: Vec<Coord> = Vec::new();
        let mut pairs: Vec<(Coord, Coord)> = Vec::new();
        for line in fill.first - 1..=fill.lines().end {
            spans.clear();
            let f = fill.row(line);
            for p in self.solid.row(line).chunks_exact(2) {
                let s = if f.contains(&p[0]) {
                    p[0] - beyond
                } else {
                    p[0] - border
                };
                let e = if f.contains(&p[1]) {
                    p[1] + beyond
                } else {
                    p[1] + border
                };
                spans.extend([s, e]);
            }
            reach(line, &mut spans, line - 1);
            reach(line, &mut spans, line + 1);
            pairs.clear();
            pairs.extend(spans.chunks_exact(2).map(|p| (p[0], p[1])));
            pairs.sort_unstable();
            spans.clear();
            for &(s, e) in &pairs {
                match spans.last_mut() {
                    Some(last) if *last >= s => *last = e.max(*last),
                    _ => spans.extend([s, e]),
                }
            }
            rows.push(&spans);
        }
        rows.outline(hatch)
    }
}
