//! One piece of a path: a line, a circular arc or a cubic Bézier curve, with exact measures.

use super::cubic;
use super::{Affine, Bounds, Vec2};
use serde::{Deserialize, Serialize};

/// How a segment gets from its start to its end.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Curve {
    /// Straight.
    Line,
    /// Along a circle. The bulge is the tangent of a quarter of the swept angle, positive to the left
    /// (counter-clockwise), as in DXF; at most a half circle, so at most 1.
    Arc(f64),
    /// A cubic Bézier curve with its two inner control points.
    Cubic(Vec2, Vec2),
}

/// One piece of a path, mm.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// Start.
    pub a: Vec2,
    /// End.
    pub b: Vec2,
    /// What lies between.
    pub curve: Curve,
}

/// The circle of an arc.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Circle {
    /// Centre, mm.
    pub center: Vec2,
    /// Radius, mm.
    pub radius: f64,
    /// Angle of the arc's start, radians.
    pub start: f64,
    /// Swept angle, radians; positive counter-clockwise.
    pub sweep: f64,
}

/// Largest angle that one cubic stands for, radians: 6.6·10⁻⁸ of the radius off the circle.
const CUBIC_SWEEP: f64 = std::f64::consts::FRAC_PI_8;

impl Segment {
    /// A straight one.
    #[must_use]
    pub const fn line(a: Vec2, b: Vec2) -> Self {
        let curve = Curve::Line;
        Self { a, b, curve }
    }

    /// A curve; straight ones become lines.
    #[must_use]
    pub fn cubic(a: Vec2, c1: Vec2, c2: Vec2, b: Vec2) -> Self {
        let curve = if cubic::is_straight(a, c1, c2, b) {
            Curve::Line
        } else {
            Curve::Cubic(c1, c2)
        };
        Self { a, b, curve }
    }

    /// Appends the arc from `a` to `b` with any bulge, in pieces of at most a half circle.
    pub fn push_arc(a: Vec2, b: Vec2, bulge: f64, out: &mut Vec<Self>) {
        if bulge.abs() < 1e-12 {
            out.push(Self::line(a, b));
            return;
        }
        if bulge.abs() <= 1.0 + 1e-9 {
            let curve = Curve::Arc(bulge.clamp(-1.0, 1.0));
            out.push(Self { a, b, curve });
            return;
        }
        // The middle of the arc lies on the chord's perpendicular, bulge · half the chord away.
        let d = b - a;
        let mid = a.lerp(b, 0.5) - d.left() * (bulge * 0.5);
        let half = libm::tan(libm::atan(bulge) * 0.5);
        Self::push_arc(a, mid, half, out);
        Self::push_arc(mid, b, half, out);
    }

    /// Appends the image of a stretch of the unit circle, from the angle `start` over `sweep` (radians,
    /// at most one turn is drawn). Circles stay arcs, ellipses become cubics within 10⁻⁷ of their size.
    pub fn push_ellipse(frame: &Affine, start: f64, sweep: f64, out: &mut Vec<Self>) {
        let turn = std::f64::consts::TAU;
        let sweep = sweep.clamp(-turn, turn);
        let full = sweep.abs() > turn - 1e-9;
        let conformal = frame.is_conformal();
        let most = if conformal { turn / 2.0 } else { CUBIC_SWEEP };
        let pieces = (sweep.abs() / most - 1e-9).ceil().max(1.0) as usize;
        let step = sweep / pieces as f64;
        let first = Vec2::at_angle(start);
        let mut u = first;
        for i in 1..=pieces {
            let v = if i == pieces && full {
                first
            } else {
                Vec2::at_angle(start + step * i as f64)
            };
            let (a, b) = (frame.point(u), frame.point(v));
            if conformal {
                let bulge = libm::tan(step / 4.0);
                let bulge = if frame.det() < 0.0 { -bulge } else { bulge };
                Self::push_arc(a, b, bulge, out);
            } else {
                let k = 4.0 / 3.0 * libm::tan(step / 4.0);
                let c1 = frame.point(u + u.left() * k);
                let c2 = frame.point(v - v.left() * k);
                let curve = Curve::Cubic(c1, c2);
                out.push(Self { a, b, curve });
            }
            u = v;
        }
    }

    /// Appends the image of this segment under a map. Arcs stay arcs where the map keeps circles.
    pub fn push_mapped(&self, map: &Affine, out: &mut Vec<Self>) {
        let (a, b) = (map.point(self.a), map.point(self.b));
        let curve = match self.curve {
            Curve::Line => Curve::Line,
            Curve::Cubic(c1, c2) => Curve::Cubic(map.point(c1), map.point(c2)),
            Curve::Arc(k) if map.is_conformal() => Curve::Arc(if map.det() < 0.0 { -k } else { k }),
            Curve::Arc(_) => {
                let Some(c) = self.circle() else {
                    out.push(Self::line(a, b));
                    return;
                };
                let x = Vec2::new(c.radius, 0.0);
                let frame = map.of(&Affine::frame(c.center, x, x.left()));
                let from = out.len();
                Self::push_ellipse(&frame, c.start, c.sweep, out);
                // The ends stay exactly those of the neighbours.
                if let Some(first) = out.get_mut(from) {
                    first.a = a;
                }
                if let Some(last) = out.last_mut() {
                    last.b = b;
                }
                return;
            }
        };
        out.push(Self { a, b, curve });
    }

    /// The segment run backwards.
    #[must_use]
    pub const fn reversed(&self) -> Self {
        let curve = match self.curve {
            Curve::Line => Curve::Line,
            Curve::Arc(k) => Curve::Arc(-k),
            Curve::Cubic(c1, c2) => Curve::Cubic(c2, c1),
        };
        Self {
            a: self.b,
            b: self.a,
            curve,
        }
    }

