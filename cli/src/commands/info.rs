//! `offcut info`: what is in a file.

use super::text;
use crate::args::Info;
use crate::failure::Failure;
use crate::files;
use offcut::{FileFacts, ModelFacts};

/// Runs the command.
pub fn run(a: &Info) -> Result<u8, Failure> {
    let input = files::read(&a.file)?;
    let facts = offcut::info(&input.name, &input.bytes)?;
    if a.json {
        let mut d = serde_json::to_value(&facts).map_err(|e| offcut::Error::Internal(e.to_string()))?;
        d["command"] = "info".into();
        d["status"] = "ok".into();
        d["file"] = input.name.into();
        d["version"] = offcut::VERSION.into();
        println!("{d:#}");
        return Ok(0);
    }
    match &facts {
        FileFacts::Model(m) => model(&input.name, m),
        FileFacts::Gcode(g) => println!("{}: G-code, {}", input.name, text::count(g.lines, "line")),
    }
    Ok(0)
}

fn model(name: &str, m: &ModelFacts) {
    println!(
        "{name}: {} ({}), {}",
        m.format.to_uppercase(),
        m.variant,
        text::size(m.size_mm)
    );
    println!(
        "  {} in {}",
        text::count(m.triangles, "triangle"),
        text::count(m.objects.len(), "object")
    );
    for o in &m.objects {
        let [lo, hi] = o.bounds_mm;
        let label = if o.name.is_empty() { "object" } else { &o.name };
        println!(
            "  {label}: {}, {:.2} cm3, {}",
            text::size([0, 1, 2].map(|k| hi[k] - lo[k])),
            o.volume_mm3 / 1000.0,
            if o.closed { "closed" } else { "not closed" }
        );
        for r in &o.repairs {
            println!("    {r}");
        }
    }
    text::warn(&m.warnings);
}
