//! Profiles: the built-in ones, inheritance, order of layers, explanations, mistakes.

#![allow(clippy::unwrap_used, clippy::panic)]

use offcut_settings::profile::Project;
use offcut_settings::profile::resolve::{Level, Request};
use offcut_settings::profile::source::Library;
use offcut_settings::table::Scope;
use offcut_settings::{PrintSettings, Raw, SettingsError};

fn request(machine: &str, material: &str, process: &str) -> Request {
    let some = |t: &str| Some(t.to_string()).filter(|t| !t.is_empty());
    Request {
        machine: some(machine),
        material: some(material),
        process: some(process),
        ..Request::default()
    }
}

fn library(project: &str) -> Library {
    Library::new(vec![Box::new(Project::parse("offcut.toml", project).unwrap())])
}

fn wrong(project: &str) -> String {
    Project::parse("offcut.toml", project).unwrap_err().to_string()
}

#[test]
fn every_combination_of_built_in_profiles_is_ready_to_print() {
    let library = Library::builtin();
    let mut done = 0;
    for machine in library.names(Scope::Machine) {
        for material in library.names(Scope::Material) {
            for process in library.names(Scope::Process) {
                let r = request(&machine, &material, &process).resolve(&library).unwrap();
                // An open machine warns of ABS and ASA; nothing else may be odd.
                let odd: Vec<_> = r.warnings.iter().filter(|w| w.key != "enclosed").collect();
                assert!(odd.is_empty(), "{machine} {material} {process}: {odd:?}");
                assert_eq!(
                    r.warnings.len(),
                    usize::from(!r.settings.enclosed && matches!(material.as_str(), "abs" | "asa"))
                );
                done += 1;
            }
        }
    }
    assert_eq!(done, 10 * 5 * 4);
}

/// Placeholders in the built-in G-code are names of settings, and both heaters are set before and off after.
#[test]
fn built_in_gcode_names_settings_and_heats() {
    let library = Library::builtin();
    for machine in library.names(Scope::Machine) {
        let s = request(&machine, "pla", "").resolve(&library).unwrap().settings;
        for text in [&s.start_gcode, &s.end_gcode] {
            for part in text.split('{').skip(1) {
                let name = part.split('}').next().unwrap();
                assert!(s.get(name).is_some(), "{machine}: {name}");
            }
        }
        let heats = |commands: [&str; 2]| commands.iter().all(|c| s.start_gcode.contains(c));
        assert!(
            heats(["M109 S{first_layer_hotend", "M190 S{first_layer_bed"]) || heats(["BED={", "EXTRUDER={"]),
            "{machine}"
        );
        assert!(
            s.end_gcode.contains("M104 S0\nM140 S0") || s.end_gcode.contains("PRINT_END"),
            "{machine}"
        );
    }
}

/// Bed sizes and heights as the makers publish them.
#[test]
fn machines_are_as_large_as_their_makers_say() {
    for (machine, x, y, z) in [
        ("prusa-mk3s", 250.0, 210.0, 210.0),
        ("prusa-mk4", 250.0, 210.0, 220.0),
        ("ender3-v2", 220.0, 220.0, 250.0),
        ("voron-0", 120.0, 120.0, 120.0),
    ] {
        let s = request(machine, "", "")
            .resolve(&Library::builtin())
            .unwrap()
            .settings;
        assert_eq!((s.bed_size.x, s.bed_size.y, s.bed_height), (x, y, z), "{machine}");
    }
    for (machine, size) in [
        ("voron-2.4", 350.0),
        ("voron-2.4-300", 300.0),
        ("voron-2.4-250", 250.0),
    ] {
        let s = request(machine, "", "")
            .resolve(&Library::builtin())
            .unwrap()
            .settings;
        assert_eq!((s.bed_size.x, s.bed_size.y), (size, size));
        assert!(s.start_gcode.contains("PRINT_START"));
    }
}

#[test]
fn nothing_asked_is_the_default() {
    let r = Request::default().resolve(&Library::builtin()).unwrap();
    assert_eq!(r.settings, PrintSettings::default());
    assert!(r.keys_set().is_empty());
}

const PROJECT: &str = "\
machine = \"mine\"
bed_temperature = 70
[machines.mine]
inherits = \"voron-2.4\"
bed_size = \"355mm x 355mm\"
perimeter_speed = 111
[materials.petg]
inherits = \"petg\"
hotend_temperature = 244
bed_temperature = 88
[materials.petg.when.mine]
pressure_advance = 0.123
[processes.quick]
inherits = \"draft\"
perimeter_speed = 222
";

