//! From overhangs to columns: one sweep from the top layer to the bed.
//!
//! In: per layer the samples that need support and those where support may not be. Out: per layer
//! the samples of support, split into base and interface.

use super::params::Params;
use super::raster::{Bits, Frame};
use crate::plan::Layer;

/// Columns that hold no square of so many samples are slender.
const SLENDER: usize = 5;
/// Support that holds no square of so many samples is left out.
const THINNEST: usize = 3;
/// Base beside the interface that holds no square of so many samples joins it.
const SLIVER: usize = 4;

/// Where support may not be because of one layer of the object.
#[derive(Debug, Clone, Default)]
pub struct Blocked {
    /// The object itself and what is too near to its sides: closed to support of the same layer.
    pub side: Bits,
    /// The object as wide as half a line more: closed to support in the gaps above and below it.
    pub edge: Bits,
}

/// The support of one layer, as samples.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Area {
    /// Sparse support.
    pub base: Bits,
    /// Dense support.
    pub interface: Bits,
}

/// The layers that a stretch of height meets.
pub fn layers_between(layers: &[Layer], low: f64, high: f64) -> std::ops::Range<usize> {
    const EPS: f64 = 1e-6;
    let a = layers.partition_point(|l| l.z <= low + EPS);
    let b = layers.partition_point(|l| l.z - l.height < high - EPS);
    a..b.max(a)
}

/// The highest layer that leaves the gap below an overhang of layer `i`, if there is one.
pub fn contact_layer(layers: &[Layer], i: usize, gap: f64) -> Option<usize> {
    let bottom = layers[i].z - layers[i].height;
    layers[..i]
        .partition_point(|l| l.z <= bottom - gap + 1e-6)
        .checked_sub(1)
}

/// Where the support of a layer can lie at most, known before the sweep.
pub struct Shadows {
    /// For every [`CHUNK`] layers the needs of them and all above, widened by what the sweep may add.
    chunks: Vec<Bits>,
}

/// Layers that share a shadow.
const CHUNK: usize = 16;

impl Shadows {
    /// The shadows of what needs support.
    pub fn new(frame: &Frame, p: &Params, need: &[Bits]) -> Self {
        let n = need.len().div_ceil(CHUNK);
        let mut chunks = vec![Bits::empty(frame); n];
        let mut all = Bits::empty(frame);
        for c in (0..n).rev() {
            let layers = &need[c * CHUNK..need.len().min((c + 1) * CHUNK)];
            if c + 1 < n && layers.iter().all(Bits::is_empty) && c > 0 {
                chunks[c] = chunks[c + 1].clone();
                continue;
            }
            for b in layers {
                all.or(b);
            }
            let mut wide = all.grown(frame, p.grow);
            if p.snap {
                wide = snapped(frame, &wide, &Bits::empty(frame), p.cell);
            }
            chunks[c] = wide.grown(frame, 2 + if c == 0 { p.foot } else { 0 });
        }
        Self { chunks }
    }

    /// Where support can be that layer `k` of the object might obstruct.
    pub fn around(&self, p: &Params, layers: &[Layer], k: usize) -> &Bits {
        let l = &layers[k];
        let lowest = layers_between(layers, l.z - l.height - p.gap_top, l.z).start;
        &self.chunks[lowest.saturating_sub(1) / CHUNK]
    }
}

/// Fills every cell of the coarse grid as far as it can be reached from a sample of `seeds` without
/// leaving the cell or crossing `closed`.
fn snapped(frame: &Frame, seeds: &Bits, closed: &Bits, cell: usize) -> Bits {
    let mut out = seeds.clone();
    let rows = seeds.rows();
    if rows.is_empty() {
        return out;
    }
    for cy in rows.start / cell..=(rows.end - 1) / cell {
        let ys = cy * cell..((cy + 1) * cell).min(frame.height);
        for cx in 0..frame.width.div_ceil(cell) {
            let x = cx * cell;
            let n = cell.min(frame.width - x);
            let mut area = [0u32; 32];
            let mut any = 0;
            for (a, y) in area.iter_mut().zip(ys.clone()) {
                *a = seeds.chunk(x, y, n);
                any |= *a;
            }
            if any == 0 {
                continue;
            }
            let mut open = [0u32; 32];
            for (o, y) in open.iter_mut().zip(ys.clone()) {
                *o = !closed.chunk(x, y, n) & ((1u64 << n) - 1) as u32;
            }
            flood(&mut area[..ys.len()], &open[..ys.len()]);
            for (a, y) in area.iter().zip(ys.clone()) {
                out.or_chunk(x, y, *a);
            }
        }
    }
    out
}

fn flood(area: &mut [u32], open: &[u32]) {
    loop {
        let mut changed = 0;
        for i in 0..area.len() {
            let above = area.get(i + 1).copied().unwrap_or(0);
            let below = if i > 0 { area[i - 1] } else { 0 };
            let a = area[i];
            let mut v = (a | above | below) & open[i];
            loop {
                let w = (v | v << 1 | v >> 1) & open[i];
                if w == v {
                    break;
                }
                v = w;
            }
            changed |= v & !a;
            area[i] |= v;
        }
        if changed == 0 {
            return;
        }
    }
}

/// Grows by `n` samples without crossing `closed`.
fn grown_around(frame: &Frame, seeds: &Bits, closed: &Bits, n: usize) -> Bits {
    let mut b = seeds.clone();
    for i in 0..n {
        b = b.dilated(frame, i % 2 == 0);
        b.and_not(closed);
    }
    b.or(seeds);
    b
}

