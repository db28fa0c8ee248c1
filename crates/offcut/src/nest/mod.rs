//! Nesting: an instance or drawings become layouts within a budget.

pub mod document;
mod drawings;
mod instance;
mod onto;
mod parts;
mod rules;
mod sheets;

pub(crate) use document::SHEET_LAYER;
pub use document::{LayoutFile, is_layout};
pub use drawings::{DrawingNestJob, DrawingNestOutcome, OnBetter, Totals, Turns, nest_drawings};
pub use instance::{NestJob, NestOutcome, Unplaced, nest};
pub use offcut_nest::Budget;
pub use offcut_nest::json::write_instance as instance_json;
pub use parts::{PartRequest, SourcePart, read_parts, read_settled};
pub use rules::{PartRules, apply_to_sheet, split_options};
pub use sheets::{SheetRequest, parse_size, read_sheets, rectangle};
