//! 3MF: the core specification with components, transforms, units and the production extension; beam
//! lattices become triangles; slices, materials and properties are passed over.
//!
//! In: a package. Out: one object per build item; items of the same object share its mesh. Volumes that
//! PrusaSlicer, OrcaSlicer or Bambu Studio mark as modifiers or support painting are left out and told.
//! Promised: parts are inflated within [`Limits`], and components are counted before they are expanded.
//!
//! Own reader rather than `lib3mf` 0.1.7: tried on 45 packages, it refused three valid ones, ran for over a
//! minute on a hostile one, and took two to three times as long on large ones.
//!
//! Source: 3MF Core Specification 1.3, Production Extension 1.1, Beam Lattice Extension 1.1.

mod beams;
mod build;
mod part;
mod vendor;
mod write;

use crate::archive::{Archive, is_zip};
use crate::xml::{Node, Xml, decode, get};
use crate::{Cause, Format, Limits, Model, Read};

pub use write::write;

pub(crate) const FORMAT: Format = Format {
    id: "3mf",
    doc: "a 3MF package",
    extensions: &["3mf"],
    detect,
    read,
};

const RELATIONSHIPS: &str = "_rels/.rels";
const MODEL_TYPE: &str = "http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel";
const DEFAULT_PART: &str = "3D/3dmodel.model";

fn detect(bytes: &[u8]) -> bool {
    is_zip(bytes)
        && Archive::open(bytes, &Limits::default())
            .is_ok_and(|a| a.contains(RELATIONSHIPS) || a.with_suffix(".model").is_some())
}

fn read(bytes: &[u8], limits: &Limits) -> Read {
    if !is_zip(bytes) {
        return Err(Cause::Archive(
            "a 3MF file is a ZIP archive, and this isn't one".into(),
        ));
    }
    let mut archive = Archive::open(bytes, limits)?;
    let mut model = Model::new("3mf", "");
    let root = root_part(&mut archive, limits, &mut model)?;
    let vendor = vendor::read(&mut archive, limits)?;
    if !archive.contains("[Content_Types].xml") {
        model.warn("content_types", "the package has no [Content_Types].xml");
    }
    build::build(&mut archive, &root, &vendor, limits, &mut model)?;
    model.on_bed = vendor.known;
    Ok(model)
}

/// The name of the part that holds the build: exactly one relationship of the package must say it.
fn root_part(archive: &mut Archive, limits: &Limits, model: &mut Model) -> Result<String, Cause> {
    let Some(bytes) = archive.read(RELATIONSHIPS)? else {
        model.warn(
            "relationships",
            format!("the package has no {RELATIONSHIPS}; {DEFAULT_PART} is read"),
        );
        return Ok(DEFAULT_PART.into());
    };
    let text = decode(&bytes, RELATIONSHIPS)?;
    let mut xml = Xml::new(&text, RELATIONSHIPS, limits);
    let mut targets = Vec::new();
    while let Some(node) = xml.next()? {
        let Node::Start(tag) = node else { continue };
        if tag.local() == "Relationship" {
            let attributes = tag.all(&xml)?;
            if get(&attributes, "Type") == Some(MODEL_TYPE) {
                targets.extend(get(&attributes, "Target").map(str::to_owned));
            }
        }
    }
    match targets.as_slice() {
        [target] => Ok(target.clone()),
        [] => Err(Cause::Empty("the package's relationships name no 3D model part")),
        _ => Err(Cause::syntax(
            RELATIONSHIPS,
            "more than one 3D model part, where a package must have one",
        )),
    }
}

#[cfg(test)]
mod tests;
