//! The way of a travel: straight, or round the walls inside an island.
//!
//! In: where from, where to, the outlines of the layer. Out: places to pass, and whether the nozzle passes
//! over open air, so that even a short travel must be retracted.

use super::layer::Here;
use super::outline::{Crossing, Runs, share_parted};
use crate::plan::{IslandPlan, LayerPlan};
use offcut_geometry::{BBox, Point, UNITS_PER_MM};
use offcut_settings::{LengthOrPercent, PrintSettings};

/// Plastic that hangs from the nozzle bridges this without harm, mm.
const AIR: f64 = 0.5;
/// Corners of a detour; more are thinned out.
const CORNERS: usize = 32;

/// Finds ways; outlines are indexed when first needed.
#[derive(Debug)]
pub(super) struct Ways {
    runs: Vec<Option<Runs>>,
    crossings: Vec<Crossing>,
    via: Vec<Point>,
    /// Travels at least so long are retracted anyway, grid units.
    retracted: f64,
    avoid: bool,
    max_detour: LengthOrPercent,
    /// Detours keep this distance from the outline, grid units.
    inset: f64,
}

/// A way that was chosen.
#[derive(Debug)]
pub(super) struct Way<'a> {
    /// Passed on the way.
    pub via: &'a [Point],
    /// Leads over air.
    pub over_air: bool,
}

impl Ways {
    pub fn new(s: &PrintSettings) -> Self {
        Self {
            runs: Vec::new(),
            crossings: Vec::new(),
            via: Vec::new(),
            retracted: s.retract_before_travel * UNITS_PER_MM,
            avoid: s.avoid_crossing_perimeters,
            max_detour: s.avoid_crossing_max_detour,
            inset: s.nozzle_diameter * UNITS_PER_MM,
        }
    }

    /// Another layer or object: its islands are not known yet.
    pub fn reset(&mut self, islands: usize) {
        self.runs.clear();
        self.runs.resize_with(islands, || None);
    }

    /// Chooses the way between two places, in object coordinates.
    pub fn choose(&mut self, plan: &LayerPlan, here: Here, from: Point, to: Point) -> Way<'_> {
        self.via.clear();
        let d = from.dist(to);
        let air = AIR * UNITS_PER_MM;
        let mut over_air = false;
        if d > air {
            if let (true, Some(i)) = (self.avoid, here.island) {
                self.detour(&plan.islands[i as usize], i as usize, from, to);
            }
            if d < self.retracted && self.via.is_empty() {
                over_air = self.outside(plan, here.island.is_some(), from, to) * d > air;
            }
        }
        Way {
            via: &self.via,
            over_air,
        }
    }

    /// The share of the straight way that lies in no island; `inside`: `to` lies in one.
    fn outside(&mut self, plan: &LayerPlan, inside: bool, from: Point, to: Point) -> f64 {
        let way = BBox::of(&[from, to]);
        self.crossings.clear();
        for (i, island) in plan.islands.iter().enumerate() {
            if island.bbox.touches(&way) {
                let runs = self.runs[i].get_or_insert_with(|| Runs::new(&island.outline));
                runs.crossings(&island.outline, from, to, &mut self.crossings);
            }
        }
        let share = share_parted(&mut self.crossings);
        if inside { share } else { 1.0 - share }
    }

    /// Fills `via` with a way along the walls when the straight one crosses them.
    fn detour(&mut self, island: &IslandPlan, index: usize, from: Point, to: Point) {
        let outline = &island.outline;
        let runs = self.runs[index].get_or_insert_with(|| Runs::new(outline));
        self.crossings.clear();
        runs.crossings(outline, from, to, &mut self.crossings);
        // An odd number: one end lies outside the island.
        if self.crossings.is_empty() || self.crossings.len() % 2 == 1 {
            return;
        }
        self.crossings.sort_unstable_by(|a, b| a.t.total_cmp(&b.t));
        let mut way = vec![from];
        for c in self.crossings.chunks_exact(2) {
            if c[0].ring != c[1].ring {
                return;
            }
            walk(
                outline.get(c[0].ring as usize),
                c[0].edge as usize,
                c[1].edge as usize,
                self.inset,
                &mut way,
            );
        }
        way.push(to);
        thin(&mut way);
        let mut blocked = |a: Point, b: Point| {
            self.crossings.clear();
            runs.crossings(outline, a, b, &mut self.crossings);
            !self.crossings.is_empty()
        };
        // From every place as far as can be seen.
        let mut at = 0;
        let mut length = 0.0;
        while at + 1 < way.len() {
            let Some(next) = (at + 1..way.len()).rev().find(|&j| !blocked(way[at], way[j])) else {
                self.via.clear();
                return;
            };
            length += way[at].dist(way[next]);
            if next + 1 < way.len() {
                self.via.push(way[next]);
            }
            at = next;
        }
        let direct = from.dist(to);
        let limit = self.max_detour.resolve(direct / UNITS_PER_MM) * UNITS_PER_MM;
        if limit > 0.0 && length - direct > limit {
            self.via.clear();
        }
    }
}

/// Adds the corners of a loop between two of its edges, the shorter way round, moved into the material.
fn walk(l: &[Point], from: usize, to: usize, inset: f64, out: &mut Vec<Point>) {
    let n = l.len();
    let corners = |forward: bool| -> Vec<usize> {
        if forward {
            let count = (to + n - from) % n;
            (0..count).map(|k| (from + 1 + k) % n).collect()
        } else {
            let count = (from + n - to) % n;
            (0..count).map(|k| (from + n - k) % n).collect()
        }
    };
    let length = |c: &[usize]| c.windows(2).map(|w| l[w[0]].dist(l[w[1]])).sum::<f64>();
    let (a, b) = (corners(true), corners(false));
    let shorter = if length(&a) <= length(&b) { a } else { b };
    out.extend(shorter.into_iter().map(|i| {
        let (p, q, r) = (l[(i + n - 1) % n], l[i], l[(i + 1) % n]);
        let unit = |v: Point| {
            let len = v.norm().max(1.0);
            (f64::from(v.x) / len, f64::from(v.y) / len)
        };
        // Material lies left; the sum of both normals, as long as the offset corner demands.
        let (u, v) = (unit(q - p), unit(r - q));
        let k = inset / (1.0 + u.0 * v.0 + u.1 * v.1).max(0.5);
        let f = |c: i32, d: f64| (f64::from(c) + d).round() as i32;
        Point::new(f(q.x, -(u.1 + v.1) * k), f(q.y, (u.0 + v.0) * k))
    }));
}

/// Drops places evenly until at most [`CORNERS`] are left between the ends.
fn thin(way: &mut Vec<Point>) {
    let n = way.len();
    if n > CORNERS + 2 {
        let step = (n - 1).div_ceil(CORNERS);
        let mut i = 0;
        way.retain(|_| {
            let keep = i % step == 0 || i == n - 1;
            i += 1;
            keep
        });
    }
}
