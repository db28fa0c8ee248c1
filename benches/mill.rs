//! Milling: drops, gouge checks, waterlines, the stock, adaptive clearing.
#![allow(clippy::unwrap_used)]

use criterion::{BenchmarkId, Throughput, criterion_group, criterion_main};
use offcut_benches::{Bench, short};
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::{Ctx, Loops, Point, clip, grid};
use offcut_mesh::Mesh;
use offcut_mill::dropcutter::{DropCutter, Hint, Surface};
use offcut_mill::operations::adaptive::clear::{Task, clear};
use offcut_mill::stock::{Body, Field, Sweep};
use offcut_mill::tools::Profile;
use offcut_mill::waterline::Waterlines;
use offcut_mill::{Inputs, Job, JobFile};
use std::hint::black_box;

/// Squares on a side of the ground: about 10 thousand, 100 thousand and a million triangles.
const SIDES: [usize; 3] = [71, 224, 707];

/// A bumpy ground of 100 × 100 × 20 mm: waves of seven lengths, each half as high as the one before.
fn ground(side: usize) -> Mesh {
    let at = |i: usize, j: usize| {
        let (x, y) = (i as f64 / side as f64, j as f64 / side as f64);
        let (mut z, mut f, mut a) = (0.0, 9.4, 1.0);
        for o in 0..7 {
            let t = f64::from(o) * 2.4;
            z += a * libm::sin(f * (x * libm::cos(t) + y * libm::sin(t)) + t);
            z += a * libm::sin(f * (y * libm::cos(t) - x * libm::sin(t)) + 2.0 * t);
            f *= 1.9;
            a *= 0.5;
        }
        [(x * 100.0) as f32, (y * 100.0) as f32, (z * 2.5) as f32]
    };
    let mut triangles = Vec::with_capacity(2 * side * side);
    for i in 0..side {
        for j in 0..side {
            triangles.push([at(i, j), at(i + 1, j), at(i + 1, j + 1)]);
            triangles.push([at(i, j), at(i + 1, j + 1), at(i, j + 1)]);
        }
    }
    Mesh { triangles }
}

