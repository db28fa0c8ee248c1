//! Where a tool goes: passes as operations leave them, toolpaths as they are simulated and written.

/// What a move is for; its feed follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CutRole {
    /// Removes material, stock is left.
    Rough,
    /// The last pass along a surface.
    Finish,
    /// Cuts along its full diameter.
    Slot,
    /// Straight down.
    Plunge,
    /// Down a slope or a helix.
    Ramp,
    /// Down with a drill.
    Drill,
    /// Onto the contour.
    LeadIn,
    /// Off the contour.
    LeadOut,
    /// At feed through what is cut already.
    Link,
}

/// One move of the tip, mm. It starts where the one before ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Move {
    /// As fast as the machine goes; never in material.
    Rapid([f64; 3]),
    /// Straight, at feed.
    Feed {
        /// The end.
        to: [f64; 3],
        /// What for.
        kind: CutRole,
    },
    /// Along a circle in the XY plane; a helix when the end has another z. Equal ends are a full turn.
    Arc {
        /// The end.
        to: [f64; 3],
        /// The circle's centre.
        center: [f64; 2],
        /// Counter-clockwise.
        ccw: bool,
        /// What for.
        kind: CutRole,
    },
    /// Stands still, seconds.
    Dwell(f64),
}

impl Move {
    /// Where the move ends; none for one that stands still.
    #[must_use]
    pub const fn to(&self) -> Option<[f64; 3]> {
        match *self {
            Self::Rapid(to) | Self::Feed { to, .. } | Self::Arc { to, .. } => Some(to),
            Self::Dwell(_) => None,
        }
    }
}

/// A run of cutting moves without rapids: what an operation leaves. The tool comes down to `start` at rapid
/// where nothing stands above it, otherwise the first moves lead it in at feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Pass {
    /// Where it begins, mm; above or beside the material.
    pub start: [f64; 3],
    /// Feeds, arcs and dwells.
    pub moves: Vec<Move>,
}

/// Feeds and speeds of a toolpath.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Feeds {
    /// Roughing and links, mm/min.
    pub cut: f64,
    /// Finishing, mm/min.
    pub finish: f64,
    /// With the full diameter engaged, mm/min.
    pub slot: f64,
    /// Ramps and helices, mm/min.
    pub ramp: f64,
    /// Straight down, mm/min.
    pub plunge: f64,
    /// Revolutions per minute.
    pub rpm: f64,
}

impl Feeds {
    /// The feed of a move, mm/min.
    #[must_use]
    pub const fn of(&self, kind: CutRole) -> f64 {
        match kind {
            CutRole::Rough | CutRole::Link => self.cut,
            CutRole::Finish | CutRole::LeadIn | CutRole::LeadOut => self.finish,
            CutRole::Slot => self.slot,
            CutRole::Ramp => self.ramp,
            CutRole::Plunge | CutRole::Drill => self.plunge,
        }
    }
}

/// All moves of one operation, rapids included.
#[derive(Debug, Clone, PartialEq)]
pub struct Toolpath {
    /// Index of the tool in the job.
    pub tool: usize,
    /// Index of the operation in the job.
    pub operation: usize,
    /// The moves; the first is a rapid.
    pub moves: Vec<Move>,
    /// Feeds and speeds.
    pub feeds: Feeds,
}
