//! Measures of cubic Bézier curves.

use super::Vec2;

/// The point at `t`.
pub(super) fn at(a: Vec2, c1: Vec2, c2: Vec2, b: Vec2, t: f64) -> Vec2 {
    let s = 1.0 - t;
    a * (s * s * s) + c1 * (3.0 * s * s * t) + c2 * (3.0 * s * t * t) + b * (t * t * t)
}

/// The derivative at `t`.
fn speed(a: Vec2, c1: Vec2, c2: Vec2, b: Vec2, t: f64) -> Vec2 {
    let s = 1.0 - t;
    ((c1 - a) * (s * s) + (c2 - c1) * (2.0 * s * t) + (b - c2) * (t * t)) * 3.0
}

/// The inner control points of a stretch.
pub(super) fn part(a: Vec2, c1: Vec2, c2: Vec2, b: Vec2, t0: f64, t1: f64) -> [Vec2; 2] {
    // The control points are the values of the polar form at (t0,t0,t1) and (t0,t1,t1).
    let polar = |u: f64, v: f64, w: f64| {
        let (p, q, r) = (a.lerp(c1, u), c1.lerp(c2, u), c2.lerp(b, u));
        let (p, q) = (p.lerp(q, v), q.lerp(r, v));
        p.lerp(q, w)
    };
    [polar(t0, t0, t1), polar(t0, t1, t1)]
}

/// The control points lie on the chord, in order.
pub(super) fn is_straight(a: Vec2, c1: Vec2, c2: Vec2, b: Vec2) -> bool {
    let d = b - a;
    let n = d.norm();
    if n == 0.0 {
        return a == c1 && a == c2;
    }
    let off = |p: Vec2| d.cross(p - a).abs() / n;
    let (s1, s2) = (d.dot(c1 - a) / (n * n), d.dot(c2 - a) / (n * n));
    off(c1) <= 1e-9 * n.max(1e-3) && off(c2) <= 1e-9 * n.max(1e-3) && s1 >= 0.0 && s1 <= s2 && s2 <= 1.0
}

/// Nodes and weights of Gauss–Legendre integration with seven points on [-1, 1] (Abramowitz and Stegun, 25.4).
const GAUSS: [(f64, f64); 7] = [
    (0.0, 0.417_959_183_673_469_4),
    (0.405_845_151_377_397_2, 0.381_830_050_505_118_9),
    (-0.405_845_151_377_397_2, 0.381_830_050_505_118_9),
    (0.741_531_185_599_394_4, 0.279_705_391_489_276_7),
    (-0.741_531_185_599_394_4, 0.279_705_391_489_276_7),
    (0.949_107_912_342_758_5, 0.129_484_966_168_869_7),
    (-0.949_107_912_342_758_5, 0.129_484_966_168_869_7),
];

/// The length by adaptive integration of the speed.
pub(super) fn length(a: Vec2, c1: Vec2, c2: Vec2, b: Vec2) -> f64 {
    let part = |lo: f64, hi: f64| {
        let (mid, half) = ((lo + hi) * 0.5, (hi - lo) * 0.5);
        let sum: f64 = GAUSS
            .iter()
            .map(|(x, w)| w * speed(a, c1, c2, b, mid + half * x).norm())
            .sum();
        sum * half
    };
    fn refine(part: &impl Fn(f64, f64) -> f64, lo: f64, hi: f64, whole: f64, slack: f64, depth: u32) -> f64 {
        let mid = (lo + hi) * 0.5;
        let (l, r) = (part(lo, mid), part(mid, hi));
        if depth == 0 || (l + r - whole).abs() <= slack {
            return l + r;
        }
        refine(part, lo, mid, l, slack * 0.5, depth - 1) + refine(part, mid, hi, r, slack * 0.5, depth - 1)
    }
    let whole = part(0.0, 1.0);
    refine(&part, 0.0, 1.0, whole, 1e-9 * whole.max(1e-6), 14)
}

/// Calls `f` with the inner points where x or y turns.
pub(super) fn extremes(a: Vec2, c1: Vec2, c2: Vec2, b: Vec2, mut f: impl FnMut(Vec2)) {
    let axes = [[a.x, c1.x, c2.x, b.x], [a.y, c1.y, c2.y, b.y]];
    for [p, q, r, s] in axes {
        let (k2, k1, k0) = (s - p + 3.0 * (q - r), 2.0 * (p - 2.0 * q + r), q - p);
        let mut root = |t: f64| {
            if t > 0.0 && t < 1.0 {
                f(at(a, c1, c2, b, t));
            }
        };
        let disc = k1 * k1 - 4.0 * k2 * k0;
        if disc >= 0.0 {
            // The stable pair of roots: no difference of like numbers.
            let w = -0.5 * (k1 + disc.sqrt().copysign(k1));
            if w != 0.0 {
                root(k0 / w);
            }
            if k2 != 0.0 {
                root(w / k2);
            }
        }
    }
}

/// The signed area between curve and chord; positive when it bulges to the right.
pub(super) fn lens_area(a: Vec2, c1: Vec2, c2: Vec2, b: Vec2) -> f64 {
    // ½∮ of the closed curve by Bernstein products, seen from the start.
    let (p, q, r) = (c1 - a, c2 - a, b - a);
    (3.0 * p.cross(q) + 3.0 * p.cross(r) + 6.0 * q.cross(r)) / 20.0
}
