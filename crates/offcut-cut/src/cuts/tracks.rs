//! Contours become tracks: what is cut in one go, with the places where it may be begun.

use super::leads::{Inside, Obstacles, in_waste, lead_in, lead_out};
use super::order::Node;
use super::run::{smooth, widened};
use super::style::{Action, Style};
use super::{CutError, CutJob, CutReport, fill, shared};
use crate::JOIN_TOLERANCE;
use crate::depth::{Place, Shapes, places_of};
use offcut_gcode::program::CutRole;
use offcut_geometry::drawing::{self, Curve, Segment, Vec2};

/// What is cut in one go.
pub(super) struct Track {
    pub run: Vec<Segment>,
    pub closed: bool,
    pub style: usize,
    /// The outline of a part: waste lies outside, tabs hold it.
    pub outline: bool,
    /// Waste lies to its right.
    pub waste: bool,
    /// Lines of a filled area; `run` is empty then.
    pub rows: Vec<fill::FillRow>,
    pub after: Vec<u32>,
    pub priority: i32,
    /// Where it may be begun: segment and how far along it (0 to 1).
    pub starts: Vec<(u32, f64)>,
}

/// Arcs may be begun at every so many radians of them.
const ARC_STARTS: f64 = 0.4;

impl Track {
    fn new(run: Vec<Segment>, closed: bool, style: usize, styles: &[Style]) -> Self {
        let mut starts = Vec::new();
        if closed {
            for (i, s) in run.iter().enumerate() {
                let n = match s.curve {
                    Curve::Arc(k) => (4.0 * libm::atan(k).abs() / ARC_STARTS).ceil().max(1.0) as u32,
                    _ => 1,
                };
                starts.extend((0..n).map(|k| (i as u32, f64::from(k) / f64::from(n))));
            }
        }
        Self {
            run,
            closed,
            style,
            outline: false,
            waste: false,
            rows: Vec::new(),
            after: Vec::new(),
            priority: styles[style].priority,
            starts,
        }
    }

    fn filled(rows: Vec<fill::FillRow>, style: usize, styles: &[Style]) -> Self {
        Self {
            rows,
            ..Self::new(Vec::new(), false, style, styles)
        }
    }

    /// Places where it may begin, for the order.
    pub fn node(&self) -> Node {
        let starts = if let (Some(first), Some(last)) = (self.rows.first(), self.rows.last()) {
            vec![first.from, last.to]
        } else if self.closed {
            self.starts
                .iter()
                .map(|(i, t)| self.run[*i as usize].at(*t))
                .collect()
        } else {
            self.run
                .first()
                .zip(self.run.last())
                .map_or(Vec::new(), |(a, b)| vec![a.a, b.b])
        };
        Node {
            starts,
            closed: self.closed,
            priority: self.priority,
            after: self.after.clone(),
        }
    }
}

/// All tracks of a job, with what has to come after what.
pub(super) fn tracks(job: &CutJob, report: &mut CutReport) -> Result<Vec<Track>, CutError> {
    let list = job.contours;
    let style = |i: usize| &job.styles[job.style_of[i]];
    let live: Vec<bool> = (0..list.len())
        .map(|i| style(i).action != Action::Ignore && !list[i].segments.is_empty())
        .collect();
    report.contours = live.iter().filter(|l| **l).count();
    let shapes = Shapes::new(list);
    let closed: Vec<bool> = (0..list.len()).map(|i| live[i] && list[i].closed).collect();
    // Which contours lie in which, all together for the order and those cut through for the side of the kerf.
    let all = places_of(&shapes, list, &closed);
    let through: Vec<bool> = (0..list.len())
        .map(|i| closed[i] && style(i).role == CutRole::Cut && style(i).action == Action::Line)
        .collect();
    let cut = if through == closed {
        all.clone()
    } else {
        places_of(&shapes, list, &through)
    };
    let parent = parents(job, &shapes, &all, &live);

    let mut out: Vec<Track> = Vec::new();
    // The tracks of every contour.
    let mut made: Vec<Vec<u32>> = vec![Vec::new(); list.len()];
    let mut outlines: Vec<(usize, Vec<Segment>)> = Vec::new();
    for i in (0..list.len()).filter(|i| live[*i]) {
        let s = style(i);
        let fills = matches!(s.action, Action::Hatch | Action::CrossHatch | Action::Offsets);
        if fills && list[i].closed {
            continue;
        }
        if !through[i] {
            let run = smooth(&list[i].segments);
            if !run.is_empty() {
                made[i].push(out.len() as u32);
                out.push(Track::new(run, list[i].closed, job.style_of[i], job.styles));
            }
            continue;
        }
        for run in cut_runs(&list[i].segments, s.kerf, cut[i])? {
            outlines.push((i, run));
        }
        if outlines.last().is_none_or(|o| o.0 != i) {
            report.vanished += 1;
        }
    }
    close_outlines(job, outlines, &cut, &mut out, &mut made, report);
    fill_areas(job, &closed, &mut out, &mut made)?;

    for i in 0..list.len() {
        // Of several parents without a track the next one that has some.
        let mut p = parent[i];
        while let Some(q) = p.filter(|q| made[*q].is_empty()) {
            p = parent[q];
        }
        let Some(p) = p else { continue };
        // What shares edges with what lies around it is cut in the same trails.
        if made[i].iter().any(|t| made[p].contains(t)) {
            continue;
        }
        for &t in &made[i] {
            for &u in &made[p] {
                if !out[t as usize].after.contains(&u) {
                    out[t as usize].after.push(u);
                }
            }
        }
    }
    Ok(out)
}

