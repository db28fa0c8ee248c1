//! The plate: where objects stand, and what is printed around them.
//!
//! In: what every object covers, which objects keep their places relative to each other, where the user
//! wants them. Out: the places of all copies; skirt and brim in bed coordinates; what had to be changed
//! about the user's wish. Promised: a layout that a file gives is moved as a whole or not at all, unless
//! the bed has no room for it.

use crate::BeadSet;
use crate::arrange::{self, Part};
use crate::error::PrintError;
use crate::print::{Body, Footprint};
use crate::regions::adhesion::{Ground, adhesion};
use crate::toolpaths::Placed;
use offcut_geometry::hull::convex_hull;
use offcut_geometry::{Point, clip, grid};
use offcut_settings::PrintSettings;
use offcut_settings::print::{DraftShield, PrintOrder};
use std::fmt;
use std::ops::Range;

/// Where the middle of everything goes, bed coordinates, mm.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Anchor {
    /// To the middle of the bed.
    #[default]
    Middle,
    /// Here, whatever comes of it.
    At([f64; 2]),
    /// Here, where a project has it; to the middle of the bed when it would leave the bed here.
    Kept([f64; 2]),
}

/// What was done otherwise than asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// The places of a project leave the bed: it was centred.
    Centred,
    /// The places of a file's objects leave the bed: they were arranged anew.
    Rearranged,
    /// Only the largest contour of an object is printed as a spiral vase.
    OneContour {
        /// The object.
        name: String,
        /// The layers that have more contours, or holes.
        layers: usize,
    },
    /// Loops of the skirt leave the bed.
    SkirtLeftOut {
        /// How many.
        loops: usize,
        /// How many there should be.
        of: usize,
    },
    /// Lines of the brim leave the bed.
    BrimCut,
}

impl Notice {
    /// Short stable name of the kind.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Centred | Self::Rearranged => "plate",
            Self::OneContour { .. } => "spiral_vase",
            Self::SkirtLeftOut { .. } => "skirt",
            Self::BrimCut => "brim",
        }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Centred => f.write_str(
                "the project's place on the plate leaves this bed, so it was centred; say where with --center",
            ),
            Self::Rearranged => f.write_str(
                "the bed has no room for the objects as the file places them, so they were arranged anew",
            ),
            Self::OneContour { name, layers } => write!(
                f,
                "{name}: a spiral vase is one contour, but {layers} layers have more; the largest is printed"
            ),
            Self::SkirtLeftOut { loops, of } => write!(
                f,
                "{loops} of {of} skirt loops leave the bed and are left out; move the model, or lower \
                 skirt_distance or skirt_loops"
            ),
            Self::BrimCut => f.write_str(
                "the brim leaves the bed and is cut off there; move the model or lower brim_width",
            ),
        }
    }
}

/// Gives every object the places of its copies.
pub(crate) fn place(
    objects: &mut [Placed],
    bodies: &[Body],
    anchor: Anchor,
    s: &PrintSettings,
) -> Result<Vec<Notice>, PrintError> {
    let middle = [
        s.bed_origin.x + s.bed_size.x / 2.0,
        s.bed_origin.y + s.bed_size.y / 2.0,
    ];
    let wanted = match anchor {
        Anchor::Middle => middle,
        Anchor::At(p) | Anchor::Kept(p) => p,
    };
    let groups = groups(bodies);
    if let ([all], [Body { copies: 1, .. }, ..]) = (&groups[..], bodies) {
        let hull = layout(objects, bodies, all.clone());
        let single = bodies.len() == 1 && bodies[0].places.len() == 1;
        let holds = |p: [f64; 2]| arrange::on_bed(&hull, at(p), s);
        let (here, notices) = match anchor {
            Anchor::At(_) => (Some(wanted), vec![]),
            Anchor::Kept(_) if holds(wanted) => (Some(wanted), vec![]),
            Anchor::Kept(_) if single || holds(middle) => (Some(middle), vec![Notice::Centred]),
            // An object alone that leaves the bed is an error of its own, later.
            Anchor::Middle if single || holds(middle) => (Some(middle), vec![]),
            _ => (None, vec![Notice::Rearranged]),
        };
        if let Some(p) = here {
            for (o, b) in objects.iter_mut().zip(bodies) {
                o.instances = b.places.iter().map(|&q| at(p) + at(q)).collect();
            }
            return Ok(notices);
        }
        arranged(objects, bodies, None, Point::default(), s)?;
        return Ok(notices);
    }
    let shift = at([wanted[0] - middle[0], wanted[1] - middle[1]]);
    match arranged(objects, bodies, Some(&groups), shift, s) {
        Err(PrintError::NoRoom { .. })
            if groups.len() < bodies.len() || bodies.iter().any(|b| b.places.len() > 1) =>
        {
            arranged(objects, bodies, None, shift, s)?;
            Ok(vec![Notice::Rearranged])
        }
        done => done.map(|()| vec![]),
    }
}

