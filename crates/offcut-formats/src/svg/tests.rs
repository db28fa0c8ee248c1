use crate::{Cause, DrawingFile, Limits, read_drawing};
use offcut_geometry::drawing::{Color, Curve, Paint, length};
use std::f64::consts::{PI, TAU};

fn near(a: f64, b: f64, tol: f64) {
    assert!((a - b).abs() <= tol, "{a} is not {b} within {tol}");
}

/// A file of 100 × 50 mm with some content.
fn svg(content: &str) -> String {
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:inkscape='http://www.inkscape.org/namespaces/inkscape' \
         width='100mm' height='50mm' viewBox='0 0 100 50' fill='none' stroke='black'>{content}</svg>"
    )
}

fn read(text: &str) -> Result<DrawingFile, Cause> {
    read_drawing(text.as_bytes(), "test.svg", None, &Limits::default()).map_err(|e| e.cause)
}

#[test]
fn circles_and_arcs_stay_arcs() {
    let file = read(&svg(
        "<circle cx='20' cy='10' r='5' transform='rotate(30) scale(2)'/><path d='M10 40a5 5 0 1 1 10 0'/>",
    ))
    .unwrap();
    let d = &file.drawing;
    assert!(d.segments.iter().all(|s| matches!(s.curve, Curve::Arc(_))));
    near(length(d.run(&d.paths[0])), TAU * 10.0, 1e-9);
    near(length(d.run(&d.paths[1])), PI * 5.0, 1e-9);
    // Sweep 1 turns over the top of the page; y is up here.
    let b = offcut_geometry::drawing::bounds(d.run(&d.paths[1]));
    near(b.max.y, 50.0 - 35.0, 1e-9);
    near(b.min.y, 10.0, 1e-9);
}

#[test]
fn rounded_rectangles_have_exact_lengths() {
    let file = read(&svg("<rect x='5' y='5' width='40' height='20' rx='4'/>")).unwrap();
    near(file.drawing.length(), 2.0 * (32.0 + 12.0) + TAU * 4.0, 1e-9);
    assert!(file.drawing.paths[0].closed);
    let d = &file.drawing;
    assert!(d.segments.windows(2).all(|w| w[0].b == w[1].a));
    assert_eq!(d.segments[d.segments.len() - 1].b, d.segments[0].a);
}

#[test]
fn all_path_commands_are_followed() {
    // Each draws the same square or curve in another way.
    for d in [
        "M1 1H5V5H1Z",
        "m1 1h4v4h-4z",
        "M1,1L5,1 5,5 1,5z",
        "M1 1l4 0l0 4l-4 0Z",
    ] {
        let file = read(&svg(&format!("<path d='{d}'/>"))).unwrap();
        near(file.drawing.length(), 16.0, 1e-12);
        assert!(file.drawing.paths[0].closed);
    }
    let a = read(&svg("<path d='M0 0C0 5 5 10 10 10S20 15 20 20'/>")).unwrap();
    let b = read(&svg("<path d='M0 0C0 5 5 10 10 10C15 10 20 15 20 20'/>")).unwrap();
    near(a.drawing.length(), b.drawing.length(), 1e-12);
    let a = read(&svg("<path d='M0 0Q5 10 10 0T20 0'/>")).unwrap();
    let b = read(&svg("<path d='M0 0q5 10 10 0q5 -10 10 0'/>")).unwrap();
    near(a.drawing.length(), b.drawing.length(), 1e-12);
    // Two subpaths, the second after a close without a move.
    let file = read(&svg("<path d='M0 0h4v4z l-3 0'/>")).unwrap();
    assert_eq!(file.drawing.paths.len(), 2);
}

#[test]
fn styles_decide_what_is_drawn() {
    let file = read(&svg(
        "<style>.a{stroke:#f00} #x{stroke:blue !important} g > .b{display:none}</style>\
         <path class='a' d='M0 0h1'/><path id='x' class='a' style='stroke:lime' d='M0 0h2'/>\
         <g><path class='b' d='M0 0h4'/></g><path stroke='none' d='M0 0h8'/>\
         <path stroke='none' fill='#123' d='M0 0h3v4'/><g visibility='hidden'><path d='M0 0h16'/>\
         <path visibility='visible' d='M0 0h5'/></g><path opacity='0' d='M0 0h32'/><path stroke-opacity='0' d='M0 0h64'/>",
    ))
    .unwrap();
    let d = &file.drawing;
    let found: Vec<_> = d
        .paths
        .iter()
        .map(|p| (length(d.run(p)), p.color, p.paint))
        .collect();
    let expected = [
        (1.0, Some(Color(255, 0, 0)), Paint::Stroke),
        (2.0, Some(Color(0, 0, 255)), Paint::Stroke),
        // An area is closed.
        (12.0, Some(Color(0x11, 0x22, 0x33)), Paint::Fill),
        (5.0, Some(Color(0, 0, 0)), Paint::Stroke),
    ];
    assert_eq!(found, expected);
    assert_eq!(
        file.ignored.iter().map(|i| i.count).sum::<usize>(),
        5,
        "{:?}",
        file.ignored
    );
}

