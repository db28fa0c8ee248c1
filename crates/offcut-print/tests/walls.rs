//! Thin walls, sharp tips, and threads over sparse infill.
#![allow(clippy::unwrap_used)]

use offcut_gcode::Role;
use offcut_geometry::{Ctx, Loops, Point};
use offcut_print::regions::plan_layers;
use offcut_print::{Layer, LayerPlan};
use offcut_settings::PrintSettings;
use proptest::prelude::*;

const HEIGHT: f64 = 0.2;

fn polygon(points: &[(f64, f64)]) -> Loops {
    let at = |&(x, y): &(f64, f64)| Point::from_mm(x, y).unwrap();
    [points.iter().map(at).collect::<Vec<_>>()].into_iter().collect()
}

/// The plans of layers with these outlines, from the bed up.
fn plans(outlines: &[Loops], s: &PrintSettings) -> Vec<LayerPlan> {
    let layer = |(k, outline): (usize, &Loops)| Layer {
        z: HEIGHT * (k + 1) as f64,
        height: HEIGHT,
        outline: outline.clone(),
    };
    let layers: Vec<Layer> = outlines.iter().enumerate().map(layer).collect();
    plan_layers(&layers, s, &Ctx::quiet()).unwrap()
}

fn settings() -> PrintSettings {
    PrintSettings {
        layer_height: HEIGHT,
        first_layer_height: HEIGHT,
        ..PrintSettings::default()
    }
}

type Segment = ((f64, f64), (f64, f64));

/// The straight pieces of a plan's beads that `of` takes, mm.
fn segments(plan: &LayerPlan, of: impl Fn(&offcut_print::plan::Bead) -> bool) -> Vec<Segment> {
    let mut found = Vec::new();
    for island in &plan.islands {
        for set in [&island.perimeters, &island.infill] {
            for b in set.beads.iter().filter(|b| of(b)) {
                let points = set.points_of(b);
                let close = b.closed.then(|| [points[points.len() - 1], points[0]]);
                let pieces = points.windows(2).chain(close.iter().map(|p| &p[..]));
                found.extend(pieces.map(|w| (w[0].mm(), w[1].mm())));
            }
        }
    }
    found
}

fn length((a, b): &Segment) -> f64 {
    (b.0 - a.0).hypot(b.1 - a.1)
}

