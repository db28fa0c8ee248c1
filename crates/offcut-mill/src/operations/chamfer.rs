//! Chamfers: the flank of a V-shaped tool breaks the edges of contours.
//!
//! A tip with the flat t and the half angle a, q mm beside the wall, touches the wall at a depth of (w + q − t/2) / tan a
//! above its tip when the chamfer is w wide.

use super::engrave::ordered;
use super::profile::Side;
use super::{GAP, Operation, Plan};
use crate::path::Track;
use crate::{CutRole, MillError, Pass, Shape};
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::{Loops, clip, grid};
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
        let Some((q, z)) = self.tip(plan) else {
            return Err(MillError::Job(format!(
                "tool '{}' has no flank for a chamfer; use a chamfer mill or a V-bit",
                plan.tool.name
            )));
        };
        let (r, w) = (plan.tool.radius(), self.width.unwrap_or(0.5));
        if q + w > r {
            return Err(MillError::Job(format!(
                "a chamfer of {w} mm needs a tool of more than {:.2} mm; this has {} mm",
                2.0 * (q + w),
                plan.tool.diameter
            )));
        }
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

    fn clears(&self, plan: &Plan<'_>) -> Vec<(Loops, f64)> {
        let Some((q, z)) = self.tip(plan) else {
            return Vec::new();
        };
        // The flank at the stock's top; below, the wall itself bounds it, and the simulation shows no more than this.
        let w = self.width.unwrap_or(0.5) + self.top * self.slope(plan);
        let r = plan.tool.radius();
        let grown = |by: f64| offset(plan.region, grid(by), Join::Round);
        let band = match self.side {
            Side::Inside => clip::difference(&grown(w), &grown(-q - r)),
            _ => clip::difference(&grown(q + r), &grown(-w)),
        };
        vec![(band, z)]
    }
}

impl Chamfer {
    /// Tangent of the tool's half angle.
    fn slope(&self, plan: &Plan<'_>) -> f64 {
        match plan.tool.shape {
            Shape::Chamfer { angle, .. } | Shape::Vee { angle, .. } => libm::tan((angle / 2.0).to_radians()),
            _ => 0.0,
        }
    }

    /// Distance of the tip from the wall and its height; none without a flank.
    fn tip(&self, plan: &Plan<'_>) -> Option<(f64, f64)> {
        let (Shape::Chamfer { tip_diameter, .. } | Shape::Vee { tip_diameter, .. }) = plan.tool.shape else {
            return None;
        };
        let (flat, w) = (tip_diameter / 2.0, self.width.unwrap_or(0.5));
        let q = flat + self.clear.unwrap_or((plan.tool.radius() - flat) * 0.2);
        let z = plan.setup.top() - self.top - (w + q - flat) / self.slope(plan);
        Some((q, z))
    }
}
