//! The promises of the command line: exit status, streams, files, determinism.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use support::{Bench, Run, shared};

#[test]
fn exit_status_says_whose_turn_it_is() {
    let b = Bench::new(&["cube.stl"]);
    b.write("junk.stl", "this is no model");
    b.write("empty.stl", "");
    b.write("cut.stl", &b.read("cube.stl")[..400]);
    cli!(b, "slice cube.stl -o a.gcode" => 0);
    // 2: usage and settings
    cli!(b, "slice" => 2, says "MODEL");
    cli!(b, "slcie cube.stl" => 2, says "slice");
    cli!(b, "slice cube.stl --no-such-option" => 2);
    cli!(b, "slice cube.stl -o b.gcode --set layer_heigth=0.2" => 2, says "did you mean `layer_height`");
    cli!(b, "slice cube.stl -o b.gcode --set layer_height=thick" => 2, says "layer_height");
    cli!(b, "slice cube.stl -o b.gcode --set layer_height=0.9" => 2, says "layer_height");
    cli!(b, "slice cube.stl -o b.gcode --machine prusa-mk3" => 2, says "did you mean `prusa-mk3s`");
    cli!(b, "slice cube.stl -o b.gcode --scale nothing" => 2, says "--scale");
    cli!(b, "slice cube.stl -o b.gcode --scale 0" => 2, says "scale");
    cli!(b, "slice cube.stl -o b.gcode --copies 0" => 2, says "copies");
    cli!(b, "slice cube.stl -o b.gcode --rotate 1,2" => 2, says "--rotate");
    cli!(b, "slice cube.stl -o b.gcode --profile none.toml" => 2, says "none.toml");
    cli!(b, "render cube.stl -o b.png --color red" => 2, says "#FF8000");
    cli!(b, "render cube.stl -o b.png --layer 3" => 2, says "layers");
    // 3: unreadable input
    cli!(b, "slice none.stl -o b.gcode" => 3, says "none.stl: there is no such file");
    cli!(b, "slice junk.stl -o b.gcode" => 3, says "junk.stl");
    cli!(b, "slice empty.stl -o b.gcode" => 3, says "empty.stl");
    cli!(b, "info cut.stl" => 3, says "cut.stl");
    cli!(b, "info ." => 3, says "folder");
    // 1: can't be made
    cli!(b, "slice cube.stl -o b.gcode --scale 50" => 1);
    cli!(b, "slice cube.stl -o none/b.gcode" => 1, says "there is no folder none");
    cli!(b, "slice cube.stl -o b.gcode --copies 1000" => 1, says "bed");
    assert_eq!(
        b.files(),
        ["a.gcode", "cube.stl", "cut.stl", "empty.stl", "junk.stl"]
    );
}

#[test]
fn outputs_are_whole_and_never_by_accident() {
    let b = Bench::new(&["cube.stl"]);
    cli!(b, "slice cube.stl" => 0).silent();
    assert_eq!(b.files(), ["cube.gcode", "cube.stl"]);
    b.write("cube.gcode", "precious");
    cli!(b, "slice cube.stl" => 2, says "--force").silent();
    cli!(b, "slice cube.stl -o cube.gcode" => 2, says "exists already");
    assert_eq!(b.read("cube.gcode"), b"precious");
    cli!(b, "slice cube.stl -o cube.stl --force" => 2, says "is the input");
    cli!(b, "slice cube.stl -o ./cube.stl --force" => 2, says "is the input");
    // A folder takes the file that would be made beside the input.
    cli!(b, "slice cube.stl -o ." => 2, says "cube.gcode: exists already");
    // A job that fails late leaves the old file alone.
    cli!(b, "slice cube.stl --force --scale 50" => 1);
    assert_eq!(b.read("cube.gcode"), b"precious");
    cli!(b, "slice cube.stl --force" => 0);
    assert!(b.read("cube.gcode").len() > 10_000);
    assert_eq!(b.files(), ["cube.gcode", "cube.stl"]);
}

#[cfg(unix)]
#[test]
fn outputs_have_the_usual_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let b = Bench::new(&["cube.stl"]);
    b.write("plain", "");
    cli!(b, "slice cube.stl" => 0);
    let mode = |name: &str| std::fs::metadata(b.path(name)).unwrap().permissions().mode();
    assert_eq!(mode("cube.gcode"), mode("plain"));
    cli!(b, "slice cube.stl -o /dev/null" => 0);
}

