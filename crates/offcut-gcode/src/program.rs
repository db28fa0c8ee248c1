//! The one motion representation: what a machine shall do, before any firmware's words for it.
//!
//! Moves share their attributes by path; the vertices of all paths lie in one array, so that a
//! million moves cost 12 bytes each.

mod cut;
mod sweep;

pub use cut::{Beam, Coolant, Cut, CutRole, DrillCycle, FULL_POWER, ToolMark};

use offcut_geometry::{Coord, Point};
use serde::{Deserialize, Serialize};

/// What a line of plastic (or a cut) is for. Names in G-code follow PrusaSlicer's `;TYPE:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Role {
    /// The outline of an island or a hole.
    ExternalPerimeter,
    /// Loops inside the external one.
    Perimeter,
    /// A perimeter over air.
    OverhangPerimeter,
    /// Sparse infill.
    SparseInfill,
    /// Solid infill inside and at the bottom.
    SolidInfill,
    /// Solid infill that is seen from above.
    TopSolidInfill,
    /// Threads over air.
    Bridge,
    /// Lines of variable width in gaps and thin walls.
    GapFill,
    /// Skirt, brim and draft shield.
    SkirtBrim,
    /// Support and raft.
    Support,
    /// Dense support that touches the object.
    SupportInterface,
    /// From custom G-code.
    Custom,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 12] = [
        Self::ExternalPerimeter,
        Self::Perimeter,
        Self::OverhangPerimeter,
        Self::SparseInfill,
        Self::SolidInfill,
        Self::TopSolidInfill,
        Self::Bridge,
        Self::GapFill,
        Self::SkirtBrim,
        Self::Support,
        Self::SupportInterface,
        Self::Custom,
    ];

    /// The name that hosts and previews know.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::ExternalPerimeter => "External perimeter",
            Self::Perimeter => "Perimeter",
            Self::OverhangPerimeter => "Overhang perimeter",
            Self::SparseInfill => "Internal infill",
            Self::SolidInfill => "Solid infill",
            Self::TopSolidInfill => "Top solid infill",
            Self::Bridge => "Bridge infill",
            Self::GapFill => "Gap fill",
            Self::SkirtBrim => "Skirt/Brim",
            Self::Support => "Support material",
            Self::SupportInterface => "Support material interface",
            Self::Custom => "Custom",
        }
    }
}

/// A position in grid units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vertex {
    /// To the right.
    pub x: Coord,
    /// To the rear.
    pub y: Coord,
    /// Up; z_offset comes later.
    pub z: Coord,
}

impl From<[Coord; 3]> for Vertex {
    fn from([x, y, z]: [Coord; 3]) -> Self {
        Self { x, y, z }
    }
}

impl Vertex {
    /// A vertex above a point.
    #[must_use]
    pub const fn new(p: Point, z: Coord) -> Self {
        Self { x: p.x, y: p.y, z }
    }

    /// The point below the vertex.
    #[must_use]
    pub const fn xy(self) -> Point {
        Point { x: self.x, y: self.y }
    }
}

/// A range of [`Program::vertices`]: the targets of consecutive moves. The first move starts where
/// the machine stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Path {
    /// Index of the first target.
    pub start: u32,
    /// Index just past the last target.
    pub end: u32,
}

/// One arc among the moves: the move to `Program::vertices[vertex]` is an arc around `center`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArcMove {
    /// Index of the arc's end in [`Program::vertices`].
    pub vertex: u32,
    /// The centre.
    pub center: Point,
    /// Counter-clockwise (G3).
    pub ccw: bool,
}

