//! Rings parallel to the walls of a region, as runs that a tool cuts from the inside out.
//!
//! In: where the tool's middle may be, the distance of rings. Out: runs of tracks; within a run the tool stays down.
//! Promised: the rings sweep all that the middle's region, grown by the radius, holds. A distance up to the radius
//! does so by itself: a point at depth d of the region lies d − k·s from ring k, exactly. Beyond that, what lies
//! between two rings and further than the radius from both (it is at their corners) gets pieces of a ring between.

use crate::path::{P2, Track, dist, lerp, mm, on_grid, stays_in};
use crate::{CutRole, Pass};
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::{LineClipper, Loops, Strands, clip, grid, islands};

/// How a region is to be swept.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Distance of rings or rows, mm.
    pub step: f64,
    /// The tool's radius, mm.
    pub radius: f64,
    /// Loops are run against their direction.
    pub reversed: bool,
    /// Rings run into each other.
    pub spiral: bool,
    /// Only what is near this is cut; all without it.
    pub only: Option<Loops>,
}

/// Tracks that a tool cuts one after the other without lifting.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The tracks; the first is where the tool gets down.
    pub tracks: Vec<Track>,
}

impl Run {
    /// Where the tool gets down to cut a level of that depth: a ramp of the length `way` ends where the first track
    /// begins.
    #[must_use]
    pub fn entry(&self, way: f64) -> P2 {
        let t = &self.tracks[0];
        if t.closed {
            t.at(-way).0
        } else {
            there_and_back(t).at(-way).0
        }
    }

    /// Length of the way that a ramp down goes round, mm.
    #[must_use]
    pub fn round(&self) -> f64 {
        let t = &self.tracks[0];
        t.length() * if t.closed { 1.0 } else { 2.0 }
    }

    /// Cuts the run at `z`, coming from the level `from`, on which the pass stands at [`entry`](Self::entry).
    pub fn cut(&self, from: f64, z: f64, way: f64, pass: &mut Pass) {
        for (i, t) in self.tracks.iter().enumerate() {
            let len = t.length();
            if i == 0 {
                let ring = if t.closed { t.clone() } else { there_and_back(t) };
                let kind = |k: usize| if k == 0 { CutRole::Ramp } else { CutRole::Slot };
                ring.walk(-way, &[(0.0, from), (way, z), (way + len, z)], kind, pass);
            } else {
                let p = t.points[0];
                pass.feed([p[0], p[1], z], CutRole::Slot);
                t.walk(0.0, &[(0.0, z), (len, z)], |_| CutRole::Rough, pass);
            }
        }
    }
}

fn there_and_back(t: &Track) -> Track {
    let back: Vec<P2> = t.points.iter().rev().skip(1).copied().collect();
    let n = back.len().saturating_sub(1);
    Track::new(t.points.iter().copied().chain(back.into_iter().take(n)), true).unwrap_or_else(|| t.clone())
}

/// A ring of one connected piece of an offset, with those inside it.
struct Node {
    region: Loops,
    children: Vec<Node>,
    /// Pieces between this ring and those inside, where both are too far away.
    between: Vec<Vec<P2>>,
}

/// Sweeps one connected region of the tool's middle by rings.
#[must_use]
pub fn runs(region: &Loops, w: &Wish) -> Vec<Run> {
    let root = grow(region, w);
    let mut out = Vec::new();
    let mut last: Option<Run> = None;
    visit(&root, w, &mut last, &mut out);
    out.extend(last);
    match &w.only {
        Some(only) => out.iter().flat_map(|r| near(r, only, w)).collect(),
        None => out,
    }
}

fn grow(region: &Loops, w: &Wish) -> Node {
    let inner = offset(region, -grid(w.step), Join::Round);
    let between = if w.step > w.radius {
        gaps(region, &inner, w)
    } else {
        Vec::new()
    };
    Node {
        region: region.clone(),
        children: islands(&inner).iter().map(|i| grow(&i.loops, w)).collect(),
        between,
    }
}

/// Pieces of the ring half way between a ring and the next, where neither sweeps.
fn gaps(region: &Loops, inner: &Loops, w: &Wish) -> Vec<Vec<P2>> {
    // A hair less than the radius, so that rounding makes no gap of a touch.
    let r = grid(w.radius) - 200;
    let left = clip::difference(&offset(region, -r, Join::Round), &offset(inner, r, Join::Round));
    let left = offset(&left, -100, Join::Miter);
    if left.is_empty() {
        return Vec::new();
    }
    let middle = offset(region, -grid(w.step / 2.0), Join::Round);
    clipped(&Track::rings(&middle, w.reversed), &offset(&left, r, Join::Round))
}

