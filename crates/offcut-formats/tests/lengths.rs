//! Lengths of curves as the readers hand them on, against values in closed form: to 10⁻⁴ mm at sizes of 100 mm.
#![allow(clippy::unwrap_used)]

use offcut_formats::{Limits, read_drawing};
use std::f64::consts::{FRAC_PI_2, PI, SQRT_2, TAU};
use std::fmt::Write;

const TOLERANCE: f64 = 1e-4;

fn length_of(text: &str, name: &str) -> f64 {
    let file = read_drawing(text.as_bytes(), name, None, &Limits::default()).unwrap();
    assert_eq!(file.ignored.len(), 0, "{text}");
    file.drawing.length()
}

fn check(text: &str, name: &str, expected: f64) {
    let length = length_of(text, name);
    assert!(
        (length - expected).abs() < TOLERANCE,
        "{length} for {expected}:\n{text}"
    );
}

/// A path in millimetres.
fn svg(path: &str, expected: f64) {
    let text = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="1000mm" height="1000mm" viewBox="0 0 1000 1000"><path fill="none"
        stroke="red" d="{path}"/></svg>"#
    );
    check(&text, "curve.svg", expected);
}

fn dxf(entity: &str, expected: f64) {
    let groups: String =
        entity
            .split_whitespace()
            .collect::<Vec<_>>()
            .chunks(2)
            .fold(String::new(), |mut o, pair| {
                let _ = writeln!(o, "{}\n{}", pair[0], pair[1]);
                o
            });
    let text = format!(
        "0\nSECTION\n2\nHEADER\n9\n$INSUNITS\n70\n4\n0\nENDSEC\n0\nSECTION\n2\nENTITIES\n{groups}0\nENDSEC\n0\nEOF\n"
    );
    check(&text, "curve.dxf", expected);
}

/// A spline entity; weights may be missing.
fn spline(flags: u32, degree: usize, knots: &[f64], points: &[[f64; 2]], weights: &[f64], expected: f64) {
    let mut e = format!(
        "0 SPLINE 8 0 70 {flags} 71 {degree} 72 {} 73 {} 74 0",
        knots.len(),
        points.len()
    );
    for k in knots {
        let _ = write!(e, " 40 {k}");
    }
    for w in weights {
        let _ = write!(e, " 41 {w}");
    }
    for [x, y] in points {
        let _ = write!(e, " 10 {x} 20 {y} 30 0");
    }
    dxf(&e, expected);
}

/// Circumference by the mean of Gauss: exact in a few steps.
fn ellipse(a: f64, b: f64) -> f64 {
    let (mut m, mut g, mut power) = (a, b, 0.5);
    let mut sum = 0.5 * (a * a - b * b);
    for _ in 0..8 {
        let d = 0.5 * (m - g);
        (m, g) = (0.5 * (m + g), (m * g).sqrt());
        power *= 2.0;
        sum += power * d * d;
    }
    TAU * (a * a - sum) / m
}

/// Length of y = x² / k from 0 to x.
fn parabola(k: f64, x: f64) -> f64 {
    let s = 2.0 * x / k;
    0.25 * k * (s * (1.0 + s * s).sqrt() + s.asinh())
}

/// Tschirnhausen's cubic (t - t³/3, t²) from 0 to t, whose speed is 1 + t².
fn cubic(t: f64) -> f64 {
    t + t * t * t / 3.0
}

/// Its polar form, times 10 mm.
fn cubic_polar(a: f64, b: f64, c: f64) -> [f64; 2] {
    let x = (a + b + c) / 3.0 - a * b * c / 3.0;
    let y = (a * b + b * c + c * a) / 3.0;
    [10.0 * x, 10.0 * y]
}

fn pair([x, y]: [f64; 2]) -> String {
    format!("{x},{y}")
}

#[test]
fn the_formulas_hold() {
    assert!((ellipse(50.0, 50.0) - 100.0 * PI).abs() < 1e-9);
    // Published: the ellipse of half axes 2 and 1 measures 9.688448220547676.
    assert!((ellipse(2.0, 1.0) - 9.688_448_220_547_676).abs() < 1e-12);
    // y = x² from 0 to 1.
    assert!((parabola(1.0, 1.0) - 1.478_942_857_544_597).abs() < 1e-12);
}

