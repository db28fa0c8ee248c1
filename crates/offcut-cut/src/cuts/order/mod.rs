//! The order of cuts: short travels, with what has to come first coming first.
//!
//! In: tracks with the places where they may be begun, their priority and which others have to come after them.
//! Out: every track once, with its start. Promised: priorities and precedence hold; equal input gives equal order.
//!
//! Nearest neighbour among the tracks that may be cut already, or level by level of what lies in what; then 2-opt and Or-opt (Lin 1965, Or 1976) with lists
//! of near tracks, between their rounds the best starts for the order that there is, and random exchanges with repair.

mod grid;
mod improve;
mod search;

use grid::Places;
use offcut_geometry::drawing::Vec2;

/// A track to be ordered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Node {
    /// Where it may be begun. A closed one ends where it begins; an open one has its two ends here.
    pub starts: Vec<Vec2>,
    /// It ends where it begins.
    pub closed: bool,
    /// Lower ones come first.
    pub priority: i32,
    /// Tracks that may be cut only after this one.
    pub after: Vec<u32>,
}

/// A track in the order found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stop {
    /// Which one.
    pub node: u32,
    /// Index of its start.
    pub start: u32,
}

/// Rounds of improving the order and the starts.
const ROUNDS: usize = 4;

/// Up to so many tracks, both ways to begin are improved; of more the one that is shorter at once.
const BOTH: usize = 4000;
/// Deepest chain of precedence that is looked at.
const DEEPEST: u32 = 64;

/// Orders tracks for a head that stands at `from` and goes to `to` in the end, if anywhere. The work that is spent on
/// the search grows with `effort` (from 1).
pub(crate) fn order(nodes: &[Node], from: Vec2, to: Option<Vec2>, effort: u32) -> Vec<Stop> {
    let priority = effective_priorities(nodes);
    let mut before: Vec<Vec<u32>> = vec![Vec::new(); nodes.len()];
    for (i, n) in nodes.iter().enumerate() {
        for &a in &n.after {
            before[a as usize].push(i as u32);
        }
    }
    let mut groups: Vec<i32> = priority.clone();
    groups.sort_unstable();
    groups.dedup();
    let mut out: Vec<Stop> = Vec::with_capacity(nodes.len());
    let mut at = from;
    let last = groups.last().copied();
    for g in groups {
        let members: Vec<u32> = (0..nodes.len() as u32)
            .filter(|i| priority[*i as usize] == g && !nodes[*i as usize].starts.is_empty())
            .collect();
        let ends = [Some(at), to.filter(|_| Some(g) == last)];
        let first = nearest(nodes, &members, at);
        let levels = by_level(nodes, &members, at);
        let tours = [Some(first), levels].into_iter().flatten().map(|mut tour| {
            if members.len() <= BOTH {
                rounds(&mut improve::Improver::new(nodes, &before, ends, &mut tour));
            }
            (travel(nodes, &tour, ends), tour)
        });
        let Some((_, mut tour)) = tours.reduce(|a, b| if b.0 < a.0 { b } else { a }) else {
            continue;
        };
        let mut improver = improve::Improver::new(nodes, &before, ends, &mut tour);
        rounds(&mut improver);
        search::kicks(&mut improver, effort);
        search::best_starts(&mut improver);
        improver.moves();
        if let Some(s) = tour.last() {
            at = end(nodes, *s);
        }
        out.extend(tour);
    }
    out
}

fn rounds(improver: &mut improve::Improver) {
    for _ in 0..ROUNDS {
        let moved = improver.moves();
        if !search::best_starts(improver) && !moved {
            break;
        }
    }
}

/// The way from one point to another. A search asks for it millions of times: a root is exact enough and, other than
/// a hypotenuse that minds overflow, one instruction.
#[inline]
fn way(a: Vec2, b: Vec2) -> f64 {
    let d = a - b;
    (d.x * d.x + d.y * d.y).sqrt()
}

