//! Settings that contradict each other, and what they resolve to.

#![allow(clippy::unwrap_used, clippy::panic)]

use offcut_settings::speeds::Line;
use offcut_settings::{LengthOrPercent, PrintSettings, SettingsError};

fn with(assignments: &[&str]) -> PrintSettings {
    let mut s = PrintSettings::default();
    for a in assignments {
        s.assign(a).unwrap();
    }
    s
}

fn problems(assignments: &[&str]) -> Vec<String> {
    match with(assignments).validate() {
        Err(SettingsError::Invalid { problems }) => problems,
        other => panic!("{assignments:?} gave {other:?}"),
    }
}

fn warned(assignments: &[&str]) -> Vec<&'static str> {
    with(assignments)
        .validate()
        .unwrap()
        .iter()
        .map(|w| w.key)
        .collect()
}

#[test]
fn defaults_are_fine() {
    assert_eq!(PrintSettings::default().validate(), Ok(vec![]));
}

#[test]
fn layers_fit_the_nozzle() {
    // As PrusaSlicer: a layer is never higher than the nozzle is wide.
    assert!(problems(&["layer_height=0.41"])[0].contains("nozzle_diameter"));
    assert!(
        problems(&["first_layer_height=0.5", "first_layer_line_width=0.6"])[0].contains("first_layer_height")
    );
    assert_eq!(warned(&["layer_height=0.32"]), [""; 0]);
    assert_eq!(warned(&["layer_height=0.33"]), ["layer_height"]);
    assert_eq!(warned(&["first_layer_height=0.35"]), [""; 0]);
    assert!(problems(&["line_width=0.15"])[0].contains("narrower"));
    assert_eq!(warned(&["first_layer_line_width=2mm"]), ["line_width"]);
}

#[test]
fn temperatures_stay_within_the_machine() {
    assert!(problems(&["hotend_temperature=310"])[0].contains("300 °C"));
    assert!(problems(&["first_layer_bed_temperature=130"])[0].contains("120 °C"));
    assert_eq!(
        warned(&["hotend_temperature=100"]),
        ["hotend_temperature", "first_layer_hotend_temperature"]
    );
    assert_eq!(warned(&["hotend_temperature=0"]), [""; 0]);
    assert_eq!(warned(&["filament_type=ABS"]), ["enclosed"]);
    assert_eq!(warned(&["filament_type=ABS", "enclosed=yes"]), [""; 0]);
}

#[test]
fn fields_set_in_code_are_checked_too() {
    let mut s = PrintSettings {
        layer_height: f64::NAN,
        ..PrintSettings::default()
    };
    assert!(s.validate().is_err());
    s.layer_height = -0.2;
    assert!(s.validate().is_err());
    s = PrintSettings {
        bed_height: f64::INFINITY,
        ..PrintSettings::default()
    };
    assert!(s.validate().is_err());
    s = PrintSettings {
        support_contact_distance: -1.0,
        ..PrintSettings::default()
    };
    assert!(
        s.validate()
            .unwrap_err()
            .to_string()
            .contains("support_contact_distance")
    );
    s = PrintSettings {
        line_width: LengthOrPercent::Percent(f64::NAN),
        ..PrintSettings::default()
    };
    assert!(s.validate().is_err());
}

#[test]
fn odd_combinations_are_noticed() {
    assert_eq!(warned(&["perimeter_generator=arachne"]), ["perimeter_generator"]);
    assert_eq!(warned(&["wipe=on", "firmware_retraction=on"]), ["wipe"]);
    assert_eq!(warned(&["brim_width=5", "raft_layers=2"]), ["brim_width"]);
    assert_eq!(warned(&["travel_speed=600"]), ["travel_speed"]);
    assert!(problems(&["bed_round=on", "bed_size=200x210"])[0].contains("bed_size"));
    assert!(problems(&["support=tree"])[0].contains("snug"));
    assert!(problems(&["filament_colour=red"])[0].contains("#RRGGBB"));
    assert!(problems(&["thumbnails=16x16/PNG, huge"])[0].contains("huge"));
    assert_eq!(warned(&["thumbnails=16x16/PNG, 220x124"]), [""; 0]);
}