fn at(p: [f64; 2]) -> Point {
    Point::new(grid(p[0]), grid(p[1]))
}

/// Ranges of bodies that keep their places relative to each other.
fn groups(bodies: &[Body]) -> Vec<Range<usize>> {
    let mut start = 0;
    bodies
        .chunk_by(|a, b| a.group == b.group)
        .map(|g| {
            start += g.len();
            start - g.len()..start
        })
        .collect()
}

/// The convex outline of a group of objects at their places.
fn layout(objects: &[Placed], bodies: &[Body], group: Range<usize>) -> Vec<Point> {
    let mut points = Vec::new();
    for (o, b) in objects[group.clone()].iter().zip(&bodies[group]) {
        for &q in b.places {
            points.extend(o.hull.iter().map(|&p| p + at(q)));
        }
    }
    convex_hull(&points)
}

/// Arranges groups of objects, or every copy of every object for itself, on the bed.
fn arranged(
    objects: &mut [Placed],
    bodies: &[Body],
    groups: Option<&[Range<usize>]>,
    shift: Point,
    s: &PrintSettings,
) -> Result<(), PrintError> {
    let outlines: Vec<Vec<Point>> = match groups {
        Some(g) => g.iter().map(|g| layout(objects, bodies, g.clone())).collect(),
        None => objects.iter().map(|o| o.hull.clone()).collect(),
    };
    let parts: Vec<Part> = (0..outlines.len())
        .map(|i| {
            let b = &bodies[groups.map_or(i, |g| g[i].start)];
            let each = if groups.is_some() { 1 } else { b.places.len() };
            Part {
                name: b.name,
                outline: &outlines[i],
                copies: b.copies * each,
            }
        })
        .collect();
    let skirt = if s.skirt_loops > 0 || s.draft_shield != DraftShield::Disabled {
        s.skirt_distance + f64::from(s.skirt_loops.max(1)) * s.nozzle_diameter * 1.2
    } else {
        0.0
    };
    let margin = skirt.max(s.brim_width);
    let mut distance = arrange::DISTANCE.max(2.0 * s.brim_width);
    if s.print_order == PrintOrder::ByObject {
        // A little more, for the rounding of the places.
        distance = distance.max(s.extruder_clearance_radius + 0.01);
    }
    let places = arrange::arrange(&parts, s, distance, margin)?;
    for (i, spots) in places.iter().enumerate() {
        for k in groups.map_or(i..i + 1, |g| g[i].clone()) {
            let own: &[[f64; 2]] = if groups.is_some() {
                bodies[k].places
            } else {
                &[[0.0; 2]]
            };
            objects[k].instances = spots
                .iter()
                .flat_map(|&p| own.iter().map(move |&q| p + shift + at(q)))
                .collect();
        }
    }
    Ok(())
}

/// Skirt, brim and draft shield of the whole plate; `levels` are top and thickness of the layers of every object.
pub(crate) fn around<'a>(
    objects: &[Placed],
    levels: impl Iterator<Item = &'a [(f64, f64)]>,
    grounds: &[Footprint],
    s: &PrintSettings,
) -> (Vec<BeadSet>, Vec<Notice>) {
    if s.skirt_loops == 0 && s.brim_width <= 0.0 && s.draft_shield == DraftShield::Disabled {
        return Default::default();
    }
    let mut ground = Ground::default();
    for (o, g) in objects.iter().zip(grounds) {
        for &at in &o.instances {
            for (from, to) in [(&g.first, &mut ground.objects), (&g.support, &mut ground.support)] {
                let mut l = from.clone();
                l.translate(at);
                to.extend(&l);
            }
            ground.others.extend(g.hull.iter().map(|&p| p + at));
        }
    }
    ground.objects = clip::positive(&ground.objects);
    ground.support = clip::positive(&ground.support);
    let mut heights: Vec<(f64, f64)> = levels.flatten().copied().collect();
    heights.sort_by(|a, b| a.0.total_cmp(&b.0));
    heights.dedup_by(|a, b| (a.0 - b.0).abs() < 1e-4);
    let heights: Vec<f64> = heights.into_iter().map(|h| h.1).collect();
    adhesion(&ground, &heights, s)
}
