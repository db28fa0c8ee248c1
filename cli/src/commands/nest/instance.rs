//! Instances and solutions of nesting benchmarks.

use super::{CANCELLED, search};
use crate::args::Nest;
use crate::commands::text;
use crate::failure::Failure;
use crate::files::{self, Target};
use offcut::{Budget, NestJob, NestOutcome};
use std::path::Path;

/// Nests an instance.
pub fn run(a: &Nest, instance: &Path, budget: Budget) -> Result<u8, Failure> {
    let inputs = [instance.to_owned()];
    let target = Target::choose(a.solution.as_deref(), &inputs, "solution.json", a.output.force)?;
    if a.run.json && target == Target::Stdout {
        return Err(Failure::usage(
            "--json and the solution can't share standard output; name a file with --solution",
        ));
    }
    let job = NestJob {
        instance: files::read(instance)?,
        start: a.start.as_deref().map(files::read).transpose()?,
        budget,
        workers: a.workers,
    };
    let outcome = search(a, |ctx, tell| offcut::nest::nest(&job, ctx, tell))?;
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
