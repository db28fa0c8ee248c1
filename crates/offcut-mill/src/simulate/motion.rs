//! Moves as straight motions.

use crate::stock::Sweep;
use crate::{Move, Toolpath};

/// Arcs become chords that stay this close, mm.
const CHORD: f64 = 0.000_5;

/// A straight motion of the tip.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Motion {
    /// Where it begins, mm.
    pub from: [f64; 3],
    /// Where it ends, mm.
    pub to: [f64; 3],
    /// Feed, mm/min; none for rapids.
    pub feed: Option<f64>,
    /// Index of the move or line that it came from.
    pub source: usize,
    /// The spindle turns.
    pub turning: bool,
}

impl Motion {
    /// Its way, mm.
    #[must_use]
    pub fn length(&self) -> f64 {
        let d: [f64; 3] = std::array::from_fn(|k| self.to[k] - self.from[k]);
        (d[0] * d[0] + d[1] * d[1] + d[2] * d[2]).sqrt()
    }

    pub(super) const fn sweep(&self) -> Sweep {
        Sweep {
            from: self.from,
            to: self.to,
        }
    }
}

/// The motions of a toolpath that begins where the one before ended; without that, at the end of its first move.
#[must_use]
pub fn motions(toolpath: &Toolpath, before: Option<[f64; 3]>) -> Vec<Motion> {
    let mut out = Vec::with_capacity(toolpath.moves.len());
    let mut at = before;
    for (source, m) in toolpath.moves.iter().enumerate() {
        let Some(to) = m.to() else { continue };
        let Some(from) = at.replace(to) else { continue };
        let feed = match m {
            Move::Feed { kind, .. } | Move::Arc { kind, .. } => {
                // The writer holds the vertical part of every feed to that of a plunge.
                let (down, feed) = (from[2] - to[2], toolpath.feeds.of(*kind));
                let len = libm::hypot(libm::hypot(to[0] - from[0], to[1] - from[1]), down);
                let bound = if down > 0.0 {
                    toolpath.feeds.plunge * len / down
                } else {
                    f64::INFINITY
                };
                Some(feed.min(bound))
            }
            _ => None,
        };
        match *m {
            Move::Arc { center, ccw, .. } => arc(from, to, center, ccw, feed, source, &mut out),
            _ if from != to => out.push(Motion {
                from,
                to,
                feed,
                source,
                turning: true,
            }),
            _ => {}
        }
    }
    out
}

pub(super) fn arc(
    from: [f64; 3],
    to: [f64; 3],
    center: [f64; 2],
    ccw: bool,
    feed: Option<f64>,
    source: usize,
    out: &mut Vec<Motion>,
) {
    let polar = |p: [f64; 3]| {
        let (x, y) = (p[0] - center[0], p[1] - center[1]);
        (libm::hypot(x, y), libm::atan2(y, x))
    };
    let ((r0, a0), (r1, a1)) = (polar(from), polar(to));
    let turn = std::f64::consts::TAU;
    let sign = if ccw { 1.0 } else { -1.0 };
    let mut sweep = (sign * (a1 - a0)).rem_euclid(turn);
    // Equal ends are a full turn.
    if sweep < 1e-9 || (from[0] == to[0] && from[1] == to[1]) {
        sweep = turn;
    }
    let r = r0.max(r1);
    let step = if r > CHORD {
        2.0 * libm::acos(1.0 - CHORD / r)
    } else {
        turn
    };
    let n = (sweep / step).ceil().max(1.0) as usize;
    let mut last = from;
    for i in 1..=n {
        let t = i as f64 / n as f64;
        let (r, a) = (r0 + (r1 - r0) * t, a0 + sign * sweep * t);
        let next = if i == n {
            to
        } else {
            [
                center[0] + r * libm::cos(a),
                center[1] + r * libm::sin(a),
                from[2] + (to[2] - from[2]) * t,
            ]
        };
        out.push(Motion {
            from: last,
            to: next,
            feed,
            source,
            turning: true,
        });
        last = next;
    }
}
