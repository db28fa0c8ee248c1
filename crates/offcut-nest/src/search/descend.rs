//! Descent over the corners of the arrangement of no-fit polygons.
//!
//! The sum of depths is piecewise smooth; its local minima lie where the part slides out of one neighbour,
//! or touches two at once. So each round collects the neighbours and walls near by with their nearest ways
//! out, and tries every single way out and every crossing of two of their lines.

use super::Search;
use super::moves::Candidate;
use crate::problem::{EPSILON, REACH, turned, turned_back};

/// Rounds of one descent.
const ROUNDS: usize = 6;
/// Lines that cross at a smaller sine are as good as parallel.
const PARALLEL: f64 = 1e-3;
/// Crossings farther off than this times the depths are left out.
const FAR: f64 = 6.0;
/// A round has to gain at least this share.
const GAIN: f64 = 1e-9;

/// A neighbour or wall: how deep the part lies in it, and which way is out.
#[derive(Debug, Clone, Copy)]
pub struct Touch {
    depth: f64,
    normal: [f64; 2],
}

impl Search<'_> {
    /// Goes from a place of the prepared part down to where no such step helps.
    pub(super) fn descend(&mut self, start: Candidate, slot: usize) -> Candidate {
        let mut best = start;
        for _ in 0..ROUNDS {
            if best.loss <= 0.0 {
                break;
            }
            let from = best;
            self.collect(from, slot);
            for a in 0..self.contacts.len() {
                let p = self.contacts[a];
                let out = p.depth + 0.5 * EPSILON;
                if p.depth > EPSILON {
                    self.attempt(from, slot, [out * p.normal[0], out * p.normal[1]], &mut best);
                }
                for b in 0..a {
                    let q = self.contacts[b];
                    let sine = p.normal[0] * q.normal[1] - p.normal[1] * q.normal[0];
                    if p.depth.max(q.depth) <= EPSILON || sine.abs() < PARALLEL {
                        continue;
                    }
                    let other = q.depth + 0.5 * EPSILON;
                    let step = [
                        (out * q.normal[1] - other * p.normal[1]) / sine,
                        (other * p.normal[0] - out * q.normal[0]) / sine,
                    ];
                    if step[0].abs() + step[1].abs() <= FAR * (out.abs() + other.abs()) {
                        self.attempt(from, slot, step, &mut best);
                    }
                }
            }
            if best.loss >= from.loss * (1.0 - GAIN) {
                break;
            }
        }
        best
    }

    fn attempt(&mut self, from: Candidate, slot: usize, step: [f64; 2], best: &mut Candidate) {
        let mut spot = from.spot;
        spot.x += step[0];
        spot.y += step[1];
        let spot = self.clamped(spot);
        let loss = self.evaluate(slot, spot, best.loss);
        if loss < best.loss {
            *best = Candidate { loss, spot };
        }
    }

    fn collect(&mut self, c: Candidate, slot: usize) {
        let s = c.spot;
        let side = self.problem.kinds[self.problem.orients[s.orient as usize].kind as usize].side;
        let reach = REACH * side;
        let mut contacts = std::mem::take(&mut self.contacts);
        contacts.clear();
        let (spots, problem) = (&self.spots, self.problem);
        self.sieves[slot].each(s.x, s.y, |j| {
            let o = &spots[j];
            let (field, frame) = problem.meeting(s.orient, o.orient);
            let (x, y) = turned(frame, s.x - o.x, s.y - o.y);
            if let Some(t) = field.contact(x, y)
                && t.depth > -reach
            {
                contacts.push(Touch {
                    depth: t.depth,
                    normal: turned_back(frame, t.normal),
                });
            }
            true
        });
        let (lo, hi) = self.room(s.orient, s.bin);
        for (depth, normal) in [
            (lo[0] - s.x, [1.0, 0.0]),
            (s.x - hi[0], [-1.0, 0.0]),
            (lo[1] - s.y, [0.0, 1.0]),
            (s.y - hi[1], [0.0, -1.0]),
        ] {
            if depth > -reach {
                contacts.push(Touch { depth, normal });
            }
        }
        self.contacts = contacts;
    }
}
