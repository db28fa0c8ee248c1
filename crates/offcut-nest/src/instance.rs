//! What is to be nested: items, and the strip or sheets for them.
//!
//! All polygons lie on the grid of `offcut-geometry` (valid sets: outer loops counter-clockwise, holes
//! clockwise). What a grid unit means is up to the maker of the instance; drawings use 10 nm.

use crate::error::NestError;
use crate::orientation::Orientation;
use offcut_geometry::{Coord, Loops};

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
}

impl Item {
    /// True when the item may lie so.
    #[must_use]
    pub fn allows(&self, o: Orientation) -> bool {
        if o.mirror {
            self.mirrored.as_ref().is_some_and(|r| r.allow(o.angle))
        } else {
            self.rotations.allow(o.angle)
        }
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
    /// Grid units in one unit of length of the input.
    pub scale: f64,
}

/// The most parts that are nested at once.
pub const MAX_PARTS: u64 = 4000;

impl Instance {
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
