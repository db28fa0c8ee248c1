//! FDM printing: meshes become layers, layers become regions, regions become toolpaths.
//!
//! `Mesh → Vec<Layer> → Vec<LayerPlan> → Program`

pub mod plan;

pub use plan::{Bead, BeadSet, IslandPlan, Layer, LayerPlan};
