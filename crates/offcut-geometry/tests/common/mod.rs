//! Shapes that property tests of the geometry draw from, and what they measure with.
#![allow(dead_code, reason = "each test uses some of it")]

use clipper2_rust::{Path64, Paths64, Point64};
use offcut_geometry::{Loops, Point};
use proptest::prelude::*;

/// Loops as Clipper2 takes them.
pub fn paths(l: &Loops) -> Paths64 {
    l.iter()
        .map(|r| {
            r.iter()
                .map(|p| Point64::new(i64::from(p.x), i64::from(p.y)))
                .collect::<Path64>()
        })
        .collect()
}

/// A star of 3 to 39 corners around a place, either way around.
pub fn blob() -> impl Strategy<Value = Vec<Point>> {
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

/// Corners on a coarse lattice, in any order: touching, overlapping, repeated.
pub fn scribble() -> impl Strategy<Value = Vec<Point>> {
    let corner = (-20i32..20, -20i32..20, prop::bool::weighted(0.1));
    proptest::collection::vec(corner, 3..16).prop_map(|v| {
        v.into_iter()
            .flat_map(|(x, y, twice)| vec![Point::new(x * 50_000, y * 50_000); 1 + usize::from(twice)])
            .collect()
    })
}

/// Blobs or scribbles, which may cross each other and themselves.
pub fn soup() -> impl Strategy<Value = Loops> {
    prop_oneof![
        proptest::collection::vec(blob(), 1..6).prop_map(|v| v.into_iter().collect::<Loops>()),
        proptest::collection::vec(scribble(), 1..3).prop_map(|v| v.into_iter().collect::<Loops>()),
    ]
}

/// How far a point is from the nearest edge.
pub fn nearest(set: &Loops, p: Point) -> f64 {
    set.iter()
        .flat_map(offcut_geometry::loops::edges)
        .map(|(a, b)| offcut_geometry::point::nearest_on_segment(p, a, b).1)
        .fold(f64::MAX, f64::min)
        .sqrt()
}

/// The outline of a printed part: many short edges along a closed curve, rough or smooth.
pub fn outline() -> impl Strategy<Value = Loops> {
    (
        30usize..250,
        40_000.0f64..900_000.0,
        1usize..9,
        0.0f64..0.6,
        0.0f64..0.2,
    )
        .prop_flat_map(|(n, r, lobes, depth, rough)| {
            proptest::collection::vec(-1.0f64..1.0, n).prop_map(move |noise| {
                let l: Vec<Point> = noise
                    .iter()
                    .enumerate()
                    .map(|(i, noise)| {
                        let a = i as f64 / n as f64 * std::f64::consts::TAU;
                        let r = r * (1.0 + depth * (a * lobes as f64).sin() + rough * rough * noise);
                        Point::new((r * a.cos()) as i32, (r * a.sin()) as i32)
                    })
                    .collect();
                std::iter::once(l).collect()
            })
        })
}
