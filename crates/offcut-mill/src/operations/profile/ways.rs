//! The rings that a profile runs along: those of the levels, and those of the last round.
//!
//! In: the contours, the tool, what the levels leave. Out: rings with their order. Promised: each contour that the
//! tool fits along has one ring of its own, on which the tool comes to it.

use super::{Corners, Direction, Profile, Side};
use crate::operations::engrave::ordered;
use crate::operations::{Plan, corners};
use crate::path::{Track, dist, mm};
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::{BBox, Loops, Point, grid, loops};

/// The ways around the contours.
pub(super) struct Ways {
    /// The levels' rings, holes before outlines, each with the rings of the last round that begin from it: all of
    /// these, and where on the levels' ring that is.
    pub rough: Vec<(Track, Vec<(usize, f64)>)>,
    /// The last round: at the contours themselves.
    pub last: Vec<Track>,
}

impl Profile {
    /// The rings at a distance from the contours.
    fn at(&self, plan: &Plan<'_>, distance: f64) -> Loops {
        match self.side {
            Side::Outside => offset(plan.region, grid(distance), Join::Round),
            Side::Inside => offset(plan.region, -grid(distance), Join::Round),
            Side::On => plan.region.clone(),
        }
    }

    /// The rings of the levels and of the last round. Where the tool fits only without what the levels leave, they
    /// go along the contour at once.
    pub(super) fn ways(&self, plan: &Plan<'_>) -> Ways {
        let (distance, r) = (plan.tool.radius() + self.leave, plan.tool.radius());
        let exact = self.at(plan, distance);
        let count = plan.region.len();
        if exact.len() < count && self.side != Side::On {
            plan.notes.add(format!(
                "{} of {count} contours are narrower than the tool of {} mm, or nearer to each other, and have no path of their own",
                count - exact.len(),
                plan.tool.diameter
            ));
        }
        let finish = if self.side == Side::On {
            0.0
        } else {
            self.finish.max(0.0)
        };
        let ring = |l: &[Point], d: f64| Some(self.relieved(plan, Track::ring(l, self.reversed())?, d));
        if finish == 0.0 {
            let list: Vec<(&[Point], f64)> = exact.iter().map(|l| (l, distance)).collect();
            let tracks = inner_first(&list, ring).into_iter();
            return Ways {
                rough: tracks.map(|t| (t, Vec::new())).collect(),
                last: Vec::new(),
            };
        }
        let wide = self.at(plan, distance + finish);
        // Where the levels' rings come near; the last round does not leave that.
        let reach = grid(r.max(2.0 * finish));
        let near = match self.side {
            Side::Inside => offset(&wide, reach, Join::Round),
            _ => offset(&wide, -reach, Join::Round),
        };
        let prepared = |l: &[Point]| {
            let mut places = loops::edges(l)
                .flat_map(|(a, b)| [a, Point::new(i32::midpoint(a.x, b.x), i32::midpoint(a.y, b.y))]);
            places.all(|p| near.contains(p) == (self.side == Side::Inside))
        };
        let (later, once): (Vec<&[Point]>, Vec<&[Point]>) = exact.iter().partition(|l| prepared(l));
        if !once.is_empty() {
            plan.notes.add(format!(
                "{} contours have no finishing round: there the levels' rings have no room beside them",
                once.len()
            ));
        }
        let last: Vec<Track> = later.iter().filter_map(|l| ring(l, distance)).collect();
        let alone: Vec<Track> = once.iter().filter_map(|l| Track::ring(l, false)).collect();
        // What goes along the contour at once needs no levels beside it.
        let list: Vec<(&[Point], f64)> = wide
            .iter()
            .filter(|l| {
                let to = |t: &Track| t.nearest(mm(l[0])).1;
                let far = |list: &[Track]| list.iter().map(to).fold(f64::INFINITY, f64::min);
                far(&last) <= far(&alone)
            })
            .map(|l| (l, distance + finish))
            .chain(once.iter().map(|l| (*l, distance)))
            .collect();
        let tracks = inner_first(&list, ring).into_iter();
        let mut rough: Vec<(Track, Vec<(usize, f64)>)> = tracks.map(|t| (t, Vec::new())).collect();
        for (k, t) in last.iter().enumerate() {
            // The corners of a ring that lies beside another are as near as it gets.
            let nearest = |i: &usize| {
                let places = t.points.iter().step_by(t.points.len().div_ceil(16));
                let near = places.map(|p| rough[*i].0.nearest(*p));
                near.min_by(|a, b| a.1.total_cmp(&b.1))
                    .unwrap_or((0.0, f64::INFINITY))
            };
            let best = (0..rough.len()).map(|i| (nearest(&i), i));
            if let Some(((from, _), i)) = best.min_by(|a, b| a.0.1.total_cmp(&b.0.1)) {
                rough[i].1.push((k, from));
            }
        }
        Ways { rough, last }
    }

