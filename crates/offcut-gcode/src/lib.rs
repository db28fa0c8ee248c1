//! Machine-neutral motion programs and the dialects that write them.

pub mod program;

pub use program::{Program, Role, Step, Vertex};
