//! The second pass: overhangs, shells, bridges and infill of the layers.

use super::perimeters::Walls;
use super::shells::{Around, Shells, find};
use super::spans::RowSpans;
use super::sparse::{take_common, take_small};
use super::spec::{LayerSpec, odd};
use super::surface::{self, Surfacer};
use super::window::Window;
use super::{Object, bridges, fill_params, hanging, infill, overhang, solid, top};
use crate::plan::{Bead, BeadSet, IslandPlan, LayerPlan};
use offcut_gcode::Role;
use offcut_geometry::offset::{Join, offset, opening};
use offcut_geometry::simplify::simplify;
use offcut_geometry::{Hatch, Island, Loops, Polylines, Rows, UNITS_PER_MM, clip, grid};
use offcut_settings::flow;
use std::ops::Range;

/// What is narrower than this share of two line distances is no surface of its own.
const SLIVER: f64 = 0.4;
/// Air on solid lines shorter than this, in all, is no reason to look for bridges, mm.
const LEAST_AIR_MM: f64 = 4.0;

/// Working memory; reuse it.
#[derive(Debug, Default)]
pub(crate) struct Filler {
    rows: Rows,
    pattern: infill::Scratch,
    lines: Polylines,
    surfacer: Surfacer,
}

impl Filler {
    /// Plans layer `k` of an object.
    pub(super) fn layer(&mut self, object: &Object, k: usize) -> LayerPlan {
        let (mut plan, mut regions) = self.around_sparse(object, k);
        if object.settings.infill_density <= 0.0 {
            return plan;
        }
        let spec = LayerSpec::new(object.settings, object.layers[k].height, k == 0);
        let layers = object.group_of(k);
        if layers.len() > 1 {
            let mut all: Vec<_> = layers
                .clone()
                .map(|j| {
                    if j == k {
                        std::mem::take(&mut regions)
                    } else {
                        self.around_sparse(object, j).1
                    }
                })
                .collect();
            let at_once = take_common(&mut all, spec.sparse.spacing);
            if k + 1 == layers.end {
                for (island, region) in plan.islands.iter_mut().zip(&at_once) {
                    self.sparse(object, &layers, &spec, region, &mut island.infill);
                }
            }
            regions = all.swap_remove(k - layers.start);
        }
        for (island, region) in plan.islands.iter_mut().zip(&regions) {
            self.sparse(object, &(k..k + 1), &spec, region, &mut island.infill);
        }
        plan
    }

