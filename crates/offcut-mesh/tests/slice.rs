//! Slices against exact geometry.
#![allow(clippy::unwrap_used)]

use offcut_geometry::Ctx;
use offcut_mesh::slice::{Fill, SliceParams, slice};
use offcut_mesh::{Mesh, Triangle};
use proptest::prelude::*;

const PARAMS: SliceParams = SliceParams {
    fill: Fill::Positive,
    resolution: 0.01,
    closing_radius: 0.049,
    origin: [0.0, 0.0],
};

/// The prism over a counter-clockwise polygon, from `z0` to `z1`; fans, so star-shaped from point 0.
fn prism(polygon: &[[f32; 2]], z0: f32, z1: f32) -> Mesh {
    let mut triangles: Vec<Triangle> = Vec::new();
    let n = polygon.len();
    let at = |i: usize, z: f32| [polygon[i % n][0], polygon[i % n][1], z];
    for i in 0..n {
        triangles.push([at(i, z0), at(i + 1, z0), at(i + 1, z1)]);
        triangles.push([at(i, z0), at(i + 1, z1), at(i, z1)]);
    }
    for i in 1..n - 1 {
        triangles.push([at(0, z1), at(i, z1), at(i + 1, z1)]);
        triangles.push([at(0, z0), at(i + 1, z0), at(i, z0)]);
    }
    Mesh { triangles }
}

fn square(a: f32, b: f32) -> [[f32; 2]; 4] {
    [[a, a], [b, a], [b, b], [a, b]]
}

#[test]
fn cube_is_four_corners_of_400_mm2_on_every_plane() {
    let m = prism(&square(0.0, 20.0), 0.0, 20.0);
    let heights: Vec<f64> = (0..=10).map(|i| f64::from(i) * 2.0).collect();
    let s = slice(&m, &heights, &PARAMS, &Ctx::quiet()).unwrap();
    for (l, z) in s.outlines.iter().zip(&heights) {
        assert_eq!(l.len(), 1, "z {z}");
        assert_eq!(l.points.len(), 4, "z {z}");
        assert!((l.area_mm2() - 400.0).abs() < 1e-3, "z {z}: {}", l.area_mm2());
    }
    assert_eq!((s.repaired, s.dropped), (0, 0));
}

#[test]
fn faces_tangent_to_a_plane_are_kept_both_ways() {
    // A 20 mm step of 10 mm height with a 10 mm tower on it, as overlapping bodies.
    let mut m = prism(&square(0.0, 20.0), 0.0, 10.0);
    m.triangles.extend(prism(&square(5.0, 15.0), 5.0, 20.0).triangles);
    let s = slice(&m, &[10.0, 10.1], &PARAMS, &Ctx::quiet()).unwrap();
    assert!(
        (s.outlines[0].area_mm2() - 400.0).abs() < 1e-3,
        "{}",
        s.outlines[0].area_mm2()
    );
    assert!((s.outlines[1].area_mm2() - 100.0).abs() < 1e-3);
    let mut down = m.clone();
    down.transform(&nalgebra::Matrix4::new_nonuniform_scaling(
        &nalgebra::Vector3::new(1.0, 1.0, -1.0),
    ));
    let s = slice(&down, &[-10.1, -10.0], &PARAMS, &Ctx::quiet()).unwrap();
    assert!((s.outlines[0].area_mm2() - 100.0).abs() < 1e-3);
    assert!(
        (s.outlines[1].area_mm2() - 400.0).abs() < 1e-3,
        "{}",
        s.outlines[1].area_mm2()
    );
}

#[test]
fn cylinder_of_1000_sides_keeps_its_area() {
    let polygon: Vec<[f32; 2]> = (0..1000)
        .map(|i| {
            let a = std::f64::consts::TAU * f64::from(i) / 1000.0;
            [10.0 * a.cos() as f32, 10.0 * a.sin() as f32]
        })
        .collect();
    let s = slice(
        &prism(&polygon, 0.0, 5.0),
        &[0.1, 2.0, 4.9],
        &PARAMS,
        &Ctx::quiet(),
    )
    .unwrap();
    for l in &s.outlines {
        let exact = std::f64::consts::PI * 100.0;
        assert!((l.area_mm2() - exact).abs() < exact / 500.0);
    }
}

#[test]
fn missing_triangle_is_bridged_and_reported() {
    let mut m = prism(&square(0.0, 20.0), 0.0, 20.0);
    m.triangles.remove(0);
    let s = slice(&m, &[5.0, 10.0], &PARAMS, &Ctx::quiet()).unwrap();
    for l in &s.outlines {
        assert!((l.area_mm2() - 400.0).abs() < 40.0, "{}", l.area_mm2());
    }
    assert_eq!(s.dropped, 0);
    assert_eq!(s.repaired, 2);
}

proptest! {
    #[test]
    fn order_of_triangles_and_corners_does_not_matter(seed in any::<u64>(), h in 0.01f64..19.9) {
        let mut m = prism(&[[0.0, 0.0], [17.3, 2.1], [20.0, 15.5], [3.0, 19.0]], 0.0, 20.0);
        m.triangles.extend(prism(&square(8.0, 30.0), 3.0, 14.0).triangles);
        let a = slice(&m, &[h], &PARAMS, &Ctx::quiet()).unwrap();
        let n = m.triangles.len();
        let mut s = seed;
        for i in (1..n).rev() {
            s = s.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            m.triangles.swap(i, (s >> 33) as usize % (i + 1));
            m.triangles[i].rotate_left((s >> 20) as usize % 3);
        }
        let b = slice(&m, &[h], &PARAMS, &Ctx::quiet()).unwrap();
        prop_assert_eq!(a.outlines[0].area2(), b.outlines[0].area2());
    }
}
