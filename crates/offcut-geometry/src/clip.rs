//! Booleans of polygon sets.
//!
//! In: loops that may cross and overlap. Out: valid polygon sets (outer loops counter-clockwise,
//! holes clockwise, no crossings).
//!
//! The winding walk does the work; what it finds degenerate goes to `i_overlay`, which is several
//! times slower but takes everything.

use crate::loops::Loops;
use crate::winding::Walker;
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{Overlay, ShapeType};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::i_float::int::point::IntPoint;
use i_overlay::i_shape::flat::buffer::FlatContoursBuffer;
use std::cell::RefCell;

thread_local! {
    /// Scratch memory only: it never carries a value from one call to the next.
    static SCRATCH: RefCell<(Walker, Loops)> = RefCell::default();
}

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

/// The region where the loops wind at least `level` times, by the walk or else by `fallback`.
fn region(set: &Loops, level: i32, fallback: impl FnOnce() -> Loops) -> Loops {
    let mut out = Loops::new();
    let done = SCRATCH.with_borrow_mut(|(walker, _)| walker.region(set, level, &mut out).is_ok());
    if done { out } else { fallback() }
}

fn joined<R>(a: &Loops, b: &Loops, reverse_b: bool, f: impl FnOnce(&Loops) -> R) -> R {
    let mut both = SCRATCH.with_borrow_mut(|(_, l)| std::mem::take(l));
    both.clear();
    both.extend(a);
    let base = both.len();
    both.extend(b);
    if reverse_b {
        for i in base..both.len() {
            both.get_mut(i).reverse();
        }
    }
    let r = f(&both);
    SCRATCH.with_borrow_mut(|(_, l)| *l = both);
    r
}

/// The region of positive winding: unites overlaps, removes what is covered by reversed loops.
#[must_use]
pub fn positive(set: &Loops) -> Loops {
    region(set, 1, || {
        overlay(set, &Loops::new(), OverlayRule::Subject, FillRule::Positive)
    })
}

/// As [`positive`], with the caller's working memory, appended to `out`. False when the walk found
/// the input degenerate, so that the walker knows nothing of its crossings.
pub fn positive_into(walker: &mut Walker, set: &Loops, out: &mut Loops) -> bool {
    let walked = walker.region(set, 1, out).is_ok();
    if !walked {
        out.extend(&overlay(
            set,
            &Loops::new(),
            OverlayRule::Subject,
            FillRule::Positive,
        ));
    }
    walked
}

/// The complement of the region of negative winding, its boundary turned around: what a set of
/// reversed and moved loops still covers. Used by outsets.
pub(crate) fn negative(walker: &mut Walker, set: &Loops, out: &mut Loops) {
    let mark = out.len();
    if walker.region(set, 0, out).is_err() {
        out.extend(&overlay(
            set,
            &Loops::new(),
            OverlayRule::Subject,
            FillRule::Negative,
        ));
        return;
    }
    for i in mark..out.len() {
        out.get_mut(i).reverse();
    }
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
    if b.is_empty() {
        return a.clone();
    }
    if a.is_empty() {
        return b.clone();
    }
    joined(a, b, false, |both| {
        region(both, 1, || overlay(a, b, OverlayRule::Union, FillRule::NonZero))
    })
}

/// What lies in `a` and in `b`. Both must be valid polygon sets.
#[must_use]
pub fn intersection(a: &Loops, b: &Loops) -> Loops {
    if a.is_empty() || b.is_empty() || !a.bbox().touches(&b.bbox()) {
        return Loops::new();
    }
    joined(a, b, false, |both| {
        region(both, 2, || {
            overlay(a, b, OverlayRule::Intersect, FillRule::NonZero)
        })
    })
}

/// What lies in `a` but not in `b`. Both must be valid polygon sets.
#[must_use]
pub fn difference(a: &Loops, b: &Loops) -> Loops {
    if a.is_empty() || b.is_empty() || !a.bbox().touches(&b.bbox()) {
        return a.clone();
    }
    joined(a, b, true, |both| {
        region(both, 1, || {
            overlay(a, b, OverlayRule::Difference, FillRule::NonZero)
        })
    })
}

/// What lies in exactly one of both. Both must be valid polygon sets.
#[must_use]
pub fn xor(a: &Loops, b: &Loops) -> Loops {
    overlay(a, b, OverlayRule::Xor, FillRule::NonZero)
}
