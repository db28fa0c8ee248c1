//! Spiral vases: one contour whose layers follow each other without a break.
//!
//! In: the contour of every layer. Out: a way that rises by the layer's height on each turn and passes
//! over from the contour below to its own. The first turn begins without plastic, as it rises from a flat
//! layer; a last one at the top fades out and leaves it flat.

use super::layer::Printer;
use super::track::{Fan, Pull, Track};
use super::walk::{Seam, Target, around, length_within};
use crate::plan::{Bead, LayerPlan};
use offcut_gcode::program::{Extrusion, Step, Vertex};
use offcut_geometry::loops::area2;
use offcut_geometry::point::nearest_on_segment;
use offcut_geometry::{Coord, Point, UNITS_PER_MM, grid, nearest_unit};

/// Turns whose flow fades are made of so many pieces at least.
const PIECES: f64 = 96.0;
/// Contours pass over into each other where they are not farther apart than so many widths.
const REACH: f64 = 2.0;
/// So many edges of the contour below are looked at before all of them are.
const WINDOW: usize = 24;

/// The contour printed last, in bed coordinates, and how.
#[derive(Debug, Clone)]
pub(super) struct Spiral {
    contour: Vec<Point>,
    /// The way along it, from where the nozzle stands.
    way: Vec<Target>,
    bead: Extrusion,
}

/// The largest contour of a layer.
fn contour(plan: &LayerPlan) -> Option<(&crate::plan::BeadSet, &Bead)> {
    plan.islands
        .iter()
        .flat_map(|i| i.perimeters.beads.iter().map(move |b| (&i.perimeters, b)))
        .filter(|(_, b)| b.closed && !b.hole && b.depth == 0)
        .max_by_key(|(set, b)| area2(set.points_of(b)))
}

/// Finds the nearest places on a closed contour for points that follow each other along it.
struct Below<'a> {
    contour: &'a [Point],
    edge: usize,
    reach: f64,
}

impl Below<'_> {
    fn nearest(&mut self, p: Point) -> Option<Point> {
        let n = self.contour.len();
        let on = |i: usize| nearest_on_segment(p, self.contour[i % n], self.contour[(i + 1) % n]);
        let best = |edges: &mut dyn Iterator<Item = usize>| {
            edges.map(|i| (i, on(i))).min_by(|a, b| a.1.1.total_cmp(&b.1.1))
        };
        let near = |d2: f64| d2 <= self.reach * self.reach;
        let (edge, (q, d2)) = best(&mut (self.edge..self.edge + WINDOW.min(n)))
            .filter(|(_, (_, d2))| near(*d2))
            .or_else(|| best(&mut (0..n)))?;
        if !near(d2) {
            return None;
        }
        self.edge = edge % n;
        Some(q)
    }
}

/// Splits the way from `at` into pieces: each target with the share of the whole way at it.
fn shares(at: Point, way: &[Target], longest: f64) -> Vec<(Target, f64)> {
    let mut total = 0.0;
    let mut from = at;
    for &(p, _) in way {
        total += from.dist(p);
        from = p;
    }
    let mut out = Vec::with_capacity(way.len());
    let mut sum = 0.0;
    from = at;
    for &(p, step) in way {
        let d = from.dist(p);
        let n = (d / (longest * total)).ceil().max(1.0);
        for k in 1..=n as u32 {
            let t = f64::from(k) / n;
            let share = if total > 0.0 { (sum + d * t) / total } else { 1.0 };
            out.push(((from.lerp(p, t), step), share));
        }
        sum += d;
        from = p;
    }
    out
}

/// A piece of a turn with a share of its flow.
fn fade(track: &mut Track, to: Vertex, bead: Extrusion, share: f64) {
    let bead = Extrusion {
        mm3_per_mm: bead.mm3_per_mm * share,
        ..bead
    };
    track.helix(&[to], bead);
}

impl Printer {
    /// Prints a layer of a spiral vase that stands at `by` on the bed and rises to `z` mm.
    pub fn spiral(&mut self, plan: &LayerPlan, by: Point, below: Option<Spiral>) -> Option<Spiral> {
        let Some((set, b)) = contour(plan) else {
            return below;
        };
        let points = set.points_of(b);
        let at = self.track.at().unwrap_or_default();
        let seam = Seam::nearest(points, at - by);
        let mut way = Vec::new();
        around(set, b, seam, false, &mut way);
        let limit = self.rates.small_loop() * UNITS_PER_MM;
        let small = length_within(seam.point, &way, limit) < limit;
        for t in &mut way {
            t.0 = t.0 + by;
        }
        let start = seam.point + by;
        if below.is_none() {
            self.track.travel(start, Point::default(), Pull::Auto, &[]);
        }
        self.track
            .accelerate(self.rates.acceleration(b.role, self.first_layer));
        self.track.fan(Fan::Layer);
        let flow = self.rates.flow(f64::from(b.mm3_per_mm));
        let bead = |step| Extrusion {
            role: b.role,
            mm3_per_mm: flow,
            width: b.width,
            height: b.height,
            speed: self.rates.speed(b.role, step, small, self.first_layer, flow),
        };
        let (low, high) = (f64::from(self.track.height()), f64::from(grid(plan.z)));
        let rise = |t: f64| nearest_unit(low + (high - low) * t);
        let contour: Vec<Point> = points.iter().map(|&p| p + by).collect();
        let last = way.last().map_or(0, |t| t.1);
        if let Some(below) = below {
            let mut under = Below {
                contour: &below.contour,
                edge: 0,
                reach: REACH * f64::from(b.width) * UNITS_PER_MM,
            };
            let mut path: Vec<Vertex> = Vec::new();
            let mut step = way.first().map_or(0, |t| t.1);
            if under.nearest(start).is_none() {
                // A contour elsewhere: nothing is printed on the way there.
                self.track.travel(start, Point::default(), Pull::Auto, &[]);
            }
            for ((p, s), t) in shares(start, &way, 1.0) {
                if s != step {
                    self.track.helix(&path, bead(step));
                    path.clear();
                    step = s;
                }
                let q = under.nearest(p).map_or(p, |q| q.lerp(p, t));
                path.push(Vertex::new(q, rise(t)));
            }
            let bead = bead(step);
            self.track.helix(&path, bead);
        } else {
            let mut before = 0.0;
            for ((p, s), t) in shares(start, &way, 1.0 / PIECES) {
                fade(
                    &mut self.track,
                    Vertex::new(p, rise(t)),
                    bead(s),
                    (before + t) / 2.0,
                );
                before = t;
            }
        }
        Some(Spiral {
            contour,
            bead: bead(last),
            way,
        })
    }

    /// Ends a spiral: one more turn at the top, whose flow fades out.
    pub fn end_spiral(&mut self, spiral: Spiral) {
        let Some(at) = self.track.at() else { return };
        let z: Coord = self.track.height();
        // As slow as the turn below was for cooling.
        let speed = self.track.program.steps.iter().rev().find_map(|s| match s {
            Step::Extrude { bead, .. } => Some(bead.speed),
            _ => None,
        });
        let bead = Extrusion {
            speed: speed.unwrap_or(spiral.bead.speed),
            ..spiral.bead
        };
        let line = self.track.begin_line();
        let mut before = 0.0;
        for ((p, _), t) in shares(at, &spiral.way, 1.0 / PIECES) {
            fade(&mut self.track, Vertex::new(p, z), bead, 1.0 - (before + t) / 2.0);
            before = t;
        }
        self.track.end_line(line, true);
    }
}
