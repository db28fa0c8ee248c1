//! Cracks: corners that nearly meet, and corners on a neighbour's edge.

use super::{RepairReport, Work};
use crate::Indexed;
use crate::edges::{Edges, Union};
use crate::measure::is_degenerate;

/// Nothing is moved farther than this, mm: slicing resolves no less.
const FARTHEST: f64 = 0.01;
/// Most pairs of an open edge and a corner that are tried.
const MOST_PAIRS: usize = 20_000_000;

/// An edge of one face: its ends in the face's direction, and the face.
struct Open {
    ends: [u32; 2],
    face: u32,
}

fn open_edges(edges: &Edges) -> Vec<Open> {
    let single = edges.irregular().filter(|edge| edge.len() == 1);
    single
        .flat_map(|edge| {
            let (a, b) = edge.ends();
            edge.uses().map(move |u| Open {
                ends: if u.upward { [a, b] } else { [b, a] },
                face: u.face,
            })
        })
        .collect()
}

/// The vertices at open edges, ascending.
fn rim(open: &[Open]) -> Vec<u32> {
    let mut rim: Vec<u32> = open.iter().flat_map(|e| e.ends).collect();
    rim.sort_unstable();
    rim.dedup();
    rim
}

fn between(m: &Indexed, a: u32, b: u32) -> [f64; 3] {
    let (a, b) = (m.vertices[a as usize], m.vertices[b as usize]);
    [0, 1, 2].map(|k| f64::from(b[k]) - f64::from(a[k]))
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// How far apart corners may be to be one: a quarter of the shortest open edge, so that none collapses, and
/// little against the model, whose unit may be anything.
fn tolerance(work: &Work, open: &[Open]) -> f64 {
    let lengths = open
        .iter()
        .map(|e| between(&work.m, e.ends[0], e.ends[1]))
        .map(|d| dot(d, d));
    FARTHEST
        .min(lengths.fold(f64::MAX, f64::min).sqrt() / 4.0)
        .min(work.size * 5e-4)
}

/// Joins corners at open edges that lie within the tolerance of each other.
#[inline(never)]
pub(super) fn weld(work: &mut Work, report: &mut RepairReport) {
    let open = open_edges(&work.edges);
    let rim = rim(&open);
    let reach = tolerance(work, &open);
    let m = &work.m;
    // Closer corners than that are one as far as f32 can tell.
    if rim.len() < 2 || reach <= work.size * 1e-7 {
        return;
    }
    let mut low = m.vertices[rim[0] as usize].map(f64::from);
    for v in &rim {
        for (lowest, c) in low.iter_mut().zip(m.vertices[*v as usize]) {
            *lowest = lowest.min(f64::from(c));
        }
    }
    let cell = |v: u32| [0, 1, 2].map(|k| ((f64::from(m.vertices[v as usize][k]) - low[k]) / reach) as i64);
    let mut cells: Vec<([i64; 3], u32)> = rim.iter().map(|v| (cell(*v), *v)).collect();
    cells.sort_unstable();
    let mut groups = Union::new(m.vertices.len());
    for &(at, v) in &cells {
        for (dx, dy) in (-1..=1).flat_map(|x| (-1..=1).map(move |y| (x, y))) {
            // The three cells along z follow each other in the sorted list.
            let from = [at[0] + dx, at[1] + dy, at[2] - 1];
            let first = cells.partition_point(|c| c.0 < from);
            let row = cells[first..]
                .iter()
                .take_while(|c| c.0 <= [from[0], from[1], at[2] + 1]);
            for &(_, w) in row {
                let d = between(m, v, w);
                if w > v && dot(d, d) <= reach * reach {
                    groups.join(v, w);
                }
            }
        }
    }
    let joined = rim.iter().filter(|v| groups.find(**v) != **v).count();
    if joined == 0 {
        return;
    }
    let merged = m.faces.iter().map(|f| f.map(|v| groups.find(v)));
    if work.improve(merged.filter(|f| !is_degenerate(f)).collect()) {
        report.vertices_welded = joined;
    }
}

/// Splits faces at the corners of others that lie on their open edges.
#[inline(never)]
pub(super) fn split(work: &mut Work, report: &mut RepairReport) {
    // A face is split at one edge a time; three rounds serve all its edges.
    for _ in 0..3 {
        let open = open_edges(&work.edges);
        let rim = rim(&open);
        if open.is_empty() || open.len().saturating_mul(rim.len()) > MOST_PAIRS {
            return;
        }
        let reach = tolerance(work, &open);
        let m = &work.m;
        let mut by_x: Vec<(f32, u32)> = rim.iter().map(|v| (m.vertices[*v as usize][0], *v)).collect();
        by_x.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut touched = vec![false; m.faces.len()];
        let mut faces = m.faces.clone();
        let mut splits = 0;
        for edge in &open {
            let on = corners_on(m, edge, &by_x, reach);
            if on.is_empty() || std::mem::replace(&mut touched[edge.face as usize], true) {
                continue;
            }
            let [a, b] = edge.ends;
            let face = m.faces[edge.face as usize];
            let Some(apex) = face.into_iter().find(|v| *v != a && *v != b) else {
                continue;
            };
            if on.iter().any(|(_, v)| *v == apex) {
                continue;
            }
            let mut last = a;
            for (i, next) in on.iter().map(|(_, v)| *v).chain([b]).enumerate() {
                let piece = [last, next, apex];
                if i == 0 {
                    faces[edge.face as usize] = piece;
                } else {
                    faces.push(piece);
                }
                last = next;
            }
            splits += 1;
        }
        if splits == 0 || !work.improve(faces) {
            return;
        }
        report.edges_split += splits;
    }
}

/// The rim's vertices on an edge, ordered along it; the rim is sorted by x.
fn corners_on(m: &Indexed, edge: &Open, rim: &[(f32, u32)], reach: f64) -> Vec<(f64, u32)> {
    let [a, b] = edge.ends;
    let along = between(m, a, b);
    let length2 = dot(along, along);
    let x = |v: u32| f64::from(m.vertices[v as usize][0]);
    // A little more than the reach, for rounding.
    let (low, high) = (x(a).min(x(b)) - 1.001 * reach, x(a).max(x(b)) + 1.001 * reach);
    let first = rim.partition_point(|c| f64::from(c.0) < low);
    let near = rim[first..].iter().take_while(|c| f64::from(c.0) <= high);
    let mut on: Vec<(f64, u32)> = Vec::new();
    for v in near.map(|c| c.1).filter(|v| *v != a && *v != b) {
        let from = between(m, a, v);
        let t = dot(from, along) / length2;
        let off = [0, 1, 2].map(|k| from[k] - t * along[k]);
        if t > 0.0 && t < 1.0 && dot(off, off) <= reach * reach {
            on.push((t, v));
        }
    }
    on.sort_by(|x, y| x.0.total_cmp(&y.0).then(x.1.cmp(&y.1)));
    on
}
