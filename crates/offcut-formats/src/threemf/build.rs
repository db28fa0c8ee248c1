//! From parts to placed objects: references followed, components flattened, all of it bounded.

use std::collections::BTreeMap;
use std::sync::Arc;

use nalgebra::Matrix4;
use offcut_mesh::Mesh;

use super::part::{self, Body, Item, Object, Part};
use super::vendor::Vendor;
use crate::archive::Archive;
use crate::{Cause, Limits, Model, ModelObject};

/// Part number and object id.
type Key = (usize, u32);

struct Builder<'l> {
    parts: Vec<Part>,
    names: Vec<String>,
    limits: &'l Limits,
    /// Triangles placed so far.
    total: usize,
    /// Triangles of each object with all its components; `None` while it is being counted.
    counts: BTreeMap<Key, Option<usize>>,
    /// Meshes of objects that have several components.
    merged: BTreeMap<Key, Arc<Mesh>>,
}

/// Reads the root part and all that it refers to, and puts the printable objects into `model`.
pub(super) fn build(
    archive: &mut Archive,
    root: &str,
    vendor: &Vendor,
    limits: &Limits,
    model: &mut Model,
) -> Result<(), Cause> {
    let mut builder = Builder {
        parts: Vec::new(),
        names: vec![root.to_owned()],
        limits,
        total: 0,
        counts: BTreeMap::new(),
        merged: BTreeMap::new(),
    };
    let mut left_out = Vec::new();
    while builder.parts.len() < builder.names.len() {
        let name = builder.names[builder.parts.len()].clone();
        let Some(bytes) = archive.read(&name)? else {
            return Err(Cause::Dangling {
                place: "the package".into(),
                what: format!("part {name}"),
            });
        };
        let mut part = part::parse(&bytes, name.trim_start_matches('/'), limits)?;
        if builder.parts.is_empty() {
            vendor.apply(&mut part, &mut left_out);
        }
        builder.note_paths(&part);
        model.warnings.append(&mut part.warnings);
        builder.parts.push(part);
    }
    if !left_out.is_empty() {
        model.warn(
            "volumes",
            format!("left out, as they are not printed: {}", left_out.join(", ")),
        );
    }
    model.unit.declared = builder.parts[0].unit;
    let Some(items) = builder.parts[0].items.take() else {
        return Err(Cause::Empty("the 3MF model has no build element"));
    };
    for item in &items {
        builder.place(item, vendor, model)?;
    }
    if model.objects.is_empty() {
        return Err(Cause::Empty("nothing in the build is to be printed"));
    }
    Ok(())
}

