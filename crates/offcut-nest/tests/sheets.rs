//! Facts of nesting on sheets: what can be told without a search has to come out of it.
#![allow(clippy::unwrap_used)]

use offcut_geometry::Ctx;
use offcut_nest::json::{read_instance, read_solution, write_solution};
use offcut_nest::{Budget, Instance, Keep, Layout, NestError, Options, Reason, check, nest, remnants};

fn run_from(i: &Instance, work: u64, start: Option<&Layout>) -> Result<Layout, NestError> {
    let options = Options {
        budget: Budget::Work(work),
        chains: 1,
        start,
    };
    nest(i, &options, &Ctx::quiet().with_seed(1), &mut |_| {})
}

/// The layout after so much work, checked.
fn run(i: &Instance, work: u64) -> Layout {
    let l = run_from(i, work, None).unwrap();
    assert_eq!(check(i, &l), []);
    l
}

fn rectangle(w: f64, h: f64) -> String {
    format!(r#"{{"type": "rectangle", "data": {{"x_min": 0, "y_min": 0, "width": {w}, "height": {h}}}}}"#)
}

fn item(id: &str, demand: u32, w: f64, h: f64, more: &str) -> String {
    format!(
        r#"{{"id": "{id}", "demand": {demand}, "allowed_orientations": [0], "shape": {}{more}}}"#,
        rectangle(w, h)
    )
}

fn sheet(id: &str, w: f64, h: f64, more: &str) -> String {
    format!(
        r#"{{"id": "{id}", "stock": -1, "shape": {}{more}}}"#,
        rectangle(w, h)
    )
}

fn job(extra: &str, items: &[String], sheets: &[String]) -> Instance {
    read_instance(&format!(
        r#"{{"name": "t", {extra} "items": [{}], "sheets": [{}]}}"#,
        items.join(","),
        sheets.join(",")
    ))
    .unwrap()
}

#[test]
fn squares_fill_a_sheet_to_the_last_unit() {
    let i = job(
        "",
        &[item("a", 16, 25.0, 25.0, "")],
        &[sheet("s", 100.0, 100.0, "")],
    );
    let l = run(&i, 400_000);
    assert_eq!((l.sheets.len(), l.placements.len()), (1, 16));
    assert_eq!(l.density(&i), 1.0);
    // 25 + 5 · 0.5 … three gaps of 0.5 and two margins of 1 more.
    let i = job(
        r#""spacing": 0.5, "margin": 1,"#,
        &[item("a", 16, 25.0, 25.0, "")],
        &[sheet("s", 103.6, 103.6, "")],
    );
    assert_eq!(run(&i, 600_000).sheets.len(), 1);
}

#[test]
fn the_cheapest_sheets_are_taken() {
    // 12 squares: two small sheets take 4 each at 1, a large one takes all at 2.5, an offcut takes 2 for 0.1.
    let squares = [item("a", 12, 10.0, 10.0, "")];
    let sheets = [
        sheet("small", 21.0, 21.0, r#", "cost": 1"#),
        sheet("large", 41.0, 31.0, r#", "cost": 2.5"#),
    ];
    let l = run(&job("", &squares, &sheets), 300_000);
    assert_eq!(l.sheets, [1]);
    let offcut = format!(
        r#"{{"id": "offcut", "stock": 2, "cost": 0.1, "shape": {}}}"#,
        rectangle(21.0, 11.0)
    );
    let l = run(
        &job("", &squares, &[sheets[0].clone(), sheets[1].clone(), offcut]),
        300_000,
    );
    let mut used = l.sheets;
    used.sort_unstable();
    assert_eq!(
        used,
        [0, 0, 2, 2],
        "8 squares on 2 small sheets, 4 on the offcuts: 2.2"
    );
}

#[test]
fn the_leftover_is_one_piece() {
    // 6 squares of 10 on a sheet of 45 × 20: three columns, and 15 × 20 is left.
    let i = job("", &[item("a", 6, 10.0, 10.0, "")], &[sheet("s", 45.0, 20.0, "")]);
    let l = run(&i, 300_000);
    let keep = Keep {
        min_width: (2.0 * i.scale) as i32,
        min_area: 0.0,
    };
    let left = remnants(&i, &l, &keep);
    let unit = i.scale * i.scale;
    assert!((left[0].rectangle_area() / unit - 300.0).abs() < 0.01, "{left:?}");
}

#[test]
fn what_is_missing_is_named_with_its_reason() {
    let one = format!(r#"{{"id": "s", "stock": 1, "shape": {}}}"#, rectangle(30.0, 10.0));
    let i = job(
        "",
        &[
            item("low", 2, 10.0, 10.0, ""),
            item("high", 2, 10.0, 10.0, r#", "priority": 1"#),
            item("giant", 1, 40.0, 5.0, ""),
            item("filler", 5, 9.0, 9.0, r#", "filler": true"#),
        ],
        &[one],
    );
    let l = run(&i, 100_000);
    let count = |item: u32| l.placements.iter().filter(|p| p.item == item).count();
    assert_eq!([count(0), count(1), count(2), count(3)], [1, 2, 0, 0]);
    let told: Vec<_> = l.unplaced.iter().map(|u| (u.item, u.count, u.reason)).collect();
    assert_eq!(
        told,
        [
            (0, 1, Reason::NoRoom),
            (2, 1, Reason::TooLarge),
            (3, 5, Reason::Filler)
        ]
    );
    let text = write_solution(&i, &l);
    assert_eq!(read_solution(&i, &text).unwrap(), l);
    let alone = job(
        "",
        &[item("filler", 5, 9.0, 9.0, r#", "filler": true"#)],
        &[sheet("s", 30.0, 10.0, "")],
    );
    assert_eq!(run(&alone, 10_000).placements.len(), 5);
    let none = job(
        "",
        &[item("giant", 1, 40.0, 5.0, "")],
        &[sheet("s", 30.0, 10.0, "")],
    );
    let e = run_from(&none, 1000, None).unwrap_err();
    assert!(
        e.to_string().contains("`giant`") && e.to_string().contains("any sheet"),
        "{e}"
    );
}

#[test]
fn fillers_take_no_sheet_and_no_leftover() {
    let i = job(
        "",
        &[
            item("a", 1, 30.0, 15.0, ""),
            item("f", 9, 10.0, 5.0, r#", "filler": true"#),
        ],
        &[sheet("s", 60.0, 20.0, "")],
    );
    let l = run(&i, 100_000);
    assert_eq!(l.sheets.len(), 1);
    let fillers = l.placements.iter().filter(|p| p.item == 1);
    // Three under or over the part; right of it is the leftover.
    assert!(fillers.clone().count() >= 1);
    let right = (30.0 * i.scale) as i64 + 4;
    for p in fillers {
        assert!(p.x + i64::from(p.turned(&i).bbox().max.x) <= right);
    }
}

#[test]
fn locked_parts_stay_and_count() {
    let locked = r#""locked": {"sheets": [{"id": "s"}],
        "placements": [{"part": "a", "rotation": 0, "x": 5, "y": 0}]},"#;
    let i = job(
        locked,
        &[item("a", 3, 10.0, 10.0, "")],
        &[sheet("s", 25.0, 10.0, "")],
    );
    let l = run(&i, 100_000);
    assert_eq!(l.placements[0], i.locked.placements[0]);
    assert_eq!(l.placements.len(), 3);
    // One fits right of the locked part; left of it there are 5.
    assert_eq!(l.sheets.len(), 2);
    let twice = locked.replace("}]}", r#"}, {"part": "a", "rotation": 0, "x": 6, "y": 0}]}"#);
    let i = job(
        &twice,
        &[item("a", 3, 10.0, 10.0, "")],
        &[sheet("s", 25.0, 10.0, "")],
    );
    assert!(matches!(run_from(&i, 1000, None), Err(NestError::Locked(_))));
}

#[test]
fn grain_turns_parts_with_the_sheet() {
    let grained = |angle: f64| {
        let a = item("a", 4, 20.0, 5.0, r#", "grain": 0"#).replace("[0]", "null");
        let i = job(
            "",
            &[a],
            &[sheet("s", 45.0, 45.0, &format!(r#", "grain": {angle}"#))],
        );
        let l = run(&i, 100_000);
        l.placements
            .iter()
            .map(|p| p.orientation.angle % 180.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(grained(0.0), [0.0; 4]);
    assert_eq!(grained(90.0), [90.0; 4]);
}

#[test]
fn parts_lie_in_holes_unless_forbidden() {
    let frame = r#"{"id": "frame", "demand": 1, "allowed_orientations": [0], "shape": {"type": "polygon",
        "data": {"outer": [[0,0],[30,0],[30,30],[0,30]], "inner": [[[4,4],[26,4],[26,26],[4,26]]]}}}"#;
    let items = [frame.to_owned(), item("a", 4, 10.0, 10.0, "")];
    let sheets = [sheet("s", 31.0, 31.0, "")];
    assert_eq!(run(&job("", &items, &sheets), 100_000).sheets.len(), 1);
    let apart = job(r#""part_in_part": false,"#, &items, &sheets);
    assert_eq!(run(&apart, 100_000).sheets.len(), 2);
}

#[test]
fn irregular_sheets_with_defects_take_what_fits() {
    // An L of three squares of 20 with a spot in the middle of the corner: two squares of 19 fit, no more.
    let l_shape = |more: &str| {
        format!(
            r#"{{"id": "L", "stock": 1, "shape": {{"type": "simple_polygon",
            "data": [[0,0],[40,0],[40,20],[20,20],[20,40],[0,40]]}}{more}}}"#
        )
    };
    let items = [item("a", 3, 19.0, 19.0, "")];
    let whole = run(&job("", &items, &[l_shape("")]), 200_000);
    assert_eq!(whole.placements.len(), 3);
    let spot = r#", "defects": [{"type": "rectangle",
        "data": {"x_min": 9, "y_min": 9, "width": 2, "height": 2}}]"#;
    let spotted = run(&job("", &items, &[l_shape(spot)]), 200_000);
    assert_eq!(spotted.placements.len(), 2);
}

#[test]
fn begins_from_a_layout_of_sheets() {
    let i = job("", &[item("a", 9, 10.0, 10.0, "")], &[sheet("s", 21.0, 21.0, "")]);
    let l = run(&i, 50_000);
    let again = run_from(&i, 50_000, Some(&l)).unwrap();
    assert_eq!(check(&i, &again), []);
    assert!(again.sheets.len() <= l.sheets.len());
}

/// A part that may be turned freely.
fn free(id: &str, demand: u32, corners: &str) -> String {
    format!(
        r#"{{"id": "{id}", "demand": {demand}, "shape": {{"type": "simple_polygon", "data": [{corners}]}}}}"#
    )
}

#[test]
fn free_parts_find_the_only_angle_that_fits() {
    // A bar of 100 x 20 turned by a is 100 cos a + 20 sin a wide: 84.9 at 45 degrees, 89.5 at 40 and at 50.
    let bar = free("bar", 1, "[0,0],[100,0],[100,20],[0,20]");
    let bars = [bar];
    let l = run(&job("", &bars, &[sheet("s", 86.0, 86.0, "")]), 50_000);
    let turned = l.placements[0].orientation.angle % 90.0;
    assert!((turned - 45.0).abs() < 2.0, "{turned}");
    let small = job("", &bars, &[sheet("s", 84.0, 84.0, "")]);
    assert!(matches!(
        run_from(&small, 50_000, None),
        Err(NestError::DoesNotFit { .. })
    ));
}

#[test]
fn free_parts_drawn_askew_are_laid_flat() {
    // Ten bars of 100 x 20, drawn 17 degrees askew, fill a sheet of 100 x 200 only when they lie straight; roundings
    // of turned corners take some units.
    let (s, c) = libm::sincos(17f64.to_radians());
    let corner = |x: f64, y: f64| format!("[{},{}]", c * x - s * y, s * x + c * y);
    let corners = [
        corner(0.0, 0.0),
        corner(100.0, 0.0),
        corner(100.0, 20.0),
        corner(0.0, 20.0),
    ]
    .join(",");
    let i = job("", &[free("bar", 10, &corners)], &[sheet("s", 100.1, 200.1, "")]);
    let l = run(&i, 2_000_000);
    assert_eq!((l.sheets.len(), l.placements.len()), (1, 10));
}

#[test]
fn free_parts_are_turned_by_less_than_the_steps_tried_first() {
    // Wedges with corners of 10.3 degrees lie back to back and fan out: no two of their sides are a multiple of the
    // first steps apart.
    let wedge = free("wedge", 7, "[0,0],[110,10],[108,30]");
    let i = job("", &[wedge], &[sheet("s", 150.0, 120.0, "")]);
    let l = run(&i, 600_000);
    assert_eq!(l.unplaced, []);
    let first = l.placements[0].orientation.angle;
    let between = |p: &offcut_nest::Placement| {
        let d = (p.orientation.angle - first).rem_euclid(10.0);
        d.min(10.0 - d) > 0.01
    };
    assert!(l.placements.iter().any(between));
}
