//! The promises of `offcut nest` on drawings: what is placed, what is written, what is refused.

#![allow(clippy::unwrap_used, clippy::panic)]

#[allow(dead_code)]
mod support;

use serde_json::Value;
use support::Bench;

/// A plate of 60 x 40 with a round hole and a scored line, and a disc of 20 with a letter.
const PARTS: &str = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:i='http://www.inkscape.org/namespaces/inkscape' \
     width='200mm' height='100mm' viewBox='0 0 200 100' fill='none' stroke='#ff0000'>\
     <rect x='10' y='10' width='60' height='40'/><circle cx='30' cy='30' r='8'/>\
     <circle cx='120' cy='30' r='10'/>\
     <g i:groupmode='layer' i:label='score' stroke='#0000ff'><path d='M50 15V45'/></g></svg>";

fn bench() -> Bench {
    let b = Bench::new(&[]);
    b.write("parts.svg", PARTS);
    b
}

fn number(v: &Value) -> f64 {
    v.as_f64().unwrap_or_else(|| panic!("{v} is no number"))
}

#[test]
fn drawings_become_layouts_in_every_format() {
    let b = bench();
    let line = "nest parts.svg:3 --sheet 300x200 --work 200000 --spacing 1 --margin 2";
    let d = cli!(b, &format!("{line} -o out.json --json") => 0).json();
    assert_eq!((&d["command"], &d["status"]), (&"nest".into(), &"ok".into()));
    assert_eq!(d["placed"], 6);
    assert_eq!(d["sheets"].as_array().unwrap().len(), 1);
    assert_eq!(d["reproducible"], true);
    // Areas by hand: rectangles without their hole, discs.
    let pi = std::f64::consts::PI;
    let parts = 3.0 * (2400.0 - 64.0 * pi) + 3.0 * 100.0 * pi;
    assert!((number(&d["parts_mm2"]) - parts).abs() < 1e-6);
    assert_eq!(d["sheets_mm2"], 60_000.0);
    let rest = number(&d["scrap_mm2"]) + number(&d["remnants_mm2"]);
    assert!((rest + parts - 60_000.0).abs() < 1e-6);
    assert!((number(&d["density"]) - parts / 6e4).abs() < 1e-9);
    assert_eq!(d["sheets"][0]["placements"].as_array().unwrap().len(), 6);

    for format in ["svg", "dxf", "lbrn2", "json"] {
        cli!(b, &format!("{line} -o all.{format}") => 0, says "6 parts on 1 sheet").silent();
        if format == "json" {
            continue;
        }
        let i = cli!(b, &format!("info all.{format} --json") => 0).json();
        assert_eq!(
            (&i["parts"], &i["holes"]),
            (&6.into(), &3.into()),
            "{format}: {i}"
        );
        let cut = 3.0 * (200.0 + 16.0 * pi + 20.0 * pi);
        assert!(
            (number(&i["cut_length_mm"]) - cut).abs() < 1e-3,
            "{format}: {}",
            i["cut_length_mm"]
        );
        assert!(
            (number(&i["mark_length_mm"]) - 90.0).abs() < 1e-6,
            "{format}: {}",
            i["mark_length_mm"]
        );
        let score = i["layers"]
            .as_array()
            .unwrap()
            .iter()
            .find(|l| l["name"] == "score")
            .unwrap();
        if format != "lbrn2" {
            assert_eq!(score["colors"], serde_json::json!(["#0000ff"]));
        }
    }
    // The same job gives the same bytes.
    let first = b.read("all.svg");
    cli!(b, &format!("{line} -o all.svg --force --threads 2") => 0);
    assert!(b.read("all.svg") == first);
}

#[test]
fn a_layout_keeps_its_rules() {
    let b = bench();
    cli!(b, "nest parts.svg:2 --sheet 150x90 --work 200000 --spacing 3 --margin 5 --rotations 0,90 -o o.json" => 0);
    let d: Value = serde_json::from_slice(&b.read("o.json")).unwrap();
    assert_eq!((&d["offcut"], &d["version"]), (&"layout".into(), &1.into()));
    let sheet = &d["sheets"][0];
    assert_eq!(
        sheet["outline"],
        serde_json::json!([[[0.0, 0.0], [150.0, 0.0], [150.0, 90.0], [0.0, 90.0]]])
    );
    let mut boxes: Vec<[f64; 4]> = Vec::new();
    for p in sheet["placements"].as_array().unwrap() {
        let size = &d["parts"][p["part"].as_u64().unwrap() as usize]["size_mm"];
        let turned = number(&p["rotation"]) % 180.0 != 0.0;
        let (w, h) = (
            number(&size[usize::from(turned)]),
            number(&size[usize::from(!turned)]),
        );
        let (x, y) = (number(&p["x"]), number(&p["y"]));
        boxes.push([x - w / 2.0, y - h / 2.0, x + w / 2.0, y + h / 2.0]);
    }
    assert_eq!(boxes.len(), 4);
    for (i, a) in boxes.iter().enumerate() {
        assert!(
            a[0] > 4.99 && a[1] > 4.99 && a[2] < 145.01 && a[3] < 85.01,
            "{a:?}"
        );
        // The plates are rectangles: their boxes keep the distance (the discs may lie nearer in a hole).
        for c in &boxes[..i] {
            let plate = |r: &[f64; 4]| r[2] - r[0] > 30.0;
            if plate(a) && plate(c) {
                let gap = (a[0] - c[2]).max(c[0] - a[2]).max(a[1] - c[3]).max(c[1] - a[3]);
                assert!(gap > 2.99, "{a:?} {c:?}");
            }
        }
    }
    // The geometry comes back with its arcs and what lies on it.
    let plate = d["parts"]
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["drawing"]["paths"].as_array().unwrap().len() == 3);
    assert!(plate.is_some());
}

