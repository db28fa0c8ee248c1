//! `offcut nest`: parts become layouts.

use super::text;
use crate::args::Nest;
use crate::failure::Failure;
use crate::files::{self, Target};
use crate::interrupt;
use crate::progress::Progress;
use offcut::{Budget, Ctx, NestJob, NestOutcome};
use std::time::Instant;

/// Status of a search that was stopped; its best layout is written all the same.
const CANCELLED: u8 = 130;

/// Runs the command.
pub fn run(a: &Nest) -> Result<u8, Failure> {
    let begin = Instant::now();
    if !(a.time.is_finite() && a.time > 0.0) {
        return Err(Failure::usage(format!(
            "--time {}: a number of seconds above 0 is needed",
            a.time
        )));
    }
    let inputs = [a.instance.clone()];
    let target = Target::choose(a.solution.as_deref(), &inputs, "solution.json", a.force)?;
    if a.run.json && target == Target::Stdout {
        return Err(Failure::usage(
            "--json and the solution can't share standard output; name a file with --solution",
        ));
    }
    let passed = || begin.elapsed().as_secs_f64() / a.time;
    let job = NestJob {
        instance: files::read(&a.instance)?,
        start: a.start.as_deref().map(files::read).transpose()?,
        budget: a.work.map_or(Budget::Time(&passed), Budget::Work),
        workers: a.workers,
    };
    // More threads than workers would find nothing to do.
    offcut::use_threads(match a.run.threads {
        0 => a.workers as usize,
        n => n.min(a.workers as usize),
    });
    interrupt::listen();
    let progress = Progress::new(a.run.progress, a.run.quiet || a.run.json);
    let ctx = Ctx::quiet().with_cancel(&interrupt::CANCEL).with_seed(a.run.seed);
    let done = offcut::nest(&job, &ctx, &mut |density| {
        progress.report("density", density as f32)
    });
    progress.finish();
    let outcome = done?;
    target.write_all(outcome.solution.as_bytes())?;
    if a.run.json {
        println!("{:#}", document(&outcome, &target)?);
    } else if !a.run.quiet {
        summary(&outcome, &target);
    }
    Ok(if outcome.cancelled { CANCELLED } else { 0 })
}

fn document(outcome: &NestOutcome, target: &Target) -> Result<serde_json::Value, Failure> {
    let mut d = serde_json::to_value(outcome).map_err(|e| offcut::Error::Internal(e.to_string()))?;
    d["command"] = "nest".into();
    d["status"] = "ok".into();
    d["output"] = target.path().into();
    d["version"] = offcut::VERSION.into();
    Ok(d)
}

fn summary(o: &NestOutcome, target: &Target) {
    let place = target.path().unwrap_or_else(|| "standard output".into());
    let used = match o.strip_width {
        Some(w) => format!("{} of strip", text::short((w * 1e4).round() / 1e4)),
        None => text::count(o.sheets.len(), "sheet"),
    };
    eprintln!(
        "{place}: {} on {used}, {:.2} % of it used{}",
        text::count(o.placed, "part"),
        100.0 * o.density,
        if o.cancelled { " (stopped early)" } else { "" }
    );
    for u in &o.unplaced {
        eprintln!("  missing: {} of part {}: {}", u.count, u.part, u.reason);
    }
}
