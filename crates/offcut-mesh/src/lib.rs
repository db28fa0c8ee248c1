//! Triangle meshes: what a model file holds, made sound and cut into layers.

pub mod mesh;
#[cfg(test)]
mod samples;
pub mod slice;
pub mod soundness;

pub use mesh::{Mesh, Triangle};
pub use slice::{SliceError, SliceParams, Slices, slice};
pub use soundness::Soundness;
