//! One golden file per dialect. `UPDATE_GOLDEN=1` writes them anew; read the difference before committing.
#![allow(clippy::unwrap_used)]

mod common;

use offcut_gcode::{Metadata, Thumbnail, dialects, estimate, write};
use offcut_geometry::Ctx;
use offcut_settings::PrintSettings;
use offcut_settings::print::LabelObjects;
use std::path::PathBuf;

fn text(settings: &PrintSettings) -> String {
    let program = common::sample();
    let meta = Metadata {
        version: "1.2.3".into(),
        thumbnails: vec![Thumbnail {
            width: 16,
            height: 16,
            png: (0..100).collect(),
        }],
        ..Metadata::default()
    };
    let e = estimate(&program, settings);
    String::from_utf8(write(&program, settings, &meta, &e, &Ctx::quiet()).unwrap()).unwrap()
}

/// The text without the dump of settings, which changes with every new setting.
fn without_settings(text: &str) -> String {
    let begin = text.find("; offcut_config = begin").unwrap();
    text[..begin].to_owned()
}

#[test]
fn dialects_match_their_golden_files() {
    for d in dialects::ALL {
        let settings = PrintSettings {
            gcode_flavor: d.flavor,
            label_objects: LabelObjects::Firmware,
            relative_e: d.name == "klipper",
            firmware_retraction: d.name == "reprapfirmware",
            ..common::settings()
        };
        let got = without_settings(&text(&settings));
        let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{}.gcode", d.name));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&file, &got).unwrap();
        }
        let want = std::fs::read_to_string(&file).unwrap();
        assert_eq!(got, want, "{} differs from its golden file", d.name);
    }
}

#[test]
fn every_setting_is_in_the_tail() {
    let t = text(&common::settings());
    for line in [
        "; layer_height = 0.2",
        "; bed_size = 220x220",
        "; start_gcode = G28 ; home all axes\\nG1 Z5 F5000 ; lift the nozzle\\n",
        "; filament_type = PLA",
        "; total layers count = 2",
    ] {
        assert!(t.lines().any(|l| l == line), "{line}");
    }
    assert_eq!(t, text(&common::settings()), "the same job gives the same bytes");
}

#[test]
fn klipper_gets_one_command_a_line_and_no_m2() {
    let s = PrintSettings {
        gcode_flavor: dialects::by_name("klipper").unwrap().flavor,
        ..common::settings()
    };
    for l in text(&s).lines() {
        let code = l.split(';').next().unwrap();
        assert!(
            code.matches(['G', 'M']).count() <= 1 || code.starts_with("M117"),
            "{l}"
        );
        assert_ne!(code.trim(), "M2");
    }
}
