//! One layer: the order of islands and features, and their moves.

use super::rates::Rates;
use super::seam::LayerSeams;
use super::track::{Fan, Pull, Track};
use super::walk::{Seam, Target, along, around, clip_end, length_within};
use super::walls::{Group, Walls};
use super::ways::{Standing, Ways};
use crate::plan::{Bead, BeadSet, IslandPlan, LayerPlan, OVERHANG_FULL};
use offcut_gcode::Role;
use offcut_gcode::program::Extrusion;
use offcut_geometry::order::{Orderer, Stop, Visit};
use offcut_geometry::{Point, UNITS_PER_MM};
use offcut_settings::PrintSettings;
use offcut_settings::print::PerimeterOrder;

/// Where features are printed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Here<'a> {
    /// The origin of their coordinates on the bed.
    pub by: Point,
    /// The layer that they belong to; travels are checked against its outline.
    pub plan: Option<&'a LayerPlan>,
    /// Which part of the print's layer that is.
    pub part: usize,
    /// The island that they belong to.
    pub island: Option<u32>,
    /// All that stands in the layer, for travels to go round.
    pub scene: &'a [Standing<'a>],
}

impl Here<'_> {
    /// On the bed itself.
    pub const BED: Self = Self {
        by: Point::new(0, 0),
        plan: None,
        part: 0,
        island: None,
        scene: &[],
    };
}

/// The seam's gap is never a larger share of its loop.
const SEAM_SHARE: f64 = 0.01;

/// Prints features through a [`Track`].
#[derive(Debug)]
pub(super) struct Printer {
    pub track: Track,
    pub first_layer: bool,
    pub(super) rates: Rates,
    order: PerimeterOrder,
    seam_gap: f64,
    overhang_fan: bool,
    orderer: Orderer,
    walls: Walls,
    ways: Ways,
    targets: Vec<Target>,
    stops: Vec<Stop>,
    units: Vec<(u32, u32)>,
}

impl Printer {
    pub fn new(s: &PrintSettings) -> Self {
        Self {
            track: Track::new(s),
            first_layer: true,
            rates: Rates::new(s),
            order: s.perimeter_order,
            // As peers do: the bead's round end fills it.
            seam_gap: 0.15 * s.nozzle_diameter * UNITS_PER_MM,
            overhang_fan: s.overhang_fan_speed.is_some(),
            orderer: Orderer::new(),
            walls: Walls::default(),
            ways: Ways::new(s),
            targets: Vec::new(),
            stops: Vec::new(),
            units: Vec::new(),
        }
    }

    /// Orders places on the bed, beginning near the nozzle.
    pub fn tour(&mut self, stops: &[Stop]) -> Vec<Visit> {
        self.orderer.order(self.track.at(), stops).to_vec()
    }

