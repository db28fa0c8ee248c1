use super::*;
use crate::read_model;

const CUBE: &str = "solid box\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 2 0 0\nvertex 0 2 1e1\nendloop\nendfacet\nendsolid box\n";
const CORNERS: Triangle = [[0.0, 0.0, 0.0], [2.0, 0.0, 0.0], [0.0, 2.0, 10.0]];

fn load(bytes: &[u8]) -> Result<Model, String> {
    read_model(bytes, "part.stl", &Limits::default()).map_err(|e| e.to_string())
}

fn triangles(bytes: &[u8]) -> Vec<Triangle> {
    load(bytes).unwrap().objects[0].mesh.triangles.clone()
}

fn binary(count: u32, facets: usize) -> Vec<u8> {
    let mut bytes = write(&Mesh {
        triangles: vec![CORNERS; facets],
    });
    bytes[80..84].copy_from_slice(&count.to_le_bytes());
    bytes
}

#[test]
fn dirty_text_reads_the_same() {
    let dirty = [
        CUBE.to_owned(),
        CUBE.replace('\n', "\r\n"),
        CUBE.replace('\n', "\r"),
        format!("\u{feff}{CUBE}"),
        CUBE.to_ascii_uppercase(),
        CUBE.replace(' ', "\t").replace("box", ""),
        CUBE.replace("\n", "\n\n  "),
        CUBE.replace("endsolid box\n", ""),
        CUBE.replace("0 0 1\n", "nan inf -1.#IND\n"),
        CUBE.replace("endfacet", "endfacet and more")
            .replace("endloop", "endloop !"),
        CUBE.replace("solid box", "solid facet vertex 1 2 3"),
        CUBE.replace('\n', " "),
        format!("{CUBE}\0\0\x01\x02 noise"),
        CUBE.trim_end().to_owned(),
    ];
    for text in &dirty {
        assert_eq!(triangles(text.as_bytes()), [CORNERS], "{text:?}");
    }
    assert_eq!(triangles(CUBE.repeat(3).as_bytes()), [CORNERS; 3]);
}

#[test]
fn oddities_are_told() {
    let codes = |bytes: &[u8]| {
        load(bytes)
            .unwrap()
            .warnings
            .iter()
            .map(|w| w.code)
            .collect::<Vec<_>>()
    };
    assert_eq!(codes(CUBE.as_bytes()), [""; 0]);
    assert_eq!(
        codes(CUBE.replace("endsolid box\n", "").as_bytes()),
        ["no_endsolid"]
    );
    assert_eq!(codes(format!("{CUBE}\0noise").as_bytes()), ["trailing_data"]);
    assert_eq!(codes(CUBE.repeat(2).as_bytes()), ["solids"]);
    assert_eq!(codes(&binary(0, 2)), ["facet_count"]);
    assert_eq!(codes(&binary(u32::MAX, 2)), ["facet_count"]);
    assert_eq!(codes(&binary(1, 2)), ["facet_count"]);
}

#[test]
fn broken_text_is_refused_with_its_line() {
    for (text, message) in [
        (CUBE.replace("1e1", "1,5"), "line 6: '1,5' has a decimal comma"),
        (
            CUBE.replace("1e1", "1.#QNAN"),
            "line 6: a coordinate is not a finite number",
        ),
        (
            CUBE.replace("1e1", "1e39"),
            "line 6: a coordinate is not a finite number",
        ),
        (CUBE.replace("1e1", "x"), "line 6: 'x' is not a number"),
        (CUBE.replace("1e1", "1e9"), "beyond ±32768 mm"),
        (CUBE.replace("vertex 2 0 0\n", ""), "a facet has 2 corners, not 3"),
        (
            CUBE.replace("endloop", "vertex 1 1 1\nendloop"),
            "a facet has 4 corners, not 3",
        ),
        (CUBE[..60].to_owned(), "cut off: it ends within facet 1"),
        ("solid x\nendsolid x\n".to_owned(), "no triangles"),
    ] {
        let error = load(text.as_bytes()).unwrap_err();
        assert!(
            error.starts_with("part.stl: ") && error.contains(message),
            "{error} / {message}"
        );
    }
}

#[test]
fn binary_header_may_say_solid() {
    let mut bytes = binary(3, 3);
    bytes[..11].copy_from_slice(b"solid facet");
    assert_eq!(triangles(&bytes), [CORNERS; 3]);
    assert_eq!(load(&bytes).unwrap().variant, "binary");
}

#[test]
fn binary_counts_are_not_trusted() {
    for (bytes, message) in [
        (
            binary(4_000_000_000, 2),
            "promises 4000000000 facets and only 2 follow",
        ),
        (
            binary(3, 3)[..200].to_vec(),
            "promises 3 facets and only 2 follow",
        ),
        (binary(0, 0), "no facets"),
        (vec![7; 50], "less than an STL header"),
    ] {
        let error = load(&bytes).unwrap_err();
        assert!(error.contains(message), "{error}");
    }
    assert_eq!(triangles(&binary(1, 2)).len(), 1);
}

#[test]
fn binary_coordinates_are_checked() {
    for (value, message) in [
        (f32::NAN, "facet 2: a coordinate is not a finite number"),
        (f32::INFINITY, "facet 2: a coordinate is not a finite number"),
        (1e9, "1.0000e9 mm, beyond"),
    ] {
        let mut bytes = binary(2, 2);
        bytes[84 + 50 + 20..][..4].copy_from_slice(&value.to_le_bytes());
        let error = load(&bytes).unwrap_err();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn limits_hold() {
    let limits = Limits {
        triangles: 2,
        ..Limits::default()
    };
    for bytes in [binary(3, 3), CUBE.repeat(3).into_bytes()] {
        let error = read_model(&bytes, "x.stl", &limits).unwrap_err();
        assert_eq!(error.cause, Cause::TooManyTriangles(2));
    }
    let limits = Limits {
        file_bytes: 100,
        ..Limits::default()
    };
    assert!(matches!(
        read_model(&binary(3, 3), "x.stl", &limits).unwrap_err().cause,
        Cause::FileTooLarge { .. }
    ));
}

#[test]
fn the_oracle_reads_the_same() {
    let mesh = Mesh {
        triangles: vec![CORNERS, [[1.5, -2.0, 3.0], [4.0, 5.5, 6.0], [7.0, 8.0, -9.25]]],
    };
    let bytes = write(&mesh);
    let oracle = stl_io::read_stl(&mut std::io::Cursor::new(&bytes)).unwrap();
    let theirs: Vec<Triangle> = oracle
        .faces
        .iter()
        .map(|f| f.vertices.map(|i| [0, 1, 2].map(|k| oracle.vertices[i][k])))
        .collect();
    assert_eq!(theirs, mesh.triangles);
    assert_eq!(triangles(&bytes), mesh.triangles);
}
