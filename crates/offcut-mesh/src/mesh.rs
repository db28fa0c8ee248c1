//! The triangle soup that slicing works on.

use nalgebra::{Matrix4, Point3};

/// Three corners in millimetres, counter-clockwise seen from outside.
pub type Triangle = [[f32; 3]; 3];

/// The lowest and the highest corner of a box, mm.
pub type Bounds = ([f32; 3], [f32; 3]);

/// A mesh as a flat list of triangles; corners are shared by equal coordinates, not by index.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Mesh {
    /// The triangles.
    pub triangles: Vec<Triangle>,
}

impl Mesh {
    /// A box between two corners, outside out, mm.
    #[must_use]
    pub fn boxed(lo: [f32; 3], hi: [f32; 3]) -> Self {
        // Corner i has bit k set where its coordinate k is the high one.
        let corner = |i: usize| [0, 1, 2].map(|k| if i >> k & 1 == 1 { hi[k] } else { lo[k] });
        let quads = [
            [0, 2, 3, 1],
            [4, 5, 7, 6],
            [0, 1, 5, 4],
            [2, 6, 7, 3],
            [0, 4, 6, 2],
            [1, 3, 7, 5],
        ];
        let halves = |[a, b, c, d]: [usize; 4]| [[a, b, c], [a, c, d]].map(|t| t.map(corner));
        Self {
            triangles: quads.into_iter().flat_map(halves).collect(),
        }
    }

    /// The lowest and highest corner of the box around all triangles, mm. `None` without triangles.
    #[must_use]
    pub fn bounds(&self) -> Option<Bounds> {
        if self.triangles.is_empty() {
            return None;
        }
        let parts = each_part(&self.triangles, PART, |triangles| {
            let (mut lo, mut hi) = ([f32::INFINITY; 12], [f32::NEG_INFINITY; 12]);
            // Four corners at a time, which the compiler turns into vectors.
            let (blocks, rest) = triangles.as_flattened().as_flattened().as_chunks::<12>();
            for block in blocks {
                widen(&mut lo, &mut hi, block);
            }
            let mut last = [f32::NAN; 12];
            last[..rest.len()].copy_from_slice(rest);
            widen(&mut lo, &mut hi, &last);
            (lo, hi)
        });
        let (mut least, mut most) = ([f32::INFINITY; 3], [f32::NEG_INFINITY; 3]);
        for (lo, hi) in parts {
            for (k, (lo, hi)) in lo.into_iter().zip(hi).enumerate() {
                least[k % 3] = least[k % 3].min(lo);
                most[k % 3] = most[k % 3].max(hi);
            }
        }
        Some((least, most))
    }

    /// Moves the mesh, mm. Its box moves along, to the same rounded numbers: see [`moved`].
    pub fn translate(&mut self, by: [f64; 3]) {
        let by: [f64; 12] = std::array::from_fn(|k| by[k % 3]);
        let part = |triangles: &mut [Triangle]| {
            let (blocks, rest) = triangles
                .as_flattened_mut()
                .as_flattened_mut()
                .as_chunks_mut::<12>();
            for c in blocks {
                shift(c, &by);
            }
            shift(rest, &by);
        };
        #[cfg(feature = "parallel")]
        {
            use rayon::prelude::*;
            self.triangles.par_chunks_mut(PART).for_each(part);
        }
        #[cfg(not(feature = "parallel"))]
        part(&mut self.triangles);
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

/// Where a move takes a corner, mm: rounding keeps the order, so the box of a moved mesh is the moved box.
#[must_use]
pub fn moved(corner: [f32; 3], by: [f64; 3]) -> [f32; 3] {
    [0, 1, 2].map(|k| (f64::from(corner[k]) + by[k]) as f32)
}

#[inline(always)]
fn shift(coordinates: &mut [f32], by: &[f64; 12]) {
    for (c, by) in coordinates.iter_mut().zip(by) {
        *c = (f64::from(*c) + by) as f32;
    }
}

/// Takes the coordinates of a block into the box. Comparisons, not min and max: those care for NaN and cost
/// thrice as much.
#[inline(always)]
fn widen(lo: &mut [f32; 12], hi: &mut [f32; 12], block: &[f32; 12]) {
    for k in 0..12 {
        lo[k] = if block[k] < lo[k] { block[k] } else { lo[k] };
        hi[k] = if block[k] > hi[k] { block[k] } else { hi[k] };
    }
}

/// Triangles that are worked on together: whole blocks of the box, and the same on any number of threads.
pub(crate) const PART: usize = 1 << 14;

/// `f` of every run of `share` items, in order.
pub(crate) fn each_part<I: Sync, T: Send>(
    items: &[I],
    share: usize,
    f: impl Fn(&[I]) -> T + Send + Sync,
) -> Vec<T> {
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        items.par_chunks(share).map(f).collect()
    }
    #[cfg(not(feature = "parallel"))]
    {
        items.chunks(share).map(f).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::cube;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_move_is_the_transform_that_moves(
            t in prop::collection::vec(prop::array::uniform9(-300.0f32..300.0), 1..9),
            by in prop::array::uniform3(-200.0f64..200.0),
        ) {
            let triangles = t.iter().map(|c| [[c[0], c[1], c[2]], [c[3], c[4], c[5]], [c[6], c[7], c[8]]]);
            let mut mesh = Mesh { triangles: triangles.collect() };
            let mut other = mesh.clone();
            for k in 0..3 {
                let all = mesh.triangles.iter().flatten().map(|v| v[k]);
                let (lo, hi) = mesh.bounds().unwrap();
                prop_assert_eq!(lo[k], all.clone().fold(f32::INFINITY, f32::min));
                prop_assert_eq!(hi[k], all.fold(f32::NEG_INFINITY, f32::max));
            }
            mesh.translate(by);
            other.transform(&Matrix4::new_translation(&by.into()));
            prop_assert_eq!(mesh, other);
        }
    }

    #[test]
    fn a_box_holds_the_corners_of_all_parts() {
        let at = |i: usize| i as f32 / 8.0;
        let triangles = (0..3 * PART + 5).map(|i| [[at(i), -at(i), 1.0], [0.0; 3], [0.0, 0.0, 2.0]]);
        let mut mesh = Mesh {
            triangles: triangles.collect(),
        };
        let far = at(3 * PART + 4);
        assert_eq!(mesh.bounds(), Some(([0.0, -far, 0.0], [far, 0.0, 2.0])));
        mesh.translate([1.0, 0.0, -1.0]);
        assert_eq!(mesh.bounds(), Some(([1.0, -far, -1.0], [far + 1.0, 0.0, 1.0])));
    }

    #[test]
    fn nothing_has_no_box_and_a_cube_has_one() {
        assert_eq!(Mesh::default().bounds(), None);
        let (lo, hi) = cube().bounds().unwrap();
        assert!((0..3).all(|k| hi[k] - lo[k] == 20.0));
    }
}
