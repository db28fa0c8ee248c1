//! Extra perimeters on overhangs.
//!
//! In: a part of an island's infill that lies over air and that no bridge can span. Out: lines beside the
//! perimeters, one inside the other, from firm ground to firm ground. Each layer prints them before its
//! perimeters and the innermost first, so that every line is laid against one that holds (as
//! PrusaSlicer's "extra perimeters on overhangs").

use super::perimeters::{Scratch, Walls};
use super::spec::{LayerSpec, odd};
use crate::plan::{Bead, BeadSet};
use offcut_gcode::Role;
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::{LineClipper, Loops, Point, Strands, UNITS_PER_MM, islands};

/// More lines than this are not drawn.
const MAX_LINES: u32 = 250;
/// Shorter pieces are left out, mm.
const SHORTEST_MM: f64 = 0.8;

/// Adds the lines that fill `piece`, a part of `region`, where infill lines may run.
#[inline(never)]
pub(super) fn perimeters(
    scratch: &mut Scratch,
    piece: &Loops,
    region: &Loops,
    spec: &LayerSpec,
    out: &mut BeadSet,
) {
    let line = spec.bridge;
    let ring = LayerSpec {
        external: line,
        perimeter: line,
        solid: line,
        infill_overlap: 0.0,
        perimeters: MAX_LINES + 1,
        gap_fill: true,
        ..spec.clone()
    };
    let mut clipper = LineClipper::default();
    clipper.begin(piece);
    let mut strands = Strands::default();
    let mut closed: Vec<Point> = Vec::new();
    let inside = offset(
        region,
        odd(spec.solid.spacing / 2.0 - spec.infill_overlap),
        Join::Miter,
    );
    let bbox = piece.bbox();
    for island in islands(&inside).iter().filter(|i| i.bbox.touches(&bbox)) {
        let around = offset(&island.loops, odd(line.spacing / 2.0), Join::Miter);
        let mut walls = Walls::default();
        scratch.careful(&around, 1, None, &ring, &mut walls);
        for set in [&walls.perimeters, &walls.gaps] {
            for b in &set.beads {
                closed.clear();
                closed.extend_from_slice(set.points_of(b));
                if b.closed {
                    // Begun outside of the piece, so that no line is cut at its first point.
                    let outside = closed.iter().position(|&p| !clipper.contains(p));
                    closed.rotate_left(outside.unwrap_or(0));
                    closed.extend(closed.first().copied());
                }
                strands.begin(piece, SHORTEST_MM * UNITS_PER_MM);
                clipper.clip(piece, &closed, &mut strands);
                let bead = Bead {
                    role: Role::OverhangPerimeter,
                    continues: false,
                    hole: false,
                    depth: (MAX_LINES + 1).saturating_sub(u32::from(b.depth)).min(255) as u8,
                    ..*b
                };
                for l in strands.lines.iter() {
                    let whole = b.closed && l.len() == closed.len();
                    let n = if whole { l.len() - 1 } else { l.len() };
                    out.push(
                        &l[..n],
                        Bead {
                            closed: whole,
                            ..bead
                        },
                    );
                }
            }
        }
    }
}
