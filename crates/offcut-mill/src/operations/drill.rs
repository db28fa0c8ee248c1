//! Drilling: at the middle of every circle, at once, by pecks or by breaking chips.

use super::{Operation, Plan};
use crate::path::{mm, on_grid};
use crate::{CutRole, MillError, Move, Pass, Shape};
use offcut_gcode::program::DrillCycle;
use offcut_geometry::Loops;
use offcut_geometry::grid;
use offcut_geometry::order::{Orderer, Stop};
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of drilling.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Drill {
    /// Where the holes begin, below the stock's top.
    pub top: f64,
    /// Depth of the holes. Default: through the stock.
    pub depth: Option<f64>,
    /// The depth counts to the full diameter, the drill's point comes below it. Default: for holes through the stock.
    pub full_diameter: Option<bool>,
    /// Depth of one peck; 0 drills at once.
    pub peck: f64,
    /// Pecks break the chip by a short way back instead of leaving the hole.
    pub chip_break: bool,
    /// Wait at the bottom, seconds.
    pub dwell: f64,
    /// Circles whose diameter differs from the tool's by more than this are left out; 0 drills all.
    pub fit: f64,
    /// Centres, from the program's zero, beside the circles of the drawing.
    pub points: Vec<[f64; 2]>,
}

/// How far a peck goes back to break the chip, and where the feed begins again above the last depth, mm.
const BACK: f64 = 0.25;

impl Operation for Drill {
    fn plan(&self, plan: &Plan<'_>) -> Result<Vec<Pass>, MillError> {
        let (top, mut bottom) = plan.heights(self.top, self.depth);
        if let (Shape::Drill { angle }, true) = (
            plan.tool.shape,
            self.full_diameter.unwrap_or(self.depth.is_none()),
        ) {
            bottom -= plan.tool.radius() / libm::tan((angle / 2.0).to_radians());
        }
        let lowest = plan.setup.bed() - plan.setup.spoil;
        if bottom < lowest - 1e-9 {
            plan.notes.add(format!(
                "the drill's point would end {:.2} mm below the stock and is held at {:.2} mm: the holes are narrower at \
                 their lower end; with a spoil board, raise heights.spoil",
                plan.setup.bed() - bottom,
                plan.setup.spoil
            ));
            bottom = lowest;
        }
        let mut centers: Vec<_> = plan
            .holes
            .iter()
            .filter(|(_, d)| self.fit <= 0.0 || (d - plan.tool.diameter).abs() <= self.fit)
            .map(|(c, _)| *c)
            .collect();
        for p in &self.points {
            centers.push(offcut_geometry::Point::from_mm(p[0], p[1])?);
        }
        if centers.is_empty() {
            return Err(MillError::Job(
                "there is no circle to drill among the selected contours; select others or give points"
                    .into(),
            ));
        }
        let stops: Vec<Stop> = centers.iter().map(|c| Stop::at(*c)).collect();
        let mut orderer = Orderer::new();
        let start = offcut_geometry::Point::new(grid(plan.setup.stock.min[0]), grid(plan.setup.stock.min[1]));
        let r = top + plan.setup.safe;
        let cycle = DrillCycle {
            retract: grid(r),
            bottom: grid(bottom),
            peck: grid(self.peck.max(0.0)),
            chip_break: self.chip_break,
            dwell: self.dwell.max(0.0) as f32,
            feed: (plan.feeds.plunge / 60.0) as f32,
        };
        Ok(orderer
            .order(Some(start), &stops)
            .iter()
            .map(|v| {
                let c = mm(centers[v.index as usize]);
                let mut pass = Pass::at([c[0], c[1], r]);
                self.hole(c, r, bottom, &mut pass);
                pass.cycle = Some(cycle);
                pass
            })
            .collect())
    }

    fn clears(&self, plan: &Plan<'_>) -> Vec<(Loops, f64)> {
        let z = plan.heights(self.top, self.depth).1 - plan.tool.diameter;
        let given = self.points.iter().map(|p| on_grid(*p));
        let r = plan.tool.radius() + 0.001;
        let disc = |c| super::bore::circle(mm(c), r);
        let discs = plan.holes.iter().map(|h| h.0).chain(given).map(disc);
        vec![(discs.collect(), z)]
    }
}

impl Drill {
    /// The moves of one hole, as the canned cycle makes them.
    fn hole(&self, c: [f64; 2], r: f64, bottom: f64, pass: &mut Pass) {
        let at = |z: f64| [c[0], c[1], z];
        let mut z = r;
        while z > bottom + 1e-9 {
            let next = if self.peck > 0.0 {
                (z - self.peck).max(bottom)
            } else {
                bottom
            };
            if z < r && !self.chip_break {
                pass.moves.push(Move::Rapid(at((z + BACK).min(r))));
            }
            pass.feed(at(next), CutRole::Drill);
            z = next;
            if z > bottom + 1e-9 {
                pass.moves.push(Move::Rapid(at(if self.chip_break {
                    (z + BACK).min(r)
                } else {
                    r
                })));
            }
        }
        if self.dwell > 0.0 {
            pass.moves.push(Move::Dwell(self.dwell));
        }
        pass.moves.push(Move::Rapid(at(r)));
    }
}
