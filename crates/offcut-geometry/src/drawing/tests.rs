use super::*;
use std::f64::consts::{PI, TAU};

fn near(a: f64, b: f64, tol: f64) {
    assert!((a - b).abs() <= tol, "{a} is not {b} within {tol}");
}

/// The circumference of an ellipse by the arithmetic-geometric mean (Gauss).
fn ellipse_length(mut a: f64, mut b: f64) -> f64 {
    let (mut sum, mut power) = (0.5 * (a * a + b * b), 0.5);
    for _ in 0..40 {
        let c = (a - b) * 0.5;
        (a, b) = ((a + b) * 0.5, (a * b).sqrt());
        power *= 2.0;
        sum -= power * c * c;
    }
    TAU * sum / a
}

#[test]
fn measures_arcs_exactly() {
    let mut arc = Vec::new();
    let frame = Affine::frame(Vec2::new(3.0, 4.0), Vec2::new(10.0, 0.0), Vec2::new(0.0, 10.0));
    Segment::push_ellipse(&frame, 0.3, 1.9, &mut arc);
    near(length(&arc), 19.0, 1e-12);
    let mut circle = Vec::new();
    Segment::push_ellipse(&frame, 0.0, TAU, &mut circle);
    assert_eq!(circle.len(), 2);
    near(length(&circle), TAU * 10.0, 1e-12);
    near(area(&circle), PI * 100.0, 1e-10);
    let b = bounds(&circle);
    near(b.min.x, -7.0, 1e-12);
    near(b.max.y, 14.0, 1e-12);
    // Three quarters of a circle through a large bulge.
    let mut large = Vec::new();
    let bulge = (3.0 * PI / 8.0).tan();
    Segment::push_arc(Vec2::new(1.0, 0.0), Vec2::new(0.0, -1.0), bulge, &mut large);
    near(length(&large), 1.5 * PI, 1e-12);
    near(bounds(&large).min.x, -1.0, 1e-12);
}

#[test]
fn measures_ellipses_and_curves() {
    let mut out = Vec::new();
    let frame = Affine::frame(Vec2::ZERO, Vec2::new(60.0, 0.0), Vec2::new(0.0, 25.0));
    Segment::push_ellipse(&frame, 0.0, TAU, &mut out);
    near(length(&out), ellipse_length(60.0, 25.0), 1e-4);
    near(area(&out), PI * 60.0 * 25.0, 1e-2);
    near(bounds(&out).size().x, 120.0, 1e-4);
    // y = x² from 0 to 2 as a cubic: ½·√17·2 + ¼·asinh 4.
    let p = |x: f64, y: f64| Vec2::new(x, y);
    let s = Segment::cubic(
        p(0.0, 0.0),
        p(2.0 / 3.0, 0.0),
        p(4.0 / 3.0, 4.0 / 3.0),
        p(2.0, 4.0),
    );
    near(s.length(), 17f64.sqrt() + 4f64.asinh() / 4.0, 1e-9);
    // Under the parabola lie 8/3, under its chord 4.
    near(s.lens_area(), 4.0 - 8.0 / 3.0, 1e-12);
}

#[test]
fn splines_without_clamped_ends_are_exact() {
    // A uniform quadratic B-spline over (0,0) (1,2) (2,0) (3,2): its spans join the middles of the legs.
    let p = [(0.0, 0.0), (1.0, 2.0), (2.0, 0.0), (3.0, 2.0)].map(|(x, y)| Vec2::new(x, y));
    let mut out = Vec::new();
    push_spline(2, &p, &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[], &mut out).unwrap();
    assert_eq!(out.len(), 2);
    near(out[0].a.dist(Vec2::new(0.5, 1.0)), 0.0, 1e-12);
    near(out[0].b.dist(Vec2::new(1.5, 1.0)), 0.0, 1e-12);
    near(out[1].b.dist(Vec2::new(2.5, 1.0)), 0.0, 1e-12);
    // The middle of a quadratic piece is (a + 2c + b)/4.
    near(out[0].at(0.5).dist(Vec2::new(1.0, 1.5)), 0.0, 1e-12);
}

#[test]
fn rational_circles_are_arcs() {
    // The circle of nine points (Piegl and Tiller, "The NURBS Book", 7.5).
    let p = [
        (1, 0),
        (1, 1),
        (0, 1),
        (-1, 1),
        (-1, 0),
        (-1, -1),
        (0, -1),
        (1, -1),
        (1, 0),
    ]
    .map(|(x, y)| Vec2::new(f64::from(x) * 7.0, f64::from(y) * 7.0));
    let w = 0.5f64.sqrt();
    let weights = [1.0, w, 1.0, w, 1.0, w, 1.0, w, 1.0];
    let knots = [0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0, 4.0];
    let mut out = Vec::new();
    push_spline(2, &p, &knots, &weights, &mut out).unwrap();
    assert!(out.iter().all(|s| matches!(s.curve, Curve::Arc(_))));
    near(length(&out), TAU * 7.0, 1e-9);
    near(area(&out), PI * 49.0, 1e-9);
}

