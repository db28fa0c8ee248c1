//! Layers become regions: support, adhesion.

pub mod flow;
pub mod support;
