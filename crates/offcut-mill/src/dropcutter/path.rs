//! Paths of the tip over a surface.
//!
//! In: lines in XY. Out: polylines of the tip on the surface. Promised: no chord cuts deeper than the tolerance
//! (by [`DropCutter::gouge`], between all samples), and none runs higher than it above the surface at the middle
//! of its parts.

use super::{DropCutter, Hint};

/// Leads a tool over a surface.
#[derive(Debug, Clone, Copy)]
pub struct Follow<'a> {
    /// The tool over the surface.
    pub cutter: DropCutter<'a>,
    /// Lowest z of the tip, mm.
    pub floor: f64,
    /// Longest chord, mm: a feature narrower than this may be passed at up to the tolerance above it.
    pub step: f64,
    /// How far the path may lie off the surface, mm.
    pub tolerance: f64,
    /// Added to the heights of the cutter, mm: what it is lower than the tool's tip.
    pub lift: f64,
}

/// Parts shorter than this are not divided; a step of the surface is climbed upright, mm.
const SHORTEST: f64 = 1e-4;

impl Follow<'_> {
    /// The tip's height over a place, mm.
    #[must_use]
    pub fn height(&self, at: [f64; 2], hint: &mut Hint) -> f64 {
        self.cutter.drop(at[0], at[1], self.floor - self.lift, hint).z + self.lift
    }

    /// The way over a straight line from `a` to `b`: both ends are on the path.
    #[must_use]
    pub fn line(&self, a: [f64; 2], b: [f64; 2]) -> Vec<[f64; 3]> {
        self.through(&[a, b])
    }

    /// The way over lines from place to place.
    #[must_use]
    pub fn through(&self, places: &[[f64; 2]]) -> Vec<[f64; 3]> {
        let mut hint = Hint::default();
        let on = |p: [f64; 2], hint: &mut Hint| [p[0], p[1], self.height(p, hint)];
        let Some(&first) = places.first() else {
            return Vec::new();
        };
        let mut last = on(first, &mut hint);
        let mut path = vec![last];
        for w in places.windows(2) {
            let (a, b) = (w[0], w[1]);
            let len = libm::hypot(b[0] - a[0], b[1] - a[1]);
            let n = (len / self.step).ceil().clamp(1.0, 1e7) as usize;
            for i in 1..=n {
                let t = i as f64 / n as f64;
                let p = if i == n {
                    b
                } else {
                    [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
                };
                let next = on(p, &mut hint);
                self.refine(last, next, 0, &mut hint, &mut path);
                last = next;
            }
        }
        self.thin(&path)
    }

    /// Adds the way from `a`, which is there, to `b`; both on the surface.
    fn refine(&self, a: [f64; 3], b: [f64; 3], depth: u32, hint: &mut Hint, path: &mut Vec<[f64; 3]>) {
        let len = libm::hypot(b[0] - a[0], b[1] - a[1]);
        let at = |t: f64, hint: &mut Hint| {
            let [x, y] = [0, 1].map(|k| a[k] + (b[k] - a[k]) * t);
            [x, y, self.height([x, y], hint)]
        };
        // Half of the tolerance is left to the thinning.
        let half = 0.5 * self.tolerance;
        let lowered = |p: [f64; 3]| [p[0], p[1], p[2] - self.lift];
        let gouge = self.cutter.gouge(lowered(a), lowered(b), half);
        if len < SHORTEST || depth > 40 {
            if let Some(g) = gouge {
                // A step: up first, then over, then down. The slanted chord does not cut deepest where it is highest.
                let mut top = a[2].max(b[2]).max(a[2] + (b[2] - a[2]) * g.share + g.depth);
                let level = |p: [f64; 3]| lowered([p[0], p[1], top]);
                if let Some(more) = self.cutter.gouge(level(a), level(b), 0.0) {
                    top += more.depth;
                }
                for p in [[a[0], a[1], top], [b[0], b[1], top]] {
                    if path.last() != Some(&p) {
                        path.push(p);
                    }
                }
            }
            if path.last() != Some(&b) {
                path.push(b);
            }
            return;
        }
        let middle = match gouge {
            Some(g) => at(g.share.clamp(0.1, 0.9), hint),
            None => {
                let m = at(0.5, hint);
                if (0.5 * (a[2] + b[2]) - m[2]).abs() <= half {
                    path.push(b);
                    return;
                }
                m
            }
        };
        self.refine(a, middle, depth + 1, hint, path);
        self.refine(middle, b, depth + 1, hint, path);
    }

    /// Leaves out points of a path that its chords pass closely enough.
    fn thin(&self, path: &[[f64; 3]]) -> Vec<[f64; 3]> {
        let mut kept = Vec::with_capacity(path.len() / 2 + 2);
        kept.extend(path.first());
        let mut from = 0;
        let mut stride = 8;
        while from + 1 < path.len() {
            let mut to = (from + stride).min(path.len() - 1);
            let mut shrunk = false;
            while to > from + 1 && !self.passes(path, from, to) {
                to = from + (to - from) / 2;
                shrunk = true;
            }
            stride = if shrunk { (to - from).max(2) } else { stride * 2 };
            kept.push(path[to]);
            from = to;
        }
        kept
    }

    /// True when the chord between two points of the path stays close to all between them.
    fn passes(&self, path: &[[f64; 3]], from: usize, to: usize) -> bool {
        let (a, b) = (path[from], path[to]);
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let len2 = dx * dx + dy * dy;
        let close = path[from + 1..to].iter().all(|p| {
            let t = if len2 > 0.0 {
                ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / len2
            } else {
                0.0
            };
            let off = libm::hypot(a[0] + dx * t - p[0], a[1] + dy * t - p[1]);
            off <= 0.5 * self.tolerance && (a[2] + (b[2] - a[2]) * t - p[2]).abs() <= 0.5 * self.tolerance
        });
        let lowered = |p: [f64; 3]| [p[0], p[1], p[2] - self.lift];
        close
            && self
                .cutter
                .gouge(lowered(a), lowered(b), self.tolerance)
                .is_none()
    }
}
