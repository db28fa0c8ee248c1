//! The whole job, from the bytes of a model file to the bytes of G-code.
#![allow(clippy::unwrap_used)]

use criterion::{BenchmarkId, Throughput, criterion_group, criterion_main};
use offcut::{Ctx, Input, PrintSettings, SliceJob, slice};
use offcut_benches::{Bench, LAYER_HEIGHTS, MODELS, RINGS, settings, short, sphere, test_file};
use offcut_formats::stl;

fn job(name: &str, bytes: &[u8], settings: &PrintSettings) -> usize {
    let mut out = Vec::new();
    let job = SliceJob {
        models: vec![Input {
            name: name.to_owned(),
            bytes: bytes.to_owned(),
        }],
        settings: settings.clone(),
        ..SliceJob::default()
    };
    slice(job, &Ctx::quiet(), &mut out).unwrap();
    out.len()
}

fn models(c: &mut Bench) {
    let s = settings(0.2);
    for name in MODELS {
        let bytes = test_file(name);
        c.bench_function(name, |b| b.iter(|| job(name, &bytes, &s)));
    }
}

fn growth(c: &mut Bench) {
    let mut group = c.benchmark_group("triangles");
    for rings in RINGS {
        let mesh = sphere(rings);
        let bytes = stl::write(&mesh);
        let s = settings(0.2);
        group.throughput(Throughput::Elements(mesh.triangles.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(mesh.triangles.len()), |b| {
            b.iter(|| job("sphere.stl", &bytes, &s))
        });
    }
    group.finish();
    let mut group = c.benchmark_group("layers");
    let bytes = stl::write(&sphere(RINGS[0]));
    for height in LAYER_HEIGHTS {
        let s = settings(height);
        let layers = (40.0 / height) as u64;
        group.throughput(Throughput::Elements(layers));
        group.bench_function(BenchmarkId::from_parameter(layers), |b| {
            b.iter(|| job("sphere.stl", &bytes, &s))
        });
    }
    group.finish();
}

criterion_group!(name = benches; config = short(); targets = models, growth);
criterion_main!(benches);
