//! What a model file gives: objects in millimetres, evidence about the unit, warnings.

use std::sync::Arc;

use nalgebra::Matrix4;
use offcut_mesh::Mesh;
use serde::Serialize;

use crate::{Cause, Limits};

/// The content of a model file.
#[derive(Debug, Clone)]
pub struct Model {
    /// Id of the format, as in [`crate::FORMATS`].
    pub format: &'static str,
    /// Which kind of it, such as `binary` or `ascii`.
    pub variant: &'static str,
    /// The printable objects, in the order of the file.
    pub objects: Vec<ModelObject>,
    /// The objects' places are places on a printer's bed: a slicer's project.
    pub on_bed: bool,
    /// What is known about the unit.
    pub unit: UnitEvidence,
    /// What was odd or left out, for people.
    pub warnings: Vec<Warning>,
}

/// One object to be made.
#[derive(Debug, Clone)]
pub struct ModelObject {
    /// Its name in the file; may be empty.
    pub name: String,
    /// Its triangles in its own coordinates, mm. Objects that are copies share one mesh.
    pub mesh: Arc<Mesh>,
    /// Where the file puts it, mm. May mirror.
    pub transform: Matrix4<f64>,
}

impl ModelObject {
    /// The mesh where the file puts it.
    #[must_use]
    pub fn placed(&self) -> Mesh {
        let mut mesh = Mesh::clone(&self.mesh);
        if self.transform != Matrix4::identity() {
            mesh.transform(&self.transform);
        }
        mesh
    }
}

/// Something that the reader noticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Short stable name.
    pub code: &'static str,
    /// One sentence.
    pub message: String,
}

/// A length unit of a model file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// 0.001 mm
    Micron,
    /// 1 mm
    Millimeter,
    /// 10 mm
    Centimeter,
    /// 25.4 mm
    Inch,
    /// 304.8 mm
    Foot,
    /// 1000 mm
    Meter,
}

impl Unit {
    /// Millimetres in one of it.
    #[must_use]
    pub const fn millimetres(self) -> f64 {
        match self {
            Self::Micron => 0.001,
            Self::Millimeter => 1.0,
            Self::Centimeter => 10.0,
            Self::Inch => 25.4,
            Self::Foot => 304.8,
            Self::Meter => 1000.0,
        }
    }

    /// The unit of that name, as 3MF and AMF spell it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name.trim().to_ascii_lowercase().as_str() {
            "micron" | "micrometer" => Self::Micron,
            "millimeter" | "millimetre" | "mm" => Self::Millimeter,
            "centimeter" | "centimetre" | "cm" => Self::Centimeter,
            "inch" | "in" => Self::Inch,
            "foot" | "feet" | "ft" => Self::Foot,
            "meter" | "metre" | "m" => Self::Meter,
            _ => return None,
        })
    }
}

/// What is known about the unit of a model.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct UnitEvidence {
    /// The unit that the file states and that was applied. `None`: millimetres were assumed.
    pub declared: Option<Unit>,
    /// Size of the box around all objects, mm, as read.
    pub size: [f64; 3],
    /// The unit that the numbers look like when none is declared and millimetres are implausible.
    pub looks_like: Option<Unit>,
}

impl UnitEvidence {
    fn new(declared: Option<Unit>, size: [f64; 3]) -> Self {
        let largest = size.iter().copied().fold(0.0, f64::max);
        let looks_like = match declared {
            Some(_) => None,
            // Nothing so small is printed in millimetres; as metres it is 10 µm to 300 mm.
            None if largest < 0.3 => Some(Unit::Meter),
            // A part of a few cubic millimetres; as inches it is at most 254 mm long.
            None if largest < 10.0 && size.iter().product::<f64>() < 40.0 => Some(Unit::Inch),
            None if largest > 10_000.0 => Some(Unit::Micron),
            None => None,
        };
        Self {
            declared,
            size,
            looks_like,
        }
    }
}

impl Model {
    pub(crate) fn new(format: &'static str, variant: &'static str) -> Self {
        Self {
            format,
            variant,
            objects: Vec::new(),
            on_bed: false,
            unit: UnitEvidence::default(),
            warnings: Vec::new(),
        }
    }

    /// A model of one mesh where it stands.
    pub(crate) fn single(format: &'static str, variant: &'static str, name: String, mesh: Mesh) -> Self {
        let mut model = Self::new(format, variant);
        model.push(name, mesh);
        model
    }

    /// Adds a mesh where it stands.
    pub(crate) fn push(&mut self, name: String, mesh: Mesh) {
        self.objects.push(ModelObject {
            name,
            mesh: Arc::new(mesh),
            transform: Matrix4::identity(),
        });
    }

    /// Adds a warning; beyond a hundred the rest goes unsaid.
    pub(crate) fn warn(&mut self, code: &'static str, message: impl Into<String>) {
        if self.warnings.len() < 100 {
            self.warnings.push(Warning {
                code,
                message: message.into(),
            });
        }
    }

    /// The number of triangles of all objects.
    #[must_use]
    pub fn triangles(&self) -> usize {
        self.objects.iter().map(|o| o.mesh.triangles.len()).sum()
    }

    /// The box around all objects as placed, mm. `None` without triangles.
    #[must_use]
    pub fn bounds(&self) -> Option<([f64; 3], [f64; 3])> {
        let mut lo = [f64::INFINITY; 3];
        let mut hi = [f64::NEG_INFINITY; 3];
        for object in &self.objects {
            let placed;
            let mesh = if object.transform == Matrix4::identity() {
                &*object.mesh
            } else {
                placed = object.placed();
                &placed
            };
            let Some((a, b)) = mesh.bounds() else { continue };
            for k in 0..3 {
                lo[k] = lo[k].min(f64::from(a[k]));
                hi[k] = hi[k].max(f64::from(b[k]));
            }
        }
        (lo[0] <= hi[0]).then_some((lo, hi))
    }

    /// The checks that every format needs: triangles there, all coordinates in range; then the unit evidence.
    pub(crate) fn checked(mut self, limits: &Limits) -> Result<Self, Cause> {
        limits.triangle_count(self.triangles())?;
        let Some((lo, hi)) = self.bounds() else {
            return Err(Cause::Empty("it has no triangles"));
        };
        for value in lo.into_iter().chain(hi) {
            if value.abs() > limits.coordinate {
                return Err(Cause::TooFar {
                    value,
                    limit: limits.coordinate,
                });
            }
        }
        self.unit = UnitEvidence::new(self.unit.declared, [0, 1, 2].map(|k| hi[k] - lo[k]));
        Ok(self)
    }
}
