//! Which parts of an island are solid, and with what lines.
//!
//! In: where infill may run, and the outlines of the layers around as rows of intervals. Out: solid
//! lines as chains, and the outline of what is solid.
//!
//! No polygon is clipped for this: solid lines lie at fixed places in the plane, and what lies within
//! the wanted number of layers of the air is found on each of these lines as a difference of
//! intervals. The intervals are the lines that get printed.

use super::spans::{RowSpans, grow_within, intersect, length, shrink, subtract};
use offcut_geometry::{Coord, Hatch, Loops, Point, grid};

/// Solid intervals are grown by this at their ends, so that lines hold on to what is around, mm.
const ANCHOR_MM: f64 = 0.5;
/// Solid intervals nearer than this become one, mm.
const JOIN_MM: f64 = 1.0;
/// Solid spots on a single line, with no neighbour, are left out up to this length, mm.
const SPOT_MM: f64 = 0.8;
/// Bridges over sparse infill are at least so long, mm.
const INTERNAL_BRIDGE_MM: f64 = 3.0;
/// The width along the walls that holds the ends of lines above sparse infill, mm.
const WALL_MM: f64 = 1.0;

/// Why a line is solid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Seen from above.
    Top,
    /// Inside, or lying on something solid.
    Solid,
    /// Above sparse infill.
    InternalBridge,
}

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

/// Finds what is solid of an island whose infill may run in `fill`.
#[must_use]
pub fn find(fill: &RowSpans, around: &Around) -> Shells {
    let (anchor, join) = (grid(ANCHOR_MM), grid(JOIN_MM));
    let mut raw = RowSpans::starting_at(fill.first);
    let (mut a, mut b, mut cover) = (Vec::new(), Vec::new(), Vec::new());
    if around.all_solid {
        raw = fill.clone();
    } else {
        for line in fill.lines() {
            let f = fill.row(line);
            cover.clear();
            cover.extend_from_slice(f);
            for r in around.above.iter().chain(&around.below) {
                if cover.is_empty() {
                    break;
                }
                intersect(&cover, r.row(line), &mut a);
                std::mem::swap(&mut cover, &mut a);
            }
            subtract(f, &cover, &mut b);
            raw.push(&b);
        }
        if raw.is_empty() {
            return Shells::default();
        }
    }
    let mut out = Shells {
        solid: RowSpans::starting_at(fill.first),
        top: RowSpans::starting_at(fill.first),
        air: RowSpans::starting_at(fill.first),
        bridging: RowSpans::starting_at(fill.first),
    };
    let spot = grid(SPOT_MM);
    let mut solid = Vec::new();
    let mut kept = Vec::new();
    for line in fill.lines() {
        let f = fill.row(line);
        if around.all_solid {
            solid.clear();
            solid.extend_from_slice(f);
        } else {
            // Spots without neighbours on the lines beside are not worth a line.
            kept.clear();
            for p in raw.row(line).chunks_exact(2) {
                let beside = |l: i32| raw.row(l).chunks_exact(2).any(|q| q[0] < p[1] && p[0] < q[1]);
                if p[1] - p[0] > spot || beside(line - 1) || beside(line + 1) {
                    kept.extend_from_slice(p);
                }
            }
            grow_within(&kept, anchor, join, f, &mut solid);
        }
        out.solid.push(&solid);
        top_of(line, f, &solid, around, (&mut a, &mut b), &mut out.top);
        air_of(line, &solid, around, &mut a, &mut out.air);
        sparse_of(line, &solid, around, (&mut a, &mut b), &mut out.bridging);
    }
    out
}

