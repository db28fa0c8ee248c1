//! The order in which many paths are visited, so that the way between them is short.
//!
//! In: the two ends of every path, whether it may be run backwards, and where the tool stands. Out: every
//! path once, with its direction. The same input gives the same order: ties go to the lower index.
//!
//! Nearest neighbour over a grid of ends that is rebuilt whenever half of them are used up, so that the
//! search stays local: O(n) in practice. Then the longest links are shortened by 2-opt (a stretch turned
//! around) and Or-opt (a few paths moved elsewhere), after Lin 1965 and Or 1976, within a fixed budget.

use crate::point::{BBox, Point};

mod improve;

/// A path to be visited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// Where it begins.
    pub a: Point,
    /// Where it ends.
    pub b: Point,
    /// May be run from `b` to `a`.
    pub reversible: bool,
}

impl Stop {
    /// A place without extent.
    #[must_use]
    pub const fn at(p: Point) -> Self {
        Self {
            a: p,
            b: p,
            reversible: true,
        }
    }
}

/// A stop in the order found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    /// Which one.
    pub index: u32,
    /// Run from `b` to `a`.
    pub reversed: bool,
}

/// Up to so many stops are searched one by one.
const FEW: usize = 24;

/// Orders paths; keeps its memory from call to call.
#[derive(Debug, Default)]
pub struct Orderer {
    visits: Vec<Visit>,
    entry: Vec<Point>,
    exit: Vec<Point>,
    fixed: Vec<u32>,
    links: Vec<(f64, u32)>,
    /// Length of the link behind every position; 0 behind the last.
    after: Vec<f64>,
    free: Vec<u32>,
    cells: Vec<u32>,
    ends: Vec<(Point, u32)>,
    gone: Vec<bool>,
}

impl Orderer {
    /// An orderer.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Orders `stops` for a tool that stands at `start`; without a start it begins with the first one.
    pub fn order(&mut self, start: Option<Point>, stops: &[Stop]) -> &[Visit] {
        self.visits.clear();
        let Some(first) = stops.first() else {
            return &self.visits;
        };
        let start = start.unwrap_or(first.a);
        self.nearest(start, stops);
        if stops.len() > 2 {
            self.improve(start, stops);
        }
        &self.visits
    }

    fn nearest(&mut self, start: Point, stops: &[Stop]) {
        let mut at = start;
        self.free.clear();
        self.free.extend(0..stops.len() as u32);
        self.gone.clear();
        self.gone.resize(stops.len(), false);
        while self.free.len() > FEW {
            let grid = self.build(stops);
            // Half of the stops, then a new grid over what is left.
            for _ in 0..self.free.len().div_ceil(2) {
                let Some((i, reversed)) = self.search(&grid, at) else {
                    break;
                };
                at = self.visit(i, reversed, stops);
            }
            let gone = &self.gone;
            self.free.retain(|&i| !gone[i as usize]);
        }
        while !self.free.is_empty() {
            let mut best = (i64::MAX, 0, false);
            for (k, &i) in self.free.iter().enumerate() {
                let s = &stops[i as usize];
                let d = (s.a - at).norm2();
                if d < best.0 {
                    best = (d, k, false);
                }
                if s.reversible {
                    let d = (s.b - at).norm2();
                    if d < best.0 {
                        best = (d, k, true);
                    }
                }
            }
            let i = self.free.remove(best.1);
            at = self.visit(i, best.2, stops);
        }
    }

    fn visit(&mut self, index: u32, reversed: bool, stops: &[Stop]) -> Point {
        self.gone[index as usize] = true;
        self.visits.push(Visit { index, reversed });
        let s = &stops[index as usize];
        if reversed { s.a } else { s.b }
    }

