//! Milling: a job file and what it names become G-code for a router.
//!
//! In: a [`MillJob`]. Out: G-code to a sink, and a [`MillOutcome`]. Promised: the sink gets nothing before all
//! toolpaths are planned and found safe; equal jobs give equal bytes.

mod check;
mod inputs;
mod picture;

pub use check::check_mill;
pub use picture::{Picture, Shown, picture, picture_of_gcode};

use crate::nest::{self, LayoutFile};
use crate::outcome::Warning;
use crate::placement::Input;
use crate::{Error, VERSION};
use offcut_formats::{Limits, is_drawing, read_drawing};
use offcut_gcode::cnc::{self, CutTime};
use offcut_gcode::metadata::duration_text;
use offcut_gcode::program::{CutRole, Program};
use offcut_geometry::Ctx;
use offcut_mill::job::SheetOfParts;
use offcut_mill::{Inputs, Job, JobFile, MillError, Planned, StockShape};
use serde::Serialize;
use serde_json::Value;
use std::io::Write;

pub use offcut_mill::JobFile as MillFile;

/// A milling job and the files that it names.
#[derive(Debug, Clone, Default)]
pub struct MillJob {
    /// The job.
    pub file: JobFile,
    /// The files that it names, under the names that it gives them.
    pub files: Vec<Input>,
}

/// A tool of a job.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ToolReport {
    /// Its number.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// mm.
    pub diameter_mm: f64,
    /// Revolutions per minute, lowest and highest.
    pub rpm: [f64; 2],
}

/// An operation of a job.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OperationReport {
    /// Its kind.
    pub kind: &'static str,
    /// Number and name.
    pub name: String,
    /// Number of its tool.
    pub tool: u32,
    /// Way at feed, mm.
    pub cut_mm: f64,
    /// Way at rapid, mm.
    pub rapid_mm: f64,
    /// Feed when cutting and straight down, mm/min.
    pub feeds_mm_min: [f64; 2],
    /// Revolutions per minute.
    pub rpm: f64,
    /// Deepest point, mm.
    pub lowest_mm: f64,
}

/// Time of one kind of move.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CutRoleTime {
    /// The kind.
    pub role: &'static str,
    /// s.
    pub seconds: f64,
    /// mm.
    pub length_mm: f64,
}

/// What came of a milling job.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MillOutcome {
    /// The job's name.
    pub name: String,
    /// Machining time, s.
    pub time_s: f64,
    /// The same in words.
    pub time: String,
    /// Time and way by kind of cut.
    pub roles: Vec<CutRoleTime>,
    /// Time of rapids, s.
    pub rapid_s: f64,
    /// Lowest and highest point of all cuts, mm.
    pub bounds_mm: Option<[[f64; 3]; 2]>,
    /// Lowest and highest corner of the stock, mm.
    pub stock_mm: [[f64; 3]; 2],
    /// What it is made of.
    pub material: &'static str,
    /// The tools that are used.
    pub tools: Vec<ToolReport>,
    /// The operations that cut something.
    pub operations: Vec<OperationReport>,
    /// Arguments for an independent check of the G-code: stock, tools, limits.
    pub audit_args: Vec<String>,
    /// What to know.
    pub warnings: Vec<Warning>,
    /// Identifies the resolved job.
    pub settings_hash: String,
    /// Version of offcut.
    pub version: &'static str,
}

/// A job that is planned, and not yet written.
pub struct Milled {
    /// The job, in the program's coordinates.
    pub job: Job,
    /// Its toolpaths.
    pub planned: Planned,
    /// Its motion.
    pub program: Program,
    warnings: Vec<Warning>,
    hash: String,
}

impl From<MillError> for Error {
    fn from(e: MillError) -> Self {
        match e {
            MillError::Cancelled(_) => Self::Cancelled,
            MillError::Job(_) | MillError::Tool(_) => Self::Usage(e.to_string()),
            other => Self::Impossible(other.to_string()),
        }
    }
}

/// Reads a job file; `set` changes keys of it first (`stock.thickness=6`, `machine.dialect=linuxcnc`).
///
/// # Errors
/// [`Error::Usage`] says what is wrong with a key.
pub fn read_job(input: &Input, set: &[String]) -> Result<JobFile, Error> {
    let text = std::str::from_utf8(&input.bytes)
        .map_err(|_| Error::Input(format!("{}: is no text; a job file is TOML", input.name)))?;
    Ok(JobFile::read_with(text, &input.name, set)?)
}

