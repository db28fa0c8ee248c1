//! The writer of lasers and mills: golden files, reading back, rules that every firmware's output keeps, times.
#![allow(clippy::unwrap_used, clippy::panic)]

mod grbl;
mod rules;
mod sample;

use offcut_gcode::cnc::{self, Machine};
use offcut_geometry::Ctx;
use offcut_settings::CncFlavor;
use sample::{laser, mill};
use std::path::PathBuf;

fn text(program: &offcut_gcode::Program, machine: &Machine) -> String {
    let notes = ["a sample".to_owned()];
    String::from_utf8(cnc::write(program, machine, &notes, &Ctx::quiet()).unwrap()).unwrap()
}

fn lasers() -> impl Iterator<Item = Machine> {
    CncFlavor::ALL.iter().map(|&f| sample::machine(f, true))
}

fn mills() -> impl Iterator<Item = Machine> {
    CncFlavor::ALL.iter().map(|&f| sample::machine(f, false))
}

/// `UPDATE_GOLDEN=1` writes the files anew; read the difference before committing.
#[test]
fn dialects_match_their_golden_files() {
    for (kind, machine) in lasers().map(|m| ("laser", m)).chain(mills().map(|m| ("mill", m))) {
        let program = if machine.laser { laser() } else { mill() };
        let got = text(&program, &machine);
        let name = format!("tests/golden/{kind}-{}.gcode", machine.flavor.name());
        let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&file, &got).unwrap();
        }
        let want = std::fs::read_to_string(&file).unwrap();
        assert_eq!(got, want, "{} differs", file.display());
    }
}

#[test]
fn what_is_written_passes_the_check() {
    for machine in lasers() {
        let findings = cnc::check(text(&laser(), &machine).as_bytes(), &machine);
        assert!(findings.is_empty(), "{}: {findings:?}", machine.flavor.name());
    }
}
