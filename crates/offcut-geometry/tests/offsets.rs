//! Offsets against their definition, point by point.
#![allow(clippy::unwrap_used)]

mod common;

use common::{nearest, outline, soup};
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::{Loops, Point, clip};
use proptest::prelude::*;

/// Raw offsets, crossings and slivers are each rounded to the grid by up to a few units.
const ROUNDING: f64 = 4.0;
/// Round joins are chords within 2 µm of the arc.
const CHORD: f64 = 200.0;

/// How far `p` lies inside of what sharp joins take: positive inside of one, negative outside of all.
/// `side` is 1 where the set shrinks and -1 where it grows.
fn sharp_joins(set: &Loops, p: Point, d: f64, side: f64) -> f64 {
    let mut deepest = f64::MIN;
    for l in set.iter() {
        let mut l: Vec<Point> = l.to_vec();
        l.dedup();
        while l.len() > 1 && l.first() == l.last() {
            l.pop();
        }
        let n = l.len();
        for i in 0..n {
            let unit = |a: Point, b: Point| {
                let v = b - a;
                (f64::from(v.x) / v.norm(), f64::from(v.y) / v.norm())
            };
            let (v, b, a) = (l[i], unit(l[(i + n - 1) % n], l[i]), unit(l[i], l[(i + 1) % n]));
            if (b.0 * a.1 - b.1 * a.0) * side >= 0.0 {
                continue;
            }
            let q = (f64::from(p.x - v.x), f64::from(p.y - v.y));
            let along = |u: (f64, f64)| q.0 * u.0 + q.1 * u.1;
            let above = |u: (f64, f64)| (q.1 * u.0 - q.0 * u.1) * side;
            let mut inside = along(b).min(-along(a)).min(d - above(b)).min(d - above(a));
            if b.0 * a.0 + b.1 * a.1 <= -7.0 / 9.0 {
                // Beyond 141° the corner is cut square, across the bisector, at the distance itself.
                let bisector = (b.0 - a.0, b.1 - a.1);
                let length = bisector.0.hypot(bisector.1);
                inside = inside.min(d - along((bisector.0 / length, bisector.1 / length)));
            }
            deepest = deepest.max(inside);
        }
    }
    deepest
}

/// Where to look: an edge or corner, how far along and how far from it, as a share of the distance or at it.
type Pick = (prop::sample::Index, f64, f64, Option<i8>);

fn picks() -> impl Strategy<Value = Vec<Pick>> {
    let near_the_border = prop_oneof![Just(None), (-1i8..=1).prop_map(Some)];
    prop::collection::vec(
        (
            any::<prop::sample::Index>(),
            -0.5f64..1.5,
            -2.5f64..2.5,
            near_the_border,
        ),
        48,
    )
}

fn place(set: &Loops, d: f64, (edge, along, beside, at): &Pick) -> Point {
    let edges: Vec<(Point, Point)> = set.iter().flat_map(offcut_geometry::loops::edges).collect();
    let (a, b) = edges[edge.index(edges.len())];
    let beside = at.map_or(beside * d, |k| {
        (d + f64::from(k) * (2.0 * ROUNDING)) * beside.signum()
    });
    let v = b - a;
    let (ux, uy) = if v == Point::default() {
        (1.0, 0.0)
    } else {
        (f64::from(v.x) / v.norm(), f64::from(v.y) / v.norm())
    };
    // Past an edge's end the place turns around the corner.
    let (x, y) = if *along > 1.0 {
        let (sin, cos) = ((along - 1.0) * std::f64::consts::TAU).sin_cos();
        (f64::from(b.x) + beside * cos, f64::from(b.y) + beside * sin)
    } else {
        let t = along.max(0.0);
        (
            f64::from(a.x) + t * f64::from(v.x) - uy * beside,
            f64::from(a.y) + t * f64::from(v.y) + ux * beside,
        )
    };
    Point::new(x.round() as i32, y.round() as i32)
}