    /// Begins a layer that consists of these parts.
    pub fn layer<'a>(&mut self, parts: impl Iterator<Item = &'a LayerPlan>) {
        self.ways.reset(parts.map(|p| p.islands.len()));
    }

    /// True when travels go round what stands in the layer.
    pub fn avoids(&self) -> bool {
        self.ways.avoid
    }

    /// Prints a layer of one copy of an object; `scene` is all that stands in the layer, where travels go
    /// round it.
    pub fn object(&mut self, copy: &Standing, scene: &[Standing], seams: &LayerSeams) {
        let Standing { part, plan, by } = *copy;
        // Support stands beside the islands: what oozes on the way from line to line hangs in the air.
        let beside = Here {
            by,
            plan: Some(plan),
            part,
            island: None,
            scene,
        };
        self.set(&plan.brim, Here { plan: None, ..beside });
        self.set(&plan.support, beside);
        let stops: Vec<Stop> = plan
            .islands
            .iter()
            .map(|i| Stop::at(i.bbox.center() + by))
            .collect();
        for v in self.tour(&stops) {
            let here = Here {
                island: Some(v.index),
                ..beside
            };
            self.island(&plan.islands[v.index as usize], v.index, seams, here);
        }
    }

    /// Travels to a place given in object coordinates.
    fn go(&mut self, to: Point, here: Here) {
        let mut pull = Pull::Auto;
        let mut via: &[Point] = &[];
        if let Some(at) = self.track.at() {
            let way = self.ways.choose(here, at, to + here.by);
            via = way.via;
            if way.over_air {
                pull = Pull::Always;
            }
        }
        self.track.travel(to, here.by, pull, via);
    }

    fn island(&mut self, island: &IslandPlan, index: u32, seams: &LayerSeams, here: Here) {
        self.set(&island.extra, here);
        if !island.perimeters.beads.is_empty() {
            let mut walls = std::mem::take(&mut self.walls);
            let at = self.track.at().map_or(Point::default(), |p| p - here.by);
            walls.arrange(island, self.order, |bead| seams.of(index, bead, island, at), at);
            for contours in [false, true] {
                self.groups(island, &walls, contours, here);
            }
            self.walls = walls;
        }
        self.set(&island.gaps, here);
        self.set(&island.infill, here);
    }

    fn groups(&mut self, island: &IslandPlan, walls: &Walls, contours: bool, here: Here) {
        let set = &island.perimeters;
        let picked: Vec<&Group> = walls.groups.iter().filter(|g| g.contour == contours).collect();
        let mut stops = std::mem::take(&mut self.stops);
        stops.clear();
        stops.extend(picked.iter().map(|g| {
            let w = &walls.sequence[g.range.start as usize..g.range.end as usize];
            let end = |w: &super::walls::WallBead, first: bool| match w.seam {
                Some(s) => s.point,
                None => {
                    let p = set.points_of(&set.beads[w.bead as usize]);
                    if first { p[0] } else { p[p.len() - 1] }
                }
            };
            Stop {
                a: end(&w[0], true) + here.by,
                b: end(&w[w.len() - 1], false) + here.by,
                reversible: g.open,
            }
        }));
        for v in self.tour(&stops) {
            let g = picked[v.index as usize];
            let beads = &walls.sequence[g.range.start as usize..g.range.end as usize];
            if g.open {
                self.chain(set, beads[0].bead, beads[beads.len() - 1].bead, v.reversed, here);
            } else {
                // With more than one loop there is material beside the external one to move onto.
                let inward = beads.len() > 1 || !island.infill.beads.is_empty();
                for w in beads {
                    self.wall(set, w.bead as usize, w.seam, inward, here);
                }
            }
        }
        self.stops = stops;
    }

    /// Prints a perimeter loop, counter-clockwise on the bed.
    fn wall(&mut self, set: &BeadSet, bead: usize, seam: Option<Seam>, inward: bool, here: Here) {
        let b = &set.beads[bead];
        let Some(seam) = seam else { return };
        let mut targets = std::mem::take(&mut self.targets);
        around(set, b, seam, b.hole, &mut targets);
        let limit = self.rates.small_loop() * UNITS_PER_MM;
        let small = length_within(seam.point, &targets, limit) < limit;
        let next = targets.first().map_or(seam.point, |t| t.0);
        let before = targets.iter().rev().nth(1).map_or(seam.point, |t| t.0);
        self.clip(seam.point, &mut targets);
        self.go(seam.point, here);
        let start = self.track.begin_line();
        self.extrude(b, &targets, small, here.by);
        self.track.end_line(start, true);
        if b.depth == 0 && inward {
            // Off the visible surface before anything else; material lies left of a contour, right of a
            // hole that is run counter-clockwise.
            let side = if b.hole { -1.0 } else { 1.0 };
            if let Some(p) = inside(before, seam.point, next, side, f64::from(b.width) * UNITS_PER_MM) {
                self.track.travel(p, here.by, Pull::Never, &[]);
            }
        }
        self.targets = targets;
    }

    /// Leaves the seam's gap at the end of a loop: less of it on a small loop, which would lack the plastic.
    fn clip(&self, start: Point, targets: &mut Vec<Target>) {
        let length = length_within(start, targets, self.seam_gap / SEAM_SHARE);
        clip_end(start, targets, self.seam_gap.min(SEAM_SHARE * length));
    }

    /// Extrudes along moves, split where the overhang changes.
    fn extrude(&mut self, b: &Bead, targets: &[Target], small: bool, by: Point) {
        self.track
            .accelerate(self.rates.acceleration(b.role, self.first_layer));
        let mut i = 0;
        while i < targets.len() {
            let step = targets[i].1;
            let change = targets[i..].iter().position(|t| t.1 != step);
            let n = change.unwrap_or(targets.len() - i);
            let full = step >= OVERHANG_FULL && !self.first_layer;
            let (mut role, mut width, mut height) = (b.role, b.width, b.height);
            let mut flow = f64::from(b.mm3_per_mm);
            if full {
                role = Role::OverhangPerimeter;
                if let Some(thread) = self.rates.thread_flow {
                    flow = thread;
                    width = self.rates.thread_width as f32;
                    height = width;
                }
            }
            let flow = self.rates.flow(flow);
            self.track.fan(match role {
                Role::Bridge if b.internal => Fan::InternalBridge,
                Role::Bridge => Fan::Bridge,
                Role::OverhangPerimeter => Fan::Overhang,
                _ if step > 1 && self.overhang_fan => Fan::Overhang,
                _ => Fan::Layer,
            });
            let bead = Extrusion {
                role,
                mm3_per_mm: flow,
                width,
                height,
                speed: if b.internal {
                    self.rates.internal_bridge(self.first_layer, flow)
                } else {
                    self.rates.speed(b.role, step, small, self.first_layer, flow)
                },
            };
            self.track
                .extrude(targets[i..i + n].iter().map(|t| t.0), by, bead);
            i += n;
        }
    }

    /// Prints the chain of beads `first..=last`, from its end when `reversed`.
    fn chain(&mut self, set: &BeadSet, first: u32, last: u32, reversed: bool, here: Here) {
        let mut targets = std::mem::take(&mut self.targets);
        let mut start = None;
        for k in 0..=last - first {
            let b = &set.beads[(if reversed { last - k } else { first + k }) as usize];
            let p = set.points_of(b);
            let Some((&a, &z)) = p.first().zip(p.last()) else {
                continue;
            };
            let from = if reversed { z } else { a };
            if start.is_none() {
                self.go(from, here);
                start = Some(self.track.begin_line());
            }
            along(set, b, reversed, &mut targets);
            if k > 0 {
                // A chain has no break: whatever lies between its beads is printed too.
                targets.insert(0, (from, targets.first().map_or(0, |t| t.1)));
            }
            self.extrude(b, &targets, false, here.by);
        }
        if let Some(s) = start {
            self.track.end_line(s, false);
        }
        self.targets = targets;
    }

    /// Prints beads group by group (`depth`), each by the shortest way; directed ones as they come.
    pub fn set(&mut self, set: &BeadSet, here: Here) {
        if set.beads.is_empty() {
            return;
        }
        let mut units = std::mem::take(&mut self.units);
        units.clear();
        let mut i = 0;
        while i < set.beads.len() {
            let n = chain_length(set, i);
            if n > 0 {
                units.push((i as u32, (i + n - 1) as u32));
            }
            i += n.max(1);
        }
        units.sort_by_key(|u| set.beads[u.0 as usize].depth);
        let mut i = 0;
        while i < units.len() {
            let depth = set.beads[units[i].0 as usize].depth;
            let n = units[i..]
                .iter()
                .take_while(|u| set.beads[u.0 as usize].depth == depth)
                .count();
            self.depth_group(set, &units[i..i + n], here);
            i += n;
        }
        self.units = units;
    }

    fn depth_group(&mut self, set: &BeadSet, units: &[(u32, u32)], here: Here) {
        let directed = |u: &(u32, u32)| set.beads[u.0 as usize].directed;
        let mut stops = std::mem::take(&mut self.stops);
        stops.clear();
        // A run of directed units of one role is one stop.
        let mut runs: Vec<(usize, usize)> = Vec::new();
        let mut i = 0;
        while i < units.len() {
            let mut j = i + 1;
            if directed(&units[i]) {
                let role = |u: &(u32, u32)| set.beads[u.0 as usize].role;
                while j < units.len() && directed(&units[j]) && role(&units[j]) == role(&units[i]) {
                    j += 1;
                }
            }
            let first = &set.beads[units[i].0 as usize];
            let last = &set.beads[units[j - 1].1 as usize];
            let a = set.points[first.start as usize] + here.by;
            let b = if last.closed {
                set.points[last.start as usize]
            } else {
                set.points[last.end as usize - 1]
            } + here.by;
            stops.push(Stop {
                a,
                b,
                reversible: !first.directed && !first.closed,
            });
            runs.push((i, j));
            i = j;
        }
        for v in self.tour(&stops) {
            let (i, j) = runs[v.index as usize];
            for u in &units[i..j] {
                if set.beads[u.0 as usize].closed {
                    self.ring(set, u.0 as usize, here);
                } else {
                    self.chain(set, u.0, u.1, v.reversed, here);
                }
            }
        }
        self.stops = stops;
    }

    /// Prints a loop that is no perimeter, beginning near the nozzle.
    fn ring(&mut self, set: &BeadSet, bead: usize, here: Here) {
        let b = &set.beads[bead];
        let points = set.points_of(b);
        let at = self.track.at().map_or(Point::default(), |p| p - here.by);
        let seam = Seam::nearest_vertex(points, at);
        let mut targets = std::mem::take(&mut self.targets);
        around(set, b, seam, false, &mut targets);
        self.clip(seam.point, &mut targets);
        self.go(seam.point, here);
        let start = self.track.begin_line();
        self.extrude(b, &targets, false, here.by);
        self.track.end_line(start, true);
        self.targets = targets;
    }
}

