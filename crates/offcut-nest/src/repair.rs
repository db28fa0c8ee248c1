//! From the optimiser's floating-point positions to a layout on the grid that the exact checker passes.
//!
//! Rounding to whole units makes touching parts overlap by a unit now and then. Such pairs are pushed apart
//! by as little along the way out that their field knows, until no pair is left; a strip has room for that
//! at its open end. The one of a pair that has to go right moves, so that pushes run towards that end.

use crate::check::check;
use crate::instance::{Instance, Target};
use crate::layout::{Layout, Placed, Placement};
use crate::problem::{Problem, turned, turned_back};
use crate::relate::{boundaries_apart, boxes_meet, grown, relate};
use crate::rng::Rng;
use crate::search::Spot;
use offcut_geometry::Loops;

/// Rounds of pushing before it is given up.
const ROUNDS: u32 = 400;
/// Rounds after which pushes get a random part, for pairs that block each other.
const CALM: u32 = 12;
/// How much farther than out a push goes, grid units.
const EXTRA: f64 = 1.0;
/// The right end of a room that has none, grid units.
const OPEN: i64 = 1 << 60;
/// A push that leads up or down by more than this may move either part.
const STEEP: f64 = 0.98;

/// The layout of spots on a strip; `None` when the checker refuses what came of it.
#[must_use]
pub fn strip_layout(instance: &Instance, problem: &Problem, spots: &[Spot]) -> Option<Layout> {
    let Target::Strip { height } = instance.target else {
        return None;
    };
    let margin = i64::from(instance.margin);
    let parts = settle(instance, problem, spots, [margin, margin, OPEN, height - margin])?;
    let placements = spots.iter().zip(&parts).map(|(s, part)| {
        let o = &problem.orients[s.orient as usize];
        Placement {
            item: problem.kinds[o.kind as usize].item,
            sheet: 0,
            orientation: o.orientation,
            x: part.at[0],
            y: part.at[1],
        }
    });
    let layout = Layout {
        sheets: Vec::new(),
        placements: placements.collect(),
        unplaced: Vec::new(),
    };
    check(instance, &layout).is_empty().then_some(layout)
}

/// The parts on the grid, each with its box in `room` (left, bottom, right, top).
fn settle(instance: &Instance, problem: &Problem, spots: &[Spot], room: [i64; 4]) -> Option<Vec<Placed>> {
    let spacing = i64::from(instance.spacing);
    let mut shapes: Vec<Option<Loops>> = vec![None; problem.orients.len()];
    let mut parts: Vec<Placed> = spots
        .iter()
        .map(|s| {
            let o = &problem.orients[s.orient as usize];
            let item = &instance.items[problem.kinds[o.kind as usize].item as usize];
            let shape = shapes[s.orient as usize].get_or_insert_with(|| o.orientation.apply_all(&item.shape));
            let mut part = Placed::new(shape.clone(), [s.x.round() as i64, s.y.round() as i64]);
            shift(&mut part, [0, 0], &room);
            part
        })
        .collect();
    let mut rng = Rng::new(0, 0);
    let mut moved = vec![true; parts.len()];
    for round in 0..ROUNDS {
        let pairs = colliding(&parts, &moved, spacing);
        if pairs.is_empty() {
            return Some(parts);
        }
        moved.fill(false);
        for (i, j) in pairs {
            if !collide(&parts[i], &parts[j], spacing) {
                continue;
            }
            let (a, b) = (&parts[i], &parts[j]);
            let (field, frame) = problem.meeting(spots[i].orient, spots[j].orient);
            let (dx, dy) = ((a.at[0] - b.at[0]) as f64, (a.at[1] - b.at[1]) as f64);
            let (x, y) = turned(frame, dx, dy);
            let (way, depth) = match field.contact(x, y) {
                Some(c) => (turned_back(frame, c.normal), c.depth),
                None => ([1.0, 0.0], 0.0),
            };
            let jitter = f64::from(round / CALM) * rng.unit();
            let push = depth.max(0.0) + EXTRA + jitter;
            let either = way[1].abs() > STEEP && rng.one_in(2);
            let first = (way[0] >= 0.0) != either;
            let sign = if first { push } else { -push };
            let aside = if way[1].abs() > STEEP { jitter } else { 0.0 };
            let step = [away(sign * way[0] + aside), away(sign * way[1])];
            let k = if first { i } else { j };
            shift(&mut parts[k], step, &room);
            moved[k] = true;
            // The pair is looked at again even if a wall kept the part where it was.
            moved[i] = true;
        }
    }
    None
}

/// Rounded away from zero, save for next to nothing.
fn away(v: f64) -> i64 {
    if v > 0.05 {
        v.ceil() as i64
    } else if v < -0.05 {
        v.floor() as i64
    } else {
        0
    }
}

/// Moves a part, but not out of the room.
fn shift(part: &mut Placed, step: [i64; 2], room: &[i64; 4]) {
    for k in 0..2 {
        let (least, most) = (room[k] - part.bounds[k], room[k + 2] - part.bounds[k + 2]);
        let d = step[k].min(most).max(least);
        part.at[k] += d;
        part.bounds[k] += d;
        part.bounds[k + 2] += d;
    }
}

fn collide(a: &Placed, b: &Placed, spacing: i64) -> bool {
    boxes_meet(&grown(&a.bounds, spacing), &b.bounds)
        && (relate(a, b).overlaps() || !boundaries_apart(a, b, spacing))
}

/// Pairs that overlap or are too near, of which at least one has moved.
fn colliding(parts: &[Placed], moved: &[bool], spacing: i64) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for i in 0..parts.len() {
        for j in 0..i {
            if (moved[i] || moved[j]) && collide(&parts[i], &parts[j], spacing) {
                pairs.push((i, j));
            }
        }
    }
    pairs
}
