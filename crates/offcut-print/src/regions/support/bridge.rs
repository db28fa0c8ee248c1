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

fn spanned(frame: &Frame, region: &Bits, inside: &Bits) -> Bits {
    let total = region.count();
    let mut best = (Bits::empty(frame), 0);
    for d in 0..DIRECTIONS {
        let a = d as f64 / DIRECTIONS as f64 * std::f64::consts::PI;
        let covered = spanned_along(frame, region, inside, libm::cos(a), libm::sin(a));
        let n = covered.count();
        if n > best.1 {
            best = (covered, n);
        }
    }
    if best.1 as f64 >= MIN_SPANNED * total as f64 {
        best.0
    } else {
        Bits::empty(frame)
    }
}

/// The samples of runs along (dx, dy) that have an anchor at both ends. The lines of one direction
/// pass every sample exactly once.
fn spanned_along(frame: &Frame, region: &Bits, inside: &Bits, dx: f64, dy: f64) -> Bits {
    let mut out = Bits::empty(frame);
    let flat = dx.abs() >= dy.abs();
    let slope = if flat { dy / dx } else { dx / dy };
    let (x0, x1, y0, y1) = extent(region);
    // Along the major axis u, across it v; one sample further on both ends for the anchors.
    let ((u0, u1), (v0, v1)) = if flat {
        ((x0, x1), (y0, y1))
    } else {
        ((y0, y1), (x0, x1))
    };
    let (u0, u1) = (u0 - 1, u1 + 1);
    let shift = |u: i64| (slope * (u - u0) as f64).round() as i64;
    let (s0, s1) = (shift(u1).min(0), shift(u1).max(0));
    let at = |b: &Bits, u: i64, v: i64| {
        let (x, y) = if flat { (u, v) } else { (v, u) };
        b.get(x as usize, y as usize)
    };
    for line in v0 - s1..=v1 - s0 {
        let mut start = None;
        let mut anchored = false;
        for u in u0..=u1 {
            let v = line + shift(u);
            if at(region, u, v) {
                if start.is_none() && anchored {
                    start = Some(u);
                }
                anchored = false;
            } else {
                anchored = at(inside, u, v);
                if let (Some(s), true) = (start.take(), anchored) {
                    for u in s..u {
                        let v = line + shift(u);
                        let (x, y) = if flat { (u, v) } else { (v, u) };
                        out.set(x as usize, y as usize);
                    }
                }
            }
        }
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
