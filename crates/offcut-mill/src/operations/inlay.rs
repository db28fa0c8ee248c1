//! Inlays: the plug that fits into a V-carved pocket.
//!
//! The pocket is V-carved to the depth that the plug reaches plus the gap for the glue. The plug is the same outline,
//! mirrored, cut with the same bit from the outside: the bit's flank meets the outline at the depth `start`, so that
//! above it the plug narrows just as the pocket's walls do, with all corners as sharp. Turned over, it lies on the
//! pocket's walls with its face `start` below the pocket's surface.

use super::vcarve::{Vcarve, Vclear};
use super::{Operation, Plan};
use crate::{MillError, Pass};
use offcut_geometry::{Loops, Point, clip, grid};
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of plugs.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plug {
    /// How deep the plug reaches into its pocket. The pocket's depth less this is the gap for the glue.
    pub start: f64,
    /// Depth of the floor around the plug, below the stock's top; what lies below `start` stands out of the pocket.
    pub depth: f64,
    /// Width of the band that is cleared around the outline. Default: 5 mm.
    pub margin: Option<f64>,
    /// The plug is not mirrored: the drawing is already.
    #[serde(default)]
    pub mirrored: bool,
    /// Depth of a level. Default: all at once.
    pub stepdown: Option<f64>,
    /// Diameter of the tool that clears the floor (see `plugclear`); without it the V-bit clears all of it.
    pub cleared_by: Option<f64>,
    /// Distance of rounds over the floor with the V-bit.
    pub floor_step: Option<f64>,
}

/// Settings of clearing the floor around a plug with an end mill.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plugclear {
    /// As of the plug.
    pub start: f64,
    /// As of the plug.
    pub depth: f64,
    /// As of the plug.
    pub margin: Option<f64>,
    /// As of the plug.
    #[serde(default)]
    pub mirrored: bool,
    /// Full angle of the V-bit, degrees.
    pub angle: f64,
    /// Diameter of the flat at the V-bit's tip.
    #[serde(default)]
    pub tip_diameter: f64,
    /// Depth of a level.
    pub stepdown: Option<f64>,
    /// Distance of passes as a share of the diameter.
    pub stepover: Option<f64>,
}

/// What is cleared around the plug, in the plane `start` below the top.
fn around(plan: &Plan<'_>, margin: Option<f64>, mirrored: bool) -> Result<Loops, MillError> {
    if plan.region.is_empty() {
        return Err(MillError::Job(
            "no closed contour is selected; an inlay needs a region".into(),
        ));
    }
    let b = plan.region.bbox();
    let mut shape = plan.region.clone();
    if !mirrored {
        for p in &mut shape.points {
            p.x = b.min.x + b.max.x - p.x;
        }
        shape.reverse_all();
    }
    let f = b.grown(grid(margin.unwrap_or(5.0).max(0.1)));
    let mut frame = Loops::new();
    frame.push(&[
        f.min,
        Point::new(f.max.x, f.min.y),
        f.max,
        Point::new(f.min.x, f.max.y),
    ]);
    Ok(clip::difference(&frame, &shape))
}

fn below(start: f64, depth: f64) -> Result<f64, MillError> {
    if start >= 0.0 && depth > start {
        return Ok(depth - start);
    }
    Err(MillError::Job(
        "the depth around a plug must be more than the depth at which it reaches into its pocket (start)"
            .into(),
    ))
}

impl Plug {
    fn carve(&self) -> Result<Vcarve, MillError> {
        Ok(Vcarve {
            top: self.start,
            depth: Some(below(self.start, self.depth)?),
            stepdown: self.stepdown,
            cleared_by: self.cleared_by,
            floor_step: self.floor_step,
        })
    }
}

impl Operation for Plug {
    fn plan(&self, plan: &Plan<'_>) -> Result<Vec<Pass>, MillError> {
        let region = around(plan, self.margin, self.mirrored)?;
        self.carve()?.plan(&Plan {
            region: &region,
            ..*plan
        })
    }

    fn clears(&self, plan: &Plan<'_>) -> Vec<(Loops, f64)> {
        let (Ok(region), Ok(carve)) = (around(plan, self.margin, self.mirrored), self.carve()) else {
            return Vec::new();
        };
        let mut out = carve.clears(&Plan {
            region: &region,
            ..*plan
        });
        // Above the plane of the outline the flank takes more: all of the bit's width.
        let wide = offcut_geometry::offset::Join::Round;
        let flank = offcut_geometry::offset::offset(&region, grid(plan.tool.radius()), wide);
        out.push((flank, plan.setup.top() - self.start));
        out
    }
}

impl Operation for Plugclear {
    fn plan(&self, plan: &Plan<'_>) -> Result<Vec<Pass>, MillError> {
        let region = around(plan, self.margin, self.mirrored)?;
        self.clear()?.whole(
            &Plan {
                region: &region,
                ..*plan
            },
            self.start,
        )
    }

    fn clears(&self, plan: &Plan<'_>) -> Vec<(Loops, f64)> {
        match (around(plan, self.margin, self.mirrored), self.clear()) {
            (Ok(region), Ok(clear)) => clear.clears(&Plan {
                region: &region,
                ..*plan
            }),
            _ => Vec::new(),
        }
    }
}

