//! The upper side of a mesh as a field of heights.

use super::{Field, TILE};
use offcut_mesh::Mesh;

/// Raises the field's columns to the highest triangle over their centres.
pub(super) fn raster(field: &mut Field, mesh: &Mesh) {
    for t in &mesh.triangles {
        let [a, b, c] = t.map(|v| v.map(f64::from));
        let det = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
        if det == 0.0 {
            continue;
        }
        let range = |k: usize| {
            let lo = a[k].min(b[k]).min(c[k]);
            let hi = a[k].max(b[k]).max(c[k]);
            let index = |v: f64| (v - field.min[k]) / field.cell - 0.5;
            let last = (index(hi).floor() + 1.0).max(0.0) as usize;
            (index(lo).ceil().max(0.0) as usize)..last.min(field.size[k])
        };
        for j in range(1) {
            for i in range(0) {
                let [x, y] = field.center(i, j);
                let u = ((x - a[0]) * (c[1] - a[1]) - (y - a[1]) * (c[0] - a[0])) / det;
                let v = ((b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])) / det;
                if u >= -1e-12 && v >= -1e-12 && u + v <= 1.0 + 1e-12 {
                    let z = (a[2] + u * (b[2] - a[2]) + v * (c[2] - a[2])) as f32;
                    let tile = &mut field.data[(j / TILE) * field.tiles[0] + i / TILE];
                    let h = &mut tile.heights[(j % TILE) * TILE + i % TILE];
                    *h = h.max(z);
                }
            }
        }
    }
    field.refresh();
}
