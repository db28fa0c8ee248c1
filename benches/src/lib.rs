//! What the benches work on: spheres of any fineness, the test models, and each stage's input.
//!
//! A bench that cannot get its input has nothing to measure, so it stops there.
#![allow(clippy::unwrap_used)]

mod cpu;

pub use cpu::CpuTime;

use criterion::Criterion;
use offcut_formats::{Limits, read_model};
use offcut_gcode::Program;
use offcut_geometry::Ctx;
use offcut_mesh::Mesh;
use offcut_print::{Body, Layer, layers};
use offcut_settings::PrintSettings;
use std::f64::consts::{PI, TAU};
use std::time::Duration;

/// Rings that give [`sphere`] about 20, 80 and 320 thousand triangles: four times as many each step.
pub const RINGS: [u32; 3] = [71, 142, 283];

/// Layer heights that halve from one to the next, mm.
pub const LAYER_HEIGHTS: [f64; 3] = [0.4, 0.2, 0.1];

/// Test models that differ in kind: free form, many small features, walls, slopes.
pub const MODELS: [&str; 4] = ["sphere.stl", "gear.obj", "bracket.stl", "tops.stl"];

/// A bench that counts processor time.
pub type Bench = Criterion<CpuTime>;

/// Few, short samples: the stages differ by more than the noise.
#[must_use]
pub fn short() -> Bench {
    Criterion::default()
        .with_measurement(CpuTime)
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .without_plots()
}

/// A sphere of 40 mm diameter standing on the bed, with 4·rings·(rings − 1) triangles.
#[must_use]
pub fn sphere(rings: u32) -> Mesh {
    let sectors = 2 * rings;
    let point = |ring: u32, sector: u32| {
        let polar = PI * f64::from(ring) / f64::from(rings);
        let around = TAU * f64::from(sector % sectors) / f64::from(sectors);
        // Exactly nothing at the poles: their triangles have to meet in one point.
        let r = if ring.is_multiple_of(rings) {
            0.0
        } else {
            20.0 * libm::sin(polar)
        };
        [
            r * libm::cos(around),
            r * libm::sin(around),
            20.0 + 20.0 * libm::cos(polar),
        ]
        .map(|c| c as f32)
    };
    let mut triangles = Vec::new();
    for ring in 0..rings {
        for sector in 0..sectors {
            let [a, b] = [point(ring, sector), point(ring, sector + 1)];
            let [c, d] = [point(ring + 1, sector), point(ring + 1, sector + 1)];
            if ring > 0 {
                triangles.push([a, c, b]);
            }
            if ring + 1 < rings {
                triangles.push([b, c, d]);
            }
        }
    }
    Mesh { triangles }
}

/// The bytes of a file of `test-models/`.
#[must_use]
pub fn test_file(name: &str) -> Vec<u8> {
    std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../test-models/").to_owned() + name).unwrap()
}

/// The first object of a test model.
#[must_use]
pub fn test_model(name: &str) -> Mesh {
    let model = read_model(&test_file(name), name, &Limits::default()).unwrap();
    model.objects.first().unwrap().placed()
}

/// The built-in settings with layers of this height, mm.
#[must_use]
pub fn settings(layer_height: f64) -> PrintSettings {
    PrintSettings {
        layer_height,
        first_layer_height: layer_height,
        ..PrintSettings::default()
    }
}

/// The layers of a mesh.
#[must_use]
pub fn sliced(mesh: &Mesh, s: &PrintSettings) -> Vec<Layer> {
    layers::layers(mesh, mesh.bounds().unwrap(), s, &Ctx::quiet())
        .unwrap()
        .layers
}

/// The whole motion of printing a mesh.
#[must_use]
pub fn program(mesh: &Mesh, s: &PrintSettings) -> Program {
    let body = Body {
        name: "model",
        mesh,
        bounds: mesh.bounds().unwrap(),
        places: &[[0.0; 2]],
        group: 0,
        copies: 1,
    };
    let mut program = offcut_print::print(&[body], offcut_print::Anchor::Middle, s, &Ctx::quiet())
        .unwrap()
        .program;
    offcut_gcode::prepare(&mut program, s).unwrap();
    program
}
