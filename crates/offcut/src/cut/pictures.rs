//! Pictures of a laser job.

use super::styles::overscan;
use crate::Error;
use offcut_cut::raster::{Dither, Gray, RasterError, RasterStyle, engrave};
use offcut_formats::{Limits, image};
use offcut_gcode::Program;
use offcut_gcode::program::{Beam, Step};
use offcut_geometry::Ctx;
use offcut_geometry::drawing::{Affine, Picture};
use offcut_settings::CutSettings;
use offcut_settings::cut::Dither as Choice;

fn style(s: &CutSettings) -> RasterStyle {
    RasterStyle {
        dither: match s.dither {
            Choice::Grayscale => Dither::Grayscale,
            Choice::Threshold => Dither::Threshold,
            Choice::Bayer => Dither::Bayer,
            Choice::FloydSteinberg => Dither::FloydSteinberg,
            Choice::Jarvis => Dither::Jarvis,
            Choice::Stucki => Dither::Stucki,
            Choice::Atkinson => Dither::Atkinson,
            Choice::Burkes => Dither::Burkes,
            Choice::Sierra => Dither::Sierra,
            Choice::Newsprint => Dither::Newsprint,
        },
        interval: s.interval,
        angle: s.engrave_angle,
        feed: s.image_speed,
        power: s.image_power / 100.0,
        min_power: s.image_min_power / 100.0,
        gamma: s.gamma,
        brightness: s.brightness / 100.0,
        contrast: s.contrast / 100.0,
        // A threshold of lightness becomes one of darkness.
        threshold: 1.0 - s.threshold / 100.0,
        cell: s.newsprint_size,
        invert: s.invert,
        mirror: s.mirror,
        both_ways: s.both_ways,
        overscan: overscan(s, s.image_speed),
        travel_speed: s.travel_speed,
        focus: s.focus,
    }
}

/// The program that burns all pictures, before anything is cut.
pub(super) fn burn(pictures: &[Picture], s: &CutSettings, ctx: &Ctx) -> Result<Program, Error> {
    let mut program = Program::default();
    if pictures.is_empty() {
        return Ok(program);
    }
    let style = style(s);
    let beam = if s.dynamic_power {
        Beam::Dynamic
    } else {
        Beam::Constant
    };
    program.steps.push(Step::Beam(beam));
    for (i, p) in pictures.iter().enumerate() {
        let wrong = |e: &dyn std::fmt::Display| Error::Input(format!("picture {}: {e}", i + 1));
        let decoded = image::decode(&p.bytes, &Limits::default()).map_err(|e| wrong(&e))?;
        let gray = Gray {
            width: decoded.width as usize,
            height: decoded.height as usize,
            data: decoded.gray(),
        };
        engrave(&mut program, &gray, &p.frame, &style, ctx).map_err(|e| match e {
            RasterError::Cancelled(_) => Error::Cancelled,
            e => Error::Impossible(format!("picture {}: {e}", i + 1)),
        })?;
    }
    Ok(program)
}

/// Gives pictures another width, keeping their shape and their lower left corner.
pub(super) fn scale(pictures: &mut [Picture], width: f64) {
    for p in pictures {
        let now = p
            .frame
            .vector(offcut_geometry::drawing::Vec2::new(1.0, 0.0))
            .norm();
        if now > 0.0 {
            let k = width / now;
            let corner = p.frame.point(offcut_geometry::drawing::Vec2::ZERO);
            let back = Affine::translate(-corner);
            p.frame = Affine::translate(corner).of(&Affine::scale(k, k).of(&back.of(&p.frame)));
        }
    }
}
