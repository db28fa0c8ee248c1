//! The second pass: overhangs, shells, bridges and infill of one layer.

use super::chains::{Kind, chains};
use super::shells::{Around, Shells, find};
use super::spans::{RowSpans, grow, merge, shrink, subtract};
use super::spec::{LayerSpec, LineSpec};
use super::{Object, bridges, fill_params, infill, overhang};
use crate::plan::{Bead, BeadSet, IslandPlan, LayerPlan};
use offcut_gcode::Role;
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::simplify::simplify;
use offcut_geometry::{Coord, Hatch, Island, Loops, Polylines, Rows, UNITS_PER_MM, clip, grid, islands};
use offcut_settings::PrintSettings;
use offcut_settings::flow;
use offcut_settings::print::SurfacePattern;
use std::ops::Range;

/// Solid intervals shorter than this are not printed, mm.
const SHORTEST_MM: f64 = 0.1;
/// Threads of a bridge hold on to the solid lines around by so much, mm.
const BRIDGE_OVERLAP_MM: f64 = 0.1;
/// Air on solid lines shorter than this, in all, is no reason to look for bridges, mm.
const LEAST_AIR_MM: f64 = 4.0;

/// Working memory; reuse it.
#[derive(Debug, Default)]
pub(super) struct Filler {
    rows: Rows,
    pattern: infill::Scratch,
    lines: Polylines,
}

