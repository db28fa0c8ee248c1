//! The joined strands become paths along them and along the boundary.

use super::{LinkLimits, Linker, Mate, NONE, Ring, end_point};
use crate::loops::{Loops, Polylines};
use crate::point::Point;
use crate::strands::{End, Strands};

impl Linker {
    /// Follows the links and writes the paths.
    pub(super) fn trace(
        &mut self,
        region: &Loops,
        strands: &Strands,
        limits: &LinkLimits,
        out: &mut Polylines,
    ) {
        let n = strands.lines.len();
        self.done.clear();
        self.done.resize(n, false);
        // Paths begin at free ends; what is left then are rings, which begin anywhere.
        for rings in [false, true] {
            for id in 0..2 * n as u32 {
                if self.done[id as usize / 2] {
                    continue;
                }
                let slot = self.slots[id as usize];
                if rings || slot == NONE || self.mates[slot as usize] == Mate::Free {
                    self.path(region, strands, id, out);
                    drop_repeated(out);
                    let new = &out.points[out.open_start()..];
                    if new.windows(2).map(|w| w[0].dist(w[1])).sum::<f64>() < limits.shortest {
                        out.discard_open();
                    } else {
                        out.close();
                    }
                }
            }
        }
    }

    /// Writes the path that enters a strand at end `id`.
    fn path(&mut self, region: &Loops, strands: &Strands, mut id: u32, out: &mut Polylines) {
        let ends = &strands.ends[..];
        let slot = self.slots[id as usize];
        if slot != NONE && self.mates[slot as usize] == Mate::Free {
            let from = out.points.len();
            self.anchor(region, ends, slot as usize, end_point(strands, id), out);
            out.points[from..].reverse();
        }
        loop {
            let s = id as usize / 2;
            self.done[s] = true;
            let line = strands.lines.get(s);
            if id & 1 == 0 {
                out.points.extend(line);
            } else {
                out.points.extend(line.iter().rev());
            }
            let slot = self.slots[(id ^ 1) as usize];
            if slot == NONE {
                return;
            }
            let i = slot as usize;
            let ring = self.ring(i);
            let j = match self.mates[i] {
                Mate::Free => return self.anchor(region, ends, i, end_point(strands, id ^ 1), out),
                Mate::Next => {
                    let j = ring.next(i);
                    walk(region, ring, ends[i].edge, ends[j].edge, j <= i, |p| {
                        out.points.push(p)
                    });
                    j
                }
                Mate::Prev => {
                    let j = ring.prev(i);
                    let from = out.points.len();
                    walk(region, ring, ends[j].edge, ends[i].edge, i <= j, |p| {
                        out.points.push(p)
                    });
                    out.points[from..].reverse();
                    j
                }
            };
            id = ends[j].id;
            if self.done[id as usize / 2] {
                out.points.push(end_point(strands, id)); // a ring closes
                return;
            }
        }
    }

    /// Writes the anchor of a free end, away from the end.
    fn anchor(&self, region: &Loops, ends: &[End], i: usize, mut p: Point, out: &mut Polylines) {
        let mut left = self.anchors[i].abs() as f64;
        let forward = self.anchors[i] > 0;
        let ring = self.ring(i);
        let (low, high) = (ring.points.0 as usize, ring.points.1 as usize);
        let step = |v: usize| if v + 1 == high { low } else { v + 1 };
        let back = |v: usize| if v == low { high - 1 } else { v - 1 };
        let edge = ends[i].edge as usize;
        if left <= 0.0 {
            return;
        }
        let mut v = if forward { step(edge) } else { edge };
        for _ in low..=high {
            let q = region.points[v];
            let d = p.dist(q);
            if d >= left {
                return out.points.push(p.lerp(q, left / d));
            }
            out.points.push(q);
            left -= d;
            p = q;
            v = if forward { step(v) } else { back(v) };
        }
    }
}

/// The vertices on the way along a loop from a place on the edge `from` to one on the edge `to`;
/// `round` when the way passes the loop's first point.
fn walk(region: &Loops, ring: Ring, from: u32, to: u32, round: bool, mut f: impl FnMut(Point)) {
    let (low, high) = ring.points;
    if from == to && !round {
        return;
    }
    let mut v = from;
    loop {
        v = if v + 1 == high { low } else { v + 1 };
        f(region.points[v as usize]);
        if v == to {
            return;
        }
    }
}

/// Removes points equal to their predecessor from what has no end yet.
fn drop_repeated(out: &mut Polylines) {
    let start = out.open_start();
    let mut kept = start;
    for i in start..out.points.len() {
        if i == start || out.points[i] != out.points[kept - 1] {
            out.points[kept] = out.points[i];
            kept += 1;
        }
    }
    out.points.truncate(kept);
}
