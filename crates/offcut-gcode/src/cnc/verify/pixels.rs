//! Rows of pictures: a short way for moves that are as they should be, since pictures have millions of them.

use super::super::emit::um3;
use super::super::read::{Mode, Move};
use super::{Walker, armed, close, share};
use crate::program::Beam;

impl Walker<'_> {
    /// Takes a move of a row when it is right. False leaves it to be looked at as any other.
    #[inline]
    pub(super) fn pixels(&mut self, m: &Move) -> bool {
        let (Some(powers), Some(at)) = (&mut self.powers, self.at) else {
            return false;
        };
        let nothing_else = self.next.is_none() && self.said.is_empty() && self.skip == 0;
        let straight = (self.program.arcs.get(self.arc)).is_none_or(|a| a.vertex >= self.path.end);
        if !nothing_else || !straight || !self.machine.laser || m.rapid || m.arc.is_some() {
            return false;
        }
        let from = um3(at);
        while self.path.start < self.path.end {
            let (to, p) = (self.path.start as usize, *powers as usize);
            let (Some(&to), Some(&p)) = (self.program.vertices.get(to), self.program.powers.get(p)) else {
                return false;
            };
            let want = um3(to);
            // What rounding makes nothing of is not written.
            if want != from {
                let on = self.beam != Beam::Off;
                let s = if on { self.machine.s_word(share(p)) } else { 0 };
                let axes = if self.machine.z_axis { 3 } else { 2 };
                let right = (0..axes).all(|i| (m.to[i] * 1000.0 - want[i] as f64).abs() < 0.5)
                    && m.mode == armed(self.machine, self.beam, s)
                    && close(s, if m.mode == Mode::Off { 0.0 } else { m.s })
                    && close(self.how.1, m.feed * 60.0);
                if !right {
                    return false;
                }
            }
            self.path.start += 1;
            *powers += 1;
            self.at = Some(to);
            if want != from {
                return true;
            }
        }
        false
    }
}
