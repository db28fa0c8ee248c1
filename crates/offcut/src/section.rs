//! Sections of meshes as drawings: one at a height, or a stack of layers for sheets of a thickness.
//!
//! In: a model file. Out: a drawing of closed paths in millimetres. The layers of a stack lie side by side, each cut
//! through the middle of its sheet, on a drawing layer that tells its number and height.

mod marks;

use crate::{Ctx, Error, Input};
use nalgebra::Matrix4;
use offcut_formats::{DrawingUnit, Limits, Unit, read_model};
use offcut_geometry::drawing::{Drawing, Layer, Operation, Paint, Path, Segment, Vec2};
use offcut_geometry::{Loops, to_mm};
use offcut_mesh::slice::Fill;
use offcut_mesh::{Mesh, SliceParams, slice};

/// Where a model is cut.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Section {
    /// At this height over the model's lowest point, mm.
    At(f64),
    /// Into layers of this thickness, mm, with marks to be scored.
    Layers(f64, Marks),
}

/// What is scored on the layers of a stack.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Marks {
    /// Nothing.
    #[default]
    None,
    /// The number of each layer, from the lowest, on every piece.
    Numbers,
    /// Numbers, and where the next layer goes.
    Outlines,
}

/// Outlines may deviate this much from the mesh, mm.
const RESOLUTION: f64 = 0.01;
/// The most layers of a stack.
const MOST_LAYERS: f64 = 1000.0;
/// Room between the layers of a stack, mm.
const GAP: f64 = 10.0;

/// The section of a model; lengths are taken as millimetres unless the file or `unit` says otherwise.
///
/// # Errors
/// [`Error::Input`] when the file can't be read, [`Error::Usage`] for a height that meets nothing.
pub fn section(input: &Input, section: Section, unit: Option<DrawingUnit>) -> Result<Drawing, Error> {
    let name = &input.name;
    let model =
        read_model(&input.bytes, name, &Limits::default()).map_err(|e| Error::Input(e.to_string()))?;
    let scale = unit.map_or(1.0, |u| {
        u.millimetres / model.unit.declared.map_or(1.0, Unit::millimetres)
    });
    let mut all = Mesh::default();
    for o in &model.objects {
        let mut mesh = o.placed();
        mesh.transform(&Matrix4::new_scaling(scale));
        all.triangles.append(&mut mesh.triangles);
    }
    let (lo, hi) = all
        .bounds()
        .ok_or_else(|| Error::Input(format!("{name}: has no triangles")))?;
    let height = f64::from(hi[2]) - f64::from(lo[2]);
    let steps: Vec<f64> = match section {
        Section::At(z) if z.is_finite() && (0.0..=height).contains(&z) => vec![z],
        Section::At(z) => {
            return Err(Error::Usage(format!(
                "--section {z}: {name} reaches from 0 to {height:.3} mm"
            )));
        }
        Section::Layers(t, _) if t.is_finite() && t > 0.0 && height / t <= MOST_LAYERS => {
            let count = ((height / t) - 1e-6).ceil().max(1.0) as usize;
            // The last sheet may stand out: it is cut through the middle of what it holds.
            (0..count)
                .map(|k| {
                    let (from, to) = (k as f64 * t, ((k + 1) as f64 * t).min(height));
                    (from + to) / 2.0
                })
                .collect()
        }
        Section::Layers(t, _) => {
            return Err(Error::Usage(format!(
                "--layers {t}: {name} is {height:.3} mm high; a thickness that makes 1 to {MOST_LAYERS} layers is needed"
            )));
        }
    };
    let heights: Vec<f64> = steps.iter().map(|z| z + f64::from(lo[2])).collect();
    let params = SliceParams {
        fill: Fill::Positive,
        resolution: RESOLUTION,
        closing_radius: 0.02,
        origin: [f64::from(lo[0]), f64::from(lo[1])],
    };
    let slices = slice(&all, &heights, &params, &Ctx::quiet())
        .map_err(|e| Error::Impossible(format!("{name}: {e}")))?;
    let size = [0, 1].map(|k| f64::from(hi[k]) - f64::from(lo[k]));
    let columns = (1..).find(|c| c * c >= steps.len()).unwrap_or(1);
    let digits = steps.len().to_string().len();
    let mut out = Drawing::default();
    for (k, (set, z)) in slices.outlines.iter().zip(&steps).enumerate() {
        let label = match section {
            Section::At(_) => "section".to_owned(),
            Section::Layers(..) => format!("layer {:0digits$} z {z:.3}", k + 1),
        };
        let at = Vec2::new(
            (k % columns) as f64 * (size[0] + GAP),
            (k / columns) as f64 * (size[1] + GAP),
        );
        put(&mut out, set, &label, at);
        if let Section::Layers(_, kind) = section {
            let above = slices.outlines.get(k + 1);
            let strokes = marks::marks(set, above, k + 1, kind);
            put_marks(&mut out, strokes, &format!("{label} score"), at);
        }
    }
    if out.paths.is_empty() {
        return Err(Error::Usage(format!(
            "{name}: there is no material at that height"
        )));
    }
    Ok(out)
}

