//! LightBurn projects (`.lbrn2`, and `.lbrn` with its older spelling of paths), as far as shapes, pictures and
//! cut settings go. Facts about the undocumented format come from public files and their makers' notes.
//!
//! In: bytes. Out: paths in millimetres, y up; a layer for each cut setting. And the way back.

use crate::drawing::{DrawingFile, DrawingUnit, Reading, UnitReading};
use crate::{Cause, Limits, svg};
use offcut_geometry::drawing::{Affine, Color, CutSetting, Layer, Operation, Paint, Path, Segment, Vec2};
use roxmltree::Node;
use std::collections::BTreeMap;
use std::f64::consts::{FRAC_PI_2, TAU};

mod path;
#[cfg(test)]
mod tests;
mod write;

use path::{Leg, Vertex, leg, legs, vertex, vertices};
pub use write::write;

/// The fixed colours of LightBurn's layers; 30 and 31 are tool layers.
const PALETTE: [Color; 32] = [
    Color(0, 0, 0),
    Color(0, 0, 255),
    Color(255, 0, 0),
    Color(0, 224, 0),
    Color(208, 208, 0),
    Color(255, 128, 0),
    Color(0, 224, 224),
    Color(255, 0, 255),
    Color(180, 180, 180),
    Color(0, 0, 160),
    Color(160, 0, 0),
    Color(0, 160, 0),
    Color(160, 160, 0),
    Color(192, 128, 0),
    Color(0, 160, 255),
    Color(160, 0, 160),
    Color(128, 128, 128),
    Color(125, 135, 185),
    Color(187, 119, 132),
    Color(74, 111, 227),
    Color(211, 63, 106),
    Color(140, 215, 140),
    Color(240, 185, 141),
    Color(246, 196, 225),
    Color(250, 158, 212),
    Color(80, 10, 120),
    Color(180, 90, 0),
    Color(0, 71, 84),
    Color(134, 250, 136),
    Color(255, 219, 102),
    Color(243, 105, 38),
    Color(12, 150, 217),
];

struct Reader<'a> {
    limits: &'a Limits,
    file: DrawingFile,
    /// Layer of a cut index.
    layers: BTreeMap<i64, u32>,
    vertices: BTreeMap<String, Vec<Vertex>>,
    legs: BTreeMap<String, Vec<Leg>>,
}

pub(crate) fn read(bytes: &[u8], unit: Option<DrawingUnit>, limits: &Limits) -> Result<DrawingFile, Cause> {
    let text = crate::xml::decode(bytes, "the file")?;
    let document = svg::parse(&text, limits)?;
    let root = document.root_element();
    if root.tag_name().name() != "LightBurnProject" {
        return Err(Cause::syntax("line 1", "the root is not <LightBurnProject>"));
    }
    let version = root.attribute("AppVersion").unwrap_or_default();
    let mut r = Reader {
        limits,
        file: DrawingFile::new("lbrn2", format!("LightBurn {version}").trim_end()),
        layers: BTreeMap::new(),
        vertices: BTreeMap::new(),
        legs: BTreeMap::new(),
    };
    let unit = unit.map_or(
        Reading::new(DrawingUnit::MM, "LightBurn stores millimetres"),
        |u| Reading::new(u, "--unit"),
    );
    let k = unit.millimetres;
    r.file.unit = UnitReading::stated(unit);
    for node in root.children().filter(Node::is_element) {
        if node.tag_name().name().starts_with("CutSetting") {
            r.setting(node);
        }
    }
    for node in root.children().filter(|n| n.has_tag_name("Shape")) {
        r.shape(node, &Affine::scale(k, k), 0)?;
    }
    Ok(r.file)
}

fn value<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.children().find(|c| c.has_tag_name(name))?.attribute("Value")
}

fn wrong(node: Node<'_, '_>, what: impl Into<String>) -> Cause {
    let line = node.document().text_pos_at(node.range().start).row;
    Cause::syntax(format!("line {line}"), what)
}

fn number(node: Node<'_, '_>, name: &str) -> Result<f64, Cause> {
    match node.attribute(name) {
        None => Ok(0.0),
        Some(t) => finite(node, t),
    }
}

fn finite(node: Node<'_, '_>, text: &str) -> Result<f64, Cause> {
    let line = || format!("line {}", node.document().text_pos_at(node.range().start).row);
    crate::number::parse(text.trim().as_bytes())
        .map_err(|why| crate::number::error(text.trim().as_bytes(), why, line()))
}

