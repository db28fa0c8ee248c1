//! The lower surface of a turning tool as a convex function of the radius.
//!
//! In: a [`Tool`]. Out: a [`Profile`]: a flat tip, an arc tangent to it, a cone. Promised: what drop-cutter, swept
//! envelopes and simulation ask of a tool is answered in closed form (for the edge of a bull nose to 1e-12 mm).
//!
//! All of it rests on convexity. A tool over a straight line of slope m at distance d touches it where
//! m·σ − h(√(σ² + d²)) is greatest, which has one place; a plane is touched where h′ equals its slope.

use super::{Shape, Tool};
use crate::MillError;

/// Which of the closed forms fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// h = 0.
    Flat,
    /// A half sphere.
    Ball,
    /// A flat tip and a quarter of a torus.
    Bull,
    /// A flat tip, of no width maybe, and a cone.
    Cone,
    /// A ball and a cone tangent to it.
    Tapered,
}

/// The lower surface of a tool above its tip. Lengths in mm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Profile {
    /// Which kind it is.
    pub form: Form,
    /// Radius of the tool.
    pub radius: f64,
    /// Radius of the flat tip.
    pub flat: f64,
    /// Radius of the arc; of a ball, the tool's.
    pub corner: f64,
    /// Rise of the cone per mm of radius; infinite without one.
    pub slope: f64,
    /// Radius where the arc becomes the cone.
    pub blend: f64,
    /// Height at [`Self::blend`].
    pub blend_height: f64,
}

/// Where a tool touches a line or plane: offset from the axis, mm, and the height of the tool there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Touch {
    /// Along the line towards its upper end, or horizontal distance from the axis for planes.
    pub offset: f64,
    /// Height of the tool's surface above the tip at that place.
    pub height: f64,
}

impl Profile {
    /// An end mill.
    #[must_use]
    pub const fn flat(radius: f64) -> Self {
        Self {
            form: Form::Flat,
            radius,
            flat: radius,
            corner: 0.0,
            slope: f64::INFINITY,
            blend: radius,
            blend_height: 0.0,
        }
    }

    /// A ball nose.
    #[must_use]
    pub const fn ball(radius: f64) -> Self {
        Self {
            form: Form::Ball,
            radius,
            flat: 0.0,
            corner: radius,
            slope: f64::INFINITY,
            blend: radius,
            blend_height: radius,
        }
    }

    /// An end mill with rounded corners.
    #[must_use]
    pub const fn bull(radius: f64, corner: f64) -> Self {
        Self {
            form: Form::Bull,
            radius,
            flat: radius - corner,
            corner,
            slope: f64::INFINITY,
            blend: radius,
            blend_height: corner,
        }
    }

    /// A cone on a flat tip; `half_angle` between axis and flank, radians.
    #[must_use]
    pub fn cone(radius: f64, tip: f64, half_angle: f64) -> Self {
        Self {
            form: Form::Cone,
            radius,
            flat: tip,
            corner: 0.0,
            slope: 1.0 / libm::tan(half_angle),
            blend: tip,
            blend_height: 0.0,
        }
    }

    /// A cone on a ball of radius `tip`; `half_angle` between axis and flank, radians.
    #[must_use]
    pub fn tapered(radius: f64, tip: f64, half_angle: f64) -> Self {
        let (sin, cos) = (libm::sin(half_angle), libm::cos(half_angle));
        if tip * cos >= radius {
            // The cone begins outside the tool: what is left is a ball's cap, cut off at the radius.
            return Self {
                form: Form::Tapered,
                blend: radius,
                blend_height: tip - (tip * tip - radius * radius).max(0.0).sqrt(),
                ..Self::cone(radius, 0.0, half_angle)
            }
            .with_corner(tip);
        }
        Self {
            form: Form::Tapered,
            blend: tip * cos,
            blend_height: tip * (1.0 - sin),
            ..Self::cone(radius, 0.0, half_angle)
        }
        .with_corner(tip)
    }

    const fn with_corner(mut self, corner: f64) -> Self {
        self.corner = corner;
        self
    }

