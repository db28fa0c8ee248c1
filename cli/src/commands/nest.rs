//! `offcut nest`: parts become layouts.

mod instance;
mod then;

use super::{cut, drawings, running, text};
use crate::args::{DrawingFormat, MarksArg, Nest};
use crate::failure::Failure;
use crate::files::{self, Target};
use crate::interrupt;
use crate::progress::Progress;
use crate::stock_file;
use offcut::nest::{self, DrawingNestJob, DrawingNestOutcome, PartRequest, PartRules, SheetRequest, Turns};
use offcut::stock::Filter;
use offcut::{Budget, Ctx};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Status of a search that was stopped; its best layout is written all the same.
const CANCELLED: u8 = 130;

/// Status of a layout that lacks parts; it is written, and says which.
const INCOMPLETE: u8 = 1;

/// Runs the command.
pub fn run(a: &Nest) -> Result<u8, Failure> {
    let begin = Instant::now();
    if !(a.time.is_finite() && a.time > 0.0) {
        return Err(Failure::usage(format!(
            "--time {}: a number of seconds above 0 is needed",
            a.time
        )));
    }
    let passed = || begin.elapsed().as_secs_f64() / a.time;
    let budget = a.work.map_or(Budget::Time(&passed), Budget::Work);
    match &a.instance {
        Some(instance) => instance::run(a, instance, budget),
        None => parts(a, budget),
    }
}

/// Threads and Ctrl-C, then the search with its progress.
fn search<T>(
    a: &Nest,
    work: impl FnOnce(&Ctx, &mut dyn FnMut(f64)) -> Result<T, offcut::Error>,
) -> Result<T, Failure> {
    // More threads than workers would find nothing to do.
    offcut::use_threads(match a.run.threads {
        0 => a.workers as usize,
        n => n.min(a.workers as usize),
    });
    interrupt::listen();
    let progress = Progress::new(a.run.progress, a.run.quiet || a.run.json);
    let ctx = Ctx::quiet().with_cancel(&interrupt::CANCEL).with_seed(a.run.seed);
    let done = work(&ctx, &mut |density| progress.report("density", density as f32));
    progress.finish();
    Ok(done?)
}

fn parts(a: &Nest, budget: Budget) -> Result<u8, Failure> {
    let wanted: Vec<Wanted> = a
        .parts
        .iter()
        .map(|p| Wanted::parse(p))
        .collect::<Result<_, _>>()?;
    let files: Vec<PathBuf> = wanted.iter().map(|w| w.path.clone()).collect();
    let then = then::prepare(a)?;
    let given = then.as_ref().and_then(|t| t.layout.as_deref());
    let given = given.or(a.output.output.as_deref());
    let format = drawings::format(a.format, given)?;
    let extension = format!("nest.{}", drawings::name_of(format));
    let target = Target::choose(given, &files, &extension, a.output.force)?;
    if a.run.json && target == Target::Stdout {
        return Err(Failure::usage(
            "--json and the layout can't share standard output; name a file with -o",
        ));
    }
    let job = job(a, &wanted, &target, budget)?;
    let done = search(a, |ctx, tell| {
        nest::nest_drawings(&job, ctx, &mut |density, _| tell(density))
    })?;
    text::warn(&done.warnings);
    // A search that was stopped gives its layout and no more.
    let cuts = match then.filter(|_| !done.cancelled) {
        Some(t) => running::with_progress(&a.run, |ctx| t.make(a, &done, &target, ctx))?,
        None => Vec::new(),
    };
    then::warn(&cuts);
    then::write(&cuts)?;
    target.write_all(&bytes(&done, format, !a.no_frame)?)?;
    let also = |path: &Option<PathBuf>, text: &dyn Fn() -> String| match path {
        Some(p) => Target::choose(Some(p), &files, "json", a.output.force)?.write_all(text().as_bytes()),
        None => Ok(()),
    };
    also(&a.solution, &|| done.solution.clone())?;
    also(&a.save_instance, &|| nest::instance_json(&done.instance))?;
    if a.run.json {
        let mut d = done.document(target.path())?;
        if !cuts.is_empty() {
            d["cut"] = then::documents(&cuts)?;
        }
        println!("{d:#}");
    } else if !a.run.quiet {
        summary(&done, &target);
        for c in &cuts {
            cut::summary(&c.outcome, &c.target);
        }
    }
    Ok(match (done.cancelled, done.unplaced.is_empty()) {
        (true, _) => CANCELLED,
        (false, true) => 0,
        (false, false) => INCOMPLETE,
    })
}

/// A drawing as the command line names it.
struct Wanted {
    path: PathBuf,
    quantity: u32,
    rules: PartRules,
}

impl Wanted {
    fn parse(text: &Path) -> Result<Self, Failure> {
        let (named, options) = drawings::options(text);
        let (path, quantity) = drawings::quantity(&named, 1)?;
        Ok(Self {
            path,
            quantity,
            rules: PartRules::parse(&options)?,
        })
    }
}