/// What the layer above leaves uncovered. A solid interval that is mostly seen is seen as a whole.
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
        // Whole intervals when little would be left.
        for p in solid.chunks_exact(2) {
            let inside: i64 = a
                .chunks_exact(2)
                .map(|q| i64::from((q[1].min(p[1]) - q[0].max(p[0])).max(0)))
                .sum();
            let whole = i64::from(p[1] - p[0]);
            if inside > 0 && whole - inside < i64::from(grid(1.0)) {
                let s = a.iter().position(|&v| v >= p[0]).unwrap_or(a.len()) & !1;
                let e = (s..a.len()).step_by(2).find(|&k| a[k] >= p[1]).unwrap_or(a.len());
                a.splice(s..e, [p[0], p[1]]);
            }
        }
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
        let least = grid(INTERNAL_BRIDGE_MM);
        let mut kept = Vec::with_capacity(a.len());
        for p in a.chunks_exact(2) {
            if p[1] - p[0] >= least {
                kept.extend_from_slice(p);
            }
        }
        grow_within(&kept, grid(WALL_MM), 0, solid, b);
        out.push(b);
        return;
    }
    out.push(a);
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
        let mut rows = RowSpans::starting_at(fill.first - 1);
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

/// A run of neighbouring lines joined at their ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    /// Why it is solid.
    pub kind: Kind,
    /// Index of the first point in [`Chains::points`].
    pub start: u32,
    /// Index just past the last one.
    pub end: u32,
}

/// Chains in the order of their first line: printed in this order each line lies beside one that
/// was printed before.
#[derive(Debug, Default)]
pub struct Chains {
    /// The chains.
    pub chains: Vec<Chain>,
    /// Points of all chains.
    pub points: Vec<Point>,
}

/// A chain that may go on with the next line.
#[derive(Debug, Clone)]
struct Open {
    kind: Kind,
    points: Vec<Point>,
    last: (Coord, Coord),
    /// The next line is run from its end to its start.
    backwards: bool,
    order: usize,
}

/// Strings the intervals of neighbouring lines together; links are at most `link` grid units longer
/// than the distance of lines.
#[must_use]
pub fn chains(rows: &[(Kind, &RowSpans)], hatch: &Hatch, shortest: Coord, link: Coord) -> Chains {
    let mut done: Vec<Open> = Vec::new();
    let mut order = 0;
    for &(kind, rows) in rows {
        let mut open: Vec<Open> = Vec::new();
        for line in rows.lines() {
            let mut next: Vec<Open> = Vec::new();
            let mut k = 0;
            for p in rows.row(line).chunks_exact(2) {
                let (s, e) = (p[0], p[1]);
                if e - s < shortest {
                    continue;
                }
                while k < open.len() && open[k].last.1 <= s {
                    k += 1;
                }
                let from = |backwards: bool| if backwards { (e, s) } else { (s, e) };
                let fits = open.get(k).is_some_and(|o| {
                    let (end, start) = if o.backwards { (o.last.1, e) } else { (o.last.0, s) };
                    o.last.0 < e && (end - start).abs() <= link && !o.points.is_empty()
                });
                let mut chain = if fits {
                    let empty = Open {
                        points: Vec::new(),
                        ..open[k].clone()
                    };
                    std::mem::replace(&mut open[k], empty)
                } else {
                    order += 1;
                    Open {
                        kind,
                        points: Vec::new(),
                        last: (s, e),
                        backwards: false,
                        order,
                    }
                };
                let (first, last) = from(chain.backwards);
                chain.points.push(hatch.on_row(line, first));
                chain.points.push(hatch.on_row(line, last));
                chain.last = (s, e);
                chain.backwards = !chain.backwards;
                next.push(chain);
            }
            done.extend(open.drain(..).filter(|o| !o.points.is_empty()));
            open = next;
        }
        done.append(&mut open);
    }
    done.sort_by_key(|o| o.order);
    let mut out = Chains::default();
    for o in done {
        let start = out.points.len() as u32;
        out.points.extend_from_slice(&o.points);
        out.chains.push(Chain {
            kind: o.kind,
            start,
            end: out.points.len() as u32,
        });
    }
    out
}
