//! Runs of lines and arcs: length, stretches, corners, smoothing of curves into arcs, widening by the kerf.

use offcut_gcode::Vertex;
use offcut_gcode::arcs::fit_line;
use offcut_geometry::drawing::{Curve, Segment, Vec2};
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::{GridError, Loops, Point, UNITS_PER_MM, clip, grid, to_grid, to_mm};

/// Curves are chords within this before arcs are fitted to them, mm.
const FINE: f64 = 0.002;
/// Arcs stay within this of what they stand for, mm.
const FIT: f64 = 0.006;
/// A turn sharper than this is a corner, cosine (20°).
const CORNER: f64 = 0.94;

/// The length of a run, mm.
pub(crate) fn length(run: &[Segment]) -> f64 {
    run.iter().map(Segment::length).sum()
}

/// The stretch of a run between two distances from its start, mm; past the end a closed run goes on.
pub(crate) fn stretch(run: &[Segment], from: f64, to: f64) -> Vec<Segment> {
    const LEAST: f64 = 1e-6;
    let mut out = Vec::new();
    let mut at = 0.0;
    let whole = length(run);
    if whole <= LEAST {
        return out;
    }
    while at < to - LEAST {
        for s in run {
            let len = s.length();
            let (lo, hi) = ((from - at).max(0.0), (to - at).min(len));
            if hi - lo > LEAST && len > 0.0 {
                if lo <= 0.0 && hi >= len {
                    out.push(*s);
                } else {
                    out.push(s.part(lo / len, hi / len));
                }
            }
            at += len;
        }
    }
    out
}

/// Distances from the start at which a run turns sharply; a closed run's start counts.
pub(crate) fn corners(run: &[Segment], closed: bool) -> Vec<f64> {
    let mut out = Vec::new();
    let mut at = 0.0;
    for (i, s) in run.iter().enumerate() {
        let before = match i {
            0 if closed => run.last(),
            0 => None,
            _ => run.get(i - 1),
        };
        if before.is_some_and(|b| b.direction(true).dot(s.direction(false)) < CORNER) {
            out.push(at);
        }
        at += s.length();
    }
    out
}

/// Turns a run around.
pub(crate) fn reversed(run: &[Segment]) -> Vec<Segment> {
    run.iter().rev().map(Segment::reversed).collect()
}

/// A run in which curves have become arcs and lines, and specks are gone.
pub(crate) fn smooth(run: &[Segment]) -> Vec<Segment> {
    let mut out: Vec<Segment> = Vec::with_capacity(run.len());
    let mut i = 0;
    while i < run.len() {
        let curves = run[i..]
            .iter()
            .take_while(|s| matches!(s.curve, Curve::Cubic(..)))
            .count();
        if curves == 0 {
            out.push(run[i]);
            i += 1;
            continue;
        }
        // Smooth joints between curves need no break, sharp ones do.
        let mut from = i;
        for k in i..i + curves {
            let sharp =
                k + 1 == i + curves || run[k].direction(true).dot(run[k + 1].direction(false)) < 0.999;
            if sharp {
                fit_curves(&run[from..=k], &mut out);
                from = k + 1;
            }
        }
        i += curves;
    }
    out.retain(|s| s.length() > 1e-4);
    // Ends stay on each other where a speck went.
    for k in 1..out.len() {
        out[k].a = out[k - 1].b;
    }
    out
}

fn fit_curves(curves: &[Segment], out: &mut Vec<Segment>) {
    let Some(first) = curves.first() else { return };
    let mut points = vec![first.a];
    for c in curves {
        c.flatten(FINE, &mut points);
    }
    let from = out.len();
    fit_points(&points, out);
    if let (Some(s), Some(last)) = (out.last_mut(), points.last()) {
        s.b = *last;
    }
    if let Some(s) = out.get_mut(from) {
        s.a = first.a;
    }
}

/// Arcs and lines through points.
fn fit_points(points: &[Vec2], out: &mut Vec<Segment>) {
    let mut line: Vec<Vertex> = Vec::with_capacity(points.len());
    for p in points {
        let v = Vertex::new(Point::new(grid(p.x), grid(p.y)), 0);
        if line.last() != Some(&v) {
            line.push(v);
        }
    }
    let (mut ends, mut arcs) = (Vec::new(), Vec::new());
    fit_line(&line, FIT * UNITS_PER_MM, &mut ends, &mut arcs);
    let Some(&first) = line.first() else { return };
    let mm = |p: Point| Vec2::new(to_mm(p.x), to_mm(p.y));
    let mut a = mm(first.xy());
    let mut next = arcs.iter().peekable();
    for (i, v) in ends.iter().enumerate() {
        let b = mm(v.xy());
        match next.next_if(|x| x.vertex as usize == i) {
            Some(arc) => {
                let c = mm(arc.center);
                let (u, w) = (a - c, b - c);
                let mut sweep = libm::atan2(u.cross(w), u.dot(w));
                if arc.ccw && sweep <= 0.0 {
                    sweep += std::f64::consts::TAU;
                } else if !arc.ccw && sweep >= 0.0 {
                    sweep -= std::f64::consts::TAU;
                }
                Segment::push_arc(a, b, libm::tan(sweep / 4.0), out);
            }
            None => out.push(Segment::line(a, b)),
        }
        a = b;
    }
}

/// A closed run as one loop on the grid, in its direction.
pub(crate) fn push_loop(run: &[Segment], tolerance: f64, out: &mut Loops) -> Result<(), GridError> {
    let mut points = Vec::new();
    for s in run {
        s.flatten(tolerance, &mut points);
    }
    let mut ring = Vec::with_capacity(points.len());
    for p in points {
        let p = Point::new(to_grid(p.x)?, to_grid(p.y)?);
        if ring.last() != Some(&p) {
            ring.push(p);
        }
    }
    while ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    if ring.len() > 2 {
        out.push(&ring);
    }
    Ok(())
}

/// Loops as runs of lines and arcs, each beginning at its sharpest corner.
pub(crate) fn runs_of(loops: &Loops) -> Vec<Vec<Segment>> {
    let mut out = Vec::new();
    for l in loops.iter() {
        let n = l.len();
        let v = |i: usize| Vec2::new(to_mm(l[i % n].x), to_mm(l[i % n].y));
        let turn = |i: usize| {
            let (a, b) = (v(i) - v(i + n - 1), v(i + 1) - v(i));
            a.dot(b) / (a.norm() * b.norm()).max(1e-12)
        };
        let sharpest = (0..n).min_by(|a, b| turn(*a).total_cmp(&turn(*b))).unwrap_or(0);
        let points: Vec<Vec2> = (0..=n).map(|k| v(sharpest + k)).collect();
        let mut run = Vec::new();
        fit_points(&points, &mut run);
        if !run.is_empty() {
            out.push(run);
        }
    }
    out
}

/// A closed run moved by `d` mm to the outside (or the inside when negative), counter-clockwise; nothing when it
/// vanishes.
pub(crate) fn widened(run: &[Segment], d: f64) -> Result<Vec<Vec<Segment>>, GridError> {
    let mut ring = Loops::new();
    push_loop(run, FINE, &mut ring)?;
    if ring.area2() < 0 {
        ring.reverse_all();
    }
    let mut out = Vec::new();
    for l in runs_of(&offset(&clip::non_zero(&ring), grid(d), Join::Round)) {
        out.push(l);
    }
    Ok(out)
}
