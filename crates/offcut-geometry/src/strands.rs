//! Pieces of lines inside a region, and where their ends meet its boundary.
//!
//! In: rows of a hatch, or lines cut by a [`LineClipper`](crate::clip_lines::LineClipper). Out:
//! strands whose ends know their place along the boundary, ready to be linked.

use crate::hatch::{Hatch, Rows};
use crate::loops::{Loops, Polylines};
use crate::point::Point;

/// A place on the boundary where a strand ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct End {
    /// Distance along the boundary, grid units; the loops follow each other.
    pub pos: i64,
    /// Twice the strand's number, plus one for its last point.
    pub id: u32,
    /// The edge: index of the point where it starts.
    pub edge: u32,
}

/// Kept free between the ends of a loop and those of the next, against rounding.
pub(crate) const LOOP_GAP: i64 = 16;

/// Lines inside a region.
#[derive(Debug, Clone, Default)]
pub struct Strands {
    /// The strands.
    pub lines: Polylines,
    pub(crate) ends: Vec<End>,
    /// For every point of the region its distance along the boundary, and the total at the end.
    pub(crate) along: Vec<i64>,
    /// Shorter strands are dropped, grid units.
    min_length: f64,
}

impl Strands {
    /// Forgets everything and begins with a new region. Strands shorter than `min_length` (grid
    /// units) will be dropped.
    pub fn begin(&mut self, region: &Loops, min_length: f64) {
        self.lines.clear();
        self.ends.clear();
        self.along.clear();
        self.min_length = min_length;
        let mut sum = 0i64;
        for l in region.iter() {
            for (i, &a) in l.iter().enumerate() {
                self.along.push(sum);
                // Whole units, so that lengths do not depend on where the loop starts.
                sum += a.dist(l[(i + 1) % l.len()]).round() as i64;
            }
            sum += LOOP_GAP;
        }
        self.along.push(sum);
    }

    /// Adds what lies inside of every row of a hatch.
    pub fn add_rows(&mut self, region: &Loops, hatch: &Hatch, rows: &Rows) {
        for (k, row) in rows.iter() {
            for pair in row.chunks_exact(2) {
                if f64::from(pair[1].along) - f64::from(pair[0].along) < self.min_length {
                    continue;
                }
                let ends = [hatch.on_row(k, pair[0].along), hatch.on_row(k, pair[1].along)];
                self.lines.points.extend_from_slice(&ends);
                self.finish(region, Some(pair[0].edge), Some(pair[1].edge));
            }
        }
    }

    /// Makes a strand of the points pushed to `lines` since the last one; the edges say where its
    /// ends meet the boundary, if they do.
    pub(crate) fn finish(&mut self, region: &Loops, first: Option<u32>, last: Option<u32>) {
        let points = &self.lines.points[self.lines.open_start()..];
        let mut left = self.min_length;
        let short = points.windows(2).all(|w| {
            left -= w[0].dist(w[1]);
            left > 0.0
        });
        if points.len() < 2 || short {
            self.lines.discard_open();
            return;
        }
        let (a, b) = (points[0], points[points.len() - 1]);
        let id = 2 * self.lines.len() as u32;
        self.lines.close();
        if let Some(edge) = first {
            self.push_end(region, a, edge, id);
        }
        if let Some(edge) = last {
            self.push_end(region, b, edge, id + 1);
        }
    }

    fn push_end(&mut self, region: &Loops, p: Point, edge: u32, id: u32) {
        let e = edge as usize;
        let pos = self.along[e] + region.points[e].dist(p).round() as i64;
        self.ends.push(End {
            pos: pos.min(self.along[e + 1]),
            id,
            edge,
        });
    }
}