#[test]
fn clips_masks_and_foreign_elements_are_reported() {
    let file = read(&svg(
        "<clipPath id='c'><rect width='1' height='1'/></clipPath><path clip-path='url(#c)' d='M0 0h9'/>\
         <foreignObject/><image href='other.png'/><path marker-end='url(#m)' d='M0 0h9'/>",
    ))
    .unwrap();
    let what: Vec<&str> = file.ignored.iter().map(|i| i.what.as_str()).collect();
    for w in ["clip path", "foreignObject", "image", "marker"] {
        assert!(what.contains(&w), "{w} is not in {what:?}");
    }
    near(file.drawing.length(), 18.0, 1e-12);
}

#[test]
fn use_and_symbols_are_placed() {
    let file = read(&svg(
        "<defs><g id='p'><circle r='1'/></g><symbol id='s' viewBox='0 0 10 10'><circle cx='5' cy='5' r='5'/></symbol></defs>\
         <use href='#p' x='10' y='10'/><use href='#s' x='20' y='20' width='20' height='20'/>",
    ))
    .unwrap();
    near(file.drawing.length(), TAU * 11.0, 1e-9);
    near(file.drawing.bounds().max.x, 40.0, 1e-9);
    assert!(matches!(
        read(&svg("<use href='#no'/>")),
        Err(Cause::Dangling { .. })
    ));
    assert!(matches!(
        read(&svg("<g id='a'><use href='#a'/><path d='M0 0h1'/></g>")),
        Err(Cause::TooDeep { .. })
    ));
    let bomb: String = (1..40)
        .map(|i| format!("<g id='g{i}'><use href='#g{0}'/><use href='#g{0}'/></g>", i - 1))
        .collect();
    let limits = Limits {
        segments: 10_000,
        ..Limits::default()
    };
    let bomb = svg(&format!(
        "<defs><path id='g0' d='M0 0h1'/>{bomb}</defs><use href='#g39'/>"
    ));
    assert!(read_drawing(bomb.as_bytes(), "bomb.svg", None, &limits).is_err());
}

#[test]
fn sizes_come_from_units_and_creators() {
    let root = |attributes: &str| {
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' xmlns:inkscape='http://www.inkscape.org/namespaces/inkscape' \
             {attributes}><path stroke='black' d='M0 0H90'/></svg>"
        )
    };
    let width = |attributes: &str| read(&root(attributes)).unwrap().drawing.bounds().size().x;
    near(
        width("width='90mm' height='90mm' viewBox='0 0 90 90'"),
        90.0,
        1e-9,
    );
    near(width("width='1in' height='1in' viewBox='0 0 90 90'"), 25.4, 1e-9);
    near(width("width='90' height='90'"), 90.0 * 25.4 / 96.0, 1e-9);
    near(width("viewBox='0 0 90 90'"), 90.0 * 25.4 / 96.0, 1e-9);
    near(
        width("width='90' height='90' inkscape:version='0.48.4 r9939'"),
        25.4,
        1e-9,
    );
    near(
        width("width='90' height='90' inkscape:version='1.2'"),
        90.0 * 25.4 / 96.0,
        1e-9,
    );
    let old = read(&root("width='90' inkscape:version='0.91 r13725'")).unwrap();
    assert!(
        old.warnings.iter().any(|w| w.message.contains("90 pixels")),
        "{:?}",
        old.warnings
    );
    assert!(old.settled().is_ok());
    // Millimetres across and inches down.
    let mixed = read(&root("width='90mm' height='90in' viewBox='0 0 90 90'")).unwrap();
    let error = mixed.settled().unwrap_err().to_string();
    assert!(error.contains("90.0") && error.contains("2286.0"), "{error}");
    let unit = crate::DrawingUnit::named("cm");
    let told = read_drawing(
        root("width='90' height='9'").as_bytes(),
        "a.svg",
        unit,
        &Limits::default(),
    )
    .unwrap();
    near(told.drawing.bounds().size().x, 900.0, 1e-9);
}

#[test]
fn layers_are_named_and_texts_outlined() {
    let file = read(&svg(
        "<g inkscape:groupmode='layer' inkscape:label='Score lines'><path d='M0 0h1'/></g>\
         <text x='10' y='20' font-size='10' text-anchor='middle' fill='black' stroke='none'>O<tspan>I</tspan></text>",
    ))
    .unwrap();
    let d = &file.drawing;
    assert_eq!(d.layers[d.paths[0].layer as usize].name, "Score lines");
    let letters: Vec<_> = d.paths.iter().filter(|p| p.text).collect();
    // The ring has two outlines, the stroke one.
    assert_eq!(letters.len(), 3);
    let b = letters
        .iter()
        .fold(offcut_geometry::drawing::Bounds::EMPTY, |b, p| {
            b.union(&offcut_geometry::drawing::bounds(d.run(p)))
        });
    // Capitals of a font of 10 mm are about 7 mm high and stand on the line.
    assert!(b.min.y > 29.5 && b.min.y < 30.1, "{b:?}");
    assert!(b.size().y > 6.0 && b.size().y < 8.0, "{b:?}");
    near((b.min.x + b.max.x) / 2.0, 10.0, 1.0);
    assert!(file.warnings.iter().any(|w| w.code == "text"));
}

