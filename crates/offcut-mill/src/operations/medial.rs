//! The medial axis of a region: where the largest discs that fit into it have their middles.
//!
//! In: a region on the grid. Out: branches, polylines of middle and radius, whose ends meet at junctions. Promised:
//! every radius is the exact distance from the border, so that no disc leaves the region; between two points of a
//! branch it changes evenly within the tolerance.
//!
//! The border is sampled; the triangles of its constrained Delaunay triangulation lie along the axis, neighbours next
//! to each other (Attali & Boissonnat, "A linear bound on the complexity of the Delaunay triangulation of points on
//! polyhedral surfaces", 2004, for why samples do). Each middle is then moved by Newton's method to where the edges
//! of its triangle's corners are equally far, which is a point of the true axis (Held, "On the computational geometry
//! of pocket machining", 1991). Branches whose discs add nothing to those of the branch that they leave are cut off.

use super::clearance::Border;
use crate::path::{P2, dist, lerp, mm, on_grid};
use offcut_geometry::triangulate::{OUTSIDE, Triangulator};
use offcut_geometry::{Loops, islands};

/// A point of the axis: its place and the distance from the border, mm.
pub type Disc = (P2, f64);

/// A disc that reaches no further than this beyond its neighbour's adds nothing, mm.
const ADDS: f64 = 0.001_5;
/// How even the radius changes between the points of a branch, and how straight it is, mm.
const EVEN: f64 = 0.000_7;
/// A stretch is halved at most so often.
const HALVINGS: u32 = 9;

/// The axis as a graph: nodes with their neighbours.
#[derive(Debug, Default)]
struct Graph {
    at: Vec<Disc>,
    next: Vec<Vec<u32>>,
    /// Edges of the border that are nearest to the node.
    near: Vec<Vec<u32>>,
}

/// The branches of a region's medial axis; samples of the border lie `spacing` mm apart.
#[must_use]
pub fn medial(region: &Loops, spacing: f64) -> Vec<Vec<Disc>> {
    let mut out = Vec::new();
    for island in islands(region) {
        let border = Border::new(&island.loops);
        let mut g = graph(&island.loops, &border, spacing);
        prune(&mut g);
        out.extend(branches(&g, &border));
    }
    out
}

/// Samples of the border: the region's loops with more points, and the edge (or the two) that each lies on.
fn sampled(region: &Loops, spacing: f64) -> (Loops, Vec<[u32; 2]>) {
    let mut out = Loops::new();
    let mut on = Vec::new();
    let mut first = 0u32;
    for l in region.iter() {
        let n = l.len();
        for i in 0..n {
            let (a, b) = (l[i], l[(i + 1) % n]);
            let (edge, before) = (first + i as u32, first + ((i + n - 1) % n) as u32);
            out.points.push(a);
            on.push([before, edge]);
            let len = a.dist(b) / offcut_geometry::UNITS_PER_MM;
            // Closer at the ends, where branches run into corners.
            let k = (len / spacing).ceil().clamp(2.0, 20_000.0) as usize;
            for s in 1..k {
                out.points.push(a.lerp(b, s as f64 / k as f64));
                on.push([edge, edge]);
            }
        }
        first += n as u32;
        out.close();
    }
    (out, on)
}

fn graph(region: &Loops, border: &Border, spacing: f64) -> Graph {
    let (samples, on) = sampled(region, spacing);
    let mut t = Triangulator::default();
    let mut g = Graph::default();
    if !t.triangulate(&samples) {
        return g;
    }
    // For every corner of the region the triangle whose middle is nearest to it.
    let mut corner: Vec<(f64, u32)> = vec![(f64::INFINITY, 0); samples.points.len()];
    for (i, tri) in t.triangles.iter().enumerate() {
        let p = tri.corners.map(|c| mm(samples.points[c as usize]));
        let mut near: Vec<u32> = tri.corners.iter().flat_map(|c| on[*c as usize]).collect();
        near.sort_unstable();
        near.dedup();
        let c = middle(p, tri.corners.map(|c| on[c as usize]), border, &near, region);
        g.at.push((c, border.clearance(c)));
        g.next
            .push(tri.beside.iter().copied().filter(|b| *b != OUTSIDE).collect());
        g.near.push(near);
        for (k, v) in tri.corners.iter().enumerate() {
            let d = dist(c, p[k]);
            let best = &mut corner[*v as usize];
            if on[*v as usize][0] != on[*v as usize][1] && d < best.0 {
                *best = (d, i as u32);
            }
        }
    }
    // Branches run into the corners that point outwards.
    let mut v = 0;
    for l in region.iter() {
        for i in 0..l.len() {
            let n = l.len();
            let turn = offcut_geometry::point::orient(l[(i + n - 1) % n], l[i], l[(i + 1) % n]);
            while v < samples.points.len() && (samples.points[v] != l[i] || on[v][0] == on[v][1]) {
                v += 1;
            }
            if turn > 0 && v < samples.points.len() && corner[v].0.is_finite() {
                let node = g.at.len() as u32;
                let to = corner[v].1;
                g.at.push((mm(l[i]), 0.0));
                g.next.push(vec![to]);
                g.near.push(on[v].to_vec());
                g.next[to as usize].push(node);
            }
        }
    }
    g
}