#[test]
fn streams_carry_the_product_only() {
    let b = Bench::new(&["cube.stl"]);
    let file = cli!(b, "slice cube.stl -o cube.gcode" => 0, says "layers");
    file.silent();
    let out = cli!(b, "slice cube.stl -o -" => 0, says "layers");
    assert!(out.out == b.read("cube.gcode"));
    let quiet = cli!(b, "slice cube.stl -o - --quiet" => 0);
    assert_eq!(quiet.err, "");
    let piped = b.pipe("slice - -o - -q", "cube.stl");
    // The object's name differs, the motion does not.
    let motion = |r: &Run| -> Vec<String> {
        r.text()
            .lines()
            .filter(|l| l.starts_with('G'))
            .map(str::to_owned)
            .collect()
    };
    piped.expect(0);
    assert!(motion(&piped) == motion(&out) && motion(&out).len() > 1000);
    b.pipe("slice -", "cube.stl").expect(2).says("-o");
    b.pipe("info - --json", "cube.stl")
        .expect(0)
        .prints("\"triangles\": 12");
    cli!(b, "slice cube.stl -o - --json" => 2, says "--json");
    let lines = cli!(b, "slice cube.stl -o x.gcode --progress json" => 0);
    assert!(
        lines
            .err
            .lines()
            .any(|l| l.starts_with('{') && l.contains("\"stage\""))
    );
    for l in lines.err.lines().filter(|l| l.starts_with('{')) {
        let v: serde_json::Value = serde_json::from_str(l).unwrap();
        assert!((0.0..=1.0).contains(&v["done"].as_f64().unwrap()));
    }
}

#[test]
fn result_documents() {
    let b = Bench::new(&["cube.stl", "sphere.stl"]);
    let d = cli!(b, "slice cube.stl -o cube.gcode --json" => 0).json();
    assert_eq!(d["status"], "ok");
    assert_eq!(d["command"], "slice");
    assert_eq!(d["output"], "cube.gcode");
    assert_eq!(d["layers"], 100);
    assert!(d["time_s"].as_f64().unwrap() > 60.0);
    let volume = d["material"]["volume_mm3"].as_f64().unwrap();
    let length = d["material"]["length_mm"].as_f64().unwrap();
    // Filament of 1.75 mm.
    assert!((volume / length - std::f64::consts::PI * 1.75 * 1.75 / 4.0).abs() < 1e-6);
    assert!((d["material"]["grams"].as_f64().unwrap() - volume * 1.24e-3).abs() < 1e-6);
    assert_eq!(d["bounds_mm"][1][2], 20.0);
    assert!(d["warnings"].is_array() && d["version"].is_string());
    assert_eq!(d["settings_hash"].as_str().unwrap().len(), 32);
    let other = cli!(b, "slice cube.stl -o o.gcode --json --set perimeters=2" => 0).json();
    assert_ne!(other["settings_hash"], d["settings_hash"]);

    let e = cli!(b, "slice none.stl -o n.gcode --json" => 3).json();
    assert_eq!(e["status"], "error");
    assert_eq!(e["error"]["kind"], "input");
    assert_eq!(e["error"]["exit_status"], 3);
    assert!(e["error"]["message"].as_str().unwrap().contains("none.stl"));

    let i = cli!(b, "info sphere.stl --json" => 0).json();
    assert_eq!(i["kind"], "model");
    assert_eq!(i["triangles"], 20_480);
    assert_eq!(i["objects"][0]["closed"], true);
    // 4/3·π·20³ and 4·π·20², less what the facets cut off.
    assert!((i["objects"][0]["volume_mm3"].as_f64().unwrap() / 33_510.3 - 1.0).abs() < 2e-3);
    assert!((i["objects"][0]["surface_mm2"].as_f64().unwrap() / 5_026.5 - 1.0).abs() < 2e-3);
    let g = cli!(b, "info cube.gcode --json" => 0).json();
    assert_eq!(g["kind"], "gcode");
    assert_eq!(g["layers"], 100);
    assert!((g["filament_mm"].as_f64().unwrap() / length - 1.0).abs() < 1e-3);
}

