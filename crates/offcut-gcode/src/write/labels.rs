//! Names and outlines of objects, so that hosts and firmwares can skip one.

use super::text::decimal;
use crate::dialects::{Dialect, LabelWord};
use crate::program::{ObjectInstance, Program};
use offcut_geometry::{BBox, Point};
use offcut_settings::print::LabelObjects;
use std::fmt::Write;

/// A name that fits in a comment line.
pub(crate) fn line(name: &str) -> String {
    name.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// A name that Klipper takes as one word: letters, digits and `_`, unique by its numbers.
pub(crate) fn klipper(o: &ObjectInstance) -> String {
    let name: String = o
        .name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    format!("{name}_id_{}_copy_{}", o.object, o.copy)
}

/// Declares the objects at the head of the file.
pub(crate) fn head(program: &Program, labels: LabelObjects, dialect: &Dialect, out: &mut String) {
    if program.objects.is_empty() || labels == LabelObjects::None {
        return;
    }
    out.push_str("; objects_info = {\"objects\":[");
    for (i, o) in program.objects.iter().enumerate() {
        let comma = if i > 0 { "," } else { "" };
        let name = serde_json::Value::from(line(&o.name));
        let _ = write!(out, "{comma}{{\"name\":{name},\"polygon\":{}}}", polygon(&o.hull));
    }
    out.push_str("]}\n");
    if labels != LabelObjects::Firmware {
        return;
    }
    match dialect.labels {
        LabelWord::Comments => {}
        LabelWord::M486 => {
            let _ = writeln!(out, "M486 T{}", program.objects.len());
            for (i, o) in program.objects.iter().enumerate() {
                let _ = writeln!(out, "M486 S{i}\nM486 A{}", line(&o.name));
            }
            out.push_str("M486 S-1\n");
        }
        LabelWord::M486Quoted => {
            let _ = writeln!(out, "M486 T{}", program.objects.len());
            for (i, o) in program.objects.iter().enumerate() {
                let _ = writeln!(out, "M486 S{i} A\"{}\"", line(&o.name).replace('"', "'"));
            }
            out.push_str("M486 S-1\n");
        }
        LabelWord::ExcludeObject => {
            for o in &program.objects {
                let (x, y) = BBox::of(&o.hull).center().mm();
                let center = if o.hull.is_empty() {
                    String::new()
                } else {
                    format!(" CENTER={},{}", decimal3(x), decimal3(y))
                };
                let _ = writeln!(
                    out,
                    "EXCLUDE_OBJECT_DEFINE NAME={}{center} POLYGON={}",
                    klipper(o),
                    closed_polygon(&o.hull)
                );
            }
        }
    }
}

fn decimal3(v: f64) -> String {
    decimal((v * 1e3).round() / 1e3)
}

fn points(hull: impl Iterator<Item = Point>) -> String {
    let mut s = String::from("[");
    for (i, p) in hull.enumerate() {
        let (x, y) = p.mm();
        let comma = if i > 0 { "," } else { "" };
        let _ = write!(s, "{comma}[{},{}]", decimal3(x), decimal3(y));
    }
    s.push(']');
    s
}

fn polygon(hull: &[Point]) -> String {
    points(hull.iter().copied())
}

fn closed_polygon(hull: &[Point]) -> String {
    points(hull.iter().copied().chain(hull.first().copied()))
}
