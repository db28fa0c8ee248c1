//! Cutting: a drawing of 50 000 segments and a picture of 200 x 200 mm at 0.1 mm, from file to G-code.
#![allow(clippy::unwrap_used)]

use criterion::{Throughput, criterion_group, criterion_main};
use offcut::cut::{CutJob, cut};
use offcut::settings::{CutSettings, Tabled};
use offcut::{Ctx, Input};
use offcut_benches::{Bench, short};
use std::fmt::Write;

fn job(name: &str, bytes: Vec<u8>, set: &[&str]) -> CutJob {
    let mut settings = CutSettings::default();
    for s in set {
        settings.assign_text(s).unwrap();
    }
    CutJob {
        inputs: vec![Input {
            name: name.into(),
            bytes,
        }],
        settings,
        ..CutJob::default()
    }
}

/// So many rows and columns of plates with a round hole each: ten segments a plate.
fn plates(side: usize) -> Vec<u8> {
    let mut s = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='{0}mm' height='{0}mm' viewBox='0 0 {0} {0}'>\
         <g fill='none' stroke='red'>",
        side * 10
    );
    for k in 0..side * side {
        let (x, y) = (k % side * 10, k / side * 10);
        let _ = write!(
            s,
            "<path d='M{x} {y}m1 1h8v6l-2 2h-6z'/><path d='M{x} {y}m3 3h3l1 1v2h-4z'/>"
        );
    }
    s.push_str("</g></svg>");
    s.into_bytes()
}

fn drawings(c: &mut Bench) {
    let mut group = c.benchmark_group("cut/drawing");
    group.sample_size(10);
    for side in [10, 71] {
        let bytes = plates(side);
        group.throughput(Throughput::Elements((side * side * 10) as u64));
        group.bench_function(format!("segments_{}", side * side * 10), |b| {
            b.iter(|| {
                let j = job("plates.svg", bytes.clone(), &["bed_size=1000x1000"]);
                cut(j, &Ctx::quiet(), &mut std::io::sink()).unwrap()
            });
        });
    }
    group.finish();
}

fn pictures(c: &mut Bench) {
    let mut group = c.benchmark_group("cut/picture");
    group.sample_size(10);
    let n = 1000u32;
    let pixels: Vec<u8> = (0..n * n).map(|k| ((k % n * (k / n)) >> 6) as u8).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, n, n);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    for dither in ["floyd_steinberg", "grayscale"] {
        group.bench_function(format!("200mm_{dither}"), |b| {
            b.iter(|| {
                let set = ["image_width=200", &format!("dither={dither}")[..]];
                cut(
                    job("wave.png", bytes.clone(), &set),
                    &Ctx::quiet(),
                    &mut std::io::sink(),
                )
                .unwrap()
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = short();
    targets = drawings, pictures
}
criterion_main!(benches);
