//! Drawings in, a layout of all their parts out.

use super::document::{
    KIND, LayoutFile, LayoutMissing, LayoutPart, LayoutPlacement, LayoutRemnant, LayoutSheet, VERSION, rings,
};
use super::onto::Base;
use super::parts::{PartRequest, SourcePart, read_parts};
use super::sheets::SheetRequest;
use crate::{Ctx, Error, Section, Warning};
use offcut_formats::DrawingUnit;
use offcut_formats::json::DrawingDoc;
use offcut_geometry::{UNITS_PER_MM, grid, to_mm};
use offcut_nest::{
    Budget, Instance, Item, Keep, Layout, Locked, NestError, Remnant, Rotations, Sheet, Target, json,
};
use serde::Serialize;
use serde_json::Value;

/// The directions that parts may lie in.
#[derive(Debug, Clone, PartialEq)]
pub enum Turns {
    /// These angles, degrees counter-clockwise.
    Set(Vec<f64>),
    /// Any.
    Free,
}

impl Turns {
    /// Reads `free`, angles as `0,90`, or a number of equal steps as `4`.
    ///
    /// # Errors
    /// [`Error::Usage`] says how it is written.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let wrong = || {
            Error::Usage(format!(
                "--rotations {text}: write angles as 0,90,180, a number of steps of the full turn as 4, or free"
            ))
        };
        if text.trim() == "free" {
            return Ok(Self::Free);
        }
        let angles: Vec<f64> = text
            .split(',')
            .map(|t| t.trim().parse::<f64>().ok().filter(|v| v.is_finite()))
            .collect::<Option<_>>()
            .ok_or_else(wrong)?;
        match angles[..] {
            [0.0] => Ok(Self::Set(angles)),
            [n] if n.fract() == 0.0 && (1.0..=360.0).contains(&n) => Ok(Self::Set(
                (0..n as u32).map(|k| f64::from(k) * 360.0 / n).collect(),
            )),
            [_] => Err(wrong()),
            _ => Ok(Self::Set(angles)),
        }
    }
}

/// What is to be nested, and how.
pub struct DrawingNestJob<'a> {
    /// The drawings and how often each is wanted.
    pub parts: Vec<PartRequest>,
    /// The sheets that there are.
    pub sheets: Vec<SheetRequest>,
    /// What the job is called.
    pub name: String,
    /// The unit of the drawings' numbers, whatever they say.
    pub unit: Option<DrawingUnit>,
    /// Least distance between parts, mm.
    pub spacing: f64,
    /// Least distance from parts to the edges of sheets, mm.
    pub margin: f64,
    /// How far polygons for nesting may reach beyond the parts, mm.
    pub tolerance: f64,
    /// The directions that parts may lie in.
    pub turns: Turns,
    /// Parts may be mirrored.
    pub mirror: bool,
    /// Parts may lie in holes of others.
    pub part_in_part: bool,
    /// Least distance from parts to defects, mm; the margin when not said.
    pub defect_margin: Option<f64>,
    /// How many kits are wanted: every quantity is that of one kit.
    pub kits: u32,
    /// A layout whose sheets come first, with all its parts where they are; the new parts go around them.
    pub onto: Option<LayoutFile>,
    /// Narrower pieces of sheets are scrap, mm.
    pub keep: f64,
    /// Where models among the parts are cut.
    pub section: Option<Section>,
    /// How long to search.
    pub budget: Budget<'a>,
    /// Searches side by side; the result depends on their number, not on the number of threads.
    pub workers: u32,
}

/// Areas of a layout.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Totals {
    /// Of the sheets used, mm².
    pub sheets_mm2: f64,
    /// Of the parts on them, mm².
    pub parts_mm2: f64,
    /// Of the offcuts that are kept, mm².
    pub remnants_mm2: f64,
    /// Of what remains and is too small to keep, mm².
    pub scrap_mm2: f64,
    /// Share of the sheets that becomes parts, 0 to 1.
    pub density: f64,
    /// The same with the offcuts taken off the sheets, 0 to 1.
    pub density_credited: f64,
    /// Cost of the sheets used.
    pub cost: f64,
}

