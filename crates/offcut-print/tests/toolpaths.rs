//! Facts that any planner of toolpaths must keep, on hand-made layers.

mod common;

use common::*;
use offcut_gcode::Role;
use offcut_gcode::program::Step;
use offcut_settings::PrintSettings;

fn plain() -> PrintSettings {
    PrintSettings {
        cooling: false,
        retract_before_travel: 1.5,
        ..PrintSettings::default()
    }
}

#[test]
fn inner_loops_come_first_and_all_run_counter_clockwise() {
    let p = program(&[block(10.0, 3, 0.2)], &plain());
    let mut roles = Vec::new();
    for s in &p.steps {
        if let Step::Extrude { path, bead } = s {
            roles.push(bead.role);
            if bead.role != Role::SparseInfill {
                let pts: Vec<_> = p.path(*path).iter().map(|v| v.xy()).collect();
                assert!(offcut_geometry::loops::area2(&pts) > 0);
            }
        }
    }
    assert_eq!(
        roles[..4],
        [
            Role::Perimeter,
            Role::Perimeter,
            Role::ExternalPerimeter,
            Role::SparseInfill
        ]
    );
}

#[test]
fn everything_planned_is_printed_once() {
    let object = block(10.0, 4, 0.2);
    let planned: f64 = object
        .layers
        .iter()
        .flat_map(|l| &l.islands)
        .flat_map(|i| [&i.perimeters, &i.infill])
        .map(|set| {
            set.beads
                .iter()
                .map(|b| {
                    let p = set.points_of(b);
                    let open: f64 = p.windows(2).map(|w| w[0].dist(w[1])).sum();
                    open + if b.closed {
                        p[p.len() - 1].dist(p[0]) - 0.06e5
                    } else {
                        0.0
                    }
                })
                .sum::<f64>()
                / 1e5
        })
        .sum();
    let p = program(&[object], &plain());
    let printed: f64 = moves(&p)
        .iter()
        .filter(|m| !m.is_travel())
        .map(|m| m.length())
        .sum();
    assert!((planned - printed).abs() < 1e-6 * planned, "{planned} {printed}");
}

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

#[test]
fn short_layers_are_slowed_down_travels_are_not() {
    let s = PrintSettings {
        cooling: true,
        min_layer_time: 10.0,
        min_print_speed: 0.0,
        ..plain()
    };
    let p = program(&[block(3.0, 4, 0.2)], &s);
    let mut time = [0.0; 4];
    for m in moves(&p).iter().filter(|m| m.layer != usize::MAX) {
        time[m.layer] += m.length() / f64::from(m.speed);
        if m.is_travel() {
            assert_eq!(f64::from(m.speed), s.travel_speed);
        }
    }
    assert!(time.iter().all(|t| *t > 9.5), "{time:?}");

    // The external perimeter is slowed last: with little to save it keeps its speed.
    let s = PrintSettings {
        min_layer_time: 6.0,
        first_layer_speed: offcut_settings::LengthOrPercent::Percent(100.0),
        min_print_speed: 10.0,
        small_perimeter_speed: offcut_settings::LengthOrPercent::Mm(0.0),
        ..s
    };
    let p = program(&[block(5.0, 4, 0.2)], &s);
    for m in moves(&p) {
        match m.bead.map(|b| b.role) {
            Some(Role::ExternalPerimeter) => assert_eq!(m.speed, 30.0),
            Some(_) => assert!(m.speed < 60.0 && m.speed >= 10.0),
            None => {}
        }
    }
}

#[test]
fn fan_stays_off_in_the_first_layers_and_follows_the_layer_time() {
    let s = PrintSettings {
        cooling: true,
        disable_fan_first_layers: 5,
        fan_always_on: false,
        fan_below_layer_time: 20.0,
        min_layer_time: 0.0,
        ..plain()
    };
    let p = program(&[block(10.0, 8, 0.2)], &s);
    for m in moves(&p).iter().filter(|m| m.bead.is_some()) {
        assert_eq!(m.fan > 0.0, m.layer >= 5, "{m:?}");
    }
    let slow = PrintSettings {
        fan_below_layer_time: 1.0,
        ..s
    };
    let p = program(&[block(10.0, 8, 0.2)], &slow);
    assert!(moves(&p).iter().all(|m| m.fan == 0.0));
}

