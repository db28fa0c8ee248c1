//! What the file says beside its paths: temperatures, fan, progress, time, order of objects.

use crate::body::{cube, cuboid};
use crate::run::{Item, copies, extrudes, job, print, run, xy};
use offcut::Placement;

#[test]
fn objects_one_by_one() {
    let p = copies(
        2,
        &cube(),
        &[
            "print_order=by_object",
            "layer_height=0.4",
            "first_layer_height=0.4",
            "skirt_loops=0",
            "first_layer_hotend_temperature=210",
            "hotend_temperature=200",
            "between_objects_gcode=;between",
            "extruder_clearance_radius=5",
        ],
    );
    let z = p.heights();
    assert_eq!(z.len(), 100);
    assert_eq!(z[..50], z[50..]);
    assert!((z[0] - 0.4).abs() < 1e-3 && (z[49] - 20.0).abs() < 1e-3);
    let mut heat: Vec<f64> = p
        .items
        .iter()
        .filter_map(|i| match i {
            Item::Hotend(c) => Some(*c),
            _ => None,
        })
        .collect();
    heat.dedup();
    assert_eq!(heat, [210.0, 200.0, 210.0, 200.0, 0.0]);
    assert_eq!(p.text.lines().filter(|l| l.trim() == ";between").count(), 1);
}

#[test]
fn the_lower_object_comes_first() {
    let (high, low) = (cuboid(10.0, 10.0, 15.0), cuboid(10.0, 10.0, 5.0));
    for meshes in [[&high, &low], [&low, &high]] {
        let p = run(job(
            &meshes,
            &[
                "print_order=by_object",
                "skirt_loops=0",
                "extruder_clearance_radius=5",
            ],
            Placement::default(),
        ));
        let z = p.heights();
        assert_eq!(z.len(), 100);
        assert!((z[24] - 5.0).abs() < 1e-3 && (z[25] - 0.2).abs() < 1e-3, "{z:?}");
    }
}

#[test]
fn used_filament_ignores_retractions() {
    let used = |length: u32| {
        print(&cube(), &[&format!("retract_length={length}")])
            .outcome
            .material
            .length_mm
    };
    assert!((used(0) - used(999)).abs() < 1e-3, "{} {}", used(0), used(999));
    let p = print(&cube(), &[]);
    let laid: f64 = p.extrusions().map(|m| m.e).sum();
    assert!((laid - p.outcome.material.length_mm).abs() < 0.1, "{laid}");
}

#[test]
fn progress_never_exceeds_100_and_nothing_is_extruded_after() {
    let flat = cuboid(20.0, 20.0, 0.2);
    let (high, low) = (cube(), cuboid(10.0, 10.0, 5.0));
    let prints = [
        print(&flat, &[]),
        copies(2, &high, &[]),
        copies(2, &low, &["print_order=by_object"]),
        run(job(&[&high, &low], &[], Placement::default())),
    ];
    for p in prints {
        let (mut last, mut seen) = (0, 0);
        for l in p.text.lines() {
            if let Some(rest) = l.strip_prefix("M73 P") {
                let percent: u32 = rest.split(' ').next().unwrap().parse().unwrap();
                assert!(last <= percent && percent <= 100, "{l}");
                last = percent;
                seen += 1;
            } else if l.starts_with("G1 X") && l.contains(" E") {
                assert!(last < 100, "{l}");
            }
        }
        assert!(last == 100 && seen >= 2, "{last} {seen}");
    }
}

#[test]
fn short_layers_are_slowed_down_to_their_time() {
    let p = print(
        &cuboid(8.0, 8.0, 4.0),
        &[
            "min_layer_time=10",
            "min_print_speed=0",
            "skirt_loops=0",
            "travel_speed=130",
            "retract_speed=35",
        ],
    );
    for layer in 1..=20 {
        let time: f64 = p
            .moves()
            .filter(|m| m.layer == layer)
            .map(|m| if m.from == m.to { m.e.abs() } else { m.length() } / m.speed)
            .sum();
        assert!(time > 9.5, "layer {layer}: {time} s");
    }
    for m in p.moves().filter(|m| m.layer > 1) {
        if m.e == 0.0 && xy(m) > 0.0 {
            assert!(
                (m.speed - 130.0).abs() < 1e-2,
                "line {}: travel at {}",
                m.line,
                m.speed
            );
        } else if xy(m) == 0.0 && m.e != 0.0 {
            assert!(
                (m.speed - 35.0).abs() < 1e-2,
                "line {}: filament at {}",
                m.line,
                m.speed
            );
        }
    }
}

