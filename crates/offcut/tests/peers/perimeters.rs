//! Loops: how many, which way round, in which order.

use crate::body::{cuboid, solid};
use crate::run::{MIDDLE, Print, Stroke, extrudes, print, xy};
use offcut_gcode::Role;

const PLAIN: &[&str] = &["infill_density=0", "top_solid_layers=0", "bottom_solid_layers=0"];

/// The loops of the second layer.
fn second(p: &Print) -> Vec<Stroke> {
    p.loops(2)
}

fn externals(loops: &[Stroke]) -> usize {
    loops.iter().filter(|l| l.role == Role::ExternalPerimeter).count()
}

#[test]
fn a_square_has_three_loops_printed_from_the_inside() {
    let p = print(&cuboid(100.0, 100.0, 1.0), PLAIN);
    let loops = second(&p);
    assert_eq!((loops.len(), externals(&loops)), (3, 1));
    assert!(
        loops
            .windows(2)
            .all(|w| 0.0 < w[0].area() && w[0].area() < w[1].area())
    );
    assert_eq!(loops[2].role, Role::ExternalPerimeter);
}

#[test]
fn outside_in_turns_the_order() {
    let p = print(
        &cuboid(40.0, 40.0, 1.0),
        &[PLAIN, &["perimeter_order=outside_in"]].concat(),
    );
    let loops = second(&p);
    assert!(loops.windows(2).all(|w| w[0].area() > w[1].area()));
}

#[test]
fn loops_of_a_hole_come_before_those_around_it() {
    let body = solid(
        &[[0.0, 0.0, 0.0, 100.0, 100.0, 1.0]],
        &[[40.0, 40.0, 0.0, 60.0, 60.0, 1.0]],
    );
    let loops = second(&print(&body, PLAIN));
    assert_eq!((loops.len(), externals(&loops)), (6, 2));
    // Around the hole first, from the inside of the wall; all counter-clockwise.
    let areas: Vec<f64> = loops.iter().map(Stroke::area).collect();
    assert!(areas.iter().all(|a| *a > 0.0), "{areas:?}");
    assert!(areas[..3].iter().all(|a| *a < 600.0), "{areas:?}");
    assert!(areas[3..].iter().all(|a| *a > 9000.0), "{areas:?}");
    assert!(areas[0] > areas[2] && areas[3] < areas[5], "{areas:?}");
}

#[test]
fn nested_frames_are_printed_one_after_the_other() {
    let body = solid(
        &[
            [0.0, 0.0, 0.0, 20.0, 200.0, 1.0],
            [180.0, 0.0, 0.0, 200.0, 200.0, 1.0],
            [20.0, 0.0, 0.0, 180.0, 20.0, 1.0],
            [20.0, 180.0, 0.0, 180.0, 200.0, 1.0],
            [50.0, 50.0, 0.0, 80.0, 150.0, 1.0],
            [120.0, 50.0, 0.0, 150.0, 150.0, 1.0],
            [80.0, 50.0, 0.0, 120.0, 80.0, 1.0],
            [80.0, 120.0, 0.0, 120.0, 150.0, 1.0],
        ],
        &[],
    );
    let loops = second(&print(&body, &[PLAIN, &["skirt_loops=0"]].concat()));
    assert_eq!((loops.len(), externals(&loops)), (12, 4));
    // Sides of the squares that the loops run around: 160 and 200, 40 and 100.
    let kind = |l: &Stroke| {
        let side = l.area().sqrt();
        [40.0, 100.0, 160.0, 200.0]
            .iter()
            .position(|s| (side - s).abs() < 5.0)
            .unwrap()
    };
    let kinds: Vec<usize> = loops.iter().map(kind).collect();
    let (inner, outer) = (vec![0, 0, 0, 1, 1, 1], vec![2, 2, 2, 3, 3, 3]);
    assert!(
        kinds == [inner.clone(), outer.clone()].concat() || kinds == [outer, inner].concat(),
        "{kinds:?}"
    );
}

#[test]
fn the_loops_of_each_of_five_holes_are_a_unit_before_the_contour() {
    let holes = [[8.0, 8.0], [37.0, 8.0], [22.5, 22.5], [8.0, 37.0], [37.0, 37.0]];
    let cut = holes.map(|[x, y]| [x, y, 0.0, x + 5.0, y + 5.0, 1.0]);
    let body = solid(&[[0.0, 0.0, 0.0, 50.0, 50.0, 1.0]], &cut);
    let loops = second(&print(&body, &[PLAIN, &["perimeters=2"]].concat()));
    assert_eq!((loops.len(), externals(&loops)), (12, 6));
    for pair in loops.chunks(2) {
        assert_eq!(
            [pair[0].role, pair[1].role],
            [Role::Perimeter, Role::ExternalPerimeter]
        );
        let (a, b) = (pair[0].middle(), pair[1].middle());
        assert!((a[0] - b[0]).hypot(a[1] - b[1]) < 0.1, "{a:?} {b:?}");
    }
    assert!(loops[..10].iter().all(|l| l.area() < 100.0) && loops[10].area() > 2000.0);
}

