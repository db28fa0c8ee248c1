//! Open paths that run where something is cut already.

use crate::contours::{Contour, Repairs};
use offcut_geometry::drawing::{Bounds, Curve, Segment, Vec2};

/// The distance from a point to the edges of a polygon or polyline, mm.
pub(crate) fn distance(p: Vec2, points: &[Vec2], closed: bool) -> f64 {
    let edges = points.iter().zip(points.iter().cycle().skip(1));
    let count = if closed {
        points.len()
    } else {
        points.len().saturating_sub(1)
    };
    edges
        .take(count)
        .map(|(a, b)| to_line(p, *a, *b))
        .fold(f64::INFINITY, f64::min)
}

fn to_line(p: Vec2, a: Vec2, b: Vec2) -> f64 {
    let d = b - a;
    let len2 = d.dot(d);
    let t = if len2 > 0.0 {
        ((p - a).dot(d) / len2).clamp(0.0, 1.0)
    } else {
        0.0
    };
    p.dist(a + d * t)
}

/// The stretch of `s` (as parameters) that lies on `o`.
pub(crate) fn covered(s: &Segment, o: &Segment, tolerance: f64) -> Option<(f64, f64)> {
    match (s.curve, o.curve) {
        (Curve::Line, Curve::Line) => {
            let d = s.b - s.a;
            let len2 = d.dot(d);
            let at = |p: Vec2| (p - s.a).dot(d) / len2;
            let (t0, t1) = (at(o.a), at(o.b));
            let (lo, hi) = (t0.min(t1).max(0.0), t0.max(t1).min(1.0));
            let on = |t: f64| to_line(s.at(t), o.a, o.b) <= tolerance;
            (len2 > 0.0 && (hi - lo) * len2.sqrt() > tolerance && on(lo) && on(hi)).then_some((lo, hi))
        }
        (Curve::Arc(_), Curve::Arc(_)) => {
            let (c, k) = (s.circle()?, o.circle()?);
            if c.center.dist(k.center) > tolerance || (c.radius - k.radius).abs() > tolerance {
                return None;
            }
            // Angles along s, from its start in its own direction.
            let turn = std::f64::consts::TAU;
            let (from, sweep) = if (c.sweep > 0.0) == (k.sweep > 0.0) {
                (k.start, k.sweep.abs())
            } else {
                (k.start + k.sweep, k.sweep.abs())
            };
            let begin = ((from - c.start) * c.sweep.signum()).rem_euclid(turn);
            let begin = if begin + sweep > turn + 1e-9 && begin > c.sweep.abs() {
                begin - turn
            } else {
                begin
            };
            let (lo, hi) = (begin.max(0.0), (begin + sweep).min(c.sweep.abs()));
            ((hi - lo) * c.radius > tolerance).then(|| (lo / c.sweep.abs(), hi / c.sweep.abs()))
        }
        (Curve::Cubic(a1, a2), Curve::Cubic(b1, b2)) => {
            let near = |p: Vec2, q: Vec2| p.dist(q) <= tolerance;
            let same = near(s.a, o.a) && near(s.b, o.b) && near(a1, b1) && near(a2, b2);
            let back = near(s.a, o.b) && near(s.b, o.a) && near(a1, b2) && near(a2, b1);
            (same || back).then_some((0.0, 1.0))
        }
        _ => None,
    }
}

/// Removes open contours that are whole copies of earlier ones of the same kind: two edges between the same ends would
/// have no order around them, by which faces are told.
pub(crate) fn remove_copies(open: &mut Vec<Contour>, tolerance: f64, repairs: &mut Repairs) {
    let boxes: Vec<Bounds> = open.iter().map(Contour::bounds).collect();
    let mut order: Vec<usize> = (0..open.len()).collect();
    order.sort_by(|a, b| boxes[*a].min.x.total_cmp(&boxes[*b].min.x).then(a.cmp(b)));
    let mut drop = vec![false; open.len()];
    for (k, &i) in order.iter().enumerate() {
        for &j in &order[k + 1..] {
            if boxes[j].min.x > boxes[i].min.x + tolerance {
                break;
            }
            let (first, later) = (i.min(j), i.max(j));
            let same_box = boxes[i].holds(&boxes[j], tolerance) && boxes[j].holds(&boxes[i], tolerance);
            if same_box && !drop[first] && !drop[later] && copies(&open[first], &open[later], tolerance) {
                drop[later] = true;
                repairs.duplicate_length_mm += open[later].length();
            }
        }
    }
    let mut gone = drop.iter();
    open.retain(|_| gone.next() == Some(&false));
}

