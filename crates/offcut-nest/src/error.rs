//! What can go wrong between an instance and its layout.

use thiserror::Error;

/// Why there is no layout. The message says what, where, and what to do.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum NestError {
    /// The text is no instance or solution.
    #[error("{place}: {what}")]
    Format {
        /// Where in the document.
        place: String,
        /// What is wrong there, and what to do.
        what: String,
    },
    /// There is nothing to place.
    #[error("the instance has no parts; give at least one item a demand above 0")]
    Empty,
    /// More parts than the optimiser takes.
    #[error("{count} parts are more than the {limit} that can be nested at once; split the job")]
    TooMany {
        /// How many there are.
        count: u64,
        /// How many there may be.
        limit: u64,
    },
    /// A part fits in none of its orientations.
    #[error(
        "part `{item}` does not fit on {place} in any allowed orientation; allow other rotations or take a \
         larger sheet"
    )]
    DoesNotFit {
        /// The item's id.
        item: String,
        /// The strip or sheets.
        place: &'static str,
    },
    /// The layout to begin from is not valid.
    #[error("the layout to begin from can't be used: {0}; begin without it")]
    Start(String),
    /// What is locked is not valid by itself.
    #[error("the locked parts can't stay where they are: {0}; move or release them")]
    Locked(String),
    /// Nothing could be placed within the budget.
    #[error("no part could be placed within the budget; allow more time or work, or larger sheets")]
    NoLayout,
    /// Cancelled before the first valid layout.
    #[error(transparent)]
    Cancelled(#[from] offcut_geometry::Cancelled),
}
