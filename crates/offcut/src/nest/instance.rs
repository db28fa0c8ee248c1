//! Nesting: an instance becomes a layout within a budget.

use crate::{Ctx, Error, Input};
use offcut_nest::{Budget, Instance, Layout, NestError, Target, json};
use serde::Serialize;

/// What is to be nested, and how.
pub struct NestJob<'a> {
    /// The instance, as JSON.
    pub instance: Input,
    /// A solution to begin from, as JSON.
    pub start: Option<Input>,
    /// How long to search.
    pub budget: Budget<'a>,
    /// Searches side by side; the result depends on their number, not on the number of threads.
    pub workers: u32,
}

/// A finished nest.
#[derive(Debug, Clone, Serialize)]
pub struct NestOutcome {
    /// Name of the instance.
    pub name: String,
    /// Parts placed.
    pub placed: usize,
    /// Parts that found no place, with how many of each.
    pub unplaced: Vec<Unplaced>,
    /// Share of the material used that becomes parts, 0 to 1.
    pub density: f64,
    /// Length of strip used, in the unit of the instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strip_width: Option<f64>,
    /// Ids of the sheets used.
    pub sheets: Vec<String>,
    /// Cost of the sheets used.
    pub cost: f64,
    /// The same job gives the same bytes again.
    pub reproducible: bool,
    /// The search was stopped before its budget was spent.
    pub cancelled: bool,
    /// The solution, as JSON.
    #[serde(skip)]
    pub solution: String,
}

/// An item that is missing from a layout.
#[derive(Debug, Clone, Serialize)]
pub struct Unplaced {
    /// Its id.
    pub part: String,
    /// How many are missing.
    pub count: u32,
    /// Why.
    pub reason: &'static str,
}

/// Nests a job. `on_density` hears of every improvement; a cancelled search gives its best so far.
///
/// # Errors
/// When an input can't be read, a part fits nowhere, or no valid layout was found.
pub fn nest(job: &NestJob, ctx: &Ctx, on_density: &mut dyn FnMut(f64)) -> Result<NestOutcome, Error> {
    let text = |input: &Input| {
        String::from_utf8(input.bytes.clone())
            .map_err(|_| Error::Input(format!("{}: is no text; a JSON document is needed", input.name)))
    };
    let unreadable = |input: &Input, e: &NestError| Error::Input(format!("{}: {e}", input.name));
    let instance = json::read_instance(&text(&job.instance)?).map_err(|e| unreadable(&job.instance, &e))?;
    let start = match &job.start {
        Some(s) => Some(json::read_solution(&instance, &text(s)?).map_err(|e| unreadable(s, &e))?),
        None => None,
    };
    let options = offcut_nest::Options {
        budget: job.budget,
        chains: job.workers,
        start: start.as_ref(),
    };
    let layout =
        offcut_nest::nest(&instance, &options, ctx, &mut |i| on_density(i.density)).map_err(|e| match e {
            NestError::Cancelled(_) => Error::Cancelled,
            other => Error::Impossible(format!("{}: {other}", job.instance.name)),
        })?;
    Ok(outcome(&instance, &layout, job, ctx))
}

fn outcome(instance: &Instance, layout: &Layout, job: &NestJob, ctx: &Ctx) -> NestOutcome {
    let (strip_width, sheets) = match &instance.target {
        Target::Strip { .. } => (
            Some(layout.strip_width(instance) as f64 / instance.scale),
            Vec::new(),
        ),
        Target::Sheets(kinds) => {
            let id = |&k: &u32| kinds[k as usize].id.clone();
            (None, layout.sheets.iter().map(id).collect())
        }
    };
    let cancelled = ctx.check().is_err();
    NestOutcome {
        name: instance.name.clone(),
        placed: layout.placements.len(),
        unplaced: layout
            .unplaced
            .iter()
            .map(|u| Unplaced {
                part: instance.items[u.item as usize].id.clone(),
                count: u.count,
                reason: u.reason.text(),
            })
            .collect(),
        density: layout.density(instance),
        strip_width,
        sheets,
        cost: layout.cost(instance),
        reproducible: matches!(job.budget, Budget::Work(_)) && !cancelled,
        cancelled,
        solution: json::write_solution(instance, layout),
    }
}
