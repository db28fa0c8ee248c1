//! The way of a travel: straight, or round the walls.
//!
//! In: where from, where to, the outlines of the layer. Out: places to pass, and whether the nozzle passes
//! over open air, so that even a short travel must be retracted. Promised: a detour crosses no wall but those
//! that part the two places from each other, and each of these once; where none is found or it is too long,
//! the way is straight.

use super::layer::Here;
use super::outline::{Crossing, Runs, share_parted};
use crate::plan::LayerPlan;
use offcut_geometry::simplify::simplify_polyline;
use offcut_geometry::{BBox, Point, UNITS_PER_MM};
use offcut_settings::{LengthOrPercent, PrintSettings};

/// Plastic that hangs from the nozzle bridges this without harm, mm.
const AIR: f64 = 0.5;
/// Detours with more corners are not looked for.
const CORNERS: usize = 300;

/// A copy of an object in the layer that is printed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing<'a> {
    /// Which part of the layer it is a copy of.
    pub part: usize,
    pub plan: &'a LayerPlan,
    /// Where its origin lies on the bed.
    pub by: Point,
}

/// Finds ways; outlines are indexed when first needed.
#[derive(Debug)]
pub(super) struct Ways {
    /// Per part of the layer, per island.
    runs: Vec<Vec<Option<Runs>>>,
    crossings: Vec<Crossing>,
    hits: Vec<Hit>,
    probe: Vec<Hit>,
    way: Vec<Corner>,
    via: Vec<Point>,
    /// Travels at least so long are retracted anyway, grid units.
    retracted: f64,
    /// Travels go round walls.
    pub avoid: bool,
    max_detour: LengthOrPercent,
    /// Detours keep this distance from the outline, grid units.
    inset: f64,
}

/// A way that was chosen.
#[derive(Debug)]
pub(super) struct Way<'a> {
    /// Passed on the way, bed coordinates.
    pub via: &'a [Point],
    /// Leads over air.
    pub over_air: bool,
}

/// A wall: copy, island, loop.
type Wall = (u32, u32, u32);

/// A way crosses a wall.
#[derive(Debug, Clone, Copy)]
struct Hit {
    wall: Wall,
    crossing: Crossing,
}

/// A place that a detour may pass.
#[derive(Debug, Clone, Copy)]
struct Corner {
    at: Point,
    /// How many walls must have been crossed up to it.
    crossed: usize,
}

impl Ways {
    pub fn new(s: &PrintSettings) -> Self {
        Self {
            runs: Vec::new(),
            crossings: Vec::new(),
            hits: Vec::new(),
            probe: Vec::new(),
            way: Vec::new(),
            via: Vec::new(),
            retracted: s.retract_before_travel * UNITS_PER_MM,
            avoid: s.avoid_crossing_perimeters,
            max_detour: s.avoid_crossing_max_detour,
            inset: s.nozzle_diameter * UNITS_PER_MM,
        }
    }

    /// Another layer: `islands` of each part are not known yet.
    pub fn reset(&mut self, islands: impl Iterator<Item = usize>) {
        self.runs.clear();
        self.runs.extend(islands.map(|n| {
            let mut r = Vec::new();
            r.resize_with(n, || None);
            r
        }));
    }

