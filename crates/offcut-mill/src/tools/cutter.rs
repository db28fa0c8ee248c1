//! The five forms of tools, each with its closed forms: [`Cutter`].
//!
//! In: a [`Profile`]. Out: heights and contacts. Promised: loops over many contacts are compiled for each form.

use super::profile::{Profile, Touch};

/// One form of tool, for loops that are compiled for each.
pub(crate) trait Cutter: Copy {
    /// The numbers of the tool.
    fn profile(&self) -> &Profile;
    /// As [`Profile::height`].
    fn height(&self, rho: f64) -> f64;
    /// The height where the square of the radius is this.
    #[inline(always)]
    fn height2(&self, rho2: f64) -> f64 {
        self.height(rho2.sqrt())
    }
    /// As [`Profile::on_line`], with w = 1/√(1 + m²) and the square of the distance, at most the radius'.
    fn on_line(&self, m: f64, w: f64, d2: f64) -> Touch;
    /// False where [`Cutter::on_line`] can't find more than `need` of rise less height: a cheap look before it.
    #[inline(always)]
    fn may_reach(&self, _m: f64, _w: f64, _d2: f64, _need: f64) -> bool {
        true
    }
    /// As [`Profile::on_plane`].
    fn on_plane(&self, level: f64, up: f64) -> Touch;
    /// A lower bound of the height for the squares of four distances, which may lie beyond the radius.
    fn least4(&self, d2: [f32; 4]) -> [f32; 4];
}

/// Offset to the rim, on the upper side.
#[inline(always)]
fn at_rim(p: &Profile, d2: f64, height: f64) -> Touch {
    Touch {
        offset: (p.radius * p.radius - d2).max(0.0).sqrt(),
        height,
    }
}

/// Least height of a sphere, or of a torus about `flat`, padded so that rounding never lifts it.
#[inline(always)]
fn arc4(d2: [f32; 4], flat: f32, corner: f32) -> [f32; 4] {
    let corner2 = corner * corner * 1.000_01;
    std::array::from_fn(|i| {
        let u = if flat > 0.0 {
            (d2[i].sqrt() - flat).max(0.0)
        } else {
            0.0
        };
        let u2 = if flat > 0.0 { u * u } else { d2[i] };
        let rest = corner2 - u2;
        corner - (if rest > 0.0 { rest } else { 0.0 }).sqrt()
    })
}

#[derive(Clone, Copy)]
pub(crate) struct Flat<'a>(pub &'a Profile);

impl Cutter for Flat<'_> {
    fn profile(&self) -> &Profile {
        self.0
    }
    #[inline(always)]
    fn height(&self, _rho: f64) -> f64 {
        0.0
    }
    #[inline(always)]
    fn on_line(&self, m: f64, _w: f64, d2: f64) -> Touch {
        if m > 0.0 {
            at_rim(self.0, d2, 0.0)
        } else {
            Touch {
                offset: 0.0,
                height: 0.0,
            }
        }
    }
    #[inline(always)]
    fn on_plane(&self, level: f64, _up: f64) -> Touch {
        Touch {
            offset: if level > 0.0 { self.0.radius } else { 0.0 },
            height: 0.0,
        }
    }
    #[inline(always)]
    fn least4(&self, _d2: [f32; 4]) -> [f32; 4] {
        [0.0; 4]
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Ball<'a>(pub &'a Profile);

impl Cutter for Ball<'_> {
    fn profile(&self) -> &Profile {
        self.0
    }
    #[inline(always)]
    fn height(&self, rho: f64) -> f64 {
        let r = self.0.radius;
        r - (r * r - rho * rho).max(0.0).sqrt()
    }
    #[inline(always)]
    fn height2(&self, rho2: f64) -> f64 {
        let r = self.0.radius;
        let rest = r * r - rho2;
        r - (if rest > 0.0 { rest } else { 0.0 }).sqrt()
    }
    #[inline(always)]
    fn on_line(&self, m: f64, w: f64, d2: f64) -> Touch {
        let r = self.0.radius;
        let chord = (r * r - d2).max(0.0).sqrt();
        Touch {
            offset: m * w * chord,
            height: r - w * chord,
        }
    }
    #[inline(always)]
    fn on_plane(&self, level: f64, up: f64) -> Touch {
        let r = self.0.radius;
        Touch {
            offset: r * level,
            height: r - r * up,
        }
    }
    #[inline(always)]
    fn least4(&self, d2: [f32; 4]) -> [f32; 4] {
        arc4(d2, 0.0, self.0.radius as f32)
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Bull<'a>(pub &'a Profile);

