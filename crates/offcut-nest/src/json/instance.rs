//! Instances as JSON of nesting benchmarks.

use crate::instance::{Instance, Item, Rotations, Sheet, Target};
use offcut_geometry::Loops;
use serde_json::{Map, Value, json};

/// Writes an instance so that [`super::read_instance`] and the auditor read it.
#[must_use]
pub fn write_instance(instance: &Instance) -> String {
    let length = |v: i64| v as f64 / instance.scale;
    let mut d = json!({
        "name": instance.name,
        "spacing": length(instance.spacing.into()),
        "margin": length(instance.margin.into()),
        "defect_margin": length(instance.defect_margin.into()),
        "part_in_part": instance.part_in_part,
        "items": instance.items.iter().map(|i| item(i, instance.scale)).collect::<Vec<_>>(),
    });
    match &instance.target {
        Target::Strip { height } => d["strip_height"] = length(*height).into(),
        Target::Sheets(s) => {
            d["sheets"] = s
                .iter()
                .map(|s| sheet(s, instance.scale))
                .collect::<Vec<_>>()
                .into();
        }
    }
    // Plain data with text for keys: this can't fail.
    serde_json::to_string(&d).unwrap_or_default()
}

/// A polygon set with `origin` in coordinates of the input.
pub(super) fn shape(set: &Loops, origin: [f64; 2], scale: f64) -> Value {
    let ring = |l: &[offcut_geometry::Point]| -> Vec<[f64; 2]> {
        let at = |v: i32, o: f64| f64::from(v) / scale + o;
        l.iter()
            .map(|p| [at(p.x, origin[0]), at(p.y, origin[1])])
            .collect()
    };
    let mut rings = set.iter().map(ring);
    let outer = rings.next().unwrap_or_default();
    json!({"type": "polygon", "data": {"outer": outer, "inner": rings.collect::<Vec<_>>()}})
}

fn item(i: &Item, scale: f64) -> Value {
    let rotation = match &i.rotations {
        Rotations::Set(a) => json!({"mode": "discrete", "angles": a}),
        Rotations::Free => json!({"mode": "continuous"}),
    };
    // A reflection about an axis is a mirroring about x and a turn by twice its angle; benchmarks know only angles
    // that hold for both.
    let axes: &[f64] = if i.mirrored.is_some() { &[0.0] } else { &[] };
    let mut d = Map::new();
    d.insert("id".into(), i.id.clone().into());
    d.insert("demand".into(), i.demand.into());
    d.insert("shape".into(), shape(&i.shape, i.origin, scale));
    d.insert(
        "orientation".into(),
        json!({"rotation": rotation, "reflection_axes": axes}),
    );
    if i.priority != 0 {
        d.insert("priority".into(), i.priority.into());
    }
    if let Some(q) = i.min_quality {
        d.insert("min_quality".into(), q.into());
    }
    if let Some(g) = i.grain {
        d.insert("grain".into(), g.into());
    }
    if i.filler {
        d.insert("filler".into(), true.into());
    }
    d.into()
}

fn sheet(s: &Sheet, scale: f64) -> Value {
    let at = |l: &Loops| shape(l, [0.0; 2], scale);
    let mut d = json!({
        "id": s.id,
        "stock": s.stock.map_or(-1, i64::from),
        "cost": s.cost,
        "shape": at(&s.outline),
        "defects": s.defects.iter().map(at).collect::<Vec<_>>(),
        "zones": s.zones.iter().map(|z| json!({"quality": z.quality, "shape": at(&z.area)})).collect::<Vec<_>>(),
    });
    if let Some(g) = s.grain {
        d["grain"] = g.into();
    }
    d
}

#[cfg(test)]
mod tests {
    use super::super::read_instance;
    use super::*;

    #[test]
    fn an_instance_comes_back_as_it_was() -> Result<(), crate::NestError> {
        let text = r#"{"name":"n","spacing":2,"margin":1.5,"defect_margin":0,"items":[
            {"id":"a","demand":3,"priority":2,"shape":{"type":"polygon","data":{
              "outer":[[5,5],[25,5],[25,15],[5,15]],"inner":[[[10,8],[10,12],[20,12],[20,8]]]}},
             "orientation":{"rotation":{"mode":"discrete","angles":[0,90]},"reflection_axes":[0]}},
            {"id":"b","demand":1,"min_quality":1,"shape":{"type":"simple_polygon","data":[[0,0],[4,0],[0,3]]}}],
            "sheets":[{"id":"s","stock":-1,"cost":2.5,"shape":{"type":"rectangle","data":{"x_min":0,"y_min":0,
            "width":100,"height":50}},"zones":[{"quality":1,"shape":{"type":"simple_polygon","data":[[9,9],[9,5],
            [5,5]]}}]}]}"#;
        let first = read_instance(text)?;
        let again = read_instance(&write_instance(&first))?;
        assert_eq!(first, again);
        Ok(())
    }
}
