//! Triangle meshes: what a model file holds, made sound and cut into layers.

mod edges;
pub mod measure;
pub mod mesh;
#[cfg(test)]
mod samples;
pub mod slice;
pub mod soundness;
pub mod weld;

pub use measure::MeshFacts;
pub use mesh::{Mesh, Triangle};
pub use slice::{SliceError, SliceParams, Slices, slice};
pub use soundness::Soundness;
pub use weld::Indexed;