#[test]
fn parts_go_on_several_sheets() {
    let b = bench();
    // Eight plates of 60 x 40, four on a sheet at most.
    let d = cli!(b, "nest parts.svg:8 --sheet 130x90 --work 300000 -o o.json --json" => 0).json();
    let sheets = d["sheets"].as_array().unwrap();
    assert!(sheets.len() >= 2 && d["placed"] == 16, "{d}");
    let on: usize = sheets
        .iter()
        .map(|s| s["placements"].as_array().unwrap().len())
        .sum();
    assert_eq!(on, 16);
    cli!(b, "convert o.json -o o.dxf" => 0);
    let i = cli!(b, "info o.dxf --json" => 0).json();
    assert_eq!((&i["parts"], &i["holes"]), (&16.into(), &8.into()));
    // Only one sheet: what has no room is named.
    let d = cli!(b, "nest parts.svg:8 --sheet 130x90:1 --work 300000 -o p.json --json" => 1).json();
    let missing: u64 = d["unplaced"]
        .as_array()
        .unwrap()
        .iter()
        .map(|u| u["count"].as_u64().unwrap())
        .sum();
    assert_eq!(d["placed"].as_u64().unwrap() + missing, 16);
}

#[test]
fn irregular_sheets_are_drawn() {
    let b = bench();
    b.write(
        "rest.svg",
        "<svg xmlns='http://www.w3.org/2000/svg' width='200mm' height='200mm' viewBox='0 0 200 200'>\
         <path fill='none' stroke='#000' d='M20 20H140V100H20Z'/></svg>",
    );
    let d = cli!(b, "nest parts.svg --sheet rest.svg:1 --work 100000 -o o.json --json" => 0).json();
    assert_eq!((&d["placed"], &d["sheets"][0]["id"]), (&2.into(), &"rest".into()));
    assert!((number(&d["sheets_mm2"]) - 9600.0).abs() < 0.1);
}

#[test]
fn layouts_and_drawings_have_pictures() {
    let b = bench();
    cli!(b, "nest parts.svg:2 --sheet 300x200 --work 100000 -o o.json" => 0);
    let size = |name: &str| {
        let p = b.read(name);
        assert_eq!(&p[..8], b"\x89PNG\r\n\x1a\n");
        [16, 20].map(|i| u32::from_be_bytes([p[i], p[i + 1], p[i + 2], p[i + 3]]))
    };
    for (line, name) in [("o.json", "o.png"), ("parts.svg", "parts.png")] {
        cli!(b, &format!("render {line} --size 300x200") => 0);
        assert_eq!(size(name), [300, 200]);
        let first = b.read(name);
        cli!(b, &format!("render {line} --size 300x200 --force") => 0);
        assert!(b.read(name) == first);
        cli!(b, &format!("render {line} --layer 2 -o x.png") => 2, says "no layers");
    }
    // Without a size the height follows from the sheet.
    cli!(b, "render o.json -o free.png" => 0);
    assert_eq!(size("free.png")[0], 1600);
    cli!(b, "render o.json -o o.svg" => 0);
    let svg = String::from_utf8(b.read("o.svg")).unwrap();
    // Two kinds in two colours, each with its colour in the list.
    let count = |color: &str| svg.matches(&format!("fill=\"{color}\"")).count();
    assert_eq!((count("#7eb0de"), count("#f0b266")), (3, 3));
    // What offcut draws it can read.
    cli!(b, "info o.svg" => 0);
}

