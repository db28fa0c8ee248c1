//! From contours to the cuts of a laser.
//!
//! In: contours, the style of each, where the head stands. Out: a [`Program`] and what was done. Promised: inner
//! contours before those around them, priorities, each shared edge once where that is asked for, the beam off on
//! every travel.

mod emit;
mod fill;
mod leads;
mod order;
mod pieces;
mod run;
mod shared;
pub mod style;
mod tracks;

pub use style::{Action, Lead, LeadForm, Style, Tabs};

use crate::contours::Contour;
use offcut_gcode::Program;
use offcut_geometry::drawing::Vec2;
use offcut_geometry::{Cancelled, Ctx, GridError};
use serde::Serialize;
use thiserror::Error;

/// Why a drawing can't be cut.
#[derive(Debug, Error)]
pub enum CutError {
    /// Cancelled from outside.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// Too large for the grid.
    #[error(transparent)]
    Grid(#[from] GridError),
}

/// What is cut how.
#[derive(Debug, Clone)]
pub struct CutJob<'a> {
    /// The contours, mm on the bed.
    pub contours: &'a [Contour],
    /// Index of the style of each.
    pub style_of: &'a [usize],
    /// The styles.
    pub styles: &'a [Style],
    /// Edges that outlines share are cut once.
    pub common_lines: bool,
    /// Where the head stands at first, mm.
    pub start: [f64; 2],
    /// Where it goes at the end, mm; it stays when there is none.
    pub park: Option<[f64; 2]>,
    /// Speed of travels, mm/s, for firmwares that have to be told.
    pub travel_speed: f64,
    /// Height of the head over the material, mm.
    pub focus: f64,
    /// How long to search for short travels, from 1.
    pub effort: u32,
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct CutReport {
    /// Contours that were cut, scored or engraved.
    pub contours: usize,
    /// Closed contours that the kerf leaves nothing of.
    pub vanished: usize,
    /// Leads that found no room.
    pub missing_leads: usize,
    /// Tabs that found no room.
    pub missing_tabs: usize,
    /// Length that is cut once instead of twice, mm.
    pub shared_mm: f64,
}

/// Plans the cuts, behind what `program` does already.
///
/// # Errors
/// [`CutError`].
pub fn plan(job: &CutJob, program: Program, ctx: &Ctx) -> Result<(Program, CutReport), CutError> {
    ctx.check()?;
    let mut report = CutReport::default();
    let mut tracks = tracks::tracks(job, &mut report)?;
    ctx.report("cutting", 0.3);
    ctx.check()?;
    let leads = |s: &Style| s.lead_in.form != LeadForm::None || s.lead_out.form != LeadForm::None;
    let obstacles = job
        .styles
        .iter()
        .any(leads)
        .then(|| leads::Obstacles::new(tracks.iter().map(|t| t.run.as_slice())));
    if let Some(o) = &obstacles {
        for t in &mut tracks {
            tracks::keep_roomy(t, &job.styles[t.style], o);
        }
    }
    let nodes: Vec<order::Node> = tracks.iter().map(tracks::Track::node).collect();
    let last = program.vertices.last().map(|v| v.xy().mm());
    let start = last.map_or(Vec2::new(job.start[0], job.start[1]), |(x, y)| Vec2::new(x, y));
    let park = job.park.map(|[x, y]| Vec2::new(x, y));
    let tour = order::order(&nodes, start, park, job.effort);
    ctx.report("cutting", 0.8);
    ctx.check()?;
    let program = emit::emit(job, program, &tracks, obstacles.as_ref(), &tour, &mut report)?;
    ctx.report("cutting", 1.0);
    Ok((program, report))
}
