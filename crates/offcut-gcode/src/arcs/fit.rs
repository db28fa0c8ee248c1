//! Paths of short lines become arcs.
//!
//! In: a program of lines and a tolerance. Out: the same program with arcs in [`Program::arcs`] where
//! every vertex and every middle of a line lies within the tolerance of its arc, and where the arc is
//! still valid after its words are rounded to micrometres. Greedy: the longest arc from each vertex,
//! found by galloping and bisecting; its circle runs through the first, the middle and the last vertex.

use crate::program::{ArcMove, Path, Program, Step, Vertex};
use offcut_geometry::Point;

/// An arc replaces at least so many lines.
const MIN_LINES: usize = 3;
/// Largest radius, grid units (1 m): flatter arcs are lines.
const MAX_RADIUS: f64 = 1e8;
/// Largest turn, radians: near a full circle, rounding decides which way round is meant.
const MAX_SWEEP: f64 = 6.0;
/// Largest turn of one line, radians: coarser polygons are meant as polygons.
const MAX_STEP: f64 = 0.8;

/// Fits arcs into all extrusions and cuts; `tolerance` in grid units. A program with arcs stays as it is.
pub fn fit(program: &mut Program, tolerance: f64) {
    if program.arcs.is_empty() {
        fit_runs(program, tolerance, false);
    }
}

/// As [`fit`], but z may change evenly along an arc: ramps become helices. Arcs that are there stay.
pub fn fit_helices(program: &mut Program, tolerance: f64) {
    fit_runs(program, tolerance, true);
}

fn fit_runs(program: &mut Program, tolerance: f64, climbs: bool) {
    let vertices = std::mem::take(&mut program.vertices);
    let old = std::mem::take(&mut program.arcs);
    let mut old = old.into_iter().peekable();
    let mut at: Option<Vertex> = None;
    let mut line: Vec<Vertex> = Vec::new();
    for step in &mut program.steps {
        let (path, extrudes) = match step {
            Step::Travel { path, .. }
            | Step::Wipe { path, .. }
            | Step::Raster { path, .. }
            | Step::Cycle { at: path, .. } => (path, false),
            Step::Extrude { path, .. } | Step::Cut { path, .. } => (path, true),
            Step::Custom(text) if crate::write::moves(text) => {
                at = None;
                continue;
            }
            _ => continue,
        };
        let targets = vertices
            .get(path.start as usize..path.end as usize)
            .unwrap_or(&[]);
        let start = program.vertices.len() as u32;
        let (out, arcs) = (&mut program.vertices, &mut program.arcs);
        let mut flush = |line: &[Vertex], from: Option<Vertex>, end: Option<(Vertex, ArcMove)>| {
            if extrudes && from.is_some() && line.len() > MIN_LINES {
                append(line, tolerance, climbs, out, arcs);
            } else {
                out.extend_from_slice(&line[usize::from(from.is_some())..]);
            }
            if let Some((v, a)) = end {
                let vertex = out.len() as u32;
                arcs.push(ArcMove { vertex, ..a });
                out.push(v);
            }
        };
        let mut from = at;
        line.clear();
        line.extend(from);
        for (i, &v) in (path.start..).zip(targets) {
            if let Some(a) = old.next_if(|a| a.vertex == i) {
                flush(&line, from, Some((v, a)));
                from = Some(v);
                line.clear();
            }
            line.push(v);
        }
        flush(&line, from, None);
        *path = Path {
            start,
            end: program.vertices.len() as u32,
        };
        at = targets.last().copied().or(at);
    }
}

/// Appends the targets of a polyline, whose first vertex is where the machine stands, with arcs where it follows
/// circles within `tolerance` grid units.
pub fn fit_line(line: &[Vertex], tolerance: f64, out: &mut Vec<Vertex>, arcs: &mut Vec<ArcMove>) {
    append(line, tolerance, false, out, arcs);
}

fn append(line: &[Vertex], tolerance: f64, climbs: bool, out: &mut Vec<Vertex>, arcs: &mut Vec<ArcMove>) {
    let mut i = 0;
    while i + 1 < line.len() {
        let mut best = None;
        let mut good = 0;
        let mut n = MIN_LINES;
        let most = line.len() - 1 - i;
        let mut bad = most + 1;
        while n <= most {
            match arc(&line[i..=i + n], tolerance, climbs) {
                Some(a) => {
                    best = Some(a);
                    good = n;
                    n = (n + n / 2 + 1).min(most);
                    if n == good {
                        break;
                    }
                }
                None => {
                    bad = n;
                    break;
                }
            }
        }
        while best.is_some() && good + 1 < bad {
            let n = (good + bad) / 2;
            match arc(&line[i..=i + n], tolerance, climbs) {
                Some(a) => {
                    best = Some(a);
                    good = n;
                }
                None => bad = n,
            }
        }
        let n = match best {
            Some((center, ccw)) => {
                arcs.push(ArcMove {
                    vertex: out.len() as u32,
                    center,
                    ccw,
                });
                good
            }
            None => 1,
        };
        i += n;
        out.push(line[i]);
    }
}

