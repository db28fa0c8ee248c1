//! Flat containers: closed loops (polygon sets) and open polylines, one point array each.

use crate::point::{BBox, Point};
use serde::{Deserialize, Serialize};
use std::ops::Range;

macro_rules! flat_container {
    ($(#[$doc:meta])* $name:ident, $item:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub struct $name {
            /// All points, one item after the other.
            pub points: Vec<Point>,
            /// For every item the index just past its last point.
            pub ends: Vec<u32>,
        }

        impl $name {
            /// An empty container.
            #[must_use]
            pub const fn new() -> Self {
                Self { points: Vec::new(), ends: Vec::new() }
            }

            /// Removes everything, keeps the memory.
            pub fn clear(&mut self) {
                self.points.clear();
                self.ends.clear();
            }

            #[doc = concat!("How many ", $item, "s there are.")]
            #[inline]
            #[must_use]
            pub fn len(&self) -> usize {
                self.ends.len()
            }

            #[doc = concat!("True when there is no ", $item, ".")]
            #[inline]
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.ends.is_empty()
            }

            /// Where the points that have no end yet begin.
            #[inline]
            #[must_use]
            pub fn open_start(&self) -> usize {
                self.ends.last().map_or(0, |&e| e as usize)
            }

            #[doc = concat!("The index range of one ", $item, "'s points.")]
            #[inline]
            #[must_use]
            pub fn range(&self, i: usize) -> Range<usize> {
                (if i == 0 { 0 } else { self.ends[i - 1] as usize })..self.ends[i] as usize
            }

            #[doc = concat!("One ", $item, ".")]
            #[inline]
            #[must_use]
            pub fn get(&self, i: usize) -> &[Point] {
                &self.points[self.range(i)]
            }

            #[doc = concat!("One ", $item, ", to be changed in place.")]
            #[inline]
            pub fn get_mut(&mut self, i: usize) -> &mut [Point] {
                let r = self.range(i);
                &mut self.points[r]
            }

            #[doc = concat!("All ", $item, "s in order.")]
            pub fn iter(&self) -> impl ExactSizeIterator<Item = &[Point]> + Clone {
                (0..self.len()).map(|i| self.get(i))
            }

            #[doc = concat!("Adds a ", $item, ".")]
            pub fn push(&mut self, points: &[Point]) {
                self.points.extend_from_slice(points);
                self.close();
            }

            #[doc = concat!("Makes a ", $item, " of the points pushed since the last end.")]
            #[inline]
            pub fn close(&mut self) {
                self.ends.push(self.points.len() as u32);
            }

            /// Drops the points that have no end yet.
            pub fn discard_open(&mut self) {
                let s = self.open_start();
                self.points.truncate(s);
            }

            /// Appends all items of another container.
            pub fn extend(&mut self, o: &Self) {
                let base = self.points.len() as u32;
                self.points.extend_from_slice(&o.points);
                self.ends.extend(o.ends.iter().map(|e| e + base));
            }

            /// The box of all points.
            #[must_use]
            pub fn bbox(&self) -> BBox {
                BBox::of(&self.points)
            }

            /// Moves all points by `d`.
            pub fn translate(&mut self, d: Point) {
                for p in &mut self.points {
                    *p = *p + d;
                }
            }
        }
    };
}

flat_container! {
    /// Closed loops. As a polygon set: outer boundaries run counter-clockwise, holes clockwise,
    /// material lies to the left; the closing edge is implied.
    Loops, "loop"
}

flat_container! {
    /// Open polylines.
    Polylines, "polyline"
}

impl Loops {
    /// Turns every loop around.
    pub fn reverse_all(&mut self) {
        for i in 0..self.len() {
            self.get_mut(i).reverse();
        }
    }

    /// Twice the enclosed area in square units; holes count negative.
    #[must_use]
    pub fn area2(&self) -> i64 {
        self.iter().map(area2).sum()
    }

    /// The enclosed area in mm².
    #[must_use]
    pub fn area_mm2(&self) -> f64 {
        self.area2() as f64 * 0.5 / (crate::UNITS_PER_MM * crate::UNITS_PER_MM)
    }

    /// The length of all loops in grid units.
    #[must_use]
    pub fn perimeter(&self) -> f64 {
        self.iter()
            .map(|l| edges(l).map(|(a, b)| a.dist(b)).sum::<f64>())
            .sum()
    }

    /// The winding number around `p`. Points exactly on an edge may go either way.
    #[must_use]
    pub fn winding(&self, p: Point) -> i32 {
        self.iter().map(|l| winding(l, p)).sum()
    }

    /// True when `p` is inside by positive winding.
    #[must_use]
    pub fn contains(&self, p: Point) -> bool {
        self.winding(p) > 0
    }
}

impl Polylines {
    /// The length of all polylines in grid units.
    #[must_use]
    pub fn length(&self) -> f64 {
        self.iter()
            .map(|l| l.windows(2).map(|w| w[0].dist(w[1])).sum::<f64>())
            .sum()
    }
}

impl FromIterator<Vec<Point>> for Loops {
    fn from_iter<T: IntoIterator<Item = Vec<Point>>>(iter: T) -> Self {
        let mut o = Self::new();
        for l in iter {
            o.push(&l);
        }
        o
    }
}

impl FromIterator<Vec<Point>> for Polylines {
    fn from_iter<T: IntoIterator<Item = Vec<Point>>>(iter: T) -> Self {
        let mut o = Self::new();
        for l in iter {
            o.push(&l);
        }
        o
    }
}

/// The edges of a closed loop, the closing one first.
pub fn edges(l: &[Point]) -> impl Iterator<Item = (Point, Point)> + Clone {
    let last = l.last().copied();
    l.iter().scan(last, |prev, &p| {
        let a = prev.replace(p)?;
        Some((a, p))
    })
}

/// Twice the signed area of a closed loop; exact for loops that fit the grid's ±5 m.
#[must_use]
pub fn area2(l: &[Point]) -> i64 {
    let Some(&o) = l.first() else { return 0 };
    edges(l).map(|(a, b)| (a - o).cross(b - o)).sum()
}

/// The winding number of a closed loop around `p`.
#[must_use]
pub fn winding(l: &[Point], p: Point) -> i32 {
    let mut w = 0;
    for (a, b) in edges(l) {
        if (a.y > p.y) != (b.y > p.y) {
            let side = crate::point::orient(a, b, p);
            if b.y > a.y && side > 0 {
                w += 1;
            } else if b.y < a.y && side < 0 {
                w -= 1;
            }
        }
    }
    w
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn square_with_hole() {
        let sq = |a: i32, b: i32| {
            vec![
                Point::new(a, a),
                Point::new(b, a),
                Point::new(b, b),
                Point::new(a, b),
            ]
        };
        let mut hole = sq(25, 75);
        hole.reverse();
        let l: Loops = [sq(0, 100), hole].into_iter().collect();
        assert_eq!(l.area2(), 2 * (10_000 - 2_500));
        assert!(l.contains(Point::new(10, 50)));
        assert!(!l.contains(Point::new(50, 50)));
        assert_eq!(l.perimeter(), 600.0);
        assert_eq!(l.bbox().center(), Point::new(50, 50));
    }
}
