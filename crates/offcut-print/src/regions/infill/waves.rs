//! Trapezoid waves: lines that swing out by 45° in turn, so that two directions of them bound
//! squares and octagons.

use super::curves::{Bounds, Pen};

/// Draws the lines along x of a mesh with pitch `pitch` mm. At the crossings `i * pitch` line `j`
/// runs flat at `y = j * pitch ± swing / 2`, up where `i + j` is even; between them it changes
/// side at 45°. `vertical` draws the lines along y of the same mesh instead. |swing| ≤ pitch / 2.
pub(super) fn draw(bounds: &Bounds, pen: &mut Pen, pitch: f64, swing: f64, vertical: bool) {
    // Lines along y go through the middles between those along x, and swing the other way.
    let (bounds, half, swing) = if vertical {
        (bounds.swapped(), 0.5 * pitch, -swing)
    } else {
        (*bounds, 0.0, swing)
    };
    pen.swap(vertical);
    let flat = 0.5 * (pitch - swing.abs());
    let range = |(a, b): (f64, f64), off: f64| {
        (
            ((a - off) / pitch).floor() as i64 - 1,
            ((b - off) / pitch).ceil() as i64 + 1,
        )
    };
    let (i0, i1) = range(bounds.x, half);
    let (j0, j1) = range(bounds.y, half);
    for j in j0..=j1 {
        let y = half + j as f64 * pitch;
        if swing == 0.0 {
            pen.to(half + i0 as f64 * pitch, y);
            pen.to(half + i1 as f64 * pitch, y);
            pen.lift();
            continue;
        }
        for i in i0..=i1 {
            let x = half + i as f64 * pitch;
            let side = if (i + j) % 2 == 0 { 0.5 } else { -0.5 };
            pen.to(x - flat, y + side * swing);
            pen.to(x + flat, y + side * swing);
        }
        pen.lift();
    }
    pen.swap(false);
}
