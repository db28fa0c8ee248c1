//! Moves cut the field, tile by tile.

use super::row::Way;
use super::{Field, TILE, Tile};
use crate::tools::cutter::{Cutter, Flat, with_cutter};
use crate::tools::profile::{Form, Profile};

/// A straight move of the tip, mm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sweep {
    /// Where it begins.
    pub from: [f64; 3],
    /// Where it ends.
    pub to: [f64; 3],
}

/// A tool with what sits above its flutes.
#[derive(Debug, Clone, PartialEq)]
pub struct Body {
    /// What cuts.
    pub profile: Profile,
    /// Upright cylinders that must not touch: radius, larger than the tool's, and height of their lower end above the
    /// tip, mm.
    pub above: Vec<(f64, f64)>,
}

/// What a move took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bite {
    /// How deep, at the column where it was deepest, mm; 0 for a move through air.
    pub depth: f64,
    /// Where.
    pub at: [f64; 2],
    /// How much, mm³.
    pub volume: f64,
    /// How far shank or holder would sink into the material, mm; 0 where they don't touch.
    pub hit: f64,
    /// Where.
    pub hit_at: [f64; 2],
}

impl Bite {
    /// Nothing.
    pub const NONE: Self = Self {
        depth: 0.0,
        at: [0.0; 2],
        volume: 0.0,
        hit: 0.0,
        hit_at: [0.0; 2],
    };

    fn merge(&mut self, o: &Self) {
        self.volume += o.volume;
        if o.depth > self.depth {
            (self.depth, self.at) = (o.depth, o.at);
        }
        if o.hit > self.hit {
            (self.hit, self.hit_at) = (o.hit, o.hit_at);
        }
    }
}

/// A tile with its place.
struct Place {
    min: [f64; 2],
    cell: f64,
    /// Columns that belong to the field.
    size: [usize; 2],
}

impl Field {
    /// Cuts with moves in their order; says what each took.
    pub fn cut(&mut self, body: &Body, sweeps: &[Sweep]) -> Vec<Bite> {
        let mut ways = Vec::with_capacity(sweeps.len());
        let mut before = None;
        for s in sweeps {
            ways.push(Way::new(s, before));
            before = Some(s.to);
        }
        let lists = self.by_tile(body, &ways);
        let places: Vec<Place> = (0..self.data.len()).map(|t| self.place(t)).collect();
        let run = |((tile, list), place): ((&mut Tile, &Vec<u32>), &Place)| {
            let mut taken = Vec::new();
            for &i in list {
                let bite =
                    with_cutter!(&body.profile, c => cut_tile(tile, place, c, body, &ways[i as usize]));
                if let Some(bite) = bite {
                    taken.push((i, bite));
                }
            }
            if !list.is_empty() {
                tile.refresh();
            }
            taken
        };
        #[cfg(feature = "parallel")]
        let taken: Vec<Vec<(u32, Bite)>> = {
            use rayon::prelude::*;
            self.data
                .par_iter_mut()
                .zip(&lists)
                .zip(&places)
                .map(run)
                .collect()
        };
        #[cfg(not(feature = "parallel"))]
        let taken: Vec<Vec<(u32, Bite)>> = self.data.iter_mut().zip(&lists).zip(&places).map(run).collect();
        let mut bites = vec![Bite::NONE; sweeps.len()];
        for (i, bite) in taken.iter().flatten() {
            bites[*i as usize].merge(bite);
        }
        bites
    }

    /// What a move would take; nothing is cut.
    #[must_use]
    pub fn probe(&self, body: &Body, sweep: &Sweep) -> Bite {
        let way = Way::new(sweep, None);
        let mut all = Bite::NONE;
        self.tiles_under(body, &way, self.top(), |t| {
            let place = self.place(t);
            if let Some(bite) =
                with_cutter!(&body.profile, c => probe_tile(&self.data[t], &place, c, body, &way))
            {
                all.merge(&bite);
            }
        });
        all
    }

