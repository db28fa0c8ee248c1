//! The settings of a print: one documented field each.
//!
//! The definitions in `print/` hold name, documentation, type, default, unit and range of every
//! setting once. From them come the struct here and [`SETTINGS`], the table behind everything else.

#[macro_use]
mod process;
#[macro_use]
mod material;
#[macro_use]
mod machine;
pub(crate) mod choices;

pub use choices::{
    BrimType, DraftShield, GcodeFlavor, InfillPattern, LabelObjects, PerimeterGenerator, PerimeterOrder,
    PrintOrder, SeamPosition, SlicingMode, Support, SurfacePattern,
};

use crate::table::Unit;
use crate::value::LengthOrPercent::{Mm, Percent};
use crate::value::{LengthOrPercent, Size, Value};

process_settings! { material_settings machine_settings define_settings ; }
