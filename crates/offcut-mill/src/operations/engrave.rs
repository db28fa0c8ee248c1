//! Engraving: the tool's tip follows lines at a depth.

use super::{GAP, Operation, Plan};
use crate::path::{Track, levels, mm, on_grid};
use crate::{CutRole, MillError, Pass};
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::order::{Orderer, Stop};
use offcut_geometry::{Loops, Point, Polylines, clip, grid};
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of engraving.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Engrave {
    /// Where the surface lies, below the stock's top.
    pub top: f64,
    /// Depth of the line. Default: 0.2 mm.
    pub depth: Option<f64>,
    /// Depth of a level.
    pub stepdown: Option<f64>,
}

impl Operation for Engrave {
    fn plan(&self, plan: &Plan<'_>) -> Result<Vec<Pass>, MillError> {
        let (top, bottom) = plan.heights(self.top, Some(self.depth.unwrap_or(0.2)));
        let tracks: Vec<Track> = plan
            .region
            .iter()
            .filter_map(|l| Track::ring(l, false))
            .chain(
                plan.lines
                    .iter()
                    .filter_map(|l| Track::new(l.iter().map(|p| mm(*p)), false)),
            )
            .collect();
        if tracks.is_empty() {
            return Err(MillError::Job(
                "no line is selected to be engraved; select contours that have a length".into(),
            ));
        }
        let zs = levels(top, bottom, plan.stepdown(self.stepdown));
        Ok(ordered(&tracks)
            .into_iter()
            .map(|t| {
                let p = t.points[0];
                let mut pass = Pass::at([p[0], p[1], top + GAP]);
                for (i, z) in zs.iter().enumerate() {
                    // Open lines are run to and fro.
                    let back = !t.closed && i % 2 == 1;
                    let run = if back { t.reversed() } else { t.clone() };
                    let p = run.points[0];
                    pass.feed([p[0], p[1], *z], CutRole::Plunge);
                    run.walk(
                        0.0,
                        &[(0.0, *z), (run.length(), *z)],
                        |_| CutRole::Engrave,
                        &mut pass,
                    );
                }
                pass
            })
            .collect())
    }

    fn clears(&self, plan: &Plan<'_>) -> Vec<(Loops, f64)> {
        let r = plan.tool.radius();
        let grown = |by: f64| offset(plan.region, grid(by), Join::Round);
        let rings = clip::difference(&grown(r), &grown(-r));
        let z = plan.heights(self.top, Some(self.depth.unwrap_or(0.2))).1;
        vec![(clip::union(&rings, &band(plan.lines, r)), z)]
    }
}

/// What a tool of that radius sweeps along lines.
#[must_use]
pub fn band(lines: &Polylines, r: f64) -> Loops {
    let mut out = Loops::new();
    for l in lines.iter() {
        // Two units wide, so that the offset takes it as a region.
        let thin: Vec<Point> = l
            .iter()
            .copied()
            .chain(l.iter().rev().map(|p| Point::new(p.x + 2, p.y + 2)))
            .collect();
        let mut one = Loops::new();
        one.push(&thin);
        out = clip::union(&out, &offset(&clip::non_zero(&one), grid(r), Join::Round));
    }
    out
}

/// Tracks in an order with short ways between them; open ones may be turned around.
#[must_use]
pub fn ordered(tracks: &[Track]) -> Vec<Track> {
    let stops: Vec<Stop> = tracks
        .iter()
        .map(|t| {
            let a = on_grid(t.points[0]);
            let b = if t.closed {
                a
            } else {
                on_grid(t.points[t.points.len() - 1])
            };
            Stop {
                a,
                b,
                reversible: true,
            }
        })
        .collect();
    Orderer::new()
        .order(None, &stops)
        .iter()
        .map(|v| {
            let t = &tracks[v.index as usize];
            if v.reversed && !t.closed {
                t.reversed()
            } else {
                t.clone()
            }
        })
        .collect()
}
