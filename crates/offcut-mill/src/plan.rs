//! The driver: from a job to its toolpaths.
//!
//! In: a [`Job`]. Out: one [`Toolpath`] for each operation that has something to cut, and what came up.

use crate::links::{Block, link};
use crate::operations::{Notes, Plan};
use crate::{Job, MillError, Toolpath};
use offcut_geometry::Ctx;

/// The toolpaths of a job.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Planned {
    /// In the order of the operations.
    pub toolpaths: Vec<Toolpath>,
    /// What works but may not be meant so, with the operation's name.
    pub notes: Vec<String>,
}

impl Job {
    /// What an operation works with.
    #[must_use]
    pub fn context<'a>(&'a self, index: usize, ctx: &'a Ctx<'a>, notes: &'a Notes) -> Option<Plan<'a>> {
        let e = self.entries.get(index)?;
        Some(Plan {
            setup: &self.setup,
            tool: self.tools.get(e.tool)?,
            material: self.material,
            feeds: e.feeds,
            region: &e.selection.region,
            lines: &e.selection.lines,
            holes: &e.selection.holes,
            model: self.model.as_ref(),
            stock: None,
            ctx,
            notes,
        })
    }
}

/// Plans all operations of a job.
///
/// # Errors
/// The first operation that can't be made, with its name.
pub fn plan(job: &Job, ctx: &Ctx) -> Result<Planned, MillError> {
    let mut out = Planned::default();
    let notes = Notes::default();
    let count = job.entries.len();
    for (i, e) in job.entries.iter().enumerate() {
        ctx.report("planning", i as f32 / count as f32);
        ctx.check()?;
        let Some(p) = job.context(i, ctx, &notes) else {
            continue;
        };
        let passes = e.operation.plan(&p).map_err(|err| match err {
            MillError::Job(what) => MillError::Operation {
                operation: e.label.clone(),
                what,
            },
            other => other,
        })?;
        out.notes.extend(
            notes
                .take()
                .into_iter()
                .map(|n| format!("operation {}: {n}", e.label)),
        );
        if let Some(fault) = passes
            .iter()
            .flat_map(|p| std::iter::once(p.start).chain(p.moves.iter().filter_map(crate::Move::to)))
            .find(|p| !p.iter().all(|v| v.is_finite() && v.abs() < 5000.0))
        {
            return Err(MillError::Operation {
                operation: e.label.clone(),
                what: format!(
                    "a path leaves the ±5 m that offcut can work in ({fault:?}); check sizes and units"
                ),
            });
        }
        let (moves, cycles) = link(&passes, &job.setup, p.tool.radius(), &Block(&job.setup));
        if moves.is_empty() {
            out.notes
                .push(format!("operation {}: there is nothing to cut", e.label));
            continue;
        }
        out.toolpaths.push(Toolpath {
            tool: e.tool,
            operation: i,
            moves,
            cycles,
            feeds: e.feeds,
        });
    }
    ctx.report("planning", 1.0);
    Ok(out)
}
