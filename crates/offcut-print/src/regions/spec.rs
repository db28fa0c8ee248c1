//! The settings of one layer as numbers: widths, spacings, flows.

use crate::plan::Bead;
use offcut_gcode::Role;
use offcut_geometry::{Coord, grid};
use offcut_settings::PrintSettings;
use offcut_settings::flow;
use offcut_settings::speeds::Line;

/// How one kind of line is laid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LineSpec {
    /// Width, mm.
    pub width: f64,
    /// Distance between neighbouring lines, mm.
    pub spacing: f64,
    /// Plastic, mm³/mm.
    pub mm3_per_mm: f64,
}

/// What the regions of a layer need to know.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerSpec {
    /// Thickness of the layer, mm.
    pub height: f64,
    /// The first layer on the bed or raft.
    pub first: bool,
    /// The external perimeter.
    pub external: LineSpec,
    /// Inner perimeters.
    pub perimeter: LineSpec,
    /// Solid infill.
    pub solid: LineSpec,
    /// Top surfaces.
    pub top: LineSpec,
    /// Sparse infill.
    pub sparse: LineSpec,
    /// Bridges.
    pub bridge: LineSpec,
    /// Thick bridges over sparse infill.
    pub internal_bridge: LineSpec,
    /// Overlap of infill with the perimeters, mm.
    pub infill_overlap: f64,
    /// Loops asked for.
    pub perimeters: u32,
    /// Walls too thin for two lines get one.
    pub thin_walls: bool,
    /// Gaps between perimeters are filled.
    pub gap_fill: bool,
    /// The narrowest line that the nozzle can lay, mm.
    pub min_width: f64,
    /// Walls thinner than this are left out, mm; those up to `min_width` get a line of that.
    pub min_feature: f64,
    /// The widest line that the nozzle can lay, mm.
    pub max_width: f64,
}

/// Share of the spacing by which neighbouring perimeters may overlap before they count as a thin wall.
const OVERLAP_TOLERANCE: f64 = 0.4;

impl LayerSpec {
    /// The numbers of a layer of the given thickness.
    #[must_use]
    pub fn new(s: &PrintSettings, height: f64, first: bool) -> Self {
        let line = |l: Line| {
            let width = s.width_of(l, first);
            LineSpec {
                width,
                spacing: flow::spacing(width, height),
                mm3_per_mm: s.mm3_per_mm(l, height, first),
            }
        };
        let mut bridge = line(Line::Bridge);
        if s.thick_bridges {
            bridge.spacing = flow::bridge_spacing(bridge.width);
        }
        let thread = flow::bridge_diameter(s.nozzle_diameter, s.internal_bridge_flow_ratio);
        Self {
            height,
            first,
            internal_bridge: LineSpec {
                width: thread,
                // Skin lies on these: side by side, without the air that threads in the open have.
                spacing: thread,
                mm3_per_mm: flow::round_area(thread),
            },
            external: line(Line::ExternalPerimeter),
            perimeter: line(Line::Perimeter),
            solid: line(Line::SolidInfill),
            top: line(Line::TopSolidInfill),
            sparse: line(Line::SparseInfill),
            bridge,
            infill_overlap: s.infill_overlap_mm(),
            perimeters: if first && s.one_wall_on_first_layer {
                s.perimeters.min(1)
            } else {
                s.perimeters
            },
            thin_walls: s.thin_walls,
            gap_fill: s.gap_fill,
            min_width: s.nozzle_diameter / 3.0,
            min_feature: 0.24 * s.nozzle_diameter,
            max_width: 2.0 * s.nozzle_diameter,
        }
    }

    /// From the outline to the centre of loop `i`, measured from loop `i - 1` (or the outline).
    #[must_use]
    pub fn step(&self, i: u32) -> f64 {
        match i {
            0 => self.external.width / 2.0,
            1 => (self.external.spacing + self.perimeter.spacing) / 2.0,
            _ => self.perimeter.spacing,
        }
    }

    /// The least distance between the centres of loop `i` and its opposite, mm.
    #[must_use]
    pub fn least_spacing(&self, i: u32) -> f64 {
        let l = if i == 0 { &self.external } else { &self.perimeter };
        l.spacing * (1.0 - OVERLAP_TOLERANCE)
    }

    /// From the centre of the last loop (or the outline when there is none) to where the centres of
    /// infill lines may run, mm.
    #[must_use]
    pub fn infill_step(&self) -> f64 {
        let last = match self.perimeters {
            0 => return self.solid.spacing / 2.0,
            1 => self.external.spacing,
            _ => self.perimeter.spacing,
        };
        (last + self.solid.spacing) / 2.0 - self.infill_overlap
    }

    /// The widest gap between walls that one line fills, mm.
    #[must_use]
    pub fn widest_gap(&self) -> f64 {
        2.0 * self.perimeter.spacing
    }

    /// Where the centres of infill lines have less room than this across, one line along the walls takes
    /// their place, mm.
    #[must_use]
    pub fn least_infill(&self) -> f64 {
        let least = self.solid.spacing;
        if self.gap_fill && self.perimeters > 0 {
            let beside = least / 2.0 - self.infill_overlap;
            (self.widest_gap() - 2.0 * beside).max(least / 2.0)
        } else {
            least
        }
    }

    /// The template of a bead.
    #[must_use]
    pub fn bead(&self, role: Role, line: &LineSpec, closed: bool) -> Bead {
        Bead {
            start: 0,
            end: 0,
            role,
            closed,
            continues: false,
            directed: false,
            internal: false,
            depth: 0,
            hole: false,
            width: line.width as f32,
            height: self.height as f32,
            mm3_per_mm: line.mm3_per_mm as f32,
        }
    }

    /// The template of a bead of a width of its own: `covers` mm of the plane are filled wholly.
    #[must_use]
    pub fn filling_bead(&self, role: Role, covers: f64) -> Bead {
        let line = LineSpec {
            width: flow::width_of_spacing(covers, self.height),
            spacing: covers,
            mm3_per_mm: covers * self.height,
        };
        self.bead(role, &line, false)
    }
}

/// An inset or outset in grid units, made odd: odd distances seldom make edges meet exactly, which
/// is what the boolean engine finds hard.
#[must_use]
pub fn odd(mm: f64) -> Coord {
    grid(mm) | 1
}
