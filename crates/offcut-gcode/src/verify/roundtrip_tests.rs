//! Every kind of difference between text and program is found.

use super::Expected;
use crate::program::{Extrusion, Program, Role, Step, Vertex};
use crate::write::Carry;
use crate::{Error, Metadata, estimate, write};
use offcut_geometry::{Ctx, grid};
use offcut_settings::PrintSettings;

fn v(x: f64, y: f64, z: f64) -> Vertex {
    Vertex {
        x: grid(x),
        y: grid(y),
        z: grid(z),
    }
}

fn program() -> Program {
    let mut p = Program::default();
    let heat = |celsius| Step::Hotend { celsius, wait: true };
    p.steps.push(heat(200));
    let path = p.add_path([v(10.0, 20.0, 0.2)]);
    p.steps.push(Step::Travel { path, speed: 100.0 });
    let path = p.add_path([v(20.0, 20.0, 0.2), v(20.000_2, 20.0, 0.2), v(20.0, 33.333, 0.2)]);
    p.steps.push(Step::Extrude {
        path,
        bead: Extrusion {
            role: Role::Perimeter,
            mm3_per_mm: 0.09,
            width: 0.45,
            height: 0.2,
            speed: 50.0,
        },
    });
    p.steps.push(Step::Retract {
        length: 0.8,
        speed: 35.0,
    });
    p.steps.push(Step::Custom("G1 X0 Y0 ; away".into()));
    let path = p.add_path([v(30.0, 30.0, 1.2), v(30.0, 40.0, 0.2)]);
    p.steps.push(Step::Travel { path, speed: 100.0 });
    p.steps.push(heat(0));
    p
}

fn compare(p: &Program, text: &str) -> Result<(), Error> {
    compare_with(p, &PrintSettings::default(), text)
}

fn compare_with(p: &Program, s: &PrintSettings, text: &str) -> Result<(), Error> {
    Expected::new(p, s).compare(0, &p.steps, Carry::default(), text.as_bytes())
}

#[test]
fn the_true_text_passes_and_every_fault_is_found() {
    let p = program();
    let s = PrintSettings::default();
    let e = estimate(&p, &s);
    let text = String::from_utf8(write(&p, &s, &Metadata::default(), &e, &Ctx::quiet()).unwrap()).unwrap();
    compare(&p, &text).unwrap();
    for (from, to) in [
        ("G1 X20 E", "G1 X20.001 E"),
        ("Y33.333", "Y33.332"),
        ("E0.37418", "E0.37430"),
        ("F3000", "F3001"),
        ("G1 Y33.333", "; G1 Y33.333"),
        ("G1 E", "; G1 E"),
        ("G1 X30 Y30", "G1 X30"),
        ("G1 X30 Y30", "G1 X30 Y30\nG1 X31"),
        ("G1 Y40 Z0.2", "G1 Y40 Z0.21"),
        ("G1 Y40 Z0.2", "G1 Y4O Z0.2"),
        ("M82", "M83"),
        ("G90", "G91"),
        ("G21", "G20"),
    ] {
        assert!(text.contains(from), "{from} is not in\n{text}");
        let broken = text.replacen(from, to, 1);
        let fault = compare(&p, &broken);
        assert!(
            matches!(fault, Err(Error::Mismatch { .. })),
            "{from} -> {to} was not noticed"
        );
    }
    let cut = text.rfind("G1 Y40").unwrap();
    assert!(compare(&p, &text[..cut]).is_err(), "a missing end");
}

/// Targets within the same micrometre get no line; what they push comes with the next extrusion.
#[test]
fn targets_without_a_line_lose_no_filament() {
    let at = |x: i32, y: i32| Vertex {
        x: 1_000_000 + x,
        y: 1_000_000 + y,
        z: 20_000,
    };
    let mut p = Program::default();
    let heat = |celsius| Step::Hotend { celsius, wait: true };
    p.steps.push(heat(200));
    let speed = 50.0;
    let path = p.add_path([at(0, 0)]);
    p.steps.push(Step::Travel { path, speed });
    for _ in 0..40 {
        // A target half-way between two places counts for the upper one, whichever line comes after it.
        let path = p.add_path([
            at(-50, 0),
            at(-100, 49),
            at(50, -50),
            at(100, 100),
            at(0, 0),
            at(40, 40),
        ]);
        let bead = Extrusion {
            role: Role::Perimeter,
            mm3_per_mm: 0.2,
            width: 1.0,
            height: 1.0,
            speed,
        };
        p.steps.push(Step::Extrude { path, bead });
        let path = p.add_path([at(300, 0), at(0, 0)]);
        p.steps.push(Step::Travel { path, speed });
        p.steps.push(Step::Custom("G1 X1".into()));
        p.steps.push(Step::Travel { path, speed });
    }
    p.steps.push(heat(0));
    for relative_e in [true, false] {
        let s = PrintSettings {
            relative_e,
            ..PrintSettings::default()
        };
        let e = estimate(&p, &s);
        let text = write(&p, &s, &Metadata::default(), &e, &Ctx::quiet()).unwrap();
        compare_with(&p, &s, std::str::from_utf8(&text).unwrap()).unwrap();
        let mut sum = 0.0;
        let mut last = 0.0;
        for line in std::str::from_utf8(&text).unwrap().lines() {
            if line.starts_with("G92 E0") {
                last = 0.0;
            } else if let Some((_, word)) = line.split_once(" E") {
                let e: f64 = word.split(' ').next().unwrap().parse().unwrap();
                sum += if relative_e { e } else { e - last };
                last = e;
            }
        }
        assert!((sum - e.filament_mm).abs() < 1e-4, "{sum} {}", e.filament_mm);
    }
}
