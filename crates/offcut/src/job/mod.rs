//! Jobs as documents: what front ends without options send, as the browser does.
//!
//! In: a JSON object whose `command` says what is wanted, and the content of the files that it names, in
//! the order in which it names them. Out: the result document of [`crate::document`]; products go to
//! [`Events`]. Promised: the same bytes as the command line gives for the same wish.

mod memory;
mod nest;
mod profiles;
mod read;

use crate::document::{Fault, done};
use crate::{Ctx, Error, Input, Preview, SliceJob};
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
    /// The triangles of an object of a model: nine coordinates each, mm.
    fn shape(&mut self, corners: Vec<f32>);
}

/// Seconds since some moment; only jobs with a limit of time ask.
pub type Clock<'a> = dyn Fn() -> f64 + Sync + 'a;

/// A command of a job document.
pub const COMMANDS: [&str; 10] = [
    "slice", "arrange", "nest", "convert", "info", "check", "shapes", "settings", "profiles", "schema",
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
        "slice" => slice(d, &mut files, ctx, events),
        "arrange" => arrange(d, &mut files),
        "convert" => nest::convert(d, &mut files, events),
        "nest" => nest::nest(d, &mut files, (ctx, clock), events),
        "info" | "check" => look(name, d, &mut files),
        "shapes" => shapes(d, &mut files, events),
        "settings" => Chosen::take(&mut d)?.document(),
        "profiles" => {
            let chosen = Chosen::take(&mut d)?;
            fields::<NoRequest>(d)?;
            done("profiles", &crate::settings::list(&chosen.library()?)?, &[])
        }
        _ => {
            fields::<NoRequest>(d)?;
            done(
                "schema",
                &serde_json::json!({ "slice": crate::settings::schema() }),
                &[],
            )
        }
    }
}

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
