//! Any G-code carried out on a job's stock.
//!
//! In: a [`Job`], the text of a program. Out: a [`Report`] whose findings name lines. Promised: every cutting move is
//! simulated with the tool that is in the spindle; what the program does not tell (where it begins, which tool it
//! means) is a finding, never guessed. For machines without a changer the writer names tools in comments; they count
//! in programs that have no T word.

use super::{Checks, Finding, Harm, Motion, Report, Simulator, motion, target};
use crate::dropcutter::Surface;
use crate::operations::Notes;
use crate::stock::Field;
use crate::{Job, MillError};
use offcut_gcode::cnc::read::{Event, Mode, Move, Visitor, read};
use offcut_geometry::Ctx;

/// Moves with one tool.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// Number of the tool as the program's words or comments give it; none before the first.
    pub tool: Option<u32>,
    /// Its moves; their source is the line.
    pub motions: Vec<Motion>,
}

/// What a program says, as runs of moves.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// In their order.
    pub runs: Vec<Run>,
    /// Lines that move at feed from a place that the program has not said.
    pub unknown: Vec<usize>,
    /// Lines that move at feed without a feed.
    pub no_feed: Vec<usize>,
}

struct Collector {
    out: Program,
    clearance: f64,
    /// Z has been said.
    z_known: bool,
    /// Tools are named by T words.
    words: bool,
}

/// The tool that a comment of the writer names: `tool 2 ball-3 D3`.
fn named(comment: &[u8]) -> Option<u32> {
    let mut words = std::str::from_utf8(comment).ok()?.split_whitespace();
    let number = words.next().filter(|w| *w == "tool").and_then(|_| words.next())?;
    let diameter = words.last()?.strip_prefix('D')?;
    diameter.parse::<f64>().ok()?;
    number.parse().ok()
}

impl Visitor for Collector {
    fn motion(&mut self, m: &Move) {
        let mut from = m.from;
        if !self.z_known {
            // Operators begin above everything.
            from[2] = self.clearance;
            self.z_known = m.from[2] != m.to[2];
        }
        let to = if self.z_known {
            m.to
        } else {
            [m.to[0], m.to[1], from[2]]
        };
        let line = m.line as usize;
        if !m.known {
            if !m.rapid {
                self.out.unknown.push(line);
            }
            return;
        }
        if !m.rapid && m.feed <= 0.0 {
            self.out.no_feed.push(line);
        }
        let feed = (!m.rapid).then_some(m.feed * 60.0);
        let run = match self.out.runs.last_mut() {
            Some(r) => r,
            None => {
                self.out.runs.push(Run::default());
                let last = self.out.runs.len() - 1;
                &mut self.out.runs[last]
            }
        };
        let before = run.motions.len();
        match m.arc {
            Some(a) => motion::arc(from, to, a.center, a.ccw, feed, line, &mut run.motions),
            None if from != to => run.motions.push(Motion {
                from,
                to,
                feed,
                source: line,
                turning: true,
            }),
            None => {}
        }
        for new in &mut run.motions[before..] {
            new.turning = m.mode != Mode::Off && m.s > 0.0;
        }
    }

    fn event(&mut self, event: Event, _: u64) {
        let tool = match event {
            Event::Tool(n) => {
                self.words = true;
                Some(n)
            }
            Event::Comment(text) if !self.words => named(text),
            _ => None,
        };
        if tool.is_some() && self.out.runs.last().is_none_or(|r| r.tool != tool) {
            self.out.runs.push(Run {
                tool,
                motions: Vec::new(),
            });
        }
    }
}

/// Reads a program; it begins at `clearance` as long as it does not say a height.
#[must_use]
pub fn program(text: &[u8], clearance: f64) -> Program {
    let mut c = Collector {
        out: Program::default(),
        clearance,
        z_known: false,
        words: false,
    };
    read(text, &mut c);
    c.out.runs.retain(|r| !r.motions.is_empty());
    c.out
}

/// A program on a job's stock.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// What would do harm, in the order of the lines, and what is left.
    pub report: Report,
    /// Tools that the program names and the job does not have.
    pub strangers: Vec<u32>,
    /// Lines that move at feed from an unknown place or without a feed.
    pub unclear: Vec<usize>,
}

