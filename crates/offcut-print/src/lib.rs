//! FDM printing: meshes become layers, layers become regions, regions become toolpaths.
//!
//! `Mesh → Vec<Layer> → Vec<LayerPlan> → Program`

pub mod arrange;
pub mod error;
pub mod layers;
mod pipeline;
pub mod plan;
pub mod plate;
pub mod print;
pub mod regions;
pub mod toolpaths;

pub use error::PrintError;
pub use plan::{Bead, BeadSet, IslandPlan, Layer, LayerPlan};
pub use plate::{Anchor, Notice};
pub use print::{Body, Printed, print};
pub use toolpaths::{Job, PrintObject};
