//! Marching squares: from samples to closed rings.

use super::{Ring, Waterlines};

const NONE: u32 = u32::MAX;
/// A sample at most this much above the level counts as free, mm: floors at the level itself may be touched.
const LEVEL: f64 = 1e-9;

/// Sides of a cell.
#[derive(Clone, Copy)]
enum Side {
    Bottom,
    Right,
    Top,
    Left,
}
use Side::{Bottom, Left, Right, Top};

/// The ways through a cell by which of its corners are barred (1, 2, 4, 8 from the lower left one, counter-clockwise),
/// with the barred ones to the left. Of the two that have two ways, as if the middle were free.
const WAYS: [&[(Side, Side)]; 16] = [
    &[],
    &[(Bottom, Left)],
    &[(Right, Bottom)],
    &[(Right, Left)],
    &[(Top, Right)],
    &[(Bottom, Left), (Top, Right)],
    &[(Top, Bottom)],
    &[(Top, Left)],
    &[(Left, Top)],
    &[(Bottom, Top)],
    &[(Right, Bottom), (Left, Top)],
    &[(Right, Top)],
    &[(Left, Right)],
    &[(Bottom, Right)],
    &[(Left, Bottom)],
    &[],
];
/// The two with a barred middle.
const BARRED: [&[(Side, Side)]; 2] = [&[(Bottom, Right), (Top, Left)], &[(Left, Bottom), (Right, Top)]];

/// All rings at a height, their corners exact.
pub(super) fn rings(w: &Waterlines, z: f64) -> Vec<Ring> {
    let nx = w.size[0];
    let middle = |i: usize, j: usize| {
        let p = w.place(i, j);
        let mut hint = w.hints[j * nx + i];
        let at = [p[0] + 0.5 * w.step, p[1] + 0.5 * w.step];
        w.cutter.drop(at[0], at[1], z - 1.0, &mut hint).z > z + LEVEL
    };
    let barred = |i: usize, j: usize| w.heights[j * nx + i] > z + LEVEL;
    trace(w.size, barred, middle, |a, b| crossing(w, a, b, z))
        .into_iter()
        .map(|points| Ring { points })
        .collect()
}

/// Rings around the barred places of a grid, those to the left. `middle` is asked where the corners of a cell don't
/// tell; `between` gives the point between two neighbouring places, by their indices.
pub(crate) fn trace<P>(
    [nx, ny]: [usize; 2],
    barred: impl Fn(usize, usize) -> bool,
    middle: impl Fn(usize, usize) -> bool,
    between: impl Fn(usize, usize) -> P,
) -> Vec<Vec<P>> {
    let mut next = vec![NONE; 2 * nx * ny];
    let mut starts = Vec::new();
    // Lines along X have even numbers, those along Y odd ones.
    let number = |i: usize, j: usize, side: Side| -> u32 {
        (match side {
            Bottom => 2 * (j * nx + i),
            Top => 2 * ((j + 1) * nx + i),
            Left => 2 * (j * nx + i) + 1,
            Right => 2 * (j * nx + i + 1) + 1,
        }) as u32
    };
    for j in 0..ny - 1 {
        let (mut low, mut high) = (barred(0, j), barred(0, j + 1));
        for i in 0..nx - 1 {
            let (right, above) = (barred(i + 1, j), barred(i + 1, j + 1));
            let case =
                usize::from(low) + 2 * usize::from(right) + 4 * usize::from(above) + 8 * usize::from(high);
            (low, high) = (right, above);
            let mut ways = WAYS[case];
            if (case == 5 || case == 10) && middle(i, j) {
                ways = BARRED[case / 10];
            }
            for &(from, to) in ways {
                let from = number(i, j, from);
                next[from as usize] = number(i, j, to);
                starts.push(from);
            }
        }
    }
    let mut out = Vec::new();
    for start in starts {
        let mut points = Vec::new();
        let mut at = start;
        while next[at as usize] != NONE {
            let a = at as usize / 2;
            let b = if at.is_multiple_of(2) { a + 1 } else { a + nx };
            points.push(between(a, b));
            at = std::mem::replace(&mut next[at as usize], NONE);
        }
        if points.len() > 2 {
            out.push(points);
        }
    }
    out
}

/// Where the model begins on a line of the grid.
fn crossing(w: &Waterlines, a: usize, b: usize, z: f64) -> [f64; 3] {
    let nx = w.size[0];
    let (free, barred) = if w.heights[a] > w.heights[b] {
        (b, a)
    } else {
        (a, b)
    };
    let place = |n: usize| w.place(n % nx, n / nx);
    let p = w.crossing(place(free), place(barred), z, w.hints[barred]);
    [p[0], p[1], z]
}
