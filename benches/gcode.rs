//! What follows the program, per move: check, estimate, write, and reading it back.
#![allow(clippy::unwrap_used)]

use criterion::{Throughput, criterion_group, criterion_main};
use offcut_benches::{Bench, MODELS, program, settings, short, test_model};
use offcut_gcode::{Metadata, estimate, estimate_file, verify, write};
use offcut_geometry::Ctx;
use std::hint::black_box;

fn models(c: &mut Bench) {
    let s = settings(0.2);
    for name in MODELS {
        let program = program(&test_model(name), &s);
        let time = estimate(&program, &s);
        let meta = Metadata::default();
        let text = write(&program, &s, &meta, &time, &Ctx::quiet()).unwrap();
        let mut group = c.benchmark_group(name);
        group.throughput(Throughput::Elements(program.vertices.len() as u64));
        group.bench_function("check", |b| {
            b.iter(|| verify::check_program(black_box(&program), &s))
        });
        group.bench_function("estimate", |b| b.iter(|| estimate(black_box(&program), &s)));
        group.bench_function("write", |b| {
            b.iter(|| write(black_box(&program), &s, &meta, &time, &Ctx::quiet()).unwrap())
        });
        group.bench_function("estimate of the file", |b| {
            b.iter(|| estimate_file(black_box(&text), &s))
        });
        group.finish();
    }
}

criterion_group!(name = benches; config = short(); targets = models);
criterion_main!(benches);
