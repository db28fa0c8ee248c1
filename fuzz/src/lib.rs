//! What every fuzz target does with its bytes.

use offcut_formats::{Limits, ModelObject, read_model, threemf};
use offcut_mesh::repair;

/// Reads the bytes within small limits, repairs every mesh, and writes what came out.
pub fn read(bytes: &[u8], name: &str) {
    let limits = Limits {
        triangles: 100_000,
        expanded_bytes: 32 << 20,
        instances: 1_000,
        ..Limits::default()
    };
    let Ok(model) = read_model(bytes, name, &limits) else { return };
    let objects: Vec<ModelObject> = model.objects.into_iter().take(20).collect();
    for object in &objects {
        let (_, report) = repair(object.placed());
        assert_eq!(report.messages().is_empty(), report.is_clean());
    }
    let written = threemf::write(&objects).expect("small models fit an archive");
    let again = read_model(&written, "again.3mf", &Limits::default());
    // Coordinates may leave the range only where a transform brought them there.
    if let Ok(again) = again {
        assert_eq!(again.triangles(), objects.iter().map(|o| o.mesh.triangles.len()).sum::<usize>());
    }
}
