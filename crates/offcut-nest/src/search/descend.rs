//! Descent over the corners of the arrangement of no-fit polygons.
//!
//! The sum of depths is piecewise smooth; its local minima lie where the part slides out of one neighbour,
//! or touches two at once. So each round collects the neighbours and walls near by with their nearest ways
//! out, proposes every single way out and every crossing of two of their lines, and tries those of which most
//! is to be expected if every neighbour's boundary were straight.

use super::moves::Candidate;
use super::{Search, Spot};
use crate::problem::{EPSILON, REACH, turned, turned_back};

/// Rounds of one descent.
const ROUNDS: usize = 6;
/// Proposals tried in a round.
const TRIES: usize = 4;
/// Lines that cross at a smaller sine are as good as parallel.
const PARALLEL: f64 = 1e-3;
/// Crossings farther off than this times the depths are left out.
const FAR: f64 = 6.0;
/// A round has to gain at least this share.
const GAIN: f64 = 1e-9;

/// A neighbour or wall: how deep the part lies in it, which way is out, and what a unit of depth weighs.
#[derive(Debug, Clone, Copy)]
pub struct Touch {
    depth: f64,
    normal: [f64; 2],
    weight: f64,
}

/// A place to try, and the overlap to be expected there.
#[derive(Debug, Clone, Copy)]
pub struct Proposal {
    expected: f64,
    spot: Spot,
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
            let mut proposals = std::mem::take(&mut self.proposals);
            self.propose(from.spot, from.loss, &mut proposals);
            for p in proposals.iter().take(TRIES) {
                let loss = self.evaluate(slot, p.spot, best.loss);
                if loss < best.loss {
                    best = Candidate { loss, spot: p.spot };
                    if loss <= 0.0 {
                        break;
                    }
                }
            }
            self.proposals = proposals;
            if best.loss >= from.loss * (1.0 - GAIN) {
                break;
            }
        }
        best
    }

    /// The ways out of every contact and to the crossings of every two, the most promising first; none that
    /// promises less than `bound`.
    fn propose(&self, from: Spot, bound: f64, out: &mut Vec<Proposal>) {
        out.clear();
        let room = self.room(from.orient, from.bin);
        let mut add = |step: [f64; 2]| {
            let spot = Spot {
                x: (from.x + step[0]).min(room.1[0]).max(room.0[0]),
                y: (from.y + step[1]).min(room.1[1]).max(room.0[1]),
                ..from
            };
            let (dx, dy) = (spot.x - from.x, spot.y - from.y);
            let left = |t: &Touch| {
                let depth = t.depth - t.normal[0] * dx - t.normal[1] * dy;
                t.weight * (depth - EPSILON).max(0.0)
            };
            let expected = self.contacts.iter().map(left).sum();
            if expected < bound {
                out.push(Proposal { expected, spot });
            }
        };
        for (a, p) in self.contacts.iter().enumerate() {
            let way = p.depth + 0.5 * EPSILON;
            if p.depth > EPSILON {
                add([way * p.normal[0], way * p.normal[1]]);
            }
            for q in &self.contacts[..a] {
                let sine = p.normal[0] * q.normal[1] - p.normal[1] * q.normal[0];
                if p.depth.max(q.depth) <= EPSILON || sine.abs() < PARALLEL {
                    continue;
                }
                let other = q.depth + 0.5 * EPSILON;
                let step = [
                    (way * q.normal[1] - other * p.normal[1]) / sine,
                    (other * p.normal[0] - way * q.normal[0]) / sine,
                ];
                if step[0].abs() + step[1].abs() <= FAR * (way.abs() + other.abs()) {
                    add(step);
                }
            }
        }
        out.sort_unstable_by(|a, b| a.expected.total_cmp(&b.expected));
    }

    fn collect(&mut self, c: Candidate, slot: usize) {
        let s = c.spot;
        let side = self.problem.kinds[self.problem.orients[s.orient as usize].kind as usize].side;
        let reach = REACH * side;
        let mut contacts = std::mem::take(&mut self.contacts);
        contacts.clear();
        let (others, meetings) = (&self.others, self.problem.meetings(s.orient));
        self.each_near(slot, s, |j| {
            let o = &others[j];
            let (field, frame) = meetings.with(o.orient);
            let (x, y) = turned(frame, s.x - o.x, s.y - o.y);
            if let Some(t) = field.contact(x, y)
                && t.depth > -reach
            {
                contacts.push(Touch {
                    depth: t.depth,
                    normal: turned_back(frame, t.normal),
                    weight: o.weight,
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
                contacts.push(Touch {
                    depth,
                    normal,
                    weight: 0.0,
                });
            }
        }
        self.contacts = contacts;
    }
}
