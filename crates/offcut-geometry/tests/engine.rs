//! The winding walk against an independent engine and against winding numbers.
#![allow(clippy::unwrap_used)]

use clipper2_rust::{FillRule, Path64, Paths64, Point64, area_paths, union_64};
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::{Loops, Point, clip};
use proptest::prelude::*;

fn paths(l: &Loops) -> Paths64 {
    l.iter()
        .map(|r| {
            r.iter()
                .map(|p| Point64::new(i64::from(p.x), i64::from(p.y)))
                .collect::<Path64>()
        })
        .collect()
}

/// Area by Clipper2 in mm².
fn oracle_area(l: &Loops, rule: FillRule) -> f64 {
    area_paths(&union_64(&paths(l), &Paths64::new(), rule)) / 1e10
}

fn blob() -> impl Strategy<Value = Vec<Point>> {
    (
        3usize..40,
        -3_000_000i32..3_000_000,
        -3_000_000i32..3_000_000,
        any::<bool>(),
    )
        .prop_flat_map(|(n, cx, cy, hole)| {
            proptest::collection::vec(200_000.0f64..1_800_000.0, n).prop_map(move |r| {
                let mut v: Vec<Point> = r
                    .iter()
                    .enumerate()
                    .map(|(i, r)| {
                        let a = i as f64 / n as f64 * std::f64::consts::TAU;
                        Point::new(cx + (r * a.cos()) as i32, cy + (r * a.sin()) as i32)
                    })
                    .collect();
                if hole {
                    v.reverse();
                }
                v
            })
        })
}

fn scribble() -> impl Strategy<Value = Vec<Point>> {
    proptest::collection::vec((-20i32..20, -20i32..20), 3..16).prop_map(|v| {
        v.into_iter()
            .map(|(x, y)| Point::new(x * 50_000, y * 50_000))
            .collect()
    })
}

fn soup() -> impl Strategy<Value = Loops> {
    prop_oneof![
        proptest::collection::vec(blob(), 1..6).prop_map(|v| v.into_iter().collect::<Loops>()),
        proptest::collection::vec(scribble(), 1..3).prop_map(|v| v.into_iter().collect::<Loops>()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn positive_region_has_the_oracles_area(l in soup()) {
        let r = clip::positive(&l);
        prop_assert!((r.area_mm2() - oracle_area(&l, FillRule::Positive)).abs() < 1e-3);
        // valid: cleaning again changes nothing
        prop_assert!((oracle_area(&r, FillRule::NonZero) - r.area_mm2()).abs() < 1e-3);
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

    #[test]
    fn insets_keep_their_distance(l in soup(), d in 5_001i32..90_000) {
        let set = clip::positive(&l);
        let inset = offset(&set, -d, Join::Miter);
        prop_assert!(inset.area2() <= set.area2());
        for p in inset.points.iter().step_by(3) {
            prop_assert!(set.contains(*p));
            let near = nearest(&set, *p);
            prop_assert!(near > f64::from(d) - 4.0, "a corner is {near} from the border, {d} asked");
        }
        // nothing that is farther than d from the border is lost: the oracle has no larger inset
        let oracle = clipper2_rust::inflate_paths_64(
            &paths(&set), -f64::from(d), clipper2_rust::JoinType::Miter, clipper2_rust::EndType::Polygon, 2.0, 0.0,
        );
        let want = area_paths(&oracle) / 1e10;
        prop_assert!((inset.area_mm2() - want).abs() < 0.01 + 0.002 * want, "{} {want}", inset.area_mm2());
    }

    #[test]
    fn outsets_cover(l in soup(), d in 5_001i32..90_000) {
        let set = clip::positive(&l);
        let grown = offset(&set, d, Join::Round);
        prop_assert!((clip::difference(&set, &grown).area_mm2()).abs() < 1e-3);
        for p in grown.points.iter().step_by(3) {
            let near = nearest(&set, *p);
            prop_assert!((near - f64::from(d)).abs() < 250.0, "{near} from the border, {d} asked");
        }
    }
}

fn nearest(set: &Loops, p: Point) -> f64 {
    set.iter()
        .flat_map(offcut_geometry::loops::edges)
        .map(|(a, b)| offcut_geometry::point::nearest_on_segment(p, a, b).1)
        .fold(f64::MAX, f64::min)
        .sqrt()
}
