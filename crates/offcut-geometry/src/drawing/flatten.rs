//! Segments as points on straight chords: for predicates and for nesting.

use super::{Curve, Segment, Vec2};
use crate::{GridError, Loops, Point, to_grid};

/// The most pieces that one segment is cut into.
const MOST: f64 = 4096.0;

impl Segment {
    /// Appends the points after the start so that no chord is farther than `tol` (mm) from the segment.
    pub fn flatten(&self, tol: f64, out: &mut Vec<Vec2>) {
        let n = match self.curve {
            Curve::Line => 1.0,
            Curve::Arc(_) => self.circle().map_or(1.0, |c| {
                let half = libm::acos((1.0 - tol / c.radius).max(0.0));
                (c.sweep.abs() / (2.0 * half)).ceil()
            }),
            Curve::Cubic(c1, c2) => {
                let bend = |p: Vec2, q: Vec2, r: Vec2| (p + r - q * 2.0).norm();
                let m = bend(self.a, c1, c2).max(bend(c1, c2, self.b));
                (0.75 * m / tol).sqrt().ceil()
            }
        };
        let n = n.clamp(1.0, MOST) as usize;
        for i in 1..n {
            out.push(self.at(i as f64 / n as f64));
        }
        out.push(self.b);
    }

    /// Appends points after the start so that the polygon to the left of the chords covers what lies to the
    /// left of the segment and reaches at most `tol` (mm) beyond it: outward bends by their tangents, inward
    /// bends by their chords.
    fn cover(&self, tol: f64, out: &mut Vec<Vec2>) {
        match self.curve {
            Curve::Line => {}
            Curve::Arc(k) if k <= 0.0 => return self.flatten(tol, out),
            Curve::Arc(_) => {
                if let Some(c) = self.circle() {
                    let half = libm::acos(c.radius / (c.radius + tol));
                    let n = (c.sweep / (2.0 * half)).ceil().clamp(1.0, MOST);
                    let step = c.sweep / n;
                    let reach = c.radius / libm::cos(step / 2.0);
                    for i in 0..n as usize {
                        let angle = c.start + step * (i as f64 + 0.5);
                        out.push(c.center + Vec2::at_angle(angle) * reach);
                    }
                }
            }
            Curve::Cubic(c1, c2) => return cover_cubic([self.a, c1, c2, self.b], tol, 12, out),
        }
        out.push(self.b);
    }
}

fn cover_cubic([a, c1, c2, b]: [Vec2; 4], tol: f64, depth: u32, out: &mut Vec<Vec2>) {
    let d = b - a;
    let n = d.norm();
    // Left of the chord is positive.
    let off = |p: Vec2| if n > 0.0 { d.cross(p - a) / n } else { -a.dist(p) };
    let (o1, o2) = (off(c1), off(c2));
    let near = o1.abs().max(o2.abs()) <= tol;
    let ordered = d.dot(c1 - a) >= 0.0 && d.dot(c2 - c1) >= 0.0 && d.dot(b - c2) >= 0.0;
    if depth > 0 && !(near && ordered) {
        let (p, q, r) = (a.lerp(c1, 0.5), c1.lerp(c2, 0.5), c2.lerp(b, 0.5));
        let (l, m) = (p.lerp(q, 0.5), q.lerp(r, 0.5));
        let mid = l.lerp(m, 0.5);
        cover_cubic([a, p, l, mid], tol, depth - 1, out);
        cover_cubic([mid, m, r, b], tol, depth - 1, out);
        return;
    }
    // The right chain of the hull of the control points.
    if o1 < 0.0 && (o2 >= 0.0 || (c2 - a).cross(c1 - a) < 0.0) {
        out.push(c1);
    }
    if o2 < 0.0 && (o1 >= 0.0 || (b - c1).cross(c2 - c1) < 0.0) {
        out.push(c2);
    }
    out.push(b);
}

/// The points of a closed run of segments, without the first again at the end.
#[must_use]
pub fn polygon(segments: &[Segment], tol: f64) -> Vec<Vec2> {
    let mut out = Vec::new();
    for s in segments {
        s.flatten(tol, &mut out);
    }
    out
}

/// Adds the loop that covers all that lies to the left of a closed run of segments, reaching at most `tol`
/// (mm) beyond it, on the grid. Outlines come counter-clockwise and holes clockwise, so material is covered.
///
/// # Errors
/// When a point lies off the grid.
pub fn push_cover(segments: &[Segment], tol: f64, out: &mut Loops) -> Result<(), GridError> {
    let mut points = Vec::new();
    for s in segments {
        s.cover(tol, &mut points);
    }
    let from = out.open_start();
    for p in points {
        let p = Point::new(to_grid(p.x)?, to_grid(p.y)?);
        if out.points[from..].last() != Some(&p) {
            out.points.push(p);
        }
    }
    while out.points.len() > from + 1 && out.points.last() == out.points.get(from) {
        out.points.pop();
    }
    if out.points.len() < from + 3 {
        out.discard_open();
    } else {
        out.close();
    }
    Ok(())
}
