//! Centre lines of thin regions, with the width at every point.
//!
//! In: an island about one bead wide. Out: polylines with widths.
//!
//! The chordal axis (Prasad, "Morphological analysis of shapes", CNLS Newsletter 139, 1997): the
//! region is triangulated with its densified boundary as constraints; the middles of the edges inside
//! form the axis. Triangles with two boundary edges end a branch, those with none join three.

use offcut_geometry::offset::opening;
use offcut_geometry::triangulate::{OUTSIDE, Triangle, Triangulator, twin};
use offcut_geometry::{Coord, Loops, Point, UNITS_PER_MM, islands, nearest_unit};

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

/// Where a region touches itself it is parted by so much, grid units.
const MEND: Coord = 4;

/// The border of a piece is sampled so many times at least.
const LEAST_SAMPLES: f64 = 14.0;

/// Samples are so far apart at least, grid units (0.2 mm).
const LEAST_STEP: f64 = 20_000.0;

/// Working memory; reuse it.
#[derive(Debug, Default)]
pub struct Finder {
    dense: Loops,
    /// The ring neighbours of every point of `dense`.
    around: Vec<[u32; 2]>,
    mesh: Triangulator,
    /// The node on each side of each triangle.
    node_of: Vec<[u32; 3]>,
    nodes: Vec<Node>,
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

impl Finder {
    /// Adds the centre lines of an island to `out`, branches shorter than the local width left out.
    /// `density` is the distance of boundary samples at most, grid units.
    pub fn centre_lines(&mut self, island: &Loops, density: f64, out: &mut Vec<Axis>) {
        if !self.lines_of(island, density, out) {
            // It touches itself, or rounding of the samples made it cross itself.
            for piece in islands(&opening(island, MEND)) {
                self.lines_of(&piece.loops, density, out);
            }
        }
    }

    /// False when the island can't be triangulated.
    fn lines_of(&mut self, island: &Loops, density: f64, out: &mut Vec<Axis>) -> bool {
        // A short axis needs some points too, and its ends samples that are not farther apart than it is wide.
        let perimeter = island.perimeter();
        let width = 2.0 * island.area_mm2() * UNITS_PER_MM * UNITS_PER_MM / perimeter;
        let density = density.min(perimeter / LEAST_SAMPLES).min(width.max(LEAST_STEP));
        self.densify(island, density);
        if self.dense.points.len() > MAX_POINTS {
            return true;
        }
        if !self.mesh.triangulate(&self.dense) {
            return false;
        }
        self.graph();
        prune(&mut self.nodes);
        let first = out.len();
        walk(&mut self.nodes, out);
        for axis in out[first..].iter_mut().filter(|a| !a.closed) {
            lengthen(&mut axis.points, island);
            axis.points.reverse();
            lengthen(&mut axis.points, island);
        }
        true
    }

    fn densify(&mut self, loops: &Loops, step: f64) {
        let out = &mut self.dense;
        out.clear();
        self.around.clear();
        for l in loops.iter() {
            let s = out.points.len() as u32;
            for (i, &a) in l.iter().enumerate() {
                let b = l[(i + 1) % l.len()];
                let n = (a.dist(b) / step).ceil().max(1.0);
                for k in 0..n as u32 {
                    out.points.push(a.lerp(b, f64::from(k) / n));
                }
            }
            out.close();
            let n = out.points.len() as u32 - s;
            self.around
                .extend((0..n).map(|k| [s + (k + n - 1) % n, s + (k + 1) % n]));
        }
    }

    /// The distance from `p` to the boundary edges at some boundary points.
    fn clearance(&self, at: &[u32], p: Point) -> f64 {
        let dense = &self.dense.points;
        let edge = |a: u32, b: u32| distance2(p, dense[a as usize], dense[b as usize]);
        at.iter()
            .flat_map(|&i| self.around[i as usize].map(|k| edge(i, k)))
            .fold(f64::MAX, f64::min)
            .sqrt()
    }

    fn node(&mut self, point: Point, corners: &[u32]) -> u32 {
        let width = 2.0 * self.clearance(corners, point);
        self.nodes.push(Node {
            at: AxisPoint { point, width },
            next: [0; 3],
            degree: 0,
        });
        self.nodes.len() as u32 - 1
    }

