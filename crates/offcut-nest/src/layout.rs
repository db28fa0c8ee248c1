//! Where every part lies.

use crate::instance::{Instance, Target};
use crate::orientation::Orientation;
use offcut_geometry::{Loops, Point};

/// One part on a sheet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    /// Index of the item.
    pub item: u32,
    /// Index into [`Layout::sheets`]; 0 on a strip.
    pub sheet: u32,
    /// How it lies.
    pub orientation: Orientation,
    /// Where the item's origin comes to lie, grid units of the sheet.
    pub x: i64,
    /// Where the item's origin comes to lie, grid units of the sheet.
    pub y: i64,
}

impl Placement {
    /// The part's polygon around its origin, which lies at (`x`, `y`).
    #[must_use]
    pub fn turned(&self, instance: &Instance) -> Loops {
        instance
            .items
            .get(self.item as usize)
            .map(|i| self.orientation.apply_all(&i.shape))
            .unwrap_or_default()
    }
}

/// A solution of an instance.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layout {
    /// The kind of every sheet used; empty for a strip.
    pub sheets: Vec<u32>,
    /// Every part that is placed.
    pub placements: Vec<Placement>,
    /// Items that are missing, and how many of each.
    pub unplaced: Vec<(u32, u32)>,
}

impl Layout {
    /// Length of strip that the parts take, margin included, grid units.
    #[must_use]
    pub fn strip_width(&self, instance: &Instance) -> i64 {
        let right = |p: &Placement| p.x + i64::from(p.turned(instance).bbox().max.x);
        let extent = self.placements.iter().map(right).max().unwrap_or(0);
        extent.max(0) + i64::from(instance.margin)
    }

    /// Share of the used material that becomes parts, 0 to 1. A strip counts as far as it is used.
    #[must_use]
    pub fn density(&self, instance: &Instance) -> f64 {
        let area_of = |p: &Placement| instance.items[p.item as usize].shape.area2() as f64 * 0.5;
        let parts: f64 = self.placements.iter().map(area_of).sum();
        let used = match &instance.target {
            Target::Strip { height } => self.strip_width(instance) as f64 * *height as f64,
            Target::Sheets(kinds) => {
                let area = |&s: &u32| kinds[s as usize].outline.area2() as f64 * 0.5;
                self.sheets.iter().map(area).sum()
            }
        };
        if used > 0.0 { parts / used } else { 0.0 }
    }

    /// Cost of the sheets used.
    #[must_use]
    pub fn cost(&self, instance: &Instance) -> f64 {
        match &instance.target {
            Target::Strip { .. } => 1.0,
            Target::Sheets(kinds) => self.sheets.iter().map(|&s| kinds[s as usize].cost).sum(),
        }
    }
}

/// A polygon moved on an unbounded integer plane.
#[derive(Debug, Clone)]
pub struct Placed {
    /// The polygon around its own origin.
    pub shape: Loops,
    /// Where the origin lies, grid units.
    pub at: [i64; 2],
    /// Left, bottom, right, top, grid units.
    pub bounds: [i64; 4],
}

impl Placed {
    /// A polygon with its origin at `at`.
    #[must_use]
    pub fn new(shape: Loops, at: [i64; 2]) -> Self {
        let b = shape.bbox();
        let bounds = [
            at[0] + i64::from(b.min.x),
            at[1] + i64::from(b.min.y),
            at[0] + i64::from(b.max.x),
            at[1] + i64::from(b.max.y),
        ];
        Self { shape, at, bounds }
    }

    /// Where a point of the shape lies.
    #[inline]
    #[must_use]
    pub fn place(&self, p: Point) -> [i64; 2] {
        [self.at[0] + i64::from(p.x), self.at[1] + i64::from(p.y)]
    }
}
