//! The promises of `offcut cut` and of `offcut nest … --then cut`: every option, and one clear error before anything is
//! written.

#![allow(clippy::unwrap_used, clippy::panic)]

#[allow(dead_code)]
mod support;

use serde_json::Value;
use support::Bench;

/// A plate of 60 x 40 with a round hole, a blue line and a filled square of 10.
const PLATE: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='100mm' height='80mm' viewBox='0 0 100 80'>\
    <g fill='none' stroke='#ff0000'><rect x='10' y='20' width='60' height='40'/><circle cx='30' cy='40' r='8'/></g>\
    <path d='M50 25V55' fill='none' stroke='#0000ff'/><rect x='55' y='35' width='10' height='10' fill='#000'/></svg>";

/// A PNG of one black pixel.
const DOT: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0,
    0, 1, 8, 0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63,
    0x60, 0, 0, 0, 2, 0, 1, 0x48, 0xaf, 0xa4, 0x71, 0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60,
    0x82,
];

const SQUARE: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='20mm' height='20mm' viewBox='0 0 20 20'>\
    <rect width='20' height='20' fill='none' stroke='red'/></svg>";

fn bench() -> Bench {
    let b = Bench::new(&[]);
    b.write("plate.svg", PLATE);
    b.write("square.svg", SQUARE);
    b.write("dot.png", DOT);
    b
}

fn number(v: &Value) -> f64 {
    v.as_f64().unwrap_or_else(|| panic!("{v} is no number"))
}

fn near(a: f64, b: f64, tolerance: f64) {
    assert!((a - b).abs() <= tolerance, "{a} is not {b}");
}

/// Length of a kind of cut.
fn role(d: &Value, name: &str) -> f64 {
    let roles = d["roles"].as_array().unwrap();
    roles
        .iter()
        .find(|r| r["role"] == name)
        .map_or(0.0, |r| number(&r["length_mm"]))
}

#[test]
fn a_drawing_becomes_g_code() {
    let b = bench();
    let d = cli!(b, "cut plate.svg --json -o a.gcode" => 0).json();
    assert_eq!((&d["command"], &d["status"]), (&"cut".into(), &"ok".into()));
    // The square is filled: 100 rows of 10 mm, and nothing else is engraved.
    near(role(&d, "cut"), 230.0 + 16.0 * std::f64::consts::PI, 0.01);
    assert!(role(&d, "raster") >= 1000.0, "{d}");
    for key in [
        "time_s",
        "travel_mm",
        "pierces",
        "bounds_mm",
        "warnings",
        "version",
        "settings_hash",
        "sheet",
        "cost",
    ] {
        assert!(!d[key].is_null(), "{key}");
    }
    cli!(b, "check a.gcode" => 0);
    cli!(b, "info a.gcode" => 0);
    // Beside the input, never over a file without being told to; the same bytes on any number of threads.
    cli!(b, "cut plate.svg" => 0, says "plate.gcode").silent();
    cli!(b, "cut plate.svg" => 2, says "--force");
    cli!(b, "cut plate.svg --force -q --threads 2 --seed 7 --progress none" => 0).silent();
    assert_eq!(b.read("plate.gcode"), b.read("a.gcode"));
    let piped = b.pipe("cut - -o -", "plate.svg");
    assert_eq!(piped.expect(0).out, b.read("a.gcode"));
    cli!(b, "cut - -o -" => 3);
    cli!(b, "cut plate.svg --json -o -" => 2, says "-o");
}

#[test]
fn layers_and_colours_choose_what_is_done() {
    let b = bench();
    let run = |operation: &[&str]| {
        let mut args = vec!["cut", "plate.svg", "-o", "x.gcode", "--force", "--json"];
        for o in operation {
            args.extend(["--operation", o]);
        }
        let r = support::Run::new("cut", b.command(&args).output().unwrap());
        r.expect(0).json()
    };
    let d = run(&["red: score", "*: ignore"]);
    near(role(&d, "score"), 200.0 + 16.0 * std::f64::consts::PI, 0.01);
    near(number(&d["cut_mm"]), role(&d, "score"), 1e-6);
    let d = run(&["*: cut passes=2"]);
    near(
        role(&d, "cut"),
        2.0 * (200.0 + 16.0 * std::f64::consts::PI + 30.0 + 40.0),
        0.02,
    );
    let d = run(&["black: line", "blue: ignore"]);
    near(role(&d, "engrave"), 40.0, 1e-3);
    for (wrong, says) in [
        ("pink: cut", "pink"),
        ("red: melt", "melt"),
        ("red: cut colour=1", "colour"),
    ] {
        let args = ["cut", "plate.svg", "-o", "y.gcode", "--operation", wrong];
        let r = support::Run::new(wrong, b.command(&args).output().unwrap());
        r.expect(2).says(says).silent();
    }
    assert!(!b.path("y.gcode").exists());
}