impl Job {
    /// The stock, in cells that show what the job's tools leave.
    #[must_use]
    pub fn field(&self) -> Field {
        let least = self.entries.iter().map(|e| self.tools[e.tool].radius());
        let least = least.fold(f64::INFINITY, f64::min);
        let r = if least.is_finite() { least } else { 1.5 };
        Field::of(&self.setup, Field::cell_for(&self.setup, r))
    }

    /// What the operations may remove; nothing when one of them works on the model or does not say.
    #[must_use]
    pub fn clears(&self, ctx: &Ctx) -> Option<Vec<(offcut_geometry::Loops, f64)>> {
        let notes = Notes::default();
        let mut out = Vec::new();
        for i in 0..self.entries.len() {
            let p = self.context(i, None, ctx, &notes)?;
            let list = self.entries[i].operation.spares(&p);
            if list.is_empty() {
                return None;
            }
            out.extend(list);
        }
        Some(out)
    }
}

/// Carries out a program on the stock of a job.
///
/// # Errors
/// When a tool of the job can't be simulated, or the check was cancelled.
pub fn check(job: &Job, text: &[u8], ctx: &Ctx) -> Result<Checked, MillError> {
    let surface = job.model.as_ref().map(Surface::new).transpose()?;
    let raw = job.field();
    let checks = Checks {
        model: surface.as_ref(),
        limits: job.machine.limits.map(|[lo, hi]| (lo, hi)),
        cell: raw.cell(),
    };
    let program = program(text, job.setup.clearance);
    let mut simulator = Simulator::new(&job.setup, checks);
    let mut strangers = Vec::new();
    let mut unclear = program.unknown;
    unclear.extend(&program.no_feed);
    unclear.sort_unstable();
    // A program that names no tool is for the first.
    let first = job.entries.first().map_or(0, |e| e.tool);
    let mut used = Vec::new();
    for (i, run) in program.runs.iter().enumerate() {
        ctx.report("simulation", i as f32 / program.runs.len() as f32);
        let index = match run.tool {
            None => Some(first),
            Some(n) => job.tools.iter().position(|t| t.number == n),
        };
        let Some(tool) = index.and_then(|i| job.tools.get(i)) else {
            let n = run.tool.unwrap_or(0);
            if !strangers.contains(&n) {
                strangers.push(n);
            }
            continue;
        };
        // The fastest plunge that an operation with this tool may make.
        let plunge = job
            .entries
            .iter()
            .filter(|e| Some(e.tool) == index)
            .fold(0.0f64, |p, e| p.max(e.feeds.plunge));
        simulator.run(i, tool, plunge, &run.motions, ctx)?;
        used.push((i, tool));
    }
    let mut report = simulator.finish();
    if job.model.is_none()
        && let Some(regions) = job.clears(ctx)
    {
        let runs = used
            .iter()
            .map(|(i, tool)| Ok((*i, super::body(tool)?, &program.runs[*i].motions[..])));
        let found = beyond(job, &raw, &report.stock, &regions, runs)?;
        report.findings.extend(found);
    }
    report
        .findings
        .sort_by(|a, b| a.source.cmp(&b.source).then(a.harm.cmp(&b.harm)));
    Ok(Checked {
        report,
        strangers,
        unclear,
    })
}

/// Cuts beyond what a job's operations may remove, by the moves that made them.
pub(crate) fn beyond<'a>(
    job: &Job,
    before: &Field,
    after: &Field,
    regions: &[(offcut_geometry::Loops, f64)],
    runs: impl Iterator<Item = Result<(usize, crate::stock::Body, &'a [Motion]), MillError>>,
) -> Result<Vec<Finding>, MillError> {
    let tolerance = job.setup.tolerance;
    let mut places: Vec<(target::Excess, f64)> =
        target::excess(before, after, regions, tolerance, super::MOST)
            .into_iter()
            .map(|e| (e, e.before))
            .collect();
    let mut out = Vec::new();
    if places.is_empty() {
        return Ok(out);
    }
    for run in runs {
        let (i, body, motions) = run?;
        out.extend(target::blame(
            &mut places,
            &body,
            i,
            motions,
            tolerance,
            before.cell(),
        ));
    }
    // What no single move explains is told all the same.
    out.extend(places.iter().map(|(e, _)| Finding {
        harm: Harm::Gouge,
        operation: 0,
        source: 0,
        at: [e.at[0], e.at[1], e.floor - e.depth],
        amount: e.depth,
    }));
    Ok(out)
}
