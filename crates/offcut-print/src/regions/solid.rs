//! Solid infill of an island: the rows that the shells ask for, by kind, and the threads of bridges.
//!
//! In: the solid rows of an island, and where infill lines may run. Out: beads.

use super::bridges::Bridge;
use super::chains::{Chains, Kind, chains};
use super::shells::{SHORT_REST_MM, Shells};
use super::spans::{RowSpans, grow, intersect, join, keep_long, merge, reach_ends, shrink, subtract};
use super::spec::{LayerSpec, LineSpec};
use crate::plan::{Bead, BeadSet};
use offcut_gcode::Role;
use offcut_geometry::offset::{Join, offset, opening};
use offcut_geometry::{Coord, Hatch, Loops, Rows, UNITS_PER_MM, clip, grid, islands};
use offcut_settings::PrintSettings;
use offcut_settings::flow;
use offcut_settings::print::SurfacePattern;
use std::ops::Range;

/// Solid intervals shorter than this are not printed, mm.
const SHORTEST_MM: f64 = 0.1;
/// Threads of a bridge hold on to the solid lines around by so much, mm.
const BRIDGE_OVERLAP_MM: f64 = 0.1;
/// The outermost threads of a bridge lie so far inside of where they may, grid units: rounding must not
/// lose them.
const INSIDE: f64 = 100.0;
/// Threads may lie this share of their distance farther apart, so that they fill a bridge evenly.
const STRETCH: f64 = 0.25;
/// Strips between a wall and the lines that run along it, by how much room there is for centres beyond the
/// last line: the room, what a line in it covers and where its centre lies; line distances.
const STRIPS: [(f64, f64, f64); 2] = [(0.8, 0.65, 0.82), (0.62, 0.45, 0.72)];
/// Shorter strips are left out, mm.
const SHORTEST_STRIP_MM: f64 = 0.45;
/// What is narrower than this share of two line distances holds no threads.
const SLIVER: f64 = 0.3;
/// Round threads don't reach as far as flat lines: strips beside them need less room, line distances.
const THREAD_LACKS: f64 = 0.15;

/// What is solid of an island.
pub(super) struct Parts<'a> {
    /// What the layers around ask for.
    pub shells: &'a Shells,
    /// Places too small for sparse infill.
    pub small: &'a RowSpans,
    /// Left out: they have threads of their own.
    pub bridges: &'a [Bridge],
    /// Left out: surfaces of another pattern.
    pub areas: &'a Loops,
    /// Where centres of infill lines may run.
    pub region: &'a Loops,
    /// Where sparse infill goes.
    pub sparse: &'a Loops,
}

/// The rows of an island by what they are for.
struct Kinds {
    over_sparse: RowSpans,
    plain: RowSpans,
    top: RowSpans,
}

impl Kinds {
    /// The area over sparse infill, out to where lines may run and to the other kinds: its rows tell it to
    /// half a line's distance only.
    fn take_over_sparse(&mut self, parts: &Parts, hatch: &Hatch) -> Loops {
        let rows = std::mem::take(&mut self.over_sparse);
        if rows.is_empty() {
            return Loops::new();
        }
        let half = (0.5 * hatch.spacing) as Coord;
        let reach = half | 1;
        let mut area = clip::intersection(&offset(&rows.outline(hatch), reach, Join::Miter), parts.region);
        for other in [&self.plain, &self.top] {
            if other.is_empty() {
                continue;
            }
            // Links run along the ends.
            let mut longer = RowSpans::starting_at(other.lines().start, other.len());
            let mut row = Vec::new();
            for line in other.lines() {
                grow(other.row(line), half, &mut row);
                longer.push(&row);
            }
            area = clip::difference(&area, &longer.outline(hatch));
        }
        if !parts.sparse.is_empty() {
            // Sparse lines run along their border too: the outermost thread stays off it, its ends don't.
            let mut beside = Loops::new();
            for across in [-half, half] {
                let mut moved = parts.sparse.clone();
                moved.translate(hatch.point(0.0, across.into()));
                beside.extend(&moved);
            }
            area = clip::difference(&area, &beside);
        }
        opening(&area, (SLIVER * hatch.spacing) as Coord | 1)
    }
}

