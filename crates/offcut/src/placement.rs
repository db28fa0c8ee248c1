//! From model files to objects that stand on the bed: unit, scale, rotation, position, copies.
//!
//! In: the bytes of files and what the user wants done to them. Out: meshes in millimetres whose
//! lowest point lies on the bed, with where they stand. Nothing is guessed silently: a model that
//! looks like inches or metres is said to, and left as it is.

use crate::{Error, Warning, layout};
use nalgebra::{Matrix4, Rotation3, Vector3};
use offcut_formats::{Limits, Model, Unit, read_model};
use offcut_mesh::{Bounds, Mesh, moved};

/// A file of a job.
#[derive(Debug, Clone)]
pub struct Input {
    /// Its name, for messages and to tell the format by.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// What is done to every model of a job.
#[derive(Debug, Clone, PartialEq)]
pub struct Placement {
    /// The unit of the numbers in files that state none; millimetres when not given. Overrides what a file states.
    pub unit: Option<Unit>,
    /// Factor along X, Y and Z.
    pub scale: [f64; 3],
    /// Rotations about X, then Y, then Z, degrees.
    pub rotate: [f64; 3],
    /// Where the middle of everything stands on the bed, mm; the middle of the bed when not given.
    pub center: Option<[f64; 2]>,
    /// How many of each object.
    pub copies: u32,
}

impl Default for Placement {
    fn default() -> Self {
        Self {
            unit: None,
            scale: [1.0; 3],
            rotate: [0.0; 3],
            center: None,
            copies: 1,
        }
    }
}

/// A place of a model of its own: how it is turned and scaled, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Pose {
    /// Which model of the job.
    pub model: usize,
    /// Rotation and scale, row by row; applied to the file's millimetres.
    pub matrix: [f64; 9],
    /// Where the middle of the model's box stands on the bed, mm.
    pub at: [f64; 2],
}

impl Pose {
    /// The matrix that changes nothing.
    pub const UPRIGHT: [f64; 9] = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0];

    /// Checks that the numbers make sense.
    ///
    /// # Errors
    /// [`Error::Usage`] names the field.
    pub fn check(&self) -> Result<(), Error> {
        let m = nalgebra::Matrix3::from_row_slice(&self.matrix);
        if !(self.matrix.iter().all(|v| v.is_finite() && v.abs() <= 1e6) && m.determinant() != 0.0) {
            return Err(Error::Usage(
                "places: the matrix must have nine numbers up to 1000000 and keep a volume".into(),
            ));
        }
        if !self.at.iter().all(|v| v.is_finite() && v.abs() <= 1e4) {
            return Err(Error::Usage("places: `at` must be millimetres on the bed".into()));
        }
        Ok(())
    }
}

/// Most copies of an object.
const MAX_COPIES: u32 = 10_000;

impl Placement {
    /// Checks that the numbers make sense.
    ///
    /// # Errors
    /// [`Error::Usage`] names the option.
    pub fn check(&self) -> Result<(), Error> {
        if !self
            .scale
            .iter()
            .all(|s| s.is_finite() && *s != 0.0 && s.abs() <= 1e6)
        {
            return Err(Error::Usage(
                "the scale must be a factor other than 0 up to 1000000, or a percentage".into(),
            ));
        }
        if !self.rotate.iter().all(|r| r.is_finite() && r.abs() <= 36_000.0) {
            return Err(Error::Usage("a rotation must be an angle in degrees".into()));
        }
        if !(1..=MAX_COPIES).contains(&self.copies) {
            return Err(Error::Usage(format!(
                "{} copies can't be made; ask for 1 to {MAX_COPIES}",
                self.copies
            )));
        }
        Ok(())
    }

    /// The transform without position, applied to what the file says.
    fn matrix(&self, model: &Model) -> Matrix4<f64> {
        let unit = self.unit.map_or(1.0, |u| {
            u.millimetres() / model.unit.declared.map_or(1.0, Unit::millimetres)
        });
        let scale = Vector3::from(self.scale) * unit;
        let [x, y, z] = self.rotate.map(turn);
        let axis = |a: Vector3<f64>, [s, c]: [f64; 2]| -> Matrix4<f64> {
            Rotation3::from_matrix_unchecked(rotation(a, s, c)).to_homogeneous()
        };
        axis(Vector3::z(), z)
            * axis(Vector3::y(), y)
            * axis(Vector3::x(), x)
            * Matrix4::new_nonuniform_scaling(&scale)
    }
}

