//! The main job: meshes become G-code.
//!
//! In: a [`SliceJob`]. Out: G-code, layer by layer to a sink, and an [`Outcome`]. Promised: the sink
//! gets nothing before the whole motion is planned and found safe; equal jobs give equal bytes.

use crate::outcome::{Material, ObjectReport, Outcome, Warning, role_times};
use crate::placement::{Input, Object, Placement, Plate, Pose, read_objects, read_posed};
use crate::{Error, VERSION, render};
use offcut_gcode::metadata::{Metadata, Thumbnail, duration_text};
use offcut_gcode::{Program, estimate, write_to};
use offcut_geometry::{BBox, Ctx};
use offcut_print::{Anchor, Body, Printed};
use offcut_settings::PrintSettings;
use std::io::Write;

/// Models to be printed together, and how.
#[derive(Debug, Clone, Default)]
pub struct SliceJob {
    /// The model files.
    pub models: Vec<Input>,
    /// What is done to them.
    pub placement: Placement,
    /// Where each model stands, in the order of the models; when empty they are arranged.
    pub poses: Vec<Pose>,
    /// The settings.
    pub settings: PrintSettings,
    /// Names of the profiles of machine, material and process; none for the built-in defaults.
    pub profiles: [Option<String>; 3],
    /// What came up when the settings were resolved.
    pub warnings: Vec<offcut_settings::Warning>,
    /// The outcome shall have the lines in space.
    pub preview: bool,
}

/// Slices models and writes G-code to `sink`.
///
/// # Errors
/// See [`Error`]; nothing usable is in the sink then.
pub fn slice(job: SliceJob, ctx: &Ctx, sink: &mut dyn Write) -> Result<Outcome, Error> {
    let SliceJob {
        models,
        placement,
        poses,
        settings,
        profiles,
        warnings: noticed,
        preview,
    } = job;
    if models.is_empty() {
        return Err(Error::Usage(
            "there is no model to slice; name at least one file".into(),
        ));
    }
    let mut warnings: Vec<Warning> = noticed
        .into_iter()
        .map(|w| Warning::new("settings", w.message))
        .collect();
    ctx.report("reading", 0.0);
    let Plate { objects, middle } = if poses.is_empty() {
        read_objects(models, &placement, &mut warnings)?
    } else {
        read_posed(models, &placement, &poses, &mut warnings)?
    };
    let sizes: Vec<[f64; 3]> = objects.iter().map(Object::size).collect();
    for (o, size) in objects.iter().zip(&sizes) {
        fits_machine(o, *size, &settings)?;
    }
    ctx.check()?;
    let anchor = match (placement.center, middle) {
        (Some(p), _) => Anchor::At(p),
        // Places of their own are places on the bed.
        (None, _) if !poses.is_empty() => Anchor::At([0.0; 2]),
        (None, Some(p)) => Anchor::Kept(p),
        (None, None) => Anchor::Middle,
    };
    let Printed {
        mut program,
        mended,
        notices,
    } = plan(&objects, placement.copies, anchor, &settings, ctx)?;
    warnings.extend(notices.iter().map(|n| Warning::new(n.code(), n.to_string())));
    for (o, (gaps, lost)) in objects.iter().zip(mended) {
        if gaps > 0 {
            warnings.push(Warning::new(
                "repair",
                format!("{}: gaps in the outline were closed in {gaps} layers", o.name),
            ));
        }
        if lost > 0 {
            warnings.push(Warning::new(
                "repair",
                format!(
                    "{}: {lost} pieces of outline could not be closed and are not printed; repair the model",
                    o.name
                ),
            ));
        }
    }
    offcut_gcode::prepare(&mut program, &settings)?;
    let time = estimate(&program, &settings);
    let meta = Metadata {
        version: VERSION.into(),
        date: settings.print_date.clone(),
        thumbnails: thumbnails(&objects, &program, &settings)?,
        machine: profiles[0].clone().unwrap_or_default(),
        material: profiles[1].clone().unwrap_or_default(),
        process: profiles[2].clone().unwrap_or_default(),
        ..Metadata::default()
    };
    write_to(&program, &settings, &meta, &time, ctx, sink)?;
    Ok(Outcome {
        preview: preview.then(|| crate::preview(&program, &time)),
        time_s: time.seconds,
        time: duration_text(time.seconds),
        material: Material {
            name: settings.filament_type.clone(),
            length_mm: time.filament_mm,
            volume_mm3: time.volume_mm3,
            grams: time.grams,
            cost: time.cost,
        },
        bounds_mm: bounds(&program),
        layers: program.layers.len(),
        roles: role_times(&time),
        travel_s: time.travel_seconds,
        objects: objects
            .iter()
            .zip(sizes)
            .map(|(o, size_mm)| ObjectReport {
                name: o.name.clone(),
                file: o.file.clone(),
                size_mm,
                triangles: o.mesh.triangles.len(),
                copies: o.places.len() * placement.copies as usize,
                repairs: o.repairs.clone(),
            })
            .collect(),
        warnings,
        settings_hash: settings.hash(),
        profiles,
        version: VERSION,
    })
}

