//! Rules that the output for every firmware keeps, on random programs; `write` itself compares the text with the
//! program, so that these runs are round trips too.

use super::sample::{self, cut, travel, v};
use offcut_gcode::Program;
use offcut_gcode::cnc::{self, Machine, read};
use offcut_gcode::program::{ArcMove, Beam, CutRole, Path, Step};
use offcut_geometry::{Ctx, Point, grid};
use offcut_settings::CncFlavor;
use proptest::prelude::*;

/// A piece of a path: the way to go, and the bulge of an arc (0 a line).
type Piece = (f64, f64, f64);

fn program(paths: &[(f64, f64, Vec<Piece>, u16)], z: f64) -> Program {
    let mut p = Program::default();
    p.steps.push(Step::Beam(Beam::Dynamic));
    for (x, y, pieces, power) in paths {
        travel(&mut p, *x, *y, z);
        let start = p.vertices.len() as u32;
        let (mut x, mut y) = (*x, *y);
        for &(dx, dy, bulge) in pieces {
            let (a, b) = ((x, y), (x + dx, y + dy));
            let to = p.add_path([v(b.0, b.1, z)]);
            if bulge != 0.0 && (dx, dy) != (0.0, 0.0) {
                let k = (1.0 - bulge * bulge) / (4.0 * bulge);
                let center = ((a.0 + b.0) / 2.0 - dy * k, (a.1 + b.1) / 2.0 + dx * k);
                p.arcs.push(ArcMove {
                    vertex: to.start,
                    center: Point::new(grid(center.0), grid(center.1)),
                    ccw: bulge > 0.0,
                });
            }
            (x, y) = b;
        }
        let path = Path {
            start,
            end: p.vertices.len() as u32,
        };
        let power = f32::from(*power) / f32::from(u16::MAX);
        p.steps.push(Step::Cut {
            path,
            cut: cut(CutRole::Cut, 12.5, power),
        });
    }
    p
}

fn pieces() -> impl Strategy<Value = Vec<Piece>> {
    let far = -30.0f64..30.0;
    let near = -0.02f64..0.02;
    let way = prop_oneof![far, near];
    let bulge = prop_oneof![Just(0.0), -3.0f64..3.0, Just(1.0), -0.01f64..0.01];
    prop::collection::vec((way.clone(), way, bulge), 1..12)
}

fn rules(text: &[u8], m: &Machine) {
    let d = m.dialect();
    let text = std::str::from_utf8(text).unwrap();
    let (mut cuts, mut feed) = (0, false);
    for l in text.lines() {
        assert!(l.is_ascii() && l.len() <= d.line, "{l}");
        let code = l.split([';', '(']).next().unwrap().trim();
        if code.is_empty() || code.starts_with("SET_PIN") {
            continue;
        }
        let words: Vec<&str> = code.split_ascii_whitespace().collect();
        let commands = words.iter().filter(|w| w.starts_with(['G', 'M'])).count();
        assert!(
            commands == 1 || (m.compact && commands == 0),
            "one command a line: {l}"
        );
        assert!(
            words
                .iter()
                .all(|w| w.split('.').nth(1).is_none_or(|f| f.len() <= 4)),
            "{l}"
        );
        feed |= code.contains('F');
        let cutting = ["G1", "G2", "G3"].contains(&words[0]);
        cuts += usize::from(cutting);
        assert!(!cutting || feed, "a feed before the first cut: {l}");
        assert!(d.arcs || !["G2", "G3"].contains(&words[0]), "{l}");
    }
    assert!(cuts > 0);
    let last = text.lines().last().unwrap();
    assert!(d.end.is_none_or(|e| e == last), "{last}");
    assert!(text.contains(if d.flavor == CncFlavor::Klipper {
        "VALUE=0\n"
    } else {
        "M5"
    }));
}

