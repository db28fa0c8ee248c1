//! Pictures as rows of burnt dots or of changing power.
//!
//! In: grey pixels, where they lie, how they are burnt. Out: steps of a program: a travel and a raster step for every
//! stretch of a row that burns, with room to reach the speed before it. White rows and wide white gaps are skipped.

mod dither;
mod resample;

pub use dither::{Dither, dither};
pub use resample::{Gray, resample};

use offcut_gcode::program::{FULL_POWER, Path, Step};
use offcut_gcode::{Program, Vertex};
use offcut_geometry::drawing::{Affine, Bounds, Vec2};
use offcut_geometry::{Cancelled, Coord, Ctx, GridError, Point, to_grid};
use thiserror::Error;

/// How a picture is burnt.
#[derive(Debug, Clone, PartialEq)]
pub struct RasterStyle {
    /// How grey becomes burnt.
    pub dither: Dither,
    /// Distance of rows and of pixels in a row, mm.
    pub interval: f64,
    /// Direction of rows, degrees.
    pub angle: f64,
    /// mm/s.
    pub feed: f64,
    /// Share of full power for black, 0 to 1.
    pub power: f64,
    /// The same for the lightest grey that is burnt.
    pub min_power: f64,
    /// Curve from grey to power.
    pub gamma: f64,
    /// Added to the brightness, −1 to 1.
    pub brightness: f64,
    /// Added to the contrast, −1 to 1.
    pub contrast: f64,
    /// Darkness from which a pixel burns, 0 to 1 (threshold).
    pub threshold: f64,
    /// Size of a newsprint dot, mm.
    pub cell: f64,
    /// Burns what is white.
    pub invert: bool,
    /// Left and right are exchanged.
    pub mirror: bool,
    /// Rows are burnt in both directions.
    pub both_ways: bool,
    /// Rows begin and end so far outside, mm.
    pub overscan: f64,
    /// Speed of travels, mm/s.
    pub travel_speed: f64,
    /// Height of the head, mm.
    pub focus: f64,
}

/// Why a picture can't be burnt.
#[derive(Debug, Error)]
pub enum RasterError {
    /// Cancelled from outside.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// Off the grid.
    #[error(transparent)]
    Grid(#[from] GridError),
    /// More pixels than memory shall hold.
    #[error("the picture would have {0} x {1} pixels of {2} mm; raise interval or make the picture smaller")]
    TooLarge(u64, u64, f64),
}

/// Pixels of a picture at most.
const MOST: u64 = 400_000_000;
/// A white gap is skipped by a travel when it is longer than both overscans and this, mm.
const GAP: f64 = 10.0;

/// Darkness of a grey value, 0 to 255, by the curve of the style.
fn curve(s: &RasterStyle) -> [u8; 256] {
    std::array::from_fn(|v| {
        let mut light = v as f64 / 255.0;
        light = (light - 0.5) * libm::pow(4.0, s.contrast) + 0.5 + s.brightness;
        let light = light.clamp(0.0, 1.0);
        let dark = if s.invert { light } else { 1.0 - light };
        (libm::pow(dark, 1.0 / s.gamma.max(1e-3)) * 255.0).round() as u8
    })
}

/// Where rows and pixels of the output lie.
struct Rows {
    /// Lower left corner of the first pixel of the first row.
    origin: Vec2,
    along: Vec2,
    across: Vec2,
    width: usize,
    height: usize,
    pitch: f64,
}

/// Burns a picture whose unit square (lower left corner at the origin) goes to `frame`, mm.
///
/// # Errors
/// [`RasterError`].
pub fn engrave(
    program: &mut Program,
    picture: &Gray,
    frame: &Affine,
    style: &RasterStyle,
    ctx: &Ctx,
) -> Result<(), RasterError> {
    let turn = Affine::rotate(-style.angle.to_radians());
    let mut b = Bounds::EMPTY;
    for (x, y) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
        b.add(turn.point(frame.point(Vec2::new(x, y))));
    }
    let pitch = style.interval;
    let count = |d: f64| (d / pitch).round().max(1.0);
    let (w, h) = (count(b.size().x), count(b.size().y));
    if w * h > MOST as f64 {
        return Err(RasterError::TooLarge(w as u64, h as u64, pitch));
    }
    let along = Vec2::at_angle(style.angle.to_radians());
    let rows = Rows {
        origin: Affine::rotate(style.angle.to_radians()).point(b.min),
        along,
        across: along.left(),
        width: w as usize,
        height: h as usize,
        pitch,
    };
    ctx.check()?;
    let mut dark = sample(picture, frame, &rows, style)?;
    ctx.report("picture", 0.4);
    ctx.check()?;
    dither(
        &mut dark,
        rows.width,
        style.dither,
        (style.threshold * 255.0) as u8,
        style.cell / pitch,
    );
    ctx.report("picture", 0.8);
    ctx.check()?;
    emit(program, &dark, &rows, style)?;
    ctx.report("picture", 1.0);
    Ok(())
}

