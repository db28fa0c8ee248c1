//! Jobs as documents: what front ends without options send, as the browser does.
//!
//! In: a JSON object whose `command` says what is wanted, and the content of the files that it names, in
//! the order in which it names them. Out: the result document of [`crate::document`]; products go to
//! [`Events`]. Promised: the same bytes as the command line gives for the same wish.
//!
//! The features `print`, `sheets` and `mill` say which commands there are: a browser loads what it needs.

#[cfg(feature = "sheets")]
mod cut;
mod memory;
#[cfg(feature = "mill")]
mod mill;
#[cfg(feature = "sheets")]
mod nest;
mod profiles;
mod read;

use crate::document::{Fault, done};
use crate::{Carving, Ctx, Error, Input, Preview, SliceJob};
use profiles::Chosen;
use read::{ArrangeRequest, Files, InfoRequest, NoRequest, ShapesRequest, SliceRequest, fields};
use serde_json::{Map, Value};
use std::io::Write;

/// What a job does besides its result document.
pub trait Events: Write {
    /// A nest got better: the share of the material that becomes parts, 0 to 1.
    fn improved(&mut self, density: f64);
    /// The lines of the product in space.
    fn preview(&mut self, preview: Preview);
    /// Whether the layout of the improvement is wanted too; it costs some time.
    fn wants_layout(&mut self) -> bool {
        false
    }
    /// The layout of the last improvement, as JSON.
    fn layout(&mut self, _text: &str) {}
    /// The stock at moments of a milling job.
    fn carving(&mut self, _carving: Carving) {}
    /// The triangles of an object of a model: nine coordinates each, mm.
    fn shape(&mut self, corners: Vec<f32>);
}

/// Seconds since some moment; only jobs with a limit of time ask.
pub type Clock<'a> = dyn Fn() -> f64 + Sync + 'a;

/// A command of a job document.
pub const COMMANDS: &[&str] = &[
    #[cfg(feature = "print")]
    "slice",
    #[cfg(feature = "print")]
    "arrange",
    #[cfg(feature = "print")]
    "shapes",
    #[cfg(feature = "print")]
    "settings",
    #[cfg(feature = "print")]
    "profiles",
    #[cfg(feature = "print")]
    "schema",
    #[cfg(feature = "sheets")]
    "nest",
    #[cfg(feature = "sheets")]
    "convert",
    #[cfg(feature = "sheets")]
    "cut",
    #[cfg(feature = "mill")]
    "mill",
    #[cfg(feature = "sheets")]
    "info",
    #[cfg(feature = "sheets")]
    "check",
    #[cfg(feature = "sheets")]
    "lasers",
    #[cfg(feature = "mill")]
    "mills",
];

/// Runs a job. A failure comes back as a document too.
///
/// # Errors
/// The document of the failure.
pub fn run(
    document: &str,
    files: Vec<Vec<u8>>,
    ctx: &Ctx,
    clock: &Clock,
    events: &mut dyn Events,
) -> Result<Value, Value> {
    let mut command = String::from("job");
    run_command(document, files, (ctx, clock), events, &mut command)
        .map_err(|e| Fault::from(&e).document(&command))
}

fn run_command(
    document: &str,
    files: Vec<Vec<u8>>,
    (ctx, clock): (&Ctx, &Clock),
    events: &mut dyn Events,
    command: &mut String,
) -> Result<Value, Error> {
    let mut d: Map<String, Value> =
        serde_json::from_str(document).map_err(|e| Error::Usage(format!("job: is no JSON object: {e}")))?;
    let named = d.remove("command");
    let name = named.as_ref().and_then(Value::as_str).unwrap_or_default();
    if !COMMANDS.contains(&name) {
        return Err(Error::Usage(format!(
            "job: command: `{name}` is none; there are {}",
            COMMANDS.join(", ")
        )));
    }
    name.clone_into(command);
    let mut files = Files::new(files);
    match name {
        #[cfg(feature = "print")]
        "slice" => slice(d, &mut files, ctx, events),
        #[cfg(feature = "print")]
        "arrange" => arrange(d, &mut files),
        #[cfg(feature = "print")]
        "shapes" => shapes(d, &mut files, events),
        #[cfg(feature = "print")]
        "settings" => Chosen::take(&mut d)?.document(),
        #[cfg(feature = "print")]
        "profiles" => {
            let chosen = Chosen::take(&mut d)?;
            fields::<NoRequest>(d)?;
            done("profiles", &crate::settings::list(&chosen.library()?)?, &[])
        }
        #[cfg(feature = "print")]
        "schema" => {
            fields::<NoRequest>(d)?;
            let (slice, cut) = (crate::settings::schema(), crate::settings::cut_schema());
            done("schema", &serde_json::json!({ "slice": slice, "cut": cut }), &[])
        }
        #[cfg(feature = "sheets")]
        "nest" => nest::nest(d, &mut files, (ctx, clock), events),
        #[cfg(feature = "sheets")]
        "convert" => nest::convert(d, &mut files, events),
        #[cfg(feature = "sheets")]
        "cut" => cut::cut(d, &mut files, ctx, events),
        #[cfg(feature = "mill")]
        "mill" => mill::mill(d, &mut files, ctx, events),
        #[cfg(feature = "sheets")]
        "info" | "check" => look(name, d, &mut files),
        #[cfg(feature = "sheets")]
        "lasers" => {
            fields::<NoRequest>(d)?;
            done("lasers", &cut::choices()?, &[])
        }
        #[cfg(feature = "mill")]
        "mills" => {
            fields::<NoRequest>(d)?;
            let (tools, schema) = (crate::mill::tools()?, crate::mill::job_schema());
            done(
                "mills",
                &serde_json::json!({ "tools": tools, "schema": schema }),
                &[],
            )
        }
        // All of the list are above.
        _ => Err(Error::Internal(format!("the command {name} has no arm"))),
    }
}