#[test]
fn layers_override_in_order_and_explain_themselves() {
    let library = library(PROJECT);
    let mut job = request("", "petg", "quick");
    job.job = vec![
        ("perimeters".into(), Raw::Integer(4)),
        ("brim_width".into(), Raw::Text("3mm".into())),
    ];
    job.set = vec!["brim_width=2".into(), "brim_width=1".into()];
    let r = job.resolve(&library).unwrap();
    let s = &r.settings;
    assert_eq!(
        r.selection,
        [Some("mine".into()), Some("petg".into()), Some("quick".into())]
    );
    assert_eq!(
        (s.bed_size.x, s.perimeter_speed, s.hotend_temperature),
        (355.0, 222.0, 244)
    );
    assert_eq!((s.pressure_advance, s.bed_temperature), (Some(0.123), 70));
    assert_eq!((s.perimeters, s.brim_width, s.layer_height), (4, 1.0, 0.28));
    assert_eq!(s.filament_type, "PETG");

    let e = r.explain("perimeter_speed").unwrap();
    assert_eq!(
        (e.origin.level, e.origin.file.as_str(), e.origin.line),
        (Level::Process, "offcut.toml", 15)
    );
    let chain: Vec<_> = e
        .overridden
        .iter()
        .map(|(v, o)| (v.to_string(), o.profile.clone()))
        .collect();
    let expected = [
        ("111", "mine"),
        ("180", "voron-2.4"),
        ("100", "generic-klipper"),
        ("60", ""),
    ];
    assert_eq!(chain, expected.map(|(v, p)| (v.to_string(), p.to_string())));
    let text = e.to_string();
    assert!(text.contains("perimeter_speed = 222 mm/s"), "{text}");
    assert!(text.contains("process quick (offcut.toml:15)"), "{text}");
    assert!(text.contains("inner perimeters"), "{text}");

    let e = r.explain("pressure_advance").unwrap();
    assert_eq!(
        (e.origin.profile.as_str(), e.origin.line),
        ("petg [when.mine]", 12)
    );
    let e = r.explain("brim_width").unwrap();
    assert_eq!((e.origin.level, e.overridden.len()), (Level::CommandLine, 3));
    assert_eq!(r.explain("bed_temperature").unwrap().origin.level, Level::Profile);
    assert_eq!(r.explain("seam").unwrap().origin.level, Level::Process);
    assert_eq!(r.explain("skirt_height").unwrap().origin.level, Level::BuiltIn);
    assert!(
        r.explain("skirt_heigth")
            .unwrap_err()
            .to_string()
            .contains("skirt_height")
    );
}

#[test]
fn mistakes_in_files_are_told_with_their_line() {
    assert!(
        wrong("\nlayer_heigth = 0.2")
            .starts_with("offcut.toml:2: there is no setting `layer_heigth`; did you mean `layer_height`?")
    );
    assert!(wrong("layer_height = \"thin\"").starts_with("offcut.toml:1: `layer_height` can't be `thin`"));
    assert!(wrong("layer_height = nan").contains("0.01 to 2 mm"));
    assert!(wrong("layer_height = {a = 1}").contains("single value"));
    assert!(wrong("[materials.x]\nbed_size = 200").contains(
        "offcut.toml:2: `bed_size` does not belong in a material profile; put it into one of kind machine"
    ));
    assert!(wrong("[processes.x]\nhotend_temperature = 200").contains("material"));
    assert!(wrong("[machines.x]\nkind = \"process\"").contains("machine profile is needed"));
    assert!(wrong("a = \n").starts_with("offcut.toml:1: "));
    assert!(wrong("layer_height = 1\nlayer_height = 2").starts_with("offcut.toml:2: "));
    assert!(wrong("machines = 3").contains("[machines.NAME]"));
    assert!(wrong("when = 3").contains("[when.NAME]"));
    assert!(wrong("compatible_nozzles = 0.4").contains("list"));
}

#[test]
fn circles_and_endless_chains_end() {
    let l = library("[processes.a]\ninherits = \"b\"\n[processes.b]\ninherits = \"a\"\n");
    let e = request("", "", "a").resolve(&l).unwrap_err();
    assert_eq!(
        e,
        SettingsError::Cycle {
            chain: "a → b → a".into()
        }
    );
    let l = library("[processes.a]\ninherits = \"a\"\n");
    assert!(matches!(
        request("", "", "a").resolve(&l),
        Err(SettingsError::UnknownProfile { .. })
    ));
    let long: String = (0..40)
        .map(|i| format!("[processes.p{i}]\ninherits = \"p{}\"\n", i + 1))
        .collect();
    let e = request("", "", "p0")
        .resolve(&library(&(long + "[processes.p40]\n")))
        .unwrap_err();
    assert!(matches!(e, SettingsError::TooDeep { .. }), "{e}");
}

#[test]
fn what_does_not_fit_together_is_refused_before_work() {
    let l = library(
        "[machines.big]\nnozzle_diameter = 0.8\n[machines.cold]\nmax_hotend_temperature = 200\n[materials.own]\ncompatible_machines = [\"voron-2.4\"]\n[when.nobody]\nwipe = true\n",
    );
    let e = request("big", "", "fine").resolve(&l).unwrap_err().to_string();
    assert!(
        e.contains("`fine` is made for nozzles of 0.4 mm, not 0.8 mm"),
        "{e}"
    );
    let e = request("cold", "pla", "").resolve(&l).unwrap_err().to_string();
    assert!(e.contains("215 °C") && e.contains("200 °C"), "{e}");
    let e = request("ender3-v2", "own", "")
        .resolve(&l)
        .unwrap_err()
        .to_string();
    assert!(
        e.contains("made for voron-2.4, not for the machine `ender3-v2`"),
        "{e}"
    );
    // A machine that inherits fits as its parent does.
    let r = request("voron-2.4-250", "own", "").resolve(&l).unwrap();
    assert!(r.warnings.iter().any(|w| w.message.contains("[when.nobody]")));
    let e = request("", "plaa", "").resolve(&l).unwrap_err().to_string();
    assert!(e.contains("did you mean `pla`"), "{e}");
}

#[test]
fn arachne_resolves_with_a_warning() {
    let r = Request {
        set: vec!["perimeter_generator=arachne".into()],
        ..Request::default()
    };
    let r = r.resolve(&Library::builtin()).unwrap();
    assert_eq!(
        r.warnings[0].message,
        "variable-width walls are not there yet; classic is used"
    );
}

#[test]
fn canonical_form_is_a_profile() {
    let r = request("prusa-mk4", "asa", "strong")
        .resolve(&Library::builtin())
        .unwrap();
    let text = r.settings.canonical();
    let back = Request::default().resolve(&library(&text)).unwrap();
    assert_eq!(back.settings, r.settings);
    assert_eq!(back.settings.hash(), r.settings.hash());
}
