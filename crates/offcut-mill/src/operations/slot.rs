//! Slots along lines: as wide as the tool, or wider.

use super::engrave::band;
use super::pocket::Pocket;
use super::profile::{Profile, Side};
use super::{Operation, Plan};
use crate::{MillError, Pass};
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::{Loops, clip, grid};
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of slots.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Slot {
    /// Where the slot begins, below the stock's top.
    pub top: f64,
    /// Depth of the slot. Default: through the stock.
    pub depth: Option<f64>,
    /// Depth of a level.
    pub stepdown: Option<f64>,
    /// Width of the slot. Default: that of the tool.
    pub width: Option<f64>,
    /// Slope of ramps, degrees.
    pub ramp_angle: Option<f64>,
}

impl Slot {
    fn region(&self, plan: &Plan<'_>, width: f64) -> Loops {
        let grown = |by: f64| offset(plan.region, grid(by), Join::Round);
        let rings = clip::difference(&grown(width / 2.0), &grown(-width / 2.0));
        clip::union(&rings, &band(plan.lines, width / 2.0))
    }
}

impl Operation for Slot {
    fn plan(&self, plan: &Plan<'_>) -> Result<Vec<Pass>, MillError> {
        let d = plan.tool.diameter;
        let width = self.width.unwrap_or(d);
        if width < d - 1e-6 {
            return Err(MillError::Job(format!(
                "a slot of {width} mm is narrower than the tool of {d} mm"
            )));
        }
        if plan.lines.is_empty() && plan.region.is_empty() {
            return Err(MillError::Job(
                "no line is selected for the slot; select lines or contours".into(),
            ));
        }
        if width < d + 0.01 {
            let on = Profile {
                side: Side::On,
                top: self.top,
                depth: self.depth,
                stepdown: self.stepdown,
                ramp_angle: self.ramp_angle,
                ..Profile::default()
            };
            return on.plan(plan);
        }
        let wide = Pocket {
            top: self.top,
            depth: self.depth,
            stepdown: self.stepdown,
            ramp_angle: self.ramp_angle,
            ..Pocket::default()
        };
        wide.plan(&Plan {
            region: &self.region(plan, width),
            ..*plan
        })
    }

    fn clears(&self, plan: &Plan<'_>) -> Vec<(Loops, f64)> {
        let width = self.width.unwrap_or(plan.tool.diameter);
        vec![(self.region(plan, width), plan.heights(self.top, self.depth).1)]
    }
}
