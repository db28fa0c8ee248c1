//! Texts as outlines of a bundled font (Ubuntu Light, Hack for monospaced families).

use super::style::{Anchor, Look};
use super::{Context, Reader};
use crate::Cause;
use offcut_geometry::drawing::{Affine, Segment, Vec2};
use roxmltree::Node;
use svgtypes::NumberListParser;
use ttf_parser::{Face, OutlineBuilder};

/// A stretch of text with one look; it begins a new line where a place is given.
struct Run {
    at: [Option<f64>; 2],
    shift: Vec2,
    text: String,
    look: Look,
}

/// Outlines of a letter in the font's units, one run of segments for each contour.
#[derive(Default)]
struct Outline {
    contours: Vec<Vec<Segment>>,
    start: Vec2,
    pen: Vec2,
}

impl Outline {
    fn add(&mut self, s: Segment) {
        if let Some(c) = self.contours.last_mut()
            && s.a != s.b
        {
            c.push(s);
        }
        self.pen = s.b;
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.pen = Vec2::new(x.into(), y.into());
        self.start = self.pen;
        self.contours.push(Vec::new());
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.add(Segment::line(self.pen, Vec2::new(x.into(), y.into())));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (c, b) = (Vec2::new(x1.into(), y1.into()), Vec2::new(x.into(), y.into()));
        let (c1, c2) = (self.pen.lerp(c, 2.0 / 3.0), b.lerp(c, 2.0 / 3.0));
        self.add(Segment::cubic(self.pen, c1, c2, b));
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let p = [(x1, y1), (x2, y2), (x, y)].map(|(x, y)| Vec2::new(x.into(), y.into()));
        self.add(Segment::cubic(self.pen, p[0], p[1], p[2]));
    }

    fn close(&mut self) {
        self.add(Segment::line(self.pen, self.start));
    }
}

fn face(monospace: bool) -> Option<Face<'static>> {
    let bytes = if monospace {
        epaint_default_fonts::HACK_REGULAR
    } else {
        epaint_default_fonts::UBUNTU_LIGHT
    };
    Face::parse(bytes, 0).ok()
}

impl<'a, 'input> Reader<'a, 'input> {
    pub(super) fn text(&mut self, node: Node<'a, 'input>, context: &Context) -> Result<(), Cause> {
        if !context.look.visible {
            self.file.ignore("text", "it is hidden");
            return Ok(());
        }
        let mut runs = Vec::new();
        self.runs(node, &context.look, 0, &mut runs)?;
        // Spaces at the ends don't count.
        if let Some(r) = runs.first_mut() {
            r.text = r.text.trim_start().to_owned();
        }
        if let Some(r) = runs.last_mut() {
            r.text = r.text.trim_end().to_owned();
        }
        let mut pen = Vec2::ZERO;
        let mut i = 0;
        while i < runs.len() {
            // A chunk reaches to the next run with a place of its own; it is anchored as a whole.
            let more = runs[i + 1..]
                .iter()
                .position(|r| r.at.iter().any(Option::is_some));
            let end = more.map_or(runs.len(), |m| i + 1 + m);
            let chunk = &runs[i..end];
            pen.x = chunk[0].at[0].unwrap_or(pen.x);
            pen.y = chunk[0].at[1].unwrap_or(pen.y);
            let width: f64 = chunk.iter().map(|r| width(r) + r.shift.x).sum();
            match chunk[0].look.anchor {
                Anchor::Start => {}
                Anchor::Middle => pen.x -= width / 2.0,
                Anchor::End => pen.x -= width,
            }
            for run in chunk {
                pen = pen + run.shift;
                self.draw(node, context, run, &mut pen)?;
            }
            i = end;
        }
        Ok(())
    }

    /// Collects the stretches of a text element and its spans.
    fn runs(
        &mut self,
        node: Node<'a, 'input>,
        look: &Look,
        depth: usize,
        out: &mut Vec<Run>,
    ) -> Result<(), Cause> {
        if depth > self.limits.depth {
            return Err(Cause::TooDeep {
                what: "text spans",
                limit: self.limits.depth,
            });
        }
        let first = |name: &str| {
            let text = node.attribute(name)?;
            NumberListParser::from(text)
                .next()
                .and_then(Result::ok)
                .or_else(|| {
                    text.trim()
                        .trim_end_matches(|c: char| c.is_ascii_alphabetic())
                        .parse()
                        .ok()
                })
        };
        let (mut at, mut shift) = (
            [first("x"), first("y")],
            Vec2::new(first("dx").unwrap_or(0.0), first("dy").unwrap_or(0.0)),
        );
        for child in node.children() {
            if child.is_text() {
                let text = collapse(child.text().unwrap_or_default());
                if text.is_empty() || (text == " " && out.is_empty()) {
                    continue;
                }
                out.push(Run {
                    at: std::mem::take(&mut at),
                    shift: std::mem::take(&mut shift),
                    text,
                    look: *look,
                });
            } else if child.is_element() {
                let (inner, extra) = self.sheet.look(child, look);
                match child.tag_name().name() {
                    _ if extra.hidden => self.file.ignore("tspan", "it is hidden (display: none)"),
                    "tspan" | "a" => {
                        let from = out.len();
                        self.runs(child, &inner, depth + 1, out)?;
                        if let Some(run) = out.get_mut(from) {
                            run.at = [0, 1].map(|k| run.at[k].or(at[k]));
                            run.shift = run.shift + shift;
                            (at, shift) = ([None, None], Vec2::ZERO);
                        }
                    }
                    "textPath" => self.file.ignore("textPath", "text along a path is not drawn"),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn draw(
        &mut self,
        node: Node<'a, 'input>,
        context: &Context,
        run: &Run,
        pen: &mut Vec2,
    ) -> Result<(), Cause> {
        let Some(face) = face(run.look.monospace) else {
            return Ok(());
        };
        let k = run.look.font_size / f64::from(face.units_per_em());
        let inner = Context {
            look: run.look,
            ..*context
        };
        let shown = run.look.visible && (run.look.fill.shown() || run.look.stroke.shown());
        for c in run.text.chars() {
            let Some(glyph) = face.glyph_index(c) else {
                self.file.ignore("letter", "the bundled font doesn't have it");
                continue;
            };
            let mut outline = Outline::default();
            face.outline_glyph(glyph, &mut outline);
            // Letters stand up, but y runs down here.
            let place = Affine::new(k, 0.0, 0.0, -k, pen.x, pen.y);
            for contour in outline.contours.iter().filter(|_| shown) {
                self.scratch.clear();
                for s in contour {
                    s.push_mapped(&place, &mut self.scratch);
                }
                self.push(node, &inner, true, true)?;
            }
            pen.x += f64::from(face.glyph_hor_advance(glyph).unwrap_or(0)) * k;
        }
        Ok(())
    }
}

fn width(run: &Run) -> f64 {
    let Some(face) = face(run.look.monospace) else {
        return 0.0;
    };
    let k = run.look.font_size / f64::from(face.units_per_em());
    let units: f64 = run
        .text
        .chars()
        .filter_map(|c| face.glyph_hor_advance(face.glyph_index(c)?))
        .map(f64::from)
        .sum();
    units * k
}

/// White space as XML joins it.
fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_whitespace() {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out
}
