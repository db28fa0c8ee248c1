//! What parts lie on, and where it has no room for them.

use super::Orient;
use crate::instance::{Instance, Sheet, Target};
use crate::nfp::pieces;
use offcut_geometry::{BBox, Coord, Loops, Point, clip, offset};

/// A kind of sheet, or a strip.
#[derive(Debug)]
pub struct Ground {
    /// Index of the kind of sheet; `None` for a strip.
    pub kind: Option<u32>,
    /// Lower left corner of its box less the margin: where parts may lie. Grid units of the sheet.
    pub lo: [f64; 2],
    /// Upper right corner; infinite for the open end of a strip.
    pub hi: [f64; 2],
    /// Area, less defects, square grid units.
    pub area: f64,
    /// What parts with half the spacing around may take of it, square grid units.
    pub capacity: f64,
    /// Outline less defects.
    usable: Loops,
    /// The usable area is the box.
    is_box: bool,
    /// Cost of one.
    pub cost: f64,
    /// How many there are.
    pub stock: Option<u32>,
    /// Middle of the box: the origin of [`Self::blocked`].
    pub middle: [f64; 2],
    /// Hole-free pieces of what takes no part, by class of parts; empty when all of the box takes parts.
    pub blocked: Vec<Loops>,
    /// The class of every item.
    classes: Vec<u32>,
}

/// Lengths up to this count as none when it is asked whether a part fits, grid units.
const SLACK: Coord = 2;

impl Ground {
    /// A point of the sheet from the middle of its box.
    #[must_use]
    pub fn from_middle(&self, p: [f64; 2]) -> [f64; 2] {
        [p[0] - self.middle[0], p[1] - self.middle[1]]
    }

    /// Which of [`Self::blocked`] counts for an item.
    #[must_use]
    pub fn class_of(&self, item: u32) -> usize {
        self.classes.get(item as usize).map_or(0, |&c| c as usize)
    }

    /// The kind of sheet in the instance.
    #[must_use]
    pub fn sheet<'a>(&self, instance: &'a Instance) -> Option<&'a Sheet> {
        match (&instance.target, self.kind) {
            (Target::Sheets(s), Some(k)) => s.get(k as usize),
            _ => None,
        }
    }

    /// Area beyond an end of the parts (right of it for axis 0, above it for 1), grid units of the sheet.
    #[must_use]
    pub fn beyond(&self, axis: usize, end: f64) -> f64 {
        let b = self.usable.bbox();
        let (lo, hi) = match axis {
            0 => (b.min.x, b.max.x),
            _ => (b.min.y, b.max.y),
        };
        let end = end.ceil().clamp(f64::from(lo), f64::from(hi));
        if self.is_box {
            return self.area * (f64::from(hi) - end) / (f64::from(hi) - f64::from(lo)).max(1.0);
        }
        let cut = end as Coord;
        let rest = match axis {
            0 => corners(cut, b.min.y, b.max.x, b.max.y),
            _ => corners(b.min.x, cut, b.max.x, b.max.y),
        };
        let rest: Loops = [rest].into_iter().collect();
        clip::intersection(&self.usable, &rest).area2() as f64 * 0.5
    }

    /// True when there is a place for a part. `no_go` tells where it would meet what takes no part.
    pub(super) fn takes(&self, o: &Orient, no_go: impl FnOnce() -> Loops) -> bool {
        let size = o.size();
        let fits = |k: usize| size[k] <= self.hi[k] - self.lo[k];
        if !(fits(0) && fits(1)) {
            return false;
        }
        let no_go = no_go();
        if no_go.is_empty() {
            return true;
        }
        let (lo, hi) = (self.from_middle(self.lo), self.from_middle(self.hi));
        let unit = |v: f64| v.round() as Coord;
        let (x, u) = (
            unit(lo[0] - o.core_lo[0]) - SLACK,
            unit(hi[0] - o.core_hi[0]) + SLACK,
        );
        let (y, v) = (
            unit(lo[1] - o.core_lo[1]) - SLACK,
            unit(hi[1] - o.core_hi[1]) + SLACK,
        );
        let room: Loops = [corners(x, y, u, v)].into_iter().collect();
        let no_go = offset::offset(&no_go, -2 * SLACK, offset::Join::Miter);
        clip::difference(&room, &no_go).area2() > 0
    }
}

fn corners(x: Coord, y: Coord, u: Coord, v: Coord) -> Vec<Point> {
    vec![
        Point::new(x, y),
        Point::new(u, y),
        Point::new(u, v),
        Point::new(x, v),
    ]
}

