//! Tools: their shape, their holder, what they can do.

pub(crate) mod cutter;
pub mod doc;
pub mod feeds;
pub mod library;
pub mod profile;

pub use doc::{Cutting, ToolDoc};
pub use profile::Profile;

use serde::{Deserialize, Serialize};

/// The form of a tool's cutting end. Lengths in mm, angles in degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Shape {
    /// An end mill.
    Flat,
    /// A ball nose mill.
    Ball,
    /// An end mill with rounded corners.
    Bull {
        /// Radius of the corners, below half the diameter.
        corner_radius: f64,
    },
    /// A V-bit.
    Vee {
        /// The full angle of the tip.
        angle: f64,
        /// Diameter of the flat at the tip.
        tip_diameter: f64,
    },
    /// A cone with a ball at its tip.
    TaperedBall {
        /// The full angle of the cone.
        angle: f64,
        /// Radius of the ball.
        tip_radius: f64,
    },
    /// A drill.
    Drill {
        /// The full angle of the point.
        angle: f64,
    },
    /// A chamfer mill: as a V-bit, used with its flank.
    Chamfer {
        /// The full angle.
        angle: f64,
        /// Diameter of the flat at the tip.
        tip_diameter: f64,
    },
}

/// A tool in its holder. Lengths in mm.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tool {
    /// What it is called.
    pub name: String,
    /// Its number on the machine.
    pub number: u32,
    /// Form of the cutting end.
    pub shape: Shape,
    /// Largest diameter that cuts.
    pub diameter: f64,
    /// Length from the tip that cuts.
    pub flute_length: f64,
    /// Diameter above the flutes.
    pub shank_diameter: f64,
    /// From the tip to the holder.
    pub stickout: f64,
    /// The holder from its lower end up: diameter and length of each part.
    pub holder: Vec<(f64, f64)>,
    /// Cutting edges.
    pub flutes: u32,
    /// Can go straight down into material.
    pub center_cutting: bool,
}

impl Tool {
    /// Half the diameter.
    #[must_use]
    pub fn radius(&self) -> f64 {
        self.diameter / 2.0
    }
}
