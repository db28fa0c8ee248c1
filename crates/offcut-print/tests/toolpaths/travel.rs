//! Travels, retraction, wipes and lifts.

use crate::common::*;
use crate::plain;
use offcut_gcode::Role;
use offcut_gcode::program::Step;
use offcut_settings::PrintSettings;

#[test]
fn long_travels_are_retracted_and_nothing_is_extruded_while_retracted() {
    let mut object = block(10.0, 4, 0.2);
    object.instances.push(mm(150.0, 100.0));
    let s = PrintSettings {
        z_hop: 0.3,
        ..plain()
    };
    let p = program(&[object], &s);
    let all = moves(&p);
    for m in &all {
        if m.is_travel() {
            assert!(
                m.length() < s.retract_before_travel || m.retracted > 0.79,
                "{m:?}"
            );
        } else {
            assert!(m.retracted.abs() < 1e-6, "{m:?}");
            assert_eq!(m.from.map(|f| f.z), Some(m.to.z));
        }
        if m.layer != usize::MAX {
            let z = p.layers[m.layer].z;
            let at = f64::from(m.to.z) / 1e5;
            assert!(at > z - 1e-6 && at < z + 0.3 + 1e-6);
            assert!(at < z + 1e-6 || m.retracted > 0.79);
        }
    }
}

fn retractions(p: &offcut_gcode::Program) -> (Vec<f32>, Vec<f32>) {
    let mut pulled = Vec::new();
    let mut pushed = Vec::new();
    let mut now = 0.0;
    for s in &p.steps {
        match s {
            Step::Retract { length, .. } | Step::Wipe { length, .. } => now += length,
            Step::Unretract { length, .. } => {
                pulled.push(now);
                pushed.push(*length);
                now = 0.0;
            }
            _ => {}
        }
    }
    (pulled, pushed)
}

#[test]
fn what_is_pulled_is_pushed_back_with_the_extra() {
    for wipe in [false, true] {
        let s = PrintSettings {
            wipe,
            retract_before_wipe: 20.0,
            retract_length: 1.5,
            retract_restart_extra: 0.1,
            ..plain()
        };
        let (pulled, pushed) = retractions(&program(&[block(10.0, 3, 0.2)], &s));
        assert!(pulled.len() > 10);
        for (a, b) in pulled.iter().zip(&pushed) {
            assert!((a - 1.5).abs() < 1e-4 && (b - 1.6).abs() < 1e-4, "{a} {b}");
        }
    }
}

#[test]
fn no_retraction_and_no_lift_without_a_length() {
    let s = PrintSettings {
        retract_length: 0.0,
        z_hop: 0.2,
        ..plain()
    };
    let p = program(&[block(10.0, 3, 0.2)], &s);
    assert!(
        !p.steps
            .iter()
            .any(|s| matches!(s, Step::Retract { .. } | Step::Unretract { .. }))
    );
    for m in moves(&p).iter().filter(|m| m.layer != usize::MAX) {
        assert_eq!(m.to.z, offcut_geometry::grid(p.layers[m.layer].z));
    }
}

#[test]
fn lifts_happen_only_between_the_set_heights() {
    let s = PrintSettings {
        z_hop: 0.3,
        z_hop_above: 1.0,
        z_hop_below: 2.0,
        ..plain()
    };
    let p = program(&[block(10.0, 20, 0.2)], &s);
    let mut lifted = 0;
    for m in moves(&p).iter().filter(|m| m.layer != usize::MAX) {
        let z = p.layers[m.layer].z;
        if f64::from(m.to.z) / 1e5 > z + 0.1 {
            assert!((0.999..=2.001).contains(&z));
            lifted += 1;
        }
    }
    assert!(lifted > 5);
}

#[test]
fn wipes_follow_printed_lines_slower_than_the_retraction() {
    let s = PrintSettings {
        wipe: true,
        ..plain()
    };
    let p = program(&[block(10.0, 3, 0.2)], &s);
    let mut wipes = 0;
    let mut at = offcut_gcode::Vertex::default();
    let mut fresh = true;
    for step in &p.steps {
        match step {
            Step::Wipe { path, speed, length } => {
                let mut way = 0.0;
                for v in p.path(*path) {
                    way += at.xy().dist(v.xy()) / 1e5;
                    at = *v;
                }
                let pull = f64::from(*length) / (way / f64::from(*speed));
                assert!(pull < s.retract_speed, "{pull}");
                assert!(!fresh, "a wipe straight after a change of layer");
                wipes += 1;
            }
            Step::Layer(_) => fresh = true,
            Step::Extrude { path, .. } => {
                fresh = false;
                at = p.path(*path)[p.path(*path).len() - 1];
            }
            Step::Travel { path, .. } => at = p.path(*path)[p.path(*path).len() - 1],
            _ => {}
        }
    }
    assert!(wipes > 5);
}