#[test]
fn the_bytes_do_not_depend_on_threads() {
    let models = [
        "bracket.stl",
        "gear.obj",
        "overhangs.stl",
        "two-bodies.3mf",
        "lattice.stl",
        "tops.stl",
    ];
    let b = Bench::new(&models);
    for m in models {
        let run = |n: u32| {
            let r = b.run(&format!(
                "slice {m} -o - -q --threads {n} --set support=grid --set layer_height=0.3"
            ));
            r.expect(0);
            r.out
        };
        let one = run(1);
        assert!(one.len() > 10_000);
        assert!(run(2) == one, "{m}: 2 threads");
        assert!(run(8) == one, "{m}: 8 threads");
    }
}

#[test]
fn placement() {
    let b = Bench::new(&["cube.stl", "bracket.stl"]);
    let bounds = |options: &str| {
        let r = b.run(&format!(
            "slice {options} -o x.gcode --force --json -q --set skirt_loops=0"
        ));
        r.expect(0);
        let d = r.json();
        let v = |i: usize, k: usize| d["bounds_mm"][i][k].as_f64().unwrap();
        let span = [0, 1, 2].map(|k| if k == 2 { v(1, 2) } else { v(1, k) - v(0, k) });
        let middle = [0, 1].map(|k| (v(1, k) + v(0, k)) / 2.0);
        (span, middle)
    };
    let near = |a: f64, b: f64| (a - b).abs() < 0.7;
    let (span, middle) = bounds("bracket.stl");
    assert!(
        near(span[0], 60.0) && near(span[1], 40.0) && near(span[2], 45.0),
        "{span:?}"
    );
    assert!(near(middle[0], 110.0) && near(middle[1], 110.0), "{middle:?}");
    let (span, middle) = bounds("bracket.stl --rotate 90 --center 60,70");
    assert!(near(span[0], 40.0) && near(span[1], 60.0), "{span:?}");
    assert!(near(middle[0], 60.0) && near(middle[1], 70.0), "{middle:?}");
    let (span, _) = bounds("bracket.stl --rotate 0,90,0 --scale 50%");
    assert!(
        near(span[0], 22.5) && near(span[1], 20.0) && near(span[2], 30.0),
        "{span:?}"
    );
    let (span, _) = bounds("cube.stl --scale 1,2,0.5");
    assert!(
        near(span[0], 20.0) && near(span[1], 40.0) && near(span[2], 10.0),
        "{span:?}"
    );
    let (span, _) = bounds("cube.stl --unit cm --scale 0.2");
    assert!(near(span[0], 40.0), "{span:?}");
    // Two models and copies stand beside each other.
    let (span, _) = bounds("cube.stl --copies 3");
    assert!(span[0].max(span[1]) > 40.0, "{span:?}");
    // The cube in inches.
    let mut inches = b.read("cube.stl");
    for facet in inches[84..].chunks_exact_mut(50) {
        for v in facet[12..48].chunks_exact_mut(4) {
            let mm = f32::from_le_bytes([v[0], v[1], v[2], v[3]]);
            v.copy_from_slice(&(mm / 25.4).to_le_bytes());
        }
    }
    b.write("inches.stl", inches);
    cli!(b, "slice inches.stl -o y.gcode" => 0, says "--unit inch");
    let (span, _) = bounds("inches.stl --unit inch");
    assert!(near(span[0], 20.0), "{span:?}");
}

#[test]
fn drawings() {
    let b = Bench::new(&[]);
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='90'><path fill='none' stroke='red' \
               d='M9 9H81V81H9Z M30 30h9v9h-9z'/><text x='40' y='60'>A</text></svg>";
    b.write("part.svg", svg);
    let facts = cli!(b, "info part.svg --json" => 0).json();
    assert_eq!(facts["kind"], "drawing");
    assert_eq!((&facts["parts"], &facts["holes"]), (&1.into(), &1.into()));
    let is = |v: &serde_json::Value, mm: f64| (v.as_f64().unwrap() - mm).abs() < 1e-6;
    assert!(is(&facts["size_mm"][0], 72.0 * 25.4 / 96.0), "{facts}");
    assert!(facts["unit"]["evidence"].as_str().unwrap().contains("96"));
    let facts = cli!(b, "info part.svg --unit mm --json" => 0).json();
    assert!(is(&facts["cut_length_mm"], 4.0 * 72.0 + 36.0), "{facts}");
    cli!(b, "info part.svg --unit parsec" => 2, says "parsec");
    b.write("cut.dxf", b"0\nSECTION\n2\nENTITIES\n0\nLINE\n10\n");
    cli!(b, "info cut.dxf" => 3, says "cut off");
}

