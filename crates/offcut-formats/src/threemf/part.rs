//! One model part: its objects and build items as they stand there.

use std::collections::BTreeMap;
use std::sync::Arc;

use nalgebra::Matrix4;
use offcut_mesh::{Mesh, Triangle};

use super::beams;
use crate::xml::{Node, Tag, Xml, decode, get};
use crate::{Cause, Limits, Unit, Warning};

/// Extensions whose elements can be passed over, or are read.
const KNOWN: &[&str] = &[
    "http://schemas.microsoft.com/3dmanufacturing/core/2015/02",
    "http://schemas.microsoft.com/3dmanufacturing/material/2015/02",
    "http://schemas.microsoft.com/3dmanufacturing/production/2015/06",
    "http://schemas.microsoft.com/3dmanufacturing/slice/2015/07",
    "http://schemas.microsoft.com/3dmanufacturing/beamlattice/2017/02",
    "http://schemas.microsoft.com/3dmanufacturing/trianglesets/2021/07",
    "http://schemas.microsoft.com/3dmanufacturing/beamlattice/balls/2020/07",
    "http://schemas.3mf.io/3dmanufacturing/trianglesets/2021/07",
];

/// Names of metadata that need no namespace.
const METADATA: &[&str] = &[
    "Title",
    "Designer",
    "Description",
    "Copyright",
    "LicenseTerms",
    "Rating",
    "CreationDate",
    "ModificationDate",
    "Application",
];

/// A parsed part.
#[derive(Default)]
pub(super) struct Part {
    /// The unit that it states.
    pub unit: Option<Unit>,
    /// Objects by id.
    pub objects: BTreeMap<u32, Object>,
    /// Build items; `None` without a build element.
    pub items: Option<Vec<Item>>,
    /// What was odd.
    pub warnings: Vec<Warning>,
}

/// An object resource.
pub(super) struct Object {
    pub name: String,
    /// As the file says; empty means `model`.
    pub kind: String,
    pub body: Body,
    /// Whether the body has beams that became triangles.
    pub lattice: bool,
}

pub(super) enum Body {
    Mesh(Arc<Mesh>),
    Components(Vec<Item>),
}

/// A reference to an object, from the build or from a components list.
#[derive(Clone)]
pub(super) struct Item {
    pub object: u32,
    /// Part that holds the object, when it is another one.
    pub path: Option<String>,
    pub transform: Matrix4<f64>,
    pub printable: bool,
}

pub(super) fn parse(bytes: &[u8], name: &str, limits: &Limits) -> Result<Part, Cause> {
    let text = decode(bytes, name)?;
    let mut xml = Xml::new(&text, name, limits);
    let mut part = Part::default();
    let mut core = String::new();
    let mut scale = 1.0;
    let mut resources: Vec<u32> = Vec::new();
    let mut triangles_left = limits.triangles;
    let mut root = true;
    while let Some(node) = xml.next()? {
        let Node::Start(tag) = node else { continue };
        if root {
            if tag.local() != "model" {
                return Err(xml.error(format!("the root element is '{}', not 'model'", tag.local())));
            }
            core = tag.prefix().to_owned();
            part.unit = header(&tag, &xml)?;
            scale = part.unit.map_or(1.0, Unit::millimetres);
            root = false;
            continue;
        }
        if tag.prefix() != core {
            // Materials and the like: only their ids matter, which must not be taken twice.
            let id = tag
                .all(&xml)?
                .iter()
                .find(|(n, _)| n == "id")
                .and_then(|(_, v)| v.parse().ok());
            unique(id, &mut resources, &mut part.warnings);
            xml.skip()?;
            continue;
        }
        match tag.local() {
            "metadata" => {
                let attributes = tag.all(&xml)?;
                let name = get(&attributes, "name").unwrap_or("");
                if !name.contains(':') && !METADATA.contains(&name) && part.warnings.len() < 20 {
                    part.warnings.push(Warning {
                        code: "metadata",
                        message: format!("metadata '{}' has no name that 3MF knows", name.escape_debug()),
                    });
                }
                xml.skip()?;
            }
            "basematerials" => {
                let attributes = tag.all(&xml)?;
                unique(
                    get(&attributes, "id").and_then(|v| v.parse().ok()),
                    &mut resources,
                    &mut part.warnings,
                );
                xml.skip()?;
            }
            "resources" => {}
            "object" => {
                let attributes = tag.all(&xml)?;
                let id = required_index(&xml, &attributes, "id")?;
                let object = object(&mut xml, &core, &attributes, scale, &mut triangles_left, limits)?;
                if object.lattice {
                    part.warnings.push(Warning {
                        code: "beam_lattice",
                        message: format!("the beams of object {id} are made with {} sides", beams::SIDES),
                    });
                }
                if part.objects.insert(id, object).is_some() {
                    return Err(xml.error(format!("object {id} is defined twice")));
                }
                unique(Some(id), &mut resources, &mut part.warnings);
            }
            "build" => {
                if part.items.is_some() {
                    return Err(xml.error("a second build element"));
                }
                part.items = Some(items(&mut xml, &core, "item", scale, limits)?);
            }
            _ => xml.skip()?,
        }
    }
    Ok(part)
}

