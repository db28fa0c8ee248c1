//! Constrained Delaunay triangulation of islands.
//!
//! In: one outer loop (counter-clockwise) and its holes (clockwise). Out: triangles, and which of
//! them lie beside each other. Every edge of the loops is an edge of a triangle.
//!
//! Holes are tied to the outer loop by bridges, ears are cut (Meisters, "Polygons have ears", 1975),
//! then edges are flipped until no circumcircle holds a corner of the triangle beside it (Lawson,
//! "Software for C¹ surface interpolation", 1977). Orientation is exact; a flip is made only where
//! rounding cannot have misled it, so flipping comes to an end.

mod blockers;

use crate::loops::Loops;
use crate::point::{Point, orient};
use blockers::Blockers;
use std::collections::VecDeque;

/// In place of a triangle: the boundary.
pub const OUTSIDE: u32 = u32::MAX;

/// A triangle of an island.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Triangle {
    /// Indices of the island's points, counter-clockwise.
    pub corners: [u32; 3],
    /// The triangle across the edge from each corner to the next, or [`OUTSIDE`].
    pub beside: [u32; 3],
}

/// Working memory; reuse it.
#[derive(Debug, Default)]
pub struct Triangulator {
    /// The triangles of the last island.
    pub triangles: Vec<Triangle>,
    nodes: Vec<Node>,
    queue: VecDeque<u32>,
    /// Per bridge the side that met it first.
    bridges: Vec<u32>,
    blockers: Blockers,
    sides: Vec<(u32, u32)>,
}

/// A corner of what is not cut off yet.
#[derive(Debug, Clone, Copy)]
struct Node {
    at: Point,
    point: u32,
    prev: u32,
    next: u32,
    /// What lies across the edge to the next node: `OUTSIDE`, `BRIDGE | i`, or a side.
    across: u32,
    /// Not convex: may lie in another corner's ear.
    blocks: bool,
    alive: bool,
    queued: bool,
}

/// Marks the number of a bridge.
const BRIDGE: u32 = 1 << 31;
/// A bridge that was not met yet.
const UNMET: u32 = u32::MAX;
/// Corners to which a hole may be tied are tried so often.
const BRIDGE_TRIES: usize = 64;
/// Ears more obtuse than this (cosine) are left for later: they would have to be flipped.
const OBTUSE: f64 = -0.5;

fn side(triangle: u32, k: u32) -> u32 {
    4 * triangle + k
}

impl Triangulator {
    /// Triangulates an island; false (and no triangles) when it is no valid one, or its holes touch.
    pub fn triangulate(&mut self, island: &Loops) -> bool {
        self.triangles.clear();
        self.nodes.clear();
        self.bridges.clear();
        let done = self.rings(island) && self.cut_ears(island);
        if done {
            self.flip(&island.points);
        } else {
            self.triangles.clear();
        }
        done
    }

    /// Makes one ring of all loops.
    fn rings(&mut self, island: &Loops) -> bool {
        for l in 0..island.len() {
            let r = island.range(l);
            let (s, n) = (r.start as u32, r.len() as u32);
            if n < 3 {
                return false;
            }
            for k in 0..n {
                self.nodes.push(Node {
                    at: island.points[(s + k) as usize],
                    point: s + k,
                    prev: s + (k + n - 1) % n,
                    next: s + (k + 1) % n,
                    across: OUTSIDE,
                    blocks: false,
                    alive: l == 0,
                    queued: false,
                });
            }
        }
        if island.is_empty() {
            return false;
        }
        // Rightmost first: whatever lies to the right of a hole then belongs to the ring.
        let mut holes: Vec<u32> = (1..island.len())
            .filter_map(|l| island.range(l).max_by_key(|&i| (island.points[i], i)))
            .map(|i| i as u32)
            .collect();
        holes.sort_unstable_by_key(|&i| std::cmp::Reverse(island.points[i as usize]));
        holes.into_iter().all(|m| self.tie(m))
    }

    /// Ties the hole whose rightmost node is `m` to the ring.
    fn tie(&mut self, m: u32) -> bool {
        let p = self.nodes[m as usize].at;
        let mut tried = (-1, 0);
        for _ in 0..BRIDGE_TRIES {
            let best = self
                .nodes
                .iter()
                .enumerate()
                .filter(|(_, n)| n.alive && n.at > p)
                .map(|(i, n)| ((n.at - p).norm2(), i as u32))
                .filter(|&key| key > tried && self.sees(key.1, p))
                .min();
            let Some(key) = best else { return false };
            tried = key;
            if self.free(p, self.nodes[key.1 as usize].at) {
                self.splice(key.1, m);
                return true;
            }
        }
        false
    }

