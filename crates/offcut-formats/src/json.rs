//! Drawings as JSON: what scripts and offcut's own layouts exchange.
//!
//! In and out: a [`Drawing`] in millimetres, y up, with layers, colours, arcs and pictures. A path is its start and a
//! list of segments: `[x, y]` is a line to there, `[x, y, bulge]` an arc, `[x1, y1, x2, y2, x, y]` a cubic curve.
//! Promised: what is written reads back the same within a nanometre.

use crate::drawing::{DrawingFile, DrawingUnit, Reading, UnitReading};
use crate::{Cause, Limits};
use offcut_geometry::drawing::{
    Affine, Color, Curve, CutSetting, Drawing, Layer, Operation, Paint, Path, Picture, Segment, Vec2,
};
use serde::{Deserialize, Serialize};

/// A drawing as it stands in JSON.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawingDoc {
    /// Width and height of the page, mm; its lower left corner is the origin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_mm: Option<[f64; 2]>,
    /// The layers.
    #[serde(default)]
    pub layers: Vec<LayerDoc>,
    /// The paths.
    #[serde(default)]
    pub paths: Vec<PathDoc>,
    /// Pictures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<PictureDoc>,
}

/// A layer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayerDoc {
    /// Its name; may be empty.
    pub name: String,
    /// `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// What is done on it; what the name says when it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<Operation>,
    /// How the machine works on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setting: Option<CutSetting>,
}

/// A path.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PathDoc {
    /// Index of its layer.
    #[serde(default)]
    pub layer: u32,
    /// It ends where it begins.
    #[serde(default)]
    pub closed: bool,
    /// Its own colour, `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// How it is drawn.
    #[serde(default)]
    pub paint: Paint,
    /// It is the outline of a letter.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub text: bool,
    /// Where it begins, mm.
    pub start: [f64; 2],
    /// Its segments: 2 numbers for a line, 3 for an arc, 6 for a curve; mm.
    pub segments: Vec<Vec<f64>>,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PictureDoc {
    /// `png` or `jpeg`.
    pub format: String,
    /// Width and height, pixels.
    pub pixels: [u32; 2],
    /// The map of the unit square to its place, mm: `x' = a·x + c·y + e`, `y' = b·x + d·y + f`.
    pub frame: [f64; 6],
    /// Index of its layer.
    #[serde(default)]
    pub layer: u32,
    /// The file in base64.
    pub data: String,
}

/// The file: a drawing and what it is.
#[derive(Serialize, Deserialize)]
struct FileDoc {
    offcut: String,
    version: u32,
    #[serde(flatten)]
    drawing: DrawingDoc,
}

/// What stands under `offcut` in a drawing.
const KIND: &str = "drawing";
/// The version that is written; older ones are read.
const VERSION: u32 = 1;

/// A length to the tenth of a nanometre: sums of decimals don't show their dust.
fn tidy(v: f64) -> f64 {
    let t = (v * 1e7).round() / 1e7;
    if t == 0.0 { 0.0 } else { t }
}

fn pair(p: Vec2) -> [f64; 2] {
    [tidy(p.x), tidy(p.y)]
}

impl From<&Drawing> for DrawingDoc {
    fn from(d: &Drawing) -> Self {
        let path = |p: &Path| {
            let run = d.run(p);
            PathDoc {
                layer: p.layer,
                closed: p.closed,
                color: p.color.map(|c| c.to_string()),
                paint: p.paint,
                text: p.text,
                start: run.first().map_or([0.0; 2], |s| pair(s.a)),
                segments: run.iter().map(numbers).collect(),
            }
        };
        let picture = |p: &Picture| {
            let f = p.frame;
            PictureDoc {
                format: p.format.clone(),
                pixels: p.pixels,
                frame: [f.a, f.b, f.c, f.d, f.e, f.f].map(tidy),
                layer: p.layer,
                data: crate::base64::encode(&p.bytes),
            }
        };
        Self {
            page_mm: d.page,
            layers: d
                .layers
                .iter()
                .map(|l| LayerDoc {
                    name: l.name.clone(),
                    color: l.color.map(|c| c.to_string()),
                    operation: l.operation,
                    setting: l.setting,
                })
                .collect(),
            paths: d.paths.iter().map(path).collect(),
            pictures: d.pictures.iter().map(picture).collect(),
        }
    }
}

fn numbers(s: &Segment) -> Vec<f64> {
    let [x, y] = pair(s.b);
    match s.curve {
        Curve::Line => vec![x, y],
        Curve::Arc(k) => vec![x, y, k],
        Curve::Cubic(p, q) => {
            let ([px, py], [qx, qy]) = (pair(p), pair(q));
            vec![px, py, qx, qy, x, y]
        }
    }
}

