//! What can be wrong with settings and profiles.

use crate::table::Scope;

/// Why settings cannot be used. Every message says what, where, and what to do.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// No setting has this name.
    #[error("{place}: there is no setting `{key}`{hint}")]
    UnknownKey {
        /// File and line, or the option on the command line.
        place: String,
        /// The unknown name.
        key: String,
        /// What may have been meant; empty, or a sentence that continues the message.
        hint: String,
    },
    /// The value does not fit the setting.
    #[error("{place}: `{key}` can't be `{value}`: {reason}")]
    BadValue {
        /// File and line, or the option on the command line.
        place: String,
        /// The setting.
        key: String,
        /// The value as it was given.
        value: String,
        /// What it must be.
        reason: String,
    },
    /// An assignment without a key or an equals sign.
    #[error("`{text}` is no assignment; write KEY=VALUE, as layer_height=0.2mm")]
    NoAssignment {
        /// What was given.
        text: String,
    },
    /// A profile is not TOML.
    #[error("{place}: {reason}")]
    Syntax {
        /// File and line.
        place: String,
        /// What the parser says.
        reason: String,
    },
    /// A setting stands in a profile of the wrong kind.
    #[error("{place}: `{key}` does not belong in a {found} profile; put it into one of kind {belongs}")]
    WrongScope {
        /// File and line.
        place: String,
        /// The setting.
        key: String,
        /// Kind of the profile.
        found: Scope,
        /// Kinds that may hold it.
        belongs: String,
    },
    /// A profile of another kind was expected.
    #[error("{place}: this is a {found} profile where a {expected} profile is needed")]
    WrongKind {
        /// The file.
        place: String,
        /// Kind that the profile says it has.
        found: String,
        /// Kind that is needed.
        expected: Scope,
    },
    /// No profile has this name.
    #[error("{place}: there is no {scope} profile `{name}`{hint}")]
    UnknownProfile {
        /// Who asks for it.
        place: String,
        /// The kind.
        scope: Scope,
        /// The unknown name.
        name: String,
        /// What may have been meant; empty, or a sentence that continues the message.
        hint: String,
    },
    /// A profile inherits from itself.
    #[error("profiles inherit in a circle: {chain}; remove one `inherits`")]
    Cycle {
        /// The profiles on the circle.
        chain: String,
    },
    /// Profiles inherit through too many others.
    #[error("`{name}` inherits through more than {limit} profiles; flatten the chain")]
    TooDeep {
        /// The profile in question.
        name: String,
        /// The limit.
        limit: usize,
    },
    /// A machine, a material and a process that do not fit together.
    #[error("{what}")]
    Incompatible {
        /// Which, why and what to do.
        what: String,
    },
    /// Settings that contradict each other or a limit.
    #[error("{}", problems.join("\n"))]
    Invalid {
        /// One sentence each.
        problems: Vec<String>,
    },
    /// A file of another slicer that cannot be imported.
    #[error("{place}: {reason}")]
    Import {
        /// File and line.
        place: String,
        /// What is wrong.
        reason: String,
    },
    /// A file or folder that cannot be read.
    #[error("{path}: can't be read: {reason}")]
    Unreadable {
        /// The path.
        path: String,
        /// What the system says.
        reason: String,
    },
}

/// Something that works but may not be meant so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The setting it is about, where it is about one.
    pub key: &'static str,
    /// What, and what to do.
    pub message: String,
}
