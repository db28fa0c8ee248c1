//! Operations over models: carried out by the simulator, none may do harm, and the model must come out.

use super::*;
use crate::dropcutter::Surface;
use crate::simulate::{Checks, Report, Simulator, motions};
use crate::testing::{FEEDS, block, tool};
use crate::tools::feeds::named;
use crate::{Move, Shape, Stock, StockShape, Toolpath};
use proptest::prelude::*;

/// A hill and a hollow on a plate of 40 × 30 mm, 12 mm high, sampled every half millimetre.
fn hills() -> Mesh {
    let z = |i: i32, j: i32| {
        let (x, y) = (f64::from(i) * 0.5, f64::from(j) * 0.5);
        let bump = |cx: f64, cy: f64, r: f64, h: f64| {
            let d = ((x - cx).powi(2) + (y - cy).powi(2)) / (r * r);
            h * (-d * 2.0).exp()
        };
        (-6.0 + bump(12.0, 14.0, 9.0, 5.5) - bump(29.0, 16.0, 8.0, 4.5)) as f32
    };
    let mut t = Vec::new();
    for i in 0..80 {
        for j in 0..60 {
            let p = |i: i32, j: i32| [i as f32 * 0.5, j as f32 * 0.5, z(i, j)];
            t.push([p(i, j), p(i + 1, j), p(i + 1, j + 1)]);
            t.push([p(i, j), p(i + 1, j + 1), p(i, j + 1)]);
        }
    }
    Mesh { triangles: t }
}

/// A post of 10 × 10 × 8 mm and a pit on a plate: walls that stand upright, floors at levels.
fn blocks() -> Mesh {
    let mut t = Vec::new();
    let mut quad = |a: [f32; 3], b: [f32; 3], c: [f32; 3], d: [f32; 3]| {
        t.push([a, b, c]);
        t.push([a, c, d]);
    };
    let mut ring = |x: [f32; 2], y: [f32; 2], low: f32, high: f32| {
        quad(
            [x[0], y[0], low],
            [x[1], y[0], low],
            [x[1], y[0], high],
            [x[0], y[0], high],
        );
        quad(
            [x[1], y[0], low],
            [x[1], y[1], low],
            [x[1], y[1], high],
            [x[1], y[0], high],
        );
        quad(
            [x[1], y[1], low],
            [x[0], y[1], low],
            [x[0], y[1], high],
            [x[1], y[1], high],
        );
        quad(
            [x[0], y[1], low],
            [x[0], y[0], low],
            [x[0], y[0], high],
            [x[0], y[1], high],
        );
    };
    ring([8.0, 18.0], [10.0, 20.0], -10.0, -2.0);
    ring([24.0, 36.0], [9.0, 21.0], -11.0, -6.0);
    let mut floor = |x: [f32; 2], y: [f32; 2], z: f32| {
        quad([x[0], y[0], z], [x[1], y[0], z], [x[1], y[1], z], [x[0], y[1], z])
    };
    floor([8.0, 18.0], [10.0, 20.0], -2.0);
    floor([24.0, 36.0], [9.0, 21.0], -11.0);
    // The plate at -6 around the pit, in strips.
    floor([0.0, 40.0], [0.0, 9.0], -6.0);
    floor([0.0, 40.0], [21.0, 30.0], -6.0);
    floor([0.0, 24.0], [9.0, 21.0], -6.0);
    floor([36.0, 40.0], [9.0, 21.0], -6.0);
    Mesh { triangles: t }
}

fn setup() -> Setup {
    Setup {
        tolerance: 0.02,
        ..block([0.0, 0.0, -12.0], [40.0, 30.0, 0.0])
    }
}

/// Passes with a hop at the clearance before each.
fn joined(passes: &[Pass], operation: usize) -> Toolpath {
    let mut moves = Vec::new();
    for p in passes {
        moves.push(Move::Rapid([p.start[0], p.start[1], 10.0]));
        moves.push(Move::Rapid(p.start));
        moves.extend_from_slice(&p.moves);
        let e = p.end();
        moves.push(Move::Rapid([e[0], e[1], 10.0]));
    }
    Toolpath {
        tool: operation,
        operation,
        moves,
        cycles: Vec::new(),
        feeds: FEEDS,
    }
}

