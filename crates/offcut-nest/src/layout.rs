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

/// Why parts are missing from a layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// No sheet takes the part in any allowed orientation, even by itself.
    TooLarge,
    /// All sheets in stock are used, and no room for it was found on them.
    NoRoom,
    /// It is a filler, and nothing was left for it.
    Filler,
}

impl Reason {
    /// A sentence for people.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::TooLarge => "fits on no sheet in any allowed orientation",
            Self::NoRoom => "no room was found on the sheets in stock",
            Self::Filler => "a filler, and no room was left",
        }
    }
}

/// Parts of an item that are missing from a layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unplaced {
    /// Index of the item.
    pub item: u32,
    /// How many are missing.
    pub count: u32,
    /// Why.
    pub reason: Reason,
}

/// A solution of an instance. What is left of its sheets is told by [`crate::remnants`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layout {
    /// The kind of every sheet used; empty for a strip.
    pub sheets: Vec<u32>,
    /// Every part that is placed.
    pub placements: Vec<Placement>,
    /// Items that are missing, in the order of the items.
    pub unplaced: Vec<Unplaced>,
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

/// The outer loops of a polygon set.
#[must_use]
pub fn without_holes(set: &Loops) -> Loops {
    set.iter()
        .filter(|l| offcut_geometry::loops::area2(l) > 0)
        .map(<[Point]>::to_vec)
        .collect()
}