    /// True when `p` lies to the inside of the corner at node `i`.
    fn sees(&self, i: u32, p: Point) -> bool {
        let n = &self.nodes[i as usize];
        let (a, b) = (self.nodes[n.prev as usize].at, self.nodes[n.next as usize].at);
        let (left_in, left_out) = (orient(a, n.at, p) > 0, orient(n.at, b, p) > 0);
        if orient(a, n.at, b) > 0 {
            left_in && left_out
        } else {
            left_in || left_out
        }
    }

    /// True when no edge of the ring crosses the way from `p` to the corner `v`.
    fn free(&self, p: Point, v: Point) -> bool {
        self.nodes.iter().filter(|n| n.alive).all(|n| {
            let (a, b) = (n.at, self.nodes[n.next as usize].at);
            let apart = |s: i64, t: i64| (s > 0 && t > 0) || (s < 0 && t < 0);
            a == v
                || b == v
                || apart(orient(p, v, a), orient(p, v, b))
                || apart(orient(a, b, p), orient(a, b, v))
        })
    }

    /// Puts the hole of node `m` into the ring at node `v`, there and back over a bridge.
    fn splice(&mut self, v: u32, m: u32) {
        let bridge = BRIDGE | self.bridges.len() as u32;
        self.bridges.push(UNMET);
        let mut i = m;
        while !self.nodes[i as usize].alive {
            self.nodes[i as usize].alive = true;
            i = self.nodes[i as usize].next;
        }
        let (old_v, old_m) = (self.nodes[v as usize], self.nodes[m as usize]);
        let m2 = self.nodes.len() as u32;
        let v2 = m2 + 1;
        self.nodes.push(Node {
            next: v2,
            across: bridge,
            ..old_m
        });
        self.nodes.push(Node { prev: m2, ..old_v });
        self.nodes[old_m.prev as usize].next = m2;
        self.nodes[old_v.next as usize].prev = v2;
        self.nodes[m as usize].prev = v;
        self.nodes[m as usize].alive = true;
        self.nodes[v as usize].next = m;
        self.nodes[v as usize].across = bridge;
    }

    fn corner(&self, i: u32) -> [Point; 3] {
        let n = &self.nodes[i as usize];
        [
            self.nodes[n.prev as usize].at,
            n.at,
            self.nodes[n.next as usize].at,
        ]
    }

    fn cut_ears(&mut self, island: &Loops) -> bool {
        self.queue.clear();
        for i in 0..self.nodes.len() as u32 {
            let [a, b, c] = self.corner(i);
            let n = &mut self.nodes[i as usize];
            n.blocks = orient(a, b, c) <= 0;
            n.queued = true;
            self.queue.push_back(i);
        }
        self.blockers.fill(&self.nodes, island.bbox());
        let mut left = self.nodes.len();
        let (mut cut, mut picky) = (false, true);
        while left > 3 {
            let Some(i) = self.queue.pop_front() else {
                // A corner inside an ear may be gone by now.
                if !cut && !picky {
                    return false;
                }
                picky = cut;
                cut = false;
                for (i, n) in (0..).zip(&mut self.nodes) {
                    if n.alive {
                        n.queued = true;
                        self.queue.push_back(i);
                    }
                }
                continue;
            };
            self.nodes[i as usize].queued = false;
            if !self.nodes[i as usize].alive || !self.is_ear(i, picky) {
                continue;
            }
            self.cut(i);
            left -= 1;
            cut = true;
            picky = true;
        }
        let Some(last) = self.nodes.iter().position(|n| n.alive) else {
            return false;
        };
        let [a, b, c] = self.corner(last as u32);
        if orient(a, b, c) <= 0 {
            return false;
        }
        self.cut(last as u32);
        let rest = self.nodes[last].next;
        // The triangle's third side is the last edge of the ring.
        let t = self.triangles.len() as u32 - 1;
        let across = self.nodes[rest as usize].across;
        self.attach(t, 2, across);
        true
    }