/// Plans operations one after the other on what is left of the usual block and carries them out.
fn mill(model: &Mesh, jobs: &[(&str, &str, Tool)]) -> Report {
    mill_in(&setup(), CELL, model, jobs)
}

fn mill_in(setup: &Setup, cell: f64, model: &Mesh, jobs: &[(&str, &str, Tool)]) -> Report {
    let (ctx, notes) = (Ctx::quiet(), Notes::default());
    let surface = Surface::new(model).unwrap();
    let checks = Checks {
        model: Some(&surface),
        limits: None,
        cell,
    };
    let mut simulator = Simulator::new(setup, checks);
    for (i, (kind, settings, tool)) in jobs.iter().enumerate() {
        let kind = KINDS.iter().find(|k| k.name == *kind).unwrap();
        let operation = (kind.read)(settings.parse().unwrap()).unwrap();
        let plan = Plan {
            setup,
            tool,
            material: named("plywood").unwrap(),
            feeds: FEEDS,
            region: &Loops::new(),
            lines: &Polylines::new(),
            holes: &[],
            model: Some(model),
            stock: Some(simulator.stock()),
            ctx: &ctx,
            notes: &notes,
        };
        let passes = operation.plan(&plan).unwrap();
        let path = joined(&passes, i);
        let moves = motions(&path, None);
        simulator.run(i, tool, FEEDS.plunge, &moves, &ctx).unwrap();
    }
    let report = simulator.finish();
    assert!(report.findings.is_empty(), "{jobs:?}: {:?}", report.findings[0]);
    report
}

/// How far the stock stands above the model's field at most, and on average, in a part of the plate.
fn above(report: &Report, model: &Mesh, x: [f64; 2], y: [f64; 2]) -> (f64, f64) {
    let target = Field::of_mesh(model, [0.0, 0.0, -12.0], [40.0, 30.0, 0.0], CELL);
    let (mut most, mut sum, mut n) = (0.0f64, 0.0, 0.0);
    for i in 0..target.size()[0] {
        for j in 0..target.size()[1] {
            let c = target.center(i, j);
            if c[0] > x[0] && c[0] < x[1] && c[1] > y[0] && c[1] < y[1] {
                let d = report.stock.height(i, j) - target.height(i, j);
                most = most.max(d);
                sum += d;
                n += 1.0;
            }
        }
    }
    (most, sum / n)
}

/// Side of the cells of stock and target, mm.
const CELL: f64 = 0.15;

const ALL: ([f64; 2], [f64; 2]) = ([0.0, 40.0], [0.0, 30.0]);

#[test]
fn roughing_leaves_what_it_should() {
    for settings in [
        "stepdown = 2.0",
        "stepdown = 1.5\nzigzag = true\nangle = 30.0",
        "stepdown = 3.0\nstepover = 0.45",
        "stepdown = 3.0\nadaptive = true",
    ] {
        let model = hills();
        let r = mill(&model, &[("roughing", settings, tool(Shape::Flat, 6.0))]);
        let (most, mean) = above(&r, &model, ALL.0, ALL.1);
        // Steps of the levels and the allowance; the walls of the hollow are too tight for the tool.
        assert!(mean < 2.2 && most < 6.0, "{settings}: {most} {mean}");
        // Nothing nearer to the model than the allowance.
        let target = Field::of_mesh(&model, [0.0, 0.0, -12.0], [40.0, 30.0, 0.0], CELL);
        for i in 0..target.size()[0] {
            for j in 0..target.size()[1] {
                let d = r.stock.height(i, j) - target.height(i, j);
                assert!(d > 0.29, "{settings}: {d} left at {:?}", target.center(i, j));
            }
        }
    }
}

#[test]
fn roughing_clears_level_floors_to_what_it_leaves() {
    // Floors at -2, -6 and -11, none a multiple of the step below the top.
    let model = blocks();
    for more in ["", "zigzag = true", "adaptive = true"] {
        let settings = format!("stepdown = 3.5\nleave = 0.25\n{more}");
        let r = mill(&model, &[("roughing", &settings, tool(Shape::Flat, 4.0))]);
        for (x, y) in [
            ([9.0, 17.0], [11.0, 19.0]),
            ([1.0, 39.0], [1.0, 7.0]),
            ([27.0, 33.0], [12.0, 18.0]),
        ] {
            let (most, mean) = above(&r, &model, x, y);
            assert!(most < 0.28 && mean > 0.249, "{more}: {most} {mean} at {x:?}");
        }
    }
}

