//! Order, seams, travels, retractions and cooling, from planned layers to the program.
#![allow(clippy::unwrap_used)]

use criterion::{Throughput, criterion_group, criterion_main};
use offcut_benches::{Bench, MODELS, settings, short, sliced, test_model};
use offcut_geometry::order::{Orderer, Stop};
use offcut_geometry::{Ctx, Point, grid};
use offcut_print::regions::plan_layers;
use offcut_print::toolpaths::{Job, PrintObject, plan};
use std::hint::black_box;

fn models(c: &mut Bench) {
    let s = settings(0.2);
    let middle = [
        s.bed_origin.x + s.bed_size.x / 2.0,
        s.bed_origin.y + s.bed_size.y / 2.0,
    ];
    let mut group = c.benchmark_group("toolpaths");
    for name in MODELS {
        let objects = [PrintObject {
            name: name.to_owned(),
            layers: plan_layers(&sliced(&test_model(name), &s), &s, &Ctx::quiet()).unwrap(),
            instances: vec![Point::new(grid(middle[0]), grid(middle[1]))],
            hull: Vec::new(),
            seams: Vec::new(),
        }];
        let job = Job {
            objects: &objects,
            skirt: &[],
        };
        let moves = plan(&job, &s, &Ctx::quiet()).unwrap().vertices.len();
        group.throughput(Throughput::Elements(moves as u64));
        group.bench_function(name, |b| {
            b.iter(|| plan(black_box(&job), &s, &Ctx::quiet()).unwrap())
        });
    }
    group.finish();
}

/// The order of the lines of every island alone.
fn ordering(c: &mut Bench) {
    let s = settings(0.2);
    let mut group = c.benchmark_group("ordering");
    for name in MODELS {
        let layers = plan_layers(&sliced(&test_model(name), &s), &s, &Ctx::quiet()).unwrap();
        let islands: Vec<Vec<Stop>> = layers
            .iter()
            .flat_map(|l| &l.islands)
            .map(|i| {
                let lines = i
                    .infill
                    .beads
                    .iter()
                    .map(|b| (i.infill.points_of(b), !b.directed));
                let stops = lines.map(|(p, reversible)| Stop {
                    a: p[0],
                    b: p[p.len() - 1],
                    reversible,
                });
                stops.collect()
            })
            .collect();
        group.throughput(Throughput::Elements(
            islands.iter().map(Vec::len).sum::<usize>() as u64
        ));
        group.bench_function(name, |b| {
            let mut orderer = Orderer::new();
            b.iter(|| {
                let orders = islands.iter().map(|i| orderer.order(None, black_box(i)).len());
                orders.sum::<usize>()
            });
        });
    }
    group.finish();
}

criterion_group!(name = benches; config = short(); targets = models, ordering);
criterion_main!(benches);