    /// The highest material under a disc that goes straight from `a` to `b`, mm; the bed where there is none.
    #[must_use]
    pub fn highest(&self, a: [f64; 2], b: [f64; 2], radius: f64) -> f64 {
        let body = Body {
            profile: Profile::flat(radius),
            above: Vec::new(),
        };
        // How deep a disc at the bed would cut is how high the material stands.
        let bed = f64::from(self.bed);
        let way = Way::new(
            &Sweep {
                from: [a[0], a[1], bed],
                to: [b[0], b[1], bed],
            },
            None,
        );
        let mut best = bed;
        self.tiles_under(&body, &way, self.top(), |t| {
            let tile = &self.data[t];
            if f64::from(tile.top) > best {
                let bite = probe_tile(tile, &self.place(t), Flat(&body.profile), &body, &way);
                best = best.max(bed + bite.map_or(0.0, |b| b.depth));
            }
        });
        best
    }

    fn place(&self, t: usize) -> Place {
        let (i, j) = (t % self.tiles[0], t / self.tiles[0]);
        let side = TILE as f64 * self.cell;
        Place {
            min: [self.min[0] + i as f64 * side, self.min[1] + j as f64 * side],
            cell: self.cell,
            size: [
                (self.size[0] - i * TILE).min(TILE),
                (self.size[1] - j * TILE).min(TILE),
            ],
        }
    }

    /// For every tile the moves that come near it and below its top.
    fn by_tile(&self, body: &Body, ways: &[Way]) -> Vec<Vec<u32>> {
        let top = self.top();
        let mut lists = vec![Vec::new(); self.data.len()];
        for (i, way) in (0u32..).zip(ways) {
            self.tiles_under(body, way, top, |t| lists[t].push(i));
        }
        lists
    }

    fn tiles_under(&self, body: &Body, way: &Way, top: f64, mut f: impl FnMut(usize)) {
        let mut reach = body.profile.radius;
        for (radius, height) in &body.above {
            if way.low + height < top {
                reach = reach.max(*radius);
            }
        }
        let [x0, x1, y0, y1] = way.bounds(reach);
        let side = TILE as f64 * self.cell;
        let range = |lo: f64, hi: f64, k: usize| {
            let (a, b) = (
                ((lo - self.min[k]) / side).floor(),
                ((hi - self.min[k]) / side).floor(),
            );
            (
                a.max(0.0) as usize,
                (b.min(self.tiles[k] as f64 - 1.0) + 1.0).max(0.0) as usize,
            )
        };
        let ((i0, i1), (j0, j1)) = (range(x0, x1, 0), range(y0, y1, 1));
        for j in j0..j1 {
            // A long slanted move passes few tiles of its box.
            let low = self.min[1] + j as f64 * side;
            let (mut lo, mut hi) = (i0, i1);
            let (a, b) = way.band(low, low + side, reach);
            if a > b {
                continue;
            }
            let (c, d) = range(a, b, 0);
            (lo, hi) = (lo.max(c), hi.min(d));
            for i in lo..hi {
                let t = j * self.tiles[0] + i;
                if f64::from(self.data[t].top) > way.low {
                    f(t);
                }
            }
        }
    }
}

impl Place {
    /// Calls `f` with row, first and past the last column, x of the first and y, for the spans of a disc on its way.
    #[inline(always)]
    fn spans(
        &self,
        way: &Way,
        r: f64,
        fresh: Option<bool>,
        mut f: impl FnMut(usize, usize, usize, f64, f64),
    ) {
        let [_, _, y0, y1] = way.bounds(r);
        let index = |v: f64, k: usize| {
            ((v - self.min[k]) / self.cell - 0.5)
                .ceil()
                .clamp(0.0, self.size[k] as f64) as usize
        };
        for j in index(y0, 1)..index(y1 + 1e-9, 1) {
            let y = self.min[1] + (j as f64 + 0.5) * self.cell;
            let Some(span) = way.span(y, r) else { continue };
            let parts = match fresh {
                Some(flat) => way.fresh(y, r, flat, span),
                None => [span, (1.0, 0.0)],
            };
            for (lo, hi) in parts {
                if lo <= hi {
                    let (a, b) = (index(lo, 0), index(hi + 1e-9, 0));
                    if a < b {
                        f(j, a, b, self.min[0] + (a as f64 + 0.5) * self.cell, y);
                    }
                }
            }
        }
    }

    fn center(&self, i: usize, j: usize) -> [f64; 2] {
        [
            self.min[0] + (i as f64 + 0.5) * self.cell,
            self.min[1] + (j as f64 + 0.5) * self.cell,
        ]
    }
}

