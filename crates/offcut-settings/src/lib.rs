//! Typed settings: what a job can ask for, with units, defaults and documentation.
//!
//! In comes text: assignments, TOML profiles, files of other slicers. Out goes [`PrintSettings`], whose
//! numbers are all in range, together with where every value comes from. Nothing here reads files,
//! except `discovery`.

#[macro_use]
pub mod table;
pub mod access;
pub mod cnc;
pub mod cut;
pub mod discovery;
pub mod error;
pub mod flow;
pub mod import;
pub mod print;
pub mod profile;
pub mod reference;
pub mod schema;
pub mod speeds;
mod suggest;
pub mod tabled;
mod validate;
pub mod value;
mod vase;

pub use cnc::CncFlavor;
pub use cut::{CUT_SETTINGS, CutSettings};
pub use error::{SettingsError, Warning};
pub use print::{PrintSettings, SETTINGS};
pub use tabled::Tabled;
pub use value::{LengthOrPercent, Raw, Size};
