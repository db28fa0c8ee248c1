//! Zigzags and loops of constant width, for support, raft, skirt and brim.

use crate::plan::{Bead, BeadSet};
use offcut_gcode::Role;
use offcut_geometry::hatch::{Hatch, Rows};
use offcut_geometry::link::{LinkLimits, Linker};
use offcut_geometry::strands::Strands;
use offcut_geometry::{Coord, Loops, Polylines, grid};
use offcut_settings::flow;

/// Parallel lines in a region, linked to zigzags.
#[derive(Default)]
pub(crate) struct Hatcher {
    rows: Rows,
    strands: Strands,
    linker: Linker,
    lines: Polylines,
}

impl Hatcher {
    /// Unlinked lines that stay `trim` away from the region's boundary; only those longer than
    /// `shortest` (both in grid units).
    pub(crate) fn ribs(&mut self, region: &Loops, hatch: &Hatch, trim: Coord, shortest: Coord) -> &Polylines {
        self.rows.cross(region, hatch);
        self.lines.clear();
        for (row, crossings) in self.rows.iter() {
            for pair in crossings.chunks_exact(2) {
                let (a, b) = (pair[0].along + trim, pair[1].along - trim);
                if b - a > shortest {
                    self.lines.push(&[hatch.on_row(row, a), hatch.on_row(row, b)]);
                }
            }
        }
        &self.lines
    }

    /// Lines at `pitch` (grid units), linked; the length of the lines alone is returned too.
    pub(crate) fn zigzag(&mut self, region: &Loops, hatch: &Hatch) -> (&Polylines, f64) {
        self.rows.cross(region, hatch);
        self.strands.begin(region, f64::from(grid(0.2)));
        self.strands.add_rows(region, hatch, &self.rows);
        let length = self.strands.lines.length();
        self.lines.clear();
        let limits = LinkLimits {
            link: 8.0 * hatch.spacing,
            anchor: 0.0,
            free_end: 10.0 * hatch.spacing,
            gap: 0.0,
            shortest: f64::from(grid(0.4)),
            budget: f64::MAX,
        };
        self.linker
            .link(region, &mut self.strands, &limits, &mut self.lines);
        (&self.lines, length)
    }
}

/// A bead of constant width to be given its points.
pub(crate) fn bead(role: Role, width: f64, height: f64) -> Bead {
    Bead {
        start: 0,
        end: 0,
        role,
        closed: false,
        continues: false,
        directed: false,
        internal: false,
        depth: 0,
        hole: false,
        width: width as f32,
        height: height as f32,
        mm3_per_mm: flow::bead_area(width, height) as f32,
    }
}

/// Adds closed beads along loops.
pub(crate) fn loops(set: &Loops, proto: Bead, out: &mut BeadSet) {
    for l in set.iter() {
        out.push(
            l,
            Bead {
                closed: true,
                ..proto
            },
        );
    }
}

/// Adds open beads.
pub(crate) fn open(set: &Polylines, proto: Bead, out: &mut BeadSet) {
    for l in set.iter() {
        out.push(l, proto);
    }
}
