//! The exact check that every layout passes before it leaves this crate.
//!
//! In: an instance and a layout. Out: every rule of the instance that the layout breaks. Positions and
//! polygons are integers, and so is every decision; nothing is taken from the optimiser but the layout.

use crate::instance::{Instance, Sheet, Target, zone_blocks};
use crate::layout::{Layout, Placed, Placement, without_holes};
use crate::relate::{boundaries_apart, boxes_meet, grown, relate};
use thiserror::Error;

/// A broken rule. Parts are indices into the layout's placements.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum Fault {
    /// Two parts share area.
    #[error("parts {0} and {1} overlap")]
    Overlap(usize, usize),
    /// Two parts are nearer than the spacing.
    #[error("parts {0} and {1} are nearer to each other than the spacing")]
    Spacing(usize, usize),
    /// A part is not wholly on its sheet.
    #[error("part {0} is not wholly on its sheet")]
    Outside(usize),
    /// A part is nearer to the edge of its sheet than the margin.
    #[error("part {0} is nearer to the edge of its sheet than the margin")]
    Margin(usize),
    /// A part lies on a defect or on material of too low a quality, or nearer to it than allowed.
    #[error("part {0} lies on or too near to a defect")]
    Defect(usize),
    /// A part lies in an orientation that its item does not allow.
    #[error("part {0} is turned or mirrored in a way that is not allowed")]
    Orientation(usize),
    /// A part's grain runs across that of its sheet.
    #[error("part {0} lies across the grain of its sheet")]
    Grain(usize),
    /// A part lies in the hole of another, which this job does not allow.
    #[error("part {0} lies in a hole of part {1}")]
    PartInPart(usize, usize),
    /// A locked part is not there, or not where it was.
    #[error("locked part {0} is not where it was")]
    Locked(usize),
    /// A placement names an item or sheet that does not exist.
    #[error("part {0} names an item or sheet that there is not")]
    Unknown(usize),
    /// An item is not there as often as it is wanted and said to be missing.
    #[error("item {item}: {placed} placed and {missing} missing are not the {demand} wanted")]
    Demand {
        /// Index of the item.
        item: usize,
        /// How often it is placed.
        placed: u32,
        /// How often it is said to be missing.
        missing: u32,
        /// How often it is wanted.
        demand: u32,
    },
    /// More sheets of a kind than there are.
    #[error("{used} sheets of kind {kind}, but there are {stock}")]
    Stock {
        /// Index of the kind.
        kind: usize,
        /// How many are used.
        used: u32,
        /// How many there are.
        stock: u32,
    },
}

/// Checks a layout; it is valid when nothing is returned.
#[must_use]
pub fn check(instance: &Instance, layout: &Layout) -> Vec<Fault> {
    let mut faults = Vec::new();
    check_counts(instance, layout, &mut faults);
    check_locked(instance, layout, &mut faults);
    let mut parts: Vec<(usize, &Placement, Placed)> = Vec::new();
    for (k, p) in layout.placements.iter().enumerate() {
        let Some(item) = instance.items.get(p.item as usize) else {
            faults.push(Fault::Unknown(k));
            continue;
        };
        if !item.allows(p.orientation) {
            faults.push(Fault::Orientation(k));
        }
        parts.push((k, p, Placed::new(p.turned(instance), [p.x, p.y])));
    }
    match &instance.target {
        Target::Strip { height } => check_strip(instance, *height, &parts, &mut faults),
        Target::Sheets(kinds) => check_sheets(instance, kinds, layout, &parts, &mut faults),
    }
    check_pairs(instance, &parts, &mut faults);
    faults
}

fn check_locked(instance: &Instance, layout: &Layout, faults: &mut Vec<Fault>) {
    let l = &instance.locked;
    let sheets = layout.sheets.starts_with(&l.sheets);
    for (k, p) in l.placements.iter().enumerate() {
        if !sheets || layout.placements.get(k) != Some(p) {
            faults.push(Fault::Locked(k));
        }
    }
}

fn check_counts(instance: &Instance, layout: &Layout, faults: &mut Vec<Fault>) {
    let mut placed = vec![0u32; instance.items.len()];
    for p in &layout.placements {
        if let Some(n) = placed.get_mut(p.item as usize) {
            *n += 1;
        }
    }
    let mut missing = vec![0u32; instance.items.len()];
    for u in &layout.unplaced {
        if let Some(m) = missing.get_mut(u.item as usize) {
            *m += u.count;
        }
    }
    for (item, i) in instance.items.iter().enumerate() {
        if u64::from(placed[item]) + u64::from(missing[item]) != u64::from(i.demand) {
            faults.push(Fault::Demand {
                item,
                placed: placed[item],
                missing: missing[item],
                demand: i.demand,
            });
        }
    }
    let Target::Sheets(kinds) = &instance.target else {
        return;
    };
    for (kind, s) in kinds.iter().enumerate() {
        let used = layout.sheets.iter().filter(|&&k| k as usize == kind).count() as u32;
        if let Some(stock) = s.stock
            && used > stock
        {
            faults.push(Fault::Stock { kind, used, stock });
        }
    }
}