fn cut_tile<C: Cutter>(tile: &mut Tile, place: &Place, cutter: C, body: &Body, way: &Way) -> Option<Bite> {
    if f64::from(tile.top) <= way.low {
        return None;
    }
    let p = cutter.profile();
    let mut bite = Bite::NONE;
    let (mut out, mut old) = ([0.0f64; TILE], [0.0f32; TILE]);
    place.spans(way, p.radius, Some(p.form == Form::Flat), |j, a, b, x, y| {
        let z = &mut out[..b - a];
        way.envelope(cutter, x, y, place.cell, z);
        let row = &mut tile.heights[j * TILE + a..j * TILE + b];
        let old = &mut old[..b - a];
        old.copy_from_slice(row);
        let (deepest, sum) = lower(row, z);
        bite.volume += sum;
        if deepest > bite.depth {
            let deep = |(h, z): (&f32, &f64)| f64::from(*h) - z >= deepest;
            let k = old.iter().zip(&*z).position(deep).unwrap_or(0);
            bite.depth = deepest;
            bite.at = place.center(a + k, j);
        }
    });
    bite.volume *= place.cell * place.cell;
    hits(tile, place, body, way, &mut bite);
    (bite.depth > 0.0 || bite.hit > 0.0).then_some(bite)
}

/// Lowers heights to `z` where that is below; the deepest that was taken, and the sum.
#[inline(always)]
fn lower(row: &mut [f32], z: &[f64]) -> (f64, f64) {
    let (mut sum, mut most) = ([0.0f64; 4], [0.0f64; 4]);
    let n = row.len() / 4 * 4;
    let (head, tail) = row.split_at_mut(n);
    for (h, z) in head.chunks_exact_mut(4).zip(z.chunks_exact(4)) {
        for k in 0..4 {
            let d = f64::from(h[k]) - z[k];
            let d = if d > 0.0 { d } else { 0.0 };
            sum[k] += d;
            most[k] = if d > most[k] { d } else { most[k] };
            h[k] = if d > 0.0 { z[k] as f32 } else { h[k] };
        }
    }
    for (h, z) in tail.iter_mut().zip(&z[n..]) {
        let d = f64::from(*h) - z;
        if d > 0.0 {
            sum[0] += d;
            most[0] = most[0].max(d);
            *h = *z as f32;
        }
    }
    let deepest = most.into_iter().fold(0.0, f64::max);
    (deepest, sum[0] + sum[1] + sum[2] + sum[3])
}

/// Whether what sits above the flutes meets material.
fn hits(tile: &Tile, place: &Place, body: &Body, way: &Way, bite: &mut Bite) {
    for &(radius, height) in &body.above {
        if f64::from(tile.top) <= way.low + height {
            continue;
        }
        let disc = Profile::flat(radius);
        let cutter = Flat(&disc);
        let mut out = [0.0f64; TILE];
        place.spans(way, radius, None, |j, a, b, x, y| {
            let z = &mut out[..b - a];
            way.envelope(cutter, x, y, place.cell, z);
            for (k, z) in z.iter().enumerate() {
                let d = f64::from(tile.heights[j * TILE + a + k]) - z - height;
                if d > bite.hit {
                    bite.hit = d;
                    bite.hit_at = place.center(a + k, j);
                }
            }
        });
    }
}

fn probe_tile<C: Cutter>(tile: &Tile, place: &Place, cutter: C, body: &Body, way: &Way) -> Option<Bite> {
    let mut bite = Bite::NONE;
    let mut out = [0.0f64; TILE];
    place.spans(way, cutter.profile().radius, None, |j, a, b, x, y| {
        let z = &mut out[..b - a];
        way.envelope(cutter, x, y, place.cell, z);
        for (k, z) in z.iter().enumerate() {
            let d = f64::from(tile.heights[j * TILE + a + k]) - z;
            if d > 0.0 {
                bite.volume += d;
                if d > bite.depth {
                    bite.depth = d;
                    bite.at = place.center(a + k, j);
                }
            }
        }
    });
    bite.volume *= place.cell * place.cell;
    hits(tile, place, body, way, &mut bite);
    (bite.depth > 0.0 || bite.hit > 0.0).then_some(bite)
}
