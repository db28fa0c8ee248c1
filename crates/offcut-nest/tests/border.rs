//! The JSON border and the checker on layouts whose validity is plain to see.

#![allow(clippy::unwrap_used)]

use offcut_nest::json::{read_instance, read_solution, write_solution};
use offcut_nest::{Fault, Instance, NestError, check};

fn square(id: &str, side: f64, demand: u32) -> String {
    format!(
        r#"{{"id": "{id}", "demand": {demand}, "allowed_orientations": [0, 90],
        "shape": {{"type": "rectangle", "data": {{"x_min": 3, "y_min": 4, "width": {side}, "height": {side}}}}}}}"#
    )
}

fn strip(extra: &str) -> Instance {
    let text = format!(
        r#"{{"name": "t", {extra} "strip_height": 20, "items": [{}]}}"#,
        square("a", 10.0, 3)
    );
    read_instance(&text).unwrap()
}

/// Placements by their lower left corner, as (x, y, rotation, mirror).
fn faults(i: &Instance, at: &[(f64, f64, f64, bool)]) -> Vec<Fault> {
    let p: Vec<String> = at
        .iter()
        .map(|&(x, y, r, m)| {
            // The square lies from (3, 4) to (13, 14): a quarter turn brings its corner to (-14, 3).
            let (cx, cy) = match (r as i32, m) {
                (90, false) => (-14.0, 3.0),
                (0, true) => (3.0, -14.0),
                _ => (3.0, 4.0),
            };
            format!(
                r#"{{"part": "a", "rotation": {r}, "mirror": {m}, "x": {}, "y": {}}}"#,
                x - cx,
                y - cy
            )
        })
        .collect();
    let text = format!(r#"{{"placements": [{}]}}"#, p.join(","));
    check(i, &read_solution(i, &text).unwrap())
}

const GOOD: [(f64, f64, f64, bool); 3] = [
    (0.0, 0.0, 0.0, false),
    (0.0, 10.0, 90.0, false),
    (10.0, 0.0, 0.0, false),
];

fn with(k: usize, v: (f64, f64, f64, bool)) -> [(f64, f64, f64, bool); 3] {
    let mut all = GOOD;
    all[k] = v;
    all
}

#[test]
fn checks_a_strip() {
    let i = strip("");
    assert_eq!(faults(&i, &GOOD), []);
    assert_eq!(
        faults(&i, &with(2, (9.9999, 0.0, 0.0, false))),
        [Fault::Overlap(0, 2)]
    );
    assert_eq!(
        faults(&i, &with(1, (0.0, 10.0001, 0.0, false))),
        [Fault::Outside(1)]
    );
    assert_eq!(
        faults(&i, &with(0, (-0.0001, 0.0, 0.0, false))),
        [Fault::Outside(0)]
    );
    assert_eq!(
        faults(&i, &with(2, (10.0, 0.0, 0.0, true))),
        [Fault::Orientation(2)]
    );
    assert_eq!(
        faults(&i, &with(2, (30.0, 0.0, 45.0, false)))[0],
        Fault::Orientation(2)
    );
    assert!(matches!(faults(&i, &GOOD[..2])[..], [Fault::Demand { .. }]));
}

#[test]
fn checks_distances() {
    let i = strip(r#""spacing": 0.5,"#);
    assert_eq!(
        faults(&i, &GOOD),
        [Fault::Spacing(0, 1), Fault::Spacing(0, 2), Fault::Spacing(1, 2)]
    );
    let apart = |d: f64| {
        [
            (0.0, 0.0, 0.0, false),
            (10.0 + d, 0.0, 0.0, false),
            (20.0 + 2.0 * d, 0.0, 0.0, false),
        ]
    };
    assert_eq!(faults(&i, &apart(0.5)), []);
    assert_eq!(faults(&i, &apart(0.499_999)).len(), 2);
    let i = strip(r#""margin": 1,"#);
    let moved = |d: f64| {
        [
            (d, d, 0.0, false),
            (10.0 + d, d, 0.0, false),
            (20.0 + d, d, 0.0, false),
        ]
    };
    assert_eq!(faults(&i, &moved(1.0)), []);
    assert_eq!(faults(&i, &moved(0.999)).len(), 3);
}

#[test]
fn checks_sheets() {
    // An L of three squares, a defect in the corner of the third, one sheet in stock.
    let text = r#"{"name": "t", "items": [{"id": 7, "demand": 2, "allowed_orientations": [], "min_quality": 2,
        "shape": {"type": "simple_polygon", "data": [[0,0],[10,0],[10,10],[0,10],[0,0]]}}],
        "sheets": [{"id": "L", "stock": 1, "cost": 3,
            "shape": {"type": "simple_polygon", "data": [[0,0],[20,0],[20,10],[10,10],[10,20],[0,20]]},
            "defects": [{"type": "rectangle", "data": {"x_min": 19, "y_min": 0, "width": 1, "height": 1}}],
            "zones": [{"quality": 1, "shape": {"type": "rectangle",
                "data": {"x_min": 0, "y_min": 19, "width": 5, "height": 1}}},
                {"quality": 2, "shape": {"type": "rectangle",
                "data": {"x_min": 0, "y_min": 0, "width": 5, "height": 1}}}]}]}"#;
    let i = read_instance(text).unwrap();
    let faults = |a: [f64; 2], b: [f64; 2]| {
        let at = |p: [f64; 2]| format!(r#"{{"part": 7, "rotation": 0, "x": {}, "y": {}}}"#, p[0], p[1]);
        let text = format!(r#"{{"placements": [{}, {}]}}"#, at(a), at(b));
        check(&i, &read_solution(&i, &text).unwrap())
    };
    assert_eq!(faults([0.0, 0.0], [10.0, 0.0]), [Fault::Defect(1)]);
    assert_eq!(faults([0.0, 0.0], [0.0, 10.0]), [Fault::Defect(1)]);
    assert_eq!(faults([0.0, 9.0], [9.0, -1.0]), [Fault::Outside(1)]);
    assert_eq!(faults([0.0, 9.0], [9.0, 0.0]), [Fault::Overlap(0, 1)]);
    assert_eq!(faults([0.0, 9.0], [0.0, -1.0]), [Fault::Outside(1)]);
    assert_eq!(
        faults([0.0, 9.0], [1.0, 9.0]),
        [Fault::Outside(1), Fault::Overlap(0, 1)]
    );
    let two = r#"{"sheets": [{"id": "L"}, {"id": "L"}], "placements": [
        {"part": 7, "rotation": 0, "x": 0, "y": 9, "sheet": 0},
        {"part": "7", "rotation": 360, "x": 0, "y": 9, "sheet": 1}]}"#;
    let layout = read_solution(&i, two).unwrap();
    assert_eq!(
        check(&i, &layout),
        [Fault::Stock {
            kind: 0,
            used: 2,
            stock: 1
        }]
    );
    assert_eq!(layout.cost(&i), 6.0);
    assert!((layout.density(&i) - 200.0 / 600.0).abs() < 1e-12);
}

