//! Lengths of a job file in millimetres, whatever unit they are written in.
//!
//! In: the file as a TOML table, with numbers in its own unit (`units = "inch"`) or with a unit of their own
//! ("0.25in", "6mm"). Out: the same table with plain millimetres.

use toml::{Table, Value};

/// Keys whose numbers are no lengths.
const PURE: &[&str] = &[
    "acceleration",
    "angle",
    "center_cutting",
    "count",
    "cusps",
    "dwell",
    "engagement",
    "flutes",
    "number",
    "passes",
    "ramp_angle",
    "rotate",
    "rpm",
    "scale",
    "sheet",
    "smooth",
    "starts",
    "steep_angle",
    "stepover",
    "tool",
    "tool_change_time",
    "turns",
];

/// Keys whose texts are names, never lengths.
const NAMES: &[&str] = &[
    "name", "tool", "use", "kind", "layers", "drawing", "model", "picture", "library", "material", "units",
    "unit",
];

/// Turns all lengths into millimetres; `factor` is the size of the file's unit.
pub(super) fn to_mm(table: &mut Table, factor: f64) {
    for (key, value) in table.iter_mut() {
        if !NAMES.contains(&key.as_str()) {
            convert(value, factor, PURE.contains(&key.as_str()));
        }
    }
}

fn convert(value: &mut Value, factor: f64, pure: bool) {
    match value {
        Value::Table(t) => to_mm(t, factor),
        Value::Array(list) => list.iter_mut().for_each(|v| convert(v, factor, pure)),
        Value::Integer(i) if !pure && factor != 1.0 => *value = Value::Float(*i as f64 * factor),
        Value::Float(f) if !pure => *f *= factor,
        Value::String(text) => {
            if let Some(v) = length(text) {
                *value = Value::Float(v);
            }
        }
        _ => {}
    }
}

/// A number with a unit of length: mm.
pub(super) fn length(text: &str) -> Option<f64> {
    let t = text.trim();
    let end = t.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | '/')))?;
    let (number, unit) = t.split_at(end);
    let factor = match unit.trim() {
        "mm" => 1.0,
        "cm" => 10.0,
        "in" | "inch" | "\"" => 25.4,
        _ => return None,
    };
    let value = match number.split_once('/') {
        Some((a, b)) => a.parse::<f64>().ok()? / b.parse::<f64>().ok()?,
        None => number.parse().ok()?,
    };
    value.is_finite().then_some(value * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_scaled_and_counts_are_not() {
        let text = "depth = 1\nramp_angle = 5\nname = \"1in\"\nsize = [1, 0.5, \"6mm\"]\n[tabs]\ncount = 4\nwidth = \"1/4in\"";
        let Ok(mut t) = text.parse::<Table>() else {
            unreachable!()
        };
        to_mm(&mut t, 25.4);
        assert_eq!(t["depth"].as_float(), Some(25.4));
        assert_eq!(t["ramp_angle"].as_integer(), Some(5));
        assert_eq!(t["name"].as_str(), Some("1in"));
        assert_eq!(t["size"][1].as_float(), Some(12.7));
        assert_eq!(t["size"][2].as_float(), Some(6.0));
        assert_eq!(t["tabs"]["count"].as_integer(), Some(4));
        assert_eq!(t["tabs"]["width"].as_float(), Some(6.35));
    }
}
