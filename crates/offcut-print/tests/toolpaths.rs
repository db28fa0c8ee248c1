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
