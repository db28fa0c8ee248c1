//! Thread milling: a thread mill with one row of teeth climbs in a helix, one turn for each pitch.

use super::bore::circle;
use super::{GAP, Operation, Plan};
use crate::path::mm;
use crate::{CutRole, MillError, Move, Pass};
use offcut_geometry::{Loops, clip};
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of thread milling.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Thread {
    /// Way of one turn.
    pub pitch: f64,
    /// Major diameter of an inner thread, minor of an outer one. Default: that of the circles.
    pub diameter: Option<f64>,
    /// Where the thread begins, below the stock's top.
    #[serde(default)]
    pub top: f64,
    /// Length of the thread.
    pub depth: f64,
    /// A thread on a bolt instead of in a hole.
    #[serde(default)]
    pub outer: bool,
    /// A left-hand thread.
    #[serde(default)]
    pub left: bool,
    /// Rounds, each with the same share of the depth of the thread. Default: 1.
    pub passes: Option<u32>,
}

impl Operation for Thread {
    fn plan(&self, plan: &Plan<'_>) -> Result<Vec<Pass>, MillError> {
        if !(self.pitch > 0.0 && self.depth > 0.0) {
            return Err(MillError::Job("pitch and depth must be more than 0".into()));
        }
        if plan.holes.is_empty() {
            return Err(MillError::Job(
                "there is no circle among the selected contours; select others".into(),
            ));
        }
        let (top, bottom) = plan.heights(self.top, Some(self.depth));
        // 0.613 of the pitch is the depth of a metric thread (ISO 68-1: 17/24 H with rounded roots).
        let deep = 0.613_4 * self.pitch;
        let n = self.passes.unwrap_or(1).clamp(1, 20);
        let mut out = Vec::new();
        for (center, d) in plan.holes {
            let c = mm(*center);
            let d = self.diameter.unwrap_or(*d);
            for i in 1..=n {
                let left = deep * f64::from(n - i) / f64::from(n);
                let r = if self.outer {
                    (d + plan.tool.diameter) / 2.0 + left
                } else {
                    (d - plan.tool.diameter) / 2.0 - left
                };
                if r < 0.05 {
                    return Err(MillError::Job(format!(
                        "the tool of {} mm does not fit into a thread of {d} mm",
                        plan.tool.diameter
                    )));
                }
                // Upwards and counter-clockwise makes a right-hand thread; that climbs in a hole.
                let ccw = !self.left;
                let (enter, kind) = (
                    if self.outer { r + plan.tool.radius() } else { 0.0 },
                    CutRole::Thread,
                );
                let mut pass = Pass::at([c[0] + enter, c[1], plan.setup.top() + GAP]);
                pass.feed([c[0] + enter, c[1], bottom], CutRole::Plunge);
                // Onto the helix by a half circle, and off it the same way.
                let lead = [c[0] + (r + enter) / 2.0, c[1]];
                let on = [c[0] + r, c[1], bottom + self.pitch / 2.0];
                pass.moves.push(Move::Arc {
                    to: on,
                    center: lead,
                    ccw: ccw != self.outer,
                    kind: CutRole::LeadIn,
                });
                let mut z = on[2];
                while z < top - 1e-9 {
                    for half in [-1.0, 1.0] {
                        z += self.pitch / 2.0;
                        pass.moves.push(Move::Arc {
                            to: [c[0] + half * r, c[1], z],
                            center: c,
                            ccw,
                            kind,
                        });
                    }
                }
                let off = [c[0] + enter, c[1], z];
                pass.moves.push(Move::Arc {
                    to: off,
                    center: lead,
                    ccw: ccw != self.outer,
                    kind: CutRole::LeadOut,
                });
                out.push(pass);
            }
        }
        Ok(out)
    }

    fn clears(&self, plan: &Plan<'_>) -> Vec<(Loops, f64)> {
        let z = plan.heights(self.top, Some(self.depth)).1;
        let disc = |c: offcut_geometry::Point, r: f64| -> Loops { [circle(mm(c), r)].into_iter().collect() };
        let mut all = Loops::new();
        for (c, d) in plan.holes {
            let d = self.diameter.unwrap_or(*d);
            let one = if self.outer {
                // A ring around the bolt, and the place beside it where the tool comes down.
                let wide = d / 2.0 + 0.613_4 * self.pitch + 2.0 * plan.tool.diameter;
                clip::difference(&disc(*c, wide), &disc(*c, d / 2.0))
            } else {
                disc(*c, d / 2.0)
            };
            all = clip::union(&all, &one);
        }
        vec![(all, z)]
    }
}