impl Bull<'_> {
    /// The least sine of the contact's angle on a line that passes at a distance.
    #[inline(always)]
    fn nearest(&self, d2: f64) -> f64 {
        ((d2.sqrt() - self.0.flat) / self.0.corner).clamp(0.0, 1.0)
    }

    /// About the sine of the contact's angle: from the slope along the line, then once corrected for the direction of
    /// the contact.
    #[inline(always)]
    fn guess(&self, m: f64, w: f64, d2: f64) -> f64 {
        let (f, r) = (self.0.flat, self.0.corner);
        let rho = (f + r * m * w).max(d2.sqrt());
        let level = (rho * rho - d2).max(1e-3 * rho * rho).sqrt();
        let t = m * rho / level;
        // Not at an end of the bracket, where the slope is infinite.
        let lo = self.nearest(d2);
        let inner = 0.02 * (1.0 - lo);
        (t / (1.0 + t * t).sqrt()).clamp(lo + inner, 1.0 - inner)
    }
}

impl Cutter for Bull<'_> {
    fn profile(&self) -> &Profile {
        self.0
    }
    #[inline(always)]
    fn height(&self, rho: f64) -> f64 {
        let (u, r) = ((rho - self.0.flat).max(0.0), self.0.corner);
        r - (r * r - u * u).max(0.0).sqrt()
    }
    /// What the contact at ρ yields, m·√(ρ² − d²) − h(ρ), is concave in ρ, so it stays below its tangent at a guess.
    #[inline(always)]
    fn may_reach(&self, m: f64, w: f64, d2: f64, need: f64) -> bool {
        let (f, r) = (self.0.flat, self.0.corner);
        if m <= 0.0 {
            return -self.height2(d2) > need;
        }
        let first = self.guess(m, w, d2);
        let rho = f + r * first;
        let (level2, up2) = (rho * rho - d2, 1.0 - first * first);
        if level2 <= 1e-9 * rho * rho || up2 <= 1e-9 {
            return true;
        }
        let (level, up) = (level2.sqrt(), up2.sqrt());
        let slope = m * rho / level - first / up;
        let end = if slope > 0.0 { f + r } else { d2.sqrt().max(f) };
        // A hair for rounding.
        m * level - r + r * up + slope * (end - rho) + 1e-9 > need
    }
    /// With the contact at ρ = f + r·y the condition tan φ·√(ρ² − d²) = m·ρ, sin φ = y, has one root; Newton's
    /// method within a bracket finds it, and an error of y spoils the height by its square only.
    #[inline]
    fn on_line(&self, m: f64, w: f64, d2: f64) -> Touch {
        let (f, r) = (self.0.flat, self.0.corner);
        if m <= 0.0 {
            let height = self.height(d2.sqrt());
            return Touch { offset: 0.0, height };
        }
        let (mut lo, mut hi) = (self.nearest(d2), 1.0);
        let mut y = self.guess(m, w, d2);
        for _ in 0..40 {
            let rho = f + r * y;
            let a = (rho * rho - d2).max(0.0).sqrt();
            let b = (1.0 - y * y).max(0.0).sqrt();
            let g = y * a - m * b * rho;
            if g > 0.0 {
                hi = y;
            } else {
                lo = y;
            }
            let slope = a + y * rho * r / a.max(1e-12) - m * (b * r - rho * y / b.max(1e-12));
            let mut next = y - g / slope;
            if !(next > lo && next < hi) {
                next = 0.5 * (lo + hi);
            }
            let moved = (next - y).abs();
            y = next;
            if moved < 1e-10 {
                break;
            }
        }
        let rho = f + r * y;
        Touch {
            offset: (rho * rho - d2).max(0.0).sqrt(),
            height: r - r * (1.0 - y * y).max(0.0).sqrt(),
        }
    }
    #[inline(always)]
    fn on_plane(&self, level: f64, up: f64) -> Touch {
        let (f, r) = (self.0.flat, self.0.corner);
        Touch {
            offset: if level > 0.0 { f + r * level } else { 0.0 },
            height: r - r * up,
        }
    }
    #[inline(always)]
    fn least4(&self, d2: [f32; 4]) -> [f32; 4] {
        arc4(d2, self.0.flat as f32, self.0.corner as f32)
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Cone<'a>(pub &'a Profile);

