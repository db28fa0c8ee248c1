//! Finds the corners that keep a corner from being an ear.
//!
//! In: the ring's nodes. Out: whether one of them lies in a triangle.

use super::Node;
use crate::point::{BBox, Point, orient};

/// The corners that may lie in ears, in a grid of about one cell each.
#[derive(Debug, Default)]
pub(super) struct Blockers {
    starts: Vec<u32>,
    items: Vec<u32>,
    columns: usize,
    rows: usize,
    cell: f64,
    min: Point,
}

/// Up to so many corners all are looked at; a grid would cost more.
const FEW_BLOCKERS: usize = 24;

impl Blockers {
    pub(super) fn fill(&mut self, nodes: &[Node], bbox: BBox) {
        self.items.clear();
        self.items
            .extend((0..).zip(nodes).filter(|(_, n)| n.blocks).map(|(i, _)| i));
        (self.columns, self.rows, self.min) = (1, 1, bbox.min);
        if self.items.len() > FEW_BLOCKERS {
            let (w, h) = (
                f64::from(bbox.max.x) - f64::from(bbox.min.x) + 1.0,
                f64::from(bbox.max.y) - f64::from(bbox.min.y) + 1.0,
            );
            self.cell = (w * h / self.items.len() as f64).sqrt().max(w.max(h) / 500.0);
            (self.columns, self.rows) = ((w / self.cell) as usize + 1, (h / self.cell) as usize + 1);
        }
        self.starts.clear();
        if self.columns * self.rows == 1 {
            self.starts.extend([0, self.items.len() as u32]);
            return;
        }
        let items = std::mem::take(&mut self.items);
        let cells: Vec<usize> = items
            .iter()
            .map(|&i| {
                let (x, y) = self.cell_of(nodes[i as usize].at);
                y * self.columns + x
            })
            .collect();
        self.starts.resize(self.columns * self.rows + 1, 0);
        for &c in &cells {
            self.starts[c + 1] += 1;
        }
        for k in 1..self.starts.len() {
            self.starts[k] += self.starts[k - 1];
        }
        let mut next = self.starts.clone();
        self.items.resize(items.len(), 0);
        for (&i, &c) in items.iter().zip(&cells) {
            self.items[next[c] as usize] = i;
            next[c] += 1;
        }
    }

    fn cell_of(&self, p: Point) -> (usize, usize) {
        let k = |v: i32, min: i32| ((f64::from(v) - f64::from(min)) / self.cell) as usize;
        (k(p.x, self.min.x), k(p.y, self.min.y))
    }

    /// True when a corner that is left lies in a triangle or on its border, but at none of its corners.
    pub(super) fn any_in(&self, nodes: &[Node], [a, b, c]: [Point; 3]) -> bool {
        let (x0, x1) = (a.x.min(b.x).min(c.x), a.x.max(b.x).max(c.x));
        let (y0, y1) = (a.y.min(b.y).min(c.y), a.y.max(b.y).max(c.y));
        let inside = |&i: &u32| {
            let n = &nodes[i as usize];
            let p = n.at;
            p.x >= x0
                && p.x <= x1
                && p.y >= y0
                && p.y <= y1
                && n.alive
                && n.blocks
                && orient(a, b, p) >= 0
                && orient(b, c, p) >= 0
                && orient(c, a, p) >= 0
                && p != a
                && p != b
                && p != c
        };
        if self.columns * self.rows == 1 {
            return self.items.iter().any(inside);
        }
        let (low, high) = (self.cell_of(Point::new(x0, y0)), self.cell_of(Point::new(x1, y1)));
        (low.1..=high.1).any(|y| {
            let k = y * self.columns;
            let r = self.starts[k + low.0] as usize..self.starts[k + high.0 + 1] as usize;
            self.items[r].iter().any(inside)
        })
    }
}
