//! Triangle meshes: what a model file holds, made sound and cut into layers.

mod edges;
pub mod measure;
pub mod mesh;
pub mod repair;
#[cfg(test)]
mod samples;
pub mod slice;
pub mod soundness;
pub mod triangulate;
pub mod weld;

pub use measure::MeshFacts;
pub use mesh::{Bounds, Mesh, Triangle, moved};
pub use repair::{RepairReport, repair};
pub use slice::{SliceError, SliceParams, Slices, slice};
pub use soundness::Soundness;
pub use weld::Indexed;
