//! Assignments by name: units, ranges, messages, and the way there and back.

#![allow(clippy::unwrap_used)]
use offcut_settings::print::{GcodeFlavor, InfillPattern, PerimeterGenerator, Support};
use offcut_settings::profile::{Profile, Project};
use offcut_settings::table::Kind;
use offcut_settings::{LengthOrPercent, PrintSettings, Raw, SETTINGS, SettingsError, Size};
use proptest::prelude::*;

fn with(assignment: &str) -> PrintSettings {
    let mut s = PrintSettings::default();
    s.assign(assignment).unwrap();
    s
}

fn refused(assignment: &str) -> String {
    PrintSettings::default()
        .assign(assignment)
        .unwrap_err()
        .to_string()
}

#[test]
fn numbers_take_units() {
    assert_eq!(with("layer_height=0.3").layer_height, 0.3);
    assert_eq!(with("layer_height=0.3mm").layer_height, 0.3);
    assert_eq!(with("layer_height= 300 um").layer_height, 0.3);
    assert_eq!(with("skirt_distance=0.5in").skirt_distance, 12.7);
    assert_eq!(with("travel_speed=9000mm/min").travel_speed, 150.0);
    assert_eq!(with("acceleration=3m/s2").acceleration, 3000.0);
    assert_eq!(with("infill_density=20%").infill_density, 20.0);
    assert_eq!(with("infill_density=20").infill_density, 20.0);
    assert_eq!(with("extrusion_multiplier=95%").extrusion_multiplier, 0.95);
    assert_eq!(with("hotend_temperature=215°C").hotend_temperature, 215);
    assert_eq!(
        with("support_threshold_angle=40deg").support_threshold_angle,
        40.0
    );
    assert_eq!(with("min_layer_time=1min").min_layer_time, 60.0);
    assert_eq!(with("filament_density=1.27 g/cm3").filament_density, 1.27);
    assert_eq!(with("layer_height=2e-1").layer_height, 0.2);
}

#[test]
fn other_kinds_are_read() {
    assert_eq!(with("bed_size=250x210").bed_size, Size { x: 250.0, y: 210.0 });
    assert_eq!(with("bed_size=250").bed_size, Size { x: 250.0, y: 250.0 });
    assert_eq!(
        with("bed_origin=-90 x -90mm").bed_origin,
        Size { x: -90.0, y: -90.0 }
    );
    assert_eq!(with("support=grid").support, Support::Grid);
    assert_eq!(
        with("infill_pattern=3D-honeycomb").infill_pattern,
        InfillPattern::Honeycomb3d
    );
    assert_eq!(
        with("perimeter_generator=arachne").perimeter_generator,
        PerimeterGenerator::Arachne
    );
    assert_eq!(with("gcode_flavor=klipper").gcode_flavor, GcodeFlavor::Klipper);
    assert_eq!(with("line_width=0.45").line_width, LengthOrPercent::Mm(0.45));
    assert_eq!(
        with("line_width=110%").line_width,
        LengthOrPercent::Percent(110.0)
    );
    assert_eq!(
        with("infill_line_width=0.5mm").infill_line_width,
        Some(LengthOrPercent::Mm(0.5))
    );
    assert_eq!(with("infill_line_width=auto").infill_line_width, None);
    for (word, value) in [
        ("on", true),
        ("1", true),
        ("TRUE", true),
        ("off", false),
        ("no", false),
    ] {
        assert_eq!(with(&format!("wipe={word}")).wipe, value);
    }
    assert_eq!(with("start_gcode=G28\nG1 Z5").start_gcode, "G28\nG1 Z5");
}

