//! What is in a file: models, drawings and G-code.

use crate::Error;
use crate::outcome::{Warning, role_times};
use offcut_formats::{Limits, read_model};
use offcut_gcode::metadata::duration_text;
use offcut_mesh::Soundness;
use offcut_settings::PrintSettings;
use serde::Serialize;
use std::collections::BTreeMap;

/// An object of a model file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ObjectFacts {
    /// Its name in the file; may be empty.
    pub name: String,
    /// Triangles.
    pub triangles: usize,
    /// Lowest and highest corner, mm.
    pub bounds_mm: [[f64; 3]; 2],
    /// Enclosed volume, mm³; of a mesh that is not closed a rough figure.
    pub volume_mm3: f64,
    /// Surface, mm².
    pub surface_mm2: f64,
    /// Every edge has a partner.
    pub closed: bool,
    /// What a repair would do; empty when nothing is wrong.
    pub repairs: Vec<String>,
}

/// Facts of a model file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModelFacts {
    /// Short name of the format.
    pub format: &'static str,
    /// Kind of it, as binary or ascii.
    pub variant: &'static str,
    /// The unit that the file states.
    pub unit: Option<offcut_formats::Unit>,
    /// The unit that the numbers look like, where millimetres are implausible.
    pub looks_like: Option<offcut_formats::Unit>,
    /// Triangles of all objects.
    pub triangles: usize,
    /// Width, depth and height of everything, mm.
    pub size_mm: [f64; 3],
    /// The objects.
    pub objects: Vec<ObjectFacts>,
    /// What to know.
    pub warnings: Vec<Warning>,
}

/// Facts of a G-code file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GcodeFacts {
    /// Who wrote it.
    pub generator: Option<String>,
    /// The time that the file claims, s.
    pub claimed_time_s: Option<f64>,
    /// Our estimate for the machine of the settings, s.
    pub time_s: f64,
    /// The same in words.
    pub time: String,
    /// Filament, mm.
    pub filament_mm: f64,
    /// Weight, g.
    pub grams: f64,
    /// Layers that comments mark.
    pub layers: u32,
    /// Lines.
    pub lines: u64,
    /// Moves.
    pub moves: u64,
    /// Way of the printing moves, mm.
    pub extrusion_mm: f64,
    /// Way of the others, mm.
    pub travel_mm: f64,
    /// Retractions.
    pub retractions: u64,
    /// Lowest and highest point that is printed, mm.
    pub bounds_mm: Option<[[f64; 3]; 2]>,
    /// Time and filament by kind of line.
    pub roles: Vec<crate::RoleTime>,
    /// Sizes of the pictures in it, pixels.
    pub thumbnails: Vec<[u32; 2]>,
    /// What its comments say: keys and values.
    pub comments: BTreeMap<String, String>,
}

/// What is in a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FileFacts {
    /// A model.
    Model(ModelFacts),
    /// A drawing or picture.
    Drawing(Box<crate::DrawingFacts>),
    /// G-code.
    Gcode(GcodeFacts),
}

/// Extensions of models.
const MODELS: [&str; 4] = ["stl", "obj", "3mf", "amf"];

/// True when a file of this name and content is G-code.
#[must_use]
pub fn is_gcode(name: &str, bytes: &[u8]) -> bool {
    let extension = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    if ["gcode", "gco", "g", "nc", "ngc", "gc"].contains(&extension.as_str()) {
        return true;
    }
    // The name of a model or drawing promises one; its reader says it better when the content is something else.
    if MODELS.contains(&extension.as_str()) || offcut_formats::is_drawing(name, bytes) {
        return false;
    }
    let head = &bytes[..bytes.len().min(4096)];
    let lines = head.split(|b| *b == b'\n').take(40);
    let motion =
        |l: &[u8]| matches!(l.first(), Some(b'G' | b'M')) && l.get(1).is_some_and(u8::is_ascii_digit);
    head.starts_with(b";") || lines.filter(|l| motion(l)).count() >= 3
}

/// Reads a file and says what is in it. The settings are those of the machine that would run G-code.
///
/// # Errors
/// [`Error::Input`] when it can't be read.
pub fn info(name: &str, bytes: &[u8], settings: &PrintSettings) -> Result<FileFacts, Error> {
    if is_gcode(name, bytes) {
        return Ok(FileFacts::Gcode(gcode(bytes, settings)));
    }
    let extension = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    if offcut_formats::is_drawing(name, bytes) && !MODELS.contains(&extension.as_str()) {
        return crate::drawing_info(name, bytes, None).map(|d| FileFacts::Drawing(Box::new(d)));
    }
    let model = read_model(bytes, name, &Limits::default()).map_err(|e| Error::Input(e.to_string()))?;
    let mut warnings: Vec<_> = model
        .warnings
        .iter()
        .map(|w| Warning::new(w.code, w.message.clone()))
        .collect();
    if let Some(unit) = model.unit.looks_like {
        warnings.push(crate::placement::implausible(name, model.unit.size, unit));
    }
    let objects = model
        .objects
        .iter()
        .map(|o| {
            let mesh = o.placed();
            let sound = Soundness::of(&mesh);
            let (lo, hi) = mesh.bounds().unwrap_or_default();
            let (triangles, surface) = (mesh.triangles.len(), mesh.triangles.iter().map(area).sum());
            let (_, report) = offcut_mesh::repair(mesh);
            ObjectFacts {
                name: o.name.clone(),
                triangles,
                bounds_mm: [lo, hi].map(|p| p.map(f64::from)),
                volume_mm3: sound.volume,
                surface_mm2: surface,
                closed: sound.closed,
                repairs: report.messages(),
            }
        })
        .collect();
    Ok(FileFacts::Model(ModelFacts {
        format: model.format,
        variant: model.variant,
        unit: model.unit.declared,
        looks_like: model.unit.looks_like,
        triangles: model.triangles(),
        size_mm: model.unit.size,
        objects,
        warnings,
    }))
}

fn gcode(bytes: &[u8], settings: &PrintSettings) -> GcodeFacts {
    let info = offcut_gcode::read::info::info(bytes);
    let time = offcut_gcode::estimate_file(bytes, settings);
    GcodeFacts {
        claimed_time_s: info.claimed_seconds(),
        time_s: time.seconds,
        time: duration_text(time.seconds),
        filament_mm: info.filament_mm,
        grams: time.grams,
        layers: info.layers,
        lines: info.lines,
        moves: info.moves,
        extrusion_mm: info.extrusion_mm,
        travel_mm: info.travel_mm,
        retractions: info.retractions,
        bounds_mm: info.bounds.map(|(lo, hi)| [lo, hi]),
        roles: role_times(&time),
        thumbnails: info.thumbnails.iter().map(|(w, h, _)| [*w, *h]).collect(),
        generator: info.generator,
        comments: info.keys.into_iter().collect(),
    }
}

fn area(t: &offcut_mesh::Triangle) -> f64 {
    let p = t.map(|v| v.map(f64::from));
    let (u, v) = (
        [0, 1, 2].map(|k| p[1][k] - p[0][k]),
        [0, 1, 2].map(|k| p[2][k] - p[0][k]),
    );
    let n = [
        u[1] * v[2] - u[2] * v[1],
        u[2] * v[0] - u[0] * v[2],
        u[0] * v[1] - u[1] * v[0],
    ];
    n.iter().map(|x| x * x).sum::<f64>().sqrt() / 2.0
}