#[test]
fn curves_of_svg() {
    // y = x² / 20 from -60 to 60, as one quadratic, in halves with T, and relative.
    let l = 2.0 * parabola(20.0, 60.0);
    svg("M 140 180 Q 200 -180 260 180", l);
    svg("M 140 180 Q 170 0 200 0 T 260 180", l);
    svg("m 140 180 q 60 -360 120 0", l);
    // Semicubical parabola (t², t³) from 0 to 1, 90 mm large, with a cusp at its start.
    svg(
        "M 0 0 C 0 0 30 0 90 90",
        90.0 * (13.0 * 13f64.sqrt() - 8.0) / 27.0,
    );
    // A loop: from -√3 to √3 the cubic comes back to where it began.
    let t = 3f64.sqrt();
    let p = [(-t, -t, -t), (-t, -t, t), (-t, t, t), (t, t, t)].map(|(a, b, c)| pair(cubic_polar(a, b, c)));
    svg(&format!("M {} C {} {} {}", p[0], p[1], p[2], p[3]), 40.0 * t);
    // The same in halves, the second by S.
    let q = [(-t, -t, -t), (-t, -t, 0.0), (-t, 0.0, 0.0), (0.0, 0.0, 0.0)];
    let q = q.map(|(a, b, c)| pair(cubic_polar(a, b, c)));
    let r = [(0.0, t, t), (t, t, t)].map(|(a, b, c)| pair(cubic_polar(a, b, c)));
    svg(
        &format!("M {} C {} {} {} S {} {}", q[0], q[1], q[2], q[3], r[0], r[1]),
        40.0 * t,
    );
    // Arcs: three quarters of a circle; half an ellipse, turned; radii too small, which grow.
    svg("M 100 50 A 50 50 0 1 1 50 0", 75.0 * PI);
    let half = 0.5 * ellipse(80.0, 20.0);
    svg("M 0 0 A 80 20 0 0 1 160 0", half);
    svg("M 0 0 A 80 20 90 0 1 0 160", half);
    svg("M 0 0 A 1 1 0 0 1 60 80", 50.0 * PI);
}

