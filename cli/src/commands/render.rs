//! `offcut render`: pictures of models, prints, drawings and layouts.

use super::text;
use crate::args::Render;
use crate::failure::Failure;
use crate::files::{self, Target};
use offcut::mill;
use offcut::nest::{self, LayoutFile};
use offcut::render::{self, Bed, LayerOptions, LayerStrokes, Options, Picture, View};
use offcut::{Ctx, Input};

/// Runs the command.
pub fn run(a: &Render) -> Result<u8, Failure> {
    let target = Target::choose(
        a.output.output.as_deref(),
        std::slice::from_ref(&a.file),
        "png",
        a.output.force,
    )?;
    let svg = match a.output.output.as_ref().and_then(|p| p.extension()) {
        Some(e) if e.eq_ignore_ascii_case("svg") => true,
        Some(e) if !e.eq_ignore_ascii_case("png") => {
            return Err(Failure::usage(format!(
                "pictures are written as PNG or SVG, not as {}; name the output .png or .svg",
                e.to_string_lossy()
            )));
        }
        _ => false,
    };
    let input = files::read(&a.file)?;
    if a.job.is_some() || super::mill::is_job(&a.file) {
        if svg {
            return Err(Failure::usage("a milling job is drawn as PNG"));
        }
        return written(a, &target, &milled(a, &input)?.png()?);
    }
    if a.paths {
        return Err(Failure::usage(
            "--paths is for milling jobs; name the job with --job",
        ));
    }
    if let Some(flat) = flat(a, &input)? {
        let bytes = match svg {
            true => flat.svg().into_bytes(),
            false => flat.picture(given_size(a)?)?.png()?,
        };
        return written(a, &target, &bytes);
    }
    let bytes = match (offcut::is_gcode(&input.name, &input.bytes), svg) {
        (false, true) => {
            return Err(Failure::usage(
                "a model is drawn as PNG; SVG is for --layer of G-code",
            ));
        }
        (false, false) if a.layer.is_some() || a.layers.is_some() || a.contact_sheet.is_some() => {
            return Err(Failure::usage(format!(
                "{}: has no layers; slice it first and draw the G-code",
                input.name
            )));
        }
        (false, false) => render::draw_file(&input.name, &input.bytes, &options(a)?, color(a)?)?.png()?,
        (true, svg) => {
            let layers = render::strokes(&input.bytes);
            match (a.layer, svg) {
                (Some(n), true) => render::layer_svg(one(&layers, n)?, n, a.travels)?.into_bytes(),
                (None, true) => return Err(Failure::usage("SVG shows one layer; name it with --layer")),
                (_, false) => gcode(a, &layers)?.png()?,
            }
        }
    };
    written(a, &target, &bytes)
}

/// The stock of a milling job, after its own program or another one.
fn milled(a: &Render, input: &Input) -> Result<Picture, Failure> {
    let ctx = Ctx::quiet();
    let shown = mill::Shown {
        paths: a.paths,
        travels: a.travels,
    };
    Ok(match &a.job {
        Some(job) => {
            if !offcut::is_gcode(&input.name, &input.bytes) {
                return Err(Failure::usage(format!(
                    "{}: is no G-code; --job says what it is carried out on",
                    input.name
                )));
            }
            let job = super::mill::load(job)?;
            mill::picture_of_gcode(&job, &input.bytes, shown, &options(a)?, &ctx)?
        }
        None => {
            let done = mill::plan_mill(&super::mill::load(&a.file)?, &ctx)?;
            mill::picture(&done, shown, &options(a)?)?
        }
    })
}

fn written(a: &Render, target: &Target, bytes: &[u8]) -> Result<u8, Failure> {
    target.write_all(bytes)?;
    if let (false, Some(path)) = (a.quiet, target.path()) {
        eprintln!("{path}: {} kB", bytes.len().div_ceil(1000));
    }
    Ok(0)
}

