//! Support of bodies whose overhangs are known.

use super::*;
use crate::plan::Bead;
use offcut_gcode::Role;
use offcut_geometry::loops::edges;
use offcut_geometry::point::nearest_on_segment;
use offcut_geometry::{Point, clip, grid, to_mm};
use offcut_settings::value::LengthOrPercent;
use proptest::prelude::*;

const H: f64 = 0.2;

fn rect(x0: f64, y0: f64, x1: f64, y1: f64) -> Loops {
    let l = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)];
    [l.iter()
        .map(|&(x, y)| Point::new(grid(x), grid(y)))
        .collect::<Vec<_>>()]
    .into_iter()
    .collect()
}

/// Layers of 0.2 mm up to `top`; `at` gives the section at a height.
fn body(top: f64, at: impl Fn(f64) -> Loops) -> Vec<Layer> {
    let n = (top / H).round() as usize;
    (0..n)
        .map(|k| Layer {
            z: (k + 1) as f64 * H,
            height: H,
            outline: at((k as f64 + 0.5) * H),
        })
        .collect()
}

/// A stem of 10 × 10 mm, from z = 10 on with wings of 10 mm to the left and right.
fn t_body() -> Vec<Layer> {
    body(12.0, |z| {
        if z < 10.0 {
            rect(-5.0, -5.0, 5.0, 5.0)
        } else {
            rect(-15.0, -5.0, 15.0, 5.0)
        }
    })
}

fn settings(style: Support) -> PrintSettings {
    PrintSettings {
        support: style,
        ..PrintSettings::default()
    }
}

fn plan(layers: &[Layer], s: &PrintSettings) -> Vec<BeadSet> {
    support(layers, s, &Ctx::quiet()).unwrap().layers
}

fn bead_length(set: &BeadSet, b: &Bead) -> f64 {
    let p = set.points_of(b);
    let open: f64 = p.windows(2).map(|w| w[0].dist(w[1])).sum();
    let closing = if b.closed { p[0].dist(p[p.len() - 1]) } else { 0.0 };
    (open + closing) / offcut_geometry::UNITS_PER_MM
}

fn length(set: &BeadSet, role: Role) -> f64 {
    set.beads
        .iter()
        .filter(|b| b.role == role)
        .map(|b| bead_length(set, b))
        .sum()
}

fn total(plan: &[BeadSet]) -> f64 {
    plan.iter()
        .map(|s| length(s, Role::Support) + length(s, Role::SupportInterface))
        .sum()
}

fn highest(plan: &[BeadSet]) -> Option<usize> {
    plan.iter().rposition(|s| !s.beads.is_empty())
}

fn segments(set: &BeadSet) -> Vec<(Point, Point)> {
    let mut v = Vec::new();
    for b in &set.beads {
        let p = set.points_of(b);
        if b.closed {
            v.extend(edges(p));
        } else {
            v.extend(p.windows(2).map(|w| (w[0], w[1])));
        }
    }
    v
}

/// Distance of a segment to an outline; 0 when it crosses or lies inside.
fn clear(outline: &Loops, a: Point, b: Point) -> f64 {
    if outline.contains(a) || outline.contains(b) {
        return 0.0;
    }
    let mut d = f64::INFINITY;
    for l in outline.iter() {
        for (p, q) in edges(l) {
            let side = offcut_geometry::point::orient;
            if (side(a, b, p) > 0) != (side(a, b, q) > 0) && (side(p, q, a) > 0) != (side(p, q, b) > 0) {
                return 0.0;
            }
            for (v, s, t) in [(a, p, q), (b, p, q), (p, a, b), (q, a, b)] {
                d = d.min(nearest_on_segment(v, s, t).1);
            }
        }
    }
    d.sqrt() / offcut_geometry::UNITS_PER_MM
}

#[test]
fn cube_needs_none() {
    let cube = body(20.0, |_| rect(0.0, 0.0, 20.0, 20.0));
    for style in [Support::Grid, Support::Snug] {
        assert_eq!(total(&plan(&cube, &settings(style))), 0.0);
    }
}

