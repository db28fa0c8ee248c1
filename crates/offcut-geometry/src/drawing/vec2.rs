//! Points and affine maps of the plane in `f64` millimetres.

use serde::{Deserialize, Serialize};
use std::ops::{Add, Mul, Neg, Sub};

/// A point or vector, mm.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Vec2 {
    /// To the right.
    pub x: f64,
    /// Up.
    pub y: f64,
}

impl Vec2 {
    /// The origin.
    pub const ZERO: Self = Self::new(0.0, 0.0);

    /// A point.
    #[must_use]
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// The direction at an angle, radians.
    #[must_use]
    pub fn at_angle(a: f64) -> Self {
        Self::new(libm::cos(a), libm::sin(a))
    }

    /// Scalar product.
    #[must_use]
    pub fn dot(self, o: Self) -> f64 {
        self.x * o.x + self.y * o.y
    }

    /// Z of the cross product: positive when `o` lies to the left.
    #[must_use]
    pub fn cross(self, o: Self) -> f64 {
        self.x * o.y - self.y * o.x
    }

    /// Length.
    #[must_use]
    pub fn norm(self) -> f64 {
        libm::hypot(self.x, self.y)
    }

    /// Distance.
    #[must_use]
    pub fn dist(self, o: Self) -> f64 {
        (self - o).norm()
    }

    /// Turned left by a quarter.
    #[must_use]
    pub const fn left(self) -> Self {
        Self::new(-self.y, self.x)
    }

    /// The point at `t` of the way to `o`.
    #[must_use]
    pub fn lerp(self, o: Self, t: f64) -> Self {
        self + (o - self) * t
    }

    /// Both coordinates are numbers and not infinite.
    #[must_use]
    pub const fn is_finite(self) -> bool {
        self.x.is_finite() && self.y.is_finite()
    }
}

impl Add for Vec2 {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self::new(self.x + o.x, self.y + o.y)
    }
}

impl Sub for Vec2 {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        Self::new(self.x - o.x, self.y - o.y)
    }
}

impl Mul<f64> for Vec2 {
    type Output = Self;
    fn mul(self, k: f64) -> Self {
        Self::new(self.x * k, self.y * k)
    }
}

impl Neg for Vec2 {
    type Output = Self;
    fn neg(self) -> Self {
        Self::new(-self.x, -self.y)
    }
}

/// An axis-parallel box, mm; empty when `min > max`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// Lower left corner.
    pub min: Vec2,
    /// Upper right corner.
    pub max: Vec2,
}

impl Bounds {
    /// The box that holds nothing.
    pub const EMPTY: Self = Self {
        min: Vec2::new(f64::INFINITY, f64::INFINITY),
        max: Vec2::new(f64::NEG_INFINITY, f64::NEG_INFINITY),
    };

    /// True when nothing is inside.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.min.x > self.max.x
    }

    /// Grows the box to hold a point.
    pub fn add(&mut self, p: Vec2) {
        self.min = Vec2::new(self.min.x.min(p.x), self.min.y.min(p.y));
        self.max = Vec2::new(self.max.x.max(p.x), self.max.y.max(p.y));
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

    /// Width and height.
    #[must_use]
    pub fn size(&self) -> Vec2 {
        if self.is_empty() {
            Vec2::ZERO
        } else {
            self.max - self.min
        }
    }

    /// True when `o` lies inside, up to `slack`.
    #[must_use]
    pub fn holds(&self, o: &Self, slack: f64) -> bool {
        self.min.x <= o.min.x + slack
            && self.min.y <= o.min.y + slack
            && self.max.x >= o.max.x - slack
            && self.max.y >= o.max.y - slack
    }

    /// True when the boxes come closer than `slack`.
    #[must_use]
    pub fn touches(&self, o: &Self, slack: f64) -> bool {
        self.min.x <= o.max.x + slack
            && o.min.x <= self.max.x + slack
            && self.min.y <= o.max.y + slack
            && o.min.y <= self.max.y + slack
    }
}

/// An affine map: `x' = a·x + c·y + e`, `y' = b·x + d·y + f`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Affine {
    /// x to x.
    pub a: f64,
    /// x to y.
    pub b: f64,
    /// y to x.
    pub c: f64,
    /// y to y.
    pub d: f64,
    /// Shift in x.
    pub e: f64,
    /// Shift in y.
    pub f: f64,
}

impl Default for Affine {
    fn default() -> Self {
        Self::IDENTITY
    }
}

impl Affine {
    /// The map that changes nothing.
    pub const IDENTITY: Self = Self::new(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);

    /// A map of six numbers in the order of SVG's `matrix`.
    #[must_use]
    pub const fn new(a: f64, b: f64, c: f64, d: f64, e: f64, f: f64) -> Self {
        Self { a, b, c, d, e, f }
    }

    /// A shift.
    #[must_use]
    pub const fn translate(v: Vec2) -> Self {
        Self::new(1.0, 0.0, 0.0, 1.0, v.x, v.y)
    }

    /// A scale along the axes.
    #[must_use]
    pub const fn scale(x: f64, y: f64) -> Self {
        Self::new(x, 0.0, 0.0, y, 0.0, 0.0)
    }

    /// A turn to the left, radians.
    #[must_use]
    pub fn rotate(angle: f64) -> Self {
        let (s, c) = (libm::sin(angle), libm::cos(angle));
        Self::new(c, s, -s, c, 0.0, 0.0)
    }

    /// The map that takes the unit circle to the ellipse with these half axes about a centre.
    #[must_use]
    pub const fn frame(center: Vec2, x: Vec2, y: Vec2) -> Self {
        Self::new(x.x, x.y, y.x, y.y, center.x, center.y)
    }

    /// First `inner`, then this.
    #[must_use]
    pub fn of(&self, inner: &Self) -> Self {
        Self::new(
            self.a * inner.a + self.c * inner.b,
            self.b * inner.a + self.d * inner.b,
            self.a * inner.c + self.c * inner.d,
            self.b * inner.c + self.d * inner.d,
            self.a * inner.e + self.c * inner.f + self.e,
            self.b * inner.e + self.d * inner.f + self.f,
        )
    }

    /// The image of a point.
    #[must_use]
    pub fn point(&self, p: Vec2) -> Vec2 {
        self.vector(p) + Vec2::new(self.e, self.f)
    }

    /// The image of a direction.
    #[must_use]
    pub fn vector(&self, v: Vec2) -> Vec2 {
        Vec2::new(self.a * v.x + self.c * v.y, self.b * v.x + self.d * v.y)
    }

    /// How areas grow; negative when the map mirrors.
    #[must_use]
    pub fn det(&self) -> f64 {
        self.a * self.d - self.b * self.c
    }

    /// True when circles stay circles, up to a part in 10⁹.
    #[must_use]
    pub fn is_conformal(&self) -> bool {
        let (x, y) = (Vec2::new(self.a, self.b), Vec2::new(self.c, self.d));
        let (xx, yy) = (x.dot(x), y.dot(y));
        let limit = 1e-9 * xx.max(yy);
        (xx - yy).abs() <= limit && x.dot(y).abs() <= limit
    }

    /// All six numbers are finite.
    #[must_use]
    pub fn is_finite(&self) -> bool {
        [self.a, self.b, self.c, self.d, self.e, self.f]
            .iter()
            .all(|v| v.is_finite())
    }
}
