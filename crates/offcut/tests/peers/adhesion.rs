//! Skirt, brim, raft and support.

use crate::body::{cube, cuboid, extruded, solid, t_body};
use crate::run::{MIDDLE, Print, copies, print, xy};
use offcut_gcode::Role;

const SKIRT: &[Role] = &[Role::SkirtBrim];
const SUPPORT: &[Role] = &[Role::Support, Role::SupportInterface];

fn loops_in(p: &Print, layer: u32) -> usize {
    p.strokes(layer)
        .iter()
        .filter(|s| s.role == Role::SkirtBrim)
        .count()
}

#[test]
fn the_skirt_is_as_high_as_asked_for() {
    let settings = ["skirt_loops=1", "skirt_height=5", "perimeters=0"];
    for n in [1, 2] {
        assert_eq!(copies(n, &cube(), &settings).layers_with(SKIRT), [1, 2, 3, 4, 5]);
    }
}

#[test]
fn the_skirt_surrounds_all_copies_and_all_travels() {
    let p = copies(2, &cube(), &["skirt_loops=1"]);
    assert_eq!(loops_in(&p, 1), 1);
    let bounds = |roles: &[Role]| {
        p.of(roles)
            .fold([f64::MAX, f64::MAX, f64::MIN, f64::MIN], |b, m| {
                [
                    b[0].min(m.to[0]),
                    b[1].min(m.to[1]),
                    b[2].max(m.to[0]),
                    b[3].max(m.to[1]),
                ]
            })
    };
    let skirt = bounds(SKIRT);
    let begun = p.extrusions().next().unwrap().line;
    for m in p.moves().filter(|m| m.line > begun && xy(m) > 0.0) {
        assert!(skirt[0] <= m.to[0] && m.to[0] <= skirt[2], "line {}", m.line);
        assert!(skirt[1] <= m.to[1] && m.to[1] <= skirt[3], "line {}", m.line);
    }
}

#[test]
fn skirt_and_brim_end_where_the_bed_does() {
    // 216 mm on a bed of 220: no room for a skirt 6 mm away, 2 mm for the brim.
    let slab = cuboid(216.0, 100.0, 0.6);
    let p = print(&slab, &["skirt_loops=2", "skirt_distance=6"]);
    assert_eq!(loops_in(&p, 1), 0);
    let said = |p: &Print, code: &str| p.outcome.warnings.iter().any(|w| w.code == code);
    assert!(said(&p, "skirt") && !said(&p, "brim"), "{:?}", p.outcome.warnings);
    let p = print(&slab, &["skirt_loops=0", "brim_width=8"]);
    assert!(said(&p, "brim"), "{:?}", p.outcome.warnings);
    let brim: Vec<_> = p.of(SKIRT).collect();
    assert!(brim.iter().all(|m| (0.0..=220.0).contains(&m.to[0])));
    // Along the long sides all of it is there.
    let reach = brim.iter().map(|m| (m.to[1] - MIDDLE).abs()).fold(0.0, f64::max);
    assert!(reach > 50.0 + 7.0, "{reach}");
    // The object itself must fit.
    let mut s = crate::run::job(&[&slab], &["skirt_loops=0"], offcut::Placement::default());
    s.placement.center = Some([120.0, 110.0]);
    assert!(offcut::slice(s, &offcut::Ctx::quiet(), &mut Vec::new()).is_err());
}

#[test]
fn travels_between_lines_of_support_leave_no_strings() {
    // The bar of the T hangs 15 mm out on both sides.
    let p = print(&t_body(), &["support=grid", "retract_before_travel=2"]);
    let mut held = 0.0;
    let mut loose = 0;
    let mut from_support = false;
    for m in p.moves() {
        if m.e != 0.0 && xy(m) == 0.0 {
            held -= m.e;
        }
        if crate::run::extrudes(m) {
            from_support = m.role == Some(Role::Support);
        } else if from_support && xy(m) > 0.6 && held < 0.1 {
            loose += 1;
        }
    }
    assert_eq!(loose, 0);
}

#[test]
fn a_brim_has_as_many_loops_as_fit_its_width() {
    let p = print(
        &cube(),
        &[
            "skirt_loops=0",
            "brim_width=1",
            "first_layer_line_width=0.5",
            "first_layer_height=0.3",
        ],
    );
    assert_eq!(loops_in(&p, 1), 2);
    assert_eq!(p.layers_with(SKIRT), [1]);
    assert!(p.of(SKIRT).all(|m| (m.to[2] - 0.3).abs() < 1e-3));
}

#[test]
fn a_brim_reaches_its_width() {
    let p = print(
        &cube(),
        &["skirt_loops=0", "brim_width=5", "first_layer_height=0.3"],
    );
    let reach = p.of(SKIRT).map(|m| (m.to[0] - MIDDLE).abs()).fold(0.0, f64::max);
    assert!((14.0..15.0).contains(&reach), "{reach}");
}

#[test]
fn odd_skirts_do_no_harm() {
    for s in [
        ["brim_width=10", "skirt_distance=1"],
        ["skirt_height=0", "skirt_loops=2"],
    ] {
        assert!(
            print(&cuboid(20.0, 20.0, 2.0), &s)
                .layers_with(&[Role::ExternalPerimeter])
                .len()
                == 10
        );
    }
    let p = print(
        &cuboid(5.0, 5.0, 2.0),
        &["min_skirt_length=20", "skirt_distance=2"],
    );
    let laid: f64 = p.of(SKIRT).map(|m| m.e).sum();
    assert!(laid >= 20.0, "{laid}");
}

