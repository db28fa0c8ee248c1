//! Where a layer hangs over the one below.
//!
//! In: the outlines of two layers and their rasters. Out: the samples of the upper layer that need
//! support. A sample that the upper layer covers and the lower one does not lies on a step; the
//! step's width is its distance to the lower material plus its distance to the upper outline, so
//! every sample tells the local slope, wherever it happens to lie on the step.

use super::raster::{Bits, Frame, near};
use offcut_geometry::loops::{area2, edges, winding};
use offcut_geometry::{BBox, Coord, Loops, Point};

/// A layer as the detection needs it.
#[derive(Clone, Copy)]
pub struct Slice<'a> {
    /// Its outline.
    pub outline: &'a Loops,
    /// The samples inside the outline.
    pub inside: &'a Bits,
}

/// What hangs over in one layer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Overhang {
    /// Samples on steps wider than allowed.
    pub steps: Bits,
    /// Samples of islands that begin in the air, however small.
    pub islands: Bits,
}

/// Memory that is reused from layer to layer.
#[derive(Default)]
pub struct Scratch {
    distance: Vec<f64>,
}

/// The samples of `upper` that lie on steps wider than `reach`, and those of islands without any
/// contact to `lower`.
pub fn overhang(
    frame: &Frame,
    lower: Slice<'_>,
    upper: Slice<'_>,
    reach: Coord,
    scratch: &mut Scratch,
) -> Overhang {
    let mut steps = upper.inside.clone();
    steps.and_not(lower.inside);
    steps.trim();
    if reach > 0 && !steps.is_empty() {
        let d = &mut scratch.distance;
        d.resize(frame.width * frame.height, 0.0);
        let mut close = Bits::empty(frame);
        near(frame, lower.outline, reach, &steps, |x, y, dist| {
            let v = &mut d[y * frame.width + x];
            if close.get(x, y) {
                *v = v.min(dist);
            } else {
                *v = dist;
                close.set(x, y);
            }
        });
        let mut gentle = Bits::empty(frame);
        near(frame, upper.outline, reach, &close, |x, y, dist| {
            if d[y * frame.width + x] + dist <= f64::from(reach) {
                gentle.set(x, y);
            }
        });
        steps.and_not(&gentle);
        steps.trim();
    }
    Overhang {
        steps,
        islands: floating(frame, lower, upper),
    }
}

/// Islands of `upper` that touch nothing of `lower`, as the samples in and around them.
fn floating(frame: &Frame, lower: Slice<'_>, upper: Slice<'_>) -> Bits {
    let mut out = Bits::empty(frame);
    let lower_boxes: Vec<BBox> = lower.outline.iter().map(BBox::of).collect();
    for l in upper.outline.iter() {
        if area2(l) <= 0 || l.iter().any(|&p| near_material(frame, lower.inside, p)) {
            continue;
        }
        let b = BBox::of(l);
        let near: Vec<usize> = (0..lower_boxes.len())
            .filter(|&i| lower_boxes[i].touches(&b))
            .collect();
        let touches = lower.outline.winding(l[0]) > 0
            || near.iter().any(|&i| {
                let m = lower.outline.get(i);
                m.iter().any(|&p| b.contains(p) && winding(l, p) != 0) || cross(l, m)
            });
        if !touches {
            for &p in l {
                let (x, y) = frame.nearest(p);
                out.set(x, y);
            }
        }
    }
    out
}

/// True when one of the four samples around `p` is set.
fn near_material(frame: &Frame, inside: &Bits, p: Point) -> bool {
    let half = Point::new(frame.step / 2, frame.step / 2);
    let (x, y) = frame.nearest(p - half);
    inside.chunk(x, y, 2) != 0 || inside.chunk(x, y + 1, 2) != 0
}

/// True when an edge of one loop properly crosses one of the other.
fn cross(l: &[Point], m: &[Point]) -> bool {
    let side = offcut_geometry::point::orient;
    edges(l).any(|(a, b)| {
        let e = BBox::of(&[a, b]);
        edges(m).any(|(c, d)| {
            e.touches(&BBox::of(&[c, d]))
                && (side(a, b, c) > 0) != (side(a, b, d) > 0)
                && (side(c, d, a) > 0) != (side(c, d, b) > 0)
        })
    })
}

/// Removes overhangs too small to matter: of the steps of layer `k` only that stays which lies in or
/// beside a square of `n` samples that the steps of the layers around it (`window`) fill together.
/// So a lip narrower than a line, which its neighbours carry, gets no support, but a slope of
/// narrow steps does.
pub fn significant(frame: &Frame, all: &[Overhang], k: usize, window: usize, n: usize) -> Bits {
    let own = &all[k];
    let mut keep = own.steps.clone();
    if !keep.is_empty() {
        let mut seen = keep.clone();
        for (m, o) in all
            .iter()
            .enumerate()
            .take(k + window + 1)
            .skip(k.saturating_sub(window))
        {
            if m != k {
                seen.or(&o.steps);
            }
        }
        keep.and(&seen.opened(n).grown(frame, 2));
    }
    keep.or(&own.islands);
    keep
}
