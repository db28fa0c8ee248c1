//! The layers around one that decide what of it is solid.
//!
//! In: an object and one of its layers. Out: the rows of the layers within the reach of its shells.

use super::Object;
use super::shells::Around;
use super::spans::RowSpans;

/// The layers within the shells' reach of a layer.
pub(super) struct Window {
    above: Vec<usize>,
    below: Vec<usize>,
    /// The same for the layer below.
    shifted: Option<Vec<usize>>,
    /// Every layer named above, once.
    pub(super) layers: Vec<usize>,
    all_solid: bool,
}

impl Window {
    pub(super) fn new(object: &Object, k: usize) -> Self {
        let s = object.settings;
        let (above, top_open) = reach_up(object, k);
        let (below, bottom_open) = reach_down(object, k);
        let every = s.solid_infill_every_layers as usize;
        let all_solid = s.infill_density >= 100.0
            || top_open
            || bottom_open
            || (every > 0 && k.is_multiple_of(every) && s.infill_density > 0.0);
        let shifted = (k > 0 && s.infill_density < 100.0)
            .then(|| {
                let (up, top_open) = reach_up(object, k - 1);
                let (down, bottom_open) = reach_down(object, k - 1);
                let whole = every > 0 && (k - 1).is_multiple_of(every);
                (!top_open && !bottom_open && !whole).then(|| {
                    let mut v = up;
                    v.extend(down);
                    v.push(k - 1);
                    v
                })
            })
            .flatten();
        let mut layers: Vec<usize> = above.iter().chain(&below).copied().collect();
        layers.extend(shifted.iter().flatten());
        layers.extend(k.checked_sub(1));
        layers.extend((k + 1 < object.layers.len()).then_some(k + 1));
        layers.sort_unstable();
        layers.dedup();
        Self {
            above,
            below,
            shifted,
            layers,
            all_solid,
        }
    }

    pub(super) fn around<'a>(
        &self,
        object: &Object,
        k: usize,
        rows_of: &impl Fn(usize) -> &'a RowSpans,
    ) -> Around<'a> {
        // Layers of one shape need to be looked at once, those of our own not at all.
        let distinct = |v: &[usize]| -> Vec<&'a RowSpans> {
            let mut seen: Vec<usize> = Vec::new();
            for &j in v {
                if !object.same_shape(j, k) && !seen.iter().any(|&i| object.same_shape(i, j)) {
                    seen.push(j);
                }
            }
            seen.into_iter().map(rows_of).collect()
        };
        let n = object.layers.len();
        let other = |j: Option<usize>| j.filter(|&j| !object.same_shape(j, k)).map(rows_of);
        Around {
            above: distinct(&self.above),
            below: distinct(&self.below),
            next: other((k + 1 < n).then_some(k + 1)),
            previous: other(k.checked_sub(1)),
            all_solid: self.all_solid,
            last: k + 1 == n || object.is_spiral(k + 1),
            first: k == 0,
            sparse_below: self.shifted.as_ref().map(|v| distinct(v)),
        }
    }
}

/// The layers that cover the top of layer `k` when all are there, and whether the print ends before.
fn reach_up(object: &Object, k: usize) -> (Vec<usize>, bool) {
    let s = object.settings;
    if s.top_solid_layers == 0 {
        return (Vec::new(), false);
    }
    let top = object.layers[k].z;
    let mut v = Vec::new();
    for j in k + 1.. {
        let counted = v.len() < s.top_solid_layers as usize;
        let thickness = object.layers[j - 1].z - top + object.layers[k].height;
        if !counted && thickness >= s.top_solid_min_thickness - 1e-9 {
            return (v, false);
        }
        if j == object.layers.len() {
            return (v, true);
        }
        v.push(j);
    }
    (v, false)
}

/// The layers that carry layer `k`, and whether the print begins before.
fn reach_down(object: &Object, k: usize) -> (Vec<usize>, bool) {
    let s = object.settings;
    if s.bottom_solid_layers == 0 {
        return (Vec::new(), false);
    }
    let mut v = Vec::new();
    for j in (0..k).rev() {
        let counted = v.len() < s.bottom_solid_layers as usize;
        if !counted && object.layers[k].z - object.layers[j].z >= s.bottom_solid_min_thickness - 1e-9 {
            return (v, false);
        }
        v.push(j);
    }
    let enough = v.len() >= s.bottom_solid_layers as usize
        && object.layers[k].z - object.layers[0].z + object.layers[0].height >= s.bottom_solid_min_thickness;
    (v, !enough)
}
