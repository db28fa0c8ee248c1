//! Contours and parts of small drawings whose facts are known.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use offcut_cut::parts::nest_polygon;
use offcut_cut::{contours, parts};
use offcut_formats::{Limits, read_drawing};
use offcut_geometry::drawing::{Drawing, Operation};

fn near(a: f64, b: f64, tol: f64) {
    assert!((a - b).abs() <= tol, "{a} is not {b} within {tol}");
}

/// A drawing in millimetres of some SVG elements drawn as black lines.
fn svg(content: &str) -> Drawing {
    let text = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:i='http://www.inkscape.org/namespaces/inkscape' \
         width='200mm' height='200mm' viewBox='0 0 200 200' fill='none' stroke='#000'>{content}</svg>"
    );
    read_drawing(text.as_bytes(), "t.svg", None, &Limits::default())
        .expect("a drawing")
        .drawing
}

#[test]
fn loose_ends_are_joined_within_the_tolerance() {
    let d = svg("<path d='M0 0H10'/><path d='M10.004 10V0.003'/><path d='M10 10H0'/><path d='M0 10.001V0'/>");
    let c = contours(&d, 0.01);
    assert_eq!((c.closed(), c.open()), (1, 0));
    near(c.length(), 40.0, 0.02);
    assert!(c.repairs.largest_gap_mm > 0.002 && c.repairs.largest_gap_mm < 0.01);
    let s = &c.list[0].segments;
    assert!((0..4).all(|i| s[i].b == s[(i + 1) % 4].a));
    // A wider gap stays open.
    let c = contours(&d, 0.001);
    assert_eq!(c.closed(), 0);
}

#[test]
fn joining_stays_within_a_layer() {
    let d = svg("<path d='M0 0H10V10'/><g i:groupmode='layer' i:label='score'><path d='M10 10H0V0'/></g>");
    let c = contours(&d, 0.01);
    assert_eq!((c.closed(), c.open()), (0, 2));
    assert!(c.list.iter().any(|c| c.operation == Operation::Score));
}

#[test]
fn repeated_paths_are_removed_also_partly() {
    // A rectangle, again from another corner and backwards, and an open path along three sides and beyond.
    let d = svg(
        "<rect x='0' y='0' width='20' height='10'/><path d='M20 10V0H0V10Z'/><path d='M5 0H30V7'/>\
         <path d='M40 0H50'/><path d='M45 0H60'/>",
    );
    let c = contours(&d, 0.01);
    assert_eq!(c.repairs.duplicate_contours, 1);
    near(c.repairs.duplicate_length_mm, 15.0 + 5.0, 1e-9);
    near(c.length(), 60.0 + 10.0 + 7.0 + 20.0, 1e-9);
    assert_eq!((c.closed(), c.open()), (1, 2));
}

#[test]
fn arcs_that_overlap_are_cut_once() {
    let d = svg(
        "<circle cx='50' cy='50' r='10'/><path d='M60 50A10 10 0 0 1 50 60'/><path d='M50 60A10 10 0 0 0 60 50'/>",
    );
    let c = contours(&d, 0.01);
    assert_eq!((c.closed(), c.open()), (1, 0));
    near(c.length(), std::f64::consts::TAU * 10.0, 1e-9);
}

#[test]
fn sides_that_overlap_close_a_contour() {
    let d = svg("<path d='M4 0H0V10H10V0H3'/>");
    let c = contours(&d, 0.01);
    // Its own ends overlap by a millimetre; nothing is cut twice.
    near(c.length(), 40.0, 0.1);
    let d = svg("<path d='M0 0V10H10V0'/><path d='M0 0H6'/><path d='M4 0H10'/>");
    let c = contours(&d, 0.01);
    assert_eq!((c.closed(), c.open()), (1, 0));
    near(c.length(), 40.0, 1e-9);
}