/// Where a track ends.
fn end(nodes: &[Node], s: Stop) -> Vec2 {
    let n = &nodes[s.node as usize];
    n.starts[if n.closed {
        s.start as usize
    } else {
        1 - s.start as usize
    }]
}

fn begin(nodes: &[Node], s: Stop) -> Vec2 {
    nodes[s.node as usize].starts[s.start as usize]
}

/// What has to come before a track is at least as urgent as the track.
fn effective_priorities(nodes: &[Node]) -> Vec<i32> {
    let mut p: Vec<i32> = nodes.iter().map(|n| n.priority).collect();
    // Chains of precedence are as deep as drawings are nested.
    for _ in 0..nodes.len() {
        let mut changed = false;
        for (i, n) in nodes.iter().enumerate() {
            let least = n.after.iter().map(|a| p[*a as usize]).min();
            if let Some(least) = least.filter(|l| *l < p[i]) {
                p[i] = least;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    p
}

/// Always the nearest of those whose predecessors among the members are done.
fn nearest(nodes: &[Node], members: &[u32], from: Vec2) -> Vec<Stop> {
    const NONE: u32 = u32::MAX;
    let mut waits: Vec<u32> = vec![NONE; nodes.len()];
    for &m in members {
        waits[m as usize] = 0;
    }
    for &m in members {
        for &a in &nodes[m as usize].after {
            let w = &mut waits[a as usize];
            *w += u32::from(*w != NONE);
        }
    }
    let mut places = Places::new(nodes, members.iter().copied().filter(|m| waits[*m as usize] == 0));
    let mut tour = Vec::with_capacity(members.len());
    let mut at = from;
    while tour.len() < members.len() {
        let Some(s) = places.take(nodes, at) else {
            // A circle in the precedence can't be kept: its first track goes on all the same.
            let Some(m) = members.iter().copied().find(|m| waits[*m as usize] > 0) else {
                break;
            };
            waits[m as usize] = 0;
            places.add(nodes, m);
            continue;
        };
        tour.push(s);
        at = end(nodes, s);
        for &a in &nodes[s.node as usize].after {
            let w = &mut waits[a as usize];
            if *w > 0 && *w != NONE {
                *w -= 1;
                if *w == 0 {
                    places.add(nodes, a);
                }
            }
        }
    }
    tour
}

/// What lies innermost of all first, then what waits for that only, and so on, each in the order of the nearest: on
/// sheets of many parts shorter than to finish part by part. Nothing when nothing waits.
fn by_level(nodes: &[Node], members: &[u32], from: Vec2) -> Option<Vec<Stop>> {
    let mut level = vec![0u32; nodes.len()];
    // Chains are as deep as drawings are nested; a circle never ends.
    for round in 1..=DEEPEST {
        let mut deeper = false;
        for &m in members {
            if level[m as usize] != round - 1 {
                continue;
            }
            for &a in &nodes[m as usize].after {
                level[a as usize] = round;
                deeper = true;
            }
        }
        if !deeper {
            break;
        }
    }
    let mut list = members.to_vec();
    list.sort_by_key(|m| level[*m as usize]);
    let mut at = from;
    let mut out = Vec::with_capacity(list.len());
    for part in list.chunk_by(|a, b| level[*a as usize] == level[*b as usize]) {
        if part.len() == members.len() {
            return None;
        }
        out.extend(nearest(nodes, part, at));
        at = out.last().map_or(at, |s| end(nodes, *s));
    }
    Some(out)
}

/// The way between the tracks of a tour.
fn travel(nodes: &[Node], tour: &[Stop], [from, to]: [Option<Vec2>; 2]) -> f64 {
    let mut at = from;
    let mut sum = 0.0;
    for s in tour {
        sum += at.map_or(0.0, |p| way(p, begin(nodes, *s)));
        at = Some(end(nodes, *s));
    }
    sum + at.zip(to).map_or(0.0, |(p, q)| way(p, q))
}

#[cfg(test)]
mod tests;
