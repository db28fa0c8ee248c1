//! Facts of strip packing: what comes out is valid, short, and the same every time.
#![allow(clippy::unwrap_used)]

use offcut_geometry::Ctx;
use offcut_nest::json::{read_instance, read_solution, write_solution};
use offcut_nest::{Budget, Instance, Layout, NestError, Options, check, nest};
use proptest::prelude::*;

fn run(instance: &Instance, work: u64, seed: u64, chains: u32) -> Result<Layout, NestError> {
    let options = Options {
        budget: Budget::Work(work),
        chains,
        start: None,
    };
    nest(instance, &options, &Ctx::quiet().with_seed(seed), &mut |_| {})
}

fn item(id: usize, demand: u32, rotations: &str, points: &[(f64, f64)]) -> String {
    let p: Vec<String> = points.iter().map(|(x, y)| format!("[{x},{y}]")).collect();
    format!(
        r#"{{"id": {id}, "demand": {demand}, "allowed_orientations": {rotations},
        "shape": {{"type": "simple_polygon", "data": [{}]}}}}"#,
        p.join(",")
    )
}

fn strip(height: f64, extra: &str, items: &[String]) -> Instance {
    let items = items.join(",");
    read_instance(&format!(
        r#"{{"name": "t", "strip_height": {height}, {extra} "items": [{items}]}}"#
    ))
    .unwrap()
}

fn width(i: &Instance, l: &Layout) -> f64 {
    l.strip_width(i) as f64 / i.scale
}

#[test]
fn squares_fill_the_strip_wholly() {
    let i = strip(
        30.0,
        "",
        &[item(
            0,
            9,
            "[0]",
            &[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)],
        )],
    );
    let l = run(&i, 300_000, 1, 1).unwrap();
    assert_eq!(check(&i, &l), []);
    // Pushing touching parts apart costs some units of 1e-7.
    assert!((width(&i, &l) - 30.0).abs() < 1e-4, "{}", width(&i, &l));
}

#[test]
fn triangles_pair_up() {
    // Two of these, one turned by half, make a 10 by 20 rectangle; six pairs stand side by side.
    let i = strip(
        20.0,
        "",
        &[item(0, 12, "[0, 180]", &[(0.0, 0.0), (10.0, 0.0), (0.0, 20.0)])],
    );
    let l = run(&i, 1_500_000, 1, 1).unwrap();
    assert_eq!(check(&i, &l), []);
    let w = width(&i, &l);
    assert!((60.0..66.0).contains(&w), "{w}");
}

#[test]
fn spacing_and_margin_are_kept() {
    let i = strip(
        // A hundredth more than two rows need: what parts are grown by is rounded up.
        32.01,
        r#""spacing": 1, "margin": 2.5,"#,
        &[item(
            0,
            4,
            "[0]",
            &[(0.0, 0.0), (13.0, 0.0), (13.0, 13.0), (0.0, 13.0)],
        )],
    );
    let l = run(&i, 200_000, 3, 1).unwrap();
    assert_eq!(check(&i, &l), []);
    // Two columns: 2.5 + 13 + 1 + 13 + 2.5, and what roundings may add.
    assert!((width(&i, &l) - 32.0).abs() < 0.02, "{}", width(&i, &l));
}

#[test]
fn what_does_not_fit_is_named() {
    let i = strip(
        5.0,
        "",
        &[item(7, 1, "[0, 180]", &[(0.0, 0.0), (3.0, 0.0), (3.0, 6.0)])],
    );
    let e = run(&i, 1000, 1, 1).unwrap_err();
    assert!(e.to_string().contains("`7`"), "{e}");
}

fn zoo() -> Instance {
    strip(
        40.0,
        "",
        &[
            item(
                0,
                5,
                "[0, 90, 180, 270]",
                &[(0.0, 0.0), (14.0, 1.0), (9.0, 6.5), (12.0, 13.0), (1.0, 11.0)],
            ),
            item(
                1,
                4,
                "[0, 180]",
                &[
                    (0.0, 0.0),
                    (18.0, 0.0),
                    (18.0, 4.0),
                    (5.0, 5.0),
                    (4.0, 17.0),
                    (0.0, 16.0),
                ],
            ),
            item(2, 6, "null", &[(0.0, 0.0), (6.0, 0.0), (3.0, 7.0)]),
        ],
    )
}