impl Builder<'_> {
    /// Queues the parts that a part refers to.
    fn note_paths(&mut self, part: &Part) {
        let components = part.objects.values().flat_map(|o| match &o.body {
            Body::Components(items) => items.as_slice(),
            Body::Mesh(_) => &[],
        });
        for path in components
            .chain(part.items.iter().flatten())
            .filter_map(|i| i.path.as_ref())
        {
            if self.number(path).is_none() {
                self.names.push(path.clone());
            }
        }
    }

    fn number(&self, path: &str) -> Option<usize> {
        let wanted = path.trim_start_matches('/');
        self.names
            .iter()
            .position(|n| n.trim_start_matches('/').eq_ignore_ascii_case(wanted))
    }

    /// The object that a reference within a part means.
    fn target(&self, part: usize, item: &Item) -> Result<(Key, &Object), Cause> {
        let number = match &item.path {
            Some(path) => self.number(path),
            None => Some(part),
        };
        let found =
            number.and_then(|n| Some(((n, item.object), self.parts.get(n)?.objects.get(&item.object)?)));
        found.ok_or_else(|| Cause::Dangling {
            place: item.path.clone().unwrap_or_else(|| self.names[part].clone()),
            what: format!("object {}", item.object),
        })
    }

    /// Adds a build item to the model, unless it is not to be printed.
    fn place(&mut self, item: &Item, vendor: &Vendor, model: &mut Model) -> Result<(), Cause> {
        let (key, object) = self.target(0, item)?;
        let name = match vendor.name(item.object) {
            Some(name) if object.name.is_empty() => name.to_owned(),
            _ => object.name.clone(),
        };
        let label = if name.is_empty() {
            format!("object {}", item.object)
        } else {
            name.clone()
        };
        if object.kind == "other" {
            return Err(Cause::syntax(
                self.names[0].clone(),
                format!("the build asks for {label}, whose type 'other' must not be built"),
            ));
        }
        if !matches!(object.kind.as_str(), "" | "model") {
            let kind: String = object.kind.escape_debug().take(40).collect();
            model.warn(
                "object_type",
                format!("{label} has the type '{kind}' and is left out"),
            );
            return Ok(());
        }
        if !item.printable {
            model.warn(
                "not_printable",
                format!("{label} is marked as not printable and is left out"),
            );
            return Ok(());
        }
        let count = self.count(key, 0)?;
        self.total = self.total.saturating_add(count);
        self.limits.triangle_count(self.total)?;
        if model.objects.len() >= self.limits.instances {
            return Err(Cause::TooManyInstances(self.limits.instances));
        }
        if count == 0 {
            model.warn("no_triangles", format!("{label} has no triangles"));
            return Ok(());
        }
        let (mesh, inner) = self.flatten(key)?;
        model.objects.push(ModelObject {
            name,
            mesh,
            transform: item.transform * inner,
        });
        Ok(())
    }

    /// The triangles of an object with all its components. Each object is counted once, however often used.
    fn count(&mut self, key: Key, depth: usize) -> Result<usize, Cause> {
        match self.counts.get(&key) {
            Some(Some(count)) => return Ok(*count),
            Some(None) => return Err(Cause::Cycle(key.1.to_string())),
            None => {}
        }
        if depth > self.limits.depth {
            return Err(Cause::TooDeep {
                what: "components",
                limit: self.limits.depth,
            });
        }
        self.counts.insert(key, None);
        let items = match self.parts[key.0].objects.get(&key.1).map(|o| &o.body) {
            Some(Body::Components(items)) => items.clone(),
            Some(Body::Mesh(mesh)) => {
                let count = mesh.triangles.len();
                self.counts.insert(key, Some(count));
                return Ok(count);
            }
            None => Vec::new(),
        };
        let mut count = 0usize;
        for item in &items {
            let target = self.target(key.0, item)?.0;
            count = count.saturating_add(self.count(target, depth + 1)?);
        }
        self.counts.insert(key, Some(count));
        Ok(count)
    }

    /// The mesh of a counted object, and where it stands in it.
    fn flatten(&mut self, key: Key) -> Result<(Arc<Mesh>, Matrix4<f64>), Cause> {
        if let Some(mesh) = self.merged.get(&key) {
            return Ok((Arc::clone(mesh), Matrix4::identity()));
        }
        let items = match self.parts[key.0].objects.get(&key.1).map(|o| &o.body) {
            Some(Body::Mesh(mesh)) => return Ok((Arc::clone(mesh), Matrix4::identity())),
            Some(Body::Components(items)) => items.clone(),
            None => Vec::new(),
        };
        if let [item] = items.as_slice() {
            let target = self.target(key.0, item)?.0;
            let (mesh, inner) = self.flatten(target)?;
            return Ok((mesh, item.transform * inner));
        }
        let mut all = Mesh::default();
        for item in &items {
            let target = self.target(key.0, item)?.0;
            let (mesh, inner) = self.flatten(target)?;
            let mut mesh = Mesh::clone(&mesh);
            mesh.transform(&(item.transform * inner));
            all.triangles.append(&mut mesh.triangles);
        }
        let mesh = Arc::new(all);
        self.merged.insert(key, Arc::clone(&mesh));
        Ok((mesh, Matrix4::identity()))
    }
}