fn check_strip(
    instance: &Instance,
    height: i64,
    parts: &[(usize, &Placement, Placed)],
    faults: &mut Vec<Fault>,
) {
    let m = i64::from(instance.margin);
    for (k, p, placed) in parts {
        let b = placed.bounds;
        if p.sheet != 0 {
            faults.push(Fault::Unknown(*k));
        } else if b[0] < 0 || b[1] < 0 || b[3] > height {
            faults.push(Fault::Outside(*k));
        } else if b[0] < m || b[1] < m || b[3] > height - m {
            faults.push(Fault::Margin(*k));
        }
    }
}

fn check_sheets(
    instance: &Instance,
    kinds: &[Sheet],
    layout: &Layout,
    parts: &[(usize, &Placement, Placed)],
    faults: &mut Vec<Fault>,
) {
    let obstacles: Vec<SheetBounds> = kinds.iter().map(|s| SheetBounds::new(instance, s)).collect();
    for (k, p, placed) in parts {
        let kind = layout.sheets.get(p.sheet as usize).map(|&s| s as usize);
        let Some((kind, sheet)) = kind.and_then(|s| Some((s, kinds.get(s)?))) else {
            faults.push(Fault::Unknown(*k));
            continue;
        };
        let item = &instance.items[p.item as usize];
        if !item.follows_grain(sheet, p.orientation) {
            faults.push(Fault::Grain(*k));
        }
        let [outside, margin, defect] = obstacles[kind].breaks(placed, item.min_quality);
        if outside {
            faults.push(Fault::Outside(*k));
        } else if margin {
            faults.push(Fault::Margin(*k));
        }
        if defect {
            faults.push(Fault::Defect(*k));
        }
    }
}

/// What limits parts on a kind of sheet.
pub(crate) struct SheetBounds {
    outline: Placed,
    margin: i64,
    /// Areas that take no part of less than a quality; `None` takes none at all.
    blocked: Vec<(Placed, Option<u32>)>,
    defect_margin: i64,
}

impl SheetBounds {
    pub(crate) fn new(instance: &Instance, sheet: &Sheet) -> Self {
        let fixed = |l: &offcut_geometry::Loops| Placed::new(l.clone(), [0, 0]);
        let defects = sheet.defects.iter().map(|d| (fixed(d), None));
        let zones = sheet.zones.iter().map(|z| (fixed(&z.area), Some(z.quality)));
        Self {
            outline: fixed(&sheet.outline),
            margin: i64::from(instance.margin),
            blocked: defects.chain(zones).collect(),
            defect_margin: i64::from(instance.defect_margin),
        }
    }

    /// Whether a part of an item with `quality` is not wholly on the sheet, too near to its edge, and on or
    /// too near to a defect.
    pub(crate) fn breaks(&self, part: &Placed, quality: Option<u32>) -> [bool; 3] {
        let outside = !relate(part, &self.outline).first_within_second();
        let margin = outside || !boundaries_apart(part, &self.outline, self.margin);
        let blocks = |q: Option<u32>| q.is_none_or(|q| zone_blocks(q, quality));
        let defect = self.blocked.iter().any(|(d, q)| {
            blocks(*q) && (relate(part, d).overlaps() || !boundaries_apart(part, d, self.defect_margin))
        });
        [outside, margin, defect]
    }
}

fn check_pairs(instance: &Instance, parts: &[(usize, &Placement, Placed)], faults: &mut Vec<Fault>) {
    let spacing = i64::from(instance.spacing);
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|&i| (parts[i].1.sheet, parts[i].2.bounds[0], i));
    for (n, &i) in order.iter().enumerate() {
        let (k, p, a) = &parts[i];
        let reach = grown(&a.bounds, spacing);
        for &j in &order[n + 1..] {
            let (l, q, b) = &parts[j];
            if q.sheet != p.sheet || b.bounds[0] > reach[2] {
                break;
            }
            if !boxes_meet(&reach, &b.bounds) {
                continue;
            }
            if relate(a, b).overlaps() {
                faults.push(Fault::Overlap((*k).min(*l), (*k).max(*l)));
            } else if !instance.part_in_part && inside_hole(a, b) {
                faults.push(Fault::PartInPart(*k, *l));
            } else if !instance.part_in_part && inside_hole(b, a) {
                faults.push(Fault::PartInPart(*l, *k));
            } else if !boundaries_apart(a, b, spacing) {
                faults.push(Fault::Spacing((*k).min(*l), (*k).max(*l)));
            }
        }
    }
}

/// True when the first part, which does not overlap the second, lies in one of its holes.
fn inside_hole(a: &Placed, b: &Placed) -> bool {
    b.shape.len() > 1 && relate(a, &Placed::new(without_holes(&b.shape), b.at)).overlaps()
}
