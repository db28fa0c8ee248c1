//! What travels between the stages: layers, and the beads planned in them.

use offcut_gcode::Role;
use offcut_geometry::{BBox, Loops, Point};

/// A slice of an object: the material of one layer.
#[derive(Debug, Clone, Default)]
pub struct Layer {
    /// Height of the layer's top above the bed, mm.
    pub z: f64,
    /// Thickness, mm.
    pub height: f64,
    /// The outline after compensation: a valid polygon set in object coordinates.
    pub outline: Loops,
}

/// One planned extrusion of constant width: a polyline, or a loop when `closed`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bead {
    /// Index of the first point in [`BeadSet::points`].
    pub start: u32,
    /// Index just past the last point. A closed bead does not repeat its first point.
    pub end: u32,
    /// What it is for.
    pub role: Role,
    /// A loop; it may begin anywhere.
    pub closed: bool,
    /// Continues the bead before it without a break (a bead of varying width is a chain of beads).
    pub continues: bool,
    /// May not be turned around (monotonic surfaces).
    pub directed: bool,
    /// For bridges: over sparse infill, not over air.
    pub internal: bool,
    /// 0 for the external perimeter, rising inwards; for other roles the order in which groups are printed.
    pub depth: u8,
    /// For perimeters: runs around a hole.
    pub hole: bool,
    /// Width, mm.
    pub width: f32,
    /// Height, mm.
    pub height: f32,
    /// Plastic per length, mm³/mm; extrusion_multiplier comes later.
    pub mm3_per_mm: f32,
}

/// How much the move to a point hangs over: see [`BeadSet::overhang`].
pub type OverhangStep = u8;

/// The overhang step of a move that needs no care.
pub const SUPPORTED: OverhangStep = 0;
/// A quarter of the width hangs over (`overhang_speed_3`); 2 is half, 3 is three quarters.
pub const OVERHANG_QUARTER: OverhangStep = 1;
/// The whole width hangs over (`overhang_speed_0`): printed as a bridge.
pub const OVERHANG_FULL: OverhangStep = 4;

/// Planned extrusions in a flat store.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BeadSet {
    /// Points of all beads, object coordinates.
    pub points: Vec<Point>,
    /// For perimeters: the overhang step of the move that ends at the point with the same index
    /// (for the first point of a loop: of the closing move). Empty when nothing hangs over.
    pub overhang: Vec<OverhangStep>,
    /// The beads.
    pub beads: Vec<Bead>,
}

impl BeadSet {
    /// The points of a bead.
    #[inline]
    #[must_use]
    pub fn points_of(&self, b: &Bead) -> &[Point] {
        &self.points[b.start as usize..b.end as usize]
    }

    /// The overhang steps of a bead's points; `None` where nothing of the set hangs over.
    #[inline]
    #[must_use]
    pub fn steps_of(&self, b: &Bead) -> Option<&[OverhangStep]> {
        self.overhang.get(b.start as usize..b.end as usize)
    }

    /// Adds a bead with its points; `start` and `end` of `proto` are set here.
    pub fn push(&mut self, points: &[Point], proto: Bead) {
        let start = self.points.len() as u32;
        self.points.extend_from_slice(points);
        self.beads.push(Bead {
            start,
            end: self.points.len() as u32,
            ..proto
        });
    }
}

/// The beads of one island of a layer.
#[derive(Debug, Clone, Default)]
pub struct IslandPlan {
    /// Box of the island's outline.
    pub bbox: BBox,
    /// Outline of the island: travels inside it cross no wall.
    pub outline: Loops,
    /// Extra perimeters of overhangs, printed before the others.
    pub extra: BeadSet,
    /// External and inner perimeters, thin walls.
    pub perimeters: BeadSet,
    /// Gap fill.
    pub gaps: BeadSet,
    /// Solid, top, bridge and sparse infill.
    pub infill: BeadSet,
}

/// Everything that one layer of one object prints, in object coordinates.
#[derive(Debug, Clone, Default)]
pub struct LayerPlan {
    /// Height of the layer's top above the bed, mm.
    pub z: f64,
    /// Thickness, mm.
    pub height: f64,
    /// Of a spiral vase: one contour that rises to `z` along its way.
    pub spiral: bool,
    /// The islands.
    pub islands: Vec<IslandPlan>,
    /// Support, its interface, raft.
    pub support: BeadSet,
    /// Brim of the object (first layer only).
    pub brim: BeadSet,
}
