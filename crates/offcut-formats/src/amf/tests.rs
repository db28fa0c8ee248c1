use super::*;
use crate::{FormatError, read_model};

fn load(text: &str) -> Result<Model, FormatError> {
    read_model(text.as_bytes(), "part.amf", &Limits::default())
}

fn object(id: &str, inside: &str) -> String {
    let vertex = |[x, y, z]: [u8; 3]| {
        format!("<vertex><coordinates><x>{x}</x><y> {y} </y><z>{z}</z></coordinates></vertex>")
    };
    let vertices: String = [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]].map(vertex).concat();
    let triangle = |[a, b, c]: [u8; 3]| format!("<triangle><v1>{a}</v1><v2>{b}</v2><v3>{c}</v3></triangle>");
    let triangles: String = [[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]]
        .map(triangle)
        .concat();
    format!(
        "<object id=\"{id}\"><metadata type=\"name\">part {id}</metadata><mesh><vertices>{vertices}</vertices>{inside}<volume>{triangles}</volume></mesh></object>"
    )
}

fn amf(unit: &str, content: &str) -> String {
    format!("<?xml version=\"1.0\"?>\n<amf{unit}>{content}</amf>")
}

fn instance(id: &str, inside: &str) -> String {
    format!("<instance objectid=\"{id}\">{inside}</instance>")
}

#[test]
fn units_scale() {
    for (unit, mm) in [
        ("", 1.0),
        (" unit=\"millimeter\"", 1.0),
        (" unit=\"inch\"", 25.4),
        (" unit=\"meter\"", 1000.0),
    ] {
        let model = load(&amf(unit, &object("1", ""))).unwrap();
        assert_eq!(model.unit.declared.is_some(), !unit.is_empty());
        assert!((model.unit.size[2] - mm).abs() < 1e-4);
        assert!((model.objects[0].mesh.volume() - mm * mm * mm / 6.0).abs() < 1e-4 * mm * mm * mm);
        assert_eq!(model.objects[0].name, "part 1");
    }
    assert!(load(&amf(" unit=\"furlong\"", &object("1", ""))).is_err());
}

#[test]
fn constellations_place() {
    let moved = instance("1", "<deltax>10</deltax><deltaz>5</deltaz><rz>90</rz>");
    let twice = format!("{moved}{}", instance("1", ""));
    let text = amf(
        "",
        &format!(
            "{}<constellation id=\"1\">{twice}</constellation>",
            object("1", "")
        ),
    );
    let model = load(&text).unwrap();
    assert_eq!(model.objects.len(), 2);
    assert!(Arc::ptr_eq(&model.objects[0].mesh, &model.objects[1].mesh));
    // x → y and y → −x under a quarter turn about z.
    let (lo, hi) = model.objects[0].placed().bounds().unwrap();
    for (ours, theirs) in lo.iter().chain(&hi).zip([9.0, 0.0, 5.0, 10.0, 1.0, 6.0]) {
        assert!((ours - theirs).abs() < 1e-6);
    }
    let nested = format!(
        "{}<constellation id=\"a\">{}</constellation><constellation id=\"b\">{}{}</constellation>",
        object("1", ""),
        instance("1", "<deltax>1</deltax>"),
        instance("a", "<deltay>1</deltay>"),
        instance("a", "<deltay>2</deltay>"),
    );
    assert_eq!(load(&amf("", &nested)).unwrap().objects.len(), 2);
}

#[test]
fn hostile_structures_end() {
    let group = |id: &str, to: &str| {
        format!(
            "<constellation id=\"{id}\">{}{}</constellation>",
            instance(to, ""),
            instance(to, "")
        )
    };
    let cycle = format!("{}{}{}", object("1", ""), group("a", "b"), group("b", "a"));
    assert_eq!(
        load(&amf("", &cycle)).unwrap_err().cause,
        Cause::Cycle("constellation".into())
    );
    let chain: String = (0..60)
        .map(|i| group(&format!("g{i}"), &format!("g{}", i + 1)))
        .collect();
    let doubled = format!("{}{chain}{}", object("1", ""), group("g60", "1"));
    assert_eq!(
        load(&amf("", &doubled)).unwrap_err().cause,
        Cause::TooManyInstances(100_000)
    );
    let missing = format!("{}{}", object("1", ""), group("a", "nothing"));
    assert!(matches!(
        load(&amf("", &missing)).unwrap_err().cause,
        Cause::Dangling { .. }
    ));
    let deep = "<a>".repeat(300);
    assert!(matches!(
        load(&amf("", &deep)).unwrap_err().cause,
        Cause::TooDeep { .. }
    ));
    let dtd = format!(
        "<!DOCTYPE amf [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>{}",
        amf("", &object("1", ""))
    );
    assert!(matches!(load(&dtd).unwrap_err().cause, Cause::Syntax { .. }));
    let text = amf("", &object("1", ""));
    assert!(matches!(
        load(&text[..text.len() - 9]).unwrap_err().cause,
        Cause::Truncated(_)
    ));
    assert!(matches!(
        load(&text.replace("<v3>3", "<v3>4")).unwrap_err().cause,
        Cause::Dangling { .. }
    ));
}

#[test]
fn modifiers_and_curves_are_told() {
    let modifier = "<volume><metadata type=\"slic3r.modifier\">1</metadata><triangle><v1>0</v1><v2>1</v2><v3>2</v3></triangle></volume>";
    let model = load(&amf("", &object("1", modifier))).unwrap();
    assert_eq!((model.triangles(), model.warnings[0].code), (4, "volumes"));
    let curved = object("1", "").replace("</vertices>", "<edge><v1>0</v1></edge></vertices>");
    assert_eq!(load(&amf("", &curved)).unwrap().warnings[0].code, "curved_edges");
}
