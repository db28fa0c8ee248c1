//! The check before anything is written: all moves are carried out on the stock.
//!
//! In: setup, tools, moves of a job or of any program. Out: a [`Report`]: what would do harm, each with its place, and
//! what is left of the stock. Promised: a straight move's cut into the model is exact ([`DropCutter::gouge`]), its cut
//! into the stock is exact at every column; arcs are cut as chords within half a micrometre.

pub mod gcode;
mod motion;
mod obstacles;
pub mod target;
#[cfg(test)]
mod tests;

pub use motion::{Motion, motions};

use crate::dropcutter::{DropCutter, Hint, Surface};
use crate::stock::{Bite, Body, Field, Sweep};
use crate::tools::Profile;
use crate::{MillError, Setup, Tool, Toolpath};
use offcut_geometry::Ctx;

/// What would do harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Harm {
    /// A cut below the model's surface, or beyond what the operations may remove.
    Gouge,
    /// A rapid move in material.
    RapidInStock,
    /// Down into material faster than the tool may.
    FastPlunge,
    /// Straight down into material with a tool that does not cut at its centre.
    PlungeOffCenter,
    /// A cut deeper than the flutes are long.
    FluteOverrun,
    /// Shank or holder meets material.
    HolderInStock,
    /// Tool, shank or holder meets a fixture.
    Fixture,
    /// A place that the machine can't reach.
    Limits,
    /// A path into the bed, deeper than the setup allows.
    Bed,
    /// A cut while the spindle stands.
    Standing,
}

impl Harm {
    /// Short name, stable.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Gouge => "gouge",
            Self::RapidInStock => "rapid_in_stock",
            Self::FastPlunge => "fast_plunge",
            Self::PlungeOffCenter => "plunge_off_center",
            Self::FluteOverrun => "flute_overrun",
            Self::HolderInStock => "holder_in_stock",
            Self::Fixture => "fixture",
            Self::Limits => "limits",
            Self::Bed => "bed",
            Self::Standing => "spindle_off",
        }
    }

    /// What happens, as part of a sentence.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Gouge => "cuts into what is to be left",
            Self::RapidInStock => "a rapid move goes through material",
            Self::FastPlunge => "goes down into material faster than the tool may",
            Self::PlungeOffCenter => {
                "a tool that does not cut at its centre goes straight down into material"
            }
            Self::FluteOverrun => "cuts deeper than the flutes are long",
            Self::HolderInStock => "shank or holder runs into material",
            Self::Fixture => "runs into a fixture",
            Self::Limits => "leaves the machine's travel",
            Self::Bed => "cuts into the bed",
            Self::Standing => "cuts while the spindle stands still",
        }
    }
}

/// Something that would do harm, where, and by how much.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding {
    /// What.
    pub harm: Harm,
    /// Index of the operation, or of the tool's run in a program.
    pub operation: usize,
    /// Index of the move or line that it came from.
    pub source: usize,
    /// Where, mm.
    pub at: [f64; 3],
    /// How deep or how far, mm; mm/min too fast for plunges.
    pub amount: f64,
}

/// What one run of moves did.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Cutting {
    /// Index of the operation.
    pub operation: usize,
    /// Removed, mm³.
    pub volume: f64,
    /// Way at feed that removed something, mm.
    pub cutting: f64,
    /// Way at feed through air, mm.
    pub air: f64,
    /// Way at rapid, mm.
    pub rapid: f64,
}

/// What a job would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// What would do harm, in the order of the moves; at most [`MOST`] of a kind in each run.
    pub findings: Vec<Finding>,
    /// How many more there are.
    pub more: usize,
    /// Runs in their order.
    pub runs: Vec<Cutting>,
    /// What is left.
    pub stock: Field,
}

/// Findings of a kind that are kept from a run.
pub const MOST: usize = 20;

/// What is checked, beside the stock.
#[derive(Debug, Clone, Copy)]
pub struct Checks<'a> {
    /// The model that must not be cut.
    pub model: Option<&'a Surface>,
    /// Lowest and highest place that the machine reaches, mm.
    pub limits: Option<([f64; 3], [f64; 3])>,
    /// Side of the stock's cells, mm; [`Field::cell_for`] finds one.
    pub cell: f64,
}

