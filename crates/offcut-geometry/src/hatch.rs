//! Parallel lines against polygons: a scan-line clipper.
//!
//! In: a valid polygon set and a family of parallel lines (angle, distance, phase). Out: for every
//! line the sorted crossings with the boundary, in flat arrays. Every line has an even number of
//! crossings: a vertex belongs to the line at or above it and to no other, so an edge crosses the
//! lines between the rows of its ends, whatever lies exactly on a line.

use crate::loops::Loops;
use crate::point::Point;
use crate::units::{Coord, nearest_unit};

/// More lines than this across one region are refused: nothing is hatched.
const MAX_ROWS: f64 = 4_000_000.0;

/// A family of parallel lines, fixed in the plane: line `k` is where the coordinate across the
/// lines is `phase + k * spacing`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hatch {
    cos: f64,
    sin: f64,
    /// Distance from line to line, grid units.
    pub spacing: f64,
    /// Where line 0 lies, measured from the origin across the lines, grid units.
    pub phase: f64,
}

impl Hatch {
    /// Lines that run at `angle` (radians from the X axis); `spacing` and `phase` in grid units.
    #[must_use]
    pub fn new(angle: f64, spacing: f64, phase: f64) -> Self {
        Self {
            cos: libm::cos(angle),
            sin: libm::sin(angle),
            spacing,
            phase,
        }
    }

    /// The coordinates of a point along and across the lines.
    #[inline]
    #[must_use]
    pub fn turned(&self, p: Point) -> (f64, f64) {
        let (x, y) = (f64::from(p.x), f64::from(p.y));
        (x * self.cos + y * self.sin, y * self.cos - x * self.sin)
    }

    /// The point at `along` and `across`, rounded to the grid.
    #[inline]
    #[must_use]
    pub fn point(&self, along: f64, across: f64) -> Point {
        Point::new(
            nearest_unit(along * self.cos - across * self.sin),
            nearest_unit(along * self.sin + across * self.cos),
        )
    }

    /// Where line `row` lies, across the lines.
    #[inline]
    #[must_use]
    pub fn across(&self, row: i32) -> f64 {
        self.phase + f64::from(row) * self.spacing
    }

    /// The point of line `row` at `along`.
    #[inline]
    #[must_use]
    pub fn on_row(&self, row: i32, along: Coord) -> Point {
        self.point(f64::from(along), self.across(row))
    }

    /// The first line that is not below the coordinate `across`.
    #[inline]
    fn row_above(&self, across: f64) -> i32 {
        {
            let row = (across - self.phase) / self.spacing;
            let down = row as i32;
            down + i32::from(f64::from(down) < row)
        }
    }
}

/// Where a line crosses the boundary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Crossing {
    /// Coordinate along the line.
    pub along: Coord,
    /// The crossed edge: the index of the point where it starts.
    pub edge: u32,
}

/// The crossings of all lines of a [`Hatch`] with a polygon set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// The line of the first row.
    pub first_row: i32,
    /// Where the crossings of every row begin; one more entry than rows.
    pub starts: Vec<u32>,
    /// The crossings, sorted within each row. Pairs of them bound what lies inside.
    pub crossings: Vec<Crossing>,
    turned: Vec<Turned>,
    next: Vec<u32>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Turned {
    along: f64,
    across: f64,
    row: i32,
}

impl PartialEq for Turned {
    fn eq(&self, _: &Self) -> bool {
        true // scratch
    }
}
impl Eq for Turned {}

impl Rows {
    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// True when no line crosses anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.crossings.is_empty()
    }

    /// The crossings of line `row`; none for lines that miss the set.
    #[inline]
    #[must_use]
    pub fn row(&self, row: i32) -> &[Crossing] {
        match usize::try_from(i64::from(row) - i64::from(self.first_row)) {
            Ok(i) if i < self.len() => &self.crossings[self.starts[i] as usize..self.starts[i + 1] as usize],
            _ => &[],
        }
    }

    /// All rows with the number of their line.
    pub fn iter(&self) -> impl Iterator<Item = (i32, &[Crossing])> {
        (self.first_row..).zip(
            self.starts
                .windows(2)
                .map(|w| &self.crossings[w[0] as usize..w[1] as usize]),
        )
    }

    /// Crosses the lines with a valid polygon set; replaces what was held before, keeps the memory.
    pub fn cross(&mut self, set: &Loops, hatch: &Hatch) {
        self.starts.clear();
        self.crossings.clear();
        if hatch.spacing.is_nan() || hatch.spacing < 1.0 || set.points.is_empty() {
            return;
        }
        self.turned.clear();
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for &p in &set.points {
            let (along, across) = hatch.turned(p);
            low = low.min(across);
            high = high.max(across);
            self.turned.push(Turned {
                along,
                across,
                row: hatch.row_above(across),
            });
        }
        if (high - low) / hatch.spacing > MAX_ROWS {
            return;
        }
        let (first, end) = (hatch.row_above(low), hatch.row_above(high));
        if first >= end {
            return;
        }
        self.first_row = first;
        let n = (end - first) as usize;

        // Count per row by differences, then the prefix sums are the starts.
        self.starts.resize(n + 1, 0);
        each_edge(set, &self.turned, |_, a, b| {
            if a.row != b.row {
                let (u, v) = (a.row.min(b.row) - first, a.row.max(b.row) - first);
                self.starts[u as usize] = self.starts[u as usize].wrapping_add(1);
                self.starts[v as usize] = self.starts[v as usize].wrapping_sub(1);
            }
        });
        let (mut open, mut total) = (0u32, 0u32);
        for s in &mut self.starts {
            open = open.wrapping_add(*s);
            *s = total;
            total += open;
        }

        self.next.clear();
        self.next.extend_from_slice(&self.starts[..n]);
        self.crossings
            .resize(total as usize, Crossing { along: 0, edge: 0 });
        each_edge(set, &self.turned, |edge, a, b| {
            if a.row == b.row {
                return;
            }
            let slope = (b.along - a.along) / (b.across - a.across);
            for row in a.row.min(b.row)..a.row.max(b.row) {
                let along = a.along + (hatch.across(row) - a.across) * slope;
                let slot = &mut self.next[(row - first) as usize];
                self.crossings[*slot as usize] = Crossing {
                    along: nearest_unit(along),
                    edge,
                };
                *slot += 1;
            }
        });
        for w in self.starts.windows(2) {
            self.crossings[w[0] as usize..w[1] as usize].sort_unstable();
        }
    }
}

