//! Chamfers: the flank of a V-shaped tool breaks the edges of contours.
//!
//! A tip with the flat t and the half angle a, q mm beside the wall, touches the wall at a depth of (w + q − t/2) / tan a
//! above its tip when the chamfer is w wide.

use super::engrave::ordered;
use super::profile::Side;
use super::{GAP, Operation, Plan};
use crate::path::Track;
use crate::{CutRole, MillError, Pass, Shape};
use offcut_geometry::grid;
use offcut_geometry::offset::{Join, offset};
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of chamfers.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Chamfer {
    /// The edges of material inside the contours (outside) or of openings (inside).
    pub side: Side,
    /// Where the edge lies, below the stock's top.
    pub top: f64,
    /// Width of the chamfer. Default: 0.5 mm.
    pub width: Option<f64>,
    /// Distance of the tip from the wall. Default: a fifth of the radius.
    pub clear: Option<f64>,
}

impl Operation for Chamfer {
    fn plan(&self, plan: &Plan<'_>) -> Result<Vec<Pass>, MillError> {
        let (Shape::Chamfer { angle, tip_diameter } | Shape::Vee { angle, tip_diameter }) = plan.tool.shape
        else {
            return Err(MillError::Job(format!(
                "tool '{}' has no flank for a chamfer; use a chamfer mill or a V-bit",
                plan.tool.name
            )));
        };
        let r = plan.tool.radius();
        let w = self.width.unwrap_or(0.5);
        let q = tip_diameter / 2.0 + self.clear.unwrap_or((r - tip_diameter / 2.0) * 0.2);
        if q + w > r {
            return Err(MillError::Job(format!(
                "a chamfer of {w} mm needs a tool of more than {:.2} mm; this has {} mm",
                2.0 * (q + w),
                plan.tool.diameter
            )));
        }
        let z = plan.setup.top()
            - self.top
            - (w + q - tip_diameter / 2.0) / libm::tan((angle / 2.0).to_radians());
        let (distance, reversed) = match self.side {
            Side::Inside => (-q, false),
            _ => (q, true),
        };
        let rings = Track::rings(&offset(plan.region, grid(distance), Join::Round), reversed);
        if rings.is_empty() {
            return Err(MillError::Job(
                "no closed contour is selected that the tool can follow".into(),
            ));
        }
        Ok(ordered(&rings)
            .into_iter()
            .map(|t| {
                let p = t.points[0];
                let mut pass = Pass::at([p[0], p[1], plan.setup.top() + GAP]);
                pass.feed([p[0], p[1], z], CutRole::Plunge);
                t.walk(0.0, &[(0.0, z), (t.length(), z)], |_| CutRole::Finish, &mut pass);
                pass
            })
            .collect())
    }
}
