//! Basic shapes and lengths in attributes.

use super::{Context, Reader};
use crate::Cause;
use offcut_geometry::drawing::{Affine, Segment, Vec2};
use roxmltree::Node;
use std::f64::consts::{FRAC_PI_2, PI, TAU};
use std::str::FromStr;
use svgtypes::{Length, LengthUnit, PointsParser};

impl<'a, 'input> Reader<'a, 'input> {
    /// A length in user units. `axis`: 0 across, 1 down, 2 either.
    pub(super) fn optional(
        &self,
        node: Node<'a, 'input>,
        name: &str,
        axis: usize,
    ) -> Result<Option<f64>, Cause> {
        let Some(text) = node
            .attribute(name)
            .map(str::trim)
            .filter(|t| !t.is_empty() && *t != "auto")
        else {
            return Ok(None);
        };
        let l = Length::from_str(text)
            .map_err(|e| Self::wrong(node, format!("its {name} can't be read: {e}")))?;
        let dpi = self.dpi;
        let whole = match axis {
            0 => self.viewport[0],
            1 => self.viewport[1],
            _ => libm::hypot(self.viewport[0], self.viewport[1]) / std::f64::consts::SQRT_2,
        };
        let k = match l.unit {
            LengthUnit::None | LengthUnit::Px => 1.0,
            LengthUnit::In => dpi,
            LengthUnit::Cm => dpi / 2.54,
            LengthUnit::Mm => dpi / 25.4,
            LengthUnit::Pt => dpi / 72.0,
            LengthUnit::Pc => dpi / 6.0,
            LengthUnit::Percent => whole / 100.0,
            LengthUnit::Em => 16.0,
            LengthUnit::Ex => 8.0,
        };
        Ok(Some(l.number * k))
    }

    pub(super) fn length(&self, node: Node<'a, 'input>, name: &str, axis: usize) -> Result<f64, Cause> {
        Ok(self.optional(node, name, axis)?.unwrap_or(0.0))
    }

    pub(super) fn shape(&mut self, node: Node<'a, 'input>, context: &Context) -> Result<(), Cause> {
        let tag = node.tag_name().name();
        let look = &context.look;
        let why = if !look.visible {
            Some("it is hidden")
        } else if !look.fill.shown() && !look.stroke.shown() {
            Some("it has neither line nor filling")
        } else {
            None
        };
        if let Some(why) = why {
            self.file.ignore(tag, why);
            return Ok(());
        }
        self.scratch.clear();
        let point = |x, y| Vec2::new(x, y);
        let mut closed = true;
        match tag {
            "path" => {
                return self.path(node, context);
            }
            "line" => {
                let a = point(self.length(node, "x1", 0)?, self.length(node, "y1", 1)?);
                let b = point(self.length(node, "x2", 0)?, self.length(node, "y2", 1)?);
                if a != b {
                    self.scratch.push(Segment::line(a, b));
                }
                closed = false;
            }
            "rect" => self.rect(node)?,
            "circle" | "ellipse" => {
                let center = point(self.length(node, "cx", 0)?, self.length(node, "cy", 1)?);
                let (rx, ry) = if tag == "circle" {
                    let r = self.length(node, "r", 2)?;
                    (r, r)
                } else {
                    let (rx, ry) = (self.optional(node, "rx", 0)?, self.optional(node, "ry", 1)?);
                    (rx.or(ry).unwrap_or(0.0), ry.or(rx).unwrap_or(0.0))
                };
                if rx > 0.0 && ry > 0.0 {
                    let frame = Affine::frame(center, point(rx, 0.0), point(0.0, ry));
                    Segment::push_ellipse(&frame, 0.0, TAU, &mut self.scratch);
                }
            }
            _ => {
                let points = PointsParser::from(node.attribute("points").unwrap_or_default());
                let points: Vec<Vec2> = points.map(|(x, y)| point(x, y)).collect();
                for w in points.windows(2).filter(|w| w[0] != w[1]) {
                    self.scratch.push(Segment::line(w[0], w[1]));
                }
                closed = tag == "polygon";
                if let (true, Some(a), Some(b)) = (closed, points.last(), points.first())
                    && a != b
                {
                    self.scratch.push(Segment::line(*a, *b));
                }
            }
        }
        self.push(node, context, closed, false)
    }

    fn rect(&mut self, node: Node<'a, 'input>) -> Result<(), Cause> {
        let (x, y) = (self.length(node, "x", 0)?, self.length(node, "y", 1)?);
        let (w, h) = (self.length(node, "width", 0)?, self.length(node, "height", 1)?);
        if !(w > 0.0 && h > 0.0) {
            return Ok(());
        }
        let (rx, ry) = (self.optional(node, "rx", 0)?, self.optional(node, "ry", 1)?);
        let rx_or = rx.or(ry).unwrap_or(0.0).clamp(0.0, w / 2.0);
        let ry_or = ry.or(rx).unwrap_or(0.0).clamp(0.0, h / 2.0);
        let (rx, ry) = if rx_or > 0.0 && ry_or > 0.0 {
            (rx_or, ry_or)
        } else {
            (0.0, 0.0)
        };
        // Centres of the corners in the order of the outline, from the upper right one.
        let centers = [
            (x + w - rx, y + ry, -FRAC_PI_2),
            (x + w - rx, y + h - ry, 0.0),
            (x + rx, y + h - ry, FRAC_PI_2),
            (x + rx, y + ry, PI),
        ];
        let sides = [
            (Vec2::new(x + rx, y), Vec2::new(x + w - rx, y)),
            (Vec2::new(x + w, y + ry), Vec2::new(x + w, y + h - ry)),
            (Vec2::new(x + w - rx, y + h), Vec2::new(x + rx, y + h)),
            (Vec2::new(x, y + h - ry), Vec2::new(x, y + ry)),
        ];
        for (i, (cx, cy, start)) in centers.into_iter().enumerate() {
            let (a, b) = sides[i];
            if a != b {
                self.scratch.push(Segment::line(a, b));
            }
            if rx > 0.0 {
                let first = self.scratch.len();
                let frame = Affine::frame(Vec2::new(cx, cy), Vec2::new(rx, 0.0), Vec2::new(0.0, ry));
                Segment::push_ellipse(&frame, start, FRAC_PI_2, &mut self.scratch);
                // The corner meets its sides exactly.
                if let Some(s) = self.scratch.get_mut(first) {
                    s.a = b;
                }
                if let Some(s) = self.scratch.last_mut() {
                    s.b = sides[(i + 1) % 4].0;
                }
            }
        }
        Ok(())
    }
}
