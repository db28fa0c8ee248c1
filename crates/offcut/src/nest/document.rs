//! Layouts as JSON: what `offcut nest` writes and `offcut cut`, `render`, `stock confirm` and `info` read.
//!
//! A layout holds all it needs: the geometry of every part about its own origin, the sheets with their outlines, and
//! where each part lies. A placed point is `R(rotation) · M · p + (x, y)` with `M = diag(1, -1)` when mirrored.
//! Lengths are millimetres, y up; the sheet's outline is in the same coordinates as its placements.

use crate::Error;
use offcut_formats::Limits;
use offcut_formats::json::{self, DrawingDoc};
use offcut_geometry::drawing::{Affine, Color, Drawing, Layer, Operation, Paint, Path, Segment, Vec2};
use offcut_geometry::{Loops, Point, to_mm};
use serde::{Deserialize, Serialize};

/// A polygon: its outer ring counter-clockwise, then its holes clockwise; mm, the first point is not repeated.
pub type Rings = Vec<Vec<[f64; 2]>>;

/// A layout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LayoutFile {
    /// Always `layout`; it stands first.
    pub offcut: String,
    /// Version of the schema: 1.
    pub version: u32,
    /// What the job is called.
    pub name: String,
    /// Identifies what is laid out where: the same layout has the same one.
    #[serde(default)]
    pub id: String,
    /// Least distance between parts, mm.
    #[serde(default)]
    pub spacing_mm: f64,
    /// Least distance from parts to the edges of sheets, mm.
    #[serde(default)]
    pub margin_mm: f64,
    /// Kinds of parts.
    pub parts: Vec<LayoutPart>,
    /// The sheets used, in order.
    pub sheets: Vec<LayoutSheet>,
    /// Parts that found no place.
    #[serde(default)]
    pub unplaced: Vec<LayoutMissing>,
}

/// A kind of part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LayoutPart {
    /// Its name, unlike those of others.
    pub id: String,
    /// The file that it is from.
    #[serde(default)]
    pub file: String,
    /// Number of its kind in the file, from 0.
    #[serde(default)]
    pub kind: usize,
    /// Where its origin lies in that file, mm.
    #[serde(default)]
    pub file_origin_mm: [f64; 2],
    /// How many are wanted.
    pub quantity: u32,
    /// Width and height as drawn, mm.
    pub size_mm: [f64; 2],
    /// Area without holes, mm².
    pub area_mm2: f64,
    /// All its geometry about its origin: outline, holes, scores, engraving, letters, pictures.
    pub drawing: DrawingDoc,
}

/// A sheet in use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LayoutSheet {
    /// Name of its kind, or its id in the stock.
    pub id: String,
    /// It is taken from the stock: its id is one of the library.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stock: bool,
    /// Name of the material, when known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub material: String,
    /// Thickness, mm, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thickness_mm: Option<f64>,
    /// Outline, with holes where there is no material.
    pub outline: Rings,
    /// Spots that take no part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub defects: Vec<Rings>,
    /// Area, mm².
    pub area_mm2: f64,
    /// Area of the parts on it, mm².
    pub parts_mm2: f64,
    /// Area of what is kept of it, mm².
    pub remnants_mm2: f64,
    /// Where parts lie.
    pub placements: Vec<LayoutPlacement>,
    /// What is kept of it.
    #[serde(default)]
    pub remnants: Vec<LayoutRemnant>,
}

/// A part on a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LayoutPlacement {
    /// Index of the kind of part.
    pub part: u32,
    /// Where the part's origin lies, mm.
    pub x: f64,
    /// Where the part's origin lies, mm.
    pub y: f64,
    /// Degrees counter-clockwise.
    pub rotation: f64,
    /// Mirrored (y changes its sign) before it is turned.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mirror: bool,
}

/// A piece of a sheet that is kept for later.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LayoutRemnant {
    /// The name that it gets in the stock.
    pub id: String,
    /// Outline in the sheet's coordinates.
    pub outline: Rings,
    /// Area, mm².
    pub area_mm2: f64,
    /// The largest upright rectangle in it: left, bottom, right, top; mm.
    pub rectangle_mm: [f64; 4],
}

/// Parts that found no place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayoutMissing {
    /// Id of the part.
    pub part: String,
    /// How many are missing.
    pub count: u32,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// What stands under `offcut` in a layout.
