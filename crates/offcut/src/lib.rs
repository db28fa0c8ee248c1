//! The offcut engine: a job in, an outcome out. The only crate that front ends name.

pub mod error;
pub mod render;

pub use error::Error;
