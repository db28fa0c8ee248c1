//! Laser jobs from file to G-code: facts that a maker could measure.
#![allow(clippy::unwrap_used, clippy::panic)]

use offcut::cut::{CutJob, CutMode, CutOutcome, TestGrid, cut};
use offcut::settings::{CutSettings, Tabled};
use offcut::{Ctx, Input};
use offcut_gcode::cnc::read::{Move, Visitor, read};

fn svg(body: &str) -> Input {
    let text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"100mm\" height=\"80mm\" viewBox=\"0 0 100 80\">{body}</svg>"
    );
    Input {
        name: "drawing.svg".into(),
        bytes: text.into_bytes(),
    }
}

fn settings(set: &[&str]) -> CutSettings {
    let mut s = CutSettings::default();
    for t in set {
        s.assign_text(t).unwrap();
    }
    s
}

fn job(input: Input, set: &[&str]) -> Result<(CutOutcome, Vec<u8>), offcut::Error> {
    let mut out = Vec::new();
    let job = CutJob {
        inputs: vec![input],
        settings: settings(set),
        ..CutJob::default()
    };
    let o = cut(job, &Ctx::quiet(), &mut out)?;
    Ok((o, out))
}

#[derive(Default)]
struct Burnt(Vec<Move>);

impl Visitor for Burnt {
    fn motion(&mut self, m: &Move) {
        if m.burns() {
            self.0.push(*m);
        }
    }
}

fn burnt(text: &[u8]) -> Vec<Move> {
    let mut b = Burnt::default();
    read(text, &mut b);
    b.0
}

const RINGS: &str = "<g fill='none' stroke='red'><rect x='10' y='10' width='60' height='60'/>\
    <circle cx='40' cy='40' r='20'/><rect x='35' y='35' width='10' height='10'/></g>";

#[test]
fn an_edge_that_was_drawn_once_is_cut_once() {
    // Two squares of 10 mm with one line between them: 70 mm are drawn. Drawn twice, 80 mm.
    let once = "<path d='M0 0H10'/><path d='M10 0H20V10H10'/><path d='M10 10H0V0'/><path d='M10 0V10'/>";
    let twice = "<rect width='10' height='10'/><rect x='10' width='10' height='10'/>";
    for (body, set, length) in [
        (once, &[][..], 70.0),
        (once, &["common_lines=false"], 80.0),
        (twice, &[], 80.0),
        (twice, &["common_lines=true"], 70.0),
    ] {
        let (outcome, _) = job(svg(&format!("<g fill='none' stroke='red'>{body}</g>")), set).unwrap();
        assert!(
            (outcome.cut_mm - length).abs() < 1e-3,
            "{body} {set:?}: {}",
            outcome.cut_mm
        );
    }
}

#[test]
fn inner_contours_come_first_and_lengths_are_exact() {
    let (o, text) = job(svg(RINGS), &[]).unwrap();
    assert!(
        (o.cut_mm - (240.0 + 40.0 * std::f64::consts::PI + 40.0)).abs() < 0.01,
        "{}",
        o.cut_mm
    );
    assert_eq!((o.contours, o.pierces), (3, 3));
    let reach: Vec<f64> = burnt(&text)
        .iter()
        .map(|m| (m.to[0] - 40.0).abs().max((m.to[1] - 40.0).abs()))
        .collect();
    assert!(
        reach.windows(2).all(|w| w[0] <= w[1] + 6.0),
        "from the inside out: {reach:?}"
    );
    assert!(
        offcut::check_cut("x.gcode", &text, &CutSettings::default())
            .unwrap()
            .findings
            .is_empty()
    );
}