#[test]
fn closed_contours_keep_shared_edges() {
    let d = svg("<rect width='10' height='10'/><rect x='10' width='10' height='10'/>");
    let mut c = contours(&d, 0.01);
    near(c.length(), 80.0, 1e-9);
    let p = parts(&mut c);
    assert_eq!(p.parts.len(), 2);
    assert_eq!((p.kinds.len(), p.kinds[0].count), (1, 2));
    // The same as loose lines, the shared edge drawn once, with a dangling line.
    let d = svg(
        "<path d='M0 0H10'/><path d='M10 0H20'/><path d='M20 0V10'/><path d='M20 10H10'/><path d='M10 10H0'/>\
                 <path d='M0 10V0'/><path d='M10 0V10'/><path d='M20 10L30 20'/>",
    );
    let c = contours(&d, 0.01);
    assert_eq!((c.closed(), c.open()), (2, 1));
    assert!(
        c.list
            .iter()
            .filter(|c| c.closed)
            .all(|c| (c.length() - 40.0).abs() < 1e-9)
    );
}

#[test]
fn parts_have_holes_features_and_parts_within() {
    let d = svg(
        "<circle cx='50' cy='50' r='40'/><circle cx='50' cy='50' r='30'/><circle cx='50' cy='50' r='20'/>\
         <path d='M45 50H55'/><path d='M15 50H18'/><rect x='100' y='0' width='10' height='10'/>\
         <g i:groupmode='layer' i:label='engrave'><rect x='102' y='2' width='3' height='3'/></g>\
         <path d='M150 150H160'/><g i:groupmode='layer' i:label='Notes'><path d='M0 0H5'/></g>\
         <path fill='#000' stroke='none' d='M48 40h4v4z'/>",
    );
    let mut c = contours(&d, 0.01);
    let p = parts(&mut c);
    assert_eq!(p.parts.len(), 3);
    let mut shape: Vec<_> = p
        .parts
        .iter()
        .map(|p| (p.holes.len(), p.features.len()))
        .collect();
    shape.sort_unstable();
    // The square with its engraving, the disc with a cut and a filling, the ring with a cut.
    assert_eq!(shape, [(0, 1), (0, 2), (1, 1)]);
    assert_eq!(p.loose.len(), 1);
    let area = |i: usize| offcut_geometry::drawing::area(&c.list[i].segments);
    assert!(
        p.parts
            .iter()
            .all(|q| area(q.outline) > 0.0 && q.holes.iter().all(|h| area(*h) < 0.0))
    );
}

#[test]
fn equal_parts_are_counted_but_not_mirrored_ones() {
    let l = "<path d='M0 0H30V10H10V20H0Z'/><circle cx='25' cy='5' r='2'/>";
    let d = svg(&format!(
        "<g transform='translate(10,10)'>{l}</g><g transform='translate(100,50) rotate(77)'>{l}</g>\
         <g transform='translate(100,100) scale(-1,1)'>{l}</g><g transform='translate(10,150) scale(1.01)'>{l}</g>"
    ));
    let mut c = contours(&d, 0.01);
    let p = parts(&mut c);
    let counts: Vec<usize> = p.kinds.iter().map(|k| k.count).collect();
    assert_eq!(counts, [2, 1, 1]);
    near(p.kinds[0].area, 400.0 - std::f64::consts::PI * 4.0, 1e-6);
}

#[test]
fn nesting_polygons_cover_the_part() {
    let d = svg("<circle cx='50' cy='50' r='40'/><circle cx='50' cy='50' r='30'/>");
    let mut c = contours(&d, 0.01);
    let p = parts(&mut c);
    let (loops, origin) = nest_polygon(&p.parts[0], &c.list, 0.05).expect("fits the grid");
    assert_eq!(loops.len(), 2);
    assert!(loops.bbox().center().x.abs() <= 1 && loops.bbox().center().y.abs() <= 1);
    near(origin.x, 50.0, 0.06);
    // Outside the true ring and inside the tolerance.
    let exact = std::f64::consts::PI * (1600.0 - 900.0);
    let most = std::f64::consts::PI * (40.05f64.powi(2) - 29.95f64.powi(2));
    let area = loops.area_mm2();
    assert!(area >= exact && area <= most, "{exact} {area} {most}");
}