#[test]
fn pictures() {
    let b = Bench::new(&["cube.stl", "tops.stl"]);
    let png = |name: &str| {
        let p = b.read(name);
        assert_eq!(&p[..8], b"\x89PNG\r\n\x1a\n");
        [16, 20].map(|i| u32::from_be_bytes([p[i], p[i + 1], p[i + 2], p[i + 3]]))
    };
    cli!(b, "render tops.stl --size 320x200" => 0);
    assert_eq!(png("tops.png"), [320, 200]);
    let first = b.read("tops.png");
    cli!(b, "render tops.stl --size 320x200" => 2, says "--force");
    cli!(b, "render tops.stl --size 320x200 --force" => 0);
    assert!(b.read("tops.png") == first);
    cli!(b, "slice cube.stl --set thumbnails=64x48/PNG" => 0);
    let facts = cli!(b, "info cube.gcode --json" => 0).json();
    assert_eq!(facts["thumbnails"], serde_json::json!([[64, 48]]));
    cli!(b, "render cube.gcode -o p.png --size 300x300" => 0);
    assert_eq!(png("p.png"), [300, 300]);
    cli!(b, "render cube.gcode -o l.png --layer 50 --size 300x300" => 0);
    cli!(b, "render cube.gcode -o l.svg --layer 50" => 0);
    let svg = String::from_utf8(b.read("l.svg")).unwrap();
    assert!(svg.contains("External perimeter") && svg.contains("z 10.000 mm"));
    cli!(b, "render cube.gcode -o s.png --contact-sheet 4 --size 300x300" => 0);
    cli!(b, "render cube.gcode -o n.png --layer 101" => 2, says "100 layers");
    cli!(b, "render cube.gcode -o n.png --layer 0" => 2, says "counted from 1");
    cli!(b, "render cube.gcode -o n.png --layers 90-80" => 2, says "--layers");
    cli!(b, "render cube.gcode -o n.png --size 0x10" => 1, says "pixels");
    cli!(b, "render cube.gcode -o n.bmp" => 2, says "PNG or SVG");
}

#[test]
fn profiles() {
    let b = Bench::new(&["cube.stl"]);
    for name in [
        "prusa-mk3s",
        "prusa-mk4",
        "ender3-v2",
        "voron-0",
        "voron-2.4",
        "petg",
        "tpu",
        "draft",
        "strong",
    ] {
        cli!(b, "profile list" => 0, prints name);
    }
    b.write("offcut.toml", "layer_height = 0.25\n");
    cli!(b, "profile explain layer_height" => 0, prints "offcut.toml:1");
    cli!(b, "profile explain layer_height --set layer_height=0.1mm" => 0, prints "command line");
    cli!(b, "profile explain layer_height --isolated" => 0, prints "built-in");
    cli!(b, "profile explain layer_hight" => 2, says "did you mean");
    cli!(b, "profile show --changed" => 0, prints "layer_height = 0.25", prints "offcut.toml:1");
    cli!(b, "profile show petg --isolated" => 0, prints "# material petg", prints "hotend_temperature", prints "# material petg (");
    let d = cli!(b, "profile show voron-2.4 --isolated --json" => 0).json();
    assert_eq!((&d["kind"], &d["name"]), (&"machine".into(), &"voron-2.4".into()));
    assert_eq!(d["settings"]["gcode_flavor"]["value"], "klipper");
    assert!(
        d["settings"]["layer_height"].is_null(),
        "a machine sets no layer height"
    );
    cli!(b, "profile show prusamk4" => 2, says "did you mean prusa-mk4");
    cli!(b, "profile show nothing-like-it" => 2, says "profile list");
    let d = cli!(b, "profile show --json --machine prusa-mk4 --isolated" => 0).json();
    assert_eq!(d["layer_height"], 0.2);
    assert_eq!(d["printer_model"], "MK4");
    cli!(b, "slice cube.stl" => 0, says "80 layers");
    cli!(b, "slice cube.stl --isolated --force" => 0, says "100 layers");
    let schema = cli!(b, "profile schema" => 0).json();
    assert!(schema["properties"]["layer_height"].is_object());
    cli!(b, "profile schema --markdown" => 0, prints "| `layer_height` |");
    b.write("x.toml", "perimeters = 7\nlayer_heigth = 1\n");
    cli!(b, "slice cube.stl --force --profile x.toml" => 2, says "x.toml:2");
}

