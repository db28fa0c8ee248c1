//! Printed lines as pictures need them: layer by layer, with width, height and role.

use offcut_gcode::program::{Program, Role, Step};

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

/// Takes the lines out of a program.
#[must_use]
pub fn strokes(program: &Program) -> Vec<LayerStrokes> {
    let mut layers: Vec<LayerStrokes> = program
        .layers
        .iter()
        .map(|l| LayerStrokes {
            z: l.z as f32,
            height: l.height as f32,
            ..LayerStrokes::default()
        })
        .collect();
    let mut layer = None;
    let mut at = None;
    for step in &program.steps {
        let (path, role, width) = match step {
            Step::Layer(i) => {
                layer = Some(*i as usize);
                continue;
            }
            Step::Travel { path, .. } | Step::Wipe { path, .. } => (*path, None, 0.0),
            Step::Extrude { path, bead } => (*path, Some(bead.role), bead.width),
            _ => continue,
        };
        let mut points = Vec::new();
        let mut arc = program.arcs.partition_point(|a| a.vertex < path.start);
        for i in path.start..path.end {
            let to = program.vertices[i as usize];
            let from = at.unwrap_or(to);
            if points.is_empty() {
                points.push(from);
            }
            match program.arcs.get(arc) {
                Some(a) if a.vertex == i => {
                    points.push(to);
                    let _ = a;
                    arc += 1;
                }
                _ => points.push(to),
            }
            at = Some(to);
        }
        let Some(l) = layer.and_then(|i| layers.get_mut(i)) else {
            continue;
        };
        let start = l.points.len() as u32;
        l.points.extend(points.iter().map(|v| {
            let (x, y) = v.xy().mm();
            [x as f32, y as f32]
        }));
        l.strokes.push(Stroke {
            role,
            width,
            start,
            end: l.points.len() as u32,
        });
    }
    layers
}
