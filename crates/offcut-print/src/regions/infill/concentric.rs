//! Loops that follow the outline, one distance apart; the first lies half a distance inside, so that
//! every loop stands for the strip about it.

use super::{FillArea, FillParams, Pattern, Scratch};
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::simplify::simplify;
use offcut_geometry::{Point, Polylines, grid};

pub(super) struct Concentric;

/// More loops than this are not drawn.
const MAX_LOOPS: usize = 10_000;

/// Loops are simplified within 3 µm, or tiny edges pile up towards the middle; grid units.
const TOLERANCE: f64 = 300.0;

impl Pattern for Concentric {
    fn fill(&self, area: &FillArea, params: &FillParams, scratch: &mut Scratch, out: &mut Polylines) {
        let distance = grid(params.distance()).max(10);
        let mut loops = offset(area.region, -distance / 2, Join::Miter);
        let mut last: Option<Point> = None;
        for _ in 0..MAX_LOOPS {
            if loops.is_empty() {
                return;
            }
            for l in loops.iter() {
                // Begin where the way from the loop before is short, on the first one anywhere
                // that does not depend on its numbering.
                let start = match last {
                    None => (0..l.len()).min_by_key(|&i| l[i]),
                    Some(p) => (0..l.len()).min_by_key(|&i| ((l[i] - p).norm2(), l[i])),
                }
                .unwrap_or(0);
                scratch.line.clear();
                scratch.line.extend_from_slice(&l[start..]);
                scratch.line.extend_from_slice(&l[..=start]);
                out.push(&scratch.line);
                last = Some(l[start]);
            }
            loops = simplify(&offset(&loops, -distance, Join::Miter), TOLERANCE);
        }
    }
    fn link_share(&self) -> f64 {
        0.0
    }
}
