//! How much plastic sparse infill holds in small objects, where few lines fit.
#![allow(clippy::unwrap_used)]

use offcut_gcode::Role;
use offcut_geometry::{Ctx, Loops, Point};
use offcut_print::Layer;
use offcut_print::regions::plan_layers;
use offcut_settings::PrintSettings;
use offcut_settings::print::InfillPattern;

const HEIGHT: f64 = 0.2;
/// Samples of a line across its width, and their distance along it, mm.
const ACROSS: usize = 9;
const ALONG: f64 = 0.05;

/// The share of a box's inside, between the perimeters, that sparse infill takes, over all layers that have any.
fn share(x: f64, y: f64, s: &PrintSettings) -> f64 {
    let corner = |a: f64, b: f64| Point::from_mm(a * x / 2.0, b * y / 2.0).unwrap();
    let outline: Loops = [vec![
        corner(-1.0, -1.0),
        corner(1.0, -1.0),
        corner(1.0, 1.0),
        corner(-1.0, 1.0),
    ]]
    .into_iter()
    .collect();
    let layers: Vec<Layer> = (1..=60)
        .map(|k| Layer {
            z: HEIGHT * f64::from(k),
            height: HEIGHT,
            outline: outline.clone(),
        })
        .collect();
    let plans = plan_layers(&layers, s, &Ctx::quiet()).unwrap();
    // Rounded beads of 0.45 mm lie 0.45 - 0.2 (1 - π/4) apart, and fill as much.
    let line = 0.45 - HEIGHT * (1.0 - std::f64::consts::FRAC_PI_4);
    let wall = f64::from(s.perimeters) * line + (0.45 - line) / 2.0;
    let (hx, hy) = (x / 2.0 - wall, y / 2.0 - wall);
    let (mut inside, mut filled) = (0.0, 0);
    for plan in &plans {
        let set = &plan.islands[0].infill;
        let mut any = false;
        for b in set.beads.iter().filter(|b| b.role == Role::SparseInfill) {
            any = true;
            for w in set.points_of(b).windows(2) {
                let ((ax, ay), (bx, by)) = (w[0].mm(), w[1].mm());
                let len = (bx - ax).hypot(by - ay);
                let (nx, ny) = (-(by - ay) / len, (bx - ax) / len);
                let n = (len / ALONG).ceil() as usize;
                for i in 0..n {
                    let t = (i as f64 + 0.5) / n as f64;
                    for k in 0..ACROSS {
                        let o = ((k as f64 + 0.5) / ACROSS as f64 - 0.5) * line;
                        let (px, py) = (ax + (bx - ax) * t + nx * o, ay + (by - ay) * t + ny * o);
                        if px.abs() <= hx && py.abs() <= hy {
                            inside += len / n as f64 * line / ACROSS as f64;
                        }
                    }
                }
            }
        }
        filled += usize::from(any);
    }
    assert!(filled > 40, "{filled}");
    inside / (4.0 * hx * hy * filled as f64)
}

#[test]
fn small_boxes_hold_what_was_asked_for() {
    for pattern in [
        InfillPattern::Grid,
        InfillPattern::Rectilinear,
        InfillPattern::Triangles,
        InfillPattern::Cubic,
        InfillPattern::Gyroid,
        InfillPattern::Honeycomb,
    ] {
        let s = PrintSettings {
            infill_pattern: pattern,
            infill_density: 20.0,
            perimeters: 3,
            ..PrintSettings::default()
        };
        for (x, y) in [
            (20.0, 10.0),
            (14.0, 14.0),
            (30.0, 9.0),
            (20.0, 20.0),
            (40.0, 40.0),
        ] {
            let d = share(x, y, &s);
            // In so little room one line more or less is several per cent.
            assert!((d - 0.2).abs() < 0.015, "{pattern:?} {x} x {y}: {d:.4}");
        }
    }
}
