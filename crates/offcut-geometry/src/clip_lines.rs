//! Polylines against polygons.
//!
//! In: a valid polygon set, prepared once, and any polylines. Out: the strands inside. Exact: the
//! lines are seen as moved by an infinitely small vector (ε, ε²), so that nothing ever touches a
//! vertex or runs along an edge (simulation of simplicity, Edelsbrunner and Mücke 1990), and the
//! crossings along a line enter and leave in turn.

use crate::loops::Loops;
use crate::point::{BBox, Point, orient};
use crate::strands::Strands;

/// A polygon set prepared for clipping: its edges in the cells of a square grid.
#[derive(Debug, Clone, Default)]
pub struct LineClipper {
    grid: Grid,
    edges: Vec<Edge>,
    /// Where the edges of every cell begin in `cells`.
    starts: Vec<u32>,
    cells: Vec<u32>,
    next: Vec<u32>,
    hits: Vec<Hit>,
}

/// Square cells over a box.
#[derive(Debug, Clone, Copy, Default)]
struct Grid {
    low: (i64, i64),
    high: (i64, i64),
    size: i64,
    inverse: f64,
    columns: i64,
    rows: i64,
}

impl Grid {
    /// About two cells for every edge.
    fn new(b: &BBox, edges: usize) -> Self {
        let (low, high) = (
            (i64::from(b.min.x), i64::from(b.min.y)),
            (i64::from(b.max.x), i64::from(b.max.y)),
        );
        let (w, h) = (high.0 - low.0 + 1, high.1 - low.1 + 1);
        let size = (w as f64 * h as f64 / (2 * edges.max(1)) as f64).sqrt() as i64;
        let size = size.max(w.max(h) / 1024).max(1);
        Self {
            low,
            high,
            size,
            inverse: 1.0 / size as f64,
            columns: w / size + 1,
            rows: h / size + 1,
        }
    }

    fn column(&self, x: i64) -> i64 {
        ((x.clamp(self.low.0, self.high.0) - self.low.0) as f64 * self.inverse) as i64
    }

    fn row(&self, y: i64) -> i64 {
        ((y.clamp(self.low.1, self.high.1) - self.low.1) as f64 * self.inverse) as i64
    }