/// The contour around each one that has to wait for it.
fn parents(job: &CutJob, shapes: &Shapes, all: &[Place], live: &[bool]) -> Vec<Option<usize>> {
    let list = job.contours;
    let mut parent: Vec<Option<usize>> = all.iter().map(|p| p.parent).collect();
    let open: Vec<usize> = (0..list.len()).filter(|i| live[*i] && !list[*i].closed).collect();
    if open.is_empty() {
        return parent;
    }
    let around: Vec<(drawing::Bounds, usize)> = (0..list.len())
        .filter(|i| live[*i] && list[*i].closed)
        .map(|i| (list[i].bounds(), i))
        .collect();
    for i in open {
        let p = list[i].segments[0].at(0.5);
        parent[i] = around
            .iter()
            .filter(|(b, _)| b.min.x <= p.x && p.x <= b.max.x && b.min.y <= p.y && p.y <= b.max.y)
            .filter(|(_, k)| shapes.holds_point(*k, p))
            .max_by_key(|(_, k)| all[*k].depth)
            .map(|(_, k)| *k);
    }
    parent
}

/// A closed contour to be cut through, by its depth: outlines counter-clockwise and wider by half the kerf, holes
/// clockwise and narrower.
fn cut_runs(segments: &[Segment], kerf: f64, place: Place) -> Result<Vec<Vec<Segment>>, CutError> {
    let outline = place.depth.is_multiple_of(2);
    let mut runs = if kerf > 0.0 {
        widened(segments, if outline { kerf / 2.0 } else { -kerf / 2.0 })?
    } else {
        vec![smooth(segments)]
    };
    runs.retain(|r| !r.is_empty());
    for r in &mut runs {
        if (drawing::area(r) > 0.0) != outline {
            drawing::reverse(r);
        }
    }
    Ok(runs)
}

/// Outlines and holes as tracks, shared edges once.
fn close_outlines(
    job: &CutJob,
    outlines: Vec<(usize, Vec<Segment>)>,
    cut: &[Place],
    out: &mut Vec<Track>,
    made: &mut [Vec<u32>],
    report: &mut CutReport,
) {
    let found = if job.common_lines {
        let runs: Vec<&[Segment]> = outlines.iter().map(|o| o.1.as_slice()).collect();
        shared::common(&runs, JOIN_TOLERANCE)
    } else {
        shared::Shared {
            family: vec![None; outlines.len()],
            ..shared::Shared::default()
        }
    };
    report.shared_mm = found.saved;
    let families = found.trails.iter().map(|t| t.family + 1).max().unwrap_or(0);
    // The contours of every family, and a style to cut it with.
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); families];
    for ((i, run), family) in outlines.into_iter().zip(&found.family) {
        if let Some(f) = family {
            members[*f].push(i);
            continue;
        }
        made[i].push(out.len() as u32);
        let mut t = Track::new(run, true, job.style_of[i], job.styles);
        t.outline = cut[i].depth.is_multiple_of(2);
        t.waste = true;
        out.push(t);
    }
    for t in found.trails {
        let Some(&first) = members[t.family].first() else {
            continue;
        };
        for &i in &members[t.family] {
            made[i].push(out.len() as u32);
        }
        out.push(Track::new(t.run, t.closed, job.style_of[first], job.styles));
    }
}