/// A sensible job for a drawing, a layout of nested parts, a model or the picture of a relief by itself.
///
/// # Errors
/// [`Error::Input`] when the file can't be read, [`Error::Usage`] for a key that is not known.
pub fn default_job(input: &Input, set: &[String]) -> Result<JobFile, Error> {
    let name = &input.name;
    let text = if inputs::is_picture(&input.bytes) {
        offcut_mill::job::default_for_picture(name)
    } else if nest::is_layout(&input.bytes) {
        // Which sheet it is may stand among the keys.
        let about_input: Vec<String> = set.iter().filter(|s| s.starts_with("input.")).cloned().collect();
        let first = JobFile::read_with("", name, &about_input)?;
        let drawing = inputs::drawing(input, None, first.input.sheet.or(Some(1)), &mut Vec::new())?;
        let layout = LayoutFile::read(name, &input.bytes)?;
        let sheet = layout
            .sheets
            .get(first.input.sheet.unwrap_or(1).saturating_sub(1));
        let about = SheetOfParts {
            thickness: sheet.and_then(|s| s.thickness_mm),
            spacing: Some(layout.spacing_mm).filter(|s| *s > 0.0),
        };
        offcut_mill::job::default_for_drawing(name, &drawing, Some(&about))
    } else if is_drawing(name, &input.bytes) {
        let file = read_drawing(&input.bytes, name, None, &Limits::default())
            .map_err(|e| Error::Input(e.to_string()))?;
        let about = inputs::shows_sheets(&file.drawing).then(SheetOfParts::default);
        offcut_mill::job::default_for_drawing(name, &file.drawing, about.as_ref())
    } else {
        let mesh = inputs::model(input, None, &mut Vec::new())?;
        offcut_mill::job::default_for_model(name, &mesh)
    };
    Ok(JobFile::read_with(&text, &input.name, set)?)
}

/// The built-in tools: name, shape and diameter in mm.
///
/// # Errors
/// None, a test says so.
pub fn tools() -> Result<Value, Error> {
    Ok(serde_json::to_value(offcut_mill::tools::library::builtin()?).unwrap_or_default())
}

/// The JSON Schema of job files.
#[must_use]
pub fn job_schema() -> Value {
    offcut_mill::job::schema()
}

