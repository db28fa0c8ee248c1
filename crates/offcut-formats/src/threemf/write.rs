//! Writing 3MF: each mesh once, each object as a build item with its transform.

use std::fmt::Write;
use std::io::Write as _;
use std::sync::Arc;

use offcut_mesh::Mesh;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{DEFAULT_PART, MODEL_TYPE, RELATIONSHIPS};
use crate::{Cause, ModelObject};

const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="model" ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/></Types>
"#;

/// Writes objects as a 3MF package in millimetres; objects that share a mesh share it in the file.
/// The same objects give the same bytes.
///
/// # Errors
/// When the archive can't hold the data, which takes more than 4 GiB.
pub fn write(objects: &[ModelObject]) -> Result<Vec<u8>, Cause> {
    let failed = |e: &dyn std::fmt::Display| Cause::Archive(e.to_string());
    let relationships = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Target=\"/{DEFAULT_PART}\" Id=\"rel0\" Type=\"{MODEL_TYPE}\"/></Relationships>\n"
    );
    let model = model(objects);
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (name, text) in [
        ("[Content_Types].xml", CONTENT_TYPES),
        (RELATIONSHIPS, relationships.as_str()),
        (DEFAULT_PART, model.as_str()),
    ] {
        zip.start_file(name, options).map_err(|e| failed(&e))?;
        zip.write_all(text.as_bytes()).map_err(|e| failed(&e))?;
    }
    Ok(zip.finish().map_err(|e| failed(&e))?.into_inner())
}

fn model(objects: &[ModelObject]) -> String {
    let mut meshes: Vec<&Arc<Mesh>> = Vec::new();
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<model unit=\"millimeter\" xml:lang=\"en-US\" xmlns=\"http://schemas.microsoft.com/3dmanufacturing/core/2015/02\">\n<resources>\n",
    );
    let mut build = String::new();
    for object in objects {
        let id = match meshes.iter().position(|m| Arc::ptr_eq(m, &object.mesh)) {
            Some(at) => at + 1,
            None => {
                meshes.push(&object.mesh);
                mesh(meshes.len(), object, &mut text);
                meshes.len()
            }
        };
        let _ = write!(build, "<item objectid=\"{id}\" transform=\"");
        for (i, (column, row)) in (0..4).flat_map(|c| (0..3).map(move |r| (c, r))).enumerate() {
            let gap = if i > 0 { " " } else { "" };
            let _ = write!(build, "{gap}{}", object.transform[(row, column)]);
        }
        build.push_str("\"/>\n");
    }
    let _ = write!(text, "</resources>\n<build>\n{build}</build>\n</model>\n");
    text
}

fn mesh(id: usize, object: &ModelObject, text: &mut String) {
    let name = crate::xml::escaped(&object.name);
    let indexed = object.mesh.indexed();
    let _ = writeln!(
        text,
        "<object id=\"{id}\" type=\"model\" name=\"{name}\">\n<mesh>\n<vertices>"
    );
    for [x, y, z] in &indexed.vertices {
        let _ = writeln!(text, "<vertex x=\"{x}\" y=\"{y}\" z=\"{z}\"/>");
    }
    text.push_str("</vertices>\n<triangles>\n");
    for [a, b, c] in &indexed.faces {
        let _ = writeln!(text, "<triangle v1=\"{a}\" v2=\"{b}\" v3=\"{c}\"/>");
    }
    text.push_str("</triangles>\n</mesh>\n</object>\n");
}
