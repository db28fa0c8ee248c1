//! From layers to planned beads.

pub mod infill;
pub mod medial;
pub mod perimeters;
pub mod spec;
pub mod adhesion;
mod lines;
pub mod support;
