//! What is to be nested: items, and the strip or sheets for them.
//!
//! All polygons lie on the grid of `offcut-geometry` (valid sets: outer loops counter-clockwise, holes
//! clockwise). What a grid unit means is up to the maker of the instance; drawings use 10 nm.

use crate::error::NestError;
use crate::layout::Placement;
use crate::orientation::Orientation;
use offcut_geometry::{Coord, Loops, Point};

/// The angles an item may be turned by.
#[derive(Debug, Clone, PartialEq)]
pub enum Rotations {
    /// These, degrees counter-clockwise.
    Set(Vec<f64>),
    /// Any.
    Free,
}

impl Rotations {
    /// True when the item may be turned by `angle` degrees.
    #[must_use]
    pub fn allow(&self, angle: f64) -> bool {
        let asked = Orientation::new(angle, false);
        match self {
            Self::Free => true,
            Self::Set(a) => a.iter().any(|&b| Orientation::new(b, false).is_close(asked)),
        }
    }
}

/// A part to be cut, and how often.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The name it is known by outside.
    pub id: String,
    /// One outer loop with its holes; the middle of its box lies within a unit of the origin.
    pub shape: Loops,
    /// Where the shape's origin lies in the coordinates of the input, input units.
    pub origin: [f64; 2],
    /// How many are wanted.
    pub demand: u32,
    /// The angles allowed as it is.
    pub rotations: Rotations,
    /// The angles allowed when mirrored; `None` when it may not be mirrored.
    pub mirrored: Option<Rotations>,
    /// Higher ones are placed first when not all fit.
    pub priority: i32,
    /// The least quality of sheet that it takes; `None` needs the best everywhere.
    pub min_quality: Option<u32>,
    /// Direction of the grain in the part's own coordinates, degrees; parallel to a sheet's grain when it
    /// has one. `None` for a part that may lie across it.
    pub grain: Option<f64>,
    /// Fills what room is left: it never takes a sheet, length of strip or leftover of its own, and may be
    /// missing.
    pub filler: bool,
}

impl Item {
    /// An item that may not be turned, from a polygon in coordinates of the input with `scale` grid units
    /// in one unit of length. The fields are there to be changed.
    #[must_use]
    pub fn new(id: impl Into<String>, polygon: &Loops, demand: u32, scale: f64) -> Self {
        let middle = polygon.bbox().center();
        let mut shape = polygon.clone();
        shape.translate(Point::new(-middle.x, -middle.y));
        Self {
            id: id.into(),
            shape,
            origin: [middle.x, middle.y].map(|v| f64::from(v) / scale),
            demand,
            rotations: Rotations::Set(vec![0.0]),
            mirrored: None,
            priority: 0,
            min_quality: None,
            grain: None,
            filler: false,
        }
    }

    /// True when the item may lie so.
    #[must_use]
    pub fn allows(&self, o: Orientation) -> bool {
        if o.mirror {
            self.mirrored.as_ref().is_some_and(|r| r.allow(o.angle))
        } else {
            self.rotations.allow(o.angle)
        }
    }

    /// True when the item's grain runs along the sheet's, or one of them has none.
    #[must_use]
    pub fn follows_grain(&self, sheet: &Sheet, o: Orientation) -> bool {
        let (Some(own), Some(grain)) = (self.grain, sheet.grain) else {
            return true;
        };
        let lies = o.after(Orientation::new(own, false)).angle;
        [0.0, 180.0]
            .iter()
            .any(|turn| Orientation::new(lies, false).is_close(Orientation::new(grain + turn, false)))
    }
}

/// A part of a sheet that is not of full quality.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    /// Quality of the material; 0 takes no part at all.
    pub quality: u32,
    /// Where.
    pub area: Loops,
}

impl Zone {
    /// True when parts that need a quality may not lie here; `None` needs the best.
    #[must_use]
    pub fn blocks(&self, quality: Option<u32>) -> bool {
        zone_blocks(self.quality, quality)
    }
}

/// True when material of a quality takes no part that needs `needed`; `None` needs the best.
#[must_use]
pub fn zone_blocks(quality: u32, needed: Option<u32>) -> bool {
    quality == 0 || needed.is_none_or(|q| q > quality)
}

/// A kind of sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// The name it is known by outside.
    pub id: String,
    /// Its outline, with holes where there is no material.
    pub outline: Loops,
    /// Spots that take no part.
    pub defects: Vec<Loops>,
    /// Areas of lower quality.
    pub zones: Vec<Zone>,
    /// How many there are; `None` is without limit.
    pub stock: Option<u32>,
    /// Cost of one, in any currency.
    pub cost: f64,
    /// Direction of the grain, degrees; `None` when the material has none.
    pub grain: Option<f64>,
}

impl Sheet {
    /// A sheet without defects, of which there are as many as are wanted at a cost of 1 each.
    #[must_use]
    pub fn new(id: impl Into<String>, outline: Loops) -> Self {
        Self {
            id: id.into(),
            outline,
            defects: Vec::new(),
            zones: Vec::new(),
            stock: None,
            cost: 1.0,
            grain: None,
        }
    }
}

/// Parts that lie where they lie, say because they are cut already.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Locked {
    /// Kinds of the sheets that they lie on; empty for a strip. Every layout begins with these sheets.
    pub sheets: Vec<u32>,
    /// The parts. They count towards the demand of their items, and every layout begins with them.
    pub placements: Vec<Placement>,
}

/// What the parts are laid on.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// A strip from x = 0 to the right, as short as possible.
    Strip {
        /// Height, grid units.
        height: i64,
    },
    /// Sheets of one or several kinds.
    Sheets(Vec<Sheet>),
}

/// A nesting job.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// The name it is known by outside.
    pub name: String,
    /// What is to be cut.
    pub items: Vec<Item>,
    /// What it is cut from.
    pub target: Target,
    /// Least distance between parts, grid units.
    pub spacing: Coord,
    /// Least distance from parts to the edges of sheets, grid units.
    pub margin: Coord,
    /// Least distance from parts to defects, grid units.
    pub defect_margin: Coord,
    /// Parts may lie in the holes of others.
    pub part_in_part: bool,
    /// Parts that are not to be moved.
    pub locked: Locked,
    /// Grid units in one unit of length of the input.
    pub scale: f64,
}

/// The most parts that are nested at once.
pub const MAX_PARTS: u64 = 4000;

impl Instance {
    /// A job without distances, on the grid of drawings (10 nm) when lengths are millimetres and `scale` is
    /// 100 000. The fields are there to be changed.
    #[must_use]
    pub fn new(name: impl Into<String>, items: Vec<Item>, target: Target, scale: f64) -> Self {
        Self {
            name: name.into(),
            items,
            target,
            spacing: 0,
            margin: 0,
            defect_margin: 0,
            part_in_part: true,
            locked: Locked::default(),
            scale,
        }
    }

    /// How many parts are wanted.
    ///
    /// # Errors
    /// When there are none or too many.
    pub fn part_count(&self) -> Result<usize, NestError> {
        let count = self.items.iter().map(|i| u64::from(i.demand)).sum();
        match count {
            0 => Err(NestError::Empty),
            c if c > MAX_PARTS => Err(NestError::TooMany {
                count,
                limit: MAX_PARTS,
            }),
            c => Ok(c as usize),
        }
    }

    /// Area of all wanted parts, square grid units.
    #[must_use]
    pub fn part_area(&self) -> f64 {
        let area = |i: &Item| i.shape.area2() as f64 * 0.5 * f64::from(i.demand);
        self.items.iter().map(area).sum()
    }
}