/// FNV-1a of the resolved job.
fn job_hash(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
        (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// A job whose files are read, with what to know and the hash of its file.
pub(crate) type Prepared = (Job, Vec<Warning>, String);

/// Reads what a job names.
///
/// # Errors
/// See [`Error`].
pub(crate) fn prepare(job: &MillJob, ctx: &Ctx) -> Result<Prepared, Error> {
    ctx.report("reading", 0.0);
    let mut warnings = Vec::new();
    let find = |name: &str| {
        job.files
            .iter()
            .find(|f| f.name == name)
            .ok_or_else(|| Error::Input(format!("{name}: the job names it, but it is not there")))
    };
    let i = &job.file.input;
    if [&i.drawing, &i.model, &i.picture]
        .iter()
        .filter(|f| f.is_some())
        .count()
        > 1
    {
        return Err(Error::Usage(
            "input: name one of drawing, model and picture, not several".into(),
        ));
    }
    let unit = i.unit.as_deref();
    let mut inputs = Inputs::default();
    if let Some(name) = &i.drawing {
        inputs.drawing = Some(inputs::drawing(find(name)?, unit, i.sheet, &mut warnings)?);
    }
    if let Some(name) = &i.model {
        inputs.model = Some(inputs::model(find(name)?, unit, &mut warnings)?);
    }
    if let Some(name) = &i.picture {
        inputs.model = Some(inputs::relief(find(name)?, &i.relief)?);
    }
    if let Some(name) = &job.file.stock.model {
        inputs.stock = Some(inputs::model(find(name)?, unit, &mut warnings)?);
    }
    if let Some(name) = &job.file.library {
        let f = find(name)?;
        inputs.library = Some((String::from_utf8_lossy(&f.bytes).into_owned(), f.name.clone()));
    }
    ctx.check()?;
    let hash = job_hash(&job.file.write()?);
    Ok((Job::new(&job.file, &inputs)?, warnings, hash))
}

/// Reads what a job names; it must have operations.
fn with_operations(job: &MillJob, ctx: &Ctx) -> Result<Prepared, Error> {
    let done = prepare(job, ctx)?;
    if done.0.entries.is_empty() {
        return Err(Error::Usage(
            "the job has no operations; add one under [[operation]]".into(),
        ));
    }
    Ok(done)
}

/// Plans a job.
///
/// # Errors
/// See [`Error`].
pub fn plan_mill(job: &MillJob, ctx: &Ctx) -> Result<Milled, Error> {
    let (job, mut warnings, hash) = with_operations(job, ctx)?;
    let planned = offcut_mill::plan(&job, ctx)?;
    if planned.toolpaths.is_empty() {
        return Err(Error::Impossible(format!(
            "no operation has anything to cut{}",
            planned.notes.iter().map(|n| format!("; {n}")).collect::<String>()
        )));
    }
    warnings.extend(planned.notes.iter().map(|n| Warning::new("operation", n.clone())));
    let program = offcut_mill::program(&job, &planned.toolpaths);
    Ok(Milled {
        job,
        planned,
        program,
        warnings,
        hash,
    })
}

/// Plans a job and writes G-code to `sink`.
///
/// # Errors
/// See [`Error`]; nothing usable is in the sink then.
pub fn mill(job: &MillJob, ctx: &Ctx, sink: &mut dyn Write) -> Result<(MillOutcome, Milled), Error> {
    let mut done = plan_mill(job, ctx)?;
    let machine = offcut_mill::program::machine(&done.job)?;
    let time = cnc::time(&done.program, &machine);
    let mut text = Vec::new();
    cnc::write_to(&done.program, &machine, &notes(&done, &time), ctx, &mut text)?;
    for f in cnc::check(&text, &machine) {
        match f.severity {
            offcut_gcode::verify::Severity::Error => {
                return Err(Error::Impossible(format!(
                    "the program is not safe on this machine: {f}"
                )));
            }
            offcut_gcode::verify::Severity::Warning => {
                done.warnings.push(Warning::new("machine", f.to_string()))
            }
            offcut_gcode::verify::Severity::Info => {}
        }
    }
    sink.write_all(&text)
        .map_err(|e| Error::Impossible(format!("the output can't be written: {e}")))?;
    let outcome = outcome(&done, &time);
    Ok((outcome, done))
}

fn notes(done: &Milled, time: &CutTime) -> Vec<String> {
    let s = &done.job.setup.stock;
    let mut out = vec![
        format!("offcut {VERSION}: {}", done.job.name),
        format!(
            "stock X{:.2} Y{:.2} Z{:.2} to X{:.2} Y{:.2} Z{:.2}",
            s.min[0], s.min[1], s.min[2], s.max[0], s.max[1], s.max[2]
        ),
        format!("time {}", duration_text(time.seconds)),
    ];
    for t in &done.job.tools {
        out.push(format!("T{} {} D{:.3}", t.number, t.name, t.diameter));
    }
    out
}

fn outcome(done: &Milled, time: &CutTime) -> MillOutcome {
    let job = &done.job;
    let mut tools: Vec<ToolReport> = Vec::new();
    let mut operations = Vec::new();
    for t in &done.planned.toolpaths {
        let (e, tool) = (&job.entries[t.operation], &job.tools[t.tool]);
        match tools.iter_mut().find(|r| r.number == tool.number) {
            Some(r) => r.rpm = [r.rpm[0].min(t.feeds.rpm), r.rpm[1].max(t.feeds.rpm)],
            None => tools.push(ToolReport {
                number: tool.number,
                name: tool.name.clone(),
                diameter_mm: tool.diameter,
                rpm: [t.feeds.rpm; 2],
            }),
        }
        let (cut_mm, rapid_mm, lowest_mm) = t.measure();
        operations.push(OperationReport {
            kind: e.kind,
            name: e.label.clone(),
            tool: tool.number,
            cut_mm,
            rapid_mm,
            feeds_mm_min: [t.feeds.cut, t.feeds.plunge],
            rpm: t.feeds.rpm,
            lowest_mm,
        });
    }
    MillOutcome {
        name: job.name.clone(),
        time_s: time.seconds,
        time: duration_text(time.seconds),
        roles: CutRole::ALL
            .iter()
            .zip(&time.roles)
            .filter(|(_, s)| s.mm > 0.0)
            .map(|(r, s)| CutRoleTime {
                role: r.label(),
                seconds: s.seconds,
                length_mm: s.mm,
            })
            .collect(),
        rapid_s: time.travel.seconds,
        bounds_mm: time.bounds,
        stock_mm: [job.setup.stock.min, job.setup.stock.max],
        material: job.material.name,
        tools,
        operations,
        audit_args: offcut_mill::audit::arguments(job, &done.planned),
        warnings: done.warnings.clone(),
        settings_hash: done.hash.clone(),
        version: VERSION,
    }
}

/// The target of a job for an independent check: regions with their floors as JSON, or the model as STL, in the
/// program's coordinates.
#[must_use]
pub fn audit_target(done: &Milled, ctx: &Ctx) -> (&'static str, Vec<u8>) {
    match &done.job.model {
        Some(m) => ("stl", offcut_formats::stl::write(m)),
        None => (
            "json",
            offcut_mill::audit::regions(&done.job, &done.planned, ctx)
                .to_string()
                .into_bytes(),
        ),
    }
}

/// What the stock is, for messages.
#[must_use]
pub fn stock_text(job: &Job) -> String {
    let s = &job.setup.stock;
    let d = [0, 1, 2].map(|k| s.max[k] - s.min[k]);
    match s.shape {
        StockShape::Cylinder { radius } => format!("round {:.1} x {:.1} mm", 2.0 * radius, d[2]),
        _ => format!("{:.1} x {:.1} x {:.1} mm", d[0], d[1], d[2]),
    }
}