    fn is_ear(&self, i: u32, picky: bool) -> bool {
        let [a, b, c] = self.corner(i);
        if orient(a, b, c) <= 0 {
            return false;
        }
        if picky {
            let (u, v) = (a - b, c - b);
            let dot = u.dot(v) as f64;
            if dot < 0.0 && dot * dot > OBTUSE * OBTUSE * (u.norm2() as f64 * v.norm2() as f64) {
                return false;
            }
        }
        !self.blockers.any_in(&self.nodes, [a, b, c])
    }

    /// Cuts the ear at node `i` off.
    fn cut(&mut self, i: u32) {
        let t = self.triangles.len() as u32;
        let n = self.nodes[i as usize];
        let (p, q) = (n.prev as usize, n.next as usize);
        self.triangles.push(Triangle {
            corners: [self.nodes[p].point, n.point, self.nodes[q].point],
            beside: [OUTSIDE; 3],
        });
        self.attach(t, 0, self.nodes[p].across);
        self.attach(t, 1, n.across);
        self.nodes[i as usize].alive = false;
        self.nodes[p].next = n.next;
        self.nodes[p].across = side(t, 2);
        self.nodes[q].prev = n.prev;
        for k in [n.prev, n.next] {
            let [a, b, c] = self.corner(k);
            let node = &mut self.nodes[k as usize];
            node.blocks &= orient(a, b, c) <= 0;
            if !node.queued {
                node.queued = true;
                self.queue.push_back(k);
            }
        }
    }

    /// Says what lies across a side of a triangle.
    fn attach(&mut self, t: u32, k: u32, across: u32) {
        let other = if across == OUTSIDE {
            return;
        } else if across & BRIDGE != 0 {
            let met = &mut self.bridges[(across & !BRIDGE) as usize];
            if *met == UNMET {
                *met = side(t, k);
                return;
            }
            *met
        } else {
            across
        };
        self.triangles[t as usize].beside[k as usize] = other / 4;
        self.triangles[other as usize / 4].beside[other as usize % 4] = t;
    }

    fn flip(&mut self, points: &[Point]) {
        let mut todo = std::mem::take(&mut self.sides);
        todo.clear();
        for (t, tri) in (0..).zip(&self.triangles) {
            for (k, &u) in (0..).zip(&tri.beside) {
                if u != OUTSIDE && t < u {
                    todo.push((t, k));
                }
            }
        }
        while let Some((t, k)) = todo.pop() {
            let tri = self.triangles[t as usize];
            let k = k as usize;
            let u = tri.beside[k];
            let Some(j) = twin(&self.triangles, t, k) else {
                continue;
            };
            let other = self.triangles[u as usize];
            let at = |v: &Triangle, k: usize| v.corners[k % 3];
            let (a, b, c, d) = (at(&tri, k), at(&tri, k + 1), at(&tri, k + 2), at(&other, j + 2));
            if !in_circle([a, b, c, d].map(|i| points[i as usize])) {
                continue;
            }
            let (ca, bc) = (tri.beside[(k + 2) % 3], tri.beside[(k + 1) % 3]);
            let (ad, db) = (other.beside[(j + 1) % 3], other.beside[(j + 2) % 3]);
            self.triangles[t as usize] = Triangle {
                corners: [c, a, d],
                beside: [ca, ad, u],
            };
            self.triangles[u as usize] = Triangle {
                corners: [d, b, c],
                beside: [db, bc, t],
            };
            for (moved, from, to, edge) in [(ad, u, t, (d, a)), (bc, t, u, (c, b))] {
                if moved == OUTSIDE {
                    continue;
                }
                let v = &mut self.triangles[moved as usize];
                for m in 0..3 {
                    if v.beside[m] == from && (v.corners[m], v.corners[(m + 1) % 3]) == edge {
                        v.beside[m] = to;
                    }
                }
            }
            todo.extend([(t, 0), (t, 1), (u, 0), (u, 1)]);
        }
        self.sides = todo;
    }
}

/// The number of side `k` of triangle `t` in the triangle across it.
#[must_use]
pub fn twin(triangles: &[Triangle], t: u32, k: usize) -> Option<usize> {
    let tri = &triangles[t as usize];
    let other = triangles.get(tri.beside[k] as usize)?;
    (0..3).find(|&j| other.beside[j] == t && other.corners[j] == tri.corners[(k + 1) % 3])
}

