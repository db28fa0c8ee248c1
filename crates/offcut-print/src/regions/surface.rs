//! Top and bottom surfaces in other patterns than the rows of solid infill.
//!
//! In: the area that a surface covers. Out: beads that fill it: loops that follow its border with what
//! lies between them filled, lines of one direction, or a space-filling curve inside one loop.

use super::chains::{Kind, chains};
use super::infill::{self, FillArea};
use super::perimeters::{Scratch, Walls};
use super::shells::Shells;
use super::spans::RowSpans;
use super::spec::{LayerSpec, LineSpec, odd};
use super::{Object, fill_params};
use crate::plan::{Bead, BeadSet};
use offcut_gcode::Role;
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::{Hatch, Loops, Polylines, Rows, UNITS_PER_MM, clip, grid, islands};
use offcut_settings::flow;
use offcut_settings::print::{InfillPattern, SurfacePattern};

/// More loops than this follow no border.
const MAX_LOOPS: u32 = 100_000;
/// Lines shorter than this are left out, mm.
const SHORTEST_MM: f64 = 0.1;

/// Working memory.
#[derive(Debug, Default)]
pub(super) struct Surfacer {
    pub(super) walls: Scratch,
    pattern: infill::Scratch,
    rows: Rows,
    lines: Polylines,
}

/// True when the rows of solid infill make the pattern.
pub(super) fn in_rows(pattern: SurfacePattern) -> bool {
    matches!(
        pattern,
        SurfacePattern::Monotonic | SurfacePattern::MonotonicLines | SurfacePattern::Rectilinear
    )
}

/// The area that some of an island's solid rows stand for, out to the perimeters. `region` is where infill
/// lines may run, `fill` its rows.
pub(super) fn area_of(
    rows: &RowSpans,
    fill: &RowSpans,
    region: &Loops,
    hatch: &Hatch,
    spec: &LayerSpec,
) -> Loops {
    // Where infill may run lies nearer to the perimeters than a bead beside them.
    let inside = offset(
        region,
        odd(spec.solid.spacing / 2.0 - spec.infill_overlap),
        Join::Miter,
    );
    if rows == fill {
        return inside;
    }
    let shells = Shells {
        solid: rows.clone(),
        ..Shells::default()
    };
    clip::intersection(&inside, &shells.outline(fill, hatch, 0))
}

impl Surfacer {
    /// Fills `area` in layer `k`.
    pub fn fill(
        &mut self,
        pattern: SurfacePattern,
        area: &Loops,
        role: Role,
        object: &Object,
        (k, spec): (usize, &LayerSpec),
        out: &mut BeadSet,
    ) {
        let line = LineSpec {
            width: flow::width_of_spacing(spec.solid.spacing, spec.height),
            spacing: spec.solid.spacing,
            mm3_per_mm: spec.solid.spacing * spec.height,
        };
        let curve = match pattern {
            SurfacePattern::Hilbert => InfillPattern::Hilbert,
            SurfacePattern::Archimedean => InfillPattern::Archimedean,
            SurfacePattern::Octagram => InfillPattern::Octagram,
            SurfacePattern::AlignedRectilinear => return self.aligned(area, role, object, spec, &line, out),
            _ => {
                self.rings(area, MAX_LOOPS, role, spec, &line, out);
                return;
            }
        };
        // One loop closes what a curve leaves open along the border.
        let inside = self.rings(area, 1, role, spec, &line, out);
        let params = infill::FillParams {
            width: line.width,
            spacing: line.spacing,
            anchor: line.width,
            anchor_max: 3.0 * line.width,
            ..fill_params(object.settings, spec, 1.0)
        };
        let layer = &object.layers[k];
        let region = FillArea {
            region: &inside,
            layer: k as u32,
            z: layer.z - layer.height / 2.0,
        };
        self.lines.clear();
        infill::fill(curve, &region, &params, &mut self.pattern, &mut self.lines);
        for l in self.lines.iter() {
            out.push(l, spec.bead(role, &line, false));
        }
    }

    /// Up to `count` loops along the border, and lines of their own width where a loop finds no room.
    /// Returns where the centres of further lines may run.
    fn rings(
        &mut self,
        area: &Loops,
        count: u32,
        role: Role,
        spec: &LayerSpec,
        line: &LineSpec,
        out: &mut BeadSet,
    ) -> Loops {
        let mut inside = Loops::new();
        // The loops are inner perimeters of an external one around the area.
        let ring = LayerSpec {
            external: *line,
            perimeter: *line,
            solid: *line,
            infill_overlap: 0.0,
            perimeters: count.saturating_add(1),
            gap_fill: true,
            ..spec.clone()
        };
        for island in islands(area) {
            let around = offset(&island.loops, odd(line.spacing / 2.0), Join::Miter);
            let mut walls = Walls::default();
            self.walls.careful(&around, 1, None, &ring, &mut walls);
            for set in [&walls.perimeters, &walls.gaps] {
                for b in &set.beads {
                    let bead = Bead {
                        role,
                        depth: 0,
                        hole: false,
                        ..*b
                    };
                    out.push(set.points_of(b), bead);
                }
            }
            inside.extend(&walls.infill);
        }
        inside
    }

    /// Lines of the same direction in every layer.
    fn aligned(
        &mut self,
        area: &Loops,
        role: Role,
        object: &Object,
        spec: &LayerSpec,
        line: &LineSpec,
        out: &mut BeadSet,
    ) {
        let mut hatch = object.hatches[0];
        hatch.spacing = spec.solid.spacing * UNITS_PER_MM;
        let inside = offset(
            area,
            -odd(spec.solid.spacing / 2.0 - spec.infill_overlap),
            Join::Miter,
        );
        let rows = RowSpans::of(&inside, &hatch, &mut self.rows);
        let c = chains(
            &[(Kind::Solid, &rows)],
            &hatch,
            grid(SHORTEST_MM),
            grid(4.0 * spec.solid.spacing),
        );
        for chain in &c.chains {
            let points = &c.points[chain.start as usize..chain.end as usize];
            out.push(points, spec.bead(role, line, false));
        }
    }
}
