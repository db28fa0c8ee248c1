//! Times reading, estimating and writing, and compares estimates with what files claim.
//!
//! `cargo run --profile quick -p offcut-gcode --example measure [FILE.gcode ...]`

#![allow(clippy::unwrap_used)]

use offcut_gcode::program::{Extrusion, LayerMark};
use offcut_gcode::read::info::{info, parse_duration};
use offcut_gcode::{Metadata, Program, Role, Step, Vertex, estimate, estimate_file, read, write_to};
use offcut_geometry::Ctx;
use offcut_settings::PrintSettings;
use offcut_settings::print::GcodeFlavor;

struct Count(u64);

impl read::Visitor for Count {
    fn motion(&mut self, m: &read::Motion) {
        self.0 += u64::from(m.e > 0.0);
    }
}

fn main() {
    let settings = PrintSettings {
        gcode_flavor: GcodeFlavor::Marlin2,
        bed_height: 400.0,
        ..PrintSettings::default()
    };
    for path in std::env::args().skip(1) {
        let text = std::fs::read(&path).unwrap();
        let i = info(&text);
        let e = estimate_file(&text, &settings);
        let claim = i
            .get("estimated printing time (normal mode)")
            .and_then(parse_duration)
            .unwrap_or(0.0);
        println!(
            "{path}: {:.1} s, claimed {claim} s, {:+.2} %; filament {:.2} mm, claimed {:?}",
            e.seconds,
            (e.seconds / claim - 1.0) * 100.0,
            e.filament_mm,
            i.get("filament used [mm]")
        );
    }
    let mut program = lattice(1000, 1000);
    program.steps.insert(
        0,
        Step::Hotend {
            celsius: 210,
            wait: true,
        },
    );
    program.steps.push(Step::Hotend {
        celsius: 0,
        wait: false,
    });
    let n = program.vertices.len() as f64;
    for _ in 0..3 {
        let t = cpu();
        let e = estimate(&program, &settings);
        let estimating = cpu() - t;
        let mut text = Vec::with_capacity(64_000_000);
        let t = cpu();
        write_to(
            &program,
            &settings,
            &Metadata::default(),
            &e,
            &Ctx::quiet(),
            &mut text,
        )
        .unwrap();
        let writing = cpu() - t;
        let t = cpu();
        let mut count = Count(0);
        read::read(&text, &mut count);
        let reading = cpu() - t;
        println!(
            "{n} moves, {:.1} MB: estimate {:.1} ns/move, write {:.1} ms, read {:.1} ms ({:.0} MB/s)",
            text.len() as f64 / 1e6,
            estimating * 1e9 / n,
            writing * 1e3,
            reading * 1e3,
            text.len() as f64 / 1e6 / reading
        );
    }
}

/// Processor seconds of all threads of this process (Linux; 0 elsewhere).
fn cpu() -> f64 {
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else {
        return 0.0;
    };
    let mut ns = 0.0;
    for task in tasks.flatten() {
        let text = std::fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
        ns += text
            .split_whitespace()
            .next()
            .and_then(|t| t.parse::<f64>().ok())
            .unwrap_or(0.0);
    }
    ns / 1e9
}

/// Layers of wavy lines, all vertices on odd places.
fn lattice(layers: u32, moves: u32) -> Program {
    let mut p = Program::default();
    let mut seed = 1u32;
    for l in 0..layers {
        let z = 20_000 * (l as i32 + 1);
        p.layers.push(LayerMark {
            z: f64::from(z) / 1e5,
            height: 0.2,
        });
        p.steps.push(Step::Layer(l));
        for part in 0..10 {
            let mut next = |k: u32| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                Vertex {
                    x: 5_000_000 + 30_011 * k as i32 + (seed >> 16) as i32,
                    y: 9_000_000 + 101_003 * part + (seed >> 12 & 0xffff) as i32,
                    z,
                }
            };
            let path = p.add_path([next(0)]);
            p.steps.push(Step::Travel { path, speed: 150.0 });
            let path = p.add_path((1..moves / 10).map(&mut next));
            p.steps.push(Step::Extrude {
                path,
                bead: Extrusion {
                    role: if part == 0 {
                        Role::ExternalPerimeter
                    } else {
                        Role::Perimeter
                    },
                    mm3_per_mm: 0.083,
                    width: 0.45,
                    height: 0.2,
                    speed: 60.0,
                },
            });
        }
    }
    p
}
