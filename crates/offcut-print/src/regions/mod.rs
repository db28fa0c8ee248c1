//! Layers become regions: support, adhesion.

pub mod adhesion;
mod lines;
pub mod support;
