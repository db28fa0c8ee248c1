//! Sections of meshes as drawings: one at a height, or a stack of layers for sheets of a thickness.
//!
//! In: a model file. Out: a drawing of closed paths in millimetres. The layers of a stack lie side by side, each cut
//! through the middle of its sheet, on a drawing layer that tells its number and height.

use crate::{Ctx, Error, Input};
use nalgebra::Matrix4;
use offcut_formats::{DrawingUnit, Limits, Unit, read_model};
use offcut_geometry::drawing::{Drawing, Layer, Paint, Path, Segment, Vec2};
use offcut_geometry::{Loops, to_mm};
use offcut_mesh::slice::Fill;
use offcut_mesh::{Mesh, SliceParams, slice};

/// Where a model is cut.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Section {
    /// At this height over the model's lowest point, mm.
    At(f64),
    /// Into layers of this thickness, mm.
    Layers(f64),
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
        Section::Layers(t) if t.is_finite() && t > 0.0 && height / t <= MOST_LAYERS => {
            let count = ((height / t) - 1e-6).ceil().max(1.0) as usize;
            // The last sheet may stand out: it is cut through the middle of what it holds.
            (0..count)
                .map(|k| {
                    let (from, to) = (k as f64 * t, ((k + 1) as f64 * t).min(height));
                    (from + to) / 2.0
                })
                .collect()
        }
        Section::Layers(t) => {
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
            Section::Layers(_) => format!("layer {:0digits$} z {z:.3}", k + 1),
        };
        let at = Vec2::new(
            (k % columns) as f64 * (size[0] + GAP),
            (k / columns) as f64 * (size[1] + GAP),
        );
        put(&mut out, set, &label, at);
    }
    if out.paths.is_empty() {
        return Err(Error::Usage(format!(
            "{name}: there is no material at that height"
        )));
    }
    Ok(out)
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
        let first = out.segments.len() as u32;
        let point = |p: &offcut_geometry::Point| at + Vec2::new(to_mm(p.x), to_mm(p.y));
        let ends = l.iter().zip(l.iter().cycle().skip(1));
        out.segments
            .extend(ends.map(|(a, b)| Segment::line(point(a), point(b))));
        out.sources.push(label.to_owned());
        out.paths.push(Path {
            first,
            count: out.segments.len() as u32 - first,
            closed: true,
            layer,
            color: None,
            paint: Paint::Stroke,
            text: false,
            source: out.sources.len() as u32 - 1,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use offcut_formats::stl;

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
        let d = section(&block(), Section::Layers(3.0), None).unwrap();
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
        let inch = section(&block(), Section::At(3.0), DrawingUnit::named("inch")).unwrap();
        assert!((inch.length() - 60.0 * 25.4).abs() < 1e-2);
        assert!(section(&block(), Section::At(10.0), None).is_err());
        assert!(section(&block(), Section::Layers(0.0), None).is_err());
        assert!(section(&block(), Section::Layers(0.001), None).is_err());
    }
}