    /// Sorts the ends of the free stops into cells, about two to a cell.
    fn build(&mut self, stops: &[Stop]) -> Grid {
        let mut bbox = BBox::EMPTY;
        let mut n = 0usize;
        for &i in &self.free {
            let s = &stops[i as usize];
            bbox.add(s.a);
            n += 1;
            if s.reversible {
                bbox.add(s.b);
                n += 1;
            }
        }
        let (w, h) = (
            i64::from(bbox.max.x) - i64::from(bbox.min.x) + 1,
            i64::from(bbox.max.y) - i64::from(bbox.min.y) + 1,
        );
        let area = w as f64 * h as f64;
        let side = (area * 2.0 / n as f64).sqrt() as i64;
        let side = side.max(w.max(h) / 2048).max(1);
        let grid = Grid {
            min: bbox.min,
            side,
            nx: w / side + 1,
            ny: h / side + 1,
        };
        let cells = (grid.nx * grid.ny) as usize;
        self.cells.clear();
        self.cells.resize(cells + 1, 0);
        let ends = |i: u32| {
            let s = &stops[i as usize];
            [Some((s.a, 2 * i)), s.reversible.then_some((s.b, 2 * i + 1))]
        };
        for &i in &self.free {
            for (p, _) in ends(i).into_iter().flatten() {
                self.cells[grid.cell(p) + 1] += 1;
            }
        }
        for c in 0..cells {
            self.cells[c + 1] += self.cells[c];
        }
        self.ends.clear();
        self.ends.resize(n, (Point::default(), 0));
        // Fill from the back of every cell, so that `cells` ends up as the starts again.
        let mut fill = self.cells.clone();
        for &i in &self.free {
            for (p, id) in ends(i).into_iter().flatten() {
                let c = grid.cell(p);
                self.ends[fill[c] as usize] = (p, id);
                fill[c] += 1;
            }
        }
        grid
    }

    /// The nearest free end, by rings of cells around `at`.
    fn search(&self, g: &Grid, at: Point) -> Option<(u32, bool)> {
        let (cx, cy) = g.xy(at);
        let mut best: Option<(i64, u32)> = None;
        let last = g.nx.max(g.ny) + cx.abs().max(cy.abs());
        // Cells that `at` is away from the grid need no rings.
        let skip = (-cx).max(cx - g.nx + 1).max(-cy).max(cy - g.ny + 1).max(0);
        for r in skip..=last {
            if let Some((d, _)) = best {
                let reach = (r - 1).max(0) * g.side;
                if reach * reach > d {
                    break;
                }
            }
            let (y0, y1) = (cy - r, cy + r);
            for y in y0.max(0)..=y1.min(g.ny - 1) {
                let step = if y == y0 || y == y1 { 1 } else { (2 * r).max(1) };
                let mut x = cx - r;
                while x <= cx + r {
                    if x >= 0 && x < g.nx {
                        let c = (y * g.nx + x) as usize;
                        for &(p, id) in &self.ends[self.cells[c] as usize..self.cells[c + 1] as usize] {
                            if self.gone[(id / 2) as usize] {
                                continue;
                            }
                            let d = (p - at).norm2();
                            if best.is_none_or(|b| (d, id) < b) {
                                best = Some((d, id));
                            }
                        }
                    }
                    x += step;
                }
            }
        }
        best.map(|(_, id)| (id / 2, id % 2 == 1))
    }
}

struct Grid {
    min: Point,
    side: i64,
    nx: i64,
    ny: i64,
}

impl Grid {
    fn xy(&self, p: Point) -> (i64, i64) {
        (
            (i64::from(p.x) - i64::from(self.min.x)).div_euclid(self.side),
            (i64::from(p.y) - i64::from(self.min.y)).div_euclid(self.side),
        )
    }

