//! Helical boring: holes larger than the tool, round by round down a helix, without plunging.

use super::{GAP, Operation, Plan};
use crate::path::{mm, on_grid};
use crate::{CutRole, MillError, Move, Pass};
use offcut_geometry::Loops;
use offcut_geometry::order::{Orderer, Stop};
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of helical boring.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Bore {
    /// Where the holes begin, below the stock's top.
    pub top: f64,
    /// Depth of the holes. Default: through the stock.
    pub depth: Option<f64>,
    /// Diameter of the holes. Default: that of the circles.
    pub diameter: Option<f64>,
    /// Way down in one turn. Default: a quarter of the tool's diameter.
    pub pitch: Option<f64>,
    /// Distance of rounds where one helix is not enough, as a share of the diameter.
    pub stepover: Option<f64>,
    /// Material left on the wall.
    pub leave: f64,
}

impl Operation for Bore {
    fn plan(&self, plan: &Plan<'_>) -> Result<Vec<Pass>, MillError> {
        let (top, bottom) = plan.heights(self.top, self.depth);
        if plan.holes.is_empty() {
            return Err(MillError::Job(
                "there is no circle among the selected contours; select others".into(),
            ));
        }
        let pitch = self.pitch.unwrap_or(plan.tool.diameter / 4.0).max(0.01);
        let step = plan.stepover(self.stepover);
        let stops: Vec<Stop> = plan.holes.iter().map(|h| Stop::at(h.0)).collect();
        let mut out = Vec::new();
        for v in Orderer::new().order(None, &stops) {
            let (center, d) = plan.holes[v.index as usize];
            let c = mm(center);
            let most = (self.diameter.unwrap_or(d) - plan.tool.diameter) / 2.0 - self.leave;
            if most < 0.01 {
                plan.notes.add(format!(
                    "the hole of {d:.3} mm at X{:.2} Y{:.2} is too narrow for the tool and left out",
                    c[0], c[1]
                ));
                continue;
            }
            // The innermost helix leaves no core; the others lie a stepover apart.
            let first = most.min(plan.tool.radius() * 0.95);
            let rounds = ((most - first) / step).ceil().max(0.0) as usize;
            for i in 0..=rounds {
                let r = if rounds == 0 {
                    most
                } else {
                    first + (most - first) * i as f64 / rounds as f64
                };
                let start = [c[0] + r, c[1], top + GAP];
                let mut pass = Pass::at(start);
                pass.feed([start[0], start[1], top], CutRole::Plunge);
                let turns = ((top - bottom) / pitch).ceil().max(1.0) as usize;
                for k in 0..=turns {
                    let z = |t: f64| (top - (top - bottom) * (k as f64 + t) / turns as f64).max(bottom);
                    let kind = if k == turns {
                        CutRole::Finish
                    } else {
                        CutRole::Ramp
                    };
                    pass.moves.push(Move::Arc {
                        to: [c[0] - r, c[1], z(0.5)],
                        center: c,
                        ccw: true,
                        kind,
                    });
                    pass.moves.push(Move::Arc {
                        to: [c[0] + r, c[1], z(1.0)],
                        center: c,
                        ccw: true,
                        kind,
                    });
                }
                // Off the wall, so that nothing is touched on the way up.
                pass.feed([c[0] + r * 0.9, c[1], bottom], CutRole::LeadOut);
                out.push(pass);
            }
        }
        Ok(out)
    }

    fn clears(&self, plan: &Plan<'_>) -> Vec<(Loops, f64)> {
        let disc = |(c, d): &(offcut_geometry::Point, f64)| {
            circle(mm(*c), self.diameter.unwrap_or(*d) / 2.0 - self.leave)
        };
        vec![(
            plan.holes.iter().map(disc).collect(),
            plan.heights(self.top, self.depth).1,
        )]
    }
}

/// A circle as a loop; its chords lie at most 5 µm inside at 50 mm.
pub(super) fn circle(c: crate::path::P2, r: f64) -> Vec<offcut_geometry::Point> {
    (0..720)
        .map(|a| libm::sincos((f64::from(a) / 2.0).to_radians()))
        .map(|(s, k)| on_grid([c[0] + r * k, c[1] + r * s]))
        .collect()
}
