//! Signed distance to the boundary of a polygon set, by a uniform grid over its edges.

use crate::loops::Loops;
use crate::point::{BBox, Point, orient};
use crate::units::Coord;

/// A polygon set prepared for distance queries within a fixed reach.
#[derive(Debug, Clone, Default)]
pub struct NearGrid {
    min: Point,
    cell: f64,
    columns: usize,
    rows: usize,
    starts: Vec<u32>,
    /// Edges by cell; an edge is known by the index of its start point.
    items: Vec<u32>,
    /// Start, end and the end's successor of every edge.
    edges: Vec<[Point; 4]>,
    reach: f64,
}

impl NearGrid {
    /// Prepares a valid polygon set for queries up to `reach` grid units.
    #[must_use]
    pub fn new(set: &Loops, reach: Coord) -> Self {
        let bbox = set.bbox();
        if bbox.is_empty() {
            return Self::default();
        }
        let bbox = bbox.grown(reach);
        let (w, h) = (
            f64::from(bbox.max.x) - f64::from(bbox.min.x) + 1.0,
            f64::from(bbox.max.y) - f64::from(bbox.min.y) + 1.0,
        );
        let cell =
            (2.0 * f64::from(reach)).max((w * h / (2.0 * set.points.len() as f64)).sqrt().min(w.max(h)));
        let (columns, rows) = ((w / cell) as usize + 1, (h / cell) as usize + 1);
        let mut grid = Self {
            min: bbox.min,
            cell,
            columns,
            rows,
            starts: vec![0; columns * rows + 1],
            items: Vec::new(),
            edges: Vec::with_capacity(set.points.len()),
            reach: f64::from(reach),
        };
        for l in set.iter() {
            let n = l.len();
            for i in 0..n {
                grid.edges
                    .push([l[(i + n - 1) % n], l[i], l[(i + 1) % n], l[(i + 2) % n]]);
            }
        }
        let spans: Vec<[usize; 4]> = grid
            .edges
            .iter()
            .map(|e| {
                let b = BBox::of(&e[1..3]).grown(reach);
                let (x0, y0) = grid.cell_of(b.min);
                let (x1, y1) = grid.cell_of(b.max);
                [x0, y0, x1, y1]
            })
            .collect();
        for s in &spans {
            for y in s[1]..=s[3] {
                for x in s[0]..=s[2] {
                    grid.starts[y * columns + x + 1] += 1;
                }
            }
        }
        for i in 0..columns * rows {
            grid.starts[i + 1] += grid.starts[i];
        }
        let mut fill: Vec<u32> = grid.starts[..columns * rows].to_vec();
        grid.items = vec![0; grid.starts[columns * rows] as usize];
        for (i, s) in spans.iter().enumerate() {
            for y in s[1]..=s[3] {
                for x in s[0]..=s[2] {
                    let k = &mut fill[y * columns + x];
                    grid.items[*k as usize] = i as u32;
                    *k += 1;
                }
            }
        }
        grid
    }

    fn cell_of(&self, p: Point) -> (usize, usize) {
        let x = (f64::from(p.x) - f64::from(self.min.x)) / self.cell;
        let y = (f64::from(p.y) - f64::from(self.min.y)) / self.cell;
        (
            (x.max(0.0) as usize).min(self.columns - 1),
            (y.max(0.0) as usize).min(self.rows - 1),
        )
    }

    /// The distance of `p` from the boundary in grid units: positive outside the material,
    /// negative inside. `None` when it is farther than the reach.
    #[must_use]
    pub fn signed_distance(&self, p: Point) -> Option<f64> {
        if self.edges.is_empty() {
            return None;
        }
        let (x, y) = (
            f64::from(p.x) - f64::from(self.min.x),
            f64::from(p.y) - f64::from(self.min.y),
        );
        let (c, r) = (x / self.cell, y / self.cell);
        if c < 0.0 || r < 0.0 || c >= self.columns as f64 || r >= self.rows as f64 {
            return None;
        }
        let k = r as usize * self.columns + c as usize;
        let mut best = (self.reach * self.reach, 0.0, None);
        for &i in &self.items[self.starts[k] as usize..self.starts[k + 1] as usize] {
            let e = &self.edges[i as usize];
            let (dx, dy) = (f64::from(e[2].x - e[1].x), f64::from(e[2].y - e[1].y));
            let (px, py) = (f64::from(p.x - e[1].x), f64::from(p.y - e[1].y));
            let (dot, len2) = (px * dx + py * dy, dx * dx + dy * dy);
            let t = if dot <= 0.0 {
                0.0
            } else if dot >= len2 {
                1.0
            } else {
                dot / len2
            };
            let (ex, ey) = (px - t * dx, py - t * dy);
            let d2 = ex * ex + ey * ey;
            if d2 < best.0 {
                best = (d2, t, Some(e));
            }
        }
        let (d2, t, e) = (best.0, best.1, best.2?);
        // Nearest to a corner: a convex one is seen from outside, a reflex one from inside.
        let corner = if t == 0.0 {
            Some(orient(e[0], e[1], e[2]))
        } else if t == 1.0 {
            Some(orient(e[1], e[2], e[3]))
        } else {
            None
        };
        let outside = match corner {
            Some(turn) if turn != 0 => turn > 0,
            _ => orient(e[1], e[2], p) < 0,
        };
        let d = d2.sqrt();
        Some(if outside { d } else { -d })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn square_inside_and_outside() {
        let r = 1_000_000;
        let l: Loops = [vec![
            Point::new(-r, -r),
            Point::new(r, -r),
            Point::new(r, r),
            Point::new(-r, r),
        ]]
        .into_iter()
        .collect();
        let g = NearGrid::new(&l, 200_000);
        assert_eq!(g.signed_distance(Point::new(0, r - 100_000)), Some(-100_000.0));
        assert_eq!(g.signed_distance(Point::new(0, r + 100_000)), Some(100_000.0));
        assert_eq!(g.signed_distance(Point::new(0, 0)), None);
        let corner = g.signed_distance(Point::new(r + 30_000, r + 40_000)).unwrap();
        assert!((corner - 50_000.0).abs() < 1.0);
        // above a corner, beside the edge's extension
        assert!(g.signed_distance(Point::new(r + 10_000, r + 1)).unwrap() > 0.0);
    }
}
