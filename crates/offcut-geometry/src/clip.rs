//! Booleans of polygon sets.
//!
//! In: loops that may cross and overlap. Out: valid polygon sets (outer loops counter-clockwise,
//! holes clockwise, no crossings).
//!
//! The winding walk does the work; what it finds degenerate goes to `i_overlay`, which is several
//! times slower but takes everything.

use crate::loops::Loops;
use crate::point::BBox;
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

/// The region where the loops wind at least `level` times. Loops from index `clips` on belong to the
/// second operand of `rule`. What the walk finds degenerate goes to the fallback, but only the groups of
/// loops that meet it.
fn region(set: &Loops, level: i32, clips: usize, rule: OverlayRule, fill: FillRule) -> Loops {
    let mut out = Loops::new();
    SCRATCH.with_borrow_mut(|(walker, _)| region_into(walker, set, level, clips, rule, fill, &mut out));
    out
}

/// As [`region`]; false when the fallback was needed.
fn region_into(
    walker: &mut Walker,
    set: &Loops,
    level: i32,
    clips: usize,
    rule: OverlayRule,
    fill: FillRule,
    out: &mut Loops,
) -> bool {
    if walker.region(set, level, out).is_ok() {
        return true;
    }
    let groups = touching_groups(set);
    let mut part = Loops::new();
    for group in &groups {
        part.clear();
        for &i in group {
            part.push(set.get(i as usize));
        }
        if groups.len() > 1 && walker.region(&part, level, out).is_ok() {
            continue;
        }
        let first_clip = group.partition_point(|&i| (i as usize) < clips);
        let mut clip = Loops::new();
        for i in first_clip..part.len() {
            clip.push(part.get(i));
        }
        part.points
            .truncate(first_clip.checked_sub(1).map_or(0, |i| part.ends[i] as usize));
        part.ends.truncate(first_clip);
        out.extend(&overlay(&part, &clip, rule, fill));
    }
    false
}

/// Groups of loops whose boxes touch, directly or over others; indices rise within each group.
fn touching_groups(set: &Loops) -> Vec<Vec<u32>> {
    let boxes: Vec<BBox> = set.iter().map(BBox::of).collect();
    let mut order: Vec<u32> = (0..boxes.len() as u32).collect();
    order.sort_unstable_by_key(|&i| (boxes[i as usize].min.x, i));
    let mut parent: Vec<u32> = (0..boxes.len() as u32).collect();
    fn root(parent: &mut [u32], mut i: u32) -> u32 {
        while parent[i as usize] != i {
            parent[i as usize] = parent[parent[i as usize] as usize];
            i = parent[i as usize];
        }
        i
    }
    let mut active: Vec<u32> = Vec::new();
    for &i in &order {
        active.retain(|&j| boxes[j as usize].max.x >= boxes[i as usize].min.x);
        for &j in &active {
            if boxes[j as usize].touches(&boxes[i as usize]) {
                let (a, b) = (root(&mut parent, i), root(&mut parent, j));
                parent[a.max(b) as usize] = a.min(b);
            }
        }
        active.push(i);
    }
    let mut group_of = vec![u32::MAX; boxes.len()];
    let mut groups: Vec<Vec<u32>> = Vec::new();
    for i in 0..boxes.len() as u32 {
        let r = root(&mut parent, i) as usize;
        if group_of[r] == u32::MAX {
            group_of[r] = groups.len() as u32;
            groups.push(Vec::new());
        }
        groups[group_of[r] as usize].push(i);
    }
    groups
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
    region(set, 1, set.len(), OverlayRule::Subject, FillRule::Positive)
}

/// As [`positive`], with the caller's working memory, appended to `out`. False when the walk found
/// the input degenerate, so that the walker knows nothing of its crossings.
pub fn positive_into(walker: &mut Walker, set: &Loops, out: &mut Loops) -> bool {
    region_into(
        walker,
        set,
        1,
        set.len(),
        OverlayRule::Subject,
        FillRule::Positive,
        out,
    )
}

/// The complement of the region of negative winding, its boundary turned around: what a set of
/// reversed and moved loops still covers. Used by outsets.
pub(crate) fn negative(walker: &mut Walker, set: &Loops, out: &mut Loops) {
    let turn_around = |out: &mut Loops, mark: usize| {
        for i in mark..out.len() {
            out.get_mut(i).reverse();
        }
    };
    let mark = out.len();
    if walker.region(set, 0, out).is_ok() {
        turn_around(out, mark);
        return;
    }
    for group in touching_groups(set) {
        let mut part = Loops::new();
        for i in group {
            part.push(set.get(i as usize));
        }
        let mark = out.len();
        if walker.region(&part, 0, out).is_ok() {
            turn_around(out, mark);
        } else {
            out.extend(&overlay(
                &part,
                &Loops::new(),
                OverlayRule::Subject,
                FillRule::Negative,
            ));
        }
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
        region(both, 1, a.len(), OverlayRule::Union, FillRule::NonZero)
    })
}

/// What lies in `a` and in `b`. Both must be valid polygon sets.
#[must_use]
pub fn intersection(a: &Loops, b: &Loops) -> Loops {
    if a.is_empty() || b.is_empty() || !a.bbox().touches(&b.bbox()) {
        return Loops::new();
    }
    joined(a, b, false, |both| {
        region(both, 2, a.len(), OverlayRule::Intersect, FillRule::NonZero)
    })
}

/// What lies in `a` but not in `b`. Both must be valid polygon sets.
#[must_use]
pub fn difference(a: &Loops, b: &Loops) -> Loops {
    if a.is_empty() || b.is_empty() || !a.bbox().touches(&b.bbox()) {
        return a.clone();
    }
    joined(a, b, true, |both| {
        region(both, 1, a.len(), OverlayRule::Difference, FillRule::NonZero)
    })
}

/// What lies in exactly one of both. Both must be valid polygon sets.
#[must_use]
pub fn xor(a: &Loops, b: &Loops) -> Loops {
    overlay(a, b, OverlayRule::Xor, FillRule::NonZero)
}
