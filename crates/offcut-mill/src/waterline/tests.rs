//! Rings against circles that are known, and against the drop-cutter.

use super::*;
use crate::dropcutter::Surface;
use crate::tools::Profile;
use offcut_mesh::Mesh;
use std::f64::consts::{PI, TAU};

/// A cone of radius 10 and height 10 with its corners on the cone, on a plate of 40 × 40.
fn cone() -> Mesh {
    let n = 720;
    let at = |i: i32| {
        let a = f64::from(i) / f64::from(n) * TAU;
        [(10.0 * a.cos()) as f32, (10.0 * a.sin()) as f32, 0.0]
    };
    let mut t: Vec<_> = (0..n).map(|i| [at(i), at(i + 1), [0.0, 0.0, 10.0]]).collect();
    t.push([[-20.0, -20.0, 0.0], [20.0, -20.0, 0.0], [20.0, 20.0, 0.0]]);
    t.push([[-20.0, -20.0, 0.0], [20.0, 20.0, 0.0], [-20.0, 20.0, 0.0]]);
    Mesh { triangles: t }
}

fn block() -> Mesh {
    let c = |x: f32, y: f32, z: f32| [x * 10.0, y * 10.0, z * 5.0];
    let quad = |a, b, c, d| [[a, b, c], [a, c, d]];
    let mut t = Vec::new();
    t.extend(quad(c(0., 0., 1.), c(1., 0., 1.), c(1., 1., 1.), c(0., 1., 1.)));
    t.extend(quad(c(0., 0., 0.), c(0., 1., 0.), c(1., 1., 0.), c(1., 0., 0.)));
    t.extend(quad(c(0., 0., 0.), c(1., 0., 0.), c(1., 0., 1.), c(0., 0., 1.)));
    t.extend(quad(c(1., 0., 0.), c(1., 1., 0.), c(1., 1., 1.), c(1., 0., 1.)));
    t.extend(quad(c(1., 1., 0.), c(0., 1., 0.), c(0., 1., 1.), c(1., 1., 1.)));
    t.extend(quad(c(0., 1., 0.), c(0., 0., 0.), c(0., 0., 1.), c(0., 1., 1.)));
    Mesh { triangles: t }
}

fn area(ring: &Ring) -> f64 {
    let p = &ring.points;
    (0..p.len())
        .map(|i| {
            let (a, b) = (p[i], p[(i + 1) % p.len()]);
            0.5 * (a[0] * b[1] - a[1] * b[0])
        })
        .sum()
}

#[test]
fn rings_around_a_cone_are_circles() {
    let surface = Surface::new(&cone()).unwrap();
    let root2 = 2f64.sqrt();
    // Radius of the tip's circle at height 5: the section's radius and what the tool needs beside a slope of 45°.
    let cases = [
        (Profile::flat(3.0), 5.0 + 3.0),
        (Profile::ball(3.0), 5.0 + 3.0 * (root2 - 1.0)),
        (Profile::bull(3.0, 1.0), 5.0 + 2.0 + root2 - 1.0),
        (Profile::cone(3.0, 0.0, 20f64.to_radians()), 5.0),
        (Profile::tapered(3.0, 1.0, 20f64.to_radians()), 5.0 + root2 - 1.0),
    ];
    for (p, r) in cases {
        let lines = Waterlines::new(DropCutter::new(&surface, p), 0.4, &Ctx::quiet()).unwrap();
        let rings = lines.level(5.0, 0.005);
        assert_eq!(rings.len(), 1, "{p:?}");
        for q in &rings[0].points {
            let d = (q[0] * q[0] + q[1] * q[1]).sqrt();
            // The cone's facets lie up to 0.1 µm · 10 / 2 inside.
            assert!((d - r).abs() < 2e-4, "{p:?}: {d} for {r}");
            let z = lines.cutter.drop(q[0], q[1], -9.0, &mut Hint::default()).z;
            assert!((z - 5.0).abs() <= 1e-6, "{p:?}: {z}");
        }
        let a = area(&rings[0]);
        assert!((a - PI * r * r).abs() < 0.01 * r * TAU, "{p:?}: {a}");
    }
}

#[test]
fn rings_around_a_block_keep_the_radius() {
    let surface = Surface::new(&block()).unwrap();
    let lines = Waterlines::new(DropCutter::new(&surface, Profile::flat(3.0)), 0.5, &Ctx::quiet()).unwrap();
    let rings = lines.level(2.0, 0.002);
    assert_eq!(rings.len(), 1);
    let near = |v: f64| (v - v.clamp(0.0, 10.0)).abs();
    for p in &rings[0].points {
        let d = (near(p[0]).powi(2) + near(p[1]).powi(2)).sqrt();
        assert!((3.0..3.000_002).contains(&d), "{d}");
        assert_eq!(p[2], 2.0);
    }
    let want = 100.0 + 4.0 * 30.0 + PI * 9.0;
    assert!((area(&rings[0]) - want).abs() < 0.05);
    // On its top and above nothing is in the way; below its foot everything is beside it.
    assert!(lines.level(5.0, 0.002).is_empty());
    assert!(lines.level(-3.0, 0.002).is_empty());
}

#[test]
fn chords_never_cut_deeper_than_asked() {
    let z = |i: i32, j: i32| (f64::from(i * 7919 + j * 104_729).sin() * 1.5) as f32;
    let mut t = Vec::new();
    for i in 0..16 {
        for j in 0..16 {
            let p = |i: i32, j: i32| [i as f32, j as f32, z(i, j)];
            t.push([p(i, j), p(i + 1, j), p(i + 1, j + 1)]);
            t.push([p(i, j), p(i + 1, j + 1), p(i, j + 1)]);
        }
    }
    let surface = Surface::new(&Mesh { triangles: t }).unwrap();
    for p in [
        Profile::flat(0.6),
        Profile::ball(0.6),
        Profile::bull(0.6, 0.2),
        Profile::cone(0.6, 0.0, 0.4),
    ] {
        let cutter = DropCutter::new(&surface, p);
        let lines = Waterlines::new(cutter, 0.25, &Ctx::quiet()).unwrap();
        let levels = lines.levels(&[-0.6, 0.1, 0.9], 0.003);
        assert_eq!(levels[1], lines.level(0.1, 0.003));
        let mut rings = 0;
        let (inner, lift) = p.narrower(0.001_5);
        let inner = DropCutter::new(&surface, inner);
        for r in levels.iter().flatten() {
            rings += 1;
            for i in 0..r.points.len() {
                let (a, b) = (r.points[i], r.points[(i + 1) % r.points.len()]);
                let mut hint = Hint::default();
                for k in 0..=8 {
                    let t = f64::from(k) / 8.0;
                    let q: [f64; 3] = std::array::from_fn(|n| a[n] + (b[n] - a[n]) * t);
                    let ground = inner.drop(q[0], q[1], -9.0, &mut hint).z - lift;
                    assert!(ground <= q[2] + 0.001_501, "{p:?}: {} deep", ground - q[2]);
                }
            }
        }
        assert!(rings > 5);
    }
}
