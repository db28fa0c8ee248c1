//! Adhesion of shapes whose loops can be counted.

use super::*;
use offcut_gcode::Role;
use offcut_geometry::loops::edges;
use offcut_geometry::point::nearest_on_segment;
use offcut_geometry::{UNITS_PER_MM, clip, grid};
use offcut_settings::LengthOrPercent;
use offcut_settings::print::{BrimType, DraftShield};
use proptest::prelude::*;

fn rect(x0: f64, y0: f64, x1: f64, y1: f64) -> Loops {
    let l = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)];
    [l.iter()
        .map(|&(x, y)| Point::new(grid(x), grid(y)))
        .collect::<Vec<_>>()]
    .into_iter()
    .collect()
}

fn settings() -> PrintSettings {
    PrintSettings {
        line_width: LengthOrPercent::Mm(0.5),
        skirt_loops: 0,
        bed_origin: offcut_settings::value::Size { x: -100.0, y: -100.0 },
        ..PrintSettings::default()
    }
}

fn ground(objects: Loops) -> Ground {
    Ground {
        objects,
        ..Ground::default()
    }
}

fn length(s: &BeadSet) -> f64 {
    s.beads
        .iter()
        .map(|b| {
            let p = s.points_of(b);
            let open: f64 = p.windows(2).map(|w| w[0].dist(w[1])).sum();
            (open + if b.closed { p[0].dist(p[p.len() - 1]) } else { 0.0 }) / UNITS_PER_MM
        })
        .sum()
}

/// Smallest distance of the beads' centre lines to an outline, mm; vertices against edges.
fn distance(s: &BeadSet, outline: &Loops) -> f64 {
    let mut d = f64::INFINITY;
    for l in outline.iter() {
        for (a, b) in edges(l) {
            for &p in &s.points {
                d = d.min(nearest_on_segment(p, a, b).1);
            }
        }
    }
    d.sqrt() / UNITS_PER_MM
}

#[test]
fn brim_of_a_millimetre_is_two_lines() {
    for h in [0.2, 0.3] {
        let s = PrintSettings {
            brim_width: 1.0,
            ..settings()
        };
        let b = brim(&rect(0.0, 0.0, 20.0, 20.0), &Loops::new(), h, &s);
        assert_eq!(b.beads.len(), 2);
        assert!(b.beads.iter().all(|b| b.closed && b.role == Role::SkirtBrim));
        // Outside in: the first is the longer one, 4 sides and a circle of 1.5 spacings.
        let spacing = 0.5 - h * (1.0 - std::f64::consts::FRAC_PI_4);
        let exact = |d: f64| 80.0 + std::f64::consts::TAU * d;
        assert!((length(&b) - exact(1.5 * spacing) - exact(0.5 * spacing)).abs() < 0.1);
        assert!(b.points_of(&b.beads[0]).iter().any(|p| p.x < grid(-spacing)));
    }
}

#[test]
fn inner_and_outer_brims() {
    let frame = clip::difference(&rect(0.0, 0.0, 40.0, 40.0), &rect(10.0, 10.0, 30.0, 30.0));
    let of = |kind| {
        let s = PrintSettings {
            brim_width: 2.3,
            brim_type: kind,
            ..settings()
        };
        brim(&frame, &Loops::new(), 0.2, &s)
    };
    let inside = |p: &Point| p.x > 0 && p.x < grid(40.0) && p.y > 0 && p.y < grid(40.0);
    let (o, i, b) = (of(BrimType::Outer), of(BrimType::Inner), of(BrimType::Both));
    assert_eq!((o.beads.len(), i.beads.len(), b.beads.len()), (5, 5, 10));
    assert!(o.points.iter().all(|p| !inside(p)) && i.points.iter().all(inside));
    for s in [&o, &i, &b] {
        assert!(distance(s, &frame) > 0.22);
    }
}