/// A finished layout.
#[derive(Debug, Clone, Serialize)]
pub struct DrawingNestOutcome {
    /// Parts that were placed.
    pub placed: usize,
    /// Parts that were not, and why.
    pub unplaced: Vec<LayoutMissing>,
    /// Kits of which all parts but fillers were placed; told when more than one was wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complete_kits: Option<u32>,
    /// Areas.
    #[serde(flatten)]
    pub totals: Totals,
    /// The same job gives the same bytes again.
    pub reproducible: bool,
    /// The search was stopped before its budget was spent.
    pub cancelled: bool,
    /// What to know.
    pub warnings: Vec<Warning>,
    /// The layout.
    #[serde(skip)]
    pub layout: LayoutFile,
    /// The instance that was nested, as JSON of nesting benchmarks.
    #[serde(skip)]
    pub instance: Instance,
    /// The solution, as JSON of nesting benchmarks.
    #[serde(skip)]
    pub solution: String,
}

impl DrawingNestOutcome {
    /// The result document; `output` is the path of the layout's file. Its status is `incomplete` when parts are missing.
    ///
    /// # Errors
    /// [`Error::Internal`] when it can't be written as JSON.
    pub fn document(&self, output: Option<String>) -> Result<Value, Error> {
        let part = |p: &LayoutPlacement| {
            serde_json::json!({
                "part": self.layout.parts[p.part as usize].id,
                "x_mm": p.x,
                "y_mm": p.y,
                "rotation": p.rotation,
                "mirror": p.mirror,
            })
        };
        let sheets = self.layout.sheets.iter().map(|s| {
            serde_json::json!({
                "id": s.id,
                "area_mm2": s.area_mm2,
                "parts_mm2": s.parts_mm2,
                "remnants_mm2": s.remnants_mm2,
                "placements": s.placements.iter().map(part).collect::<Vec<_>>(),
                "remnants": s.remnants.iter().map(|r| serde_json::json!({
                    "id": r.id,
                    "area_mm2": r.area_mm2,
                    "rectangle_mm": r.rectangle_mm,
                })).collect::<Vec<_>>(),
            })
        });
        let parts = self.layout.parts.iter().map(|p| {
            serde_json::json!({
                "id": p.id,
                "file": p.file,
                "quantity": p.quantity,
                "size_mm": p.size_mm,
                "area_mm2": p.area_mm2,
            })
        });
        let more = [
            ("sheets", Value::from(sheets.collect::<Vec<_>>())),
            ("parts", parts.collect::<Vec<_>>().into()),
            ("layout_id", self.layout.id.clone().into()),
            ("output", output.into()),
        ];
        let mut d = crate::document::done("nest", self, &more)?;
        if !self.unplaced.is_empty() {
            d["status"] = "incomplete".into();
        }
        Ok(d)
    }
}

/// Hears of the density of every improvement; its layout is made when it is asked for.
pub type OnBetter<'a> = dyn FnMut(f64, &dyn Fn() -> Option<LayoutFile>) + 'a;

