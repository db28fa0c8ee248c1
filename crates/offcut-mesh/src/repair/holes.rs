//! Holes closed by polygons between their rims.

use super::{RepairReport, Work};
use crate::edges::Edges;
use crate::measure::{area, sorted};
use crate::triangulate;

/// Larger rims stay open: triangulating them is quadratic, and slicing bridges them layer by layer.
const MOST_EDGES: usize = 2_000;

/// A patch whose closing is larger than this against its own area isn't a body with a hole, but a piece of a surface whose
/// neighbours lie across cracks. Half a ball has 0.5.
const MOST_OF_PATCH: f64 = 0.75;

/// Closes the holes of a mesh whose triangles agree in their turn.
#[inline(never)]
pub(super) fn close(work: &mut Work, report: &mut RepairReport) {
    let rims = rims(&work.edges);
    if rims.is_empty() {
        return;
    }
    let (patch, count) = work.patches();
    let m = &work.m;
    let mut fills: Vec<(usize, Vec<[u32; 3]>)> = Vec::new();
    let mut closing = vec![0.0; count];
    for rim in rims.iter().filter(|r| (3..=MOST_EDGES).contains(&r.len())) {
        // A rim is of one patch, but for patches that touch in a vertex of it.
        let edge = work.edges.at((rim[0].min(rim[1]), rim[0].max(rim[1])));
        let Some(of) = edge.uses().next().map(|u| patch[u.face as usize] as usize) else {
            continue;
        };
        let Some(fill) = fill(work, rim) else {
            continue;
        };
        closing[of] += fill.iter().map(|f| area(&m.triangle(f))).sum::<f64>();
        fills.push((of, fill));
    }
    let mut open: Vec<usize> = fills.iter().map(|f| f.0).collect();
    open.sort_unstable();
    open.dedup();
    let mut surface = vec![0.0; count];
    if open.len() > 1 {
        for (face, of) in m.faces.iter().zip(&patch) {
            surface[*of as usize] += area(&m.triangle(face));
        }
    }
    let mut new: Vec<[u32; 3]> = Vec::new();
    let mut gone: Vec<[u32; 3]> = Vec::new();
    for (of, fill) in fills {
        if open.len() > 1 && closing[of] > MOST_OF_PATCH * surface[of] {
            continue;
        }
        match fill[..] {
            // A triangle that would only be closed by its own back goes instead.
            [lone] if is_present(work, lone) => gone.push(sorted(lone)),
            _ => {
                new.extend(fill);
                report.holes_closed += 1;
            }
        }
    }
    gone.sort_unstable();
    if gone.is_empty() {
        work.extend(new);
        return;
    }
    report.dangling_removed += gone.len();
    let all = work.m.faces.iter().copied().chain(new);
    let kept = all.filter(|f| gone.binary_search(&sorted(*f)).is_err());
    work.replace(kept.collect());
}

/// The triangles of a closing. Of several starts the one that repeats the fewest triangles of the mesh, since a
/// triangle and its repetition enclose nothing; `None` when several triangles would all be repeated.
fn fill(work: &Work, rim: &[u32]) -> Option<Vec<[u32; 3]>> {
    let mut best: Option<(usize, Vec<[u32; 3]>)> = None;
    for start in 0..rim.len().min(8) {
        let mut turned = rim.to_vec();
        turned.rotate_left(start);
        let points: Vec<[f32; 3]> = turned.iter().map(|v| work.m.vertices[*v as usize]).collect();
        let mut corners = Vec::new();
        triangulate::polygon(&points, &mut corners);
        let faces: Vec<[u32; 3]> = corners.iter().map(|t| t.map(|i| turned[i])).collect();
        let repeated = faces.iter().filter(|f| is_present(work, **f)).count();
        if best.as_ref().is_none_or(|b| repeated < b.0) {
            best = Some((repeated, faces));
        }
        if repeated == 0 {
            break;
        }
    }
    best.filter(|b| b.0 < b.1.len() || rim.len() == 3).map(|b| b.1)
}

/// Whether the mesh has a triangle on these corners, whichever way it turns.
fn is_present(work: &Work, face: [u32; 3]) -> bool {
    let corners = sorted(face);
    let mut uses = work.edges.at((corners[0], corners[1])).uses();
    uses.any(|u| sorted(work.m.faces[u.face as usize]) == corners)
}

/// The rims of all holes as closed chains, directed like the triangles that would close them.
///
/// At each vertex as many unmatched edges begin as end, so every walk along them returns to where it was.
fn rims(all: &Edges) -> Vec<Vec<u32>> {
    let mut edges: Vec<(u32, u32)> = Vec::new();
    for edge in all.irregular() {
        let (low, high) = edge.ends();
        let up = edge.upward();
        let down = edge.len() - up;
        // Faces that go up leave a hole whose rim goes down.
        edges.extend(std::iter::repeat_n((high, low), up.saturating_sub(down)));
        edges.extend(std::iter::repeat_n((low, high), down.saturating_sub(up)));
    }
    edges.sort_unstable();
    let mut used = vec![false; edges.len()];
    let mut rims = Vec::new();
    let mut path: Vec<u32> = Vec::new();
    // Where in the path each of its vertices stands.
    let mut at = std::collections::BTreeMap::new();
    for first in 0..edges.len() {
        if used[first] {
            continue;
        }
        path.push(edges[first].0);
        at.insert(edges[first].0, 0);
        while let Some(&here) = path.last() {
            let from = edges.partition_point(|e| e.0 < here);
            let next = (from..edges.len())
                .take_while(|i| edges[*i].0 == here)
                .find(|i| !used[*i]);
            let Some(next) = next else {
                // Back at the start with nothing left.
                path.clear();
                at.clear();
                break;
            };
            used[next] = true;
            let to = edges[next].1;
            if let Some(&begin) = at.get(&to) {
                rims.push(path[begin..].to_vec());
                for v in path.drain(begin + 1..) {
                    at.remove(&v);
                }
            } else {
                at.insert(to, path.len());
                path.push(to);
            }
        }
    }
    rims
}
