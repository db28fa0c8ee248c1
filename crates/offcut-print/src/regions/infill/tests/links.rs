//! How lines are linked: few paths, no piece of wall twice.

use super::*;

/// Total length of pieces of the lines that run along the boundary, and the same with pieces that
/// lie on each other counted once.
pub(super) fn along_boundary(region: &Loops, lines: &Polylines) -> (f64, f64) {
    let (mut total, mut once) = (0.0, 0.0);
    for (a, b) in region.iter().flat_map(offcut_geometry::loops::edges) {
        let d = b - a;
        let len = d.norm();
        let mut spans: Vec<(f64, f64)> = Vec::new();
        for w in lines.iter().flat_map(|l| l.windows(2)) {
            let off = |p: Point| (d.cross(p - a) as f64 / len).abs();
            if off(w[0]) > 3.0 || off(w[1]) > 3.0 {
                continue;
            }
            let at = |p: Point| (d.dot(p - a) as f64 / len).clamp(0.0, len);
            let (u, v) = (at(w[0]), at(w[1]));
            if (u - v).abs() > 3.0 {
                spans.push((u.min(v), u.max(v)));
            }
        }
        spans.sort_by(|x, y| x.partial_cmp(y).unwrap());
        let mut reach = 0.0f64;
        for (u, v) in spans {
            total += v - u;
            once += (v - u.max(reach)).max(0.0);
            reach = reach.max(v);
        }
    }
    (total, once)
}

#[test]
fn no_piece_of_wall_is_printed_twice() {
    for (_, region) in odd_shapes()
        .into_iter()
        .filter(|(n, _)| ["plate", "triangle"].contains(n))
    {
        for e in REGISTRY {
            let out = run_layer(e.pattern, &region, &params(0.2), 0, 0.3);
            let (total, once) = along_boundary(&region, &out);
            assert!(total <= once + 1000.0, "{}: {total} {once}", e.name);
        }
    }
}

/// Links are the shorter halves: along walls runs at most about half of them.
#[test]
fn links_take_at_most_half_the_wall() {
    for e in REGISTRY {
        for d in [0.1, 0.2, 0.4] {
            for region in [square(), set(&[disc(50.0, 200)])] {
                let linked = run_layer(e.pattern, &region, &params(d), 0, 0.3).length();
                let plain = run_layer(e.pattern, &region, &unlinked(d), 0, 0.3).length();
                let share = (linked - plain) / region.perimeter();
                assert!(share < 0.7, "{} {d}: {share}", e.name);
            }
        }
    }
}

fn wide(spacing: f64, angle: f64) -> FillParams {
    FillParams {
        width: 0.1,
        spacing,
        density: 1.0,
        most: f64::INFINITY,
        angle,
        anchor: 1000.0,
        anchor_max: 1000.0,
        origin: Point::default(),
    }
}

#[test]
fn rectilinear_on_a_square_is_one_path_from_any_start() {
    for turn in 0..4 {
        let mut l = rect(0.0, 0.0, 100.0, 100.0);
        l.rotate_left(turn);
        let out = run_layer(InfillPattern::Rectilinear, &set(&[l]), &wide(50.0, 0.0), 0, 0.1);
        assert_eq!(out.len(), 1);
        // Two lines: those at 0 (or 100) and 50.
        assert!(out.length() / UNITS_PER_MM >= 2.0 * 100.0 + 50.0);
    }
}

#[test]
fn rectilinear_on_a_hexagon_with_corners_on_lines_is_one_path() {
    let hexagon: Vec<(f64, f64)> = (0..6)
        .map(|i| {
            let a = f64::from(i) * TAU / 6.0;
            (100.0 * libm::cos(a), 100.0 * libm::sin(a))
        })
        .collect();
    for angle in [0.0, TAU / 4.0, TAU / 8.0] {
        for spacing in [50.0, 25.0, 10.0] {
            let out = run_layer(
                InfillPattern::Rectilinear,
                &set(&[ring(&hexagon)]),
                &wide(spacing, angle),
                0,
                0.1,
            );
            assert_eq!(out.len(), 1, "{angle} {spacing}");
        }
    }
}

#[test]
fn rectilinear_on_a_square_with_a_hole_is_one_to_three_paths() {
    let mut hole = rect(25.0, 25.0, 75.0, 75.0);
    hole.reverse();
    let region = set(&[rect(0.0, 0.0, 100.0, 100.0), hole]);
    for angle in [-90.0f64, -45.0, 45.0, 90.0, 180.0] {
        for spacing in [25.0, 5.0, 7.5, 8.5] {
            let out = run_layer(
                InfillPattern::Rectilinear,
                &region,
                &wide(spacing, angle.to_radians()),
                0,
                0.1,
            );
            assert!(
                (1..=3).contains(&out.len()),
                "{angle} {spacing}: {} paths",
                out.len()
            );
            assert_inside(&region, &out, "square with hole");
        }
    }
}

#[test]
fn rectilinear_on_diamonds_and_squares_is_one_path() {
    let diamond = set(&[ring(&[(0.0, 0.0), (23.0, 23.0), (0.0, 46.0), (-23.0, 23.0)])]);
    let p = FillParams {
        spacing: 0.5,
        ..wide(0.5, FRAC_PI_4)
    };
    assert_eq!(
        run_layer(InfillPattern::Rectilinear, &diamond, &p, 0, 0.1).len(),
        1
    );
    let plain = set(&[rect(0.0, 0.0, 50.0, 50.0)]);
    for angle in [0.0, FRAC_PI_4] {
        for density in [0.4, 1.0] {
            let p = FillParams {
                width: 0.69,
                spacing: 0.69 - 0.4 * (1.0 - FRAC_PI_4),
                density,
                most: f64::INFINITY,
                angle,
                ..params(density)
            };
            assert_eq!(run_layer(InfillPattern::Rectilinear, &plain, &p, 0, 0.1).len(), 1);
        }
    }
}

#[test]
fn grid_links_well() {
    for (name, region, most) in [
        ("square", square(), 3),
        ("disc", set(&[disc(50.0, 200)]), 4),
        ("plate", plate(), 6),
    ] {
        let out = run_layer(InfillPattern::Grid, &region, &params(0.2), 0, 0.1);
        assert!(out.len() <= most, "{name}: {} paths", out.len());
    }
}
