//! Tabs: bridges that hold a part until it is taken out.
//!
//! In: a ring, the tool's radius, where the path begins. Out: places on the ring and the heights over them.
//! Promised: no tab at the path's beginning nor (where there is room) across a corner; the material left is as
//! wide as asked for, the tool's width comes on top.

use crate::path::Track;
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings of tabs.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Tabs {
    /// How many on each outline. Default: one for every `spacing`, at least two.
    pub count: Option<u32>,
    /// Way from one to the next.
    pub spacing: f64,
    /// Width of what is left.
    pub width: f64,
    /// Height above the bottom of the cut.
    pub height: f64,
    /// Slope of their sides, degrees; 90 goes straight up and down.
    pub angle: f64,
    /// Outlines shorter than this have none.
    pub shortest: f64,
}

impl Default for Tabs {
    fn default() -> Self {
        Self {
            count: None,
            spacing: 120.0,
            width: 5.0,
            height: 2.0,
            angle: 45.0,
            shortest: 40.0,
        }
    }
}

/// The tabs of one ring.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Placed {
    /// The ways to their middles.
    pub at: Vec<f64>,
    /// Half the length at full height.
    half: f64,
    /// Length of each slope.
    run: f64,
    /// Z of their top, and of the bottom of the cut.
    top: f64,
    bottom: f64,
}

/// A turn that counts as a corner, cosine.
const CORNER: f64 = 0.94;

impl Tabs {
    /// Places tabs on a ring whose path begins at the way `start` and cuts down to `bottom`.
    #[must_use]
    pub fn place(&self, ring: &Track, start: f64, radius: f64, bottom: f64) -> Placed {
        let len = ring.length();
        let half = self.width / 2.0 + radius;
        let run = if self.angle >= 89.9 {
            1e-3
        } else {
            self.height / libm::tan(self.angle.clamp(5.0, 89.9).to_radians())
        };
        let mut out = Placed {
            at: Vec::new(),
            half,
            run,
            top: bottom + self.height,
            bottom,
        };
        let room = 2.0 * (half + run) + 1.0;
        let wanted = self
            .count
            .unwrap_or(((len / self.spacing.max(1.0)).round() as u32).max(2));
        let count = wanted.min((len / room) as u32);
        if len < self.shortest || count == 0 {
            return out;
        }
        let pitch = len / f64::from(count);
        let slack = ((pitch - room) / 2.0).max(0.0);
        let corners = corners(ring);
        for i in 0..count {
            let ideal = start + (f64::from(i) + 0.5) * pitch;
            // The shift is tried in growing steps to both sides.
            let free = (0..=40)
                .map(|k| {
                    let d = f64::from((k + 1) / 2) / 20.0 * slack;
                    if k % 2 == 0 { d } else { -d }
                })
                .find(|d| {
                    corners.iter().all(|c| {
                        let gap = (c - ideal - d).rem_euclid(len);
                        gap.min(len - gap) > half
                    })
                });
            out.at.push((ideal + free.unwrap_or(0.0)).rem_euclid(len));
        }
        out
    }
}

/// The ways to the corners of a ring.
fn corners(ring: &Track) -> Vec<f64> {
    let n = ring.points.len();
    (0..n)
        .filter(|i| {
            let (a, b, c) = (
                ring.points[(i + n - 1) % n],
                ring.points[*i],
                ring.points[(i + 1) % n],
            );
            let (u, v) = ([b[0] - a[0], b[1] - a[1]], [c[0] - b[0], c[1] - b[1]]);
            let cos = (u[0] * v[0] + u[1] * v[1]) / (libm::hypot(u[0], u[1]) * libm::hypot(v[0], v[1]));
            cos < CORNER
        })
        .map(|i| ring.ways()[i])
        .collect()
}

impl Placed {
    /// True when there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// The lowest height of the tip at a way of a ring of length `len`.
    #[must_use]
    pub fn height(&self, s: f64, len: f64) -> f64 {
        self.at
            .iter()
            .map(|c| {
                let gap = (s - c).rem_euclid(len);
                let gap = gap.min(len - gap);
                let t = ((self.half + self.run - gap) / self.run).clamp(0.0, 1.0);
                if t > 0.0 {
                    self.bottom + (self.top - self.bottom) * t
                } else {
                    f64::NEG_INFINITY
                }
            })
            .fold(f64::NEG_INFINITY, f64::max)
    }

