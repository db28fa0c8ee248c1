//! What the optimiser believes of two parts is what the exact checker says.
#![allow(clippy::unwrap_used)]

use offcut_nest::json::read_instance;
use offcut_nest::layout::Placed;
use offcut_nest::problem::{Problem, turned};
use offcut_nest::relate::relate;
use offcut_nest::rng::Rng;

/// Two parts of different fineness, one with a hole, that may be turned and mirrored.
const INSTANCE: &str = r#"{"strip_height": 100, "items": [
    {"id": "hook", "demand": 1, "allow_mirror": true, "allowed_orientations": [0, 90, 180, 270],
     "shape": {"type": "simple_polygon", "data": [[0,0],[30,0],[30,7],[8,9],[7,20],[14,22],[12,31],[1,28]]}},
    {"id": "frame", "demand": 1, "allow_mirror": true, "allowed_orientations": [0, 90, 30],
     "shape": {"type": "polygon", "data": {"outer": [[5,5],[65,5],[65,52],[5,48]],
        "inner": [[[12,11],[12,42],[58,44],[59,12]]]}}},
    {"id": "chip", "demand": 1, "allow_mirror": false, "allowed_orientations": null,
     "shape": {"type": "simple_polygon", "data": [[0,0],[5,1],[7,6],[1,4],[0,0]]}}]}"#;

#[test]
fn fields_agree_with_the_checker() {
    let instance = read_instance(INSTANCE).unwrap();
    let problem = Problem::new(&instance, None);
    let mut rng = Rng::new(1, 1);
    let mut counts = [0, 0];
    let shape = |o: u32| {
        let o = &problem.orients[o as usize];
        let item = problem.kinds[o.kind as usize].item as usize;
        o.orientation.apply_all(&instance.items[item].shape)
    };
    let n = problem.turns as u32;
    for a in 0..n {
        for b in 0..n {
            let fixed = Placed::new(shape(b), [0, 0]);
            for _ in 0..20 {
                let (oa, ob) = (problem.orients[a as usize], problem.orients[b as usize]);
                let at = [0, 1].map(|k| rng.range(ob.lo[k] - oa.hi[k], ob.hi[k] - oa.lo[k]).round());
                let (field, frame) = problem.meeting(a, b);
                let (x, y) = turned(frame, at[0], at[1]);
                let near = field.contact(x, y).is_some_and(|c| c.depth.abs() < 14.0);
                if near {
                    continue;
                }
                let moved = Placed::new(shape(a), at.map(|v| v as i64));
                let overlaps = relate(&moved, &fixed).overlaps();
                assert_eq!(field.depth(x, y) > 0.0, overlaps, "{oa:?} at {at:?} to {ob:?}");
                counts[usize::from(overlaps)] += 1;
            }
        }
    }
    assert!(counts[0] > 500 && counts[1] > 500, "{counts:?}");
}
