//! Path data.

use super::{Context, Reader};
use crate::Cause;
use offcut_geometry::drawing::{Affine, Segment, Vec2};
use roxmltree::Node;
use svgtypes::{PathParser, PathSegment as P};

impl<'a, 'input> Reader<'a, 'input> {
    /// Adds the subpaths of a path element.
    pub(super) fn path(&mut self, node: Node<'a, 'input>, context: &Context) -> Result<(), Cause> {
        let data = node.attribute("d").unwrap_or_default();
        if data.trim() == "none" {
            return Ok(());
        }
        let mut pen = Vec2::ZERO;
        let mut start = Vec2::ZERO;
        // The last control point, for smooth curves: of a cubic, of a quadratic.
        let mut handle: (Option<Vec2>, Option<Vec2>) = (None, None);
        for step in PathParser::from(data) {
            let step = step.map_err(|e| Self::wrong(node, format!("its path data can't be read: {e}")))?;
            let base = if step.is_abs() { Vec2::ZERO } else { pen };
            let at = |x: f64, y: f64| base + Vec2::new(x, y);
            let mut next = (None, None);
            match step {
                P::MoveTo { x, y, .. } => {
                    self.push(node, context, false, false)?;
                    self.scratch.clear();
                    pen = at(x, y);
                    start = pen;
                }
                P::LineTo { x, y, .. } => self.line_to(&mut pen, at(x, y)),
                P::HorizontalLineTo { x, .. } => {
                    let to = Vec2::new(base.x + x, pen.y);
                    self.line_to(&mut pen, to);
                }
                P::VerticalLineTo { y, .. } => {
                    let to = Vec2::new(pen.x, base.y + y);
                    self.line_to(&mut pen, to);
                }
                P::CurveTo {
                    x1, y1, x2, y2, x, y, ..
                } => {
                    let c = [at(x1, y1), at(x2, y2), at(x, y)];
                    next.0 = Some(c[1]);
                    self.curve_to(&mut pen, c);
                }
                P::SmoothCurveTo { x2, y2, x, y, .. } => {
                    let c1 = handle.0.map_or(pen, |h| pen * 2.0 - h);
                    let c = [c1, at(x2, y2), at(x, y)];
                    next.0 = Some(c[1]);
                    self.curve_to(&mut pen, c);
                }
                P::Quadratic { x1, y1, x, y, .. } => {
                    let c = at(x1, y1);
                    next.1 = Some(c);
                    self.quadratic_to(&mut pen, c, at(x, y));
                }
                P::SmoothQuadratic { x, y, .. } => {
                    let c = handle.1.map_or(pen, |h| pen * 2.0 - h);
                    next.1 = Some(c);
                    self.quadratic_to(&mut pen, c, at(x, y));
                }
                P::EllipticalArc {
                    rx,
                    ry,
                    x_axis_rotation,
                    large_arc,
                    sweep,
                    x,
                    y,
                    ..
                } => {
                    let to = at(x, y);
                    let turn = x_axis_rotation.to_radians();
                    arc_to(
                        pen,
                        to,
                        [rx.abs(), ry.abs()],
                        turn,
                        large_arc,
                        sweep,
                        &mut self.scratch,
                    );
                    pen = to;
                }
                P::ClosePath { .. } => {
                    let back = start;
                    self.line_to(&mut pen, back);
                    self.push(node, context, true, false)?;
                    self.scratch.clear();
                }
            }
            handle = next;
        }
        self.push(node, context, false, false)
    }

    fn line_to(&mut self, pen: &mut Vec2, to: Vec2) {
        if *pen != to {
            self.scratch.push(Segment::line(*pen, to));
        }
        *pen = to;
    }

    fn curve_to(&mut self, pen: &mut Vec2, [c1, c2, to]: [Vec2; 3]) {
        if !(*pen == to && c1 == to && c2 == to) {
            self.scratch.push(Segment::cubic(*pen, c1, c2, to));
        }
        *pen = to;
    }

    fn quadratic_to(&mut self, pen: &mut Vec2, c: Vec2, to: Vec2) {
        let (c1, c2) = (pen.lerp(c, 2.0 / 3.0), to.lerp(c, 2.0 / 3.0));
        self.curve_to(pen, [c1, c2, to]);
    }
}

/// Appends an arc given by its ends (SVG 2, appendix B.2.4).
fn arc_to(a: Vec2, b: Vec2, r: [f64; 2], turn: f64, large: bool, left: bool, out: &mut Vec<Segment>) {
    if a == b {
        return;
    }
    let [mut rx, mut ry] = r;
    if rx == 0.0 || ry == 0.0 {
        out.push(Segment::line(a, b));
        return;
    }
    // In the frame of the ellipse's axes, with the middle of the chord as origin.
    let h = Affine::rotate(-turn).vector((a - b) * 0.5);
    let need = (h.x / rx).powi(2) + (h.y / ry).powi(2);
    if need > 1.0 {
        (rx, ry) = (rx * need.sqrt(), ry * need.sqrt());
    }
    let u = Vec2::new(h.x / rx, h.y / ry);
    let k = (1.0 / u.dot(u) - 1.0).max(0.0).sqrt();
    let k = if large == left { -k } else { k };
    // The centre on the unit circle's scale lies across the chord.
    let c = Vec2::new(u.y, -u.x) * k;
    let (from, to) = (u - c, -u - c);
    let start = libm::atan2(from.y, from.x);
    let mut sweep = libm::atan2(from.cross(to), from.dot(to));
    if left && sweep < 0.0 {
        sweep += std::f64::consts::TAU;
    } else if !left && sweep > 0.0 {
        sweep -= std::f64::consts::TAU;
    }
    let (s, e) = (Affine::rotate(turn), Affine::translate(a.lerp(b, 0.5)));
    let frame = e.of(&s).of(&Affine::scale(rx, ry)).of(&Affine::translate(c));
    let first = out.len();
    Segment::push_ellipse(&frame, start, sweep, out);
    if let Some(s) = out.get_mut(first) {
        s.a = a;
    }
    if let Some(s) = out.last_mut() {
        s.b = b;
    }
}
