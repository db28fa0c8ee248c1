//! How dense the lines of sparse infill are laid, so that they give the density asked for together with their links.
//!
//! In: the walls of all layers. Out: one figure for the object, as the lines of its layers have to meet.

use super::spec::LayerSpec;
use super::{Shape, fill_params, infill};
use crate::plan::Layer;
use offcut_geometry::{Polylines, UNITS_PER_MM};
use offcut_settings::PrintSettings;

/// So many layers of an object are filled to see what their lines and links come to.
const TRIED_LAYERS: usize = 8;
/// The density is right when they come so near to it.
const NEAR_DENSITY: f64 = 0.015;
/// Lines are laid so many times at most until it is.
const TRIED_DENSITIES: usize = 3;

/// The density of lines that gives the density asked for together with their links: estimated for the whole object,
/// then corrected by what some layers need. Small regions hold few lines, and where those happen to lie counts.
pub(super) fn of_lines(
    s: &PrintSettings,
    spec: &LayerSpec,
    layers: &[Layer],
    shapes: &[Shape],
    shape_of: &[u32],
) -> f64 {
    let asked = s.infill_density / 100.0;
    let params = fill_params(s, spec, asked);
    let n = shape_of.len();
    let inner = (s.bottom_solid_layers as usize).min(n)..n.saturating_sub(s.top_solid_layers as usize);
    // What is to be filled reaches as far as the perimeters' beads; links lie on these with a part of
    // their width.
    let beside = (spec.solid.spacing / 2.0 - spec.infill_overlap).max(0.0);
    let measure = |k: usize| {
        let walls = shapes[shape_of[k] as usize].islands.iter().map(|(_, w)| w);
        walls.fold((0.0, 0.0), |(area, wall), w| {
            let around = w.infill.perimeter() / UNITS_PER_MM;
            (area + w.infill.area_mm2() + beside * around, wall + around)
        })
    };
    let (area, wall) = inner
        .clone()
        .map(measure)
        .fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
    let share = (0.5 + beside / spec.sparse.spacing).min(1.0);
    let estimate = infill::density_before_links(s.infill_pattern, &params, area, share * wall);
    let count = TRIED_LAYERS.min(inner.len());
    let tried: Vec<usize> = (0..count)
        .map(|i| inner.start + inner.len() * (2 * i + 1) / (2 * count))
        .collect();
    let room: f64 = tried.iter().map(|&k| measure(k).0).sum();
    if asked <= 0.0 || room <= 0.0 {
        return estimate;
    }
    let mut scratch = infill::Scratch::default();
    let mut lines = Polylines::default();
    let mut length = |params: &infill::FillParams| {
        lines.clear();
        for &k in &tried {
            for (_, w) in &shapes[shape_of[k] as usize].islands {
                let area = infill::FillArea {
                    region: &w.infill,
                    layer: k as u32,
                    z: layers[k].z - layers[k].height / 2.0,
                };
                infill::fill(s.infill_pattern, &area, params, &mut scratch, &mut lines);
            }
        }
        lines.length() / UNITS_PER_MM
    };
    let (mut best, mut next) = ((f64::INFINITY, estimate), estimate);
    for _ in 0..TRIED_DENSITIES {
        let params = fill_params(s, spec, next);
        let all = length(&params);
        let alone = length(&infill::FillParams {
            anchor: 0.0,
            anchor_max: 0.0,
            ..params
        });
        let got = (alone + share * (all - alone).max(0.0)) * spec.sparse.spacing / room;
        let off = (got / asked - 1.0).abs();
        if off < best.0 {
            best = (off, next);
        }
        if off <= NEAR_DENSITY || got <= 0.0 {
            break;
        }
        next = (next * asked / got).clamp(0.6 * asked, (1.6 * asked).min(1.0));
    }
    best.1
}