    /// Sparse infill of some layers at once, printed in the last of them.
    fn sparse(
        &mut self,
        object: &Object,
        layers: &Range<usize>,
        spec: &LayerSpec,
        region: &Loops,
        out: &mut BeadSet,
    ) {
        if region.is_empty() {
            return;
        }
        let s = object.settings;
        let last = layers.end - 1;
        let (mut height, mut line, mut count) = (spec.height, spec.sparse, last);
        if layers.len() > 1 {
            height = object.layers[layers.clone()].iter().map(|l| l.height).sum();
            // The lines stay where they are in single layers, and carry what those would.
            line.width = flow::width_of_spacing(line.spacing, height);
            line.mm3_per_mm *= height / spec.height;
            count = object.groups.partition_point(|g| g.end < layers.end);
        }
        let area = infill::FillArea {
            region,
            layer: count as u32,
            z: object.layers[last].z - height / 2.0,
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
        let bead = Bead {
            height: height as f32,
            ..spec.bead(Role::SparseInfill, &line, false)
        };
        for l in self.lines.iter() {
            out.push(l, bead);
        }
    }

    /// Layer `k` of an object without its sparse infill, and where in every island that goes.
    fn around_sparse(&mut self, object: &Object, k: usize) -> (LayerPlan, Vec<Loops>) {
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
        let (islands, sparse) = shape
            .islands
            .iter()
            .map(|(island, walls)| {
                let one_wall = self.one_wall(object, k, walls, &spec);
                let walls = one_wall.as_ref().unwrap_or(walls);
                let mut perimeters = walls.perimeters.clone();
                if let Some(ground) = &ground {
                    overhang::mark(&mut perimeters, ground);
                }
                let mut plan = IslandPlan {
                    bbox: island.bbox,
                    outline: island.loops.clone(),
                    perimeters,
                    gaps: walls.gaps.clone(),
                    ..IslandPlan::default()
                };
                let mut sparse = Loops::new();
                if !walls.infill.is_empty() && !object.is_spiral(k) {
                    sparse = self.island(
                        object,
                        k,
                        &spec,
                        &hatch,
                        island,
                        &walls.infill,
                        &around,
                        &mut plan,
                    );
                }
                (plan, sparse)
            })
            .unzip();
        let plan = LayerPlan {
            z: layer.z,
            height: layer.height,
            spiral: object.is_spiral(k),
            islands,
            ..LayerPlan::default()
        };
        (plan, sparse)
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
        plan: &mut IslandPlan,
    ) -> Loops {
        let s = object.settings;
        let out = &mut plan.infill;
        let mut sparse = region.clone();
        let mut shells = Shells::default();
        let mut bridges = Vec::new();
        let mut areas = Loops::new();
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
                // Threads and sparse lines are both linked along their borders.
                let beside = offset(&b.region, odd(spec.sparse.spacing / 2.0), Join::Miter);
                sparse = clip::difference(&sparse, &beside);
                match b.angle {
                    Some(angle) => solid::threads(&b.region, angle, spec, &mut self.rows, out),
                    None => {
                        let scratch = &mut self.surfacer.walls;
                        hanging::perimeters(scratch, &b.region, region, spec, &mut plan.extra);
                    }
                }
            }
            areas = self.surfaces(object, (k, spec), hatch, region, (&fill, &shells), &bridges, out);
        }
        let small = take_small(&mut sparse, region, s);
        if !small.is_empty() || !shells.solid.is_empty() {
            let rows = &mut self.rows;
            let small = RowSpans::of(&small, hatch, rows);
            let parts = solid::Parts {
                shells: &shells,
                small: &small,
                bridges: &bridges,
                areas: &areas,
                region,
                sparse: &sparse,
            };
            solid::fill(&parts, spec, hatch, s, rows, out);
        }
        sparse
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
        let mut found = bridges::find(region, &island.loops, lower, object.settings.bridge_angle);
        if !object.settings.extra_perimeters_on_overhangs {
            found.retain(|b| b.angle.is_some());
        }
        found
    }

    /// The perimeters of an island with one wall on its top surfaces, where it has some.
    fn one_wall(&mut self, object: &Object, k: usize, walls: &Walls, spec: &LayerSpec) -> Option<Walls> {
        let s = object.settings;
        if !s.one_wall_on_top || s.top_solid_layers == 0 {
            return None;
        }
        let outline = |j: usize| object.layers.get(j).map(|l| &l.outline);
        let above = outline(k + 1);
        if above.is_some() && object.same_shape(k, k + 1) {
            return None;
        }
        let below = k.checked_sub(1).and_then(outline);
        top::one_wall(&mut self.surfacer.walls, walls, spec, above, below)
    }

    /// Surfaces that rows of solid lines don't make; returns the areas that they cover.
    #[allow(clippy::too_many_arguments)]
    fn surfaces(
        &mut self,
        object: &Object,
        (k, spec): (usize, &LayerSpec),
        hatch: &Hatch,
        region: &Loops,
        (fill, shells): (&RowSpans, &Shells),
        bridges: &[bridges::Bridge],
        out: &mut BeadSet,
    ) -> Loops {
        let s = object.settings;
        let mut areas = Loops::new();
        let bottom = if k == 0 { &shells.solid } else { &shells.air };
        for (pattern, rows, role) in [
            (s.top_surface_pattern, &shells.top, Role::TopSolidInfill),
            (s.bottom_surface_pattern, bottom, Role::SolidInfill),
        ] {
            if surface::in_rows(pattern) || rows.is_empty() {
                continue;
            }
            let mut area = surface::area_of(rows, fill, region, hatch, spec);
            for taken in bridges.iter().map(|b| &b.region).chain([&areas.clone()]) {
                area = clip::difference(&area, taken);
            }
            // Slivers stay with the rows beside.
            let area = opening(&area, odd(SLIVER * spec.solid.spacing));
            self.surfacer.fill(pattern, &area, role, object, (k, spec), out);
            areas.extend(&area);
        }
        areas
    }
}
