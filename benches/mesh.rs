//! The mesh before and while it is cut: soundness, welding, slicing by triangles and by layers.
#![allow(clippy::unwrap_used)]

use criterion::{BenchmarkId, Throughput, criterion_group, criterion_main};
use offcut_benches::{Bench, LAYER_HEIGHTS, RINGS, settings, short, sliced, sphere};
use offcut_mesh::Soundness;
use std::hint::black_box;

fn triangles(c: &mut Bench) {
    let mut group = c.benchmark_group("triangles");
    let s = settings(0.2);
    for rings in RINGS {
        let mesh = sphere(rings);
        assert!(Soundness::of(&mesh).is_sound());
        let n = mesh.triangles.len();
        group.throughput(Throughput::Elements(n as u64));
        group.bench_function(BenchmarkId::new("soundness", n), |b| {
            b.iter(|| Soundness::of(black_box(&mesh)))
        });
        group.bench_function(BenchmarkId::new("weld", n), |b| {
            b.iter(|| black_box(&mesh).indexed())
        });
        group.bench_function(BenchmarkId::new("slice", n), |b| {
            b.iter(|| sliced(black_box(&mesh), &s))
        });
    }
    group.finish();
}

fn layers(c: &mut Bench) {
    let mut group = c.benchmark_group("layers");
    let mesh = sphere(RINGS[0]);
    for height in LAYER_HEIGHTS {
        let s = settings(height);
        let n = sliced(&mesh, &s).len();
        group.throughput(Throughput::Elements(n as u64));
        group.bench_function(BenchmarkId::new("slice", n), |b| {
            b.iter(|| sliced(black_box(&mesh), &s))
        });
    }
    group.finish();
}

criterion_group!(name = benches; config = short(); targets = triangles, layers);
criterion_main!(benches);
