//! Edges that two outlines share are cut once.
//!
//! In: runs of closed contours. Out: those that share nothing as they are; the others as trails of edges, each edge
//! once, with as few interruptions as the drawing allows (a trail ends only where an odd number of edges meet).

use crate::overlap::covered;
use offcut_geometry::drawing::{Bounds, Segment, Vec2};

/// A trail, and the family of contours that it belongs to.
#[derive(Debug, Clone)]
pub(crate) struct Trail {
    pub run: Vec<Segment>,
    pub closed: bool,
    /// Index of its family.
    pub family: usize,
}

/// What came of common lines.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    /// The family of every contour; none for those that share nothing.
    pub family: Vec<Option<usize>>,
    pub trails: Vec<Trail>,
    /// Length that is cut once instead of twice, mm.
    pub saved: f64,
}

/// Contours shorter than this share nothing, mm: within the tolerance their whole outline might be another's.
const SMALL: f64 = 1.0;

fn find(parent: &mut [usize], mut i: usize) -> usize {
    while parent[i] != i {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    i
}

/// Finds shared edges of runs within `tolerance` mm.
pub(crate) fn common(runs: &[&[Segment]], tolerance: f64) -> Shared {
    let mut all: Vec<(Bounds, Segment, usize)> = Vec::new();
    let mut widest = 0.0f64;
    let long = |run: &[Segment]| run.iter().map(Segment::length).sum::<f64>() >= SMALL;
    for (i, run) in runs.iter().enumerate().filter(|r| long(r.1)) {
        for s in *run {
            let b = s.bounds();
            widest = widest.max(b.size().x);
            all.push((b, *s, i));
        }
    }
    all.sort_by(|a, b| a.0.min.x.total_cmp(&b.0.min.x).then(a.2.cmp(&b.2)));
    let mut parent: Vec<usize> = (0..runs.len()).collect();
    let mut shares = vec![false; runs.len()];
    let mut saved = 0.0;
    // What is left of every edge.
    let mut rest: Vec<(Segment, usize)> = Vec::new();
    for (k, (b, s, i)) in all.iter().enumerate() {
        let from = all.partition_point(|o| o.0.min.x < b.min.x - widest - tolerance);
        let mut gone: Vec<(f64, f64)> = Vec::new();
        for (m, (ob, o, j)) in all.iter().enumerate().skip(from) {
            if ob.min.x > b.max.x + tolerance {
                break;
            }
            if j == i || m == k || !ob.touches(b, tolerance) {
                continue;
            }
            if let Some(c) = covered(s, o, tolerance) {
                shares[*i] = true;
                shares[*j] = true;
                let (p, q) = (find(&mut parent, *i), find(&mut parent, *j));
                parent[p.max(q)] = p.min(q);
                // Of two equal stretches the earlier contour keeps its own.
                if j < i {
                    gone.push(c);
                }
            }
        }
        gone.sort_by(|a, b| a.0.total_cmp(&b.0));
        let len = s.length();
        let mut at = 0.0;
        let mut keep = |lo: f64, hi: f64| {
            if (hi - lo) * len > tolerance {
                rest.push((
                    if lo <= 0.0 && hi >= 1.0 {
                        *s
                    } else {
                        s.part(lo, hi)
                    },
                    *i,
                ));
            }
        };
        for (lo, hi) in gone {
            if lo > at {
                keep(at, lo);
            }
            saved += (hi - at.max(lo)).max(0.0) * len;
            at = at.max(hi);
        }
        keep(at, 1.0);
    }
    let mut out = Shared {
        family: vec![None; runs.len()],
        saved,
        ..Shared::default()
    };
    let mut count = 0;
    let mut number = vec![usize::MAX; runs.len()];
    for (i, _) in shares.iter().enumerate().filter(|(_, s)| **s) {
        let root = find(&mut parent, i);
        if number[root] == usize::MAX {
            number[root] = count;
            count += 1;
        }
        out.family[i] = Some(number[root]);
    }
    let mut edges: Vec<Vec<Segment>> = vec![Vec::new(); count];
    for (s, i) in rest {
        if let Some(f) = out.family[i] {
            edges[f].push(s);
        }
    }
    for (family, edges) in edges.into_iter().enumerate() {
        trails(edges, 2.0 * tolerance, family, &mut out.trails);
    }
    out
}

/// Follows edges straight on as long as there are any.
fn trails(mut edges: Vec<Segment>, tolerance: f64, family: usize, out: &mut Vec<Trail>) {
    let (nodes, ends) = nodes(&edges, tolerance);
    // Ends are moved onto their node, so that a trail has no gaps.
    for (e, n) in edges.iter_mut().zip(&ends) {
        (e.a, e.b) = (nodes[n[0]], nodes[n[1]]);
    }
    let mut at: Vec<Vec<(usize, bool)>> = vec![Vec::new(); nodes.len()];
    for (i, n) in ends.iter().enumerate() {
        at[n[0]].push((i, false));
        at[n[1]].push((i, true));
    }
    let mut used = vec![false; edges.len()];
    let odd = |at: &[Vec<(usize, bool)>], used: &[bool], n: usize| {
        at[n].iter().filter(|e| !used[e.0]).count() % 2 == 1
    };
    // Trails from odd nodes first; what is left then are closed ones.
    let order: Vec<usize> = (0..nodes.len())
        .filter(|n| odd(&at, &used, *n))
        .chain(0..nodes.len())
        .collect();
    for start in order {
        loop {
            let open = odd(&at, &used, start);
            let mut node = start;
            let mut run: Vec<Segment> = Vec::new();
            loop {
                let ahead = run.last().map(|s: &Segment| s.direction(true));
                let next = at[node].iter().filter(|e| !used[e.0]).max_by(|a, b| {
                    let turn = |e: &(usize, bool)| {
                        let s = if e.1 { edges[e.0].reversed() } else { edges[e.0] };
                        ahead.map_or(0.0, |d| d.dot(s.direction(false)))
                    };
                    turn(a).total_cmp(&turn(b)).then(b.0.cmp(&a.0))
                });
                let Some(&(i, last)) = next else { break };
                used[i] = true;
                run.push(if last { edges[i].reversed() } else { edges[i] });
                node = ends[i][usize::from(!last)];
            }
            if run.is_empty() {
                break;
            }
            let closed = node == start && run.len() > 1;
            out.push(Trail { run, closed, family });
            if open {
                break;
            }
        }
    }
}

/// Ends within the tolerance as one node: their places, and the two nodes of every edge.
fn nodes(edges: &[Segment], tolerance: f64) -> (Vec<Vec2>, Vec<[usize; 2]>) {
    let points: Vec<Vec2> = edges.iter().flat_map(|e| [e.a, e.b]).collect();
    let mut order: Vec<usize> = (0..points.len()).collect();
    order.sort_by(|a, b| points[*a].x.total_cmp(&points[*b].x).then(a.cmp(b)));
    let mut node = vec![usize::MAX; points.len()];
    let mut places: Vec<Vec2> = Vec::new();
    for (k, &i) in order.iter().enumerate() {
        let p = points[i];
        let near = order[..k]
            .iter()
            .rev()
            .take_while(|j| p.x - points[**j].x <= tolerance)
            .find(|j| p.dist(points[**j]) <= tolerance);
        node[i] = match near {
            Some(j) => node[*j],
            None => {
                places.push(p);
                places.len() - 1
            }
        };
    }
    let ends = (0..edges.len()).map(|i| [node[2 * i], node[2 * i + 1]]).collect();
    (places, ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64, y: f64, a: f64) -> Vec<Segment> {
        let p = [(x, y), (x + a, y), (x + a, y + a), (x, y + a)].map(|(x, y)| Vec2::new(x, y));
        (0..4).map(|i| Segment::line(p[i], p[(i + 1) % 4])).collect()
    }

    fn length(s: &Shared) -> f64 {
        s.trails.iter().flat_map(|t| &t.run).map(Segment::length).sum()
    }

    #[test]
    fn a_chessboard_is_cut_once_along_every_line() {
        // 3 x 3 squares of 10 mm: 4 + 4 lines of 30 mm instead of 9 outlines of 40 mm.
        let squares: Vec<_> = (0..9)
            .map(|k| square(f64::from(k % 3) * 10.0, f64::from(k / 3) * 10.0, 10.0))
            .collect();
        let runs: Vec<&[Segment]> = squares.iter().map(Vec::as_slice).collect();
        let s = common(&runs, 0.01);
        assert!((length(&s) - 240.0).abs() < 1e-6, "{}", length(&s));
        assert!((s.saved - 120.0).abs() < 1e-6);
        // Euler: 8 nodes of odd degree, so at least 4 trails.
        assert!(s.trails.len() <= 6, "{}", s.trails.len());
    }

    #[test]
    fn a_short_edge_on_a_long_one_and_nothing_in_common() {
        let (big, small, far) = (
            square(0.0, 0.0, 20.0),
            square(20.0, 5.0, 4.0),
            square(50.0, 0.0, 5.0),
        );
        let s = common(&[&big, &small, &far], 0.01);
        assert_eq!(s.family, [Some(0), Some(0), None]);
        assert!((length(&s) - (80.0 + 12.0)).abs() < 1e-6, "{}", length(&s));
        let speck = square(20.005, 5.0, 0.1);
        assert_eq!(common(&[&big, &speck], 0.01).family, [None, None], "too small");
        let touching = square(20.0, 20.0, 5.0);
        assert_eq!(
            common(&[&big, &touching], 0.01).family,
            [None, None],
            "a corner is no edge"
        );
    }
}