#[test]
fn even_engagement_by_levels_leaves_what_rings_leave() {
    let model = blocks();
    for shape in [Shape::Flat, Shape::Ball, Shape::Bull { corner_radius: 1.0 }] {
        let job = |more: &str| {
            let settings = format!("stepdown = 2.5\nleave = 0.4\n{more}");
            mill(&model, &[("roughing", &settings, tool(shape, 4.0))])
        };
        let (even, rings) = (job("adaptive = true"), job("stepover = 0.2"));
        for (x, y) in [
            ([0.5, 6.0], [0.5, 29.5]),
            ([27.0, 33.0], [12.0, 18.0]),
            ([20.0, 22.5], [1.0, 29.0]),
        ] {
            let (a, b) = (above(&even, &model, x, y), above(&rings, &model, x, y));
            assert!((a.1 - b.1).abs() < 0.06, "{shape:?} {x:?} {y:?}: {a:?} {b:?}");
        }
        let nearest = (0..even.stock.size()[0]).flat_map(|i| (0..even.stock.size()[1]).map(move |j| (i, j)));
        let target = Field::of_mesh(&model, [0.0, 0.0, -12.0], [40.0, 30.0, 0.0], CELL);
        for (i, j) in nearest {
            assert!(even.stock.height(i, j) - target.height(i, j) > 0.38);
        }
    }
}

#[test]
fn roughing_keeps_off_fixtures() {
    let model = hills();
    let clamp = crate::Fixture {
        name: "clamp".into(),
        min: [15.0, -5.0, -12.0],
        max: [25.0, 5.0, 6.0],
    };
    let setup = Setup {
        fixtures: vec![clamp],
        ..setup()
    };
    // The simulation finds no tool, shank or holder in the clamp.
    let r = mill_in(
        &setup,
        CELL,
        &model,
        &[("roughing", "stepdown = 3.0", tool(Shape::Flat, 6.0))],
    );
    // Under the clamp and beside it the block stands; a tool's width further the hollow is cleared.
    assert_eq!(r.stock.at(20.0, 4.5), 0.0);
    assert_eq!(r.stock.at(25.3, 4.0), 0.0);
    assert!(r.stock.at(29.0, 14.0) < -6.0);
    let free = mill(&model, &[("roughing", "stepdown = 3.0", tool(Shape::Flat, 6.0))]);
    assert!(free.stock.at(20.0, 4.5) < -2.0);
}

#[test]
fn walls_and_floors_are_cleared_to_the_allowance() {
    let model = blocks();
    let r = mill(
        &model,
        &[("roughing", "stepdown = 2.0\nleave = 0.5", tool(Shape::Flat, 4.0))],
    );
    // The plate around the post, and the pit's middle.
    let (most, _) = above(&r, &model, [0.5, 6.0], [0.5, 29.5]);
    assert!((0.49..2.01).contains(&most), "{most}");
    let (most, _) = above(&r, &model, [27.0, 33.0], [12.0, 18.0]);
    assert!((0.49..0.52).contains(&most), "{most}");
}

#[test]
fn finishing_meets_the_model() {
    let model = hills();
    let rough = ("roughing", "stepdown = 2.0", tool(Shape::Flat, 6.0));
    for (kind, settings, tool, bound) in [
        ("parallel", "cusp = 0.01", tool(Shape::Ball, 4.0), 0.06),
        (
            "parallel",
            "stepover = 0.3\nangle = 37.0\none_way = true",
            tool(Shape::Ball, 4.0),
            0.06,
        ),
        (
            "parallel",
            "stepover = 0.4",
            tool(Shape::Bull { corner_radius: 1.0 }, 4.0),
            0.25,
        ),
        (
            "parallel",
            "stepover = 0.3",
            tool(
                Shape::TaperedBall {
                    angle: 14.0,
                    tip_radius: 1.0,
                },
                4.0,
            ),
            0.1,
        ),
    ] {
        let r = mill(&model, &[rough.clone(), (kind, settings, tool)]);
        let (most, mean) = above(&r, &model, [1.0, 39.0], [1.0, 29.0]);
        assert!(most < bound && mean < 0.03, "{kind} {settings}: {most} {mean}");
    }
}

