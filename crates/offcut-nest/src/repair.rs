//! From the optimiser's floating-point positions to a layout on the grid that the exact checker passes.
//!
//! Rounding to whole units makes touching parts overlap by a unit now and then. Such pairs are pushed apart
//! by as little along the way out that their field knows, until no pair is left. Pushes run to the right
//! for some rounds, where a strip has its open end, then to the left, and so on: on a sheet that is full
//! from edge to edge that leaves no gap.

use crate::check::{SheetBounds, check};
use crate::instance::{Instance, Target};
use crate::layout::{Layout, Placed, Placement, Reason, Unplaced};
use crate::problem::{Problem, turned, turned_back};
use crate::relate::{boundaries_apart, boxes_meet, grown, relate};
use crate::rng::Rng;
use crate::search::{ABSENT, Bin, Spot};
use crate::state::State;
use offcut_geometry::Loops;

/// Rounds of pushing before it is given up.
const ROUNDS: u32 = 400;
/// Rounds after which pushes turn round; later they get a random part, for pairs that block each other.
const CALM: u32 = 12;
/// How much farther than out a push goes after the first rounds, grid units.
const EXTRA: f64 = 1.0;
/// The right end of a room that has none, grid units.
const OPEN: i64 = 1 << 60;
/// A push that leads up or down by more than this may move either part.
const STEEP: f64 = 0.98;

/// The layout of a state; `None` when the checker refuses what came of it.
#[must_use]
pub fn layout(instance: &Instance, problem: &Problem, state: &State) -> Option<Layout> {
    let kinds = |b: &Bin| problem.grounds[b.ground as usize].kind;
    let mut layout = Layout {
        sheets: state.bins.iter().filter_map(kinds).collect(),
        placements: instance.locked.placements.clone(),
        unplaced: unplaced(instance, problem, &state.spots),
    };
    let mut placed: Vec<(usize, Placement)> = Vec::new();
    for bin in 0..state.bins.len() as u32 {
        let here: Vec<usize> = (0..state.spots.len())
            .filter(|&i| state.spots[i].bin == bin)
            .collect();
        let parts = Settling::new(instance, problem, state, bin, &here).run()?;
        for (&i, part) in here.iter().zip(&parts) {
            let o = &problem.orients[state.spots[i].orient as usize];
            let placement = Placement {
                item: problem.kinds[o.kind as usize].item,
                sheet: bin,
                orientation: o.orientation,
                x: part.at[0],
                y: part.at[1],
            };
            placed.push((i, placement));
        }
    }
    placed.sort_by_key(|p| p.0);
    layout.placements.extend(placed.into_iter().map(|p| p.1));
    check(instance, &layout).is_empty().then_some(layout)
}

fn unplaced(instance: &Instance, problem: &Problem, spots: &[Spot]) -> Vec<Unplaced> {
    let mut missing = vec![0u32; instance.items.len()];
    for (s, &k) in spots.iter().zip(&problem.parts) {
        missing[problem.kinds[k as usize].item as usize] += u32::from(s.bin == ABSENT);
    }
    let mut left: Vec<u32> = instance.items.iter().map(|i| i.demand).collect();
    for p in &instance.locked.placements {
        left[p.item as usize] = left[p.item as usize].saturating_sub(1);
    }
    let mut out = Vec::new();
    for (item, &n) in (0..).zip(&missing) {
        let i = &instance.items[item as usize];
        if problem.too_large.contains(&item) {
            out.push(Unplaced {
                item,
                count: left[item as usize],
                reason: Reason::TooLarge,
            });
        } else if n > 0 {
            let reason = if i.filler { Reason::Filler } else { Reason::NoRoom };
            out.push(Unplaced {
                item,
                count: n,
                reason,
            });
        }
    }
    out
}

/// The parts of one sheet or strip on the grid.
struct Settling<'a> {
    problem: &'a Problem,
    spacing: i64,
    /// Parts in coordinates of the sheet; those that can be moved come first.
    parts: Vec<Placed>,
    orients: Vec<u32>,
    qualities: Vec<Option<u32>>,
    movable: usize,
    /// Where boxes of parts may lie: left, bottom, right, top.
    room: [i64; 4],
    /// The obstacle of the ground: its orientation, where it lies, and what decides.
    obstacle: Option<(u32, [f64; 2], SheetBounds)>,
    rng: Rng,
}

impl<'a> Settling<'a> {
    fn new(instance: &Instance, problem: &'a Problem, state: &State, bin: u32, here: &[usize]) -> Self {
        let b = &state.bins[bin as usize];
        let ground = &problem.grounds[b.ground as usize];
        let mut shapes: Vec<Option<Loops>> = vec![None; problem.turns];
        let spots = here.iter().map(|&i| {
            let s = &state.spots[i];
            (s.orient, [s.x - b.at[0], s.y - b.at[1]])
        });
        let locked = problem.locked.iter().filter(|l| l.sheet == bin);
        let mut this = Self {
            problem,
            spacing: i64::from(instance.spacing),
            parts: Vec::new(),
            orients: Vec::new(),
            qualities: Vec::new(),
            movable: here.len(),
            room: [0, 1, 2, 3]
                .map(|k| if k < 2 { ground.lo[k] } else { ground.hi[k - 2] }.min(OPEN as f64) as i64),
            obstacle: problem.obstacle(b.ground).and_then(|o| {
                let sheet = ground.sheet(instance)?;
                Some((o, ground.middle, SheetBounds::new(instance, sheet)))
            }),
            rng: Rng::new(0, 0),
        };
        if let Target::Strip { .. } = instance.target {
            this.room[2] = OPEN;
        }
        for (orient, at) in spots.chain(locked.map(|l| (l.orient, l.at))) {
            let o = &problem.orients[orient as usize];
            let item = &instance.items[problem.kinds[o.kind as usize].item as usize];
            let shape = shapes[orient as usize].get_or_insert_with(|| o.orientation.apply_all(&item.shape));
            this.parts
                .push(Placed::new(shape.clone(), at.map(|v| v.round() as i64)));
            this.orients.push(orient);
            this.qualities.push(item.min_quality);
        }
        for k in 0..this.movable {
            this.shift(k, [0, 0]);
        }
        this
    }

