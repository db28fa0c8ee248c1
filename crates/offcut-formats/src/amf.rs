//! AMF, plain XML or zipped (ISO/ASTM 52915).
//!
//! In: objects of meshes with volumes, and constellations that place them. Out: one object per mesh, or per
//! instance of a constellation that nothing else refers to. Materials and colours are passed over; curved edges are taken as
//! straight and told. Volumes that Slic3r marks as modifiers are left out and told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use libm::{cos, sin};
use nalgebra::Matrix4;
use offcut_mesh::{Mesh, Triangle};

use crate::archive::{Archive, is_zip};
use crate::xml::{Node, Xml, decode, get};
use crate::{Cause, Format, Limits, Model, ModelObject, Read, Unit};

pub(crate) const FORMAT: Format = Format {
    id: "amf",
    doc: "an AMF model",
    extensions: &["amf"],
    detect,
    read,
};

fn detect(bytes: &[u8]) -> bool {
    if is_zip(bytes) {
        return Archive::open(bytes, &Limits::default()).is_ok_and(|a| a.with_suffix(".amf").is_some());
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_ascii_lowercase();
    let head = head.trim_start_matches('\u{feff}').trim_start();
    head.starts_with('<') && head.contains("<amf")
}

fn read(bytes: &[u8], limits: &Limits) -> Read {
    if !is_zip(bytes) {
        return parse(bytes, "AMF", "plain", limits);
    }
    let mut archive = Archive::open(bytes, limits)?;
    let name = archive
        .with_suffix(".amf")
        .or(archive.with_suffix(""))
        .unwrap_or_default()
        .to_owned();
    match archive.read(&name)? {
        Some(inner) => parse(&inner, &name, "zipped", limits),
        None => Err(Cause::Empty("the archive has no AMF entry")),
    }
}

/// An instance within a constellation.
struct Instance {
    target: String,
    transform: Matrix4<f64>,
}

#[derive(Default)]
struct Content {
    /// Name and mesh by id, in the order of the file.
    objects: Vec<(String, String, Arc<Mesh>)>,
    constellations: Vec<(String, Vec<Instance>)>,
    curved: bool,
    modifiers: usize,
}

fn parse(bytes: &[u8], part: &str, variant: &'static str, limits: &Limits) -> Read {
    let text = decode(bytes, part)?;
    let mut xml = Xml::new(&text, part, limits);
    let mut content = Content::default();
    let mut model = Model::new("amf", variant);
    let mut scale = 1.0;
    let mut root = true;
    let mut left = limits.triangles;
    while let Some(node) = xml.next()? {
        let Node::Start(tag) = node else { continue };
        let attributes = tag.all(&xml)?;
        let id = get(&attributes, "id").unwrap_or("").to_owned();
        match tag.local() {
            "amf" if root => {
                if let Some(unit) = get(&attributes, "unit") {
                    let Some(known) = Unit::named(unit) else {
                        return Err(xml.error(format!("'{}' is not a unit", unit.escape_debug())));
                    };
                    model.unit.declared = Some(known);
                    scale = known.millimetres();
                }
            }
            _ if root => return Err(xml.error("the root element is not 'amf'")),
            "object" => {
                let (name, mesh) = object(&mut xml, scale, left, limits, &mut content)?;
                left -= mesh.triangles.len();
                content.objects.push((id, name, Arc::new(mesh)));
            }
            "constellation" => {
                let instances = constellation(&mut xml, scale, limits)?;
                content.constellations.push((id, instances));
            }
            _ => xml.skip()?,
        }
        root = false;
    }
    if content.curved {
        model.warn("curved_edges", "curved edges are taken as straight");
    }
    if content.modifiers > 0 {
        model.warn(
            "volumes",
            format!("{} modifier volumes are left out", content.modifiers),
        );
    }
    place(&content, limits, &mut model)?;
    Ok(model)
}

/// Elements within an element: calls `f` with each child's name, which must consume the child.
fn children<'a>(
    xml: &mut Xml<'a>,
    mut f: impl FnMut(&mut Xml<'a>, &str) -> Result<(), Cause>,
) -> Result<(), Cause> {
    loop {
        match xml.next()? {
            Some(Node::Start(tag)) => f(xml, tag.local())?,
            Some(Node::Text(_)) => {}
            Some(Node::End) | None => return Ok(()),
        }
    }
}

/// The name and mesh of the object that has just started.
fn object(
    xml: &mut Xml,
    scale: f64,
    left: usize,
    limits: &Limits,
    content: &mut Content,
) -> Result<(String, Mesh), Cause> {
    let mut name = String::new();
    let mut mesh = Mesh::default();
    loop {
        match xml.next()? {
            Some(Node::Start(tag)) => match tag.local() {
                "metadata" => {
                    let kind = get(&tag.all(xml)?, "type").map(str::to_owned);
                    let value = xml.content()?;
                    if kind.as_deref() == Some("name") {
                        name = value.trim().chars().take(200).collect();
                    }
                }
                "mesh" => mesh_element(xml, scale, left, limits, content, &mut mesh)?,
                _ => xml.skip()?,
            },
            Some(Node::Text(_)) => {}
            Some(Node::End) | None => return Ok((name, mesh)),
        }
    }
}

fn mesh_element(
    xml: &mut Xml,
    scale: f64,
    left: usize,
    limits: &Limits,
    content: &mut Content,
    mesh: &mut Mesh,
) -> Result<(), Cause> {
    let mut vertices: Vec<[f32; 3]> = Vec::new();
    children(xml, |xml, name| match name {
        "vertices" => children(xml, |xml, name| match name {
            "vertex" => {
                vertices.push(vertex(xml, scale)?);
                Ok(())
            }
            "edge" => {
                content.curved = true;
                xml.skip()
            }
            _ => xml.skip(),
        }),
        "volume" => {
            let before = mesh.triangles.len();
            if volume(
                xml,
                &vertices,
                left,
                limits,
                &mut mesh.triangles,
                &mut content.curved,
            )? {
                mesh.triangles.truncate(before);
                content.modifiers += 1;
            }
            Ok(())
        }
        _ => xml.skip(),
    })
}

fn vertex(xml: &mut Xml, scale: f64) -> Result<[f32; 3], Cause> {
    let mut found = [None; 3];
    children(xml, |xml, name| match name {
        "coordinates" => children(xml, |xml, name| {
            match ["x", "y", "z"].iter().position(|n| *n == name) {
                Some(k) => found[k] = Some(xml.number()? * scale),
                None => xml.skip()?,
            }
            Ok(())
        }),
        _ => xml.skip(),
    })?;
    let [Some(x), Some(y), Some(z)] = found else {
        return Err(xml.error("a vertex without x, y and z"));
    };
    let vertex = [x, y, z].map(|v| v as f32);
    if vertex.iter().any(|v| !v.is_finite()) {
        return Err(Cause::NotFinite(xml.place()));
    }
    Ok(vertex)
}

/// Reads a volume's triangles; tells whether it is a modifier.
fn volume(
    xml: &mut Xml,
    vertices: &[[f32; 3]],
    left: usize,
    limits: &Limits,
    triangles: &mut Vec<Triangle>,
    curved: &mut bool,
) -> Result<bool, Cause> {
    let mut modifier = false;
    loop {
        let tag = match xml.next()? {
            Some(Node::Start(tag)) => tag,
            Some(Node::Text(_)) => continue,
            Some(Node::End) | None => return Ok(modifier),
        };
        match tag.local() {
            "triangle" => {
                let mut corners = [None; 3];
                children(xml, |xml, name| {
                    match ["v1", "v2", "v3"].iter().position(|n| *n == name) {
                        Some(k) => {
                            let content = xml.content()?;
                            let index = xml.index(&content)?;
                            let Some(vertex) = vertices.get(index as usize) else {
                                return Err(Cause::Dangling {
                                    place: xml.place(),
                                    what: format!("vertex {index} (of {})", vertices.len()),
                                });
                            };
                            corners[k] = Some(*vertex);
                        }
                        None => {
                            *curved |= name == "edge" || name == "dir";
                            xml.skip()?;
                        }
                    }
                    Ok(())
                })?;
                let [Some(a), Some(b), Some(c)] = corners else {
                    return Err(xml.error("a triangle without v1, v2 and v3"));
                };
                if triangles.len() == left {
                    return Err(Cause::TooManyTriangles(limits.triangles));
                }
                triangles.push([a, b, c]);
            }
            "metadata" => {
                let kind = get(&tag.all(xml)?, "type").map(str::to_owned);
                let value = xml.content()?;
                modifier |= match kind.as_deref() {
                    Some("slic3r.modifier") => value.trim() == "1",
                    Some("slic3r.volume_type") => value.trim() != "ModelPart",
                    _ => false,
                };
            }
            _ => xml.skip()?,
        }
    }
}

fn constellation(xml: &mut Xml, scale: f64, limits: &Limits) -> Result<Vec<Instance>, Cause> {
    let mut instances = Vec::new();
    loop {
        let tag = match xml.next()? {
            Some(Node::Start(tag)) => tag,
            Some(Node::Text(_)) => continue,
            Some(Node::End) | None => return Ok(instances),
        };
        if tag.local() != "instance" {
            xml.skip()?;
            continue;
        }
        let target = get(&tag.all(xml)?, "objectid").unwrap_or("").to_owned();
        const FIELDS: [&str; 9] = [
            "deltax", "deltay", "deltaz", "rx", "ry", "rz", "scalex", "scaley", "scalez",
        ];
        let mut v = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0];
        let mut uniform = 1.0;
        children(xml, |xml, name| {
            match FIELDS.iter().position(|n| *n == name) {
                Some(k) => v[k] = xml.number()?,
                None if name == "scale" => uniform = xml.number()?,
                None => xml.skip()?,
            }
            Ok(())
        })?;
        let shift = nalgebra::Vector3::new(v[0], v[1], v[2]) * scale;
        let size = nalgebra::Vector3::new(v[6], v[7], v[8]) * uniform;
        let transform = Matrix4::new_translation(&shift)
            * turn(2, v[5])
            * turn(1, v[4])
            * turn(0, v[3])
            * Matrix4::new_nonuniform_scaling(&size);
        if !transform.determinant().is_normal() {
            return Err(xml.error("an instance that is scaled flat"));
        }
        instances.push(Instance { target, transform });
        if instances.len() > limits.instances {
            return Err(Cause::TooManyInstances(limits.instances));
        }
    }
}

