//! Nesting and layouts as job documents.

use super::read::{Files, fields};
use super::{Clock, Events};
use crate::drawing::{write_dxf, write_lbrn2, write_svg};
use crate::nest::{
    Budget, DrawingNestJob, LayoutFile, NestJob, PartRequest, PartRules, SheetRequest, Turns, apply_to_sheet,
    nest_drawings, parse_size, read_sheets, rectangle,
};
use crate::{Ctx, DrawingUnit, Error, document};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// How long to search, and how; the same for all kinds of `nest`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SearchFields {
    work: Option<u64>,
    time: Option<f64>,
    #[serde(default = "one")]
    workers: u32,
    #[serde(default)]
    seed: u64,
}

impl SearchFields {
    /// Takes them out of the fields of a job.
    fn take(d: &mut Map<String, Value>) -> Result<Self, Error> {
        let own = ["work", "time", "workers", "seed"];
        fields(own.iter().filter_map(|k| d.remove_entry(*k)).collect())
    }
}

/// `nest` of an instance.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InstanceRequest {
    instance: String,
    start: Option<String>,
}

/// `nest` of drawings; the defaults are those of the command line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DrawingsRequest {
    parts: Vec<PartField>,
    sheets: Vec<SheetField>,
    #[serde(default = "layout")]
    name: String,
    unit: Option<String>,
    #[serde(default)]
    spacing: f64,
    #[serde(default)]
    margin: f64,
    #[serde(default = "tolerance")]
    tolerance: f64,
    #[serde(default = "rotations")]
    rotations: String,
    #[serde(default)]
    mirror: bool,
    #[serde(default = "yes")]
    part_in_part: bool,
    #[serde(default = "keep")]
    keep: f64,
    defect_margin: Option<f64>,
    #[serde(default = "one")]
    kits: u32,
    #[serde(default)]
    material: String,
    thickness: Option<f64>,
    #[serde(default)]
    format: Format,
    #[serde(default = "yes")]
    frame: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartField {
    name: String,
    #[serde(default = "one")]
    quantity: u32,
    /// As on the command line: `grain=90,filler`.
    #[serde(default)]
    options: String,
}

/// A rectangle by its size, or a drawing by its name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SheetField {
    size: Option<String>,
    name: Option<String>,
    quantity: Option<u32>,
    /// As on the command line: `grain=0,defect=120/80/15`.
    #[serde(default)]
    options: String,
}

/// `convert`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConvertRequest {
    file: String,
    #[serde(default)]
    format: Format,
    #[serde(default = "yes")]
    frame: bool,
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Format {
    #[default]
    Svg,
    Dxf,
    Lbrn2,
    Json,
}

fn one() -> u32 {
    1
}

fn yes() -> bool {
    true
}

fn layout() -> String {
    "layout".into()
}

fn tolerance() -> f64 {
    0.1
}

fn rotations() -> String {
    "4".into()
}

fn keep() -> f64 {
    50.0
}

pub(super) fn nest(
    mut d: Map<String, Value>,
    files: &mut Files,
    timing: (&Ctx, &Clock),
    events: &mut dyn Events,
) -> Result<Value, Error> {
    let search = SearchFields::take(&mut d)?;
    if d.contains_key("instance") {
        instance(fields(d)?, &search, files, timing, events)
    } else {
        drawings(fields(d)?, &search, files, timing, events)
    }
}

/// Calls `work` with the budget that is asked for.
fn within<T>(
    search: &SearchFields,
    clock: &Clock,
    work: impl FnOnce(Budget) -> Result<T, Error>,
) -> Result<T, Error> {
    let (begin, all) = (clock(), search.time.unwrap_or(0.0));
    let passed = || (clock() - begin) / all;
    match (search.work, search.time) {
        (Some(units), None) => work(Budget::Work(units)),
        (None, Some(t)) if t.is_finite() && t > 0.0 => work(Budget::Time(&passed)),
        _ => Err(Error::Usage(
            "job: a nest needs either `work`, the reproducible budget, or `time`, seconds above 0".into(),
        )),
    }
}

