//! The triangles of a model, to be shown before anything is made of it.

use crate::{Error, Warning};
use offcut_formats::{Limits, read_model};

/// The objects of a model file.
#[derive(Debug, Clone, Default)]
pub struct Shapes {
    /// The objects, where the file puts them.
    pub shapes: Vec<Shape>,
    /// The places are places on a printer's bed.
    pub on_bed: bool,
    /// What to know.
    pub warnings: Vec<Warning>,
}

/// One object.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    /// Its name in the file; may be empty.
    pub name: String,
    /// Nine coordinates for each triangle, mm.
    pub corners: Vec<f32>,
}

/// Reads a model.
///
/// # Errors
/// [`Error::Input`] when it can't be read.
pub fn shapes(name: &str, bytes: &[u8]) -> Result<Shapes, Error> {
    let model = read_model(bytes, name, &Limits::default()).map_err(|e| Error::Input(e.to_string()))?;
    let mut warnings: Vec<Warning> = model
        .warnings
        .iter()
        .map(|w| Warning::new(w.code, w.message.clone()))
        .collect();
    if let Some(unit) = model.unit.looks_like {
        warnings.push(crate::placement::implausible(name, model.unit.size, unit));
    }
    let shapes = model.objects.iter().map(|o| Shape {
        name: o.name.clone(),
        corners: o.placed().triangles.into_iter().flatten().flatten().collect(),
    });
    Ok(Shapes {
        shapes: shapes.collect(),
        on_bed: model.on_bed,
        warnings,
    })
}