#[test]
fn one_by_one_every_copy_is_complete_before_the_next() {
    let mut object = block(5.0, 50, 0.4);
    object.instances = vec![mm(50.0, 50.0), mm(150.0, 150.0)];
    let mut low = block(5.0, 10, 0.4);
    low.name = "low".into();
    low.instances = vec![mm(50.0, 150.0)];
    let s = PrintSettings {
        print_order: offcut_settings::print::PrintOrder::ByObject,
        between_objects_gcode: "M117 next".into(),
        extruder_clearance_height: 25.0,
        hotend_temperature: 200,
        first_layer_hotend_temperature: Some(210),
        end_gcode: String::new(),
        ..plain()
    };
    let p = program(&[object.clone(), low], &s);
    let z: Vec<i64> = p.layers.iter().map(|l| (l.z * 1000.0).round() as i64).collect();
    assert_eq!(z.len(), 110);
    assert!(z[..10].iter().eq(&z[10..20]));
    assert_eq!(z[10..60], z[60..]);
    let custom = p
        .steps
        .iter()
        .filter(|s| matches!(s, Step::Custom(t) if t == "M117 next"))
        .count();
    assert_eq!(custom, 2);
    let temps: Vec<u32> = p
        .steps
        .iter()
        .filter_map(|s| match s {
            Step::Hotend { celsius, .. } => Some(*celsius),
            _ => None,
        })
        .collect();
    assert_eq!(temps, [210, 210, 200, 210, 200, 210, 200, 0]);
    // Above what stands there nothing moves lower than its top.
    for m in moves(&p) {
        if let Some(f) = m.from {
            let done = if m.layer == 10 {
                4.0
            } else if m.layer == 60 {
                20.0
            } else {
                continue;
            };
            if m.is_travel() && m.length() > 20.0 {
                assert!(f64::from(m.to.z.min(f.z)) / 1e5 > done, "{m:?}");
            }
        }
    }

    let near = PrintSettings {
        extruder_clearance_radius: 200.0,
        ..s.clone()
    };
    let job = |objects: &[offcut_print::PrintObject], s: &PrintSettings| {
        offcut_print::toolpaths::plan(
            &offcut_print::Job { objects, skirt: &[] },
            s,
            &offcut_geometry::Ctx::quiet(),
        )
    };
    let e = job(&[object.clone()], &near).unwrap_err().to_string();
    assert!(e.contains("block") && e.contains("200.0 mm"), "{e}");
    let high = PrintSettings {
        extruder_clearance_height: 10.0,
        ..s
    };
    assert!(
        job(&[object], &high)
            .unwrap_err()
            .to_string()
            .contains("carriage")
    );
}

#[test]
fn nothing_to_print_is_an_error() {
    let empty = offcut_print::PrintObject::default();
    let job = offcut_print::Job {
        objects: &[empty],
        skirt: &[],
    };
    assert!(offcut_print::toolpaths::plan(&job, &plain(), &offcut_geometry::Ctx::quiet()).is_err());
}