#[test]
fn splines_of_dxf() {
    let ends = |t0: f64, t1: f64| 10.0 * (cubic(t1) - cubic(t0));
    // A polynomial's control points over any knots are its polar form: clamped, unclamped, uneven, with a double knot.
    for knots in [
        vec![0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0],
        (0..12).map(|k| 0.4 * f64::from(k) - 2.2).collect(),
        vec![-2.0, -1.7, -1.1, -0.8, 0.1, 0.3, 1.1, 1.4, 2.2, 2.3],
        vec![-1.0, -1.0, -1.0, -1.0, 0.2, 0.2, 0.9, 1.5, 1.5, 1.5, 1.5],
    ] {
        let n = knots.len() - 4;
        let points: Vec<[f64; 2]> = (0..n)
            .map(|i| cubic_polar(knots[i + 1], knots[i + 2], knots[i + 3]))
            .collect();
        spline(8, 3, &knots, &points, &[], ends(knots[3], knots[n]));
        // The same weight everywhere is none.
        spline(12, 3, &knots, &points, &vec![2.5; n], ends(knots[3], knots[n]));
    }
    // Periodic, of degree two: around a square of 100 mm it is four parabolas from the middle of a side to the next, with
    // legs of 50 mm at a right angle: y = x² / (50 √2) for x up to 25 √2.
    let corners = [[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [0.0, 100.0]];
    let around: Vec<[f64; 2]> = (0..6).map(|k| corners[k % 4]).collect();
    let even: Vec<f64> = (0..9).map(f64::from).collect();
    spline(
        11,
        2,
        &even,
        &around,
        &[],
        8.0 * parabola(50.0 * SQRT_2, 25.0 * SQRT_2),
    );
    // Degree one is the polygon.
    let knots: Vec<f64> = vec![0.0, 0.0, 1.0, 2.0, 3.0, 3.0];
    spline(8, 1, &knots, &corners, &[], 300.0);
}

#[test]
fn splines_of_high_degree() {
    // Farouki's quintic whose speed is a polynomial: r' = (1 + c t² + i t)², |r'| = 1 + (2c + 1) t² + c² t⁴.
    let c = 0.7;
    let x = [0.0, 1.0, 0.0, (2.0 * c - 1.0) / 3.0, 0.0, c * c / 5.0];
    let y = [0.0, 0.0, 1.0, 0.0, c / 2.0, 0.0];
    let choose = |n: usize, k: usize| (1..=k).map(|i| (n - k + i) as f64 / i as f64).product::<f64>();
    let bezier =
        |a: &[f64; 6], j: usize| -> f64 { (0..=j).map(|k| choose(j, k) / choose(5, k) * a[k]).sum() };
    let points: Vec<[f64; 2]> = (0..6)
        .map(|j| [50.0 * bezier(&x, j), 50.0 * bezier(&y, j)])
        .collect();
    let length = 50.0 * (1.0 + (2.0 * c + 1.0) / 3.0 + c * c / 5.0);
    let knots = [[0.0; 6], [1.0; 6]].concat();
    spline(8, 5, &knots, &points, &[], length);
}

#[test]
fn rational_splines_of_dxf() {
    let (r, w) = (50.0, 0.5 * SQRT_2);
    let circle = |a: f64, b: f64| {
        [
            [1, 0],
            [1, 1],
            [0, 1],
            [-1, 1],
            [-1, 0],
            [-1, -1],
            [0, -1],
            [1, -1],
            [1, 0],
        ]
        .map(|[x, y]: [i32; 2]| [a * f64::from(x), b * f64::from(y)])
    };
    let knots = [0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0, 4.0];
    let weights = [1.0, w, 1.0, w, 1.0, w, 1.0, w, 1.0];
    spline(12, 2, &knots, &circle(r, r), &weights, TAU * r);
    spline(12, 2, &knots, &circle(80.0, 20.0), &weights, ellipse(80.0, 20.0));
    // A quarter of a circle as a cubic, its degree raised: weights 1, (1 + 2w)/3, (1 + 2w)/3, 1.
    let v = (1.0 + 2.0 * w) / 3.0;
    let k = 2.0 * w / (1.0 + 2.0 * w);
    let points = [[r, 0.0], [r, k * r], [k * r, r], [0.0, r]];
    let knots = [[0.0; 4], [1.0; 4]].concat();
    spline(12, 3, &knots, &points, &[1.0, v, v, 1.0], FRAC_PI_2 * r);
    // Half a circle in one piece.
    let points = [[r, 0.0], [r, 2.0 * r], [-r, 2.0 * r], [-r, 0.0]];
    spline(12, 3, &knots, &points, &[1.0, 1.0 / 3.0, 1.0 / 3.0, 1.0], PI * r);
}

#[test]
fn ellipses_and_arcs_of_dxf() {
    let all = ellipse(80.0, 20.0);
    let e = |from: f64, to: f64| {
        format!("0 ELLIPSE 8 0 10 5 20 7 30 0 11 64 21 48 31 0 40 0.25 41 {from} 42 {to}")
    };
    dxf(&e(0.0, TAU), all);
    // From a vertex to the next co-vertex and beyond it.
    dxf(&e(0.0, FRAC_PI_2), 0.25 * all);
    dxf(&e(FRAC_PI_2, TAU), 0.75 * all);
    dxf(&e(1.5 * PI, FRAC_PI_2), 0.5 * all);
    dxf("0 ARC 8 0 10 3 20 4 30 0 40 50 50 350 51 80", 50.0 * FRAC_PI_2);
    dxf("0 CIRCLE 8 0 10 3 20 4 30 0 40 50", 100.0 * PI);
    // A bulge is the tangent of a quarter of the angle.
    let bulge = (0.75 * FRAC_PI_2).tan();
    let chord = 2.0 * 50.0 * (0.75 * PI).sin();
    dxf(
        &format!("0 LWPOLYLINE 8 0 90 2 70 0 10 0 20 0 42 {bulge} 10 {chord} 20 0"),
        75.0 * PI,
    );
}
