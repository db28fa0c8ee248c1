//! Triangle meshes: what a model file holds, made sound and cut into layers.

pub mod mesh;

pub use mesh::{Mesh, Triangle};
