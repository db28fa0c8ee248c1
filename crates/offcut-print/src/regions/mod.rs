//! Layers become regions: sparse infill, support, adhesion.

pub mod adhesion;
pub mod infill;
mod lines;
pub mod support;
