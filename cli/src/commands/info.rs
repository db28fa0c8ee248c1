//! `offcut info`: what is in a file.

use super::{settings, text};
use crate::args::Info;
use crate::failure::Failure;
use crate::files;
use offcut::{DrawingFacts, FileFacts, GcodeFacts, ModelFacts};

/// Runs the command.
pub fn run(a: &Info) -> Result<u8, Failure> {
    let input = files::read(&a.file)?;
    let facts = if a.unit.is_some() {
        let drawing = offcut::drawing_info(&input.name, &input.bytes, a.unit.as_deref())?;
        FileFacts::Drawing(Box::new(drawing))
    } else {
        let machine = settings::resolve(&a.settings)?.settings;
        offcut::info(&input.name, &input.bytes, &machine)?
    };
    if a.json {
        let file = input.name.into();
        println!("{:#}", offcut::document::done("info", &facts, &[("file", file)])?);
        return Ok(0);
    }
    match &facts {
        FileFacts::Model(m) => model(&input.name, m),
        FileFacts::Drawing(d) => drawing(&input.name, d),
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

fn drawing(name: &str, d: &DrawingFacts) {
    let size = |s: [f64; 2]| format!("{} x {} mm", text::short(s[0]), text::short(s[1]));
    let kind = if d.variant.is_empty() {
        String::new()
    } else {
        format!(" ({})", d.variant)
    };
    println!("{name}: {}{kind}, {}", d.format.to_uppercase(), size(d.size_mm));
    let [lo, hi] = d.bounds_mm;
    println!(
        "  from {} {} to {} {} mm{}",
        text::short(lo[0]),
        text::short(lo[1]),
        text::short(hi[0]),
        text::short(hi[1]),
        d.page_mm.map_or(String::new(), |p| format!(", page {}", size(p)))
    );
    let unit = &d.unit.reading;
    println!(
        "  unit {} = {:.6} mm: {}",
        unit.unit, unit.millimetres, unit.evidence
    );
    println!(
        "  {} closed and {} open paths; joined: {} closed and {} open contours",
        d.paths.closed, d.paths.open, d.contours.closed, d.contours.open
    );
    println!(
        "  {:.2} mm to cut, {:.2} mm to score or engrave, {} with {}",
        d.cut_length_mm,
        d.mark_length_mm,
        text::count(d.parts, "part"),
        text::count(d.holes, "hole")
    );
    for k in &d.kinds {
        println!(
            "    {:>4} x {}, {:.2} cm2, {}",
            k.count,
            size(k.size_mm),
            k.area_mm2 / 100.0,
            text::count(k.holes, "hole")
        );
    }
    for l in &d.layers {
        let label = if l.name.is_empty() { "(no layer)" } else { &l.name };
        println!(
            "  layer {label}: {}, {:.2} mm, {}",
            text::count(l.paths, "path"),
            l.length_mm,
            l.colors.join(" ")
        );
    }
    let r = &d.repairs;
    if r.joined_ends > 0 {
        println!(
            "  {} joined, widest gap {:.4} mm",
            text::count(r.joined_ends, "end"),
            r.largest_gap_mm
        );
    }
    if r.duplicate_contours > 0 || r.duplicate_length_mm > 0.0 {
        println!(
            "  removed as drawn twice: {} and {:.2} mm of open paths",
            text::count(r.duplicate_contours, "contour"),
            r.duplicate_length_mm
        );
    }
    for i in &d.ignored {
        println!("  ignored: {} {}, {}", i.count, i.what, i.why);
    }
    text::warn(&d.warnings);
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
