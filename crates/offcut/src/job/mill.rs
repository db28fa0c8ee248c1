//! Milling jobs as job documents.

use super::read::{Files, NamedFile, fields};
use super::{Events, Sink};
use crate::mill::{self, MillFile, MillJob};
use crate::preview::{CUTS, JUMP, Preview};
use crate::{Ctx, Error, Input, document};
use offcut_gcode::program::CutRole;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// `mill`: a job and the files that it names, or one file by itself.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MillRequest {
    /// The job as TOML, or as an object of the same keys.
    job: Option<Value>,
    /// What the job is called in messages.
    #[serde(default = "job_name")]
    name: String,
    #[serde(default)]
    files: Vec<NamedFile>,
    #[serde(default)]
    set: Vec<String>,
    machine: Option<String>,
    material: Option<String>,
    /// The job is wanted, not its G-code.
    #[serde(default)]
    print_job: bool,
    #[serde(default)]
    preview: bool,
    /// Moments of the stock that are wanted.
    #[serde(default)]
    moments: u32,
    #[serde(default)]
    seed: u64,
}

fn job_name() -> String {
    "job".into()
}

/// More moments don't fit into memory.
const MOST_MOMENTS: u32 = 400;

pub(super) fn mill(
    d: Map<String, Value>,
    files: &mut Files,
    ctx: &Ctx,
    events: &mut dyn Events,
) -> Result<Value, Error> {
    let r: MillRequest = fields(d)?;
    let inputs = (r.files.into_iter())
        .map(|f| files.next(f.name))
        .collect::<Result<Vec<Input>, _>>()?;
    files.end()?;
    super::memory::check(&inputs, super::memory::ROOM)?;
    let mut set = r.set;
    set.extend(r.material.map(|m| format!("material=\"{m}\"")));
    set.extend(r.machine.map(|m| format!("machine.dialect=\"{m}\"")));
    let file = match (r.job, &inputs[..]) {
        (Some(job), _) => mill::read_job(&written(job, r.name)?, &set)?,
        (None, [input]) => mill::default_job(input, &set)?,
        (None, _) => {
            return Err(Error::Usage(
                "job: a mill needs a `job`, or one file by itself".into(),
            ));
        }
    };
    let job = MillJob { file, files: inputs };
    let ctx = ctx.with_seed(r.seed);
    if r.print_job {
        return describe(&job, r.preview, &ctx, events);
    }
    let (outcome, done) = mill::mill(&job, &ctx, &mut Sink(events))?;
    if r.preview || r.moments > 0 {
        let way = crate::preview_cuts(&done.program, outcome.time_s);
        if r.moments > 0 {
            events.carving(crate::carving(&done, &way, r.moments.min(MOST_MOMENTS), &ctx)?);
        }
        if r.preview {
            events.preview(way);
        }
    }
    document::done("mill", &outcome, &[("output", Value::Null)])
}

/// A job as the text of a file.
fn written(job: Value, name: String) -> Result<Input, Error> {
    let text = match job {
        Value::String(text) => text,
        mut other => {
            drop_nulls(&mut other);
            let table: toml::Table =
                serde_json::from_value(other).map_err(|e| Error::Usage(format!("{name}: {e}")))?;
            table.to_string()
        }
    };
    let bytes = text.into_bytes();
    Ok(Input { name, bytes })
}

/// A key without a value is as if it were not there: TOML has no null.
fn drop_nulls(v: &mut Value) {
    match v {
        Value::Object(o) => {
            o.retain(|_, v| !v.is_null());
            o.values_mut().for_each(drop_nulls);
        }
        Value::Array(a) => a.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

/// The job with its stock, and what lies in it; its text is the product.
fn describe(job: &MillJob, show: bool, ctx: &Ctx, events: &mut dyn Events) -> Result<Value, Error> {
    let text = job.file.write()?;
    let (ready, warnings, _) = mill::prepare(job, ctx)?;
    let stock = &ready.setup.stock;
    if show {
        if let Some(m) = &ready.model {
            events.shape(m.triangles.as_flattened().as_flattened().to_vec());
        } else {
            events.preview(outlines(&ready, stock.max[2]));
        }
    }
    let facts = json!({
        "job": as_value(&job.file)?,
        "stock_mm": [stock.min, stock.max],
        "material": ready.material.name,
        "tools": ready.tools.iter().map(|t| json!({
            "number": t.number, "name": t.name, "diameter_mm": t.diameter,
        })).collect::<Vec<_>>(),
        "warnings": warnings,
    });
    events
        .write_all(text.as_bytes())
        .map_err(|e| Error::Internal(e.to_string()))?;
    document::done("mill", &facts, &[("output", Value::Null)])
}

fn as_value(file: &MillFile) -> Result<Value, Error> {
    let mut v = serde_json::to_value(file).map_err(|e| Error::Internal(e.to_string()))?;
    drop_nulls(&mut v);
    Ok(v)
}

/// How far drawn outlines may lie off, mm.
const SHOWN: f64 = 0.05;

/// The contours of a drawing on top of the stock.
fn outlines(job: &offcut_mill::Job, z: f64) -> Preview {
    let mut out = Preview::default();
    let mut run = Vec::new();
    for c in &job.picked.contours.list {
        run.clear();
        for s in &c.segments {
            if run.is_empty() {
                run.push(s.a);
            }
            s.flatten(SHOWN, &mut run);
        }
        for (i, p) in run.iter().enumerate() {
            out.positions.extend([p.x, p.y, z].map(|v| v as f32));
            out.roles
                .push(if i == 0 { JUMP } else { CUTS + CutRole::Cut as u8 });
        }
    }
    let n = out.roles.len();
    for a in [&mut out.widths, &mut out.heights, &mut out.speeds, &mut out.times] {
        a.resize(n, 0.0);
    }
    out
}