/// Says so before any work when an object is larger than the machine, in whatever position.
fn fits_machine(o: &Object, size: [f64; 3], s: &PrintSettings) -> Result<(), Error> {
    let room = [s.bed_size.x, s.bed_size.y, s.bed_height];
    // A height just above the limit may lose its last part of a layer.
    let slack = [0.0, 0.0, s.layer_height];
    let factor = (0..3)
        .filter(|&k| size[k] > room[k] + slack[k])
        .map(|k| room[k] / size[k])
        .fold(1.0, f64::min);
    if factor >= 1.0 {
        return Ok(());
    }
    let turned = size[1] <= room[0] && size[0] <= room[1] && size[2] <= room[2] + slack[2];
    let help = if turned {
        "turn it with --rotate 0,0,90".to_owned()
    } else {
        // Rounded down, and a little less, so that a skirt has room too.
        format!(
            "--scale {} makes it fit",
            (factor * 950.0).floor().max(1.0) / 1000.0
        )
    };
    Err(Error::Impossible(format!(
        "{} is {:.1} x {:.1} x {:.1} mm and the machine has room for {} x {} x {} mm: {help}, or choose a larger \
         machine (--machine, bed_size, bed_height)",
        o.name, size[0], size[1], size[2], room[0], room[1], room[2]
    )))
}

/// The box of everything that is extruded, mm.
fn bounds(program: &Program) -> [[f64; 3]; 2] {
    let (lo, hi) = program.extruded_box().unwrap_or_default();
    [lo, hi].map(|c| c.map(offcut_geometry::to_mm))
}

/// The pictures that the settings ask for: all copies where they stand.
fn thumbnails(
    objects: &[Object],
    program: &Program,
    settings: &PrintSettings,
) -> Result<Vec<Thumbnail>, Error> {
    let sizes = thumbnail_sizes(&settings.thumbnails)?;
    let color = render::parse_color(&settings.filament_colour).unwrap_or([255, 128, 0]);
    let mut bodies = Vec::new();
    for i in &program.objects {
        if let Some(o) = objects.get(i.object as usize) {
            let (x, y) = BBox::of(&i.hull).center().mm();
            bodies.push(render::Body {
                mesh: &o.mesh,
                offset: [x as f32, y as f32, 0.0],
                color,
            });
        }
    }
    sizes
        .into_iter()
        .map(|[width, height]| {
            let options = render::Options {
                width,
                height,
                ground: false,
                ..render::Options::default()
            };
            Ok(Thumbnail {
                width,
                height,
                png: render::draw_models(&bodies, &options)?.png()?,
            })
        })
        .collect()
}

/// Parses `160x120/PNG, 300x300`.
fn thumbnail_sizes(text: &str) -> Result<Vec<[u32; 2]>, Error> {
    text.split(',')
        .map(str::trim)
        .filter(|t| !t.is_empty())
        .map(|t| {
            let bad = || {
                Error::Usage(format!(
                    "thumbnails: `{t}` is no picture that can be drawn; write WxH or WxH/PNG with sides up to 2048"
                ))
            };
            let size = match t.split_once('/') {
                Some((size, kind)) if kind.eq_ignore_ascii_case("png") => size,
                Some(_) => return Err(bad()),
                None => t,
            };
            let (w, h) = size.split_once(['x', 'X']).ok_or_else(bad)?;
            let side = |v: &str| v.trim().parse::<u32>().ok().filter(|v| (1..=2048).contains(v));
            Ok([side(w).ok_or_else(bad)?, side(h).ok_or_else(bad)?])
        })
        .collect()
}

/// Plans the motion of all objects.
fn plan(
    objects: &[Object],
    copies: u32,
    anchor: Anchor,
    s: &PrintSettings,
    ctx: &Ctx,
) -> Result<Printed, Error> {
    let bodies: Vec<Body> = objects
        .iter()
        .map(|o| Body {
            name: &o.name,
            mesh: &o.mesh,
            bounds: o.bounds,
            places: &o.places,
            group: o.group,
            copies: copies as usize,
        })
        .collect();
    Ok(offcut_print::print(&bodies, anchor, s, ctx)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use offcut_formats::stl;
    use offcut_mesh::Mesh;

    fn refused(size: [f64; 3]) -> String {
        let slab = Input {
            name: "slab.stl".into(),
            bytes: stl::write(&Mesh::boxed([0.0; 3], size.map(|v| v as f32))),
        };
        let job = SliceJob {
            models: vec![slab],
            ..SliceJob::default()
        };
        slice(job, &Ctx::default(), &mut std::io::sink())
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn what_is_larger_than_the_machine_is_told_before_work() {
        let s = PrintSettings::default();
        let (w, d, h) = (s.bed_size.x, s.bed_size.y, s.bed_height);
        assert!(refused([2.0 * w, d / 2.0, 1.0]).contains("--scale 0.475"));
        assert!(refused([10.0, 10.0, 4.0 * h]).contains("--scale 0.237"));
    }

    #[test]
    fn thumbnail_lists() {
        assert_eq!(thumbnail_sizes("").unwrap(), Vec::<[u32; 2]>::new());
        assert_eq!(
            thumbnail_sizes("160x120/PNG, 300x300").unwrap(),
            [[160, 120], [300, 300]]
        );
        for bad in ["160", "0x10", "10x10/QOI", "axb", "16x16/PNG/PNG", "9999x9"] {
            assert_eq!(thumbnail_sizes(bad).unwrap_err().exit_code(), 2, "{bad}");
        }
    }
}