#[test]
fn repeated_points_do_not_matter() {
    let l = |v: &[(i32, i32)]| -> Loops {
        [v.iter().map(|&(x, y)| Point::new(x, y)).collect::<Vec<_>>()]
            .into_iter()
            .collect()
    };
    let once = l(&[
        (0, 0),
        (900_000, 0),
        (900_000, 600_000),
        (400_000, 200_000),
        (0, 600_000),
    ]);
    let often = l(&[
        (0, 0),
        (900_000, 0),
        (900_000, 0),
        (900_000, 600_000),
        (400_000, 200_000),
        (400_000, 200_000),
        (400_000, 200_000),
        (0, 600_000),
        (0, 0),
    ]);
    for join in [Join::Miter, Join::Round] {
        for d in [-80_000, 80_000] {
            let (a, b) = (offset(&once, d, join), offset(&often, d, join));
            // Both are rounded to the grid along 30 mm of border.
            assert!(
                (a.area_mm2() - b.area_mm2()).abs() < 3e-4,
                "{join:?} {d} {} {}",
                a.area_mm2(),
                b.area_mm2()
            );
        }
    }
}

proptest! {
    #[test]
    fn sharp_offsets_take_strips_and_joins(l in prop_oneof![soup(), outline()], d in 501i32..90_000, grow: bool, picks in picks()) {
        let set = clip::positive(&l);
        prop_assume!(!set.is_empty());
        let (side, by) = (if grow { -1.0 } else { 1.0 }, f64::from(d));
        let got = offset(&set, if grow { d } else { -d }, Join::Miter);
        for p in picks.iter().map(|k| place(&set, by, k)) {
            let border = nearest(&set, p);
            let inside = set.contains(p);
            let taken = (by - border).max(sharp_joins(&set, p, by, side));
            if border < ROUNDING || (inside != grow && taken.abs() < ROUNDING) {
                continue;
            }
            let want = if inside == grow { grow } else { (taken > 0.0) == grow };
            prop_assert_eq!(got.winding(p), i32::from(want), "at {:?}, {} from the border, taken by {}", p, border, taken);
        }
        for p in got.points.iter().step_by(3) {
            let border = nearest(&set, *p);
            prop_assert!(border > by - ROUNDING && set.contains(*p) != grow, "a corner {border} from the border");
        }
    }

    #[test]
    fn round_offsets_take_what_is_nearer(l in prop_oneof![soup(), outline()], d in 501i32..90_000, grow: bool, picks in picks()) {
        let set = clip::positive(&l);
        prop_assume!(!set.is_empty());
        let by = f64::from(d);
        let got = offset(&set, if grow { d } else { -d }, Join::Round);
        for p in picks.iter().map(|k| place(&set, by, k)) {
            let border = nearest(&set, p);
            let inside = set.contains(p);
            // Corners that hardly turn stay sharp: that is farther by less than 0.03 %.
            if border < ROUNDING || (border > by - CHORD - ROUNDING && border < 1.0003 * by + ROUNDING) {
                continue;
            }
            let want = if inside == grow { grow } else { (border < by) == grow };
            prop_assert_eq!(got.winding(p), i32::from(want), "at {:?}, {} from the border", p, border);
        }
        for p in got.points.iter().step_by(3) {
            let border = nearest(&set, *p);
            prop_assert!(border > by - CHORD - ROUNDING && border < 1.0003 * by + ROUNDING, "a corner {border} from the border");
        }
    }

    #[test]
    fn offsets_nest(l in soup(), d in 501i32..90_000, more in 1_000i32..90_000) {
        let set = clip::positive(&l);
        for join in [Join::Miter, Join::Round] {
            let sets = [-d - more, -d, 0, d, d + more].map(|d| offset(&set, d, join));
            for w in sets.windows(2) {
                let lost = clip::difference(&w[0], &w[1]).area_mm2();
                prop_assert!(lost < 1e-6 * (1.0 + set.perimeter() / 1e5), "{join:?}: {lost} mm² outside of the wider one");
            }
        }
    }
}
