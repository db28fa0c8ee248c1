use crate::{Cause, DrawingFile, Limits, read_drawing};
use offcut_geometry::drawing::{Curve, Operation};
use std::f64::consts::{PI, TAU};

fn near(a: f64, b: f64, tol: f64) {
    assert!((a - b).abs() <= tol, "{a} is not {b} within {tol}");
}

/// A file of the given header and entity groups, written as "code value" lines.
fn dxf(header: &str, blocks: &str, entities: &str) -> String {
    let groups = |text: &str| {
        text.lines()
            .map(str::trim)
            .filter(|l| !l.is_empty())
            .map(|l| l.split_once(' ').unwrap_or((l, "")))
            .map(|(c, v)| format!("{c}\n{v}\n"))
            .collect::<String>()
    };
    let section = |name: &str, text: &str| format!("0\nSECTION\n2\n{name}\n{}0\nENDSEC\n", groups(text));
    section("HEADER", header) + &section("BLOCKS", blocks) + &section("ENTITIES", entities) + "0\nEOF\n"
}

fn read(text: &str) -> Result<DrawingFile, Cause> {
    read_drawing(text.as_bytes(), "test.dxf", None, &Limits::default()).map_err(|e| e.cause)
}

const MM: &str = "9 $INSUNITS\n70 4";

#[test]
fn bulges_turn_to_arcs() {
    // A slot of two half circles, drawn from below (extrusion down): x is mirrored.
    let text = dxf(
        MM,
        "",
        "0 LWPOLYLINE\n8 CUT\n90 4\n70 1\n10 0\n20 0\n10 10\n20 0\n42 1\n10 10\n20 6\n10 0\n20 6\n42 1\n210 0\n220 0\n230 -1",
    );
    let file = read(&text).unwrap();
    let d = &file.drawing;
    assert!(d.paths[0].closed);
    near(d.length(), 20.0 + 6.0 * PI, 1e-9);
    near(d.bounds().min.x, -13.0, 1e-9);
    near(d.bounds().max.x, 3.0, 1e-9);
    assert_eq!(
        d.segments
            .iter()
            .filter(|s| matches!(s.curve, Curve::Arc(_)))
            .count(),
        2
    );
    assert_eq!(d.layers[0].operation, Some(Operation::Cut));
}

#[test]
fn blocks_are_placed_turned_mirrored_and_repeated() {
    let blocks = "0 BLOCK\n2 hole\n10 1\n20 1\n0 CIRCLE\n8 0\n10 1\n20 1\n40 2\n0 ENDBLK\n\
                  0 BLOCK\n2 pair\n10 0\n20 0\n0 INSERT\n2 HOLE\n10 0\n20 0\n0 INSERT\n2 hole\n10 10\n20 0\n0 ENDBLK";
    let entities = "0 INSERT\n8 L\n2 PAIR\n10 100\n20 0\n50 90\n41 -1\n70 3\n71 2\n44 30\n45 20";
    let file = read(&dxf(MM, blocks, entities)).unwrap();
    let d = &file.drawing;
    assert_eq!(d.paths.len(), 12);
    near(d.length(), 12.0 * TAU * 2.0, 1e-9);
    // Columns run up after the quarter turn, rows to the left; the mirrored pair reaches down.
    let b = d.bounds();
    near(b.min.x, 100.0 - 20.0 - 2.0, 1e-9);
    near(b.max.x, 102.0, 1e-9);
    near(b.min.y, -12.0, 1e-9);
    near(b.max.y, 62.0, 1e-9);
    assert_eq!(d.layers[0].name, "L");
    // Scaled unevenly a circle is an ellipse; its length is that of Ramanujan's second formula to 1e-4.
    let file = read(&dxf(MM, blocks, "0 INSERT\n2 HOLE\n10 0\n20 0\n41 3\n42 1.5")).unwrap();
    let (a, b) = (6.0f64, 3.0f64);
    let h = ((a - b) / (a + b)).powi(2);
    let length = PI * (a + b) * (1.0 + 3.0 * h / (10.0 + (4.0 - 3.0 * h).sqrt()));
    near(file.drawing.length(), length, 1e-4);
}

#[test]
fn blocks_in_themselves_and_bombs_are_refused() {
    let cycle = "0 BLOCK\n2 A\n0 INSERT\n2 B\n0 ENDBLK\n0 BLOCK\n2 B\n0 INSERT\n2 A\n0 ENDBLK";
    assert!(matches!(
        read(&dxf(MM, cycle, "0 INSERT\n2 A")),
        Err(Cause::Dangling { .. })
    ));
    let bomb: String = (1..12)
        .map(|i| {
            format!(
                "0 BLOCK\n2 B{i}\n0 INSERT\n2 B{}\n70 30\n71 30\n44 1\n45 1\n0 ENDBLK\n",
                i - 1
            )
        })
        .collect();
    let bomb = format!("0 BLOCK\n2 B0\n0 LINE\n10 0\n20 0\n11 1\n21 0\n0 ENDBLK\n{bomb}");
    assert!(matches!(
        read(&dxf(MM, &bomb, "0 INSERT\n2 B11")),
        Err(Cause::TooManyInstances(_) | Cause::TooManySegments(_))
    ));
    let huge = "0 INSERT\n2 A\n70 32000\n71 32000";
    assert!(matches!(
        read(&dxf(MM, cycle, huge)),
        Err(Cause::TooManyInstances(_))
    ));
}

