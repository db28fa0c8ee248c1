//! Facts that any planner of toolpaths must keep, on hand-made layers.

#[path = "../common/mod.rs"]
mod common;
mod travel;

use common::*;
use offcut_gcode::Role;
use offcut_gcode::program::Step;
use offcut_settings::PrintSettings;
use travel::ring;

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
