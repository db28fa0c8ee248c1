//! Layers and heights.

use crate::body::{cube, cuboid, t_body};
use crate::run::{Item, job, print, run, xy};
use offcut::Placement;

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-3
}

#[test]
fn heights_begin_with_the_first_layer_and_go_on_by_the_layer_height() {
    for offset in [0.0, 0.9, -0.1] {
        let p = print(
            &cube(),
            &[
                "layer_height=0.3",
                "first_layer_height=0.2",
                "retract_length=0",
                &format!("z_offset={offset}"),
            ],
        );
        let mut z: Vec<f64> = p.moves().map(|m| m.to[2]).filter(|z| *z != 0.0).collect();
        z.dedup();
        assert!(near(z[0], 0.2 + offset), "{z:?}");
        assert!(near(z[1], 0.5 + offset), "{z:?}");
        assert!(z[1..].windows(2).all(|w| near(w[1] - w[0], 0.3)), "{z:?}");
    }
}

#[test]
fn a_cube_of_twice_the_size_ends_at_40_mm() {
    let placement = Placement {
        scale: [2.0; 3],
        ..Placement::default()
    };
    let p = run(job(
        &[&cube()],
        &["infill_density=0", "layer_height=0.3"],
        placement,
    ));
    let last = *p.heights().last().unwrap();
    assert!((last - 40.0).abs() <= 0.3, "{last}");
}

#[test]
fn a_cube_of_100_layers_ends_exactly_at_its_top() {
    for order in ["print_order=by_layer", "print_order=by_object"] {
        let p = print(&cube(), &["layer_height=0.2", "first_layer_height=0.2", order]);
        assert!(near(*p.heights().last().unwrap(), 20.0));
        assert_eq!(p.outcome.layers, 100);
    }
}

#[test]
fn no_travel_is_below_the_z_offset() {
    for lift in [0, 3, 6] {
        let p = print(
            &cuboid(20.0, 20.0, 4.0),
            &["z_offset=5", &format!("z_hop={lift}")],
        );
        let travels = p.moves().filter(|m| m.e <= 0.0 && xy(m) > 0.0);
        let lowest = travels.map(|m| m.to[2]).fold(f64::MAX, f64::min);
        assert!(lowest >= 5.0, "lift {lift}: {lowest}");
    }
}

#[test]
fn layer_num_counts_from_0_and_layer_z_ends_at_the_top() {
    let p = print(
        &cube(),
        &[
            "layer_height=0.1",
            "first_layer_height=0.1",
            "layer_gcode=;mark [layer_num] [layer_z]",
        ],
    );
    let marks: Vec<&str> = p.text.lines().filter_map(|l| l.strip_prefix(";mark ")).collect();
    assert_eq!(marks.len(), 200);
    assert_eq!(marks.first(), Some(&"0 0.1"));
    assert_eq!(marks.last(), Some(&"199 20"));
}

#[test]
fn layer_gcode_follows_the_z_move_and_precedes_all_others() {
    let p = print(
        &cuboid(20.0, 20.0, 4.0),
        &[
            "before_layer_gcode=;before {layer_num}",
            "layer_gcode=;after {layer_num}",
        ],
    );
    let number = |i: &Item, word: &str| match i {
        Item::Comment(c) => c.strip_prefix(word).map(|n| n.parse::<u32>().unwrap()),
        _ => None,
    };
    let (mut before, mut z) = (None, f64::NAN);
    let mut count = 0;
    for (k, i) in p.items.iter().enumerate() {
        if let Item::Move(m) = i {
            z = m.to[2];
        }
        before = number(i, "before ").or(before);
        if let Some(n) = number(i, "after ") {
            assert_eq!(Some(n), before);
            assert_eq!(n, count);
            let next = p.items[k..].iter().find_map(|i| match i {
                Item::Move(m) if xy(m) > 0.0 => Some(m),
                _ => None,
            });
            assert!(
                near(next.unwrap().from[2], z) && near(z, 0.2 * f64::from(n + 1)),
                "layer {n}"
            );
            // Nothing of the layer before it but the way up, the first layer's included.
            let way = p.items[..k]
                .iter()
                .rev()
                .take_while(|i| !matches!(i, Item::Layer));
            let flat = way.filter(|i| matches!(i, Item::Move(m) if xy(m) > 0.0)).count();
            assert_eq!(flat, 0, "layer {n}");
            count += 1;
        }
    }
    assert_eq!(count, 20);
}

#[test]
fn the_order_of_triangles_changes_nothing() {
    let mut body = t_body();
    let settings = ["layer_height=0.3", "first_layer_height=0.3", "support=grid"];
    let first = print(&body, &settings);
    let n = body.triangles.len();
    // A fixed shuffle: 7 and the number of triangles have no common divisor.
    assert!(!n.is_multiple_of(7));
    body.triangles = (0..n).map(|i| body.triangles[i * 7 % n]).collect();
    for (i, t) in body.triangles.iter_mut().enumerate() {
        t.rotate_left(i % 3);
    }
    assert!(first.text == print(&body, &settings).text);
}

#[test]
fn layers_are_counted_from_the_first() {
    let body = cuboid(10.0, 10.0, 10.0);
    for (first, height) in [(0.2, 0.2), (0.25, 0.2), (0.2, 0.32)] {
        let settings = [
            format!("first_layer_height={first}"),
            format!("layer_height={height}"),
        ];
        let p = print(&body, &[&settings[0], &settings[1]]);
        // The last layer has its middle in the body.
        let expected = ((10.0f64 - first) / height + 0.5 - 1e-6).floor() as usize + 1;
        assert_eq!(p.outcome.layers, expected, "{settings:?}");
        assert_eq!(p.heights().len(), expected, "{settings:?}");
    }
}

#[test]
fn a_plate_between_middles_of_layers_keeps_its_thickness() {
    // A flange from 2.5 to 5.5 mm: both faces lie in the middle of a layer. PrusaSlicer 2.5 prints it on
    // the layers that end at 2.8 to 5.6 mm, 3 mm in all.
    let body = crate::body::solid(
        &[
            [0.0, 0.0, 0.0, 10.0, 10.0, 8.0],
            [10.0, 0.0, 2.5, 20.0, 10.0, 5.5],
        ],
        &[],
    );
    let p = print(
        &body,
        &["layer_height=0.2", "first_layer_height=0.2", "skirt_loops=0"],
    );
    // The flange lies in the right half of the body.
    let mut wide: Vec<u32> = p
        .extrusions()
        .filter(|m| m.to[0] > crate::run::MIDDLE + 5.0)
        .map(|m| m.layer)
        .collect();
    wide.dedup();
    assert_eq!(wide, (14..=28).collect::<Vec<_>>());
}
