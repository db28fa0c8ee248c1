//! Tool libraries: TOML of our own, FreeCAD's `.fctb` and Fusion's JSON.
//!
//! In: text. Out: [`ToolDoc`]s in mm. The built-in set has the usual tools of a router.

use super::doc::{ShapeName, ToolDoc};
use crate::MillError;
use serde::Deserialize;
use serde_json::Value;

const BUILTIN: &str = include_str!("builtin.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Library {
    #[serde(default)]
    tool: Vec<ToolDoc>,
}

/// The built-in tools.
///
/// # Errors
/// Never for the file that is built in.
pub fn builtin() -> Result<Vec<ToolDoc>, MillError> {
    own(BUILTIN, "the built-in library")
}

/// Reads a library in any of the known forms; `file` is for messages.
///
/// # Errors
/// [`MillError::Tool`] when it is none, or a tool in it can't be used.
pub fn read(text: &str, file: &str) -> Result<Vec<ToolDoc>, MillError> {
    if !text.trim_start().starts_with('{') {
        return own(text, file);
    }
    let bad = |what: String| MillError::Tool(format!("{file}: {what}"));
    let v: Value = serde_json::from_str(text).map_err(|e| bad(format!("is no JSON: {e}")))?;
    if let Some(data) = v.get("data").and_then(Value::as_array) {
        let tools: Vec<ToolDoc> = data.iter().filter_map(fusion).collect();
        if tools.is_empty() {
            return Err(bad("holds no tool that mills or drills".into()));
        }
        return Ok(tools);
    }
    if v.get("parameter").is_some() {
        return freecad(&v).map(|t| vec![t]).map_err(bad);
    }
    Err(bad(
        "is neither a FreeCAD tool bit (.fctb) nor a Fusion tool library".into(),
    ))
}

fn own(text: &str, file: &str) -> Result<Vec<ToolDoc>, MillError> {
    toml::from_str::<Library>(text)
        .map(|l| l.tool)
        .map_err(|e| MillError::Tool(format!("{file}: {}", e.to_string().trim_end())))
}

/// A length as FreeCAD writes it ("6.000 mm", "1/4 in", "118.00 °"): mm or degrees.
fn quantity(v: &Value) -> Option<f64> {
    if let Some(n) = v.as_f64() {
        return Some(n);
    }
    let text = v.as_str()?.trim().replace(',', ".");
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | '/' | 'e')))
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let value = match number.split_once('/') {
        Some((a, b)) => a.parse::<f64>().ok()? / b.parse::<f64>().ok()?,
        None => number.parse().ok()?,
    };
    let factor = match unit.trim() {
        "in" | "\"" | "inch" => 25.4,
        "cm" => 10.0,
        "m" => 1000.0,
        "µm" | "um" => 0.001,
        "rad" => 180.0 / std::f64::consts::PI,
        _ => 1.0,
    };
    Some(value * factor)
}

fn freecad(v: &Value) -> Result<ToolDoc, String> {
    let name = v["name"].as_str().unwrap_or("tool").to_owned();
    let file = v["shape"].as_str().unwrap_or_default().to_ascii_lowercase();
    let stem = file.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = stem.split('.').next().unwrap_or_default().replace(['-', '_'], "");
    let get = |key: &str| quantity(&v["parameter"][key]);
    let attribute = |key: &str| {
        v["parameter"]
            .get(key)
            .or_else(|| v["attribute"].get(key))
            .and_then(quantity)
    };
    let shape = match stem.as_str() {
        "endmill" => ShapeName::Flat,
        "ballend" | "ballnose" => ShapeName::Ball,
        "bullnose" | "torus" => ShapeName::Bull,
        "vbit" => ShapeName::Vee,
        "taperedballnose" | "taperedball" => ShapeName::TaperedBall,
        "drill" => ShapeName::Drill,
        "chamfer" => ShapeName::Chamfer,
        other => {
            return Err(format!(
                "'{name}' has the shape '{other}', which offcut does not know"
            ));
        }
    };
    let diameter = get("Diameter").ok_or_else(|| format!("'{name}' has no Diameter"))?;
    Ok(ToolDoc {
        name: Some(name),
        shape: Some(shape),
        diameter: Some(diameter),
        corner_radius: get("FlatRadius")
            .or_else(|| get("CornerRadius"))
            .or_else(|| get("TorusRadius")),
        angle: get("CuttingEdgeAngle")
            .or_else(|| get("TipAngle"))
            .or_else(|| get("TaperAngle")),
        tip_diameter: get("TipDiameter").filter(|_| matches!(shape, ShapeName::Vee | ShapeName::Chamfer)),
        tip_radius: get("TipDiameter")
            .map(|d| d / 2.0)
            .filter(|_| shape == ShapeName::TaperedBall),
        flute_length: get("CuttingEdgeHeight"),
        shank_diameter: get("ShankDiameter"),
        stickout: None,
        flutes: attribute("Flutes").filter(|n| *n >= 1.0).map(|n| n as u32),
        chip_load: attribute("ChipLoad").filter(|c| *c > 0.0),
        ..ToolDoc::default()
    })
}