/// Darkness of every pixel of the output, rows from below.
fn sample(picture: &Gray, frame: &Affine, rows: &Rows, style: &RasterStyle) -> Result<Vec<u8>, RasterError> {
    let curve = curve(style);
    let (w, h) = (rows.width, rows.height);
    // The picture at the pitch of the output first: averaging keeps what would fall between pixels.
    let size = |v: Vec2| ((v.norm() / rows.pitch).round().max(1.0)) as usize;
    let x = frame.vector(Vec2::new(1.0, 0.0));
    let y = frame.vector(Vec2::new(0.0, 1.0));
    let small = resample(picture, size(x), size(y));
    let straight = style.angle == 0.0 && x.y == 0.0 && y.x == 0.0 && small.width == w && small.height == h;
    let mut out = vec![0u8; w * h];
    if straight {
        let flip_x = (x.x < 0.0) != style.mirror;
        let flip_y = y.y < 0.0;
        for (r, row) in out.chunks_exact_mut(w).enumerate() {
            let line = if flip_y { r } else { h - 1 - r };
            let from = &small.data[line * w..(line + 1) * w];
            for (k, o) in row.iter_mut().enumerate() {
                *o = curve[usize::from(from[if flip_x { w - 1 - k } else { k }])];
            }
        }
        return Ok(out);
    }
    let det = x.cross(y);
    if det == 0.0 {
        return Ok(out);
    }
    let corner = frame.point(Vec2::ZERO);
    let one = |r: usize, row: &mut [u8]| {
        for (k, o) in row.iter_mut().enumerate() {
            let p = rows.at(k as f64 + 0.5, r as f64 + 0.5) - corner;
            let (mut u, v) = (p.cross(y) / det, x.cross(p) / det);
            if style.mirror {
                u = 1.0 - u;
            }
            if (0.0..1.0).contains(&u) && (0.0..1.0).contains(&v) {
                *o = curve[usize::from(small.between(u, 1.0 - v))];
            }
        }
    };
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        out.par_chunks_exact_mut(w)
            .enumerate()
            .for_each(|(r, row)| one(r, row));
    }
    #[cfg(not(feature = "parallel"))]
    out.chunks_exact_mut(w)
        .enumerate()
        .for_each(|(r, row)| one(r, row));
    Ok(out)
}

impl Rows {
    /// The place of a pixel's coordinate, mm.
    fn at(&self, k: f64, r: f64) -> Vec2 {
        self.origin + self.along * (k * self.pitch) + self.across * (r * self.pitch)
    }
}

/// Powers by darkness.
fn powers(s: &RasterStyle) -> [u16; 256] {
    let full = f64::from(FULL_POWER);
    let share = |v: f64| (v.clamp(0.0, 1.0) * full).round() as u16;
    std::array::from_fn(|v| match (v, s.dither) {
        (0, _) => 0,
        (_, Dither::Grayscale) => share(s.min_power + (s.power - s.min_power) * (v as f64 - 1.0) / 254.0),
        _ => share(s.power),
    })
}

