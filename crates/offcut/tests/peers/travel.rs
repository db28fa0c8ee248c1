//! Travels, retraction and lift.

use crate::body::{cube, cuboid, solid};
use crate::run::{Item, MIDDLE, Print, copies, extrudes, print, xy};

/// A retraction or its end: filament without a way.
fn stands(m: &offcut_gcode::read::Motion) -> bool {
    m.e != 0.0 && m.from == m.to
}

const RETRACT: &[&str] = &[
    "retract_length=1.5",
    "retract_before_travel=3",
    "retract_restart_extra=0.1",
    "retract_speed=40",
];

#[test]
fn what_is_retracted_is_pushed_back_with_the_extra() {
    for n in [1, 2] {
        let p = copies(
            n,
            &cuboid(20.0, 20.0, 6.0),
            &[RETRACT, &["skirt_loops=4", "skirt_height=3"]].concat(),
        );
        let (mut retracted, mut count) = (0.0, 0);
        let mut begun = false;
        for m in p.moves() {
            if extrudes(m) {
                assert_eq!(retracted, 0.0, "line {}: extruded while retracted", m.line);
                begun = true;
            } else if m.e < 0.0 {
                assert!((m.e + 1.5).abs() < 1e-3, "line {}: {}", m.line, m.e);
                assert_eq!(retracted, 0.0, "line {}: retracted twice", m.line);
                assert!((m.speed - 40.0).abs() < 1e-2, "line {}: {}", m.line, m.speed);
                retracted = 1.5;
                count += 1;
            } else if stands(m) && begun {
                assert!((m.e - 1.6).abs() < 1e-3, "line {}: {}", m.line, m.e);
                retracted = 0.0;
            } else if stands(m) {
                retracted = 0.0;
            }
        }
        assert!(count > 10, "{count}");
    }
}

#[test]
fn travels_between_copies_are_retracted() {
    let p = copies(
        2,
        &cuboid(20.0, 20.0, 6.0),
        &[RETRACT, &["skirt_loops=0"]].concat(),
    );
    let (mut retracted, mut crossings) = (true, 0);
    for m in p.moves() {
        if m.e != 0.0 {
            retracted = m.e < 0.0;
        } else if (m.from[0] < MIDDLE) != (m.to[0] < MIDDLE) || (m.from[1] < MIDDLE) != (m.to[1] < MIDDLE) {
            // The copies stand on both sides of the bed's middle.
            crossings += usize::from(xy(m) > 6.0);
            assert!(
                retracted || xy(m) < 3.0,
                "line {}: {} mm without retraction",
                m.line,
                xy(m)
            );
        }
    }
    assert!(crossings >= 30, "{crossings}");
}

#[test]
fn the_nozzle_is_lifted_only_while_retracted_and_comes_down_before_it_extrudes() {
    let p = copies(
        2,
        &cuboid(20.0, 20.0, 6.0),
        &[
            RETRACT,
            &[
                "z_hop=0.6",
                "travel_speed_z=10",
                "layer_height=0.3",
                "first_layer_height=0.3",
            ],
        ]
        .concat(),
    );
    let (mut retracted, mut lifts) = (false, 0);
    for m in p.moves() {
        let z = m.to[2];
        let layer = 0.3 * f64::from(m.layer);
        if m.e < 0.0 {
            retracted = true;
        } else if stands(m) {
            retracted = false;
        }
        if extrudes(m) {
            assert!(
                (z - layer).abs() < 1e-3,
                "line {}: {z} in layer {}",
                m.line,
                m.layer
            );
        }
        if z > layer + 1e-3 {
            assert!(
                retracted && (z - layer - 0.6).abs() < 1e-3,
                "line {}: {z}",
                m.line
            );
            lifts += usize::from(m.from[2] < z);
        }
        let dz = (m.to[2] - m.from[2]).abs();
        if dz > 0.0 && m.from[2] > 0.0 {
            assert!(
                m.speed * dz / m.length() <= 10.0 + 1e-2,
                "line {}: {}",
                m.line,
                m.speed
            );
        }
    }
    assert!(lifts > 20, "{lifts}");
}

#[test]
fn lifts_are_between_the_heights_asked_for() {
    let p = copies(2, &cube(), &["z_hop=0.5", "z_hop_above=5", "z_hop_below=15"]);
    let mut lifts = 0;
    for m in p.moves().filter(|m| m.from[2] > m.to[2]) {
        assert!(
            (5.0..=15.0 + 1e-3).contains(&m.to[2]),
            "line {}: {}",
            m.line,
            m.to[2]
        );
        lifts += 1;
    }
    assert!(lifts > 20, "{lifts}");
}

