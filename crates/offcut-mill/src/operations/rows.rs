//! Parallel rows over a region, to and fro, then once along its walls.
//!
//! In: where the tool's middle may be. Out: runs as of [`super::rings`]. Promised: rows and walls sweep all that the
//! region, grown by the radius, holds: a point deeper than half a row has a row beside it within the region.

use super::rings::{Run, Wish};
use crate::path::{P2, Track, dist, mm, stays_in};
use offcut_geometry::{Hatch, Loops, Rows, UNITS_PER_MM};

/// Sweeps one connected region of the tool's middle by rows at `angle` degrees.
#[must_use]
pub fn runs(region: &Loops, angle: f64, w: &Wish) -> Vec<Run> {
    let hatch = Hatch::new(angle.to_radians(), w.step.min(1.8 * w.radius) * UNITS_PER_MM, 0.0);
    let mut rows = Rows::default();
    rows.cross(region, &hatch);
    let mut left: Vec<Vec<[P2; 2]>> = rows
        .iter()
        .map(|(row, c)| {
            c.chunks_exact(2)
                .filter(|p| p[1].along > p[0].along)
                .map(|p| {
                    [
                        mm(hatch.on_row(row, p[0].along)),
                        mm(hatch.on_row(row, p[1].along)),
                    ]
                })
                .collect()
        })
        .collect();
    let mut out = Vec::new();
    // Each run goes from row to row as long as the way to the next is free.
    while let Some(first) = left.iter().position(|r| !r.is_empty()) {
        let [a, b] = left[first].remove(0);
        let mut points = vec![a, b];
        let mut row = first + 1;
        while let Some(list) = left.get_mut(row) {
            let here = points[points.len() - 1];
            let next = list
                .iter()
                .enumerate()
                .flat_map(|(i, r)| [(i, r[0], r[1]), (i, r[1], r[0])]);
            let free = next
                .filter(|(_, s, _)| stays_in(region, here, *s))
                .min_by(|x, y| dist(here, x.1).total_cmp(&dist(here, y.1)));
            // A long way along a row would cut it twice.
            let Some((i, s, e)) = free.filter(|(_, s, e)| dist(here, *s) <= dist(here, *e)) else {
                break;
            };
            list.remove(i);
            points.extend([s, e]);
            row += 1;
        }
        out.extend(Track::new(points, false).map(|t| Run { tracks: vec![t] }));
    }
    for t in Track::rings(region, w.reversed) {
        out.push(Run { tracks: vec![t] });
    }
    out
}
