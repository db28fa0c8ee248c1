//! `offcut mill`: jobs, drawings and models become router G-code.

use super::{running, text};
use crate::args::Mill;
use crate::failure::Failure;
use crate::files::{self, Target};
use offcut::mill::{self, MillFile, MillJob, MillOutcome};
use offcut::{Ctx, Input};
use std::path::{Path, PathBuf};

/// Runs the command.
pub fn run(a: &Mill) -> Result<u8, Failure> {
    offcut::use_threads(a.run.threads);
    if a.schema {
        println!("{:#}", mill::job_schema());
        return Ok(0);
    }
    let path = a.input.clone().unwrap_or_default();
    let input = files::read(&path)?;
    let mut set = a.set.clone();
    set.extend(a.sheet.map(|n| format!("input.sheet={n}")));
    set.extend(a.material.as_ref().map(|m| format!("material=\"{m}\"")));
    set.extend(a.machine.as_ref().map(|m| format!("machine.dialect=\"{m}\"")));
    let is_job = is_job(&path);
    let file = if is_job {
        mill::read_job(&input, &set)?
    } else {
        mill::default_job(&input, &set)?
    };
    if a.print_job {
        let text = file.write().map_err(offcut::Error::from)?;
        match &a.output.output {
            Some(p) => {
                Target::choose(Some(p), &[path], "toml", a.output.force)?.write_all(text.as_bytes())?
            }
            None => print!("{text}"),
        }
        return Ok(0);
    }
    let (files, mut inputs) = if is_job {
        named_files(&file, &path)?
    } else {
        (vec![input], Vec::new())
    };
    inputs.insert(0, path);
    let target = running::target(&a.output, &a.run, None, &inputs, "nc")?;
    let job = MillJob { file, files };
    let (outcome, milled) = running::with_progress(&a.run, |ctx| {
        target.write(|sink| Ok(mill::mill(&job, ctx, sink)?))
    })?;
    let mut args = outcome.audit_args.clone();
    if let Some(t) = &a.target {
        let (kind, bytes) = mill::audit_target(&milled, &Ctx::quiet());
        Target::choose(Some(t), &inputs, kind, a.output.force)?.write_all(&bytes)?;
        let option = if kind == "stl" { "--target" } else { "--region" };
        args.extend([option.to_owned(), t.display().to_string()]);
    }
    if let Some(p) = target.path() {
        args.splice(0..0, ["--gcode".to_owned(), p]);
    }
    text::warn(&outcome.warnings);
    if a.run.json {
        let mut d = serde_json::to_value(&outcome).map_err(|e| offcut::Error::Internal(e.to_string()))?;
        d["audit_args"] = args.into();
        d["command"] = "mill".into();
        d["status"] = "ok".into();
        d["output"] = target.path().into();
        println!("{d:#}");
    } else if !a.run.quiet {
        summary(&outcome, &mill::stock_text(&milled.job), &target);
    }
    Ok(0)
}

/// Whether a file is a milling job, by its name.
pub fn is_job(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml"))
}

/// A job with the files that it names.
pub fn load(path: &Path) -> Result<MillJob, Failure> {
    let file = mill::read_job(&files::read(path)?, &[])?;
    let (files, _) = named_files(&file, path)?;
    Ok(MillJob { file, files })
}

/// The files that a job names, which lie beside it.
fn named_files(file: &MillFile, job: &Path) -> Result<(Vec<Input>, Vec<PathBuf>), Failure> {
    let folder = job.parent().unwrap_or(Path::new(""));
    let mut files = Vec::new();
    let mut paths = Vec::new();
    for name in file.files() {
        let path = folder.join(name);
        let read = files::read(&path)?;
        files.push(Input {
            name: name.to_owned(),
            ..read
        });
        paths.push(path);
    }
    Ok((files, paths))
}

fn summary(o: &MillOutcome, stock: &str, target: &Target) {
    let place = target.path().unwrap_or_else(|| "standard output".into());
    eprintln!(
        "{place}: {} in {} of {stock}, {}",
        text::count(o.operations.len(), "operation"),
        o.material,
        o.time
    );
    for p in &o.operations {
        eprintln!(
            "  {} with T{}: {:.2} m at {:.0} mm/min and {:.0} rpm, down to Z{:.2}",
            p.name,
            p.tool,
            p.cut_mm / 1000.0,
            p.feeds_mm_min[0],
            p.rpm,
            p.lowest_mm
        );
    }
}