/// Nests the parts of drawings. `on_better` hears of every improvement; a cancelled search gives its best so far.
/// The layout has passed the exact checker.
///
/// # Errors
/// When an input can't be read, a part fits on no sheet, or no valid layout was found.
pub fn nest_drawings(
    job: &DrawingNestJob,
    ctx: &Ctx,
    on_better: &mut OnBetter,
) -> Result<DrawingNestOutcome, Error> {
    let defect_margin = job.defect_margin.unwrap_or(job.margin);
    for (name, v) in [
        ("--spacing", job.spacing),
        ("--margin", job.margin),
        ("--defect-margin", defect_margin),
    ] {
        if !(0.0..=1000.0).contains(&v) {
            return Err(Error::Usage(format!(
                "{name} {v}: a distance from 0 to 1000 mm is needed"
            )));
        }
    }
    if !(0.001..=10.0).contains(&job.tolerance) {
        return Err(Error::Usage(format!(
            "--tolerance {}: from 0.001 to 10 mm",
            job.tolerance
        )));
    }
    let mut warnings = Vec::new();
    if job.kits == 0 {
        return Err(Error::Usage("--kits 0: at least one kit has to be wanted".into()));
    }
    let mut parts = read_parts(&job.parts, job.unit, job.section, job.tolerance, &mut warnings)?;
    for p in &mut parts {
        p.quantity = p.quantity.saturating_mul(job.kits);
    }
    let base = match &job.onto {
        Some(layout) => Base::read(layout, job.tolerance, &parts)?,
        None => Base::default(),
    };
    let wanted = parts.len();
    parts.extend(base.parts);
    let sheets: Vec<SheetRequest> = base
        .sheets
        .into_iter()
        .chain(job.sheets.iter().cloned())
        .collect();
    let mut instance = instance(job, &parts, &sheets);
    instance.defect_margin = grid(defect_margin);
    instance.locked = Locked {
        sheets: (0..base.count).collect(),
        placements: base.placements.iter().map(|p| p.after(wanted as u32)).collect(),
    };
    let options = offcut_nest::Options {
        budget: job.budget,
        chains: job.workers,
        start: None,
    };
    let layout = offcut_nest::nest(&instance, &options, ctx, &mut |i| {
        on_better(i.density, &|| {
            i.layout().map(|l| document(job, &instance, &l, &parts, &sheets))
        });
    })
    .map_err(|e| match e {
        NestError::Cancelled(_) => Error::Cancelled,
        other => Error::Impossible(other.to_string()),
    })?;
    if let Some(fault) = offcut_nest::check(&instance, &layout).first() {
        return Err(Error::Internal(format!("the layout breaks a rule: {fault}")));
    }
    let cancelled = ctx.check().is_err();
    let file = document(job, &instance, &layout, &parts, &sheets);
    Ok(DrawingNestOutcome {
        placed: layout.placements.len() - base.placements.len(),
        unplaced: file.unplaced.clone(),
        complete_kits: (job.kits > 1).then(|| complete_kits(job.kits, &instance, &layout)),
        totals: totals(&file, layout.cost(&instance)),
        reproducible: matches!(job.budget, Budget::Work(_)) && !cancelled,
        cancelled,
        warnings,
        solution: json::write_solution(&instance, &layout),
        layout: file,
        instance,
    })
}

/// Kits of which nothing but fillers is missing.
fn complete_kits(kits: u32, instance: &Instance, layout: &Layout) -> u32 {
    let complete = layout.unplaced.iter().filter_map(|u| {
        let item = &instance.items[u.item as usize];
        let of_one = (item.demand / kits).max(1);
        (!item.filler).then(|| item.demand.saturating_sub(u.count) / of_one)
    });
    complete.fold(kits, u32::min)
}

fn instance(job: &DrawingNestJob, parts: &[SourcePart], sheets: &[SheetRequest]) -> Instance {
    let rotations = |t: &Turns| match t {
        Turns::Set(a) => Rotations::Set(a.clone()),
        Turns::Free => Rotations::Free,
    };
    let item = |p: &SourcePart| {
        let turns = rotations(p.rules.turns.as_ref().unwrap_or(&job.turns));
        let mirror = p.rules.mirror.unwrap_or(job.mirror);
        Item {
            origin: [0.0; 2],
            mirrored: mirror.then(|| turns.clone()),
            rotations: turns,
            shape: p.shape.clone(),
            priority: p.rules.priority,
            min_quality: p.rules.quality,
            grain: p.rules.grain,
            filler: p.rules.filler,
            ..Item::new(&p.id, &p.shape, p.quantity, UNITS_PER_MM)
        }
    };
    let sheet = |s: &SheetRequest| Sheet {
        stock: s.quantity,
        cost: s.cost,
        grain: s.grain,
        defects: s.defects.clone(),
        zones: s.zones.clone(),
        ..Sheet::new(&s.id, s.outline.clone())
    };
    let items = parts.iter().map(item).collect();
    let target = Target::Sheets(sheets.iter().map(sheet).collect());
    Instance {
        spacing: grid(job.spacing),
        margin: grid(job.margin),
        part_in_part: job.part_in_part,
        ..Instance::new(&job.name, items, target, UNITS_PER_MM)
    }
}