#[test]
fn steep_places_by_rings_and_shallow_ones_by_rows() {
    let model = blocks();
    let ball = || tool(Shape::Ball, 3.0);
    let r = mill(
        &model,
        &[
            ("roughing", "stepdown = 2.0", tool(Shape::Flat, 4.0)),
            ("waterline", "stepdown = 0.3", tool(Shape::Flat, 4.0)),
            ("parallel", "stepover = 0.3\nshallower = 45.0", ball()),
        ],
    );
    // The post's walls are clean at its foot, but for what the last level leaves.
    let (most, _) = above(&r, &model, [4.0, 7.9], [11.0, 19.0]);
    assert!(most < 0.32, "{most}");
    let (most, _) = above(&r, &model, [9.0, 17.0], [11.0, 19.0]);
    assert!(most < 0.03, "{most}");
}

#[test]
fn ridges_between_rings_are_of_one_height() {
    // A ridge roof of 60°: rows in the plan would leave ridges twice as far apart along it.
    let (w, h) = (40.0f32, 30.0f32);
    let (a, b, top) = (10.0, 20.0, 17.32);
    let z = |y: f32| {
        -11.0
            + if y > a && y < b {
                (5.0 - (y - 15.0).abs()) / 5.0 * top * 0.5
            } else {
                0.0
            }
    };
    let mut t = Vec::new();
    for (p, q) in [(0.0, a), (a, 15.0), (15.0, b), (b, h)] {
        let c = |x: f32, y: f32| [x, y, z(y)];
        t.extend([[c(0.0, p), c(w, p), c(w, q)], [c(0.0, p), c(w, q), c(0.0, q)]]);
    }
    let model = Mesh { triangles: t };
    let ball = || tool(Shape::Ball, 6.0);
    let r = mill(
        &model,
        &[
            ("roughing", "stepdown = 3.0", tool(Shape::Flat, 6.0)),
            ("scallop", "stepover = 0.8", ball()),
        ],
    );
    // c = r - sqrt(r² - s²/4) = 0.027 across the surface, 1.37 of it where rings turn, and half of the tolerance of 0.02
    // that stays on the model; twice that in z on 60°.
    let flank = above(&r, &model, [8.0, 32.0], [13.0, 14.5]);
    assert!(flank.0 < 0.074 + 0.02 + 0.02, "{flank:?}");
    let rows = mill(&model, &[("parallel", "stepover = 0.8", ball())]);
    let worse = above(&rows, &model, [8.0, 32.0], [13.0, 14.5]);
    assert!(worse.0 > 1.5 * flank.0, "{worse:?} {flank:?}");
}

#[test]
fn a_pencil_goes_along_inner_corners() {
    let model = blocks();
    // A larger ball leaves the corners between walls and floors to a smaller one; roughing stays off them.
    let r = |second: &[(&str, &str, Tool)]| {
        let first = [
            ("roughing", "stepdown = 2.0\nleave = 1.2", tool(Shape::Flat, 4.0)),
            ("parallel", "stepover = 0.4", tool(Shape::Ball, 6.0)),
        ];
        let jobs: Vec<_> = first.iter().chain(second).cloned().collect();
        // The foot of the post, within half a millimetre.
        above(&mill(&model, &jobs), &model, [7.3, 7.8], [12.0, 18.0])
    };
    let (before, after) = (r(&[]), r(&[("pencil", "", tool(Shape::Ball, 2.0))]));
    assert!(before.1 > 1.0 && after.1 < 0.5, "{before:?} {after:?}");
}

#[test]
fn tools_that_cannot_plunge_ramp() {
    let model = hills();
    let hollow = Tool {
        center_cutting: false,
        ..tool(Shape::Bull { corner_radius: 0.5 }, 6.0)
    };
    // Straight from the block, without roughing.
    mill(&model, &[("parallel", "stepover = 1.0", hollow.clone())]);
    mill(&model, &[("waterline", "stepdown = 1.0", hollow.clone())]);
    mill(&model, &[("roughing", "stepdown = 2.0", hollow)]);
}

