//! Beyond single moves: random exchanges with repair, and the best starts of a whole tour.

use super::improve::{Improver, LEAST};
use super::{Stop, begin, end, way};

/// Longest stretch that a random exchange moves.
const SPAN: usize = 30;
/// Longer tours are left as they are, unless more effort is asked for.
const MOST_KICKED: usize = 4000;
/// Looks of the search for each track, and at most; times the effort.
const LOOKS: [usize; 2] = [8_000, 4_500_000];
/// Starts of a track that the choice for a whole tour looks at.
const CHOSEN: usize = 24;

/// Exchanges two short neighbouring stretches at a random place, improves around them and keeps what is shorter
/// (iterated local search; Martin, Otto and Felten 1991). The sequence of random numbers is always the same.
pub(super) fn kicks(t: &mut Improver, effort: u32) {
    let n = t.tour.len();
    if n < 5 || effort <= 1 && n > MOST_KICKED {
        return;
    }
    t.list();
    t.forget();
    let looks = (n * LOOKS[0]).min(LOOKS[1]).saturating_mul(effort as usize);
    let until = t.spent + looks;
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |most: usize| {
        seed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        (seed >> 33) as usize % most
    };
    let mut waiting: Vec<u32> = Vec::new();
    while t.spent < until {
        t.spent += 1;
        let lo = random(n - 1);
        let mid = lo + 1 + random(SPAN.min(n - lo - 1));
        let hi = (mid + 1 + random(SPAN)).min(n);
        let Some(mut gain) = t.exchange(lo, mid, hi) else {
            continue;
        };
        waiting.clear();
        waiting.append(&mut t.touched);
        // What the exchange and its repairs touch is looked at until nothing gains.
        while let Some(node) = waiting.pop() {
            let i = t.position[node as usize] as isize;
            let found = t
                .try_link(i)
                .or_else(|| t.try_link(i - 1))
                .or_else(|| t.settle(i as usize));
            if let Some(g) = found {
                gain += g;
                for &n in &t.touched {
                    if !waiting.contains(&n) {
                        waiting.push(n);
                    }
                }
                t.touched.clear();
            }
        }
        // Equally long tours are taken: they lead on.
        if gain > -1e-9 {
            t.forget();
        } else {
            t.undo();
        }
    }
}

/// Every track takes a better start for its neighbours' ones, while that gains.
pub(super) fn settle_all(t: &mut Improver) -> bool {
    let mut any = false;
    for _ in 0..2 {
        let gained = (0..t.tour.len()).filter(|i| t.settle(*i).is_some()).count();
        t.forget();
        any |= gained > 0;
        if gained == 0 {
            break;
        }
    }
    any
}

/// The best starts of all tracks together for the order that there is: shortest way through layers of starts.
pub(super) fn best_starts(t: &mut Improver) -> bool {
    let n = t.tour.len();
    if n > MOST_KICKED {
        return settle_all(t);
    }
    let mut choices: Vec<Stop> = Vec::with_capacity(4 * n);
    let mut ranges = Vec::with_capacity(n);
    for i in 0..n {
        let first = choices.len();
        candidates(t, i, &mut choices);
        ranges.push(first..choices.len());
    }
    let mut cost = vec![0.0f64; choices.len()];
    let mut back = vec![0u32; choices.len()];
    for i in 0..n {
        for c in ranges[i].clone() {
            let b = begin(t.nodes, choices[c]);
            (cost[c], back[c]) = match i.checked_sub(1) {
                None => (way(t.from, b), 0),
                Some(h) => ranges[h]
                    .clone()
                    .map(|p| (cost[p] + way(end(t.nodes, choices[p]), b), p as u32))
                    .fold((f64::INFINITY, 0), |m, x| if x.0 < m.0 { x } else { m }),
            };
        }
    }
    let whole = |c: usize| cost[c] + t.to.map_or(0.0, |q| way(end(t.nodes, choices[c]), q));
    let Some(mut best) = ranges
        .last()
        .and_then(|r| r.clone().min_by(|a, b| whole(*a).total_cmp(&whole(*b))))
    else {
        return false;
    };
    let now: f64 = (0..=n).map(|i| t.link(i as isize - 1, i)).sum();
    if whole(best) >= now - LEAST {
        return false;
    }
    for i in (0..n).rev() {
        t.tour[i] = choices[best];
        best = back[best] as usize;
    }
    true
}

/// The starts that a track may sensibly have: all of a few, else those nearest to its neighbours and an even choice.
fn candidates(t: &Improver, i: usize, out: &mut Vec<Stop>) {
    let s = t.tour[i];
    let starts = &t.nodes[s.node as usize].starts;
    if starts.len() <= CHOSEN {
        return out.extend((0..starts.len() as u32).map(|start| Stop { start, ..s }));
    }
    let first = out.len();
    let mut add = |start: u32| {
        if !out[first..].iter().any(|c| c.start == start) {
            out.push(Stop { start, ..s });
        }
    };
    add(s.start);
    let sides = [
        Some(t.out(i as isize - 1)),
        t.tour.get(i + 1).map(|n| begin(t.nodes, *n)).or(t.to),
    ];
    for p in sides.into_iter().flatten() {
        let nearest = (0..starts.len()).min_by(|a, b| way(starts[*a], p).total_cmp(&way(starts[*b], p)));
        if let Some(k) = nearest {
            for step in [0, 1, starts.len() - 1] {
                add(((k + step) % starts.len()) as u32);
            }
        }
    }
    let step = starts.len().div_ceil(CHOSEN - 8);
    for k in (0..starts.len()).step_by(step) {
        add(k as u32);
    }
}
