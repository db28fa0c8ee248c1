//! The JSON of nesting benchmarks: instances in, solutions in and out.
//!
//! The format is the one of sparrow and jagua-rs, with sheets, defects, zones, spacing and mirroring added.
//! This is the only file that knows it. Lengths are in any unit; the border picks a grid so fine that the
//! largest part still has room, in powers of ten, so that decimal input stays exact.

mod doc;
mod instance;
mod solution;

pub use instance::write_instance;
pub use solution::{read_solution, write_solution};

use crate::error::NestError;
use crate::instance::{Instance, Item, Locked, Rotations, Sheet, Target, Zone};
use doc::{InstanceDoc, ItemDoc, RotationDoc, ShapeDoc, SheetDoc};
use offcut_geometry::{Coord, Loops, Point, clip};

/// Longest side of a part, grid units: sums of two stay within the grid.
const PART_LIMIT: f64 = 2e8;
/// Largest coordinate of a sheet, grid units.
const SHEET_LIMIT: f64 = 4.9e8;
/// Longest side of a sheet, grid units: what lies around it has to be on the grid, too.
const SHEET_SIDE: f64 = 4e8;
/// The most vertices that one shape may have.
const VERTEX_LIMIT: usize = 100_000;

type Ring = Vec<[f64; 2]>;

fn wrong(place: impl Into<String>, what: impl Into<String>) -> NestError {
    NestError::Format {
        place: place.into(),
        what: what.into(),
    }
}

/// Reads an instance.
///
/// # Errors
/// [`NestError::Format`] when the text is no instance; [`NestError::Empty`] and [`NestError::TooMany`].
pub fn read_instance(text: &str) -> Result<Instance, NestError> {
    let d: InstanceDoc = serde_json::from_str(text).map_err(|e| wrong("instance", e.to_string()))?;
    let part_size = d
        .items
        .iter()
        .map(|i| extent(&i.shape.rings()))
        .fold(0.0, f64::max);
    let sheets = d.sheets.as_deref().or(d.bins.as_deref());
    let mut sheet_size: f64 = 0.0;
    for s in sheets.into_iter().flatten() {
        let rings = s.shape.rings();
        let far = |m: f64, p: &[f64; 2]| p[0].abs().max(p[1].abs()).max(m);
        let farthest = rings.iter().flatten().fold(0.0, far);
        sheet_size = sheet_size
            .max(extent(&rings))
            .max(farthest * SHEET_SIDE / SHEET_LIMIT);
    }
    let scale = scale_for(part_size, sheet_size)?;
    let items = d
        .items
        .iter()
        .map(|i| item(i, scale))
        .collect::<Result<Vec<_>, _>>()?;
    let target = match (d.strip_height, sheets) {
        (Some(h), None) if h > 0.0 && h * scale < 1e15 => Target::Strip {
            height: (h * scale).round() as i64,
        },
        (Some(h), None) => return Err(wrong("strip_height", format!("{h} is no height of a strip"))),
        (None, Some([])) => return Err(wrong("sheets", "there is no sheet to cut from; add one")),
        (None, Some(s)) => Target::Sheets(s.iter().map(|s| sheet(s, scale)).collect::<Result<_, _>>()?),
        _ => return Err(wrong("instance", "needs either strip_height or sheets")),
    };
    let length = |name: &str, v: f64| -> Result<Coord, NestError> {
        let units = (v * scale).ceil();
        if (0.0..=PART_LIMIT).contains(&units) {
            Ok(units as Coord)
        } else {
            Err(wrong(name, format!("{v} is no distance that parts can keep")))
        }
    };
    let margin = length("margin", d.margin.unwrap_or(0.0))?;
    let mut instance = Instance {
        name: d.name.unwrap_or_default(),
        items,
        target,
        spacing: length("spacing", d.spacing.or(d.min_item_separation).unwrap_or(0.0))?,
        margin,
        defect_margin: match d.defect_margin {
            Some(v) => length("defect_margin", v)?,
            None => margin,
        },
        part_in_part: d.part_in_part.unwrap_or(true),
        locked: Locked::default(),
        scale,
    };
    if let Some(l) = &d.locked {
        instance.locked = solution::locked(&instance, l)?;
    }
    instance.part_count()?;
    Ok(instance)
}

fn extent(rings: &[Ring]) -> f64 {
    let (mut lo, mut hi) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for p in rings.iter().flatten() {
        for k in 0..2 {
            lo[k] = lo[k].min(p[k]);
            hi[k] = hi[k].max(p[k]);
        }
    }
    (hi[0] - lo[0]).max(hi[1] - lo[1])
}

fn scale_for(part: f64, sheet: f64) -> Result<f64, NestError> {
    if !(part > 0.0 && part.is_finite() && sheet.is_finite()) {
        return Err(wrong("items", "there is no part with an area"));
    }
    (-12..=12)
        .rev()
        .map(|k| libm::exp10(f64::from(k)).clamp(1e-12, 1e12))
        .find(|s| part * s <= PART_LIMIT && sheet * s <= SHEET_SIDE)
        .ok_or_else(|| wrong("items", "the parts are too large; use a larger unit of length"))
}

fn to_units(v: f64, scale: f64) -> i64 {
    (v * scale).round() as i64
}