/// The arc that a run of vertices follows, if there is one.
fn arc(run: &[Vertex], tolerance: f64, climbs: bool) -> Option<(Point, bool)> {
    let (first, last) = (run[0], run[run.len() - 1]);
    let level = run.iter().all(|v| v.z == first.z);
    if !level && !climbs {
        return None;
    }
    let middle = run[run.len() / 2].xy();
    let center = circumcenter(first.xy(), middle, last.xy())?;
    let rel = |p: Point| (f64::from(p.x) - center.0, f64::from(p.y) - center.1);
    let (ax, ay) = rel(first.xy());
    let r = (ax * ax + ay * ay).sqrt();
    if !(r > 2.0 * tolerance && r <= MAX_RADIUS) {
        return None;
    }
    let ccw = offcut_geometry::point::orient(first.xy(), middle, last.xy()) > 0;
    let turn = |pair: &[Vertex]| {
        let (a, b) = (rel(pair[0].xy()), rel(pair[1].xy()));
        let turn = libm::atan2(a.0 * b.1 - a.1 * b.0, a.0 * b.0 + a.1 * b.1);
        (a, b, if ccw { turn } else { -turn })
    };
    let mut sweep = 0.0;
    for pair in run.windows(2) {
        let (a, b, turn) = turn(pair);
        if turn <= 0.0 || turn > MAX_STEP {
            return None;
        }
        sweep += turn;
        let m = ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0);
        let off = |p: (f64, f64)| ((p.0 * p.0 + p.1 * p.1).sqrt() - r).abs();
        if sweep > MAX_SWEEP || off(b) > tolerance || off(m) > tolerance {
            return None;
        }
    }
    if !level {
        let climb = (f64::from(last.z) - f64::from(first.z)) / sweep;
        let mut done = 0.0;
        for pair in run.windows(2) {
            done += turn(pair).2;
            if (f64::from(first.z) + climb * done - f64::from(pair[1].z)).abs() > tolerance {
                return None;
            }
        }
    }
    let center = Point::new(center.0.round() as i32, center.1.round() as i32);
    let um = |v: Vertex| [v.x, v.y, v.z].map(|c| i64::from((c + 50).div_euclid(100)));
    let a = ArcMove {
        vertex: 0,
        center,
        ccw,
    };
    super::written(um(first), um(last), a)?;
    Some((center, ccw))
}