#[test]
fn the_samples_keep_the_rules() {
    for m in super::lasers() {
        rules(super::text(&sample::laser(), &m).as_bytes(), &m);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_programs_keep_the_rules_and_read_back(
        paths in prop::collection::vec((50.0f64..350.0, 50.0f64..350.0, pieces(), 1u16..), 1..6),
        compact in any::<bool>(),
    ) {
        let p = program(&paths, 0.0);
        for flavor in CncFlavor::ALL {
            let m = sample::machine(*flavor, true);
            let text = cnc::write(&p, &m, &[], &Ctx::quiet()).unwrap();
            rules(&text, &m);
            let compact = Machine { compact, ..m };
            let short = cnc::write(&p, &compact, &[], &Ctx::quiet()).unwrap();
            prop_assert!(short.len() <= text.len());
        }
    }

    #[test]
    fn chunks_written_on_any_number_of_threads_are_one_program(n in 20_000usize..60_000) {
        let mut p = Program::default();
        p.steps.push(Step::Beam(Beam::Constant));
        for k in 0..n {
            let y = 100.0 + (k % 100) as f64;
            let x = 10.0 + (k / 100) as f64 * 0.1;
            travel(&mut p, x, y, 0.0);
            let path = p.add_path([v(x + 0.05, y, 0.0)]);
            p.steps.push(Step::Cut { path, cut: cut(CutRole::Cut, 12.5, 0.5) });
        }
        let m = sample::machine(CncFlavor::Grbl, true);
        let text = cnc::write(&p, &m, &[], &Ctx::quiet()).unwrap();
        let mut count = Cuts(0);
        read::read(&text, &mut count);
        prop_assert_eq!(count.0, n);
    }
}

struct Cuts(usize);

impl read::Visitor for Cuts {
    fn motion(&mut self, m: &read::Move) {
        self.0 += usize::from(m.burns());
    }
}

#[test]
fn arcs_that_rounding_breaks_become_lines_on_the_circle() {
    // Ends 8 µm apart: no firmware could tell which way round is meant.
    let p = program(&[(100.0, 100.0, vec![(0.008, 0.0, 40.0)], 40_000)], 0.0);
    let m = sample::machine(CncFlavor::Grbl, true);
    let text = String::from_utf8(cnc::write(&p, &m, &[], &Ctx::quiet()).unwrap()).unwrap();
    assert!(!text.contains("G3"), "{text}");
    assert!(text.matches("G1").count() > 5);
}

#[test]
fn wrong_numbers_are_errors_before_anything_is_wrong_on_a_machine() {
    let m = sample::machine(CncFlavor::Grbl, true);
    for (feed, power) in [
        (0.0, 0.5),
        (-1.0, 0.5),
        (f32::NAN, 0.5),
        (10.0, 1.2),
        (10.0, -0.1),
    ] {
        let mut p = Program::default();
        p.steps.push(Step::Beam(Beam::Dynamic));
        travel(&mut p, 1.0, 1.0, 0.0);
        let path = p.add_path([v(5.0, 5.0, 0.0)]);
        p.steps.push(Step::Cut {
            path,
            cut: cut(CutRole::Cut, feed, power),
        });
        let e = cnc::write(&p, &m, &[], &Ctx::quiet()).unwrap_err().to_string();
        assert!(e.contains("speed of") || e.contains("power of"), "{e}");
    }
}

#[test]
fn checks_find_what_must_not_run() {
    let m = sample::machine(CncFlavor::Grbl, true);
    for (text, code) in [
        ("G90\nM3 S500\nG1 X10 F600\nG0 X20\nM5\nM2\n", "beam_on_travel"),
        ("M4 S0\nG1 X500 S100 F600\nM5\nM2\n", "off_bed_x"),
        ("M4 S0\nG1 X10 S1001 F600\nM5\nM2\n", "power"),
        ("M4 S0\nG1 X10 S100\nM5\nM2\n", "no_feed"),
        ("M4 S0\nG1 X10 S100 F600\n", "left_on"),
        ("M4 S0\nG1 X10 S100 F600\nG2 X20 I5.1 J0\nM5\nM2\n", "arc"),
        ("M4 S0\nG1 X10 X20 S100 F600\nM5\nM2\n", "malformed"),
    ] {
        let found = cnc::check(text.as_bytes(), &m);
        assert!(found.iter().any(|f| f.code == code), "{code}: {found:?}");
    }
    let fine = "G21\nG90\nM4 S0\nG0 X10 Y10\nG1 X20 S100 F600\nX30 Y20\nG0 X0 Y0 S0\nM5\nM2\n";
    assert!(cnc::check(fine.as_bytes(), &m).is_empty());
}
