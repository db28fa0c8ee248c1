//! Contours become parts: an outline, its holes and what lies on it; equal parts are counted.

use crate::contours::{Contour, Contours};
use crate::depth::{Place, Shapes, places_of};
use offcut_geometry::drawing::{self, Affine, Bounds, Color, Operation, Vec2, push_cover};
use offcut_geometry::{GridError, Loops, Point};

/// One part: indices into [`Contours::list`].
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The outline, counter-clockwise.
    pub outline: usize,
    /// The holes, clockwise.
    pub holes: Vec<usize>,
    /// What else lies on it: open cuts, scores, engraving, letters.
    pub features: Vec<usize>,
    /// Its kind in [`Parts::kinds`].
    pub kind: usize,
}

/// Parts that are equal up to moving and turning (not mirroring).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kind {
    /// The first part of the kind.
    pub first: usize,
    /// How many there are.
    pub count: usize,
    /// Area without holes, mm².
    pub area: f64,
    /// Cut length, holes included, mm.
    pub length: f64,
    /// Width and height of the first, mm.
    pub size: Vec2,
}

/// The parts of a drawing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parts {
    /// The parts, in the order of their outlines.
    pub parts: Vec<Part>,
    /// Their kinds.
    pub kinds: Vec<Kind>,
    /// Contours that lie on no part.
    pub loose: Vec<usize>,
    /// Where each closed contour to be cut lies among them.
    pub places: Vec<Place>,
}

/// Forms parts. Closed contours to be cut are outlines at even depth and holes at odd; they are turned around where
/// their direction is the other one. Scores, engraving and open cuts belong to the innermost part below them.
#[must_use]
pub fn parts(contours: &mut Contours) -> Parts {
    let shapes = Shapes::new(&contours.list);
    let cut: Vec<bool> = contours
        .list
        .iter()
        .map(|c| c.closed && c.operation == Operation::Cut)
        .collect();
    let places = places_of(&shapes, &contours.list, &cut);
    for (i, c) in contours.list.iter_mut().enumerate().filter(|(i, _)| cut[*i]) {
        let left = drawing::area(&c.segments) > 0.0;
        if left != places[i].depth.is_multiple_of(2) {
            drawing::reverse(&mut c.segments);
        }
    }
    let list = &contours.list;
    let mut out = Parts {
        places,
        ..Parts::default()
    };
    let mut part_of = vec![usize::MAX; list.len()];
    for i in (0..list.len()).filter(|i| cut[*i] && out.places[*i].depth.is_multiple_of(2)) {
        part_of[i] = out.parts.len();
        out.parts.push(Part {
            outline: i,
            holes: Vec::new(),
            features: Vec::new(),
            kind: 0,
        });
    }
    let outlines: Vec<Bounds> = out.parts.iter().map(|p| list[p.outline].bounds()).collect();
    for i in 0..list.len() {
        if cut[i] && out.places[i].depth % 2 == 1 {
            // Contours that cross each other can have a parent that is no outline.
            let owner = out.places[i].parent.map(|p| part_of[p]);
            match owner.and_then(|p| out.parts.get_mut(p)) {
                Some(part) => part.holes.push(i),
                None => out.loose.push(i),
            }
        } else if !cut[i] && list[i].operation != Operation::Skip {
            let Some(s) = list[i].segments.first() else {
                continue;
            };
            let point = s.at(0.5);
            // Of the outlines around it the deepest; a hole of that part may hold it, then it lies on nothing.
            let below = (0..out.parts.len())
                .filter(|p| {
                    let b = &outlines[*p];
                    let near =
                        b.min.x <= point.x && point.x <= b.max.x && b.min.y <= point.y && point.y <= b.max.y;
                    near && shapes.holds_point(out.parts[*p].outline, point)
                })
                .max_by_key(|p| out.places[out.parts[*p].outline].depth);
            match below {
                Some(p) => out.parts[p].features.push(i),
                None => out.loose.push(i),
            }
        }
    }
    count_kinds(&mut out, list);
    out
}

/// What tells parts apart, about the centre of the outline.
struct Signature {
    area: f64,
    length: f64,
    /// Start and length of each segment of the outline, in order.
    outline: Vec<(Vec2, f64)>,
    /// Each hole and feature.
    inner: Vec<Inner>,
    /// Layer and colour of the outline.
    look: (u32, Option<Color>),
}

/// A hole or feature of a part.
#[derive(Clone, Copy)]
struct Inner {
    center: Vec2,
    area: f64,
    length: f64,
    operation: Operation,
    look: (u32, Option<Color>),
}

/// How much measures of equal parts may differ, mm.
const SAME: f64 = 0.01;

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 2.0 * SAME + 1e-6 * a.abs()
}

impl Signature {
    fn of(part: &Part, list: &[Contour]) -> Self {
        let outline = &list[part.outline];
        let center = centroid(&drawing::polygon(&outline.segments, SAME));
        let inner = part.holes.iter().chain(&part.features).map(|h| {
            let c = &list[*h];
            Inner {
                center: centroid(&drawing::polygon(&c.segments, SAME)) - center,
                area: if c.closed {
                    drawing::area(&c.segments).abs()
                } else {
                    0.0
                },
                length: c.length(),
                operation: c.operation,
                look: (c.layer, c.color),
            }
        });
        let holes: f64 = part
            .holes
            .iter()
            .map(|h| drawing::area(&list[*h].segments).abs())
            .sum();
        Self {
            area: drawing::area(&outline.segments) - holes,
            length: outline.length() + part.holes.iter().map(|h| list[*h].length()).sum::<f64>(),
            outline: outline
                .segments
                .iter()
                .map(|s| (s.a - center, s.length()))
                .collect(),
            inner: inner.collect(),
            look: (outline.layer, outline.color),
        }
    }

