//! Printed lines as pictures need them: layer by layer, with width, height and role.

use offcut_gcode::Role;
use offcut_gcode::read::{Motion, Visitor, read};

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

/// Takes the lines out of the G-code of any slicer. Layers follow its comments; without comments a layer
/// begins where something is printed at a new height.
#[must_use]
pub fn strokes(text: &[u8]) -> Vec<LayerStrokes> {
    let mut marked = Collector::default();
    read(text, &mut marked);
    let mut layers = marked.layers;
    layers.retain(|l| !l.strokes.is_empty());
    if !layers.is_empty() {
        return layers;
    }
    let mut by_height = Collector {
        by_height: true,
        ..Collector::default()
    };
    read(text, &mut by_height);
    by_height.layers
}

/// Width of lines whose file doesn't say it, mm.
const USUAL_WIDTH: f32 = 0.45;
/// Thickness of layers whose file doesn't say it, mm.
const USUAL_HEIGHT: f32 = 0.2;

#[derive(Default)]
struct Collector {
    by_height: bool,
    layers: Vec<LayerStrokes>,
}

impl Collector {
    fn layer(&mut self, m: &Motion, prints: bool) -> Option<&mut LayerStrokes> {
        if self.by_height {
            let new = |l: &LayerStrokes| (l.z - m.to[2] as f32).abs() > 1e-3;
            if prints && self.layers.last().is_none_or(new) {
                self.layers.push(LayerStrokes::default());
            }
            return self.layers.last_mut();
        }
        let n = m.layer as usize;
        if self.layers.len() < n {
            self.layers.resize_with(n, LayerStrokes::default);
        }
        self.layers.get_mut(n.checked_sub(1)?)
    }
}

impl Visitor for Collector {
    fn motion(&mut self, m: &Motion) {
        let at = |p: [f64; 3]| [p[0] as f32, p[1] as f32];
        let moves = m.arc.is_some() || at(m.from) != at(m.to);
        if !m.known || !moves {
            return;
        }
        let prints = m.e > 0.0;
        let Some(l) = self.layer(m, prints) else { return };
        let role = prints.then(|| m.role.unwrap_or(Role::Perimeter));
        let width = match (prints, m.width > 0.0) {
            (false, _) => 0.0,
            (true, true) => m.width,
            (true, false) => USUAL_WIDTH,
        };
        if prints && !l.strokes.iter().any(|s| s.role.is_some()) {
            l.z = m.to[2] as f32;
            l.height = if m.height > 0.0 { m.height } else { USUAL_HEIGHT };
        }
        let end = l.points.len() as u32;
        let continues = l
            .strokes
            .last()
            .is_some_and(|s| s.role == role && s.width == width)
            && l.points.last() == Some(&at(m.from));
        if !continues {
            l.points.push(at(m.from));
            l.strokes.push(Stroke {
                role,
                width,
                start: end,
                end,
            });
        }
        if let Some(arc) = m.arc {
            let (radius, sweep) = arc.sweep(m.from, m.to);
            // 5 degrees a chord.
            let n = (sweep.abs() / 0.087).ceil().clamp(1.0, 72.0) as usize;
            let start = libm::atan2(m.from[1] - arc.center[1], m.from[0] - arc.center[0]);
            for i in 1..n {
                let a = start + sweep * i as f64 / n as f64;
                let p = [
                    arc.center[0] + radius * libm::cos(a),
                    arc.center[1] + radius * libm::sin(a),
                    0.0,
                ];
                l.points.push(at(p));
            }
        }
        l.points.push(at(m.to));
        let end = l.points.len() as u32;
        if let Some(s) = l.strokes.last_mut() {
            s.end = end;
        }
    }
}