    /// The profile of a tool of the library.
    ///
    /// # Errors
    /// [`MillError::Tool`] when its lengths or angles don't make a tool.
    pub fn of(tool: &Tool) -> Result<Self, MillError> {
        let wrong = |what: String| MillError::Tool(format!("tool {} ({}): {what}", tool.number, tool.name));
        let radius = tool.radius();
        if !(radius.is_finite() && radius > 0.0) {
            return Err(wrong(format!(
                "its diameter is {} mm; give one above 0",
                tool.diameter
            )));
        }
        let half = |angle: f64| {
            if angle > 0.0 && angle < 180.0 {
                Ok(angle.to_radians() / 2.0)
            } else {
                Err(wrong(format!(
                    "its angle is {angle}°; give one between 0° and 180°"
                )))
            }
        };
        let within = |what: &str, r: f64| {
            if r >= 0.0 && r <= radius {
                Ok(r)
            } else {
                let d = tool.diameter;
                Err(wrong(format!(
                    "its {what} of {r} mm does not fit a diameter of {d} mm"
                )))
            }
        };
        Ok(match tool.shape {
            Shape::Flat => Self::flat(radius),
            Shape::Ball => Self::ball(radius),
            Shape::Bull { corner_radius } => {
                let corner = within("corner radius", corner_radius)?;
                if corner == 0.0 {
                    Self::flat(radius)
                } else if corner == radius {
                    Self::ball(radius)
                } else {
                    Self::bull(radius, corner)
                }
            }
            Shape::Vee { angle, tip_diameter } | Shape::Chamfer { angle, tip_diameter } => {
                let tip = within("tip radius", tip_diameter / 2.0)?;
                if tip == radius {
                    Self::flat(radius)
                } else {
                    Self::cone(radius, tip, half(angle)?)
                }
            }
            Shape::Drill { angle } => Self::cone(radius, 0.0, half(angle)?),
            Shape::TaperedBall { angle, tip_radius } => {
                let tip = within("tip radius", tip_radius)?;
                if tip == radius {
                    Self::ball(radius)
                } else if tip == 0.0 {
                    Self::cone(radius, 0.0, half(angle)?)
                } else {
                    Self::tapered(radius, tip, half(angle)?)
                }
            }
        })
    }

    /// Height of the tool's surface above its tip at `rho` from the axis; beyond the radius, as at the radius.
    #[inline]
    #[must_use]
    pub fn height(&self, rho: f64) -> f64 {
        match self.form {
            Form::Flat => 0.0,
            Form::Ball => Ball(self).height(rho),
            Form::Bull => Bull(self).height(rho),
            Form::Cone => Cone(self).height(rho),
            Form::Tapered => Tapered(self).height(rho),
        }
    }

    /// Height at the radius: where the flank ends.
    #[must_use]
    pub fn rim(&self) -> f64 {
        self.height(self.radius)
    }

    /// Where the tool touches a line that rises by `m` ≥ 0 per mm and passes the axis at `d` ≤ radius.
    #[inline]
    #[must_use]
    pub fn on_line(&self, m: f64, d: f64) -> Touch {
        let w = 1.0 / (1.0 + m * m).sqrt();
        match self.form {
            Form::Flat => Flat(self).on_line(m, w, d * d),
            Form::Ball => Ball(self).on_line(m, w, d * d),
            Form::Bull => Bull(self).on_line(m, w, d * d),
            Form::Cone => Cone(self).on_line(m, w, d * d),
            Form::Tapered => Tapered(self).on_line(m, w, d * d),
        }
    }

    /// Where the tool touches a plane whose unit normal is `level` wide and `up` high; towards the upper side.
    #[inline]
    #[must_use]
    pub fn on_plane(&self, level: f64, up: f64) -> Touch {
        match self.form {
            Form::Flat => Flat(self).on_plane(level, up),
            Form::Ball => Ball(self).on_plane(level, up),
            Form::Bull => Bull(self).on_plane(level, up),
            Form::Cone => Cone(self).on_plane(level, up),
            Form::Tapered => Tapered(self).on_plane(level, up),
        }
    }
}

/// One form of tool, for loops that are compiled for each.
pub(crate) trait Cutter: Copy {
    /// The numbers of the tool.
    fn profile(&self) -> &Profile;
    /// As [`Profile::height`].
    fn height(&self, rho: f64) -> f64;
    /// As [`Profile::on_line`], with w = 1/√(1 + m²) and the square of the distance, at most the radius'.
    fn on_line(&self, m: f64, w: f64, d2: f64) -> Touch;
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

impl Cutter for Bull<'_> {
    fn profile(&self) -> &Profile {
        self.0
    }
    #[inline(always)]
    fn height(&self, rho: f64) -> f64 {
        let (u, r) = ((rho - self.0.flat).max(0.0), self.0.corner);
        r - (r * r - u * u).max(0.0).sqrt()
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
        let (mut lo, mut hi) = (((d2.sqrt() - f) / r).clamp(0.0, 1.0), 1.0);
        // From the slope along the line, then once corrected for the direction of the contact.
        let rho = (f + r * m * w).max(d2.sqrt());
        let level = (rho * rho - d2).max(1e-3 * rho * rho).sqrt();
        let t = m * rho / level;
        // Not at an end of the bracket, where the slope is infinite.
        let inner = 0.02 * (hi - lo);
        let mut y = (t / (1.0 + t * t).sqrt()).clamp(lo + inner, hi - inner);
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
        use $crate::tools::profile::{Ball, Bull, Cone, Flat, Form, Tapered};
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
