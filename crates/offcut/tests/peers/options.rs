//! Options of walls, surfaces and infill, on bodies whose dimensions are known.

use crate::body::{cube, cuboid, solid, t_body};
use crate::run::{Item, MIDDLE, Print, Stroke, extrudes, job, print, run, xy};
use offcut::{Ctx, Placement, slice};
use offcut_gcode::Role;
use offcut_gcode::read::Motion;
use offcut_mesh::Mesh;
use offcut_settings::print::SurfacePattern;
use std::f64::consts::PI;

const SPARSE: &[Role] = &[Role::SparseInfill];
const HOLLOW: &[&str] = &["top_solid_layers=0", "bottom_solid_layers=0", "skirt_loops=0"];

/// Plastic, mm³.
fn volume<'a>(moves: impl Iterator<Item = &'a Motion>) -> f64 {
    moves.map(|m| m.e).sum::<f64>() * PI * 1.75 * 1.75 / 4.0
}

fn of_layer(p: &Print, layer: u32) -> impl Iterator<Item = &Motion> {
    p.extrusions().filter(move |m| m.layer == layer)
}

/// A block with a smaller one on it, in its middle.
fn step(base: f32, tower: f32) -> Mesh {
    let (lo, hi) = ((base - tower) / 2.0, (base + tower) / 2.0);
    solid(
        &[[0.0, 0.0, 0.0, base, base, 2.0], [lo, lo, 0.0, hi, hi, 4.0]],
        &[],
    )
}

fn settings<'a>(common: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [common, more].concat()
}

#[test]
fn combined_infill_is_in_every_second_layer_and_carries_both() {
    let body = cuboid(40.0, 40.0, 2.0);
    for density in ["infill_density=20", "infill_density=45"] {
        for pattern in ["infill_pattern=grid", "infill_pattern=rectilinear"] {
            let one = print(&body, &settings(HOLLOW, &[density, pattern]));
            // A nozzle of 0.4 mm lays two layers of 0.2 mm at once, whatever is asked for.
            for every in ["infill_every_layers=2", "infill_every_layers=5"] {
                let two = print(&body, &settings(HOLLOW, &[density, pattern, every]));
                assert_eq!(two.layers_with(SPARSE), [1, 3, 5, 7, 9, 10], "{every}");
                let (a, b) = (volume(one.of(SPARSE)), volume(two.of(SPARSE)));
                assert!((b / a - 1.0).abs() < 0.02, "{density} {pattern}: {a} {b}");
                // The same lines, twice as high.
                let rate = |p: &Print| {
                    let m = p.of(SPARSE).find(|m| m.layer == 5 && xy(m) > 5.0).unwrap();
                    m.e / xy(m)
                };
                assert!((rate(&two) / rate(&one) - 2.0).abs() < 1e-2);
            }
        }
    }
    let three = print(
        &cuboid(40.0, 40.0, 1.0),
        &settings(
            HOLLOW,
            &[
                "infill_every_layers=3",
                "layer_height=0.1",
                "first_layer_height=0.2",
            ],
        ),
    );
    assert_eq!(three.layers_with(SPARSE), [1, 4, 7, 9]);
}

#[test]
fn combined_infill_carries_skins_at_any_height() {
    // The step's skin begins inside a pair of layers for one of these heights.
    for height in [3.0, 3.2] {
        let body = solid(
            &[
                [0.0, 0.0, 0.0, 40.0, 40.0, height],
                [20.0, 0.0, 0.0, 40.0, 40.0, 6.0],
            ],
            &[],
        );
        let one = print(&body, &["skirt_loops=0"]);
        let two = print(&body, &["skirt_loops=0", "infill_every_layers=2"]);
        let (a, b) = (volume(one.of(SPARSE)), volume(two.of(SPARSE)));
        assert!((b / a - 1.0).abs() < 0.04, "{height}: {a} {b}");
        // The layer below the lower skin, five layers thick, has its infill.
        let top = (f64::from(height) / 0.2).round() as u32;
        let under = one
            .of(SPARSE)
            .filter(|m| m.layer == top - 5 && m.to[0] < MIDDLE)
            .count();
        let combined = two
            .of(SPARSE)
            .filter(|m| m.layer == top - 5 && m.to[0] < MIDDLE)
            .count();
        assert!(under > 0 && combined > 0, "{height}: {under} {combined}");
    }
}

