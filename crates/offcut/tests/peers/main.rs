//! Facts that any slicer's G-code must show, checked on what the whole engine writes: meshes go in, the
//! G-code is read back, nothing in between is looked at.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod adhesion;
mod body;
mod corpus;
mod gcode;
mod layers;
mod options;
mod perimeters;
mod plate;
mod run;
mod surfaces;
mod travel;
