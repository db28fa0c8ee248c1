//! Every file of the shared corpus behaves as its index says, as far as reading and repair decide it.
//!
//! The corpus isn't part of the repository: it is looked for in `OFFCUT_SHARED` or beside the workspace.

#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use offcut_formats::{Limits, Model, read_model};
use offcut_mesh::{Mesh, MeshFacts, Soundness, repair};
use serde_json::Value;

fn corpus() -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("OFFCUT_SHARED").map_or(beside, PathBuf::from);
    let corpus = shared.join("corpus");
    if corpus.is_dir() {
        return Some(corpus);
    }
    eprintln!("SKIPPED: no corpus at {}; set OFFCUT_SHARED", corpus.display());
    None
}

/// Calls `f` with each entry of an index and the file's bytes.
fn each(mut f: impl FnMut(&str, &str, &Value, &[u8])) {
    let Some(corpus) = corpus() else { return };
    for folder in ["print", "broken"] {
        let index = std::fs::read(corpus.join(folder).join("INDEX.json")).unwrap();
        let index: Value = serde_json::from_slice(&index).unwrap();
        for entry in index["files"].as_array().unwrap() {
            let name = entry["file"].as_str().unwrap();
            let bytes = std::fs::read(corpus.join(folder).join(name)).unwrap();
            f(name, entry["expected"].as_str().unwrap(), entry, &bytes);
        }
    }
}

fn whole(model: &Model) -> Mesh {
    let triangles = model.objects.iter().flat_map(|o| o.placed().triangles).collect();
    Mesh { triangles }
}

/// Outcomes that only slicing can tell: the mesh is readable and holds nothing that can be printed.
const LEFT_TO_SLICING: &[&str] = &[
    "concave_polygon.obj",
    "flat_sheet.stl",
    "klein_bottle.stl",
    "malformed_property_index_oob.3mf",
    "micro_0.001mm.stl",
    "triangle.stl",
];