#[test]
fn the_same_seed_and_work_give_the_same_bytes() {
    let i = zoo();
    for chains in [1, 3] {
        let text = |seed| write_solution(&i, &run(&i, 400_000, seed, chains).unwrap());
        let once = text(5);
        assert_eq!(once, text(5));
        assert_ne!(once, text(6));
    }
}

#[test]
fn begins_from_a_layout_and_never_gets_worse() {
    let i = zoo();
    let l = run(&i, 400_000, 1, 1).unwrap();
    let text = write_solution(&i, &l);
    let start = read_solution(&i, &text).unwrap();
    let options = Options {
        budget: Budget::Work(200_000),
        chains: 1,
        start: Some(&start),
    };
    let mut told = Vec::new();
    let better = nest(&i, &options, &Ctx::quiet().with_seed(2), &mut |m| {
        told.push(m.density);
        assert_eq!(check(&i, &m.layout().unwrap()), []);
    })
    .unwrap();
    // Pushing touching parts apart may cost some units of 1e-7.
    assert!(width(&i, &better) <= width(&i, &l) + 1e-4);
    assert!(told.windows(2).all(|w| w[0] < w[1]));
    let mut broken = start.clone();
    broken.placements[0].x += 100_000_000;
    broken.placements[1] = broken.placements[0];
    let options = Options {
        start: Some(&broken),
        ..options
    };
    let e = nest(&i, &options, &Ctx::quiet(), &mut |_| {}).unwrap_err();
    assert!(matches!(e, NestError::Start(_)), "{e}");
}

#[test]
fn cancelling_gives_the_best_so_far() {
    let i = zoo();
    let flag = std::sync::atomic::AtomicBool::new(false);
    let ctx = Ctx::quiet().with_cancel(&flag);
    let options = Options {
        budget: Budget::Work(u64::MAX),
        chains: 1,
        start: None,
    };
    let l = nest(&i, &options, &ctx, &mut |_| {
        flag.store(true, std::sync::atomic::Ordering::Relaxed);
    })
    .unwrap();
    assert_eq!(check(&i, &l), []);
    let e = nest(&i, &options, &ctx, &mut |_| {}).unwrap_err();
    assert!(matches!(e, NestError::Cancelled(_)));
}

/// Star-shaped polygons, some with notches.
fn polygon() -> impl Strategy<Value = Vec<(f64, f64)>> {
    proptest::collection::vec(3u32..20, 3..10).prop_map(|radii| {
        let n = radii.len() as f64;
        (0..)
            .zip(&radii)
            .map(|(i, &r)| {
                let a = f64::from(i) * std::f64::consts::TAU / n;
                let v = |x: f64| (x * 1000.0).round() / 1000.0;
                (v(f64::from(r) * a.cos()), v(f64::from(r) * a.sin()))
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    /// Any parts give a layout that the checker passes, and that it refuses when a part is moved onto
    /// another, off the strip, or is turned as it may not be.
    #[test]
    fn layouts_are_valid(
        shapes in proptest::collection::vec((polygon(), 1u32..4), 1..6),
        spacing in prop_oneof![Just(0.0), 0.1..2.0],
        seed in 0u64..1000,
    ) {
        let items: Vec<String> = shapes
            .iter()
            .enumerate()
            .map(|(k, (p, d))| item(k, *d, if k % 2 == 0 { "[0, 90]" } else { "[0, 45, 180]" }, p))
            .collect();
        let i = strip(60.0, &format!(r#""spacing": {spacing}, "margin": {spacing},"#), &items);
        let l = run(&i, 200_000, seed, 1).unwrap();
        prop_assert_eq!(check(&i, &l), []);
        prop_assert_eq!(&l.unplaced, &[]);
        // A budget that ends at once gives a longer strip, but a valid one.
        let first = run(&i, 1, seed, 1).unwrap();
        prop_assert_eq!(check(&i, &first), []);
        prop_assert!(first.strip_width(&i) + 1000 >= l.strip_width(&i));
        let mut f = l.clone();
        f.placements[0].y -= (100.0 * i.scale) as i64;
        prop_assert!(!check(&i, &f).is_empty());
        let mut f = l.clone();
        f.placements[0].orientation.angle += 7.0;
        prop_assert!(!check(&i, &f).is_empty());
        if l.placements.len() > 1 {
            let mut f = l.clone();
            let p = f.placements[0];
            (f.placements[1].x, f.placements[1].y) = (p.x, p.y);
            prop_assert!(!check(&i, &f).is_empty());
            let mut f = l.clone();
            f.placements.pop();
            prop_assert!(!check(&i, &f).is_empty());
        }
    }
}