/// How an extrusion's plastic is laid.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Extrusion {
    /// What it is for.
    pub role: Role,
    /// Plastic per length, mm³/mm; extrusion_multiplier is included.
    pub mm3_per_mm: f64,
    /// Width of the bead, mm.
    pub width: f32,
    /// Height of the bead, mm.
    pub height: f32,
    /// Speed, mm/s.
    pub speed: f32,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Step {
    /// The tool or the beam cuts along the path.
    Cut {
        /// The targets.
        path: Path,
        /// How.
        cut: Cut,
    },
    /// A line of an engraved picture: one power for every target, at `powers` in [`Program::powers`].
    Raster {
        /// The targets.
        path: Path,
        /// Index of the first target's power.
        powers: u32,
        /// mm/s.
        feed: f32,
    },
    /// The laser's state; the beam itself is on during cuts only.
    Beam(Beam),
    /// The spindle turns, or stops at 0.
    Spindle {
        /// Revolutions per minute.
        rpm: f32,
        /// Counter-clockwise, seen from the motor.
        ccw: bool,
    },
    /// Coolant or air assist.
    Coolant(Coolant),
    /// Changes to a tool: index into [`Program::tools`].
    Tool(u32),
    /// Drills a hole at each point, see [`DrillCycle`].
    Cycle {
        /// The holes; their z is the height at which the tool gets from one to the next.
        at: Path,
        /// How.
        cycle: DrillCycle,
    },
    /// Moves without extruding; `speed` in mm/s.
    Travel {
        /// The targets.
        path: Path,
        /// mm/s.
        speed: f32,
    },
    /// Goes to a height where the machine stands, wherever that is; does nothing once its place is known.
    Height {
        /// Grid units, as in [`Vertex`].
        z: Coord,
        /// mm/s.
        speed: f32,
    },
    /// Moves that extrude.
    Extrude {
        /// The targets.
        path: Path,
        /// The bead.
        bead: Extrusion,
    },
    /// Moves while pulling filament back (wipe); `length` mm in all, spread evenly.
    Wipe {
        /// The targets.
        path: Path,
        /// mm/s.
        speed: f32,
        /// Filament pulled back, mm.
        length: f32,
    },
    /// Pulls filament back (`length` > 0) standing still.
    Retract {
        /// mm of filament.
        length: f32,
        /// mm/s.
        speed: f32,
    },
    /// Pushes filament back to the nozzle.
    Unretract {
        /// mm of filament, restart extra included.
        length: f32,
        /// mm/s.
        speed: f32,
    },
    /// Acceleration of the following printing or travelling moves, mm/s².
    Acceleration(f32),
    /// Part cooling fan, 0 to 100 %.
    Fan(f32),
    /// Hotend target, °C; waits when `wait`.
    Hotend {
        /// °C.
        celsius: u32,
        /// Waits until reached.
        wait: bool,
    },
    /// Bed target, °C; waits when `wait`.
    Bed {
        /// °C.
        celsius: u32,
        /// Waits until reached.
        wait: bool,
    },
    /// Chamber target, °C; waits when `wait`.
    Chamber {
        /// °C.
        celsius: u32,
        /// Waits until reached.
        wait: bool,
    },
    /// Pressure or linear advance.
    PressureAdvance(f32),
    /// A new layer begins: index into [`Program::layers`].
    Layer(u32),
    /// The following moves belong to an object instance: index into [`Program::objects`].
    ObjectStart(u32),
    /// The object instance's moves end.
    ObjectEnd(u32),
    /// Waits, seconds.
    Dwell(f32),
    /// Custom G-code, placeholders already replaced.
    Custom(String),
    /// A comment.
    Comment(String),
}

/// A layer of the print.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LayerMark {
    /// Height of its top above the bed, mm (z_offset not included).
    pub z: f64,
    /// Thickness, mm.
    pub height: f64,
}

/// One copy of an object on the plate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ObjectInstance {
    /// Name of the object, as in the model file.
    pub name: String,
    /// Which object.
    pub object: u32,
    /// Which copy of it.
    pub copy: u32,
    /// Outline on the bed (convex hull), grid units.
    pub hull: Vec<Point>,
}

/// A whole job as motion, for any machine.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Program {
    /// Targets of all moves.
    pub vertices: Vec<Vertex>,
    /// Which of the moves are arcs, by rising vertex index.
    pub arcs: Vec<ArcMove>,
    /// What to do, in order.
    pub steps: Vec<Step>,
    /// The layers, bottom up.
    pub layers: Vec<LayerMark>,
    /// The object instances.
    pub objects: Vec<ObjectInstance>,
    /// The tools.
    #[serde(default)]
    pub tools: Vec<ToolMark>,
    /// Powers of [`Step::Raster`], 0 to [`FULL_POWER`].
    #[serde(default)]
    pub powers: Vec<u16>,
}

impl Program {
    /// The targets of a path.
    #[must_use]
    pub fn path(&self, p: Path) -> &[Vertex] {
        &self.vertices[p.start as usize..p.end as usize]
    }

    /// Adds targets and returns their path.
    pub fn add_path(&mut self, targets: impl IntoIterator<Item = Vertex>) -> Path {
        let start = self.vertices.len() as u32;
        self.vertices.extend(targets);
        Path {
            start,
            end: self.vertices.len() as u32,
        }
    }
}
