//! The only place where millimetres become grid units and back.

use thiserror::Error;

/// A coordinate on the grid. One unit is 10 nm, so the grid spans ±10.7 m.
pub type Coord = i32;

/// Grid units in one millimetre.
pub const UNITS_PER_MM: f64 = 100_000.0;

/// The largest coordinate that arithmetic on differences may meet without overflow: ±5 m.
pub const MAX_COORD: Coord = 500_000_000;

/// A length that does not fit the grid.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[error("{0} mm lies outside the ±5 m that offcut can work in; scale the model or check its unit")]
pub struct GridError(pub f64);

/// Converts millimetres to grid units, rounding to the nearest, half away from zero.
///
/// # Errors
/// When `mm` is not finite or lies beyond ±5 m.
#[inline]
pub fn to_grid(mm: f64) -> Result<Coord, GridError> {
    let v = (mm * UNITS_PER_MM).round();
    if v.abs() <= f64::from(MAX_COORD) {
        Ok(v as Coord)
    } else {
        Err(GridError(mm))
    }
}

/// Converts a distance from settings (already checked for range) to grid units; saturates at ±5 m.
#[inline]
#[must_use]
pub fn grid(mm: f64) -> Coord {
    (mm * UNITS_PER_MM)
        .round()
        .clamp(f64::from(-MAX_COORD), f64::from(MAX_COORD)) as Coord
}

/// Rounds a length in grid units to the nearest unit, half away from zero. Unlike `f64::round` this
/// needs no library call on processors without a rounding instruction.
#[inline]
#[must_use]
pub fn nearest_unit(v: f64) -> Coord {
    (v + 0.5f64.copysign(v)) as Coord
}

/// Converts grid units to millimetres.
#[inline]
#[must_use]
pub fn to_mm(v: Coord) -> f64 {
    f64::from(v) / UNITS_PER_MM
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_and_refuses() {
        assert_eq!(to_grid(0.000_004), Ok(0));
        assert_eq!(to_grid(-1.234_567_8), Ok(-123_457));
        assert!(to_grid(f64::NAN).is_err());
        assert!(to_grid(1e9).is_err());
        assert_eq!(grid(1e9), MAX_COORD);
        assert_eq!(to_mm(250_000), 2.5);
    }
}