/// The picture of a layout or drawing.
fn flat(a: &Render, input: &Input) -> Result<Option<render::Flat>, Failure> {
    let flat = if nest::is_layout(&input.bytes) {
        render::layout_picture(&LayoutFile::read(&input.name, &input.bytes)?)?
    } else if offcut::is_drawing(&input.name, &input.bytes) {
        let drawing = offcut::drawing::read(&input.name, &input.bytes, a.unit.as_deref())?;
        render::drawing_picture(&drawing)
    } else if offcut::is_gcode(&input.name, &input.bytes) && offcut::is_cut(&input.bytes) {
        render::cuts_picture(&input.bytes, a.travels)
            .ok_or_else(|| Failure::usage(format!("{}: nothing is cut in it", input.name)))?
    } else {
        return Ok(None);
    };
    if a.layer.is_some() || a.layers.is_some() || a.contact_sheet.is_some() {
        return Err(Failure::usage(format!("{}: has no layers of G-code", input.name)));
    }
    Ok(Some(flat))
}

fn gcode(a: &Render, layers: &[LayerStrokes]) -> Result<Picture, Failure> {
    let flat = |width: u32, height: u32| -> Result<LayerOptions, Failure> {
        let [width, height] = size(a, [width, height])?;
        Ok(LayerOptions {
            width,
            height,
            travels: a.travels,
            legend: true,
        })
    };
    if let Some(n) = a.layer {
        return Ok(render::draw_layer(one(layers, n)?, n, &flat(1400, 1100)?)?);
    }
    if let Some(most) = a.contact_sheet {
        return Ok(render::draw_contact_sheet(layers, most, &flat(1800, 1800)?)?);
    }
    let shown = match &a.layers {
        Some(t) => range(t, layers)?,
        None => layers,
    };
    Ok(render::draw_preview(shown, &options(a)?)?)
}

fn one(layers: &[LayerStrokes], n: usize) -> Result<&LayerStrokes, Failure> {
    n.checked_sub(1).and_then(|i| layers.get(i)).ok_or_else(|| {
        Failure::usage(format!(
            "--layer {n}: the file has {}, counted from 1",
            text::count(layers.len(), "layer")
        ))
    })
}

fn range<'a>(t: &str, layers: &'a [LayerStrokes]) -> Result<&'a [LayerStrokes], Failure> {
    let bad = || {
        Failure::usage(format!(
            "--layers {t}: the file has {}; write N or A-B, counted from 1",
            text::count(layers.len(), "layer")
        ))
    };
    let number = |s: &str| s.trim().parse::<usize>().ok().filter(|n| *n >= 1);
    let (from, to) = match t.split_once('-') {
        Some((a, b)) => (number(a).ok_or_else(bad)?, number(b).ok_or_else(bad)?),
        None => (1, number(t).ok_or_else(bad)?),
    };
    layers
        .get(from - 1..to.min(layers.len()))
        .filter(|l| !l.is_empty())
        .ok_or_else(bad)
}

fn given_size(a: &Render) -> Result<Option<[u32; 2]>, Failure> {
    let pair = |t: &String| Ok(text::pair(t, "--size")?.map(|v| v as u32));
    a.size.as_ref().map(pair).transpose()
}

fn size(a: &Render, default: [u32; 2]) -> Result<[u32; 2], Failure> {
    Ok(given_size(a)?.unwrap_or(default))
}

fn options(a: &Render) -> Result<Options, Failure> {
    let [width, height] = size(a, [1200, 900])?;
    let view = match &a.view {
        None => View::default(),
        Some(t) => {
            let [azimuth, elevation] = text::pair(t, "--view")?;
            if !(-90.0..=90.0).contains(&elevation) {
                return Err(Failure::usage(format!(
                    "--view {t}: the elevation goes from -90 to 90"
                )));
            }
            View {
                azimuth: azimuth as f32,
                elevation: elevation as f32,
            }
        }
    };
    Ok(Options {
        width,
        height,
        view,
        ground: !a.transparent,
        bed: None::<Bed>,
    })
}

fn color(a: &Render) -> Result<[u8; 3], Failure> {
    render::parse_color(&a.color)
        .ok_or_else(|| Failure::usage(format!("--color {}: write a colour as #FF8000", a.color)))
}
