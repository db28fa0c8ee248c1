//! SVG drawings.
//!
//! In: bytes. Out: the outlines of all visible shapes and texts, mm, y up; circles and arcs stay arcs where
//! transforms keep them. Styles come from attributes and CSS; `use`, `symbol` and nested `svg` are resolved.
//! What can't be followed (clip paths, masks, markers, filters, hidden elements) is listed as ignored, because
//! a cutter must know. `usvg` isn't used: it makes curves of arcs, knows no layers and leaves out silently.

mod path;
mod shape;
mod style;
#[cfg(test)]
mod tests;
mod text;
mod unit;
mod write;

pub use write::write;

use crate::drawing::{DrawingFile, DrawingUnit};
use crate::{Cause, Limits};
use offcut_geometry::drawing::{Affine, Paint, Path, Picture, Segment, Vec2};
use roxmltree::{Document, Node, ParsingOptions};
use std::collections::BTreeMap;
use std::str::FromStr;
use style::{Look, Sheet};

const XLINK: &str = "http://www.w3.org/1999/xlink";
const INKSCAPE: &str = "http://www.inkscape.org/namespaces/inkscape";

/// What holds for an element and those in it.
#[derive(Clone, Copy)]
struct Context {
    map: Affine,
    look: Look,
    layer: u32,
    depth: usize,
}

struct Reader<'a, 'input> {
    limits: &'a Limits,
    ids: BTreeMap<&'a str, Node<'a, 'input>>,
    sheet: Sheet<'a>,
    file: DrawingFile,
    /// Width and height that percentages refer to, and pixels in an inch.
    viewport: [f64; 2],
    dpi: f64,
    visited: usize,
    scratch: Vec<Segment>,
}

/// Decodes and parses XML for drawings; entities of the document itself are allowed and bounded.
pub(crate) fn parse<'a>(text: &'a str, limits: &Limits) -> Result<Document<'a>, Cause> {
    let options = ParsingOptions {
        allow_dtd: true,
        nodes_limit: u32::try_from(limits.segments).unwrap_or(u32::MAX),
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options).map_err(|e| {
        let at = e.pos();
        Cause::syntax(format!("line {}", at.row), e.to_string())
    })
}

pub(crate) fn read(bytes: &[u8], unit: Option<DrawingUnit>, limits: &Limits) -> Result<DrawingFile, Cause> {
    let text = crate::xml::decode(bytes, "the file").or_else(|e| {
        // An old encoding: what isn't ASCII is in names and texts only.
        if bytes.contains(&0) {
            return Err(e);
        }
        Ok(bytes.iter().map(|b| char::from(*b)).collect::<String>().into())
    })?;
    let document = parse(&text, limits)?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" {
        let name: String = root.tag_name().name().chars().take(40).collect();
        return Err(Cause::syntax(
            "line 1",
            format!("the root is <{name}>, not <svg>"),
        ));
    }
    let mut file = DrawingFile::new("svg", unit::creator(&document).unwrap_or_default());
    let root_unit = unit::root(&document, unit, &mut file)?;
    file.drawing.page = root_unit.page;
    file.unit = root_unit.reading;
    let ids = document
        .descendants()
        .filter_map(|n| Some((n.attribute("id")?, n)))
        .rev()
        .collect();
    let mut r = Reader {
        limits,
        ids,
        sheet: Sheet::of(&document),
        file,
        viewport: root_unit.viewport,
        dpi: root_unit.dpi,
        visited: 0,
        scratch: Vec::new(),
    };
    let layer = r.file.drawing.layer("");
    let context = Context {
        map: root_unit.map,
        look: Look::default(),
        layer,
        depth: 0,
    };
    let (look, extra) = r.sheet.look(root, &context.look);
    if !extra.hidden {
        r.children(root, &Context { look, ..context })?;
    }
    r.finish()
}

impl<'a, 'input> Reader<'a, 'input> {
    fn finish(mut self) -> Result<DrawingFile, Cause> {
        let d = &mut self.file.drawing;
        let mut used = vec![false; d.layers.len()];
        let layers = d.paths.iter().map(|p| p.layer);
        for layer in layers.chain(d.pictures.iter().map(|p| p.layer)) {
            used[layer as usize] = true;
        }
        // Layers without anything to cut aren't worth a line.
        let mut next = 0;
        let place: Vec<u32> = used
            .iter()
            .map(|u| {
                next += u32::from(*u);
                next.saturating_sub(1)
            })
            .collect();
        for p in &mut d.paths {
            p.layer = place[p.layer as usize];
        }
        for p in &mut d.pictures {
            p.layer = place[p.layer as usize];
        }
        let mut keep = used.iter();
        d.layers.retain(|_| keep.next() == Some(&true));
        let texts = d.paths.iter().filter(|p| p.text).count();
        if texts > 0 {
            self.file.warn(
                "text",
                "texts were drawn with a bundled font and may look different; convert them to paths to be sure",
            );
        }
        match self.file.readings() {
            Some(both) => self
                .file
                .warn("unit", format!("the size may be {both}; --unit decides")),
            None if !self.file.unit.stated => {
                let evidence = self.file.unit.reading.evidence.clone();
                self.file.warn("unit", format!("{evidence}; --unit decides"));
            }
            None => {}
        }
        Ok(self.file)
    }

