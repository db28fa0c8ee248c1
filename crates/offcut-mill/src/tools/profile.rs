//! The lower surface of a turning tool as a convex function of the radius.
//!
//! In: a [`Tool`]. Out: a [`Profile`]: a flat tip, an arc tangent to it, a cone. Promised: what drop-cutter, swept
//! envelopes and simulation ask of a tool is answered in closed form (for the edge of a bull nose to 1e-12 mm).
//!
//! All of it rests on convexity. A tool over a straight line of slope m at distance d touches it where
//! m·σ − h(√(σ² + d²)) is greatest, which has one place; a plane is touched where h′ equals its slope.

use super::cutter::{Ball, Bull, Cone, Cutter, Flat, Tapered};
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

    /// A tool that lies within this one, nowhere deeper below its surface than `by` mm, and narrower by as much; with
    /// the height of its tip above this one's. Where it touches nothing, this one cuts no deeper than `by`, however
    /// steep the wall.
    #[must_use]
    pub fn narrower(&self, by: f64) -> (Self, f64) {
        let by = by.min(0.25 * self.radius);
        let radius = self.radius - by;
        match self.form {
            Form::Flat => (Self::flat(radius), 0.0),
            Form::Ball => (Self::ball(radius), by),
            Form::Bull if self.flat > by => (Self::bull(radius, self.corner), 0.0),
            Form::Bull => (Self::bull(radius, self.corner - by), by),
            _ if self.blend < radius => (Self { radius, ..*self }, 0.0),
            // A cone or cap of the width of the cut: its inner part is as deep.
            _ => (
                Self {
                    radius,
                    blend: self.blend.min(radius),
                    flat: self.flat.min(radius),
                    ..*self
                },
                0.0,
            ),
        }
    }

    /// A tool that contains this one with `by` mm around it; its tip lies `by` below this one's. What it does not touch
    /// is at least that far from this one.
    #[must_use]
    pub fn wider(&self, by: f64) -> Self {
        let radius = self.radius + by;
        match self.form {
            Form::Flat => Self::flat(radius),
            Form::Ball => Self::ball(radius),
            Form::Bull => Self::bull(radius, self.corner + by),
            // The flank of a cone on a wider flat tip lies outside the true offset.
            Form::Cone => Self {
                flat: self.flat + by,
                blend: self.flat + by,
                radius,
                ..*self
            },
            Form::Tapered if self.blend < self.radius => {
                let corner = self.corner + by;
                let share = corner / self.corner;
                Self {
                    radius: radius.max(self.blend * share),
                    corner,
                    blend: self.blend * share,
                    blend_height: self.blend_height * share,
                    ..*self
                }
            }
            Form::Tapered => Self {
                corner: self.corner + by,
                blend: radius,
                radius,
                blend_height: self.corner + by
                    - ((self.corner + by).powi(2) - radius * radius).max(0.0).sqrt(),
                ..*self
            },
        }
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
