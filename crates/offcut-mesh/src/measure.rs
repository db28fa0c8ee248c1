//! Facts about a mesh, for people and for tests.
//!
//! In: a mesh as read. Out: [`MeshFacts`]. For reports: a slicing run takes [`crate::Soundness`] instead.

use serde::Serialize;

use crate::edges::{Edges, Union};
use crate::soundness::six_volumes;
use crate::{Mesh, Triangle};

/// What can be counted and measured on a mesh.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MeshFacts {
    /// Number of triangles, good and bad.
    pub triangles: usize,
    /// Lowest and highest corner, mm. `None` without triangles.
    pub bbox: Option<([f32; 3], [f32; 3])>,
    /// Number of distinct corners.
    pub vertices_merged: usize,
    /// Triangles without area; those with two equal corners take no part in the counts of edges.
    pub degenerate: usize,
    /// Triangles that have the same three corners as an earlier one, whichever way they turn.
    pub duplicate: usize,
    /// Enclosed volume, mm³; negative when inside out. An open mesh counts as if its rims were joined to the
    /// mean of all corners.
    pub volume: f64,
    /// Area of all triangles, mm².
    pub area: f64,
    /// Edges of one triangle only.
    pub open_edges: usize,
    /// Edges of more than two triangles.
    pub nonmanifold_edges: usize,
    /// Edges whose two triangles turn against each other.
    pub misoriented_edges: usize,
    /// Every edge belongs to exactly two triangles.
    pub watertight: bool,
    /// Parts that hang together by edges.
    pub components: usize,
    /// Vertices − edges + faces, degenerate triangles left out: 2 for a sphere, 0 for a torus.
    pub euler: i64,
}

impl MeshFacts {
    /// Measures a mesh.
    #[must_use]
    pub fn of(mesh: &Mesh) -> Self {
        let indexed = mesh.indexed();
        let faces: Vec<[u32; 3]> = indexed
            .faces
            .iter()
            .copied()
            .filter(|f| !is_degenerate(f))
            .collect();
        let mut sorted: Vec<[u32; 3]> = faces.iter().map(|f| sorted(*f)).collect();
        sorted.sort_unstable();
        let duplicate = sorted.windows(2).filter(|w| w[0] == w[1]).count();
        let all = Edges::of(&faces);
        let (mut edges, mut open, mut nonmanifold, mut misoriented) = (0, 0, 0, 0);
        let mut parts = Union::new(faces.len());
        for edge in all.iter() {
            edges += 1;
            edge.neighbours().for_each(|(a, b)| parts.join(a, b));
        }
        for edge in all.irregular() {
            match edge.len() {
                1 => open += 1,
                2 => misoriented += 1,
                _ => nonmanifold += 1,
            }
        }
        Self {
            triangles: mesh.triangles.len(),
            bbox: mesh.bounds(),
            vertices_merged: indexed.vertices.len(),
            degenerate: mesh.triangles.iter().filter(|t| area(t) == 0.0).count(),
            duplicate,
            volume: volume(mesh),
            area: mesh.triangles.iter().map(area).sum(),
            open_edges: open,
            nonmanifold_edges: nonmanifold,
            misoriented_edges: misoriented,
            watertight: open == 0 && nonmanifold == 0 && !faces.is_empty(),
            components: parts.numbered().1,
            euler: indexed.vertices.len() as i64 - edges + faces.len() as i64,
        }
    }
}

/// The signed volume seen from the mean of all corners.
fn volume(mesh: &Mesh) -> f64 {
    let n = (mesh.triangles.len() * 3).max(1) as f64;
    let mut sum = [0.0; 3];
    for corner in mesh.triangles.iter().flatten() {
        for k in 0..3 {
            sum[k] += f64::from(corner[k]);
        }
    }
    let mean = sum.map(|s| s / n);
    mesh.triangles.iter().map(|t| six_volumes(t, &mean)).sum::<f64>() / 6.0
}

/// Whether two corners are the same vertex.
pub(crate) fn is_degenerate(f: &[u32; 3]) -> bool {
    f[0] == f[1] || f[1] == f[2] || f[2] == f[0]
}

/// The corners in ascending order: equal for triangles on the same corners.
pub(crate) fn sorted(mut f: [u32; 3]) -> [u32; 3] {
    f.sort_unstable();
    f
}

