//! The suite that every registered pattern passes.
#![allow(clippy::unwrap_used, clippy::panic)]

mod density;
mod links;

use super::*;
use links::along_boundary;
use offcut_geometry::clip::{even_odd, intersection};
use offcut_geometry::offset::{Join, closing, offset, opening};
use offcut_geometry::{Coord, grid};
use proptest::prelude::*;
use std::f64::consts::{FRAC_PI_4, TAU};

fn params(density: f64) -> FillParams {
    FillParams {
        width: 0.45,
        spacing: 0.45,
        density,
        most: f64::INFINITY,
        angle: FRAC_PI_4,
        anchor: 2.7,
        anchor_max: 50.0,
        origin: Point::default(),
    }
}

fn unlinked(density: f64) -> FillParams {
    FillParams {
        anchor: 0.0,
        anchor_max: 0.0,
        ..params(density)
    }
}

fn ring(points: &[(f64, f64)]) -> Vec<Point> {
    points
        .iter()
        .map(|&(x, y)| Point::new(grid(x), grid(y)))
        .collect()
}

fn rect(x0: f64, y0: f64, x1: f64, y1: f64) -> Vec<Point> {
    ring(&[(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
}

fn disc(r: f64, n: usize) -> Vec<Point> {
    let at = |i: usize| i as f64 / n as f64 * TAU;
    ring(
        &(0..n)
            .map(|i| (r * libm::cos(at(i)), r * libm::sin(at(i))))
            .collect::<Vec<_>>(),
    )
}

fn set(loops: &[Vec<Point>]) -> Loops {
    loops.iter().cloned().collect()
}

fn square() -> Loops {
    set(&[rect(-50.0, -50.0, 50.0, 50.0)])
}

/// Round and straight walls, a round and a square hole.
fn plate() -> Loops {
    let mut hole = disc(8.0, 40);
    hole.iter_mut().for_each(|p| p.x -= grid(14.0));
    hole.reverse();
    let mut square = rect(8.0, -12.0, 20.0, 0.0);
    square.reverse();
    let mut plate = intersection(&set(&[disc(32.0, 90)]), &set(&[rect(-40.0, -20.0, 40.0, 27.0)]));
    plate.push(&hole);
    plate.push(&square);
    plate
}

fn run_layer(which: InfillPattern, region: &Loops, p: &FillParams, layer: u32, z: f64) -> Polylines {
    let mut out = Polylines::new();
    fill(
        which,
        &FillArea { region, layer, z },
        p,
        &mut Scratch::default(),
        &mut out,
    );
    out
}

#[test]
fn registry_is_complete() {
    for (i, e) in REGISTRY.iter().enumerate() {
        assert!(!e.doc.is_empty());
        assert!(
            REGISTRY[..i]
                .iter()
                .all(|o| o.pattern != e.pattern && o.name != e.name)
        );
        let serde_name = serde_json::to_string(&e.pattern).unwrap();
        assert_eq!(serde_name, format!("\"{}\"", e.name));
    }
    assert_eq!(REGISTRY.len(), 17);
}

fn outside_length(region: &Loops, lines: &Polylines) -> Option<Point> {
    let near = offset(region, 1000, Join::Miter);
    lines
        .points
        .iter()
        .copied()
        .find(|&p| !region.contains(p) && !near.contains(p) && distance_to(region, p) > 1000.0)
}

fn distance_to(region: &Loops, p: Point) -> f64 {
    region
        .iter()
        .flat_map(offcut_geometry::loops::edges)
        .map(|(a, b)| offcut_geometry::point::nearest_on_segment(p, a, b).1.sqrt())
        .fold(f64::INFINITY, f64::min)
}

/// The points of the lines and the middles of their segments lie inside or within 10 µm.
fn assert_inside(region: &Loops, lines: &Polylines, name: &str) {
    if let Some(p) = outside_length(region, lines) {
        panic!("{name} leaves its region at {:?}", p.mm());
    }
    let mut c = LineClipper::default();
    c.begin(region);
    for l in lines.iter() {
        for w in l.windows(2) {
            for t in [0.15, 0.5, 0.85] {
                let m = w[0].lerp(w[1], t);
                assert!(
                    c.contains(m) || distance_to(region, m) <= 1000.0,
                    "{name}: {:?} {:?} leaves the region",
                    w[0].mm(),
                    w[1].mm()
                );
            }
        }
    }
}

fn odd_shapes() -> Vec<(&'static str, Loops)> {
    let mut frame = set(&[rect(0.0, 0.0, 20.0, 20.0)]);
    let mut hole = rect(0.2, 0.2, 19.8, 19.8);
    hole.reverse();
    frame.push(&hole);
    vec![
        ("empty", Loops::new()),
        ("tiny", set(&[rect(3.0, 3.0, 3.05, 3.05)])),
        ("sliver", set(&[ring(&[(0.0, 0.0), (40.0, 0.0), (40.0, 0.02)])])),
        ("strip", set(&[rect(-30.0, 0.0, 30.0, 0.3)])),
        ("frame", frame),
        ("triangle", set(&[ring(&[(0.0, 0.0), (30.0, 4.0), (3.0, 25.0)])])),
        ("plate", plate()),
        ("far", {
            let mut p = plate();
            p.translate(Point::new(grid(170.0), grid(-90.0)));
            p
        }),
        ("two", set(&[rect(0.0, 0.0, 9.0, 9.0), rect(9.5, 0.0, 30.0, 9.0)])),
    ]
}

#[test]
fn every_pattern_stays_inside_and_repeats() {
    let mut reused = Scratch::default();
    for (shape, region) in odd_shapes() {
        for e in REGISTRY {
            for d in [0.05, 0.2, 0.9] {
                for layer in 0..4 {
                    let z = 0.1 + 0.37 * f64::from(layer);
                    let fresh = run_layer(e.pattern, &region, &params(d), layer, z);
                    assert_inside(&region, &fresh, &format!("{} {shape} {d} {layer}", e.name));
                    let mut again = Polylines::new();
                    fill(
                        e.pattern,
                        &FillArea {
                            region: &region,
                            layer,
                            z,
                        },
                        &params(d),
                        &mut reused,
                        &mut again,
                    );
                    assert_eq!(fresh, again, "{} on {shape}", e.name);
                }
            }
        }
    }
}

#[test]
fn senseless_parameters_give_nothing() {
    for e in REGISTRY {
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-300] {
            let _ = run_layer(e.pattern, &square(), &params(bad), 0, 0.1);
            let p = FillParams {
                spacing: bad,
                ..params(0.2)
            };
            let _ = run_layer(e.pattern, &square(), &p, 0, 0.1);
        }
        assert!(run_layer(e.pattern, &square(), &params(0.0), 0, 0.1).is_empty());
    }
}

#[test]
fn start_vertex_does_not_matter() {
    for e in REGISTRY {
        let region = plate();
        let mut turned = Loops::new();
        for l in region.iter() {
            let mut l = l.to_vec();
            let n = l.len();
            l.rotate_left(n / 3);
            turned.push(&l);
        }
        let (a, b) = [&region, &turned]
            .map(|r| run_layer(e.pattern, r, &params(0.2), 1, 0.7))
            .into();
        assert_eq!(a.len(), b.len(), "{}", e.name);
        assert!((a.length() / b.length() - 1.0).abs() < 1e-4, "{}", e.name);
    }
}

/// Lines lie over those of the layer below, whatever the region is there.
#[test]
fn patterns_lie_fixed_in_the_object() {
    let small = set(&[rect(-10.0, -10.0, 10.0, 10.0)]);
    let shifted = set(&[rect(-25.0, -17.0, 31.0, 24.0)]);
    for e in REGISTRY.iter().filter(|e| e.pattern != InfillPattern::Concentric) {
        let p = unlinked(0.2);
        let inner = run_layer(e.pattern, &small, &p, 0, 0.3);
        let outer = run_layer(e.pattern, &shifted, &p, 0, 0.3);
        let mut c = LineClipper::default();
        let mut s = Strands::default();
        c.begin(&small);
        s.begin(&small, 0.0);
        for l in outer.iter() {
            c.clip(&small, l, &mut s);
        }
        assert!(
            (s.lines.length() / inner.length() - 1.0).abs() < 0.01,
            "{}",
            e.name
        );
        for &q in &inner.points {
            let d = outer
                .iter()
                .flat_map(|l| l.windows(2))
                .map(|w| offcut_geometry::point::nearest_on_segment(q, w[0], w[1]).1.sqrt())
                .fold(f64::INFINITY, f64::min);
            assert!(d < 0.02 * UNITS_PER_MM, "{}: {:?} is {d} off", e.name, q.mm());
        }
    }
}

fn shapes() -> impl Strategy<Value = Loops> {
    let point = (-2000i32..2000, -2000i32..2000);
    let ring = prop::collection::vec(point, 3..14);
    (prop::collection::vec(ring, 1..4), prop::bool::ANY).prop_map(|(rings, coarse)| {
        // On a coarse grid vertices meet lines and each other.
        let f = |v: i32| if coarse { (v / 400) * 450_000 / 2 } else { v * 1000 } as Coord;
        let raw: Loops = rings
            .into_iter()
            .map(|r| {
                r.into_iter()
                    .map(|(x, y)| Point::new(f(x), f(y)))
                    .collect::<Vec<_>>()
            })
            .collect();
        even_odd(&raw)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn random_regions(region in shapes(), d in 0.05f64..1.0, angle in 0.0f64..3.2, layer in 0u32..6) {
        for e in REGISTRY {
            let p = FillParams { angle: if layer == 0 { 0.0 } else { angle }, ..params(d) };
            let z = 0.1 + f64::from(layer) * 0.2;
            let out = run_layer(e.pattern, &region, &p, layer, z);
            assert_inside(&region, &out, e.name);
            // Moved, so that no line of the pattern itself runs along an edge; without needles and slits, whose
            // two sides are one line to what measures.
            let p = FillParams { origin: Point::new(1234, 567), ..p };
            let region = opening(&closing(&region, 1000), 1000);
            let out = run_layer(e.pattern, &region, &p, layer, z);
            let (total, once) = along_boundary(&region, &out);
            prop_assert!(total <= once + 5000.0 + 0.002 * once, "{}: {} {}", e.name, total, once);
            prop_assert!(out.iter().all(|l| l.len() >= 2));
        }
    }
}
