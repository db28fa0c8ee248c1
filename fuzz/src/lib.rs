//! What every fuzz target does with its bytes.

use offcut_cut::parts::{nest_polygon, parts};
use offcut_cut::{contours, cover};
use offcut_formats::{Limits, ModelObject, dxf, json, lbrn, read_drawing, read_model, svg, threemf};
use offcut_mesh::repair;

/// Reads the bytes within small limits, repairs every mesh, and writes what came out.
pub fn read(bytes: &[u8], name: &str) {
    let limits = Limits {
        triangles: 100_000,
        expanded_bytes: 32 << 20,
        instances: 1_000,
        ..Limits::default()
    };
    let Ok(model) = read_model(bytes, name, &limits) else {
        return;
    };
    let objects: Vec<ModelObject> = model.objects.into_iter().take(20).collect();
    for object in &objects {
        let (_, report) = repair(object.placed());
        assert_eq!(report.messages().is_empty(), report.is_clean());
    }
    let written = threemf::write(&objects).expect("small models fit an archive");
    let again = read_model(&written, "again.3mf", &Limits::default());
    // Coordinates may leave the range only where a transform brought them there.
    if let Ok(again) = again {
        assert_eq!(
            again.triangles(),
            objects.iter().map(|o| o.mesh.triangles.len()).sum::<usize>()
        );
    }
}

/// Reads the bytes as a drawing within small limits, forms parts and writes it in every format. What is written has to
/// be readable, unless something in it is beyond the limits.
pub fn drawing(bytes: &[u8], name: &str) {
    let limits = Limits {
        segments: 5_000,
        instances: 500,
        entries: 100,
        drawing_coordinate: 1e6,
        ..Limits::default()
    };
    let Ok(file) = read_drawing(bytes, name, None, &limits) else {
        return;
    };
    let _ = file.settled();
    let mut found = contours(&file.drawing, offcut_cut::JOIN_TOLERANCE);
    let formed = parts(&mut found);
    for part in &formed.parts {
        let _ = nest_polygon(part, &found.list, 0.05);
        let _ = cover(part, &found.list, 0.1);
    }
    if file.drawing.paths.is_empty() {
        return;
    }
    for (name, text) in [
        ("again.svg", svg::write(&file.drawing)),
        ("again.dxf", dxf::write(&file.drawing)),
        ("again.lbrn2", lbrn::write(&file.drawing)),
        ("again.json", json::write(&file.drawing)),
    ] {
        let again = read_drawing(text.as_bytes(), name, None, &Limits::default());
        assert!(again.is_ok(), "{name}: {:?}", again.err());
    }
}

/// Reads the bytes as an instance of nesting; what is read is written and read again.
pub fn instance(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(instance) = offcut_nest::json::read_instance(text) {
        let again = offcut_nest::json::write_instance(&instance);
        let _ = offcut_nest::json::read_instance(&again);
    }
}
