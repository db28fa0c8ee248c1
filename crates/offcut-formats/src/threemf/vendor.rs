//! What slicers add to a package: names, and which volumes are not printed.
//!
//! PrusaSlicer keeps all volumes of an object in one mesh and lists triangle ranges with a type; OrcaSlicer
//! and Bambu Studio make them components and list a subtype per component.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::part::{Body, Part};
use crate::archive::Archive;
use crate::xml::{Node, Xml, decode, get};
use crate::{Cause, Limits};

const PRUSA: &str = "Metadata/Slic3r_PE_model.config";
const BAMBU: &str = "Metadata/model_settings.config";

/// The parts of the settings that decide what is geometry to print.
#[derive(Default)]
pub(super) struct Vendor {
    /// Some slicer wrote the package.
    pub(super) known: bool,
    names: BTreeMap<u32, String>,
    /// Object id; first and last triangle; kind.
    ranges: Vec<(u32, usize, usize, String)>,
    /// Object id; component's object id; kind.
    components: Vec<(u32, u32, String)>,
}

/// Reads the settings of whichever slicer wrote the package. Settings that don't parse are passed over:
/// they are not part of the standard.
pub(super) fn read(archive: &mut Archive, limits: &Limits) -> Result<Vendor, Cause> {
    for name in [PRUSA, BAMBU] {
        if let Some(bytes) = archive.read(name)? {
            let vendor = parse(&bytes, name, limits).unwrap_or_default();
            return Ok(Vendor {
                known: true,
                ..vendor
            });
        }
    }
    Ok(Vendor::default())
}

fn parse(bytes: &[u8], name: &str, limits: &Limits) -> Result<Vendor, Cause> {
    let text = decode(bytes, name)?;
    let mut xml = Xml::new(&text, name, limits);
    let mut vendor = Vendor::default();
    let (mut object, mut in_volume) = (0, false);
    while let Some(node) = xml.next()? {
        let Node::Start(tag) = node else { continue };
        let attributes = tag.all(&xml)?;
        let value = |name| get(&attributes, name);
        let number = |name| value(name).and_then(|v| v.parse().ok());
        match tag.local() {
            "object" => (object, in_volume) = (number("id").unwrap_or(0) as u32, false),
            "volume" => {
                in_volume = true;
                if let (Some(first), Some(last)) = (number("firstid"), number("lastid")) {
                    vendor.ranges.push((object, first, last, "ModelPart".into()));
                }
            }
            "part" => {
                in_volume = true;
                if let (Some(id), Some(kind)) = (number("id"), value("subtype")) {
                    vendor.components.push((object, id as u32, kind.to_owned()));
                }
            }
            "metadata" => match (value("key"), value("value")) {
                (Some("name"), Some(name)) if !in_volume => {
                    vendor.names.insert(object, name.to_owned());
                }
                (Some("volume_type"), Some(kind)) if in_volume => {
                    if let Some(range) = vendor.ranges.last_mut() {
                        range.3 = kind.to_owned();
                    }
                }
                (Some("modifier"), Some("1")) if in_volume => {
                    if let Some(range) = vendor.ranges.last_mut() {
                        range.3 = "ParameterModifier".into();
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
    vendor.ranges.retain(|r| r.3 != "ModelPart");
    vendor.components.retain(|c| c.2 != "normal_part");
    Ok(vendor)
}

impl Vendor {
    /// The object's name in the settings.
    pub(super) fn name(&self, object: u32) -> Option<&str> {
        self.names.get(&object).map(String::as_str)
    }

    /// Removes from the root part what is not printed, and says what.
    pub(super) fn apply(&self, part: &mut Part, left_out: &mut Vec<String>) {
        for (id, object) in &mut part.objects {
            match &mut object.body {
                Body::Mesh(mesh) => {
                    let ranges: Vec<_> = self.ranges.iter().filter(|r| r.0 == *id).collect();
                    if ranges.is_empty() {
                        continue;
                    }
                    let mut index = 0;
                    Arc::make_mut(mesh).triangles.retain(|_| {
                        index += 1;
                        !ranges.iter().any(|r| (r.1..=r.2).contains(&(index - 1)))
                    });
                    left_out.extend(ranges.iter().map(|r| said(&r.3)));
                }
                Body::Components(items) => {
                    let gone =
                        |component: u32| self.components.iter().find(|c| (c.0, c.1) == (*id, component));
                    items.retain(|item| match gone(item.object) {
                        Some((_, _, kind)) => {
                            left_out.push(said(kind));
                            false
                        }
                        None => true,
                    });
                }
            }
        }
    }
}

/// A kind of volume in words.
fn said(kind: &str) -> String {
    match kind {
        "ParameterModifier" | "modifier_part" => "a modifier".into(),
        "NegativeVolume" | "negative_part" => "a negative volume (it is not subtracted)".into(),
        "SupportEnforcer" | "support_enforcer" => "a support enforcer".into(),
        "SupportBlocker" | "support_blocker" => "a support blocker".into(),
        other => format!(
            "a volume of type '{}'",
            other.escape_debug().take(40).collect::<String>()
        ),
    }
}
