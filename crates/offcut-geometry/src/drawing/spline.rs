//! B-splines as drawings hold them: any degree, clamped or not, periodic, rational.
//!
//! In: control points, knots, weights. Out: cubic segments and, where a rational piece is a circle, arcs.
//! Each knot span is taken apart by its polar form (Ramshaw, "Blossoms are polar forms", 1989), which needs
//! no clamped ends. Up to degree three this is exact; other pieces are followed within 10⁻⁶ mm.

use super::{Segment, Vec2};
use thiserror::Error;

/// A B-spline that isn't one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SplineError {
    /// Degree 0 or above 25.
    #[error("degree {0} is not between 1 and 25")]
    Degree(usize),
    /// Knots and control points don't fit together.
    #[error("{points} control points of degree {degree} need {} knots, not {knots}", points + degree + 1)]
    Knots {
        /// Control points.
        points: usize,
        /// Degree.
        degree: usize,
        /// Knots.
        knots: usize,
    },
    /// Knots must not decrease, and some must differ.
    #[error("the knots are not in ascending order")]
    Order,
    /// Weights have to be positive.
    #[error("a weight is not positive")]
    Weight,
}

/// How near a piece of other than cubic form is followed, mm.
const TOLERANCE: f64 = 1e-6;

/// A point with its weight: x·w, y·w, w.
type Heavy = [f64; 3];

fn mix(a: Heavy, b: Heavy, t: f64) -> Heavy {
    [0, 1, 2].map(|k| a[k] + (b[k] - a[k]) * t)
}

fn flat(p: Heavy) -> Vec2 {
    Vec2::new(p[0] / p[2], p[1] / p[2])
}

/// Appends the spline. `weights` may be empty; all coordinates must be finite.
///
/// # Errors
/// When the numbers make no spline.
pub fn push_spline(
    degree: usize,
    points: &[Vec2],
    knots: &[f64],
    weights: &[f64],
    out: &mut Vec<Segment>,
) -> Result<(), SplineError> {
    if !(1..=25).contains(&degree) {
        return Err(SplineError::Degree(degree));
    }
    if points.len() <= degree || knots.len() != points.len() + degree + 1 {
        return Err(SplineError::Knots {
            points: points.len(),
            degree,
            knots: knots.len(),
        });
    }
    let ascending = knots.windows(2).all(|w| w[0] <= w[1]);
    if !ascending || knots[degree] >= knots[points.len()] {
        return Err(SplineError::Order);
    }
    let weight = |i: usize| weights.get(i).copied().unwrap_or(1.0);
    if (0..points.len()).any(|i| !(weight(i) > 0.0 && weight(i).is_finite())) {
        return Err(SplineError::Weight);
    }
    let rational = (0..points.len()).any(|i| weight(i) != weight(0));
    let heavy: Vec<Heavy> = (0..points.len())
        .map(|i| {
            let w = if rational { weight(i) } else { 1.0 };
            [points[i].x * w, points[i].y * w, w]
        })
        .collect();
    let span = knots[points.len()] - knots[degree];
    let mut last = None;
    for i in degree..points.len() {
        let (lo, hi) = (knots[i], knots[i + 1]);
        if hi - lo <= 1e-12 * span {
            continue;
        }
        let mut bezier: Vec<Heavy> = (0..=degree)
            .map(|j| {
                polar(
                    degree,
                    &heavy,
                    knots,
                    i,
                    |r| if r <= degree - j { lo } else { hi },
                )
            })
            .collect();
        // Neighbouring spans share a point; rounding must not open a gap.
        if let Some(end) = last {
            bezier[0] = end;
        }
        last = bezier.last().copied();
        push_piece(&bezier, rational, out);
    }
    Ok(())
}

/// The polar form of a span at the arguments `arg(1..=degree)`.
fn polar(degree: usize, points: &[Heavy], knots: &[f64], span: usize, arg: impl Fn(usize) -> f64) -> Heavy {
    let mut d: Vec<Heavy> = points[span - degree..=span].to_vec();
    for r in 1..=degree {
        let t = arg(r);
        for j in (r..=degree).rev() {
            let (lo, hi) = (knots[j + span - degree], knots[j + 1 + span - r]);
            d[j] = mix(d[j - 1], d[j], (t - lo) / (hi - lo));
        }
    }
    d[degree]
}

fn push_piece(b: &[Heavy], rational: bool, out: &mut Vec<Segment>) {
    let p: Vec<Vec2> = b.iter().map(|h| flat(*h)).collect();
    if !rational {
        match p[..] {
            [a, b] => return out.push(Segment::line(a, b)),
            [a, c, b] => {
                let (c1, c2) = (a.lerp(c, 2.0 / 3.0), b.lerp(c, 2.0 / 3.0));
                return out.push(Segment::cubic(a, c1, c2, b));
            }
            [a, c1, c2, b] => return out.push(Segment::cubic(a, c1, c2, b)),
            _ => {}
        }
    }
    if let [a, c, e] = p[..]
        && let Some(bulge) = circle_bulge(a, c, e, [b[0][2], b[1][2], b[2][2]])
    {
        return Segment::push_arc(a, e, bulge, out);
    }
    follow(b, 0.0, 1.0, 14, out);
}

