//! Load times of each format, and what every slicing run adds: the soundness test.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use nalgebra::Matrix4;
use offcut_formats::{Limits, ModelObject, read_model, stl, threemf};
use offcut_mesh::{Mesh, Soundness};

/// A bumpy torus with 2·n·m triangles.
fn torus(n: u32, m: u32) -> Mesh {
    let point = |i: u32, j: u32| {
        let u = f64::from(i % n) / f64::from(n) * std::f64::consts::TAU;
        let v = f64::from(j % m) / f64::from(m) * std::f64::consts::TAU;
        let r = 10.0 + (7.0 * u).sin();
        let ring = 40.0 + r * v.cos();
        [
            (ring * u.cos()) as f32,
            (ring * u.sin()) as f32,
            (r * v.sin()) as f32,
        ]
    };
    let cells = (0..n).flat_map(|i| (0..m).map(move |j| (i, j)));
    let triangles = cells
        .flat_map(|(i, j)| {
            let [a, b, c, d] = [point(i, j), point(i + 1, j), point(i + 1, j + 1), point(i, j + 1)];
            [[a, b, c], [a, c, d]]
        })
        .collect();
    Mesh { triangles }
}

fn load(c: &mut Criterion) {
    let mesh = torus(450, 250);
    assert!(Soundness::of(&mesh).is_sound());
    let mut group = c.benchmark_group("225k triangles");
    group
        .sample_size(20)
        .throughput(Throughput::Elements(mesh.triangles.len() as u64));
    let limits = Limits::default();
    let object = ModelObject {
        name: String::new(),
        mesh: Arc::new(mesh.clone()),
        transform: Matrix4::identity(),
    };
    let files = [
        ("stl binary", stl::write(&mesh)),
        ("3mf", threemf::write(&[object]).unwrap_or_default()),
    ];
    for (name, bytes) in &files {
        group.bench_function(*name, |b| {
            b.iter(|| read_model(black_box(bytes), "x", &limits).map(|m| m.triangles()))
        });
    }
    group.bench_function("soundness", |b| b.iter(|| Soundness::of(black_box(&mesh))));
    group.finish();
}

criterion_group!(benches, load);
criterion_main!(benches);
