//! Valid files, cut and mutated: every reader gives a model or an error, never a panic.

use std::sync::Arc;

use nalgebra::Matrix4;
use offcut_formats::{Limits, ModelObject, read_model, stl, threemf};
use offcut_mesh::{Mesh, repair};
use proptest::prelude::*;

fn mesh() -> Mesh {
    let corner = |i: usize| [0, 1, 2].map(|k| if i >> k & 1 == 1 { 10.0f32 } else { 0.0 });
    const FACES: [[usize; 3]; 4] = [[0, 2, 1], [0, 1, 4], [1, 2, 4], [0, 4, 2]];
    Mesh {
        triangles: FACES.map(|f| f.map(corner)).to_vec(),
    }
}

/// A valid file of each format.
fn samples() -> Vec<(&'static str, Vec<u8>)> {
    let mesh = mesh();
    let text = |f: &dyn Fn(&[f32; 3]) -> String, t: &[[f32; 3]; 3]| t.iter().map(f).collect::<String>();
    let vertex = |v: &[f32; 3]| format!("vertex {} {} {}\n", v[0], v[1], v[2]);
    let facets: String = mesh
        .triangles
        .iter()
        .map(|t| {
            format!(
                "facet normal 0 0 0\nouter loop\n{}endloop\nendfacet\n",
                text(&vertex, t)
            )
        })
        .collect();
    let v = |v: &[f32; 3]| format!("v {} {} {}\n", v[0], v[1], v[2]);
    let obj: String = mesh
        .triangles
        .iter()
        .map(|t| format!("{}f -3 -2 -1\n", text(&v, t)))
        .collect();
    let point = |v: &[f32; 3]| {
        format!(
            "<vertex><coordinates><x>{}</x><y>{}</y><z>{}</z></coordinates></vertex>",
            v[0], v[1], v[2]
        )
    };
    let vertices: String = mesh.triangles.iter().map(|t| text(&point, t)).collect();
    let faces: String = (0..4)
        .map(|i| {
            format!(
                "<triangle><v1>{}</v1><v2>{}</v2><v3>{}</v3></triangle>",
                3 * i,
                3 * i + 1,
                3 * i + 2
            )
        })
        .collect();
    let amf = format!(
        "<?xml version=\"1.0\"?><amf unit=\"millimeter\"><object id=\"0\"><mesh><vertices>{vertices}</vertices><volume>{faces}</volume></mesh></object></amf>"
    );
    let object = ModelObject {
        name: "x".into(),
        mesh: Arc::new(mesh.clone()),
        transform: Matrix4::identity(),
    };
    vec![
        ("x.stl", stl::write(&mesh)),
        ("ascii.stl", format!("solid x\n{facets}endsolid x\n").into_bytes()),
        ("x.obj", obj.into_bytes()),
        ("x.amf", amf.into_bytes()),
        ("x.3mf", threemf::write(&[object]).unwrap_or_default()),
    ]
}

#[test]
fn samples_agree() {
    for (name, bytes) in samples() {
        let model = read_model(&bytes, name, &Limits::default());
        assert!(model.is_ok_and(|m| *m.objects[0].mesh == mesh()), "{name}");
    }
}

#[test]
fn every_truncation_ends() {
    for (name, bytes) in samples() {
        for length in 0..bytes.len() {
            if let Ok(model) = read_model(&bytes[..length], name, &Limits::default()) {
                // Text may end early without harm; a binary count may not.
                assert!(
                    model.triangles() <= 4 && name != "x.stl" && name != "x.3mf",
                    "{name} {length}"
                );
            }
        }
    }
}

proptest! {
    #[test]
    fn any_mutation_ends(
        which in 0usize..5,
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..4), 1..8),
        other in 0usize..5,
    ) {
        let samples = samples();
        let mut bytes = samples[which].1.clone();
        for (at, value, kind) in edits {
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = value,
                1 => bytes.insert(at, value),
                2 => { bytes.remove(at); }
                _ => { let from = bytes[at / 2..at].to_vec(); bytes.splice(at..at, from); }
            }
            if bytes.is_empty() { bytes.push(0); }
        }
        // Any extension: content decides first.
        if let Ok(model) = read_model(&bytes, samples[other].0, &Limits::default()) {
            for object in &model.objects {
                prop_assert!(object.placed().triangles.iter().flatten().flatten().all(|v| v.is_finite()));
                let _ = repair(object.placed());
            }
        }
    }
}
