//! What a drawing file gives: paths in millimetres, the unit with its evidence, what was left out.

use crate::{Cause, FormatError, Limits, Warning, dxf, json, lbrn, raster, svg};
use offcut_geometry::drawing::{Drawing, Segment, Vec2};
use serde::Serialize;

/// A length unit of drawings.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DrawingUnit {
    /// Its name, as `--unit` takes it.
    pub name: &'static str,
    /// Millimetres in one of it.
    pub millimetres: f64,
}

/// The units that can be named: by name and DXF's number for `$INSUNITS`, where it has one.
const UNITS: &[(DrawingUnit, &[i64])] = &[
    (DrawingUnit::new("mm", 1.0), &[4]),
    (DrawingUnit::new("cm", 10.0), &[5]),
    (DrawingUnit::new("m", 1000.0), &[6]),
    (DrawingUnit::new("micron", 0.001), &[13]),
    (DrawingUnit::new("dm", 100.0), &[14]),
    (DrawingUnit::new("inch", 25.4), &[1, 21]),
    (DrawingUnit::new("foot", 304.8), &[2]),
    (DrawingUnit::new("yard", 914.4), &[10]),
    (DrawingUnit::new("mil", 0.0254), &[9]),
    (DrawingUnit::new("microinch", 2.54e-5), &[8]),
    (DrawingUnit::new("px", 25.4 / 96.0), &[]),
    (DrawingUnit::new("px90", 25.4 / 90.0), &[]),
    (DrawingUnit::new("pt", 25.4 / 72.0), &[]),
    (DrawingUnit::new("pc", 25.4 / 6.0), &[]),
];

impl DrawingUnit {
    /// 1 mm.
    pub const MM: Self = Self::new("mm", 1.0);

    const fn new(name: &'static str, millimetres: f64) -> Self {
        Self { name, millimetres }
    }

    /// The unit of that name; common spellings are understood.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        let name = match name.as_str() {
            "millimeter" | "millimetre" => "mm",
            "centimeter" | "centimetre" => "cm",
            "meter" | "metre" => "m",
            "um" | "µm" | "micrometer" | "micrometre" => "micron",
            "in" | "inches" | "\"" => "inch",
            "ft" | "feet" => "foot",
            "thou" => "mil",
            "px96" => "px",
            "px72" | "point" => "pt",
            other => other,
        };
        UNITS.iter().map(|u| u.0).find(|u| u.name == name)
    }

    /// The names that [`Self::named`] takes, for messages.
    #[must_use]
    pub fn names() -> String {
        let names: Vec<&str> = UNITS.iter().map(|u| u.0.name).collect();
        names.join(", ")
    }

    pub(crate) fn of_insunits(code: i64) -> Option<Self> {
        UNITS.iter().find(|u| u.1.contains(&code)).map(|u| u.0)
    }
}

/// A unit and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reading {
    /// The unit of one step in the file.
    pub unit: String,
    /// Millimetres in it.
    pub millimetres: f64,
    /// What speaks for it.
    pub evidence: String,
}

impl Reading {
    pub(crate) fn new(unit: DrawingUnit, evidence: impl Into<String>) -> Self {
        Self {
            unit: unit.name.to_owned(),
            millimetres: unit.millimetres,
            evidence: evidence.into(),
        }
    }
}

/// What is known about the unit of a drawing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnitReading {
    /// The reading that was applied.
    #[serde(flatten)]
    pub reading: Reading,
    /// The file or the caller states it; otherwise it is a convention.
    pub stated: bool,
    /// Another reading for which something speaks.
    pub other: Option<Reading>,
    /// The two readings speak against each other: a job has to ask.
    pub conflict: bool,
}

impl UnitReading {
    pub(crate) const fn stated(reading: Reading) -> Self {
        Self {
            reading,
            stated: true,
            other: None,
            conflict: false,
        }
    }

    pub(crate) const fn assumed(reading: Reading) -> Self {
        Self {
            reading,
            stated: false,
            other: None,
            conflict: false,
        }
    }
}

/// Something that was not taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ignored {
    /// What it is, as "MTEXT" or "clip path".
    pub what: String,
    /// Why.
    pub why: &'static str,
    /// How often.
    pub count: usize,
}

/// The content of a drawing file.
#[derive(Debug, Clone)]
pub struct DrawingFile {
    /// `svg`, `dxf`, `lbrn2`, `json`, `png` or `jpeg`.
    pub format: &'static str,
    /// Which kind of it, as `R2000 ascii`.
    pub variant: String,
    /// The paths, mm, y up.
    pub drawing: Drawing,
    /// The unit.
    pub unit: UnitReading,
    /// What was left out.
    pub ignored: Vec<Ignored>,
    /// What was odd, for people.
    pub warnings: Vec<Warning>,
}

impl DrawingFile {
    pub(crate) fn new(format: &'static str, variant: impl Into<String>) -> Self {
        Self {
            format,
            variant: variant.into(),
            drawing: Drawing::default(),
            unit: UnitReading::assumed(Reading::new(DrawingUnit::MM, "")),
            ignored: Vec::new(),
            warnings: Vec::new(),
        }
    }

    pub(crate) fn ignore(&mut self, what: &str, why: &'static str) {
        let what: String = what.chars().take(40).collect();
        if let Some(i) = self.ignored.iter_mut().find(|i| i.what == what && i.why == why) {
            i.count += 1;
        } else if self.ignored.len() < 100 {
            // Names come from the file: a hostile one could invent many.
            self.ignored.push(Ignored { what, why, count: 1 });
        }
    }

