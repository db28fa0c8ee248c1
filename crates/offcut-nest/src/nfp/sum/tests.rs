use super::*;
use crate::layout::Placed;
use crate::nfp::pieces;
use crate::relate::relate;
use proptest::prelude::*;

fn polygon(points: &[(i32, i32)]) -> Loops {
    [points.iter().map(|&(x, y)| Point::new(x, y)).collect()]
        .into_iter()
        .collect()
}

#[test]
fn sums_of_boxes_are_boxes() {
    let a = polygon(&[(0, 0), (4, 0), (4, 2), (0, 2)]);
    let b = polygon(&[(0, 0), (10, 0), (10, 5), (0, 5)]);
    let n = no_fit(&a, &b);
    assert_eq!(n.len(), 1);
    assert_eq!(n.area2(), 2 * 14 * 7);
    assert_eq!(
        (n.bbox().min, n.bbox().max),
        (Point::new(-4, -2), Point::new(10, 5))
    );
}

#[test]
fn a_notch_that_fits_exactly_closes() {
    // A U with a slot of 4: a square of 2 enters it, a square of 5 does not.
    let u = polygon(&[
        (0, 0),
        (12, 0),
        (12, 10),
        (8, 10),
        (8, 3),
        (4, 3),
        (4, 10),
        (0, 10),
    ]);
    let small = polygon(&[(0, 0), (2, 0), (2, 2), (0, 2)]);
    let n = no_fit(&small, &u);
    // The box of both, less the slot of width 2 and depth 7.
    assert_eq!(n.area2(), 2 * (14 * 12 - 2 * 7));
    let large = polygon(&[(0, 0), (5, 0), (5, 5), (0, 5)]);
    assert_eq!(no_fit(&large, &u).area2(), 2 * 17 * 15);
}

#[test]
fn holes_take_parts() {
    let mut frame = polygon(&[(0, 0), (20, 0), (20, 20), (0, 20)]);
    frame.push(&[
        Point::new(5, 5),
        Point::new(5, 15),
        Point::new(15, 15),
        Point::new(15, 5),
    ]);
    let s = polygon(&[(0, 0), (4, 0), (4, 4), (0, 4)]);
    let n = no_fit(&pieces(&s), &pieces(&frame));
    // The square fits into the hole at offsets of 6 by 6.
    assert_eq!(n.area2(), 2 * (24 * 24 - 6 * 6));
}

/// Grid units to a step of the shapes.
const SCALE: i32 = 64;

fn simple_polygon() -> impl Strategy<Value = Loops> {
    (proptest::collection::vec(2i32..30, 3..12), any::<bool>()).prop_map(|(v, snap)| {
        let n = v.len() as f64;
        let p: Vec<Point> = (0..)
            .zip(&v)
            .map(|(i, &r)| {
                let a = f64::from(i) * std::f64::consts::TAU / n;
                let (x, y) = ((f64::from(r) * a.cos()) as i32, (f64::from(r) * a.sin()) as i32);
                // Few directions make many parallel edges.
                let grid = |v: i32| if snap { v / 4 * 4 } else { v } * SCALE;
                Point::new(grid(x), grid(y))
            })
            .collect();
        let set = clip::non_zero(&[p].into_iter().collect());
        let largest = set.iter().max_by_key(|l| offcut_geometry::loops::area2(l));
        largest.map(<[Point]>::to_vec).into_iter().collect()
    })
}

proptest! {
    /// Outside the sum the parts are apart, inside they overlap, decided exactly. Crossings are rounded to
    /// the grid, which moves edges of the convolution by less than a unit.
    #[test]
    fn agrees_with_the_checker(
        a in simple_polygon(),
        b in simple_polygon(),
        at in proptest::collection::vec((-60i32..60, -60i32..60), 40),
    ) {
        prop_assume!(!a.is_empty() && !b.is_empty());
        let n = no_fit(&a, &b);
        let edges = convolution(&a, &b).0;
        let fixed = Placed::new(b.clone(), [0, 0]);
        for (x, y) in at {
            let (x, y) = (x * SCALE, y * SCALE);
            let p = Point::new(x, y);
            let near = edges.iter().flat_map(offcut_geometry::loops::edges).any(|(s, t)| {
                offcut_geometry::point::nearest_on_segment(p, s, t).1 < 1.0
            });
            if near {
                continue;
            }
            let moved = Placed::new(a.clone(), [i64::from(x), i64::from(y)]);
            prop_assert_eq!(n.contains(p), relate(&moved, &fixed).overlaps(), "at {}, {}", x, y);
        }
    }

    /// As many segments end in every point as begin there.
    #[test]
    fn chains_close(a in simple_polygon(), b in simple_polygon()) {
        prop_assume!(!a.is_empty() && !b.is_empty());
        let mut segments = Vec::new();
        let flipped: Vec<Point> = a.get(0).iter().map(|&q| -q).collect();
        sweep(&flipped, b.get(0), Closed::Start, &mut segments);
        sweep(b.get(0), &flipped, Closed::End, &mut segments);
        let mut chains = Loops::new();
        link(&mut segments, &mut chains);
        prop_assert_eq!(chains.points.len(), segments.len());
    }
}
