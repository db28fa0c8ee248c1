//! Times against a replay of GRBL's planner, written from its description: every block gets its largest entry speed
//! from the junction, a pass backwards and one forwards make them reachable, each is a trapezoid.

use super::sample::{self, travel, v};
use offcut_gcode::Program;
use offcut_gcode::cnc::{self, Machine, read};
use offcut_gcode::program::{Beam, CutRole, Step};
use offcut_geometry::Ctx;
use offcut_settings::CncFlavor;
use proptest::prelude::*;

#[derive(Default)]
struct Blocks(Vec<(Vec<f64>, f64, f64)>);

impl Blocks {
    /// Unit vector, length, nominal speed (0 for rapids).
    fn push(&mut self, from: [f64; 3], to: [f64; 3], speed: f64) {
        let d: Vec<f64> = (0..3).map(|i| to[i] - from[i]).collect();
        let l = d.iter().map(|x| x * x).sum::<f64>().sqrt();
        if l > 0.0 {
            self.0.push((d.iter().map(|x| x / l).collect(), l, speed));
        }
    }
}

impl read::Visitor for Blocks {
    fn motion(&mut self, m: &read::Move) {
        let speed = if m.rapid { 0.0 } else { m.feed };
        let Some(arc) = m.arc else {
            return self.push(m.from, m.to, speed);
        };
        // mc_arc: segments = |angle · r / 2| / sqrt(tolerance · (2 r − tolerance)).
        let (r, sweep) = arc.sweep(m.from, m.to);
        let n = (0.5 * sweep * r).abs() / (0.002 * (2.0 * r - 0.002)).sqrt();
        let n = n.floor().max(1.0) as usize;
        let a = (m.from[1] - arc.center[1]).atan2(m.from[0] - arc.center[0]);
        let mut from = m.from;
        for k in 1..=n {
            let t = k as f64 / n as f64;
            let at = a + sweep * t;
            let to = if k == n {
                m.to
            } else {
                [
                    arc.center[0] + r * at.cos(),
                    arc.center[1] + r * at.sin(),
                    m.to[2],
                ]
            };
            self.push(from, to, speed);
            from = to;
        }
    }
}

fn by_axis(unit: &[f64], limits: [f64; 3]) -> f64 {
    (0..3)
        .filter(|i| unit[*i] != 0.0)
        .map(|i| limits[i] / unit[i].abs())
        .fold(f64::INFINITY, f64::min)
}

fn replay(text: &[u8], m: &Machine) -> f64 {
    let mut blocks = Blocks::default();
    read::read(text, &mut blocks);
    let b: Vec<(Vec<f64>, f64, f64, f64)> = blocks
        .0
        .into_iter()
        .map(|(u, l, f)| {
            let top = by_axis(&u, m.speed);
            let nominal = if f == 0.0 { top } else { f.min(top) };
            let a = by_axis(&u, m.acceleration);
            (u, l, nominal, a)
        })
        .collect();
    let n = b.len();
    let mut entry = vec![0.0f64; n + 1];
    for k in 1..n {
        let (u, w) = (&b[k - 1].0, &b[k].0);
        let cos: f64 = -(0..3).map(|i| u[i] * w[i]).sum::<f64>();
        let most = b[k - 1].2.min(b[k].2);
        entry[k] = if cos > 0.999_999 {
            0.0
        } else if cos < -0.999_999 {
            most
        } else {
            let j: Vec<f64> = (0..3).map(|i| w[i] - u[i]).collect();
            let norm = j.iter().map(|x| x * x).sum::<f64>().sqrt();
            let j: Vec<f64> = j.iter().map(|x| x / norm).collect();
            let a = by_axis(&j, m.acceleration);
            let half = (0.5 * (1.0 - cos)).sqrt();
            most.min((a * m.junction * half / (1.0 - half)).sqrt())
        };
    }
    for k in (0..n).rev() {
        entry[k] = entry[k].min((entry[k + 1].powi(2) + 2.0 * b[k].3 * b[k].1).sqrt());
    }
    let mut t = 0.0;
    for k in 0..n {
        let (l, top, a) = (b[k].1, b[k].2, b[k].3);
        entry[k + 1] = entry[k + 1].min((entry[k].powi(2) + 2.0 * a * l).sqrt());
        let (v0, v1) = (entry[k], entry[k + 1]);
        let peak = ((2.0 * a * l + v0 * v0 + v1 * v1) / 2.0).sqrt().min(top);
        let ramps = (2.0 * peak * peak - v0 * v0 - v1 * v1) / (2.0 * a);
        t += (2.0 * peak - v0 - v1) / a + (l - ramps).max(0.0) / peak;
    }
    t
}