/// The pieces of tracks inside a region.
fn clipped(tracks: &[Track], region: &Loops) -> Vec<Vec<P2>> {
    let mut clipper = LineClipper::default();
    clipper.begin(region);
    let mut out = Vec::new();
    for t in tracks {
        let mut line: Vec<_> = t.points.iter().map(|p| on_grid(*p)).collect();
        if t.closed {
            line.push(line[0]);
        }
        let mut strands = Strands::default();
        strands.begin(region, 0.0);
        clipper.clip(region, &line, &mut strands);
        for s in strands.lines.iter() {
            out.push(s.iter().map(|p| mm(*p)).collect());
        }
    }
    out
}

/// The ring begun at its point nearest to `p`.
fn begun_near(t: &Track, p: P2) -> Track {
    let (s, _) = t.nearest(p);
    let first = t.at(s).0;
    let n = t.points.len();
    let i = t.ways().partition_point(|w| *w <= s);
    let rest = (0..n).map(|k| t.points[(i + k) % n]);
    Track::new(std::iter::once(first).chain(rest), true).unwrap_or_else(|| t.clone())
}

/// Inner rings first, then this ring's loops, each begun where the one before ends.
fn visit(node: &Node, w: &Wish, last: &mut Option<Run>, out: &mut Vec<Run>) {
    for child in &node.children {
        visit(child, w, last, out);
    }
    let mut loops = Track::rings(&node.region, w.reversed);
    let mut pieces: Vec<Track> = node
        .between
        .iter()
        .filter_map(|p| Track::new(p.iter().copied(), false))
        .collect();
    while !loops.is_empty() || !pieces.is_empty() {
        let here = last.as_ref().map(end_of);
        // Pieces between are cut before the ring around them.
        let list = if pieces.is_empty() {
            &mut loops
        } else {
            &mut pieces
        };
        let i = match here {
            None => 0,
            Some(p) => (0..list.len())
                .min_by(|a, b| list[*a].nearest(p).1.total_cmp(&list[*b].nearest(p).1))
                .unwrap_or(0),
        };
        let t = list.swap_remove(i);
        let t = match here {
            Some(p) if t.closed => begun_near(&t, p),
            Some(p) if dist(t.points[0], p) > dist(t.points[t.points.len() - 1], p) => t.reversed(),
            _ => t,
        };
        match (last.as_mut(), here) {
            // Inside this ring all is cut, so the way to it is free but for the ring's own width.
            (Some(run), Some(p)) if stays_in(&node.region, p, t.points[0]) => {
                if w.spiral && t.closed {
                    blend(run, &t, &node.region);
                }
                run.tracks.push(t);
            }
            _ => {
                out.extend(last.take());
                *last = Some(Run { tracks: vec![t] });
            }
        }
    }
}

fn end_of(run: &Run) -> P2 {
    let t = &run.tracks[run.tracks.len() - 1];
    if t.closed {
        t.points[0]
    } else {
        t.points[t.points.len() - 1]
    }
}

/// Adds a round that leads from the last ring over to the next by growing.
fn blend(run: &mut Run, next: &Track, region: &Loops) {
    let Some(ring) = run.tracks.last().filter(|t| t.closed) else {
        return;
    };
    let (a, b) = (ring.length(), next.length());
    let n = (ring.points.len().max(next.points.len())).clamp(32, 720);
    // Points of the same share of the way are joined only where rings are alike.
    let points: Vec<P2> = (0..=n)
        .map(|i| {
            let t = i as f64 / n as f64;
            lerp(ring.at(t * a).0, next.at((t * b).min(b - 1e-9)).0, t)
        })
        .collect();
    // Only where the ring can grow into the next one without leaving what this one may sweep.
    let reach = 1.5 * dist(ring.points[0], next.points[0]) + 1e-3;
    let near = points
        .iter()
        .all(|p| ring.nearest(*p).1 + next.nearest(*p).1 < reach)
        && points.windows(2).all(|w| stays_in(region, w[0], w[1]));
    if let (true, Some(t)) = (near, Track::new(points, false)) {
        run.tracks.push(t);
    }
}

/// The parts of a run that sweep something of `only`.
fn near(run: &Run, only: &Loops, w: &Wish) -> Vec<Run> {
    let reach = offset(only, grid(w.radius) - 100, Join::Round);
    clipped(&run.tracks, &reach)
        .into_iter()
        .filter_map(|p| {
            let closed = p.len() > 3 && dist(p[0], p[p.len() - 1]) < 1e-4;
            Track::new(p, closed)
        })
        .map(|t| Run { tracks: vec![t] })
        .collect()
}
