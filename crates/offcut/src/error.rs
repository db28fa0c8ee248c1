//! What can go wrong between a job and its outcome, sorted by whose turn it is.

use offcut_geometry::Cancelled;
use thiserror::Error;

/// Why a job has no outcome. The message says what, where, and what to do.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// An input file can't be read.
    #[error("{0}")]
    Input(String),
    /// Options or settings are wrong.
    #[error("{0}")]
    Usage(String),
    /// What is asked for can't be made.
    #[error("{0}")]
    Impossible(String),
    /// The job needs more memory than there is.
    #[error("{0}")]
    Memory(String),
    /// A picture can't be drawn.
    #[error("{0}")]
    Render(String),
    /// The job was cancelled from outside.
    #[error("cancelled")]
    Cancelled,
    /// A fault of offcut itself.
    #[error("{0}; this is a fault of offcut, please report it together with the input")]
    Internal(String),
}

impl Error {
    /// The exit status that stands for the error: 1 can't be made, 2 usage or settings, 3 unreadable
    /// input, 4 internal fault, 130 cancelled.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Impossible(_) | Self::Memory(_) | Self::Render(_) => 1,
            Self::Usage(_) => 2,
            Self::Input(_) => 3,
            Self::Internal(_) => 4,
            Self::Cancelled => 130,
        }
    }

    /// The short stable name of the kind.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Input(_) => "input",
            Self::Usage(_) => "usage",
            Self::Impossible(_) => "impossible",
            Self::Memory(_) => "memory",
            Self::Render(_) => "render",
            Self::Cancelled => "cancelled",
            Self::Internal(_) => "internal",
        }
    }
}

impl From<Cancelled> for Error {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

impl From<offcut_settings::SettingsError> for Error {
    fn from(e: offcut_settings::SettingsError) -> Self {
        Self::Usage(e.to_string())
    }
}

impl From<offcut_print::PrintError> for Error {
    fn from(e: offcut_print::PrintError) -> Self {
        match e {
            offcut_print::PrintError::Cancelled(_) => Self::Cancelled,
            other => Self::Impossible(other.to_string()),
        }
    }
}

impl From<offcut_gcode::Error> for Error {
    fn from(e: offcut_gcode::Error) -> Self {
        use offcut_gcode::Error as E;
        match e {
            E::Cancelled(_) => Self::Cancelled,
            E::BrokenProgram { .. } | E::Mismatch { .. } => Self::Internal(e.to_string()),
            other => Self::Impossible(other.to_string()),
        }
    }
}