/// The assignments that scripts comparing slicers pass.
#[test]
fn the_contract_of_the_command_line() {
    for a in [
        "layer_height=0.2",
        "first_layer_height=0.2",
        "nozzle_diameter=0.4",
        "filament_diameter=1.75",
        "line_width=0.45",
        "perimeters=3",
        "perimeter_generator=classic",
        "top_solid_layers=5",
        "bottom_solid_layers=4",
        "infill_density=20%",
        "infill_pattern=grid",
        "bed_size=250x250",
        "bed_height=300",
        "external_perimeter_speed=50",
        "perimeter_speed=60",
        "infill_speed=80",
        "solid_infill_speed=60",
        "top_solid_infill_speed=60",
        "travel_speed=150",
        "first_layer_speed=20",
        "bridge_speed=30",
        "support=grid",
        "support=none",
        "support=tree",
        "support_threshold_angle=45",
        "support_contact_distance=0.2",
        "support_interface_layers=2",
        "support_speed=60",
        "retract_length=0.8",
        "retract_speed=35",
        "retract_before_travel=1.5",
        "z_hop=0.0",
        "hotend_temperature=210",
        "bed_temperature=60",
        "skirt_loops=0",
        "brim_width=0",
        "min_layer_time=5",
        "min_print_speed=10",
        "seam=aligned",
        "gcode_flavor=marlin",
        "arc_fitting=false",
        "avoid_crossing_perimeters=false",
    ] {
        with(a);
    }
}

#[test]
fn what_makes_no_sense_is_refused_with_the_reason() {
    for a in [
        "layer_height=-0.2",
        "layer_height=0",
        "layer_height=nan",
        "layer_height=inf",
        "layer_height=1e999",
        "layer_height=5",
        "layer_height=0,2",
        "layer_height=0.2mm/s",
        "layer_height=",
        "layer_height=abc",
        "layer_height=50%",
        "perimeters=2.5",
        "perimeters=-1",
        "bed_size=0x200",
        "bed_size=200xnan",
        "bed_size=",
        "infill_density=101",
        "infill_density=20mm",
        "hotend_temperature=1000",
        "support_contact_distance=-0.1",
        "wipe=maybe",
        "line_width=0",
        "line_width=0%",
        "line_width=nan%",
        "external_perimeter_speed=0",
        "filament_type=PLA\nM112",
        "retract_length=auto",
    ] {
        let message = refused(a);
        assert!(message.starts_with("--set: "), "{a:?} gave {message}");
    }
    assert!(refused("layer_height=5").contains("0.01 to 2 mm"));
    assert!(refused("layer_height=0,2").contains("point"));
    assert!(refused("travel_speed=100mm/h").contains("mm/min"));
    assert!(refused("infill_pattern=gyriod").contains("did you mean `gyroid`?"));
    assert!(refused("layer_hieght=0.2").contains("did you mean `layer_height`?"));
    assert!(refused("fill_density=20%").contains("PrusaSlicer's `fill_density` is `infill_density` here"));
    assert!(refused("fill_pattern=gyroid").contains("`infill_pattern`"));
    assert!(matches!(
        PrintSettings::default().assign("layer_height"),
        Err(SettingsError::NoAssignment { .. })
    ));
    assert!(refused(&format!("layer_height={}", "9".repeat(100_000))).len() < 400);
}

#[test]
fn the_table_knows_every_setting() {
    let defaults = PrintSettings::default();
    for (i, s) in SETTINGS.iter().enumerate() {
        assert!(
            !s.doc().is_empty() && s.doc().ends_with('.'),
            "{}: documentation",
            s.key
        );
        assert!(SETTINGS[..i].iter().all(|o| o.key != s.key), "{} twice", s.key);
        assert!(!s.scopes.is_empty());
        let mut copy = defaults.clone();
        copy.set(s.key, &s.default(), "default").unwrap();
        assert_eq!(copy, defaults, "{}", s.key);
        // As text, it is the same.
        copy.set(s.key, &Raw::Text(s.default().to_string()), "default")
            .unwrap();
        assert_eq!(copy, defaults, "{}", s.key);
    }
    assert!(SETTINGS.len() > 150);
}

#[test]
fn hash_depends_on_every_setting() {
    let defaults = PrintSettings::default();
    assert_eq!(defaults.hash(), PrintSettings::default().hash());
    assert_eq!(defaults.hash().len(), 32);
    assert_ne!(with("layer_height=0.21").hash(), defaults.hash());
    assert_ne!(with("end_gcode=M84").hash(), defaults.hash());
    assert_eq!(with("layer_height=200um").hash(), with("layer_height=0.2").hash());
    assert_eq!(with("xy_compensation=-0").hash(), defaults.hash());
}