/// Centre of the circle through three points.
fn circumcenter(a: Point, b: Point, c: Point) -> Option<(f64, f64)> {
    let (bx, by) = (f64::from(b.x) - f64::from(a.x), f64::from(b.y) - f64::from(a.y));
    let (cx, cy) = (f64::from(c.x) - f64::from(a.x), f64::from(c.y) - f64::from(a.y));
    let d = 2.0 * (bx * cy - by * cx);
    if d == 0.0 {
        return None;
    }
    let (b2, c2) = (bx * bx + by * by, cx * cx + cy * cy);
    let x = f64::from(a.x) + (cy * b2 - by * c2) / d;
    let y = f64::from(a.y) + (bx * c2 - cx * b2) / d;
    (x.abs() < 1e9 && y.abs() < 1e9).then_some((x, y))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::{Extrusion, Role};
    use offcut_geometry::{grid, to_mm};
    use proptest::prelude::*;

    /// A polyline on a circle: centre, radius, first angle, sweep, lines.
    fn circle(c: (f64, f64), r: f64, a: f64, sweep: f64, n: usize) -> Vec<Vertex> {
        let at = |k: usize| {
            let t = (a + sweep * k as f64 / n as f64).to_radians();
            Vertex {
                x: grid(c.0 + r * t.cos()),
                y: grid(c.1 + r * t.sin()),
                z: 20_000,
            }
        };
        (0..=n).map(at).collect()
    }

    fn fitted(line: &[Vertex], tolerance_mm: f64) -> Program {
        let mut p = Program::default();
        let path = p.add_path([line[0]]);
        p.steps.push(Step::Travel { path, speed: 100.0 });
        let path = p.add_path(line[1..].iter().copied());
        p.steps.push(Step::Extrude {
            path,
            bead: Extrusion {
                role: Role::Perimeter,
                mm3_per_mm: 0.09,
                width: 0.45,
                height: 0.2,
                speed: 50.0,
            },
        });
        fit(&mut p, tolerance_mm * 1e5);
        p
    }

    #[test]
    fn quarter_and_three_quarter_circles_become_one_arc() {
        for sweep in [90.0, 270.0, -90.0, -270.0] {
            let p = fitted(&circle((100.0, 80.0), 20.0, 30.0, sweep, 120), 0.0125);
            assert_eq!((p.vertices.len(), p.arcs.len()), (2, 1), "{sweep}");
            let a = p.arcs[0];
            assert_eq!(a.ccw, sweep > 0.0);
            assert!((to_mm(a.center.x) - 100.0).abs() < 0.0125 && (to_mm(a.center.y) - 80.0).abs() < 0.0125);
        }
    }

    #[test]
    fn two_tangent_arcs_become_two() {
        // An S: the second circle touches the first from outside.
        let mut line = circle((100.0, 100.0), 10.0, 180.0, -180.0, 40);
        line.extend(&circle((120.0, 100.0), 10.0, 180.0, 180.0, 40)[1..]);
        let p = fitted(&line, 0.0125);
        assert_eq!(p.vertices.len(), 3);
        assert_eq!(p.arcs.iter().map(|a| a.ccw).collect::<Vec<_>>(), [false, true]);
    }

    #[test]
    fn even_ramps_become_helices_and_others_stay() {
        let ramp = |fall: &dyn Fn(i32) -> i32| {
            let mut line = circle((50.0, 50.0), 5.0, 10.0, 300.0, 240);
            for (k, v) in (0..).zip(&mut line) {
                v.z -= fall(k);
            }
            let mut p = Program::default();
            let path = p.add_path([line[0]]);
            p.steps.push(Step::Travel { path, speed: 100.0 });
            let mut targets = line[1..].to_vec();
            // A half circle that is one already, and another ramp after it.
            let end = targets[239];
            let half = Vertex {
                x: 10_000_000 - end.x,
                y: 10_000_000 - end.y,
                ..end
            };
            targets.push(half);
            targets.extend([1, 2, 3, 4].map(|k| Vertex {
                x: half.x + k * 100_000,
                ..half
            }));
            let path = p.add_path(targets);
            let arc = ArcMove {
                vertex: path.start + 240,
                center: Point::new(5_000_000, 5_000_000),
                ccw: true,
            };
            p.arcs.push(arc);
            let cut = crate::program::Cut {
                role: crate::program::CutRole::Ramp,
                feed: 10.0,
                power: 1.0,
            };
            p.steps.push(Step::Cut { path, cut });
            let before = p.clone();
            fit(&mut p, 200.0);
            assert_eq!(p, before, "a program with arcs stays as it is");
            fit_helices(&mut p, 200.0);
            p
        };
        // Evenly down: one helix, the arc that was there, four lines.
        let p = ramp(&|k| 1000 * k);
        assert_eq!((p.vertices.len(), p.arcs.len()), (1 + 1 + 1 + 4, 2));
        assert_eq!(p.arcs.iter().map(|a| a.vertex).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(p.vertices[1].z, 20_000 - 240_000);
        // Down in the second half only: two.
        let p = ramp(&|k| (k - 120).max(0) * 1000);
        assert_eq!((p.vertices.len(), p.arcs.len()), (1 + 2 + 1 + 4, 3));
    }

    #[test]
    fn squares_and_lines_stay() {
        let square: Vec<Vertex> = circle((50.0, 50.0), 10.0, 45.0, 360.0, 4);
        assert!(fitted(&square, 0.0125).arcs.is_empty());
        let straight: Vec<Vertex> = (0..20)
            .map(|k| Vertex {
                x: k * 100_000,
                y: k * 50_000,
                z: 20_000,
            })
            .collect();
        let p = fitted(&straight, 0.0125);
        assert!(p.arcs.is_empty());
        assert_eq!(p.vertices, straight);
    }

    proptest! {
        #[test]
        fn arcs_stay_within_the_tolerance(
            r in 0.3f64..150.0, a in 0.0f64..360.0, sweep in -340.0f64..340.0, n in 3usize..200, noise in 0i32..600
        ) {
            let mut line = circle((200.0, 200.0), r, a, sweep, n);
            for (k, v) in line.iter_mut().enumerate() {
                v.x += (k as i32 * 7919) % (noise + 1);
            }
            line.dedup();
            prop_assume!(line.len() > 1);
            let p = fitted(&line, 0.0125);
            // Walk the result densely: every old vertex is near it.
            let mut dense = vec![p.vertices[0]];
            for k in 1..p.vertices.len() {
                let (from, to) = (p.vertices[k - 1], p.vertices[k]);
                match p.arcs.iter().find(|x| x.vertex == k as u32) {
                    Some(x) => dense.extend(super::super::chords(from, to, *x)),
                    None => dense.push(to),
                }
            }
            for v in &line {
                let d = dense.windows(2).map(|w| {
                    offcut_geometry::point::nearest_on_segment(v.xy(), w[0].xy(), w[1].xy()).1
                }).fold(f64::INFINITY, f64::min).sqrt();
                prop_assert!(dense.len() < 2 || d <= 1250.0 + 110.0, "{d}");
            }
        }
    }
}
