//! Typed settings: what a job can ask for, with units, defaults and documentation.

pub mod print;
pub mod value;

pub use print::PrintSettings;
