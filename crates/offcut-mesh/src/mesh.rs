//! The triangle soup that slicing works on.

use nalgebra::{Matrix4, Point3};

/// Three corners in millimetres, counter-clockwise seen from outside.
pub type Triangle = [[f32; 3]; 3];

/// A mesh as a flat list of triangles; corners are shared by equal coordinates, not by index.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Mesh {
    /// The triangles.
    pub triangles: Vec<Triangle>,
}

impl Mesh {
    /// The lowest and highest corner of the box around all triangles, mm. `None` without triangles.
    #[must_use]
    pub fn bounds(&self) -> Option<([f32; 3], [f32; 3])> {
        if self.triangles.is_empty() {
            return None;
        }
        let mut lo = [f32::INFINITY; 3];
        let mut hi = [f32::NEG_INFINITY; 3];
        for v in self.triangles.iter().flatten() {
            for k in 0..3 {
                // Comparisons, not min and max: those care for NaN and cost thrice as much.
                lo[k] = if v[k] < lo[k] { v[k] } else { lo[k] };
                hi[k] = if v[k] > hi[k] { v[k] } else { hi[k] };
            }
        }
        Some((lo, hi))
    }

    /// The enclosed volume in mm³; negative when the mesh is inside out. Exact for closed meshes only.
    #[must_use]
    pub fn volume(&self) -> f64 {
        let Some(((lo, hi), _)) = self.bounds().map(|b| (b, ())) else {
            return 0.0;
        };
        let o = [0, 1, 2].map(|k| (f64::from(lo[k]) + f64::from(hi[k])) / 2.0);
        self.triangles
            .iter()
            .map(|t| {
                let [a, b, c] = t.map(|v| [0, 1, 2].map(|k| f64::from(v[k]) - o[k]));
                a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0])
                    + a[2] * (b[0] * c[1] - b[1] * c[0])
            })
            .sum::<f64>()
            / 6.0
    }

    /// Applies an affine transform; a mirroring one also turns the triangles, so that outside stays outside.
    pub fn transform(&mut self, m: &Matrix4<f64>) {
        let mirrored = m.fixed_view::<3, 3>(0, 0).determinant() < 0.0;
        for t in &mut self.triangles {
            for v in t.iter_mut() {
                let p = m.transform_point(&Point3::new(f64::from(v[0]), f64::from(v[1]), f64::from(v[2])));
                *v = [p.x as f32, p.y as f32, p.z as f32];
            }
            if mirrored {
                t.swap(1, 2);
            }
        }
    }
}
