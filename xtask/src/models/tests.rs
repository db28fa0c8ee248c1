//! The committed files are what the generator makes, and the manifest's facts hold for the triangles.

use super::{Facts, files, shapes, write};
use std::collections::BTreeMap;
use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../test-models")
}

#[test]
fn committed_files_are_generated_ones() {
    let mut names = Vec::new();
    for (name, bytes) in files().unwrap() {
        let on_disk = std::fs::read(folder().join(&name)).unwrap();
        assert!(
            on_disk == bytes,
            "test-models/{name} is stale: run `cargo xtask models`"
        );
        names.push(name);
    }
    for entry in std::fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            names.contains(&name),
            "test-models/{name} is not made by the generator"
        );
    }
}

#[test]
fn facts_hold() {
    for m in shapes::all().unwrap() {
        let Facts {
            file,
            triangles,
            watertight,
            volume_mm3,
            relative_tolerance,
            sections,
            ..
        } = m.facts();
        let t = &m.solid.triangles;
        assert_eq!(t.len(), triangles);
        let mut edges: BTreeMap<[[u32; 3]; 2], i32> = BTreeMap::new();
        let mut repeated = false;
        for f in t {
            for k in 0..3 {
                let e = [f[k], f[(k + 1) % 3]].map(|p| p.map(|v| (v + 0.0).to_bits()));
                let n = edges.entry(e).or_default();
                *n += 1;
                repeated |= *n > 1;
            }
        }
        let paired = edges.iter().all(|(&[a, b], n)| edges.get(&[b, a]) == Some(n));
        assert_eq!(
            paired && (!repeated || m.overlap.is_some()),
            watertight,
            "{file}: watertight"
        );

        let volume: f64 = t.iter().map(|f| det(f.map(|p| p.map(f64::from)))).sum::<f64>() / 6.0;
        let near = |got: f64, want: f64| (got - want).abs() <= relative_tolerance * want.abs() + 1e-3;
        if let (Some(v), true) = (volume_mm3, watertight) {
            let shared = m.overlap.unwrap_or(0.0);
            assert!(
                near(volume - shared, v),
                "{file}: volume {volume} − {shared}, expected {v}"
            );
        }
        assert!(volume > 0.0, "{file}: inside out");
        for s in sections {
            // Where bodies overlap a cut of triangles counts the shared part twice.
            let cut = cut_area(t, s.z);
            let low = f64::from(m.solid.bounds()[0][2]);
            assert!(s.z > low, "{file}: section below the model");
            let united = m.overlap.is_some() && s.z < 2.0;
            if watertight && !united {
                assert!(
                    near(cut, s.area_mm2),
                    "{file}: area {cut} at {}, expected {}",
                    s.z,
                    s.area_mm2
                );
            }
        }
        assert!(
            m.solid.bounds()[0][2].abs() < 1e-6,
            "{file}: does not stand on the bed"
        );
        if file != "sphere.stl" {
            assert!(m.bytes().len() < 300_000, "{file}: {} bytes", m.bytes().len());
        }
    }
}

fn det([a, b, c]: [[f64; 3]; 3]) -> f64 {
    a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0])
        + a[2] * (b[0] * c[1] - b[1] * c[0])
}

/// Area by Green's formula over the directed cut segments of the facets.
fn cut_area(t: &[[[f32; 3]; 3]], z: f64) -> f64 {
    let z = z + 1e-7;
    let mut sum = 0.0;
    for f in t {
        let f = f.map(|p| p.map(f64::from));
        let (mut up, mut down) = (None, None);
        for k in 0..3 {
            let (a, b) = (f[k], f[(k + 1) % 3]);
            if (a[2] > z) == (b[2] > z) {
                continue;
            }
            let s = (z - a[2]) / (b[2] - a[2]);
            let p = [a[0] + s * (b[0] - a[0]), a[1] + s * (b[1] - a[1])];
            if a[2] > z { down = Some(p) } else { up = Some(p) }
        }
        if let (Some(u), Some(d)) = (up, down) {
            // Seen from outside with up on top, material to the left runs from the falling edge to the rising one.
            sum += d[0] * u[1] - d[1] * u[0];
        }
    }
    sum / 2.0
}

#[test]
fn stl_layout() {
    let m = &shapes::all().unwrap()[0];
    let b = write::stl(&m.solid);
    assert_eq!(b.len(), 84 + 50 * 12);
    assert_eq!(u32::from_le_bytes([b[80], b[81], b[82], b[83]]), 12);
}
