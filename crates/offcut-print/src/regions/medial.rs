//! Centre lines of thin regions, with the width at every point.
//!
//! In: a valid polygon set whose pieces are about one bead wide. Out: polylines with widths.
//!
//! The chordal axis (Prasad, "Morphological analysis of shapes", CNLS Newsletter 139, 1997): the
//! region is triangulated with its densified boundary as constraints; the middles of the edges inside
//! form the axis. Triangles with two boundary edges end a branch, those with none join three.

use offcut_geometry::point::nearest_on_segment;
use offcut_geometry::{Island, Loops, Point, UNITS_PER_MM, islands};
use spade::handles::DirectedEdgeHandle;
use spade::{CdtEdge, ConstrainedDelaunayTriangulation, Point2, Triangulation};

/// A point of a centre line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AxisPoint {
    /// Where.
    pub point: Point,
    /// Width of the region there, grid units.
    pub width: f64,
}

/// A centre line.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Its points.
    pub points: Vec<AxisPoint>,
    /// The line closes on itself; the first point is not repeated.
    pub closed: bool,
}

/// Regions with more boundary points than this are left alone: they are not thin.
const MAX_POINTS: usize = 20_000;

/// The border of a piece is sampled so many times at least.
const LEAST_SAMPLES: f64 = 14.0;

/// The centre lines of all pieces, branches shorter than the local width left out. `density` is the
/// distance of boundary samples, grid units: about half of the narrowest width.
#[must_use]
pub fn centre_lines(set: &Loops, density: f64) -> Vec<Axis> {
    let mut out = Vec::new();
    for island in islands(set) {
        axis_of(&island, density, &mut out);
    }
    out
}

#[derive(Debug, Clone, Copy)]
struct Node {
    at: AxisPoint,
    /// Neighbours; at most three.
    next: [u32; 3],
    degree: u8,
}

impl Node {
    fn link(&mut self, to: u32) {
        if usize::from(self.degree) < 3 {
            self.next[usize::from(self.degree)] = to;
            self.degree += 1;
        }
    }

    fn unlink(&mut self, to: u32) {
        if let Some(k) = self.next[..usize::from(self.degree)]
            .iter()
            .position(|&n| n == to)
        {
            self.degree -= 1;
            self.next.swap(k, usize::from(self.degree));
        }
    }
}

fn axis_of(island: &Island, density: f64, out: &mut Vec<Axis>) {
    // A short axis needs some points too.
    let dense = densify(
        &island.loops,
        density.min(island.loops.perimeter() / LEAST_SAMPLES),
    );
    if dense.points.len() > MAX_POINTS {
        return;
    }
    let Some(mut nodes) = graph(&dense) else {
        return;
    };
    prune(&mut nodes);
    let first = out.len();
    walk(&mut nodes, out);
    for axis in out[first..].iter_mut().filter(|a| !a.closed) {
        lengthen(&mut axis.points, &island.loops);
        axis.points.reverse();
        lengthen(&mut axis.points, &island.loops);
    }
}

fn densify(loops: &Loops, step: f64) -> Loops {
    let mut out = Loops::new();
    for l in loops.iter() {
        for (i, &a) in l.iter().enumerate() {
            let b = l[(i + 1) % l.len()];
            let n = (a.dist(b) / step).ceil().max(1.0);
            for k in 0..n as u32 {
                out.points.push(a.lerp(b, f64::from(k) / n));
            }
        }
        out.close();
    }
    out
}

/// The ring neighbours of every boundary point.
fn neighbours(dense: &Loops) -> Vec<[u32; 2]> {
    let mut out = Vec::with_capacity(dense.points.len());
    for i in 0..dense.len() {
        let r = dense.range(i);
        let (s, n) = (r.start as u32, r.len() as u32);
        out.extend((0..n).map(|k| [s + (k + n - 1) % n, s + (k + 1) % n]));
    }
    out
}

/// The distance from `p` to the boundary edges at some boundary points.
fn clearance(dense: &Loops, around: &[[u32; 2]], at: &[u32], p: Point) -> f64 {
    let edge = |a: u32, b: u32| nearest_on_segment(p, dense.points[a as usize], dense.points[b as usize]).1;
    at.iter()
        .flat_map(|&i| around[i as usize].map(|k| edge(i, k)))
        .fold(f64::MAX, f64::min)
        .sqrt()
}

