//! The JSON Schema of the settings, from the table.

use crate::SETTINGS;
use crate::table::{Kind, SettingOf, Unit};
use serde_json::{Map, Value, json};

/// JSON Schema (draft 2020-12) of a map of settings, as in a job. Groups, units, scopes and whether a
/// setting is advanced stand in `x-` keywords.
#[must_use]
pub fn schema() -> Value {
    schema_of(SETTINGS, "Settings of a print")
}

/// JSON Schema of the settings in a table.
#[must_use]
pub fn schema_of<T: Default>(table: &[SettingOf<T>], title: &str) -> Value {
    let properties: Map<String, Value> = table.iter().map(|s| (s.key.into(), property(s))).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

fn property<T: Default>(s: &SettingOf<T>) -> Value {
    let mut forms = Vec::new();
    let range = s.range.map(|(lo, hi)| (number(s, lo), number(s, hi)));
    match s.kind {
        Kind::Bool => forms.push(json!({ "type": "boolean" })),
        Kind::Integer => forms.push(bounded("integer", range.clone())),
        Kind::Number | Kind::NumberOrPercent => forms.push(bounded("number", range.clone())),
        Kind::Text => forms.push(json!({ "type": "string" })),
        Kind::Size => {
            let side = bounded("number", range.clone());
            forms.push(json!({ "type": "array", "items": side, "minItems": 2, "maxItems": 2 }));
            forms.push(json!({ "type": "string", "pattern": r"^\s*[-+0-9.]+[^x]*x\s*[-+0-9.]+" }));
        }
        Kind::Choice(choices) => {
            let each = choices
                .iter()
                .map(|c| json!({ "const": c.name, "description": c.doc.trim() }));
            forms.extend(each);
        }
    }
    if matches!(s.kind, Kind::Integer | Kind::Number | Kind::NumberOrPercent) {
        forms.push(json!({ "type": "string", "pattern": r"^\s*[-+]?[0-9.]" }));
    }
    if s.optional {
        forms.push(json!({ "type": "null" }));
        forms.push(json!({ "const": crate::value::UNSET }));
    }
    let mut out = if forms.len() == 1 {
        forms.remove(0)
    } else {
        json!({ "anyOf": forms })
    };
    out["description"] = s.doc().into();
    out["default"] = s.default().to_json();
    out["x-group"] = s.group.into();
    out["x-scopes"] = s.scopes.iter().map(|s| s.name()).collect();
    out["x-advanced"] = s.advanced.into();
    if !matches!(s.unit, Unit::None | Unit::Gcode) {
        out["x-unit"] = s.unit.symbol().into();
    }
    out
}

/// Whole numbers stay whole.
fn number<T>(s: &SettingOf<T>, v: f64) -> Value {
    if s.kind == Kind::Integer {
        json!(v as i64)
    } else {
        json!(v)
    }
}

fn bounded(kind: &str, range: Option<(Value, Value)>) -> Value {
    match range {
        Some((lo, hi)) => json!({ "type": kind, "minimum": lo, "maximum": hi }),
        None => json!({ "type": kind }),
    }
}