    /// Chooses the way between two places on the bed.
    pub fn choose(&mut self, here: Here, from: Point, to: Point) -> Way<'_> {
        self.via.clear();
        let d = from.dist(to);
        let air = AIR * UNITS_PER_MM;
        let mut over_air = false;
        if d > air {
            if self.avoid && !self.stays_inside(here, from, to) {
                self.detour(here.scene, from, to);
            }
            if d < self.retracted
                && self.via.is_empty()
                && let Some(plan) = here.plan
            {
                over_air = self.outside(plan, here, from - here.by, to - here.by) * d > air;
            }
        }
        Way {
            via: &self.via,
            over_air,
        }
    }

    /// The share of the straight way that lies in no island, object coordinates.
    fn outside(&mut self, plan: &LayerPlan, here: Here, from: Point, to: Point) -> f64 {
        let way = BBox::of(&[from, to]);
        self.crossings.clear();
        for (i, island) in plan.islands.iter().enumerate() {
            if island.bbox.touches(&way) {
                let runs = self.runs[here.part][i].get_or_insert_with(|| Runs::new(&island.outline));
                runs.crossings(&island.outline, from, to, &mut self.crossings);
            }
        }
        let share = share_parted(&mut self.crossings);
        if here.island.is_some() { share } else { 1.0 - share }
    }

    /// True when the straight way leaves the island of its end nowhere, so that there is nothing to avoid.
    fn stays_inside(&mut self, here: Here, from: Point, to: Point) -> bool {
        let (Some(plan), Some(i)) = (here.plan, here.island) else {
            return false;
        };
        let outline = &plan.islands[i as usize].outline;
        let runs = self.runs[here.part][i as usize].get_or_insert_with(|| Runs::new(outline));
        self.crossings.clear();
        runs.crossings(outline, from - here.by, to - here.by, &mut self.crossings);
        self.crossings.is_empty()
    }

    /// Fills `via` with a way along the walls when the straight one crosses more of them than it must.
    fn detour(&mut self, scene: &[Standing], from: Point, to: Point) {
        let mut hits = std::mem::take(&mut self.hits);
        let mut way = std::mem::take(&mut self.way);
        collect(&mut self.runs, &mut self.crossings, scene, from, to, &mut hits);
        way.clear();
        if self.follow(scene, &hits, from, to, &mut way) && self.untangle(scene, &mut way) {
            let length = self.straighten(scene, &way);
            let direct = from.dist(to);
            let limit = self.max_detour.resolve(direct / UNITS_PER_MM) * UNITS_PER_MM;
            if length.is_none_or(|l| limit > 0.0 && l - direct > limit) {
                self.via.clear();
            }
        }
        self.hits = hits;
        self.way = way;
    }

    /// Lays out a way that crosses no wall twice, as far as the walls that the straight way meets tell:
    /// along each of them from where it is met first to where it is met last. False when the straight way
    /// is as good.
    fn follow(
        &self,
        scene: &[Standing],
        hits: &[Hit],
        from: Point,
        to: Point,
        way: &mut Vec<Corner>,
    ) -> bool {
        let mut crossed = 0;
        way.push(Corner { at: from, crossed });
        let mut i = 0;
        while i < hits.len() {
            let first = hits[i];
            let of_it = |h: &&Hit| h.wall == first.wall;
            let last = hits.iter().rposition(|h| h.wall == first.wall).unwrap_or(i);
            if last > i {
                let (copy, island, ring) = first.wall;
                let c = scene[copy as usize];
                let l = c.plan.islands[island as usize].outline.get(ring as usize);
                // On the side where the wall is met: the material lies left of it.
                let inset = if first.crossing.enters {
                    -self.inset
                } else {
                    self.inset
                };
                let edges = (first.crossing.edge as usize, hits[last].crossing.edge as usize);
                let corners = along(l, edges, inset);
                way.extend(corners.into_iter().map(|p| Corner {
                    at: p + c.by,
                    crossed,
                }));
            }
            if hits[i..=last].iter().filter(of_it).count() % 2 == 1 {
                // Across, at a right angle or not.
                let t = hits[last].crossing.t;
                let step = self.inset / from.dist(to);
                way.push(Corner {
                    at: from.lerp(to, (t - step).max(0.0)),
                    crossed,
                });
                crossed += 1;
                way.push(Corner {
                    at: from.lerp(to, (t + step).min(1.0)),
                    crossed,
                });
            }
            i = last + 1;
        }
        way.push(Corner { at: to, crossed });
        crossed < hits.len()
    }

    /// Goes round what stands between neighbouring corners of a way. False when that does not help.
    fn untangle(&mut self, scene: &[Standing], way: &mut Vec<Corner>) -> bool {
        let mut hits = Vec::new();
        let mut more = Vec::new();
        let mut k = 0;
        while k + 1 < way.len() {
            let (a, b) = (way[k], way[k + 1]);
            collect(&mut self.runs, &mut self.crossings, scene, a.at, b.at, &mut hits);
            if hits.len() == b.crossed - a.crossed {
                k += 1;
                continue;
            }
            more.clear();
            let better = self.follow(scene, &hits, a.at, b.at, &mut more);
            let crossed = more.last().map_or(0, |c| c.crossed);
            if !better || crossed != b.crossed - a.crossed || way.len() + more.len() > CORNERS {
                return false;
            }
            let between = more[1..more.len() - 1].iter().map(|c| Corner {
                at: c.at,
                crossed: a.crossed + c.crossed,
            });
            way.splice(k + 1..k + 1, between);
        }
        true
    }

    /// From every corner as far as can be seen; fills `via` and returns the length. None when something
    /// stands in the way.
    fn straighten(&mut self, scene: &[Standing], way: &[Corner]) -> Option<f64> {
        let mut at = 0;
        let mut length = 0.0;
        while at + 1 < way.len() {
            let a = way[at];
            let next = (at + 1..way.len()).rev().find(|&j| {
                let b = way[j];
                collect(
                    &mut self.runs,
                    &mut self.crossings,
                    scene,
                    a.at,
                    b.at,
                    &mut self.probe,
                );
                self.probe.len() == b.crossed - a.crossed
            })?;
            length += a.at.dist(way[next].at);
            if next + 1 < way.len() {
                self.via.push(way[next].at);
            }
            at = next;
        }
        Some(length)
    }
}

