//! Small meshes for tests.

use crate::{Mesh, Triangle};

/// A box between two corners, outside out.
pub fn boxed(lo: [f32; 3], hi: [f32; 3]) -> Mesh {
    let corner = |i: usize| [0, 1, 2].map(|k| if i >> k & 1 == 1 { hi[k] } else { lo[k] });
    // Corner i has bit k set where its coordinate k is the high one.
    const FACES: [[usize; 4]; 6] = [
        [0, 2, 3, 1],
        [4, 5, 7, 6],
        [0, 1, 5, 4],
        [2, 6, 7, 3],
        [0, 4, 6, 2],
        [1, 3, 7, 5],
    ];
    let triangles = FACES
        .iter()
        .flat_map(|&[a, b, c, d]| [[a, b, c], [a, c, d]])
        .map(|t| -> Triangle { t.map(corner) })
        .collect();
    Mesh { triangles }
}

/// A cube of 20 mm at the origin.
pub fn cube() -> Mesh {
    boxed([0.0; 3], [20.0; 3])
}