#[test]
fn trees_are_refused() {
    let e = support(&t_body(), &settings(Support::Tree), &Ctx::quiet()).unwrap_err();
    assert_eq!(e, PrintError::SupportStyle);
    assert!(!supported_styles().contains(&Support::Tree));
}

#[test]
fn wings_of_a_t_are_supported() {
    for style in [Support::Grid, Support::Snug] {
        let layers = t_body();
        let p = plan(&layers, &settings(style));
        // The gap of 0.2 mm below z = 10 leaves z = 9.8: layer 48.
        assert_eq!(highest(&p), Some(48));
        assert!(
            (0..49).all(|k| !p[k].beads.is_empty()),
            "columns stand on the bed"
        );
        let dense: Vec<usize> = (0..p.len())
            .filter(|&k| length(&p[k], Role::SupportInterface) > 0.0)
            .collect();
        assert_eq!(dense, [47, 48], "two interface layers");
        for (k, s) in p.iter().enumerate() {
            for (a, b) in segments(s) {
                // 0.27 mm and half a line of 0.45 mm beside the stem.
                assert!(clear(&rect(-5.0, -5.0, 5.0, 5.0), a, b) > 0.27 + 0.225);
                for q in [a, b] {
                    // Little beyond the wings, a bit more on the bed.
                    let d = if k == 0 { 2.0 } else { 0.5 };
                    assert!(to_mm(q.x).abs() < 15.0 + d && to_mm(q.y).abs() < 5.0 + d);
                }
            }
        }
        // Every point below the wings lies within an interface pitch of an interface line.
        let roof = segments(&p[48]);
        for i in 0..20 {
            for j in 0..20 {
                let q = Point::new(grid(6.0 + f64::from(i) * 0.45), grid(-4.9 + f64::from(j) * 0.5));
                let d = roof
                    .iter()
                    .map(|&(a, b)| nearest_on_segment(q, a, b).1)
                    .fold(f64::INFINITY, f64::min)
                    .sqrt();
                assert!(d < f64::from(grid(0.65)), "{q:?} {d}");
            }
        }
        // The base is sparse: 2.95 mm between lines of about 10 × 10 mm on two sides.
        let base = length(&p[20], Role::Support);
        assert!((40.0..240.0).contains(&base), "{base}");
    }
}

#[test]
fn slender_columns_are_widened() {
    // A beam of 1 mm that leaves a post.
    let beam = body(12.0, |z| {
        if z < 10.0 {
            rect(-5.0, -5.0, 5.0, 5.0)
        } else {
            clip::union(&rect(-5.0, -5.0, 5.0, 5.0), &rect(0.0, -0.5, 15.0, 0.5))
        }
    });
    for (style, widest) in [(Support::Snug, 1.0), (Support::Grid, 2.0)] {
        let p = plan(&beam, &settings(style));
        for s in &p[1..49] {
            let reach = s.points.iter().map(|q| to_mm(q.y).abs()).fold(0.0, f64::max);
            assert!((0.4..0.5 + widest).contains(&reach), "{reach}");
        }
    }
}

#[test]
fn contact_distance_is_kept() {
    for (gap, top) in [(0.0, 49), (0.1, 48), (0.2, 48), (0.25, 47), (0.4, 47)] {
        let s = PrintSettings {
            support_contact_distance: gap,
            ..settings(Support::Snug)
        };
        assert_eq!(highest(&plan(&t_body(), &s)), Some(top), "{gap}");
    }
}

#[test]
fn threshold_is_monotonic() {
    // A square cone that widens upwards, its sides 50° from the horizontal.
    let slope = 1.0 / 50f64.to_radians().tan();
    let cone = body(14.0, |z| {
        let r = if z < 2.0 { 5.0 } else { 5.0 + (z - 2.0) * slope };
        rect(-r, -r, r, r)
    });
    let at = |angle: f64| {
        let s = PrintSettings {
            support_threshold_angle: angle,
            ..settings(Support::Snug)
        };
        total(&plan(&cone, &s))
    };
    assert_eq!(at(30.0), 0.0);
    assert_eq!(at(45.0), 0.0);
    assert!(at(55.0) > 100.0);
    assert!(at(60.0) >= at(55.0));
    let t = |angle: f64| {
        let s = PrintSettings {
            support_threshold_angle: angle,
            ..settings(Support::Grid)
        };
        total(&plan(&t_body(), &s))
    };
    assert!(t(45.0) > 0.0 && t(60.0) >= t(45.0));
}