    fn cell(&self, p: Point) -> usize {
        let (x, y) = self.xy(p);
        (y * self.nx + x) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn length(start: Point, stops: &[Stop], visits: &[Visit]) -> f64 {
        let mut at = start;
        let mut sum = 0.0;
        for v in visits {
            let s = &stops[v.index as usize];
            let (a, b) = if v.reversed { (s.b, s.a) } else { (s.a, s.b) };
            sum += at.dist(a);
            at = b;
        }
        sum
    }

    #[test]
    fn triangles_are_visited_by_distance() {
        let stops = [500, 1000, 100].map(|v| Stop::at(Point::new(v * 100, v * 100)));
        let mut o = Orderer::new();
        let order: Vec<u32> = o
            .order(Some(Point::default()), &stops)
            .iter()
            .map(|v| v.index)
            .collect();
        assert_eq!(order, [2, 0, 1]);
        assert!(o.order(Some(Point::default()), &[]).is_empty());
    }

    #[test]
    fn a_raster_of_lines_is_run_to_and_fro() {
        // 50 lines of 20 mm at 2 mm: the way between them can be no shorter than 49 · 2 mm.
        let stops: Vec<Stop> = (0..50)
            .map(|i| Stop {
                a: Point::new(0, i * 200_000),
                b: Point::new(2_000_000, i * 200_000),
                reversible: true,
            })
            .collect();
        let mut o = Orderer::new();
        let v = o.order(Some(Point::default()), &stops).to_vec();
        assert_eq!(length(Point::default(), &stops, &v), 49.0 * 200_000.0);
    }

    #[test]
    fn a_square_lattice_is_near_its_best_tour() {
        // 36 places in a 6 × 6 lattice: the shortest path has 35 links of one pitch.
        let stops: Vec<Stop> = (0..36)
            .map(|i| Stop::at(Point::new(i % 6 * 3_000_000, i / 6 * 3_000_000)))
            .collect();
        let mut o = Orderer::new();
        let v = o.order(Some(stops[14].a), &stops).to_vec();
        let best = 35.0 * 3_000_000.0;
        assert!(
            length(stops[14].a, &stops, &v) < 1.1 * best,
            "{}",
            length(stops[14].a, &stops, &v) / best
        );
    }

    proptest! {
        #[test]
        fn every_stop_is_visited_once_and_directions_are_kept(
            ends in prop::collection::vec((-1000i32..1000, -1000i32..1000, -50i32..50, -50i32..50, any::<bool>()), 0..300),
        ) {
            let stops: Vec<Stop> = ends
                .iter()
                .map(|&(x, y, u, v, reversible)| Stop {
                    a: Point::new(x * 10_000, y * 10_000),
                    b: Point::new((x + u) * 10_000, (y + v) * 10_000),
                    reversible,
                })
                .collect();
            let mut o = Orderer::new();
            let start = Point::new(3, -5);
            o.visits.clear();
            if !stops.is_empty() {
                o.nearest(start, &stops);
            }
            let plain = length(start, &stops, &o.visits.clone());
            let v = o.order(Some(start), &stops).to_vec();
            let mut seen = vec![0; stops.len()];
            for q in &v {
                seen[q.index as usize] += 1;
                prop_assert!(!q.reversed || stops[q.index as usize].reversible);
            }
            prop_assert!(seen.iter().all(|&n| n == 1));
            prop_assert!(length(start, &stops, &v) <= plain + 1.0);
            prop_assert_eq!(v, o.order(Some(start), &stops).to_vec());
        }

        #[test]
        fn the_grid_finds_the_nearest(
            ends in prop::collection::vec((-300i32..300, -300i32..300), 30..200),
            x in -900i32..900, y in -900i32..900,
        ) {
            let stops: Vec<Stop> = ends.iter().map(|&(x, y)| Stop::at(Point::new(x * 7919, y * 7919))).collect();
            let start = Point::new(x * 7907, y * 7907);
            let mut o = Orderer::new();
            o.nearest(start, &stops);
            let first = stops[o.visits[0].index as usize].a;
            let best = stops.iter().map(|s| (s.a - start).norm2()).min();
            prop_assert_eq!(Some((first - start).norm2()), best);
        }
    }
}