#[test]
fn surfaces_of_every_pattern_are_full() {
    let ring = solid(
        &[[0.0, 0.0, 0.0, 24.0, 20.0, 1.0]],
        &[[9.0, 7.0, 0.0, 13.0, 12.0, 1.0]],
    );
    let full = (24.0 * 20.0 - 4.0 * 5.0) * 0.2;
    for pattern in SurfacePattern::ALL {
        let both = [
            format!("top_surface_pattern={}", pattern.name()),
            format!("bottom_surface_pattern={}", pattern.name()),
        ];
        let p = print(&ring, &["skirt_loops=0", &both[0], &both[1]]);
        for (layer, role) in [(5, Role::TopSolidInfill), (1, Role::SolidInfill)] {
            assert!(of_layer(&p, layer).any(|m| m.role == Some(role)), "{pattern:?}");
            let v = volume(of_layer(&p, layer));
            assert!((v / full - 1.0).abs() < 0.05, "{pattern:?} {layer}: {v} {full}");
        }
    }
}

#[test]
fn concentric_surfaces_follow_the_outline() {
    let p = print(
        &cuboid(20.0, 14.0, 1.0),
        &["top_surface_pattern=concentric", "skirt_loops=0"],
    );
    let mut lines = 0;
    for m in p.of(&[Role::TopSolidInfill]).filter(|m| xy(m) > 1.0) {
        let d = [(m.to[0] - m.from[0]).abs(), (m.to[1] - m.from[1]).abs()];
        assert!(d[0].min(d[1]) < 1e-3, "line {}: {d:?}", m.line);
        lines += 1;
    }
    // Fourteen loops fit beside each other in half of 14 mm less three walls.
    assert!(lines > 4 * 11, "{lines}");
    // Inner solid layers keep their lines.
    let slanted = |m: &&Motion| ((m.to[0] - m.from[0]).abs() - (m.to[1] - m.from[1]).abs()).abs() < 1e-2;
    assert!(p.of(&[Role::SolidInfill]).filter(slanted).count() > 20);
}

#[test]
fn monotonic_lines_are_not_linked() {
    let links = |pattern: &str| {
        let p = print(&cuboid(20.0, 20.0, 1.0), &["skirt_loops=0", pattern]);
        let short = p.of(&[Role::TopSolidInfill]).filter(|m| xy(m) < 1.0).count();
        (short, p.of(&[Role::TopSolidInfill]).count() - short)
    };
    let (linked, lines) = links("top_surface_pattern=monotonic");
    let (alone, same) = links("top_surface_pattern=monotonic_lines");
    assert!(linked > 30 && alone < 6, "{linked} {alone}");
    assert_eq!(lines, same);
}

fn sizes(loops: &[Stroke], role: Role) -> Vec<f64> {
    let mut s: Vec<f64> = loops
        .iter()
        .filter(|l| l.role == role)
        .map(|l| l.area().abs().sqrt())
        .collect();
    s.sort_by(f64::total_cmp);
    s
}

#[test]
fn top_surfaces_have_one_wall() {
    let p = print(&step(30.0, 10.0), &["one_wall_on_top=on", "skirt_loops=0"]);
    // The last layer has the external perimeter only.
    assert_eq!(p.loops(20).len(), 1);
    // Below, three walls.
    assert_eq!((p.loops(9).len(), p.loops(19).len()), (3, 3));
    // The step: the external perimeter around the base, two inner ones under those of the tower.
    let loops = p.loops(10);
    let (outer, inner) = (
        sizes(&loops, Role::ExternalPerimeter),
        sizes(&loops, Role::Perimeter),
    );
    assert!(outer.len() == 1 && (outer[0] - 29.55).abs() < 0.02, "{outer:?}");
    assert!(
        inner.len() == 2 && inner.iter().all(|s| (8.5..10.0).contains(s)),
        "{inner:?}"
    );
    // Off, everything has three.
    let off = print(&step(30.0, 10.0), &["skirt_loops=0"]);
    assert_eq!((off.loops(10).len(), off.loops(20).len()), (3, 3));
}

#[test]
fn one_wall_leaves_no_gap() {
    for tower in [10.0, 20.0, 26.3] {
        let full = ["infill_density=100", "skirt_loops=0"];
        let off = print(&step(30.0, tower), &full);
        let on = print(&step(30.0, tower), &settings(&full, &["one_wall_on_top=on"]));
        for layer in [10, 20] {
            let (a, b) = (volume(of_layer(&off, layer)), volume(of_layer(&on, layer)));
            assert!((b / a - 1.0).abs() < 0.02, "{tower} {layer}: {a} {b}");
        }
    }
}