#[test]
fn slow_enough_layers_keep_their_speeds() {
    let speeds = |s: &[&str]| -> Vec<f64> { print(&cube(), s).extrusions().map(|m| m.speed).collect() };
    assert_eq!(speeds(&["min_layer_time=1"]), speeds(&["cooling=off"]));
}

#[test]
fn the_fan_runs_only_in_layers_below_the_threshold() {
    let blows = |s: &str| {
        let p = print(
            &cuboid(20.0, 20.0, 4.0),
            &[s, "fan_always_on=off", "min_layer_time=0", "top_solid_layers=0"],
        );
        p.items.iter().any(|i| matches!(i, Item::Fan(s) if *s > 0.0))
    };
    assert!(!blows("fan_below_layer_time=1"));
    assert!(blows("fan_below_layer_time=100"));
}

#[test]
fn the_fan_stays_off_in_the_first_layers() {
    let p = print(&cube(), &["disable_fan_first_layers=5", "fan_always_on=on"]);
    assert!(p.text.lines().any(|l| l.starts_with("M107")));
    let mut layer = 0;
    for i in &p.items {
        match i {
            Item::Layer => layer += 1,
            Item::Fan(s) if *s > 0.0 => assert!(layer > 5, "{s} in layer {layer}"),
            _ => {}
        }
    }
    let first = p
        .items
        .iter()
        .position(|i| matches!(i, Item::Fan(s) if *s > 0.0))
        .unwrap();
    assert_eq!(p.items[..first].iter().filter(|i| **i == Item::Layer).count(), 6);
}

#[test]
fn machine_limits_are_written_only_when_asked_for() {
    let limits = |s: &[&str]| {
        let p = print(&cuboid(20.0, 20.0, 1.0), s);
        p.items.iter().filter(|i| **i == Item::Limits).count()
    };
    assert_eq!(limits(&[]), 0);
    assert!(limits(&["emit_machine_limits=on"]) >= 3);
}

#[test]
fn accelerations_change_with_the_role() {
    let count = |s: &[&str]| {
        let p = print(&cuboid(20.0, 20.0, 2.0), s);
        p.items.iter().filter(|i| **i == Item::Acceleration).count()
    };
    assert_eq!(count(&[]), 0);
    // At most once a layer.
    assert!((1..=10).contains(&count(&["acceleration=1000"])));
    assert!(count(&["acceleration=1000", "external_perimeter_acceleration=500"]) >= 20);
}

#[test]
fn both_temperatures_are_set_once() {
    let p = print(
        &cube(),
        &["first_layer_hotend_temperature=205", "hotend_temperature=200"],
    );
    let (mut layer, mut heat) = (0, Vec::new());
    for i in &p.items {
        match i {
            Item::Layer => layer += 1,
            Item::Hotend(c) if heat.last().is_none_or(|(_, last)| last != c) => heat.push((layer, *c)),
            _ => {}
        }
    }
    assert_eq!(heat.iter().map(|h| h.1).collect::<Vec<_>>(), [205.0, 200.0, 0.0]);
    assert!(heat[0].0 == 0 && (1..=2).contains(&heat[1].0), "{heat:?}");
}

#[test]
fn extruding_by_absolute_and_relative_distances_is_the_same() {
    let laid = |s: &str| -> f64 { print(&cube(), &[s]).extrusions().map(|m| m.e).sum() };
    let (absolute, relative) = (laid("relative_e=off"), laid("relative_e=on"));
    assert!(
        (absolute - relative).abs() < absolute * 1e-3,
        "{absolute} {relative}"
    );
}

#[test]
fn every_layer_extrudes_at_one_height() {
    let p = print(&cube(), &["z_hop=0.3"]);
    for m in p.moves().filter(|m| extrudes(m)) {
        assert!(
            m.from[2] == m.to[2] && (m.to[2] - 0.2 * f64::from(m.layer)).abs() < 1e-3,
            "line {}",
            m.line
        );
    }
}

#[test]
fn nothing_is_asked_of_z_that_the_machine_cannot_do() {
    // The travel speed is ten times what this machine's Z can do.
    let settings = [
        "travel_speed=120",
        "max_speed_z=12",
        "z_hop=0.4",
        "before_layer_gcode=G1 X5 Y5",
    ];
    for settings in [&settings[..], &settings[..3]] {
        let p = print(&cuboid(20.0, 20.0, 2.0), settings);
        let mut lifts = 0;
        for m in p.moves().filter(|m| m.from[2] != m.to[2]) {
            lifts += 1;
            let z = (m.to[2] - m.from[2]).abs() / m.length() * m.speed;
            assert!(z <= 12.0 + 1e-3, "line {}: Z at {z} mm/s", m.line);
        }
        assert!(lifts >= 10, "{lifts}");
    }
}
