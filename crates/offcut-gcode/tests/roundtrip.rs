//! Random programs, written and read again by the reader for any printer's files.
#![allow(clippy::unwrap_used)]

mod common;

use offcut_gcode::program::{Extrusion, LayerMark, Program, Role, Step, Vertex};
use offcut_gcode::read::{self, Motion, Visitor};
use offcut_gcode::{Metadata, dialects, estimate, write};
use offcut_geometry::Ctx;
use offcut_settings::PrintSettings;
use proptest::prelude::*;

#[derive(Default)]
struct Moves(Vec<Motion>);

impl Visitor for Moves {
    fn motion(&mut self, m: &Motion) {
        self.0.push(*m);
    }
}

/// Layers of paths; every path has a kind and targets relative to the middle of the bed.
type Shape = Vec<Vec<(u8, Vec<(i32, i32)>)>>;

fn program(shape: &Shape) -> Program {
    let mut p = Program::default();
    p.steps.push(Step::Hotend {
        celsius: 200,
        wait: true,
    });
    p.steps.push(Step::Custom("G28".into()));
    for (l, paths) in shape.iter().enumerate() {
        let z = 20_000 * (l as i32 + 1);
        p.layers.push(LayerMark {
            z: f64::from(z) / 1e5,
            height: 0.2,
        });
        p.steps.push(Step::Layer(l as u32));
        for (kind, targets) in paths {
            let path = p.add_path(targets.iter().map(|&(x, y)| Vertex {
                x: 11_000_000 + x,
                y: 11_000_000 + y,
                z,
            }));
            let speed = 20.0 + f32::from(*kind) * 7.3;
            p.steps.push(match kind % 4 {
                0 => Step::Travel { path, speed },
                1 => Step::Wipe {
                    path,
                    speed,
                    length: 0.3,
                },
                _ => Step::Extrude {
                    path,
                    bead: Extrusion {
                        role: Role::ALL[usize::from(*kind) % 11],
                        mm3_per_mm: 0.05 + f64::from(*kind) * 1e-3,
                        width: 0.4,
                        height: 0.2,
                        speed,
                    },
                },
            });
            if kind % 5 == 0 {
                p.steps.push(Step::Retract {
                    length: 0.8,
                    speed: 35.0,
                });
                p.steps.push(Step::Unretract {
                    length: 0.85,
                    speed: 30.0,
                });
            }
        }
    }
    p.steps.push(Step::Custom("M104 S0".into()));
    p
}

fn shape() -> impl Strategy<Value = Shape> {
    let small = (-300i32..300, -300i32..300);
    let large = (-9_000_000i32..9_000_000, -9_000_000i32..9_000_000);
    let target = prop_oneof![small, large];
    let path = (0u8..40, prop::collection::vec(target, 0..12));
    prop::collection::vec(prop::collection::vec(path, 0..6), 1..5)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn text_says_what_the_program_says(shape in shape(), relative_e: bool, firmware_retraction: bool, d in 0usize..5) {
        let p = program(&shape);
        let s = PrintSettings {
            gcode_flavor: dialects::ALL[d].flavor,
            relative_e,
            firmware_retraction,
            z_offset: 0.05,
            ..PrintSettings::default()
        };
        let e = estimate(&p, &s);
        let text = write(&p, &s, &Metadata::default(), &e, &Ctx::quiet()).unwrap();
        let mut moves = Moves::default();
        read::read(&text, &mut moves);

        // Every place that is reached is a target in micrometres, halves rounded up, in order; no target is
        // left out.
        let place = |v: &Vertex| [v.x, v.y, v.z + 5_000].map(|c| i64::from((c + 50).div_euclid(100)));
        let read = |p: [f64; 3]| p.map(|c| (c * 1e3).round() as i64);
        let mut left = p.vertices.iter().map(place).peekable();
        for m in moves.0.iter().filter(|m| m.known && m.from != m.to) {
            while left.next_if_eq(&read(m.from)).is_some() {}
            prop_assert_eq!(left.next(), Some(read(m.to)), "{:?}", m);
        }
        if let Some(last) = moves.0.last() {
            prop_assert!(left.all(|v| v == read(last.to)));
        }

        // Plastic: what is laid by extruding steps.
        let pushed: f64 = moves.0.iter().filter(|m| m.e > 0.0 && m.from != m.to).map(|m| m.e).sum();
        let tolerance = 1e-4 * (1.0 + p.layers.len() as f64) + 3e-6 * p.vertices.len() as f64;
        prop_assert!((pushed - e.filament_mm).abs() < tolerance + 0.02 * f64::from(u8::from(firmware_retraction)),
            "{pushed} {}", e.filament_mm);
    }

    #[test]
    fn reader_takes_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut moves = Moves::default();
        read::read(&bytes, &mut moves);
        let _ = read::info::info(&bytes);
        let _ = offcut_gcode::verify::check(&bytes, &PrintSettings::default());
    }

    #[test]
    fn reader_takes_any_words(text in "([GMTNXYZEFIJRSP;:*(){} .=\n-]|[0-9]|LAYER|TYPE|thumbnail begin|G2 |G92 ){0,120}") {
        let _ = read::info::info(text.as_bytes());
        let _ = offcut_gcode::verify::check(text.as_bytes(), &PrintSettings::default());
        let e = offcut_gcode::estimate_file(text.as_bytes(), &PrintSettings::default());
        prop_assert!(!e.seconds.is_nan());
    }
}

#[test]
fn bytes_do_not_depend_on_anything_but_the_job() {
    let p = common::sample();
    let s = common::settings();
    let e = estimate(&p, &s);
    let one = write(&p, &s, &Metadata::default(), &e, &Ctx::quiet()).unwrap();
    let two = write(&p, &s, &Metadata::default(), &estimate(&p, &s), &Ctx::quiet()).unwrap();
    assert!(one == two);
}

proptest! {
    #[test]
    fn macros_take_any_text(text in "([{}()\\[\\] =<>!+*/%,;.?:\"-]|if |else|elsif |endif|local |[a-z0-9_]|min|layer_height|=~|é){0,60}") {
        let mut vars = offcut_gcode::macros::Vars::new(&PrintSettings::default());
        let _ = offcut_gcode::macros::expand("start_gcode", &text, &mut vars);
    }
}
