use std::io::Write;
use std::sync::Arc;

use nalgebra::{Matrix4, Vector3};
use offcut_mesh::{Mesh, MeshFacts, Soundness};
use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;
use crate::{FormatError, ModelObject, read_model};

const CORE: &str = "xmlns=\"http://schemas.microsoft.com/3dmanufacturing/core/2015/02\" xmlns:p=\"http://schemas.microsoft.com/3dmanufacturing/production/2015/06\" xmlns:b=\"http://schemas.microsoft.com/3dmanufacturing/beamlattice/2017/02\"";

fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn load(parts: &[(&str, &str)]) -> Result<Model, FormatError> {
    read_model(&package(parts), "part.3mf", &Limits::default())
}

fn model(attributes: &str, resources: &str, build: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><model {CORE} {attributes}><resources>{resources}</resources><build>{build}</build></model>"
    )
}

fn one(text: &str) -> Result<Model, FormatError> {
    load(&[("3D/3dmodel.model", text)])
}

/// A right-angled corner of 1 × 1 × 1, as an object.
fn tetra(id: u32) -> String {
    format!(
        "<object id=\"{id}\" name=\"t{id}\"><mesh><vertices><vertex x=\"0\" y=\"0\" z=\"0\"/><vertex x=\"1\" y=\"0\" z=\"0\"/><vertex x=\"0\" y=\"1\" z=\"0\"/><vertex x=\"0\" y=\"0\" z=\"1\"/></vertices><triangles><triangle v1=\"0\" v2=\"2\" v3=\"1\"/><triangle v1=\"0\" v2=\"1\" v3=\"3\"/><triangle v1=\"1\" v2=\"2\" v3=\"3\"/><triangle v1=\"0\" v2=\"3\" v3=\"2\"/></triangles></mesh></object>"
    )
}

fn group(id: u32, components: &str) -> String {
    format!("<object id=\"{id}\"><components>{components}</components></object>")
}

#[test]
fn units_and_transforms() {
    let item = "<item objectid=\"1\" transform=\"0 1 0 -1 0 0 0 0 2 10 20 30\"/>";
    for (unit, mm) in [
        ("", 1.0f32),
        ("unit=\"inch\"", 25.4),
        ("unit=\"micron\"", 0.001),
        ("unit=\"foot\"", 304.8),
    ] {
        let model = one(&model(unit, &tetra(1), item)).unwrap();
        let (lo, hi) = model.objects[0].placed().bounds().unwrap();
        // x → y, y → −x, z doubled.
        let expected = [9.0, 20.0, 30.0, 10.0, 21.0, 32.0].map(|v| v * mm);
        for (ours, theirs) in lo.iter().chain(&hi).zip(expected) {
            assert!((ours - theirs).abs() < 1e-5 * 32.0 * mm, "{ours} {theirs}");
        }
    }
    let furlong = one(&model("unit=\"furlong\"", &tetra(1), item)).unwrap_err();
    assert!(furlong.to_string().contains("'furlong' is not a unit"));
}

#[test]
fn components_flatten_and_copies_share() {
    let nested = format!(
        "{}{}{}",
        tetra(1),
        group(
            2,
            "<component objectid=\"1\" transform=\"1 0 0 0 1 0 0 0 1 5 0 0\"/>"
        ),
        group(
            3,
            "<component objectid=\"2\"/><component objectid=\"1\" transform=\"-1 0 0 0 1 0 0 0 1 0 0 0\"/>"
        ),
    );
    let build = "<item objectid=\"3\"/><item objectid=\"3\" transform=\"1 0 0 0 1 0 0 0 1 0 9 0\"/><item objectid=\"2\"/><item objectid=\"1\"/>";
    let model = one(&model("", &nested, build)).unwrap();
    let [a, b, c, d] = &model.objects[..] else {
        panic!()
    };
    assert!(Arc::ptr_eq(&a.mesh, &b.mesh) && Arc::ptr_eq(&c.mesh, &d.mesh));
    assert_eq!(a.mesh.bounds().unwrap(), ([-1.0, 0.0, 0.0], [6.0, 1.0, 1.0]));
    // The mirrored one is turned too, so both add to the volume.
    assert!((a.mesh.volume() - 2.0 / 6.0).abs() < 1e-6);
    assert_eq!(c.placed().bounds().unwrap().0, [5.0, 0.0, 0.0]);
}