#[test]
fn the_nozzle_leaves_an_external_loop_into_the_material() {
    let body = solid(
        &[[0.0, 0.0, 0.0, 20.0, 20.0, 10.0]],
        &[[5.0, 5.0, 0.0, 15.0, 15.0, 10.0]],
    );
    let p = print(&body, &["skirt_loops=0"]);
    let moves: Vec<_> = p.moves().collect();
    let mut left = 0;
    for (k, m) in moves.iter().enumerate() {
        if !(extrudes(m) && m.role == Some(Role::ExternalPerimeter)) {
            continue;
        }
        let Some(next) = moves[k + 1..].iter().find(|n| xy(n) > 0.0) else {
            continue;
        };
        if extrudes(next) || next.layer != m.layer {
            continue;
        }
        let [x, y] = [0, 1].map(|i| ((next.from[i] + next.to[i]) / 2.0 - MIDDLE).abs());
        let d = x.max(y);
        assert!(d > 5.0 - 1e-3 && d < 10.0 + 1e-3, "line {}: {x} {y}", next.line);
        left += 1;
    }
    assert!(left > 50, "{left}");
}

#[test]
fn seams_are_in_the_concave_corner() {
    let body = solid(
        &[[0.0, 0.0, 0.0, 30.0, 15.0, 4.0], [0.0, 0.0, 0.0, 15.0, 30.0, 4.0]],
        &[],
    );
    for seam in ["seam=aligned", "seam=nearest"] {
        let p = print(&body, &[seam, "infill_density=0"]);
        for layer in 1..=20 {
            let loops = p.loops(layer);
            let l = loops.iter().find(|l| l.role == Role::ExternalPerimeter).unwrap();
            let d = (l.points[0][0] - MIDDLE).hypot(l.points[0][1] - MIDDLE);
            assert!(d < 1.0, "{seam}, layer {layer}: {:?}", l.points[0]);
        }
    }
}

#[test]
fn rear_seams_are_rearmost() {
    let p = print(&cuboid(20.0, 20.0, 4.0), &["seam=rear", "infill_density=0"]);
    for layer in 1..=20 {
        for l in p
            .loops(layer)
            .iter()
            .filter(|l| l.role == Role::ExternalPerimeter)
        {
            let rear = l.points.iter().map(|p| p[1]).fold(f64::MIN, f64::max);
            assert!((l.points[0][1] - rear).abs() < 0.1, "layer {layer}");
        }
    }
}

#[test]
fn loops_are_spaced_as_rounded_rectangles() {
    // Width 1 and height 0.5: 1 - 0.5 (1 - pi/4) = 0.8927.
    let p = print(
        &cuboid(40.0, 40.0, 3.0),
        &[
            PLAIN,
            &[
                "nozzle_diameter=1",
                "line_width=1",
                "layer_height=0.5",
                "first_layer_height=0.5",
            ],
        ]
        .concat(),
    );
    let sides: Vec<f64> = p.loops(3).iter().map(|l| l.area().sqrt()).collect();
    assert!((sides[2] - 39.0).abs() < 0.02, "{sides:?}");
    assert!((sides[1] - sides[0] - 2.0 * 0.8927).abs() < 0.02, "{sides:?}");
    assert!((sides[2] - sides[1] - 2.0 * 0.8927).abs() < 0.02, "{sides:?}");
}

#[test]
fn a_fin_of_a_large_plate_is_filled() {
    // Two external perimeters leave 0.44 mm between them, as wide as a line, for 6 mm.
    let body = solid(
        &[
            [0.0, 0.0, 0.0, 100.0, 100.0, 1.0],
            [100.0, 50.0, 0.0, 106.0, 51.3, 1.0],
        ],
        &[],
    );
    let p = print(&body, PLAIN);
    let length: f64 = p
        .of(&[Role::GapFill])
        .filter(|m| m.layer == 2 && m.from[0].min(m.to[0]) > MIDDLE + 46.0)
        .map(xy)
        .sum();
    assert!((4.5..7.5).contains(&length), "{length}");
}
