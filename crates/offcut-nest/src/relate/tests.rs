use super::*;
use offcut_geometry::{Loops, Point, clip};
use proptest::prelude::*;

fn polygon(points: &[(i32, i32)]) -> Loops {
    [points.iter().map(|&(x, y)| Point::new(x, y)).collect()]
        .into_iter()
        .collect()
}

fn square(x: i32, y: i32, s: i32) -> Loops {
    polygon(&[(x, y), (x + s, y), (x + s, y + s), (x, y + s)])
}

fn at(shape: &Loops, x: i64, y: i64) -> Placed {
    Placed::new(shape.clone(), [x, y])
}

/// A frame of 100 with a hole of 60 in its middle.
fn frame() -> Loops {
    let mut hole = square(20, 20, 60);
    hole.reverse_all();
    let mut f = square(0, 0, 100);
    f.extend(&hole);
    f
}

#[test]
fn touching_is_no_overlap() {
    let s = square(0, 0, 10);
    let fixed = at(&s, 0, 0);
    for (x, y, overlaps) in [
        (10, 0, false),
        (10, 5, false),
        (10, 10, false),
        (9, 0, true),
        (9, 9, true),
        (0, 0, true),
        (0, 3, true),
        (25, 0, false),
    ] {
        assert_eq!(relate(&fixed, &at(&s, x, y)).overlaps(), overlaps, "{x},{y}");
    }
    // A smaller one that touches from inside.
    assert!(relate(&fixed, &at(&square(0, 0, 5), 0, 0)).overlaps());
    assert!(relate(&at(&square(0, 0, 5), 5, 5), &fixed).first_within_second());
    assert!(!relate(&at(&square(0, 0, 5), 6, 5), &fixed).first_within_second());
}

#[test]
fn parts_lie_in_holes() {
    let f = at(&frame(), 0, 0);
    let fits = at(&square(0, 0, 60), 20, 20);
    assert!(!relate(&f, &fits).overlaps());
    assert!(!relate(&fits, &f).first_within_second());
    assert!(relate(&f, &at(&square(0, 0, 60), 21, 20)).overlaps());
    assert!(relate(&f, &at(&square(0, 0, 61), 20, 20)).overlaps());
    // Over the hole, corners on the frame, without any vertex inside the other.
    assert!(relate(&f, &at(&square(0, 0, 100), 0, 0)).overlaps());
    assert!(!relate(&at(&square(0, 0, 100), 0, 0), &f).first_within_second());
}

#[test]
fn vertices_on_edges_cross() {
    // A diamond whose corners lie on the square's edges, and a needle through two corners.
    let s = at(&square(0, 0, 10), 0, 0);
    let diamond = polygon(&[(5, 0), (10, 5), (5, 10), (0, 5)]);
    assert!(relate(&at(&diamond, 0, 0), &s).first_within_second());
    assert!(relate(&at(&diamond, 0, 0), &s).overlaps());
    let needle = polygon(&[(-5, -5), (15, 15), (-5, -4)]);
    assert!(relate(&at(&needle, 0, 0), &s).overlaps());
    let outside = polygon(&[(10, 0), (20, 5), (10, 10), (15, 5)]);
    assert!(!relate(&at(&outside, 0, 0), &s).overlaps());
}

#[test]
fn distances_are_exact() {
    let s = square(0, 0, 10);
    let a = at(&s, 0, 0);
    assert!(boundaries_apart(&a, &at(&s, 15, 0), 5));
    assert!(!boundaries_apart(&a, &at(&s, 15, 0), 6));
    // 3, 4, 5 from corner to corner.
    assert!(boundaries_apart(&a, &at(&s, 13, 14), 5));
    assert!(!boundaries_apart(&a, &at(&s, 13, 13), 5));
}

fn blob() -> impl Strategy<Value = Loops> {
    proptest::collection::vec((3i32..40, 3i32..40), 3..9).prop_map(|v| {
        let n = v.len() as f64;
        let p: Vec<Point> = (0..)
            .zip(&v)
            .map(|(i, &(r, _))| {
                let a = f64::from(i) * std::f64::consts::TAU / n;
                Point::new((f64::from(r) * a.cos()) as i32, (f64::from(r) * a.sin()) as i32)
            })
            .collect();
        clip::non_zero(&[p].into_iter().collect())
    })
}

proptest! {
    /// The area of the intersection tells the same, save for slivers thinner than the grid.
    #[test]
    fn agrees_with_booleans(a in blob(), b in blob(), x in -60i64..60, y in -60i64..60) {
        let (pa, pb) = (at(&a, 0, 0), at(&b, x, y));
        // The booleans work on a grid a thousand times finer.
        let fine = |l: &Loops, dx: i64, dy: i64| {
            let mut l = l.clone();
            for p in &mut l.points {
                *p = Point::new((p.x + dx as i32) * 1000, (p.y + dy as i32) * 1000);
            }
            l
        };
        let common = clip::intersection(&fine(&a, 0, 0), &fine(&b, x, y)).area2();
        let r = relate(&pa, &pb);
        if common > 400_000 {
            prop_assert!(r.overlaps(), "common area {common}");
        }
        if !r.overlaps() {
            prop_assert!(common < 400_000, "common area {common}");
        }
        if r.overlaps() && common == 0 {
            prop_assert!(r.crosses, "overlap without area: {r:?}");
        }
        let swapped = relate(&pb, &pa);
        prop_assert_eq!(r.overlaps(), swapped.overlaps());
        let out = clip::difference(&fine(&a, 0, 0), &fine(&b, x, y)).area2();
        if r.first_within_second() {
            prop_assert!(out < 400_000, "outside area {out}");
        } else {
            prop_assert!(out > 0 || r.crosses);
        }
    }
}
