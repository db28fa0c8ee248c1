//! Every harm is found where it is, and harmless jobs are found harmless.

use super::*;
use crate::testing::{self, FEEDS, block};
use crate::toolpath::{CutRole, Move};
use crate::{Fixture, Shape};
use offcut_mesh::Mesh;

fn setup() -> Setup {
    block([0.0, 0.0, -10.0], [60.0, 40.0, 0.0])
}

fn tool(shape: Shape) -> Tool {
    Tool {
        flute_length: 8.0,
        stickout: 20.0,
        ..testing::tool(shape, 6.0)
    }
}

fn path(moves: Vec<Move>) -> Toolpath {
    Toolpath {
        tool: 0,
        operation: 3,
        moves,
        cycles: Vec::new(),
        feeds: FEEDS,
    }
}

fn feed(x: f64, y: f64, z: f64) -> Move {
    Move::Feed {
        to: [x, y, z],
        kind: CutRole::Rough,
    }
}

fn run(setup: &Setup, tool: Tool, moves: Vec<Move>, model: Option<&Surface>) -> Report {
    let checks = Checks {
        model,
        limits: Some(([-50.0, -50.0, -30.0], [200.0, 200.0, 50.0])),
        cell: 0.1,
    };
    simulate(setup, &[tool], &[path(moves)], checks, &Ctx::quiet()).unwrap()
}

fn harms(r: &Report) -> Vec<Harm> {
    r.findings.iter().map(|f| f.harm).collect()
}

#[test]
fn a_plain_slot_is_harmless() {
    let moves = vec![
        Move::Rapid([10.0, 20.0, 10.0]),
        Move::Rapid([10.0, 20.0, 0.5]),
        feed(10.0, 20.0, -3.0),
        feed(50.0, 20.0, -3.0),
        Move::Rapid([50.0, 20.0, 10.0]),
    ];
    let r = run(&setup(), tool(Shape::Flat), moves, None);
    assert_eq!(harms(&r), []);
    let want = 3.0 * (40.0 * 6.0 + std::f64::consts::PI * 9.0);
    assert!((r.runs[0].volume - want).abs() < 0.01 * want);
    assert!((r.runs[0].cutting - 43.5).abs() < 1e-9 && r.runs[0].air == 0.0);
}

#[test]
fn harms_are_found_where_they_are() {
    let start = Move::Rapid([10.0, 20.0, 10.0]);
    let find = |tool: Tool, moves: Vec<Move>| run(&setup(), tool, moves, None).findings;
    // A rapid through the block, 2 mm deep.
    let f = find(
        tool(Shape::Flat),
        vec![
            start,
            Move::Rapid([-5.0, 20.0, -2.0]),
            Move::Rapid([30.0, 20.0, -2.0]),
        ],
    );
    let deep = f.iter().find(|f| f.source == 2).unwrap();
    assert_eq!((deep.harm, deep.operation), (Harm::RapidInStock, 3));
    assert!((deep.amount - 2.0).abs() < 1e-6 && deep.at[0] < 33.0 && deep.at[2] == -2.0);
    // Deeper than the flutes.
    let f = find(tool(Shape::Flat), vec![start, feed(10.0, 20.0, -9.0)]);
    assert_eq!(f[0].harm, Harm::FluteOverrun);
    assert!((f[0].amount - 1.0).abs() < 1e-6);
    // The holder on the stock's top.
    let long = Tool {
        stickout: 5.0,
        ..tool(Shape::Flat)
    };
    let f = find(long, vec![start, feed(10.0, 20.0, -6.0)]);
    assert_eq!(f[0].harm, Harm::HolderInStock);
    assert!((f[0].amount - 1.0).abs() < 1e-6);
    // No cutting edge at the centre.
    let hollow = Tool {
        center_cutting: false,
        ..tool(Shape::Flat)
    };
    let f = find(
        hollow,
        vec![start, feed(10.0, 20.0, -1.0), feed(20.0, 20.0, -1.0)],
    );
    assert_eq!(
        f.iter().map(|f| (f.harm, f.source)).collect::<Vec<_>>(),
        [(Harm::PlungeOffCenter, 1)]
    );
    // Into the bed and out of the machine.
    let f = find(
        tool(Shape::Ball),
        vec![start, feed(90.0, 20.0, 5.0), feed(90.0, 20.0, -10.5)],
    );
    assert_eq!(f.iter().map(|f| f.harm).collect::<Vec<_>>(), [Harm::Bed]);
    let f = find(tool(Shape::Ball), vec![start, Move::Rapid([10.0, 20.0, 60.0])]);
    assert_eq!((f[0].harm, f[0].amount), (Harm::Limits, 10.0));
}