#[test]
fn walls_of_a_quarter_of_the_nozzle_get_a_line() {
    // Widths of walls and whether a 0.4 mm nozzle prints them.
    for (width, printed) in [
        (0.05, false),
        (0.08, false),
        (0.1, true),
        (0.12, true),
        (0.3, true),
    ] {
        let wall = polygon(&[(0.0, 0.0), (10.0, 0.0), (10.0, width), (0.0, width)]);
        let plan = &plans(&vec![wall; 3], &settings())[1];
        let lines = segments(plan, |b| b.role == Role::ExternalPerimeter);
        let all: f64 = lines.iter().map(length).sum();
        if printed {
            assert!((9.5..=10.1).contains(&all), "{width}: {all}");
        } else {
            assert!(lines.is_empty(), "{width}: {all}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The centre line of the external perimeter goes into a tip as far as half its width allows.
    #[test]
    fn tips_down_to_forty_degrees_stay_sharp(degrees in 40.0f64..120.0) {
        let half = (degrees / 2.0).to_radians();
        let (x, y) = (12.0 * half.cos(), 12.0 * half.sin());
        // With a thin wall at its back, so that the layer is not the plain case.
        let fin = [(x, -0.15), (x + 5.0, -0.15), (x + 5.0, 0.15), (x, 0.15)];
        let wedge = polygon(&[&[(0.0, 0.0), (x, -y)][..], &fin, &[(x, y)]].concat());
        let s = settings();
        let plan = &plans(&vec![wedge; 3], &s)[1];
        let lines = segments(plan, |b| b.role == Role::ExternalPerimeter && b.closed);
        let nearest = lines.iter().map(|(a, _)| a.0.hypot(a.1)).fold(f64::MAX, f64::min);
        let width = f64::from(plan.islands[0].perimeters.beads.iter().find(|b| b.closed).unwrap().width);
        prop_assert!((nearest - width / 2.0 / half.sin()).abs() < 0.02, "{nearest}");
    }
}

fn direction(s: &Segment) -> (f64, f64) {
    let l = length(s);
    ((s.1.0 - s.0.0) / l, (s.1.1 - s.0.1) / l)
}

/// How far a place lies beside a line through the origin.
fn across(along: (f64, f64), p: (f64, f64)) -> f64 {
    p.1 * along.0 - p.0 * along.1
}

/// Sparse lines don't run where threads lie.
fn assert_apart(threads: &[Segment], sparse: &[Segment]) {
    for t in threads.iter().filter(|t| length(t) > 0.6) {
        let along = direction(t);
        let reach = |s: &Segment| {
            let [a, b] = [s.0, s.1].map(|p| p.0 * along.0 + p.1 * along.1);
            (a.min(b), a.max(b))
        };
        for q in sparse.iter().filter(|q| length(q) > 0.6) {
            let parallel = across(along, direction(q)).abs() < 0.02;
            let beside = (across(along, q.0) - across(along, t.0)).abs();
            let (a, b) = (reach(q), reach(t));
            let shared = a.1.min(b.1) - a.0.max(b.0);
            assert!(
                !parallel || beside > 0.15 || shared < 0.5,
                "a sparse line {beside} mm beside a thread, over {shared} mm"
            );
        }
    }
}

#[test]
fn sparse_infill_stays_off_the_threads_of_a_bridge() {
    let square = |r: f64| polygon(&[(-r, -r), (r, -r), (r, r), (-r, r)]);
    let full = square(20.0);
    for r in [4.0, 5.1, 6.3] {
        let mut hollow = full.clone();
        // A hole runs the other way around.
        hollow.extend(&polygon(&[(-r, -r), (-r, r), (r, r), (r, -r)]));
        let mut outlines = vec![hollow; 12];
        outlines.extend(vec![full.clone(); 12]);
        let plan = &plans(&outlines, &settings())[12];
        let threads = segments(plan, |b| b.role == Role::Bridge && !b.internal);
        let sparse = segments(plan, |b| b.role == Role::SparseInfill);
        assert!(threads.len() > 20 && sparse.len() > 20);
        assert_apart(&threads, &sparse);
    }
}

#[test]
fn threads_over_sparse_infill_leave_no_air_and_stay_off_its_lines() {
    let mut checked = 0;
    // The border between what goes on and what ends runs along the threads.
    for shift in [0.0, 0.07, 0.15, 0.22, 0.3, 0.37] {
        let full = polygon(&[(0.0, 0.0), (30.0, 0.0), (30.0, 30.0), (0.0, 30.0)]);
        let cut = 14.0 + shift;
        let half = polygon(&[
            (0.0, 0.0),
            (30.0, 0.0),
            (30.0, 30.0 - cut),
            (30.0 - cut, 30.0),
            (0.0, 30.0),
        ]);
        let mut outlines = vec![full; 25];
        outlines.extend(vec![half; 10]);
        let s = settings();
        for plan in &plans(&outlines, &s)[..25] {
            let threads = segments(plan, |b| b.internal);
            let sparse = segments(plan, |b| b.role == Role::SparseInfill);
            let long: Vec<&Segment> = threads.iter().filter(|t| length(t) > 2.0).collect();
            if long.is_empty() {
                continue;
            }
            checked += 1;
            let along = direction(long[0]);
            let mut rows: Vec<f64> = long.iter().map(|t| across(along, t.0)).collect();
            rows.sort_by(f64::total_cmp);
            let most = rows.windows(2).map(|w| w[1] - w[0]).fold(0.0, f64::max);
            // As wide as the nozzle; a few more or less fill an area evenly.
            assert!(most <= s.nozzle_diameter * 1.1, "threads {most} mm apart");
            assert_apart(&threads, &sparse);
        }
    }
    assert!(checked >= 6, "{checked}");
}