#[test]
fn brims_of_neighbours_are_one() {
    // Two squares 3 mm apart with brims of 5 mm: between them the lines are shared.
    let both = clip::union(&rect(0.0, 0.0, 20.0, 20.0), &rect(23.0, 0.0, 43.0, 20.0));
    let s = PrintSettings {
        brim_width: 5.0,
        ..settings()
    };
    let b = brim(&both, &Loops::new(), 0.2, &s);
    assert!(distance(&b, &both) > 0.22);
    // No point lies nearer to another line than about the spacing.
    for (i, x) in b.beads.iter().enumerate() {
        for y in &b.beads[..i] {
            for &p in b.points_of(x) {
                for (c, d) in edges(b.points_of(y)) {
                    assert!(nearest_on_segment(p, c, d).1.sqrt() > f64::from(grid(0.4)));
                }
            }
        }
    }
    let separate = 2.0 * length(&brim(&rect(0.0, 0.0, 20.0, 20.0), &Loops::new(), 0.2, &s));
    assert!(length(&b) < 0.85 * separate);
}

#[test]
fn brim_leaves_support_alone() {
    let support = rect(20.4, 5.0, 30.0, 15.0);
    let s = PrintSettings {
        brim_width: 4.0,
        ..settings()
    };
    let b = brim(&rect(0.0, 0.0, 20.0, 20.0), &support, 0.2, &s);
    assert!(b.beads.iter().any(|b| !b.closed));
    assert!(b.points.iter().all(|&p| !support.contains(p)));
    assert!(distance(&b, &support) > 0.249);
    assert!(
        b.points.iter().any(|p| p.x > grid(22.0)),
        "it goes on beside the support"
    );
}

#[test]
fn brim_separation_is_kept() {
    let square = rect(0.0, 0.0, 20.0, 20.0);
    let s = PrintSettings {
        brim_width: 2.0,
        brim_separation: 0.3,
        ..settings()
    };
    let spacing = 0.5 - 0.2 * (1.0 - std::f64::consts::FRAC_PI_4);
    let d = distance(&brim(&square, &Loops::new(), 0.2, &s), &square);
    assert!((d - 0.3 - 0.5 * spacing).abs() < 0.01, "{d}");
}

#[test]
fn skirt_is_as_high_and_as_far_as_asked() {
    let g = ground(clip::union(
        &rect(0.0, 0.0, 20.0, 20.0),
        &rect(30.0, 0.0, 50.0, 20.0),
    ));
    let s = PrintSettings {
        skirt_loops: 2,
        skirt_height: 5,
        skirt_distance: 4.0,
        ..settings()
    };
    let heights = vec![0.2; 100];
    let (layers, _) = adhesion(&g, &heights, &s);
    assert_eq!(layers.len(), 5);
    let spacing = 0.5 - 0.2 * (1.0 - std::f64::consts::FRAC_PI_4);
    for l in &layers {
        assert_eq!(l.beads.len(), 2);
        assert!((distance(l, &g.objects) - 4.0 - 0.5 * spacing).abs() < 0.02);
        let exact = |d: f64| 140.0 + std::f64::consts::TAU * d;
        assert!((length(l) - exact(4.0 + 0.5 * spacing) - exact(4.0 + 1.5 * spacing)).abs() < 0.2);
    }
}

#[test]
fn shields_and_nothing() {
    let g = ground(rect(0.0, 0.0, 20.0, 20.0));
    let heights = vec![0.2; 50];
    let n = |change: &dyn Fn(&mut PrintSettings)| {
        let mut s = PrintSettings {
            skirt_loops: 1,
            skirt_height: 3,
            ..settings()
        };
        change(&mut s);
        adhesion(&g, &heights, &s).0.len()
    };
    assert_eq!(n(&|_| ()), 3);
    assert_eq!(n(&|s| s.draft_shield = DraftShield::Limited), 3);
    assert_eq!(n(&|s| s.draft_shield = DraftShield::Enabled), 50);
    assert_eq!(n(&|s| s.skirt_loops = 0), 0);
    assert_eq!(n(&|s| s.skirt_height = 0), 0);
    assert_eq!(
        n(&|s| (s.skirt_loops, s.draft_shield) = (0, DraftShield::Enabled)),
        50
    );
    assert!(adhesion(&Ground::default(), &heights, &settings()).0.is_empty());
    assert!(adhesion(&g, &[], &settings()).0.is_empty());
}