#[test]
fn settings_come_from_machines_materials_and_files() {
    let b = bench();
    let line = "cut plate.svg -o x.gcode --force --json";
    let d = cli!(b, &format!("{line} --machine diode-10w --material plywood-3mm") => 0).json();
    assert_eq!(
        d["profiles"],
        serde_json::json!(["diode-10w", "plywood-3mm", null])
    );
    assert!(d["warnings"].to_string().contains("starting point"));
    b.write("own.toml", "inherits = \"k40-grbl\"\nbed_size = \"250x200\"\n");
    b.write("slow.toml", "cut_speed = 2\nkerf = \"0.2mm\"\n");
    b.write(
        "mine.toml",
        "[[material]]\nname = \"cork-4mm\"\ncut_speed = 3\nkerf = 0.1\n",
    );
    let d = cli!(b, &format!("{line} --machine own.toml --process slow.toml --isolated") => 0).json();
    near(
        number(&d["bounds_mm"][1][0]) - number(&d["bounds_mm"][0][0]),
        60.2,
        0.02,
    );
    let d = cli!(b, &format!("{line} --profile slow.toml --set kerf=300um") => 0).json();
    near(
        number(&d["bounds_mm"][1][0]) - number(&d["bounds_mm"][0][0]),
        60.3,
        0.02,
    );
    let d = cli!(b, &format!("{line} --library mine.toml --material cork-4mm") => 0).json();
    near(
        number(&d["bounds_mm"][1][0]) - number(&d["bounds_mm"][0][0]),
        60.1,
        0.02,
    );
    // Units: 100 of an inch-sized drawing.
    b.write("bare.svg", SQUARE.replace("mm'", "'"));
    let d = cli!(b, &format!("{} --unit mm", line.replace("plate", "bare")) => 0).json();
    near(number(&d["cut_mm"]), 80.0, 1e-6);
    let d =
        cli!(b, &format!("{} --unit inch --set bed_size=600x600", line.replace("plate", "bare")) => 0).json();
    near(number(&d["cut_mm"]), 80.0 * 25.4, 1e-3);
    let schema = cli!(b, "cut --schema" => 0).json();
    assert!(schema["properties"]["kerf"].is_object());
    cli!(b, "cut --help-settings" => 0, prints "# Settings of a laser job", prints "| `kerf` |", prints "`k40-grbl`", prints "`plywood-3mm`");
}