pub const KIND: &str = "layout";
/// The version of the schema.
pub const VERSION: u32 = 1;

/// Name of the layer with the outlines of sheets: not cut, by its name.
pub const SHEET_LAYER: &str = "sheet";
/// Name of the layer with the outlines of remnants: not cut, by its name.
pub const REMNANT_LAYER: &str = "sheet remnant";

impl LayoutPlacement {
    /// The map from the part's coordinates to the sheet's.
    #[must_use]
    pub fn map(&self) -> Affine {
        let o = offcut_nest::Orientation::new(self.rotation, self.mirror);
        let [a, c, b, d] = o.matrix();
        Affine::new(a, b, c, d, self.x, self.y)
    }
}

/// Loops on the grid as rings in millimetres.
pub(crate) fn rings(set: &Loops) -> Rings {
    set.iter()
        .map(|l| l.iter().map(|p| [to_mm(p.x), to_mm(p.y)]).collect())
        .collect()
}

/// Rings in millimetres as loops on the grid.
///
/// # Errors
/// When a point lies off the grid.
pub(crate) fn loops(rings: &Rings) -> Result<Loops, offcut_geometry::GridError> {
    let mut out = Loops::new();
    for r in rings {
        let points = r.iter().map(|[x, y]| Point::from_mm(*x, *y));
        out.push(&points.collect::<Result<Vec<_>, _>>()?);
    }
    Ok(out)
}