/// Sine and cosine of degrees, exact at multiples of 90.
fn turn(degrees: f64) -> [f64; 2] {
    let d = degrees.rem_euclid(360.0);
    if d == 0.0 {
        [0.0, 1.0]
    } else if d == 90.0 {
        [1.0, 0.0]
    } else if d == 180.0 {
        [0.0, -1.0]
    } else if d == 270.0 {
        [-1.0, 0.0]
    } else {
        let r = d.to_radians();
        [libm::sin(r), libm::cos(r)]
    }
}

/// Rodrigues' formula.
fn rotation(a: Vector3<f64>, s: f64, c: f64) -> nalgebra::Matrix3<f64> {
    nalgebra::Matrix3::identity() * c + a.cross_matrix() * s + a * a.transpose() * (1.0 - c)
}

/// An object of the job.
#[derive(Debug, Clone)]
pub struct Object {
    /// Its name in the file, or the file's name.
    pub name: String,
    /// The file it comes from.
    pub file: String,
    /// Its triangles: middle of the box over the origin, lowest point at z = 0.
    pub mesh: Mesh,
    /// The box of the mesh.
    pub bounds: Bounds,
    /// What was repaired and what is left, in sentences.
    pub repairs: Vec<String>,
    /// Objects of one group (of one file) keep their places relative to each other.
    pub group: usize,
    /// Where the copies stand that the file asks for, mm, relative to the middle of the group.
    pub places: Vec<[f64; 2]>,
}

/// What a job puts on the plate.
#[derive(Debug, Clone, Default)]
pub struct Plate {
    /// The objects, those of one file one after the other.
    pub objects: Vec<Object>,
    /// Where a project has the middle of its objects on the bed, mm.
    pub middle: Option<[f64; 2]>,
}

impl Object {
    /// Moves the middle of the box over the origin and the lowest point to z = 0.
    pub(crate) fn drop_to_bed(&mut self) {
        let (lo, hi) = self.bounds;
        let middle = [0, 1].map(|k| (f64::from(lo[k]) + f64::from(hi[k])) / 2.0);
        let by = [-middle[0], -middle[1], -f64::from(lo[2])];
        self.mesh.translate(by);
        self.bounds = (moved(lo, by), moved(hi, by));
    }

    /// Width, depth and height, mm.
    #[must_use]
    pub fn size(&self) -> [f64; 3] {
        let (lo, hi) = self.bounds;
        [0, 1, 2].map(|k| f64::from(hi[k]) - f64::from(lo[k]))
    }
}

/// Reads the files and brings their objects to the plate.
///
/// # Errors
/// [`Error::Input`] for a file that can't be read, [`Error::Usage`] for impossible placement.
pub fn read_objects(
    inputs: Vec<Input>,
    placement: &Placement,
    warnings: &mut Vec<Warning>,
) -> Result<Plate, Error> {
    placement.check()?;
    let mut plate = Plate::default();
    let alone = inputs.len() == 1 && placement.copies == 1;
    for (group, input) in inputs.into_iter().enumerate() {
        let (file, model) = read(input, placement, warnings)?;
        let whole = placement.matrix(&model);
        let (mut objects, middle) = layout::objects(model.objects, &whole, &file, group, warnings);
        if alone && model.on_bed && whole == Matrix4::identity() {
            plate.middle = Some(middle);
        }
        plate.objects.append(&mut objects);
    }
    Ok(plate)
}

/// Reads the files and puts their objects where the poses say; the places are those on the bed. Models
/// that no pose names are left out.
///
/// # Errors
/// As [`read_objects`].
pub fn read_posed(
    inputs: Vec<Input>,
    placement: &Placement,
    poses: &[Pose],
    warnings: &mut Vec<Warning>,
) -> Result<Plate, Error> {
    placement.check()?;
    let mut plate = Plate::default();
    for (index, input) in inputs.into_iter().enumerate() {
        let mut poses: Vec<&Pose> = poses.iter().filter(|p| p.model == index).collect();
        let (file, model) = read(input, placement, warnings)?;
        let unit = placement.matrix(&model);
        while let Some(&first) = poses.first() {
            first.check()?;
            let turned = nalgebra::Matrix3::from_row_slice(&first.matrix).to_homogeneous() * unit;
            let items = model.objects.clone();
            let (mut objects, _) = layout::objects(items, &turned, &file, 0, warnings);
            // Poses that differ by a move are copies, which are sliced once.
            let spots: Vec<[f64; 2]> = poses
                .iter()
                .filter(|p| p.matrix == first.matrix)
                .map(|p| p.at)
                .collect();
            for o in &mut objects {
                let own = std::mem::take(&mut o.places);
                let moved = |at: &[f64; 2]| {
                    own.iter()
                        .map(|q| [at[0] + q[0], at[1] + q[1]])
                        .collect::<Vec<_>>()
                };
                o.places = spots.iter().flat_map(moved).collect();
            }
            plate.objects.append(&mut objects);
            poses.retain(|p| p.matrix != first.matrix);
        }
    }
    Ok(plate)
}