/// A square ring of half side 20 with a hole of half side 10 and two short lines on opposite sides.
fn ring() -> offcut_print::PrintObject {
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

#[test]
fn holes_are_printed_before_the_contour_and_the_nozzle_leaves_inwards() {
    let p = program(&[ring()], &plain());
    let all = moves(&p);
    let center = mm(100.0, 100.0);
    let mut order = Vec::new();
    for (k, s) in p.steps.iter().enumerate() {
        if let Step::Extrude { path, bead } = s
            && bead.role != Role::SparseInfill
        {
            let far = p
                .path(*path)
                .iter()
                .map(|v| {
                    let q = v.xy() - center;
                    q.x.abs().max(q.y.abs())
                })
                .max()
                .unwrap();
            order.push((far < 1_500_000, bead.role));
            if bead.role == Role::ExternalPerimeter {
                let next = all.iter().find(|m| m.step > k).unwrap();
                let q = next.to.xy() - center;
                let r = q.x.abs().max(q.y.abs());
                assert!(
                    next.is_travel() && (1_020_000..1_980_000).contains(&r),
                    "{next:?}"
                );
            }
        }
    }
    use Role::{ExternalPerimeter as E, Perimeter as I};
    let expected = [
        (true, I),
        (true, I),
        (true, E),
        (false, I),
        (false, I),
        (false, E),
    ];
    assert_eq!(order, expected);

    let s = PrintSettings {
        perimeter_order: offcut_settings::print::PerimeterOrder::OutsideIn,
        ..plain()
    };
    let roles: Vec<Role> = program(&[ring()], &s)
        .steps
        .iter()
        .filter_map(|s| match s {
            Step::Extrude { bead, .. } => Some(bead.role),
            _ => None,
        })
        .collect();
    assert_eq!(roles[..6], [E, I, I, E, I, I]);
}

#[test]
fn overhangs_are_split_off_and_printed_as_threads() {
    let mut object = block(10.0, 3, 0.2);
    let island = &mut object.layers[1].islands[0];
    let n = island.perimeters.points.len();
    island.perimeters.overhang = vec![0; n];
    // One edge of the external loop hangs over wholly, one of the next loop by half.
    island.perimeters.overhang[1] = offcut_print::plan::OVERHANG_FULL;
    island.perimeters.overhang[4 + 2] = 2;
    let s = PrintSettings {
        disable_fan_first_layers: 0,
        fan_always_on: false,
        bridge_fan_speed: 100.0,
        ..plain()
    };
    let p = program(&[object], &s);
    let thread = std::f64::consts::PI / 4.0 * 0.4 * 0.4;
    let (mut full, mut half) = (0.0, 0.0);
    for m in moves(&p).iter().filter(|m| m.bead.is_some()) {
        let b = m.bead.unwrap();
        if b.role == Role::OverhangPerimeter {
            assert_eq!((m.layer, m.fan, b.speed), (1, 100.0, 15.0));
            assert!((b.mm3_per_mm - thread).abs() < 1e-9);
            full += m.length();
        } else {
            assert_eq!(m.fan, 0.0);
            if m.layer == 1 && b.role == Role::Perimeter && b.speed == 30.0 {
                half += m.length();
            }
        }
    }
    assert!((full - 19.55).abs() < 0.1, "{full}");
    assert!((half - 18.65).abs() < 0.1, "{half}");
}

#[test]
fn flow_is_limited_by_the_speed() {
    let s = PrintSettings {
        max_volumetric_speed: 4.0,
        filament_max_volumetric_speed: 2.0,
        extrusion_multiplier: 1.1,
        ..plain()
    };
    let p = program(&[block(20.0, 3, 0.2)], &s);
    for m in moves(&p) {
        if let Some(b) = m.bead {
            assert!((b.mm3_per_mm - 0.08 * 1.1).abs() < 1e-6);
            assert!(b.mm3_per_mm * f64::from(b.speed) <= 2.0 + 1e-6);
        }
    }
}

#[test]
fn infill_keeps_the_sequence_of_directed_lines() {
    let mut object = block(10.0, 1, 0.2);
    let island = &mut object.layers[0].islands[0];
    island.infill = offcut_print::BeadSet::default();
    let top = offcut_print::Bead {
        directed: true,
        ..bead(Role::TopSolidInfill)
    };
    lines(&mut island.infill, 0.0, 0.0, 8.0, 0.45, top);
    let p = program(&[object], &plain());
    let mut last = i32::MIN;
    for m in moves(&p) {
        if m.bead.is_some_and(|b| b.role == Role::TopSolidInfill) {
            assert!(m.to.y > last && m.from.unwrap().x < m.to.x);
            last = m.to.y;
        }
    }
}

#[test]
fn heaters_are_left_to_custom_g_code_that_sets_them() {
    let heats = |start: &str, end: &str| {
        let s = PrintSettings {
            start_gcode: start.into(),
            end_gcode: end.into(),
            ..plain()
        };
        let p = program(&[block(10.0, 1, 0.2)], &s);
        let mut hot = Vec::new();
        let mut bed = Vec::new();
        for step in &p.steps {
            match step {
                Step::Hotend { celsius, wait } => hot.push((*celsius, *wait)),
                Step::Bed { celsius, wait } => bed.push((*celsius, *wait)),
                _ => {}
            }
        }
        (hot, bed)
    };
    let (hot, bed) = heats("G28", "M84");
    assert_eq!(hot, [(210, false), (210, true), (0, false)]);
    assert_eq!(bed, [(60, true), (0, false)]);
    let (hot, bed) = heats("M190 S60\nM109 S210 ; wait\nG28", "M104 S0\nM140 S0");
    assert!(hot.is_empty() && bed.is_empty());
    // Words in comments count for nothing.
    let (hot, _) = heats("G28 ; no M109 here", "");
    assert_eq!(hot.len(), 3);
    let (hot, bed) = heats("START_PRINT BED_TEMP=60 EXTRUDER_TEMP=210", "END_PRINT");
    assert_eq!((hot.len(), bed.len()), (1, 1));
}

#[test]
fn beads_without_plastic_are_left_out() {
    let mut object = block(10.0, 1, 0.2);
    let gaps = &mut object.layers[0].islands[0].gaps;
    for (k, flow) in [0.04, 0.0, 0.0, 0.03].into_iter().enumerate() {
        let x = k as f64;
        let b = offcut_print::Bead {
            continues: k > 0,
            mm3_per_mm: flow,
            ..bead(Role::GapFill)
        };
        gaps.push(&[mm(x, 0.0), mm(x + 1.0, 0.0)], b);
    }
    let p = program(&[object], &plain());
    let gaps: Vec<(f64, f64)> = moves(&p)
        .iter()
        .filter(|m| m.bead.is_some_and(|b| b.role == Role::GapFill))
        .map(|m| (m.length(), m.bead.map_or(0.0, |b| b.mm3_per_mm)))
        .collect();
    assert_eq!(gaps.len(), 2);
    assert!(gaps.iter().all(|g| (g.0 - 1.0).abs() < 1e-9 && g.1 > 0.02));
}
