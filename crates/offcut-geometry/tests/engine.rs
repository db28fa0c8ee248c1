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
        // The exact inset has round corners; sharp joins take no more from it than their own area.
        let exact = clipper2_rust::inflate_paths_64(
            &paths(&set), -f64::from(d), clipper2_rust::JoinType::Round, clipper2_rust::EndType::Polygon, 2.0, 50.0,
        );
        let exact = area_paths(&exact) / 1e10;
        let got = inset.area_mm2();
        prop_assert!(got < exact + 0.002 + 0.0005 * exact, "{got} {exact}");
        prop_assert!(exact - got < joins(&set, f64::from(d)) / 1e10 + 0.002 + 0.0005 * exact, "{got} {exact}");
    }

    #[test]
    fn outsets_cover(l in proptest::collection::vec(blob(), 1..6), d in 5_001i32..90_000) {
        let set = clip::positive(&l.into_iter().collect());
        let grown = offset(&set, d, Join::Round);
        // Everything nearer than d is covered, but for slivers where a notch is so sharp that rounding shows.
        let covered: Loops = clipper2_rust::inflate_paths_64(
            &paths(&set), f64::from(d - 300), clipper2_rust::JoinType::Round, clipper2_rust::EndType::Polygon, 2.0, 50.0,
        )
        .iter()
        .map(|r| r.iter().map(|p| Point::new(p.x as i32, p.y as i32)).collect::<Vec<_>>())
        .collect();
        prop_assert!(clip::difference(&covered, &grown).area_mm2() < 2e-3);
        for p in grown.points.iter().step_by(3) {
            let near = nearest(&set, *p);
            prop_assert!(near < f64::from(d) + 250.0, "{near} from the border, {d} asked");
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

/// The area between the sharp and the round joins of an inset by `d`, at the corners that open.
fn joins(set: &Loops, d: f64) -> f64 {
    let mut sum = 0.0;
    for l in set.iter() {
        let n = l.len();
        for i in 0..n {
            let (a, b) = (l[i] - l[(i + n - 1) % n], l[(i + 1) % n] - l[i]);
            let turn = (a.cross(b) as f64).atan2(a.dot(b) as f64);
            if turn < 0.0 {
                // A miter up to 120°; the square join beyond adds no more than that of 120°.
                let t = (-turn).min(std::f64::consts::TAU / 3.0);
                sum += d * d * ((t / 2.0).tan() - t / 2.0);
            }
        }
    }
    sum
}