#[test]
fn what_can_not_be_nested_is_said() {
    let b = bench();
    b.write(
        "open.svg",
        PARTS.replace("<rect", "<desc").replace("<circle", "<desc"),
    );
    cli!(b, "nest parts.svg" => 2, says "--sheet");
    cli!(b, "nest" => 2);
    cli!(b, "nest parts.svg --sheet huge" => 2, says "width x height");
    cli!(b, "nest parts.svg:0 --sheet 100x100" => 2, says "quantity");
    cli!(b, "nest parts.svg --sheet 100x100 --rotations x" => 2, says "--rotations");
    cli!(b, "nest parts.svg --sheet 100x100 --spacing -1" => 2);
    cli!(b, "nest parts.svg --sheet 100x100 -o out.step" => 2, says "SVG, DXF, JSON or LBRN2");
    cli!(b, "nest none.svg --sheet 100x100 -o o.svg" => 3, says "none.svg: there is no such file");
    cli!(b, "nest open.svg --sheet 100x100 -o o.svg" => 3, says "no closed outline");
    cli!(b, "nest parts.svg --sheet 15x10 --work 1000 -o o.svg" => 1, says "does not fit on any sheet");
    assert_eq!(b.files(), ["open.svg", "parts.svg"]);
    // What finds a place is laid out all the same; what doesn't is named.
    let d = cli!(b, "nest parts.svg --sheet 50x30 --work 1000 -o o.json --json" => 1).json();
    assert_eq!((&d["status"], &d["placed"]), (&"incomplete".into(), &1.into()));
    assert_eq!(
        (&d["unplaced"][0]["part"], &d["unplaced"][0]["count"]),
        (&"parts-1".into(), &1.into())
    );
    cli!(b, "nest parts.svg --sheet 50x30 --work 1000 -o p.json" => 1, says "no place for 1 of part parts-1");
}

#[test]
fn solutions_for_the_auditor() {
    let b = bench();
    cli!(b, "nest parts.svg:2 --sheet 300x200 --work 100000 -o o.svg --solution s.json --save-instance i.json" => 0);
    let i: Value = serde_json::from_slice(&b.read("i.json")).unwrap();
    let s: Value = serde_json::from_slice(&b.read("s.json")).unwrap();
    assert_eq!(i["items"].as_array().unwrap().len(), 2);
    assert_eq!(s["placements"].as_array().unwrap().len(), 4);
    // What was written can be nested again, from the solution.
    cli!(b, "nest --instance i.json --start s.json --work 10000 --solution t.json" => 0);
}

