//! What can go wrong between a milling job and its toolpaths.

use offcut_geometry::{Cancelled, GridError};
use thiserror::Error;

/// Why a job has no toolpaths. The message says what is wrong, where, and what to do.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum MillError {
    /// The job file, or a key of it, can't be read.
    #[error("{0}")]
    Job(String),
    /// The tool library, or a tool of it, can't be used.
    #[error("{0}")]
    Tool(String),
    /// An operation can't be made as asked for.
    #[error("operation {operation}: {what}")]
    Operation {
        /// Its number and name, as `2 (pocket)`.
        operation: String,
        /// What is wrong and what to do.
        what: String,
    },
    /// A toolpath would do harm.
    #[error("operation {operation}, at X{:.3} Y{:.3} Z{:.3}: {what}", at[0], at[1], at[2])]
    Unsafe {
        /// Its number and name, as `2 (pocket)`.
        operation: String,
        /// Where, mm.
        at: [f64; 3],
        /// What would happen and what to do.
        what: String,
    },
    /// A length does not fit the grid.
    #[error(transparent)]
    Grid(#[from] GridError),
    /// The job was cancelled from outside.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}