#[test]
fn hidden_layers_paper_space_and_annotations_are_reported() {
    let text = "0\nSECTION\n2\nTABLES\n0\nTABLE\n2\nLAYER\n0\nLAYER\n2\nOff\n70\n0\n62\n-1\n0\nLAYER\n2\nIce\n70\n1\n62\n3\n0\nENDTAB\n0\nENDSEC\n"
        .to_owned()
        + &dxf(
            MM,
            "",
            "0 LINE\n8 OFF\n10 0\n20 0\n11 9\n21 0\n0 LINE\n8 ice\n10 0\n20 0\n11 9\n21 0\n0 LINE\n8 On\n10 0\n20 0\n11 5\n21 0\n\
             0 LINE\n67 1\n10 0\n20 0\n11 9\n21 0\n0 ATTDEF\n40 2\n1 hello\n0 HATCH\n0 LINE\n60 1\n10 0\n20 0\n11 9\n21 0",
        );
    let file = read(&text).unwrap();
    near(file.drawing.length(), 5.0, 1e-12);
    let whys: Vec<&str> = file.ignored.iter().map(|i| i.why).collect();
    for part in [
        "off",
        "frozen",
        "paper space",
        "template",
        "filled area",
        "hidden",
    ] {
        assert!(whys.iter().any(|w| w.contains(part)), "{part} is not in {whys:?}");
    }
}

#[test]
fn units_come_with_their_evidence() {
    let line = |length: f64| format!("0 LINE\n10 0\n20 0\n11 {length}\n21 1");
    let inch = read(&dxf("9 $INSUNITS\n70 1", "", &line(10.0))).unwrap();
    near(inch.drawing.bounds().size().x, 254.0, 1e-9);
    assert!(inch.unit.stated && inch.settled().is_ok());
    // 500 inches are no sheet, 500 mm are: both readings are shown.
    let lies = read(&dxf("9 $INSUNITS\n70 1", "", &line(500.0))).unwrap();
    let error = lies.settled().unwrap_err().to_string();
    assert!(
        error.contains("12700") && error.contains("500.0") && error.contains("--unit"),
        "{error}"
    );
    let none = read(&dxf("", "", &line(100.0))).unwrap();
    assert!(!none.unit.stated && none.settled().is_ok());
    assert!(none.warnings.iter().any(|w| w.code == "unit"));
    let imperial = read(&dxf("9 $MEASUREMENT\n70 0", "", &line(12.0))).unwrap();
    assert!(imperial.settled().is_err());
    let unit = crate::DrawingUnit::named("in");
    let told = read_drawing(
        dxf(MM, "", &line(10.0)).as_bytes(),
        "a.dxf",
        unit,
        &Limits::default(),
    )
    .unwrap();
    near(told.drawing.bounds().size().x, 254.0, 1e-9);
}

#[test]
fn broken_files_end_in_one_error() {
    let good = dxf(
        MM,
        "",
        "0 LINE\n10 0\n20 0\n11 9\n21 0\n0 CIRCLE\n10 5\n20 5\n40 2",
    );
    let cut = &good[..good.len() - 40];
    assert!(
        matches!(read(cut), Err(Cause::Truncated(_)) | Err(Cause::Syntax { .. })),
        "{:?}",
        read(cut).err()
    );
    assert!(matches!(
        read(&dxf(MM, "", "0 LINE\n10 nan\n20 0")),
        Err(Cause::NotFinite(_))
    ));
    assert!(matches!(
        read(&dxf(MM, "", "0 LINE\n10 1,5\n20 0")),
        Err(Cause::Syntax { .. })
    ));
    assert!(matches!(
        read(&dxf(MM, "", "0 LINE\n10 1e300\n20 0\n11 0")),
        Err(Cause::TooFar { .. })
    ));
    assert!(matches!(
        read(&dxf(MM, "", "0 SPLINE\n71 3\n10 0\n20 0\n10 1\n20 1\n40 0\n40 1")),
        Err(Cause::Syntax { .. })
    ));
    let empty = read(&dxf(MM, "", "0 HATCH\n8 only")).unwrap_err().to_string();
    assert!(empty.contains("1 HATCH"), "{empty}");
    assert!(matches!(
        read("0\nSECTION\n2\nENTITIES\nxyz\n"),
        Err(Cause::Syntax { .. })
    ));
}

