//! The promises of `offcut mill`.

#![allow(clippy::unwrap_used, clippy::panic)]

#[allow(dead_code)]
mod support;

use support::Bench;

const PLATE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"60mm\" height=\"40mm\" viewBox=\"0 0 60 40\">\
    <rect x=\"0\" y=\"0\" width=\"60\" height=\"40\" fill=\"none\" stroke=\"#000\"/>\
    <circle cx=\"20\" cy=\"20\" r=\"8\" fill=\"none\" stroke=\"#f00\"/></svg>";

const JOB: &str = "material = \"mdf\"\n[input]\ndrawing = \"plate.svg\"\n[stock]\nmargin = [8, 8, 0]\nthickness = 6\n\
    [[operation]]\nkind = \"pocket\"\ntool = \"flat-3.175\"\ndepth = 3\nselect = { colors = [\"#ff0000\"] }\n\
    [[operation]]\nkind = \"profile\"\ntool = \"flat-3.175\"\nselect = { colors = [\"#000000\"] }\n";

fn bench() -> Bench {
    let b = Bench::new(&[]);
    b.write("plate.svg", PLATE);
    b.write("job.toml", JOB);
    b
}

#[test]
fn jobs_and_drawings_become_g_code() {
    let b = bench();
    let doc = b
        .run("mill job.toml -o a.nc --json --target a.json")
        .expect(0)
        .json();
    assert_eq!(doc["operations"].as_array().map(Vec::len), Some(2));
    assert_eq!(doc["stock_mm"][1][0], 76.0);
    assert!(doc["time_s"].as_f64().unwrap() > 10.0);
    assert!(
        doc["audit_args"]
            .as_array()
            .unwrap()
            .iter()
            .any(|a| a == "--region")
    );
    let text = String::from_utf8(b.read("a.nc")).unwrap();
    // Zero is the stock's top at its corner: the pocket ends at Z-3, the outline goes through 6 mm.
    assert!(
        text.contains("Z-3\n") || text.contains("Z-3 "),
        "the pocket's floor"
    );
    assert!(text.contains("Z-6.15"), "through the stock");
    assert!(text.trim_end().ends_with("M2"));
    assert!(!text.contains("Z-3.0") && text.contains("M3 S"));
    // The same bytes on any number of threads, and from the printed job.
    cli!(b, "mill job.toml -o b.nc --threads 1" => 0);
    assert_eq!(b.read("a.nc"), b.read("b.nc"));
    cli!(b, "mill plate.svg --print-job -o c.toml" => 0);
    cli!(b, "mill c.toml -o c.nc" => 0);
    cli!(b, "mill plate.svg -o d.nc" => 0);
    assert_eq!(b.read("c.nc"), b.read("d.nc"));
}

#[test]
fn wrong_jobs_are_refused_by_name() {
    let b = bench();
    for (set, code, says) in [
        ("stock.thicknes=3", 2, "thicknes"),
        ("operation.0.dept=3", 2, "dept"),
        ("operation.0.kind=poket", 2, "pocket"),
        ("operation.0.tool=flat-99", 2, "flat-99"),
        ("operation.0.tool=flat-12", 1, ""),
        ("machine.dialect=heidenhain", 2, "grbl"),
        ("material=cheese", 2, "plywood"),
        ("operation.0.depth=30", 1, "bed"),
        ("stock.thickness=40", 1, "holder"),
    ] {
        let r = b.run(&format!("mill job.toml -o x.nc --force --set {set}"));
        if set == "operation.0.tool=flat-12" {
            // 12 mm fits into 16 mm.
            r.expect(0);
            continue;
        }
        r.expect(code).says(says);
    }
    b.write("none.toml", "[input]\ndrawing = \"none.svg\"\n");
    cli!(b, "mill none.toml -o y.nc" => 3, says "none.svg");
    cli!(b, "mill" => 2);
    let schema = b.run("mill --schema").expect(0).json();
    assert!(
        schema["properties"]["operation"]["items"]["oneOf"]
            .as_array()
            .unwrap()
            .len()
            > 8
    );
}

#[test]
fn fixtures_stop_a_job() {
    let b = bench();
    b.write(
        "clamp.toml",
        format!("{JOB}\n[[fixture]]\nname = \"clamp\"\nat = [30, 0]\nsize = [10, 10, 15]\n"),
    );
    cli!(b, "mill clamp.toml -o x.nc" => 1, says "fixture");
}