/// A valid polygon set around `center` of the grid, from rings of which the first is the outer one.
fn polygon(place: &str, rings: &[Ring], scale: f64, center: [i64; 2]) -> Result<Loops, NestError> {
    let count: usize = rings.iter().map(Vec::len).sum();
    if count > VERTEX_LIMIT {
        return Err(wrong(
            place,
            format!("has {count} vertices; at most {VERTEX_LIMIT} are taken"),
        ));
    }
    let mut set = Loops::new();
    for (k, ring) in rings.iter().enumerate() {
        let mut points: Vec<Point> = Vec::with_capacity(ring.len());
        for p in ring {
            let x = to_units(p[0], scale) - center[0];
            let y = to_units(p[1], scale) - center[1];
            let q = Coord::try_from(x).ok().zip(Coord::try_from(y).ok());
            let Some((x, y)) = q.filter(|q| q.0.abs().max(q.1.abs()) <= SHEET_LIMIT as Coord) else {
                return Err(wrong(
                    place,
                    format!("({}, {}) lies too far from the rest", p[0], p[1]),
                ));
            };
            points.push(Point::new(x, y));
        }
        points.dedup();
        while points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        if (offcut_geometry::loops::area2(&points) > 0) != (k == 0) {
            points.reverse();
        }
        set.push(&points);
    }
    let valid = clip::positive(&set);
    if valid.area2() <= 0 {
        return Err(wrong(place, "has no area; check its points"));
    }
    Ok(valid)
}

fn item(d: &ItemDoc, scale: f64) -> Result<Item, NestError> {
    let id = d.id();
    let place = format!("item `{id}`");
    let rings = d.shape.rings();
    if rings.iter().flatten().flatten().any(|v| !v.is_finite()) {
        return Err(wrong(place, "has a coordinate that is no number"));
    }
    let mut bounds = [i64::MAX, i64::MAX, i64::MIN, i64::MIN];
    for p in rings.iter().flatten() {
        let q = [to_units(p[0], scale), to_units(p[1], scale)];
        for k in 0..2 {
            bounds[k] = bounds[k].min(q[k]);
            bounds[k + 2] = bounds[k + 2].max(q[k]);
        }
    }
    let center = [0, 1].map(|k| bounds[k].midpoint(bounds[k + 2]));
    let (rotations, mirrored) = rotations(d, &place)?;
    Ok(Item {
        shape: polygon(&place, &rings, scale, center)?,
        origin: center.map(|c| c as f64 / scale),
        demand: u32::try_from(d.demand).map_err(|_| wrong(&*place, "the demand is too large"))?,
        rotations,
        mirrored,
        priority: d.priority,
        min_quality: d.min_quality,
        grain: d.grain.filter(|g| g.is_finite()),
        filler: d.filler,
        id,
    })
}

fn rotations(d: &ItemDoc, place: &str) -> Result<(Rotations, Option<Rotations>), NestError> {
    let (turns, mirrored) = match &d.orientation {
        Some(o) => {
            let turns = match &o.rotation {
                RotationDoc::Continuous => Rotations::Free,
                RotationDoc::Discrete { angles } => Rotations::Set(angles.clone()),
                RotationDoc::Stepped { step } => {
                    let n = (360.0 / step).round();
                    if !(1.0..=3600.0).contains(&n) {
                        return Err(wrong(place, format!("a rotation step of {step}° can't be taken")));
                    }
                    Rotations::Set((0..n as u32).map(|k| f64::from(k) * 360.0 / n).collect())
                }
            };
            let mirrored = match &turns {
                _ if o.reflection_axes.is_empty() => None,
                Rotations::Free => Some(Rotations::Free),
                // A reflection about an axis at angle a is a mirroring about x, then a turn by 2a.
                Rotations::Set(angles) => Some(Rotations::Set(
                    angles
                        .iter()
                        .flat_map(|r| o.reflection_axes.iter().map(move |a| r + 2.0 * a))
                        .collect(),
                )),
            };
            (turns, mirrored)
        }
        None => {
            let turns = match &d.allowed_orientations {
                None => Rotations::Free,
                Some(a) if a.is_empty() => Rotations::Set(vec![0.0]),
                Some(a) => Rotations::Set(a.clone()),
            };
            (turns.clone(), d.allow_mirror.then_some(turns))
        }
    };
    for r in [Some(&turns), mirrored.as_ref()].into_iter().flatten() {
        if let Rotations::Set(a) = r
            && (a.is_empty() || a.iter().any(|v| !v.is_finite()))
        {
            return Err(wrong(
                place,
                "its rotations hold no angle, or something that is none",
            ));
        }
    }
    Ok((turns, mirrored))
}

fn sheet(d: &SheetDoc, scale: f64) -> Result<Sheet, NestError> {
    let id = d.id();
    let place = format!("sheet `{id}`");
    let area = |s: &ShapeDoc| polygon(&place, &s.rings(), scale, [0, 0]);
    Ok(Sheet {
        outline: area(&d.shape)?,
        defects: d.defects.iter().map(area).collect::<Result<_, _>>()?,
        zones: d
            .zones
            .iter()
            .map(|z| {
                Ok(Zone {
                    quality: z.quality,
                    area: area(&z.shape)?,
                })
            })
            .collect::<Result<_, NestError>>()?,
        stock: u32::try_from(d.stock).ok(),
        cost: d.cost,
        grain: d.grain.filter(|g| g.is_finite()),
        id,
    })
}