/// Fills what is solid.
pub(super) fn fill(
    parts: &Parts,
    spec: &LayerSpec,
    hatch: &Hatch,
    s: &PrintSettings,
    rows: &mut Rows,
    out: &mut BeadSet,
) {
    let mut kinds = by_kind(parts, spec, hatch, rows);
    let link = grid(4.0 * spec.solid.spacing);
    let line = LineSpec {
        width: flow::width_of_spacing(spec.solid.spacing, spec.height),
        spacing: spec.solid.spacing,
        mm3_per_mm: spec.solid.spacing * spec.height,
    };
    let mut bridge = LineSpec {
        mm3_per_mm: line.mm3_per_mm * s.internal_bridge_flow_ratio,
        ..line
    };
    if s.thick_internal_bridges {
        bridge = spec.internal_bridge;
        for island in islands(&kinds.take_over_sparse(parts, hatch)) {
            let h = fitted(&island.loops, hatch, bridge.spacing * UNITS_PER_MM);
            let threads = RowSpans::of(&island.loops, &h, rows);
            let c = chains(&[(Kind::InternalBridge, &threads)], &h, grid(SHORTEST_MM), link);
            push_chains(&c, |_| internal(spec, &bridge), out);
            let threads = [(Kind::InternalBridge, &threads)];
            strips(&threads, parts.region, (spec, THREAD_LACKS), &h, rows, out);
        }
    }
    let kinds = [
        (Kind::InternalBridge, &kinds.over_sparse),
        (Kind::Solid, &kinds.plain),
        (Kind::Top, &kinds.top),
    ];
    let pattern = s.top_surface_pattern;
    let monotonic = matches!(
        pattern,
        SurfacePattern::Monotonic | SurfacePattern::MonotonicLines
    );
    // Lines on their own have no link that would fit.
    let (inner, tops) = kinds.split_at(if pattern == SurfacePattern::MonotonicLines {
        2
    } else {
        3
    });
    let mut group = 0u8;
    for (kinds, link) in [(inner, link), (tops, -1)] {
        let c = chains(kinds, hatch, grid(SHORTEST_MM), link);
        let bead = |kind: Kind| {
            let directed = monotonic && kind == Kind::Top;
            let bead = match kind {
                Kind::InternalBridge => internal(spec, &bridge),
                _ => spec.bead(role_of(kind), &line, false),
            };
            let depth = group;
            if directed {
                group = group.saturating_add(1);
            }
            Bead {
                directed,
                depth,
                ..bead
            }
        };
        push_chains(&c, bead, out);
    }
    strips(&kinds, parts.region, (spec, 0.0), hatch, rows, out);
}

/// Splits the solid rows by kind.
fn by_kind(parts: &Parts, spec: &LayerSpec, hatch: &Hatch, rows: &mut Rows) -> Kinds {
    let (shells, small) = (parts.shells, parts.small);
    let bridged: Vec<RowSpans> = parts
        .bridges
        .iter()
        .map(|b| RowSpans::of(&b.region, hatch, rows))
        .collect();
    let covered = RowSpans::of(parts.areas, hatch, rows);
    let lines = joined(shells.solid.lines(), small.lines());
    let mut top = RowSpans::starting_at(lines.start, lines.len());
    let mut plain = top.clone();
    let mut over_sparse = top.clone();
    let (mut a, mut b, mut held) = (Vec::new(), Vec::new(), Vec::new());
    let (mut all, mut rest, mut kind, mut spare) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut seen = Vec::new();
    let border = grid(spec.solid.spacing / 2.0);
    for line in lines {
        let mut without_bridges = |from: &[Coord], to: &mut RowSpans| {
            a.clear();
            a.extend_from_slice(from);
            for r in &bridged {
                shrink(r.row(line), grid(BRIDGE_OVERLAP_MM), &mut held);
                subtract(&a, &held, &mut b);
                // What holds on to nothing but the wall at a thread's end is no line.
                a.clear();
                let stub = grid(1.5 * BRIDGE_OVERLAP_MM);
                a.extend(b.chunks_exact(2).filter(|p| p[1] - p[0] > stub).flatten());
            }
            if !covered.is_empty() {
                grow(covered.row(line), border, &mut held);
                subtract(&a, &held, &mut b);
                std::mem::swap(&mut a, &mut b);
            }
            to.push(&a);
        };
        // Links run along the border between kinds: half a line for the one, half for the other.
        all.clear();
        all.extend_from_slice(shells.solid.row(line));
        merge(&mut all, small.row(line));
        join(&mut all, 2 * border);
        seen.clear();
        seen.extend_from_slice(shells.top.row(line));
        reach_ends(&mut seen, &all, grid(SHORT_REST_MM));
        grow(&seen, border, &mut rest);
        subtract(&all, &rest, &mut kind);
        grow(shells.bridging.row(line), border, &mut rest);
        subtract(&kind, &rest, &mut spare);
        without_bridges(&spare, &mut plain);
        grow(&seen, border, &mut rest);
        subtract(shells.bridging.row(line), &rest, &mut spare);
        without_bridges(&spare, &mut over_sparse);
        without_bridges(&seen, &mut top);
    }
    Kinds {
        over_sparse,
        plain,
        top,
    }
}