    /// One is the other, turned.
    fn equals(&self, o: &Self) -> bool {
        let n = self.outline.len();
        if n != o.outline.len() || self.inner.len() != o.inner.len() || self.look != o.look {
            return false;
        }
        let slack = SAME * self.length + 2.0 * SAME;
        if !near(self.length, o.length) || (self.area - o.area).abs() > slack {
            return false;
        }
        // The farthest corner tells the turn best.
        let far = |s: &&(Vec2, f64), t: &&(Vec2, f64)| s.0.norm().total_cmp(&t.0.norm());
        let Some(lead) = self.outline.iter().max_by(far).map(|s| s.0) else {
            return false;
        };
        let Some(k) = self.outline.iter().position(|s| s.0 == lead) else {
            return false;
        };
        let same = |a: Vec2, b: Vec2| near(a.x, b.x) && near(a.y, b.y);
        (0..n).any(|shift| {
            let to = o.outline[(k + shift) % n].0;
            if !near(lead.norm(), to.norm()) || lead.norm() == 0.0 {
                return false;
            }
            // The turn that takes `lead` to `to`, as a complex number.
            let (c, s) = (lead.dot(to), lead.cross(to));
            let r = libm::hypot(c, s);
            let turn = Affine::new(c / r, s / r, -s / r, c / r, 0.0, 0.0);
            let outline = (0..n).all(|i| {
                let (a, b) = (self.outline[i], o.outline[(i + shift) % n]);
                near(a.1, b.1) && same(turn.vector(a.0), b.0)
            });
            outline && self.inner_equals(o, &turn)
        })
    }

    /// Every hole and feature has a fellow where the turn takes it.
    fn inner_equals(&self, o: &Self, turn: &Affine) -> bool {
        let mut taken = vec![false; o.inner.len()];
        self.inner.iter().all(|a| {
            let to = turn.vector(a.center);
            let fellow = o.inner.iter().enumerate().position(|(i, b)| {
                !taken[i]
                    && (a.operation, a.look) == (b.operation, b.look)
                    && near(to.x, b.center.x)
                    && near(to.y, b.center.y)
                    && near(a.length, b.length)
                    && (a.area - b.area).abs() <= SAME * a.length + SAME
            });
            if let Some(i) = fellow {
                taken[i] = true;
            }
            fellow.is_some()
        })
    }
}

/// The centre of gravity of a polygon, or the mean of its points when it has no area.
fn centroid(p: &[Vec2]) -> Vec2 {
    let Some(&o) = p.first() else { return Vec2::ZERO };
    let (mut sum, mut area) = (Vec2::ZERO, 0.0);
    for (a, b) in p.iter().zip(p.iter().cycle().skip(1)) {
        let (a, b) = (*a - o, *b - o);
        let c = a.cross(b);
        sum = sum + (a + b) * c;
        area += c;
    }
    if area.abs() > 1e-9 {
        return o + sum * (1.0 / (3.0 * area));
    }
    let mean = p.iter().fold(Vec2::ZERO, |m, q| m + (*q - o));
    o + mean * (1.0 / p.len() as f64)
}

fn count_kinds(out: &mut Parts, list: &[Contour]) {
    let mut known: Vec<Signature> = Vec::new();
    for i in 0..out.parts.len() {
        let s = Signature::of(&out.parts[i], list);
        let kind = known.iter().position(|k| k.equals(&s));
        out.parts[i].kind = kind.unwrap_or(known.len());
        match kind {
            Some(k) => out.kinds[k].count += 1,
            None => {
                out.kinds.push(Kind {
                    first: i,
                    count: 1,
                    area: s.area,
                    length: s.length,
                    size: list[out.parts[i].outline].bounds().size(),
                });
                known.push(s);
            }
        }
    }
}

/// The polygon of a part for nesting: the outline counter-clockwise, then the holes clockwise, covering the true
/// shape and reaching at most `tolerance` (mm) beyond it. The middle of its box lies at the grid's origin; the place
/// of that origin in the drawing is returned, mm.
///
/// # Errors
/// When the part is larger than the grid.
pub fn nest_polygon(part: &Part, list: &[Contour], tolerance: f64) -> Result<(Loops, Vec2), GridError> {
    let bounds = list[part.outline].bounds();
    let middle = bounds.min.lerp(bounds.max, 0.5);
    let home = drawing::Affine::translate(-middle);
    let mut loops = Loops::new();
    for i in std::iter::once(part.outline).chain(part.holes.iter().copied()) {
        let mut run = Vec::with_capacity(list[i].segments.len());
        for s in &list[i].segments {
            s.push_mapped(&home, &mut run);
        }
        push_cover(&run, tolerance, &mut loops)?;
    }
    // Tangents reach out a little more on one side than on the other.
    let shift = loops.bbox().center();
    loops.translate(Point::new(-shift.x, -shift.y));
    let (x, y) = shift.mm();
    Ok((loops, middle + Vec2::new(x, y)))
}
