//! Sparse infill: every registered pattern in the same fifty layers, at 20 %.

use criterion::{Throughput, criterion_group, criterion_main};
use offcut_benches::{Bench, settings, short, sliced, test_model};
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::{Point, Polylines, grid};
use offcut_print::regions::infill::{FillArea, FillParams, REGISTRY, Scratch, fill};
use offcut_print::regions::spec::LayerSpec;
use std::f64::consts::FRAC_PI_4;
use std::hint::black_box;

/// Outlines shrink by this to where infill may run, mm.
const WALLS: f64 = 1.2;

fn patterns(c: &mut Bench) {
    let s = settings(0.2);
    let line = LayerSpec::new(&s, s.layer_height, false).sparse;
    let params = FillParams {
        width: line.width,
        spacing: line.spacing,
        density: 0.2,
        most: f64::INFINITY,
        angle: FRAC_PI_4,
        anchor: 2.5,
        anchor_max: 12.0,
        origin: Point::default(),
    };
    let layers = sliced(&test_model("sphere.stl"), &s);
    let middle = layers.len() / 2;
    let regions: Vec<_> = layers[middle - 25..middle + 25]
        .iter()
        .map(|l| (l.z, offset(&l.outline, -grid(WALLS) | 1, Join::Miter)))
        .collect();
    let mut group = c.benchmark_group("infill");
    group.throughput(Throughput::Elements(regions.len() as u64));
    for entry in REGISTRY {
        group.bench_function(entry.name, |b| {
            let (mut scratch, mut out) = (Scratch::default(), Polylines::new());
            b.iter(|| {
                out.clear();
                for (layer, (z, region)) in (0..).zip(black_box(&regions)) {
                    let area = FillArea { region, layer, z: *z };
                    fill(entry.pattern, &area, &params, &mut scratch, &mut out);
                }
                out.points.len()
            });
        });
    }
    group.finish();
}

criterion_group!(name = benches; config = short(); targets = patterns);
criterion_main!(benches);