    fn children(&mut self, node: Node<'a, 'input>, context: &Context) -> Result<(), Cause> {
        for child in node.children().filter(Node::is_element) {
            self.element(child, context)?;
        }
        Ok(())
    }

    /// The error that something is wrong with an element.
    fn wrong(node: Node<'_, '_>, what: impl Into<String>) -> Cause {
        let line = node.document().text_pos_at(node.range().start).row;
        let id = node.attribute("id").map_or(String::new(), |id| {
            let id: String = id.chars().take(40).collect();
            format!("#{id}")
        });
        Cause::syntax(format!("line {line}: {}{id}", node.tag_name().name()), what)
    }

    fn element(&mut self, node: Node<'a, 'input>, outer: &Context) -> Result<(), Cause> {
        self.visited += 1;
        if self.visited > self.limits.segments {
            return Err(Cause::TooManyInstances(self.limits.segments));
        }
        if outer.depth >= self.limits.depth {
            return Err(Cause::TooDeep {
                what: "SVG elements",
                limit: self.limits.depth,
            });
        }
        let tag = node.tag_name().name();
        if matches!(
            tag,
            "defs"
                | "symbol"
                | "clipPath"
                | "mask"
                | "marker"
                | "pattern"
                | "linearGradient"
                | "radialGradient"
                | "filter"
                | "style"
                | "metadata"
                | "title"
                | "desc"
                | "script"
                | "namedview"
                | "font"
                | "font-face"
                | "view"
                | "cursor"
                | "animate"
                | "animateTransform"
                | "set"
                | "perspective"
        ) {
            return Ok(());
        }
        let (look, extra) = self.sheet.look(node, &outer.look);
        if extra.hidden {
            self.file.ignore(tag, "it is hidden (display: none)");
            return Ok(());
        }
        let mut context = Context {
            look,
            depth: outer.depth + 1,
            ..*outer
        };
        if let Some(t) = node.attribute("transform") {
            let t = svgtypes::Transform::from_str(t)
                .map_err(|e| Self::wrong(node, format!("its transform can't be read: {e}")))?;
            context.map = context.map.of(&Affine::new(t.a, t.b, t.c, t.d, t.e, t.f));
        }
        for (set, what) in [
            (extra.clip, "clip path"),
            (extra.mask, "mask"),
            (extra.filter, "filter"),
        ] {
            if set {
                self.file.ignore(what, "shapes are not cut off or changed by it");
            }
        }
        if extra.marker {
            self.file
                .ignore("marker", "arrows and dots on paths are not drawn");
        }
        match tag {
            "g" | "a" | "switch" => {
                context.layer = self.layer_of(node, outer);
                self.children(node, &context)
            }
            "svg" => {
                let (x, y) = (self.length(node, "x", 0)?, self.length(node, "y", 1)?);
                let size = [
                    self.optional(node, "width", 0)?,
                    self.optional(node, "height", 1)?,
                ];
                self.viewport_of(node, &mut context, Vec2::new(x, y), size)?;
                self.children(node, &context)
            }
            "use" => self.reuse(node, &mut context),
            "path" | "rect" | "circle" | "ellipse" | "line" | "polyline" | "polygon" => {
                self.shape(node, &context)
            }
            "text" => self.text(node, &context),
            "image" => self.image(node, &context),
            _ => {
                self.file.ignore(tag, "offcut doesn't know it");
                Ok(())
            }
        }
    }

    /// The layer of a group: Inkscape's, or the name of a group that lies in no other.
    fn layer_of(&mut self, node: Node<'a, 'input>, outer: &Context) -> u32 {
        let inkscape = node.attribute((INKSCAPE, "groupmode")) == Some("layer");
        let name = if inkscape {
            node.attribute((INKSCAPE, "label"))
                .or_else(|| node.attribute("id"))
        } else if outer.depth == 0 {
            node.attribute("id")
        } else {
            None
        };
        match name {
            Some(name) if self.file.drawing.layers.len() < self.limits.entries.min(1000) => {
                self.file.drawing.layer(name)
            }
            _ => outer.layer,
        }
    }

    /// Enters a viewport: moves to its corner and fits its viewBox into its size.
    fn viewport_of(
        &mut self,
        node: Node<'a, 'input>,
        context: &mut Context,
        corner: Vec2,
        size: [Option<f64>; 2],
    ) -> Result<(), Cause> {
        context.map = context.map.of(&Affine::translate(corner));
        let Some(b) = node.attribute("viewBox") else {
            return Ok(());
        };
        let b = svgtypes::ViewBox::from_str(b)
            .map_err(|e| Self::wrong(node, format!("its viewBox can't be read: {e}")))?;
        let size = [
            size[0].unwrap_or(self.viewport[0]),
            size[1].unwrap_or(self.viewport[1]),
        ];
        let fit = unit::fit(&b, size, node.attribute("preserveAspectRatio"));
        context.map = context.map.of(&fit);
        Ok(())
    }

