//! Drilling as plain moves, for firmwares without canned cycles, estimates and checks.

use crate::program::{DrillCycle, Vertex};
use offcut_geometry::Coord;

/// A chip is broken by so much way back, and a peck begins so much above the last one, grid units: the 0.254 mm
/// (0.01 inch) of the NIST RS274/NGC interpreter.
pub(crate) const BACK: Coord = 25_400;

/// One move of a cycle: its end, whether it is a rapid, and the wait after it, s.
pub type DrillMove = (Vertex, bool, f32);

/// The moves of one hole, from the point above it (`hole`) back to it.
#[must_use]
pub fn drill_moves(hole: Vertex, c: &DrillCycle) -> Vec<DrillMove> {
    let at = |z: Coord| Vertex { z, ..hole };
    let mut out = Vec::new();
    if c.retract != hole.z {
        out.push((at(c.retract), true, 0.0));
    }
    let mut depth = c.retract;
    if c.peck > 0 {
        while depth - c.peck > c.bottom {
            depth -= c.peck;
            out.push((at(depth), false, 0.0));
            if c.chip_break {
                out.push((at(depth + BACK), true, 0.0));
            } else {
                out.push((at(c.retract), true, 0.0));
                let again = (depth + BACK).min(c.retract);
                if again != c.retract {
                    out.push((at(again), true, 0.0));
                }
            }
        }
    }
    out.push((at(c.bottom), false, c.dwell.max(0.0)));
    out.push((at(hole.z.max(c.retract)), true, 0.0));
    if hole.z < c.retract {
        out.push((at(hole.z), true, 0.0));
    }
    out
}
