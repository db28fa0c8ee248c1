//! Shells, bridges and infill.

use crate::body::{bridge, cube, cuboid, solid, v_body};
use crate::run::{Item, MIDDLE, Print, extrudes, job, print, run, xy};
use offcut::Placement;
use offcut_gcode::Role;
use offcut_settings::print::InfillPattern;
use std::f64::consts::PI;

const SOLID: &[Role] = &[Role::SolidInfill, Role::TopSolidInfill];
const BRIDGE: &[Role] = &[Role::Bridge];

#[test]
fn shells_are_as_many_layers_as_asked_for() {
    let count = ["top_solid_layers=3", "bottom_solid_layers=3"];
    for more in [
        ["perimeters=0", "gap_fill=off"],
        ["perimeters=1", "infill_density=0"],
    ] {
        let p = print(&cube(), &[&count[..], &more[..]].concat());
        assert_eq!(p.layers_with(&[Role::TopSolidInfill]), [100], "{more:?}");
        let shells = p.layers_with(&[Role::SolidInfill, Role::TopSolidInfill, Role::Bridge]);
        assert_eq!(shells, [1, 2, 3, 98, 99, 100], "{more:?}");
    }
}

#[test]
fn sparse_infill_fills_what_the_shells_leave() {
    let p = print(&cube(), &["top_solid_layers=3", "bottom_solid_layers=3"]);
    let sparse = p.layers_with(&[Role::SparseInfill]);
    assert_eq!(sparse, (4..=97).collect::<Vec<_>>());
    // The lowest layer of the top shell bridges the sparse infill.
    assert_eq!(p.layers_with(BRIDGE), [98]);
    let p = print(&cube(), &["infill_density=0"]);
    assert!(p.layers_with(&[Role::SparseInfill]).is_empty());
}

#[test]
fn no_shells_when_none_are_asked_for() {
    let p = print(
        &cube(),
        &[
            "top_solid_layers=0",
            "bottom_solid_layers=0",
            "solid_infill_below_area=0",
        ],
    );
    assert!(p.layers_with(SOLID).is_empty() && p.layers_with(BRIDGE).is_empty());
    assert_eq!(p.layers_with(&[Role::SparseInfill]).len(), 100);
}

#[test]
fn nothing_but_perimeters_without_infill_and_shells() {
    for extra in ["solid_infill_below_area=1000000", "solid_infill_every_layers=2"] {
        let p = print(
            &cuboid(20.0, 20.0, 4.0),
            &[
                "infill_density=0",
                "top_solid_layers=0",
                "bottom_solid_layers=0",
                "skirt_loops=0",
                extra,
            ],
        );
        let walls = [Role::ExternalPerimeter, Role::Perimeter];
        assert!(
            p.extrusions().all(|m| walls.contains(&m.role.unwrap())),
            "{extra}"
        );
    }
}

#[test]
fn the_fork_of_a_v_is_closed_by_three_layers() {
    let p = print(
        &v_body(),
        &[
            "layer_height=0.3",
            "first_layer_height=0.3",
            "bottom_solid_layers=0",
            "top_solid_layers=3",
            "solid_infill_below_area=0",
            "gap_fill=off",
        ],
    );
    // Above the fork both legs have top surfaces all along.
    let below: Vec<u32> = p
        .layers_with(SOLID)
        .into_iter()
        .filter(|l| f64::from(*l) * 0.3 <= 7.2 + 1e-6)
        .collect();
    assert!(
        (3..=4).contains(&below.len()) && below.last() == Some(&24),
        "{below:?}"
    );
}

/// Length by direction in eighths of a half turn, mm.
fn directions<'a>(moves: impl Iterator<Item = &'a offcut_gcode::read::Motion>) -> [f64; 8] {
    let mut d = [0.0; 8];
    for m in moves {
        let a = (m.to[1] - m.from[1]).atan2(m.to[0] - m.from[0]).rem_euclid(PI);
        d[(a / (PI / 8.0)).round() as usize % 8] += xy(m);
    }
    d
}

fn main_direction(p: &Print, from_layer: u32) -> usize {
    let d = directions(p.of(BRIDGE).filter(|m| m.layer >= from_layer));
    let best = (0..8).max_by(|a, b| d[*a].total_cmp(&d[*b])).unwrap();
    assert!(
        d[best] > 10.0 && d[best] > 2.0 * (d.iter().sum::<f64>() - d[best]),
        "{d:?}"
    );
    best
}

#[test]
fn bridges_run_across_the_gap() {
    // Without top layers, which would bridge the sparse infill.
    assert_eq!(main_direction(&print(&bridge(), &["top_solid_layers=0"]), 1), 0);
}