fn graph(dense: &Loops) -> Option<Vec<Node>> {
    let mm = |p: Point| Point2::new(f64::from(p.x) / UNITS_PER_MM, f64::from(p.y) / UNITS_PER_MM);
    let around = neighbours(dense);
    let n = dense.points.len() as u32;
    // Points that coincide share the vertex of the first of them.
    let mut of_vertex: Vec<u32> = (0..n).collect();
    of_vertex.sort_unstable_by_key(|&i| (dense.points[i as usize], i));
    of_vertex.dedup_by_key(|i| dense.points[*i as usize]);
    of_vertex.sort_unstable();
    let edges = (0..n)
        .map(|i| [i as usize, around[i as usize][1] as usize])
        .collect();
    let points = dense.points.iter().map(|&p| mm(p)).collect();
    let cdt: ConstrainedDelaunayTriangulation<Point2<f64>> =
        ConstrainedDelaunayTriangulation::try_bulk_load_cdt(points, edges, |_| ()).ok()?;
    if cdt.num_vertices() != of_vertex.len() {
        return None;
    }
    let inside = inside_faces(&cdt);
    let mut nodes: Vec<Node> = Vec::new();
    let mut node_of_edge = vec![u32::MAX; cdt.num_undirected_edges()];
    let grid = |p: Point2<f64>| {
        Point::new(
            (p.x * UNITS_PER_MM).round() as i32,
            (p.y * UNITS_PER_MM).round() as i32,
        )
    };
    for face in cdt.inner_faces() {
        if !inside[face.fix().index()] {
            continue;
        }
        let edges = face.adjacent_edges();
        let mut inner: Vec<u32> = Vec::with_capacity(3);
        for e in edges {
            if e.is_constraint_edge() {
                continue;
            }
            let slot = &mut node_of_edge[e.as_undirected().fix().index()];
            if *slot == u32::MAX {
                let [a, b] = e.positions();
                let [a_index, b_index] = e.vertices().map(|v| of_vertex[v.fix().index()]);
                let point = grid(Point2::new((a.x + b.x) / 2.0, (a.y + b.y) / 2.0));
                // The boundary nearest to the middle of an edge belongs to the corners around it.
                let mut corners = [a_index, b_index, a_index, b_index];
                for (k, side) in [e, e.rev()].into_iter().enumerate() {
                    if let Some(v) = side.opposite_vertex() {
                        corners[2 + k] = of_vertex[v.fix().index()];
                    }
                }
                let width = 2.0 * clearance(dense, &around, &corners, point);
                *slot = nodes.len() as u32;
                nodes.push(Node {
                    at: AxisPoint { point, width },
                    next: [0; 3],
                    degree: 0,
                });
            }
            inner.push(*slot);
        }
        match inner[..] {
            [a, b] => {
                nodes[a as usize].link(b);
                nodes[b as usize].link(a);
            }
            [a, b, c] => {
                let point = grid(face.center());
                let corners = face.vertices().map(|v| of_vertex[v.fix().index()]);
                let width = 2.0 * clearance(dense, &around, &corners, point);
                let m = nodes.len() as u32;
                nodes.push(Node {
                    at: AxisPoint { point, width },
                    next: [a, b, c],
                    degree: 3,
                });
                for k in [a, b, c] {
                    nodes[k as usize].link(m);
                }
            }
            _ => {}
        }
    }
    Some(nodes)
}

/// Which faces lie inside: every boundary edge passed on the way in from the outer face changes sides.
fn inside_faces(cdt: &ConstrainedDelaunayTriangulation<Point2<f64>>) -> Vec<bool> {
    let mut inside = vec![false; cdt.num_all_faces()];
    let mut seen = inside.clone();
    let mut todo = vec![cdt.outer_face().fix()];
    seen[todo[0].index()] = true;
    // The outer face has the hull's edges; all others have three.
    let hull: Vec<_> = cdt.convex_hull().collect();
    while let Some(f) = todo.pop() {
        let here = inside[f.index()];
        let mut visit = |e: DirectedEdgeHandle<'_, Point2<f64>, (), CdtEdge<()>, ()>| {
            let other = e.rev().face().fix();
            if !seen[other.index()] {
                seen[other.index()] = true;
                inside[other.index()] = here != e.is_constraint_edge();
                todo.push(other);
            }
        };
        match cdt.face(f).as_inner() {
            Some(inner) => inner.adjacent_edges().into_iter().for_each(&mut visit),
            None => hull.iter().copied().for_each(&mut visit),
        }
    }
    inside
}

/// Takes branches off that end in the open and are not longer than the width where they begin.
fn prune(nodes: &mut [Node]) {
    let tips: Vec<u32> = (0..nodes.len() as u32)
        .filter(|&i| nodes[i as usize].degree == 1)
        .collect();
    for tip in tips {
        let mut chain = vec![tip];
        let mut length = 0.0;
        let (mut from, mut at) = (u32::MAX, tip);
        loop {
            let n = nodes[at as usize];
            let Some(&to) = n.next[..usize::from(n.degree)].iter().find(|&&k| k != from) else {
                break;
            };
            length += n.at.point.dist(nodes[to as usize].at.point);
            (from, at) = (at, to);
            if nodes[at as usize].degree != 2 {
                break;
            }
            chain.push(at);
        }
        let joint = nodes[at as usize];
        if joint.degree == 3 && length <= joint.at.width * 0.8 {
            nodes[at as usize].unlink(from);
            for k in chain {
                nodes[k as usize].degree = 0;
            }
        }
    }
}