#[test]
fn solutions_survive_a_round_trip() {
    let i = strip("");
    let text = r#"{"placements": [{"part": "a", "rotation": 90, "x": 14.25, "y": -3},
        {"part": "a", "rotation": 0, "x": -3, "y": -4}], "unplaced": [{"part": "a", "count": 1}]}"#;
    let layout = read_solution(&i, text).unwrap();
    assert_eq!(check(&i, &layout), [Fault::Overlap(0, 1)]);
    assert_eq!(read_solution(&i, &write_solution(&i, &layout)).unwrap(), layout);
    let width = layout.strip_width(&i) as f64 / i.scale;
    assert_eq!(width, 10.25);
}

#[test]
fn refuses_what_is_no_instance() {
    let message = |t: &str| read_instance(t).unwrap_err().to_string();
    assert!(message("{").contains("line 1"));
    assert!(message(r#"{"items": []}"#).contains("no part"));
    let item = square("a", 10.0, 1);
    assert!(message(&format!(r#"{{"items": [{item}]}}"#)).contains("strip_height or sheets"));
    assert!(message(&format!(r#"{{"strip_height": -1, "items": [{item}]}}"#)).contains("no height"));
    assert!(
        message(&format!(
            r#"{{"strip_height": 9, "spacing": -1, "items": [{item}]}}"#
        ))
        .contains("distance")
    );
    let flat = r#"{"strip_height": 9, "items": [{"id": 1, "demand": 1,
        "shape": {"type": "simple_polygon", "data": [[0,0],[5,0],[9,0]]}}]}"#;
    assert!(message(flat).contains("no area"));
    let none = format!(r#"{{"strip_height": 9, "items": [{}]}}"#, square("a", 10.0, 0));
    assert_eq!(read_instance(&none), Err(NestError::Empty));
    let many = format!(
        r#"{{"strip_height": 9, "items": [{}]}}"#,
        square("a", 1.0, 4_000_000)
    );
    assert!(matches!(read_instance(&many), Err(NestError::TooMany { .. })));
}

#[test]
fn a_solution_tells_what_is_left() {
    let text = format!(
        r#"{{"items": [{}], "sheets": [{{"id": "s", "shape": {{"type": "rectangle",
        "data": {{"x_min": 0, "y_min": 0, "width": 100, "height": 50}}}}}}]}}"#,
        square("a", 10.0, 1)
    );
    let i = read_instance(&text).unwrap();
    let text = r#"{"placements": [{"sheet": 0, "part": "a", "rotation": 0, "x": -3, "y": -4}]}"#;
    let written = write_solution(&i, &read_solution(&i, text).unwrap());
    let d: serde_json::Value = serde_json::from_str(&written).unwrap();
    let [only] = d["remnants"].as_array().unwrap().as_slice() else {
        panic!("{written}");
    };
    let near = |v: &serde_json::Value, to: f64| assert!((v.as_f64().unwrap() - to).abs() < 1e-3, "{v} {to}");
    assert_eq!(only["sheet"], 0);
    near(&only["area"], 4900.0);
    for (k, v) in [10.0, 0.0, 100.0, 50.0].into_iter().enumerate() {
        near(&only["rectangle"][k], v);
    }
    assert_eq!(only["shape"]["data"]["outer"].as_array().unwrap().len(), 6);
}
