//! What is in a drawing: size, unit and why, contours, parts, layers, what was left out.

use crate::Error;
use crate::outcome::Warning;
use offcut_cut::{JOIN_TOLERANCE, Repairs, contours, parts};
use offcut_formats::{DrawingUnit, Ignored, Limits, UnitReading, read_drawing};
use offcut_geometry::drawing::{Color, Drawing, Operation, Vec2};
use serde::Serialize;

/// Closed and open ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Closed ones.
    pub closed: usize,
    /// Open ones.
    pub open: usize,
}

/// A layer of a drawing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LayerFacts {
    /// Its name; may be empty.
    pub name: String,
    /// Colours of its paths, as `#rrggbb`.
    pub colors: Vec<String>,
    /// What its name or the file says is to be done.
    pub operation: Option<Operation>,
    /// Paths as drawn.
    pub paths: usize,
    /// Their length, mm.
    pub length_mm: f64,
}

/// Equal parts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PartFacts {
    /// How many there are.
    pub count: usize,
    /// Width and height of the first, mm.
    pub size_mm: [f64; 2],
    /// Area without holes, mm².
    pub area_mm2: f64,
    /// Length of outline and holes, mm.
    pub length_mm: f64,
    /// Holes of each.
    pub holes: usize,
    /// Open cuts, scores and engraving on the first.
    pub features: usize,
}

/// Facts of a drawing file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DrawingFacts {
    /// Short name of the format.
    pub format: &'static str,
    /// Kind of it, as release or creator.
    pub variant: String,
    /// The unit of the file's numbers and what speaks for it.
    pub unit: UnitReading,
    /// Width and height of all paths and pictures, mm.
    pub size_mm: [f64; 2],
    /// Lowest and highest corner, mm, y up.
    pub bounds_mm: [[f64; 2]; 2],
    /// Width and height of the page, mm.
    pub page_mm: Option<[f64; 2]>,
    /// Paths as drawn, letters not counted.
    pub paths: Counts,
    /// Contours after ends were joined and duplicates removed, letters not counted.
    pub contours: Counts,
    /// Length of the contours to be cut, mm.
    pub cut_length_mm: f64,
    /// Length of those to be scored or engraved, letters included, mm.
    pub mark_length_mm: f64,
    /// Parts: outlines to be cut that lie in none or in a hole.
    pub parts: usize,
    /// Holes of all parts.
    pub holes: usize,
    /// Kinds of parts.
    pub kinds: Vec<PartFacts>,
    /// Outlines of letters.
    pub letters: usize,
    /// Sizes of the pictures, pixels.
    pub pictures: Vec<[u32; 2]>,
    /// The layers.
    pub layers: Vec<LayerFacts>,
    /// What joining and cleaning changed.
    pub repairs: Repairs,
    /// What was left out.
    pub ignored: Vec<Ignored>,
    /// What to know.
    pub warnings: Vec<Warning>,
}

/// Reads a drawing and says what is in it. `unit` decides over what the file says.
///
/// # Errors
/// [`Error::Usage`] for an unknown unit, [`Error::Input`] when the file can't be read.
pub fn drawing_info(name: &str, bytes: &[u8], unit: Option<&str>) -> Result<DrawingFacts, Error> {
    let unit = unit.map(unit_named).transpose()?;
    let file =
        read_drawing(bytes, name, unit, &Limits::default()).map_err(|e| Error::Input(e.to_string()))?;
    let drawing = &file.drawing;
    let mut bounds = drawing.bounds();
    for p in &drawing.pictures {
        for (x, y) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
            bounds.add(p.frame.point(Vec2::new(x, y)));
        }
    }
    let mut found = contours(drawing, JOIN_TOLERANCE);
    let formed = parts(&mut found);
    let drawn = drawing.paths.iter().filter(|p| !p.text);
    let closed = drawn.clone().filter(|p| p.closed).count();
    let joined = found.list.iter().filter(|c| !c.text);
    let joined_closed = joined.clone().filter(|c| c.closed).count();
    let length = |cut: bool| -> f64 {
        let wanted = |o: Operation| {
            if cut {
                o == Operation::Cut
            } else {
                matches!(o, Operation::Score | Operation::Engrave)
            }
        };
        found
            .list
            .iter()
            .filter(|c| wanted(c.operation))
            .map(|c| c.length())
            .fold(0.0, |sum, l| sum + l)
    };
    let kinds = formed.kinds.iter().map(|k| {
        let first = &formed.parts[k.first];
        PartFacts {
            count: k.count,
            size_mm: [k.size.x, k.size.y],
            area_mm2: k.area,
            length_mm: k.length,
            holes: first.holes.len(),
            features: first.features.len(),
        }
    });
    let layers = drawing.layers.iter().enumerate().map(|(i, l)| {
        let mine = || drawing.paths.iter().filter(|p| p.layer as usize == i);
        let mut colors: Vec<Color> = mine().filter_map(|p| p.color).collect();
        colors.sort_unstable();
        colors.dedup();
        LayerFacts {
            name: l.name.clone(),
            colors: colors.iter().take(100).map(ToString::to_string).collect(),
            operation: l.operation,
            paths: mine().count(),
            length_mm: mine()
                .map(|p| offcut_geometry::drawing::length(drawing.run(p)))
                .sum(),
        }
    });
    let mut warnings: Vec<Warning> = file
        .warnings
        .iter()
        .map(|w| Warning::new(w.code, w.message.clone()))
        .collect();
    if let Err(conflict) = file.settled() {
        warnings.push(Warning::new(
            "unit-conflict",
            format!("a job from it is refused: {conflict}"),
        ));
    }
    Ok(DrawingFacts {
        format: file.format,
        variant: file.variant.clone(),
        unit: file.unit.clone(),
        size_mm: [bounds.size().x, bounds.size().y],
        bounds_mm: [bounds.min, bounds.max].map(|p| [p.x, p.y]),
        page_mm: drawing.page,
        paths: Counts {
            closed,
            open: drawn.count() - closed,
        },
        contours: Counts {
            closed: joined_closed,
            open: joined.count() - joined_closed,
        },
        cut_length_mm: length(true),
        mark_length_mm: length(false),
        parts: formed.parts.len(),
        holes: formed.parts.iter().map(|p| p.holes.len()).sum(),
        kinds: kinds.collect(),
        letters: drawing.paths.iter().filter(|p| p.text).count(),
        pictures: drawing.pictures.iter().map(|p| p.pixels).collect(),
        layers: layers.collect(),
        repairs: found.repairs,
        ignored: file.ignored.clone(),
        warnings,
    })
}

/// Reads a drawing as it is, without asking whether its unit is certain.
///
/// # Errors
/// [`Error::Usage`] for an unknown unit, [`Error::Input`] when the file can't be read.
pub fn read(name: &str, bytes: &[u8], unit: Option<&str>) -> Result<Drawing, Error> {
    let unit = unit.map(unit_named).transpose()?;
    let file = read_drawing(bytes, name, unit, &Limits::default());
    Ok(file.map_err(|e| Error::Input(e.to_string()))?.drawing)
}

pub use offcut_formats::dxf::write as write_dxf;
pub use offcut_formats::json::write as write_json;
pub use offcut_formats::lbrn::write as write_lbrn2;
pub use offcut_formats::svg::write as write_svg;

fn unit_named(name: &str) -> Result<DrawingUnit, Error> {
    DrawingUnit::named(name).ok_or_else(|| {
        Error::Usage(format!(
            "'{name}' is not a unit of drawings; use one of {}",
            DrawingUnit::names()
        ))
    })
}
