//! The schema and the reference page cover every setting.

#![allow(clippy::unwrap_used)]

use offcut_settings::reference::reference_markdown;
use offcut_settings::schema::schema;
use offcut_settings::table::Kind;
use offcut_settings::{PrintSettings, SETTINGS};
use serde_json::Value;

/// Whether a value fits, by the few keywords that the schema uses.
fn fits(schema: &Value, value: &Value) -> bool {
    if let Some(any) = schema.get("anyOf") {
        return any.as_array().unwrap().iter().any(|s| fits(s, value));
    }
    if let Some(c) = schema.get("const") {
        return c == value;
    }
    let bound = |k: &str| schema.get(k).and_then(Value::as_f64);
    match schema["type"].as_str().unwrap() {
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "integer" if !value.is_i64() => false,
        "number" | "integer" => value.as_f64().is_some_and(|v| {
            bound("minimum").is_none_or(|lo| v >= lo) && bound("maximum").is_none_or(|hi| v <= hi)
        }),
        other => unreachable!("type {other}"),
    }
}

#[test]
fn schema_covers_all_keys_and_accepts_the_defaults() {
    let schema = schema();
    let properties = schema["properties"].as_object().unwrap();
    assert_eq!(properties.len(), SETTINGS.len());
    assert_eq!(schema["additionalProperties"], false);
    let defaults = serde_json::to_value(PrintSettings::default()).unwrap();
    for s in SETTINGS {
        let p = &properties[s.key];
        assert!(fits(p, &defaults[s.key]), "{}: {} by {p}", s.key, defaults[s.key]);
        assert!(
            !fits(p, &Value::Object(Default::default())),
            "{} takes anything",
            s.key
        );
        assert!(!p["description"].as_str().unwrap().is_empty());
        if let (Kind::Number, Some((lo, _))) = (s.kind, s.range) {
            assert!(!fits(p, &(lo - 1.0).into()), "{} below its range", s.key);
        }
    }
    assert!(fits(&properties["support"], &"grid".into()));
    assert!(!fits(&properties["support"], &"gird".into()));
}

#[test]
fn reference_names_every_setting_once() {
    let page = reference_markdown();
    for s in SETTINGS {
        assert_eq!(page.matches(&format!("| `{}` |", s.key)).count(), 1, "{}", s.key);
    }
    assert_eq!(page.matches("\n## Support\n").count(), 1);
    assert!(
        page.lines()
            .filter(|l| l.starts_with("| `"))
            .all(|l| l.matches(" | ").count() == 4)
    );
}