fn put_marks(out: &mut Drawing, strokes: Vec<Vec<Segment>>, label: &str, at: Vec2) {
    if strokes.is_empty() {
        return;
    }
    let layer = out.layers.len() as u32;
    out.layers.push(Layer {
        operation: Some(Operation::Score),
        ..Layer::new(label)
    });
    for stroke in strokes {
        let moved = stroke.iter().map(|s| Segment::line(s.a + at, s.b + at));
        put_path(out, moved, false, layer, label);
    }
}

fn put(out: &mut Drawing, set: &Loops, label: &str, at: Vec2) {
    if set.is_empty() {
        return;
    }
    let layer = out.layers.len() as u32;
    out.layers.push(Layer {
        operation: None,
        ..Layer::new(label)
    });
    for l in set.iter() {
        let point = |p: &offcut_geometry::Point| at + Vec2::new(to_mm(p.x), to_mm(p.y));
        let ends = l.iter().zip(l.iter().cycle().skip(1));
        let run = ends.map(|(a, b)| Segment::line(point(a), point(b)));
        put_path(out, run, true, layer, label);
    }
}

fn put_path(out: &mut Drawing, run: impl Iterator<Item = Segment>, closed: bool, layer: u32, label: &str) {
    let first = out.segments.len() as u32;
    out.segments.extend(run);
    out.sources.push(label.to_owned());
    out.paths.push(Path {
        first,
        count: out.segments.len() as u32 - first,
        closed,
        layer,
        color: None,
        paint: Paint::Stroke,
        text: false,
        source: out.sources.len() as u32 - 1,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use offcut_formats::stl;

    #[test]
    fn the_next_layer_is_scored_on_the_one_below() {
        // A step: 20 x 20 below, 10 x 10 in its middle above.
        let mut mesh = Mesh::boxed([0.0, 0.0, 0.0], [20.0, 20.0, 3.0]);
        let top = Mesh::boxed([5.0, 5.0, 3.0], [15.0, 15.0, 6.0]);
        mesh.triangles.extend(top.triangles);
        let step = Input {
            name: "step.stl".into(),
            bytes: stl::write(&mesh),
        };
        let length = |m| section(&step, Section::Layers(3.0, m), None).unwrap().length();
        let more = length(Marks::Outlines) - length(Marks::Numbers);
        assert!((more - 40.0).abs() < 1e-3, "{more}");
        assert!((length(Marks::None) - 120.0).abs() < 1e-3);
        // The number lies under the upper layer.
        let d = section(&step, Section::Layers(3.0, Marks::Numbers), None).unwrap();
        let first = d
            .layers
            .iter()
            .position(|l| l.name == "layer 1 z 1.500 score")
            .unwrap();
        let strokes = d.paths.iter().filter(|p| p.layer as usize == first);
        let ends = strokes.flat_map(|p| d.run(p)).flat_map(|s| [s.a, s.b]);
        assert!(ends.clone().count() > 0);
        for p in ends {
            assert!((5.0..15.0).contains(&p.x) && (5.0..15.0).contains(&p.y), "{p:?}");
        }
    }

    fn block() -> Input {
        Input {
            name: "block.stl".into(),
            bytes: stl::write(&Mesh::boxed([5.0, 6.0, 7.0], [15.0, 26.0, 16.5])),
        }
    }

    #[test]
    fn sections_of_a_block() {
        let d = section(&block(), Section::At(3.0), None).unwrap();
        assert!((d.length() - 60.0).abs() < 1e-4 && d.paths.len() == 1);
        assert!(d.bounds().min.norm() < 1e-4);
        // 9.5 mm are four sheets of 3 mm, the last one not full.
        let d = section(&block(), Section::Layers(3.0, Marks::None), None).unwrap();
        assert_eq!((d.paths.len(), d.layers.len()), (4, 4));
        assert!((d.length() - 240.0).abs() < 1e-3);
        assert_eq!(d.layers[3].name, "layer 4 z 9.250");
        // They lie apart.
        let b: Vec<_> = d
            .paths
            .iter()
            .map(|p| offcut_geometry::drawing::bounds(d.run(p)))
            .collect();
        assert!((0..4).all(|i| (0..i).all(|j| !b[i].touches(&b[j], 1.0))));
        // Their numbers, and on all but the last the outline of the next; it lies on the edge of a block.
        let marked = |m| section(&block(), Section::Layers(3.0, m), None).unwrap();
        let scores = |d: &Drawing| {
            d.layers
                .iter()
                .filter(|l| l.operation == Some(Operation::Score))
                .count()
        };
        assert_eq!(scores(&marked(Marks::Numbers)), 4);
        assert!((marked(Marks::Numbers).length() - marked(Marks::Outlines).length()).abs() < 1e-6);
        let inch = section(&block(), Section::At(3.0), DrawingUnit::named("inch")).unwrap();
        assert!((inch.length() - 60.0 * 25.4).abs() < 1e-2);
        assert!(section(&block(), Section::At(10.0), None).is_err());
        assert!(section(&block(), Section::Layers(0.0, Marks::None), None).is_err());
        assert!(section(&block(), Section::Layers(0.001, Marks::None), None).is_err());
    }
}