/// What the sweep reads of one layer and those around it.
pub struct Input<'a> {
    /// The layers.
    pub layers: &'a [Layer],
    /// Per layer the samples of the object.
    pub inside: &'a dyn Fn(usize) -> &'a Bits,
    /// Per layer what needs support.
    pub need: &'a [Bits],
    /// Per layer what is closed.
    pub blocked: &'a [Blocked],
}

/// The support of every layer.
pub fn sweep(frame: &Frame, p: &Params, input: &Input<'_>) -> Vec<Area> {
    let n = input.layers.len();
    let mut contacts: Vec<Vec<usize>> = vec![Vec::new(); n];
    for i in 0..n {
        if input.need[i].is_empty() {
            continue;
        }
        if let Some(j) = contact_layer(input.layers, i, p.gap_top) {
            contacts[j].push(i);
        }
    }
    let mut out: Vec<Area> = Vec::new();
    out.resize_with(n, Area::default);
    let mut wanted = Bits::empty(frame);
    // What begins in this layer and those above it that still have to be interface.
    let mut roofs: Vec<(usize, Bits)> = Vec::new();
    for k in (0..n).rev() {
        if contacts[k].is_empty() && wanted.is_empty() {
            continue;
        }
        let closed = closed(p, input, k);
        if !contacts[k].is_empty() {
            let mut contact = Bits::empty(frame);
            for &i in &contacts[k] {
                let roof = (input.inside)(i).dilated(frame, false);
                let c = begin(frame, p, &input.need[i], &roof, &closed, &mut wanted);
                contact.or(&c);
            }
            roofs.push((k, contact));
        }
        // A column ends on the object; where it is only too near to a side it goes on below.
        wanted.and_not((input.inside)(k));
        wanted.trim();
        let mut support = wanted.clone();
        support.and_not(&closed);
        support = support.opened(THINNEST);
        roofs.retain(|&(j, _)| j < k + p.interface_top);
        let mut dense = Bits::empty(frame);
        for (_, r) in &roofs {
            dense.or(r);
        }
        for m in floor_layers(p, input.layers, k) {
            dense.or((input.inside)(m));
        }
        out[k] = split(&support, dense);
    }
    if p.buildplate_only {
        stand_on_bed(&mut out);
    }
    if let Some(first) = out.first_mut() {
        let mut foot = std::mem::take(&mut first.base);
        foot.or(&first.interface);
        if !p.raft && !foot.is_empty() {
            foot = grown_around(frame, &foot, &closed(p, input, 0), p.foot);
        }
        foot.trim();
        first.base = foot;
        first.interface = Bits::empty(frame);
    }
    out
}

/// Adds the columns of what needs support to `wanted` and returns the contact. Both stay below
/// `roof`, the layer that hangs over, except where they would be too slender to stand.
fn begin(frame: &Frame, p: &Params, need: &Bits, roof: &Bits, closed: &Bits, wanted: &mut Bits) -> Bits {
    let mut sturdy = wanted.cropped(need.rows_around(SLENDER));
    sturdy.or(need);
    let mut slender = need.clone();
    slender.and_not(&sturdy.opened(SLENDER).dilated(frame, true));
    slender.trim();
    let slender = grown_around(frame, &slender, closed, p.grow);
    let mut contact = grown_around(frame, need, closed, p.grow);
    let mut column = if p.snap {
        snapped(frame, &contact, closed, p.cell)
    } else {
        contact.clone()
    };
    contact.and(roof);
    contact.or(&slender);
    column.and(roof);
    if p.snap && !slender.is_empty() {
        column.or(&snapped(frame, &slender, closed, p.cell));
    }
    wanted.or(&column);
    wanted.or(&contact);
    contact
}

/// All that support of layer `k` must not touch.
fn closed(p: &Params, input: &Input<'_>, k: usize) -> Bits {
    let l = &input.layers[k];
    let mut closed = input.blocked[k].side.clone();
    for m in layers_between(input.layers, l.z - l.height - p.gap_bottom, l.z + p.gap_top) {
        if m != k {
            closed.or(&input.blocked[m].edge);
        }
    }
    closed
}

/// The layers of the object on which support of layer `k` would stand within its interface.
fn floor_layers(p: &Params, layers: &[Layer], k: usize) -> std::ops::Range<usize> {
    let l = &layers[k];
    let top = layers.partition_point(|m| m.z <= l.z - l.height - p.gap_bottom + 1e-6);
    top.saturating_sub(p.interface_bottom)..top
}

/// Splits support into base and interface. Slivers of base join the interface.
fn split(support: &Bits, dense: Bits) -> Area {
    let mut interface = dense;
    interface.and(support);
    if interface.is_empty() {
        let mut base = support.clone();
        base.trim();
        return Area { base, interface };
    }
    // Slivers lie in rows around the interface.
    let mut rest = support.cropped(interface.rows_around(2 * SLIVER));
    rest.and_not(&interface);
    let mut slivers = rest.cropped(interface.rows_around(SLIVER));
    slivers.and_not(&rest.opened(SLIVER));
    interface.or(&slivers);
    let mut base = support.clone();
    base.and_not(&interface);
    base.trim();
    let interface = interface.opened(2);
    Area { base, interface }
}

/// Keeps only what has support of the layer below under it, down to the bed.
fn stand_on_bed(areas: &mut [Area]) {
    for k in 1..areas.len() {
        let (below, this) = areas.split_at_mut(k);
        let mut ground = below[k - 1].base.clone();
        ground.or(&below[k - 1].interface);
        let a = &mut this[0];
        a.base.and(&ground);
        a.interface.and(&ground);
    }
}