#[cfg(unix)]
#[test]
fn an_interrupt_keeps_the_best() {
    use std::io::{BufRead, BufReader};
    let b = bench();
    let line = "nest parts.svg:8 --sheet 600x400 --time 120 -o best.svg --progress json";
    let mut child = b.command(&line.split(' ').collect::<Vec<_>>()).spawn().unwrap();
    // The first improvement has been told.
    let mut err = BufReader::new(child.stderr.take().unwrap());
    let mut told = String::new();
    err.read_line(&mut told).unwrap();
    assert!(told.contains("density"), "{told}");
    let id = child.id().to_string();
    assert!(
        std::process::Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    let mut rest = String::new();
    std::io::Read::read_to_string(&mut err, &mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{rest}");
    let i = cli!(b, "info best.svg --json" => 0).json();
    assert_eq!(i["parts"], 16);
}

#[test]
fn parts_and_sheets_have_rules_of_their_own() {
    let b = bench();
    let layout = |name: &str| -> Value { serde_json::from_slice(&b.read(name)).unwrap() };
    // The plate's grain runs along its 60 mm; on a sheet whose grain runs up it stands.
    let line = "nest parts.svg:2,grain=0 --sheet 300x200,grain=90 --work 100000 -o grain.json";
    cli!(b, line => 0);
    for p in layout("grain.json")["sheets"][0]["placements"]
        .as_array()
        .unwrap()
    {
        assert_eq!(number(&p["rotation"]) % 180.0, 90.0, "{p}");
    }
    // No part lies on what is bad of the sheet: a disc in the middle, kept at a distance.
    let line =
        "nest parts.svg:3 --sheet 200x150,defect=100/75/20 --defect-margin 5 --work 200000 -o bad.json";
    cli!(b, line => 0);
    let sheet = &layout("bad.json")["sheets"][0];
    assert_eq!(sheet["defects"].as_array().unwrap().len(), 1);
    for p in sheet["placements"].as_array().unwrap() {
        let away = (number(&p["x"]) - 100.0).hypot(number(&p["y"]) - 75.0);
        // The discs have a radius of 10, the plates reach 20 from their middle at least.
        assert!(away > 34.9, "{p}");
    }
    // What is a filler takes no second sheet, and may be missing.
    let line = "nest parts.svg:9,filler --sheet 130x90 --work 200000 -o fill.json --json";
    cli!(b, line => 0);
    b.write(
        "plate.svg",
        "<svg xmlns='http://www.w3.org/2000/svg' width='60mm' height='40mm' viewBox='0 0 60 40'>\
         <rect width='60' height='40' fill='none' stroke='#f00'/></svg>",
    );
    let line = "nest plate.svg parts.svg:9,filler --sheet 130x90 --work 200000 -o few.json --json";
    let d = cli!(b, line => 1).json();
    assert_eq!(d["sheets"].as_array().unwrap().len(), 1);
    assert!(d["placed"].as_u64().unwrap() >= 1, "{d}");
    assert!(
        d["unplaced"][0]["reason"].as_str().unwrap().contains("filler"),
        "{d}"
    );
    // The one that comes first gets the only place, whichever that is.
    for (first, id) in [("plate.svg", "plate"), ("parts.svg", "parts-1")] {
        let other = if first == "plate.svg" {
            "parts.svg"
        } else {
            "plate.svg"
        };
        let line = format!(
            "nest {other} {first}:1,priority=1 --sheet 61x41:1 --work 20000 -o one.json --force --no-part-in-part"
        );
        cli!(b, &line => 1);
        let d = layout("one.json");
        let part = d["sheets"][0]["placements"][0]["part"].as_u64().unwrap() as usize;
        assert_eq!(d["parts"][part]["id"], id);
    }
}

#[test]
fn kits_are_counted_and_layouts_filled_up() {
    let b = bench();
    let d =
        cli!(b, "nest parts.svg --kits 3 --sheet 300x200 --spacing 1 --work 100000 -o k.json --json" => 0)
            .json();
    assert_eq!((&d["placed"], &d["complete_kits"]), (&6.into(), &3.into()));
    // One plate on a sheet: of three kits one is whole, the discs of the others lie there too.
    let line = "nest parts.svg --kits 3 --sheet 75x60:1 --work 100000 -o few.json --json";
    let d = cli!(b, line => 1).json();
    assert_eq!(d["complete_kits"], 1, "{d}");

    // More parts around a layout: what lay there lies there still.
    cli!(b, "nest parts.svg:2 --onto k.json --work 100000 --spacing 1 -o more.json" => 0, says "parts on 1 sheet");
    let read = |name: &str| -> Value { serde_json::from_slice(&b.read(name)).unwrap() };
    let places = |d: &Value| -> Vec<(String, String)> {
        let id = |p: &Value| d["parts"][p["part"].as_u64().unwrap() as usize]["area_mm2"].to_string();
        let all = d["sheets"][0]["placements"].as_array().unwrap();
        all.iter()
            .map(|p| (id(p), format!("{} {} {}", p["x"], p["y"], p["rotation"])))
            .collect()
    };
    let (before, after) = (places(&read("k.json")), places(&read("more.json")));
    assert_eq!((before.len(), after.len()), (6, 10));
    assert!(before.iter().all(|p| after.contains(p)), "{before:?} {after:?}");
}

#[test]
fn layers_are_left_out() {
    let b = bench();
    let text = |name: &str| String::from_utf8(b.read(name)).unwrap();
    let line = "--sheet 300x200 --work 20000 -o";
    cli!(b, &format!("nest parts.svg {line} all.json") => 0);
    cli!(b, &format!("nest parts.svg,skip=SCORE {line} plain.json") => 0);
    assert!(text("all.json").contains("score") && !text("plain.json").contains("score"));
    cli!(b, &format!("nest parts.svg,skip=notes {line} none.json") => 2, says "no such layer; it has");
    // An arrow that points at the plate from outside would mark its neighbours.
    b.write("arrow.svg", PARTS.replace("M50 15V45", "M50 15V75"));
    cli!(b, &format!("nest arrow.svg {line} arrow.json") => 0, says "1 mark reaches beyond the outline");
}

#[test]
fn rules_that_there_are_not_are_said() {
    let b = bench();
    cli!(b, "nest parts.svg:2,fill --sheet 100x100" => 2, says "fill: is no option of parts");
    cli!(b, "nest parts.svg,grain=x --sheet 100x100" => 2, says "grain=x");
    cli!(b, "nest parts.svg --sheet 100x100,hole=1" => 2, says "hole: is no option of sheets");
    cli!(b, "nest parts.svg --sheet 100x100,defect=1/2" => 2, says "x/y/radius");
    cli!(b, "nest parts.svg --sheet 100x100 --kits 0" => 2, says "--kits 0");
    cli!(b, "nest parts.svg --onto parts.svg" => 3, says "parts.svg");
    assert_eq!(b.files(), ["parts.svg"]);
    cli!(b, "nest parts.svg:2 --sheet 200x100 --work 20000 -o near.json" => 0);
    cli!(b, "nest parts.svg --onto near.json --spacing 90 --work 20000 -o far.json" => 1, says "can't stay");
}
