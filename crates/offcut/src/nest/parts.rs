//! Drawings become parts to be nested.
//!
//! In: drawing files with how often each is wanted. Out: kinds of parts, each with all its geometry about its own
//! origin (arcs, layers and colours kept) and the polygon that covers it. Contours that lie on no part are told.

use super::rules::PartRules;
use crate::{Error, Input, Section, Warning};
use offcut_cut::{Contours, JOIN_TOLERANCE, Part, Parts, contours, cover, parts};
use offcut_formats::{
    DrawingFile, DrawingUnit, Limits, Reading, UnitReading, is_drawing, is_model, read_drawing,
};
use offcut_geometry::Loops;
use offcut_geometry::drawing::{self, Affine, Drawing, Layer, Operation, Path, Vec2};

/// A drawing whose parts are wanted.
#[derive(Debug, Clone)]
pub struct PartRequest {
    /// The file.
    pub input: Input,
    /// How often everything in it is wanted.
    pub quantity: u32,
    /// What holds for its parts alone.
    pub rules: PartRules,
}

/// A kind of part.
#[derive(Debug, Clone)]
pub struct SourcePart {
    /// Its name: that of the file, numbered when the file has several kinds.
    pub id: String,
    /// The file it is from.
    pub file: String,
    /// Number of its kind in the file, from 0.
    pub kind: usize,
    /// How many are wanted.
    pub quantity: u32,
    /// All its geometry about its origin, mm.
    pub drawing: Drawing,
    /// Where its origin lies in the file, mm.
    pub origin: Vec2,
    /// The polygon that covers it, about its origin.
    pub shape: Loops,
    /// Area without holes, mm².
    pub area: f64,
    /// Width and height, mm.
    pub size: Vec2,
    /// What holds for it alone.
    pub rules: PartRules,
}

/// Reads a drawing for a job: the unit has to be certain, or said by `unit`. Models are cut where `section` says.
///
/// # Errors
/// [`Error::Input`] when the file can't be read or its unit is told in two ways.
pub fn read_settled(
    input: &Input,
    unit: Option<DrawingUnit>,
    section: Option<Section>,
) -> Result<DrawingFile, Error> {
    if is_model(&input.name, &input.bytes) && !is_drawing(&input.name, &input.bytes) {
        return sectioned(input, unit, section);
    }
    let file = read_drawing(&input.bytes, &input.name, unit, &Limits::default())
        .map_err(|e| Error::Input(e.to_string()))?;
    file.settled()
        .map_err(|e| Error::Input(format!("{}: {e}", input.name)))?;
    Ok(file)
}

fn sectioned(
    input: &Input,
    unit: Option<DrawingUnit>,
    section: Option<Section>,
) -> Result<DrawingFile, Error> {
    let Some(section) = section else {
        return Err(Error::Usage(format!(
            "{}: is a model; say where to cut it with --section HEIGHT or --layers THICKNESS",
            input.name
        )));
    };
    let reading = Reading {
        unit: unit.unwrap_or(DrawingUnit::MM).name.to_owned(),
        millimetres: unit.unwrap_or(DrawingUnit::MM).millimetres,
        evidence: if unit.is_some() {
            "--unit"
        } else {
            "models are in millimetres"
        }
        .to_owned(),
    };
    Ok(DrawingFile {
        format: "section",
        variant: String::new(),
        drawing: crate::section::section(input, section, unit)?,
        unit: UnitReading {
            reading,
            stated: unit.is_some(),
            other: None,
            conflict: false,
        },
        ignored: Vec::new(),
        warnings: Vec::new(),
    })
}

/// The name of a file without folders and extension.
pub(crate) fn stem(name: &str) -> &str {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    base.rsplit_once('.').map_or(base, |(s, _)| s)
}