/// The same segments, in either direction.
fn copies(a: &Contour, b: &Contour, tolerance: f64) -> bool {
    let n = a.segments.len();
    if n != b.segments.len() || a.group() != b.group() {
        return false;
    }
    let same = |s: &Segment, o: &Segment| {
        let whole = |c: Option<(f64, f64)>| {
            let spare = tolerance / s.length().max(tolerance);
            c.is_some_and(|(lo, hi)| lo <= spare && hi >= 1.0 - spare)
        };
        whole(covered(s, o, tolerance)) && whole(covered(o, s, tolerance))
    };
    let pairs =
        |back: bool| (0..n).all(|k| same(&a.segments[k], &b.segments[if back { n - 1 - k } else { k }]));
    pairs(false) || pairs(true)
}

/// Removes the stretches of open contours that lie on closed ones or on earlier open ones of the same operation.
/// Tells whether anything was removed.
pub(crate) fn trim(
    open: &mut Vec<Contour>,
    closed: &[Contour],
    tolerance: f64,
    repairs: &mut Repairs,
) -> bool {
    // All segments that may lie under an open one, by the left end of their boxes.
    let mut fixed: Vec<(Bounds, &Segment, (usize, usize))> = Vec::new();
    let mut widest = 0.0f64;
    let all = closed.iter().chain(open.iter()).enumerate();
    for (i, c) in all {
        for (k, s) in c.segments.iter().enumerate() {
            let b = s.bounds();
            widest = widest.max(b.size().x);
            fixed.push((b, s, (i, k)));
        }
    }
    fixed.sort_by(|a, b| a.0.min.x.total_cmp(&b.0.min.x).then(a.2.cmp(&b.2)));
    let operation = |i: usize| closed.iter().chain(open.iter()).nth(i).map(|c| c.operation);
    let operations: Vec<_> = (0..closed.len() + open.len()).map(operation).collect();
    let mut result: Vec<Contour> = Vec::new();
    let mut changed = false;
    for (n, contour) in open.iter().enumerate() {
        let own = closed.len() + n;
        let mut run: Vec<Segment> = Vec::new();
        let mut flush = |run: &mut Vec<Segment>| {
            if !run.is_empty() {
                result.push(Contour {
                    segments: std::mem::take(run),
                    ..contour.clone()
                });
            }
        };
        for (k, s) in contour.segments.iter().enumerate() {
            let b = s.bounds();
            let from = fixed.partition_point(|f| f.0.min.x < b.min.x - widest - tolerance);
            let mut gone: Vec<(f64, f64)> = fixed[from..]
                .iter()
                .take_while(|f| f.0.min.x <= b.max.x + tolerance)
                .filter(|f| f.2 < (own, k) && f.0.touches(&b, tolerance))
                .filter(|f| operations[f.2.0] == Some(contour.operation))
                .filter_map(|f| covered(s, f.1, tolerance))
                .collect();
            if gone.is_empty() {
                run.push(*s);
                continue;
            }
            changed = true;
            gone.sort_by(|a, b| a.0.total_cmp(&b.0));
            let length = s.length();
            let mut at = 0.0;
            let keep = |lo: f64, hi: f64, run: &mut Vec<Segment>| {
                if (hi - lo) * length > tolerance {
                    run.push(s.part(lo, hi));
                }
            };
            let mut removed = 0.0;
            for (lo, hi) in gone {
                if lo > at {
                    keep(at, lo, &mut run);
                }
                flush(&mut run);
                removed += (hi - at.max(lo)).max(0.0);
                at = at.max(hi);
            }
            repairs.duplicate_length_mm += removed * length;
            keep(at, 1.0, &mut run);
        }
        flush(&mut run);
    }
    if changed {
        *open = result;
    }
    changed
}
