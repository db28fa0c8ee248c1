//! Slices of real models against areas and perimeters that were computed elsewhere, and equal bytes on
//! any number of threads.

use offcut::{Ctx, Input, PrintSettings, SliceJob, slice};
use offcut_formats::{Limits, read_model};
use offcut_geometry::to_mm;
use offcut_mesh::slice::Fill;
use offcut_mesh::{Mesh, SliceParams};
use std::path::{Path, PathBuf};

/// The corpus beside the workspace or in `OFFCUT_SHARED`; says so when it is not there.
fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("OFFCUT_SHARED").map_or(beside, PathBuf::from);
    let folder = shared.join("corpus/print");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("SKIPPED: no corpus at {}; set OFFCUT_SHARED", folder.display());
    None
}

fn index(folder: &Path) -> Vec<serde_json::Value> {
    let text = std::fs::read(folder.join("INDEX.json")).unwrap();
    let index: serde_json::Value = serde_json::from_slice(&text).unwrap();
    index["files"].as_array().unwrap().clone()
}

#[test]
fn slices_have_the_area_and_perimeter_of_the_mesh() {
    let Some(folder) = corpus() else { return };
    let (mut seen, mut wrong) = (0, Vec::new());
    for entry in index(&folder) {
        let truth = &entry["truth"];
        let name = entry["file"].as_str().unwrap();
        if truth["slices_exact"] != true {
            continue;
        }
        let bytes = std::fs::read(folder.join(name)).unwrap();
        let model = read_model(&bytes, name, &Limits::default()).unwrap();
        let mut mesh = Mesh::default();
        for o in &model.objects {
            mesh.triangles.extend(o.placed().triangles);
        }
        // Numbers that are no millimetres of a printable body are taken as decimetres.
        let (lo, hi) = mesh.bounds().unwrap();
        let scale = if (0..3).all(|k| hi[k] - lo[k] < 5.0) {
            100.0
        } else {
            1.0
        };
        mesh.transform(&nalgebra::Matrix4::new_scaling(scale));
        let slices = truth["slices"].as_array().unwrap();
        let number = |s: &serde_json::Value, key: &str| s[key].as_f64().unwrap();
        let heights: Vec<f64> = slices.iter().map(|s| number(s, "z") * scale).collect();
        let sliced = |fill| {
            let params = SliceParams {
                fill,
                resolution: 0.0,
                closing_radius: 0.0,
                origin: [0.0, 0.0],
            };
            offcut_mesh::slice(&mesh, &heights, &params, &Ctx::quiet())
                .unwrap()
                .outlines
        };
        let (union, odd) = (sliced(Fill::Positive), sliced(Fill::EvenOdd));
        for ((s, u), o) in slices.iter().zip(&union).zip(&odd) {
            let area = number(s, "area_mm2") * scale * scale;
            let perimeter = number(s, "perimeter_mm") * scale;
            // The index counts a shell within another as more material, and its outline too.
            let (a, p) = (2.0 * u.area_mm2() - o.area_mm2(), o.perimeter() * to_mm(1));
            if (a - area).abs() > (area * 1e-3).max(0.02) || (p - perimeter).abs() > perimeter * 5e-3 {
                wrong.push(format!(
                    "{name} z {}: {a:.4} of {area} mm², {p:.4} of {perimeter} mm",
                    s["z"]
                ));
            }
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen} slices");
    assert!(
        wrong.is_empty(),
        "{} of {seen}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[cfg(feature = "parallel")]
#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../test-models");
    let mut files: Vec<PathBuf> = ["bracket.stl", "overhangs.stl", "thin-walls.stl", "two-bodies.3mf"]
        .map(|f| models.join(f))
        .into();
    if let Some(folder) = corpus() {
        if std::env::var_os("OFFCUT_SLOW").is_some() {
            files.extend(
                index(&folder)
                    .iter()
                    .map(|e| folder.join(e["file"].as_str().unwrap())),
            );
        } else {
            files.extend(
                ["A.obj", "V_standing.obj", "counterX.3MF", "extruder_idler.obj"].map(|f| folder.join(f)),
            );
        }
    }
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        let sliced = |threads: usize| {
            let mut settings = PrintSettings::default();
            for a in [
                "support=grid",
                "brim_width=3",
                "layer_height=0.3",
                "first_layer_height=0.3",
            ] {
                settings.assign(a).unwrap();
            }
            let job = SliceJob {
                models: vec![Input {
                    name: file.file_name().unwrap().to_string_lossy().into(),
                    bytes: bytes.clone(),
                }],
                settings,
                ..SliceJob::default()
            };
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            let mut out = Vec::new();
            let result = pool.install(|| slice(job, &Ctx::quiet(), &mut out)).map(|_| ());
            (result.map_err(|e| e.to_string()), out)
        };
        let one = sliced(1);
        assert!(one == sliced(2), "{}", file.display());
        assert!(one == sliced(8), "{}", file.display());
    }
}
