use super::*;
use crate::samples::cube;
use crate::{MeshFacts, Triangle};

fn joined(parts: &[Mesh]) -> Mesh {
    Mesh {
        triangles: parts.iter().flat_map(|p| p.triangles.clone()).collect(),
    }
}

fn turned(mut mesh: Mesh) -> Mesh {
    mesh.triangles.iter_mut().for_each(|t| t.swap(0, 1));
    mesh
}

/// Repairs, checks that the result is sound with the volume, and gives the report.
fn mended(mesh: Mesh, volume: f64) -> RepairReport {
    let (mesh, report) = repair(mesh);
    let sound = Soundness::of(&mesh);
    assert!(sound.closed, "{report:?}");
    assert!(
        (sound.volume - volume).abs() < 1e-3 * volume,
        "{} {report:?}",
        sound.volume
    );
    assert_eq!(report.open_edges, 0);
    assert_eq!(report.messages().is_empty(), report.is_clean());
    // What is mended stays so.
    let (again, second) = repair(mesh.clone());
    assert_eq!(again, mesh);
    let said = RepairReport {
        nonmanifold_edges: report.nonmanifold_edges,
        ..RepairReport::default()
    };
    assert_eq!(second, said);
    report
}

#[test]
fn a_good_mesh_is_untouched() {
    assert!(mended(cube(), 8000.0).is_clean());
    assert!(mended(joined(&[cube(), Mesh::boxed([30.0; 3], [40.0; 3])]), 9000.0).is_clean());
    // A cavity is no inside-out body, and what lies in it is none either.
    let cavity = turned(Mesh::boxed([5.0; 3], [15.0; 3]));
    assert!(mended(joined(&[cube(), cavity.clone()]), 7000.0).is_clean());
    assert!(
        mended(
            joined(&[cube(), cavity, Mesh::boxed([8.0; 3], [12.0; 3])]),
            7064.0
        )
        .is_clean()
    );
}

#[test]
fn flipped_triangles_turn_back() {
    let mut mesh = cube();
    mesh.triangles.iter_mut().step_by(2).for_each(|t| t.swap(0, 1));
    assert_eq!(mended(mesh, 8000.0).triangles_turned, 6);
}

#[test]
fn inside_out_bodies_turn() {
    assert_eq!(mended(turned(cube()), 8000.0).bodies_turned, 1);
    let pair = joined(&[cube(), turned(Mesh::boxed([30.0; 3], [40.0; 3]))]);
    assert_eq!(mended(pair, 9000.0).bodies_turned, 1);
    let hollow = joined(&[cube(), turned(Mesh::boxed([5.0; 3], [15.0; 3]))]);
    assert_eq!(mended(turned(hollow), 7000.0).bodies_turned, 2);
}

#[test]
fn holes_close() {
    for which in 0..12 {
        let mut mesh = cube();
        mesh.triangles.remove(which);
        assert_eq!(mended(mesh, 8000.0).holes_closed, 1);
    }
    for side in 0..6 {
        let mut mesh = cube();
        mesh.triangles.drain(2 * side..2 * side + 2);
        assert_eq!(mended(mesh, 8000.0).holes_closed, 1);
    }
    let mut mesh = cube();
    mesh.triangles
        .retain(|t| t.iter().any(|v| v[2] != 20.0) && t.iter().any(|v| v[2] != 0.0));
    assert_eq!(mended(mesh, 8000.0).holes_closed, 2);
}

#[test]
fn cracks_close() {
    let mut mesh = cube();
    for (i, v) in mesh.triangles.iter_mut().flatten().flatten().enumerate() {
        *v += ((i * 7919) % 100) as f32 * 1e-5;
    }
    let report = mended(mesh, 8000.0);
    assert!(report.vertices_welded > 0 && report.holes_closed == 0);
}

#[test]
fn junctions_on_edges_are_split() {
    let mut mesh = cube();
    let [a, b, c] = mesh.triangles[0];
    let middle = [0, 1, 2].map(|k| (a[k] + b[k]) / 2.0);
    mesh.triangles[0] = [a, middle, c];
    mesh.triangles.push([middle, b, c]);
    let report = mended(mesh, 8000.0);
    assert_eq!((report.edges_split, report.holes_closed), (1, 0));
}