#[test]
fn retracted_at_the_border_of_every_object_when_objects_are_labelled() {
    // So that cutting an object out of the file leaves the balance right.
    let mut object = block(5.0, 4, 0.2);
    object.instances.push(mm(120.0, 100.0));
    let s = PrintSettings {
        label_objects: offcut_settings::print::LabelObjects::Firmware,
        ..plain()
    };
    let p = program(&[object], &s);
    let mut retracted = false;
    let mut inside = None;
    let mut blocks = 0;
    let mut z = None;
    for step in &p.steps {
        match step {
            Step::Retract { .. } => {
                assert!(!retracted);
                retracted = true;
            }
            Step::Unretract { .. } => {
                assert!(retracted && inside.is_some());
                retracted = false;
            }
            Step::ObjectStart(i) => {
                // Nothing printed in the first layer before the first object.
                assert!(retracted || blocks == 0);
                inside = Some(*i);
                blocks += 1;
            }
            Step::ObjectEnd(i) => {
                assert!(retracted && inside == Some(*i));
                inside = None;
            }
            Step::Travel { path, .. } => {
                let v = p.path(*path)[0];
                if z.is_some_and(|z| z != v.z) {
                    assert_eq!(inside, None, "the way up must stay when an object is cut out");
                }
                z = Some(v.z);
            }
            _ => {}
        }
    }
    assert_eq!(blocks, 8);
    assert_eq!(p.objects.len(), 2);
}

/// A square ring of half side 20 with a hole of half side 10 and two short lines on opposite sides.
pub fn ring() -> offcut_print::PrintObject {
    let mut object = block(20.0, 1, 0.2);
    let mut island = offcut_print::IslandPlan::default();
    loops(&mut island, 0.0, 0.0, 20.0, false, 3);
    loops(&mut island, 0.0, 0.0, 10.0, true, 3);
    for x in [-14.0, 14.0] {
        island
            .infill
            .push(&[mm(x, -1.0), mm(x, 1.0)], bead(Role::SparseInfill));
    }
    object.layers[0].islands = vec![island];
    object
}

#[test]
fn travels_go_round_holes_when_asked() {
    let crossing = |avoid: bool| {
        let s = PrintSettings {
            avoid_crossing_perimeters: avoid,
            ..plain()
        };
        let p = program(&[ring()], &s);
        moves(&p)
            .iter()
            .filter(|m| m.is_travel())
            .filter_map(|m| Some((m.from?, m.to)))
            .filter(|(a, b)| {
                (1..100).any(|k| {
                    let q = a.xy().lerp(b.xy(), f64::from(k) / 100.0) - mm(100.0, 100.0);
                    q.x.abs().max(q.y.abs()) < 999_000
                })
            })
            .count()
    };
    assert!(crossing(false) > 0);
    assert_eq!(crossing(true), 0);
    // Straight again when the way round is too long.
    let s = PrintSettings {
        avoid_crossing_perimeters: true,
        avoid_crossing_max_detour: offcut_settings::LengthOrPercent::Mm(1.0),
        ..plain()
    };
    let long = |s: &PrintSettings| -> f64 {
        let p = program(&[ring()], s);
        moves(&p)
            .iter()
            .filter(|m| m.is_travel())
            .map(|m| m.length())
            .sum()
    };
    assert!((long(&s) - long(&plain())).abs() < 1e-6);
}

#[test]
fn a_short_travel_over_open_air_is_retracted() {
    // Two islands whose lines end 1.2 mm apart.
    let mut object = block(5.0, 1, 0.2);
    let mut islands = Vec::new();
    for side in [-1.0, 1.0] {
        let mut island = offcut_print::IslandPlan::default();
        let x = side * 3.0;
        island.outline.push(&square(x, 0.0, 2.5, false));
        island.bbox = island.outline.bbox();
        island
            .infill
            .push(&[mm(x - 2.4, 0.0), mm(x + 2.4, 0.0)], bead(Role::SolidInfill));
        islands.push(island);
    }
    object.layers[0].islands = islands;
    let s = PrintSettings {
        retract_before_travel: 2.0,
        ..plain()
    };
    let p = program(&[object], &s);
    let all = moves(&p);
    let hop = all.iter().find(|m| m.is_travel() && m.length() > 1.0).unwrap();
    assert!(hop.length() < 2.0 && hop.retracted > 0.7, "{hop:?}");
}
