//! Getting down by a helix, where it fits.
//!
//! In: where the tool's middle may be, and where the path begins. Out: the helix. Promised: the tool's middle stays in
//! its region, no core is left standing, and the straight way from the helix to the path is free.

use super::clearance::Border;
use crate::path::{P2, dist, stays_in};
use crate::{CutRole, Move, Pass};
use offcut_geometry::Loops;

/// A helix around an upright axis, begun at its side of highest x.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Helix {
    /// The axis.
    pub center: P2,
    /// mm.
    pub radius: f64,
}

impl Helix {
    /// The widest helix of at most 0.9 radii of the tool around `near`, from which `start` can be reached straight;
    /// none when it would be narrower than a third of that.
    #[must_use]
    pub fn within(region: &Loops, near: P2, start: P2, tool_radius: f64) -> Option<Self> {
        let most = 0.9 * tool_radius;
        if !region.contains(crate::path::on_grid(near)) {
            return None;
        }
        // A micrometre less than what is free, for rounding.
        let radius = (Border::new(region).clearance(near) - 0.001).min(most);
        let helix = Self { center: near, radius };
        (radius > most / 3.0 && stays_in(region, helix.begin(), start)).then_some(helix)
    }

    /// Where it begins and ends in the plane.
    #[must_use]
    pub fn begin(&self) -> P2 {
        [self.center[0] + self.radius, self.center[1]]
    }

    /// Goes down from `from` to `z` with at most that slope, then once round at `z`.
    pub fn down(&self, from: f64, z: f64, angle: f64, pass: &mut Pass) {
        let turn = std::f64::consts::TAU * self.radius;
        let pitch = turn * libm::tan(angle.clamp(0.5, 45.0).to_radians());
        let turns = ((from - z) / pitch).ceil().clamp(1.0, 2000.0) as usize;
        for k in 0..=turns {
            let height = |t: f64| (from - (from - z) * (k as f64 + t) / turns as f64).max(z);
            let kind = if k == turns { CutRole::Slot } else { CutRole::Ramp };
            for (side, t) in [(-1.0, 0.5), (1.0, 1.0)] {
                pass.moves.push(Move::Arc {
                    to: [self.center[0] + side * self.radius, self.center[1], height(t)],
                    center: self.center,
                    ccw: true,
                    kind,
                });
            }
        }
    }
}

/// The middle of the area of a ring of points.
#[must_use]
pub fn centroid(ring: &[P2]) -> P2 {
    let Some(o) = ring.first() else { return [0.0; 2] };
    let (mut area, mut sum) = (0.0, [0.0; 2]);
    for w in ring.windows(2) {
        let (a, b) = ([w[0][0] - o[0], w[0][1] - o[1]], [w[1][0] - o[0], w[1][1] - o[1]]);
        let cross = a[0] * b[1] - a[1] * b[0];
        area += cross;
        for k in 0..2 {
            sum[k] += cross * (a[k] + b[k]) / 3.0;
        }
    }
    if area.abs() < 1e-9 {
        // No area: the middle of the points that are furthest apart will do.
        let far = ring.iter().max_by(|a, b| dist(**a, *o).total_cmp(&dist(**b, *o)));
        return far.map_or(*o, |f| [(o[0] + f[0]) / 2.0, (o[1] + f[1]) / 2.0]);
    }
    [o[0] + sum[0] / area, o[1] + sum[1] / area]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::on_grid;

    #[test]
    fn a_helix_stays_in_its_region_and_ends_level() {
        let corners = [[0.0, 0.0], [10.0, 0.0], [10.0, 4.0], [0.0, 4.0]];
        let region: Loops = [corners.map(on_grid).to_vec()].into_iter().collect();
        assert_eq!(centroid(&corners), [5.0, 2.0]);
        let Some(h) = Helix::within(&region, [5.0, 2.0], [1.0, 1.0], 3.0) else {
            unreachable!()
        };
        assert!((h.radius - 1.999).abs() < 1e-6);
        let mut pass = Pass::at([h.begin()[0], h.begin()[1], 0.5]);
        pass.feed([h.begin()[0], h.begin()[1], 0.0], CutRole::Plunge);
        h.down(0.0, -3.0, 5.0, &mut pass);
        // Turns of at most 2π·1.999·tan 5° = 1.099 mm, and a level one.
        assert_eq!(pass.moves.len(), 1 + 2 * 4);
        let z: Vec<f64> = pass.moves.iter().filter_map(Move::to).map(|p| p[2]).collect();
        assert_eq!(z[z.len() - 3..], [-3.0, -3.0, -3.0]);
        assert!(z.windows(2).all(|w| w[0] >= w[1] && w[0] - w[1] <= 0.55));
        // Too narrow for a tool of 20 mm, and outside there is nothing.
        assert!(Helix::within(&region, [5.0, 2.0], [1.0, 1.0], 10.0).is_none());
        assert!(Helix::within(&region, [15.0, 2.0], [1.0, 1.0], 3.0).is_none());
    }
}
