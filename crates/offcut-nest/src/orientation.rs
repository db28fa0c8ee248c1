//! How an item lies: mirrored or not, then turned.

use offcut_geometry::{Loops, Point, nearest_unit};

/// A mirroring about the x axis (y changes its sign) followed by a rotation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Orientation {
    /// Counter-clockwise, degrees in [0, 360).
    pub angle: f64,
    /// Mirrored before it is turned.
    pub mirror: bool,
}

/// Angles are equal when they differ by less than this, degrees.
pub const ANGLE_TOLERANCE: f64 = 1e-3;

/// Row-major 2 × 2 matrix.
pub type Matrix = [f64; 4];

impl Orientation {
    /// An orientation with its angle brought into [0, 360).
    #[must_use]
    pub fn new(angle: f64, mirror: bool) -> Self {
        let angle = angle % 360.0;
        let angle = if angle < 0.0 { angle + 360.0 } else { angle };
        Self {
            // −1e-17 + 360 rounds to 360.
            angle: if angle >= 360.0 { 0.0 } else { angle },
            mirror,
        }
    }

    /// Cosine and sine of the angle; exact for quarter turns.
    #[must_use]
    pub fn direction(self) -> (f64, f64) {
        let quarter = self.angle / 90.0;
        match quarter as u8 {
            0 if quarter == 0.0 => (1.0, 0.0),
            1 if quarter == 1.0 => (0.0, 1.0),
            2 if quarter == 2.0 => (-1.0, 0.0),
            3 if quarter == 3.0 => (0.0, -1.0),
            _ => {
                let (s, c) = libm::sincos(self.angle.to_radians());
                (c, s)
            }
        }
    }

    /// True when turned by quarters, which keeps the grid.
    #[must_use]
    pub fn is_quarter(self) -> bool {
        self.angle % 90.0 == 0.0
    }

    /// The linear map from the item's own coordinates to the sheet's.
    #[must_use]
    pub fn matrix(self) -> Matrix {
        let (c, s) = self.direction();
        let f = if self.mirror { -1.0 } else { 1.0 };
        [c, -s * f, s, c * f]
    }

    /// What turns this orientation back.
    #[must_use]
    pub fn inverse(self) -> Self {
        if self.mirror {
            self
        } else {
            Self::new(-self.angle, false)
        }
    }

    /// First `other`, then this.
    #[must_use]
    pub fn after(self, other: Self) -> Self {
        let turn = if self.mirror { -other.angle } else { other.angle };
        Self::new(self.angle + turn, self.mirror != other.mirror)
    }

    /// True when both lie the same way within [`ANGLE_TOLERANCE`].
    #[must_use]
    pub fn is_close(self, o: Self) -> bool {
        let d = (self.angle - o.angle).abs();
        self.mirror == o.mirror && d.min(360.0 - d) <= ANGLE_TOLERANCE
    }

    /// A vector in this orientation, rounded to the grid.
    #[must_use]
    pub fn apply(self, p: Point) -> Point {
        let m = self.matrix();
        let (x, y) = (f64::from(p.x), f64::from(p.y));
        Point::new(
            nearest_unit(m[0] * x + m[1] * y),
            nearest_unit(m[2] * x + m[3] * y),
        )
    }

    /// A polygon in this orientation; loops keep their meaning (outer loops counter-clockwise).
    #[must_use]
    pub fn apply_all(self, shape: &Loops) -> Loops {
        let mut out = shape.clone();
        let m = self.matrix();
        for p in &mut out.points {
            let (x, y) = (f64::from(p.x), f64::from(p.y));
            *p = Point::new(
                nearest_unit(m[0] * x + m[1] * y),
                nearest_unit(m[2] * x + m[3] * y),
            );
        }
        if self.mirror {
            out.reverse_all();
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quarter_turns_are_exact() {
        let p = Point::new(7, 3);
        let at = |a: f64, m: bool| Orientation::new(a, m).apply(p);
        assert_eq!(at(90.0, false), Point::new(-3, 7));
        assert_eq!(at(-90.0, false), Point::new(3, -7));
        assert_eq!(at(540.0, false), Point::new(-7, -3));
        assert_eq!(at(0.0, true), Point::new(7, -3));
        assert_eq!(at(90.0, true), Point::new(3, 7));
    }

    fn orientation() -> impl Strategy<Value = Orientation> {
        (0.0..360.0, any::<bool>()).prop_map(|(a, m)| Orientation::new(a, m))
    }

    proptest! {
        #[test]
        fn orientations_are_a_group(a in orientation(), b in orientation()) {
            let (ma, mb, mc) = (a.matrix(), b.matrix(), a.after(b).matrix());
            let product = [
                ma[0] * mb[0] + ma[1] * mb[2],
                ma[0] * mb[1] + ma[1] * mb[3],
                ma[2] * mb[0] + ma[3] * mb[2],
                ma[2] * mb[1] + ma[3] * mb[3],
            ];
            for (x, y) in product.iter().zip(mc) {
                prop_assert!((x - y).abs() < 1e-12);
            }
            prop_assert!(a.after(a.inverse()).is_close(Orientation::new(0.0, false)));
        }
    }
}
