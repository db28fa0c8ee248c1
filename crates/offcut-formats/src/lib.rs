//! Formats of models and drawings, one module each.
//!
//! In: the bytes of a file and its name. Out: a [`Model`] or a [`DrawingFile`] in millimetres with its warnings,
//! or one clear [`FormatError`]. Promised: the content decides the format before the extension does, nothing is read
//! or written outside the given bytes, no input panics, and [`Limits`] bound time and memory.
//!
//! A new format is one module and one line in [`FORMATS`].

pub mod amf;
mod archive;
mod base64;
mod drawing;
pub mod dxf;
mod error;
pub mod font;
pub mod image;
pub mod json;
pub mod lbrn;
mod limits;
mod model;
mod number;
pub mod obj;
mod raster;
mod sniff;
pub mod stl;
pub mod svg;
pub mod threemf;
mod xml;

pub use base64::encode as base64_of;
pub use drawing::{DrawingFile, DrawingUnit, Ignored, Reading, UnitReading, is_drawing, read_drawing};
pub use error::{Cause, FormatError};
pub use limits::Limits;
pub use model::{Model, ModelObject, Unit, UnitEvidence, Warning};

/// What a format's reader gives back; [`read_model`] adds the file's name to an error.
pub(crate) type Read = Result<Model, Cause>;

/// One readable model format.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// Short name, as in `--json` output.
    pub id: &'static str,
    /// What it is, for help texts.
    pub doc: &'static str,
    /// File name extensions, lower case, without the dot.
    pub extensions: &'static [&'static str],
    /// Whether the bytes are certainly of this format.
    detect: fn(&[u8]) -> bool,
    /// Reads the bytes.
    read: fn(&[u8], &Limits) -> Read,
}

/// All readable formats, in the order in which their content is tried.
pub const FORMATS: &[Format] = &[stl::FORMAT, threemf::FORMAT, amf::FORMAT, obj::FORMAT];

/// True when a file of this name and content is a model.
#[must_use]
pub fn is_model(name: &str, bytes: &[u8]) -> bool {
    let extension = name
        .rsplit_once('.')
        .map_or(String::new(), |(_, e)| e.to_ascii_lowercase());
    FORMATS
        .iter()
        .any(|f| (f.detect)(bytes) || f.extensions.contains(&extension.as_str()))
}

/// Reads a model of any known format.
///
/// `name` is the file's name: its extension decides when the content doesn't, and errors begin with it.
///
/// # Errors
/// [`FormatError`] names the file and says what is wrong with it.
pub fn read_model(bytes: &[u8], name: &str, limits: &Limits) -> Result<Model, FormatError> {
    read(bytes, name, limits).map_err(|cause| FormatError {
        file: name.to_owned(),
        cause,
    })
}

fn read(bytes: &[u8], name: &str, limits: &Limits) -> Read {
    limits.file(bytes.len())?;
    if bytes.is_empty() {
        return Err(Cause::Empty("the file has no bytes"));
    }
    let extension = name
        .rsplit_once('.')
        .map_or(String::new(), |(_, e)| e.to_ascii_lowercase());
    let by_extension = FORMATS
        .iter()
        .find(|f| f.extensions.contains(&extension.as_str()));
    let by_content = FORMATS.iter().find(|f| (f.detect)(bytes));
    let Some(format) = by_content else {
        if let Some(what) = sniff::foreign(bytes) {
            return Err(Cause::Foreign(what));
        }
        return match by_extension {
            Some(format) => (format.read)(bytes, limits)?.checked(limits),
            None => Err(Cause::Unknown),
        };
    };
    let mut model = (format.read)(bytes, limits)?.checked(limits)?;
    if by_extension.is_some_and(|f| f.id != format.id) {
        model.warn(
            "extension",
            format!(
                "the file is named .{extension} but holds {}; read as that",
                format.doc
            ),
        );
    }
    Ok(model)
}