/// Notes an id that two resources share.
fn unique(id: Option<u32>, resources: &mut Vec<u32>, warnings: &mut Vec<Warning>) {
    let Some(id) = id else { return };
    if resources.contains(&id) && warnings.len() < 20 {
        warnings.push(Warning {
            code: "resource_id",
            message: format!("two resources have the id {id}"),
        });
    }
    // Honest files have few; the rest go unchecked rather than quadratic.
    if resources.len() < 1000 {
        resources.push(id);
    }
}

/// The unit; unknown required extensions are refused.
fn header(tag: &Tag, xml: &Xml) -> Result<Option<Unit>, Cause> {
    let attributes = tag.all(xml)?;
    for prefix in get(&attributes, "requiredextensions")
        .unwrap_or("")
        .split_ascii_whitespace()
    {
        let namespace = get(&attributes, &format!("xmlns:{prefix}")).unwrap_or(prefix);
        if !KNOWN.contains(&namespace) {
            return Err(Cause::Unsupported(format!("the 3MF extension {namespace}")));
        }
    }
    let Some(unit) = get(&attributes, "unit") else {
        return Ok(None);
    };
    match Unit::named(unit) {
        Some(unit) => Ok(Some(unit)),
        None => Err(xml.error(format!("'{}' is not a unit", unit.escape_debug()))),
    }
}

fn required_index(xml: &Xml, attributes: &[(String, String)], name: &str) -> Result<u32, Cause> {
    match get(attributes, name) {
        Some(value) => xml.index(value),
        None => Err(xml.error(format!("attribute '{name}' is missing"))),
    }
}

/// The object that has just started.
fn object(
    xml: &mut Xml,
    core: &str,
    attributes: &[(String, String)],
    scale: f64,
    triangles_left: &mut usize,
    limits: &Limits,
) -> Result<Object, Cause> {
    let mut body = None;
    let mut lattice = false;
    while let Some(Node::Start(tag)) = next_element(xml)? {
        match tag.local() {
            "mesh" if tag.prefix() == core && body.is_none() => {
                let mesh = mesh(xml, core, scale, *triangles_left, limits, &mut lattice)?;
                *triangles_left -= mesh.triangles.len();
                body = Some(Body::Mesh(Arc::new(mesh)));
            }
            "components" if tag.prefix() == core && body.is_none() => {
                body = Some(Body::Components(items(xml, core, "component", scale, limits)?));
            }
            _ => xml.skip()?,
        }
    }
    Ok(Object {
        name: get(attributes, "name")
            .or(get(attributes, "partnumber"))
            .unwrap_or("")
            .to_owned(),
        kind: get(attributes, "type").unwrap_or("").to_owned(),
        body: body.unwrap_or_else(|| Body::Mesh(Arc::default())),
        lattice,
    })
}

/// The next start tag or end, text passed over.
fn next_element<'a>(xml: &mut Xml<'a>) -> Result<Option<Node<'a>>, Cause> {
    loop {
        match xml.next()? {
            Some(Node::Text(_)) => {}
            node => return Ok(node),
        }
    }
}

