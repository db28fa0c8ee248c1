//! Nesting: building a field, asking it, moving parts, and a whole run under a work budget.
#![allow(clippy::unwrap_used)]

use criterion::{Throughput, criterion_group, criterion_main};
use offcut_benches::{Bench, short};
use offcut_geometry::{Ctx, Point};
use offcut_nest::json::read_instance;
use offcut_nest::nfp::{Field, Play, no_fit, pieces};
use offcut_nest::problem::Problem;
use offcut_nest::rng::Rng;
use offcut_nest::search::separate::Patience;
use offcut_nest::search::{Bin, Search};
use offcut_nest::{Budget, Instance, Options, Sheet, Target, nest};
use std::f64::consts::TAU;
use std::hint::black_box;

/// Five kinds of stars with so many corners, six of each, that may be turned by quarters.
fn stars(corners: u32) -> Instance {
    let item = |kind: u32| {
        let points: Vec<String> = (0..corners)
            .map(|k| {
                let a = TAU * f64::from(k) / f64::from(corners);
                let r = 20.0 + f64::from(kind) + 8.0 * libm::cos(f64::from(kind + 2) * a);
                format!("[{:.3},{:.3}]", r * libm::cos(a), r * libm::sin(a))
            })
            .collect();
        format!(
            r#"{{"id": {kind}, "demand": 6, "allowed_orientations": [0, 90, 180, 270],
            "shape": {{"type": "simple_polygon", "data": [{}]}}}}"#,
            points.join(",")
        )
    };
    let items: Vec<String> = (0..5).map(item).collect();
    let text = format!(r#"{{"strip_height": 200, "items": [{}]}}"#, items.join(","));
    read_instance(&text).unwrap()
}

fn fields(c: &mut Bench) {
    let mut group = c.benchmark_group("nest/field");
    for corners in [16, 32, 64] {
        let i = stars(corners);
        let (a, b) = (pieces(&i.items[0].shape), pieces(&i.items[3].shape));
        group.bench_function(format!("polygon_{corners}"), |bench| {
            bench.iter(|| no_fit(black_box(&a), &b));
        });
        let polygon = no_fit(&a, &b);
        group.bench_function(format!("grid_{corners}"), |bench| {
            bench.iter(|| Field::new(black_box(&polygon), 1e6, Play::of_rounding(true)));
        });
    }
    let i = stars(32);
    let polygon = no_fit(&pieces(&i.items[0].shape), &pieces(&i.items[3].shape));
    let field = Field::new(&polygon, 1e6, Play::of_rounding(true));
    let mut rng = Rng::new(1, 0);
    let size = 60.0 * i.scale;
    let at: Vec<(f64, f64)> = (0..1000)
        .map(|_| (rng.range(-size, size), rng.range(-size, size)))
        .collect();
    group.throughput(Throughput::Elements(at.len() as u64));
    group.bench_function("depth", |bench| {
        bench.iter(|| at.iter().map(|&(x, y)| field.depth(x, y)).sum::<f64>());
    });
    group.finish();
}

fn moves(c: &mut Bench) {
    let i = stars(32);
    let problem = Problem::new(&i, None);
    let bin = Bin {
        lo: [0.0, 0.0],
        hi: [300.0 * i.scale, 200.0 * i.scale],
        at: [0.0, 0.0],
        ground: 0,
    };
    // Too tight to end: the work is the same rounds every time.
    c.bench_function("nest/rounds", |bench| {
        bench.iter(|| {
            let mut s = Search::new(&problem, vec![bin], Rng::new(1, 0));
            s.scatter();
            s.refresh();
            let patience = Patience::new(5, 1);
            s.separate(patience, &|work| work > 20_000)
        });
    });
}

fn runs(c: &mut Bench) {
    let i = stars(16);
    let mut sheets = i.clone();
    let side = (150.0 * i.scale) as i32;
    let corners = [(0, 0), (side, 0), (side, side), (0, side)].map(|(x, y)| Point::new(x, y));
    let outline = [corners.to_vec()].into_iter().collect();
    sheets.target = Target::Sheets(vec![Sheet::new("s", outline)]);
    let options = Options {
        budget: Budget::Work(100_000),
        chains: 1,
        start: None,
    };
    for (name, i) in [("strip", &i), ("sheets", &sheets)] {
        c.bench_function(format!("nest/{name}").as_str(), |bench| {
            bench.iter(|| nest(i, &options, &Ctx::quiet(), &mut |_| {}).is_ok());
        });
    }
}

criterion_group!(name = benches; config = short(); targets = fields, moves, runs);
criterion_main!(benches);