#[test]
fn skirt_is_long_enough_and_goes_around_the_brim() {
    let g = ground(rect(0.0, 0.0, 20.0, 20.0));
    let s = PrintSettings {
        skirt_loops: 1,
        skirt_height: 2,
        skirt_distance: 2.0,
        min_skirt_length: 20.0,
        brim_width: 10.0,
        ..settings()
    };
    let (layers, _) = adhesion(&g, &[0.3, 0.2, 0.2], &s);
    assert_eq!(layers.len(), 2);
    let (skirts, brims): (Vec<_>, Vec<_>) = layers[0]
        .beads
        .iter()
        .map(|b| {
            let x = layers[0].points_of(b).iter().map(|p| p.x).min();
            (x.unwrap_or(0), *b)
        })
        .partition(|(x, _)| *x < grid(-11.0));
    assert_eq!(brims.len(), (10.0 / (0.5f64 - 0.3 * 0.2146)).floor() as usize);
    // Filament of 1.75 mm for the skirt of the first layer.
    let mm: f64 = skirts
        .iter()
        .map(|(_, b)| {
            let p = layers[0].points_of(b);
            edges(p).map(|(a, c)| a.dist(c)).sum::<f64>() / UNITS_PER_MM * f64::from(b.mm3_per_mm)
        })
        .sum::<f64>()
        / (std::f64::consts::PI * 0.875 * 0.875);
    assert!(mm >= 20.0 && skirts.len() > 1, "{mm}");
    assert_eq!(layers[1].beads.len(), 1, "the rest is for the first layer only");
}

#[test]
fn raft_of_three_layers() {
    let s = PrintSettings {
        raft_layers: 3,
        first_layer_height: 0.3,
        raft_contact_distance: 0.15,
        raft_expansion: 2.0,
        ..settings()
    };
    let r = raft(&rect(0.0, 0.0, 20.0, 20.0), &Loops::new(), &s);
    assert_eq!(r.layers.len(), 3);
    assert!((r.lift - (0.3 + 0.2 + 0.2 + 0.15)).abs() < 1e-9);
    let exact = 24.0 * 24.0 - (4.0 - std::f64::consts::PI) * 4.0;
    assert!(
        (r.footprint.area_mm2() - exact).abs() < 0.3,
        "{}",
        r.footprint.area_mm2()
    );
    for (k, l) in r.layers.iter().enumerate() {
        assert!((l.height - if k == 0 { 0.3 } else { 0.2 }).abs() < 1e-9);
        // Everything inside of the footprint with half a line to spare.
        assert!(distance(&l.support, &r.footprint) > 0.24);
        assert!(l.support.points.iter().all(|&p| r.footprint.contains(p)));
        let covered = length(&l.support) * 0.5 / exact;
        let range = if k == 0 { 0.9..1.15 } else { 0.65..0.9 };
        assert!(range.contains(&covered), "layer {k}: {covered}");
    }
    assert_eq!(r.layers[2].support.beads[0].role, Role::SupportInterface);
    let none = raft(&rect(0.0, 0.0, 20.0, 20.0), &Loops::new(), &settings());
    assert!(none.layers.is_empty() && none.lift == 0.0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn skirts_enclose_everything(pts in prop::collection::vec((-5000i32..5000, -5000i32..5000), 3..40)) {
        let pts: Vec<Point> = pts.iter().map(|&(x, y)| Point::new(x * 1000, y * 1000)).collect();
        let s = PrintSettings { skirt_loops: 1, skirt_distance: 3.0, ..settings() };
        let layers = skirt(&pts, &[0.2], &s);
        if let Some(l) = layers.first() {
            let ring: Loops = [l.points_of(&l.beads[0]).to_vec()].into_iter().collect();
            prop_assert!(pts.iter().all(|&p| ring.contains(p)));
            let d = pts.iter().map(|&p| edges(ring.get(0))
                .map(|(a, b)| nearest_on_segment(p, a, b).1).fold(f64::INFINITY, f64::min)).fold(f64::INFINITY, f64::min);
            prop_assert!((d.sqrt() / UNITS_PER_MM - 3.0 - 0.229).abs() < 0.02, "{}", d.sqrt());
        }
    }
}
