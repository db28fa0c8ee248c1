//! Where loops begin: facts that hold for every seam position.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use offcut_gcode::Role;
use offcut_geometry::Point;
use offcut_print::plan::{OVERHANG_FULL, SUPPORTED};
use offcut_print::{Bead, IslandPlan, Layer, LayerPlan, PrintObject};
use offcut_settings::PrintSettings;
use offcut_settings::print::SeamPosition;

/// A prism with one external loop, turned layer by layer in the list of its points when `rotate`.
fn prism(loop_: &[Point], layers: usize, hole: bool, rotate: bool) -> PrintObject {
    let layers = (0..layers)
        .map(|k| {
            let mut p = loop_.to_vec();
            if rotate {
                p.rotate_left(k * 7 % loop_.len());
            }
            let mut island = IslandPlan::default();
            island.outline.push(&p);
            island.bbox = island.outline.bbox();
            let proto = Bead {
                closed: true,
                hole,
                ..bead(Role::ExternalPerimeter)
            };
            island.perimeters.push(&p, proto);
            LayerPlan {
                z: 0.2 * (k + 1) as f64,
                height: 0.2,
                islands: vec![island],
                ..LayerPlan::default()
            }
        })
        .collect();
    PrintObject {
        name: "prism".into(),
        layers,
        instances: vec![mm(100.0, 100.0)],
        hull: loop_.to_vec(),
        ..PrintObject::default()
    }
}

fn settings(seam: SeamPosition) -> PrintSettings {
    PrintSettings {
        seam,
        cooling: false,
        ..PrintSettings::default()
    }
}

/// The starts of all external loops, object coordinates.
fn starts(object: PrintObject, seam: SeamPosition) -> Vec<Point> {
    let p = program(&[object], &settings(seam));
    let mut out = Vec::new();
    let mut last = None;
    for m in moves(&p) {
        if m.bead.is_some() && last != Some(m.layer) {
            out.push(m.from.unwrap().xy() - mm(100.0, 100.0));
            last = Some(m.layer);
        }
    }
    out
}

fn circle(r: f64, n: usize) -> Vec<Point> {
    (0..n)
        .map(|i| {
            let a = std::f64::consts::TAU * i as f64 / n as f64;
            mm(r * a.cos(), r * a.sin())
        })
        .collect()
}

/// A square with a notch whose bottom has two concave corners, at (±2, 0).
fn notched() -> Vec<Point> {
    [
        (-10.0, -10.0),
        (10.0, -10.0),
        (10.0, 10.0),
        (2.0, 10.0),
        (2.0, 0.0),
        (-2.0, 0.0),
        (-2.0, 10.0),
        (-10.0, 10.0),
    ]
    .map(|(x, y)| mm(x, y))
    .to_vec()
}

#[test]
fn aligned_seams_of_a_prism_do_not_drift() {
    for shape in [notched(), circle(15.0, 120), square(0.0, 0.0, 9.0, false)] {
        for rotate in [false, true] {
            let s = starts(prism(&shape, 60, false, rotate), SeamPosition::Aligned);
            assert_eq!(s.len(), 60);
            for w in s.windows(2) {
                assert!(w[0].dist(w[1]) < 0.5e5, "{w:?}");
            }
            assert!(s[0].dist(s[59]) < 0.5e5);
        }
    }
}

#[test]
fn aligned_seams_follow_a_slanted_edge() {
    // A square that moves by 0.15 mm a layer: its corner is followed.
    let mut object = prism(&square(0.0, 0.0, 9.0, false), 40, false, false);
    for (k, l) in object.layers.iter_mut().enumerate() {
        for p in &mut l.islands[0].perimeters.points {
            *p = *p + mm(0.15 * k as f64, 0.0);
        }
    }
    let s = starts(object, SeamPosition::Aligned);
    for w in s.windows(2) {
        assert_eq!(w[1] - w[0], mm(0.15, 0.0));
    }
}

#[test]
fn concave_corners_are_preferred() {
    for seam in [SeamPosition::Aligned, SeamPosition::Nearest] {
        for s in starts(prism(&notched(), 5, false, false), seam) {
            assert!(s == mm(2.0, 0.0) || s == mm(-2.0, 0.0), "{s:?}");
        }
        // In a hole the corner that is concave in the material points into the hole's corner.
        let mut hole = notched();
        hole.reverse();
        for s in starts(prism(&hole, 5, true, false), seam) {
            assert!(s != mm(2.0, 0.0) && s != mm(-2.0, 0.0), "{s:?}");
        }
    }
}