    /// The circle of an arc; `None` for other segments and arcs without a chord.
    #[must_use]
    pub fn circle(&self) -> Option<Circle> {
        let Curve::Arc(k) = self.curve else { return None };
        let d = self.b - self.a;
        let chord = d.norm();
        if chord == 0.0 || k == 0.0 {
            return None;
        }
        let center = self.a.lerp(self.b, 0.5) + d.left() * ((1.0 - k * k) / (4.0 * k));
        let r = self.a - center;
        Some(Circle {
            center,
            radius: chord * (1.0 + k * k) / (4.0 * k.abs()),
            start: libm::atan2(r.y, r.x),
            sweep: 4.0 * libm::atan(k),
        })
    }

    /// The length, mm: exact for lines and arcs, within 10⁻⁹ of itself for curves.
    #[must_use]
    pub fn length(&self) -> f64 {
        match self.curve {
            Curve::Line => self.a.dist(self.b),
            Curve::Arc(k) => {
                let straight = self.a.dist(self.b);
                if k.abs() < 1e-9 {
                    straight
                } else {
                    straight * (1.0 + k * k) * libm::atan(k) / k
                }
            }
            Curve::Cubic(c1, c2) => cubic::length(self.a, c1, c2, self.b),
        }
    }

    /// The point at `t` from 0 to 1; along arcs in proportion to the angle.
    #[must_use]
    pub fn at(&self, t: f64) -> Vec2 {
        match self.curve {
            Curve::Line => self.a.lerp(self.b, t),
            Curve::Arc(k) => {
                // The chord from the start to the point, by the inscribed angle.
                let half = 2.0 * libm::atan(k);
                let (s, whole) = (libm::sin(half * t), libm::sin(half));
                if whole == 0.0 {
                    return self.a.lerp(self.b, t);
                }
                let turn = Vec2::at_angle(half * (t - 1.0));
                let d = (self.b - self.a) * (s / whole);
                self.a + Vec2::new(d.x * turn.x - d.y * turn.y, d.x * turn.y + d.y * turn.x)
            }
            Curve::Cubic(c1, c2) => cubic::at(self.a, c1, c2, self.b, t),
        }
    }

    /// The stretch between two parameters, `0 ≤ t0 < t1 ≤ 1`.
    #[must_use]
    pub fn part(&self, t0: f64, t1: f64) -> Self {
        let a = if t0 <= 0.0 { self.a } else { self.at(t0) };
        let b = if t1 >= 1.0 { self.b } else { self.at(t1) };
        let curve = match self.curve {
            Curve::Line => Curve::Line,
            Curve::Arc(k) => Curve::Arc(libm::tan(libm::atan(k) * (t1 - t0))),
            Curve::Cubic(c1, c2) => {
                let [c1, c2] = cubic::part(self.a, c1, c2, self.b, t0, t1);
                Curve::Cubic(c1, c2)
            }
        };
        Self { a, b, curve }
    }

    /// The direction at an end, unit length; zero when the segment is a point.
    #[must_use]
    pub fn direction(&self, at_end: bool) -> Vec2 {
        let unit = |v: Vec2| {
            let n = v.norm();
            if n > 0.0 { v * (1.0 / n) } else { Vec2::ZERO }
        };
        let chord = self.b - self.a;
        match self.curve {
            Curve::Line => unit(chord),
            Curve::Arc(k) => {
                let half = 2.0 * libm::atan(k);
                unit(Affine::rotate(if at_end { half } else { -half }).vector(chord))
            }
            Curve::Cubic(c1, c2) => {
                let p = if at_end {
                    [self.b - c2, self.b - c1, chord]
                } else {
                    [c1 - self.a, c2 - self.a, chord]
                };
                let limit = 1e-12 * (chord.norm() + p[1].norm());
                unit(p.into_iter().find(|v| v.norm() > limit).unwrap_or(chord))
            }
        }
    }

    /// The exact box.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        let mut b = Bounds::EMPTY;
        b.add(self.a);
        b.add(self.b);
        match self.curve {
            Curve::Line => {}
            Curve::Arc(_) => {
                if let Some(c) = self.circle() {
                    let quarter = std::f64::consts::FRAC_PI_2;
                    let (lo, hi) = if c.sweep > 0.0 {
                        (c.start, c.start + c.sweep)
                    } else {
                        (c.start + c.sweep, c.start)
                    };
                    let mut i = (lo / quarter).ceil() as i64;
                    while (i as f64) * quarter <= hi {
                        let axis =
                            [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)][i.rem_euclid(4) as usize];
                        b.add(c.center + Vec2::new(axis.0, axis.1) * c.radius);
                        i += 1;
                    }
                }
            }
            Curve::Cubic(c1, c2) => cubic::extremes(self.a, c1, c2, self.b, |p| b.add(p)),
        }
        b
    }

    /// The signed area between the segment and its chord, mm²: positive when it bulges to the right.
    #[must_use]
    pub fn lens_area(&self) -> f64 {
        match self.curve {
            Curve::Line => 0.0,
            Curve::Arc(_) => self.circle().map_or(0.0, |c| {
                0.5 * c.radius * c.radius * (c.sweep - libm::sin(c.sweep))
            }),
            Curve::Cubic(c1, c2) => cubic::lens_area(self.a, c1, c2, self.b),
        }
    }

    /// All its numbers are finite.
    #[must_use]
    pub fn is_finite(&self) -> bool {
        self.a.is_finite()
            && self.b.is_finite()
            && match self.curve {
                Curve::Line => true,
                Curve::Arc(k) => k.is_finite(),
                Curve::Cubic(c1, c2) => c1.is_finite() && c2.is_finite(),
            }
    }
}