impl Cutter for Cone<'_> {
    fn profile(&self) -> &Profile {
        self.0
    }
    #[inline(always)]
    fn height(&self, rho: f64) -> f64 {
        self.0.slope * (rho.min(self.0.radius) - self.0.flat).max(0.0)
    }
    #[inline(always)]
    fn on_line(&self, m: f64, _w: f64, d2: f64) -> Touch {
        let p = self.0;
        if m <= 0.0 {
            let height = self.height(d2.sqrt());
            return Touch { offset: 0.0, height };
        }
        if m < p.slope {
            // The flank's section over the line is a hyperbola; its tangent has slope m at this radius.
            let rho2 = d2 * p.slope * p.slope / (p.slope * p.slope - m * m);
            if rho2 <= p.flat * p.flat {
                let offset = (p.flat * p.flat - d2).max(0.0).sqrt();
                return Touch { offset, height: 0.0 };
            }
            if rho2 <= p.radius * p.radius {
                return Touch {
                    offset: (rho2 - d2).max(0.0).sqrt(),
                    height: p.slope * (rho2.sqrt() - p.flat),
                };
            }
        }
        at_rim(p, d2, p.slope * (p.radius - p.flat))
    }
    #[inline(always)]
    fn on_plane(&self, level: f64, up: f64) -> Touch {
        let p = self.0;
        if level <= 0.0 {
            Touch {
                offset: 0.0,
                height: 0.0,
            }
        } else if level < p.slope * up {
            Touch {
                offset: p.flat,
                height: 0.0,
            }
        } else {
            Touch {
                offset: p.radius,
                height: p.slope * (p.radius - p.flat),
            }
        }
    }
    #[inline(always)]
    fn least4(&self, d2: [f32; 4]) -> [f32; 4] {
        let (f, k) = (self.0.flat as f32, self.0.slope as f32);
        std::array::from_fn(|i| {
            let u = d2[i].sqrt() - f;
            k * if u > 0.0 { u } else { 0.0 }
        })
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Tapered<'a>(pub &'a Profile);

impl Cutter for Tapered<'_> {
    fn profile(&self) -> &Profile {
        self.0
    }
    #[inline(always)]
    fn height(&self, rho: f64) -> f64 {
        let (p, rho) = (self.0, rho.min(self.0.radius));
        if rho <= p.blend {
            p.corner - (p.corner * p.corner - rho * rho).max(0.0).sqrt()
        } else {
            p.blend_height + p.slope * (rho - p.blend)
        }
    }
    #[inline(always)]
    fn on_line(&self, m: f64, w: f64, d2: f64) -> Touch {
        let p = self.0;
        let rho2 = if m < p.slope {
            // The sphere's radius of contact; the hyperbola's where that lies on the cone.
            let ball = (m * w).powi(2) * (p.corner * p.corner - d2) + d2;
            if d2 < p.corner * p.corner && ball <= p.blend * p.blend {
                let chord = (p.corner * p.corner - d2).sqrt();
                return Touch {
                    offset: m * w * chord,
                    height: p.corner - w * chord,
                };
            }
            d2 * p.slope * p.slope / (p.slope * p.slope - m * m)
        } else {
            f64::INFINITY
        };
        let rho = rho2.sqrt().clamp(p.blend, p.radius);
        Touch {
            offset: (rho * rho - d2).max(0.0).sqrt(),
            height: p.blend_height + p.slope * (rho - p.blend),
        }
    }
    #[inline(always)]
    fn on_plane(&self, level: f64, up: f64) -> Touch {
        let p = self.0;
        if level < p.slope * up && p.corner * level <= p.blend {
            Touch {
                offset: p.corner * level,
                height: p.corner - p.corner * up,
            }
        } else {
            Touch {
                offset: p.radius,
                height: self.height(p.radius),
            }
        }
    }
    #[inline(always)]
    fn least4(&self, d2: [f32; 4]) -> [f32; 4] {
        let p = self.0;
        let arc = arc4(d2, 0.0, p.corner as f32);
        let (blend, base, k) = (p.blend as f32, p.blend_height as f32, p.slope as f32);
        std::array::from_fn(|i| {
            let rho = d2[i].sqrt();
            // Both hold up to the blend; beyond it the cone does.
            let cone = base + k * (rho - blend);
            if rho <= blend { arc[i] } else { cone }
        })
    }
}

/// Runs code compiled for the tool's form: `$c` is a [`Cutter`].
macro_rules! with_cutter {
    ($profile:expr, $c:ident => $body:expr) => {{
        use $crate::tools::cutter::{Ball, Bull, Cone, Flat, Tapered};
        use $crate::tools::profile::Form;
        let p: &$crate::tools::profile::Profile = $profile;
        match p.form {
            Form::Flat => {
                let $c = Flat(p);
                $body
            }
            Form::Ball => {
                let $c = Ball(p);
                $body
            }
            Form::Bull => {
                let $c = Bull(p);
                $body
            }
            Form::Cone => {
                let $c = Cone(p);
                $body
            }
            Form::Tapered => {
                let $c = Tapered(p);
                $body
            }
        }
    }};
}
pub(crate) use with_cutter;
