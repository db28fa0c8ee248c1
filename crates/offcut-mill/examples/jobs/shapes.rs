//! Ten regions with what is hard about regions, each in its own way, for every operation on drawings.

use super::{circle, ring};
use offcut_geometry::drawing::{Drawing, Vec2};
use std::f64::consts::TAU;

/// The operations on drawings that are carried out on all of them.
pub const OPERATIONS: [&str; 9] = [
    "pocket", "adaptive", "profile", "rest", "facing", "engrave", "chamfer", "vcarve", "slot",
];
/// How many regions there are.
pub const COUNT: u64 = 10;

fn polygon(points: &[(f64, f64)], d: &mut Drawing) {
    let points: Vec<Vec2> = points.iter().map(|p| Vec2::new(p.0, p.1)).collect();
    ring(&points, d);
}

/// One of the regions, mm.
pub fn shape(number: u64, d: &mut Drawing) {
    let c = |x: f64, y: f64, r: f64, d: &mut Drawing| circle(Vec2::new(x, y), r, d);
    let around = |n: u32, radius: &dyn Fn(u32) -> f64| -> Vec<(f64, f64)> {
        let ray = |i: u32| TAU * f64::from(i) / f64::from(n);
        let at = |i: u32| (radius(i) * ray(i).cos(), radius(i) * ray(i).sin());
        (0..n).map(at).collect()
    };
    match number {
        // A sharp corner of 12 degrees.
        0 => polygon(&[(0.0, 0.0), (60.0, 0.0), (60.0, 12.8)], d),
        // A room with a sliver beside it, 0.4 mm wide.
        1 => polygon(
            &[
                (0.0, 0.0),
                (30.0, 0.0),
                (30.0, 12.0),
                (55.0, 12.0),
                (55.0, 12.4),
                (30.0, 12.4),
                (30.0, 30.0),
                (0.0, 30.0),
            ],
            d,
        ),
        // A band all around, hardly wider than 6 mm.
        2 => {
            c(0.0, 0.0, 25.0, d);
            c(0.0, 0.0, 18.8, d);
        }
        // A band that is narrower on one side.
        3 => {
            c(0.0, 0.0, 24.0, d);
            c(4.0, 0.0, 15.0, d);
        }
        // Two rooms that touch at one point.
        4 => polygon(
            &[
                (0.0, 0.0),
                (24.0, 12.0),
                (48.0, 0.0),
                (48.0, 24.0),
                (24.0, 12.0),
                (0.0, 24.0),
            ],
            d,
        ),
        // Two rooms with a neck of 4.2 mm.
        5 => polygon(
            &[
                (0.0, 0.0),
                (22.0, 0.0),
                (22.0, 9.0),
                (34.0, 9.0),
                (34.0, 0.0),
                (56.0, 0.0),
                (56.0, 22.0),
                (34.0, 22.0),
                (34.0, 13.2),
                (22.0, 13.2),
                (22.0, 22.0),
                (0.0, 22.0),
            ],
            d,
        ),
        // Islands in rows, some near the border.
        6 => {
            polygon(&[(0.0, 0.0), (60.0, 0.0), (60.0, 40.0), (0.0, 40.0)], d);
            for i in 0..6 {
                c(
                    10.0 + 20.0 * f64::from(i % 3),
                    9.0 + 22.0 * f64::from(i / 3),
                    2.0,
                    d,
                );
            }
        }
        // A star with five thin rays.
        7 => polygon(&around(10, &|i| if i % 2 == 0 { 30.0 } else { 9.0 }), d),
        // A gear: arcs would bend to and fro.
        8 => polygon(
            &around(96, &|i| if (i / 4).is_multiple_of(2) { 24.0 } else { 20.0 }),
            d,
        ),
        // An island in an opening of an island.
        _ => {
            polygon(&[(0.0, 0.0), (64.0, 0.0), (64.0, 48.0), (0.0, 48.0)], d);
            polygon(&[(9.0, 9.0), (55.0, 9.0), (55.0, 39.0), (9.0, 39.0)], d);
            polygon(&[(17.0, 15.0), (47.0, 15.0), (47.0, 33.0), (17.0, 33.0)], d);
            c(32.0, 24.0, 3.0, d);
        }
    }
}