#[test]
fn no_retraction_and_no_lift_without_a_length() {
    let p = copies(2, &cuboid(20.0, 20.0, 4.0), &["retract_length=0", "z_hop=0.2"]);
    assert!(p.moves().all(|m| m.e >= 0.0 && m.to[2] >= m.from[2]));
}

#[test]
fn firmware_retractions_alternate() {
    for length in ["retract_length=0.8", "retract_length=0"] {
        let p = copies(2, &cuboid(20.0, 20.0, 4.0), &["firmware_retraction=on", length]);
        let r: Vec<bool> = p
            .items
            .iter()
            .filter_map(|i| match i {
                Item::Retract(r) => Some(*r),
                _ => None,
            })
            .collect();
        assert!(r.len() > 20, "{length}: {}", r.len());
        assert!(r[0] && r.windows(2).all(|w| w[0] != w[1]), "{length}");
        assert!(p.moves().all(|m| m.e >= 0.0 && !stands(m)), "{length}");
    }
}

/// Wiping moves: a way while filament is pulled back.
fn wipes(p: &Print) -> Vec<&offcut_gcode::read::Motion> {
    p.moves().filter(|m| m.e < 0.0 && xy(m) > 0.0).collect()
}

#[test]
fn wipes_pull_slower_than_a_retraction() {
    let p = copies(2, &cuboid(20.0, 20.0, 4.0), &["wipe=on", "retract_speed=35"]);
    assert!(wipes(&p).len() > 20);
    for m in wipes(&p) {
        assert!(-m.e * m.speed / m.length() < 35.0, "line {}", m.line);
    }
    assert!(wipes(&copies(2, &cuboid(20.0, 20.0, 4.0), &["wipe=off"])).is_empty());
}

#[test]
fn no_wipe_straight_after_a_layer_change() {
    let p = copies(
        2,
        &cuboid(20.0, 20.0, 4.0),
        &["wipe=on", "retract_layer_change=on"],
    );
    let mut fresh = true;
    for i in &p.items {
        match i {
            Item::Layer => fresh = true,
            Item::Move(m) if extrudes(m) => fresh = false,
            Item::Move(m) if m.e < 0.0 && xy(m) > 0.0 => assert!(!fresh, "line {}", m.line),
            _ => {}
        }
    }
}

/// Travels that pass through the box of half side 20 around the bed's middle and neither begin nor end in it.
fn through_the_middle(p: &Print) -> usize {
    let inside = |q: [f64; 2]| (q[0] - MIDDLE).abs() < 19.9 && (q[1] - MIDDLE).abs() < 19.9;
    p.moves()
        .filter(|m| !extrudes(m) && m.from[2] > 0.0)
        .filter(|m| {
            let at = |t: f64| [0, 1].map(|k| m.from[k] + t * (m.to[k] - m.from[k]));
            !inside(at(0.0)) && !inside(at(1.0)) && (1..200).any(|k| inside(at(f64::from(k) / 200.0)))
        })
        .count()
}

#[test]
fn travels_go_round_other_islands_when_asked() {
    // A block and a peg in the middle of each of its sides: the ways from peg to peg cross its corners.
    let peg = |x: f32, y: f32| [x - 2.0, y - 2.0, 0.0, x + 2.0, y + 2.0, 2.0];
    let block = [-20.0, -20.0, 0.0, 20.0, 20.0, 2.0];
    let body = solid(
        &[
            block,
            peg(-30.0, 0.0),
            peg(30.0, 0.0),
            peg(0.0, -30.0),
            peg(0.0, 30.0),
        ],
        &[],
    );
    let plain = ["skirt_loops=0", "infill_density=0%"];
    let avoid = [&plain[..], &["avoid_crossing_perimeters=true"]].concat();
    assert!(through_the_middle(&print(&body, &plain)) >= 10);
    let p = print(&body, &avoid);
    assert_eq!(through_the_middle(&p), 0);
    // So do travels between objects of their own.
    let objects = |settings: &[&str]| {
        let files = [
            block,
            peg(-30.0, 0.0),
            peg(30.0, 0.0),
            peg(0.0, -30.0),
            peg(0.0, 30.0),
        ];
        let meshes = files.map(|b| std::sync::Arc::new(solid(&[b], &[])));
        let items: Vec<_> = meshes.iter().map(|m| ("part", m, [0.0, 0.0])).collect();
        crate::run::run(crate::plate::project(
            &items,
            settings,
            offcut::Placement::default(),
        ))
    };
    assert!(through_the_middle(&objects(&plain)) >= 10);
    assert_eq!(through_the_middle(&objects(&avoid)), 0);
    // The corner is cut by up to 20 mm: a detour of 0.1 mm does not go round it.
    let short = [&avoid[..], &["avoid_crossing_max_detour=0.1"]].concat();
    assert!(through_the_middle(&print(&body, &short)) > 0);
}
