//! Several objects of one file: their labels, their places, what they share.

use crate::body::solid;
use crate::run::{MIDDLE, Print, extrudes, job, run};
use offcut::{Ctx, Input, Placement, SliceJob, slice};
use offcut_formats::{ModelObject, threemf};
use offcut_mesh::Mesh;
use std::sync::Arc;

/// A package of meshes moved along X and Y.
fn package(items: &[(&str, &Arc<Mesh>, [f64; 2])]) -> Vec<u8> {
    let objects: Vec<ModelObject> = items
        .iter()
        .map(|(name, mesh, [x, y])| ModelObject {
            name: (*name).into(),
            mesh: Arc::clone(mesh),
            transform: nalgebra::Matrix4::new_translation(&nalgebra::Vector3::new(*x, *y, 0.0)),
        })
        .collect();
    threemf::write(&objects).unwrap()
}

pub fn project(items: &[(&str, &Arc<Mesh>, [f64; 2])], settings: &[&str], placement: Placement) -> SliceJob {
    let mut j = job(&[], settings, placement);
    j.models = vec![Input {
        name: "plate.3mf".into(),
        bytes: package(items),
    }];
    j
}

fn cuboid(w: f32, d: f32, h: f32) -> Arc<Mesh> {
    Arc::new(solid(&[[0.0, 0.0, 0.0, w, d, h]], &[]))
}

/// Boxes of what is printed between the labels, by name in order of appearance: X, Y of both corners and
/// the top, relative to the bed's middle.
fn printed(p: &Print) -> Vec<(String, [f64; 5])> {
    let mut out: Vec<(String, [f64; 5])> = Vec::new();
    let mut now = None;
    for item in &p.items {
        match item {
            crate::run::Item::Comment(c) => {
                let c = c.trim();
                if let Some(name) = c.strip_prefix("printing object ") {
                    now = Some(out.iter().position(|o| o.0 == name).unwrap_or_else(|| {
                        out.push((name.to_owned(), [f64::MAX, f64::MAX, f64::MIN, f64::MIN, 0.0]));
                        out.len() - 1
                    }));
                } else if c.starts_with("stop printing object ") {
                    now = None;
                }
            }
            crate::run::Item::Move(m) if extrudes(m) => {
                if let Some(k) = now {
                    let b = &mut out[k].1;
                    for p in [m.from, m.to] {
                        b[0] = b[0].min(p[0] - MIDDLE);
                        b[1] = b[1].min(p[1] - MIDDLE);
                        b[2] = b[2].max(p[0] - MIDDLE);
                        b[3] = b[3].max(p[1] - MIDDLE);
                        b[4] = b[4].max(p[2]);
                    }
                }
            }
            _ => {}
        }
    }
    out
}

/// A bead's middle runs half a width inside.
fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 0.3
}

const PLAIN: &[&str] = &["label_objects=octoprint", "skirt_loops=0", "infill_density=0%"];

#[test]
fn build_items_are_objects_where_the_file_has_them() {
    let (a, b) = (cuboid(10.0, 20.0, 3.0), cuboid(12.0, 8.0, 5.0));
    let p = run(project(
        &[("left", &a, [5.0, 5.0]), ("right", &b, [45.0, 30.0])],
        PLAIN,
        Placement::default(),
    ));
    // Together X 5 to 57, Y 5 to 38: the middle goes to the bed's.
    let o = printed(&p);
    assert_eq!(o.len(), 2, "{o:?}");
    for (name, want) in [
        ("left id:0 copy 0", [-26.0, -16.5, -16.0, 3.5, 3.0]),
        ("right id:1 copy 0", [14.0, 8.5, 26.0, 16.5, 5.0]),
    ] {
        let got = o.iter().find(|o| o.0 == name).unwrap().1;
        assert!((0..5).all(|k| near(got[k], want[k])), "{name}: {got:?}");
    }
    assert_eq!(p.outcome.objects.len(), 2);
    assert_eq!(p.outcome.warnings, []);
}