impl Plugclear {
    fn clear(&self) -> Result<Vclear, MillError> {
        Ok(Vclear {
            top: self.start,
            depth: below(self.start, self.depth)?,
            angle: self.angle,
            tip_diameter: self.tip_diameter,
            stepdown: self.stepdown,
            stepover: self.stepover,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::links::{Block, link};
    use crate::operations::Notes;
    use crate::operations::vcarve::Vcarve;
    use crate::path::on_grid;
    use crate::simulate::{Checks, Report, simulate};
    use crate::testing::{self, FEEDS};
    use crate::{Shape, Toolpath};
    use offcut_geometry::{Ctx, Polylines};

    /// Carries an operation out on a fresh stock, 40 × 30 × 8 mm.
    fn carried(op: &dyn Operation, region: &Loops) -> Report {
        let setup = testing::block([-5.0, -5.0, -8.0], [35.0, 25.0, 0.0]);
        let shape = Shape::Vee {
            angle: 60.0,
            tip_diameter: 0.0,
        };
        let tool = testing::tool(shape, 12.0);
        let (ctx, notes, lines) = (Ctx::quiet(), Notes::default(), Polylines::new());
        let passes = op
            .plan(&testing::plan(&setup, &tool, region, &lines, &ctx, &notes))
            .unwrap();
        let (moves, cycles) = link(&passes, &setup, tool.radius(), &Block(&setup));
        let path = Toolpath {
            tool: 0,
            operation: 0,
            moves,
            cycles,
            feeds: FEEDS,
        };
        let checks = Checks {
            model: None,
            limits: None,
            cell: 0.1,
        };
        simulate(&setup, &[tool], &[path], checks, &ctx).unwrap()
    }

    /// The pair carved of an outline, the plug turned over and laid into its pocket: nothing of it is where the pocket
    /// still has wood, its walls touch, and the gap for the glue stays at the floor.
    #[test]
    fn an_inlay_pair_fits_in_simulation() {
        // An L with a spike: right, reflex and sharp corners.
        let outline = [
            [0.0, 0.0],
            [30.0, 0.0],
            [30.0, 8.0],
            [14.0, 8.0],
            [9.0, 20.0],
            [0.0, 14.0],
        ];
        let region: Loops = [outline.map(on_grid).to_vec()].into_iter().collect();
        let (reach, glue, out) = (2.0, 0.4, 1.2);
        let pocket = Vcarve {
            depth: Some(reach + glue),
            floor_step: Some(0.1),
            ..Vcarve::default()
        };
        let plug = Plug {
            start: reach,
            depth: reach + out,
            margin: Some(4.0),
            mirrored: false,
            stepdown: None,
            cleared_by: None,
            floor_step: Some(0.1),
        };
        let (pocket, plug) = (carried(&pocket, &region), carried(&plug, &region));
        assert!(pocket.findings.is_empty(), "{:?}", pocket.findings);
        assert!(plug.findings.is_empty(), "{:?}", plug.findings);
        let [nx, ny] = pocket.stock.size();
        let slope = (30.0f64).to_radians().tan();
        let (mut walls, mut floors) = (0, 0);
        for j in 0..ny {
            for i in 0..nx {
                let [x, y] = pocket.stock.center(i, j);
                // Within the band around the plug that was cleared.
                if !(-3.0..33.0).contains(&x) || !(-3.0..23.0).contains(&y) {
                    continue;
                }
                let below = pocket.stock.height(i, j);
                // The plug is turned over about the line x = 15.
                let above = -reach - plug.stock.at(30.0 - x, y);
                let gap = above - below;
                assert!(
                    gap > -0.02,
                    "the plug is {gap:.3} in the pocket's wood at {x:.2} {y:.2}"
                );
                let inside = region.contains(on_grid([x, y]));
                let edge = (0..6)
                    .map(|k| {
                        let (a, b) = (outline[k], outline[(k + 1) % 6]);
                        let (u, v) = ([b[0] - a[0], b[1] - a[1]], [x - a[0], y - a[1]]);
                        let t = (u[0] * v[0] + u[1] * v[1]) / (u[0] * u[0] + u[1] * u[1]);
                        let t = t.clamp(0.0, 1.0);
                        (v[0] - t * u[0]).hypot(v[1] - t * u[1])
                    })
                    .fold(f64::INFINITY, f64::min);
                if inside && edge > 0.1 && edge < (reach - 0.1) * slope {
                    walls += 1;
                    assert!(gap < 0.05, "the walls are {gap:.3} apart at {x:.2} {y:.2}");
                }
                if inside && edge > (reach + glue + 0.2) * slope {
                    floors += 1;
                    // In the middle of the innermost round 0.1 mm stays at either side: 0.17 mm high.
                    assert!(
                        (glue - 0.18..glue + 0.01).contains(&gap),
                        "the glue has {gap:.3} mm at {x:.2} {y:.2}: {above:.3} over {below:.3}"
                    );
                }
            }
        }
        assert!(walls > 3000 && floors > 3000, "{walls} {floors}");
    }
}