#[test]
fn production_parts_are_followed() {
    let root = model(
        "requiredextensions=\"p\"",
        &group(7, "<component objectid=\"1\" p:path=\"/3D/Objects/a.model\"/>"),
        "<item objectid=\"7\"/><item objectid=\"1\" p:path=\"/3D/Objects/a.model\"/>",
    );
    let part = model("", &tetra(1), "");
    let parts = [
        ("3D/3dmodel.model", root.as_str()),
        ("3D/Objects/a.model", part.as_str()),
    ];
    let read = load(&parts).unwrap();
    assert_eq!((read.objects.len(), read.triangles()), (2, 8));
    assert!(matches!(
        load(&parts[..1]).unwrap_err().cause,
        Cause::Dangling { .. }
    ));
}

#[test]
fn slicers_volumes_that_are_not_printed_go() {
    let text = model(
        "",
        &tetra(1),
        "<item objectid=\"1\"/><item objectid=\"1\" printable=\"0\"/>",
    );
    let prusa = "<config><object id=\"1\"><metadata type=\"object\" key=\"name\" value=\"Knob\"/><volume firstid=\"0\" lastid=\"1\"><metadata key=\"volume_type\" value=\"ModelPart\"/></volume><volume firstid=\"2\" lastid=\"3\"><metadata key=\"volume_type\" value=\"SupportBlocker\"/></volume></object></config>";
    let read = load(&[
        ("3D/3dmodel.model", &text),
        ("Metadata/Slic3r_PE_model.config", prusa),
    ])
    .unwrap();
    assert_eq!((read.objects.len(), read.triangles()), (1, 2));
    assert!(
        read.warnings
            .iter()
            .any(|w| w.message.contains("a support blocker"))
    );
    let both = format!(
        "{}{}{}",
        tetra(1),
        tetra(2),
        group(3, "<component objectid=\"1\"/><component objectid=\"2\"/>")
    );
    let text = model("", &both, "<item objectid=\"3\"/>");
    let bambu = "<config><object id=\"3\"><metadata key=\"name\" value=\"Knob\"/><part id=\"1\" subtype=\"normal_part\"/><part id=\"2\" subtype=\"modifier_part\"/></object></config>";
    let read = load(&[
        ("3D/3dmodel.model", &text),
        ("Metadata/model_settings.config", bambu),
    ])
    .unwrap();
    assert_eq!((read.triangles(), read.objects[0].name.as_str()), (4, "Knob"));
}

#[test]
fn hostile_packages_end() {
    let doubling: String = (2..60)
        .map(|i| {
            group(
                i,
                &format!(
                    "<component objectid=\"{0}\"/><component objectid=\"{0}\"/>",
                    i - 1
                ),
            )
        })
        .collect();
    let deep: String = (2..3000)
        .map(|i| group(i, &format!("<component objectid=\"{}\"/>", i - 1)))
        .collect();
    let cause = |resources: &str, build: &str| one(&model("", resources, build)).unwrap_err().cause;
    assert_eq!(
        cause(&format!("{}{doubling}", tetra(1)), "<item objectid=\"59\"/>"),
        Cause::TooManyTriangles(30_000_000)
    );
    assert!(matches!(
        cause(&format!("{}{deep}", tetra(1)), "<item objectid=\"2999\"/>"),
        Cause::TooDeep { .. }
    ));
    let cycle = format!(
        "{}{}",
        group(1, "<component objectid=\"2\"/>"),
        group(2, "<component objectid=\"1\"/>")
    );
    assert_eq!(cause(&cycle, "<item objectid=\"1\"/>"), Cause::Cycle("1".into()));
    for (broken, message) in [
        (
            tetra(1).replace("v1=\"0\"", "v1=\"4\""),
            "vertex 4 (of 4) doesn't exist",
        ),
        (tetra(1).replace("x=\"1\"", "x=\"nan\""), "not a finite number"),
        (tetra(1).replace("x=\"1\"", "x=\"1\" x=\"1\""), "given twice"),
        (tetra(1).replace("x=\"1\"", ""), "needs the attributes x, y, z"),
        (tetra(1).replace("</mesh>", ""), "3D/3dmodel.model"),
        (tetra(1).repeat(2), "object 1 is defined twice"),
        (
            tetra(1).replace("id=\"1\"", "id=\"1\" type=\"other\""),
            "must not be built",
        ),
        (tetra(2), "object 1 doesn't exist"),
    ] {
        let error = one(&model("", &broken, "<item objectid=\"1\"/>"))
            .unwrap_err()
            .to_string();
        assert!(error.contains(message), "{error} / {message}");
    }
    for (attributes, item, message) in [
        ("xmlns:x=\"urn:x\" requiredextensions=\"x\"", "", "urn:x"),
        ("", "transform=\"1 0 0 0 1 0 0 0 0 1 1 1\"", "flat"),
        ("", "transform=\"1 0 0\"", "3 numbers, not 12"),
    ] {
        let error = one(&model(
            attributes,
            &tetra(1),
            &format!("<item objectid=\"1\" {item}/>"),
        ))
        .unwrap_err();
        assert!(error.to_string().contains(message), "{error} / {message}");
    }
}

