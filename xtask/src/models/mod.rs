//! Generates `test-models/`: models of our own with a manifest of facts.
//!
//! In: nothing. Out: files with the same bytes on every machine. The facts of the manifest come from
//! the parameters of the shapes by formula, not from the triangles; the tests compare the two.

mod drawings;
mod polygon;
mod shapes;
mod solid;
#[cfg(test)]
mod tests;
mod write;

use serde::{Deserialize, Serialize};
use solid::Solid;
use std::path::Path;

/// How a model is written.
#[derive(Debug, Clone)]
pub enum Format {
    /// Binary STL.
    Stl,
    /// ASCII STL.
    StlText,
    /// Wavefront OBJ.
    Obj,
    /// 3MF with the named bodies as components of one object.
    ThreeMf(Vec<(&'static str, Solid)>),
}

/// What a horizontal cut through the model shows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Section {
    /// Height of the cut, mm.
    pub z: f64,
    /// Area of material, mm².
    pub area_mm2: f64,
    /// Closed outlines, holes included.
    pub contours: u32,
}

impl Section {
    fn new(z: f64, area_mm2: f64, contours: u32) -> Self {
        Self {
            z,
            area_mm2: round(area_mm2),
            contours,
        }
    }
}

/// A model with what is known of it.
#[derive(Debug, Clone)]
pub struct Model {
    file: &'static str,
    about: &'static str,
    format: Format,
    solid: Solid,
    bodies: u32,
    /// Volume of the material, mm³, where a formula gives it.
    volume: Option<f64>,
    /// Volume that bodies share, mm³; not a number when unknown.
    overlap: Option<f64>,
    /// Relative error that the facets make.
    tolerance: f64,
    sections: Vec<Section>,
    defects: Vec<&'static str>,
}

impl Model {
    fn new(file: &'static str, about: &'static str, solid: Solid, bodies: u32) -> Self {
        Self {
            file,
            about,
            format: Format::Stl,
            solid,
            bodies,
            volume: None,
            overlap: None,
            tolerance: 1e-5,
            sections: Vec::new(),
            defects: Vec::new(),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let name = self.file.split('.').next().unwrap_or_default();
        match &self.format {
            Format::Stl => write::stl(&self.solid),
            Format::StlText => write::stl_text(&self.solid, name),
            Format::Obj => write::obj(&self.solid, name),
            Format::ThreeMf(bodies) => write::three_mf(bodies),
        }
    }

    fn facts(&self) -> Facts {
        Facts {
            file: self.file.into(),
            about: self.about.into(),
            triangles: self.solid.triangles.len(),
            bodies: self.bodies,
            watertight: self.defects.is_empty(),
            bodies_overlap: self.overlap.is_some(),
            defects: self.defects.iter().map(|&d| d.into()).collect(),
            bbox_mm: self.solid.bounds(),
            volume_mm3: self.volume.map(round),
            relative_tolerance: self.tolerance,
            sections: self.sections.clone(),
        }
    }
}

/// One entry of `manifest.json`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Facts {
    /// File name in `test-models/`.
    pub file: String,
    /// What it shows.
    pub about: String,
    /// Facets in the file.
    pub triangles: usize,
    /// Closed bodies.
    pub bodies: u32,
    /// Every edge has exactly one partner that runs the other way.
    pub watertight: bool,
    /// Bodies share volume: to be united.
    pub bodies_overlap: bool,
    /// What is wrong with the file on purpose.
    pub defects: Vec<String>,
    /// Lowest and highest corner, mm.
    pub bbox_mm: [[f32; 3]; 2],
    /// Volume of the material, mm³, where a formula gives it.
    pub volume_mm3: Option<f64>,
    /// How far volume and areas of the facets may be off.
    pub relative_tolerance: f64,
    /// Horizontal cuts.
    pub sections: Vec<Section>,
}

fn round(v: f64) -> f64 {
    (v * 1e4).round() / 1e4
}

/// Name and bytes of every file of `test-models/`, the manifest last.
pub fn files() -> Result<Vec<(String, Vec<u8>)>, String> {
    let models = shapes::all()?;
    let mut out: Vec<_> = models.iter().map(|m| (m.file.to_owned(), m.bytes())).collect();
    let facts: Vec<_> = models.iter().map(Model::facts).collect();
    let mut manifest = serde_json::to_string_pretty(&facts).map_err(|e| e.to_string())?;
    manifest.push('\n');
    out.push(("stand.svg".into(), drawings::STAND.as_bytes().to_vec()));
    out.push(("manifest.json".into(), manifest.into_bytes()));
    Ok(out)
}

/// Writes all files.
pub fn generate(folder: &Path) -> Result<(), String> {
    std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    for (name, bytes) in files()? {
        let path = folder.join(name);
        std::fs::write(&path, bytes).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    Ok(())
}