#[test]
fn rational_ellipses_and_high_degrees_are_followed() {
    let p = [(60.0, 0.0), (60.0, 25.0), (0.0, 25.0)].map(|(x, y)| Vec2::new(x, y));
    let mut out = Vec::new();
    let knots = [0.0, 0.0, 0.0, 1.0, 1.0, 1.0];
    push_spline(2, &p, &knots, &[1.0, 0.5f64.sqrt(), 1.0], &mut out).unwrap();
    near(length(&out), ellipse_length(60.0, 25.0) / 4.0, 1e-4);
    // A line of degree five.
    let p: Vec<Vec2> = (0..6)
        .map(|i| Vec2::new(f64::from(i), 2.0 * f64::from(i)))
        .collect();
    let knots = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0];
    out.clear();
    push_spline(5, &p, &knots, &[], &mut out).unwrap();
    near(length(&out), 125f64.sqrt(), 1e-9);
}

#[test]
fn broken_splines_are_refused() {
    let p = [Vec2::ZERO; 4];
    let mut out = Vec::new();
    assert!(push_spline(3, &p, &[0.0; 7], &[], &mut out).is_err());
    assert!(push_spline(3, &p, &[0.0; 8], &[], &mut out).is_err());
    assert!(push_spline(0, &p, &[0.0; 5], &[], &mut out).is_err());
    let knots = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0];
    assert!(push_spline(3, &p, &knots, &[1.0, -1.0, 1.0, 1.0], &mut out).is_err());
    assert!(out.is_empty());
}

#[test]
fn maps_keep_arcs_or_make_ellipses() {
    let mut arc = Vec::new();
    Segment::push_arc(Vec2::new(0.0, 0.0), Vec2::new(2.0, 0.0), 0.5, &mut arc);
    let mirror = Affine::scale(-3.0, 3.0);
    let mut out = Vec::new();
    arc[0].push_mapped(&mirror, &mut out);
    assert_eq!(out.len(), 1);
    near(out[0].length(), 3.0 * arc[0].length(), 1e-12);
    near(out[0].at(0.5).dist(mirror.point(arc[0].at(0.5))), 0.0, 1e-12);
    out.clear();
    let mut circle = Vec::new();
    let unit = Affine::frame(Vec2::new(5.0, 5.0), Vec2::new(1.0, 0.0), Vec2::new(0.0, 1.0));
    Segment::push_ellipse(&unit, 0.0, TAU, &mut circle);
    for s in &circle {
        s.push_mapped(&Affine::scale(60.0, 25.0), &mut out);
    }
    near(length(&out), ellipse_length(60.0, 25.0), 1e-4);
    assert!(out.windows(2).all(|w| w[0].b == w[1].a));
}

#[test]
fn parts_of_segments_add_up() {
    let mut arc = Vec::new();
    Segment::push_arc(Vec2::new(0.0, 0.0), Vec2::new(2.0, 1.0), -0.8, &mut arc);
    let curve = Segment::cubic(
        Vec2::ZERO,
        Vec2::new(0.0, 3.0),
        Vec2::new(5.0, -2.0),
        Vec2::new(4.0, 4.0),
    );
    for s in [arc[0], curve] {
        let (l, r) = (s.part(0.0, 0.3), s.part(0.3, 1.0));
        near(l.length() + r.length(), s.length(), 1e-8);
        near(l.b.dist(r.a), 0.0, 1e-12);
        near(
            l.lens_area() + r.lens_area() + 0.5 * (l.b - s.a).cross(s.b - s.a),
            s.lens_area(),
            1e-9,
        );
    }
}

proptest::proptest! {
    /// Points of the curve lie inside its box; a covering loop holds the outline and stays near it.
    #[test]
    fn covers_hold_the_shape(
        r in 1.0f64..50.0, x in 0.2f64..3.0, bend in -0.9f64..0.9, tol in 0.01f64..0.5, wave in -0.5f64..0.5
    ) {
        // A half disc, an inward or outward arc, a wavy side.
        let mut run = Vec::new();
        let (a, b) = (Vec2::new(-r, 0.0), Vec2::new(r, 0.0));
        Segment::push_arc(b, a, 1.0, &mut run);
        let c = Vec2::new(-r, -r * x);
        let d = Vec2::new(r, -r * x - 25.0);
        // Neither the wave nor the arc may reach the other sides.
        let (wave, bend) = (wave * r * x, 0.3 * bend * (r / (r * x + 25.0)));
        run.push(Segment::line(a, c));
        run.push(Segment::cubic(c, Vec2::new(-r / 2.0, c.y + wave), Vec2::new(r / 2.0, d.y - wave), d));
        Segment::push_arc(d, b, bend, &mut run);
        let mut loops = crate::Loops::new();
        push_cover(&run, tol, &mut loops).unwrap();
        let fine = polygon(&run, 1e-4);
        let covered = loops.get(0);
        let edges: Vec<_> = crate::loops::edges(covered).collect();
        for p in &fine {
            let q = crate::Point::new(crate::grid(p.x), crate::grid(p.y));
            let gap = edges.iter().map(|(a, b)| crate::point::nearest_on_segment(q, *a, *b).1.sqrt())
                .fold(f64::INFINITY, f64::min);
            // On the border up to rounding, or inside and no farther than the tolerance.
            proptest::prop_assert!(gap <= 20.0 || loops.winding(q) != 0, "{p:?} is outside by {gap}");
            proptest::prop_assert!(gap <= tol * 1.01e5 + 20.0, "{p:?} is {gap} from the border");
        }
        let all = bounds(&run);
        for p in &fine {
            proptest::prop_assert!(p.x >= all.min.x - 1e-9 && p.y >= all.min.y - 1e-9);
            proptest::prop_assert!(p.x <= all.max.x + 1e-9 && p.y <= all.max.y + 1e-9);
        }
    }
}