/// peer_checks: 50 % of 60 mm/s is 30 mm/s; automatic width is 1.125 of the nozzle.
#[test]
fn percentages_resolve_against_their_base() {
    let s = with(&["external_perimeter_speed=50%", "perimeter_speed=60"]);
    assert_eq!(s.external_perimeter_speed_mm_s(), 30.0);
    let s = with(&[
        "infill_speed=100",
        "solid_infill_speed=80%",
        "top_solid_infill_speed=50%",
    ]);
    assert_eq!(s.speed_of(Line::TopSolidInfill, false), 40.0);
    assert_eq!(
        with(&["nozzle_diameter=0.4"]).width_of(Line::Perimeter, false),
        0.45
    );
    assert_eq!(
        with(&["nozzle_diameter=0.6"]).width_of(Line::Perimeter, false),
        0.675
    );
    let s = with(&["first_layer_speed=50%", "perimeter_speed=60"]);
    assert_eq!(s.speed_of(Line::Perimeter, true), 30.0);
    let s = with(&["first_layer_speed=20", "perimeter_speed=60"]);
    assert_eq!(
        (
            s.speed_of(Line::Perimeter, true),
            s.speed_of(Line::Perimeter, false)
        ),
        (20.0, 60.0)
    );
}

#[test]
fn unset_values_follow_others() {
    let s = with(&["hotend_temperature=230", "bed_temperature=80"]);
    assert_eq!(
        (
            s.first_layer_hotend_temperature(),
            s.first_layer_bed_temperature()
        ),
        (230, 80)
    );
    let s = with(&["acceleration=1000", "perimeter_acceleration=800"]);
    assert_eq!(s.acceleration_of(Line::ExternalPerimeter, false), Some(800.0));
    assert_eq!(s.acceleration_of(Line::SparseInfill, false), Some(1000.0));
    assert_eq!(
        PrintSettings::default().acceleration_of(Line::SparseInfill, true),
        None
    );
    let s = with(&["max_volumetric_speed=0", "filament_max_volumetric_speed=12"]);
    assert_eq!(s.volumetric_limit_mm3_s(), Some(12.0));
    let s = with(&["first_layer_line_width=0.6", "infill_line_width=0.5"]);
    assert_eq!(
        (
            s.width_of(Line::SparseInfill, true),
            s.width_of(Line::SparseInfill, false)
        ),
        (0.6, 0.5)
    );
}

/// peer_checks 52: filament a mm of bridge is (nozzle/filament)² · ratio.
#[test]
fn bridges_flow_as_threads() {
    for (assignment, ratio) in [
        ("bridge_flow_ratio=0.5", 0.5),
        ("bridge_flow_ratio=1", 1.0),
        ("bridge_flow_ratio=200%", 2.0),
    ] {
        let s = with(&[assignment]);
        let e = offcut_settings::flow::filament_length(s.mm3_per_mm(Line::Bridge, 0.2, false), 1.75);
        assert!((e - (0.4f64 / 1.75).powi(2) * ratio).abs() < 1e-9);
    }
}

#[test]
fn a_spiral_vase_tells_what_it_overrules() {
    let mut s = PrintSettings::default();
    s.assign("spiral_vase=on").unwrap();
    let message = |s: &PrintSettings| {
        let w = s.validate().unwrap();
        w.into_iter().find(|w| w.key == "spiral_vase").map(|w| w.message)
    };
    let told = message(&s).unwrap();
    for key in ["perimeters", "infill_density", "top_solid_layers"] {
        assert!(told.contains(key), "{told}");
    }
    assert!(!told.contains("support,") && !told.ends_with("support"), "{told}");
    s.assign("support=grid").unwrap();
    assert!(message(&s).unwrap().contains(", support"));
    for a in [
        "perimeters=1",
        "infill_density=0",
        "top_solid_layers=0",
        "support=none",
    ] {
        s.assign(a).unwrap();
    }
    assert_eq!(message(&s), None);
}

#[test]
fn what_is_built_gives_no_warning() {
    for a in [
        "one_wall_on_top=on",
        "extra_perimeters_on_overhangs=on",
        "infill_every_layers=2",
        "top_surface_pattern=concentric",
        "bottom_surface_pattern=hilbert",
    ] {
        assert_eq!(warned(&[a]), [""; 0], "{a}");
    }
}