/// Reads a file; says what its reader noticed.
fn read(input: Input, placement: &Placement, warnings: &mut Vec<Warning>) -> Result<(String, Model), Error> {
    let model =
        read_model(&input.bytes, &input.name, &Limits::default()).map_err(|e| Error::Input(e.to_string()))?;
    let file = input.name;
    warnings.extend(
        model
            .warnings
            .iter()
            .map(|w| Warning::new(w.code, format!("{file}: {}", w.message))),
    );
    if placement.unit.is_none()
        && placement.scale == [1.0; 3]
        && let Some(unit) = model.unit.looks_like
    {
        warnings.push(implausible(&file, model.unit.size, unit));
    }
    Ok((file, model))
}

/// Says that a model's numbers are hardly millimetres.
pub(crate) fn implausible(file: &str, size: [f64; 3], unit: Unit) -> Warning {
    let largest = size.into_iter().fold(0.0, f64::max);
    let name = format!("{unit:?}").to_lowercase();
    let plural = match unit {
        Unit::Inch => "inches".into(),
        Unit::Foot => "feet".into(),
        _ => format!("{name}s"),
    };
    Warning::new(
        "unit",
        format!(
            "{file}: {:.4} x {:.4} x {:.4} mm looks like {plural}; if so, slice it with --unit {name} ({:.1} mm long)",
            size[0],
            size[1],
            size[2],
            largest * unit.millimetres()
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use offcut_formats::stl;

    fn block() -> Input {
        // 1 × 2 × 3, away from the origin.
        Input {
            name: "a/block.stl".into(),
            bytes: stl::write(&Mesh::boxed([5.0, 6.0, 7.0], [6.0, 8.0, 10.0])),
        }
    }

    fn sized(p: Placement) -> [f64; 3] {
        let mut w = Vec::new();
        let o = read_objects(vec![block()], &p, &mut w).unwrap().objects;
        assert_eq!(o[0].name, "block.stl");
        let (lo, hi) = o[0].mesh.bounds().unwrap();
        assert_eq!(lo[2], 0.0);
        assert!((lo[0] + hi[0]).abs() < 1e-5 && (lo[1] + hi[1]).abs() < 1e-5);
        assert_eq!(o[0].bounds, (lo, hi));
        assert!(o[0].mesh.volume() > 0.0);
        o[0].size()
    }

    #[test]
    fn turns_scales_and_drops() {
        assert_eq!(sized(Placement::default()), [1.0, 2.0, 3.0]);
        assert_eq!(
            sized(Placement {
                rotate: [90.0, 0.0, 0.0],
                ..Placement::default()
            }),
            [1.0, 3.0, 2.0]
        );
        assert_eq!(
            sized(Placement {
                rotate: [90.0, 0.0, 90.0],
                ..Placement::default()
            }),
            [3.0, 1.0, 2.0]
        );
        assert_eq!(
            sized(Placement {
                scale: [2.0, 1.0, -1.0],
                ..Placement::default()
            }),
            [2.0, 2.0, 3.0]
        );
        let inch = sized(Placement {
            unit: Some(Unit::Inch),
            ..Placement::default()
        });
        assert!((inch[2] - 76.2).abs() < 1e-4);
    }

    #[test]
    fn small_models_are_noticed() {
        let mut w = Vec::new();
        read_objects(vec![block()], &Placement::default(), &mut w).unwrap();
        assert!(
            w.iter()
                .any(|w| w.code == "unit" && w.message.contains("--unit inch")),
            "{w:?}"
        );
        w.clear();
        let given = Placement {
            unit: Some(Unit::Millimeter),
            ..Placement::default()
        };
        read_objects(vec![block()], &given, &mut w).unwrap();
        assert!(w.is_empty());
    }

    #[test]
    fn nonsense_is_refused() {
        for p in [
            Placement {
                scale: [0.0, 1.0, 1.0],
                ..Placement::default()
            },
            Placement {
                rotate: [f64::NAN, 0.0, 0.0],
                ..Placement::default()
            },
            Placement {
                copies: 0,
                ..Placement::default()
            },
        ] {
            assert_eq!(p.check().unwrap_err().exit_code(), 2);
        }
    }
}