    /// Nodes in the middle of the sides inside, and in triangles that have no other sides.
    fn graph(&mut self) {
        let triangles = std::mem::take(&mut self.mesh.triangles);
        self.nodes.clear();
        self.node_of.clear();
        self.node_of.resize(triangles.len(), [u32::MAX; 3]);
        for (t, tri) in (0..).zip(&triangles) {
            let mut inner = [0; 3];
            let mut sides = 0;
            for k in 0..3 {
                if tri.beside[k] == OUTSIDE {
                    continue;
                }
                inner[sides] = self.node_on(&triangles, t, k);
                sides += 1;
            }
            match sides {
                2 => self.link(inner[0], inner[1]),
                3 => {
                    let p = tri.corners.map(|i| self.dense.points[i as usize]);
                    let third = |f: fn(Point) -> i32| p.iter().map(|&q| f64::from(f(q))).sum::<f64>() / 3.0;
                    let centre = Point::new(nearest_unit(third(|q| q.x)), nearest_unit(third(|q| q.y)));
                    let m = self.node(centre, &tri.corners);
                    for k in inner {
                        self.link(m, k);
                    }
                }
                _ => {}
            }
        }
        self.mesh.triangles = triangles;
    }

    fn link(&mut self, a: u32, b: u32) {
        self.nodes[a as usize].link(b);
        self.nodes[b as usize].link(a);
    }

    /// The node in the middle of a side that has triangles on both sides.
    fn node_on(&mut self, triangles: &[Triangle], t: u32, k: usize) -> u32 {
        let known = self.node_of[t as usize][k];
        if known != u32::MAX {
            return known;
        }
        let tri = &triangles[t as usize];
        let (a, b) = (tri.corners[k], tri.corners[(k + 1) % 3]);
        // The boundary nearest to the middle of a side belongs to the corners around it.
        let mut corners = [a, b, tri.corners[(k + 2) % 3], a];
        let other = twin(triangles, t, k).map(|j| (tri.beside[k] as usize, j));
        if let Some((u, j)) = other {
            corners[3] = triangles[u].corners[(j + 2) % 3];
        }
        let [p, q] = [a, b].map(|i| self.dense.points[i as usize]);
        let node = self.node(p.lerp(q, 0.5), &corners);
        self.node_of[t as usize][k] = node;
        if let Some((u, j)) = other {
            self.node_of[u][j] = node;
        }
        node
    }
}

/// The squared distance of `p` from the segment `a b`.
fn distance2(p: Point, a: Point, b: Point) -> f64 {
    let (d, q) = (b - a, p - a);
    let ((dx, dy), (px, py)) = ((f64::from(d.x), f64::from(d.y)), (f64::from(q.x), f64::from(q.y)));
    let t = ((px * dx + py * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
    let (x, y) = (px - t * dx, py - t * dy);
    x * x + y * y
}

/// Takes branches off that end in the open and are not longer than the width where they begin.
fn prune(nodes: &mut [Node]) {
    let tips: Vec<u32> = (0..nodes.len() as u32)
        .filter(|&i| nodes[i as usize].degree == 1)
        .collect();
    let mut chain = Vec::new();
    for tip in tips {
        chain.clear();
        chain.push(tip);
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
            for &k in &chain {
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
        let to = |v: i32, u: f64| nearest_unit(f64::from(v) + u * more);
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
    use offcut_geometry::UNITS_PER_MM;

    fn mm(v: &[(f64, f64)]) -> Vec<Point> {
        v.iter().map(|&(x, y)| Point::from_mm(x, y).unwrap()).collect()
    }

    fn centre_lines(l: &Loops, density: f64) -> Vec<Axis> {
        let mut out = Vec::new();
        Finder::default().centre_lines(l, density, &mut out);
        out
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
    fn strips_that_touch_keep_their_lines() {
        // Two strips that share a corner, as one loop; and a strip whose ring touches its outside.
        let corner: Loops = [mm(&[
            (0.0, 0.0),
            (10.0, 0.0),
            (10.0, 0.5),
            (20.0, 0.5),
            (20.0, 1.0),
            (10.0, 1.0),
            (10.0, 0.5),
            (0.0, 0.5),
        ])]
        .into_iter()
        .collect();
        let hole: Loops = [
            mm(&[(0.0, 0.0), (10.0, 0.0), (10.0, 5.0), (0.0, 5.0)]),
            mm(&[(0.0, 2.5), (5.0, 4.5), (9.5, 2.5), (5.0, 0.5)]),
        ]
        .into_iter()
        .collect();
        for (set, least) in [(corner, 18.0), (hole, 12.0)] {
            let all: f64 = centre_lines(&set, 25_000.0).iter().map(length).sum();
            assert!(all > least, "{all}");
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