fn color(text: Option<&String>, place: &str) -> Result<Option<Color>, Cause> {
    let Some(t) = text else { return Ok(None) };
    let hex = t.strip_prefix('#').filter(|h| h.len() == 6 && h.is_ascii());
    let part = |h: &str, i: usize| u8::from_str_radix(&h[i..i + 2], 16).ok();
    hex.and_then(|h| Some(Color(part(h, 0)?, part(h, 2)?, part(h, 4)?)))
        .map(Some)
        .ok_or_else(|| Cause::syntax(place, format!("'{}' is no colour as #rrggbb", t.escape_debug())))
}

impl DrawingDoc {
    /// The drawing; `scale` is the millimetres in one step of its numbers.
    ///
    /// # Errors
    /// When a path, layer or number is not what it should be; the message names it.
    pub fn drawing(&self, scale: f64, limits: &Limits) -> Result<Drawing, Cause> {
        let mut out = Drawing {
            page: self.page_mm.map(|p| p.map(|v| v * scale)),
            ..Drawing::default()
        };
        for (i, l) in self.layers.iter().enumerate() {
            let mut layer = Layer::new(&l.name);
            layer.color = color(l.color.as_ref(), &format!("layer {i}"))?;
            layer.operation = l.operation.or(layer.operation);
            layer.setting = l.setting;
            out.layers.push(layer);
        }
        if out.layers.is_empty() {
            out.layers.push(Layer::new(""));
        }
        for (i, p) in self.paths.iter().enumerate() {
            self.path(i, p, scale, &mut out)?;
            limits.segment_count(&out.segments)?;
        }
        for (i, p) in self.pictures.iter().enumerate() {
            let place = format!("picture {i}");
            if p.frame.iter().any(|v| !v.is_finite()) {
                return Err(Cause::NotFinite(place));
            }
            let bytes = crate::base64::decode(&p.data);
            let Some(head) = crate::raster::head(&bytes) else {
                return Err(Cause::syntax(place, "its data is no PNG or JPEG"));
            };
            let [a, b, c, d, e, f] = p.frame.map(|v| v * scale);
            out.pictures.push(Picture {
                format: head.format.to_owned(),
                pixels: head.pixels,
                frame: Affine::new(a, b, c, d, e, f),
                layer: p.layer.min(out.layers.len() as u32 - 1),
                bytes,
            });
        }
        Ok(out)
    }

    fn path(&self, i: usize, p: &PathDoc, scale: f64, out: &mut Drawing) -> Result<(), Cause> {
        let place = || format!("path {i}");
        let finite = |v: f64| v.is_finite() && (v * scale).is_finite();
        if !(p.start.iter().all(|v| finite(*v)) && p.segments.iter().flatten().all(|v| finite(*v))) {
            return Err(Cause::NotFinite(place()));
        }
        if p.layer as usize >= out.layers.len() {
            return Err(Cause::Dangling {
                place: place(),
                what: format!("layer {}", p.layer),
            });
        }
        let at = |x: f64, y: f64| Vec2::new(x * scale, y * scale);
        let first = out.segments.len();
        let start = at(p.start[0], p.start[1]);
        let mut pen = start;
        for s in &p.segments {
            match s[..] {
                [x, y] => out.segments.push(Segment::line(pen, at(x, y))),
                [x, y, bulge] => Segment::push_arc(pen, at(x, y), bulge, &mut out.segments),
                [px, py, qx, qy, x, y] => {
                    let curve = Curve::Cubic(at(px, py), at(qx, qy));
                    out.segments.push(Segment {
                        a: pen,
                        b: at(x, y),
                        curve,
                    });
                }
                _ => {
                    return Err(Cause::syntax(
                        place(),
                        format!("a segment has 2, 3 or 6 numbers, not {}", s.len()),
                    ));
                }
            }
            pen = out.segments.last().map_or(pen, |s| s.b);
        }
        if p.closed && pen != start && out.segments.len() > first {
            out.segments.push(Segment::line(pen, start));
        }
        let count = out.segments.len() - first;
        if count == 0 {
            return Ok(());
        }
        out.sources.push(format!("path {i}"));
        out.paths.push(Path {
            first: first as u32,
            count: count as u32,
            closed: p.closed || pen == start,
            layer: p.layer,
            color: color(p.color.as_ref(), &place())?,
            paint: p.paint,
            text: p.text,
            source: out.sources.len() as u32 - 1,
        });
        Ok(())
    }
}

/// True when the bytes are a drawing in JSON.
pub(crate) fn detect(bytes: &[u8]) -> bool {
    kind(bytes).as_deref() == Some(KIND)
}

/// What a JSON document of offcut says that it is: `drawing`, `layout` or another word under `offcut`, which comes
/// first.
#[must_use]
pub fn kind(bytes: &[u8]) -> Option<String> {
    let head = crate::sniff::text_head(bytes)?.trim_start();
    let rest = head.strip_prefix('{')?.trim_start().strip_prefix("\"offcut\"")?;
    let word = rest
        .trim_start()
        .strip_prefix(':')?
        .trim_start()
        .strip_prefix('"')?;
    Some(word.split('"').next()?.to_owned())
}

