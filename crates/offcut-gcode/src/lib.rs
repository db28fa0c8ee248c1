//! Machine-neutral motion programs and the dialects that write them.
//!
//! In: a [`Program`], or the text of any printer's G-code. Out: G-code of a dialect, its time and
//! material, and what is wrong with it.

pub mod arcs;
pub mod dialects;
pub mod error;
pub mod estimate;
pub mod macros;
pub mod metadata;
pub mod program;
pub mod read;
pub mod verify;
pub mod write;

pub use error::Error;
pub use estimate::{Estimate, estimate, estimate_file};
pub use metadata::{Metadata, Thumbnail};
pub use program::{Program, Role, Step, Vertex};
pub use write::{write, write_to};
