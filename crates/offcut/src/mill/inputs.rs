//! The files of a milling job: models, drawings, layouts of nested parts, pictures of reliefs.

use crate::nest::{self, LayoutFile, SHEET_LAYER};
use crate::outcome::Warning;
use crate::placement::{Input, implausible};
use crate::{Error, Unit};
use offcut_formats::{DrawingUnit, Limits, image, read_drawing, read_model};
use offcut_geometry::drawing::{Affine, Bounds, Drawing, Vec2, bounds as path_bounds};
use offcut_mesh::Mesh;
use offcut_mill::job::ReliefDoc;
use offcut_mill::relief::Relief;

/// More pixels than this aren't made a relief, for each is two triangles.
const MOST_PIXELS: usize = 4_000_000;

pub(super) fn model(input: &Input, unit: Option<&str>, warnings: &mut Vec<Warning>) -> Result<Mesh, Error> {
    let model =
        read_model(&input.bytes, &input.name, &Limits::default()).map_err(|e| Error::Input(e.to_string()))?;
    warnings.extend(
        model
            .warnings
            .iter()
            .map(|w| Warning::new(w.code, format!("{}: {}", input.name, w.message))),
    );
    let mut mesh = Mesh::default();
    for o in &model.objects {
        mesh.triangles.extend(o.placed().triangles);
    }
    let stated = model.unit.declared.map_or(1.0, Unit::millimetres);
    match unit {
        Some(name) => {
            let unit = Unit::named(name)
                .ok_or_else(|| Error::Usage(format!("input.unit: '{name}' is not a unit of models")))?;
            let factor = unit.millimetres() / stated;
            for v in mesh.triangles.as_flattened_mut().as_flattened_mut() {
                *v = (f64::from(*v) * factor) as f32;
            }
        }
        None => {
            if let Some(unit) = model.unit.looks_like {
                warnings.push(implausible(&input.name, model.unit.size, unit));
            }
        }
    }
    if mesh.triangles.iter().flatten().flatten().any(|v| !v.is_finite()) {
        return Err(Error::Input(format!(
            "{}: holds coordinates that are no numbers",
            input.name
        )));
    }
    Ok(mesh)
}

pub(super) fn drawing(
    input: &Input,
    unit: Option<&str>,
    sheet: Option<usize>,
    warnings: &mut Vec<Warning>,
) -> Result<Drawing, Error> {
    let unit = unit
        .map(|name| {
            DrawingUnit::named(name).ok_or_else(|| {
                Error::Usage(format!(
                    "input.unit: '{name}' is not a unit of drawings; use one of {}",
                    DrawingUnit::names()
                ))
            })
        })
        .transpose()?;
    if nest::is_layout(&input.bytes) {
        let layout = LayoutFile::read(&input.name, &input.bytes)?;
        let i = sheet_of(&input.name, layout.sheets.len(), sheet)?;
        return layout.sheet_drawing(i, true);
    }
    let file = read_drawing(&input.bytes, &input.name, unit, &Limits::default())
        .map_err(|e| Error::Input(e.to_string()))?;
    file.settled()
        .map_err(|c| Error::Usage(format!("{}: {c}; say which with input.unit", input.name)))?;
    warnings.extend(
        file.warnings
            .iter()
            .map(|w| Warning::new(w.code, format!("{}: {}", input.name, w.message))),
    );
    for i in &file.ignored {
        warnings.push(Warning::new(
            "ignored",
            format!("{}: {} {} left out ({})", input.name, i.count, i.what, i.why),
        ));
    }
    one_sheet(&input.name, file.drawing, sheet)
}

/// Which of a layout's sheets is meant, from 0.
fn sheet_of(name: &str, count: usize, wanted: Option<usize>) -> Result<usize, Error> {
    match wanted {
        Some(n) if (1..=count).contains(&n) => Ok(n - 1),
        None if count == 1 => Ok(0),
        None if count == 0 => Err(Error::Input(format!("{name}: the layout has no sheets"))),
        None => Err(Error::Usage(format!(
            "{name}: has {count} sheets, and each is a program of its own; name one, from 1, with --sheet or input.sheet"
        ))),
        Some(n) => Err(Error::Usage(format!(
            "{name}: there is no sheet {n}; it has {count}, counted from 1"
        ))),
    }
}

/// One sheet of a drawing that shows nested parts on their sheets; any other drawing as it is.
fn one_sheet(name: &str, drawing: Drawing, wanted: Option<usize>) -> Result<Drawing, Error> {
    let boxes: Vec<Bounds> = drawing
        .paths
        .iter()
        .map(|p| path_bounds(drawing.run(p)))
        .collect();
    let sheet = |layer: u32| {
        drawing
            .layers
            .get(layer as usize)
            .is_some_and(|l| l.name == SHEET_LAYER)
    };
    let frames: Vec<Bounds> = (drawing.paths.iter().zip(&boxes))
        .filter(|(p, _)| p.closed && sheet(p.layer))
        .map(|(_, b)| *b)
        .collect();
    // A hole of a sheet lies within its outline.
    let outer: Vec<Bounds> = frames
        .iter()
        .filter(|f| !frames.iter().any(|o| o != *f && within(f, o)))
        .copied()
        .collect();
    if outer.is_empty() {
        return match wanted {
            None => Ok(drawing),
            Some(_) => Err(Error::Usage(format!("{name}: is no layout and has no sheets"))),
        };
    }
    let frame = outer[sheet_of(name, outer.len(), wanted)?];
    let mut out = drawing.clone();
    let mut keep = boxes.iter().map(|b| within(b, &frame));
    out.paths.retain(|_| keep.next().unwrap_or(false));
    Ok(out.mapped(&Affine::translate(Vec2::ZERO - frame.min)))
}

fn within(a: &Bounds, b: &Bounds) -> bool {
    const EDGE: f64 = 1e-3;
    a.min.x >= b.min.x - EDGE
        && a.min.y >= b.min.y - EDGE
        && a.max.x <= b.max.x + EDGE
        && a.max.y <= b.max.y + EDGE
}

/// True for a drawing that shows nested parts on sheets.
pub(super) fn shows_sheets(drawing: &Drawing) -> bool {
    drawing.layers.iter().any(|l| l.name == SHEET_LAYER)
}

/// The surface of a picture.
pub(super) fn relief(input: &Input, doc: &ReliefDoc) -> Result<Mesh, Error> {
    let named = |what: String| Error::Input(format!("{}: {what}", input.name));
    let picture = image::decode(&input.bytes, &Limits::default()).map_err(|e| named(e.to_string()))?;
    let [w, h] = [picture.width, picture.height].map(|v| v as usize);
    if w * h > MOST_PIXELS {
        return Err(named(format!(
            "has {w} x {h} pixels, and a relief takes {MOST_PIXELS}; make the picture smaller"
        )));
    }
    let pixels: Vec<f32> = picture.gray().iter().map(|v| f32::from(*v) / 255.0).collect();
    let relief = Relief {
        width: doc.width,
        height: doc.height,
        dark_high: doc.dark_high,
        smooth: doc.smooth,
    };
    Ok(relief.mesh(&pixels, w)?)
}

/// True for a picture that can be a relief.
pub(super) fn is_picture(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89PNG") || bytes.starts_with(&[0xff, 0xd8, 0xff])
}
