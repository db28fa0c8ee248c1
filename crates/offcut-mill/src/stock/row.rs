//! One row of columns under a straight move: which of them, and how low the tool gets there.
//!
//! The lowest point of the tool over a column while the tip goes along is the minimum of a convex function of the
//! place of the tip, and that is where the tool touches a line of the move's slope, held within the move.

use super::Sweep;
use crate::tools::cutter::Cutter;

/// A straight move, prepared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    pub from: [f64; 3],
    to: [f64; 3],
    dir: [f64; 2],
    len: f64,
    slope: f64,
    w: f64,
    /// Lowest z.
    pub low: f64,
    /// The move before ended here with the same tool, and this one doesn't go down: what lies behind is cut.
    pub joined: bool,
}

impl Way {
    pub fn new(sweep: &Sweep, before: Option<[f64; 3]>) -> Self {
        let Sweep { from, to } = *sweep;
        let (x, y) = (to[0] - from[0], to[1] - from[1]);
        let len = (x * x + y * y).sqrt();
        let (len, dir) = if len > 1e-9 {
            (len, [x / len, y / len])
        } else {
            (0.0, [1.0, 0.0])
        };
        let slope = if len > 0.0 { (to[2] - from[2]) / len } else { 0.0 };
        Self {
            // Upright moves cut at their lower end.
            from: if len > 0.0 {
                from
            } else {
                [from[0], from[1], from[2].min(to[2])]
            },
            to,
            dir,
            len,
            slope,
            w: 1.0 / (1.0 + slope * slope).sqrt(),
            low: from[2].min(to[2]),
            joined: before == Some(from) && slope >= 0.0 && len > 0.0,
        }
    }

    /// Lowest and highest x and y that a disc around the tip covers.
    pub fn bounds(&self, r: f64) -> [f64; 4] {
        let [a, b] = [self.from, self.to];
        [
            a[0].min(b[0]) - r,
            a[0].max(b[0]) + r,
            a[1].min(b[1]) - r,
            a[1].max(b[1]) + r,
        ]
    }

    /// The span of x that a disc covers on rows between two y; wide where the move is.
    pub fn band(&self, y0: f64, y1: f64, r: f64) -> (f64, f64) {
        let t = linear(self.to[1] - self.from[1], self.from[1], y0 - r, y1 + r);
        let (a, b) = (t.0.max(0.0), t.1.min(1.0));
        let at = |t: f64| self.from[0] + (self.to[0] - self.from[0]) * t;
        if a <= b {
            (at(a).min(at(b)) - r, at(a).max(at(b)) + r)
        } else {
            (1.0, 0.0)
        }
    }

    /// The span of x that the tool covers on the row at `y`.
    pub fn span(&self, y: f64, r: f64) -> Option<(f64, f64)> {
        let (mut lo, mut hi) = (f64::INFINITY, f64::NEG_INFINITY);
        for c in [self.from, self.to] {
            let rest = r * r - (y - c[1]) * (y - c[1]);
            if rest >= 0.0 {
                let half = rest.sqrt();
                lo = lo.min(c[0] - half);
                hi = hi.max(c[0] + half);
            }
        }
        if self.len > 0.0 {
            let dy = y - self.from[1];
            let u = linear(self.dir[0], dy * self.dir[1], 0.0, self.len);
            let v = linear(-self.dir[1], dy * self.dir[0], -r, r);
            let (a, b) = (u.0.max(v.0), u.1.min(v.1));
            if a <= b {
                lo = lo.min(self.from[0] + a);
                hi = hi.max(self.from[0] + b);
            }
        }
        (lo <= hi).then_some((lo, hi))
    }

    /// Parts of a span that the tool has not already cut where it stood before.
    pub fn fresh(&self, y: f64, r: f64, flat: bool, (lo, hi): (f64, f64)) -> [(f64, f64); 2] {
        const NONE: (f64, f64) = (1.0, 0.0);
        if !self.joined {
            return [(lo, hi), NONE];
        }
        if flat {
            let rest = r * r - (y - self.from[1]) * (y - self.from[1]);
            if rest <= 0.0 {
                return [(lo, hi), NONE];
            }
            let half = rest.sqrt();
            return [
                (lo, hi.min(self.from[0] - half)),
                (lo.max(self.from[0] + half), hi),
            ];
        }
        // Ahead of the start only.
        let ahead = linear(self.dir[0], (y - self.from[1]) * self.dir[1], 0.0, f64::INFINITY);
        [
            (lo.max(self.from[0] + ahead.0), hi.min(self.from[0] + ahead.1)),
            NONE,
        ]
    }

    /// Fills `out` with the lowest height of the tool over the columns from `x` on, `cell` apart, on the row `y`;
    /// all of them lie in its span.
    #[inline(always)]
    pub fn envelope<C: Cutter>(&self, cutter: C, x: f64, y: f64, cell: f64, out: &mut [f64]) {
        let p = cutter.profile();
        let (px, py) = (x - self.from[0], y - self.from[1]);
        let (u0, v0) = (
            px * self.dir[0] + py * self.dir[1],
            py * self.dir[0] - px * self.dir[1],
        );
        let (du, dv) = (cell * self.dir[0], -cell * self.dir[1]);
        let (z0, m, len) = (self.from[2], self.slope, self.len);
        let r2 = p.radius * p.radius;
        if m == 0.0 {
            for (i, z) in out.iter_mut().enumerate() {
                let k = i as f64;
                let (u, v) = (u0 + k * du, v0 + k * dv);
                let off = u - within(u, 0.0, len);
                *z = z0 + cutter.height2(least(off * off + v * v, r2));
            }
            return;
        }
        let (steep, w) = (m.abs(), self.w);
        let sign = if m > 0.0 { 1.0 } else { -1.0 };
        for (i, z) in out.iter_mut().enumerate() {
            let k = i as f64;
            let (u, v) = (u0 + k * du, v0 + k * dv);
            let v2 = least(v * v, r2);
            let half = (r2 - v2).sqrt();
            let touch = cutter.on_line(steep, w, v2);
            let s = within(u - sign * touch.offset, most(u - half, 0.0), least(u + half, len));
            let off = u - s;
            *z = z0 + m * s + cutter.height2(least(off * off + v2, r2));
        }
    }
}

/// For which t lies k·t + c between lo and hi.
fn linear(k: f64, c: f64, lo: f64, hi: f64) -> (f64, f64) {
    if k.abs() < 1e-12 {
        let inside = c >= lo && c <= hi;
        return if inside {
            (f64::NEG_INFINITY, f64::INFINITY)
        } else {
            (1.0, 0.0)
        };
    }
    let (a, b) = ((lo - c) / k, (hi - c) / k);
    if a <= b { (a, b) } else { (b, a) }
}

// Comparisons, not min and max: those care for NaN and don't become vector instructions.
#[inline(always)]
fn least(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

#[inline(always)]
fn most(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

#[inline(always)]
fn within(v: f64, lo: f64, hi: f64) -> f64 {
    least(most(v, lo), hi)
}
