//! From drawings to parts.
//!
//! In: a [`offcut_geometry::drawing::Drawing`]. Out: contours (paths joined to closed outlines, duplicates
//! removed) and parts (an outline with its holes and what lies on it). Everything keeps its arcs, its layer and
//! its colour; outlines run counter-clockwise, holes clockwise. Polygons that cover a part go to nesting.

pub mod contours;
pub mod cover;
pub mod cuts;
pub mod depth;
mod graph;
mod overlap;
pub mod parts;
pub mod raster;

pub use contours::{Contour, Contours, Repairs, contours};
pub use cover::cover;
pub use parts::{Kind, Part, Parts, parts};

/// The distance within which path ends belong together, mm.
pub const JOIN_TOLERANCE: f64 = 0.01;