fn instance(
    r: InstanceRequest,
    search: &SearchFields,
    files: &mut Files,
    (ctx, clock): (&Ctx, &Clock),
    events: &mut dyn Events,
) -> Result<Value, Error> {
    let instance = files.next(r.instance)?;
    let start = r.start.map(|s| files.next(s)).transpose()?;
    files.end()?;
    let ctx = ctx.with_seed(search.seed);
    let outcome = within(search, clock, |budget| {
        let job = NestJob {
            instance,
            start,
            budget,
            workers: search.workers,
        };
        crate::nest::nest(&job, &ctx, &mut |density| events.improved(density))
    })?;
    put(events, &outcome.solution)?;
    document::done("nest", &outcome, &[("output", Value::Null)])
}

fn drawings(
    r: DrawingsRequest,
    search: &SearchFields,
    files: &mut Files,
    (ctx, clock): (&Ctx, &Clock),
    events: &mut dyn Events,
) -> Result<Value, Error> {
    let named = |u: &String| {
        DrawingUnit::named(u).ok_or_else(|| {
            Error::Usage(format!(
                "job: unit: `{u}` is none; there are {}",
                DrawingUnit::names()
            ))
        })
    };
    let unit = r.unit.as_ref().map(named).transpose()?;
    let part = |p: PartField| {
        Ok(PartRequest {
            input: files.next(p.name)?,
            quantity: p.quantity,
            rules: PartRules::parse(&p.options)?,
        })
    };
    let parts = r.parts.into_iter().map(part).collect::<Result<Vec<_>, Error>>()?;
    let mut sheets: Vec<SheetRequest> = Vec::new();
    for s in r.sheets {
        let first = sheets.len();
        match (s.size, s.name) {
            (Some(size), None) => sheets.push(rectangle(&size, parse_size(&size)?, s.quantity)?),
            (None, Some(name)) => {
                sheets.extend(read_sheets(&files.next(name)?, s.quantity, unit, r.tolerance)?);
            }
            _ => {
                return Err(Error::Usage(
                    "job: a sheet has either a `size` or a `name`".into(),
                ));
            }
        }
        for new in &mut sheets[first..] {
            apply_to_sheet(&s.options, new)?;
        }
    }
    files.end()?;
    if sheets.is_empty() || parts.is_empty() {
        return Err(Error::Usage("job: a nest needs `parts` and `sheets`".into()));
    }
    for i in 1..sheets.len() {
        if sheets[..i].iter().any(|o| o.id == sheets[i].id) {
            sheets[i].id = format!("{}.{}", sheets[i].id, i + 1);
        }
    }
    for s in &mut sheets {
        s.material.clone_from(&r.material);
        s.thickness = r.thickness;
    }
    let turns = Turns::parse(&r.rotations)?;
    let ctx = ctx.with_seed(search.seed);
    let done = within(search, clock, |budget| {
        let job = DrawingNestJob {
            parts,
            sheets,
            name: r.name,
            unit,
            spacing: r.spacing,
            margin: r.margin,
            tolerance: r.tolerance,
            turns,
            mirror: r.mirror,
            part_in_part: r.part_in_part,
            defect_margin: r.defect_margin,
            kits: r.kits,
            onto: None,
            keep: r.keep,
            section: None,
            budget,
            workers: search.workers,
        };
        nest_drawings(&job, &ctx, &mut |density, layout| {
            events.improved(density);
            if events.wants_layout()
                && let Some(l) = layout()
            {
                events.layout(&l.write());
            }
        })
    })?;
    put(events, &written(&done.layout, r.format, r.frame)?)?;
    done.document(None)
}

pub(super) fn convert(
    d: Map<String, Value>,
    files: &mut Files,
    events: &mut dyn Events,
) -> Result<Value, Error> {
    let r: ConvertRequest = fields(d)?;
    let file = files.next(r.file)?;
    files.end()?;
    let layout = LayoutFile::read(&file.name, &file.bytes)?;
    put(events, &written(&layout, r.format, r.frame)?)?;
    document::done(
        "convert",
        &json!({ "file": file.name }),
        &[("output", Value::Null)],
    )
}

fn written(layout: &LayoutFile, format: Format, frame: bool) -> Result<String, Error> {
    let drawing = match format {
        Format::Json => return Ok(layout.write()),
        _ => layout.drawing(frame)?,
    };
    Ok(match format {
        Format::Dxf => write_dxf(&drawing),
        Format::Lbrn2 => write_lbrn2(&drawing),
        _ => write_svg(&drawing),
    })
}

fn put(events: &mut dyn Events, text: &str) -> Result<(), Error> {
    events
        .write_all(text.as_bytes())
        .map_err(|e| Error::Internal(e.to_string()))
}
