//! How deep a straight move cuts into the surface: exact, not sampled.
//!
//! In: two places of the tip. Out: the deepest cut between them. Promised: nothing under the way is missed.
//!
//! The depth over a vertex or an edge, as a function of place on it and of time, is concave, so there is one
//! stationary point, and it has a closed form: along the way the tool touches an edge with the slope that the edge
//! and the move ask for together. A facet is touched deepest at an end of the move or at its border, so facets
//! need no look; the ends of the move are two drops.

use super::bvh::LEAF;
use super::drop::{Near, STACK};
use super::surface::{Edge, Surface};
use crate::tools::cutter::Cutter;

/// A cut into the surface.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gouge {
    /// How far the surface rises above the tool, mm.
    pub depth: f64,
    /// Share of the move where that is.
    pub share: f64,
}

/// Contacts so near to an end of the move count as on it, mm: the drop at the end may have missed by rounding what the
/// rim touches there.
const NEAR: f64 = 1e-9;

/// A straight move of the tip.
struct Way {
    from: [f64; 3],
    /// To the end.
    by: [f64; 3],
    /// Direction and length in XY.
    dir: [f64; 2],
    len: f64,
    /// Rise per mm.
    slope: f64,
    /// 1/√(1 + slope²)
    w: f64,
}

pub(super) fn gouge<C: Cutter>(
    surface: &Surface,
    cutter: C,
    slack: f32,
    from: [f64; 3],
    to: [f64; 3],
    tolerance: f64,
) -> Option<Gouge> {
    let by: [f64; 3] = std::array::from_fn(|k| to[k] - from[k]);
    let len = (by[0] * by[0] + by[1] * by[1]).sqrt();
    if len.is_nan() || len <= 0.0 || surface.nodes.is_empty() {
        return None;
    }
    let slope = by[2] / len;
    let way = Way {
        from,
        by,
        dir: [by[0] / len, by[1] / len],
        len,
        slope,
        w: 1.0 / (1.0 + slope * slope).sqrt(),
    };
    let mut best = Gouge {
        depth: tolerance,
        share: f64::NAN,
    };
    // Short pieces keep the boxes around the way tight; each looks at the whole move.
    let pieces = (len.max(by[2].abs()) / (0.5 * cutter.profile().radius))
        .ceil()
        .clamp(1.0, 1e6) as u32;
    for i in 0..pieces {
        let [a, b] = [i, i + 1].map(|k| f64::from(k) / f64::from(pieces));
        let at = |k: usize, t: f64| from[k] + by[k] * t - surface.center[k];
        let (x, y) = ((at(0, a), at(0, b)), (at(1, a), at(1, b)));
        let near = Near::new(
            surface,
            cutter,
            [x.0.min(x.1), x.0.max(x.1), y.0.min(y.1), y.0.max(y.1)].map(|v| v as f32),
        );
        let low = at(2, a).min(at(2, b));
        search(surface, cutter, slack, &way, &near, low, &mut best);
    }
    best.share.is_finite().then_some(best)
}

/// Looks at all that may rise above `low` near a piece of the way.
fn search<C: Cutter>(
    surface: &Surface,
    cutter: C,
    slack: f32,
    way: &Way,
    near: &Near,
    low: f64,
    best: &mut Gouge,
) {
    let mut stack = [(0.0f32, 0u32); STACK];
    stack[0] = (f32::INFINITY, 0);
    let mut n = 1;
    while n > 0 {
        n -= 1;
        let (bound, child) = stack[n];
        let bar = (low + best.depth) as f32 - slack;
        if bound <= bar {
            continue;
        }
        if child & LEAF == 0 {
            n = near.push(cutter, &surface.nodes[child as usize], bar, &mut stack, n);
            continue;
        }
        let i = (child & !LEAF) as usize;
        let (a, b) = (surface.first[i], surface.first[i + 1]);
        for e in &surface.edges[a.edge as usize..b.edge as usize] {
            edge(e, cutter, way, best);
        }
        for p in &surface.vertices[a.vertex as usize..b.vertex as usize] {
            vertex(p, cutter, way, best);
        }
    }
}

fn vertex<C: Cutter>(p: &[f64; 3], cutter: C, way: &Way, best: &mut Gouge) {
    let (x, y) = (p[0] - way.from[0], p[1] - way.from[1]);
    let u = x * way.dir[0] + y * way.dir[1];
    let v = y * way.dir[0] - x * way.dir[1];
    let r = cutter.profile().radius;
    if v * v > r * r || u < -r || u > way.len + r {
        return;
    }
    let (m, need) = (way.slope.abs(), best.depth + way.from[2] + way.slope * u - p[2]);
    if !cutter.may_reach(m, way.w, v * v, need) {
        return;
    }
    let touch = cutter.on_line(m, way.w, v * v);
    let s = u - touch.offset.copysign(way.slope);
    if s > -NEAR && s < way.len + NEAR {
        let depth = p[2] - way.from[2] - way.slope * s - touch.height;
        if depth > best.depth {
            let share = (s / way.len).clamp(0.0, 1.0);
            *best = Gouge { depth, share };
        }
    }
}

fn edge<C: Cutter>(e: &Edge, cutter: C, way: &Way, best: &mut Gouge) {
    let r = cutter.profile().radius;
    let side = |x: f64, y: f64| x * e.dir[1] - y * e.dir[0];
    let foot = |x: f64, y: f64| x * e.dir[0] + y * e.dir[1];
    let (x, y) = (way.from[0] - e.at[0], way.from[1] - e.at[1]);
    let (d0, d1) = (side(x, y), side(way.by[0], way.by[1]));
    if (d0 > r && d0 + d1 > r) || (d0 < -r && d0 + d1 < -r) || d1 == 0.0 {
        return;
    }
    let (f0, f1) = (foot(x, y), foot(way.by[0], way.by[1]));
    if f0.max(f0 + f1) < -r || f0.min(f0 + f1) > e.len + r {
        return;
    }
    // What the depth gains per mm of distance without the tool's form; the form must lose as much.
    let gain = (e.m * f1 - way.by[2]) / d1;
    let steep2 = e.m * e.m + gain * gain;
    let (steep, w) = (steep2.sqrt(), 1.0 / (1.0 + steep2).sqrt());
    let touch = cutter.on_plane(steep * w, w);
    let k = if steep > 0.0 { touch.offset / steep } else { 0.0 };
    let share = (gain * k - d0) / d1;
    let near = NEAR / way.len;
    if !(share > -near && share < 1.0 + near) {
        return;
    }
    let s = f0 + f1 * share + e.m * k;
    if s >= 0.0 && s <= e.len {
        let depth = e.at[2] + e.m * s - way.from[2] - way.by[2] * share - touch.height;
        if depth > best.depth {
            let share = share.clamp(0.0, 1.0);
            *best = Gouge { depth, share };
        }
    }
}