#[test]
fn degenerate_and_double_triangles_go() {
    let mut mesh = cube();
    let [a, b, c] = mesh.triangles[5];
    let middle = [0, 1, 2].map(|k| (a[k] + b[k]) / 2.0);
    mesh.triangles.extend([[a, a, b], [a, middle, b], [a, b, middle]]);
    mesh.triangles.remove(9);
    let report = mended(mesh, 8000.0);
    assert!(report.degenerate_removed > 0 && report.holes_closed == 1);
    let report = mended(joined(&[cube(), cube()]), 8000.0);
    assert_eq!(report.duplicates_removed, 12);
    assert!(
        mended(
            {
                let mut m = cube();
                m.triangles.push([a, b, c]);
                m
            },
            8000.0
        )
        .duplicates_removed
            == 1
    );
}

/// Facets that lie too far apart to be joined are left for slicing, which bridges gaps.
#[test]
fn wide_cracks_stay() {
    let mut mesh = cube();
    for (i, t) in mesh.triangles.iter_mut().enumerate() {
        t.iter_mut().flatten().for_each(|v| *v += i as f32 * 0.02);
    }
    let (kept, report) = repair(mesh.clone());
    assert_eq!(kept, mesh);
    assert!(report.open_edges == 36 && !report.no_volume);
}

/// Open edges shorter than the spacing of numbers must not blow up the search grid.
#[test]
fn tiny_open_edges_do_no_harm() {
    let mut mesh = cube();
    mesh.triangles.truncate(9);
    mesh.triangles
        .push([[0.0, 0.0, 0.0], [1e-38, 0.0, 0.0], [0.0, 1e-40, 0.0]]);
    mesh.triangles
        .push([[0.0, 0.0, 0.0], [30_000.0, 0.0, 0.0], [0.0, 1e-40, 0.0]]);
    assert!(!repair(mesh).1.is_clean());
}

#[test]
fn fins_go() {
    let mut mesh = cube();
    let fin: Triangle = [[0.0, 0.0, 20.0], [20.0, 0.0, 20.0], [10.0, -10.0, 30.0]];
    mesh.triangles.push(fin);
    assert_eq!(mended(mesh, 8000.0).dangling_removed, 1);
}

#[test]
fn touching_boxes_become_one() {
    let report = mended(
        joined(&[cube(), Mesh::boxed([20.0, 0.0, 0.0], [40.0, 20.0, 20.0])]),
        16000.0,
    );
    assert!(!report.is_clean());
}

#[test]
fn sheets_have_no_volume() {
    for keep in [1, 2] {
        let (_, report) = repair(Mesh {
            triangles: cube().triangles[..keep].to_vec(),
        });
        assert!(report.no_volume);
    }
    assert!(repair(Mesh::default()).1.no_volume);
}

#[test]
fn a_moebius_strip_is_told() {
    let n = 30u16;
    let point = |i: u16, side: f32| {
        let turn = std::f32::consts::TAU * f32::from(i % n) / f32::from(n);
        // After one round the sides have changed places.
        let side = if i >= n { -side } else { side };
        let r = 20.0 + side * (turn / 2.0).cos();
        [r * turn.cos(), r * turn.sin(), side * (turn / 2.0).sin()]
    };
    let strip = |i| {
        let [a, b, c, d] = [
            point(i, -5.0),
            point(i + 1, -5.0),
            point(i + 1, 5.0),
            point(i, 5.0),
        ];
        [[a, b, c], [a, c, d]]
    };
    let (_, report) = repair(Mesh {
        triangles: (0..n).flat_map(strip).collect(),
    });
    assert!(report.unorientable_edges > 0);
}

proptest::proptest! {
    #[test]
    fn any_soup_ends(corners in proptest::collection::vec([0u8..5, 0u8..5, 0u8..5], 3..120)) {
        let triangles = corners.as_chunks::<3>().0.iter().map(|t| t.map(|c| c.map(f32::from))).collect();
        let (mesh, report) = repair(Mesh { triangles });
        let facts = MeshFacts::of(&mesh);
        proptest::prop_assert!(report.open_edges <= facts.open_edges + facts.nonmanifold_edges);
        let _ = report.messages();
    }
}