    fn reuse(&mut self, node: Node<'a, 'input>, context: &mut Context) -> Result<(), Cause> {
        let href = node.attribute((XLINK, "href")).or_else(|| node.attribute("href"));
        let Some(id) = href.and_then(|h| h.trim().strip_prefix('#')) else {
            self.file.ignore("use", "it refers to another file");
            return Ok(());
        };
        let Some(target) = self.ids.get(id).copied() else {
            let id: String = id.chars().take(40).collect();
            return Err(Cause::Dangling {
                place: format!("line {}", node.document().text_pos_at(node.range().start).row),
                what: format!("'#{id}'"),
            });
        };
        let at = Vec2::new(self.length(node, "x", 0)?, self.length(node, "y", 1)?);
        if !matches!(target.tag_name().name(), "symbol" | "svg") {
            context.map = context.map.of(&Affine::translate(at));
            return self.element(target, context);
        }
        let mut size = [None, None];
        for (k, name) in ["width", "height"].into_iter().enumerate() {
            size[k] = match self.optional(node, name, k)? {
                None => self.optional(target, name, k)?,
                some => some,
            };
        }
        let (look, extra) = self.sheet.look(target, &context.look);
        if extra.hidden {
            return Ok(());
        }
        let mut inner = Context {
            look,
            depth: context.depth + 1,
            ..*context
        };
        self.viewport_of(target, &mut inner, at, size)?;
        self.children(target, &inner)
    }

    fn image(&mut self, node: Node<'a, 'input>, context: &Context) -> Result<(), Cause> {
        let href = node.attribute((XLINK, "href")).or_else(|| node.attribute("href"));
        let data = href
            .and_then(|h| h.strip_prefix("data:"))
            .and_then(|h| h.split_once(','));
        let bytes = data
            .filter(|(kind, _)| kind.ends_with("base64"))
            .map(|(_, d)| crate::base64::decode(d));
        let Some(bytes) = bytes else {
            self.file.ignore("image", "it lies in another file");
            return Ok(());
        };
        let Some(head) = crate::raster::head(&bytes) else {
            self.file.ignore("image", "it is neither PNG nor JPEG");
            return Ok(());
        };
        let at = Vec2::new(self.length(node, "x", 0)?, self.length(node, "y", 1)?);
        let own = head.pixels.map(f64::from);
        let (w, h) = match (
            self.optional(node, "width", 0)?,
            self.optional(node, "height", 1)?,
        ) {
            (Some(w), Some(h)) => (w, h),
            (Some(w), None) => (w, w * own[1] / own[0]),
            (None, Some(h)) => (h * own[0] / own[1], h),
            (None, None) => (own[0], own[1]),
        };
        // The unit square's lower left corner is the picture's, and y runs down here.
        let square = Affine::new(w, 0.0, 0.0, -h, at.x, at.y + h);
        self.file.drawing.pictures.push(Picture {
            format: head.format.to_owned(),
            pixels: head.pixels,
            frame: context.map.of(&square),
            layer: context.layer,
            bytes,
        });
        Ok(())
    }

    /// Adds one path from `scratch`, whose segments are in the element's coordinates.
    fn push(
        &mut self,
        node: Node<'a, 'input>,
        context: &Context,
        closed: bool,
        text: bool,
    ) -> Result<(), Cause> {
        let (fill, stroke) = (context.look.fill.shown(), context.look.stroke.shown());
        let Some((first, last)) = self.scratch.first().zip(self.scratch.last()) else {
            return Ok(());
        };
        let (start, end) = (first.a, last.b);
        let mut closed = closed || start == end;
        // An area is closed even when its line is not.
        if !closed && fill && !stroke {
            self.scratch.push(Segment::line(end, start));
            closed = true;
        }
        let (paint, color) = match (fill, stroke) {
            (true, true) => (Paint::Both, context.look.stroke.color),
            (true, false) => (Paint::Fill, context.look.fill.color),
            _ => (Paint::Stroke, context.look.stroke.color),
        };
        let d = &mut self.file.drawing;
        let first = d.segments.len();
        for s in &self.scratch {
            s.push_mapped(&context.map, &mut d.segments);
        }
        self.limits.segment_count(&d.segments)?;
        if d.segments[first..].iter().any(|s| !s.is_finite()) {
            return Err(Self::wrong(node, "a coordinate is not a finite number"));
        }
        let id: String = node
            .attribute("id")
            .unwrap_or_default()
            .chars()
            .take(60)
            .collect();
        let kind = node.tag_name().name();
        let name = if id.is_empty() {
            kind.to_owned()
        } else {
            format!("{kind} #{id}")
        };
        if d.sources.last() != Some(&name) {
            d.sources.push(name);
        }
        d.paths.push(Path {
            first: first as u32,
            count: (d.segments.len() - first) as u32,
            closed,
            layer: context.layer,
            color,
            paint,
            text,
            source: d.sources.len() as u32 - 1,
        });
        Ok(())
    }
}
