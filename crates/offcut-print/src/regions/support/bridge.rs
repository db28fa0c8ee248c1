//! Overhangs that can be bridged.
//!
//! In: the overhanging samples of a layer. Out: those that straight threads span from material to
//! material, so that they need no support.

use super::raster::{Bits, Frame};

/// Directions tried over half a turn.
const DIRECTIONS: usize = 16;
/// A region counts as a bridge when at least this share of it is spanned in one direction.
const MIN_SPANNED: f64 = 0.8;
/// Regions of fewer samples are left to the filter of small overhangs.
const MIN_SAMPLES: usize = 12;

/// The samples of `steps` that are bridged: spanned, in the one direction that serves most of their
/// region, between samples of the layer (`inside`) that rest on something.
pub fn bridged(frame: &Frame, steps: &Bits, inside: &Bits) -> Bits {
    let mut out = Bits::empty(frame);
    // Narrow steps are slopes, not bridges.
    let wide = steps.opened(3);
    if wide.is_empty() {
        return out;
    }
    let mut rest = steps.clone();
    let mut stack = Vec::new();
    wide.for_each(|x, y| {
        if !rest.get(x, y) {
            return;
        }
        let region = take_region(frame, &mut rest, &mut stack, x, y);
        if region.count() >= MIN_SAMPLES {
            out.or(&spanned(frame, &region, inside));
        }
    });
    out
}

/// Moves the connected samples around (x, y) out of `rest`.
fn take_region(frame: &Frame, rest: &mut Bits, stack: &mut Vec<(usize, usize)>, x: usize, y: usize) -> Bits {
    let mut region = Bits::empty(frame);
    stack.push((x, y));
    while let Some((x, y)) = stack.pop() {
        if !rest.get(x, y) {
            continue;
        }
        rest.clear(x, y);
        region.set(x, y);
        for (x, y) in [
            (x + 1, y),
            (x.wrapping_sub(1), y),
            (x, y + 1),
            (x, y.wrapping_sub(1)),
        ] {
            if rest.get(x, y) {
                stack.push((x, y));
            }
        }
    }
    region
}

/// A sample's part in the question.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cell {
    Air,
    Region,
    Anchor,
}

/// The samples around a region, one cell each.
struct Window {
    x0: i64,
    y0: i64,
    width: i64,
    height: i64,
    cells: Vec<Cell>,
}

impl Window {
    fn new(region: &Bits, inside: &Bits) -> Self {
        let (x0, x1, y0, y1) = extent(region);
        let mut w = Self {
            x0: x0 - 1,
            y0: y0 - 1,
            width: x1 - x0 + 3,
            height: y1 - y0 + 3,
            cells: Vec::new(),
        };
        w.cells.reserve((w.width * w.height) as usize);
        for y in w.y0..w.y0 + w.height {
            for x in w.x0..w.x0 + w.width {
                let (x, y) = (x as usize, y as usize);
                w.cells.push(if region.get(x, y) {
                    Cell::Region
                } else if inside.get(x, y) {
                    Cell::Anchor
                } else {
                    Cell::Air
                });
            }
        }
        w
    }

    /// The runs along (dx, dy) that have an anchor at both ends, as (x, y) lists; `None` when more
    /// than `missed` samples are in runs that have not. The lines of one direction pass every
    /// sample exactly once.
    fn spanned(&self, dx: f64, dy: f64, mut missed: i64) -> Option<Vec<(usize, usize)>> {
        let mut out = Vec::new();
        let flat = dx.abs() >= dy.abs();
        let slope = if flat { dy / dx } else { dx / dy };
        // Along the major axis u, across it v.
        let (length, across) = if flat {
            (self.width, self.height)
        } else {
            (self.height, self.width)
        };
        let shifts: Vec<i64> = (0..length).map(|u| (slope * u as f64).round() as i64).collect();
        let last = shifts.last().copied().unwrap_or(0);
        let place = |u: i64, v: i64| if flat { (u, v) } else { (v, u) };
        for line in -last.max(0)..across - last.min(0) {
            let mut run = 0i64;
            let mut anchored = false;
            for (u, shift) in (0..length).zip(&shifts) {
                let v = line + shift;
                let cell = if (0..across).contains(&v) {
                    let (x, y) = place(u, v);
                    self.cells[(y * self.width + x) as usize]
                } else {
                    Cell::Air
                };
                if cell == Cell::Region {
                    run += 1;
                    continue;
                }
                if run > 0 {
                    if anchored && cell == Cell::Anchor {
                        for u in u - run..u {
                            let (x, y) = place(u, line + shifts[u as usize]);
                            out.push(((self.x0 + x) as usize, (self.y0 + y) as usize));
                        }
                    } else {
                        missed -= run;
                        if missed < 0 {
                            return None;
                        }
                    }
                    run = 0;
                }
                anchored = cell == Cell::Anchor;
            }
        }
        Some(out)
    }
}

/// The spanned samples of the best direction, if that makes a bridge.
fn spanned(frame: &Frame, region: &Bits, inside: &Bits) -> Bits {
    let total = region.count() as i64;
    let window = Window::new(region, inside);
    let mut missed = ((1.0 - MIN_SPANNED) * total as f64) as i64;
    let mut best = Vec::new();
    for d in 0..DIRECTIONS {
        let a = d as f64 / DIRECTIONS as f64 * std::f64::consts::PI;
        if let Some(runs) = window.spanned(libm::cos(a), libm::sin(a), missed) {
            missed = total - runs.len() as i64 - 1;
            best = runs;
            if missed < 0 {
                break;
            }
        }
    }
    let mut out = Bits::empty(frame);
    for (x, y) in best {
        out.set(x, y);
    }
    out
}

/// First and last column and row that hold a bit.
fn extent(b: &Bits) -> (i64, i64, i64, i64) {
    let (mut x0, mut x1) = (usize::MAX, 0);
    let (mut y0, mut y1) = (usize::MAX, 0);
    b.for_each(|x, y| {
        (x0, x1) = (x0.min(x), x1.max(x));
        (y0, y1) = (y0.min(y), y1.max(y));
    });
    (x0 as i64, x1 as i64, y0 as i64, y1 as i64)
}