#[test]
fn equal_parts_are_equal_in_all_that_lies_on_them() {
    // Plates with a hole in the lower left, the same turned, its mirror image, one scored instead, one engraved.
    let plate = |x: f64, hole: [f64; 2]| {
        format!(
            "<rect x='{x}' y='0' width='20' height='10'/><circle cx='{}' cy='{}' r='2'/>",
            x + hole[0],
            hole[1]
        )
    };
    let text = [
        plate(0.0, [4.0, 3.0]),
        plate(30.0, [16.0, 7.0]),
        plate(60.0, [4.0, 7.0]),
        "<rect x='90' y='0' width='20' height='10'/><g i:groupmode='layer' i:label='score'>\
         <circle cx='94' cy='3' r='2'/></g>"
            .to_owned(),
    ];
    let mut c = contours(&svg(&text.concat()), 0.01);
    let p = parts(&mut c);
    let kinds: Vec<usize> = p.parts.iter().map(|p| p.kind).collect();
    assert_eq!(kinds, [0, 0, 1, 2]);
}

#[test]
fn a_cover_holds_its_part_and_little_more() {
    // A ring that crosses nothing, and a figure of eight that is one closed path.
    let mut c = contours(
        &svg(
            "<circle cx='50' cy='50' r='30'/><circle cx='50' cy='50' r='20'/><path d='M100 0 L120 20 V0 L100 20Z'/>",
        ),
        0.01,
    );
    let p = parts(&mut c);
    let ring = p.parts.iter().find(|p| p.holes.len() == 1).unwrap();
    let (l, at) = offcut_cut::cover(ring, &c.list, 0.1).unwrap();
    near(at.x, 50.0, 0.2);
    assert_eq!(l.len(), 2);
    let (min, max) = (
        500.0 * std::f64::consts::PI,
        (30.1f64.powi(2) - 19.9f64.powi(2)) * std::f64::consts::PI,
    );
    assert!(l.area_mm2() >= min && l.area_mm2() <= max, "{}", l.area_mm2());
    let eight = p.parts.iter().find(|p| p.holes.is_empty()).unwrap();
    let (l, _) = offcut_cut::cover(eight, &c.list, 0.1).unwrap();
    assert_eq!(l.len(), 1, "one piece");
    assert!(l.area_mm2() >= 200.0);
}

#[test]
fn what_is_drawn_twice_in_loose_pieces_is_one_contour() {
    // A square with rounded corners as eight pieces, all of them twice, in any order and direction.
    let pieces = [
        ("M1 0H9", "M9 0H1"),
        ("M9 0A1 1 0 0 1 10 1", "M10 1A1 1 0 0 0 9 0"),
        ("M10 1V9", "M10 9V1"),
        ("M10 9A1 1 0 0 1 9 10", "M9 10A1 1 0 0 0 10 9"),
        ("M9 10H1", "M1 10H9"),
        ("M1 10A1 1 0 0 1 0 9", "M0 9A1 1 0 0 0 1 10"),
        ("M0 9V1", "M0 1V9"),
        ("M0 1A1 1 0 0 1 1 0", "M1 0A1 1 0 0 0 0 1"),
    ];
    for turn in 0..64_usize {
        let drawn: String = (0..16)
            .map(|k| {
                let at = (k * 5 + turn * 3) % 16;
                let (there, back) = pieces[at % 8];
                let way = if (turn >> (at / 3)) & 1 == 0 { there } else { back };
                format!("<path d='{way}'/>")
            })
            .collect();
        let c = contours(&svg(&drawn), 0.01);
        assert_eq!((c.closed(), c.open()), (1, 0), "turn {turn}");
        near(c.length(), 32.0 + 2.0 * std::f64::consts::PI, 1e-6);
    }
}
