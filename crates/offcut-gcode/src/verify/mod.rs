//! What is wrong with a program or a file, as data.

mod check;
mod roundtrip;

pub use check::{check, check_program};
pub(crate) use roundtrip::Expected;

use serde::{Deserialize, Serialize};
use std::fmt;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// The print may suffer.
    Warning,
    /// The machine must not run this.
    Error,
}

/// Something wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// How bad.
    pub severity: Severity,
    /// Short name of the kind, stable.
    pub code: String,
    /// Line of the file, from 1; 0 when there is none.
    pub line: u64,
    /// What is wrong and what to do.
    pub message: String,
    /// How often it was seen in all.
    pub count: u64,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}: ", self.line)?;
        }
        f.write_str(&self.message)?;
        if self.count > 1 {
            write!(f, " ({} times)", self.count)?;
        }
        Ok(())
    }
}