fn each_edge(set: &Loops, turned: &[Turned], mut f: impl FnMut(u32, &Turned, &Turned)) {
    for l in 0..set.len() {
        let r = set.range(l);
        let Some(last) = r.clone().last() else { continue };
        let mut prev = last;
        for i in r {
            f(prev as u32, &turned[prev], &turned[i]);
            prev = i;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn loops(ls: &[&[(i32, i32)]]) -> Loops {
        ls.iter()
            .map(|l| l.iter().map(|&(x, y)| Point::new(x, y)).collect::<Vec<_>>())
            .collect()
    }

    fn rows(set: &Loops, angle: f64, spacing: f64, phase: f64) -> (Hatch, Rows) {
        let h = Hatch::new(angle, spacing, phase);
        let mut r = Rows::default();
        r.cross(set, &h);
        (h, r)
    }

    #[test]
    fn square_with_hole_at_zero_degrees() {
        let set = loops(&[
            &[(0, 0), (1000, 0), (1000, 1000), (0, 1000)],
            &[(400, 400), (400, 600), (600, 600), (600, 400)],
        ]);
        let (_, r) = rows(&set, 0.0, 100.0, 50.0);
        assert_eq!(r.len(), 10);
        for (k, row) in r.iter() {
            let along: Vec<i32> = row.iter().map(|c| c.along).collect();
            if k == 4 || k == 5 {
                assert_eq!(along, [0, 400, 600, 1000]);
            } else {
                assert_eq!(along, [0, 1000]);
            }
        }
        assert!(r.row(-1).is_empty() && r.row(10).is_empty());
    }

    #[test]
    fn vertices_on_lines_are_counted_once() {
        // A diamond whose corners lie on lines, and a square whose sides do.
        let diamond = loops(&[&[(0, -200), (200, 0), (0, 200), (-200, 0)]]);
        let (_, r) = rows(&diamond, 0.0, 100.0, 0.0);
        assert_eq!(r.row(0).iter().map(|c| c.along).collect::<Vec<_>>(), [-200, 200]);
        assert!(r.iter().all(|(_, row)| row.len() % 2 == 0));
        let square = loops(&[&[(0, 0), (100, 0), (100, 100), (0, 100)]]);
        let (_, r) = rows(&square, 0.0, 100.0, 0.0);
        assert_eq!(r.crossings.len(), 2, "one of the two sides that lie on lines");
    }

    #[test]
    fn diagonal_lines_come_back_to_the_boundary() {
        let set = loops(&[&[(0, 0), (10_000, 0), (10_000, 10_000), (0, 10_000)]]);
        let (h, r) = rows(&set, std::f64::consts::FRAC_PI_4, 700.0, 0.0);
        for (k, row) in r.iter() {
            for c in row {
                let p = h.on_row(k, c.along);
                let d = [p.x, p.y, 10_000 - p.x, 10_000 - p.y];
                assert!(
                    d.iter().any(|v| v.abs() <= 1) && d.iter().all(|&v| v >= -1),
                    "{p:?}"
                );
            }
        }
        let len: i32 = r.crossings.chunks(2).map(|c| c[1].along - c[0].along).sum();
        let exact = 10_000.0 * 10_000.0 / 700.0;
        assert!((f64::from(len) / exact - 1.0).abs() < 0.01, "{len} {exact}");
    }

    #[test]
    fn hopeless_input_is_refused() {
        let set = loops(&[&[(0, 0), (100_000_000, 0), (0, 100_000_000)]]);
        assert!(rows(&set, 0.0, 0.0, 0.0).1.is_empty());
        assert!(rows(&set, 0.0, f64::NAN, 0.0).1.is_empty());
        assert!(rows(&set, 0.0, 1.0, 0.0).1.is_empty());
        assert!(rows(&Loops::new(), 0.0, 100.0, 0.0).1.is_empty());
    }

    proptest! {
        /// Even counts on any input, and lines times spacing approach the area.
        #[test]
        fn even_and_area(
            pts in prop::collection::vec((-50i32..50, -50i32..50), 3..12),
            angle in 0.0f64..6.3,
            spacing in 1u32..12,
        ) {
            let l: Vec<Point> = pts.iter().map(|&(x, y)| Point::new(x * 1000, y * 1000)).collect();
            let set: Loops = [l].into_iter().collect();
            let (_, r) = rows(&set, angle, f64::from(spacing) * 100.0, 0.0);
            prop_assert!(r.iter().all(|(_, row)| row.len() % 2 == 0));
            let odd = crate::clip::even_odd(&set);
            let len: f64 = r.crossings.chunks(2).map(|c| f64::from(c[1].along - c[0].along)).sum();
            let area = odd.area2() as f64 / 2.0;
            // The trapezoid rule is off by less than a spacing per monotone stretch.
            let tol = f64::from(spacing) * 100.0 * odd.perimeter() + 1e4;
            prop_assert!((len * f64::from(spacing) * 100.0 - area).abs() <= tol);
        }
    }
}