#[test]
fn a_hole_is_bridged_the_short_way() {
    // A roof of 1 mm over an opening that is closed all round.
    for (w, d, expected) in [(20.0, 10.0, 4), (10.0, 20.0, 0)] {
        let body = solid(
            &[[0.0, 0.0, 0.0, w + 10.0, d + 10.0, 5.0]],
            &[[5.0, 5.0, 0.0, 5.0 + w, 5.0 + d, 4.0]],
        );
        // Layer 21 is the first above the opening.
        let p = print(&body, &["infill_density=100%"]);
        assert_eq!(main_direction(&p, 21), expected, "{w} x {d}");
    }
}

#[test]
fn bridges_turn_with_the_body() {
    for (turn, expected) in [(45.0, 2), (90.0, 4), (135.0, 6)] {
        let placement = Placement {
            rotate: [0.0, 0.0, turn],
            ..Placement::default()
        };
        let p = run(job(&[&bridge()], &["top_solid_layers=0"], placement));
        assert_eq!(main_direction(&p, 1), expected, "{turn}");
    }
}

#[test]
fn bridge_threads_have_the_area_of_the_nozzle_times_the_ratio() {
    for ratio in [0.5, 1.0, 2.0] {
        for width in ["line_width=0.4", "line_width=112.5%"] {
            let p = print(
                &bridge(),
                &[&format!("bridge_flow_ratio={ratio}"), width, "top_solid_layers=0"],
            );
            let wanted = (0.4f64 / 1.75).powi(2) * ratio;
            let mut seen = 0;
            for m in p.of(BRIDGE).filter(|m| xy(m) > 5.0) {
                assert!(
                    (m.e / xy(m) - wanted).abs() < 1e-3,
                    "line {}: {}",
                    m.line,
                    m.e / xy(m)
                );
                seen += 1;
            }
            assert!(seen > 10, "{ratio}: {seen}");
        }
    }
}

#[test]
fn the_fan_blows_on_bridges_only() {
    let p = print(
        &bridge(),
        &[
            "fan_always_on=off",
            "fan_below_layer_time=0",
            "min_layer_time=0",
            "bridge_fan_speed=100",
            "disable_fan_first_layers=0",
            "overhang_speeds_enabled=off",
        ],
    );
    let (mut fan, mut bridged) = (0.0, 0);
    for i in &p.items {
        match i {
            Item::Fan(s) => fan = *s,
            Item::Move(m) if extrudes(m) => {
                let over = matches!(m.role, Some(Role::Bridge | Role::OverhangPerimeter));
                assert_eq!(
                    fan,
                    if over { 255.0 } else { 0.0 },
                    "line {}: {:?}",
                    m.line,
                    m.role
                );
                bridged += usize::from(over);
            }
            _ => {}
        }
    }
    assert!(bridged > 10);
}

#[test]
fn perimeters_over_the_gap_are_threads_in_one_layer() {
    for speeds in ["overhang_speeds_enabled=off", "overhang_speed_0=30"] {
        let p = print(&bridge(), &[speeds, "bridge_speed=30"]);
        assert_eq!(p.layers_with(&[Role::OverhangPerimeter]), [26], "{speeds}");
        let wanted = (0.4f64 / 1.75).powi(2);
        for m in p.of(&[Role::OverhangPerimeter]).filter(|m| xy(m) > 5.0) {
            assert!(
                (m.e / xy(m) - wanted).abs() < 1e-3,
                "{speeds}, line {}: {}",
                m.line,
                m.e / xy(m)
            );
            assert!(
                (m.speed - 30.0).abs() < 1e-2,
                "{speeds}, line {}: {}",
                m.line,
                m.speed
            );
        }
    }
}

#[test]
fn infill_of_every_pattern_stays_inside() {
    let body = cuboid(40.0, 40.0, 2.0);
    for pattern in InfillPattern::ALL {
        let p = print(
            &body,
            &[
                "perimeters=1",
                "top_solid_layers=0",
                "bottom_solid_layers=0",
                "skirt_loops=0",
                "solid_infill_below_area=0",
                &format!("infill_pattern={}", pattern.name()),
            ],
        );
        let reach = |roles: &[Role]| {
            p.of(roles)
                .flat_map(|m| [m.from, m.to])
                .flat_map(|p| [p[0] - MIDDLE, p[1] - MIDDLE])
                .fold(0.0, |a: f64, b| a.max(b.abs()))
        };
        let (wall, infill) = (reach(&[Role::ExternalPerimeter]), reach(&[Role::SparseInfill]));
        assert!(
            15.0 < infill && infill < wall,
            "{}: {infill} in {wall}",
            pattern.name()
        );
    }
}