/// The same drawing in the binary form of R13 and of R12.
#[test]
fn binary_files_read_as_their_text() {
    let groups: &[(i16, &str)] = &[
        (0, "SECTION"),
        (2, "ENTITIES"),
        (0, "CIRCLE"),
        (8, "A"),
        (10, "5"),
        (20, "6"),
        (40, "2.5"),
        (62, "1"),
        (0, "ENDSEC"),
        (0, "EOF"),
    ];
    for old in [false, true] {
        let mut bytes = b"AutoCAD Binary DXF\r\n\x1a\0".to_vec();
        for (code, value) in groups {
            if old {
                bytes.push(*code as u8);
            } else {
                bytes.extend(code.to_le_bytes());
            }
            match code {
                10..=59 => bytes.extend(value.parse::<f64>().unwrap().to_le_bytes()),
                60..=79 => bytes.extend(value.parse::<i16>().unwrap().to_le_bytes()),
                _ => {
                    bytes.extend(value.as_bytes());
                    bytes.push(0);
                }
            }
        }
        let file = read_drawing(&bytes, "b.dxf", None, &Limits::default()).unwrap();
        near(file.drawing.length(), TAU * 2.5, 1e-9);
        assert!(file.variant.contains("binary"));
        let cut = read_drawing(&bytes[..bytes.len() - 30], "b.dxf", None, &Limits::default());
        assert!(cut.is_err());
    }
}

#[test]
fn written_files_read_the_same() {
    let entities = "0 LWPOLYLINE\n8 Out/er\n62 1\n70 1\n10 0\n20 0\n10 10\n20 0\n42 0.5\n10 10\n20 8\n10 0\n20 8\n\
                    0 CIRCLE\n8 holes\n62 5\n10 4\n20 4\n40 1.5\n0 ELLIPSE\n8 holes\n10 7\n20 3\n11 2\n21 0\n40 0.5\n41 0\n42 6.283185307179586\n\
                    0 LINE\n8 score\n10 1\n20 1\n11 2\n21 2";
    let first = read(&dxf(MM, "", entities)).unwrap();
    let text = super::write(&first.drawing);
    let again = read(&text).unwrap();
    assert_eq!(again.unit.reading.millimetres, 1.0);
    assert!(again.warnings.is_empty(), "{:?}", again.warnings);
    assert_eq!(first.drawing.paths.len(), again.drawing.paths.len());
    for (p, q) in first.drawing.paths.iter().zip(&again.drawing.paths) {
        let (a, b) = (first.drawing.run(p), again.drawing.run(q));
        near(
            offcut_geometry::drawing::length(a),
            offcut_geometry::drawing::length(b),
            1e-9,
        );
        assert_eq!((p.closed, p.color), (q.closed, q.color));
    }
    let names: Vec<&str> = again.drawing.layers.iter().map(|l| l.name.as_str()).collect();
    assert_eq!(names, ["Out_er", "holes", "score"]);
}

#[test]
fn texts_become_outlines() {
    let size = |entity: &str| {
        let file = read(&dxf(MM, "", entity)).unwrap();
        assert!(file.drawing.paths.iter().all(|p| p.text && p.closed));
        file.drawing.bounds()
    };
    // Capitals without overshoot are as high as the text says, and stand on the baseline.
    let b = size("0 TEXT\n10 5\n20 7\n40 10\n1 HE");
    near(b.min.y, 7.0, 1e-6);
    near(b.max.y, 17.0, 1e-6);
    assert!(b.min.x > 5.0 && b.min.x < 7.0);
    // Turned, and centred on its second point.
    let b = size("0 TEXT\n10 0\n20 0\n11 50\n21 50\n72 1\n73 2\n50 90\n40 10\n1 HIH");
    near((b.min.x + b.max.x) / 2.0, 50.0, 1e-6);
    near((b.min.y + b.max.y) / 2.0, 50.0, 0.2);
    near(b.size().x, 10.0, 1e-6);
    // Fitted between two points.
    let b = size("0 TEXT\n10 0\n20 0\n11 80\n21 0\n72 5\n40 10\n1 HH");
    assert!(b.size().x > 65.0 && b.min.x > 0.0 && b.max.x < 80.0);
    near(b.size().y, 10.0, 1e-6);
    // Two lines hang from the upper left corner, 5/3 of the height apart.
    let b = size("0 MTEXT\n10 0\n20 0\n40 6\n71 1\n1 H\\PH");
    near(b.max.y, 0.0, 1e-6);
    near(b.min.y, -16.0, 1e-6);
    // A block's text follows its insert.
    let block = "0 BLOCK\n2 B\n10 0\n20 0\n0 TEXT\n40 1\n1 H\n0 ENDBLK";
    let file = read(&dxf(MM, block, "0 INSERT\n2 B\n10 100\n20 0\n41 4\n42 4")).unwrap();
    near(file.drawing.bounds().size().y, 4.0, 1e-6);
}
