//! What a tool can touch of a mesh: vertices, edges and facets as flat arrays in the order of a tree of boxes.
//!
//! In: a mesh, millimetres. Out: a [`Surface`]. Promised: every feature that can hold the highest contact of a
//! convex tool is in it once; both sides of facets count, so open, inside-out and non-manifold meshes work.
//!
//! Left out are edges along which the surface bends up or not at all (seen from above, with a facet on either
//! side): the contact of a convex tool lies on one of the facets there. Vertices with such edges only likewise.

use super::bvh::{self, Node};
use crate::MillError;
use offcut_mesh::{Indexed, Mesh};

/// An edge: its lower or first end, direction per mm of its length in XY, that length, rise per mm.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edge {
    pub at: [f64; 3],
    pub dir: [f64; 2],
    pub len: f64,
    /// Rise per mm, not negative.
    pub m: f64,
    /// 1/√(1 + m²)
    pub w: f64,
}

/// A facet that isn't upright.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facet {
    /// One corner.
    pub at: [f64; 3],
    /// Rows of the inverse of the two edges from there: barycentric coordinates of an offset.
    pub inverse: [f64; 4],
    /// Rise along the two edges.
    pub rise: [f64; 2],
    /// Unit vector in XY that points up the slope.
    pub uphill: [f64; 2],
    /// Horizontal and vertical part of the unit normal.
    pub level: f64,
    pub up: f64,
}

/// Where a triangle's features begin.
#[derive(Debug, Clone, Copy)]
pub(crate) struct First {
    pub edge: u32,
    pub vertex: u32,
}

/// A mesh prepared for tools that come from above.
#[derive(Debug, Clone)]
pub struct Surface {
    pub(crate) nodes: Vec<Node>,
    /// By triangle; facets that are upright or degenerate hold NaN and never match.
    pub(crate) facets: Vec<Facet>,
    pub(crate) edges: Vec<Edge>,
    pub(crate) vertices: Vec<[f64; 3]>,
    /// By triangle, one more at the end.
    pub(crate) first: Vec<First>,
    /// Lowest and highest corner.
    pub(crate) min: [f64; 3],
    pub(crate) max: [f64; 3],
    /// Middle of the box: the nodes' coordinates are relative to it.
    pub(crate) center: [f64; 3],
    /// Largest coordinate from there, mm.
    pub(crate) reach: f64,
}

const NONE: u32 = u32::MAX;

/// An edge of the mesh with what lies beside it.
struct Side {
    ends: [u32; 2],
    face: u32,
    apex: u32,
}

impl Surface {
    /// Prepares a mesh.
    ///
    /// # Errors
    /// [`MillError::Job`] when it has no triangles or corners that aren't numbers.
    pub fn new(mesh: &Mesh) -> Result<Self, MillError> {
        let bad = |what: &str| Err(MillError::Job(format!("the model {what}; choose another file")));
        let Some((lo, hi)) = mesh.bounds() else {
            return bad("has no triangles");
        };
        if mesh.triangles.iter().flatten().flatten().any(|c| !c.is_finite()) {
            return bad("has corners that are not numbers");
        }
        let (min, max) = (lo.map(f64::from), hi.map(f64::from));
        let center = std::array::from_fn(|k| 0.5 * (min[k] + max[k]));
        let reach = (0..3).map(|k| max[k] - min[k]).fold(0.0, f64::max);
        let indexed = mesh.indexed();
        let owned = Owned::of(&indexed);
        // Triangles that own nothing take no place in the tree.
        let used: Vec<u32> = (0..indexed.faces.len() as u32)
            .filter(|&f| owned.any(f))
            .collect();
        let (nodes, order) = bvh::build(&indexed, used, center);
        let mut surface = Self {
            nodes,
            facets: Vec::with_capacity(order.len()),
            edges: Vec::with_capacity(owned.edges.len()),
            vertices: Vec::with_capacity(owned.vertices.len()),
            first: Vec::with_capacity(order.len() + 1),
            min,
            max,
            center,
            reach,
        };
        for &face in &order {
            surface.mark();
            let corners = indexed.faces[face as usize].map(|v| point(&indexed, v));
            surface.facets.push(facet(&corners));
            for &edge in owned.of_face(&owned.edges, &owned.first_edge, face) {
                surface.edges.push(new_edge(edge.map(|v| point(&indexed, v))));
            }
            for &vertex in owned.of_face(&owned.vertices, &owned.first_vertex, face) {
                surface.vertices.push(point(&indexed, vertex));
            }
        }
        surface.mark();
        Ok(surface)
    }