/// A box of 20 × 20 mm with a channel of 10 mm in X, closed above from z = 10 on.
fn gate(open_at_the_back: bool) -> Vec<Layer> {
    body(14.0, move |z| {
        let all = rect(0.0, 0.0, 30.0, 20.0);
        if z < 10.0 {
            let y1 = if open_at_the_back { 25.0 } else { 18.0 };
            clip::difference(&all, &rect(10.0, -5.0, 20.0, y1))
        } else {
            all
        }
    })
}

#[test]
fn bridges_need_none_unless_asked() {
    let s = settings(Support::Grid);
    assert_eq!(total(&plan(&gate(true), &s)), 0.0);
    let asked = PrintSettings {
        support_bridges: true,
        ..s
    };
    let p = plan(&gate(true), &asked);
    assert_eq!(highest(&p), Some(48));
    assert!(total(&p) > 500.0);
}

#[test]
fn sideways_hole() {
    // 20 × 10 × 20 mm with a hole of 10 mm along Y; first layer 0.3 or 0.4 mm, then 0.2 mm.
    for first in [0.3, 0.4] {
        let section = |z: f64| {
            let r2 = 25.0 - (z - 10.0) * (z - 10.0);
            let all = rect(-10.0, -5.0, 10.0, 5.0);
            if r2 > 0.0 {
                clip::difference(&all, &rect(-r2.sqrt(), -9.0, r2.sqrt(), 9.0))
            } else {
                all
            }
        };
        let mut layers = Vec::new();
        let mut z = 0.0;
        while z < 19.9 {
            let height = if layers.is_empty() { first } else { 0.2 };
            layers.push(Layer {
                z: z + height,
                height,
                outline: section(z + height / 2.0),
            });
            z += height;
        }
        let s = PrintSettings {
            first_layer_height: first,
            support_bridges: true,
            ..settings(Support::Grid)
        };
        let p = plan(&layers, &s);
        assert!(total(&p) > 50.0);
        for (k, set) in p.iter().enumerate() {
            let l = &layers[k];
            for b in &set.beads {
                assert!((f64::from(b.height) - l.height).abs() < 1e-6);
            }
            if !set.beads.is_empty() {
                assert!(
                    l.z - l.height > 5.0 && l.z < 15.0,
                    "support outside of the hole at {}",
                    l.z
                );
            }
        }
        let on_bed = PrintSettings {
            support_buildplate_only: true,
            ..s
        };
        assert_eq!(total(&plan(&layers, &on_bed)), 0.0, "the hole's floor is no bed");
    }
}

/// A T whose right wing hangs over a plate of 2 mm.
fn t_over_plate() -> Vec<Layer> {
    body(12.0, |z| {
        if z < 2.0 {
            rect(-5.0, -5.0, 20.0, 5.0)
        } else if z < 10.0 {
            rect(-5.0, -5.0, 5.0, 5.0)
        } else {
            rect(-15.0, -5.0, 15.0, 5.0)
        }
    })
}

#[test]
fn gap_and_interface_on_the_object() {
    let p = plan(&t_over_plate(), &settings(Support::Snug));
    let lowest = |right: bool| {
        p.iter()
            .position(|s| segments(s).iter().any(|(a, _)| (a.x > 0) == right))
            .unwrap()
    };
    // The plate ends at z = 2 (layer 9); a gap of 0.2 mm leaves layer 10 empty.
    assert_eq!((lowest(false), lowest(true)), (0, 11));
    let dense: Vec<usize> = (0..p.len())
        .filter(|&k| length(&p[k], Role::SupportInterface) > 0.0)
        .collect();
    assert_eq!(dense, [11, 12, 47, 48]);
}

