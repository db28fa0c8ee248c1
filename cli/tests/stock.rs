//! The promises of `offcut stock`: what is kept, what is taken first, what survives a kill.

#![allow(clippy::unwrap_used, clippy::panic)]

#[allow(dead_code)]
mod support;

use serde_json::Value;
use support::Bench;

const PART: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='100mm' height='100mm' viewBox='0 0 100 100'>\
     <rect x='10' y='10' width='60' height='40' fill='none' stroke='#f00'/></svg>";

fn bench() -> Bench {
    let b = Bench::new(&[]);
    b.write("part.svg", PART);
    b
}

fn list(b: &Bench) -> Vec<Value> {
    let d = cli!(b, "stock list --stock s.json --json" => 0).json();
    d["pieces"].as_array().unwrap().clone()
}

fn area(pieces: &[Value]) -> f64 {
    let one = |p: &Value| p["area_mm2"].as_f64().unwrap() * p["quantity"].as_f64().unwrap();
    pieces.iter().map(one).sum()
}

#[test]
fn pieces_come_and_go() {
    let b = bench();
    cli!(b, "stock list --stock s.json" => 0, says "nothing");
    let add = |line: &str| cli!(b, &format!("stock add {line} --stock s.json --json") => 0).json();
    let d = add("600x400:3 --material birch --thickness 3");
    assert_eq!(
        (&d["command"], &d["added"]),
        (&"stock".into(), &serde_json::json!(["600x400"]))
    );
    add("300x200 --material birch --thickness 3 --offcut --id rest");
    add("300x200 --material acrylic --thickness 5 --id clear");
    b.write(
        "round.svg",
        PART.replace(
            "<rect x='10' y='10' width='60' height='40'",
            "<circle cx='50' cy='50' r='40'",
        ),
    );
    add("round.svg --material birch --thickness 3");
    let all = list(&b);
    let ids: Vec<&str> = all.iter().map(|p| p["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["600x400", "rest", "clear", "round"]);
    let round = all[3]["area_mm2"].as_f64().unwrap();
    assert!(
        (round / (std::f64::consts::PI * 1600.0) - 1.0).abs() < 0.01,
        "{round}"
    );
    cli!(b, "stock list --stock s.json --material Birch" => 0, prints "rest", prints "birch");
    cli!(b, "stock use 600x400:2 --stock s.json" => 0, says "took 2");
    cli!(b, "stock use 600x400:2 --stock s.json" => 2, says "only 1");
    cli!(b, "stock use nothing --stock s.json" => 2, says "stock list");
    cli!(b, "stock export rest round --stock s.json -o pieces.dxf" => 0);
    let i = cli!(b, "info pieces.dxf --json" => 0).json();
    // The outlines are there and nobody cuts them by accident.
    assert_eq!(i["paths"]["closed"], 2);
    assert_eq!(i["cut_length_mm"], 0.0);
    cli!(b, "stock add 10x10 --id rest --stock s.json" => 2, says "rest");
    cli!(b, "stock add nonsense --stock s.json" => 2, says "width x height");
    b.write("bad.json", "{}");
    cli!(b, "stock list --stock bad.json" => 3, says "bad.json: is no stock");
}

#[test]
fn offcuts_are_taken_first_and_booked_once() {
    let b = bench();
    cli!(b, "stock add 600x400:2 --material birch --thickness 3 --stock s.json" => 0);
    cli!(b, "stock add 200x150 --offcut --id rest --material birch --thickness 3 --stock s.json" => 0);
    let before = b.read("s.json");
    let nest =
        "nest part.svg:2 --from-stock --stock s.json --material birch --thickness 3 --work 100000 --keep 20";
    let d = cli!(b, &format!("{nest} -o job.json --json") => 0).json();
    assert_eq!(d["sheets"].as_array().unwrap().len(), 1);
    assert_eq!(d["sheets"][0]["id"], "rest");
    assert!(b.read("s.json") == before, "nothing is booked yet");
    cli!(b, &format!("{nest} --thickness 4 -o x.json") => 2);
    cli!(b, "nest part.svg --from-stock --stock s.json --material felt -o x.json" => 1, says "stock list");
    let d = cli!(b, "stock confirm job.json --stock s.json --json" => 0).json();
    assert_eq!(
        (&d["before"], &d["booking"]["taken"]),
        (&false.into(), &serde_json::json!(["rest"]))
    );
    let after = list(&b);
    assert!(after.iter().all(|p| p["id"] != "rest"));
    let left = after
        .iter()
        .find(|p| p["from"] == "job")
        .expect("an offcut of the offcut");
    assert_eq!(
        (&left["material"], &left["thickness_mm"], &left["offcut"]),
        (&"birch".into(), &3.0.into(), &true.into())
    );
    // Two plates of 60 x 40 and nothing else are gone from 200 x 150.
    assert!(left["area_mm2"].as_f64().unwrap() <= 30_000.0 - 4800.0);
    let booked = b.read("s.json");
    cli!(b, "stock confirm job.json --stock s.json" => 0, says "booked before");
    assert!(b.read("s.json") == booked);
    // Another layout from the same offcut comes too late.
    let late =
        String::from_utf8(b.read("job.json"))
            .unwrap()
            .replacen("\"name\":\"job\"", "\"name\":\"late\"", 1);
    b.write("late.json", late);
    cli!(b, "stock confirm late.json --stock s.json" => 1, says "layout job took it");
    cli!(b, "stock confirm part.svg --stock s.json" => 3, says "is no layout");
}

/// Kills bookings at moments spread over their run: the stock is whole at any moment, and every layout is booked once
/// in the end.
#[cfg(unix)]
#[test]
fn the_stock_survives_a_kill() {
    use std::time::{Duration, Instant};
    const SHEETS: usize = 40;
    let b = bench();
    cli!(b, &format!("stock add 200x150:{SHEETS} --material birch --stock s.json") => 0);
    cli!(b, "nest part.svg:2 --from-stock --stock s.json --work 100000 --keep 20 -o job.json" => 0);
    let job = String::from_utf8(b.read("job.json")).unwrap();
    let layout: Value = serde_json::from_str(&job).unwrap();
    let kept = layout["sheets"][0]["remnants_mm2"].as_f64().unwrap();
    let start = Instant::now();
    cli!(b, "stock list --stock s.json" => 0);
    let usual = start.elapsed();
    let (mut whole, mut killed) = (0, 0);
    for i in 0..SHEETS {
        b.write(
            "next.json",
            job.replacen("\"name\":\"job\"", &format!("\"name\":\"job{i}\""), 1),
        );
        let args = ["stock", "confirm", "next.json", "--stock", "s.json"];
        let mut child = b.command(&args).spawn().unwrap();
        let wait = usual
            .mul_f64(1.5 * i as f64 / SHEETS as f64)
            .min(Duration::from_millis(200));
        // The kill has to come at another moment each time; there is nothing to wait for.
        std::thread::sleep(wait);
        child.kill().unwrap();
        if child.wait().unwrap().success() {
            whole += 1;
        } else {
            killed += 1;
        }
        // Booked or not, never between: each booking takes one sheet and leaves its offcut.
        let pieces = list(&b);
        let booked = pieces.iter().filter(|p| p["offcut"] == true).count();
        let sheets = 30_000.0 * (SHEETS - booked) as f64;
        assert!(
            (area(&pieces) - sheets - kept * booked as f64).abs() < 1.0,
            "after {i}"
        );
        assert!(booked == i || booked == i + 1, "{booked} bookings after {i}");
        cli!(b, "stock confirm next.json --stock s.json" => 0);
        assert_eq!(list(&b).iter().filter(|p| p["offcut"] == true).count(), i + 1);
    }
    assert!(killed > 0, "{whole} ran to the end and none was killed");
}

/// Two at once wait for each other.
#[test]
fn bookings_at_once_are_all_kept() {
    let b = bench();
    cli!(b, "stock add 10x10 --stock s.json" => 0);
    let adds: Vec<_> = (0..12)
        .map(|i| {
            let size = format!("{}x10", 20 + i);
            b.command(&["stock", "add", &size, "--stock", "s.json"])
                .spawn()
                .unwrap()
        })
        .collect();
    for mut a in adds {
        assert!(a.wait().unwrap().success());
    }
    assert_eq!(list(&b).len(), 13);
}

#[test]
fn drawings_and_sections_are_converted() {
    let b = Bench::new(&["cube.stl"]);
    b.write("part.svg", PART);
    for f in ["dxf", "json", "lbrn2", "svg"] {
        let out = if f == "svg" {
            "again.svg".to_owned()
        } else {
            format!("part.{f}")
        };
        cli!(b, &format!("convert part.svg -o {out}") => 0, says "60 x 40 mm").silent();
        let i = cli!(b, &format!("info {out} --json") => 0).json();
        assert!((i["cut_length_mm"].as_f64().unwrap() - 200.0).abs() < 1e-6, "{f}");
    }
    cli!(b, "convert cube.stl -o c.svg" => 2, says "--section");
    cli!(b, "convert cube.stl --section 5 -o c.dxf" => 0, says "20 x 20 mm");
    cli!(b, "convert cube.stl --section 50 -o d.dxf" => 2, says "reaches");
    // 20 mm in sheets of 3 mm: six full ones and one for the rest.
    let d =
        cli!(b, "nest cube.stl --layers 3 --sheet 200x100 --spacing 1 --work 100000 -o l.json --json" => 0)
            .json();
    assert_eq!(d["placed"], 7);
}
