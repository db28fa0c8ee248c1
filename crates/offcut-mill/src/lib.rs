//! From models, drawings, stock and tools to toolpaths of a router or mill with three axes.
//!
//! In: a [`setup::Setup`] (stock, fixtures, heights), [`tools::Tool`]s, operations. Out: one
//! [`toolpath::Toolpath`] per operation, in millimetres, with the program's zero as origin.
//! Operations leave [`toolpath::Pass`]es, which touch material at feed only; rapids are added once, by the linker.

pub mod audit;
pub mod dropcutter;
pub mod error;
pub mod job;
pub mod links;
pub mod operations;
pub mod path;
pub mod plan;
pub mod program;
pub mod relief;
pub mod setup;
pub mod simulate;
pub mod stock;
#[cfg(test)]
mod testing;
pub mod toolpath;
pub mod tools;
pub mod waterline;

pub use error::MillError;
pub use job::{Inputs, Job, JobFile};
pub use plan::{Planned, plan};
pub use program::program;
pub use setup::{Fixture, Setup, Stock, StockShape};
pub use toolpath::{CutRole, Feeds, Move, Pass, Toolpath};
pub use tools::{Shape, Tool};