/// All crossings of a way with the walls of the layer.
fn collect(
    runs: &mut [Vec<Option<Runs>>],
    crossings: &mut Vec<Crossing>,
    scene: &[Standing],
    from: Point,
    to: Point,
    out: &mut Vec<Hit>,
) {
    out.clear();
    for (copy, c) in scene.iter().enumerate() {
        let (a, b) = (from - c.by, to - c.by);
        let way = BBox::of(&[a, b]);
        for (i, island) in c.plan.islands.iter().enumerate() {
            if !island.bbox.touches(&way) {
                continue;
            }
            let runs = runs[c.part][i].get_or_insert_with(|| Runs::new(&island.outline));
            crossings.clear();
            runs.crossings(&island.outline, a, b, crossings);
            out.extend(crossings.iter().map(|&crossing| Hit {
                wall: (copy as u32, i as u32, crossing.ring),
                crossing,
            }));
        }
    }
    out.sort_unstable_by(|a, b| a.crossing.t.total_cmp(&b.crossing.t).then(a.wall.cmp(&b.wall)));
}

/// The corners of a loop between two of its edges, the shorter way round, moved into the material by
/// `inset`, or out of it where that is negative; thinned out to a quarter of it.
fn along(l: &[Point], (from, to): (usize, usize), inset: f64) -> Vec<Point> {
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
    let moved: Vec<Point> = shorter
        .into_iter()
        .map(|i| {
            let (p, q, r) = (l[(i + n - 1) % n], l[i], l[(i + 1) % n]);
            let unit = |v: Point| {
                let len = v.norm().max(1.0);
                (f64::from(v.x) / len, f64::from(v.y) / len)
            };
            // The sum of both edges' normals, as long as the offset corner demands.
            let (u, v) = (unit(q - p), unit(r - q));
            let k = inset / (1.0 + u.0 * v.0 + u.1 * v.1).max(0.5);
            let f = |c: i32, d: f64| (f64::from(c) + d).round() as i32;
            Point::new(f(q.x, -(u.1 + v.1) * k), f(q.y, (u.0 + v.0) * k))
        })
        .collect();
    simplify_polyline(&moved, inset.abs() / 4.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::IslandPlan;
    use offcut_geometry::grid;
    use proptest::prelude::*;

    fn at(x: f64, y: f64) -> Point {
        Point::new(grid(x), grid(y))
    }

    fn square(x: f64, y: f64, r: f64) -> Vec<Point> {
        vec![
            at(x - r, y - r),
            at(x + r, y - r),
            at(x + r, y + r),
            at(x - r, y + r),
        ]
    }

    fn layer(islands: &[Vec<Point>]) -> LayerPlan {
        let islands = islands.iter().map(|l| {
            let outline: offcut_geometry::Loops = [l.clone()].into_iter().collect();
            IslandPlan {
                bbox: outline.bbox(),
                outline,
                ..IslandPlan::default()
            }
        });
        LayerPlan {
            islands: islands.collect(),
            ..LayerPlan::default()
        }
    }

    /// The way between two places of a layer, ends included.
    fn way(plan: &LayerPlan, detour: f64, from: Point, to: Point) -> Vec<Point> {
        let s = PrintSettings {
            avoid_crossing_perimeters: true,
            avoid_crossing_max_detour: LengthOrPercent::Mm(detour),
            ..PrintSettings::default()
        };
        let mut ways = Ways::new(&s);
        ways.reset([plan.islands.len()].into_iter());
        let by = at(1.0, 2.0);
        let scene = [Standing { part: 0, plan, by }];
        let here = Here {
            by,
            plan: Some(plan),
            scene: &scene,
            ..Here::BED
        };
        let chosen = ways.choose(here, from + by, to + by);
        let via: Vec<Point> = chosen.via.iter().map(|&p| p - by).collect();
        [from].into_iter().chain(via).chain([to]).collect()
    }

    fn length(way: &[Point]) -> f64 {
        way.windows(2).map(|w| w[0].dist(w[1])).sum::<f64>() / UNITS_PER_MM
    }

    /// How often a way crosses a loop; by the signs of areas, edge by edge.
    fn crossings(way: &[Point], l: &[Point]) -> usize {
        use offcut_geometry::point::orient;
        let parted = |a, b, p, q| (orient(a, b, p) > 0) != (orient(a, b, q) > 0);
        way.windows(2)
            .map(|w| {
                (0..l.len())
                    .map(|i| (l[i], l[(i + 1) % l.len()]))
                    .filter(|&(p, q)| parted(w[0], w[1], p, q) && parted(p, q, w[0], w[1]))
                    .count()
            })
            .sum()
    }

    #[test]
    fn the_way_past_an_island_is_tight() {
        let squares = [0.0, 20.0, 40.0].map(|x| square(x, 0.0, 5.0));
        let plan = layer(&squares);
        let w = way(&plan, 0.0, at(0.0, 0.0), at(40.0, 0.0));
        assert_eq!(squares.each_ref().map(|s| crossings(&w, s)), [1, 0, 1]);
        // A string around the corners of the one between, 0.4 mm away from it.
        let tight = 2.0 * 14.6f64.hypot(5.4) + 10.8;
        assert!((length(&w) - tight).abs() < 0.3, "{} {tight}", length(&w));
        // 1.9 mm longer than the straight one.
        assert_eq!(way(&plan, 1.0, at(0.0, 0.0), at(40.0, 0.0)).len(), 2);
        assert!(way(&plan, 3.0, at(0.0, 0.0), at(40.0, 0.0)).len() > 2);
        // Nothing stands between the first two.
        assert_eq!(way(&plan, 0.0, at(0.0, 0.0), at(20.0, 0.0)).len(), 2);
    }

    #[test]
    fn the_way_out_of_a_bay_does_not_cross_its_sides() {
        // A U that opens upwards, and a square below it: from between its arms out and around.
        let u = [
            (-10.0, 0.0),
            (10.0, 0.0),
            (10.0, 20.0),
            (6.0, 20.0),
            (6.0, 4.0),
            (-6.0, 4.0),
            (-6.0, 20.0),
            (-10.0, 20.0),
        ]
        .map(|(x, y)| at(x, y))
        .to_vec();
        let plan = layer(&[u.clone(), square(0.0, -20.0, 5.0)]);
        let w = way(&plan, 0.0, at(0.0, 10.0), at(0.0, -20.0));
        assert_eq!(crossings(&w, &u), 0, "{w:?}");
    }

    proptest! {
        #[test]
        fn a_detour_crosses_no_more_than_it_must(
            sides in prop::collection::vec(0.5f64..4.4, 25),
            ends in (0usize..25, 0usize..25),
        ) {
            let place = |k: usize| ((k % 5) as f64 * 10.0, (k / 5) as f64 * 10.0);
            let squares: Vec<_> = sides.iter().enumerate().map(|(k, &r)| square(place(k).0, place(k).1, r)).collect();
            let plan = layer(&squares);
            let ((x, y), (u, v)) = (place(ends.0), place(ends.1));
            let w = way(&plan, 0.0, at(x + 0.1, y + 0.2), at(u - 0.15, v + 0.3));
            for (k, s) in squares.iter().enumerate() {
                let must = usize::from((k == ends.0) != (k == ends.1));
                prop_assert_eq!(crossings(&w, s), must, "square {} of {:?}", k, &w);
            }
        }
    }
}