impl Reader<'_> {
    fn setting(&mut self, node: Node<'_, '_>) {
        let Some(index) = value(node, "index").and_then(|v| v.parse::<i64>().ok()) else {
            return;
        };
        if self.layers.len() >= self.limits.entries {
            return;
        }
        let name = value(node, "name").map_or_else(|| format!("C{index:02}"), str::to_owned);
        let kind = node
            .attribute("type")
            .or_else(|| node.attribute("Type"))
            .unwrap_or_default();
        let operation = match kind {
            "Tool" => Some(Operation::Skip),
            // Layers may be switched off.
            _ if value(node, "doOutput") == Some("0") => Some(Operation::Skip),
            "Scan" | "Offset" | "Image" => Some(Operation::Engrave),
            // Lines, whatever the name: what is to be seen only is scored along them.
            _ => match Operation::of_name(&name) {
                None => Some(Operation::Cut),
                Some(Operation::Engrave) => Some(Operation::Score),
                named => named,
            },
        };
        let color = usize::try_from(index).ok().and_then(|i| PALETTE.get(i)).copied();
        self.layers.insert(index, self.file.drawing.layers.len() as u32);
        let number = |name: &str| value(node, name)?.parse::<f64>().ok().filter(|v| v.is_finite());
        let share = |name: &str| number(name).map(|v| (v / 100.0).clamp(0.0, 1.0));
        let setting = CutSetting {
            power: share("maxPower"),
            min_power: share("minPower"),
            speed: number("speed").filter(|v| *v > 0.0),
            passes: number("numPasses").filter(|v| *v >= 1.0).map(|v| v as u32),
            interval: number("interval").filter(|v| *v > 0.0),
            kerf: number("kerf"),
            air: number("runBlower").map(|v| v != 0.0),
            priority: number("priority").map(|v| v as i32),
        };
        self.file.drawing.layers.push(Layer {
            name,
            color,
            operation,
            setting: (setting != CutSetting::default()).then_some(setting),
        });
    }

    fn layer(&mut self, node: Node<'_, '_>) -> u32 {
        let index = node
            .attribute("CutIndex")
            .and_then(|v| v.parse::<i64>().ok())
            .unwrap_or(0);
        if let Some(layer) = self.layers.get(&index) {
            return *layer;
        }
        let layer = self.file.drawing.layer(&format!("C{index:02}"));
        self.file.drawing.layers[layer as usize].color =
            usize::try_from(index).ok().and_then(|i| PALETTE.get(i)).copied();
        layer
    }

    fn shape(&mut self, node: Node<'_, '_>, outer: &Affine, depth: usize) -> Result<(), Cause> {
        if depth >= self.limits.depth {
            return Err(Cause::TooDeep {
                what: "shapes",
                limit: self.limits.depth,
            });
        }
        let mut map = *outer;
        if let Some(form) = node.children().find(|c| c.has_tag_name("XForm")) {
            let v = form.text().unwrap_or_default().split_ascii_whitespace();
            let v: Vec<f64> = v.map(|t| finite(form, t)).collect::<Result<_, _>>()?;
            let [a, b, c, d, e, f] = v[..] else {
                return Err(wrong(form, "an XForm needs six numbers"));
            };
            map = outer.of(&Affine::new(a, b, c, d, e, f));
        }
        let kind = node.attribute("Type").unwrap_or_default();
        match kind {
            "Group" => {
                let shapes = node.children().filter(|c| c.has_tag_name("Children"));
                for child in shapes
                    .flat_map(|c| c.children())
                    .filter(|c| c.has_tag_name("Shape"))
                {
                    self.shape(child, &map, depth + 1)?;
                }
                Ok(())
            }
            "Rect" => {
                let (w, h) = (number(node, "W")?, number(node, "H")?);
                let mut run = Vec::new();
                rectangle(w.abs(), h.abs(), number(node, "Cr")?, &mut run);
                self.push(node, &map, &run, true, false)
            }
            "Ellipse" => {
                let frame = Affine::scale(number(node, "Rx")?, number(node, "Ry")?);
                let mut run = Vec::new();
                if frame.det() != 0.0 {
                    Segment::push_ellipse(&frame, 0.0, TAU, &mut run);
                }
                self.push(node, &map, &run, true, false)
            }
            "Path" => self.path(node, &map, false),
            "Text" => match node.children().find(|c| c.has_tag_name("BackupPath")) {
                Some(backup) => self.path(backup, &map, true),
                None => {
                    self.file.ignore("Text", "it holds no outlines");
                    Ok(())
                }
            },
            _ => {
                self.file.ignore(kind, "this kind of shape is not read");
                Ok(())
            }
        }
    }

    fn path(&mut self, node: Node<'_, '_>, map: &Affine, text: bool) -> Result<(), Cause> {
        let child = |name: &str| {
            node.children()
                .find(|c| c.has_tag_name(name))
                .and_then(|c| c.text())
        };
        let vertices = match child("VertList") {
            Some(list) => vertices(node, list)?,
            None => node
                .children()
                .filter(|c| c.has_tag_name("V"))
                .map(vertex)
                .collect::<Result<_, _>>()?,
        };
        let id = |name: &str| node.attribute(name).unwrap_or_default().to_owned();
        // A list that was given before is referred to by its number only.
        let vertices = if vertices.is_empty() {
            self.vertices.get(&id("VertID")).cloned().unwrap_or_default()
        } else {
            self.vertices.insert(id("VertID"), vertices.clone());
            vertices
        };
        let legs = match child("PrimList") {
            Some(list) => legs(node, list, vertices.len())?,
            None => node
                .children()
                .filter(|c| c.has_tag_name("P"))
                .map(leg)
                .collect::<Result<_, _>>()?,
        };
        let legs = if legs.is_empty() {
            self.legs.get(&id("PrimID")).cloned().unwrap_or_default()
        } else {
            self.legs.insert(id("PrimID"), legs.clone());
            legs
        };
        let mut run: Vec<Segment> = Vec::new();
        let mut last = None;
        for leg in legs {
            let (Some(a), Some(b)) = (vertices.get(leg.from), vertices.get(leg.to)) else {
                return Err(wrong(
                    node,
                    format!("vertex {} doesn't exist", leg.from.max(leg.to)),
                ));
            };
            if last != Some(leg.from) {
                self.push(node, map, &run, false, text)?;
                run.clear();
            }
            last = Some(leg.to);
            if leg.curve {
                run.push(Segment::cubic(
                    a.at,
                    a.out.unwrap_or(a.at),
                    b.into.unwrap_or(b.at),
                    b.at,
                ));
            } else if a.at != b.at {
                run.push(Segment::line(a.at, b.at));
            }
        }
        self.push(node, map, &run, false, text)
    }

    fn push(
        &mut self,
        node: Node<'_, '_>,
        map: &Affine,
        run: &[Segment],
        closed: bool,
        text: bool,
    ) -> Result<(), Cause> {
        let Some((start, end)) = run.first().zip(run.last()).map(|(s, e)| (s.a, e.b)) else {
            return Ok(());
        };
        let layer = self.layer(node);
        let d = &mut self.file.drawing;
        let first = d.segments.len();
        for s in run {
            s.push_mapped(map, &mut d.segments);
        }
        self.limits.segment_count(&d.segments)?;
        if d.segments[first..].iter().any(|s| !s.is_finite()) {
            return Err(wrong(node, "a coordinate is not a finite number"));
        }
        let engraved = d.layers[layer as usize].operation == Some(Operation::Engrave);
        d.sources.push(format!("shape {}", d.paths.len() + 1));
        d.paths.push(Path {
            first: first as u32,
            count: (d.segments.len() - first) as u32,
            closed: closed || start == end,
            layer,
            color: d.layers[layer as usize].color,
            paint: if engraved { Paint::Fill } else { Paint::Stroke },
            text,
            source: d.sources.len() as u32 - 1,
        });
        Ok(())
    }
}