#[test]
fn narrow_steps_and_shelves_keep_their_walls() {
    // A rim of 1 mm, narrower than three walls.
    let p = print(&step(30.0, 28.0), &["one_wall_on_top=on", "skirt_loops=0"]);
    assert_eq!(p.loops(10).len(), 3);
    assert_eq!(p.loops(20).len(), 1);
    // A plate of one layer over air.
    let shelf = solid(
        &[[0.0, 0.0, 0.0, 10.0, 20.0, 2.0], [0.0, 0.0, 1.8, 30.0, 20.0, 2.0]],
        &[],
    );
    let p = print(&shelf, &["one_wall_on_top=on", "skirt_loops=0"]);
    let over_air: Vec<Stroke> = p
        .strokes(10)
        .into_iter()
        .filter(|s| matches!(s.role, Role::OverhangPerimeter | Role::Perimeter))
        .collect();
    assert!(
        over_air
            .iter()
            .filter(|s| s.role == Role::OverhangPerimeter)
            .count()
            >= 3
    );
}

#[test]
fn the_first_layer_may_have_one_wall() {
    let p = print(
        &cuboid(20.0, 20.0, 1.0),
        &["one_wall_on_first_layer=on", "skirt_loops=0"],
    );
    assert_eq!((p.loops(1).len(), p.loops(2).len()), (1, 3));
}

#[test]
fn overhangs_get_perimeters_from_the_stem_outwards() {
    // Wings of 10 mm begin in layer 76; their walls take 1.3 mm.
    let common = ["skirt_loops=0", "overhang_speeds_enabled=off"];
    let off = print(&t_body(), &common);
    let on = print(
        &t_body(),
        &settings(&common, &["extra_perimeters_on_overhangs=on"]),
    );
    let layer = 76;
    let reach = |p: &Print, role: Role| {
        of_layer(p, layer)
            .filter(|m| m.role == Some(role))
            .flat_map(|m| [m.from[0], m.to[0]])
            .map(|x| (x - MIDDLE).abs())
            .fold(0.0, f64::max)
    };
    // Without, skin lies in the air; with, it ends on the stem (5 mm from the middle).
    assert!(reach(&off, Role::SolidInfill) > 12.0);
    assert!(
        reach(&on, Role::SolidInfill) < 5.3,
        "{}",
        reach(&on, Role::SolidInfill)
    );
    // As much plastic as threads over the wings take: they are round, 0.4 mm thick.
    let v = volume(of_layer(&on, layer)) / volume(of_layer(&off, layer));
    assert!((0.95..1.5).contains(&v), "{v}");
    // Before everything else, and each line farther out than the one before, on both sides.
    let strokes = on.strokes(layer);
    let first_wall = strokes
        .iter()
        .position(|s| matches!(s.role, Role::ExternalPerimeter | Role::Perimeter))
        .unwrap();
    let lines: Vec<&Stroke> = strokes[..first_wall]
        .iter()
        .filter(|s| s.role == Role::OverhangPerimeter && s.points.len() > 2)
        .collect();
    assert!(lines.len() >= 10, "{}", lines.len());
    for side in [-1.0, 1.0] {
        let far: Vec<f64> = lines
            .iter()
            .filter(|s| s.middle()[0] * side > 0.0)
            .map(|s| {
                s.points
                    .iter()
                    .map(|p| (p[0] - MIDDLE) * side)
                    .fold(0.0, f64::max)
            })
            .collect();
        assert!(
            far.len() >= 5 && far.windows(2).all(|w| w[1] > w[0] - 0.01),
            "{far:?}"
        );
        assert!(far.last().is_some_and(|f| (12.9..13.9).contains(f)), "{far:?}");
    }
    // Every line begins and ends above the stem.
    for l in lines {
        for p in [l.points[0], l.points[l.points.len() - 1]] {
            assert!((p[0] - MIDDLE).abs() < 5.1, "{p:?}");
        }
    }
}

