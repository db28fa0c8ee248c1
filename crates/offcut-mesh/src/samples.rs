//! Small meshes for tests.

use crate::Mesh;

/// A cube of 20 mm at the origin.
pub fn cube() -> Mesh {
    Mesh::boxed([0.0; 3], [20.0; 3])
}