#[cfg(feature = "print")]
fn slice(
    mut d: Map<String, Value>,
    files: &mut Files,
    ctx: &Ctx,
    events: &mut dyn Events,
) -> Result<Value, Error> {
    let chosen = Chosen::take(&mut d)?;
    let r: SliceRequest = fields(d)?;
    let placement = r.placement()?;
    let mut poses = Vec::new();
    let mut models = Vec::new();
    for (i, m) in r.models.into_iter().enumerate() {
        poses.extend(m.poses(i)?);
        models.push(files.next(m.name)?);
    }
    files.end()?;
    memory::check(&models, memory::ROOM)?;
    let resolved = chosen.resolve()?;
    let job = SliceJob {
        models,
        placement,
        poses,
        settings: resolved.settings,
        profiles: resolved.selection,
        warnings: resolved.warnings,
        preview: r.preview,
    };
    let ctx = ctx.with_seed(r.seed);
    let mut outcome = crate::slice(job, &ctx, &mut Sink(events))?;
    let document = done("slice", &outcome, &[("output", Value::Null)]);
    if let Some(p) = outcome.preview.take() {
        events.preview(p);
    }
    document
}

/// The product's way out.
struct Sink<'a>(&'a mut dyn Events);

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

#[cfg(feature = "print")]
fn arrange(mut d: Map<String, Value>, files: &mut Files) -> Result<Value, Error> {
    let settings = Chosen::take(&mut d)?.resolve()?.settings;
    let r: ArrangeRequest = fields(d)?;
    let (mut poses, mut models) = (Vec::new(), Vec::new());
    for (i, m) in r.models.into_iter().enumerate() {
        poses.extend(m.poses(i)?);
        models.push(files.next(m.name)?);
    }
    files.end()?;
    let places = crate::arrange(&models, &poses, &settings)?;
    let at = |model: usize| -> Vec<[f64; 2]> {
        let mine = poses.iter().zip(&places).filter(|(p, _)| p.model == model);
        mine.map(|(_, at)| *at).collect()
    };
    let places: Vec<_> = (0..models.len()).map(at).collect();
    done("arrange", &serde_json::json!({ "places": places }), &[])
}

#[cfg(feature = "sheets")]
fn look(command: &str, mut d: Map<String, Value>, files: &mut Files) -> Result<Value, Error> {
    let machine = Chosen::take(&mut d)?.resolve()?.settings;
    let r: InfoRequest = fields(d)?;
    let Input { name, bytes } = files.next(r.file)?;
    files.end()?;
    let file = [("file", Value::from(name.as_str()))];
    if command == "check" {
        return done(command, &crate::check(&name, &bytes, &machine)?, &file);
    }
    done(command, &crate::info(&name, &bytes, &machine)?, &file)
}

#[cfg(feature = "print")]
fn shapes(d: Map<String, Value>, files: &mut Files, events: &mut dyn Events) -> Result<Value, Error> {
    let r: ShapesRequest = fields(d)?;
    let Input { name, bytes } = files.next(r.file)?;
    files.end()?;
    let found = crate::shapes(&name, &bytes)?;
    let mut objects = Vec::new();
    for s in found.shapes {
        objects.push(serde_json::json!({ "name": s.name, "triangles": s.corners.len() / 9 }));
        events.shape(s.corners);
    }
    let facts = serde_json::json!({ "objects": objects, "on_bed": found.on_bed, "warnings": found.warnings });
    done("shapes", &facts, &[("file", name.into())])
}