/// True when `d` lies within the circle through `a`, `b` and `c` (counter-clockwise), beyond the
/// error of the determinant (Shewchuk, "Adaptive precision floating-point arithmetic", 1997).
fn in_circle([a, b, c, d]: [Point; 4]) -> bool {
    let rel = |p: Point| {
        let (x, y) = (f64::from(p.x) - f64::from(d.x), f64::from(p.y) - f64::from(d.y));
        (x, y, x * x + y * y)
    };
    let (a, b, c) = (rel(a), rel(b), rel(c));
    let minor = |p: (f64, f64, f64), q: (f64, f64, f64)| (p.0 * q.1, p.1 * q.0);
    let (bc, ca, ab) = (minor(b, c), minor(c, a), minor(a, b));
    let det = a.2 * (bc.0 - bc.1) + b.2 * (ca.0 - ca.1) + c.2 * (ab.0 - ab.1);
    let size =
        a.2 * (bc.0.abs() + bc.1.abs()) + b.2 * (ca.0.abs() + ca.1.abs()) + c.2 * (ab.0.abs() + ab.1.abs());
    det > 1.2e-15 * size
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The facts that make a triangulation: the count that Euler's formula gives, the area of the
    /// island, all of its edges, and neighbours that know each other.
    fn check(island: &Loops, t: &Triangulator) {
        let n = island.points.len();
        assert_eq!(t.triangles.len(), n + 2 * (island.len() - 1) - 2);
        let p = |i: u32| island.points[i as usize];
        let mut area = 0;
        let mut border: Vec<(Point, Point)> = Vec::new();
        for (i, tri) in (0..).zip(&t.triangles) {
            let [a, b, c] = tri.corners.map(p);
            assert!(orient(a, b, c) > 0);
            area += orient(a, b, c);
            for k in 0..3 {
                if tri.beside[k] == OUTSIDE {
                    border.push((p(tri.corners[k]), p(tri.corners[(k + 1) % 3])));
                    continue;
                }
                let j = twin(&t.triangles, i, k).expect("neighbours know each other");
                let d = p(t.triangles[tri.beside[k] as usize].corners[(j + 2) % 3]);
                let q = [a, b, c, d];
                assert!(!in_circle(q), "{q:?}");
            }
        }
        assert_eq!(area, island.area2());
        let mut edges: Vec<_> = island.iter().flat_map(crate::loops::edges).collect();
        edges.sort_unstable();
        border.sort_unstable();
        assert_eq!(border, edges);
    }

    #[test]
    fn frame_with_samples_on_its_sides() {
        let square = |r: i32, step: usize| -> Vec<Point> {
            let side = |f: fn(i32, i32) -> Point| (-r..r).step_by(step).map(move |k| f(k, r));
            side(|k, r| Point::new(k, -r))
                .chain(side(|k, r| Point::new(r, k)))
                .chain(side(|k, r| Point::new(-k, r)))
                .chain(side(|k, r| Point::new(-r, -k)))
                .collect()
        };
        let mut hole = square(900_000, 100_000);
        hole.reverse();
        let island: Loops = [square(1_000_000, 100_000), hole].into_iter().collect();
        let mut t = Triangulator::default();
        assert!(t.triangulate(&island));
        check(&island, &t);
    }

    #[test]
    fn what_is_no_island_is_refused() {
        let mut t = Triangulator::default();
        assert!(!t.triangulate(&Loops::new()));
        let line: Loops = [[(0, 0), (10, 0), (20, 0), (30, 0)]
            .map(|(x, y)| Point::new(x, y))
            .to_vec()]
        .into_iter()
        .collect();
        assert!(!t.triangulate(&line));
        assert!(t.triangles.is_empty());
    }

    proptest! {
        /// Stars with a star in them, thin or thick, large enough for the grid too.
        #[test]
        fn stars_with_holes(
            radii in proptest::collection::vec((70i32..100, 30i32..60), 3..120),
            holed in any::<bool>(),
        ) {
            let n = radii.len();
            let ring = |f: &dyn Fn(&(i32, i32)) -> i32| -> Vec<Point> {
                (0..n)
                    .map(|k| {
                        let (s, c) = libm::sincos(k as f64 / n as f64 * std::f64::consts::TAU);
                        let r = f64::from(f(&radii[k])) * 1e4;
                        Point::new((r * c) as i32, (r * s) as i32)
                    })
                    .collect()
            };
            let mut set = vec![ring(&|r| r.0)];
            if holed && n > 6 {
                let mut hole = ring(&|r| r.1);
                hole.reverse();
                set.push(hole);
            }
            let island: Loops = set.into_iter().collect();
            let mut t = Triangulator::default();
            prop_assert!(t.triangulate(&island));
            check(&island, &t);
        }
    }
}