#[test]
fn help_manual_and_completions() {
    let b = Bench::new(&[]);
    cli!(b, "--help" => 0, prints "slice", prints "Exit status");
    cli!(b, "slice --help" => 0, prints "--set <KEY=VALUE>", prints "--isolated", prints "--threads");
    cli!(b, "--version" => 0, prints env!("CARGO_PKG_VERSION"));
    cli!(b, "man" => 0, prints ".TH offcut", prints "COMMAND SLICE");
    for shell in ["bash", "zsh", "fish", "powershell"] {
        cli!(b, &format!("completions {shell}") => 0, prints "offcut");
    }
    cli!(b, "completions tcsh" => 2);
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_nothing_behind() {
    use std::time::{Duration, Instant};
    let b = Bench::new(&["sphere.stl"]);
    let line = "slice sphere.stl -o s.gcode --scale 4 --set layer_height=0.02 --set infill_density=40%";
    let mut child = b.command(&line.split(' ').collect::<Vec<_>>()).spawn().unwrap();
    let start = Instant::now();
    while b.files().len() < 2 {
        assert!(
            child.try_wait().unwrap().is_none(),
            "ended before it began to write"
        );
        assert!(start.elapsed() < Duration::from_secs(60), "never began to write");
        std::thread::yield_now();
    }
    let id = child.id().to_string();
    let sent = std::process::Command::new("kill")
        .args(["-INT", &id])
        .status()
        .unwrap();
    assert!(sent.success());
    let run = Run::new(line, child.wait_with_output().unwrap());
    run.expect(130).says("cancelled").silent();
    assert_eq!(b.files(), ["sphere.stl"]);
}

/// The corpus says which files must end in a clear error.
#[test]
fn broken_files_end_in_one_message() {
    let Some(shared) = shared() else { return };
    let folder = shared.join("corpus/broken");
    let index: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("INDEX.json")).unwrap()).unwrap();
    let b = Bench::new(&[]);
    let mut seen = 0;
    for f in index["files"].as_array().unwrap() {
        let name = f["file"].as_str().unwrap();
        let path = folder.join(name);
        let run = Run::new(
            name,
            b.command(&["info", path.to_str().unwrap()]).output().unwrap(),
        );
        let code = run.code.unwrap_or(-1);
        assert!([0, 3].contains(&code), "{name}: status {code}\n{}", run.err);
        if f["expected"] == "error" {
            assert_eq!(code, 3, "{name} was read");
            assert_eq!(run.err.lines().count(), 1, "{name}: {}", run.err);
            seen += 1;
        }
    }
    assert!(seen > 10);
}

#[test]
fn small_things_that_makers_try() {
    let b = Bench::new(&["cube.stl"]);
    // A folder takes the file by its own name.
    std::fs::create_dir(b.path("out")).unwrap();
    cli!(b, "slice cube.stl -o out" => 0, says "20 x 20 x 20 mm");
    assert!(b.path("out/cube.gcode").is_file());
    // What is wrong with the settings is said first.
    cli!(b, "slice cube.stl -o out --set layer_hight=0.1" => 2, says "layer_height");
    cli!(b, "slice cube.stl -o out" => 2, says "exists already");
    // Settings as options, as other slicers have them.
    cli!(b, "slice cube.stl --layer-height 0.3" => 2, says "--set layer_height=VALUE");
    cli!(b, "slice cube.stl -o b.gcode --center 0,0" => 1, says "(X 0 to 220, Y 0 to 220)");
    // A skirt without room is left out, and the rest is printed.
    cli!(b, "slice cube.stl -o c.gcode --center 11,110" => 0, says "skirt loops leave the bed");
}
