//! Laser jobs as job documents.

use super::profiles::ProfileText;
use super::read::{Files, NamedFile, fields};
use super::{Events, Sink};
use crate::cut::{CutJob, CutMode, TestGrid};
use crate::outcome::Warning;
use crate::settings::{CutLibrary, CutSettings, CutSources, Source, Tabled, lasers, resolve_cut};
use crate::{Ctx, DrawingUnit, Error, document};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// `cut`; the defaults are those of the command line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CutRequest {
    #[serde(default)]
    inputs: Vec<NamedFile>,
    unit: Option<String>,
    sheet: Option<usize>,
    #[serde(default)]
    mode: Mode,
    #[serde(default)]
    grid: Vec<String>,
    machine: Option<String>,
    material: Option<String>,
    process: Option<String>,
    #[serde(default)]
    profiles: Vec<ProfileText>,
    #[serde(default)]
    libraries: Vec<ProfileText>,
    #[serde(default)]
    settings: Map<String, Value>,
    #[serde(default)]
    operations: Vec<String>,
    #[serde(default)]
    seed: u64,
    #[serde(default)]
    preview: bool,
    /// The settings are wanted, not the G-code.
    #[serde(default)]
    print_settings: bool,
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Mode {
    #[default]
    Cut,
    Frame,
    TestGrid,
    KerfTest,
}

/// A value of a setting as `--set` takes it.
fn assignment((key, value): (&String, &Value)) -> Result<String, Error> {
    let text = match value {
        Value::String(s) => s.clone(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(a) => a.iter().map(Value::to_string).collect::<Vec<_>>().join("x"),
        Value::Null => "auto".into(),
        Value::Object(_) => return Err(Error::Usage(format!("job: `{key}` can't be an object"))),
    };
    Ok(format!("{key}={text}"))
}

pub(super) fn cut(
    d: Map<String, Value>,
    files: &mut Files,
    ctx: &Ctx,
    events: &mut dyn Events,
) -> Result<Value, Error> {
    let r: CutRequest = fields(d)?;
    let inputs = (r.inputs.into_iter())
        .map(|f| files.next(f.name))
        .collect::<Result<Vec<_>, _>>()?;
    files.end()?;
    let own = |name: Option<String>| {
        name.map(|n| match r.profiles.iter().find(|p| p.name == n) {
            Some(p) => Source::File(n, p.text.clone()),
            None => Source::Name(n),
        })
    };
    let sources = CutSources {
        machine: own(r.machine),
        material: own(r.material),
        process: own(r.process),
        libraries: (r.libraries.iter())
            .map(|l| (l.name.clone(), l.text.clone()))
            .collect(),
        profiles: Vec::new(),
        assignments: r.settings.iter().map(assignment).collect::<Result<_, _>>()?,
        operations: r.operations,
    };
    if r.print_settings {
        return settings(sources);
    }
    let resolved = resolve_cut(&sources)?;
    let mode = match r.mode {
        Mode::Cut => CutMode::Cut,
        Mode::Frame => CutMode::Frame,
        Mode::KerfTest => CutMode::KerfTest,
        Mode::TestGrid => CutMode::TestGrid(TestGrid::parse(r.grid.iter().map(String::as_str))?),
    };
    let unit = |u: &String| {
        DrawingUnit::named(u).ok_or_else(|| {
            Error::Usage(format!(
                "job: unit: `{u}` is none; there are {}",
                DrawingUnit::names()
            ))
        })
    };
    let job = CutJob {
        inputs,
        unit: r.unit.as_ref().map(unit).transpose()?,
        sheet: r.sheet,
        mode,
        settings: resolved.settings,
        given: resolved.given,
        profiles: resolved.names,
        warnings: (resolved.warnings.into_iter())
            .map(|(code, message)| Warning::new(code, message))
            .collect(),
        preview: r.preview,
        ..CutJob::default()
    };
    let mut outcome = crate::cut::cut(job, &ctx.with_seed(r.seed), &mut Sink(events))?;
    if let Some(p) = outcome.preview.take() {
        events.preview(p);
    }
    document::done("cut", &outcome, &[("output", Value::Null)])
}

/// Every setting with its value, and what it would be without the job's own; what does not fit is a field.
fn settings(sources: CutSources) -> Result<Value, Error> {
    let plain = CutSources {
        assignments: Vec::new(),
        operations: Vec::new(),
        ..sources.clone()
    };
    let inherited = resolve_cut(&plain)?;
    let (resolved, clash) = match resolve_cut(&sources) {
        Ok(r) => (r, None),
        Err(e) => (inherited.clone(), Some(document::Fault::from(&Error::from(e)))),
    };
    let values = |s: &CutSettings| -> Map<String, Value> {
        let value = |key: &'static str| Some((key.to_owned(), s.value(key)?.to_json()));
        CutSettings::table().iter().filter_map(|t| value(t.key)).collect()
    };
    let warning = |(code, message): &(String, String)| json!({ "code": code, "message": message });
    let facts = json!({
        "settings": values(&resolved.settings),
        "inherited": values(&inherited.settings),
        "origins": {},
        "selection": { "machine": resolved.names[0], "material": resolved.names[1], "process": resolved.names[2] },
        "warnings": resolved.warnings.iter().map(warning).collect::<Vec<_>>(),
        "clash": clash,
    });
    document::done("cut", &facts, &[("output", Value::Null)])
}

/// The built-in lasers and laser materials, for choices.
pub(super) fn choices() -> Result<Value, Error> {
    let lasers: Vec<Value> = (lasers().into_iter())
        .map(|(name, about)| json!({ "name": name, "description": about }))
        .collect();
    let materials: Vec<Value> = (CutLibrary::built_in()?.entries().iter())
        .map(|e| json!({ "name": e.name, "description": e.note, "machine": e.machine }))
        .collect();
    Ok(json!({ "lasers": lasers, "materials": materials }))
}
