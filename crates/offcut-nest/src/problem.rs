//! An instance as the optimiser sees it: kinds of parts in their orientations, grounds that they lie on, and
//! a field for every way two of them can meet.
//!
//! Fields are made when they are first asked for. Two orientations share the field of their relative
//! orientation: it lies in the frame of the second part, into which offsets are turned before a look. What a
//! ground has no room for (around its outline, in its holes, on defects) is one body that never moves.

pub mod ground;
mod meetings;
mod shape;

use crate::instance::{Instance, Item};
use crate::layout::{Layout, without_holes};
use crate::nfp::{Field, pieces};
use crate::orientation::{Matrix, Orientation};
use crate::search::{ABSENT, Bin, Spot};
use ground::Ground;
use offcut_geometry::Loops;
use shape::Angles;
pub use shape::free_angles;
use std::sync::OnceLock;

/// Depths up to this count as touching, grid units: what rounding to whole units may take away again.
pub const EPSILON: f64 = 0.25;

/// How far outside a no-fit polygon a part still knows its distance, as a share of its smallest side.
pub const REACH: f64 = 0.1;

/// Parts of one shape.
#[derive(Debug)]
pub struct Kind {
    /// Index of the item.
    pub item: u32,
    /// Area with half the spacing around, square grid units.
    pub area: f64,
    /// Area of the part itself.
    pub core_area: f64,
    /// Area of the convex hull, square grid units.
    pub hull: f64,
    /// Greatest distance of two points, grid units.
    pub diameter: f64,
    /// Smaller side of the box, grid units.
    pub side: f64,
    /// Fourth root of the hull's area: the product of two is the geometric mean of their sizes.
    pub root: f64,
    /// Higher ones are placed first when not all fit.
    pub priority: i32,
    /// Placed last, where room is left.
    pub filler: bool,
    /// Its range in [`Problem::orients`].
    pub orients: std::ops::Range<u32>,
}

/// A kind in one of its orientations.
#[derive(Debug, Clone, Copy)]
pub struct Orient {
    /// Index of the kind.
    pub kind: u32,
    /// How it lies.
    pub orientation: Orientation,
    /// Lower left corner of its box, grown by half the spacing, from its origin; grid units.
    pub lo: [f64; 2],
    /// Upper right corner.
    pub hi: [f64; 2],
    /// Lower left corner of the box of the part itself.
    pub core_lo: [f64; 2],
    /// Upper right corner.
    pub core_hi: [f64; 2],
}

impl Orient {
    /// Width and height of the part itself.
    #[must_use]
    pub fn size(&self) -> [f64; 2] {
        [
            self.core_hi[0] - self.core_lo[0],
            self.core_hi[1] - self.core_lo[1],
        ]
    }
}

/// A part that is not to be moved.
#[derive(Debug, Clone, Copy)]
pub struct Fixed {
    /// Index of its orientation.
    pub orient: u32,
    /// Index of its sheet.
    pub sheet: u32,
    /// Position on the sheet, grid units.
    pub at: [f64; 2],
}

#[derive(Debug, Clone, Copy)]
struct Pair {
    field: u32,
    frame: u32,
}

/// What a field is made of.
#[derive(Debug, Clone, Copy)]
enum Source {
    /// Kind, kind and their relative orientation.
    Kinds {
        first: u32,
        turn: Orientation,
        second: u32,
        /// Both are turned by quarters.
        quarters: bool,
    },
    /// A kind in an orientation on a ground.
    Ground { orient: u32, ground: u32 },
}

/// What the optimiser works on.
#[derive(Debug)]
pub struct Problem {
    /// The kinds.
    pub kinds: Vec<Kind>,
    /// All orientations of all kinds; after them one for the obstacle of every ground.
    pub orients: Vec<Orient>,
    /// How many orientations belong to kinds.
    pub turns: usize,
    /// The kind of every part that is to be placed: those that fit nowhere and those locked are not there.
    pub parts: Vec<u32>,
    /// Locked parts.
    pub locked: Vec<Fixed>,
    /// What parts lie on: the kinds of sheets, or one strip.
    pub grounds: Vec<Ground>,
    /// Items that fit nowhere.
    pub too_large: Vec<u32>,
    /// Area of all parts save fillers, each with half the spacing around; square grid units.
    pub area: f64,
    /// Least distance between parts, grid units.
    pub spacing: f64,
    /// Pieces of every kind, grown by half the spacing.
    pieces: Vec<Loops>,
    /// Pieces of every kind itself.
    cores: Vec<Loops>,
    /// Per ground and orientation: whether the part can lie there so.
    allowed: Vec<bool>,
    pairs: Vec<Pair>,
    frames: Vec<Matrix>,
    sources: Vec<Source>,
    /// Boxed, so that what says whether a field is there lies beside where it is.
    fields: Vec<OnceLock<Box<Field>>>,
}

