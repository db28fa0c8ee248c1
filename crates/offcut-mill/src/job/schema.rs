//! The JSON Schema of job files: from the types, operations from their registry.

use super::file::{CommonDoc, JobFile};
use crate::operations::KINDS;
use schemars::SchemaGenerator;
use serde_json::{Value, json};

/// The schema of job files.
#[must_use]
pub fn schema() -> Value {
    let mut g = SchemaGenerator::default();
    let mut root = g.root_schema_for::<JobFile>().to_value();
    let common = g.root_schema_for::<CommonDoc>().to_value();
    let mut kinds = Vec::new();
    for k in KINDS {
        let mut s = (k.schema)(&mut g).to_value();
        s["title"] = k.name.into();
        s["description"] = k.doc.into();
        let mut properties = s["properties"].take();
        if !properties.is_object() {
            properties = json!({});
        }
        properties["kind"] = json!({ "const": k.name });
        if let (Some(all), Some(p)) = (common["properties"].as_object(), properties.as_object_mut()) {
            for (key, v) in all {
                p.insert(key.clone(), v.clone());
            }
        }
        s["properties"] = properties;
        s["type"] = "object".into();
        s["required"] = json!(["kind"]);
        s["additionalProperties"] = false.into();
        if let Some(o) = s.as_object_mut() {
            o.remove("$schema");
            if let Some(defs) = o.remove("$defs") {
                merge(&mut root, &defs);
            }
        }
        kinds.push(s);
    }
    if !common["$defs"].is_null() {
        merge(&mut root, &common["$defs"]);
    }
    let defs = serde_json::to_value(g.definitions()).unwrap_or_default();
    merge(&mut root, &defs);
    root["title"] = "A milling job of offcut".into();
    root["properties"]["operation"]["items"] = json!({ "oneOf": kinds });
    root
}

fn merge(root: &mut Value, defs: &Value) {
    if root["$defs"].is_null() {
        root["$defs"] = json!({});
    }
    if let (Some(into), Some(from)) = (root["$defs"].as_object_mut(), defs.as_object()) {
        for (k, v) in from {
            into.entry(k.clone()).or_insert_with(|| v.clone());
        }
    }
}
