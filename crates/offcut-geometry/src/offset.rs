//! Offsets of polygon sets.

use crate::loops::Loops;
use crate::units::Coord;
use i_overlay::i_float::int::angle::Angle;
use i_overlay::i_float::int::point::IntPoint;
use i_overlay::i_shape::flat::buffer::FlatContoursBuffer;
use i_overlay::mesh::int::arc::ArcOptions;
use i_overlay::mesh::int::outline::offset::IntOutlineOffset;
use i_overlay::mesh::int::style::{IntLineJoin, IntOutlineStyle};

/// How corners are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    /// Sharp; spikes are cut where the turn exceeds 120°.
    Miter,
    /// Round, with chords within 2 µm.
    Round,
}

/// Offsets a valid polygon set: `d > 0` grows it, `d < 0` shrinks it; grid units.
#[must_use]
pub fn offset(set: &Loops, d: Coord, join: Join) -> Loops {
    if d == 0 || set.is_empty() {
        return set.clone();
    }
    let shape: Vec<Vec<IntPoint<i32>>> = set
        .iter()
        .map(|l| l.iter().map(|p| IntPoint::new(p.x, p.y)).collect())
        .collect();
    let angle = match join {
        Join::Miter => 2.0 * libm::asin(0.5),
        Join::Round => 2.0 * libm::acos(1.0 - (200.0 / f64::from(d.abs())).min(0.3)),
    };
    let Some(angle) = Angle::from_radians(angle) else {
        return set.clone();
    };
    let style = IntOutlineStyle::<i32>::new(d)
        .miter_min_turn(Angle::from_bits(0))
        .line_join(match join {
            Join::Miter => IntLineJoin::Miter(angle),
            Join::Round => IntLineJoin::Round(ArcOptions {
                max_step: angle,
                ..ArcOptions::default()
            }),
        });
    let mut flat = FlatContoursBuffer::default();
    match shape.outline_into(&style, &mut flat) {
        Ok(_) => crate::clip::from_flat(&flat),
        Err(_) => set.clone(),
    }
}

/// Shrinks by `d`, then grows by `d`: removes what is narrower than `2 d`.
#[must_use]
pub fn opening(set: &Loops, d: Coord) -> Loops {
    offset(&offset(set, -d, Join::Miter), d, Join::Miter)
}

/// Grows by `d`, then shrinks by `d`: fills gaps narrower than `2 d`.
#[must_use]
pub fn closing(set: &Loops, d: Coord) -> Loops {
    offset(&offset(set, d, Join::Miter), -d, Join::Miter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Point;

    fn square(r: i32) -> Loops {
        [vec![
            Point::new(-r, -r),
            Point::new(r, -r),
            Point::new(r, r),
            Point::new(-r, r),
        ]]
        .into_iter()
        .collect()
    }

    #[test]
    fn square_grows_and_shrinks_exactly() {
        let s = square(1_000_000);
        assert_eq!(offset(&s, -100_000, Join::Miter).area2(), 8 * 900_000i64.pow(2));
        assert_eq!(offset(&s, 100_000, Join::Miter).area2(), 8 * 1_100_000i64.pow(2));
        let r = offset(&s, 100_000, Join::Round).area_mm2();
        let exact = 20.0f64.powi(2) + 4.0 * 20.0 * 1.0 + std::f64::consts::PI;
        assert!((r - exact).abs() < 0.02, "{r} {exact}");
    }
}