/// A rectangle about the origin, its corners rounded.
fn rectangle(w: f64, h: f64, corner: f64, out: &mut Vec<Segment>) {
    let (x, y) = (w / 2.0, h / 2.0);
    if !(x > 0.0 && y > 0.0) {
        return;
    }
    let r = corner.clamp(0.0, x.min(y));
    let corners = [(x - r, -y + r), (x - r, y - r), (-x + r, y - r), (-x + r, -y + r)];
    let mut pen = Vec2::new(-x + r, -y);
    for (i, (cx, cy)) in corners.into_iter().enumerate() {
        let turn = Affine::rotate(FRAC_PI_2 * i as f64);
        let to = Vec2::new(cx, cy) + turn.vector(Vec2::new(0.0, -r));
        if pen.dist(to) > 0.0 {
            out.push(Segment::line(pen, to));
        }
        pen = to;
        if r > 0.0 {
            let frame = Affine::frame(Vec2::new(cx, cy), Vec2::new(r, 0.0), Vec2::new(0.0, r));
            Segment::push_ellipse(&frame, FRAC_PI_2 * (i as f64 - 1.0), FRAC_PI_2, out);
            if let Some(s) = out.last_mut() {
                pen = s.b;
            }
        }
    }
    // The last side ends exactly where the first begins.
    if let [first, .., last] = &mut out[..] {
        last.b = first.a;
    }
}