#[test]
fn internal_bridges_have_their_own_flow_speed_and_fan() {
    let rates = |more: &[&str]| -> Vec<(f64, f64)> {
        let p = print(&cube(), &settings(&["cooling=off"], more));
        p.of(&[Role::Bridge])
            .filter(|m| xy(m) > 5.0)
            .map(|m| (m.e / xy(m), m.speed))
            .collect()
    };
    let all = |more: &[&str], wanted: f64, speed: f64| {
        let r = rates(more);
        assert!(r.len() > 20, "{more:?}");
        for (e, v) in r {
            assert!(
                (e / wanted - 1.0).abs() < 0.01 && (v - speed).abs() < 1e-2,
                "{more:?}: {e} {v}"
            );
        }
    };
    // Round threads by default.
    let filament = PI * 1.75 * 1.75 / 4.0;
    let thread = PI * 0.4 * 0.4 / 4.0 / filament;
    all(&[], thread, 30.0);
    all(&["internal_bridge_flow_ratio=0.8"], 0.8 * thread, 30.0);
    all(&["internal_bridge_speed=150%"], thread, 45.0);
    all(&["bridge_flow_ratio=0.7"], thread, 30.0);
    // As solid infill: a spacing of 0.45 - 0.2 (1 - π/4) mm, 0.2 mm high.
    let solid = 0.2 * (0.45 - 0.2 * (1.0 - PI / 4.0)) / filament;
    let flat = "thick_internal_bridges=off";
    all(&[flat], solid, 30.0);
    all(&[flat, "internal_bridge_flow_ratio=0.8"], 0.8 * solid, 30.0);
    let p = print(&cube(), &["internal_bridge_fan_speed=60", "bridge_fan_speed=100"]);
    let mut fan = 0.0;
    for i in &p.items {
        match i {
            Item::Fan(s) => fan = *s,
            Item::Move(m) if extrudes(m) && m.role == Some(Role::Bridge) => assert_eq!(fan, 153.0),
            _ => {}
        }
    }
}

const VASE: &[&str] = &[
    "spiral_vase=on",
    "skirt_loops=0",
    "cooling=off",
    "min_layer_time=0",
];

#[test]
fn a_spiral_rises_without_a_break() {
    let p = print(
        &cuboid(20.0, 20.0, 10.0),
        &settings(VASE, &["bottom_solid_layers=2", "bottom_solid_min_thickness=0"]),
    );
    // Two flat solid layers, then nothing but one external perimeter.
    for layer in [1, 2] {
        assert!(of_layer(&p, layer).all(|m| m.from[2] == m.to[2]));
        assert!(of_layer(&p, layer).any(|m| m.role != Some(Role::ExternalPerimeter)));
    }
    let rising: Vec<&Motion> = p.extrusions().filter(|m| m.layer > 2).collect();
    assert!(rising.iter().all(|m| m.role == Some(Role::ExternalPerimeter)));
    let first = p.moves().position(|m| m.layer == 3 && extrudes(m)).unwrap();
    let last = p.moves().count()
        - p.moves()
            .collect::<Vec<_>>()
            .iter()
            .rev()
            .position(|m| extrudes(m))
            .unwrap();
    assert!(
        p.moves().skip(first).take(last - first).all(extrudes),
        "a travel or a retraction inside the spiral"
    );
    // 0.2 mm on each turn of 4 x 19.55 mm, evenly; the last turn is flat.
    let slope = 0.2 / (4.0 * 19.55);
    let (turns, flat): (Vec<&Motion>, Vec<&Motion>) = rising.iter().partition(|m| m.to[2] > m.from[2]);
    assert!((turns[0].from[2] - 0.4).abs() < 1e-3);
    for m in turns.iter().filter(|m| xy(m) > 5.0) {
        assert!(
            ((m.to[2] - m.from[2]) / xy(m) - slope).abs() < 2e-4,
            "line {}",
            m.line
        );
    }
    let top = rising.last().unwrap().to[2];
    assert!((top - 10.0).abs() < 1e-3, "{top}");
    let ends: f64 = flat.iter().map(|m| xy(m)).sum();
    assert!((ends - 4.0 * 19.55).abs() < 0.5, "{ends}");
    // The first turn fades in, the last one out: half of a turn's plastic each, evenly.
    let rate = turns.iter().filter(|m| m.layer == 10).map(|m| m.e).sum::<f64>();
    let entry: f64 = turns.iter().filter(|m| m.layer == 3).map(|m| m.e).sum();
    let exit: f64 = flat.iter().map(|m| m.e).sum();
    assert!((entry / rate - 0.5).abs() < 0.01 && (exit / rate - 0.5).abs() < 0.01);
    let flows: Vec<f64> = flat.iter().filter(|m| xy(m) > 0.1).map(|m| m.e / xy(m)).collect();
    assert!(flows.windows(2).all(|w| w[1] < w[0] + 2e-4));
}