/// The grounds of an instance.
#[must_use]
pub fn grounds(instance: &Instance) -> Vec<Ground> {
    let mut levels: Vec<Option<u32>> = instance.items.iter().map(|i| i.min_quality).collect();
    levels.sort_unstable();
    levels.dedup();
    let class = |q: &Option<u32>| levels.binary_search(q).unwrap_or(0) as u32;
    let classes: Vec<u32> = instance.items.iter().map(|i| class(&i.min_quality)).collect();
    let m = f64::from(instance.margin);
    match &instance.target {
        Target::Strip { height } => vec![Ground {
            kind: None,
            lo: [m, m],
            hi: [f64::INFINITY, *height as f64 - m],
            area: f64::INFINITY,
            capacity: f64::INFINITY,
            usable: Loops::new(),
            is_box: true,
            cost: 0.0,
            stock: Some(1),
            middle: [0.0, 0.0],
            blocked: vec![Loops::new()],
            classes: vec![0; instance.items.len()],
        }],
        Target::Sheets(sheets) => (0..)
            .zip(sheets)
            .map(|(kind, s)| of_sheet(instance, kind, s, &levels, &classes))
            .collect(),
    }
}

fn of_sheet(
    instance: &Instance,
    kind: u32,
    sheet: &Sheet,
    levels: &[Option<u32>],
    classes: &[u32],
) -> Ground {
    let b = sheet.outline.bbox();
    let m = f64::from(instance.margin);
    let middle = b.center();
    let blocked: Vec<Loops> = levels
        .iter()
        .map(|q| blocked(instance, sheet, *q, &b, middle))
        .collect();
    let usable = clip::difference(&sheet.outline, &clip::positive(&flat(&sheet.defects)));
    let is_box = fills_box(&usable);
    let area = usable.area2() as f64 * 0.5;
    // Half the spacing may reach over the margin.
    let more = f64::from(instance.spacing) - 2.0 * m;
    let [w, h] = [b.max.x - b.min.x, b.max.y - b.min.y].map(f64::from);
    let share = ((w + more) * (h + more)).max(0.0) / (w * h).max(1.0);
    Ground {
        kind: Some(kind),
        lo: [f64::from(b.min.x) + m, f64::from(b.min.y) + m],
        hi: [f64::from(b.max.x) - m, f64::from(b.max.y) - m],
        area,
        capacity: area * share,
        usable,
        is_box,
        cost: sheet.cost,
        stock: sheet.stock,
        middle: [f64::from(middle.x), f64::from(middle.y)],
        blocked,
        classes: classes.to_vec(),
    }
}

fn flat(sets: &[Loops]) -> Loops {
    let mut all = Loops::new();
    for s in sets {
        all.extend(s);
    }
    all
}

/// What of a sheet's box takes no part of a quality, around the middle of the box, in hole-free pieces.
fn blocked(instance: &Instance, sheet: &Sheet, quality: Option<u32>, b: &BBox, middle: Point) -> Loops {
    let mut all = Loops::new();
    if !fills_box(&sheet.outline) {
        let (width, height) = (i64::from(b.max.x - b.min.x), i64::from(b.max.y - b.min.y));
        // Far enough around the box that the way out always leads inwards, as the grid allows.
        let side = width.max(height);
        let around = (side / 2).min(480_000_000 - side / 2).max(1000) as Coord;
        let far = b.grown(around);
        let usable = grown(&sheet.outline, -instance.margin);
        let frame: Loops = [corners(far.min.x, far.min.y, far.max.x, far.max.y)]
            .into_iter()
            .collect();
        let mut frame = clip::difference(&moved(&frame, middle), &moved(&usable, middle));
        all = std::mem::take(&mut frame);
    }
    let zones = sheet.zones.iter().filter(|z| z.blocks(quality)).map(|z| &z.area);
    for d in sheet.defects.iter().chain(zones) {
        all = clip::union(&all, &grown(&moved(d, middle), instance.defect_margin));
    }
    pieces(&all)
}

fn fills_box(set: &Loops) -> bool {
    let b = set.bbox();
    let side = |lo: Coord, hi: Coord| i128::from(hi) - i128::from(lo);
    i128::from(set.area2()) == 2 * side(b.min.x, b.max.x) * side(b.min.y, b.max.y)
}

fn moved(set: &Loops, middle: Point) -> Loops {
    let mut out = set.clone();
    out.translate(Point::new(-middle.x, -middle.y));
    out
}

/// Grown or shrunk so that nothing beyond comes nearer than the distance; chords of round joins cut up to
/// 200 units off.
fn grown(set: &Loops, d: Coord) -> Loops {
    if d == 0 {
        return set.clone();
    }
    let more = (d.abs() / 8 + 1).min(201);
    offset::offset(set, d + more * d.signum(), offset::Join::Round)
}