/// The kinds of parts of some files. `tolerance` (mm) is how far covers may reach beyond the parts.
///
/// # Errors
/// When a file can't be read, has no part, or a part is too large.
pub fn read_parts(
    requests: &[PartRequest],
    unit: Option<DrawingUnit>,
    section: Option<Section>,
    tolerance: f64,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<SourcePart>, Error> {
    let mut out: Vec<SourcePart> = Vec::new();
    for r in requests {
        let name = &r.input.name;
        let mut file = read_settled(&r.input, unit, section)?;
        skip_layers(&mut file.drawing, &r.rules.skip, name)?;
        warnings.extend(
            file.warnings
                .iter()
                .map(|w| Warning::new(w.code, format!("{name}: {}", w.message))),
        );
        for i in &file.ignored {
            let text = format!("{name}: {} {} left out: {}", i.count, i.what, i.why);
            warnings.push(Warning::new("ignored", text));
        }
        let mut found = contours(&file.drawing, JOIN_TOLERANCE);
        let formed = parts(&mut found);
        if formed.parts.is_empty() {
            return Err(Error::Input(format!(
                "{name}: has no closed outline to cut, so there is no part to nest; close its paths or move them \
                 off layers that are scored or engraved"
            )));
        }
        tell_loose(name, &found, &formed, warnings);
        tell_beyond(name, &file.drawing, &found, &formed, warnings);
        for (kind, k) in formed.kinds.iter().enumerate() {
            let part = &formed.parts[k.first];
            let (shape, origin) = cover(part, &found.list, tolerance)
                .map_err(|e| Error::Impossible(format!("{name}: part {}: {e}", kind + 1)))?;
            let own = match formed.kinds.len() {
                1 => stem(name).to_owned(),
                _ => format!("{}-{}", stem(name), kind + 1),
            };
            out.push(SourcePart {
                id: unused(&own, &out),
                file: name.clone(),
                kind,
                quantity: (k.count as u32).saturating_mul(r.quantity),
                drawing: geometry(&file.drawing, &found, part, origin),
                origin,
                shape,
                area: k.area,
                size: k.size,
                rules: r.rules.clone(),
            });
        }
    }
    Ok(out)
}

/// Leaves layers out.
fn skip_layers(drawing: &mut Drawing, names: &[String], file: &str) -> Result<(), Error> {
    for name in names {
        let mut found = false;
        for l in drawing
            .layers
            .iter_mut()
            .filter(|l| l.name.to_lowercase() == *name)
        {
            l.operation = Some(Operation::Skip);
            found = true;
        }
        if !found {
            let all: Vec<&str> = drawing.layers.iter().map(|l| l.name.as_str()).collect();
            return Err(Error::Usage(format!(
                "skip={name}: {file} has no such layer; it has {}",
                all.join(", ")
            )));
        }
    }
    Ok(())
}

/// An id that no other part has.
fn unused(id: &str, others: &[SourcePart]) -> String {
    let free = |id: &str| others.iter().all(|o| o.id != id);
    if free(id) {
        return id.to_owned();
    }
    let more = (2..).map(|n| format!("{id}.{n}"));
    more.into_iter().find(|id| free(id)).unwrap_or_default()
}

fn tell_loose(name: &str, found: &Contours, formed: &Parts, warnings: &mut Vec<Warning>) {
    let letters = formed.loose.iter().filter(|i| found.list[**i].text).count();
    let rest = formed.loose.len() - letters;
    let mut what = Vec::new();
    if rest > 0 {
        what.push(format!(
            "{rest} open or marked path{}",
            if rest == 1 { "" } else { "s" }
        ));
    }
    if letters > 0 {
        what.push(format!(
            "{letters} outline{} of letters",
            if letters == 1 { "" } else { "s" }
        ));
    }
    if !what.is_empty() {
        let text = format!("{name}: {} on no part, left out", what.join(" and "));
        warnings.push(Warning::new("loose", text));
    }
}

/// How far marks may reach beyond their part untold, mm.
const BEYOND: f64 = 0.1;

/// Tells of marks that reach beyond their part: on a sheet they would lie on its neighbours. Mostly they are notes and
/// arrows drawn as lines.
fn tell_beyond(name: &str, drawing: &Drawing, found: &Contours, formed: &Parts, warnings: &mut Vec<Warning>) {
    let mut layers: Vec<u32> = Vec::new();
    let mut count = 0;
    for p in &formed.parts {
        let outline = found.list[p.outline].bounds();
        for c in p.features.iter().map(|&f| &found.list[f]) {
            if !outline.holds(&c.bounds(), BEYOND) {
                count += 1;
                layers.push(c.layer);
            }
        }
    }
    layers.sort_unstable();
    layers.dedup();
    let named = layers.iter().filter_map(|&l| drawing.layers.get(l as usize));
    let named: Vec<String> = named.map(|l| format!("'{}'", l.name)).collect();
    if count > 0 {
        let text = format!(
            "{name}: {count} mark{} beyond the outline of the part, on layer {}; if these are notes, leave the layer \
             out with skip=LAYER",
            if count == 1 { " reaches" } else { "s reach" },
            named.join(", ")
        );
        warnings.push(Warning::new("beyond", text));
    }
}

/// All that belongs to a part, with `origin` at zero: outline, holes, features, and pictures whose middle lies on it.
fn geometry(source: &Drawing, found: &Contours, part: &Part, origin: Vec2) -> Drawing {
    let home = Affine::translate(-origin);
    let mut out = Drawing::default();
    let mut layers: Vec<Option<u32>> = vec![None; source.layers.len()];
    let mut layer_of = |i: u32, out: &mut Drawing| -> u32 {
        let Some(known) = layers.get_mut(i as usize) else {
            return 0;
        };
        *known.get_or_insert_with(|| {
            let layer = source.layers.get(i as usize).cloned();
            out.layers.push(layer.unwrap_or_else(|| Layer::new("")));
            out.layers.len() as u32 - 1
        })
    };
    let all = std::iter::once(part.outline).chain(part.holes.iter().copied());
    for i in all.chain(part.features.iter().copied()) {
        let c = &found.list[i];
        let drawn = source.paths.get(c.path as usize);
        let first = out.segments.len() as u32;
        for s in &c.segments {
            s.push_mapped(&home, &mut out.segments);
        }
        let layer = layer_of(c.layer, &mut out);
        out.sources.push(
            drawn
                .and_then(|p| source.sources.get(p.source as usize))
                .cloned()
                .unwrap_or_default(),
        );
        out.paths.push(Path {
            first,
            count: out.segments.len() as u32 - first,
            closed: c.closed,
            layer,
            color: c.color,
            paint: drawn.map(|p| p.paint).unwrap_or_default(),
            text: c.text,
            source: out.sources.len() as u32 - 1,
        });
    }
    let outline = drawing::polygon(&found.list[part.outline].segments, 0.05);
    for p in &source.pictures {
        let middle = p.frame.point(Vec2::new(0.5, 0.5));
        if inside(&outline, middle) {
            let mut picture = p.clone();
            picture.frame = home.of(&p.frame);
            picture.layer = layer_of(p.layer, &mut out);
            out.pictures.push(picture);
        }
    }
    out
}

/// Whether a polygon holds a point, by the parity of crossings.
fn inside(polygon: &[Vec2], p: Vec2) -> bool {
    let ends = polygon.iter().zip(polygon.iter().cycle().skip(1));
    let crossings = ends
        .filter(|(a, b)| (a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x));
    crossings.count() % 2 == 1
}