#[test]
fn layers_of_lightburn_bring_their_settings() {
    let b = bench();
    b.write(
        "box.lbrn2",
        "<LightBurnProject AppVersion='1.7.08' FormatVersion='1'>\
         <CutSetting type='Cut'><index Value='0'/><name Value='Outline'/><maxPower Value='65'/><speed Value='7.5'/>\
         <numPasses Value='2'/><kerf Value='0.1'/></CutSetting>\
         <CutSetting type='Cut'><index Value='1'/><name Value='Etch'/><maxPower Value='12'/></CutSetting>\
         <CutSetting type='Cut'><index Value='2'/><name Value='Off'/><speed Value='9'/><doOutput Value='0'/></CutSetting>\
         <Shape Type='Rect' CutIndex='0' W='20' H='20'><XForm>1 0 0 1 50 50</XForm></Shape>\
         <Shape Type='Rect' CutIndex='1' W='10' H='10'><XForm>1 0 0 1 50 50</XForm></Shape>\
         <Shape Type='Rect' CutIndex='2' W='30' H='30'><XForm>1 0 0 1 50 50</XForm></Shape></LightBurnProject>",
    );
    // The words of the first cut at a speed: GRBL takes mm/min, and 1000 is full power.
    let speeds = |name: &str| -> Vec<String> {
        let text = String::from_utf8(b.read(name)).unwrap();
        let words = text.split_whitespace().filter(|w| w.starts_with(['F', 'S']));
        words.map(str::to_owned).collect()
    };
    let line = "cut box.lbrn2 --force --json --isolated -o x.gcode";
    let d = cli!(b, line => 0).json();
    // Twice along the outline, moved by half of the kerf; once along the etched lines, and not along the layer that
    // is switched off.
    near(role(&d, "cut"), 2.0 * (80.0 + std::f64::consts::TAU * 0.1), 0.01);
    near(role(&d, "score"), 40.0, 1e-3);
    let layers = d["layers"].as_array().unwrap();
    let cut = layers.iter().find(|l| l["layer"] == "Outline").unwrap();
    assert_eq!(
        cut["from_file"],
        serde_json::json!(["power", "speed", "passes", "kerf"])
    );
    near(number(&cut["speed_mm_s"]), 7.5, 1e-9);
    near(number(&cut["power_percent"]), 65.0, 1e-9);
    let etch = layers.iter().find(|l| l["layer"] == "Etch").unwrap();
    assert_eq!(
        (&etch["from_file"], &etch["passes"]),
        (&serde_json::json!(["power"]), &1.into())
    );
    assert_eq!(layers.len(), 2);
    let words = speeds("x.gcode");
    for w in ["F450", "S650", "S120"] {
        assert!(words.iter().any(|x| x == w), "{w}: {words:?}");
    }
    cli!(b, "cut box.lbrn2 --force -o x.gcode" => 0, says "layer Outline: cut at 7.5 mm/s, 65 %, 2 times");
    // What is given elsewhere holds: one setting, a material's entry, a rule.
    let d = cli!(b, &format!("{line} --set cut_speed=5 --set cut_passes=1") => 0).json();
    near(role(&d, "cut"), 80.0 + std::f64::consts::TAU * 0.1, 0.01);
    assert!(speeds("x.gcode").iter().any(|x| x == "F300"));
    b.write("mine.toml", "[[material]]\nname = \"cork-4mm\"\ncut_power = 30\n");
    cli!(b, &format!("{line} --library mine.toml --material cork-4mm") => 0);
    let words = speeds("x.gcode");
    assert!(
        words.iter().any(|x| x == "S300") && words.iter().any(|x| x == "F450"),
        "{words:?}"
    );
    // Through a layout they stay.
    let nest = "nest box.lbrn2 --sheet 60x60 --work 1000 --isolated --then cut --json --force -o s.json";
    let d = cli!(b, nest => 0).json();
    near(
        role(&d["cut"][0], "cut"),
        2.0 * (80.0 + std::f64::consts::TAU * 0.1),
        0.01,
    );
}

#[test]
fn layers_of_lightburn_are_cut_in_their_order() {
    let b = bench();
    let file = |order: [u8; 4]| {
        let kinds = ["Cut", "Cut", "Cut", "Scan"];
        let mut text = "<LightBurnProject AppVersion='1.7.08' FormatVersion='1'>".to_owned();
        for (i, kind) in kinds.iter().enumerate() {
            let speed = 10 + i;
            text += &format!(
                "<CutSetting type='{kind}'><index Value='{i}'/><speed Value='{speed}'/><priority Value='{}'/></CutSetting>\
                 <Shape Type='Rect' CutIndex='{i}' W='5' H='5'><XForm>1 0 0 1 {} 10</XForm></Shape>",
                order[i],
                10 + 20 * i
            );
        }
        text + "</LightBurnProject>"
    };
    for order in [[0, 1, 2, 3], [2, 0, 1, 3], [1, 2, 0, 0]] {
        b.write("three.lbrn2", file(order));
        cli!(b, "cut three.lbrn2 --force --isolated -o three.gcode" => 0);
        let text = String::from_utf8(b.read("three.gcode")).unwrap();
        // Speeds tell the layers apart: F600, F660 and F720 cut, F780 engraves.
        let mut seen: Vec<usize> = text
            .split_whitespace()
            .filter_map(|w| [780, 600, 660, 720].iter().position(|f| w == format!("F{f}")))
            .collect();
        seen.dedup();
        let mut wanted = vec![1, 2, 3];
        wanted.sort_by_key(|&i| order[i - 1]);
        wanted.insert(0, 0);
        assert_eq!(seen, wanted, "{order:?}");
    }
}