fn job<'a>(
    a: &Nest,
    wanted: &[Wanted],
    target: &Target,
    budget: Budget<'a>,
) -> Result<DrawingNestJob<'a>, Failure> {
    let r = &a.rules;
    let parts = wanted
        .iter()
        .map(|w| {
            Ok(PartRequest {
                input: files::read(&w.path)?,
                quantity: w.quantity,
                rules: PartRules {
                    grain: w.rules.grain.or(r.grain),
                    ..w.rules.clone()
                },
            })
        })
        .collect::<Result<_, Failure>>()?;
    let sheets = sheets(a)?;
    let onto = a.onto.as_deref().map(files::read).transpose()?;
    let onto = onto
        .map(|f| nest::LayoutFile::read(&f.name, &f.bytes))
        .transpose()?;
    let named = target
        .path()
        .or_else(|| wanted.first().map(|w| w.path.display().to_string()));
    Ok(DrawingNestJob {
        parts,
        sheets,
        name: named.as_deref().map_or("layout", plain_name).to_owned(),
        unit: drawings::unit(r.unit.as_deref())?,
        spacing: r.spacing,
        margin: r.margin,
        tolerance: r.tolerance,
        turns: Turns::parse(&r.rotations)?,
        mirror: r.mirror,
        part_in_part: !r.no_part_in_part,
        defect_margin: r.defect_margin,
        kits: a.kits,
        onto,
        keep: r.keep,
        section: match a.then.then {
            Some(_) => drawings::section_or(&a.section, MarksArg::Numbers),
            None => drawings::section(&a.section),
        },
        budget,
        workers: a.workers,
    })
}

/// A file's name without folders and extensions.
fn plain_name(path: &str) -> &str {
    let base = path.rsplit(['/', '\\']).next().unwrap_or(path);
    base.split('.').find(|s| !s.is_empty()).unwrap_or(base)
}

fn sheets(a: &Nest) -> Result<Vec<SheetRequest>, Failure> {
    let r = &a.rules;
    let mut out = Vec::new();
    if a.from_stock {
        let filter = Filter {
            material: Some(r.material.clone()),
            thickness: r.thickness,
        };
        out = stock_file::read(&stock_file::path(a.stock.as_deref())?)?.sheets(&filter)?;
    }
    let mut more = drawings::sheets(&a.sheet, r.unit.as_deref(), r.tolerance)?;
    for s in &mut more {
        s.material.clone_from(&r.material);
        s.thickness = r.thickness;
        while out.iter().any(|o| o.id == s.id) {
            s.id.push_str("-new");
        }
    }
    out.append(&mut more);
    match (out.is_empty() && a.onto.is_none(), a.from_stock) {
        (false, _) => Ok(out),
        (true, true) => Err(offcut::Error::Impossible(
            "the stock has no sheet of that material and thickness; `offcut stock list` shows what there is"
                .into(),
        )
        .into()),
        (true, false) => Err(Failure::usage(
            "say what to cut from with --sheet, as --sheet 600x400, or --from-stock",
        )),
    }
}

fn bytes(done: &DrawingNestOutcome, format: DrawingFormat, frame: bool) -> Result<Vec<u8>, Failure> {
    if format == DrawingFormat::Json {
        return Ok(done.layout.write().into_bytes());
    }
    Ok(drawings::bytes(&done.layout.drawing(frame)?, format))
}

fn summary(o: &DrawingNestOutcome, target: &Target) {
    let place = target.path().unwrap_or_else(|| "standard output".into());
    let t = &o.totals;
    eprintln!(
        "{place}: {} on {}, {:.1} % of the material{}",
        text::count(o.placed, "part"),
        text::count(o.layout.sheets.len(), "sheet"),
        100.0 * t.density,
        if o.cancelled { " (stopped early)" } else { "" }
    );
    let cm2 = |v: f64| text::short((v / 10.0).round() / 10.0);
    eprintln!(
        "  sheets {} cm2, parts {} cm2, offcuts kept {} cm2, scrap {} cm2; {:.1} % with the offcuts credited",
        cm2(t.sheets_mm2),
        cm2(t.parts_mm2),
        cm2(t.remnants_mm2),
        cm2(t.scrap_mm2),
        100.0 * t.density_credited
    );
    for s in o.layout.sheets.iter().flat_map(|s| &s.remnants) {
        let [x, y, u, v] = s.rectangle_mm;
        eprintln!(
            "  offcut {}: {} cm2, holds {} x {} mm",
            s.id,
            cm2(s.area_mm2),
            text::short(((u - x) * 10.0).floor() / 10.0),
            text::short(((v - y) * 10.0).floor() / 10.0)
        );
    }
    if let Some(kits) = o.complete_kits {
        eprintln!("  {} complete", text::count(kits as usize, "kit"));
    }
    for u in &o.unplaced {
        eprintln!("  no place for {} of part {}: {}", u.count, u.part, u.reason);
    }
}
