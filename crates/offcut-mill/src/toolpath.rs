//! Where a tool goes: passes as operations leave them, toolpaths as they are simulated and written.

pub use offcut_gcode::program::{CutRole, DrillCycle};

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

/// A run of cutting moves: what an operation leaves. The tool comes down to `start` at rapid, so nothing may
/// stand there; rapids within the pass are for pecking only.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pass {
    /// Where it begins, mm; above or beside the material.
    pub start: [f64; 3],
    /// The moves.
    pub moves: Vec<Move>,
    /// The moves are those of a canned cycle.
    pub cycle: Option<DrillCycle>,
}

impl Pass {
    /// A pass without moves yet.
    #[must_use]
    pub const fn at(start: [f64; 3]) -> Self {
        Self {
            start,
            moves: Vec::new(),
            cycle: None,
        }
    }

    /// Where it ends, or has got to.
    #[must_use]
    pub fn end(&self) -> [f64; 3] {
        self.moves.iter().rev().find_map(Move::to).unwrap_or(self.start)
    }

    /// Goes straight to a point; not when the tool is there already.
    pub fn feed(&mut self, to: [f64; 3], kind: CutRole) {
        if self.end() != to {
            self.moves.push(Move::Feed { to, kind });
        }
    }
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
            CutRole::Finish | CutRole::LeadIn | CutRole::LeadOut | CutRole::Engrave | CutRole::Thread => {
                self.finish
            }
            CutRole::Slot => self.slot,
            CutRole::Ramp => self.ramp,
            CutRole::Plunge | CutRole::Drill => self.plunge,
            _ => self.cut,
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
    /// Which of the moves a canned cycle stands for: indices of the first and past the last.
    pub cycles: Vec<(std::ops::Range<usize>, DrillCycle)>,
    /// Feeds and speeds.
    pub feeds: Feeds,
}

impl Toolpath {
    /// Ways at feed and at rapid, mm, and the deepest point that is cut.
    #[must_use]
    pub fn measure(&self) -> (f64, f64, f64) {
        let (mut cut, mut rapid, mut low) = (0.0, 0.0, f64::INFINITY);
        let mut at: Option<[f64; 3]> = None;
        for m in &self.moves {
            let Some(to) = m.to() else { continue };
            let from = at.unwrap_or(to);
            let straight = libm::hypot(libm::hypot(to[0] - from[0], to[1] - from[1]), to[2] - from[2]);
            match *m {
                Move::Rapid(_) => rapid += straight,
                Move::Arc { center, ccw, .. } => {
                    cut += crate::program::arc_length(at, to, center, ccw);
                    low = low.min(to[2]);
                }
                _ => {
                    cut += straight;
                    low = low.min(to[2]);
                }
            }
            at = Some(to);
        }
        (cut, rapid, low)
    }
}