/// The test models stand in a block with somewhat around them; what lies below an overhang stays.
#[test]
fn test_models_come_out_unharmed() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../test-models/");
    for name in [
        "bracket.stl",
        "sphere.stl",
        "tops.stl",
        "overhangs.stl",
        "gear.obj",
        "defects.stl",
    ] {
        let bytes = std::fs::read(format!("{folder}{name}")).unwrap();
        let read = offcut_formats::read_model(&bytes, name, &offcut_formats::Limits::default()).unwrap();
        let mut model = Mesh::clone(&read.objects[0].mesh);
        let (lo, hi) = model.bounds().unwrap();
        let size = [0, 1, 2].map(|k| f64::from(hi[k] - lo[k]));
        model.translate([
            3.0 - f64::from(lo[0]),
            3.0 - f64::from(lo[1]),
            -1.0 - f64::from(hi[2]),
        ]);
        let setup = Setup {
            stock: Stock {
                min: [0.0, 0.0, -size[2] - 1.0],
                max: [size[0] + 6.0, size[1] + 6.0, 0.0],
                shape: StockShape::Box,
            },
            tolerance: 0.05,
            ..setup()
        };
        let long = |shape, d| Tool {
            flute_length: 200.0,
            stickout: 300.0,
            ..tool(shape, d)
        };
        let report = mill_in(
            &setup,
            0.4,
            &model,
            &[
                ("roughing", "stepdown = 6.0", long(Shape::Flat, 6.0)),
                (
                    "waterline",
                    "stepdown = 4.0\nsteeper = 50.0",
                    long(Shape::Bull { corner_radius: 1.0 }, 6.0),
                ),
                (
                    "parallel",
                    "stepover = 2.0\nangle = 20.0\nshallower = 55.0",
                    long(Shape::Ball, 6.0),
                ),
            ],
        );
        let gone = Field::of(&setup, 0.4).volume() - report.stock.volume();
        assert!(gone > 0.02 * Field::of(&setup, 0.4).volume(), "{name}: {gone}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    /// Any ground, tool and settings: nothing is harmed.
    #[test]
    fn nothing_is_ever_harmed(
        heights in prop::collection::vec(-9.0f32..-0.5, 36),
        (shape, diameter) in (0usize..5, 1.5f64..7.0),
        (kind, angle, step) in (0usize..5, 0.0f64..180.0, 0.2f64..0.6),
        leave in 0.0f64..0.4,
    ) {
        let z = |i: usize, j: usize| heights[(j % 6) * 6 + i % 6];
        let mut t = Vec::new();
        for i in 0..8 {
            for j in 0..6 {
                let p = |i: usize, j: usize| [i as f32 * 5.0, j as f32 * 5.0, z(i, j)];
                t.push([p(i, j), p(i + 1, j), p(i + 1, j + 1)]);
                t.push([p(i, j), p(i + 1, j + 1), p(i, j + 1)]);
            }
        }
        let r = diameter / 2.0;
        let shape = [
            Shape::Flat,
            Shape::Ball,
            Shape::Bull { corner_radius: 0.3 * r },
            Shape::Vee { angle: 60.0, tip_diameter: 0.2 },
            Shape::TaperedBall { angle: 20.0, tip_radius: 0.5 * r },
        ][shape];
        let (kind, settings) = [
            ("roughing", format!("stepdown = 2.5\nstepover = {step}\nleave = {leave}")),
            ("roughing", format!("stepdown = 4.0\nzigzag = true\nangle = {angle}\nleave = {leave}")),
            ("parallel", format!("stepover = {}\nangle = {angle}\nleave = {leave}", step * diameter)),
            ("waterline", format!("stepdown = {step}\nleave = {leave}")),
            ("scallop", format!("stepover = {}\nleave = {leave}", step * diameter)),
        ][kind].clone();
        let report = mill_in(&setup(), 0.25, &Mesh { triangles: t }, &[(kind, &settings, tool(shape, diameter))]);
        prop_assert!(report.runs[0].volume > 0.0);
    }
}
