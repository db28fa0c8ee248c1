//! Islands: an outer boundary with the holes in it.

use crate::loops::{Loops, area2, winding};
use crate::point::BBox;
use serde::{Deserialize, Serialize};

/// One connected piece of a polygon set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Island {
    /// The outer boundary (counter-clockwise) first, then its holes (clockwise).
    pub loops: Loops,
    /// The box of the outer boundary.
    pub bbox: BBox,
}

/// Groups a valid polygon set (outer loops counter-clockwise, holes clockwise, no crossings) into
/// islands, in the order of their outer loops. A hole goes to the smallest outer loop around it.
#[must_use]
pub fn islands(set: &Loops) -> Vec<Island> {
    let areas: Vec<i64> = set.iter().map(area2).collect();
    let mut out: Vec<(Island, i64)> = Vec::new();
    for (l, &a) in set.iter().zip(&areas) {
        if a > 0 {
            let mut loops = Loops::new();
            loops.push(l);
            out.push((
                Island {
                    loops,
                    bbox: BBox::of(l),
                },
                a,
            ));
        }
    }
    for (l, &a) in set.iter().zip(&areas) {
        if a >= 0 {
            continue;
        }
        let b = BBox::of(l);
        let owner = out
            .iter_mut()
            .filter(|(i, ia)| *ia > -a && i.bbox.contains_box(&b) && encloses(i.loops.get(0), l))
            .min_by_key(|(_, ia)| *ia);
        if let Some((i, _)) = owner {
            i.loops.push(l);
        }
    }
    out.into_iter().map(|(i, _)| i).collect()
}

/// True when most probes of `inner` lie inside `outer` (they may share points).
fn encloses(outer: &[crate::Point], inner: &[crate::Point]) -> bool {
    let step = (inner.len() / 5).max(1);
    let (mut inside, mut n) = (0, 0);
    for &p in inner.iter().step_by(step) {
        n += 1;
        inside += i32::from(winding(outer, p) != 0);
    }
    2 * inside > n
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Point;

    #[test]
    fn nested_frames_are_two_islands() {
        let sq = |r: i32, hole: bool| {
            let mut v = vec![
                Point::new(-r, -r),
                Point::new(r, -r),
                Point::new(r, r),
                Point::new(-r, r),
            ];
            if hole {
                v.reverse();
            }
            v
        };
        let set: Loops = [sq(100, false), sq(80, true), sq(50, false), sq(20, true)]
            .into_iter()
            .collect();
        let is = islands(&set);
        assert_eq!(is.len(), 2);
        assert_eq!(is[0].loops.area2(), 8 * (10_000 - 6_400));
        assert_eq!(is[1].loops.area2(), 8 * (2_500 - 400));
    }
}