/// Twice the area times the unit normal.
pub(crate) fn normal(t: &Triangle) -> [f64; 3] {
    let edge = |k: usize| [0, 1, 2].map(|i| f64::from(t[k][i]) - f64::from(t[0][i]));
    let (a, b) = (edge(1), edge(2));
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

/// The area of a triangle.
pub(crate) fn area(t: &Triangle) -> f64 {
    let [x, y, z] = normal(t);
    (x * x + y * y + z * z).sqrt() / 2.0
}

/// The parts of a mesh that hang together by edges, in the order of their first triangle; a mesh in one piece
/// comes back as it is. Closed bodies that only touch along an edge come apart; parts without area vanish.
#[must_use]
pub fn components(mesh: Mesh) -> Vec<Mesh> {
    let indexed = mesh.indexed();
    let mut parts = Union::new(indexed.faces.len());
    let edges = Edges::of(&indexed.faces);
    for edge in edges.iter().filter(|e| e.len() == 2) {
        edge.neighbours().for_each(|(a, b)| parts.join(a, b));
    }
    // Where more than two triangles meet, those parts belong together that aren't closed there on their own.
    let mut net: Vec<(u32, i32)> = Vec::new();
    for edge in edges.irregular().filter(|e| e.len() > 2) {
        net.clear();
        for u in edge.uses() {
            let part = parts.find(u.face);
            let turn = if u.upward { 1 } else { -1 };
            match net.iter_mut().find(|(p, _)| *p == part) {
                Some((_, sum)) => *sum += turn,
                None => net.push((part, turn)),
            }
        }
        net.retain(|(_, sum)| *sum != 0);
        for pair in net.windows(2) {
            parts.join(pair[0].0, pair[1].0);
        }
    }
    let (numbers, count) = parts.numbered();
    if count <= 1 {
        return if count == 1 { vec![mesh] } else { Vec::new() };
    }
    let mut out = vec![Mesh::default(); count];
    for (triangle, number) in mesh.triangles.iter().zip(numbers) {
        out[number as usize].triangles.push(*triangle);
    }
    out.retain(|part| part.triangles.iter().any(|t| area(t) > 0.0));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::cube;

    fn with(mut a: Mesh, b: &Mesh) -> Mesh {
        a.triangles.extend_from_slice(&b.triangles);
        a
    }

    #[test]
    fn facts_of_a_cube() {
        let facts = MeshFacts::of(&cube());
        assert_eq!(
            (
                facts.triangles,
                facts.vertices_merged,
                facts.euler,
                facts.components
            ),
            (12, 8, 2, 1)
        );
        assert!(facts.watertight && facts.misoriented_edges == 0);
        assert!((facts.volume - 8000.0).abs() < 1e-9 && (facts.area - 2400.0).abs() < 1e-9);
    }

    #[test]
    fn facts_of_defects() {
        let mut mesh = cube();
        mesh.triangles[3].swap(0, 1);
        assert_eq!(MeshFacts::of(&mesh).misoriented_edges, 3);
        let mut mesh = cube();
        mesh.triangles.pop();
        let facts = MeshFacts::of(&mesh);
        assert!(facts.open_edges == 3 && !facts.watertight);
        let facts = MeshFacts::of(&with(cube(), &cube()));
        assert_eq!((facts.duplicate, facts.nonmanifold_edges), (12, 18));
    }

    /// Peers split so: disjoint boxes and boxes that touch in a vertex come apart, also with holes.
    #[test]
    fn parts_come_apart() {
        assert_eq!(components(Mesh::default()), []);
        assert_eq!(components(cube()), [cube()]);
        let (apart, corner) = (
            Mesh::boxed([30.0; 3], [50.0; 3]),
            Mesh::boxed([20.0; 3], [40.0; 3]),
        );
        let edge = Mesh::boxed([20.0, 20.0, 0.0], [40.0, 40.0, 20.0]);
        for other in [apart, corner, edge] {
            assert_eq!(components(with(cube(), &other)), [cube(), other.clone()]);
            let (mut a, mut b) = (cube(), other);
            a.triangles.remove(0);
            b.triangles.remove(2);
            assert_eq!(components(with(a.clone(), &b)), [a, b]);
        }
        assert_eq!(components(with(cube(), &cube())).len(), 1);
    }
}
