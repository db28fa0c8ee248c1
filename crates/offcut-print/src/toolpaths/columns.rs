//! Lines of aligned seams up the whole object, before anything is planned.
//!
//! In: the outlines of all layers. Out: per layer and loop the place where its seam shall be. A line goes
//! from layer to layer to the nearest place, or to a corner beside it. Where one begins, the corners of the
//! loop are tried by looking ahead: the one that stays hidden the longest is taken.

use super::seam::{Below, FOLLOW, best_corners, corner_at, follow};
use super::walk::Seam;
use crate::plan::Layer;
use offcut_geometry::loops::area2;
use offcut_geometry::{BBox, Coord, Point};

/// Corners that are tried where a line begins.
const TRIED: usize = 4;
/// Every so many layers are looked at ahead, and so many times.
const STRIDE: usize = 4;
const LOOKS: usize = 12;
/// What a layer is worth in which the line goes on without a corner.
const GOES_ON: f64 = 0.1;

/// Where the seam of a loop shall be.
pub type SeamTarget = Below;

/// The seams of all layers, loop by loop of their outlines.
#[inline(never)]
pub fn columns(layers: &[Layer]) -> Vec<Vec<SeamTarget>> {
    let boxes: Vec<Vec<(BBox, bool)>> = layers
        .iter()
        .map(|l| l.outline.iter().map(|l| (BBox::of(l), area2(l) < 0)).collect())
        .collect();
    let mut out: Vec<Vec<SeamTarget>> = Vec::with_capacity(layers.len());
    for (k, layer) in layers.iter().enumerate() {
        let below = out.last().map_or(&[][..], |b| b);
        let mut now = Vec::with_capacity(layer.outline.len());
        for (points, &(bbox, hole)) in layer.outline.iter().zip(&boxes[k]) {
            if points.len() < 3 {
                continue;
            }
            let seam = follow(below, points, &bbox, hole)
                .unwrap_or_else(|| begin(layers, &boxes, k, points, &bbox, hole));
            now.push(SeamTarget {
                seam: seam.point,
                bbox,
                hole,
            });
        }
        out.push(now);
    }
    out
}

/// The corner of a loop above which the seam stays hidden the longest.
fn begin(
    layers: &[Layer],
    boxes: &[Vec<(BBox, bool)>],
    k: usize,
    points: &[Point],
    bbox: &BBox,
    hole: bool,
) -> Seam {
    let tried = best_corners(points, bbox, TRIED);
    let mut best = (f64::NEG_INFINITY, Seam::vertex(points, 0));
    for &(score, i) in &tried {
        let seam = Seam::vertex(points, i);
        let ahead = if tried.len() > 1 {
            look(layers, boxes, k, seam.point, hole)
        } else {
            0.0
        };
        if score + ahead > best.0 + 1e-9 {
            best = (score + ahead, seam);
        }
    }
    best.1
}

/// How well a line of seams upwards from a place is hidden.
fn look(layers: &[Layer], boxes: &[Vec<(BBox, bool)>], k: usize, from: Point, hole: bool) -> f64 {
    let mut at = from;
    let mut sum = 0.0;
    for k in (k + STRIDE..layers.len()).step_by(STRIDE).take(LOOKS) {
        let below = [SeamTarget {
            seam: at,
            bbox: BBox::of(&[at]),
            hole,
        }];
        let on = layers[k]
            .outline
            .iter()
            .zip(&boxes[k])
            .find_map(|(l, (bbox, h))| {
                let near = *h == hole && l.len() > 2 && bbox.grown(FOLLOW as Coord).contains(at);
                let seam = near.then(|| follow(&below, l, bbox, hole)).flatten()?;
                Some((seam, corner_at(l, seam)))
            });
        let Some((seam, score)) = on else { break };
        sum += GOES_ON + score;
        at = seam.point;
    }
    sum
}