#[test]
fn infill_takes_its_share_of_the_volume() {
    // What a layer of plastic between the loops would take, times the density.
    for density in [10.0, 20.0, 40.0] {
        let p = print(
            &cuboid(60.0, 60.0, 2.0),
            &[
                "top_solid_layers=0",
                "bottom_solid_layers=0",
                "solid_infill_below_area=0",
                "infill_pattern=rectilinear",
                "infill_anchor_max=0",
                &format!("infill_density={density}"),
            ],
        );
        let laid: f64 = p.of(&[Role::SparseInfill]).map(|m| m.e).sum::<f64>() * PI * 1.75 * 1.75 / 4.0;
        let side = 60.0 - 2.0 * (0.45 + 2.0 * 0.4071);
        let share = laid / (side * side * 2.0);
        assert!(
            (share / (density / 100.0) - 1.0).abs() < 0.1,
            "{density} %: {share}"
        );
    }
}

#[test]
fn solid_layers_are_as_full_as_the_walls_allow() {
    // All plastic of a middle layer of a full plate is its volume.
    let p = print(
        &cuboid(40.0, 40.0, 4.0),
        &["infill_density=100%", "skirt_loops=0"],
    );
    let laid: f64 =
        p.extrusions().filter(|m| m.layer == 10).map(|m| m.e).sum::<f64>() * PI * 1.75 * 1.75 / 4.0;
    assert!((laid / (40.0 * 40.0 * 0.2) - 1.0).abs() < 0.05, "{laid}");
}

#[test]
fn unique_speeds_identify_the_roles() {
    let p = print(
        &bridge(),
        &[
            "first_layer_speed=100%",
            "cooling=off",
            "overhang_speeds_enabled=off",
            "small_perimeter_speed=0",
            "perimeter_speed=77",
            "external_perimeter_speed=66",
            "infill_speed=88",
            "solid_infill_speed=99",
            "top_solid_infill_speed=55",
            "bridge_speed=72",
            "gap_fill_speed=44",
        ],
    );
    for m in p.extrusions() {
        let speed = match m.role.unwrap() {
            Role::Perimeter => 77.0,
            Role::ExternalPerimeter => 66.0,
            Role::SparseInfill => 88.0,
            Role::SolidInfill => 99.0,
            Role::TopSolidInfill => 55.0,
            Role::Bridge | Role::OverhangPerimeter => 72.0,
            Role::GapFill => 44.0,
            _ => continue,
        };
        assert!(
            (m.speed - speed).abs() < 1e-2,
            "line {}: {} {:?}",
            m.line,
            m.speed,
            m.role
        );
    }
    let p = print(
        &cuboid(20.0, 20.0, 2.0),
        &[
            "perimeter_speed=60",
            "external_perimeter_speed=50%",
            "cooling=off",
            "small_perimeter_speed=0",
        ],
    );
    assert!(
        p.of(&[Role::ExternalPerimeter])
            .filter(|m| m.layer > 1)
            .all(|m| (m.speed - 30.0).abs() < 1e-2)
    );
}

#[test]
fn lines_of_a_top_surface_lie_each_beside_the_one_before() {
    let p = print(&cuboid(20.0, 20.0, 2.0), &["top_surface_pattern=monotonic"]);
    let lines: Vec<_> = p.of(&[Role::TopSolidInfill]).filter(|m| xy(m) > 1.0).collect();
    let first = lines[lines.len() / 2];
    let across = [
        (first.from[1] - first.to[1]) / xy(first),
        (first.to[0] - first.from[0]) / xy(first),
    ];
    let at: Vec<f64> = lines
        .iter()
        .map(|m| m.to[0] * across[0] + m.to[1] * across[1])
        .collect();
    assert!(at.len() > 40);
    let rises = at.windows(2).all(|w| w[1] > w[0] - 1e-3);
    let falls = at.windows(2).all(|w| w[1] < w[0] + 1e-3);
    assert!(rises || falls, "{at:?}");
}

#[test]
fn the_first_layer_has_a_width_of_its_own() {
    // Walls, infill, skirt and brim of the first layer take the same plastic per length.
    for nozzle in [
        ["nozzle_diameter=0.4", "first_layer_height=0.3"],
        ["nozzle_diameter=0.5", "first_layer_height=0.35"],
    ] {
        let common = [
            "first_layer_line_width=0.8",
            "skirt_loops=1",
            "brim_width=2",
            "infill_density=40%",
            "gap_fill=off",
        ];
        let p = print(&cube(), &[&common[..], &nozzle[..]].concat());
        let rates = |layer: u32| -> Vec<f64> {
            p.extrusions()
                .filter(|m| m.layer == layer && xy(m) > 2.0)
                .map(|m| m.e / xy(m))
                .collect()
        };
        let (first, upper) = (rates(1), rates(10));
        let (lo, hi) = first
            .iter()
            .fold((f64::MAX, 0.0f64), |(lo, hi), e| (lo.min(*e), hi.max(*e)));
        assert!(first.len() > 50 && hi / lo < 1.15, "{nozzle:?}: {lo} to {hi}");
        assert!(upper.iter().all(|e| *e < 0.7 * lo), "{nozzle:?}");
    }
}
