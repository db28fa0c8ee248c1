//! Planar geometry on a fixed integer grid.
//!
//! In: points, loops and polylines in grid units (10 nm). Out: the same, after booleans, offsets,
//! simplification, hatching and ordering. Everything here is deterministic: no floats decide a
//! topology, no hash map is iterated.

pub mod clip;
pub mod clip_lines;
pub mod ctx;
pub mod drawing;
pub mod hatch;
pub mod hull;
pub mod island;
pub mod link;
pub mod loops;
pub mod near;
pub mod offset;
pub mod order;
pub mod point;
pub mod simplify;
pub mod strands;
pub mod triangulate;
pub mod units;
pub mod winding;

pub use clip_lines::LineClipper;
pub use ctx::{Cancelled, Ctx};
pub use hatch::{Crossing, Hatch, Rows};
pub use island::{Island, islands};
pub use link::{LinkLimits, Linker};
pub use loops::{Loops, Polylines};
pub use point::{BBox, Point};
pub use strands::Strands;
pub use units::{Coord, GridError, UNITS_PER_MM, grid, nearest_unit, to_grid, to_mm};
