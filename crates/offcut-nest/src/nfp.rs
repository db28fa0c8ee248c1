//! No-fit polygons: where one part may not lie, seen from another.
//!
//! In: two parts as simple pieces. Out: the set of offsets (position of the first minus position of the
//! second) at which they share area, and a field that answers for any offset how deep it lies in that set
//! and which way is out.

mod field;
pub mod pieces;
pub mod sum;

pub(crate) use field::whole;
pub use field::{Contact, Field, Play};
pub use pieces::pieces;
pub use sum::no_fit;