    /// Calls `f` with every cell that the segment meets, and perhaps some beside it.
    #[inline]
    fn each_cell(&self, p: Point, q: Point, mut f: impl FnMut(usize)) {
        let (px, py, qx, qy) = (i64::from(p.x), i64::from(p.y), i64::from(q.x), i64::from(q.y));
        let (x0, x1, y0, y1) = (px.min(qx), px.max(qx), py.min(qy), py.max(qy));
        if x1 < self.low.0 || x0 > self.high.0 || y1 < self.low.1 || y0 > self.high.1 {
            return;
        }
        let (first, last) = (self.row(y0), self.row(y1));
        if first == last {
            for c in self.column(x0)..=self.column(x1) {
                f((first * self.columns + c) as usize);
            }
            return;
        }
        let slope = (qx - px) as f64 / (qy - py) as f64;
        let x_at = |y: i64| px + ((y.clamp(y0, y1) - py) as f64 * slope) as i64;
        for r in first..=last {
            let bottom = self.low.1 + r * self.size;
            let (a, b) = (x_at(bottom - 1), x_at(bottom + self.size + 1));
            // Rounding may move the ends by a unit, not further.
            for c in self.column(a.min(b) - 2)..=self.column(a.max(b) + 2) {
                f((r * self.columns + c) as usize);
            }
        }
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Edge {
    a: Point,
    b: Point,
    id: u32,
}

#[derive(Debug, Clone, Copy)]
struct Hit {
    /// Fraction of the segment.
    t: f64,
    enters: bool,
    edge: u32,
}

/// True when `p`, moved by (ε, ε²), lies to the left of the line from `a` to `b`.
#[inline]
fn left(a: Point, b: Point, p: Point) -> bool {
    match orient(a, b, p) {
        0 => {
            let d = b - a;
            if d.y == 0 { d.x > 0 } else { d.y < 0 }
        }
        o => o > 0,
    }
}

/// True when `v` lies to the left of the line from `p` to `q` when that is moved by (ε, ε²).
#[inline]
fn left_of_moved(p: Point, q: Point, v: Point) -> bool {
    match orient(p, q, v) {
        0 => {
            let d = q - p;
            if d.y == 0 { d.x < 0 } else { d.y > 0 }
        }
        o => o > 0,
    }
}

impl LineClipper {
    /// Prepares a valid polygon set.
    pub fn begin(&mut self, region: &Loops) {
        self.edges.clear();
        self.starts.clear();
        self.cells.clear();
        for l in 0..region.len() {
            let r = region.range(l);
            let Some(last) = r.clone().last() else { continue };
            let mut prev = last;
            for i in r {
                let (a, b) = (region.points[prev], region.points[i]);
                if a != b {
                    self.edges.push(Edge {
                        a,
                        b,
                        id: prev as u32,
                    });
                }
                prev = i;
            }
        }
        if self.edges.is_empty() {
            return;
        }
        let grid = Grid::new(&region.bbox(), self.edges.len());
        self.grid = grid;
        let n = (grid.columns * grid.rows) as usize;
        self.starts.resize(n + 1, 0);
        for e in &self.edges {
            grid.each_cell(e.a, e.b, |c| self.starts[c + 1] += 1);
        }
        for c in 0..n {
            self.starts[c + 1] += self.starts[c];
        }
        self.next.clear();
        self.next.extend_from_slice(&self.starts[..n]);
        self.cells.resize(self.starts[n] as usize, 0);
        for (i, e) in self.edges.iter().enumerate() {
            grid.each_cell(e.a, e.b, |c| {
                self.cells[self.next[c] as usize] = i as u32;
                self.next[c] += 1;
            });
        }
    }

    /// True when `p` is inside, the borders decided as for clipping.
    #[must_use]
    pub fn contains(&self, p: Point) -> bool {
        let mut inside = false;
        for e in &self.edges {
            if (e.a.y > p.y) != (e.b.y > p.y) && left(e.a, e.b, p) == (e.b.y > e.a.y) {
                inside = !inside;
            }
        }
        inside
    }

    /// Adds the pieces of `line` inside of the region (the one given to [`begin`](Self::begin), and
    /// to [`Strands::begin`]).
    pub fn clip(&mut self, region: &Loops, line: &[Point], out: &mut Strands) {
        let Some(&start) = line.first() else { return };
        // Counted, as crossings closer than their rounding may come in the wrong order.
        let mut depth = i32::from(self.contains(start));
        let mut entered = None;
        if depth > 0 {
            out.lines.points.push(start);
        }
        let mut hits = std::mem::take(&mut self.hits);
        let mut cell = self.cell(start);
        for w in line.windows(2) {
            let (p, q) = (w[0], w[1]);
            let before = std::mem::replace(&mut cell, self.cell(q));
            if before == cell && self.is_clear(cell) {
                if depth > 0 {
                    out.lines.points.push(q);
                }
                continue;
            }
            if p == q {
                continue;
            }
            self.hits_of(p, q, &mut hits);
            for h in &hits {
                let before = depth;
                depth += if h.enters { 1 } else { -1 };
                if (before > 0) == (depth > 0) {
                    continue;
                }
                out.lines.points.push(p.lerp(q, h.t));
                if h.enters {
                    entered = Some(h.edge);
                } else {
                    out.finish(region, entered.take(), Some(h.edge));
                }
            }
            if depth > 0 {
                out.lines.points.push(q);
            }
        }
        if depth > 0 {
            out.finish(region, entered, None);
        }
        out.lines.discard_open();
        self.hits = hits;
    }

    /// The cell of a point, or the one nearest to it.
    #[inline]
    fn cell(&self, p: Point) -> usize {
        let g = &self.grid;
        (g.row(i64::from(p.y)) * g.columns + g.column(i64::from(p.x))) as usize
    }

    /// True when no edge meets the cell.
    #[inline]
    fn is_clear(&self, cell: usize) -> bool {
        self.edges.is_empty() || self.starts[cell] == self.starts[cell + 1]
    }

    /// The crossings of the segment `p q` in its order.
    #[inline]
    fn hits_of(&self, p: Point, q: Point, hits: &mut Vec<Hit>) {
        hits.clear();
        if self.edges.is_empty() {
            return;
        }
        self.grid.each_cell(p, q, |c| {
            for &i in &self.cells[self.starts[c] as usize..self.starts[c + 1] as usize] {
                let e = &self.edges[i as usize];
                let (p_left, q_left) = (left(e.a, e.b, p), left(e.a, e.b, q));
                if p_left == q_left || left_of_moved(p, q, e.a) == left_of_moved(p, q, e.b) {
                    continue;
                }
                let (u, v) = (
                    orient(e.a, e.b, p).unsigned_abs() as f64,
                    orient(e.a, e.b, q).unsigned_abs() as f64,
                );
                hits.push(Hit {
                    t: if u + v > 0.0 { u / (u + v) } else { 0.0 },
                    enters: q_left,
                    edge: e.id,
                });
            }
        });
        if hits.len() > 1 {
            hits.sort_unstable_by(|a, b| a.t.total_cmp(&b.t).then(a.edge.cmp(&b.edge)));
            hits.dedup_by_key(|h| h.edge); // met in several cells
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::loops::Polylines;
    use proptest::prelude::*;

    fn loops(ls: &[&[(i32, i32)]]) -> Loops {
        ls.iter()
            .map(|l| l.iter().map(|&(x, y)| Point::new(x, y)).collect::<Vec<_>>())
            .collect()
    }

    fn clip(region: &Loops, line: &[(i32, i32)]) -> Polylines {
        let line: Vec<Point> = line.iter().map(|&(x, y)| Point::new(x, y)).collect();
        let mut s = Strands::default();
        let mut c = LineClipper::default();
        s.begin(region, 1.0);
        c.begin(region);
        c.clip(region, &line, &mut s);
        s.lines
    }

    #[test]
    fn a_wave_through_a_square_with_a_hole() {
        let set = loops(&[
            &[(0, 0), (1000, 0), (1000, 1000), (0, 1000)],
            &[(400, 400), (400, 600), (600, 600), (600, 400)],
        ]);
        let got = clip(&set, &[(-500, 500), (1500, 500)]);
        assert_eq!(got.get(0), [Point::new(0, 500), Point::new(400, 500)]);
        assert_eq!(got.get(1), [Point::new(600, 500), Point::new(1000, 500)]);
        assert_eq!(got.len(), 2);
        let got = clip(&set, &[(100, 100), (900, 100), (900, 1100), (100, 900)]);
        assert_eq!(got.len(), 2);
        assert_eq!(got.get(0).len(), 3);
    }

    #[test]
    fn through_corners_and_along_edges() {
        let set = loops(&[&[(0, 0), (1000, 0), (1000, 1000), (0, 1000)]]);
        let diagonal = clip(&set, &[(-100, -100), (1100, 1100)]);
        assert_eq!(diagonal.get(0), [Point::new(0, 0), Point::new(1000, 1000)]);
        // A corner touched from outside gives nothing.
        assert!(clip(&set, &[(-100, 100), (100, -100)]).length() < 300.0);
        assert!(clip(&set, &[(-100, 0), (0, 0), (0, -100)]).is_empty());
        // Along opposite edges: one counts as inside, the other does not.
        let bottom = clip(&set, &[(-100, 0), (1100, 0)]).length();
        let top = clip(&set, &[(-100, 1000), (1100, 1000)]).length();
        assert_eq!(bottom + top, 1000.0);
    }

    proptest! {
        /// On a small grid, where everything is degenerate, the length inside equals the length
        /// that a fine sampling finds, and every piece begins and ends on the boundary.
        #[test]
        fn agrees_with_sampling(
            pts in prop::collection::vec((-8i32..8, -8i32..8), 3..9),
            line in prop::collection::vec((-9i32..9, -9i32..9), 2..6),
        ) {
            let raw: Loops = [pts.iter().map(|&(x, y)| Point::new(x * 1000, y * 1000)).collect::<Vec<_>>()]
                .into_iter().collect();
            let set = crate::clip::even_odd(&raw);
            let line: Vec<(i32, i32)> = line.iter().map(|&(x, y)| (x * 1000, y * 1000)).collect();
            // Samples of a line along an edge fall to either side.
            for w in line.windows(2) {
                let (p, q) = (Point::new(w[0].0, w[0].1), Point::new(w[1].0, w[1].1));
                for l in set.iter() {
                    for (a, b) in crate::loops::edges(l) {
                        let (d, e) = (b - a, q - p);
                        let along = (d.cross(e) as f64).abs() < 1e-2 * d.norm() * e.norm();
                        let near = (orient(p, q, a) as f64).abs() <= 100.0 * e.norm();
                        prop_assume!(!(along && near));
                    }
                }
            }
            let got = clip(&set, &line).length();
            let mut c = LineClipper::default();
            c.begin(&set);
            let mut want = 0.0;
            for w in line.windows(2) {
                let (p, q) = (Point::new(w[0].0, w[0].1), Point::new(w[1].0, w[1].1));
                let n = 4000;
                let mut hits = 0;
                for i in 0..n {
                    hits += i32::from(c.contains(p.lerp(q, (f64::from(i) + 0.5) / f64::from(n))));
                }
                want += p.dist(q) * f64::from(hits) / f64::from(n);
            }
            prop_assert!((got - want).abs() < 200.0 + 0.005 * want, "{} {}", got, want);
        }
    }
}
