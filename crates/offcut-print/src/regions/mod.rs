//! Layers become regions: support, adhesion.

pub mod support;