/// The point of the axis that belongs to a triangle.
fn middle(p: [P2; 3], on: [[u32; 2]; 3], border: &Border, near: &[u32], region: &Loops) -> P2 {
    let fallback = [0, 1].map(|k| (p[0][k] + p[1][k] + p[2][k]) / 3.0);
    let start = circumcenter(p)
        .filter(|c| region.contains(on_grid(*c)))
        .unwrap_or(fallback);
    let reach = p.iter().map(|q| dist(*q, fallback)).fold(0.0, f64::max);
    let disjoint = |a: [u32; 2], b: [u32; 2]| a.iter().all(|e| !b.contains(e));
    let three = disjoint(on[0], on[1]) && disjoint(on[1], on[2]) && disjoint(on[0], on[2]);
    let good = |c: P2| dist(c, start) < 2.0 * reach + 0.1 && region.contains(on_grid(c));
    let found = if three {
        balance(start, near, border, 3).filter(|c| good(*c))
    } else {
        None
    };
    found
        .or_else(|| balance(start, near, border, 2).filter(|c| good(*c)))
        .unwrap_or(start)
}

fn circumcenter([a, b, c]: [P2; 3]) -> Option<P2> {
    let (b, c) = ([b[0] - a[0], b[1] - a[1]], [c[0] - a[0], c[1] - a[1]]);
    let d = 2.0 * (b[0] * c[1] - b[1] * c[0]);
    let (b2, c2) = (b[0] * b[0] + b[1] * b[1], c[0] * c[0] + c[1] * c[1]);
    (d.abs() > 1e-12).then(|| {
        [
            a[0] + (c[1] * b2 - b[1] * c2) / d,
            a[1] + (b[0] * c2 - c[0] * b2) / d,
        ]
    })
}

/// Moves a point to where the nearest two or three of the edges, each in another direction, are equally far.
fn balance(start: P2, near: &[u32], border: &Border, count: usize) -> Option<P2> {
    let mut x = start;
    for _ in 0..30 {
        let mut list: Vec<(f64, P2)> = near
            .iter()
            .map(|e| border.edges[*e as usize].distance(x))
            .collect();
        list.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut active: Vec<(f64, P2)> = Vec::new();
        for d in list {
            let other = |a: &(f64, P2)| dist(a.1, d.1) > 0.02;
            if active.len() < count && active.iter().all(other) {
                active.push(d);
            }
        }
        if active.len() < count {
            return None;
        }
        let f = |k: usize| active[k].0 - active[0].0;
        let g = |k: usize| [active[k].1[0] - active[0].1[0], active[k].1[1] - active[0].1[1]];
        let step = if count == 2 {
            let (f, g) = (f(1), g(1));
            let n = g[0] * g[0] + g[1] * g[1];
            [-f * g[0] / n, -f * g[1] / n]
        } else {
            let (f1, g1, f2, g2) = (f(1), g(1), f(2), g(2));
            let det = g1[0] * g2[1] - g1[1] * g2[0];
            if det.abs() < 1e-6 {
                return None;
            }
            [(-f1 * g2[1] + f2 * g1[1]) / det, (-f2 * g1[0] + f1 * g2[0]) / det]
        };
        x = [x[0] + step[0], x[1] + step[1]];
        if step[0].abs() + step[1].abs() < 1e-9 {
            return Some(x);
        }
    }
    None
}

/// Cuts off branches whose discs lie within those that stay.
fn prune(g: &mut Graph) {
    let n = g.at.len();
    let mut beyond = vec![0.0f64; n];
    let mut queue: Vec<u32> = (0..n as u32).filter(|i| g.next[*i as usize].len() == 1).collect();
    while let Some(leaf) = queue.pop() {
        let i = leaf as usize;
        let [to] = g.next[i][..] else { continue };
        let j = to as usize;
        let adds = dist(g.at[i].0, g.at[j].0) + g.at[i].1 + beyond[i] - g.at[j].1;
        if adds > ADDS {
            continue;
        }
        g.next[i].clear();
        g.next[j].retain(|k| *k != leaf);
        beyond[j] = beyond[j].max(adds);
        if g.next[j].len() == 1 {
            queue.push(to);
        }
    }
}