#[test]
fn bombs_are_refused_before_they_inflate() {
    let spaces = " ".repeat(40 << 20);
    let error = one(&model(
        "",
        &format!("{spaces}{}", tetra(1)),
        "<item objectid=\"1\"/>",
    ))
    .unwrap_err();
    assert!(matches!(error.cause, Cause::Expansion { .. }));
}

#[test]
fn beams_become_closed_bodies() {
    let lattice = tetra(1).replace("</mesh>", "<b:beamlattice radius=\"0.1\"><b:beams><b:beam v1=\"0\" v2=\"1\"/><b:beam v1=\"1\" v2=\"3\" r1=\"0.2\" r2=\"0.1\"/></b:beams></b:beamlattice></mesh>");
    let read = one(&model(
        "requiredextensions=\"b\"",
        &lattice,
        "<item objectid=\"1\"/>",
    ))
    .unwrap();
    assert!(read.warnings.iter().any(|w| w.code == "beam_lattice"));
    let parts = offcut_mesh::measure::components(Mesh::clone(&read.objects[0].mesh));
    // The tetrahedron, two beams, three balls.
    assert_eq!(parts.len(), 6);
    for part in &parts {
        let sound = Soundness::of(part);
        assert!(sound.is_sound() && MeshFacts::of(part).euler == 2);
    }
    let volume = std::f64::consts::PI * 0.01;
    assert!(parts.iter().any(|p| (p.volume() - volume).abs() < 1e-5));
}

proptest! {
    /// Written and read again, every corner is where it was.
    #[test]
    fn written_packages_read_back(
        corners in prop::collection::vec(prop::array::uniform3(-500f32..500.0), 3..60),
        shift in prop::array::uniform3(-300f64..300.0),
        turn in -3.0f64..3.0,
        mirror in any::<bool>(),
    ) {
        let mesh = Arc::new(Mesh { triangles: corners.as_chunks::<3>().0.to_vec() });
        let size = Vector3::new(if mirror { -1.5 } else { 1.5 }, 1.0, 0.5);
        let transform = Matrix4::new_translation(&Vector3::from(shift))
            * Matrix4::new_rotation(Vector3::new(0.3, turn, 1.0))
            * Matrix4::new_nonuniform_scaling(&size);
        let object = |name: &str, transform| ModelObject { name: name.into(), mesh: Arc::clone(&mesh), transform };
        let objects = [object("a & <b>", transform), object("", Matrix4::identity())];
        let bytes = write(&objects).unwrap();
        prop_assert_eq!(&bytes, &write(&objects).unwrap());
        let read = read_model(&bytes, "x.3mf", &Limits::default()).unwrap();
        prop_assert!(read.warnings.is_empty());
        prop_assert!(Arc::ptr_eq(&read.objects[0].mesh, &read.objects[1].mesh));
        prop_assert_eq!(&read.objects[0].name, "a & <b>");
        for (ours, theirs) in read.objects.iter().zip(&objects) {
            prop_assert_eq!(ours.placed(), theirs.placed());
        }
    }
}