/// What closed contours of filling styles enclose, one area per style.
fn fill_areas(
    job: &CutJob,
    closed: &[bool],
    out: &mut Vec<Track>,
    made: &mut [Vec<u32>],
) -> Result<(), CutError> {
    for (k, style) in job.styles.iter().enumerate() {
        if !matches!(style.action, Action::Hatch | Action::CrossHatch | Action::Offsets) {
            continue;
        }
        let mine: Vec<usize> = (0..job.contours.len())
            .filter(|i| closed[*i] && job.style_of[*i] == k)
            .collect();
        if mine.is_empty() || style.interval <= 0.0 {
            continue;
        }
        let region = fill::region(mine.iter().map(|i| job.contours[*i].segments.as_slice()))?;
        let first = out.len() as u32;
        if style.action == Action::Offsets {
            for run in fill::offsets(&region, style) {
                out.push(Track::new(run, true, k, job.styles));
            }
        }
        for angle in fill::angles(style) {
            let mut rows = Vec::new();
            fill::rows(&region, style, angle, &mut rows);
            if !rows.is_empty() {
                out.push(Track::filled(rows, k, job.styles));
            }
        }
        // The area belongs to all its contours; what lies around any of them waits for it.
        for i in mine {
            made[i].extend(first..out.len() as u32);
        }
    }
    Ok(())
}

/// Starts whose leads are looked at, most.
const LOOKED_AT: usize = 96;

/// Keeps the starts where both leads have room in their full length, if there are any; else takes such middles of
/// sides.
pub(super) fn keep_roomy(t: &mut Track, style: &Style, obstacles: &Obstacles) {
    if !t.waste {
        return;
    }
    let step = t.starts.len().div_ceil(LOOKED_AT).max(1);
    let inside = Inside::new(&t.run);
    let outline = t.outline;
    let fits = |(i, at): (u32, f64)| {
        let s = t.run[i as usize];
        let place = s.at(at);
        let (ahead, behind) = if at > 0.0 {
            let d = s.part(at, 1.0).direction(false);
            (d, d)
        } else {
            let before = if i == 0 { t.run.len() - 1 } else { i as usize - 1 };
            (s.direction(false), t.run[before].direction(true))
        };
        let free = |l: Option<Vec<Segment>>, far: fn(&[Segment]) -> Vec2| {
            l.is_none_or(|l| {
                in_waste(&l, place, ahead, behind)
                    && inside.is_waste(far(&l), outline)
                    && !obstacles.hit(&l, place)
            })
        };
        free(lead_in(place, ahead, behind, style.lead_in), |l| l[0].a)
            && free(lead_out(place, ahead, behind, style.lead_out), |l| {
                l[l.len() - 1].b
            })
    };
    let mut roomy: Vec<(u32, f64)> = t
        .starts
        .iter()
        .copied()
        .step_by(step)
        .filter(|s| fits(*s))
        .collect();
    if roomy.is_empty() {
        // Corners that point inwards leave no room for a quarter circle; the middles of sides do.
        let sides = (0..t.run.len() as u32).map(|i| (i, 0.5));
        let step = t.run.len().div_ceil(LOOKED_AT).max(1);
        roomy = sides.step_by(step).filter(|s| fits(*s)).collect();
    }
    if !roomy.is_empty() {
        t.starts = roomy;
    }
}

/// The run from a start, for closed tracks; reversed for open ones that are cut from their end.
pub(super) fn run_from(t: &Track, start: u32) -> Vec<Segment> {
    if !t.closed {
        return if start == 0 {
            t.run.clone()
        } else {
            super::run::reversed(&t.run)
        };
    }
    let (i, at) = t.starts[start as usize];
    let i = i as usize;
    let mut run: Vec<Segment> = Vec::with_capacity(t.run.len() + 1);
    if at > 0.0 {
        run.push(t.run[i].part(at, 1.0));
        run.extend_from_slice(&t.run[i + 1..]);
        run.extend_from_slice(&t.run[..i]);
        let mut head = t.run[i].part(0.0, at);
        head.b = run[0].a;
        run.push(head);
    } else {
        run.extend_from_slice(&t.run[i..]);
        run.extend_from_slice(&t.run[..i]);
    }
    run
}

/// Middle of the first segment: a point of the run.
pub(super) fn ends(run: &[Segment]) -> Option<(Vec2, Vec2)> {
    Some((run.first()?.a, run.last()?.b))
}
