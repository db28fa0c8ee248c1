//! The driver: from a job to its toolpaths.
//!
//! In: a [`Job`]. Out: one [`Toolpath`] for each operation that has something to cut, and what came up.

use crate::dropcutter::Surface;
use crate::links::{Terrain, fixtures, link};
use crate::operations::{Notes, Plan};
use crate::path::P2;
use crate::simulate::{Checks, Harm, Motion, Report, Simulator, body, gcode, motions};
use crate::stock::Field;
use crate::{Job, MillError, Move, Pass, Setup, Toolpath};
use offcut_geometry::Ctx;

/// The toolpaths of a job.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// In the order of the operations.
    pub toolpaths: Vec<Toolpath>,
    /// What works but may not be meant so, with the operation's name.
    pub notes: Vec<String>,
    /// What the simulation of all of them found, and what is left of the stock.
    pub report: Report,
}

/// What stands on the machine: the stock as it is now, and the fixtures.
struct Standing<'a> {
    setup: &'a Setup,
    stock: &'a Field,
}

impl Terrain for Standing<'_> {
    fn highest(&self, a: P2, b: P2, radius: f64) -> f64 {
        // Columns are looked at in their middles; what stands between two of them is not missed.
        let stock = self.stock.highest(a, b, radius + self.stock.cell());
        fixtures(&self.setup.fixtures, a, b, radius).max(stock)
    }
}

impl Job {
    /// What an operation works with.
    #[must_use]
    pub fn context<'a>(
        &'a self,
        index: usize,
        stock: Option<&'a Field>,
        ctx: &'a Ctx<'a>,
        notes: &'a Notes,
    ) -> Option<Plan<'a>> {
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
            stock,
            ctx,
            notes,
        })
    }
}

/// Plans all operations of a job and carries them out on the stock, one after the other.
///
/// # Errors
/// The first operation that can't be made or would do harm, with its name and the place.
pub fn plan(job: &Job, ctx: &Ctx) -> Result<Planned, MillError> {
    let notes = Notes::default();
    let mut said = Vec::new();
    let mut toolpaths: Vec<Toolpath> = Vec::new();
    let surface = job.model.as_ref().map(Surface::new).transpose()?;
    let least = job
        .entries
        .iter()
        .map(|e| job.tools[e.tool].radius())
        .fold(f64::INFINITY, f64::min);
    let checks = Checks {
        model: surface.as_ref(),
        limits: job.machine.limits.map(|[lo, hi]| (lo, hi)),
        cell: Field::cell_for(&job.setup, least),
    };
    let mut simulator = Simulator::new(&job.setup, checks);
    let mut before: Option<(usize, [f64; 3])> = None;
    let mut carried: Vec<(usize, Vec<Motion>)> = Vec::new();
    let count = job.entries.len();
    for (i, e) in job.entries.iter().enumerate() {
        ctx.report("planning", i as f32 / count as f32);
        ctx.check()?;
        let Some(p) = job.context(i, Some(simulator.stock()), ctx, &notes) else {
            continue;
        };
        let fail = |what: String| MillError::Operation {
            operation: e.label.clone(),
            what,
        };
        let passes = e.operation.plan(&p).map_err(|err| match err {
            MillError::Job(what) => fail(what),
            other => other,
        })?;
        said.extend(
            notes
                .take()
                .into_iter()
                .map(|n| format!("operation {}: {n}", e.label)),
        );
        in_reach(&passes).map_err(fail)?;
        let standing = Standing {
            setup: &job.setup,
            stock: simulator.stock(),
        };
        let (moves, cycles) = link(&passes, &job.setup, p.tool.radius(), &standing);
        if moves.is_empty() {
            said.push(format!("operation {}: there is nothing to cut", e.label));
            continue;
        }
        let t = Toolpath {
            tool: e.tool,
            operation: i,
            moves,
            cycles,
            feeds: e.feeds,
        };
        let from = before.filter(|b| b.0 == t.tool).map(|b| b.1);
        let all = motions(&t, from);
        before = all.last().map(|m| (t.tool, m.to));
        simulator.run(i, &job.tools[e.tool], t.feeds.plunge, &all, ctx)?;
        toolpaths.push(t);
        if surface.is_none() {
            carried.push((i, all));
        }
    }
    ctx.report("planning", 1.0);
    let mut report = simulator.finish();
    if surface.is_none()
        && let Some(regions) = job.clears(ctx)
    {
        let raw = Field::of(&job.setup, checks.cell);
        let runs = carried
            .iter()
            .map(|(i, all)| Ok((*i, body(&job.tools[job.entries[*i].tool])?, &all[..])));
        let found = gcode::beyond(job, &raw, &report.stock, &regions, runs)?;
        report.findings.extend(found);
    }
    match report.findings.first() {
        None => Ok(Planned {
            toolpaths,
            notes: said,
            report,
        }),
        Some(f) => {
            let others = report.findings.len() + report.more - 1;
            Err(MillError::Unsafe {
                operation: job.entries[f.operation].label.clone(),
                at: f.at,
                what: format!(
                    "{} by {:.3}{}{}",
                    f.harm.text(),
                    f.amount,
                    match others {
                        0 => String::new(),
                        n => format!(" (and {n} more)"),
                    },
                    advice(f.harm)
                ),
            })
        }
    }
}

/// What to do about harm.
pub(crate) const fn advice(harm: Harm) -> &'static str {
    match harm {
        Harm::FluteOverrun => "; take a tool with longer flutes, or cut less deep",
        Harm::HolderInStock => "; take a longer tool, or cut less deep",
        Harm::PlungeOffCenter => "; use a ramp, or a tool that cuts at its centre",
        Harm::Fixture => "; move the fixture or leave that place out",
        Harm::Limits => "; move the stock or set machine.limits",
        Harm::Standing => "; start the spindle",
        Harm::Bed => "; cut less deep or raise heights.spoil",
        _ => "",
    }
}

/// Demands that all places can be worked with.
fn in_reach(passes: &[Pass]) -> Result<(), String> {
    let places = passes
        .iter()
        .flat_map(|p| std::iter::once(p.start).chain(p.moves.iter().filter_map(Move::to)));
    match places
        .into_iter()
        .find(|p| !p.iter().all(|v| v.is_finite() && v.abs() < 5000.0))
    {
        None => Ok(()),
        Some(p) => Err(format!(
            "a path leaves the ±5 m that offcut can work in ({p:?}); check sizes and units"
        )),
    }
}