#[test]
fn a_move_from_rest_to_rest_takes_what_the_textbook_says() {
    // 100 mm at 50 mm/s with 500 mm/s²: 2 · 0.1 s of ramps (2.5 mm each) and 95 mm at full speed.
    let mut p = Program::default();
    p.steps.push(Step::Beam(Beam::Dynamic));
    let path = p.add_path([v(0.0, 0.0, 0.0)]);
    p.steps.push(Step::Travel { path, speed: 1.0 });
    let path = p.add_path([v(100.0, 0.0, 0.0)]);
    p.steps.push(Step::Cut {
        path,
        cut: sample::cut(CutRole::Cut, 50.0, 1.0),
    });
    let m = Machine {
        acceleration: [500.0; 3],
        ..sample::machine(CncFlavor::Grbl, true)
    };
    let t = cnc::time(&p, &m);
    assert!((t.seconds - 2.1).abs() < 1e-6, "{t:?}");
    assert!(t.pierces == 1 && (t.cut_mm() - 100.0).abs() < 1e-9);
}

#[test]
fn the_sample_takes_what_the_replay_takes() {
    let m = sample::machine(CncFlavor::Grbl, true);
    let text = cnc::write(&sample::laser(), &m, &[], &Ctx::quiet()).unwrap();
    let (ours, theirs) = (cnc::time(&sample::laser(), &m), replay(&text, &m) + 0.25);
    assert!(
        (ours.seconds / theirs - 1.0).abs() < 0.01,
        "{} {theirs}",
        ours.seconds
    );
    let read = cnc::estimate_text(&text, &m);
    assert!(
        (read.seconds / theirs - 1.0).abs() < 0.01,
        "{} {theirs}",
        read.seconds
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn times_agree_with_the_replay(
        points in prop::collection::vec((1.0f64..399.0, 1.0f64..399.0, 0usize..3), 3..60),
        near in any::<bool>(), accel in 100.0f64..4000.0, junction in 0.002f64..0.1, feed in 2.0f32..150.0,
    ) {
        let mut p = Program::default();
        p.steps.push(Step::Beam(Beam::Dynamic));
        let k = if near { 0.02 } else { 1.0 };
        for (x, y, kind) in points {
            if kind == 0 {
                travel(&mut p, 100.0 + k * x, 100.0 + k * y, 0.0);
            } else {
                let path = p.add_path([v(100.0 + k * x, 100.0 + k * y, 0.0)]);
                p.steps.push(Step::Cut { path, cut: sample::cut(CutRole::Cut, feed, 1.0) });
            }
        }
        let m = Machine {
            acceleration: [accel, accel * 0.8, 50.0],
            speed: [100.0, 80.0, 10.0],
            junction,
            ..sample::machine(CncFlavor::Grbl, true)
        };
        let text = cnc::write(&p, &m, &[], &Ctx::quiet()).unwrap();
        let (ours, theirs) = (cnc::time(&p, &m).seconds, replay(&text, &m));
        prop_assert!((ours / theirs - 1.0).abs() < 0.01, "{ours} {theirs}");
    }
}