#[test]
fn layers_of_lightburn_keep_their_settings_through_nesting() {
    let b = bench();
    b.write(
        "tag.lbrn2",
        "<LightBurnProject AppVersion='1.7.08' FormatVersion='1'>\
         <CutSetting type='Cut'><index Value='0'/><name Value='Outline'/><maxPower Value='65'/><speed Value='7.5'/>\
         <numPasses Value='2'/><kerf Value='0.1'/><runBlower Value='1'/></CutSetting>\
         <CutSetting type='Scan'><index Value='1'/><name Value='Fill'/><maxPower Value='18'/><speed Value='90'/>\
         <interval Value='0.25'/><runBlower Value='0'/></CutSetting>\
         <Shape Type='Rect' CutIndex='0' W='20' H='20'><XForm>1 0 0 1 50 50</XForm></Shape>\
         <Shape Type='Rect' CutIndex='1' W='10' H='10'><XForm>1 0 0 1 50 50</XForm></Shape></LightBurnProject>",
    );
    let line = "nest tag.lbrn2:2 --sheet 60x40 --spacing 2 --rotations 1 --work 2000 --isolated --then cut --json --force -o t.json";
    let d = cli!(b, line => 0).json();
    let cut = &d["cut"][0];
    // Two tags: two passes, moved by half of the kerf (LightBurn says half of it), with air and 65 % at 7.5 mm/s.
    near(role(cut, "cut"), 4.0 * (80.0 + std::f64::consts::TAU * 0.1), 0.02);
    let text = String::from_utf8(b.read("t.gcode")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let place = |w: &str| lines.iter().position(|l| l.split_whitespace().any(|x| x == w));
    let (air, off) = (place("M8").unwrap(), place("M9").unwrap());
    let burns = |w: &str| {
        lines
            .iter()
            .filter(|l| l.split_whitespace().any(|x| x == w))
            .count()
    };
    assert!(place("F450").is_some() && place("S650").is_some());
    assert!(air < place("S650").unwrap() && place("S650").unwrap() < off);
    // The fillings without air before it: 40 rows of 10 mm each at 90 mm/s and 18 %.
    assert!(place("S180").unwrap() < air && place("F5400").unwrap() < air);
    assert_eq!(burns("S180"), 2 * 40);
    let layers = cut["layers"].as_array().unwrap();
    let of = |name: &str| layers.iter().find(|l| l["layer"] == name).unwrap();
    assert_eq!(
        of("Outline")["from_file"],
        serde_json::json!(["power", "speed", "passes", "air", "kerf"])
    );
    assert_eq!(
        of("Fill")["from_file"],
        serde_json::json!(["power", "speed", "air", "interval"])
    );
    // What is given on the command line holds instead.
    let d = cli!(b, &format!("{line} --set cut_passes=1 --set kerf=0 --set interval=0.5") => 0).json();
    near(role(&d["cut"][0], "cut"), 160.0, 1e-3);
    let text = String::from_utf8(b.read("t.gcode")).unwrap();
    assert_eq!(text.matches("S180").count(), 2 * 20);
}

#[test]
fn what_can_not_be_made_is_one_error_and_no_file() {
    let b = bench();
    b.write("twoways.toml", "cut_speed = 2\nspeeed = 3\n");
    b.write("text.txt", "no drawing");
    b.write(
        "empty.svg",
        "<svg xmlns='http://www.w3.org/2000/svg' width='9mm' height='9mm'/>",
    );
    for (line, code, says) in [
        ("plate.svg --set cut_power=120", 2, "cut_power"),
        ("plate.svg --set cut_speed=0", 2, "cut_speed"),
        ("plate.svg --set score_speed=-3", 2, "score_speed"),
        ("plate.svg --set bed_size=0x0", 2, "bed_size"),
        ("plate.svg --set bed_size=none", 2, "bed_size"),
        ("plate.svg --set kerff=1", 2, "kerf"),
        ("plate.svg --set lead_in=spiral", 2, "arc"),
        ("plate.svg --set z_step=1", 2, "z_axis"),
        ("plate.svg --set s_max=0", 2, "s_max"),
        ("plate.svg --set firmware=heidenhain", 2, "grbl"),
        ("plate.svg --material cheese-3mm", 2, "cheese"),
        ("plate.svg --machine diode-10", 2, "diode-10w"),
        ("plate.svg --machine none.toml", 3, "none.toml"),
        ("plate.svg --process fast", 2, "fast"),
        ("plate.svg --profile twoways.toml", 2, "speeed"),
        ("plate.svg --unit ell", 2, "ell"),
        ("plate.svg --test-grid", 2, ""),
        ("plate.svg --kerf-test", 2, ""),
        ("plate.svg --set bed_size=50x50", 1, "60.0 x 40.0"),
        (
            "plate.svg --set placement=drawing --set bed_origin=20x0",
            1,
            "bed",
        ),
        ("square.svg --set kerf=1 --set placement=drawing", 1, "bed"),
        ("none.svg", 3, "none.svg"),
        ("text.txt", 3, "text.txt"),
        ("empty.svg", 3, "empty.svg"),
        ("--test-grid power=10-200/5", 2, "more than the machine has"),
        ("--test-grid heat=1-2", 2, "heat"),
        ("", 2, ""),
    ] {
        let r = b.run(&format!("cut {line} -o y.gcode"));
        r.expect(code).says(says).silent();
        assert!(!b.path("y.gcode").exists(), "{line}");
        let lines = r.err.lines().filter(|l| l.starts_with("offcut: ")).count();
        assert!(lines <= 1, "one error: {}", r.err);
    }
    // With --json the error is a document.
    let d = cli!(b, "cut plate.svg --set cut_power=120 --json -o y.gcode" => 2).json();
    assert_eq!((&d["command"], &d["status"]), (&"cut".into(), &"error".into()));
}

#[test]
fn cards_frames_pictures_and_models() {
    let b = Bench::new(&["cube.stl"]);
    b.write("plate.svg", PLATE);
    b.write("dot.png", DOT);
    cli!(b, "cut --test-grid power=20-60/3,speed=20-40/2 -o grid.gcode" => 0);
    cli!(b, "cut --test-grid" => 0, says "test-grid.gcode");
    // Squares that are cut out: 3 powers x 2 numbers of passes of 24 mm, once and twice.
    let d = cli!(b, "cut --test-grid cut,power=40-100/3,passes=1-2/2 --json -o cuts.gcode" => 0).json();
    near(role(&d, "cut"), 3.0 * 24.0 * 3.0, 1e-3);
    assert!(role(&d, "raster") == 0.0 && role(&d, "score") > 0.0);
    cli!(b, "cut --test-grid cut,interval=0.1-0.2/3 -o x.gcode" => 2, says "interval");
    cli!(b, "cut --test-grid passes=1-3/3 -o x.gcode" => 2, says "`cut` before");
    // Turned and scaled drawings.
    let d =
        cli!(b, "cut plate.svg --set rotate=90 --set scale=50% --force --json -o turned.gcode" => 0).json();
    let whole = cli!(b, "cut plate.svg --json -o whole.gcode" => 0).json();
    let size = |d: &Value| [0, 1].map(|i| number(&d["bounds_mm"][1][i]) - number(&d["bounds_mm"][0][i]));
    let (t, w) = (size(&d), size(&whole));
    near(t[0], w[1] / 2.0, 0.01);
    near(t[1], w[0] / 2.0, 0.01);
    near(role(&d, "cut"), role(&whole, "cut") / 2.0, 0.05);
    let small = "cut plate.svg --set bed_size";
    cli!(b, &format!("{small}=45x65 -o x.gcode") => 1, says "rotate=90");
    cli!(b, &format!("{small}=30x30 -o x.gcode") => 1, says "scale=");
    cli!(b, "cut --kerf-test" => 0, says "kerf-test.gcode");
    let d = cli!(b, "cut plate.svg --frame --json -o frame.gcode" => 0).json();
    assert_eq!(number(&d["cut_mm"]), 0.0);
    // The outline's box and the way there and back.
    assert!(number(&d["travel_mm"]) >= 200.0);
    let frame = String::from_utf8(b.read("frame.gcode")).unwrap();
    assert!(!frame.lines().any(|l| l.starts_with("G1 ")), "the beam stays off");
    let d = cli!(b, "cut dot.png --set image_width=8 --json -o dot.gcode" => 0).json();
    assert!(role(&d, "raster") > 8.0 * 79.0, "{d}");
    // A picture has no place of its own: nothing is said of moving it, whatever its rows need beside it.
    let slanted = "cut dot.png --set image_width=8 --set engrave_angle=45 -q -o slanted.gcode";
    assert!(!cli!(b, slanted => 0).err.contains("moved"));
    cli!(b, "cut cube.stl -o cube.gcode" => 2, says "--layers");
    let d = cli!(b, "cut cube.stl --section 5 --json -o cube.gcode" => 0).json();
    let side = number(&d["cut_mm"]) / 4.0;
    let d = cli!(b, "cut cube.stl --layers 5 --json -o layers.gcode" => 0).json();
    let layers = (role(&d, "cut") / (4.0 * side)).round();
    near(role(&d, "cut"), 4.0 * side * layers, 0.05);
    assert!(
        layers >= 2.0 && role(&d, "score") > 0.0,
        "numbers are scored: {d}"
    );
    let d = cli!(b, "cut cube.stl --layers 5 --marks none --json -o plain.gcode" => 0).json();
    assert_eq!(role(&d, "score"), 0.0);
    cli!(b, "cut cube.stl --marks outlines -o x.gcode" => 2, says "--layers");
    // The layers of a model on sheets, one file each.
    let d = cli!(b, "nest cube.stl --layers 5 --sheet 50x30 --spacing 1 --work 1000 --then cut --json -o s.json" => 0).json();
    let cuts = d["cut"].as_array().unwrap();
    let all: f64 = cuts.iter().map(|c| role(c, "cut")).sum();
    near(all, 4.0 * side * layers, 0.1);
    assert!(cuts.iter().all(|c| role(c, "score") > 0.0));
}

#[test]
fn layouts_are_cut_sheet_by_sheet() {
    let b = bench();
    cli!(b, "nest square.svg:4 --sheet 40x20 --rotations 1 --work 100000 -o l.json" => 0, says "2 sheets");
    cli!(b, "cut l.json -o x.gcode" => 2, says "--sheet 1 to 2");
    cli!(b, "cut l.json --sheet 3 -o x.gcode" => 2, says "no sheet 3");
    // Two squares side by side: seven sides of 20 mm.
    let d = cli!(b, "cut l.json --sheet 2 --json -o x.gcode" => 0).json();
    near(number(&d["cut_mm"]), 140.0, 1e-3);
    near(number(&d["shared_mm"]), 20.0, 1e-3);
    assert_eq!(
        (&d["sheet"]["of_layout"], &d["sheet"]["area_mm2"]),
        (&true.into(), &800.0.into())
    );
    let d = cli!(b, "cut l.json --sheet 2 --set common_lines=false --force --json -o x.gcode" => 0).json();
    near(number(&d["cut_mm"]), 160.0, 1e-3);
    // A layout as a drawing holds all sheets, and outlines of sheets that are not cut.
    cli!(b, "nest square.svg:4 --sheet 40x40 --rotations 1 --work 100000 -o l.svg" => 0, says "1 sheet");
    let d = cli!(b, "cut l.svg --set common_lines=true --force --json -o x.gcode" => 0).json();
    near(number(&d["cut_mm"]), 240.0, 1e-3);
}

#[test]
fn nesting_goes_on_to_cut() {
    let b = bench();
    let line = "nest square.svg:4 --sheet 40x20 --rotations 1 --work 100000 --then cut";
    let d = cli!(b, &format!("{line} -o out.json --json") => 0).json();
    let cut = d["cut"].as_array().unwrap();
    assert_eq!(cut.len(), 2);
    for (k, c) in cut.iter().enumerate() {
        assert_eq!(c["output"], format!("out-{}.gcode", k + 1));
        near(number(&c["cut_mm"]), 140.0, 1e-3);
        cli!(b, &format!("check out-{}.gcode", k + 1) => 0);
    }
    // The same as in two steps.
    cli!(b, "cut out.json --sheet 1 -o one.gcode" => 0);
    assert_eq!(b.read("one.gcode"), b.read("out-1.gcode"));
    // G-code as the output: the layout goes beside it.
    let one = line.replace("40x20", "40x40");
    cli!(b, &format!("{one} -o job.nc --machine k40-grbl --set kerf=0 --set cut_speed=5 --operation *:score") => 0, says "job.nc");
    assert!(b.path("job.nc").exists() && b.path("job.nest.json").exists());
    cli!(b, &format!("{one} -o job.nc") => 2, says "--force");
    // Inner contours come before outer ones, and a mistake is told before the search.
    cli!(b, "nest plate.svg --sheet 90x60 --work 1000 --then cut -o p.svg" => 0, says "p.gcode");
    for (rest, code, says) in [
        ("-o -", 2, "-o"),
        ("-o q.svg --set cut_power=200", 2, "cut_power"),
        ("-o q.svg --machine nothing", 2, "nothing"),
        ("-o q.svg --material balsa", 2, "balsa"),
        ("-o q.svg --set bed_size=30x30", 1, "bed"),
    ] {
        cli!(b, &format!("{line} {rest}") => code, says says).silent();
    }
    cli!(b, "nest square.svg --sheet 40x20 --set kerf=1 -o q.svg" => 2, says "--then");
    assert!(b.files().iter().all(|f| !f.starts_with('q')), "{:?}", b.files());
}
