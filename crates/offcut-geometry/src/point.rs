//! Points, vectors and boxes on the grid.

use crate::units::{Coord, nearest_unit, to_grid, to_mm};
use serde::{Deserialize, Serialize};
use std::ops::{Add, Neg, Sub};

/// A point or vector in grid units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Point {
    /// To the right.
    pub x: Coord,
    /// Away from the viewer, up on paper.
    pub y: Coord,
}

impl Point {
    /// A point from grid units.
    #[inline]
    #[must_use]
    pub const fn new(x: Coord, y: Coord) -> Self {
        Self { x, y }
    }

    /// A point from millimetres.
    ///
    /// # Errors
    /// When a coordinate does not fit the grid.
    pub fn from_mm(x: f64, y: f64) -> Result<Self, crate::GridError> {
        Ok(Self::new(to_grid(x)?, to_grid(y)?))
    }

    /// The coordinates in millimetres.
    #[inline]
    #[must_use]
    pub fn mm(self) -> (f64, f64) {
        (to_mm(self.x), to_mm(self.y))
    }

    /// Dot product; exact.
    #[inline]
    #[must_use]
    pub fn dot(self, o: Self) -> i64 {
        i64::from(self.x) * i64::from(o.x) + i64::from(self.y) * i64::from(o.y)
    }

    /// Cross product, positive when `o` lies to the left of `self`; exact.
    #[inline]
    #[must_use]
    pub fn cross(self, o: Self) -> i64 {
        i64::from(self.x) * i64::from(o.y) - i64::from(self.y) * i64::from(o.x)
    }

    /// Squared length; exact.
    #[inline]
    #[must_use]
    pub fn norm2(self) -> i64 {
        self.dot(self)
    }

    /// Length in grid units.
    #[inline]
    #[must_use]
    pub fn norm(self) -> f64 {
        (self.norm2() as f64).sqrt()
    }

    /// Distance to another point in grid units.
    #[inline]
    #[must_use]
    pub fn dist(self, o: Self) -> f64 {
        (self - o).norm()
    }

    /// The vector turned by 90° to the left.
    #[inline]
    #[must_use]
    pub const fn perp(self) -> Self {
        Self::new(-self.y, self.x)
    }

    /// The point at fraction `t` of the way to `o`, rounded to the grid.
    #[inline]
    #[must_use]
    pub fn lerp(self, o: Self, t: f64) -> Self {
        let f = |a: Coord, b: Coord| nearest_unit(f64::from(a) + t * (f64::from(b) - f64::from(a)));
        Self::new(f(self.x, o.x), f(self.y, o.y))
    }
}

impl Add for Point {
    type Output = Self;
    #[inline]
    fn add(self, o: Self) -> Self {
        Self::new(self.x + o.x, self.y + o.y)
    }
}

impl Sub for Point {
    type Output = Self;
    #[inline]
    fn sub(self, o: Self) -> Self {
        Self::new(self.x - o.x, self.y - o.y)
    }
}

impl Neg for Point {
    type Output = Self;
    #[inline]
    fn neg(self) -> Self {
        Self::new(-self.x, -self.y)
    }
}

/// Twice the signed area of triangle `a b c`, positive when it turns left; exact.
#[inline]
#[must_use]
pub fn orient(a: Point, b: Point, c: Point) -> i64 {
    (b - a).cross(c - a)
}

/// The point of segment `a b` nearest to `p` and its squared distance, in grid units.
#[must_use]
pub fn nearest_on_segment(p: Point, a: Point, b: Point) -> (Point, f64) {
    let d = b - a;
    let len2 = d.norm2();
    let t = if len2 == 0 {
        0.0
    } else {
        ((p - a).dot(d) as f64 / len2 as f64).clamp(0.0, 1.0)
    };
    let q = a.lerp(b, t);
    let (ex, ey) = (
        f64::from(p.x - a.x) - t * f64::from(d.x),
        f64::from(p.y - a.y) - t * f64::from(d.y),
    );
    (q, ex * ex + ey * ey)
}

/// An axis-parallel box; empty when `min > max`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BBox {
    /// Lower left corner.
    pub min: Point,
    /// Upper right corner.
    pub max: Point,
}

impl Default for BBox {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl BBox {
    /// The box that holds nothing.
    pub const EMPTY: Self = Self {
        min: Point::new(Coord::MAX, Coord::MAX),
        max: Point::new(Coord::MIN, Coord::MIN),
    };

    /// The box of some points.
    #[must_use]
    pub fn of(points: &[Point]) -> Self {
        let mut b = Self::EMPTY;
        for &p in points {
            b.add(p);
        }
        b
    }

    /// True when nothing is inside.
    #[inline]
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.min.x > self.max.x
    }

    /// Grows the box to hold `p`.
    #[inline]
    pub fn add(&mut self, p: Point) {
        self.min.x = self.min.x.min(p.x);
        self.min.y = self.min.y.min(p.y);
        self.max.x = self.max.x.max(p.x);
        self.max.y = self.max.y.max(p.y);
    }

    /// The smallest box that holds both.
    #[must_use]
    pub fn union(mut self, o: &Self) -> Self {
        if !o.is_empty() {
            self.add(o.min);
            self.add(o.max);
        }
        self
    }

    /// The box grown by `d` on every side.
    #[must_use]
    pub fn grown(&self, d: Coord) -> Self {
        if self.is_empty() {
            return *self;
        }
        Self {
            min: Point::new(self.min.x - d, self.min.y - d),
            max: Point::new(self.max.x + d, self.max.y + d),
        }
    }

    /// True when the boxes share at least a point.
    #[inline]
    #[must_use]
    pub const fn touches(&self, o: &Self) -> bool {
        self.min.x <= o.max.x && o.min.x <= self.max.x && self.min.y <= o.max.y && o.min.y <= self.max.y
    }

    /// True when `p` is inside or on the border.
    #[inline]
    #[must_use]
    pub const fn contains(&self, p: Point) -> bool {
        self.min.x <= p.x && p.x <= self.max.x && self.min.y <= p.y && p.y <= self.max.y
    }

    /// True when `o` lies wholly inside.
    #[must_use]
    pub const fn contains_box(&self, o: &Self) -> bool {
        self.contains(o.min) && self.contains(o.max)
    }

    /// The middle.
    #[must_use]
    pub fn center(&self) -> Point {
        Point::new(
            ((i64::from(self.min.x) + i64::from(self.max.x)) / 2) as Coord,
            ((i64::from(self.min.y) + i64::from(self.max.y)) / 2) as Coord,
        )
    }
}