/// A stock with the moves that were carried out on it.
#[derive(Debug)]
pub struct Simulator<'a> {
    setup: &'a Setup,
    checks: Checks<'a>,
    report: Report,
}

impl<'a> Simulator<'a> {
    /// Begins with the setup's stock.
    #[must_use]
    pub fn new(setup: &'a Setup, checks: Checks<'a>) -> Self {
        let report = Report {
            findings: Vec::new(),
            more: 0,
            runs: Vec::new(),
            stock: Field::of(setup, checks.cell),
        };
        Self {
            setup,
            checks,
            report,
        }
    }

    /// What is left now.
    #[must_use]
    pub const fn stock(&self) -> &Field {
        &self.report.stock
    }

    /// All that was found.
    #[must_use]
    pub fn finish(self) -> Report {
        self.report
    }

    /// Carries out a run of moves with one tool. `plunge` is the fastest that it may go down in material, mm/min.
    ///
    /// # Errors
    /// When the tool can't be, or the job was cancelled.
    pub fn run(
        &mut self,
        operation: usize,
        tool: &Tool,
        plunge: f64,
        motions: &[Motion],
        ctx: &Ctx,
    ) -> Result<&Cutting, MillError> {
        let body = body(tool)?;
        let mut cutting = Cutting {
            operation,
            ..Cutting::default()
        };
        let mut found = Vec::new();
        // In parts, so that a long job can be cancelled.
        for part in motions.chunks(1 << 16) {
            ctx.check()?;
            let sweeps: Vec<Sweep> = part.iter().map(Motion::sweep).collect();
            let bites = self.report.stock.cut(&body, &sweeps);
            for (m, bite) in part.iter().zip(&bites) {
                self.judge(operation, tool, plunge, m, bite, &mut found);
                let len = m.length();
                cutting.volume += bite.volume;
                *match (m.feed, bite.depth > 1e-6) {
                    (None, _) => &mut cutting.rapid,
                    (Some(_), true) => &mut cutting.cutting,
                    (Some(_), false) => &mut cutting.air,
                } += len;
            }
            obstacles::check(self.setup, self.checks.limits, &body, operation, part, &mut found);
            if let Some(model) = self.checks.model {
                found.extend(gouges(
                    model,
                    &body.profile,
                    self.setup.tolerance,
                    operation,
                    part,
                ));
            }
        }
        found.sort_by(|a, b| a.source.cmp(&b.source).then(a.harm.cmp(&b.harm)));
        self.keep(found);
        self.report.runs.push(cutting);
        let last = self.report.runs.len() - 1;
        Ok(&self.report.runs[last])
    }

    /// What a move's bite tells.
    fn judge(
        &self,
        operation: usize,
        tool: &Tool,
        plunge: f64,
        m: &Motion,
        bite: &Bite,
        out: &mut Vec<Finding>,
    ) {
        let tolerance = self.setup.tolerance;
        let z = m.from[2].min(m.to[2]);
        let mut add = |harm, at: [f64; 2], amount| {
            out.push(Finding {
                harm,
                operation,
                source: m.source,
                at: [at[0], at[1], z],
                amount,
            });
        };
        if bite.hit > tolerance {
            add(Harm::HolderInStock, bite.hit_at, bite.hit);
        }
        if bite.depth <= tolerance {
            return;
        }
        let Some(feed) = m.feed else {
            add(Harm::RapidInStock, bite.at, bite.depth);
            return;
        };
        if !m.turning {
            add(Harm::Standing, bite.at, bite.depth);
        }
        if bite.depth > tool.flute_length + tolerance {
            add(Harm::FluteOverrun, bite.at, bite.depth - tool.flute_length);
        }
        let (down, len) = (m.from[2] - m.to[2], m.length());
        if down > 1e-9 && feed * down / len > plunge * 1.001 {
            add(Harm::FastPlunge, bite.at, feed * down / len - plunge);
        }
        let level = libm::hypot(m.to[0] - m.from[0], m.to[1] - m.from[1]);
        if !tool.center_cutting && down > 0.0 && level < 1e-3 * down {
            add(Harm::PlungeOffCenter, bite.at, bite.depth);
        }
    }

