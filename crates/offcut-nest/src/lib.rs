//! Nesting: parts become layouts on a strip or on sheets with the least waste.
//!
//! In: an [`Instance`] (items with polygons on the grid, demands, orientations; a strip or sheets). Out: a
//! [`Layout`] that the exact checker has passed. The optimiser moves parts by floating-point numbers; the
//! checker decides by integers, and nothing leaves this crate that it refuses.

pub mod check;
pub mod error;
pub mod instance;
pub mod json;
pub mod layout;
pub mod orientation;
pub mod relate;

pub use check::{Fault, check};
pub use error::NestError;
pub use instance::{Instance, Item, Rotations, Sheet, Target, Zone};
pub use layout::{Layout, Placement};
pub use orientation::Orientation;
