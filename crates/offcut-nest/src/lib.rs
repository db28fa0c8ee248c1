//! Nesting: parts become layouts on a strip or on sheets with the least waste.
//!
//! In: an [`Instance`] (items with polygons on the grid, demands, orientations; a strip or sheets). Out: a
//! [`Layout`] that the exact checker has passed. The optimiser moves parts by floating-point numbers; the
//! checker decides by integers, and nothing leaves this crate that it refuses.

pub mod budget;
pub mod chain;
pub mod check;
pub mod error;
pub mod fill;
pub mod instance;
pub mod json;
pub mod layout;
pub mod nest;
pub mod nfp;
pub mod orientation;
pub mod problem;
pub mod relate;
pub mod remnant;
pub mod repair;
pub mod rng;
pub mod search;
pub mod sheets;
pub mod state;
pub mod strip;

pub use budget::Budget;
pub use check::{Fault, check};
pub use error::NestError;
pub use instance::{Instance, Item, Locked, Rotations, Sheet, Target, Zone};
pub use layout::{Layout, Placement, Reason, Unplaced};
pub use nest::{Improvement, Options, nest};
pub use orientation::Orientation;
pub use remnant::{Keep, Remnant, remnants};
