//! One test per fault that must be found in files and programs.
#![allow(clippy::unwrap_used)]

mod common;

use common::{extrude, settings, travel, v};
use offcut_gcode::verify::{Severity, check, check_program};
use offcut_gcode::{Error, Metadata, Program, Role, Step, estimate, write};
use offcut_geometry::Ctx;
use offcut_settings::PrintSettings;
use offcut_settings::print::GcodeFlavor;

const GOOD: &str = "M140 S60\nM109 S210\nG28\nG90\nM82\nG92 E0\n;TYPE:Perimeter\nG1 X10 Y10 Z0.2 F6000\n\
                    G1 X50 E2 F1800\nG1 E1.2 F2100\nG1 X60 F6000\nG1 E2 F2100\nG1 X90 E3 F1800\nM104 S0\nM140 S0\n";

fn codes(text: &str, s: &PrintSettings) -> Vec<(Severity, String, u64)> {
    check(text.as_bytes(), s)
        .into_iter()
        .map(|f| (f.severity, f.code, f.line))
        .collect()
}

fn only(text: &str, severity: Severity, code: &str, line: u64) {
    assert_eq!(
        codes(text, &settings()),
        [(severity, code.to_owned(), line)],
        "{text}"
    );
}

#[test]
fn a_good_file_has_no_findings() {
    assert_eq!(codes(GOOD, &settings()), []);
}

#[test]
fn moves_outside_the_machine() {
    only(
        &GOOD.replace("G1 X90 E3", "G1 X220.5 E3"),
        Severity::Error,
        "outside_bed",
        13,
    );
    only(
        &GOOD.replace("G1 X60", "G1 Y-1"),
        Severity::Error,
        "outside_bed",
        11,
    );
    only(
        &GOOD.replace("G1 X60 F6000", "G1 Z250.5 F600"),
        Severity::Error,
        "above_height",
        11,
    );
    only(&GOOD.replace("Z0.2", "Z-0.2"), Severity::Error, "below_bed", 8);
    let round = PrintSettings {
        bed_round: true,
        ..settings()
    };
    // (10, 10) lies in the square of 220 mm, but 141 mm from its centre.
    let found = codes(GOOD, &round);
    assert!(found.iter().any(|f| f.1 == "outside_bed"), "{found:?}");
}

#[test]
fn arcs_that_swing_outside() {
    let text = GOOD.replace("G1 X60 F6000", "G2 X10 Y50 I-20 J50 F6000");
    assert!(
        codes(&text, &settings())
            .iter()
            .any(|f| f.1 == "outside_bed" || f.1 == "bad_arc")
    );
}

#[test]
fn cold_extrusion() {
    only(
        &GOOD.replace("M109 S210", "M109 S100"),
        Severity::Error,
        "cold_extrusion",
        9,
    );
    only(
        &GOOD.replace("M109 S210\n", ""),
        Severity::Error,
        "cold_extrusion",
        8,
    );
    // A macro may heat: what it does is unknown.
    assert_eq!(codes(&GOOD.replace("M109 S210", "START_PRINT"), &klipper()), []);
}

fn klipper() -> PrintSettings {
    PrintSettings {
        gcode_flavor: GcodeFlavor::Klipper,
        ..settings()
    }
}

#[test]
fn heaters_left_on() {
    only(
        &GOOD.replace("M104 S0\n", ""),
        Severity::Error,
        "hotend_left_on",
        0,
    );
    only(&GOOD.replace("M140 S0\n", ""), Severity::Error, "bed_left_on", 0);
    assert_eq!(
        codes(&GOOD.replace("M104 S0\nM140 S0", "END_PRINT"), &klipper()),
        []
    );
}

#[test]
fn extrusion_while_retracted() {
    only(
        &GOOD.replace("G1 E2 F2100\n", ""),
        Severity::Warning,
        "extrusion_while_retracted",
        12,
    );
    let text = GOOD.replace("G1 E1.2 F2100", "G10").replace("G1 E2 F2100\n", "");
    assert!(
        codes(&text, &settings())
            .iter()
            .any(|f| f.1 == "extrusion_while_retracted")
    );
}

#[test]
fn unknown_and_malformed_commands() {
    only(
        &GOOD.replace("G28", "G28\nG777"),
        Severity::Info,
        "unknown_commands",
        0,
    );
    only(
        &GOOD.replace("G1 X60", "G1 X6O"),
        Severity::Error,
        "malformed",
        11,
    );
    only(&GOOD.replace("G28", "G28\n!!"), Severity::Error, "malformed", 4);
}

#[test]
fn speeds_beyond_the_limits() {
    only(
        &GOOD.replace("G1 X60 F6000", "G1 X60 F60000"),
        Severity::Info,
        "speed_X",
        11,
    );
}

fn program(z: f64, x: f64, celsius: u32, off: bool) -> Program {
    let mut p = Program::default();
    p.steps.push(Step::Hotend { celsius, wait: true });
    travel(&mut p, &[v(50.0, 50.0, z)]);
    extrude(&mut p, Role::Perimeter, &[v(x, 50.0, z)], 30.0);
    if off {
        p.steps.push(Step::Custom("M104 S0".into()));
    }
    p
}

#[test]
fn unsafe_programs_are_not_written() {
    let s = settings();
    let codes = |p: &Program| -> Vec<String> { check_program(p, &s).into_iter().map(|f| f.code).collect() };
    assert!(codes(&program(0.2, 60.0, 210, true)).is_empty());
    for (p, code) in [
        (program(0.2, 221.0, 210, true), "outside_bed"),
        (program(251.0, 60.0, 210, true), "above_height"),
        (program(-0.2, 60.0, 210, true), "below_bed"),
        (program(0.2, 60.0, 0, true), "cold_extrusion"),
        (program(0.2, 60.0, 210, false), "hotend_left_on"),
    ] {
        assert_eq!(codes(&p), [code]);
        let e = estimate(&p, &s);
        let err = write(&p, &s, &Metadata::default(), &e, &Ctx::quiet()).unwrap_err();
        assert!(matches!(err, Error::Unsafe(_)), "{err}");
    }
}

#[test]
fn purging_beside_the_bed_in_custom_gcode_only_warns() {
    let mut p = program(0.2, 60.0, 210, true);
    p.steps.insert(
        1,
        Step::Custom("G28\nG1 Y-3 X0 Z0.3 F1000\nG1 X60 E9\nG92 E0".into()),
    );
    assert!(
        check_program(&p, &settings())
            .iter()
            .all(|f| f.severity < Severity::Error)
    );
}