#[test]
fn the_kerf_goes_to_the_waste() {
    // Half of 0.2 mm: outlines grow, holes shrink, what lies in a hole grows again.
    let (o, text) = job(svg(RINGS), &["kerf=0.2"]).unwrap();
    let [lo, hi] = o.bounds_mm;
    assert!(
        (lo[0] - 9.9).abs() < 0.005 && (hi[0] - 70.1).abs() < 0.005,
        "{lo:?} {hi:?}"
    );
    let radius = burnt(&text)
        .iter()
        .map(|m| libm::hypot(m.to[0] - 40.0, m.to[1] - 40.0))
        .filter(|r| (15.0..25.0).contains(r))
        .fold((f64::MAX, 0.0f64), |a, r| (a.0.min(r), a.1.max(r)));
    assert!(
        (radius.0 - 19.9).abs() < 0.01 && (radius.1 - 19.9).abs() < 0.01,
        "{radius:?}"
    );
    let arcs = String::from_utf8(text).unwrap().matches("\nG2 ").count();
    assert!(arcs >= 1, "a circle stays arcs");
}

#[test]
fn passes_leads_overcut_and_tabs_change_the_way_as_they_should() {
    let square = || svg("<rect x='20' y='20' width='40' height='40' fill='none' stroke='red'/>");
    let way = |set: &[&str]| job(square(), set).unwrap().0.cut_mm;
    assert!((way(&[]) - 160.0).abs() < 1e-6);
    assert!((way(&["cut_passes=3"]) - 480.0).abs() < 1e-6);
    assert!((way(&["overcut=2"]) - 162.0).abs() < 1e-3);
    assert!((way(&["tabs=4", "tab_width=1.5"]) - 154.0).abs() < 1e-3);
    let quarter = std::f64::consts::FRAC_PI_2;
    assert!((way(&["lead_in=arc", "lead_in_length=2"]) - (160.0 + 2.0 * quarter)).abs() < 0.01);
    assert!((way(&["perforation_cut=3", "perforation_gap=1"]) - 120.0).abs() < 1e-3);
}

#[test]
fn shared_edges_are_cut_once() {
    let two = "<g fill='none' stroke='red'><rect x='10' y='10' width='20' height='30'/>\
        <rect x='30' y='10' width='20' height='30'/></g>";
    assert!((job(svg(two), &[]).unwrap().0.cut_mm - 200.0).abs() < 1e-6);
    let (o, _) = job(svg(two), &["common_lines=true"]).unwrap();
    assert!(
        (o.cut_mm - 170.0).abs() < 1e-6 && (o.shared_mm - 30.0).abs() < 1e-6,
        "{o:?}"
    );
}

#[test]
fn a_lead_finds_the_side_of_a_sharp_hole_and_stays_in_the_waste() {
    let hole = "<g fill='none' stroke='red'><rect x='10' y='10' width='60' height='50'/>\
        <path d='M30 20 l10 18 h-20 z'/></g>";
    let (o, text) = job(svg(hole), &["lead_in=arc", "lead_in_length=1"]).unwrap();
    assert!(o.warnings.iter().all(|w| w.code != "leads"), "{:?}", o.warnings);
    // The triangle's sides: 20 along the bottom, the others between (30, 60) and (20 or 40, 42) in machine coordinates.
    let inside = |p: [f64; 3]| {
        let slope = |x: f64| 60.0 - 1.8 * (x - 30.0).abs();
        p[1] >= 42.0 - 1e-3 && p[1] <= slope(p[0]) + 1e-3
    };
    let near = burnt(&text)
        .into_iter()
        .filter(|m| (19.0..41.0).contains(&m.from[0]) && (41.0..61.0).contains(&m.from[1]));
    let near: Vec<_> = near.collect();
    assert!(near.iter().any(|m| m.arc.is_some()) && near.iter().all(|m| inside(m.from) && inside(m.to)));
}

#[test]
fn a_hole_on_the_edge_of_its_outline_loses_nothing_with_common_lines() {
    // The notch lies in the plate and shares 10 mm of its border; a circle lies in the plate beside it.
    let notched = "<g fill='none' stroke='red'><rect x='10' y='10' width='50' height='40'/>\
        <rect x='10' y='20' width='15' height='10'/><circle cx='45' cy='30' r='5'/></g>";
    let (o, text) = job(svg(notched), &["common_lines=true"]).unwrap();
    let circle = 10.0 * std::f64::consts::PI;
    assert!((o.cut_mm - (180.0 + 40.0 + circle)).abs() < 0.01, "{}", o.cut_mm);
    assert!((o.shared_mm - 10.0).abs() < 1e-6);
    // The circle comes before the last of the plate.
    let order = burnt(&text);
    let round = order.iter().rposition(|m| m.arc.is_some()).unwrap();
    let plate = order.iter().position(|m| m.arc.is_none()).unwrap();
    assert!(round < plate, "the circle is cut first");
}

