//! Solutions: layouts as they stand in files.

use super::doc::{self, LockedDoc, PlacementDoc, RemnantDoc, SheetUse, SolutionDoc, UnplacedDoc};
use super::instance::shape;
use super::{to_units, wrong};
use crate::error::NestError;
use crate::instance::{Instance, Locked, MAX_PARTS, Target};
use crate::layout::{Layout, Placement, Reason, Unplaced};
use crate::orientation::Orientation;
use crate::remnant::{Keep, remnants};

/// Pieces narrower than this share of the shortest side of all sheets are scrap, and those smaller than its square.
const KEPT: f64 = 0.05;

/// Writes a layout as a solution, with what it leaves of its sheets.
#[must_use]
pub fn write_solution(instance: &Instance, layout: &Layout) -> String {
    let kinds = match &instance.target {
        Target::Strip { .. } => None,
        Target::Sheets(s) => Some(s),
    };
    let id_of = |item: u32| serde_json::Value::from(instance.items[item as usize].id.clone());
    let doc = SolutionDoc {
        instance: Some(instance.name.clone()),
        strip_width: kinds
            .is_none()
            .then(|| layout.strip_width(instance) as f64 / instance.scale),
        density: Some(layout.density(instance)),
        sheets: kinds.map(|k| {
            let used = layout.sheets.iter().filter_map(|&s| k.get(s as usize));
            used.map(|s| SheetUse {
                id: s.id.clone().into(),
            })
            .collect()
        }),
        placements: layout
            .placements
            .iter()
            .map(|p| {
                let o = turned_origin(instance, p.item, p.orientation);
                PlacementDoc {
                    sheet: p.sheet,
                    part: id_of(p.item),
                    rotation: p.orientation.angle,
                    mirror: p.orientation.mirror,
                    x: p.x as f64 / instance.scale - o[0],
                    y: p.y as f64 / instance.scale - o[1],
                }
            })
            .collect(),
        unplaced: layout
            .unplaced
            .iter()
            .map(|u| UnplacedDoc {
                part: id_of(u.item),
                count: u.count,
                reason: Some(u.reason.into()),
            })
            .collect(),
        remnants: left(instance, layout),
    };
    // Plain data without maps of other keys than text: this can't fail.
    serde_json::to_string(&doc).unwrap_or_default()
}

fn left(instance: &Instance, layout: &Layout) -> Vec<RemnantDoc> {
    let Target::Sheets(kinds) = &instance.target else {
        return Vec::new();
    };
    let boxes = kinds.iter().map(|k| k.outline.bbox());
    let side = |b: offcut_geometry::BBox| (b.max.x - b.min.x).min(b.max.y - b.min.y);
    let width = KEPT * f64::from(boxes.map(side).min().unwrap_or(0));
    let keep = Keep {
        min_width: width as offcut_geometry::Coord,
        min_area: width * width,
    };
    let scale = instance.scale;
    let document = |r: crate::Remnant| RemnantDoc {
        sheet: r.sheet,
        area: r.area / (scale * scale),
        rectangle: r.rectangle.map(|v| f64::from(v) / scale),
        shape: shape(&r.polygon, [0.0; 2], scale),
    };
    remnants(instance, layout, &keep)
        .into_iter()
        .map(document)
        .collect()
}

/// Where the item's origin moves when the input's own coordinates are turned.
fn turned_origin(instance: &Instance, item: u32, o: Orientation) -> [f64; 2] {
    let [x, y] = instance.items[item as usize].origin;
    let m = o.matrix();
    [m[0] * x + m[1] * y, m[2] * x + m[3] * y]
}

/// Reads a solution of an instance, for a check or as the start of a search.
///
/// # Errors
/// [`NestError::Format`] when the text is no solution of this instance.
pub fn read_solution(instance: &Instance, text: &str) -> Result<Layout, NestError> {
    let d: SolutionDoc = serde_json::from_str(text).map_err(|e| wrong("solution", e.to_string()))?;
    let mut layout = Layout {
        sheets: sheets(instance, d.sheets.as_deref(), &d.placements, "solution")?,
        placements: placements(instance, &d.placements, "solution")?,
        unplaced: Vec::new(),
    };
    for u in &d.unplaced {
        layout.unplaced.push(Unplaced {
            item: item_of(instance, &u.part, "solution")?,
            count: u.count,
            reason: u.reason.map_or(Reason::NoRoom, Reason::from),
        });
    }
    Ok(layout)
}

/// Reads the locked parts of an instance.
pub(super) fn locked(instance: &Instance, d: &LockedDoc) -> Result<Locked, NestError> {
    Ok(Locked {
        sheets: sheets(instance, d.sheets.as_deref(), &d.placements, "locked")?,
        placements: placements(instance, &d.placements, "locked")?,
    })
}

fn item_of(instance: &Instance, part: &serde_json::Value, place: &str) -> Result<u32, NestError> {
    let id = doc::text_of(part);
    match instance.items.iter().position(|i| i.id == id) {
        Some(i) => Ok(i as u32),
        None => Err(wrong(place, format!("part `{id}` is no item of the instance"))),
    }
}

fn sheets(
    instance: &Instance,
    used: Option<&[SheetUse]>,
    placements: &[PlacementDoc],
    place: &str,
) -> Result<Vec<u32>, NestError> {
    let Target::Sheets(kinds) = &instance.target else {
        return Ok(Vec::new());
    };
    let kind_of = |s: &SheetUse| {
        let id = doc::text_of(&s.id);
        match kinds.iter().position(|k| k.id == id) {
            Some(k) => Ok(k as u32),
            None => Err(wrong(place, format!("sheet `{id}` is none of the instance"))),
        }
    };
    match used {
        Some(s) => s.iter().map(kind_of).collect(),
        None if kinds.len() == 1 => {
            let last = placements.iter().map(|p| p.sheet).max();
            let count = last.map_or(0, |l| l as usize + 1);
            if count > MAX_PARTS as usize {
                return Err(wrong(place, format!("there can't be {count} sheets")));
            }
            Ok(vec![0; count])
        }
        None => Err(wrong(place, "needs `sheets`: there are several kinds")),
    }
}

fn placements(instance: &Instance, d: &[PlacementDoc], place: &str) -> Result<Vec<Placement>, NestError> {
    let mut out = Vec::with_capacity(d.len());
    for p in d {
        let item = item_of(instance, &p.part, place)?;
        if !(p.x.is_finite() && p.y.is_finite() && p.rotation.is_finite()) {
            return Err(wrong(place, "a placement holds something that is no number"));
        }
        let orientation = Orientation::new(p.rotation, p.mirror);
        let o = turned_origin(instance, item, orientation);
        out.push(Placement {
            item,
            sheet: p.sheet,
            orientation,
            x: to_units(p.x + o[0], instance.scale),
            y: to_units(p.y + o[1], instance.scale),
        });
    }
    Ok(out)
}
