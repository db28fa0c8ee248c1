//! How low a tool may go over a mesh: the exact drop-cutter, and the gouge of straight moves.
//!
//! In: a [`Surface`] and a [`Profile`]. Out: heights of the tip. Promised: the height is the maximum over all
//! vertices, edges and facets under the tool, by closed forms, within 1e-9 mm.
//!
//! The tree of boxes is visited highest bound first; a bound is the top of a box less the least height of the tool
//! above it. The triangle that held the contact of the last place is tried first, so that most boxes fall at once.

mod bvh;
mod drop;
mod path;
mod surface;
mod sweep;
#[cfg(test)]
mod tests;

pub use path::Follow;
pub use surface::Surface;
pub use sweep::Gouge;

use crate::tools::cutter::with_cutter;
use crate::tools::profile::Profile;

/// Where a tool rests.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rest {
    /// Height of the tip, mm; the floor where nothing is higher.
    pub z: f64,
    /// Where it touches, mm; none on the floor.
    pub contact: Option<[f64; 2]>,
    /// The triangle that it touches: start of the next search.
    pub(crate) triangle: u32,
}

/// What is known from the place before; makes neighbouring drops fast and never changes a height.
#[derive(Debug, Clone, Copy)]
pub struct Hint(u32);

impl Default for Hint {
    fn default() -> Self {
        Self(u32::MAX)
    }
}

/// A tool over a surface.
#[derive(Debug, Clone, Copy)]
pub struct DropCutter<'a> {
    surface: &'a Surface,
    profile: Profile,
    /// By how much rounding to `f32` may lower a bound, mm.
    slack: f32,
}

impl<'a> DropCutter<'a> {
    /// Puts a tool over a surface.
    #[must_use]
    pub fn new(surface: &'a Surface, profile: Profile) -> Self {
        let slope = if profile.slope.is_finite() {
            profile.slope
        } else {
            1.0
        };
        let size = surface.reach + profile.radius;
        Self {
            surface,
            profile,
            slack: ((2.0 + slope) * size * 1e-6) as f32,
        }
    }

    /// The tool.
    #[must_use]
    pub const fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The surface.
    #[must_use]
    pub const fn surface(&self) -> &'a Surface {
        self.surface
    }

    /// Lets the tool down at `x`, `y` until it touches, or its tip reaches `floor`.
    #[must_use]
    pub fn drop(&self, x: f64, y: f64, floor: f64, hint: &mut Hint) -> Rest {
        let rest =
            with_cutter!(&self.profile, c => drop::drop(self.surface, c, self.slack, [x, y], floor, hint.0));
        hint.0 = rest.triangle;
        rest
    }

    /// The height of the one triangle that a hint names; minus infinity where the tool misses it.
    #[must_use]
    pub(crate) fn over(&self, x: f64, y: f64, hint: Hint) -> f64 {
        with_cutter!(&self.profile, c => drop::over(self.surface, c, [x, y], hint.0))
    }

    /// The heights over many places in their order, which should be that of a path: neighbours are fast.
    #[must_use]
    pub fn heights(&self, places: &[[f64; 2]], floor: f64) -> Vec<f64> {
        let run = |places: &[[f64; 2]]| {
            let mut hint = Hint::default();
            let height = |p: &[f64; 2]| self.drop(p[0], p[1], floor, &mut hint).z;
            places.iter().map(height).collect::<Vec<_>>()
        };
        #[cfg(feature = "parallel")]
        {
            use rayon::prelude::*;
            places.par_chunks(1024).map(run).flatten_iter().collect()
        }
        #[cfg(not(feature = "parallel"))]
        run(places)
    }

    /// The deepest that a straight move of the tip cuts into the surface between its ends, if more than
    /// `tolerance`, mm. The ends themselves are [`Self::drop`]'s business.
    #[must_use]
    pub fn gouge(&self, from: [f64; 3], to: [f64; 3], tolerance: f64) -> Option<Gouge> {
        with_cutter!(&self.profile, c => sweep::gouge(self.surface, c, self.slack, from, to, tolerance))
    }
}