#[test]
fn a_filled_square_takes_as_many_lines_as_fit() {
    let filled = "<rect x='10' y='10' width='20' height='10' fill='black'/>\
        <rect x='5' y='5' width='40' height='30' fill='none' stroke='red'/>";
    let (o, text) = job(svg(filled), &["engrave=hatch", "interval=0.5"]).unwrap();
    let engraved = o.roles.iter().find(|r| r.role == "raster").unwrap();
    assert!(engraved.length_mm >= 400.0);
    let burnt: f64 = burnt(&text)
        .iter()
        .filter(|m| m.s == 250.0)
        .map(Move::length)
        .sum();
    assert!((burnt - 400.0).abs() < 0.1, "20 lines of 20 mm: {burnt}");
}

#[test]
fn what_can_not_be_made_is_told_before_anything_is_written() {
    let wide = svg("<path d='M0 0H95' stroke='red'/>");
    for (set, code) in [
        (&["bed_size=50x50"][..], 1),
        (&["placement=drawing", "bed_origin=20x0"], 1),
        (&["z_step=1"], 2),
        (&["operations=pink: cut"], 2),
    ] {
        let mut out = Vec::new();
        let job = CutJob {
            inputs: vec![wide.clone()],
            settings: settings(set),
            ..CutJob::default()
        };
        let e = cut(job, &Ctx::quiet(), &mut out).unwrap_err();
        assert_eq!((e.exit_code(), out.len()), (code, 0), "{set:?}: {e}");
    }
    let mut s = CutSettings::default();
    assert!(s.assign_text("cut_power=120").is_err() && s.assign_text("cut_speed=0").is_err());
}

#[test]
fn cards_and_frames() {
    let make = |mode: CutMode, inputs: Vec<Input>| {
        let mut out = Vec::new();
        let job = CutJob {
            inputs,
            mode,
            ..CutJob::default()
        };
        (cut(job, &Ctx::quiet(), &mut out).unwrap(), out)
    };
    let (grid, text) = make(CutMode::TestGrid(TestGrid::default()), Vec::new());
    assert!(grid.contours > 100 && !burnt(&text).is_empty());
    let (kerf, _) = make(CutMode::KerfTest, Vec::new());
    assert!(kerf.cut_mm > 9.0 * 20.0 + 240.0);
    let (frame, text) = make(CutMode::Frame, vec![svg(RINGS)]);
    assert!(burnt(&text).is_empty() && frame.travel_mm > 240.0);
}

#[test]
fn the_corpus_travels_far_less_than_svg2gcode() {
    let shared = std::env::var_os("OFFCUT_SHARED").map_or_else(
        || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        Into::into,
    );
    let folder = shared.join("corpus/laser-inputs");
    if !folder.is_dir() {
        println!("skipped: {} is not there", folder.display());
        return;
    }
    // Figures of svg2gcode, mm, and the share that is reached.
    for (name, theirs, share) in [
        ("own_grid300.svg", 8146.0, 0.41),
        ("boxes_typetray.svg", 3479.0, 0.49),
        // Lines of a hinge lie 3 mm apart, its four fields 68 mm: the shortest tree that joins all lines, the way to
        // the nearest one and that to the outline are 837 mm, less than which no order has.
        ("boxes_flexbox.svg", 1344.0, 0.63),
    ] {
        let input = Input {
            name: name.into(),
            bytes: std::fs::read(folder.join(name)).unwrap(),
        };
        let (o, _) = job(input, &["bed_size=1000x1000", "park=false"]).unwrap();
        assert!(
            o.travel_mm <= share * theirs,
            "{name}: {} of {theirs}",
            o.travel_mm
        );
    }
}