    fn mark(&mut self) {
        self.first.push(First {
            edge: self.edges.len() as u32,
            vertex: self.vertices.len() as u32,
        });
    }

    /// Lowest and highest corner of its box, mm.
    #[must_use]
    pub const fn bounds(&self) -> ([f64; 3], [f64; 3]) {
        (self.min, self.max)
    }
}

fn point(mesh: &Indexed, v: u32) -> [f64; 3] {
    mesh.vertices[v as usize].map(f64::from)
}

/// Twice the area of a triangle seen from above, positive when it turns left.
fn area2([a, b, c]: &[[f64; 3]; 3]) -> f64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// The square of a triangle's longest side seen from above.
fn longest2([a, b, c]: &[[f64; 3]; 3]) -> f64 {
    let d = |p: &[f64; 3], q: &[f64; 3]| (p[0] - q[0]).powi(2) + (p[1] - q[1]).powi(2);
    d(a, b).max(d(b, c)).max(d(c, a))
}

fn facet(corners: &[[f64; 3]; 3]) -> Facet {
    let [a, b, c] = corners;
    let (p, q) = ([b[0] - a[0], b[1] - a[1]], [c[0] - a[0], c[1] - a[1]]);
    let rise = [b[2] - a[2], c[2] - a[2]];
    let det = p[0] * q[1] - p[1] * q[0];
    let n = [
        p[1] * rise[1] - rise[0] * q[1],
        rise[0] * q[0] - p[0] * rise[1],
        det,
    ];
    let sign = if det < 0.0 { -1.0 } else { 1.0 };
    let flat = libm::hypot(n[0], n[1]);
    let all = libm::hypot(flat, det);
    let ok = det.abs() > 1e-12 * all;
    let k = if ok { 1.0 / det } else { f64::NAN };
    Facet {
        at: *a,
        inverse: [q[1] * k, -q[0] * k, -p[1] * k, p[0] * k],
        rise,
        uphill: if flat > 0.0 {
            [-sign * n[0] / flat, -sign * n[1] / flat]
        } else {
            [0.0; 2]
        },
        level: flat / all,
        up: det.abs() / all,
    }
}

fn new_edge([a, b]: [[f64; 3]; 2]) -> Edge {
    let (a, b) = if a[2] <= b[2] { (a, b) } else { (b, a) };
    let (x, y) = (b[0] - a[0], b[1] - a[1]);
    let len = (x * x + y * y).sqrt();
    let m = (b[2] - a[2]) / len;
    Edge {
        at: a,
        dir: [x / len, y / len],
        len,
        m,
        w: 1.0 / (1.0 + m * m).sqrt(),
    }
}

/// Which triangle holds which edge and vertex.
struct Owned {
    edges: Vec<[u32; 2]>,
    first_edge: Vec<u32>,
    vertices: Vec<u32>,
    first_vertex: Vec<u32>,
    /// Facets that aren't upright.
    lies: Vec<bool>,
}