#[test]
fn json_goes_there_and_back() {
    let mut s = with("bed_size=250x210");
    s.infill_line_width = Some(LengthOrPercent::Percent(120.0));
    s.start_gcode = "G28 ; \"quoted\"\n\tM107\n".into();
    let text = serde_json::to_string(&s).unwrap();
    assert_eq!(serde_json::from_str::<PrintSettings>(&text).unwrap(), s);
    assert!(serde_json::from_str::<PrintSettings>(r#"{"layer_heigth":0.2}"#).is_err());
    let sparse: PrintSettings =
        serde_json::from_str(r#"{"bed_size":[100,120],"layer_height":"0.1mm"}"#).unwrap();
    assert_eq!((sparse.bed_size.y, sparse.layer_height), (120.0, 0.1));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]
    /// Any settings in range are the same after writing and reading, as TOML and as JSON.
    #[test]
    fn what_is_written_is_read_again(shares in proptest::collection::vec((0..SETTINGS.len(), 0.0..1.0f64, any::<bool>(), "[ -~\\n\t\"é]{0,12}"), 1..40)) {
        let mut s = PrintSettings::default();
        for (i, share, flag, text) in shares {
            let setting = &SETTINGS[i];
            let at = |(lo, hi): (f64, f64)| lo + (hi - lo) * share * share * share;
            let number = setting.range.map_or(share, at);
            let raw = match setting.kind {
                _ if setting.optional && flag => Raw::Unset,
                Kind::Bool => Raw::Bool(flag),
                Kind::Integer => Raw::Integer(number as i64),
                Kind::NumberOrPercent if flag => Raw::Text(format!("{}%", 0.001 + share * 500.0)),
                Kind::Number | Kind::NumberOrPercent => Raw::Number(number),
                Kind::Size => Raw::Text(format!("{number}x{}", number / 3.0 + 1.0)),
                Kind::Text => Raw::Text(text),
                Kind::Choice(c) => Raw::Text(c[(share * c.len() as f64) as usize].name.into()),
            };
            // Line breaks are refused in most texts.
            if let Err(e) = s.set(setting.key, &raw, "test") {
                prop_assert!(setting.kind == Kind::Text, "{}", e);
            }
        }
        let toml = s.canonical();
        prop_assert_eq!(toml.lines().count(), SETTINGS.len());
        let mut back = PrintSettings::default();
        for e in Profile::parse("x", "x.toml", &toml, None).unwrap().entries {
            back.set(e.setting.key, &e.value, "back").unwrap();
        }
        prop_assert_eq!(&back, &s);
        prop_assert_eq!(back.hash(), s.hash());
        let json = serde_json::to_string(&s).unwrap();
        prop_assert_eq!(serde_json::from_str::<PrintSettings>(&json).unwrap(), s);
    }

    #[test]
    fn no_profile_panics(text in "([a-z_]{1,8}|layer_height|when|kind|machines.a|bed_size|\\[when.x\\]|\\[materials.pla\\]|inherits) ?=? ?.{0,10}\n.{0,20}") {
        let _ = Profile::parse("x", "x.toml", &text, None);
        let _ = Project::parse("offcut.toml", &text);
    }

    #[test]
    fn no_assignment_panics(text in ".*") {
        let _ = PrintSettings::default().assign(&text);
    }

    #[test]
    fn no_value_panics(i in 0..SETTINGS.len(), text in r"[-+]?[0-9]{0,6}[.,]?[0-9]{0,4}([eE][-+]?[0-9]{0,3})? ?(mm|%|°|°C|mm/s|µm|x[0-9.]{1,4}|.{0,4})") {
        let mut s = PrintSettings::default();
        if s.assign(&format!("{}={text}", SETTINGS[i].key)).is_ok() {
            // What is accepted can be written and read.
            let mut back = PrintSettings::default();
            back.set(SETTINGS[i].key, &s.get(SETTINGS[i].key).unwrap(), "back").unwrap();
            prop_assert_eq!(back, s);
        }
    }
}