#[test]
fn fixtures_are_kept_clear_of() {
    let mut s = setup();
    s.fixtures.push(Fixture {
        name: "clamp".into(),
        min: [20.0, 30.0, 0.0],
        max: [30.0, 40.0, 5.0],
    });
    let go = |y: f64, z: f64| {
        let moves = vec![Move::Rapid([10.0, y, 20.0]), feed(10.0, y, z), feed(50.0, y, z)];
        harms(&run(&s, tool(Shape::Flat), moves, None))
    };
    assert_eq!(go(26.9, 1.0), []);
    assert_eq!(go(27.1, 1.0), [Harm::Fixture]);
    assert_eq!(go(35.0, 5.1), []);
    // Past a corner: nearer than its square, farther than its radius.
    let past = |d: f64| {
        let moves = vec![
            Move::Rapid([10.0, 20.0, 20.0]),
            Move::Rapid([20.0 - d, 30.0 - d, 20.0]),
            feed(20.0 - d, 30.0 - d, 1.0),
        ];
        harms(&run(&s, tool(Shape::Flat), moves, None))
    };
    assert_eq!(past(2.5), []);
    assert_eq!(past(2.0), [Harm::Fixture]);
}

#[test]
fn gouges_into_a_model_are_exact() {
    // A roof with its ridge at y = 20, z = -2, falling to -6 at the sides.
    let (a, b, c, d) = (
        [0.0, 20.0, -2.0],
        [60.0, 20.0, -2.0],
        [60.0, 0.0, -6.0],
        [0.0, 0.0, -6.0],
    );
    let (e, f) = ([0.0, 40.0, -6.0], [60.0, 40.0, -6.0]);
    let roof = Mesh {
        triangles: vec![[d, c, b], [d, b, a], [a, b, f], [a, f, e]],
    };
    let model = Surface::new(&roof).unwrap();
    let over = |z: f64| {
        let moves = vec![
            Move::Rapid([30.0, -10.0, 10.0]),
            feed(30.0, -10.0, z),
            feed(30.0, 50.0, z),
        ];
        run(&setup(), tool(Shape::Ball), moves, Some(&model))
    };
    assert_eq!(harms(&over(-2.009)), []);
    assert_eq!(harms(&over(-2.011)), [Harm::Gouge]);
    let r = over(-2.05);
    assert_eq!(harms(&r), [Harm::Gouge]);
    assert!((r.findings[0].amount - 0.05).abs() < 1e-6 && (r.findings[0].at[1] - 20.0).abs() < 1e-6);
}

#[test]
fn arcs_cut_rings() {
    let arc = |to: [f64; 3], ccw| Move::Arc {
        to,
        center: [30.0, 20.0],
        ccw,
        kind: CutRole::Rough,
    };
    let moves = vec![
        Move::Rapid([40.0, 20.0, 10.0]),
        feed(40.0, 20.0, 0.0),
        // A helix, a full turn, then a half.
        arc([40.0, 20.0, -2.0], true),
        arc([40.0, 20.0, -2.0], false),
        arc([20.0, 20.0, -2.0], true),
    ];
    let r = run(&setup(), tool(Shape::Flat), moves, None);
    assert_eq!(harms(&r), []);
    let want = 2.0 * std::f64::consts::PI * (169.0 - 49.0);
    assert!(
        (r.runs[0].volume - want).abs() < 0.01 * want,
        "{}",
        r.runs[0].volume
    );
    assert_eq!(r.stock.at(30.0, 20.0), 0.0);
}