#[test]
fn broken_files_end_in_one_error() {
    for text in [
        "<svg",
        "<html/>",
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 0 0'><path d='M0 0h1'/></svg>",
        "<!DOCTYPE svg [<!ENTITY a 'x'><!ENTITY b '&a;&b;'>]><svg xmlns='http://www.w3.org/2000/svg'>&b;</svg>",
    ] {
        assert!(read(text).is_err(), "{text}");
    }
    let error = read(&svg("<path id='p1' stroke='red' d='M0 0 L 5 x'/>"))
        .unwrap_err()
        .to_string();
    assert!(error.contains("#p1") && error.contains("line 1"), "{error}");
    let deep = "<g>".repeat(5000) + "<path d='M0 0h1'/>" + &"</g>".repeat(5000);
    assert!(matches!(
        read(&svg(&deep)),
        Err(Cause::TooDeep { .. } | Cause::Syntax { .. })
    ));
    assert!(matches!(
        read(&svg("<path d='M0 0h1e300'/>")),
        Err(Cause::TooFar { .. })
    ));
}

#[test]
fn written_files_read_the_same() {
    let first = read(&svg(
        "<g inkscape:groupmode='layer' inkscape:label='a &amp; b'><rect x='5' y='5' width='40' height='20' rx='4' stroke='#f00'/></g>\
         <path d='M1 2C3 4 5 60 7 8'/><path d='M10 40a5 7 20 1 1 10 0' stroke='#00f'/>",
    ))
    .unwrap();
    let again = read(&super::write(&first.drawing)).unwrap();
    assert_eq!(first.drawing.paths.len(), again.drawing.paths.len());
    near(first.drawing.length(), again.drawing.length(), 1e-9);
    let name = |f: &DrawingFile| {
        let red = f.drawing.paths.iter().find(|p| p.color == Some(Color(255, 0, 0)));
        f.drawing.layers[red.unwrap().layer as usize].name.clone()
    };
    assert_eq!(
        (name(&first), name(&again)),
        ("a & b".to_owned(), "a & b".to_owned())
    );
    let (a, b) = (first.drawing.bounds(), again.drawing.bounds());
    near(a.min.y, b.min.y, 1e-9);
    near(a.max.x, b.max.x, 1e-9);
}

/// Found by fuzzing: DXF files may have names that no XML document can hold.
#[test]
fn names_with_control_characters_are_written_readably() {
    let mut d = offcut_geometry::drawing::Drawing::default();
    let layer = d.layer("cut\0 \u{b}<\u{ffff}");
    let at = |x: f64| offcut_geometry::drawing::Vec2::new(x, 2.0 * x);
    d.segments
        .push(offcut_geometry::drawing::Segment::line(at(1.0), at(8.0)));
    d.paths.push(offcut_geometry::drawing::Path {
        first: 0,
        count: 1,
        closed: false,
        layer,
        color: None,
        paint: Paint::Stroke,
        text: false,
        source: 0,
    });
    let svg = super::write(&d);
    assert!(svg.contains("cut\u{fffd} \u{fffd}&lt;\u{fffd}"), "{svg}");
    for (name, text) in [
        ("a.svg", svg),
        ("a.lbrn2", crate::lbrn::write(&d)),
        ("a.dxf", crate::dxf::write(&d)),
    ] {
        let again = crate::read_drawing(text.as_bytes(), name, None, &Limits::default()).unwrap();
        near(again.drawing.length(), d.length(), 1e-6);
    }
}

#[test]
fn a_level_line_alone_is_written_readably() {
    let mut d = offcut_geometry::drawing::Drawing::default();
    let layer = d.layer("");
    let at = |x: f64| offcut_geometry::drawing::Vec2::new(x, 3.0);
    d.segments
        .push(offcut_geometry::drawing::Segment::line(at(1.0), at(8.0)));
    d.paths.push(offcut_geometry::drawing::Path {
        first: 0,
        count: 1,
        closed: false,
        layer,
        color: None,
        paint: Paint::Stroke,
        text: false,
        source: 0,
    });
    let text = super::write(&d);
    let again = crate::read_drawing(text.as_bytes(), "a.svg", None, &crate::Limits::default()).unwrap();
    assert!((again.drawing.length() - 7.0).abs() < 1e-9);
}
