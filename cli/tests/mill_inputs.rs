//! What `offcut mill` takes beside jobs, and what `offcut check --job` and `offcut render` say of its programs.

#![allow(clippy::unwrap_used, clippy::panic)]

#[allow(dead_code)]
mod support;

use support::Bench;

const PLATE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"60mm\" height=\"40mm\" viewBox=\"0 0 60 40\">\
    <rect x=\"0\" y=\"0\" width=\"60\" height=\"40\" fill=\"none\" stroke=\"#000\"/>\
    <circle cx=\"20\" cy=\"20\" r=\"8\" fill=\"none\" stroke=\"#f00\"/></svg>";

const JOB: &str = "material = \"mdf\"\n[input]\ndrawing = \"plate.svg\"\n[stock]\nmargin = [8, 8, 0]\nthickness = 6\n\
    [[operation]]\nkind = \"pocket\"\ntool = \"flat-3.175\"\ndepth = 3\nselect = { colors = [\"#ff0000\"] }\n";

fn bench() -> Bench {
    let b = Bench::new(&[]);
    b.write("plate.svg", PLATE);
    b.write("job.toml", JOB);
    b
}

/// The findings of a check that fails: code, line.
fn found(b: &Bench, what: &str) -> Vec<(String, u64)> {
    let doc = b.run(what).expect(1).json();
    let list = doc["findings"].as_array().unwrap();
    list.iter()
        .filter(|f| f["severity"] == "error")
        .map(|f| {
            (
                f["code"].as_str().unwrap().to_owned(),
                f["line"].as_u64().unwrap(),
            )
        })
        .collect()
}

