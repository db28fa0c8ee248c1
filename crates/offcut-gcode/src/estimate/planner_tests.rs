//! Cases whose times are known in closed form.

use super::*;
use offcut_settings::PrintSettings;

fn planner(acceleration: f64, jerk: f64) -> Planner {
    let mut l = Limits::new(&PrintSettings::default());
    l.speed = [1000.0; 4];
    l.acceleration = [acceleration; 4];
    l.jerk = [jerk; 4];
    (l.printing, l.travelling, l.retracting) = (acceleration, acceleration, acceleration);
    Planner::new(l)
}

fn times(p: &mut Planner) -> Vec<f64> {
    let mut t = Vec::new();
    p.flush(|s| t.push(s));
    t
}

const SQUARE: Corner = Corner::Square {
    velocity: 5.0,
    to_decel: 0.5,
};

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-5, "{a} is not {b}");
}

#[test]
fn one_line() {
    // 1 s up over 25 mm, 950 mm at 50 mm/s, 1 s down.
    let mut p = planner(50.0, 0.0);
    p.push([1000.0, 0.0, 0.0, 0.0], 50.0, Kind::Print);
    near(times(&mut p)[0], 21.0);
    assert!(p.is_empty());
}

#[test]
fn a_restarted_planner_remembers_nothing() {
    let mut p = planner(50.0, 10.0);
    p.push([7.0, 3.0, 0.0, 1.0], 80.0, Kind::Print);
    let limits = planner(50.0, 0.0).limits;
    p.restart(limits);
    assert!(p.is_empty());
    p.push([1000.0, 0.0, 0.0, 0.0], 50.0, Kind::Print);
    near(times(&mut p)[0], 21.0);
}

#[test]
fn collinear_lines_take_as_long_as_one() {
    let mut p = planner(50.0, 0.0);
    for _ in 0..10 {
        p.push([100.0, 0.0, 0.0, 0.0], 50.0, Kind::Print);
    }
    let t = times(&mut p);
    near(t.iter().sum(), 21.0);
    near(t[5], 2.0);
}

#[test]
fn short_line_is_a_triangle() {
    let mut p = planner(50.0, 0.0);
    p.push([0.0, 2.0, 0.0, 0.0], 50.0, Kind::Travel);
    near(times(&mut p)[0], 2.0 * (2.0f64 / 50.0).sqrt());
}

#[test]
fn corner_is_taken_at_the_jerk() {
    // X stops and Y starts with 10 mm/s each, so both lines have one end at 10 mm/s; the outer
    // ends too, as the machine may start and stop with the jerk.
    let mut p = planner(100.0, 10.0);
    p.push([100.0, 0.0, 0.0, 0.0], 50.0, Kind::Print);
    p.push([0.0, 100.0, 0.0, 0.0], 50.0, Kind::Print);
    let ramp = 40.0 / 100.0;
    let ramp_mm = (2500.0 - 100.0) / 200.0;
    let want = 2.0 * ramp + (100.0 - 2.0 * ramp_mm) / 50.0;
    for t in times(&mut p) {
        near(t, want);
    }
}

#[test]
fn nothing_takes_no_time() {
    let mut p = planner(50.0, 0.0);
    assert!(!p.push([0.0; 4], 50.0, Kind::Print));
    assert!(!p.push([f64::NAN, 0.0, 0.0, 0.0], 50.0, Kind::Print));
    assert!(!p.push([1.0, 0.0, 0.0, 0.0], 0.0, Kind::Print));
    assert!(times(&mut p).is_empty());
}

#[test]
fn axis_limits_hold() {
    let mut p = planner(1000.0, 0.0);
    p.change(|l| {
        l.speed[2] = 5.0;
        l.acceleration[2] = 50.0;
    });
    p.push([0.0, 0.0, 10.0, 0.0], 100.0, Kind::Travel);
    // 0.1 s and 0.25 mm for each ramp.
    near(times(&mut p)[0], 0.2 + 9.5 / 5.0);
}

#[test]
fn junction_deviation_of_a_square_corner() {
    // v² = a·δ·sin45°/(1−sin45°): Marlin's documentation; the axis limit allows a·√2 here.
    let mut p = planner(1000.0, 0.0);
    p.change(|l| l.corner = Corner::Deviation(0.02));
    p.push([100.0, 0.0, 0.0, 0.0], 100.0, Kind::Print);
    p.push([0.0, 100.0, 0.0, 0.0], 100.0, Kind::Print);
    let s = std::f64::consts::FRAC_1_SQRT_2;
    let v = (1000.0 * 0.02 * s / (1.0 - s)).sqrt();
    let up = 100.0 / 1000.0;
    let down = (100.0 - v) / 1000.0;
    let way = 100.0 - 5.0 - (10_000.0 - v * v) / 2000.0;
    near(times(&mut p)[0], up + down + way / 100.0);
}

#[test]
fn klipper_takes_a_square_corner_at_its_velocity() {
    let mut p = planner(1000.0, 0.0);
    p.change(|l| l.corner = SQUARE);
    p.push([100.0, 0.0, 0.0, 0.0], 100.0, Kind::Print);
    p.push([0.0, 100.0, 0.0, 0.0], 100.0, Kind::Print);
    let way = 100.0 - 5.0 - (10_000.0 - 25.0) / 2000.0;
    near(times(&mut p)[0], 0.1 + 0.095 + way / 100.0);
}

#[test]
fn klipper_smooths_short_zigzags() {
    // A lone 1 mm move may peak at the speed that half the acceleration reaches: v² = a·L/2.
    let mut p = planner(1000.0, 0.0);
    p.change(|l| l.corner = SQUARE);
    p.push([1.0, 0.0, 0.0, 0.0], 1000.0, Kind::Travel);
    let v = (0.5 * 1000.0 * 1.0f64).sqrt();
    near(times(&mut p)[0], 2.0 * v / 1000.0 + (1.0 - v * v / 1000.0) / v);
}