/// Runs between junctions and ends, with points enough between the nodes.
fn branches(g: &Graph, border: &Border) -> Vec<Vec<Disc>> {
    let mut used: Vec<Vec<bool>> = g.next.iter().map(|l| vec![false; l.len()]).collect();
    let mut out = Vec::new();
    let plain = |i: usize| g.next[i].len() == 2;
    // From ends and junctions first; what is left are rings.
    for pass in 0..2 {
        for i in 0..g.at.len() {
            if pass == 0 && plain(i) {
                continue;
            }
            for k in 0..g.next[i].len() {
                if used[i][k] {
                    continue;
                }
                let mut line = vec![g.at[i]];
                let (mut a, mut k) = (i, k);
                loop {
                    let b = g.next[a][k] as usize;
                    used[a][k] = true;
                    let back = g.next[b].iter().position(|n| *n as usize == a);
                    if let Some(r) = back {
                        used[b][r] = true;
                    }
                    let near: Vec<u32> = g.near[a].iter().chain(&g.near[b]).copied().collect();
                    between(g.at[a], g.at[b], &near, border, HALVINGS, &mut line);
                    line.push(g.at[b]);
                    let on = (0..g.next[b].len()).find(|m| !used[b][*m]);
                    match on {
                        Some(m) if plain(b) && b != i => (a, k) = (b, m),
                        _ => break,
                    }
                }
                out.push(line);
            }
        }
    }
    // A single disc, as of a circle, has no branches.
    for i in 0..g.at.len() {
        if g.next[i].is_empty()
            && g.at[i].1 > 0.0
            && !g.at.iter().enumerate().any(|(j, o)| {
                j != i && dist(o.0, g.at[i].0) + g.at[i].1 < o.1 + ADDS * 2.0 && (o.1, j) > (g.at[i].1, i)
            })
        {
            out.push(vec![g.at[i]]);
        }
    }
    out
}

/// Adds points of the axis between two, until place and radius change evenly.
fn between(a: Disc, b: Disc, near: &[u32], border: &Border, halvings: u32, out: &mut Vec<Disc>) {
    let m = lerp(a.0, b.0, 0.5);
    let len = dist(a.0, b.0);
    if halvings == 0 || len < 0.002 {
        return;
    }
    let c = balance(m, near, border, 2)
        .filter(|c| dist(*c, m) < len)
        .unwrap_or(m);
    let r = border.clearance(c);
    if dist(c, m) < EVEN && (r - (a.1 + b.1) / 2.0).abs() < EVEN && (halvings < HALVINGS || len < 0.5) {
        return;
    }
    between(a, (c, r), near, border, halvings - 1, out);
    out.push((c, r));
    between((c, r), b, near, border, halvings - 1, out);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn poly(points: &[P2]) -> Loops {
        [points.iter().map(|p| on_grid(*p)).collect::<Vec<_>>()]
            .into_iter()
            .collect()
    }

    fn longest(branches: &[Vec<Disc>]) -> f64 {
        branches
            .iter()
            .flat_map(|b| b.windows(2))
            .map(|w| dist(w[0].0, w[1].0))
            .sum()
    }

    #[test]
    fn rectangle() {
        // The axis of 20 x 10: four diagonals of 5√2 and a middle of 10.
        let b = medial(&poly(&[[0.0, 0.0], [20.0, 0.0], [20.0, 10.0], [0.0, 10.0]]), 0.3);
        let exact = 4.0 * 5.0 * 2f64.sqrt() + 10.0;
        assert!((longest(&b) - exact).abs() < 0.1, "{} {exact}", longest(&b));
        let most = b.iter().flatten().map(|d| d.1).fold(0.0, f64::max);
        assert!((most - 5.0).abs() < 1e-4);
        for corner in [[0.0, 0.0], [20.0, 0.0], [20.0, 10.0], [0.0, 10.0]] {
            assert!(b.iter().flatten().any(|d| dist(d.0, corner) < 1e-6 && d.1 == 0.0));
        }
        for d in b.iter().flatten() {
            let exact = d.0[0].min(20.0 - d.0[0]).min(d.0[1]).min(10.0 - d.0[1]);
            assert!((d.1 - exact).abs() < 1e-5);
        }
    }

    #[test]
    fn a_circle_is_one_disc() {
        let ring: Vec<P2> = (0..400)
            .map(|i| libm::sincos(std::f64::consts::TAU * f64::from(i) / 400.0))
            .map(|(s, c)| [7.0 * c, 7.0 * s])
            .collect();
        let b = medial(&poly(&ring), 0.3);
        let most = b.iter().flatten().map(|d| d.1).fold(0.0, f64::max);
        assert!((most - 7.0).abs() < 0.001, "{most}");
        assert!(longest(&b) < 0.5, "{}", longest(&b));
    }

    #[test]
    fn parabola_between_a_corner_and_a_side() {
        // An L: from its inner corner at (4, 4) the axis runs on parabolas.
        let b = medial(
            &poly(&[
                [0.0, 0.0],
                [20.0, 0.0],
                [20.0, 4.0],
                [4.0, 4.0],
                [4.0, 20.0],
                [0.0, 20.0],
            ]),
            0.2,
        );
        let most = b.iter().flatten().map(|d| d.1).fold(0.0, f64::max);
        // On the diagonal x = y: r = x = √2 (4 − x).
        let exact = 4.0 * 2f64.sqrt() / (1.0 + 2f64.sqrt());
        assert!((most - exact).abs() < 1e-3, "{most} {exact}");
    }
}