/// Lines between a wall and the outermost of the rows that run along it: rows lie at fixed places, and what
/// is left beside the last one can be nearly a line wide. `lacks`: what the lines lack of their distance.
fn strips(
    kinds: &[(Kind, &RowSpans)],
    region: &Loops,
    (spec, lacks): (&LayerSpec, f64),
    hatch: &Hatch,
    rows: &mut Rows,
    out: &mut BeadSet,
) {
    let shortest = grid(SHORTEST_STRIP_MM);
    let mut ends: Vec<(Kind, i32, i32, Vec<Coord>)> = Vec::new();
    let mut all: Option<RowSpans> = None;
    let mut left = Vec::new();
    for &(kind, of) in kinds {
        for line in of.lines() {
            for side in [-1, 1] {
                subtract(of.row(line), of.row(line + side), &mut left);
                keep_long(&mut left, shortest);
                if left.is_empty() {
                    continue;
                }
                let all = all.get_or_insert_with(|| RowSpans::of(region, hatch, rows));
                let mut end = Vec::new();
                subtract(&left, all.row(line + side), &mut end);
                keep_long(&mut end, shortest);
                if !end.is_empty() {
                    ends.push((kind, line, side, end));
                }
            }
        }
    }
    for side in [-1, 1] {
        if !ends.iter().any(|e| e.2 == side) {
            continue;
        }
        let at = |share: f64, rows: &mut Rows| {
            let mut beside = *hatch;
            beside.phase += f64::from(side) * share * hatch.spacing;
            RowSpans::of(region, &beside, rows)
        };
        let room = STRIPS.map(|(room, ..)| at(room - lacks, rows));
        let (mut taken, mut rest, mut free) = (Vec::new(), Vec::new(), Vec::new());
        for (kind, line, _, end) in ends.iter().filter(|e| e.2 == side) {
            taken.clear();
            for (room, (_, covers, centre)) in room.iter().zip(STRIPS) {
                intersect(end, room.row(*line), &mut rest);
                subtract(&rest, &taken, &mut free);
                keep_long(&mut free, shortest);
                let across = hatch.across(*line) + f64::from(side) * centre * hatch.spacing;
                let bead = spec.filling_bead(role_of(*kind), covers * hatch.spacing / UNITS_PER_MM);
                for p in free.chunks_exact(2) {
                    out.push(&[p[0], p[1]].map(|v| hatch.point(f64::from(v), across)), bead);
                }
                merge(&mut taken, &free);
            }
        }
    }
}

/// The threads of a bridge.
pub(super) fn threads(region: &Loops, angle: f64, spec: &LayerSpec, rows: &mut Rows, out: &mut BeadSet) {
    let spacing = spec.bridge.spacing * UNITS_PER_MM;
    let hatch = fitted(region, &Hatch::new(angle, spacing, 0.0), spacing);
    let threads = RowSpans::of(region, &hatch, rows);
    let link = grid(3.0 * spec.bridge.spacing);
    let c = chains(&[(Kind::Solid, &threads)], &hatch, grid(0.5), link);
    push_chains(&c, |_| spec.bead(Role::Bridge, &spec.bridge, false), out);
}

/// Lines in the direction of `along` that fill `region` evenly: the outermost lie at its ends, and their
/// distance is about `spacing`, grid units.
fn fitted(region: &Loops, along: &Hatch, spacing: f64) -> Hatch {
    let (mut lo, mut hi) = (f64::MAX, f64::MIN);
    for &p in &region.points {
        let (_, across) = along.turned(p);
        (lo, hi) = (lo.min(across), hi.max(across));
    }
    let room = hi - lo - 2.0 * INSIDE;
    if room < spacing / 2.0 {
        let phase = if lo < hi { (lo + hi) / 2.0 } else { 0.0 };
        let mut single = *along;
        (single.spacing, single.phase) = (spacing, phase);
        return single;
    }
    let gaps = libm::ceil(room / spacing - STRETCH).max(1.0);
    let mut hatch = *along;
    (hatch.spacing, hatch.phase) = (room / gaps, lo + INSIDE);
    hatch
}

fn role_of(kind: Kind) -> Role {
    match kind {
        Kind::Top => Role::TopSolidInfill,
        Kind::Solid | Kind::InternalBridge => Role::SolidInfill,
    }
}

/// A line of a bridge over sparse infill.
fn internal(spec: &LayerSpec, line: &LineSpec) -> Bead {
    Bead {
        internal: true,
        ..spec.bead(Role::Bridge, line, false)
    }
}

fn push_chains(c: &Chains, mut bead: impl FnMut(Kind) -> Bead, out: &mut BeadSet) {
    for chain in &c.chains {
        out.push(
            &c.points[chain.start as usize..chain.end as usize],
            bead(chain.kind),
        );
    }
}

/// The lines from the first to the last of both; an empty range does not count.
fn joined(a: Range<i32>, b: Range<i32>) -> Range<i32> {
    match (a.is_empty(), b.is_empty()) {
        (true, _) => b,
        (_, true) => a,
        _ => a.start.min(b.start)..a.end.max(b.end),
    }
}