impl Owned {
    fn of(mesh: &Indexed) -> Self {
        let lies: Vec<bool> = mesh
            .faces
            .iter()
            .map(|f| facet(&f.map(|v| point(mesh, v))).inverse[0].is_finite())
            .collect();
        let mut sides = sides(mesh);
        sides.sort_unstable_by_key(|s| (s.ends, s.face));
        let mut held = vec![NONE; mesh.vertices.len()];
        let mut by_face: Vec<(u32, [u32; 2])> = Vec::with_capacity(sides.len() / 2);
        for group in sides.chunk_by(|a, b| a.ends == b.ends) {
            let [p, q] = group[0].ends.map(|v| point(mesh, v));
            let upright = p[0] == q[0] && p[1] == q[1];
            if !upright && bends_up(mesh, group, &lies) {
                continue;
            }
            let owner = group
                .iter()
                .map(|s| s.face)
                .find(|&f| lies[f as usize])
                .unwrap_or(group[0].face);
            if !upright {
                by_face.push((owner, group[0].ends));
            }
            // Of an upright edge the upper end counts alone.
            for &v in &group[0].ends {
                let lower = upright && point(mesh, v)[2] < p[2].max(q[2]);
                if !lower && held[v as usize] == NONE {
                    held[v as usize] = owner;
                }
            }
        }
        by_face.sort_unstable();
        let mut at_face: Vec<(u32, u32)> = (0u32..)
            .zip(&held)
            .filter(|&(_, &f)| f != NONE)
            .map(|(v, &f)| (f, v))
            .collect();
        at_face.sort_unstable();
        let n = mesh.faces.len();
        Self {
            first_edge: starts(n, by_face.iter().map(|e| e.0)),
            edges: by_face.into_iter().map(|e| e.1).collect(),
            first_vertex: starts(n, at_face.iter().map(|v| v.0)),
            vertices: at_face.into_iter().map(|v| v.1).collect(),
            lies,
        }
    }

    fn any(&self, face: u32) -> bool {
        self.lies[face as usize]
            || !self.of_face(&self.edges, &self.first_edge, face).is_empty()
            || !self.of_face(&self.vertices, &self.first_vertex, face).is_empty()
    }

    fn of_face<'a, T>(&self, all: &'a [T], first: &[u32], face: u32) -> &'a [T] {
        &all[first[face as usize] as usize..first[face as usize + 1] as usize]
    }
}

/// For every face, and past the last, the index of the first of its items; `faces` is sorted.
fn starts(n: usize, faces: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut first = vec![0u32; n + 1];
    for f in faces {
        first[f as usize + 1] += 1;
    }
    for i in 0..n {
        first[i + 1] += first[i];
    }
    first
}

fn sides(mesh: &Indexed) -> Vec<Side> {
    let mut sides = Vec::with_capacity(mesh.faces.len() * 3);
    for (face, f) in (0u32..).zip(&mesh.faces) {
        for k in 0..3 {
            let (a, b, apex) = (f[k], f[(k + 1) % 3], f[(k + 2) % 3]);
            if a != b {
                let ends = [a.min(b), a.max(b)];
                sides.push(Side { ends, face, apex });
            }
        }
    }
    sides
}

/// True when exactly two well-shaped facets lie on either side of an edge and the surface bends up there, or not
/// at all.
fn bends_up(mesh: &Indexed, group: &[Side], lies: &[bool]) -> bool {
    let [one, two] = group else { return false };
    if !(lies[one.face as usize] && lies[two.face as usize]) {
        return false;
    }
    let [p, q] = one.ends.map(|v| point(mesh, v));
    let first = [p, q, point(mesh, one.apex)];
    let second = [p, q, point(mesh, two.apex)];
    let (a1, a2) = (area2(&first), area2(&second));
    // Slivers are not trusted: their facet might miss a contact by rounding.
    let thin = |a: f64, t: &[[f64; 3]; 3]| a.abs() < 1e-4 * longest2(t);
    if a1 * a2 >= 0.0 || thin(a1, &first) || thin(a2, &second) {
        return false;
    }
    let f = facet(&first);
    let c = second[2];
    let (x, y) = (c[0] - f.at[0], c[1] - f.at[1]);
    let plane = f.at[2]
        + f.rise[0] * (f.inverse[0] * x + f.inverse[1] * y)
        + f.rise[1] * (f.inverse[2] * x + f.inverse[3] * y);
    c[2] >= plane
}