impl Problem {
    /// Prepares an instance. Shapes are grown by half the spacing. The orientations of `start` and of locked
    /// parts are there, whatever their angle.
    #[must_use]
    pub fn new(instance: &Instance, start: Option<&Layout>) -> Self {
        Self::build(instance, start, None)
    }

    /// The same with parts that may be turned freely only near how they lie in a layout: by a step (degrees) to both
    /// sides.
    #[must_use]
    pub fn refined(instance: &Instance, layout: &Layout, step: f64) -> Self {
        Self::build(instance, Some(layout), Some(step))
    }

    fn build(instance: &Instance, start: Option<&Layout>, step: Option<f64>) -> Self {
        let mut p = Self {
            kinds: Vec::new(),
            orients: Vec::new(),
            turns: 0,
            parts: Vec::new(),
            locked: Vec::new(),
            grounds: Vec::new(),
            too_large: Vec::new(),
            area: 0.0,
            spacing: f64::from(instance.spacing),
            pieces: Vec::new(),
            cores: Vec::new(),
            allowed: Vec::new(),
            pairs: Vec::new(),
            frames: Vec::new(),
            sources: Vec::new(),
            fields: Vec::new(),
        };
        let wanted: Vec<(u32, &Item)> = (0..).zip(&instance.items).filter(|i| i.1.demand > 0).collect();
        let smallest = shape::smallest(&wanted);
        for &(index, item) in &wanted {
            let placed = start.into_iter().flat_map(|l| &l.placements);
            let placed = placed.chain(&instance.locked.placements);
            let extra: Vec<Orientation> = placed
                .filter(|q| q.item == index)
                .map(|q| q.orientation)
                .collect();
            let angles = step.map_or(Angles::Around, |s| Angles::Near(&extra, s));
            let mut turns = shape::orientations(instance, item, wanted.len(), angles);
            for o in &extra {
                if !turns.contains(o) {
                    turns.push(*o);
                }
            }
            p.add_kind(instance, index, &shape::lean(&item.shape, smallest), turns);
        }
        p.turns = p.orients.len();
        p.grounds = ground::grounds(instance);
        p.settle_grounds(instance);
        p.add_parts(instance);
        p.pair_up();
        p
    }

    /// Adds an item by what covers it and how it may lie.
    fn add_kind(&mut self, instance: &Instance, index: u32, lean: &Loops, turns: Vec<Orientation>) {
        let kind = self.kinds.len() as u32;
        let item = &instance.items[index as usize];
        let shape = shape::grown(lean, instance.spacing);
        // The box of what the search keeps apart; holes that take no part are part of it.
        let outer = if instance.part_in_part {
            shape.clone()
        } else {
            without_holes(&shape)
        };
        let first = self.orients.len() as u32;
        for orientation in turns {
            let (grown, core) = (
                orientation.apply_all(&shape).bbox(),
                orientation.apply_all(&item.shape).bbox(),
            );
            let corner = |p: offcut_geometry::Point| [f64::from(p.x), f64::from(p.y)];
            self.orients.push(Orient {
                kind,
                orientation,
                lo: corner(grown.min),
                hi: corner(grown.max),
                core_lo: corner(core.min),
                core_hi: corner(core.max),
            });
        }
        let size = self.orients[first as usize].size();
        let hull = offcut_geometry::hull::convex_hull(&shape.points);
        let hull_area = offcut_geometry::loops::area2(&hull) as f64 * 0.5;
        self.kinds.push(Kind {
            item: index,
            area: shape.area2() as f64 * 0.5,
            core_area: item.shape.area2() as f64 * 0.5,
            hull: hull_area,
            diameter: shape::diameter(&hull),
            side: size[0].min(size[1]),
            root: hull_area.sqrt().sqrt(),
            priority: item.priority,
            // Where there is nothing else, fillers are what is to be placed.
            filler: item.filler && instance.items.iter().any(|i| i.demand > 0 && !i.filler),
            orients: first..self.orients.len() as u32,
        });
        self.pieces.push(pieces(&outer));
        self.cores.push(pieces(lean));
    }