/// A rotation about an axis by degrees.
fn turn(axis: usize, degrees: f64) -> Matrix4<f64> {
    let mut m = Matrix4::identity();
    if degrees != 0.0 {
        let (s, c) = (sin(degrees.to_radians()), cos(degrees.to_radians()));
        let (i, j) = ((axis + 1) % 3, (axis + 2) % 3);
        (m[(i, i)], m[(j, j)], m[(i, j)], m[(j, i)]) = (c, c, -s, s);
    }
    m
}

/// Puts the objects into the model: by the outermost constellations, or all as they stand without any.
fn place(content: &Content, limits: &Limits, model: &mut Model) -> Result<(), Cause> {
    let mut total = 0;
    if content.constellations.is_empty() {
        for (_, name, mesh) in &content.objects {
            push(model, name, mesh, Matrix4::identity(), &mut total, limits)?;
        }
        return Ok(());
    }
    let objects: BTreeMap<&str, (&str, &Arc<Mesh>)> = content
        .objects
        .iter()
        .map(|(id, name, mesh)| (id.as_str(), (name.as_str(), mesh)))
        .collect();
    // Objects and constellations are numbered apart in some files: an object's id always means the object.
    let inner: BTreeSet<&str> = content
        .constellations
        .iter()
        .flat_map(|(_, instances)| instances.iter().map(|i| i.target.as_str()))
        .filter(|id| !objects.contains_key(id))
        .collect();
    let groups: BTreeMap<&str, &[Instance]> = content
        .constellations
        .iter()
        .map(|(id, instances)| (id.as_str(), instances.as_slice()))
        .collect();
    let outer = content
        .constellations
        .iter()
        .filter(|(id, _)| !inner.contains(id.as_str()));
    // Depth first in the order of the file: the last entry is the next to be placed.
    let mut queue: Vec<(&Instance, Matrix4<f64>, usize)> = Vec::new();
    for (_, instances) in outer.collect::<Vec<_>>().into_iter().rev() {
        queue.extend(instances.iter().rev().map(|i| (i, Matrix4::identity(), 1)));
    }
    if queue.is_empty() {
        return Err(Cause::Cycle("constellation".into()));
    }
    let mut steps = 0;
    while let Some((instance, outer, depth)) = queue.pop() {
        steps += 1;
        if steps > limits.instances {
            return Err(Cause::TooManyInstances(limits.instances));
        }
        let transform = outer * instance.transform;
        if let Some((name, mesh)) = objects.get(instance.target.as_str()) {
            push(model, name, mesh, transform, &mut total, limits)?;
        } else if let Some(instances) = groups.get(instance.target.as_str()) {
            if depth >= limits.depth {
                return Err(Cause::TooDeep {
                    what: "constellations",
                    limit: limits.depth,
                });
            }
            queue.extend(instances.iter().rev().map(|i| (i, transform, depth + 1)));
        } else {
            return Err(Cause::Dangling {
                place: "constellation".into(),
                what: format!(
                    "object '{}'",
                    instance.target.escape_debug().take(40).collect::<String>()
                ),
            });
        }
    }
    Ok(())
}

fn push(
    model: &mut Model,
    name: &str,
    mesh: &Arc<Mesh>,
    transform: Matrix4<f64>,
    total: &mut usize,
    limits: &Limits,
) -> Result<(), Cause> {
    if mesh.triangles.is_empty() {
        return Ok(());
    }
    *total = total.saturating_add(mesh.triangles.len());
    limits.triangle_count(*total)?;
    model.objects.push(ModelObject {
        name: name.to_owned(),
        mesh: Arc::clone(mesh),
        transform,
    });
    Ok(())
}

#[cfg(test)]
mod tests;
