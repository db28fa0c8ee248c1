//! Pictures of milling jobs: the stock after the job, shaded, and the ways of the tools over it.

use super::{MillJob, Milled, with_operations};
use crate::Error;
use crate::render::{Options, Ways, draw_stock};
use offcut_geometry::Ctx;
use offcut_mill::simulate::{Motion, gcode, motions};
use offcut_mill::stock::Field;

pub use crate::render::Picture;

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// The ways of the tools at feed.
    pub paths: bool,
    /// Rapids.
    pub travels: bool,
}

/// Columns along the longer side of the stock as it is drawn.
const COLUMNS: usize = 900;

/// Draws the stock after a job that is planned.
///
/// # Errors
/// When the size of the picture is impossible.
pub fn picture(done: &Milled, shown: Shown, options: &Options) -> Result<Picture, Error> {
    let mut ways = Ways::default();
    for t in &done.planned.toolpaths {
        add(&mut ways, &motions(t, None), shown);
    }
    draw(&done.planned.report.stock, done.job.setup.top(), &ways, options)
}

/// Draws the stock of a job after any G-code.
///
/// # Errors
/// See [`Error`].
pub fn picture_of_gcode(
    job: &MillJob,
    text: &[u8],
    shown: Shown,
    options: &Options,
    ctx: &Ctx,
) -> Result<Picture, Error> {
    let (job, ..) = with_operations(job, ctx)?;
    let checked = gcode::check(&job, text, ctx)?;
    let mut ways = Ways::default();
    for run in &gcode::program(text, job.setup.clearance).runs {
        add(&mut ways, &run.motions, shown);
    }
    draw(&checked.report.stock, job.setup.top(), &ways, options)
}

fn add(ways: &mut Ways, motions: &[Motion], shown: Shown) {
    for m in motions {
        let line = [m.from, m.to].map(|p| p.map(|v| v as f32));
        match m.feed {
            None if shown.travels => ways.rapids.push(line),
            Some(_) if shown.paths && m.to[2] < m.from[2] - 1e-6 => ways.plunges.push(line),
            Some(_) if shown.paths => ways.cuts.push(line),
            _ => {}
        }
    }
}

fn draw(stock: &Field, top: f64, ways: &Ways, options: &Options) -> Result<Picture, Error> {
    let solid = stock.solid(COLUMNS);
    draw_stock(&solid, top as f32, ways, options)
}