    /// Decides who may lie where, and adds the obstacles' orientations.
    fn settle_grounds(&mut self, instance: &Instance) {
        for g in 0..self.grounds.len() {
            for o in 0..self.turns {
                let orient = self.orients[o];
                let item = &instance.items[self.kinds[orient.kind as usize].item as usize];
                let ground = &self.grounds[g];
                let follows = ground
                    .sheet(instance)
                    .is_none_or(|s| item.follows_grain(s, orient.orientation));
                let takes = follows && ground.takes(&orient, || self.no_go(o, g));
                self.allowed.push(takes);
            }
        }
        for g in 0..self.grounds.len() {
            let b = &self.grounds[g];
            let (lo, hi) = (b.from_middle(b.lo), b.from_middle(b.hi));
            self.orients.push(Orient {
                kind: u32::MAX,
                orientation: Orientation::new(0.0, false),
                lo,
                hi,
                core_lo: lo,
                core_hi: hi,
            });
        }
    }

    fn add_parts(&mut self, instance: &Instance) {
        let mut left: Vec<u32> = instance.items.iter().map(|i| i.demand).collect();
        for q in &instance.locked.placements {
            let orient = self.kinds.iter().find(|k| k.item == q.item).and_then(|k| {
                let mut all = k.orients.clone();
                all.find(|&o| self.orients[o as usize].orientation == q.orientation)
            });
            let Some(orient) = orient else { continue };
            let n = &mut left[q.item as usize];
            *n = n.saturating_sub(1);
            self.locked.push(Fixed {
                orient,
                sheet: q.sheet,
                at: [q.x as f64, q.y as f64],
            });
        }
        for (index, k) in (0..).zip(&self.kinds) {
            let grounds = 0..self.grounds.len() as u32;
            let fits = grounds
                .clone()
                .any(|g| k.orients.clone().any(|o| self.allows(o, g)));
            let count = left[k.item as usize];
            if !fits && count > 0 {
                self.too_large.push(k.item);
            } else {
                self.parts.extend(std::iter::repeat_n(index, count as usize));
            }
        }
        let present = self.parts.iter().map(|&k| &self.kinds[k as usize]);
        self.area = present.filter(|k| !k.filler).map(|k| k.area).sum();
    }

    /// Area of the parts that lie somewhere, locked ones too, square grid units.
    #[must_use]
    pub fn present_area(&self, spots: &[Spot]) -> f64 {
        let present = spots.iter().zip(&self.parts).filter(|s| s.0.bin != ABSENT);
        let locked = self.locked.iter().map(|l| self.orients[l.orient as usize].kind);
        let kinds = present.map(|p| *p.1).chain(locked);
        kinds.map(|k| self.kinds[k as usize].core_area).sum()
    }

    /// True when a part can lie on a ground in this orientation, by itself.
    #[inline]
    #[must_use]
    pub fn allows(&self, orient: u32, ground: u32) -> bool {
        self.allowed[ground as usize * self.turns + orient as usize]
    }

    /// The orientation that stands for the obstacle of a ground; `None` when it has none.
    #[must_use]
    pub fn obstacle(&self, ground: u32) -> Option<u32> {
        let has = self.grounds[ground as usize]
            .blocked
            .iter()
            .any(|b| !b.is_empty());
        has.then_some((self.turns + ground as usize) as u32)
    }

    /// Where the parts of a layout lie in bins that stand for its sheets; absent ones lie in none.
    /// `None` when an orientation is not known.
    #[must_use]
    pub fn spots(&self, layout: &Layout, bins: &[Bin]) -> Option<Vec<Spot>> {
        let mut used = vec![false; layout.placements.len()];
        // Locked parts come first in every layout.
        used.iter_mut().take(self.locked.len()).for_each(|u| *u = true);
        let mut spots = Vec::with_capacity(self.parts.len());
        for &kind in &self.parts {
            let k = &self.kinds[kind as usize];
            let at = (0..used.len()).find(|&i| !used[i] && layout.placements[i].item == k.item);
            let Some(at) = at else {
                spots.push(Spot {
                    x: 0.0,
                    y: 0.0,
                    orient: k.orients.start,
                    bin: ABSENT,
                });
                continue;
            };
            used[at] = true;
            let p = &layout.placements[at];
            let orient = k
                .orients
                .clone()
                .find(|&o| self.orients[o as usize].orientation == p.orientation)?;
            let b = bins.get(p.sheet as usize)?;
            spots.push(Spot {
                x: p.x as f64 + b.at[0],
                y: p.y as f64 + b.at[1],
                orient,
                bin: p.sheet,
            });
        }
        Some(spots)
    }
}

/// An offset in the frame of a field.
#[inline(always)]
#[must_use]
pub fn turned(m: &Matrix, dx: f64, dy: f64) -> (f64, f64) {
    (m[0] * dx + m[1] * dy, m[2] * dx + m[3] * dy)
}

/// A direction of a field's frame back in the plane.
#[inline(always)]
#[must_use]
pub fn turned_back(m: &Matrix, n: [f64; 2]) -> [f64; 2] {
    [m[0] * n[0] + m[2] * n[1], m[1] * n[0] + m[3] * n[1]]
}
