//! Loading: per triangle, so that the figures of one format stay equal as meshes grow.
#![allow(clippy::unwrap_used)]

use criterion::{BenchmarkId, Throughput, criterion_group, criterion_main};
use nalgebra::Matrix4;
use offcut_benches::{Bench, RINGS, short, sphere, test_file};
use offcut_formats::{Limits, ModelObject, read_model, stl, threemf};
use std::hint::black_box;
use std::sync::Arc;

fn load(c: &mut Bench) {
    let limits = Limits::default();
    let mut group = c.benchmark_group("load");
    for rings in RINGS {
        let mesh = sphere(rings);
        let n = mesh.triangles.len();
        let stl = stl::write(&mesh);
        let object = ModelObject {
            name: String::new(),
            mesh: Arc::new(mesh),
            transform: Matrix4::identity(),
        };
        let threemf = threemf::write(&[object]).unwrap();
        group.throughput(Throughput::Elements(n as u64));
        for (name, bytes) in [("stl", stl), ("3mf", threemf)] {
            group.bench_function(BenchmarkId::new(name, n), |b| {
                b.iter(|| read_model(black_box(&bytes), name, &limits).unwrap())
            });
        }
    }
    let gear = test_file("gear.obj");
    let n = read_model(&gear, "gear.obj", &limits).unwrap().triangles();
    group.throughput(Throughput::Elements(n as u64));
    group.bench_function(BenchmarkId::new("obj", n), |b| {
        b.iter(|| read_model(black_box(&gear), "gear.obj", &limits).unwrap())
    });
    group.finish();
}

criterion_group!(name = benches; config = short(); targets = load);
criterion_main!(benches);