    /// Pushes until nothing collides; the movable parts.
    fn run(mut self) -> Option<Vec<Placed>> {
        let mut moved = vec![true; self.parts.len()];
        for round in 0..ROUNDS {
            let walls = self.off_ground(&moved);
            let pairs = self.colliding(&moved);
            if pairs.is_empty() && walls.is_empty() {
                self.parts.truncate(self.movable);
                return Some(self.parts);
            }
            moved.fill(false);
            for i in walls {
                self.push_in(i, round);
                moved[i] = true;
            }
            for (i, j) in pairs {
                if self.collide(i, j) {
                    let k = self.push_apart(i, j, round);
                    moved[k] = true;
                    // The pair is looked at again even if a wall kept the part where it was.
                    moved[i] = true;
                }
            }
        }
        None
    }

    fn push_apart(&mut self, i: usize, j: usize, round: u32) -> usize {
        let (a, b) = (&self.parts[i], &self.parts[j]);
        let (field, frame) = self.problem.meeting(self.orients[i], self.orients[j]);
        let (dx, dy) = ((a.at[0] - b.at[0]) as f64, (a.at[1] - b.at[1]) as f64);
        let (x, y) = turned(frame, dx, dy);
        let (way, depth) = match field.contact(x, y) {
            Some(c) => (turned_back(frame, c.normal), c.depth),
            None => ([1.0, 0.0], 0.0),
        };
        let jitter = f64::from(round / (2 * CALM)) * self.rng.unit();
        let extra = if round < CALM / 2 { 0.0 } else { EXTRA + jitter };
        let push = depth.max(0.0) + extra;
        let steep = way[1].abs() > STEEP;
        let either = steep && self.rng.one_in(2);
        let leftward = (round / CALM) % 2 == 1 && self.room[2] < OPEN;
        let mut first = (way[0] >= 0.0) != (either || leftward);
        if i >= self.movable || j >= self.movable {
            first = i < self.movable;
        }
        let sign = if first { push } else { -push };
        let aside = if steep { jitter } else { 0.0 };
        let step = [away(sign * way[0] + aside), away(sign * way[1])];
        let k = if first { i } else { j };
        self.shift(k, step);
        k
    }

    /// Pushes a part off what the ground has no room for.
    fn push_in(&mut self, i: usize, round: u32) {
        let Some((orient, middle, _)) = &self.obstacle else {
            return;
        };
        let at = self.parts[i].at;
        let (field, frame) = self.problem.meeting(self.orients[i], *orient);
        let (x, y) = turned(frame, at[0] as f64 - middle[0], at[1] as f64 - middle[1]);
        let (way, depth) = match field.contact(x, y) {
            Some(c) => (turned_back(frame, c.normal), c.depth),
            None => return,
        };
        let push = depth.max(0.0) + EXTRA + f64::from(round / CALM) * self.rng.unit();
        self.shift(i, [away(push * way[0]), away(push * way[1])]);
    }

    /// Moves a part, but not out of the room.
    fn shift(&mut self, k: usize, step: [i64; 2]) {
        let part = &mut self.parts[k];
        for (axis, step) in step.into_iter().enumerate() {
            let least = self.room[axis] - part.bounds[axis];
            let most = self.room[axis + 2] - part.bounds[axis + 2];
            let d = step.min(most).max(least);
            part.at[axis] += d;
            part.bounds[axis] += d;
            part.bounds[axis + 2] += d;
        }
    }

    fn collide(&self, i: usize, j: usize) -> bool {
        let (a, b) = (&self.parts[i], &self.parts[j]);
        boxes_meet(&grown(&a.bounds, self.spacing), &b.bounds)
            && (relate(a, b).overlaps() || !boundaries_apart(a, b, self.spacing))
    }

    /// Pairs that overlap or are too near, of which at least one has moved.
    fn colliding(&self, moved: &[bool]) -> Vec<(usize, usize)> {
        let mut pairs = Vec::new();
        for i in 0..self.parts.len() {
            for j in 0..i.min(self.movable) {
                if (moved[i] || moved[j]) && self.collide(i, j) {
                    pairs.push((i, j));
                }
            }
        }
        pairs
    }

    /// Moved parts that the ground does not take where they are.
    fn off_ground(&self, moved: &[bool]) -> Vec<usize> {
        let Some((_, _, bounds)) = &self.obstacle else {
            return Vec::new();
        };
        let off = |&i: &usize| {
            let broken = bounds.breaks(&self.parts[i], self.qualities[i]);
            moved[i] && broken.contains(&true)
        };
        (0..self.movable).filter(off).collect()
    }
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