fn emit(program: &mut Program, dark: &[u8], rows: &Rows, s: &RasterStyle) -> Result<(), RasterError> {
    let powers = powers(s);
    let w = rows.width;
    let z = to_grid(s.focus)?;
    let wide = ((2.0 * s.overscan + GAP) / rows.pitch).ceil() as usize;
    // Each change of tone is a move; to know their number saves moving them when room runs out.
    let changes = dark
        .iter()
        .zip(&dark[dark.len().min(1)..])
        .filter(|(a, b)| a != b)
        .count();
    program.vertices.reserve(changes + 4 * rows.height);
    program.powers.reserve(changes + 4 * rows.height);
    let mut back = false;
    // Runs of one row: first pixel, end, power; in the order of the row.
    let mut runs: Vec<(usize, usize, u16)> = Vec::new();
    for (r, row) in dark.chunks_exact(w).enumerate() {
        runs.clear();
        let mut k = 0;
        while k < w {
            let p = powers[usize::from(row[k])];
            let from = k;
            while k < w && powers[usize::from(row[k])] == p {
                k += 1;
            }
            if p > 0 {
                runs.push((from, k, p));
            }
        }
        if runs.is_empty() {
            continue;
        }
        if back {
            runs.reverse();
        }
        let mut at = 0;
        while at < runs.len() {
            let mut end = at + 1;
            let gap = |a: (usize, usize, u16), b: (usize, usize, u16)| {
                if back { a.0 - b.1 } else { b.0 - a.1 }
            };
            while end < runs.len() && gap(runs[end - 1], runs[end]) < wide {
                end += 1;
            }
            stretch(program, rows, r, &runs[at..end], back, z, s)?;
            at = end;
        }
        back = s.both_ways && !back;
    }
    Ok(())
}

/// One stretch of a row: a travel to where the head speeds up, then its runs with gaps of no power.
fn stretch(
    program: &mut Program,
    rows: &Rows,
    r: usize,
    runs: &[(usize, usize, u16)],
    back: bool,
    z: Coord,
    s: &RasterStyle,
) -> Result<(), RasterError> {
    let row = r as f64 + 0.5;
    let place = |k: f64| -> Result<Vertex, GridError> {
        let p = rows.at(k, row);
        Ok(Vertex::new(Point::new(to_grid(p.x)?, to_grid(p.y)?), z))
    };
    let over = s.overscan / rows.pitch * if back { -1.0 } else { 1.0 };
    let ends = |run: &(usize, usize, u16)| {
        if back {
            (run.1 as f64, run.0 as f64)
        } else {
            (run.0 as f64, run.1 as f64)
        }
    };
    let (Some(first), Some(last)) = (runs.first(), runs.last()) else {
        return Ok(());
    };
    let path = program.add_path([place(ends(first).0 - over)?]);
    let speed = s.travel_speed as f32;
    program.steps.push(Step::Travel { path, speed });
    let powers = program.powers.len() as u32;
    let start = program.vertices.len() as u32;
    let mut at = f64::NAN;
    for run in runs {
        let (from, to) = ends(run);
        if from != at && !(s.overscan == 0.0 && at.is_nan()) {
            program.vertices.push(place(from)?);
            program.powers.push(0);
        }
        program.vertices.push(place(to)?);
        program.powers.push(run.2);
        at = to;
    }
    if s.overscan > 0.0 {
        program.vertices.push(place(ends(last).1 + over)?);
        program.powers.push(0);
    }
    let end = program.vertices.len() as u32;
    program.steps.push(Step::Raster {
        path: Path { start, end },
        powers,
        feed: s.feed as f32,
    });
    Ok(())
}

#[cfg(test)]
mod tests;
