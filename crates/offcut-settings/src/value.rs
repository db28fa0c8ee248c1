//! Values that settings are made of.

use serde::{Deserialize, Serialize};

/// A length in millimetres, or a share of another one. Which one is said by the setting.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum LengthOrPercent {
    /// Millimetres.
    Mm(f64),
    /// Percent of the base.
    Percent(f64),
}

impl LengthOrPercent {
    /// The length in millimetres, given the base.
    #[must_use]
    pub fn resolve(self, base: f64) -> f64 {
        match self {
            Self::Mm(v) => v,
            Self::Percent(p) => base * p / 100.0,
        }
    }
}

/// A size or a position in the plane, millimetres.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Size {
    /// Along X.
    pub x: f64,
    /// Along Y.
    pub y: f64,
}
