//! `offcut cut`: drawings, layouts and pictures become laser G-code.

use super::{drawings, running, text};
use crate::args::{Cut, MarksArg, SettingsArgs};
use crate::failure::Failure;
use crate::files::{self, Target};
use offcut::Warning;
use offcut::cut::{CutJob, CutMode, CutOutcome, TestGrid};
use offcut::settings::{
    CutResolved, CutSources, Source, cut_reference, cut_schema, resolve_cut, user_folder,
};
use std::path::{Path, PathBuf};

/// Runs the command.
pub fn run(a: &Cut) -> Result<u8, Failure> {
    offcut::use_threads(a.run.threads);
    if a.schema {
        Target::Stdout.write_all(format!("{:#}\n", cut_schema()).as_bytes())?;
        return Ok(0);
    }
    if a.help_settings {
        let page = cut_reference().map_err(offcut::Error::from)?;
        Target::Stdout.write_all(page.as_bytes())?;
        return Ok(0);
    }
    let resolved = resolve(&a.settings, &a.library, &a.operation)?;
    let mode = mode(a)?;
    let name = match mode {
        CutMode::TestGrid(_) => Some("test-grid.gcode"),
        CutMode::KerfTest => Some("kerf-test.gcode"),
        _ => None,
    };
    let target = running::target(&a.output, &a.run, name, &a.files, "gcode")?;
    let job = CutJob {
        inputs: a.files.iter().map(|p| files::read(p)).collect::<Result<_, _>>()?,
        unit: drawings::unit(a.unit.as_deref())?,
        section: drawings::section_or(&a.section, MarksArg::Numbers),
        sheet: a.sheet,
        mode,
        ..job(&resolved)
    };
    let outcome = running::with_progress(&a.run, |ctx| {
        target.write(|sink| Ok(offcut::cut::cut(job, ctx, sink)?))
    })?;
    text::warn(&outcome.warnings);
    if a.run.json {
        println!("{:#}", document(&outcome, &target)?);
    } else if !a.run.quiet {
        summary(&outcome, &target);
    }
    Ok(0)
}

/// A job with these settings and no inputs.
pub fn job(resolved: &CutResolved) -> CutJob {
    let warnings = resolved.warnings.iter();
    CutJob {
        settings: resolved.settings.clone(),
        given: resolved.given.clone(),
        profiles: resolved.names.clone(),
        warnings: warnings
            .map(|(code, message)| Warning::new(code.clone(), message.clone()))
            .collect(),
        ..CutJob::default()
    }
}

fn mode(a: &Cut) -> Result<CutMode, Failure> {
    Ok(match &a.test_grid {
        Some(axes) => CutMode::TestGrid(TestGrid::parse(axes.split(','))?),
        None if a.kerf_test => CutMode::KerfTest,
        None if a.frame => CutMode::Frame,
        None => CutMode::Cut,
    })
}

/// Settings of the options: names of lasers and materials, or files.
pub fn resolve(
    a: &SettingsArgs,
    libraries: &[PathBuf],
    operations: &[String],
) -> Result<CutResolved, Failure> {
    let read = |path: &Path| -> Result<(String, String), Failure> {
        let input = files::read(path)?;
        let text = String::from_utf8(input.bytes)
            .map_err(|_| Failure::usage(format!("{}: is no text", path.display())))?;
        Ok((input.name, text))
    };
    let source = |name: &Option<String>, folder: &str| -> Result<Option<Source>, Failure> {
        let Some(name) = name else { return Ok(None) };
        let is_path = Path::new(name).extension().is_some_and(|e| e == "toml") || name.contains(['/', '\\']);
        if is_path {
            let (file, text) = read(Path::new(name))?;
            return Ok(Some(Source::File(file, text)));
        }
        // The user's own machines come before those of the same name that are built in.
        let own = (!a.isolated)
            .then(|| user_folder(|v| std::env::var_os(v)))
            .flatten()
            .map(|f| f.join(folder).join(format!("{name}.toml")))
            .filter(|p| p.is_file());
        Ok(Some(match own {
            Some(p) => {
                let (file, text) = read(&p)?;
                Source::File(file, text)
            }
            None => Source::Name(name.clone()),
        }))
    };
    let sources = CutSources {
        machine: source(&a.machine, "lasers")?,
        material: source(&a.material, "laser-materials")?,
        process: source(&a.process, "laser-processes")?,
        libraries: libraries.iter().map(|p| read(p)).collect::<Result<_, _>>()?,
        profiles: a.profile.iter().map(|p| read(p)).collect::<Result<_, _>>()?,
        assignments: a.set.clone(),
        operations: operations.to_vec(),
    };
    Ok(resolve_cut(&sources).map_err(offcut::Error::from)?)
}

/// The result document.
pub fn document(outcome: &CutOutcome, target: &Target) -> Result<serde_json::Value, Failure> {
    let mut d = serde_json::to_value(outcome).map_err(|e| offcut::Error::Internal(e.to_string()))?;
    d["command"] = "cut".into();
    d["status"] = "ok".into();
    d["output"] = target.path().into();
    Ok(d)
}

/// The result for people.
pub fn summary(o: &CutOutcome, target: &Target) {
    let place = target.path().unwrap_or_else(|| "standard output".into());
    eprintln!("{place}: {}, {}", text::count(o.contours, "contour"), o.time);
    let [lo, hi] = o.bounds_mm;
    eprintln!(
        "  {} cut, {} travel, {}, {} x {} mm",
        way(o.cut_mm),
        way(o.travel_mm),
        text::count(o.pierces as usize, "pierce"),
        text::short(hi[0] - lo[0]),
        text::short(hi[1] - lo[1]),
    );
    for l in &o.layers {
        eprintln!(
            "  layer {}: {} at {} mm/s, {} %, {} ({} as the file says)",
            l.layer,
            l.role,
            text::short(l.speed_mm_s),
            text::short(l.power_percent),
            if l.passes == 1 {
                "once".into()
            } else {
                format!("{} times", l.passes)
            },
            l.from_file.join(", "),
        );
    }
    if o.cost > 0.0 {
        eprintln!("  cost {:.2}", o.cost);
    }
}

fn way(mm: f64) -> String {
    if mm < 1000.0 {
        format!("{mm:.0} mm")
    } else {
        format!("{:.2} m", mm / 1000.0)
    }
}
