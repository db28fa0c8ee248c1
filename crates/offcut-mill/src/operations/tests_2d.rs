//! Operations on awkward contours: each is cut without harm or refused by one clear message.

use crate::path::dist;
use crate::{CutRole, Inputs, Job, JobFile, MillError, Move, Planned};
use offcut_formats::{Limits, read_drawing};
use offcut_geometry::Ctx;
use offcut_geometry::drawing::Drawing;

/// Contours as SVG paths, mm.
const SHAPES: &[(&str, &str)] = &[
    ("sharp corner", "M0 0 H40 V2 L4 40 H0 Z"),
    ("sliver", "M0 0 L60 0.4 L0 0.8 Z"),
    ("thin band", "M0 0 H60 V4 H0 Z"),
    ("band as wide as the tool", "M0 0 H60 V6 H0 Z"),
    ("bow tie", "M0 0 L40 30 L40 0 L0 30 Z"),
    (
        "two that touch at a corner",
        "M0 0 H20 V20 H0 Z M20 20 H40 V40 H20 Z",
    ),
    ("two that share a side", "M0 0 H20 V20 H0 Z M20 0 H40 V20 H20 Z"),
    ("open", "M0 0 H40 V30 H0"),
    ("almost closed", "M0 0 H40 V30 H0 V0.02"),
    ("twice the same", "M0 0 H40 V30 H0 Z M0 0 H40 V30 H0 Z"),
    ("spike without area", "M0 0 H40 V30 H20 V45 V30 H0 Z"),
    ("no area", "M0 0 H40 H0 Z"),
    (
        "hole that touches the outline",
        "M0 0 H40 V30 H0 Z M0 10 H10 V20 H0 Z",
    ),
    ("thin ring", "M0 0 H40 V40 H0 Z M2 2 H38 V38 H2 Z"),
    ("smaller than the tool", "M0 0 H4 V4 H0 Z"),
    ("neck", "M0 0 H15 V8 H25 V0 H40 V20 H25 V12.5 H15 V20 H0 Z"),
];

const OPERATIONS: &[&str] = &[
    "kind = \"pocket\"\ndepth = 2",
    "kind = \"pocket\"\ndepth = 2\npattern = \"zigzag\"\nfinish = 0.2",
    "kind = \"pocket\"\ndepth = 2\npattern = \"spiral\"\nentry = \"helix\"\nstepover = 0.9",
    "kind = \"pocket\"\ndepth = 2\ncorners = \"dogbone\"",
    "kind = \"profile\"\ntabs = { width = 4, height = 1 }",
    "kind = \"profile\"\nside = \"inside\"\ndepth = 2\nfinish = 0.2\nentry = \"helix\"",
    "kind = \"profile\"\nside = \"on\"\ndepth = 2\nonion_skin = 0.3",
    "kind = \"engrave\"\ndepth = 0.3",
    "kind = \"slot\"\ndepth = 1\nwidth = 8",
    "kind = \"adaptive\"\ndepth = 2",
];

fn drawing(path: &str) -> Drawing {
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='80mm' height='80mm' viewBox='0 0 80 80'>\
         <path d='{path}' fill='none' stroke='#000'/></svg>"
    );
    read_drawing(svg.as_bytes(), "x.svg", None, &Limits::default())
        .unwrap()
        .drawing
}

fn milled(path: &str, tool: &str, operation: &str) -> Result<Planned, MillError> {
    let text = format!(
        "[input]\ndrawing = \"x.svg\"\n[stock]\nmargin = [15, 15, 0]\nthickness = 4\n\
         [[operation]]\ntool = \"{tool}\"\n{operation}\n"
    );
    let inputs = Inputs {
        drawing: Some(drawing(path)),
        ..Inputs::default()
    };
    let job = Job::new(&JobFile::read(&text, "job")?, &inputs)?;
    super::super::plan::plan(&job, &Ctx::quiet())
}

#[test]
fn awkward_contours_are_cut_or_refused() {
    let mut cut = 0;
    for (name, path) in SHAPES {
        for op in OPERATIONS {
            match milled(path, "flat-6", op) {
                // The plan has been carried out: nothing but what the operation may remove is gone.
                Ok(p) => cut += usize::from(!p.toolpaths.is_empty()),
                Err(MillError::Operation { what, .. }) => {
                    assert!(what.contains("; "), "{name}, {op}: says not what to do: {what}");
                }
                Err(MillError::Job(what)) => assert!(!what.is_empty(), "{name}, {op}"),
                Err(e) => panic!("{name}, {op}: {e}"),
            }
        }
        for op in [
            "kind = \"vcarve\"\ndepth = 1.5",
            "kind = \"chamfer\"\nwidth = 0.5",
        ] {
            match milled(path, "vee-90", op) {
                Ok(p) => cut += usize::from(!p.toolpaths.is_empty()),
                Err(MillError::Operation { .. }) => {}
                Err(e) => panic!("{name}, {op}: {e}"),
            }
        }
    }
    assert!(cut > SHAPES.len() * 6, "only {cut} were cut");
}