    pub(crate) fn warn(&mut self, code: &'static str, message: impl Into<String>) {
        if self.warnings.len() < 100 {
            self.warnings.push(Warning {
                code,
                message: message.into(),
            });
        }
    }

    /// The box's size under another reading of the unit, mm.
    fn size_as(&self, millimetres: f64) -> Vec2 {
        self.drawing.bounds().size() * (millimetres / self.unit.reading.millimetres)
    }

    /// Both readings of the unit in one sentence; `None` when there is only one.
    #[must_use]
    pub fn readings(&self) -> Option<String> {
        let other = self.unit.other.as_ref()?;
        let one = |r: &Reading| {
            let s = self.size_as(r.millimetres);
            format!("{:.4} x {:.4} mm as {} ({})", s.x, s.y, r.unit, r.evidence)
        };
        Some(format!("{} or {}", one(&self.unit.reading), one(other)))
    }

    /// Demands that the readings of the unit don't contradict each other.
    ///
    /// # Errors
    /// [`Cause::UnitConflict`] shows both.
    pub fn settled(&self) -> Result<(), Cause> {
        match self.readings() {
            Some(readings) if self.unit.conflict => Err(Cause::UnitConflict(readings)),
            _ => Ok(()),
        }
    }

    /// The checks that every format needs.
    pub(crate) fn checked(self, limits: &Limits) -> Result<Self, Cause> {
        if self.drawing.paths.is_empty() && self.drawing.pictures.is_empty() {
            let left: Vec<String> = self
                .ignored
                .iter()
                .map(|i| format!("{} {} ({})", i.count, i.what, i.why))
                .collect();
            return Err(Cause::EmptyDrawing(if left.is_empty() {
                "it has no paths".to_owned()
            } else {
                format!("it has only {}", left.join(", "))
            }));
        }
        let b = self.drawing.bounds();
        let size = b.size();
        if !self.drawing.paths.is_empty() && size.x.max(size.y) < 1e-6 {
            return Err(Cause::EmptyDrawing(
                "all its paths are smaller than a nanometre; its size or unit is wrong".to_owned(),
            ));
        }
        for value in [b.min.x, b.min.y, b.max.x, b.max.y] {
            if !self.drawing.paths.is_empty() && (value.is_nan() || value.abs() > limits.drawing_coordinate) {
                return Err(Cause::TooFar {
                    value,
                    limit: limits.drawing_coordinate,
                });
            }
        }
        Ok(self)
    }
}

impl Limits {
    pub(crate) fn segment_count(&self, segments: &[Segment]) -> Result<(), Cause> {
        if segments.len() > self.segments {
            return Err(Cause::TooManySegments(self.segments));
        }
        Ok(())
    }
}

/// The extensions of drawings, lower case.
const EXTENSIONS: &[&str] = &["svg", "dxf", "lbrn", "lbrn2", "png", "jpg", "jpeg"];

/// True when a file of this name and content is a drawing or a picture.
#[must_use]
pub fn is_drawing(name: &str, bytes: &[u8]) -> bool {
    kind(bytes).is_some()
        || name
            .rsplit_once('.')
            .is_some_and(|(_, e)| EXTENSIONS.contains(&e.to_ascii_lowercase().as_str()))
}

/// The format that the content shows.
fn kind(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\x89PNG") {
        return Some("png");
    }
    if bytes.starts_with(b"\xff\xd8\xff") {
        return Some("jpeg");
    }
    if json::detect(bytes) {
        return Some("json");
    }
    if dxf::detect(bytes) {
        return Some("dxf");
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
    if head.contains("<LightBurnProject") {
        return Some("lbrn2");
    }
    (head.contains("<svg") || head.contains("<!DOCTYPE svg") || head.contains(":svg")).then_some("svg")
}

/// Reads a drawing of any known format.
///
/// `unit` decides over what the file says: the unit of one step of its coordinates.
///
/// # Errors
/// [`FormatError`] names the file and says what is wrong with it.
pub fn read_drawing(
    bytes: &[u8],
    name: &str,
    unit: Option<DrawingUnit>,
    limits: &Limits,
) -> Result<DrawingFile, FormatError> {
    read(bytes, name, unit, limits).map_err(|cause| FormatError {
        file: name.to_owned(),
        cause,
    })
}

fn read(bytes: &[u8], name: &str, unit: Option<DrawingUnit>, limits: &Limits) -> Result<DrawingFile, Cause> {
    if bytes.len() as u64 > limits.drawing_bytes {
        return Err(Cause::FileTooLarge {
            bytes: bytes.len() as u64,
            limit: limits.drawing_bytes,
        });
    }
    if bytes.is_empty() {
        return Err(Cause::EmptyDrawing("the file has no bytes".to_owned()));
    }
    let extension = name
        .rsplit_once('.')
        .map_or(String::new(), |(_, e)| e.to_ascii_lowercase());
    let file = match kind(bytes).unwrap_or(&extension) {
        "svg" => svg::read(bytes, unit, limits)?,
        "json" => json::read(bytes, unit, limits)?,
        "dxf" => dxf::read(bytes, unit, limits)?,
        "lbrn" | "lbrn2" => lbrn::read(bytes, unit, limits)?,
        "png" | "jpg" | "jpeg" => raster::read(bytes)?,
        _ => {
            return Err(crate::sniff::foreign(bytes).map_or(Cause::UnknownDrawing, Cause::NotDrawing));
        }
    };
    file.checked(limits)
}
