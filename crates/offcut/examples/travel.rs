//! How far the usual search for short travels is from a long one:
//! `cargo run --release -p offcut --example travel -- EFFORT DRAWING...` prints both ways, mm, and their ratio.

use offcut::cut::{CutJob, cut};
use offcut::settings::{CutSettings, Tabled};
use offcut::{Ctx, Error, Input};
use std::process::ExitCode;

fn travel(name: &str, bytes: &[u8], effort: &str) -> Result<f64, Error> {
    let mut settings = CutSettings::default();
    for s in ["bed_size=10000x10000", "park=false"] {
        settings.assign_text(s)?;
    }
    settings.assign_text(&format!("travel_effort={effort}"))?;
    let job = CutJob {
        inputs: vec![Input {
            name: name.into(),
            bytes: bytes.to_vec(),
        }],
        settings,
        ..CutJob::default()
    };
    Ok(cut(job, &Ctx::quiet(), &mut std::io::sink())?.travel_mm)
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((effort, files)) = args.split_first() else {
        eprintln!("usage: travel EFFORT DRAWING...");
        return ExitCode::from(2);
    };
    for f in files {
        let measured = std::fs::read(f).map_err(|e| e.to_string()).and_then(|bytes| {
            let way = |effort: &str| travel(f, &bytes, effort).map_err(|e| e.to_string());
            Ok((way("1")?, way(effort)?))
        });
        match measured {
            Ok((usual, long)) => println!("{usual:10.1} {long:10.1} {:.3} {f}", usual / long.max(1e-9)),
            Err(e) => println!("{f}: {e}"),
        }
    }
    ExitCode::SUCCESS
}
