//! Job documents of lasers and mills: what the command line's own entries give, events, faults.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use offcut::cut::CutJob;
use offcut::job::{Events, run};
use offcut::mill::{MillJob, default_job, mill};
use offcut::settings::{CutSources, Source, resolve_cut};
use offcut::{Carving, Ctx, Input, Preview};
use serde_json::{Value, json};
use std::io::{Result, Write};

/// Keeps what a job tells.
#[derive(Default)]
struct Kept {
    product: Vec<u8>,
    preview: Option<Preview>,
    carving: Option<Carving>,
    shapes: usize,
    layouts: Vec<String>,
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.product.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Events for Kept {
    fn improved(&mut self, density: f64) {
        assert!((0.0..=1.0).contains(&density));
    }
    fn wants_layout(&mut self) -> bool {
        true
    }
    fn layout(&mut self, text: &str) {
        self.layouts.push(text.into());
    }
    fn preview(&mut self, preview: Preview) {
        self.preview = Some(preview);
    }
    fn carving(&mut self, carving: Carving) {
        self.carving = Some(carving);
    }
    fn shape(&mut self, _: Vec<f32>) {
        self.shapes += 1;
    }
}

fn model(name: &str) -> Input {
    let path = format!("{}/../../test-models/{name}", env!("CARGO_MANIFEST_DIR"));
    Input {
        name: name.into(),
        bytes: std::fs::read(path).expect("the repository has its test models"),
    }
}

fn ran(document: &Value, files: &[&Input]) -> (std::result::Result<Value, Value>, Kept) {
    let mut kept = Kept::default();
    let files = files.iter().map(|f| f.bytes.clone()).collect();
    let done = run(&document.to_string(), files, &Ctx::quiet(), &|| 0.0, &mut kept);
    (done, kept)
}

#[test]
fn a_laser_job_gives_the_bytes_of_its_entry() {
    let stand = model("stand.svg");
    let sources = CutSources {
        machine: Some(Source::Name("diode-10w".into())),
        assignments: vec!["kerf=0.2".into()],
        ..CutSources::default()
    };
    let resolved = resolve_cut(&sources).unwrap();
    let job = CutJob {
        inputs: vec![stand.clone()],
        settings: resolved.settings,
        profiles: resolved.names,
        ..CutJob::default()
    };
    let mut expected = Vec::new();
    let outcome = offcut::cut::cut(job, &Ctx::quiet(), &mut expected).unwrap();
    let document = json!({
        "command": "cut", "inputs": [{ "name": "stand.svg" }], "machine": "diode-10w", "settings": { "kerf": 0.2 },
        "preview": true,
    });
    let (done, kept) = ran(&document, &[&stand]);
    let done = done.unwrap();
    assert!(kept.product == expected);
    assert_eq!(done["cut_mm"], outcome.cut_mm);
    let p = kept.preview.unwrap();
    assert!((f64::from(*p.times.last().unwrap()) - outcome.time_s).abs() < 1e-3 * outcome.time_s);
}

#[test]
fn a_milling_job_gives_the_bytes_of_its_entry_and_the_stock() {
    let cube = model("cube.stl");
    let job = MillJob {
        file: default_job(&cube, &[]).unwrap(),
        files: vec![cube.clone()],
    };
    let mut expected = Vec::new();
    mill(&job, &Ctx::quiet(), &mut expected).unwrap();
    let (draft, kept) = ran(
        &json!({ "command": "mill", "files": [{ "name": "cube.stl" }], "print_job": true, "preview": true }),
        &[&cube],
    );
    let draft = draft.unwrap();
    assert!(String::from_utf8(kept.product).unwrap().contains("[[operation]]"));
    assert_eq!(kept.shapes, 1);
    let document = json!({
        "command": "mill", "job": draft["job"], "files": [{ "name": "cube.stl" }], "preview": true, "moments": 3,
    });
    let (done, kept) = ran(&document, &[&cube]);
    assert_eq!(done.unwrap()["stock_mm"], draft["stock_mm"]);
    assert!(kept.product == expected);
    let c = kept.carving.unwrap();
    let [w, d] = c.size.map(|n| n as usize);
    assert_eq!((c.points.len(), c.heights.len()), (4, 4 * w * d));
    let volume = |k: usize| {
        let heights = &c.heights[k * w * d..(k + 1) * w * d];
        heights.iter().map(|h| f64::from(*h) - c.bed).sum::<f64>() * c.cell * c.cell
    };
    let corner = |k: usize, i: usize| draft["stock_mm"][k][i].as_f64().unwrap();
    let block: f64 = (0..3).map(|i| corner(1, i) - corner(0, i)).product();
    assert!((volume(0) / block - 1.0).abs() < 0.02, "{} of {block}", volume(0));
    assert!((1..4).all(|k| volume(k) <= volume(k - 1)) && volume(3) < 0.9 * block);
}

#[test]
fn layouts_of_a_nest_are_there_when_they_are_asked_for() {
    let stand = model("stand.svg");
    let document = json!({
        "command": "nest", "parts": [{ "name": "stand.svg", "quantity": 4 }], "sheets": [{ "size": "300x200" }],
        "work": 20_000, "format": "json",
    });
    let (done, kept) = ran(&document, &[&stand]);
    done.unwrap();
    assert!(!kept.layouts.is_empty());
    for l in &kept.layouts {
        assert!(offcut::nest::is_layout(l.as_bytes()));
    }
}

#[test]
fn what_is_wrong_with_a_job_is_said() {
    let stand = model("stand.svg");
    let fails = |document: Value, part: &str| {
        let said = ran(&document, &[&stand]).0.unwrap_err();
        let text = said["error"]["message"].as_str().unwrap_or_default().to_owned();
        assert!(text.contains(part), "{text}");
    };
    let file = json!([{ "name": "stand.svg" }]);
    fails(
        json!({ "command": "cut", "inputs": file, "speed": 3 }),
        "unknown field `speed`",
    );
    fails(
        json!({ "command": "cut", "inputs": file, "settings": { "cut_powr": 3 } }),
        "did you mean `cut_power`",
    );
    let dance = json!({ "input": { "drawing": "stand.svg" }, "operation": [{ "kind": "dance" }] });
    fails(json!({ "command": "mill", "files": file, "job": dance }), "dance");
    // A null is a key that is not there.
    let input = json!({ "drawing": "stand.svg", "at": null });
    fails(
        json!({ "command": "mill", "files": file, "job": { "name": null, "input": input } }),
        "the job has no operations",
    );
    fails(
        json!({ "command": "mill", "files": file, "job": [1] }),
        "invalid type",
    );
    fails(json!({ "command": "sing" }), "there are slice");
}