fn fusion(t: &Value) -> Option<ToolDoc> {
    let g = &t["geometry"];
    let kind = t["type"].as_str()?;
    let shape = match kind {
        "flat end mill" | "face mill" => ShapeName::Flat,
        "ball end mill" => ShapeName::Ball,
        "bull nose end mill" => ShapeName::Bull,
        "tapered mill" if g["RE"].as_f64().unwrap_or(0.0) > 0.0 => ShapeName::TaperedBall,
        "chamfer mill" | "tapered mill" | "engraving" => ShapeName::Vee,
        "spot drill" | "drill" | "center drill" => ShapeName::Drill,
        _ => return None,
    };
    let mm = if t["unit"].as_str().unwrap_or("millimeters").starts_with("inch") {
        25.4
    } else {
        1.0
    };
    let len = |key: &str| g[key].as_f64().filter(|v| *v > 0.0).map(|v| v * mm);
    // Fusion gives the half angle of cones (TA) and the full angle of points (SIG).
    let angle = match shape {
        ShapeName::Drill => g["SIG"].as_f64(),
        ShapeName::Vee | ShapeName::TaperedBall => g["TA"].as_f64().map(|a| 2.0 * a),
        _ => None,
    };
    let preset = &t["start-values"]["presets"][0];
    let rate = |key: &str| preset[key].as_f64().filter(|v| *v > 0.0);
    Some(ToolDoc {
        name: t["description"]
            .as_str()
            .filter(|s| !s.is_empty())
            .map(Into::into),
        number: t["post-process"]["number"].as_u64().map(|n| n as u32),
        shape: Some(shape),
        diameter: len("DC"),
        corner_radius: len("RE").filter(|_| shape == ShapeName::Bull),
        angle: angle.filter(|a| *a > 0.0),
        tip_diameter: len("tip-diameter").filter(|_| shape == ShapeName::Vee),
        tip_radius: len("RE").filter(|_| shape == ShapeName::TaperedBall),
        flute_length: len("LCF"),
        shank_diameter: len("SFDM"),
        stickout: len("LB"),
        flutes: g["NOF"].as_u64().filter(|n| *n > 0).map(|n| n as u32),
        feed: rate("v_f").map(|v| v * mm),
        plunge: rate("v_f_plunge").map(|v| v * mm),
        rpm: rate("n"),
        ..ToolDoc::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Shape;

    #[test]
    fn built_in_tools_are_sound() {
        let tools = builtin().unwrap_or_default();
        assert!(tools.len() >= 12);
        for t in &tools {
            let (tool, _) = t
                .resolve(1)
                .map_err(|e| e.to_string())
                .unwrap_or_else(|e| unreachable!("{e}"));
            assert!(tool.flute_length > 0.0 && tool.stickout >= tool.flute_length);
        }
    }

    #[test]
    fn freecad_tool_bit() {
        // The file that FreeCAD's documentation shows, with a V-bit beside it.
        let end = r#"{"version": 2, "name": "T1", "shape": "endmill.fcstd", "attribute": {}, "parameter":
            {"CuttingEdgeHeight": "30.000 mm", "Diameter": "1.000 mm", "Length": "50.000 mm", "ShankDiameter": "3.000 mm"}}"#;
        let t = read(end, "T1.fctb").map(|l| l[0].resolve(1));
        let Ok(Ok((t, _))) = t else { unreachable!("{t:?}") };
        assert_eq!(
            (t.shape, t.diameter, t.flute_length, t.shank_diameter),
            (Shape::Flat, 1.0, 30.0, 3.0)
        );
        let vee = r#"{"version": 2, "name": "60deg", "shape": "v-bit.fcstd", "parameter":
            {"CuttingEdgeAngle": "60.00 °", "Diameter": "1/2 in", "TipDiameter": "0.1 mm", "CuttingEdgeHeight": "10 mm"}}"#;
        let Ok(Ok((t, _))) = read(vee, "v.fctb").map(|l| l[0].resolve(1)) else {
            unreachable!()
        };
        assert_eq!(
            t.shape,
            Shape::Vee {
                angle: 60.0,
                tip_diameter: 0.1
            }
        );
        assert!((t.diameter - 12.7).abs() < 1e-9);
    }

    #[test]
    fn fusion_library() {
        let text = r#"{"data": [{"description": "1/8 O flute", "geometry": {"DC": 0.125, "LCF": 0.5, "NOF": 1,
            "SFDM": 0.125, "LB": 0.8}, "post-process": {"number": 52}, "start-values": {"presets": [
            {"n": 17000, "v_f": 60.0, "v_f_plunge": 15.0}]}, "type": "flat end mill", "unit": "inches"},
            {"type": "holder"}]}"#;
        let Ok(list) = read(text, "f.json") else {
            unreachable!()
        };
        assert_eq!(list.len(), 1);
        let Ok((t, c)) = list[0].resolve(1) else {
            unreachable!()
        };
        assert!((t.diameter - 3.175).abs() < 1e-9 && t.number == 52 && t.flutes == 1);
        assert!((c.feed.unwrap_or(0.0) - 1524.0).abs() < 1e-9 && c.rpm == Some(17000.0));
    }

    #[test]
    fn nonsense_is_refused() {
        for t in ["{", "{}", "[[tool]]\nshap = 1", "{\"data\": []}"] {
            assert!(read(t, "x").is_err(), "{t}");
        }
        let bad = ToolDoc {
            shape: Some(ShapeName::Bull),
            diameter: Some(6.0),
            corner_radius: Some(3.0),
            ..ToolDoc::default()
        };
        assert!(bad.resolve(1).is_err());
    }
}
