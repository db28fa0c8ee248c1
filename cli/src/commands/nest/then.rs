//! `offcut nest … --then cut`: a layout becomes laser G-code, one file for each sheet.

use crate::args::{Nest, Then};
use crate::commands::cut;
use crate::failure::Failure;
use crate::files::Target;
use offcut::cut::{CutJob, CutOutcome};
use offcut::nest::DrawingNestOutcome;
use offcut::settings::CutResolved;
use offcut::{Ctx, Input};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Endings of G-code.
const GCODE: &[&str] = &["gcode", "gco", "g", "nc", "ngc", "tap"];

/// What follows, its settings resolved: a mistake in them is told before the search.
pub struct Following {
    resolved: CutResolved,
    extension: String,
    /// Where the layout goes when `-o` names G-code.
    pub layout: Option<PathBuf>,
}

/// One sheet's G-code.
pub struct Sheet {
    bytes: Vec<u8>,
    pub outcome: CutOutcome,
    pub target: Target,
}

/// Resolves what follows, if anything does.
pub fn prepare(a: &Nest) -> Result<Option<Following>, Failure> {
    let Some(Then::Cut) = a.then.then else {
        return Ok(None);
    };
    let given = a.output.output.as_deref();
    if given.is_some_and(|p| p.as_os_str() == "-") {
        return Err(Failure::usage(
            "--then cut writes a layout and G-code: name a file with -o instead of standard output",
        ));
    }
    let extension = |p: &Path| Some(p.extension()?.to_str()?.to_ascii_lowercase());
    let gcode = given.and_then(extension).filter(|e| GCODE.contains(&e.as_str()));
    let layout = given
        .filter(|_| gcode.is_some())
        .map(|p| p.with_extension("nest.json"));
    let settings = a.then.settings(&a.rules.material);
    Ok(Some(Following {
        resolved: cut::resolve(&settings, &a.then.library, &a.then.operation)?,
        extension: gcode.unwrap_or_else(|| "gcode".into()),
        layout,
    }))
}

impl Following {
    /// Makes the G-code of all sheets; nothing is written yet.
    pub fn make(
        &self,
        a: &Nest,
        done: &DrawingNestOutcome,
        layout: &Target,
        ctx: &Ctx,
    ) -> Result<Vec<Sheet>, Failure> {
        let Target::File(layout) = layout else {
            return Ok(Vec::new());
        };
        let name = layout.display().to_string();
        let input = Input {
            name,
            bytes: done.layout.write().into_bytes(),
        };
        let count = done.layout.sheets.len();
        (1..=count)
            .map(|k| {
                let path = self.path(layout, k, count);
                let target = Target::choose(Some(&path), &[], "", a.output.force)?;
                let job = CutJob {
                    inputs: vec![input.clone()],
                    sheet: Some(k),
                    ..cut::job(&self.resolved)
                };
                let mut bytes = Vec::new();
                let outcome = offcut::cut::cut(job, ctx, &mut bytes)?;
                Ok(Sheet {
                    bytes,
                    outcome,
                    target,
                })
            })
            .collect()
    }

    /// The G-code of a sheet lies beside the layout.
    fn path(&self, layout: &Path, sheet: usize, count: usize) -> PathBuf {
        let base = layout.with_extension("");
        let base = match base.extension() {
            Some(e) if e == "nest" => base.with_extension(""),
            _ => base,
        };
        let mut name = base.file_name().unwrap_or_default().to_owned();
        if count > 1 {
            name.push(format!("-{sheet}"));
        }
        name.push(".");
        name.push(&self.extension);
        base.with_file_name(name)
    }
}

/// Prints what to know of the cuts, each once.
pub fn warn(sheets: &[Sheet]) {
    let mut told: Vec<&str> = Vec::new();
    for w in sheets.iter().flat_map(|s| &s.outcome.warnings) {
        if !told.contains(&w.message.as_str()) {
            told.push(&w.message);
            eprintln!("warning: {}", w.message);
        }
    }
}

/// Writes the G-code.
pub fn write(sheets: &[Sheet]) -> Result<(), Failure> {
    sheets.iter().try_for_each(|s| s.target.write_all(&s.bytes))
}

/// What `--json` says of each sheet.
pub fn documents(sheets: &[Sheet]) -> Result<Value, Failure> {
    sheets
        .iter()
        .map(|s| cut::document(&s.outcome, &s.target))
        .collect()
}
