//! Texts as outlines of a bundled font (Ubuntu Light, Hack for monospaced families).

use super::style::{Anchor, Look};
use super::{Context, Reader};
use crate::Cause;
use crate::font::Font;
use offcut_geometry::drawing::{Affine, Vec2};
use roxmltree::Node;
use svgtypes::NumberListParser;

/// A stretch of text with one look; it begins a new line where a place is given.
struct Run {
    at: [Option<f64>; 2],
    shift: Vec2,
    text: String,
    look: Look,
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
        let Some(font) = Font::bundled(run.look.monospace) else {
            return Ok(());
        };
        let size = run.look.font_size;
        let inner = Context {
            look: run.look,
            ..*context
        };
        let shown = run.look.visible && (run.look.fill.shown() || run.look.stroke.shown());
        for c in run.text.chars() {
            // Letters stand up, but y runs down here.
            let place = Affine::new(size, 0.0, 0.0, -size, pen.x, pen.y);
            let Some(contours) = font.letter(c, &place) else {
                self.file.ignore("letter", "the bundled font doesn't have it");
                continue;
            };
            for contour in contours.into_iter().filter(|_| shown) {
                self.scratch = contour;
                self.push(node, &inner, true, true)?;
            }
            pen.x += font.advance(c).unwrap_or(0.0) * size;
        }
        Ok(())
    }
}

fn width(run: &Run) -> f64 {
    Font::bundled(run.look.monospace).map_or(0.0, |f| f.width(&run.text) * run.look.font_size)
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