    /// Material lies to the right of a climbing tool. Loops of a region keep the region on their left.
    fn reversed(&self) -> bool {
        (self.side == Side::Inside) == (self.direction == Direction::Conventional)
    }

    /// A ring with the reliefs of its inner corners.
    fn relieved(&self, plan: &Plan<'_>, t: Track, distance: f64) -> Track {
        if self.corners == Corners::Round || self.side == Side::On {
            return t;
        }
        corners::relieve(
            &t,
            [plan.tool.radius(), distance - plan.tool.radius()],
            self.corners,
            self.material_on_right(),
            plan.region,
        )
        .unwrap_or(t)
    }

    fn material_on_right(&self) -> bool {
        self.direction == Direction::Climb
    }
}

/// Loops, each with its distance from the contours, as tracks that begin on a side: what lies deepest within others first, so holes before their outlines, and
/// parts within holes before those.
fn inner_first(list: &[(&[Point], f64)], track: impl Fn(&[Point], f64) -> Option<Track>) -> Vec<Track> {
    let depths = depths(list);
    let mut all = Vec::new();
    for depth in (0..=depths.iter().copied().max().unwrap_or(0)).rev() {
        let tracks: Vec<Track> = (list.iter().zip(&depths))
            .filter(|(_, d)| **d == depth)
            .filter_map(|((l, by), _)| track(l, *by))
            .collect();
        all.extend(ordered(&tracks));
    }
    all.into_iter().map(|t| begun_on_a_side(&t)).collect()
}

/// Within how many others each loop lies.
fn depths(list: &[(&[Point], f64)]) -> Vec<u32> {
    let boxes: Vec<_> = list.iter().map(|l| BBox::of(l.0)).collect();
    (list.iter().enumerate())
        .map(|(i, l)| {
            let p = l.0.first().copied().unwrap_or_default();
            let holds = |k: usize| k != i && boxes[k].contains(p) && loops::winding(list[k].0, p) != 0;
            (0..list.len()).filter(|k| holds(*k)).count() as u32
        })
        .collect()
}

/// Open lines as rings there and back.
pub(super) fn open_lines(plan: &Plan<'_>) -> Vec<Track> {
    let lines: Vec<Track> = plan
        .lines
        .iter()
        .filter_map(|l| Track::new(l.iter().map(|p| mm(*p)), false))
        .collect();
    ordered(&lines)
        .into_iter()
        .filter_map(|t| {
            let back: Vec<_> = t.points.iter().rev().skip(1).copied().collect();
            let n = back.len().saturating_sub(1);
            Track::new(t.points.into_iter().chain(back.into_iter().take(n)), true)
        })
        .collect()
}

/// The ring begun in the middle of its longest side, where a ramp starts well.
fn begun_on_a_side(t: &Track) -> Track {
    let n = t.points.len();
    let longest = (0..n)
        .max_by(|a, b| {
            let side = |i: usize| dist(t.points[i], t.points[(i + 1) % n]);
            side(*a).total_cmp(&side(*b)).then(b.cmp(a))
        })
        .unwrap_or(0);
    let (a, b) = (t.points[longest], t.points[(longest + 1) % n]);
    let middle = crate::path::lerp(a, b, 0.5);
    let rest = (1..=n).map(|k| t.points[(longest + k) % n]);
    Track::new(std::iter::once(middle).chain(rest), true).unwrap_or_else(|| t.clone())
}