#[test]
fn programs_are_checked_against_their_job() {
    let b = bench();
    cli!(b, "mill job.toml -o a.nc" => 0);
    cli!(b, "check a.nc --job job.toml" => 0);
    let text = String::from_utf8(b.read("a.nc")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    // The first line at the pocket's floor, and one after it.
    let floor = lines.iter().position(|l| l.contains("Z-3")).unwrap();
    let with = |at: usize, new: &str| {
        let mut all = lines.clone();
        all.insert(at, new);
        all.join("\n")
    };
    // The stock is 76 × 56 mm, the pocket a circle of 16 mm around X28 Y28.
    for (name, line, code) in [
        // Beyond the pocket's wall, on the way there and back.
        ("wall", "G1 X37 Y28 F500\nG1 X28 Y28", "gouge"),
        ("floor", "G1 Z-4 F100\nG1 Z-3", "gouge"),
        ("rapid", "G0 X50 Y28\nG0 X28 Y28", "rapid_in_stock"),
        ("plunge", "G1 Z-3.5 F9000\nG1 Z-3 F500", "fast_plunge"),
        ("bed", "G1 Z-7 F100\nG1 Z-3", "bed"),
        ("spindle", "M5\nG1 X37 Y28 F500", "spindle_off"),
    ] {
        let file = format!("{name}.nc");
        b.write(&file, with(floor + 1, line));
        let all = found(&b, &format!("check {file} --job job.toml --json"));
        let hit = all.iter().find(|f| f.0 == code);
        let at = hit.unwrap_or_else(|| panic!("{name}: no {code} among {all:?}")).1 as usize;
        let added = line.lines().count();
        // Lines count from 1; a later move may be the first that counts.
        assert!(
            at > floor + 1 && at <= floor + 1 + added + 1,
            "{name}: line {at} of {floor}"
        );
    }
    // A holder that is too low, flutes that are too short, a clamp: properties of the job.
    for (extra, code) in [
        (
            "[[tool]]\nname = \"flat-3.175\"\nshape = \"flat\"\ndiameter = 3.175\nflute_length = 1\nstickout = 20\n",
            "flute_overrun",
        ),
        (
            "[[tool]]\nname = \"flat-3.175\"\nshape = \"flat\"\ndiameter = 3.175\nflute_length = 2\nstickout = 2\n",
            "holder_in_stock",
        ),
        (
            "[[fixture]]\nname = \"clamp\"\nat = [26, 26]\nsize = [4, 4, 20]\n",
            "fixture",
        ),
    ] {
        b.write("other.toml", format!("{JOB}\n{extra}"));
        let all = found(&b, "check a.nc --job other.toml --json");
        assert!(all.iter().any(|f| f.0 == code && f.1 > 0), "{code}: {all:?}");
    }
    cli!(b, "check plate.svg --job job.toml" => 3, says "no G-code");
    cli!(b, "check a.nc --job none.toml" => 3, says "none.toml");
}

#[test]
fn programs_with_several_tools_pass_their_own_check_in_every_dialect() {
    let b = bench();
    let two = format!(
        "{JOB}[[operation]]\nkind = \"pocket\"\ntool = \"flat-6\"\ntop = 3\ndepth = 1\nselect = {{ colors = [\"#ff0000\"] }}\n\
         [[operation]]\nkind = \"profile\"\ntool = \"flat-2\"\ndepth = 1\nselect = {{ colors = [\"#000000\"] }}\n"
    );
    for (dialect, change, changer) in [
        ("grbl", "", false),
        ("grblhal", "", true),
        ("linuxcnc", "", true),
        ("linuxcnc", "tool_change = false\n", false),
        ("mach3", "", true),
        ("mach3", "tool_change = false\n", false),
        ("marlin", "", false),
    ] {
        b.write(
            "two.toml",
            format!("{two}[machine]\ndialect = \"{dialect}\"\n{change}"),
        );
        cli!(b, "mill two.toml -o two.nc --force" => 0);
        cli!(b, "check two.nc --job two.toml" => 0);
        let text = String::from_utf8(b.read("two.nc")).unwrap();
        assert_eq!(text.contains("M6"), changer, "{dialect} {change}");
        // Without names the first tool, which is wider than the last, would have cut all of it.
        if !changer {
            let bare: Vec<&str> = text.lines().filter(|l| !l.contains("tool ")).collect();
            b.write("bare.nc", bare.join("\n"));
            let all = found(&b, "check bare.nc --job two.toml --json");
            assert!(all.iter().any(|f| f.0 == "gouge"), "{dialect}: {all:?}");
        }
    }
}

/// Without a job a model is roughed and finished, and that passes its own check.
fn default_job_passes(b: &Bench, model: &str) {
    let doc = b
        .run(&format!("mill {model} -o m.nc --json --force"))
        .expect(0)
        .json();
    let kinds: Vec<&str> = doc["operations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| o["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["roughing", "parallel"], "{model}");
    let job = cli!(b, &format!("mill {model} --print-job") => 0);
    b.write("m.toml", job.text());
    cli!(b, "check m.nc --job m.toml" => 0);
}

#[test]
fn models_without_a_job_pass_their_own_check() {
    let b = Bench::new(&["text.stl", "bracket.stl"]);
    for model in ["text.stl", "bracket.stl"] {
        default_job_passes(&b, model);
    }
    // The bracket is 45 mm high, the flutes are 22 mm long.
    let job = cli!(b, "mill bracket.stl --print-job" => 0);
    assert!(job.text().contains("upper 22 mm"), "{}", job.text());
    let Some(shared) = support::shared() else { return };
    for model in [
        "stairs_5.stl",
        "pocket_with_islands.stl",
        "plate_pockets_holes.stl",
    ] {
        b.write(
            model,
            std::fs::read(shared.join("corpus/mill").join(model)).unwrap(),
        );
        default_job_passes(&b, model);
    }
}

#[test]
fn layouts_are_cut_out_sheet_by_sheet() {
    let b = bench();
    cli!(b, "nest plate.svg:3 --sheet 150x100 --spacing 4 --margin 4 --time 0.2 --seed 1 -o sheets.json" => 0);
    cli!(b, "nest plate.svg:3 --sheet 150x100 --spacing 4 --margin 4 --time 0.2 --seed 1 -o sheets.svg" => 0);
    let layout: serde_json::Value = serde_json::from_slice(&b.read("sheets.json")).unwrap();
    let sheets = layout["sheets"].as_array().unwrap();
    let on_first = sheets[0]["placements"].as_array().unwrap().len();
    assert!(sheets.len() == 1 && on_first == 3, "{on_first}");
    for file in ["sheets.json", "sheets.svg"] {
        let doc = b
            .run(&format!("mill {file} -o {file}.nc --json"))
            .expect(0)
            .json();
        // The sheet is the stock.
        assert_eq!(doc["stock_mm"][0], serde_json::json!([0.0, 0.0, -6.0]), "{file}");
        assert_eq!(
            doc["stock_mm"][1],
            serde_json::json!([150.0, 100.0, 0.0]),
            "{file}"
        );
        // Three holes before three outlines.
        let text = String::from_utf8(b.read(&format!("{file}.nc"))).unwrap();
        assert!(text.contains("Z-6"), "{file}: through the sheet");
        let job = cli!(b, &format!("mill {file} --print-job") => 0);
        b.write("sheet.toml", job.text());
        cli!(b, &format!("check {file}.nc --job sheet.toml") => 0);
    }
    cli!(b, "mill sheets.json --sheet 2 -o x.nc" => 2, says "there is no sheet 2");
    cli!(b, "mill plate.svg --sheet 1 -o x.nc" => 2, says "no layout");
    cli!(b, "mill sheets.json --set operation.0.onion_skin=0.4 -o skin.nc" => 0);
}

#[test]
fn pictures_become_reliefs_and_jobs_become_pictures() {
    let b = bench();
    cli!(b, "render job.toml -o stock.png --size 160x120 --view 0,90" => 0);
    cli!(b, "render job.toml -o paths.png --size 160x120 --paths --travels" => 0);
    assert!(b.read("stock.png").starts_with(b"\x89PNG"));
    assert!(b.read("stock.png") != b.read("paths.png"), "no paths are drawn");
    cli!(b, "mill job.toml -o a.nc" => 0);
    cli!(b, "render a.nc --job job.toml -o again.png --size 160x120 --view 0,90" => 0);
    // The program has thousandths of a millimetre, the plan does not round: nearly the same picture.
    let [one, two] = ["stock.png", "again.png"].map(|f| b.read(f).len());
    assert!(one.abs_diff(two) * 5 < one, "{one} {two}");
    cli!(b, "render plate.svg --paths -o x.png" => 2, says "--job");
    let doc = b
        .run("mill stock.png -o relief.nc --json --set input.relief.width=40 --set input.relief.height=3")
        .expect(0)
        .json();
    assert_eq!(doc["operations"].as_array().map(Vec::len), Some(2));
    assert_eq!(doc["stock_mm"][1][0], 46.0);
    cli!(b, "mill stock.png --print-job" => 0);
    b.write("broken.png", b"\x89PNG");
    cli!(b, "mill broken.png -o x.nc" => 3);
}
