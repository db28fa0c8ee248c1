//! Damaged drawings end in one error or in a drawing whose parts can be formed and written.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use offcut_cut::parts::nest_polygon;
use offcut_cut::{JOIN_TOLERANCE, contours, parts};
use offcut_formats::{Limits, dxf, lbrn, read_drawing, svg};

const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='90mm' height='90mm' viewBox='0 0 90 90'>\
<style>.a{stroke:red;fill:none}</style><defs><symbol id='s' viewBox='0 0 9 9'><circle cx='4' cy='4' r='3'/></symbol></defs>\
<g transform='rotate(30) scale(2,1)' class='a'><rect x='5' y='5' width='20' height='9' rx='2'/>\
<path class='a' d='M1 2C3 4 5 6 7 8S1 2 3 4Q5 6 7 8T9 9a3 4 20 1 0 5 6H1V2z m3 3l4 4'/></g>\
<use href='#s' x='9' width='20' height='20'/><text x='5' y='50' font-size='9'>Ab</text></svg>";

/// A small DXF file with most kinds of entities, and the same drawing in the other formats.
fn samples() -> Vec<(&'static str, Vec<u8>)> {
    let groups = "0 SECTION 2 HEADER 9 $INSUNITS 70 4 0 ENDSEC 0 SECTION 2 BLOCKS 0 BLOCK 2 B 10 1 20 1 0 CIRCLE 10 1 20 1 \
                  40 2 0 ENDBLK 0 ENDSEC 0 SECTION 2 ENTITIES 0 LINE 8 A 10 0 20 0 11 9 21 4 0 ARC 10 3 20 3 40 2 50 30 51 200 \
                  0 LWPOLYLINE 70 1 10 0 20 0 42 0.5 10 9 20 0 10 9 20 9 0 SPLINE 70 8 71 2 40 0 40 1 40 2 40 3 40 4 40 5 40 6 \
                  10 0 20 0 10 1 20 2 10 2 20 0 10 3 20 2 0 ELLIPSE 10 5 20 5 11 3 21 1 40 0.5 41 0 42 3 0 INSERT 2 B 10 20 20 5 \
                  41 2 42 -1 50 30 70 2 44 9 0 POLYLINE 66 1 70 1 0 VERTEX 10 0 20 0 0 VERTEX 10 5 20 0 42 1 0 VERTEX 10 5 20 5 \
                  0 SEQEND 0 TEXT 1 x 0 ENDSEC 0 EOF";
    let dxf_text = groups.split_whitespace().fold(String::new(), |t, w| t + w + "\n");
    let drawing = read_drawing(SVG.as_bytes(), "a.svg", None, &Limits::default())
        .expect("the sample")
        .drawing;
    vec![
        ("a.svg", SVG.as_bytes().to_vec()),
        ("a.dxf", dxf_text.into_bytes()),
        ("a.lbrn2", lbrn::write(&drawing).into_bytes()),
    ]
}

fn try_all(bytes: &[u8], name: &str) {
    let limits = Limits {
        segments: 20_000,
        instances: 1_000,
        drawing_coordinate: 1e6,
        ..Limits::default()
    };
    let file = match read_drawing(bytes, name, None, &limits) {
        Ok(file) => file,
        Err(e) => {
            let message = e.to_string();
            assert!(message.starts_with(name) && !message.contains('\n'), "{message}");
            return;
        }
    };
    let mut found = contours(&file.drawing, JOIN_TOLERANCE);
    for part in &parts(&mut found).parts {
        let _ = nest_polygon(part, &found.list, 0.05);
    }
    // What a mutation made tiny may vanish when it is written.
    let size = file.drawing.bounds().size();
    if size.x.max(size.y) < 1.0 {
        return;
    }
    for (name, text) in [
        ("again.svg", svg::write(&file.drawing)),
        ("again.dxf", dxf::write(&file.drawing)),
        ("again.lbrn2", lbrn::write(&file.drawing)),
    ] {
        let again = read_drawing(text.as_bytes(), name, None, &Limits::default());
        assert!(
            again.is_ok(),
            "{:?} of {}",
            again.err(),
            String::from_utf8_lossy(bytes)
        );
    }
}

#[test]
fn samples_are_drawings() {
    for (name, bytes) in samples() {
        assert!(
            read_drawing(&bytes, name, None, &Limits::default()).is_ok(),
            "{name}"
        );
        try_all(&bytes, name);
    }
}

#[test]
fn every_truncation_ends() {
    for (name, bytes) in samples() {
        for end in (0..bytes.len()).step_by(1 + bytes.len() / 300) {
            try_all(&bytes[..end], name);
        }
    }
}
