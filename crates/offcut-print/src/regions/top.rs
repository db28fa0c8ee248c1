//! One wall on top surfaces.
//!
//! In: the perimeters of an island, the outlines of the layers above and below. Out: the perimeters with
//! which only the external one bounds what the layer above leaves open; the inner ones go around what it
//! covers, so that its walls stand on walls.

use super::perimeters::{Scratch, Walls};
use super::spec::{LayerSpec, odd};
use crate::plan::BeadSet;
use offcut_geometry::offset::{Join, offset, opening};
use offcut_geometry::{Loops, clip, islands};

/// Open strips narrower than so many perimeters keep their walls, as OrcaSlicer's
/// `min_width_top_surface` has it.
const NARROW: f64 = 3.0;
/// Covered strips narrower than this hold nothing, mm.
const LEAST_MM: f64 = 0.1;

/// Takes inner perimeters off the top surfaces of an island. `None` when it has none. `above` and `below`
/// are the neighbouring layers' outlines, if there are such layers.
pub(super) fn one_wall(
    scratch: &mut Scratch,
    walls: &Walls,
    spec: &LayerSpec,
    above: Option<&Loops>,
    below: Option<&Loops>,
) -> Option<Walls> {
    if spec.perimeters < 2 {
        return None;
    }
    let set = &walls.perimeters;
    let mut first = Loops::new();
    for b in set.beads.iter().filter(|b| b.closed && b.depth == 0) {
        first.push(set.points_of(b));
    }
    // Inside of the external perimeter.
    let edge = offset(&first, -odd(spec.external.spacing / 2.0), Join::Miter);
    let mut top = match above {
        Some(above) => clip::difference(&edge, above),
        None => edge.clone(),
    };
    if let Some(below) = below.filter(|_| !top.is_empty()) {
        // What hangs in the air needs its walls.
        let air = opening(&clip::difference(&edge, below), odd(spec.perimeter.width / 2.0));
        if !air.is_empty() {
            top = clip::difference(&top, &offset(&air, odd(spec.perimeter.width), Join::Miter));
        }
    }
    let top = opening(&top, odd(NARROW * spec.perimeter.width / 2.0));
    if top.is_empty() {
        return None;
    }
    // The external perimeter and thin walls stay.
    let mut out = Walls::default();
    for b in set.beads.iter().filter(|b| b.depth == 0) {
        out.perimeters.push(set.points_of(b), *b);
    }
    let covered = clip::difference(&edge, &top);
    for piece in islands(&opening(&covered, odd(LEAST_MM / 2.0))) {
        // As if the external perimeter went around it.
        let around = offset(&piece.loops, odd(spec.external.spacing / 2.0), Join::Miter);
        let mut inner = Walls::default();
        scratch.careful(&around, 1, None, spec, &mut inner);
        append(&inner.perimeters, &mut out.perimeters);
        append(&inner.gaps, &mut out.gaps);
        out.infill.extend(&inner.infill);
    }
    let infill = offset(
        &top,
        -odd(spec.solid.spacing / 2.0 - spec.infill_overlap),
        Join::Miter,
    );
    out.infill.extend(&infill);
    Some(out)
}

fn append(more: &BeadSet, to: &mut BeadSet) {
    for b in &more.beads {
        to.push(more.points_of(b), *b);
    }
}
