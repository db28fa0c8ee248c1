//! Level floors of a model, where roughing has a level of its own.
//!
//! In: a mesh, a tool over it. Out: the heights of floors that the tool's tip can stand on.

use crate::dropcutter::{DropCutter, Hint};
use offcut_mesh::Mesh;
use std::f64::consts::PI;

/// Facets whose corners differ by no more are level, mm.
const LEVEL: f32 = 1e-4;
/// Floors no farther apart are one, mm.
const ONE: f64 = 0.01;
/// So many facets of a floor are tried, the largest first.
const TRIED: usize = 64;
/// Places along a side of a facet.
const PLACES: u32 = 6;

/// A level facet.
struct Flat {
    z: f64,
    area: f64,
    corners: [[f32; 3]; 3],
}

/// The heights of level floors, falling, mm. Smaller ones than the tool, and those that it does not reach, are none.
pub(super) fn floors(mesh: &Mesh, cutter: &DropCutter<'_>) -> Vec<f64> {
    let mut flats: Vec<Flat> = mesh.triangles.iter().filter_map(flat).collect();
    flats.sort_by(|a, b| b.z.total_cmp(&a.z).then(b.area.total_cmp(&a.area)));
    let least = PI * cutter.profile().radius.powi(2);
    let mut out = Vec::new();
    for floor in flats.chunk_by_mut(|a, b| a.z - b.z <= ONE) {
        if floor.iter().map(|f| f.area).sum::<f64>() < least {
            continue;
        }
        floor.sort_by(|a, b| b.area.total_cmp(&a.area));
        let z = floor.iter().map(|f| f.z).fold(f64::MIN, f64::max);
        if floor.iter().take(TRIED).any(|f| stands(f, z, cutter)) {
            out.push(z);
        }
    }
    out
}

fn flat(t: &[[f32; 3]; 3]) -> Option<Flat> {
    let z = t.map(|p| p[2]);
    let (lo, hi) = (z[0].min(z[1]).min(z[2]), z[0].max(z[1]).max(z[2]));
    let [a, b, c] = t.map(|p| [f64::from(p[0]), f64::from(p[1])]);
    let area = 0.5 * ((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])).abs();
    (hi - lo <= LEVEL && area > 0.0).then(|| Flat {
        z: f64::from(hi),
        area,
        corners: *t,
    })
}

/// Whether the tip comes down to the floor at a height somewhere over a facet.
fn stands(f: &Flat, z: f64, cutter: &DropCutter<'_>) -> bool {
    let mut hint = Hint::default();
    (0..PLACES).any(|i| {
        (0..PLACES - i).any(|j| {
            let (u, v) = ((f64::from(i) + 0.3), (f64::from(j) + 0.3));
            let at = |k: usize| {
                let [a, b, c] = f.corners.map(|p| f64::from(p[k]));
                a + ((b - a) * u + (c - a) * v) / f64::from(PLACES)
            };
            cutter.drop(at(0), at(1), z - 1.0, &mut hint).z <= z + ONE
        })
    })
}
