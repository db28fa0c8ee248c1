//! What the words of any machine's move mean: units, G90 and G91, G92, arcs.
//!
//! In: numbers as written. Out: positions in machine millimetres. Promised: nothing is guessed.

use super::Arc;

/// Where a text has brought the machine, and how it counts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Frame {
    /// Position as the text counts, mm.
    pub position: [f64; 3],
    /// Machine = position + offset (G92).
    pub offset: [f64; 3],
    /// Axes whose place is known.
    pub known: [bool; 3],
    /// Millimetres in a number of 1 (G20, G21).
    pub unit: f64,
    /// G90.
    pub absolute: bool,
}

impl Default for Frame {
    fn default() -> Self {
        Self {
            position: [0.0; 3],
            offset: [0.0; 3],
            known: [false; 3],
            unit: 1.0,
            absolute: true,
        }
    }
}

impl Frame {
    /// A position of the text in machine millimetres.
    #[inline(always)]
    pub fn machine(&self, p: [f64; 3]) -> [f64; 3] {
        let o = self.offset;
        [p[0] + o[0], p[1] + o[1], p[2] + o[2]]
    }

    /// X and Y are known.
    #[inline(always)]
    pub fn placed(&self) -> bool {
        self.known[0] && self.known[1]
    }

    /// Where the words of the first `axes` axes lead.
    #[inline(always)]
    pub fn target(&mut self, axes: usize, word: impl Fn(u8) -> Option<f64>) -> [f64; 3] {
        let mut to = self.position;
        for (i, letter) in [b'X', b'Y', b'Z'].into_iter().enumerate().take(axes) {
            if let Some(v) = word(letter) {
                let v = v * self.unit;
                to[i] = if self.absolute { v } else { to[i] + v };
                self.known[i] |= self.absolute;
            }
        }
        to
    }

    /// G92: the machine stands at these numbers from now on.
    pub fn count_from(&mut self, word: impl Fn(u8) -> Option<f64>) {
        for (i, letter) in [b'X', b'Y', b'Z'].into_iter().enumerate() {
            if let Some(v) = word(letter) {
                let v = v * self.unit;
                self.offset[i] += self.position[i] - v;
                self.position[i] = v;
            }
        }
    }

    /// An arc to `to`: its centre from I and J (coordinates when `absolute_ij`) or from R.
    pub fn arc(
        &self,
        ccw: bool,
        to: [f64; 3],
        absolute_ij: bool,
        word: impl Fn(u8) -> Option<f64>,
    ) -> Option<Arc> {
        let [x, y, _] = self.position;
        let (cx, cy) = if let Some(r) = word(b'R') {
            let r = r * self.unit;
            let (dx, dy) = (to[0] - x, to[1] - y);
            let d = libm::hypot(dx, dy);
            if d < 1e-9 || r.abs() < d / 2.0 * (1.0 - 1e-6) {
                return None;
            }
            let h = (r * r - d * d / 4.0).max(0.0).sqrt() / d;
            let side = if ccw == (r > 0.0) { h } else { -h };
            (x + dx / 2.0 - dy * side, y + dy / 2.0 + dx * side)
        } else {
            let (i, j) = (word(b'I'), word(b'J'));
            if i.is_none() && j.is_none() {
                return None;
            }
            let base = if absolute_ij { (0.0, 0.0) } else { (x, y) };
            (
                base.0 + i.unwrap_or(0.0) * self.unit,
                base.1 + j.unwrap_or(0.0) * self.unit,
            )
        };
        Some(Arc {
            center: [cx + self.offset[0], cy + self.offset[1]],
            ccw,
        })
    }
}

/// Length of a move, mm.
#[inline]
pub(crate) fn length(from: [f64; 3], to: [f64; 3], arc: Option<Arc>) -> f64 {
    let d = [0, 1, 2].map(|i| to[i] - from[i]);
    match arc {
        None => (d[0] * d[0] + d[1] * d[1] + d[2] * d[2]).sqrt(),
        Some(a) => {
            let (r, sweep) = a.sweep(from, to);
            libm::hypot(r * sweep, d[2])
        }
    }
}