/// The least plastic worth a move, mm³/mm: thinner beads would be moves without a visible line.
const LEAST_FLOW: f32 = 1e-3;

/// True when a bead leaves plastic.
fn prints(b: &Bead) -> bool {
    b.mm3_per_mm >= LEAST_FLOW && b.end > b.start + 1
}

/// How many beads from `i` on form a chain without a break; 0 when this one leaves no plastic.
pub(super) fn chain_length(set: &BeadSet, i: usize) -> usize {
    let rest = &set.beads[i..];
    let joined = |(k, b): &(usize, &Bead)| prints(b) && (*k == 0 || b.continues);
    rest.iter().enumerate().take_while(joined).count()
}

/// A place `d` from `p` into the material: between the ways to `before` and to `next`, on the given side
/// (1 left of the way `before → p → next`, −1 right).
fn inside(before: Point, p: Point, next: Point, side: f64, d: f64) -> Option<Point> {
    let unit = |v: Point| {
        let n = v.norm();
        (n > 0.0).then(|| (f64::from(v.x) / n, f64::from(v.y) / n))
    };
    let (u, v) = (unit(p - before)?, unit(next - p)?);
    // The sum of both edges' normals; an edge folded back on itself has none.
    let n = (-(u.1 + v.1) * side, (u.0 + v.0) * side);
    let len = (n.0 * n.0 + n.1 * n.1).sqrt();
    if len < 1e-3 {
        return None;
    }
    let f = |c: i32, n: f64| (f64::from(c) + d * n / len).round() as i32;
    Some(Point::new(f(p.x, n.0), f(p.y, n.1)))
}
