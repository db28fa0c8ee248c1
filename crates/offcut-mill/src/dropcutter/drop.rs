//! The drop at one place.

use super::Rest;
use super::bvh::{EMPTY, LEAF, Node};
use super::surface::{Edge, Facet, Surface};
use crate::tools::cutter::Cutter;

/// How far outside a facet, as a share of its edges, a contact still counts: closes cracks between facets that
/// rounding opens.
pub(super) const CRACK: f64 = 1e-12;

/// How far outside the rim a vertex still counts, mm: a contact that passes from a facet or an edge to the vertex at its
/// end, just when the rim is there, lies on none of the three by rounding.
const RIM: f64 = 1e-9;

/// Deepest tree times three siblings.
pub(super) const STACK: usize = 128;

/// The best so far.
struct Best {
    z: f64,
    contact: [f64; 2],
    triangle: u32,
}

pub(super) fn drop<C: Cutter>(
    surface: &Surface,
    cutter: C,
    slack: f32,
    [x, y]: [f64; 2],
    floor: f64,
    hint: u32,
) -> Rest {
    let mut best = Best {
        z: floor,
        contact: [f64::NAN; 2],
        triangle: u32::MAX,
    };
    if (hint as usize) < surface.facets.len() {
        triangle(surface, cutter, hint, x, y, &mut best);
    }
    let at = [(x - surface.center[0]) as f32, (y - surface.center[1]) as f32];
    let near = Near::new(surface, cutter, [at[0], at[0], at[1], at[1]]);
    let limit = |z: f64| (z - surface.center[2]) as f32 - slack;
    let mut bar = limit(best.z);
    let mut stack = [(0.0f32, 0u32); STACK];
    let mut n = 0;
    if !surface.nodes.is_empty() {
        stack[0] = (f32::INFINITY, 0);
        n = 1;
    }
    while n > 0 {
        n -= 1;
        let (bound, child) = stack[n];
        if bound <= bar {
            continue;
        }
        if child & LEAF != 0 {
            let before = best.z;
            triangle(surface, cutter, child & !LEAF, x, y, &mut best);
            if best.z > before {
                bar = limit(best.z);
            }
            continue;
        }
        let node = &surface.nodes[child as usize];
        n = near.push(cutter, node, bar, &mut stack, n);
    }
    Rest {
        z: best.z,
        contact: (best.triangle != u32::MAX).then_some(best.contact),
        triangle: if best.triangle == u32::MAX {
            hint
        } else {
            best.triangle
        },
    }
}

/// The height of one triangle's features.
pub(super) fn over<C: Cutter>(surface: &Surface, cutter: C, [x, y]: [f64; 2], index: u32) -> f64 {
    let mut best = Best {
        z: f64::NEG_INFINITY,
        contact: [f64::NAN; 2],
        triangle: u32::MAX,
    };
    if (index as usize) < surface.facets.len() {
        triangle(surface, cutter, index, x, y, &mut best);
    }
    best.z
}

/// A box in XY, relative to the surface's centre, in which the tool's axis is.
pub(super) struct Near {
    min_x: f32,
    max_x: f32,
    min_y: f32,
    max_y: f32,
    /// Square of the radius, padded.
    reach2: f32,
}

impl Near {
    pub fn new<C: Cutter>(surface: &Surface, cutter: C, [min_x, max_x, min_y, max_y]: [f32; 4]) -> Self {
        let r = cutter.profile().radius;
        let pad = 4e-7 * (surface.reach + r);
        Self {
            min_x,
            max_x,
            min_y,
            max_y,
            reach2: (r + pad).powi(2) as f32 * 1.000_001,
        }
    }

    /// Puts the children of a node that may rise above `bar` on the stack, the highest bound last.
    #[inline(always)]
    pub fn push<C: Cutter>(
        &self,
        cutter: C,
        node: &Node,
        bar: f32,
        stack: &mut [(f32, u32); STACK],
        n: usize,
    ) -> usize {
        let d2: [f32; 4] = std::array::from_fn(|i| {
            let positive = |v: f32| if v > 0.0 { v } else { 0.0 };
            let dx = positive(node.min_x[i] - self.max_x) + positive(self.min_x - node.max_x[i]);
            let dy = positive(node.min_y[i] - self.max_y) + positive(self.min_y - node.max_y[i]);
            dx * dx + dy * dy
        });
        let least = cutter.least4(d2);
        let mut m = n;
        for i in 0..4 {
            let bound = node.top[i] - least[i];
            if d2[i] <= self.reach2 && bound > bar && node.child[i] != EMPTY && m < STACK {
                let mut k = m;
                while k > n && stack[k - 1].0 > bound {
                    stack[k] = stack[k - 1];
                    k -= 1;
                }
                stack[k] = (bound, node.child[i]);
                m += 1;
            }
        }
        m
    }
}

/// All features of a triangle.
#[inline]
fn triangle<C: Cutter>(surface: &Surface, cutter: C, index: u32, x: f64, y: f64, best: &mut Best) {
    let i = index as usize;
    let (from, to) = (surface.first[i], surface.first[i + 1]);
    facet(&surface.facets[i], cutter, x, y, index, best);
    for e in &surface.edges[from.edge as usize..to.edge as usize] {
        edge(e, cutter, x, y, index, best);
    }
    let radius = cutter.profile().radius + RIM;
    for p in &surface.vertices[from.vertex as usize..to.vertex as usize] {
        let d2 = (p[0] - x).powi(2) + (p[1] - y).powi(2);
        if p[2] > best.z && d2 <= radius * radius {
            take(best, p[2] - cutter.height(d2.sqrt()), [p[0], p[1]], index);
        }
    }
}

#[inline(always)]
fn take(best: &mut Best, z: f64, contact: [f64; 2], triangle: u32) {
    if z > best.z {
        *best = Best { z, contact, triangle };
    }
}

#[inline(always)]
fn facet<C: Cutter>(f: &Facet, cutter: C, x: f64, y: f64, index: u32, best: &mut Best) {
    let touch = cutter.on_plane(f.level, f.up);
    let (px, py) = (x + f.uphill[0] * touch.offset, y + f.uphill[1] * touch.offset);
    let (dx, dy) = (px - f.at[0], py - f.at[1]);
    let u = f.inverse[0] * dx + f.inverse[1] * dy;
    let v = f.inverse[2] * dx + f.inverse[3] * dy;
    if u >= -CRACK && v >= -CRACK && u + v <= 1.0 + CRACK {
        let z = f.at[2] + u * f.rise[0] + v * f.rise[1] - touch.height;
        take(best, z, [px, py], index);
    }
}

#[inline(always)]
fn edge<C: Cutter>(e: &Edge, cutter: C, x: f64, y: f64, index: u32, best: &mut Best) {
    let (px, py) = (x - e.at[0], y - e.at[1]);
    let d = px * e.dir[1] - py * e.dir[0];
    let (d2, r) = (d * d, cutter.profile().radius);
    let foot = px * e.dir[0] + py * e.dir[1];
    // Out of reach, or wholly to one side.
    if d2 > r * r || foot > e.len + r || foot < -r {
        return;
    }
    if !cutter.may_reach(e.m, e.w, d2, best.z - e.at[2] - e.m * foot) {
        return;
    }
    let touch = cutter.on_line(e.m, e.w, d2);
    let s = foot + touch.offset;
    if s >= 0.0 && s <= e.len {
        let z = e.at[2] + e.m * s - touch.height;
        take(best, z, [e.at[0] + e.dir[0] * s, e.at[1] + e.dir[1] * s], index);
    }
}
