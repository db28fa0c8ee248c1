//! How an operation is cut.

use offcut_gcode::program::CutRole;
use serde::{Deserialize, Serialize};

/// What an operation does with its contours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Follows them.
    #[default]
    Line,
    /// Fills what the closed ones enclose with parallel lines; follows the open ones.
    Hatch,
    /// The same with a second family of lines across the first.
    CrossHatch,
    /// Fills it with offsets of the outline.
    Offsets,
    /// Burns single dots along them.
    Dots,
    /// Leaves them out.
    Ignore,
}

/// Form of a lead.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeadForm {
    /// None.
    #[default]
    None,
    /// Straight, square to the contour.
    Line,
    /// A quarter circle that touches the contour.
    Arc,
}

/// A way into or out of a contour, through the waste.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Lead {
    /// Its form.
    pub form: LeadForm,
    /// Length of the line or radius of the arc, mm.
    pub length: f64,
}

/// Bridges that hold a part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Tabs {
    /// How many on each outline.
    pub count: u32,
    /// Their width, mm.
    pub width: f64,
    /// Their distance from corners at least, mm.
    pub from_corners: f64,
}

/// One operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Style {
    /// What it does.
    pub action: Action,
    /// What its cuts are for.
    pub role: CutRole,
    /// Lower ones come first.
    pub priority: i32,
    /// mm/s.
    pub feed: f64,
    /// Share of full power, 0 to 1.
    pub power: f64,
    /// The power follows the speed where the firmware can.
    pub dynamic: bool,
    /// Share of the power near corners, 0 to 1.
    pub corner_power: f64,
    /// How near, mm.
    pub corner_distance: f64,
    /// Air assist.
    pub air: bool,
    /// How often.
    pub passes: u32,
    /// The head goes down by this after every pass, mm.
    pub z_step: f64,
    /// Width of the cut, mm; closed contours move to the waste by half of it.
    pub kerf: f64,
    /// The way in.
    pub lead_in: Lead,
    /// The way out.
    pub lead_out: Lead,
    /// Closed contours are cut on beyond their start by this, mm.
    pub overcut: f64,
    /// Bridges on outlines.
    pub tabs: Tabs,
    /// Length of the cuts and of the gaps between them, mm; both above 0 for a perforation.
    pub perforation: [f64; 2],
    /// Distance of filling lines or dots, mm.
    pub interval: f64,
    /// Direction of filling lines, degrees.
    pub angle: f64,
    /// Filling lines are begun before and ended after their area by this, mm.
    pub overscan: f64,
    /// Time of a dot, s.
    pub dot_time: f64,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            action: Action::Line,
            role: CutRole::Cut,
            priority: 0,
            feed: 10.0,
            power: 0.8,
            dynamic: true,
            corner_power: 1.0,
            corner_distance: 0.5,
            air: false,
            passes: 1,
            z_step: 0.0,
            kerf: 0.0,
            lead_in: Lead::default(),
            lead_out: Lead::default(),
            overcut: 0.0,
            tabs: Tabs::default(),
            perforation: [0.0; 2],
            interval: 0.1,
            angle: 0.0,
            overscan: 0.0,
            dot_time: 0.05,
        }
    }
}