#[test]
fn a_raft_lifts_the_object() {
    let p = print(
        &cuboid(20.0, 20.0, 4.0),
        &["raft_layers=3", "skirt_loops=0", "raft_contact_distance=0.1"],
    );
    let top = |l: u32| p.extrusions().find(|m| m.layer == l).unwrap().to[2];
    assert_eq!(p.layers_with(SUPPORT), [1, 2, 3]);
    let first = *p.layers_with(&[Role::ExternalPerimeter]).first().unwrap();
    assert_eq!(first, 4);
    let thickness = p.of(&[Role::ExternalPerimeter]).next().unwrap().height;
    assert!(
        (top(4) - f64::from(thickness) - top(3) - 0.1).abs() < 1e-3,
        "{} {}",
        top(3),
        top(4)
    );
    let last = *p.heights().last().unwrap();
    assert!((last - (top(3) + 0.1 + 4.0)).abs() < 0.1 + 1e-3, "{last}");
}

#[test]
fn support_layers_are_as_thick_as_the_nozzle_at_most() {
    // A hole of 10 mm through a box, lying.
    let body = solid(
        &[[0.0, 0.0, 0.0, 20.0, 10.0, 20.0]],
        &[[5.0, 0.0, 5.0, 15.0, 10.0, 15.0]],
    );
    for first in [0.4, 0.3] {
        let p = print(
            &body,
            &[
                "support=grid",
                "support_bridges=on",
                "layer_height=0.2",
                &format!("first_layer_height={first}"),
            ],
        );
        let mut seen = 0;
        for m in p.of(SUPPORT) {
            assert!(
                (0.05..=0.4 + 1e-3).contains(&f64::from(m.height)),
                "line {}: {}",
                m.line,
                m.height
            );
            assert!(
                (m.to[0] - MIDDLE).abs() < 5.0 && (5.0..15.0).contains(&m.to[2]),
                "line {}",
                m.line
            );
            seen += 1;
        }
        assert!(seen > 100, "{seen}");
    }
}

#[test]
fn support_starts_at_the_first_layer_height() {
    for first in [0.4, 0.3] {
        let p = print(
            &t_body(),
            &["support=grid", &format!("first_layer_height={first}")],
        );
        let lowest = p.of(SUPPORT).map(|m| m.to[2]).fold(f64::MAX, f64::min);
        assert!((lowest - first).abs() < 1e-3, "{lowest}");
    }
}

#[test]
fn support_keeps_its_distance_from_the_sides() {
    let p = print(
        &t_body(),
        &["support=grid", "support_xy_distance=1", "skirt_loops=0"],
    );
    let mut seen = 0;
    for m in p.of(SUPPORT) {
        for at in [m.from, m.to] {
            let (x, y) = ((at[0] - MIDDLE).abs() - 5.0, (at[1] - MIDDLE).abs() - 5.0);
            let outside = x.max(0.0).hypot(y.max(0.0));
            let edge = outside - f64::from(m.width) / 2.0;
            assert!(edge > 1.0 - 0.02, "line {}: {edge} mm from the stem", m.line);
        }
        seen += 1;
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn support_ends_below_the_overhang() {
    let p = print(&t_body(), &["support=grid", "support_contact_distance=0.2"]);
    let highest = p.of(SUPPORT).map(|m| m.to[2]).fold(0.0, f64::max);
    assert!((14.6 - 1e-3..=14.8 + 1e-3).contains(&highest), "{highest}");
}

#[test]
fn buildplate_only_support_never_starts_on_the_model() {
    // A plate, a pillar and a roof: there is bed below the roof nowhere.
    let body = solid(
        &[
            [0.0, 0.0, 0.0, 30.0, 30.0, 3.0],
            [0.0, 0.0, 3.0, 10.0, 30.0, 15.0],
            [0.0, 0.0, 15.0, 30.0, 30.0, 18.0],
        ],
        &[],
    );
    let length = |only: &str| {
        print(&body, &["support=grid", only])
            .of(SUPPORT)
            .map(xy)
            .sum::<f64>()
    };
    assert!(length("support_buildplate_only=off") > 1000.0);
    assert_eq!(length("support_buildplate_only=on"), 0.0);
}

#[test]
fn a_cube_needs_no_support() {
    assert!(print(&cube(), &["support=grid"]).layers_with(SUPPORT).is_empty());
    assert!(print(&t_body(), &[]).layers_with(SUPPORT).is_empty());
}

#[test]
fn the_threshold_angle_decides_what_is_supported() {
    // A wall that leans over at 50° from the horizontal.
    let lean = 20.0 / 50f32.to_radians().tan();
    let body = extruded(
        &[[0.0, 0.0], [10.0, 0.0], [10.0 + lean, 20.0], [lean, 20.0]],
        20.0,
    );
    let length = |angle: u32| {
        let angle = format!("support_threshold_angle={angle}");
        print(&body, &["support=grid", &angle])
            .of(SUPPORT)
            .map(xy)
            .sum::<f64>()
    };
    let lengths = [30, 45, 60].map(length);
    assert!(
        lengths[0] == 0.0 && lengths[1] == 0.0 && lengths[2] > 100.0,
        "{lengths:?}"
    );
}