/// The bulge of a rational quadratic piece that is a circular arc (Farin, "NURBS", 1999: an isosceles control
/// triangle whose middle weight is the cosine of its base angle).
fn circle_bulge(a: Vec2, c: Vec2, e: Vec2, w: [f64; 3]) -> Option<f64> {
    let (l, r, chord) = (a.dist(c), c.dist(e), a.dist(e));
    if chord == 0.0 || (l - r).abs() > 1e-7 * (l + r) {
        return None;
    }
    let cosine = chord / (2.0 * l);
    let middle = w[1] / (w[0] * w[2]).sqrt();
    if (middle - cosine).abs() > 1e-6 || cosine <= 1e-9 {
        return None;
    }
    let half = libm::acos(cosine.min(1.0));
    // The control point lies on the side to which the arc bulges.
    let side = -(e - a).cross(c - a);
    Some(libm::tan(half / 2.0).copysign(side))
}

/// Follows a Bézier piece of any form by cubics with its ends and tangents.
fn follow(b: &[Heavy], t0: f64, t1: f64, depth: u32, out: &mut Vec<Segment>) {
    let (p0, d0) = at(b, t0);
    let (p1, d1) = at(b, t1);
    let h = (t1 - t0) / 3.0;
    let s = Segment::cubic(p0, p0 + d0 * h, p1 - d1 * h, p1);
    let near = [0.25, 0.5, 0.75]
        .into_iter()
        .all(|t| at(b, t0 + (t1 - t0) * t).0.dist(s.at(t)) <= TOLERANCE);
    if depth == 0 || near {
        out.push(s);
        return;
    }
    let mid = (t0 + t1) * 0.5;
    follow(b, t0, mid, depth - 1, out);
    follow(b, mid, t1, depth - 1, out);
}

/// Point and derivative of a rational Bézier piece.
fn at(b: &[Heavy], t: f64) -> (Vec2, Vec2) {
    let n = b.len() - 1;
    let mut d = b.to_vec();
    for r in 1..n {
        for j in 0..=n - r {
            d[j] = mix(d[j], d[j + 1], t);
        }
    }
    let (lo, hi) = (d[0], d[1]);
    let p = mix(lo, hi, t);
    let point = flat(p);
    let k = n as f64 / p[2];
    let dw = hi[2] - lo[2];
    let v = Vec2::new(
        (hi[0] - lo[0] - point.x * dw) * k,
        (hi[1] - lo[1] - point.y * dw) * k,
    );
    (point, v)
}

/// Appends the smooth curve through some points: a cubic spline by chord length with natural ends, or with
/// the given tangents (de Boor, "A Practical Guide to Splines").
pub fn push_through(points: &[Vec2], tangents: [Option<Vec2>; 2], out: &mut Vec<Segment>) {
    let mut p: Vec<Vec2> = Vec::with_capacity(points.len());
    for q in points {
        if p.last() != Some(q) {
            p.push(*q);
        }
    }
    let n = p.len();
    if n < 3 {
        if let [a, b] = p[..] {
            out.push(Segment::line(a, b));
        }
        return;
    }
    let h: Vec<f64> = p.windows(2).map(|w| w[0].dist(w[1])).collect();
    // Unknown derivatives m: inner rows from continuous curvature, end rows natural or clamped.
    let (mut diag, mut up, mut low) = (vec![2.0; n], vec![1.0; n], vec![1.0; n]);
    let mut m = vec![Vec2::ZERO; n];
    for i in 1..n - 1 {
        let (l, r) = (1.0 / h[i - 1], 1.0 / h[i]);
        (low[i], diag[i], up[i]) = (l, 2.0 * (l + r), r);
        m[i] = ((p[i] - p[i - 1]) * (l * l) + (p[i + 1] - p[i]) * (r * r)) * 3.0;
    }
    m[0] = (p[1] - p[0]) * (3.0 / h[0]);
    m[n - 1] = (p[n - 1] - p[n - 2]) * (3.0 / h[n - 2]);
    let unit = |v: Vec2| {
        if v.norm() > 0.0 {
            Some(v * (1.0 / v.norm()))
        } else {
            None
        }
    };
    if let Some(t) = tangents[0].and_then(unit) {
        (diag[0], up[0], m[0]) = (1.0, 0.0, t);
    }
    if let Some(t) = tangents[1].and_then(unit) {
        (diag[n - 1], low[n - 1], m[n - 1]) = (1.0, 0.0, t);
    }
    for i in 1..n {
        let k = low[i] / diag[i - 1];
        diag[i] -= k * up[i - 1];
        m[i] = m[i] - m[i - 1] * k;
    }
    m[n - 1] = m[n - 1] * (1.0 / diag[n - 1]);
    for i in (0..n - 1).rev() {
        m[i] = (m[i] - m[i + 1] * up[i]) * (1.0 / diag[i]);
    }
    for i in 0..n - 1 {
        let k = h[i] / 3.0;
        out.push(Segment::cubic(
            p[i],
            p[i] + m[i] * k,
            p[i + 1] - m[i + 1] * k,
            p[i + 1],
        ));
    }
}