pub(crate) fn read(bytes: &[u8], unit: Option<DrawingUnit>, limits: &Limits) -> Result<DrawingFile, Cause> {
    let doc: FileDoc = serde_json::from_slice(bytes)
        .map_err(|e| Cause::syntax(format!("line {} column {}", e.line(), e.column()), message(&e)))?;
    if doc.offcut != KIND {
        return Err(Cause::Unsupported(format!(
            "a document of kind '{}'",
            doc.offcut.escape_debug()
        )));
    }
    if doc.version > VERSION {
        return Err(Cause::Unsupported(format!(
            "version {} of JSON drawings",
            doc.version
        )));
    }
    let mut file = DrawingFile::new("json", format!("version {}", doc.version));
    let reading = unit.map_or_else(
        || Reading::new(DrawingUnit::MM, "JSON drawings are in millimetres"),
        |u| Reading::new(u, "--unit"),
    );
    file.drawing = doc.drawing.drawing(reading.millimetres, limits)?;
    file.unit = UnitReading::stated(reading);
    Ok(file)
}

/// serde's message without its place.
fn message(e: &serde_json::Error) -> String {
    let text = e.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

/// Writes a drawing as JSON; lengths are rounded to a tenth of a nanometre.
#[must_use]
pub fn write(drawing: &Drawing) -> String {
    let doc = FileDoc {
        offcut: KIND.to_owned(),
        version: VERSION,
        drawing: drawing.into(),
    };
    // Plain data with text for keys: this can't fail.
    serde_json::to_string(&doc).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read_drawing;

    fn parse(text: &str) -> Result<DrawingFile, Cause> {
        read_drawing(text.as_bytes(), "a.json", None, &Limits::default()).map_err(|e| e.cause)
    }

    #[test]
    fn a_drawing_comes_back_as_it_was() {
        let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='90mm' height='90mm' viewBox='0 0 90 90' fill='none'>\
                   <g id='a' stroke='#ff0000'><circle cx='20' cy='20' r='9'/><path d='M0 0H9V7'/></g>\
                   <path stroke='#00f' d='M30 30C40 30 40 50 30 50Z'/><text x='1' y='9' fill='#000'>g</text></svg>";
        let first = read_drawing(svg.as_bytes(), "a.svg", None, &Limits::default())
            .unwrap()
            .drawing;
        let again = parse(&write(&first)).unwrap().drawing;
        assert_eq!(again.layers, first.layers);
        assert_eq!(again.page, first.page);
        assert_eq!(again.paths.len(), first.paths.len());
        for (p, q) in first.paths.iter().zip(&again.paths) {
            assert_eq!(
                (p.closed, p.color, p.paint, p.text),
                (q.closed, q.color, q.paint, q.text)
            );
            for (s, t) in first.run(p).iter().zip(again.run(q)) {
                assert!(s.a.dist(t.a) < 1e-6 && s.b.dist(t.b) < 1e-6);
                assert_eq!(std::mem::discriminant(&s.curve), std::mem::discriminant(&t.curve));
                assert!((s.length() - t.length()).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn scripts_can_write_little() {
        let f = parse(
            r#"{"offcut":"drawing","version":1,"paths":[
            {"closed":true,"start":[0,0],"segments":[[10,0],[10,10,1],[0,10]]}]}"#,
        )
        .unwrap();
        // A square of 10 with a half circle to its right.
        let d = &f.drawing;
        assert!((d.length() - (30.0 + std::f64::consts::PI * 5.0)).abs() < 1e-9);
        assert!(d.paths[0].closed);
        assert_eq!(f.unit.reading.unit, "mm");
    }

    #[test]
    fn what_is_wrong_is_named() {
        let path = |p: &str| format!(r#"{{"offcut":"drawing","version":1,"paths":[{p}]}}"#);
        for (text, part) in [
            (path(r#"{"start":[0,0],"segments":[[1]]}"#), "path 0"),
            (path(r#"{"start":[0,0],"layer":3,"segments":[[1,1]]}"#), "layer 3"),
            (path(r#"{"start":[0,0],"color":"red","segments":[[1,1]]}"#), "red"),
            (path(r#"{"start":[0,1e999],"segments":[[1,1]]}"#), "line 1"),
            (path(r#"{"start":[0,0],"segmets":[]}"#), "segmets"),
            (path(""), "no paths"),
            (r#"{"offcut":"drawing","version":9}"#.to_owned(), "version 9"),
            (r#"{"offcut":"drawing""#.to_owned(), "line 1"),
        ] {
            let e = parse(&text).unwrap_err().to_string();
            assert!(e.contains(part), "{text}: {e}");
        }
    }
}