/// Goes on straight from the last point until half the width there is left to the border: the axis
/// ends where the corners' branches were taken off.
fn lengthen(points: &mut Vec<AxisPoint>, loops: &Loops) {
    let [.., before, last] = points[..] else { return };
    let d = last.point - before.point;
    let len = d.norm();
    if len < 1.0 {
        return;
    }
    let (ux, uy) = (f64::from(d.x) / len, f64::from(d.y) / len);
    let mut way = f64::MAX;
    for (a, b) in loops.iter().flat_map(offcut_geometry::loops::edges) {
        let side = |p: Point| f64::from(p.y - last.point.y) * ux - f64::from(p.x - last.point.x) * uy;
        let ahead = |p: Point| f64::from(p.x - last.point.x) * ux + f64::from(p.y - last.point.y) * uy;
        let (sa, sb) = (side(a), side(b));
        if (sa > 0.0) != (sb > 0.0) {
            let t = ahead(a) + (ahead(b) - ahead(a)) * sa / (sa - sb);
            if t > 0.0 {
                way = way.min(t);
            }
        }
    }
    let more = way - last.width / 2.0;
    if more > 0.05 * last.width && more < 3.0 * last.width {
        let to = |v: i32, u: f64| offcut_geometry::nearest_unit(f64::from(v) + u * more);
        let point = Point::new(to(last.point.x, ux), to(last.point.y, uy));
        points.push(AxisPoint { point, ..last });
    }
}

/// Strings nodes of degree two together, from joint or tip to joint or tip, then the closed ones.
fn walk(nodes: &mut [Node], out: &mut Vec<Axis>) {
    for closed in [false, true] {
        for i in 0..nodes.len() as u32 {
            let d = nodes[i as usize].degree;
            if d == 0 || (!closed && d == 2) {
                continue;
            }
            while nodes[i as usize].degree > 0 {
                let mut points = vec![nodes[i as usize].at];
                let mut at = i;
                loop {
                    let n = nodes[at as usize];
                    if n.degree == 0 {
                        break;
                    }
                    let to = n.next[0];
                    nodes[at as usize].unlink(to);
                    nodes[to as usize].unlink(at);
                    points.push(nodes[to as usize].at);
                    at = to;
                    // The link just used is gone: a node in the middle of a run has one left.
                    if at == i || nodes[at as usize].degree != 1 {
                        break;
                    }
                }
                let loops = at == i && points.len() > 3;
                if loops {
                    points.pop();
                }
                if points.len() > 1 {
                    out.push(Axis {
                        points,
                        closed: loops,
                    });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mm(v: &[(f64, f64)]) -> Vec<Point> {
        v.iter().map(|&(x, y)| Point::from_mm(x, y).unwrap()).collect()
    }

    fn length(a: &Axis) -> f64 {
        let l: f64 = a.points.windows(2).map(|w| w[0].point.dist(w[1].point)).sum();
        let close = if a.closed {
            a.points[0].point.dist(a.points[a.points.len() - 1].point)
        } else {
            0.0
        };
        (l + close) / UNITS_PER_MM
    }

    #[test]
    fn strip_is_one_line_of_its_width() {
        let l: Loops = [mm(&[(0.0, 0.0), (100.0, 0.0), (100.0, 0.5), (0.0, 0.5)])]
            .into_iter()
            .collect();
        let a = centre_lines(&l, 25_000.0);
        assert_eq!(a.len(), 1, "{}", a.len());
        assert!(length(&a[0]) > 98.5, "{}", length(&a[0]));
        for p in &a[0].points[3..a[0].points.len() - 3] {
            assert!((p.width - 50_000.0).abs() < 2_000.0, "{}", p.width);
            assert!((p.point.y - 25_000).abs() < 1_000);
        }
    }

    #[test]
    fn square_ring_is_one_closed_line() {
        let sq = |r: f64| mm(&[(-r, -r), (r, -r), (r, r), (-r, r)]);
        let mut hole = sq(9.6);
        hole.reverse();
        let l: Loops = [sq(10.0), hole].into_iter().collect();
        let a = centre_lines(&l, 20_000.0);
        assert_eq!(a.len(), 1);
        assert!(a[0].closed);
        // between the hole's and the contour's perimeter
        assert!(length(&a[0]) > 76.8 && length(&a[0]) < 80.0, "{}", length(&a[0]));
    }
}
