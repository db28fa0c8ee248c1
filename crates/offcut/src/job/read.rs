//! The fields of job documents.

use crate::{Error, Input, Placement, Pose, Unit};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Reads the fields of a command; what it doesn't know is an error.
pub(super) fn fields<T: DeserializeOwned>(d: Map<String, Value>) -> Result<T, Error> {
    serde_json::from_value(Value::Object(d)).map_err(|e| Error::Usage(format!("job: {e}")))
}

/// The content of the files, taken in the order in which the document names them.
pub(super) struct Files {
    rest: std::vec::IntoIter<Vec<u8>>,
}

impl Files {
    pub fn new(files: Vec<Vec<u8>>) -> Self {
        Self {
            rest: files.into_iter(),
        }
    }

    pub fn next(&mut self, name: String) -> Result<Input, Error> {
        match self.rest.next() {
            Some(bytes) => Ok(Input { name, bytes }),
            None => Err(Error::Usage(format!("job: the content of {name} is missing"))),
        }
    }

    pub fn end(&mut self) -> Result<(), Error> {
        match self.rest.len() {
            0 => Ok(()),
            n => Err(Error::Usage(format!("job: {n} files more than the job names"))),
        }
    }
}

/// One number or one for each axis.
#[derive(Deserialize)]
#[serde(untagged)]
enum Axes {
    One(f64),
    Three([f64; 3]),
}

/// `slice`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SliceRequest {
    /// The models.
    pub models: Vec<ModelRequest>,
    unit: Option<String>,
    scale: Option<Axes>,
    rotate: Option<Axes>,
    center: Option<[f64; 2]>,
    copies: Option<u32>,
    /// Seed of everything random.
    #[serde(default)]
    pub seed: u64,
    /// The lines are wanted in space.
    #[serde(default)]
    pub preview: bool,
}

impl SliceRequest {
    /// What is done to all models.
    pub fn placement(&self) -> Result<Placement, Error> {
        let mut p = Placement::default();
        if let Some(name) = &self.unit {
            let unit = Unit::named(name).ok_or_else(|| {
                Error::Usage(format!(
                    "job: unit: `{name}` is none; there are micron, millimeter, centimeter, inch, foot, meter"
                ))
            })?;
            p.unit = Some(unit);
        }
        p.scale = match self.scale {
            Some(Axes::One(f)) => [f; 3],
            Some(Axes::Three(f)) => f,
            None => p.scale,
        };
        p.rotate = match self.rotate {
            Some(Axes::One(z)) => [0.0, 0.0, z],
            Some(Axes::Three(r)) => r,
            None => p.rotate,
        };
        p.center = self.center;
        p.copies = self.copies.unwrap_or(p.copies);
        p.check()?;
        Ok(p)
    }
}

/// A model and, where each stands on its own, its places.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ModelRequest {
    /// The file's name.
    pub name: String,
    #[serde(default)]
    places: Vec<PlaceRequest>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceRequest {
    /// Row by row.
    matrix: Option<[f64; 9]>,
    at: [f64; 2],
}

impl ModelRequest {
    /// The places, as those of model number `model`.
    pub fn poses(&self, model: usize) -> Result<Vec<Pose>, Error> {
        let pose = |p: &PlaceRequest| {
            let pose = Pose {
                model,
                matrix: p.matrix.unwrap_or(Pose::UPRIGHT),
                at: p.at,
            };
            pose.check().map(|()| pose)
        };
        self.places.iter().map(pose).collect()
    }
}

/// `arrange`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ArrangeRequest {
    /// The models with their places, of which the matrix counts.
    pub models: Vec<ModelRequest>,
}

/// `info` and `check`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InfoRequest {
    /// The file's name.
    pub file: String,
}

/// `shapes`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShapesRequest {
    /// The file's name.
    pub file: String,
}

/// Commands without fields of their own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoRequest {}

/// A file by its name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NamedFile {
    /// Its name.
    pub name: String,
}
