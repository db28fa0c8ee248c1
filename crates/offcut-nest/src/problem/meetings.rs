//! The fields of all ways in which two parts, or a part and what its ground has no room for, can meet.

use super::{Matrix, Pair, Problem, REACH, Source};
use crate::nfp::{Field, Play, no_fit};
use offcut_geometry::Loops;
use std::collections::BTreeMap;
use std::sync::OnceLock;

impl Problem {
    pub(super) fn pair_up(&mut self) {
        for o in &self.orients {
            // Obstacles are not turned: their frames are the identity.
            let [a, b, c, d] = o.orientation.matrix();
            self.frames.push([a, c, b, d]);
            self.frames.push([-a, -c, -b, -d]);
        }
        let mut known: BTreeMap<(u32, bool, i64, u32, bool), u32> = BTreeMap::new();
        for (i, a) in (0u32..).zip(&self.orients) {
            for (j, b) in (0u32..).zip(&self.orients) {
                let swapped = a.kind > b.kind;
                let (first, second, frame) = if swapped { (b, a, 2 * i + 1) } else { (a, b, 2 * j) };
                if second.kind == u32::MAX {
                    let (orient, ground) = if swapped { (j, i) } else { (i, j) };
                    let field = if first.kind == u32::MAX {
                        0
                    } else {
                        self.sources.push(Source::Ground {
                            orient,
                            ground: ground - self.turns as u32,
                        });
                        self.sources.len() as u32 - 1
                    };
                    self.pairs.push(Pair { field, frame });
                    continue;
                }
                let turn = second.orientation.inverse().after(first.orientation);
                let key = (
                    first.kind,
                    turn.mirror,
                    (turn.angle * 1e9).round() as i64 % 360_000_000_000,
                    second.kind,
                    a.orientation.is_quarter() && b.orientation.is_quarter(),
                );
                let sources = &mut self.sources;
                let field = *known.entry(key).or_insert_with(|| {
                    sources.push(Source::Kinds {
                        first: first.kind,
                        turn,
                        second: second.kind,
                        quarters: key.4,
                    });
                    sources.len() as u32 - 1
                });
                self.pairs.push(Pair { field, frame });
            }
        }
        self.fields = self.sources.iter().map(|_| OnceLock::new()).collect();
    }

    /// The offsets from a ground's middle at which a part meets what the ground has no room for.
    pub(super) fn no_go(&self, orient: usize, ground: usize) -> Loops {
        let o = &self.orients[orient];
        let g = &self.grounds[ground];
        let class = self.grounds[ground].class_of(self.kinds[o.kind as usize].item);
        if g.blocked[class].is_empty() {
            return Loops::new();
        }
        let a = o.orientation.apply_all(&self.cores[o.kind as usize]);
        no_fit(&a, &g.blocked[class])
    }

    #[inline(always)]
    fn field(&self, index: u32) -> &Field {
        match self.fields[index as usize].get() {
            Some(field) => field,
            None => self.make_field(index),
        }
    }

    #[cold]
    fn make_field(&self, index: u32) -> &Field {
        self.fields[index as usize].get_or_init(|| match self.sources[index as usize] {
            Source::Kinds {
                first,
                turn,
                second,
                quarters,
            } => {
                let a = turn.apply_all(&self.pieces[first as usize]);
                let b = &self.pieces[second as usize];
                let side = |k: u32| self.kinds[k as usize].side;
                let reach = REACH * side(first).max(side(second));
                Box::new(Field::new(&no_fit(&a, b), reach, Play::of_rounding(quarters)))
            }
            Source::Ground { orient, ground } => {
                let side = self.kinds[self.orients[orient as usize].kind as usize].side;
                let g = &self.grounds[ground as usize];
                let (lo, hi) = (g.from_middle(g.lo), g.from_middle(g.hi));
                let polygon = self.no_go(orient as usize, ground as usize);
                let quarters = self.orients[orient as usize].orientation.is_quarter();
                let play = Play::of_rounding(quarters);
                Box::new(Field::within(&polygon, REACH * side, play, lo, hi))
            }
        })
    }

    /// The field between a part in orientation `a` and one in orientation `b`, and the matrix that turns
    /// the offset (position of the first minus position of the second) into the field's frame.
    #[inline(always)]
    #[must_use]
    pub fn meeting(&self, a: u32, b: u32) -> (&Field, &Matrix) {
        self.meetings(a).with(b)
    }

    /// The meetings of one orientation.
    #[inline(always)]
    #[must_use]
    pub fn meetings(&self, a: u32) -> Meetings<'_> {
        let n = self.orients.len();
        Meetings {
            problem: self,
            pairs: &self.pairs[a as usize * n..(a as usize + 1) * n],
        }
    }

    /// How many fields there can be.
    #[must_use]
    pub fn field_count(&self) -> usize {
        self.sources.len()
    }
}

/// How one orientation meets all others.
#[derive(Clone, Copy)]
pub struct Meetings<'a> {
    problem: &'a Problem,
    pairs: &'a [Pair],
}

impl<'a> Meetings<'a> {
    /// As [`Problem::meeting`].
    #[inline(always)]
    #[must_use]
    pub fn with(&self, b: u32) -> (&'a Field, &'a Matrix) {
        let pair = self.pairs[b as usize];
        (
            self.problem.field(pair.field),
            &self.problem.frames[pair.frame as usize],
        )
    }
}