    /// A profile of heights (see [`Track::walk`]) that begins at the way `from`, lifted over the tabs.
    #[must_use]
    pub fn lift(&self, profile: &[(f64, f64)], from: f64, len: f64) -> Vec<(f64, f64)> {
        let (Some(last), false) = (profile.last(), self.at.is_empty()) else {
            return profile.to_vec();
        };
        let mut ways: Vec<f64> = profile.iter().map(|p| p.0).collect();
        for c in &self.at {
            for d in [-self.half - self.run, -self.half, self.half, self.half + self.run] {
                let mut s = (c + d - from).rem_euclid(len);
                while s < last.0 {
                    ways.push(s);
                    s += len;
                }
            }
        }
        ways.sort_by(f64::total_cmp);
        ways.dedup_by(|a, b| *a - *b < 1e-9);
        let base = |s: f64| {
            let i = profile.partition_point(|p| p.0 < s).clamp(1, profile.len() - 1);
            let ((s0, z0), (s1, z1)) = (profile[i - 1], profile[i]);
            if s1 > s0 {
                z0 + (z1 - z0) * ((s - s0) / (s1 - s0)).clamp(0.0, 1.0)
            } else {
                z1
            }
        };
        let over = |s: f64| self.height(from + s, len);
        let mut out: Vec<(f64, f64)> = Vec::new();
        for (k, s) in ways.iter().enumerate() {
            if let (Some((s0, _)), true) = (out.last().copied(), k > 0) {
                // Both are straight in between; where they cross, the path turns.
                let (m0, m1) = (s0 + (s - s0) * 1e-6, s - (s - s0) * 1e-6);
                let (d0, d1) = (over(m0) - base(m0), over(m1) - base(m1));
                if d0.is_finite() && d1.is_finite() && (d0 > 1e-9) != (d1 > 1e-9) && d0 != d1 {
                    let x = m0 + (m1 - m0) * (d0 / (d0 - d1)).clamp(0.0, 1.0);
                    out.push((x, base(x)));
                }
            }
            out.push((*s, base(*s).max(over(*s))));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_are_as_wide_as_asked_for_and_away_from_corners() {
        let ring = Track::new([[0.0, 0.0], [100.0, 0.0], [100.0, 60.0], [0.0, 60.0]], true);
        let Some(ring) = ring else { unreachable!() };
        let tabs = Tabs {
            count: Some(4),
            width: 6.0,
            height: 2.0,
            angle: 45.0,
            ..Tabs::default()
        };
        let p = tabs.place(&ring, 10.0, 3.0, -12.0);
        assert_eq!(p.at.len(), 4);
        for c in &p.at {
            for corner in [0.0f64, 100.0, 160.0, 260.0] {
                let d = (c - corner).rem_euclid(320.0);
                assert!(d.min(320.0 - d) > 6.0, "{c} near {corner}");
            }
            let d = (c - 10.0).rem_euclid(320.0);
            assert!(d.min(320.0 - d) > 8.0, "{c} on the entry");
        }
        let lifted = p.lift(&[(0.0, -12.0), (320.0, -12.0)], 10.0, 320.0);
        // The tip is 2 mm up for the tab's width and the tool's diameter.
        let up: f64 = lifted
            .windows(2)
            .filter(|w| w[0].1 > -10.001 && w[1].1 > -10.001)
            .map(|w| w[1].0 - w[0].0)
            .sum();
        assert!((up - 4.0 * 12.0).abs() < 1e-6, "{up}");
        assert!(lifted.iter().all(|p| p.1 >= -12.0 && p.1 <= -10.0 + 1e-12));
        // Levels above the tabs stay as they are.
        assert!(
            p.lift(&[(0.0, -6.0), (320.0, -6.0)], 10.0, 320.0)
                .iter()
                .all(|p| p.1 == -6.0)
        );
    }
}
