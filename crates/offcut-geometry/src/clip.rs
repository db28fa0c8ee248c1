//! Booleans of polygon sets.
//!
//! In: loops that may cross and overlap. Out: valid polygon sets (outer loops counter-clockwise,
//! holes clockwise, no crossings).

use crate::loops::Loops;
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{Overlay, ShapeType};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::i_float::int::point::IntPoint;
use i_overlay::i_shape::flat::buffer::FlatContoursBuffer;

fn overlay(subject: &Loops, clip: &Loops, rule: OverlayRule, fill: FillRule) -> Loops {
    let mut o = Overlay::<i32>::new(subject.points.len() + clip.points.len());
    for l in subject.iter() {
        o.add_path_iter(l.iter().map(|p| IntPoint::new(p.x, p.y)), ShapeType::Subject);
    }
    for l in clip.iter() {
        o.add_path_iter(l.iter().map(|p| IntPoint::new(p.x, p.y)), ShapeType::Clip);
    }
    let mut flat = FlatContoursBuffer::default();
    o.overlay_into(rule, fill, &mut flat);
    from_flat(&flat)
}

pub(crate) fn from_flat(flat: &FlatContoursBuffer<i32>) -> Loops {
    let mut out = Loops::new();
    for r in &flat.ranges {
        out.points
            .extend(flat.points[r.clone()].iter().map(|p| crate::Point::new(p.x, p.y)));
        out.close();
    }
    out
}

/// The region of positive winding: unites overlaps, removes what is covered by reversed loops.
#[must_use]
pub fn positive(set: &Loops) -> Loops {
    overlay(set, &Loops::new(), OverlayRule::Subject, FillRule::Positive)
}

/// The region of odd winding.
#[must_use]
pub fn even_odd(set: &Loops) -> Loops {
    overlay(set, &Loops::new(), OverlayRule::Subject, FillRule::EvenOdd)
}

/// The region of non-zero winding: reversed shells count as material.
#[must_use]
pub fn non_zero(set: &Loops) -> Loops {
    overlay(set, &Loops::new(), OverlayRule::Subject, FillRule::NonZero)
}

/// What lies in `a` or in `b`. Both must be valid polygon sets.
#[must_use]
pub fn union(a: &Loops, b: &Loops) -> Loops {
    overlay(a, b, OverlayRule::Union, FillRule::NonZero)
}

/// What lies in `a` and in `b`. Both must be valid polygon sets.
#[must_use]
pub fn intersection(a: &Loops, b: &Loops) -> Loops {
    if a.is_empty() || b.is_empty() || !a.bbox().touches(&b.bbox()) {
        return Loops::new();
    }
    overlay(a, b, OverlayRule::Intersect, FillRule::NonZero)
}

/// What lies in `a` but not in `b`. Both must be valid polygon sets.
#[must_use]
pub fn difference(a: &Loops, b: &Loops) -> Loops {
    if a.is_empty() || b.is_empty() || !a.bbox().touches(&b.bbox()) {
        return a.clone();
    }
    overlay(a, b, OverlayRule::Difference, FillRule::NonZero)
}

/// What lies in exactly one of both. Both must be valid polygon sets.
#[must_use]
pub fn xor(a: &Loops, b: &Loops) -> Loops {
    overlay(a, b, OverlayRule::Xor, FillRule::NonZero)
}