#[test]
fn equal_build_items_are_copies() {
    let a = cuboid(8.0, 8.0, 2.0);
    let spots = [[0.0, 0.0], [20.0, 0.0], [0.0, 25.0]];
    let p = run(project(
        &spots.map(|s| ("peg", &a, s)),
        PLAIN,
        Placement::default(),
    ));
    assert_eq!((p.outcome.objects.len(), p.outcome.objects[0].copies), (1, 3));
    let o = printed(&p);
    let mut at: Vec<[f64; 2]> = o.iter().map(|o| [o.1[0] + 14.0, o.1[1] + 16.5]).collect();
    at.sort_by(|a, b| a[1].total_cmp(&b[1]).then(a[0].total_cmp(&b[0])));
    for (got, want) in at.iter().zip(spots) {
        assert!(near(got[0], want[0]) && near(got[1], want[1]), "{at:?}");
    }
    let names: Vec<bool> = (0..3)
        .map(|k| o.iter().any(|o| o.0 == format!("peg id:0 copy {k}")))
        .collect();
    assert_eq!(names, [true; 3]);
}

#[test]
fn klipper_can_leave_out_one_of_several() {
    let (a, b) = (cuboid(8.0, 8.0, 2.0), cuboid(9.0, 8.0, 2.0));
    let p = run(project(
        &[("a b", &a, [0.0, 0.0]), ("c", &b, [20.0, 0.0])],
        &["gcode_flavor=klipper", "label_objects=firmware"],
        Placement::default(),
    ));
    for name in ["a_b_id_0_copy_0", "c_id_1_copy_0"] {
        assert_eq!(
            p.text
                .matches(&format!("EXCLUDE_OBJECT_DEFINE NAME={name} "))
                .count(),
            1
        );
        let starts = p
            .text
            .matches(&format!("EXCLUDE_OBJECT_START NAME={name}\n"))
            .count();
        assert_eq!(starts, p.outcome.layers);
    }
}

#[test]
fn objects_of_a_file_are_printed_one_by_one_where_there_is_room() {
    let a = cuboid(10.0, 10.0, 3.0);
    let one_by_one = &[
        "print_order=by_object",
        "label_objects=octoprint",
        "extruder_clearance_radius=20",
    ];
    let p = run(project(
        &[("a", &a, [0.0, 0.0]), ("b", &a, [40.0, 0.0])],
        one_by_one,
        Placement::default(),
    ));
    // Z falls once: when the second begins.
    let z: Vec<f64> = p.heights();
    assert_eq!(z.windows(2).filter(|w| w[1] < w[0]).count(), 1);
    // 10 mm between them are too few.
    let close = project(
        &[("a", &a, [0.0, 0.0]), ("b", &a, [20.0, 0.0])],
        one_by_one,
        Placement::default(),
    );
    let e = slice(close, &Ctx::quiet(), &mut Vec::new()).unwrap_err();
    assert!(e.to_string().contains("10.0 mm apart"), "{e}");
}

#[test]
fn a_layout_larger_than_the_bed_is_arranged_anew() {
    let a = cuboid(10.0, 10.0, 1.0);
    let p = run(project(
        &[("a", &a, [0.0, 0.0]), ("a", &a, [400.0, 0.0])],
        PLAIN,
        Placement::default(),
    ));
    assert_eq!(printed(&p).len(), 2);
    assert!(
        p.outcome.warnings.iter().any(|w| w.code == "plate"),
        "{:?}",
        p.outcome.warnings
    );
    let [lo, hi] = p.outcome.bounds_mm;
    assert!(hi[0] - lo[0] < 40.0 && lo[0] > 0.0 && hi[0] < 220.0);
}

#[test]
fn copies_of_a_layout_keep_it() {
    let (a, b) = (cuboid(10.0, 10.0, 1.0), cuboid(6.0, 6.0, 1.0));
    let two = Placement {
        copies: 2,
        ..Placement::default()
    };
    let p = run(project(
        &[("a", &a, [0.0, 0.0]), ("b", &b, [14.0, 2.0])],
        PLAIN,
        two,
    ));
    let o = printed(&p);
    assert_eq!(o.len(), 4);
    for k in 0..2 {
        let of = |name: &str| o.iter().find(|o| o.0 == format!("{name} copy {k}")).unwrap().1;
        let (a, b) = (of("a id:0"), of("b id:1"));
        assert!(near(b[0] - a[0], 14.0) && near(b[1] - a[1], 2.0), "{o:?}");
    }
}