#[test]
fn buildplate_only_never_stands_on_the_object() {
    for style in [Support::Grid, Support::Snug] {
        let s = PrintSettings {
            support_buildplate_only: true,
            ..settings(style)
        };
        let p = plan(&t_over_plate(), &s);
        assert!(total(&p) > 100.0);
        for set in &p {
            // Over the plate (x up to 20, y within 5) there is nothing.
            for (a, b) in segments(set) {
                for q in [a, b] {
                    let (x, y) = q.mm();
                    assert!(!(0.0..=20.0).contains(&x) || y.abs() > 5.0, "{x} {y}");
                }
            }
        }
    }
}

#[test]
fn an_island_in_the_air_is_supported_however_small() {
    // A ball-like tip of 0.15 mm that widens steeply.
    let layers = body(10.0, |z| {
        let post = rect(-10.0, -2.0, -6.0, 2.0);
        if z < 5.0 {
            return post;
        }
        let r = 0.07 + (z - 5.0) * 0.2;
        clip::union(&post, &rect(-r, -r, r, r))
    });
    let p = plan(&layers, &settings(Support::Snug));
    assert_eq!(highest(&p), Some(23));
    for s in &p[..24] {
        assert!(
            segments(s)
                .iter()
                .any(|&(a, b)| clear(&rect(-0.01, -0.01, 0.01, 0.01), a, b) < 1.5)
        );
    }
}

#[test]
fn a_lip_narrower_than_a_line_is_left_alone() {
    let lip = body(10.0, |z| {
        let r = if (5.0..6.0).contains(&z) { 10.25 } else { 10.0 };
        rect(-r, -r, r, r)
    });
    assert_eq!(total(&plan(&lip, &settings(Support::Grid))), 0.0);
    let shelf = body(10.0, |z| {
        let r = if (5.0..6.0).contains(&z) { 10.9 } else { 10.0 };
        rect(-r, -r, r, r)
    });
    assert!(
        total(&plan(&shelf, &settings(Support::Grid))) > 100.0,
        "two lines wide"
    );
}

#[cfg(feature = "parallel")]
#[test]
fn same_on_any_number_of_threads() {
    let s = settings(Support::Grid);
    let run = |n: usize| {
        rayon::ThreadPoolBuilder::new()
            .num_threads(n)
            .build()
            .unwrap()
            .install(|| plan(&t_over_plate(), &s))
    };
    assert_eq!(run(1), run(3));
}

fn star(radii: &[f64], turn: f64, scale: f64) -> Loops {
    let n = radii.len();
    let raw: Loops = [(0..n)
        .map(|i| {
            let a = turn + i as f64 / n as f64 * std::f64::consts::TAU;
            let r = radii[i] * scale;
            Point::new(grid(r * a.cos()), grid(r * a.sin()))
        })
        .collect::<Vec<_>>()]
    .into_iter()
    .collect();
    raw
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// Twisted, bulging stars: every bead keeps the distance from its own layer.
    #[test]
    fn keeps_its_distance(
        radii in prop::collection::vec(2.0..9.0f64, 5..9),
        twist in -0.6..0.6f64,
        xy in 0.1..0.8f64,
        snug: bool,
        angle in 0.0..90.0f64,
    ) {
        let layers = body(5.0, |z| star(&radii, twist * z, 0.4 + 0.6 * (z * 1.3).sin().abs()));
        let s = PrintSettings {
            support_xy_distance: LengthOrPercent::Mm(xy),
            support_angle: angle,
            ..settings(if snug { Support::Snug } else { Support::Grid })
        };
        let p = plan(&layers, &s);
        for (k, set) in p.iter().enumerate() {
            for b in &set.beads {
                let pts = set.points_of(b);
                let half = f64::from(b.width) / 2.0;
                let closing = b.closed.then(|| (pts[pts.len() - 1], pts[0]));
                for (a, c) in pts.windows(2).map(|w| (w[0], w[1])).chain(closing) {
                    let d = clear(&layers[k].outline, a, c);
                    prop_assert!(d > xy + half - 0.002, "layer {} {} < {}", k, d, xy + half);
                }
            }
        }
    }
}
