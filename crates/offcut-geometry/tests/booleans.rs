//! Booleans against winding numbers and against an independent engine.
#![allow(clippy::unwrap_used)]

mod common;

use clipper2_rust::{ClipType, FillRule, Paths64, area_paths, boolean_op_64, union_64};
use common::{blob, nearest, paths, soup};
use offcut_geometry::{Loops, Point, clip};
use proptest::prelude::*;

/// Area by Clipper2 in mm².
fn oracle_area(l: &Loops, rule: FillRule) -> f64 {
    area_paths(&union_64(&paths(l), &Paths64::new(), rule)) / 1e10
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn positive_region_is_where_loops_wind_positively(l in soup()) {
        let r = clip::positive(&l);
        let b = l.bbox();
        for (i, j) in (0..12).flat_map(|i| (0..12).map(move |j| (i, j))) {
            let at = |lo: i32, hi: i32, k: i32| lo + ((f64::from(hi) - f64::from(lo)) * (f64::from(k) + 0.37) / 12.0) as i32;
            let p = Point::new(at(b.min.x, b.max.x, i), at(b.min.y, b.max.y, j));
            // crossings are rounded to the grid
            if nearest(&l, p) > 4.0 {
                prop_assert_eq!(r.winding(p), i32::from(l.winding(p) > 0), "at {:?}", p);
            }
        }
        // valid: cleaning again changes nothing
        prop_assert!((clip::positive(&r).area_mm2() - r.area_mm2()).abs() < 1e-3);
    }

    /// Clipper2 is an oracle for smooth shapes; of loops that touch themselves it loses pieces.
    #[test]
    fn positive_region_has_the_oracles_area(l in proptest::collection::vec(blob(), 1..6)) {
        let l: Loops = l.into_iter().collect();
        let (r, want) = (clip::positive(&l).area_mm2(), oracle_area(&l, FillRule::Positive));
        prop_assert!((r - want).abs() < 1e-3, "{r} {want}");
    }

    #[test]
    fn booleans_add_up(a in soup(), b in soup()) {
        let (a, b) = (clip::positive(&a), clip::positive(&b));
        let (u, i) = (clip::union(&a, &b).area_mm2(), clip::intersection(&a, &b).area_mm2());
        let (d, e) = (clip::difference(&a, &b).area_mm2(), clip::difference(&b, &a).area_mm2());
        prop_assert!((u + i - a.area_mm2() - b.area_mm2()).abs() < 2e-3, "union {u} + intersection {i}");
        prop_assert!((d + i - a.area_mm2()).abs() < 2e-3);
        prop_assert!((e + i - b.area_mm2()).abs() < 2e-3);
        prop_assert!((clip::xor(&a, &b).area_mm2() - d - e).abs() < 2e-3);
    }
}

/// A boolean of our own and the rule for it by what holds in either set.
type Rule = (fn(&Loops, &Loops) -> Loops, fn(bool, bool) -> bool, ClipType);

const RULES: [Rule; 4] = [
    (clip::union, |a, b| a || b, ClipType::Union),
    (clip::intersection, |a, b| a && b, ClipType::Intersection),
    (clip::difference, |a, b| a && !b, ClipType::Difference),
    (clip::xor, |a, b| a != b, ClipType::Xor),
];

proptest! {
    #[test]
    fn booleans_hold_point_by_point(a in soup(), b in soup(), at in prop::collection::vec((-3_000_000i32..3_000_000, -3_000_000i32..3_000_000, 1i32..4), 40)) {
        let (a, b) = (clip::positive(&a), clip::positive(&b));
        for (op, holds, _) in RULES {
            let r = op(&a, &b);
            for &(x, y, shrink) in &at {
                let p = Point::new(x / shrink, y / shrink);
                if nearest(&a, p).min(nearest(&b, p)) > 4.0 {
                    prop_assert_eq!(r.winding(p), i32::from(holds(a.contains(p), b.contains(p))), "at {:?}", p);
                }
            }
        }
    }

    #[test]
    fn booleans_have_the_oracles_area(a in prop::collection::vec(blob(), 1..4), b in prop::collection::vec(blob(), 1..4)) {
        let [a, b]: [Loops; 2] = [a, b].map(|l| clip::positive(&l.into_iter().collect()));
        for (op, _, kind) in RULES {
            let want = area_paths(&boolean_op_64(kind, FillRule::NonZero, &paths(&a), &paths(&b))) / 1e10;
            let got = op(&a, &b).area_mm2();
            prop_assert!((got - want).abs() < 2e-3, "{kind:?}: {got} {want}");
        }
    }
}
