//! From layers to beads: perimeters alone, skins alone, then everything but support.
#![allow(clippy::unwrap_used)]

use criterion::{BenchmarkId, Throughput, criterion_group, criterion_main};
use offcut_benches::{Bench, LAYER_HEIGHTS, MODELS, RINGS, settings, short, sliced, sphere, test_model};
use offcut_geometry::{Ctx, islands};
use offcut_print::regions::perimeters::Scratch;
use offcut_print::regions::spec::LayerSpec;
use offcut_print::regions::{Regions, plan_layers, plan_some};
use offcut_settings::PrintSettings;
use std::hint::black_box;

fn models(c: &mut Bench) {
    let s = settings(0.2);
    for name in MODELS {
        let layers = sliced(&test_model(name), &s);
        let mut group = c.benchmark_group(name);
        group.throughput(Throughput::Elements(layers.len() as u64));
        group.bench_function("perimeters", |b| {
            let spec = LayerSpec::new(&s, s.layer_height, false);
            let all: Vec<_> = layers.iter().flat_map(|l| islands(&l.outline)).collect();
            let mut scratch = Scratch::default();
            b.iter(|| {
                let walls = all.iter().map(|island| scratch.walls(black_box(island), &spec));
                walls.map(|w| w.perimeters.beads.len()).sum::<usize>()
            });
        });
        group.bench_function("skins", |b| {
            let hollow = PrintSettings {
                infill_density: 0.0,
                ..s.clone()
            };
            let objects = [Regions::new(&layers, &hollow, &Ctx::quiet()).unwrap()];
            let all: Vec<_> = (0..layers.len()).map(|k| (0, k)).collect();
            b.iter(|| plan_some(black_box(&objects), &all, &Ctx::quiet()).unwrap())
        });
        group.bench_function("regions", |b| {
            b.iter(|| plan_layers(black_box(&layers), &s, &Ctx::quiet()).unwrap())
        });
        group.finish();
    }
}

fn layers(c: &mut Bench) {
    let mesh = sphere(RINGS[0]);
    let mut group = c.benchmark_group("layers");
    for height in LAYER_HEIGHTS {
        let s = settings(height);
        let layers = sliced(&mesh, &s);
        group.throughput(Throughput::Elements(layers.len() as u64));
        group.bench_function(BenchmarkId::new("regions", layers.len()), |b| {
            b.iter(|| plan_layers(black_box(&layers), &s, &Ctx::quiet()).unwrap())
        });
    }
    group.finish();
}

criterion_group!(name = benches; config = short(); targets = models, layers);
criterion_main!(benches);