#[test]
fn what_does_not_fit_is_said() {
    for (name, path, op, says) in [
        ("smaller", SHAPES[14].1, OPERATIONS[0], "does not fit"),
        ("band", SHAPES[2].1, OPERATIONS[0], "does not fit"),
        ("inside", SHAPES[14].1, OPERATIONS[5], "smaller one"),
        ("open", SHAPES[7].1, OPERATIONS[0], "needs a region"),
    ] {
        match milled(path, "flat-6", op) {
            Err(e) => assert!(e.to_string().contains(says), "{name}: {e}"),
            Ok(_) => panic!("{name} was cut"),
        }
    }
    // A neck that the tool can't pass is told, and both halves are cleared.
    let p = milled(SHAPES[15].1, "flat-6", OPERATIONS[0]).unwrap();
    assert!(
        p.notes.iter().any(|n| n.contains("can't be reached")),
        "{:?}",
        p.notes
    );
    for x in [7.5, 32.5] {
        let at = p.report.stock.at(15.0 + x, 15.0 + 10.0);
        assert!((at + 2.0).abs() < 1e-3, "{at} at {x}");
    }
}

#[test]
fn adaptive_gets_down_by_a_helix_or_a_ramp() {
    // Were the tool to go straight down into material, the simulation would refuse the job.
    let op = "kind = \"adaptive\"\ndepth = 3\nramp_angle = 2\n\
              [[tool]]\nname = \"rougher\"\nshape = \"flat\"\ndiameter = 6\ncenter_cutting = false";
    let slope = 2f64.to_radians().tan() + 1e-6;
    for (path, middle) in [
        ("M0 0 H40 V30 H0 Z", [20.0, 15.0]),
        ("M0 0 H60 V6.6 H0 Z", [30.0, 3.3]),
    ] {
        let p = milled(path, "rougher", op).unwrap();
        let mut ramps = 0;
        let mut at = [0.0; 3];
        for m in &p.toolpaths[0].moves {
            let Some(to) = m.to() else { continue };
            let flat = match *m {
                Move::Feed {
                    kind: CutRole::Ramp, ..
                } => dist([at[0], at[1]], [to[0], to[1]]),
                Move::Arc {
                    kind: CutRole::Ramp,
                    center,
                    ..
                } => std::f64::consts::PI * dist(center, [to[0], to[1]]),
                _ => f64::INFINITY,
            };
            if flat.is_finite() {
                assert!(at[2] - to[2] <= slope * flat, "{path}: {at:?} to {to:?}");
                ramps += 1;
            }
            at = to;
        }
        assert!(ramps > 4, "{path}: {ramps}");
        let floor = p.report.stock.at(15.0 + middle[0], 15.0 + middle[1]);
        assert!((floor + 3.0).abs() < 1e-3, "{path}: {floor}");
    }
}

#[test]
fn adaptive_starts_from_what_is_left() {
    let path = "M0 0 H40 V30 H0 Z";
    let op = "kind = \"adaptive\"\ndepth = 2";
    let alone = milled(path, "flat-3", op).unwrap();
    let after = milled(
        path,
        "flat-6",
        &format!("{op}\n[[operation]]\ntool = \"flat-3\"\n{op}"),
    )
    .unwrap();
    // A tool of 6 mm leaves 4 - π of 9 mm² in the four corners, one of 3 mm a quarter of that.
    let rest = 2.0 * (4.0 - std::f64::consts::PI) * (9.0 - 2.25);
    assert!(
        (after.report.runs[1].volume - rest).abs() < 0.15 * rest,
        "{:?}",
        after.report.runs
    );
    assert!(after.report.runs[1].cutting < 0.05 * alone.report.runs[0].cutting);
    let corner = after.report.stock.at(15.8, 15.8);
    assert!((corner + 2.0).abs() < 1e-3, "{corner}");
}

#[test]
fn every_contour_gets_its_last_round() {
    // Two parts, 6.4 mm apart: a tool of 6 mm fits between them, but not beside what the levels would leave.
    let parts = "M0 0 H20 V20 H0 Z M26.4 0 H46.4 V20 H26.4 Z";
    let p = milled(parts, "flat-6", "kind = \"profile\"\nfinish = 0.3").unwrap();
    for x in [20.1, 23.2, 26.3] {
        assert!(p.report.stock.at(15.0 + x, 25.0) < -3.99, "{x}");
    }
    for x in [19.9, 26.5] {
        assert!(p.report.stock.at(15.0 + x, 25.0) > -0.01, "{x}");
    }
    // An island that the tool passes at a distance of 6.2 mm from the wall on one side, of more on the others.
    let island = "M0 0 H40 V40 H0 Z M6.2 15 H18 V27 H6.2 Z";
    let op = "kind = \"profile\"\nside = \"inside\"\ndepth = 2\nfinish = 0.2";
    let p = milled(island, "flat-6", op).unwrap();
    for (x, y) in [(0.1, 20.0), (6.1, 20.0), (18.1, 20.0), (12.0, 14.9), (12.0, 27.1)] {
        // The drawing's y points down.
        let z = p.report.stock.at(15.0 + x, 15.0 + 40.0 - y);
        assert!(z < -1.99, "{x} {y}: {z}");
    }
}

#[test]
fn last_rounds_meet_nothing_beside_their_slot() {
    // In a hole of 11 mm a tool of 4 mm leaves a core of 2.6 mm.
    let ring = "M5.5 0 A5.5 5.5 0 1 1 -5.5 0 A5.5 5.5 0 1 1 5.5 0 Z";
    let op = "kind = \"profile\"\nside = \"inside\"\ndepth = 2\nfinish = 0.2";
    let p = milled(ring, "flat-4", op).unwrap();
    let cell = p.report.stock.cell();
    let core = 5.5 - 4.2 - cell;
    for i in 0..48 {
        let a = std::f64::consts::TAU * f64::from(i) / 48.0;
        let z = p.report.stock.at(20.5 + core * a.cos(), 20.5 + core * a.sin());
        assert!(z > -0.01, "{i}: {z}");
    }
}
