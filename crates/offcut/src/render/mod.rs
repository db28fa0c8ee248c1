//! Pictures by an own software rasteriser: models, layers, printed threads, drawings, layouts.
//!
//! In: meshes or printed lines. Out: a [`Picture`] (PNG) or SVG. Promised: the same bytes on every machine.

mod camera;
mod canvas;
mod color;
mod cuts;
mod flat;
mod frame;
mod glyphs;
mod layer;
mod mill;
mod pictures;
mod preview;
mod scene;
mod sheets;
mod strokes;
mod svg;
#[cfg(test)]
mod tests;

pub use camera::View;
pub use color::{parse_color, role_color};
pub use cuts::cuts_picture;
pub use frame::Picture;
pub use layer::{LayerOptions, draw_contact_sheet, draw_layer};
pub use mill::{Piece, Ways, draw_stock};
pub use preview::draw_preview;
pub use scene::{Bed, Body, MAX_SIDE, Options, draw_file, draw_models};
pub use sheets::{Flat, drawing_picture, layout_picture};
pub use strokes::{LayerStrokes, Stroke, strokes};
pub use svg::layer_svg;