#[test]
fn a_spiral_of_a_cone_has_no_jumps() {
    // Four walls that lean outwards by 45°: every turn passes over into the next.
    let mut triangles = Vec::new();
    let at = |r: f32, z: f32, k: usize| {
        let (x, y) = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)][k % 4];
        [x * r, y * r, z]
    };
    for k in 0..4 {
        triangles.push([at(10.0, 0.0, k), at(10.0, 0.0, k + 1), at(16.0, 6.0, k + 1)]);
        triangles.push([at(10.0, 0.0, k), at(16.0, 6.0, k + 1), at(16.0, 6.0, k)]);
    }
    for (r, z, turn) in [(10.0, 0.0, [0, 2, 1]), (16.0, 6.0, [0, 1, 2])] {
        triangles.push(turn.map(|k| at(r, z, k)));
        triangles.push(turn.map(|k| at(r, z, [0, 2, 3][k])));
    }
    let p = print(&Mesh { triangles }, VASE);
    let rising: Vec<&Motion> = p.extrusions().filter(|m| m.layer > 5).collect();
    assert!(rising.len() > 90);
    // Every corner lies on the wall's own height, less half the bead: no step at the end of a turn.
    for m in rising.iter().filter(|m| m.to[2] < 5.9 && xy(m) > 1.0) {
        let far = (m.to[0] - MIDDLE).abs().max((m.to[1] - MIDDLE).abs());
        let wall = 10.0 + m.to[2] - 0.1 - 0.225;
        assert!((far - wall).abs() < 0.12, "line {}: {far} {wall}", m.line);
    }
}

#[test]
fn a_spiral_is_the_largest_contour() {
    let tube = solid(
        &[[0.0, 0.0, 0.0, 20.0, 20.0, 4.0], [26.0, 0.0, 0.0, 32.0, 6.0, 4.0]],
        &[[6.0, 6.0, 2.0, 14.0, 14.0, 4.0]],
    );
    let p = print(&tube, VASE);
    let w: Vec<&str> = p
        .outcome
        .warnings
        .iter()
        .filter(|w| w.code == "spiral_vase")
        .map(|w| w.message.as_str())
        .collect();
    assert!(w.len() == 1 && w[0].contains("16 layers"), "{w:?}");
    let right = p
        .extrusions()
        .filter(|m| m.layer > 4)
        .map(|m| m.to[0] - MIDDLE)
        .fold(f64::MIN, f64::max);
    assert!(right < 5.0, "{right}");
}

#[test]
fn spirals_are_printed_one_by_one() {
    let two = Placement {
        copies: 2,
        ..Placement::default()
    };
    let body = cuboid(15.0, 15.0, 3.0);
    let by_layer = slice(job(&[&body], VASE, two.clone()), &Ctx::quiet(), &mut Vec::new());
    let message = by_layer.unwrap_err().to_string();
    assert!(message.contains("print_order"), "{message}");
    let p = run(job(&[&body], &settings(VASE, &["print_order=by_object"]), two));
    // Each copy ends with its own flat turn at the top.
    let flat: f64 = p
        .extrusions()
        .filter(|m| m.from[2] > 2.95 && m.from[2] == m.to[2])
        .map(xy)
        .sum();
    assert!((flat - 2.0 * 4.0 * 14.55).abs() < 1.0, "{flat}");
}

#[test]
fn a_spiral_does_not_print_on_its_way_to_another_contour() {
    // The left tower is the larger one up to 2 mm, the right one above.
    let towers = solid(
        &[
            [0.0, 0.0, 0.0, 12.0, 12.0, 2.0],
            [0.0, 0.0, 0.0, 6.0, 12.0, 4.0],
            [30.0, 0.0, 0.0, 40.0, 10.0, 4.0],
        ],
        &[],
    );
    let p = print(&towers, VASE);
    let far: Vec<&Motion> = p.moves().filter(|m| m.layer > 4 && xy(m) > 15.0).collect();
    assert!(far.len() == 1 && !extrudes(far[0]), "{far:?}");
    let side = |layer| of_layer(&p, layer).all(|m| m.to[0] < MIDDLE);
    assert!(side(10) && of_layer(&p, 11).all(|m| m.to[0] > MIDDLE));
}
