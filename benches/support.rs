//! Support of two models, as columns on a grid and snug.
#![allow(clippy::unwrap_used)]

use criterion::{Throughput, criterion_group, criterion_main};
use offcut_benches::{Bench, settings, short, sliced, test_model};
use offcut_geometry::Ctx;
use offcut_print::regions::support::support;
use offcut_settings::PrintSettings;
use offcut_settings::print::Support;
use std::hint::black_box;

fn styles(c: &mut Bench) {
    for name in ["sphere.stl", "overhangs.stl"] {
        let layers = sliced(&test_model(name), &settings(0.2));
        let mut group = c.benchmark_group(name);
        group.throughput(Throughput::Elements(layers.len() as u64));
        for (style, which) in [("grid", Support::Grid), ("snug", Support::Snug)] {
            let s = PrintSettings {
                support: which,
                ..settings(0.2)
            };
            group.bench_function(style, |b| {
                b.iter(|| support(black_box(&layers), &s, &Ctx::quiet()).unwrap())
            });
        }
        group.finish();
    }
}

criterion_group!(name = benches; config = short(); targets = styles);
criterion_main!(benches);