impl Filler {
    /// Plans layer `k` of an object.
    pub(super) fn layer(&mut self, object: &Object, k: usize) -> LayerPlan {
        let layer = &object.layers[k];
        let spec = LayerSpec::new(object.settings, layer.height, k == 0);
        let shape = object.shape(k);
        let changed = k > 0 && !object.same_shape(k, k - 1);
        let d = k % 2;
        // Layers with lines of another width have lines of their own, and so rows of their own.
        let own = (spec.solid.spacing - object.spacing).abs() > 1e-9;
        let hatch = if own {
            let mut h = object.hatches[d];
            h.spacing = spec.solid.spacing * UNITS_PER_MM;
            h
        } else {
            object.hatches[d]
        };
        let mut own_rows: Vec<RowSpans> = Vec::new();
        let window = Window::new(object, k);
        if own {
            for &j in window.layers.iter() {
                own_rows.push(RowSpans::of(&object.layers[j].outline, &hatch, &mut self.rows));
            }
        }
        let rows_of = |j: usize| -> &RowSpans {
            match window.layers.iter().position(|&w| w == j) {
                Some(i) if own => &own_rows[i],
                _ => &object.shape(j).rows[d],
            }
        };
        let around = window.around(object, k, &rows_of);
        let ground = changed.then(|| {
            let (lower, rows) = (&object.layers[k - 1].outline, &object.shape(k - 1).rows[d]);
            let beads = shape.islands.iter().flat_map(|(_, w)| &w.perimeters.beads);
            let widest = beads.map(|b| b.width).fold(0.0, f32::max);
            overhang::Ground::new(lower, rows, &object.hatches[d], widest.into())
        });
        let islands = shape
            .islands
            .iter()
            .map(|(island, walls)| {
                let mut perimeters = walls.perimeters.clone();
                if let Some(ground) = &ground {
                    overhang::mark(&mut perimeters, ground);
                }
                let mut plan = IslandPlan {
                    bbox: island.bbox,
                    outline: island.loops.clone(),
                    perimeters,
                    gaps: walls.gaps.clone(),
                    infill: BeadSet::default(),
                };
                if !walls.infill.is_empty() {
                    self.island(
                        object,
                        k,
                        &spec,
                        &hatch,
                        island,
                        &walls.infill,
                        &around,
                        &mut plan.infill,
                    );
                }
                plan
            })
            .collect();
        LayerPlan {
            z: layer.z,
            height: layer.height,
            islands,
            ..LayerPlan::default()
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn island(
        &mut self,
        object: &Object,
        k: usize,
        spec: &LayerSpec,
        hatch: &Hatch,
        island: &Island,
        region: &Loops,
        around: &Around,
        out: &mut BeadSet,
    ) {
        let s = object.settings;
        let mut sparse = region.clone();
        let mut shells = Shells::default();
        let mut bridges = Vec::new();
        if !around.all_covered() {
            let fill = RowSpans::of(region, hatch, &mut self.rows);
            shells = find(&fill, around, hatch.spacing);
            if around.all_solid {
                sparse.clear();
            } else if !shells.solid.is_empty() {
                let solid = shells.outline(&fill, hatch, grid(spec.solid.spacing / 2.0));
                sparse = clip::difference(&sparse, &simplify(&solid, 2_000.0));
            }
            bridges = self.bridges(object, k, island, region, &shells);
            for b in &bridges {
                sparse = clip::difference(&sparse, &b.region);
                self.threads(b, spec, out);
            }
        }
        let small = take_small(&mut sparse, s);
        if !small.is_empty() || !shells.solid.is_empty() {
            let small = RowSpans::of(&small, hatch, &mut self.rows);
            self.solid(&shells, &small, &bridges, spec, hatch, s, out);
        }
        if s.infill_density > 0.0 && !sparse.is_empty() {
            let layer = &object.layers[k];
            let area = infill::FillArea {
                region: &sparse,
                layer: k as u32,
                z: layer.z - layer.height / 2.0,
            };
            let params = fill_params(s, spec, object.density);
            self.lines.clear();
            infill::fill(
                s.infill_pattern,
                &area,
                &params,
                &mut self.pattern,
                &mut self.lines,
            );
            for l in self.lines.iter() {
                out.push(l, spec.bead(Role::SparseInfill, &spec.sparse, false));
            }
        }
    }

    fn bridges(
        &self,
        object: &Object,
        k: usize,
        island: &Island,
        region: &Loops,
        shells: &Shells,
    ) -> Vec<bridges::Bridge> {
        if k == 0 || shells.air_length() < i64::from(grid(LEAST_AIR_MM)) {
            return Vec::new();
        }
        let lower = &object.layers[k - 1].outline;
        bridges::find(region, &island.loops, lower, object.settings.bridge_angle)
    }

    /// The threads of a bridge.
    fn threads(&mut self, bridge: &bridges::Bridge, spec: &LayerSpec, out: &mut BeadSet) {
        let spacing = spec.bridge.spacing * UNITS_PER_MM;
        let hatch = Hatch::new(bridge.angle, spacing, spacing / 2.0);
        let rows = RowSpans::of(&bridge.region, &hatch, &mut self.rows);
        let c = chains(
            &[(Kind::Solid, &rows)],
            &hatch,
            grid(0.5),
            grid(3.0 * spec.bridge.spacing),
        );
        for chain in &c.chains {
            let points = &c.points[chain.start as usize..chain.end as usize];
            out.push(points, spec.bead(Role::Bridge, &spec.bridge, false));
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn solid(
        &mut self,
        shells: &Shells,
        small: &RowSpans,
        bridges: &[bridges::Bridge],
        spec: &LayerSpec,
        hatch: &Hatch,
        s: &PrintSettings,
        out: &mut BeadSet,
    ) {
        let bridged: Vec<RowSpans> = bridges
            .iter()
            .map(|b| RowSpans::of(&b.region, hatch, &mut self.rows))
            .collect();
        let lines = joined(shells.solid.lines(), small.lines());
        let mut top = RowSpans::starting_at(lines.start);
        let mut plain = top.clone();
        let mut over_sparse = top.clone();
        let (mut a, mut b, mut held) = (Vec::new(), Vec::new(), Vec::new());
        let (mut all, mut rest, mut kind, mut spare) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let border = grid(spec.solid.spacing / 2.0);
        for line in lines {
            let mut without_bridges = |from: &[Coord], to: &mut RowSpans| {
                a.clear();
                a.extend_from_slice(from);
                for r in &bridged {
                    shrink(r.row(line), grid(BRIDGE_OVERLAP_MM), &mut held);
                    subtract(&a, &held, &mut b);
                    std::mem::swap(&mut a, &mut b);
                }
                to.push(&a);
            };
            // Links run along the border between kinds: half a line for the one, half for the other.
            all.clear();
            all.extend_from_slice(shells.solid.row(line));
            merge(&mut all, small.row(line));
            grow(shells.top.row(line), border, &mut rest);
            subtract(&all, &rest, &mut kind);
            grow(shells.bridging.row(line), border, &mut rest);
            subtract(&kind, &rest, &mut spare);
            without_bridges(&spare, &mut plain);
            grow(shells.top.row(line), border, &mut rest);
            subtract(shells.bridging.row(line), &rest, &mut spare);
            without_bridges(&spare, &mut over_sparse);
            without_bridges(shells.top.row(line), &mut top);
        }
        let link = grid(4.0 * spec.solid.spacing);
        let kinds = [
            (Kind::InternalBridge, &over_sparse),
            (Kind::Solid, &plain),
            (Kind::Top, &top),
        ];
        let c = chains(&kinds, hatch, grid(SHORTEST_MM), link);
        let line = LineSpec {
            width: flow::width_of_spacing(spec.solid.spacing, spec.height),
            spacing: spec.solid.spacing,
            mm3_per_mm: spec.solid.spacing * spec.height,
        };
        let monotonic = s.top_surface_pattern == SurfacePattern::Monotonic;
        let mut group = 0u8;
        for chain in &c.chains {
            let role = match chain.kind {
                Kind::Top => Role::TopSolidInfill,
                Kind::Solid => Role::SolidInfill,
                Kind::InternalBridge => Role::Bridge,
            };
            let directed = monotonic && chain.kind == Kind::Top;
            let bead = Bead {
                directed,
                depth: group,
                ..spec.bead(role, &line, false)
            };
            if directed {
                group = group.saturating_add(1);
            }
            out.push(&c.points[chain.start as usize..chain.end as usize], bead);
        }
    }
}

/// The lines from the first to the last of both; an empty range does not count.
fn joined(a: Range<i32>, b: Range<i32>) -> Range<i32> {
    match (a.is_empty(), b.is_empty()) {
        (true, _) => b,
        (_, true) => a,
        _ => a.start.min(b.start)..a.end.max(b.end),
    }
}

/// Takes islands out of `sparse` that are too small to be sparse, and returns them.
fn take_small(sparse: &mut Loops, s: &PrintSettings) -> Loops {
    let mut small = Loops::new();
    if s.infill_density <= 0.0 || s.solid_infill_below_area <= 0.0 || sparse.is_empty() {
        return small;
    }
    let mut rest = Loops::new();
    for i in islands(sparse) {
        if i.loops.area_mm2() < s.solid_infill_below_area {
            small.extend(&i.loops);
        } else {
            rest.extend(&i.loops);
        }
    }
    *sparse = rest;
    // A little larger, so that its lines meet the solid ones around.
    if small.is_empty() {
        small
    } else {
        offset(&small, grid(0.15) | 1, Join::Miter)
    }
}

/// The layers within the shells' reach of a layer.
struct Window {
    above: Vec<usize>,
    below: Vec<usize>,
    /// The same for the layer below.
    shifted: Option<Vec<usize>>,
    /// Every layer named above, once.
    layers: Vec<usize>,
    all_solid: bool,
}

impl Window {
    fn new(object: &Object, k: usize) -> Self {
        let s = object.settings;
        let (above, top_open) = reach_up(object, k);
        let (below, bottom_open) = reach_down(object, k);
        let every = s.solid_infill_every_layers as usize;
        let all_solid = s.infill_density >= 100.0
            || top_open
            || bottom_open
            || (every > 0 && k.is_multiple_of(every) && s.infill_density > 0.0);
        let shifted = (k > 0 && s.infill_density < 100.0)
            .then(|| {
                let (up, top_open) = reach_up(object, k - 1);
                let (down, bottom_open) = reach_down(object, k - 1);
                let whole = every > 0 && (k - 1).is_multiple_of(every);
                (!top_open && !bottom_open && !whole).then(|| {
                    let mut v = up;
                    v.extend(down);
                    v.push(k - 1);
                    v
                })
            })
            .flatten();
        let mut layers: Vec<usize> = above.iter().chain(&below).copied().collect();
        layers.extend(shifted.iter().flatten());
        layers.extend(k.checked_sub(1));
        layers.extend((k + 1 < object.layers.len()).then_some(k + 1));
        layers.sort_unstable();
        layers.dedup();
        Self {
            above,
            below,
            shifted,
            layers,
            all_solid,
        }
    }

    fn around<'a>(&self, object: &Object, k: usize, rows_of: &impl Fn(usize) -> &'a RowSpans) -> Around<'a> {
        // Layers of one shape need to be looked at once, those of our own not at all.
        let distinct = |v: &[usize]| -> Vec<&'a RowSpans> {
            let mut seen: Vec<usize> = Vec::new();
            for &j in v {
                if !object.same_shape(j, k) && !seen.iter().any(|&i| object.same_shape(i, j)) {
                    seen.push(j);
                }
            }
            seen.into_iter().map(rows_of).collect()
        };
        let n = object.layers.len();
        let other = |j: Option<usize>| j.filter(|&j| !object.same_shape(j, k)).map(rows_of);
        Around {
            above: distinct(&self.above),
            below: distinct(&self.below),
            next: other((k + 1 < n).then_some(k + 1)),
            previous: other(k.checked_sub(1)),
            all_solid: self.all_solid,
            last: k + 1 == n,
            first: k == 0,
            sparse_below: self.shifted.as_ref().map(|v| distinct(v)),
        }
    }
}

/// The layers that cover the top of layer `k` when all are there, and whether the print ends before.
fn reach_up(object: &Object, k: usize) -> (Vec<usize>, bool) {
    let s = object.settings;
    if s.top_solid_layers == 0 {
        return (Vec::new(), false);
    }
    let top = object.layers[k].z;
    let mut v = Vec::new();
    for j in k + 1.. {
        let counted = v.len() < s.top_solid_layers as usize;
        let thickness = object.layers[j - 1].z - top + object.layers[k].height;
        if !counted && thickness >= s.top_solid_min_thickness - 1e-9 {
            return (v, false);
        }
        if j == object.layers.len() {
            return (v, true);
        }
        v.push(j);
    }
    (v, false)
}

/// The layers that carry layer `k`, and whether the print begins before.
fn reach_down(object: &Object, k: usize) -> (Vec<usize>, bool) {
    let s = object.settings;
    if s.bottom_solid_layers == 0 {
        return (Vec::new(), false);
    }
    let mut v = Vec::new();
    for j in (0..k).rev() {
        let counted = v.len() < s.bottom_solid_layers as usize;
        if !counted && object.layers[k].z - object.layers[j].z >= s.bottom_solid_min_thickness - 1e-9 {
            return (v, false);
        }
        v.push(j);
    }
    let enough = v.len() >= s.bottom_solid_layers as usize
        && object.layers[k].z - object.layers[0].z + object.layers[0].height >= s.bottom_solid_min_thickness;
    (v, !enough)
}
