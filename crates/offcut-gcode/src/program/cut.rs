//! What lasers and mills do, as parts of a [`Program`](super::Program).

use offcut_geometry::Coord;
use serde::{Deserialize, Serialize};

/// What a cut is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum CutRole {
    /// Through the material.
    Cut,
    /// Into its surface.
    Score,
    /// A line of a filled area.
    Engrave,
    /// A line of a picture.
    Raster,
    /// On the way into a contour, in the waste.
    LeadIn,
    /// On the way out of a contour.
    LeadOut,
    /// Removes stock.
    Rough,
    /// Leaves the final surface.
    Finish,
    /// Removes stock with the tool's full width.
    Slot,
    /// Straight down.
    Plunge,
    /// Down on a slope or a helix.
    Ramp,
    /// Into a hole.
    Drill,
    /// Round or in a thread.
    Thread,
    /// Between two cuts, inside what is already cut.
    Link,
}

impl CutRole {
    /// All roles, in the order of their discriminants.
    pub const ALL: [Self; 14] = [
        Self::Cut,
        Self::Score,
        Self::Engrave,
        Self::Raster,
        Self::LeadIn,
        Self::LeadOut,
        Self::Rough,
        Self::Finish,
        Self::Slot,
        Self::Plunge,
        Self::Ramp,
        Self::Drill,
        Self::Thread,
        Self::Link,
    ];

    /// The name in comments and reports.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Cut => "cut",
            Self::Score => "score",
            Self::Engrave => "engrave",
            Self::Raster => "raster",
            Self::LeadIn => "lead in",
            Self::LeadOut => "lead out",
            Self::Rough => "rough",
            Self::Finish => "finish",
            Self::Slot => "slot",
            Self::Plunge => "plunge",
            Self::Ramp => "ramp",
            Self::Drill => "drill",
            Self::Thread => "thread",
            Self::Link => "link",
        }
    }
}

/// How a path is cut.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Cut {
    /// What it is for.
    pub role: CutRole,
    /// mm/s.
    pub feed: f32,
    /// Share of the laser's full power, 0 to 1; 1 for tools that turn.
    pub power: f32,
}

/// Full power in [`crate::Program::powers`].
pub const FULL_POWER: u16 = u16::MAX;

/// State of a laser.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Beam {
    /// No cut burns.
    #[default]
    Off,
    /// Cuts burn with their power at any speed.
    Constant,
    /// The power follows the speed, so that corners do not burn.
    Dynamic,
}

/// What cools or blows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coolant {
    /// Nothing.
    #[default]
    Off,
    /// Mist.
    Mist,
    /// Flood.
    Flood,
    /// Air assist.
    Air,
}

/// How holes are drilled. The tool comes down to `retract` at rapid speed, drills to `bottom` and goes back up to
/// the height of the hole's vertex, where it stands at the end.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DrillCycle {
    /// Height where the feed begins (the R plane), grid units.
    pub retract: Coord,
    /// Height of the deepest point, grid units.
    pub bottom: Coord,
    /// Depth of one peck, grid units; 0 drills at once.
    pub peck: Coord,
    /// Pecks break chips by a short way back (G73) instead of leaving the hole (G83).
    pub chip_break: bool,
    /// Wait at the bottom, s.
    pub dwell: f32,
    /// mm/s.
    pub feed: f32,
}

/// A tool of the job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolMark {
    /// Its number in the machine (T).
    pub number: u32,
    /// What people call it.
    pub name: String,
    /// mm.
    pub diameter: f64,
}