/// The mesh that has just started.
fn mesh(
    xml: &mut Xml,
    core: &str,
    scale: f64,
    most: usize,
    limits: &Limits,
    lattice: &mut bool,
) -> Result<Mesh, Cause> {
    let mut vertices: Vec<[f32; 3]> = Vec::new();
    let mut triangles: Vec<Triangle> = Vec::new();
    while let Some(Node::Start(tag)) = next_element(xml)? {
        match tag.local() {
            "vertices" if tag.prefix() == core => {
                while let Some(Node::Start(tag)) = next_element(xml)? {
                    if tag.local() == "vertex" {
                        let [x, y, z] = three(&tag, xml, ["x", "y", "z"], |v| xml.parse(v.trim_ascii()))?;
                        let vertex = [x, y, z].map(|v| (v * scale) as f32);
                        if vertex.iter().any(|v| !v.is_finite()) {
                            return Err(Cause::NotFinite(xml.place()));
                        }
                        vertices.push(vertex);
                    }
                    xml.skip()?;
                }
            }
            "triangles" if tag.prefix() == core => {
                while let Some(Node::Start(tag)) = next_element(xml)? {
                    if tag.local() == "triangle" {
                        let corners = three(&tag, xml, ["v1", "v2", "v3"], |v| xml.index(v))?;
                        let mut triangle = [[0.0; 3]; 3];
                        for (corner, index) in triangle.iter_mut().zip(corners) {
                            let Some(vertex) = vertices.get(index as usize) else {
                                return Err(Cause::Dangling {
                                    place: xml.place(),
                                    what: format!("vertex {index} (of {})", vertices.len()),
                                });
                            };
                            *corner = *vertex;
                        }
                        if triangles.len() == most {
                            return Err(Cause::TooManyTriangles(limits.triangles));
                        }
                        triangles.push(triangle);
                    }
                    xml.skip()?;
                }
            }
            "beamlattice" => {
                *lattice = true;
                let beams = beams::parse(xml, &tag, &vertices, scale)?;
                beams::add(&beams, most, &mut triangles)
                    .map_err(|()| Cause::TooManyTriangles(limits.triangles))?;
            }
            _ => xml.skip()?,
        }
    }
    Ok(Mesh { triangles })
}

/// Three attributes of an element that is read a million times.
fn three<T: Copy>(
    tag: &Tag,
    xml: &Xml,
    names: [&str; 3],
    parse: impl Fn(&str) -> Result<T, Cause>,
) -> Result<[T; 3], Cause> {
    let mut values = [None; 3];
    tag.attributes(xml, |name, value| {
        if let Some(k) = names.iter().position(|n| *n == name) {
            if values[k].is_some() {
                return Err(xml.error(format!("attribute '{name}' is given twice")));
            }
            values[k] = Some(parse(value)?);
        }
        Ok(())
    })?;
    match values {
        [Some(a), Some(b), Some(c)] => Ok([a, b, c]),
        _ => Err(xml.error(format!("it needs the attributes {}", names.join(", ")))),
    }
}

/// The references within the element that has just started.
fn items(xml: &mut Xml, core: &str, element: &str, scale: f64, limits: &Limits) -> Result<Vec<Item>, Cause> {
    let mut items = Vec::new();
    while let Some(Node::Start(tag)) = next_element(xml)? {
        if tag.prefix() == core && tag.local() == element {
            let attributes = tag.all(xml)?;
            let path = attributes
                .iter()
                .find(|(name, _)| name.ends_with(":path"))
                .map(|(_, v)| v.clone());
            items.push(Item {
                object: required_index(xml, &attributes, "objectid")?,
                path,
                transform: transform(xml, get(&attributes, "transform"), scale)?,
                printable: get(&attributes, "printable") != Some("0"),
            });
            if items.len() > limits.instances {
                return Err(Cause::TooManyInstances(limits.instances));
            }
        }
        xml.skip()?;
    }
    Ok(items)
}

/// A transform, written as the rows of a matrix that row vectors are multiplied with.
fn transform(xml: &Xml, text: Option<&str>, scale: f64) -> Result<Matrix4<f64>, Cause> {
    let Some(text) = text else {
        return Ok(Matrix4::identity());
    };
    let mut m = [0.0; 12];
    let mut count = 0;
    for token in text.split_ascii_whitespace() {
        let value = xml.parse(token)?;
        if let Some(slot) = m.get_mut(count) {
            *slot = value;
        }
        count += 1;
    }
    if count != 12 {
        return Err(xml.error(format!("a transform has {count} numbers, not 12")));
    }
    let s = scale;
    #[rustfmt::skip]
    let matrix = Matrix4::new(
        m[0], m[3], m[6], m[9] * s,
        m[1], m[4], m[7], m[10] * s,
        m[2], m[5], m[8], m[11] * s,
        0.0, 0.0, 0.0, 1.0,
    );
    if !matrix.determinant().is_normal() {
        return Err(xml.error("a transform that makes the object flat"));
    }
    Ok(matrix)
}
