//! Parallel rows over a region, to and fro, then once along its walls.
//!
//! In: where the tool's middle may be. Out: runs as of [`super::rings`]. Promised: rows and walls sweep all that the
//! region, grown by the radius, holds: a point deeper than half a row has a row beside it within the region.

use super::rings::{Run, Wish};
use crate::path::{P2, Track, dist, mm, stays_in};
use offcut_geometry::offset::{Join, offset};
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
    // Rows end on the walls, so that ways along those are off the region by rounding.
    let near = offset(region, 50, Join::Miter);
    let walls = Track::rings(region, false);
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
                .filter_map(|(i, s, e)| Some((i, link(here, s, &near, &walls, 3.0 * w.step)?, s, e)))
                .min_by(|x, y| dist(here, x.2).total_cmp(&dist(here, y.2)));
            // A long way along a row would cut it twice.
            let Some((i, way, s, e)) = free.filter(|(_, _, s, e)| dist(here, *s) <= dist(here, *e)) else {
                break;
            };
            list.remove(i);
            points.extend(way);
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

/// The corners of the way from the end of a row to the beginning of the next: straight, or along a wall where that is
/// no longer than `most`.
fn link(a: P2, b: P2, near: &Loops, walls: &[Track], most: f64) -> Option<Vec<P2>> {
    if stays_in(near, a, b) {
        return Some(Vec::new());
    }
    walls.iter().find_map(|t| {
        let ((s, d), (e, f)) = (t.nearest(a), t.nearest(b));
        if d.max(f) > 1e-3 {
            return None;
        }
        let len = t.length();
        let ahead = (e - s).rem_euclid(len);
        let (from, way) = if ahead <= len - ahead {
            (s, ahead)
        } else {
            (e, len - ahead)
        };
        if way > most {
            return None;
        }
        let n = t.points.len();
        let first = t.ways().partition_point(|w| *w <= from);
        let mut corners: Vec<P2> = (first..first + n)
            .take_while(|i| {
                let turn = if *i >= n { len } else { 0.0 };
                t.ways()[i % n] + turn < from + way
            })
            .map(|i| t.points[i % n])
            .collect();
        if ahead > len - ahead {
            corners.reverse();
        }
        Some(corners)
    })
}
