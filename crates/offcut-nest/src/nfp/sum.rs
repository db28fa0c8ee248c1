//! Minkowski sums by convolution.
//!
//! The convolution of two simple polygons is a closed chain that winds around every point as often as the
//! one polygon meets the other put there (Guibas, Ramshaw and Stolfi, 1983): the region where it winds at
//! all is their Minkowski sum. It is made of every edge of the one at every vertex of the other whose turn
//! passes the edge's direction, run backwards where the vertex is reflex. Edges of equal direction are told
//! apart as if the second polygon were turned left by next to nothing, so that the chain always closes.

use offcut_geometry::{Loops, Point, clip};

/// The offsets (position of `a` minus position of `b`) at which the two share area, as a valid set.
/// Both are given as simple loops, counter-clockwise, that may touch or overlap.
#[must_use]
pub fn no_fit(a: &Loops, b: &Loops) -> Loops {
    let (chains, convex) = convolution(a, b);
    // One convex chain is its own union.
    if convex && chains.len() == 1 {
        chains
    } else {
        clip::non_zero(&chains)
    }
}

/// The chains that wind around the offsets, and whether all parts are convex.
fn convolution(a: &Loops, b: &Loops) -> (Loops, bool) {
    let mut chains = Loops::new();
    let mut flipped = Vec::new();
    let mut convex = true;
    for p in a.iter() {
        flipped.clear();
        flipped.extend(p.iter().map(|&q| -q));
        for q in b.iter() {
            convex &= is_convex(&flipped) && is_convex(q);
            convolve(&flipped, q, &mut chains);
        }
    }
    (chains, convex)
}

fn corner(l: &[Point], i: usize) -> (Point, Point) {
    let n = l.len();
    (l[i] - l[(i + n - 1) % n], l[(i + 1) % n] - l[i])
}

fn is_convex(l: &[Point]) -> bool {
    (0..l.len()).all(|i| {
        let (u, v) = corner(l, i);
        u.cross(v) >= 0
    })
}

/// Which end of a turn's range of directions belongs to it.
#[derive(Clone, Copy, PartialEq)]
enum Closed {
    Start,
    End,
}

/// Adds the closed chains of the convolution of two loops.
fn convolve(a: &[Point], b: &[Point], out: &mut Loops) {
    let mut segments = Vec::with_capacity(2 * (a.len() + b.len()));
    sweep(a, b, Closed::Start, &mut segments);
    sweep(b, a, Closed::End, &mut segments);
    link(&mut segments, out);
}

/// Edges of `q` at the vertices of `p`.
fn sweep(p: &[Point], q: &[Point], closed: Closed, out: &mut Vec<(Point, Point)>) {
    for (i, &v) in p.iter().enumerate() {
        let (u, w) = corner(p, i);
        let turn = u.cross(w);
        if turn == 0 {
            continue;
        }
        let (from, to) = if turn > 0 { (u, w) } else { (w, u) };
        for (j, &s) in q.iter().enumerate() {
            let t = q[(j + 1) % q.len()];
            let d = t - s;
            let (left, right) = (from.cross(d), d.cross(to));
            let inside = (left > 0 && right > 0)
                || (closed == Closed::Start && left == 0 && from.dot(d) > 0)
                || (closed == Closed::End && right == 0 && d.dot(to) > 0);
            if inside && turn > 0 {
                out.push((s + v, t + v));
            } else if inside {
                out.push((t + v, s + v));
            }
        }
    }
}

/// Chains directed segments, of which as many end in a point as begin there.
fn link(segments: &mut [(Point, Point)], out: &mut Loops) {
    segments.sort_unstable();
    let mut used = vec![false; segments.len()];
    for k in 0..segments.len() {
        if used[k] {
            continue;
        }
        let start = segments[k].0;
        let mut at = k;
        loop {
            used[at] = true;
            out.points.push(segments[at].0);
            let end = segments[at].1;
            if end == start {
                out.close();
                break;
            }
            let first = segments.partition_point(|s| s.0 < end);
            let next = (first..segments.len())
                .take_while(|&i| segments[i].0 == end)
                .find(|&i| !used[i]);
            match next {
                Some(i) => at = i,
                // Only for loops that are not closed or too large for the grid.
                None => {
                    out.discard_open();
                    break;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