    fn keep(&mut self, found: Vec<Finding>) {
        let mut counts = [0usize; 16];
        for f in found {
            let n = &mut counts[f.harm as usize];
            *n += 1;
            if *n <= MOST {
                self.report.findings.push(f);
            } else {
                self.report.more += 1;
            }
        }
    }
}

/// Carries out the toolpaths of a job.
///
/// # Errors
/// When a tool can't be, or the job was cancelled.
pub fn simulate(
    setup: &Setup,
    tools: &[Tool],
    toolpaths: &[Toolpath],
    checks: Checks,
    ctx: &Ctx,
) -> Result<Report, MillError> {
    let mut simulator = Simulator::new(setup, checks);
    let mut before: Option<(usize, [f64; 3])> = None;
    for (i, t) in toolpaths.iter().enumerate() {
        ctx.report("simulation", i as f32 / toolpaths.len() as f32);
        let Some(tool) = tools.get(t.tool) else {
            return Err(MillError::Tool(format!(
                "a toolpath asks for tool {} of {}; give the job that tool",
                t.tool + 1,
                tools.len()
            )));
        };
        // After a change of tools the way to the first place is the operator's.
        let from = before.filter(|b| b.0 == t.tool).map(|b| b.1);
        let moves = motions(t, from);
        before = moves.last().map(|m| (t.tool, m.to));
        simulator.run(t.operation, tool, t.feeds.plunge, &moves, ctx)?;
    }
    ctx.report("simulation", 1.0);
    Ok(simulator.finish())
}

/// A tool without a holder sits in a collet nut at least this wide, mm: that of ER11, the smallest on routers.
const NUT_MM: f64 = 19.0;

/// The tool with its shank and holder.
///
/// # Errors
/// [`MillError::Tool`] when its lengths don't make a tool.
pub fn body(tool: &Tool) -> Result<Body, MillError> {
    let profile = Profile::of(tool)?;
    let mut above = Vec::new();
    let mut add = |diameter: f64, height: f64| {
        // What is no wider than the flutes follows them; cuts deeper than the flutes are found by their depth.
        if diameter / 2.0 > profile.radius + 1e-9 {
            above.push((diameter / 2.0, height));
        }
    };
    add(tool.shank_diameter, tool.flute_length);
    let mut height = tool.stickout;
    let nut = [(NUT_MM, NUT_MM)];
    let holder = if tool.holder.is_empty() {
        &nut[..]
    } else {
        &tool.holder
    };
    for &(diameter, length) in holder {
        add(diameter, height);
        height += length;
    }
    Ok(Body { profile, above })
}

/// Cuts into the model.
fn gouges(
    model: &Surface,
    profile: &Profile,
    tolerance: f64,
    operation: usize,
    motions: &[Motion],
) -> Vec<Finding> {
    // Beside a wall the depth jumps from nothing to the wall's height. A tool that is a little narrower asks for the
    // depth across the wall instead.
    let (inner, lift) = profile.narrower(0.5 * tolerance);
    let tolerance = tolerance - lift;
    let cutter = DropCutter::new(model, inner);
    let (_, top) = model.bounds();
    let raised = |p: [f64; 3]| [p[0], p[1], p[2] + lift];
    let run = |part: &[Motion]| {
        let mut found = Vec::new();
        let mut hint = Hint::default();
        for m in part {
            if m.feed.is_none() || m.from[2].min(m.to[2]) > top[2] {
                continue;
            }
            let (from, to) = (raised(m.from), raised(m.to));
            let ground = cutter.drop(to[0], to[1], to[2], &mut hint).z;
            let mut worst = (ground - to[2], 1.0);
            if let Some(g) = cutter.gouge(from, to, tolerance)
                && g.depth > worst.0
            {
                worst = (g.depth, g.share);
            }
            if worst.0 > tolerance * (1.0 + 1e-9) + 1e-9 {
                found.push(Finding {
                    harm: Harm::Gouge,
                    operation,
                    source: m.source,
                    at: std::array::from_fn(|k| m.from[k] + (m.to[k] - m.from[k]) * worst.1),
                    amount: worst.0 + lift,
                });
            }
        }
        found
    };
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        motions.par_chunks(512).map(run).flatten_iter().collect()
    }
    #[cfg(not(feature = "parallel"))]
    run(motions)
}
