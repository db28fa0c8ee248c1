//! `offcut info`: what is in a file.

use super::{settings, text};
use crate::args::Info;
use crate::failure::Failure;
use crate::files;
use offcut::{FileFacts, GcodeFacts, ModelFacts};

/// Runs the command.
pub fn run(a: &Info) -> Result<u8, Failure> {
    let input = files::read(&a.file)?;
    let machine = settings::resolve(&a.settings)?.settings;
    let facts = offcut::info(&input.name, &input.bytes, &machine)?;
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
        FileFacts::Gcode(g) => gcode(&input.name, g),
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

fn gcode(name: &str, g: &GcodeFacts) {
    let by = g
        .generator
        .as_ref()
        .map_or(String::new(), |by| format!(" by {by}"));
    println!("{name}: G-code{by}");
    println!(
        "  {}, {}, {}",
        text::count(g.layers as usize, "layer"),
        text::count(g.moves as usize, "move"),
        text::count(g.lines as usize, "line")
    );
    let claim = g
        .claimed_time_s
        .map_or(String::new(), |s| format!(", the file says {:.0} s", s));
    println!("  time {} ({:.0} s){claim}", g.time, g.time_s);
    println!("  filament {:.1} mm, {:.2} g", g.filament_mm, g.grams);
    println!(
        "  {:.1} m printed, {:.1} m travelled, {}",
        g.extrusion_mm / 1000.0,
        g.travel_mm / 1000.0,
        text::count(g.retractions as usize, "retraction")
    );
    if let Some([lo, hi]) = g.bounds_mm {
        println!(
            "  from {} {} {} to {} {} {} mm",
            text::short(lo[0]),
            text::short(lo[1]),
            text::short(lo[2]),
            text::short(hi[0]),
            text::short(hi[1]),
            text::short(hi[2])
        );
    }
    for r in &g.roles {
        println!("  {:<28} {:>9.0} s {:>10.1} mm", r.role, r.seconds, r.length_mm);
    }
}