#[test]
fn rear_seams_are_at_the_rear() {
    for shape in [notched(), circle(15.0, 97)] {
        let rear = shape.iter().map(|p| p.y).max().unwrap();
        for s in starts(prism(&shape, 10, false, true), SeamPosition::Rear) {
            assert!((s.y - rear).abs() <= 100);
        }
    }
}

#[test]
fn random_seams_are_uniform_along_the_loop() {
    // A long thin rectangle with many points on one side: counted by length, not by points.
    let mut shape = vec![mm(0.0, 0.0)];
    shape.extend((1..=50).map(|i| mm(0.1 * f64::from(i), 0.0)));
    shape.extend([mm(40.0, 0.0), mm(40.0, 10.0), mm(0.0, 10.0)]);
    let n = 1000;
    let object = prism(&shape, n, false, false);
    let s = starts(object.clone(), SeamPosition::Random);
    let place = |p: &Point| {
        let (x, y) = p.mm();
        if y == 0.0 {
            x
        } else if x == 40.0 {
            40.0 + y
        } else if y == 10.0 {
            50.0 + 40.0 - x
        } else {
            90.0 + 10.0 - y
        }
    };
    let mut bins = [0.0f64; 20];
    for p in &s {
        bins[((place(p) / 5.0) as usize).min(19)] += 1.0;
    }
    let expected = n as f64 / 20.0;
    let chi2: f64 = bins.iter().map(|b| (b - expected).powi(2) / expected).sum();
    // 99.9 % of uniform samples stay below this with 19 degrees of freedom.
    assert!(chi2 < 43.8, "{chi2} {bins:?}");
    assert_eq!(s, starts(object, SeamPosition::Random));
}

#[test]
fn an_inner_loop_begins_beside_the_external_one() {
    let p = program(&[block(10.0, 5, 0.2)], &settings(SeamPosition::Aligned));
    let external = |m: &&Move| m.bead.is_some_and(|b| b.role == Role::ExternalPerimeter);
    let seam = moves(&p).iter().find(external).and_then(|m| m.from).unwrap().xy();
    for m in moves(&p).windows(2) {
        if m[0].is_travel() && m[1].bead.is_some_and(|b| b.role == Role::Perimeter) {
            let from = m[1].from.unwrap().xy();
            assert!(from.dist(seam) < 2.0e5, "{from:?}");
        }
    }
}

#[test]
fn a_line_of_seams_begins_at_the_corner_that_stays() {
    // A square whose rear corners are rounded off from the fifth layer on.
    let square: Vec<Point> = [(-10.0, -10.0), (10.0, -10.0), (10.0, 10.0), (-10.0, 10.0)]
        .map(|(x, y)| mm(x, y))
        .to_vec();
    let mut rounded = square[..2].to_vec();
    for (cx, from) in [(2.0, 0.0), (-2.0, 90.0)] {
        rounded.extend((0..=30).map(|k| {
            let a = f64::to_radians(from + 3.0 * f64::from(k));
            mm(cx + 8.0 * a.cos(), 2.0 + 8.0 * a.sin())
        }));
    }
    let layers: Vec<Layer> = (0..60)
        .map(|k| Layer {
            z: 0.2 * f64::from(k + 1),
            height: 0.2,
            outline: [if k < 5 { square.clone() } else { rounded.clone() }]
                .into_iter()
                .collect(),
        })
        .collect();
    let seams = offcut_print::toolpaths::columns(&layers);
    assert_eq!(seams.len(), 60);
    let first = seams[0][0].seam;
    assert!(first == square[0] || first == square[1], "{first:?}");
    assert!(seams.iter().all(|s| s.len() == 1 && s[0].seam == first));
}

#[test]
fn loops_begin_over_material() {
    // All but the edge at y = -10 hangs: a wing that grows out of a wall.
    let shape = notched();
    let mut object = prism(&shape, 10, false, false);
    for layer in &mut object.layers {
        let steps = &mut layer.islands[0].perimeters.overhang;
        steps.extend([OVERHANG_FULL, SUPPORTED]);
        steps.resize(shape.len(), OVERHANG_FULL);
    }
    for seam in [
        SeamPosition::Aligned,
        SeamPosition::Nearest,
        SeamPosition::Rear,
        SeamPosition::Random,
    ] {
        for s in starts(object.clone(), seam) {
            let (x, y) = s.mm();
            assert!(y == -10.0 && x.abs() <= 9.0, "{seam:?}: {x} {y}");
        }
    }
}
