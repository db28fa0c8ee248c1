//! Triangle meshes: what a model file holds, made sound and cut into layers.

pub mod mesh;
pub mod slice;

pub use mesh::{Mesh, Triangle};
pub use slice::{SliceError, SliceParams, Slices, slice};