/// Tools of 6 mm.
fn tools() -> [(&'static str, Profile); 5] {
    [
        ("flat", Profile::flat(3.0)),
        ("ball", Profile::ball(3.0)),
        ("bull", Profile::bull(3.0, 1.0)),
        ("cone", Profile::cone(3.0, 0.0, 45f64.to_radians())),
        ("tapered", Profile::tapered(3.0, 0.5, 10f64.to_radians())),
    ]
}

/// Rows 3 mm apart, places 0.3 mm apart, to and fro.
fn places() -> Vec<[f64; 2]> {
    let row = |j: usize| {
        (0..334).map(move |i| {
            let i = if j.is_multiple_of(2) { i } else { 333 - i };
            [i as f64 * 0.3, j as f64 * 3.0]
        })
    };
    (0..34).flat_map(row).collect()
}

fn drops(c: &mut Bench) {
    let places = places();
    for side in SIDES {
        let surface = Surface::new(&ground(side)).unwrap();
        let mut group = c.benchmark_group(format!("drop-{}", 2 * side * side));
        group.throughput(Throughput::Elements(places.len() as u64));
        for (name, tool) in tools() {
            let cutter = DropCutter::new(&surface, tool);
            group.bench_function(name, |b| {
                b.iter(|| {
                    let mut hint = Hint::default();
                    let z = |p: &[f64; 2]| cutter.drop(p[0], p[1], -100.0, &mut hint).z;
                    black_box(&places).iter().map(z).sum::<f64>()
                });
            });
        }
        group.finish();
    }
}

fn gouges(c: &mut Bench) {
    let places = places();
    let surface = Surface::new(&ground(SIDES[1])).unwrap();
    let mut group = c.benchmark_group("gouge");
    group.throughput(Throughput::Elements(places.len() as u64 - 1));
    for (name, tool) in tools() {
        let cutter = DropCutter::new(&surface, tool);
        let heights = cutter.heights(&places, -100.0);
        let path: Vec<[f64; 3]> = places.iter().zip(heights).map(|(p, z)| [p[0], p[1], z]).collect();
        group.bench_function(name, |b| {
            let cuts = |w: &[[f64; 3]]| cutter.gouge(w[0], w[1], 0.005).is_some();
            b.iter(|| black_box(&path).windows(2).filter(|w| cuts(w)).count());
        });
    }
    group.finish();
}

fn waterlines(c: &mut Bench) {
    let surface = Surface::new(&ground(SIDES[1])).unwrap();
    let mut group = c.benchmark_group("waterline");
    let zs: Vec<f64> = (0..20).map(|i| f64::from(i) - 10.0).collect();
    for (name, tool) in tools() {
        let cutter = DropCutter::new(&surface, tool);
        let lines = Waterlines::new(cutter, 0.3, &Ctx::quiet()).unwrap();
        group.throughput(Throughput::Elements(zs.len() as u64));
        group.bench_function(BenchmarkId::new("levels", name), |b| {
            b.iter(|| lines.levels(black_box(&zs), 0.005).len());
        });
    }
    group.finish();
}

fn stock(c: &mut Bench) {
    let mut group = c.benchmark_group("stock");
    for (name, profile) in tools() {
        for (kind, rise) in [("level", 0.0), ("sloped", 5.0)] {
            let sweeps: Vec<Sweep> = (0..20)
                .map(|i| {
                    let y = 5.0 + 4.5 * f64::from(i);
                    Sweep {
                        from: [5.0, y, 10.0],
                        to: [95.0, y, 10.0 + rise],
                    }
                })
                .collect();
            let start = Field::filled([0.0; 3], [100.0, 100.0, 20.0], 0.05, 20.0);
            let body = Body {
                profile,
                above: Vec::new(),
            };
            let columns = 20.0 * (90.0 * 6.0 + 28.3) / (0.05 * 0.05);
            group.throughput(Throughput::Elements(columns as u64));
            group.bench_function(BenchmarkId::new(kind, name), |b| {
                let mut field = start.clone();
                b.iter(|| {
                    // Lower each time, so that something is cut.
                    field.clone_from(&start);
                    field.cut(&body, black_box(&sweeps)).len()
                });
            });
        }
    }
    group.finish();
}

/// A whole job over a model: roughing, rows with a ball, and the simulation of both.
fn jobs(c: &mut Bench) {
    const JOB: &str = "material = \"softwood\"\n[input]\nmodel = \"ground\"\n[stock]\nmargin = [2, 2, 1]\n\
        [[operation]]\nkind = \"roughing\"\ntool = \"flat-6\"\n[[operation]]\nkind = \"parallel\"\ntool = \"ball-6\"\n";
    let inputs = Inputs {
        model: Some(ground(SIDES[0])),
        ..Inputs::default()
    };
    let job = Job::new(&JobFile::read(JOB, "job").unwrap(), &inputs).unwrap();
    let mut group = c.benchmark_group("job");
    group.sample_size(10);
    group.bench_function("model", |b| {
        b.iter(|| {
            offcut_mill::plan(black_box(&job), &Ctx::quiet())
                .unwrap()
                .toolpaths
                .len()
        });
    });
    group.finish();
}

/// Adaptive clearing of a rectangle of 100 × 60 mm without islands, with two and with 25: a tool of 6 mm, a fifth of it.
fn adaptive(c: &mut Bench) {
    const R: f64 = 3.0;
    let at = |x: f64, y: f64| Point::new(grid(x), grid(y));
    let rectangle: Loops = [vec![at(0.0, 0.0), at(100.0, 0.0), at(100.0, 60.0), at(0.0, 60.0)]]
        .into_iter()
        .collect();
    let few = vec![(30.0, 30.0, 8.0), (70.0, 30.0, 8.0)];
    let many = (0..25)
        .map(|i| (10.0 + 20.0 * f64::from(i % 5), 6.0 + 12.0 * f64::from(i / 5), 1.5))
        .collect();
    let mut group = c.benchmark_group("adaptive");
    for (name, islands) in [
        ("rectangle", Vec::new()),
        ("two-islands", few),
        ("25-islands", many),
    ] {
        let islands: Loops = islands
            .into_iter()
            .map(|(x, y, r): (f64, f64, f64)| {
                let ray = |i: u32| f64::from(i) * std::f64::consts::TAU / 160.0;
                let point = |i| at(x + r * libm::cos(ray(i)), y + r * libm::sin(ray(i)));
                (0..160).map(point).collect::<Vec<_>>()
            })
            .collect();
        let middle = offset(&clip::difference(&rectangle, &islands), -grid(R), Join::Round);
        let task = Task {
            region: &middle,
            free: &Loops::new(),
            r: R,
            width: 1.2,
            both: true,
        };
        group.bench_function(name, |b| {
            b.iter(|| clear(black_box(&task), &Ctx::quiet()).unwrap().stretches.len());
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = short();
    targets = drops, gouges, waterlines, stock, adaptive, jobs
}
criterion_main!(benches);