fn document(
    job: &DrawingNestJob,
    instance: &Instance,
    layout: &Layout,
    parts: &[SourcePart],
    sheets: &[SheetRequest],
) -> LayoutFile {
    let keep = Keep {
        min_width: grid(job.keep),
        min_area: (job.keep * UNITS_PER_MM).powi(2),
    };
    let left = offcut_nest::remnants(instance, layout, &keep);
    let to = |v: i64| v as f64 / UNITS_PER_MM;
    let sheet = |(index, &kind): (usize, &u32)| {
        let s = &sheets[kind as usize];
        let on = |p: &&offcut_nest::Placement| p.sheet as usize == index;
        let placed: Vec<_> = layout.placements.iter().filter(on).collect();
        let remnants: Vec<LayoutRemnant> = left
            .iter()
            .filter(|r| r.sheet as usize == index)
            .enumerate()
            .map(|(k, r)| remnant(&format!("{}-{}{}", job.name, index + 1, letter(k)), r))
            .collect();
        LayoutSheet {
            id: s.id.clone(),
            stock: s.stock,
            material: s.material.clone(),
            thickness_mm: s.thickness,
            outline: rings(&s.outline),
            defects: s.defects.iter().map(rings).collect(),
            area_mm2: s.outline.area_mm2(),
            parts_mm2: placed.iter().map(|p| parts[p.item as usize].area).sum(),
            // From zero: an empty sum is the negative one.
            remnants_mm2: remnants.iter().fold(0.0, |sum, r| sum + r.area_mm2),
            placements: placed
                .iter()
                .map(|p| LayoutPlacement {
                    part: p.item,
                    x: to(p.x),
                    y: to(p.y),
                    rotation: p.orientation.angle,
                    mirror: p.orientation.mirror,
                })
                .collect(),
            remnants,
        }
    };
    let mut file = LayoutFile {
        offcut: KIND.to_owned(),
        version: VERSION,
        name: job.name.clone(),
        id: String::new(),
        spacing_mm: job.spacing,
        margin_mm: job.margin,
        parts: parts
            .iter()
            .map(|p| LayoutPart {
                id: p.id.clone(),
                file: p.file.clone(),
                kind: p.kind,
                file_origin_mm: [p.origin.x, p.origin.y],
                quantity: p.quantity,
                size_mm: [p.size.x, p.size.y],
                area_mm2: p.area,
                drawing: DrawingDoc::from(&p.drawing),
            })
            .collect(),
        sheets: layout.sheets.iter().enumerate().map(sheet).collect(),
        unplaced: layout
            .unplaced
            .iter()
            .map(|u| LayoutMissing {
                part: instance.items[u.item as usize].id.clone(),
                count: u.count,
                reason: u.reason.text().to_owned(),
            })
            .collect(),
    };
    file.id = file.fingerprint();
    file
}

/// a, b, c, … for the pieces of a sheet.
fn letter(k: usize) -> String {
    let c = char::from(b'a' + (k % 26) as u8);
    if k < 26 {
        c.to_string()
    } else {
        format!("{c}{}", k / 26)
    }
}

fn remnant(id: &str, r: &Remnant) -> LayoutRemnant {
    LayoutRemnant {
        id: id.to_owned(),
        outline: rings(&r.polygon),
        area_mm2: r.polygon.area_mm2(),
        rectangle_mm: r.rectangle.map(to_mm),
    }
}

/// The areas of a layout.
#[must_use]
pub fn totals(file: &LayoutFile, cost: f64) -> Totals {
    let sum = |f: fn(&LayoutSheet) -> f64| file.sheets.iter().map(f).sum::<f64>();
    let (sheets, parts, remnants) = (sum(|s| s.area_mm2), sum(|s| s.parts_mm2), sum(|s| s.remnants_mm2));
    let share = |of: f64| if of > 0.0 { parts / of } else { 0.0 };
    Totals {
        sheets_mm2: sheets,
        parts_mm2: parts,
        remnants_mm2: remnants,
        scrap_mm2: (sheets - parts - remnants).max(0.0),
        density: share(sheets),
        density_credited: share(sheets - remnants),
        cost,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns() {
        let set = |t: &str| match Turns::parse(t) {
            Ok(Turns::Set(a)) => a,
            other => panic!("{t}: {other:?}"),
        };
        assert_eq!(set("0,90"), [0.0, 90.0]);
        assert_eq!(set("4"), [0.0, 90.0, 180.0, 270.0]);
        assert_eq!(set("0"), [0.0]);
        assert_eq!(Turns::parse("free").ok(), Some(Turns::Free));
        for wrong in ["", "a", "0;90", "1.5", "361", "nan,0"] {
            assert!(Turns::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn pieces_have_letters() {
        assert_eq!(
            (letter(0), letter(25), letter(26)),
            ("a".into(), "z".into(), "a1".into())
        );
    }
}
