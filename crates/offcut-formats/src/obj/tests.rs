use crate::{Limits, Model, read_model};

fn load(text: &str) -> Result<Model, String> {
    read_model(text.as_bytes(), "part.obj", &Limits::default()).map_err(|e| e.to_string())
}

fn triangles(text: &str) -> Vec<[[f32; 3]; 3]> {
    load(text).unwrap().objects[0].mesh.triangles.clone()
}

const TETRA: &str = "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\n";

#[test]
fn corners_in_every_notation() {
    let plain = triangles(&format!("{TETRA}f 1 3 2\nf 1 2 4\n"));
    assert_eq!(plain[0], [[0.0; 3], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]);
    for faces in [
        "f 1/7 3/7/9 2//9\nf 1// 2/ 4\n",
        "f -4 -2 -3\nf -4 -3 -1",
        "f 1 3 \\\n 2\r\nf 1 2 4 # comment 9",
        "usemtl x\ns off\nvt 0 0\nvn 0 0 1\nmtllib none.mtl\nf 1 3 2\rf\t1\t2\t4",
        "l 1 2\np 3\nf 1 3 2\nf 1 2 4",
    ] {
        assert_eq!(triangles(&format!("\u{feff}{TETRA}{faces}")), plain, "{faces}");
    }
    // Relative to what has been read so far, not to the end.
    assert_eq!(
        triangles("v 9 9 9\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf -3 -2 -1\nv 5 5 5\n").len(),
        1
    );
}

#[test]
fn concave_polygons_keep_their_shape() {
    let l = "v 0 0 0\nv 2 0 0\nv 2 1 0\nv 1 1 0\nv 1 3 0\nv 0 3 0\nf 6 1 2 3 4 5\n";
    let area: f32 = triangles(l)
        .iter()
        .map(|[a, b, c]| ((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])) / 2.0)
        .inspect(|a| assert!(*a > 0.0))
        .sum();
    assert!((area - 4.0).abs() < 1e-6);
}

#[test]
fn names_and_notes() {
    let model = load(&format!("o Größe 1\n{TETRA}g more\nf 1 3 2\nl 1 2\nsurf 0 1\n")).unwrap();
    assert_eq!(model.objects[0].name, "Größe 1");
    assert_eq!(
        model.warnings.iter().map(|w| w.code).collect::<Vec<_>>(),
        ["lines", "free_form"]
    );
}

#[test]
fn every_o_with_faces_is_an_object() {
    let two = format!("o a\n{TETRA}f 1 3 2\no empty\no b\nv 9 9 9\nf 1 2 4\nf 2 3 5\n");
    let model = load(&two).unwrap();
    let seen: Vec<_> = model
        .objects
        .iter()
        .map(|o| (o.name.as_str(), o.mesh.triangles.len()))
        .collect();
    assert_eq!(seen, [("a", 1), ("b", 2)]);
    // Vertex numbers go on from object to object.
    assert_eq!(model.objects[1].mesh.triangles[1][2], [9.0; 3]);
    // Faces before the first one are an object too; groups part nothing.
    let headless = load(&format!("{TETRA}g x\nf 1 3 2\ng y\nf 1 2 4\no late\nf 2 3 4\n")).unwrap();
    let counts: Vec<_> = headless.objects.iter().map(|o| o.mesh.triangles.len()).collect();
    assert_eq!(counts, [2, 1]);
}

#[test]
fn errors_name_the_line() {
    for (text, message) in [
        ("f 1 2 5", "line 5: vertex 5 (of 4 so far) doesn't exist"),
        ("f 0 1 2", "line 5: vertex 0"),
        ("f -5 1 2", "line 5: vertex -5"),
        (
            "f 1 2 99999999999999999999",
            "line 5: vertex 99999999999999999999",
        ),
        ("f 1 2", "line 5: a face with 2 corners"),
        ("f 1 2 x", "line 5: 'x' is not a vertex number"),
        ("v 1 2", "line 5: '' is not a number"),
        ("v 1 2 nan", "line 5: a coordinate is not a finite number"),
        ("v 1 2 1e300", "line 5: a coordinate is not a finite number"),
        ("v 1 2 3,5", "line 5: '3,5' has a decimal comma"),
        ("p 1", "points and lines but no faces"),
        ("", "vertices but no faces"),
    ] {
        let error = load(&format!("{TETRA}{text}\n")).unwrap_err();
        assert!(error.contains(message), "{error} / {message}");
    }
    let limits = Limits {
        triangles: 2,
        ..Limits::default()
    };
    let pentagon = format!("{TETRA}v 2 2 2\nf 1 2 3 4 5\n");
    assert!(read_model(pentagon.as_bytes(), "x.obj", &limits).is_err());
}
