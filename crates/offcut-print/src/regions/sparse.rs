//! What of the sparse regions is printed otherwise: together with other layers, or solid.

use super::spec::odd;
use offcut_geometry::offset::{Join, offset, opening};
use offcut_geometry::simplify::simplify;
use offcut_geometry::{Loops, clip, grid, islands};
use offcut_settings::PrintSettings;

/// Takes out of the sparse regions of some layers, by layer and island, what they have in common;
/// returns it by island of the last layer. `spacing` is the distance of lines, mm.
pub(super) fn take_common(sparse: &mut [Vec<Loops>], spacing: f64) -> Vec<Loops> {
    let Some((last, lower)) = sparse.split_last_mut() else {
        return Vec::new();
    };
    let mut all = Loops::new();
    let common: Vec<Loops> = last
        .iter()
        .map(|island| {
            let mut common = island.clone();
            for layer in lower.iter() {
                let mut below = Loops::new();
                for l in layer {
                    below.extend(l);
                }
                common = clip::intersection(&common, &below);
            }
            let common = simplify(&opening(&common, odd(spacing)), 2_000.0);
            all.extend(&common);
            common
        })
        .collect();
    if !all.is_empty() {
        // What is left beside keeps a line's distance; strips narrower than a line are left out.
        let taken = offset(&all, odd(spacing), Join::Miter);
        for island in sparse.iter_mut().flatten() {
            *island = opening(&clip::difference(island, &taken), odd(spacing / 2.0));
        }
    }
    common
}

/// Takes islands out of `sparse` that are too small to be sparse, and returns them. `region` is where infill
/// lines may run.
pub(super) fn take_small(sparse: &mut Loops, region: &Loops, s: &PrintSettings) -> Loops {
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
    // A little larger, so that its lines meet the solid ones around, but not over the perimeters.
    if small.is_empty() {
        small
    } else {
        clip::intersection(&offset(&small, grid(0.15) | 1, Join::Miter), region)
    }
}