/// 64 bits of FNV-1a (Fowler, Noll, Vo) as hexadecimal digits: tells layouts apart, keeps no secrets.
fn hash(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
        (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// True when the bytes are a layout.
#[must_use]
pub fn is_layout(bytes: &[u8]) -> bool {
    json::kind(bytes).as_deref() == Some(KIND)
}

impl LayoutFile {
    /// Reads a layout and checks that it hangs together.
    ///
    /// # Errors
    /// [`Error::Input`] says what is wrong with it.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self, Error> {
        let wrong = |what: String| Error::Input(format!("{name}: {what}"));
        let file: Self = serde_json::from_slice(bytes).map_err(|e| wrong(format!("is no layout: {e}")))?;
        if file.offcut != KIND || file.version > VERSION {
            return Err(wrong(format!(
                "is a {} of version {}; layouts up to version {VERSION} are read",
                file.offcut.escape_debug(),
                file.version
            )));
        }
        for (i, s) in file.sheets.iter().enumerate() {
            for p in &s.placements {
                if p.part as usize >= file.parts.len() {
                    return Err(wrong(format!("sheet {}: there is no part {}", i + 1, p.part)));
                }
                if ![p.x, p.y, p.rotation].iter().all(|v| v.is_finite()) {
                    return Err(wrong(format!("sheet {}: a placement is no number", i + 1)));
                }
            }
        }
        let parts: usize = file.parts.iter().map(|p| p.drawing.paths.len()).sum();
        if parts == 0 {
            return Err(wrong("has no part with a path".into()));
        }
        file.geometry().map_err(|e| wrong(e.to_string())).map(|_| file)
    }

    /// As JSON.
    #[must_use]
    pub fn write(&self) -> String {
        // Plain data with text for keys: this can't fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Identifies what is laid out where, whatever stands under `id`.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut plain = self.clone();
        plain.id = String::new();
        hash(&plain.write())
    }

    /// The drawing of each kind of part.
    pub(crate) fn geometry(&self) -> Result<Vec<Drawing>, Error> {
        let limits = Limits::default();
        self.parts
            .iter()
            .map(|p| {
                p.drawing
                    .drawing(1.0, &limits)
                    .map_err(|e| Error::Input(format!("part {}: {e}", p.id)))
            })
            .collect()
    }

    /// The drawing of one sheet: every part in its place, with its layers and colours, and with `frame` the outlines of
    /// sheet and remnants on layers that are not cut. The sheet's coordinates are kept.
    ///
    /// # Errors
    /// When a part can't be read.
    pub fn sheet_drawing(&self, sheet: usize, frame: bool) -> Result<Drawing, Error> {
        let geometry = self.geometry()?;
        let mut out = Drawing::default();
        if let Some(s) = self.sheets.get(sheet) {
            put_sheet(&mut out, s, &geometry, Vec2::ZERO, frame);
            out.page = page(s);
        }
        Ok(out)
    }

    /// All sheets side by side in one drawing.
    ///
    /// # Errors
    /// When a part can't be read.
    pub fn drawing(&self, frame: bool) -> Result<Drawing, Error> {
        let geometry = self.geometry()?;
        let mut out = Drawing::default();
        let (mut x, mut height) = (0.0, 0.0_f64);
        for (i, s) in self.sheets.iter().enumerate() {
            let size = page(s).unwrap_or_default();
            if i > 0 {
                x += GAP;
            }
            put_sheet(&mut out, s, &geometry, Vec2::new(x, 0.0), frame);
            x += size[0];
            height = height.max(size[1]);
        }
        out.page = Some([x, height]);
        Ok(out)
    }
}

/// Room between sheets in a drawing of several, mm.
const GAP: f64 = 20.0;

/// Farthest right and up that a sheet reaches from its origin.
fn page(sheet: &LayoutSheet) -> Option<[f64; 2]> {
    let points = sheet.outline.iter().flatten();
    Some(points.fold([0.0; 2], |m, p| [f64::max(m[0], p[0]), f64::max(m[1], p[1])]))
}

fn put_sheet(out: &mut Drawing, sheet: &LayoutSheet, geometry: &[Drawing], at: Vec2, frame: bool) {
    if frame {
        for ring in &sheet.outline {
            put_ring(out, ring, at, SHEET_LAYER, Color(128, 128, 128));
        }
        for ring in sheet.remnants.iter().flat_map(|r| &r.outline) {
            put_ring(out, ring, at, REMNANT_LAYER, Color(0, 160, 160));
        }
    }
    for p in &sheet.placements {
        if let Some(d) = geometry.get(p.part as usize) {
            append(out, d, &Affine::translate(at).of(&p.map()));
        }
    }
}

fn put_ring(out: &mut Drawing, ring: &[[f64; 2]], at: Vec2, layer: &str, color: Color) {
    let layer = layer_like(
        out,
        &Layer {
            name: layer.to_owned(),
            color: Some(color),
            operation: Some(Operation::Skip),
            setting: None,
        },
    );
    let first = out.segments.len() as u32;
    let point = |p: &[f64; 2]| at + Vec2::new(p[0], p[1]);
    let ends = ring.iter().zip(ring.iter().cycle().skip(1));
    out.segments
        .extend(ends.map(|(a, b)| Segment::line(point(a), point(b))));
    out.sources.push(String::new());
    out.paths.push(Path {
        first,
        count: out.segments.len() as u32 - first,
        closed: true,
        layer,
        color: Some(color),
        paint: Paint::Stroke,
        text: false,
        source: out.sources.len() as u32 - 1,
    });
}

/// The layer with that name and operation; made when missing.
fn layer_like(out: &mut Drawing, layer: &Layer) -> u32 {
    let same =
        |l: &Layer| l.name == layer.name && l.operation == layer.operation && l.setting == layer.setting;
    let found = out.layers.iter().position(same);
    found.unwrap_or_else(|| {
        out.layers.push(layer.clone());
        out.layers.len() - 1
    }) as u32
}

/// Adds a drawing under a map. Layers of one name and operation become one; paths keep the colours that they had.
fn append(out: &mut Drawing, d: &Drawing, map: &Affine) {
    let layers: Vec<u32> = d.layers.iter().map(|l| layer_like(out, l)).collect();
    let layer_of = |l: u32| layers.get(l as usize).copied().unwrap_or(0);
    for p in &d.paths {
        let first = out.segments.len() as u32;
        for s in d.run(p) {
            s.push_mapped(map, &mut out.segments);
        }
        let layer = layer_of(p.layer);
        let own = d.layers.get(p.layer as usize).and_then(|l| l.color);
        let shared = out.layers.get(layer as usize).and_then(|l| l.color);
        out.sources.push(String::new());
        out.paths.push(Path {
            first,
            count: out.segments.len() as u32 - first,
            layer,
            color: p.color.or(if own == shared { None } else { own }),
            source: out.sources.len() as u32 - 1,
            ..p.clone()
        });
    }
    for p in &d.pictures {
        let mut picture = p.clone();
        picture.frame = map.of(&p.frame);
        picture.layer = layer_of(p.layer);
        out.pictures.push(picture);
    }
}

#[cfg(test)]
mod tests {
    use super::hash;

    #[test]
    fn layouts_are_told_apart() {
        // Published vector of FNV-1a, 64 bits.
        assert_eq!(hash("foobar"), "85944171f73967e8");
    }
}
