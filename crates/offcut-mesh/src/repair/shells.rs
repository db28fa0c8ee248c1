//! Bodies that are inside out.

use super::{RepairReport, Work};
use crate::Triangle;
use crate::soundness::six_volumes;

/// Most triangles that are tried against rays in all.
const MOST_TESTS: usize = 100_000_000;

struct Shell {
    faces: Vec<u32>,
    closed: bool,
    volume: f64,
    lo: [f32; 3],
    hi: [f32; 3],
}

/// Turns what is inside out: the whole mesh when its volume is negative, then closed bodies of negative volume
/// that lie in an even number of others, so that they aren't cavities.
#[inline(never)]
pub(super) fn turn(work: &mut Work, report: &mut RepairReport) {
    let patches = work.patches();
    if patches.1 == 1 && work.m.six_volumes() >= 0.0 {
        return;
    }
    let mut shells = shells(work, &patches);
    // The edges' directions are of no further use and stay as they are.
    let m = &mut work.m;
    let total: f64 = shells.iter().map(|s| s.volume).sum();
    if total < 0.0 && shells.iter().all(|s| s.closed) {
        for face in &mut m.faces {
            face.swap(1, 2);
        }
        shells.iter_mut().for_each(|s| s.volume = -s.volume);
        report.bodies_turned += shells.len();
    }
    let mut tests = 0;
    for i in 0..shells.len() {
        if !shells[i].closed || shells[i].volume >= 0.0 {
            continue;
        }
        let point = m.vertices[m.faces[shells[i].faces[0] as usize][0] as usize];
        let mut depth = 0;
        for (j, other) in shells.iter().enumerate() {
            let around = (0..3).all(|k| other.lo[k] <= point[k] && point[k] <= other.hi[k]);
            if i == j || !other.closed || !around {
                continue;
            }
            tests += other.faces.len();
            if tests > MOST_TESTS {
                return;
            }
            let hits = other
                .faces
                .iter()
                .filter(|f| is_hit(&m.triangle(&m.faces[**f as usize]), point))
                .count();
            depth += hits % 2;
        }
        if depth % 2 == 0 {
            for face in &shells[i].faces {
                m.faces[*face as usize].swap(1, 2);
            }
            report.bodies_turned += 1;
        }
    }
}

/// The patches as shells; of each face the number of its patch, and how many there are.
fn shells(work: &Work, (numbers, count): &(Vec<u32>, usize)) -> Vec<Shell> {
    let m = &work.m;
    let empty = || Shell {
        faces: Vec::new(),
        closed: true,
        volume: 0.0,
        lo: [f32::INFINITY; 3],
        hi: [f32::NEG_INFINITY; 3],
    };
    let mut shells: Vec<Shell> = std::iter::repeat_with(empty).take(*count).collect();
    let origin = m.vertices.first().map_or([0.0; 3], |v| v.map(f64::from));
    for (face, corners) in m.faces.iter().enumerate() {
        let shell = &mut shells[numbers[face] as usize];
        let triangle = m.triangle(corners);
        shell.faces.push(face as u32);
        shell.volume += six_volumes(&triangle, &origin);
        for v in &triangle {
            for (k, c) in v.iter().enumerate() {
                shell.lo[k] = shell.lo[k].min(*c);
                shell.hi[k] = shell.hi[k].max(*c);
            }
        }
    }
    for edge in work.edges.irregular().filter(|e| e.upward() * 2 != e.len()) {
        if let Some(u) = edge.uses().next() {
            shells[numbers[u.face as usize] as usize].closed = false;
        }
    }
    shells
}

/// Whether a ray from a point in a direction that no modelling favours passes through a triangle
/// (Möller and Trumbore 1997).
fn is_hit(t: &Triangle, from: [f32; 3]) -> bool {
    const RAY: [f64; 3] = [0.832_157_9, 0.409_714_3, 0.373_862_1];
    let sub = |a: [f32; 3], b: [f32; 3]| [0, 1, 2].map(|k| f64::from(a[k]) - f64::from(b[k]));
    let cross = |a: [f64; 3], b: [f64; 3]| {
        [
            a[1] * b[2] - a[2] * b[1],
            a[2] * b[0] - a[0] * b[2],
            a[0] * b[1] - a[1] * b[0],
        ]
    };
    let dot = |a: [f64; 3], b: [f64; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    let (e1, e2, s) = (sub(t[1], t[0]), sub(t[2], t[0]), sub(from, t[0]));
    let p = cross(RAY, e2);
    let det = dot(e1, p);
    if det == 0.0 {
        return false;
    }
    let u = dot(s, p) / det;
    let q = cross(s, e1);
    let v = dot(RAY, q) / det;
    u >= 0.0 && v >= 0.0 && u + v <= 1.0 && dot(e2, q) / det > 0.0
}
