//! What can be wrong with a file.

use thiserror::Error;

/// A file that can't be read as a model.
#[derive(Debug, Clone, PartialEq, Error)]
#[error("{file}: {cause}")]
pub struct FormatError {
    /// The file's name as given.
    pub file: String,
    /// What is wrong with it.
    pub cause: Cause,
}

/// Why a file can't be read. Every message is one line: what, where, what to do.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum Cause {
    /// The content is of no known format and the extension doesn't help.
    #[error("not a model file that offcut knows (STL, OBJ, 3MF, AMF)")]
    Unknown,
    /// The content is of a known kind that isn't a model.
    #[error("this is {0}, not a model; export the model as STL or 3MF")]
    Foreign(&'static str),
    /// There is no geometry.
    #[error("no model in it: {0}")]
    Empty(&'static str),
    /// The file ends too early.
    #[error("the file is cut off: {0}; copy, download or export it again")]
    Truncated(String),
    /// The syntax is broken.
    #[error("{place}: {what}")]
    Syntax {
        /// Line, byte or archive part.
        place: String,
        /// What is wrong there.
        what: String,
    },
    /// A reference to something that doesn't exist.
    #[error("{place}: {what} doesn't exist")]
    Dangling {
        /// Line or object.
        place: String,
        /// The index or name that was asked for.
        what: String,
    },
    /// A coordinate is NaN or infinite.
    #[error("{0}: a coordinate is not a finite number; export the model again")]
    NotFinite(String),
    /// A coordinate is too far out.
    #[error(
        "a coordinate is {value:.4e} mm, beyond ±{limit} mm; move the model to the origin or check its unit"
    )]
    TooFar {
        /// The coordinate, mm.
        value: f64,
        /// The allowed distance, mm.
        limit: f64,
    },
    /// The format demands something that offcut can't do.
    #[error("it needs {0}, which offcut doesn't support; export plain geometry")]
    Unsupported(String),
    /// The archive is damaged or not one.
    #[error("broken archive: {0}")]
    Archive(String),
    /// The file is larger than allowed.
    #[error("{bytes} bytes are more than the limit of {limit}")]
    FileTooLarge {
        /// Size of the file.
        bytes: u64,
        /// Largest allowed size.
        limit: u64,
    },
    /// More triangles than allowed.
    #[error("more than {0} triangles; simplify the model")]
    TooManyTriangles(usize),
    /// An archive inflates to more than allowed.
    #[error("{part} inflates beyond {limit} bytes: refused, as a hostile archive does this")]
    Expansion {
        /// The entry.
        part: String,
        /// The most bytes it may inflate to.
        limit: u64,
    },
    /// An archive has more entries than allowed.
    #[error("the archive has more than {0} entries")]
    TooManyEntries(usize),
    /// Components or elements are nested more deeply than allowed.
    #[error("{what} are nested more than {limit} levels deep")]
    TooDeep {
        /// What is nested.
        what: &'static str,
        /// Deepest allowed nesting.
        limit: usize,
    },
    /// The content is of no known drawing format.
    #[error("not a drawing that offcut knows (SVG, DXF, LBRN2, JSON, PNG, JPEG)")]
    UnknownDrawing,
    /// The content is of a known kind that isn't a drawing.
    #[error("this is {0}, not a drawing; export the drawing as SVG or DXF")]
    NotDrawing(&'static str),
    /// There is nothing to cut or engrave.
    #[error("no drawing in it: {0}")]
    EmptyDrawing(String),
    /// More segments than allowed.
    #[error("more than {0} segments; simplify the drawing")]
    TooManySegments(usize),
    /// The unit is told in two ways.
    #[error("its size is not certain: {0}; say which with --unit")]
    UnitConflict(String),
    /// An object contains itself.
    #[error("object {0} contains itself")]
    Cycle(String),
    /// More instances than allowed.
    #[error("it places more than {0} objects")]
    TooManyInstances(usize),
}

impl Cause {
    /// A syntax error at a place.
    pub(crate) fn syntax(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Syntax {
            place: place.into(),
            what: what.into(),
        }
    }
}