#[test]
fn outcomes() {
    let mut wrong = Vec::new();
    each(|name, expected, _, bytes| {
        let read = read_model(bytes, name, &Limits::default());
        let fine = match (&read, expected) {
            (Ok(m), "ok_warn" | "error_or_warn") => !m.warnings.is_empty() || LEFT_TO_SLICING.contains(&name),
            (Ok(_), "error") => false,
            (Ok(_), _) => true,
            (Err(e), _) => {
                let message = e.to_string();
                let one_line = message.starts_with(&format!("{name}: ")) && !message.contains('\n');
                one_line && message.len() < 300 && expected.contains("error")
            }
        };
        if !fine {
            wrong.push(format!(
                "{name}: expected {expected}, got {:?}",
                read.map(|m| m.warnings)
            ));
        }
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn facts() {
    let mut wrong = Vec::new();
    let mut compared = 0;
    each(|name, _, entry, bytes| {
        let truth = &entry["truth"];
        let (Ok(model), Some(triangles)) = (
            read_model(bytes, name, &Limits::default()),
            truth["triangles"].as_u64(),
        ) else {
            return;
        };
        // The index counts the triangles that the header claims, and no beams.
        if triangles == 0 {
            return;
        }
        compared += 1;
        let facts = MeshFacts::of(&whole(&model));
        let size = facts.bbox.map_or(0.0, |(lo, hi)| {
            (0..3).map(|k| f64::from(hi[k] - lo[k])).fold(0.0, f64::max)
        });
        let mut number = |what: &str, ours: f64, tolerance: f64| {
            let theirs = truth[what].as_f64().unwrap_or(0.0);
            if (ours - theirs).abs() > tolerance {
                wrong.push(format!("{name}: {what} {ours} and not {theirs}"));
            }
        };
        number("triangles", facts.triangles as f64, 0.0);
        number("vertices_merged", facts.vertices_merged as f64, 0.0);
        // At 20 m from the origin, and through two roundings, it is chance whether an area is exactly zero.
        let chance = ["Offset1.obj", "gimblekeychain.3mf"].contains(&name);
        number(
            "degenerate_triangles",
            facts.degenerate as f64,
            if chance { 2.0 } else { 0.0 },
        );
        // The index cut these polygons as fans, which concave and warped ones don't bear.
        if ["concave_polygon.obj", "polygonfaces.obj"].contains(&name) {
            return;
        }
        number("duplicate_triangles", facts.duplicate as f64, 0.0);
        number("open_edges", facts.open_edges as f64, 0.0);
        number("nonmanifold_edges", facts.nonmanifold_edges as f64, 0.0);
        number("misoriented_edges", facts.misoriented_edges as f64, 0.0);
        number("components", facts.components as f64, 0.0);
        if truth["euler"].is_i64() {
            number("euler", facts.euler as f64, 0.0);
        }
        number(
            "signed_volume_mm3",
            facts.volume,
            1e-6 * facts.area * size + 1e-12,
        );
        number("area_mm2", facts.area, 5e-6 * facts.area);
        let (lo, hi) = facts.bbox.unwrap();
        for (row, ours) in [lo, hi].iter().enumerate() {
            for (k, ours) in ours.iter().enumerate() {
                let theirs = truth["bbox_mm"][row][k].as_f64().unwrap();
                if (f64::from(*ours) - theirs).abs() > 1e-6 * theirs.abs().max(size) {
                    wrong.push(format!("{name}: corner {row} {k} is {ours} and not {theirs}"));
                }
            }
        }
    });
    assert!(
        wrong.is_empty(),
        "{} of {compared} files:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Defects that repair can't see but slicing can: bodies that pass through each other or themselves.
const SEEN_BY_SLICING: &[&str] = &[
    "overlap_two_cubes.stl",
    "self_intersectA.obj",
    "self_intersecting_tube.stl",
];

/// Large meshes are not examined for facets that are there twice as long as they are closed.
const DUPLICATES_UNSEEN: &[&str] = &["prusa_Einsy-base.stl"];

#[test]
fn repairs() {
    let mut wrong = Vec::new();
    each(|name, expected, entry, bytes| {
        let Ok(model) = read_model(bytes, name, &Limits::default()) else {
            return;
        };
        let mesh = whole(&model);
        let (mended, report) = repair(mesh.clone());
        let sound = Soundness::of(&mended);
        let mut check = |fine: bool, what: &str| {
            if !fine {
                wrong.push(format!(
                    "{name} ({expected}): {what}: {} mm3, {:?}",
                    sound.volume,
                    report.messages()
                ));
            }
        };
        let unseen = SEEN_BY_SLICING.contains(&name) || DUPLICATES_UNSEEN.contains(&name);
        match expected {
            "ok" => check(report.is_clean() && mended == mesh, "a good mesh was changed"),
            "ok_repair" => {
                check(unseen || !report.is_clean(), "nothing was found");
                check(sound.volume > 0.0, "it stays inside out");
            }
            _ => {}
        }
        if ["flat_sheet.stl", "triangle.stl", "concave_polygon.obj"].contains(&name) {
            check(report.no_volume, "it encloses nothing");
        }
        if name == "klein_bottle.stl" {
            check(report.unorientable_edges > 0, "it has no inside");
        }
        // Published volumes: by construction, or what admesh makes of the file, but for a surface without inside
        // and one with large open parts, where tools differ.
        if ["klein_bottle.stl", "Wuson.stl"].contains(&name) {
            return;
        }
        let by_design = entry["design_truth"]["repaired_volume"].as_f64();
        let by_admesh = entry["truth"]["admesh_after_repair"]["volume"].as_f64();
        if let Some(volume) = by_design.or(by_admesh) {
            let tolerance = entry["design_truth"]["tolerance_pct"].as_f64().unwrap_or(0.5) / 100.0;
            check(
                (sound.volume - volume).abs() <= tolerance * volume.abs(),
                "the volume is off",
            );
        }
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
