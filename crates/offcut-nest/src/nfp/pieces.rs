//! Parts with holes as pieces without.
//!
//! A convolution knows no holes: it winds zero times where a part lies around a hole's rim as a whole. A
//! part with holes is cut by upright lines through all of them; the pieces meet along the cuts, and the sums
//! of the pieces overlap there.

use offcut_geometry::{Loops, Point, clip};

/// The outer loops of a part cut so that no hole is left, counter-clockwise, without idle vertices.
#[must_use]
pub fn pieces(part: &Loops) -> Loops {
    let mut out = Loops::new();
    let mut cuts: Vec<(i32, i32)> = Vec::new();
    for l in part.iter() {
        if offcut_geometry::loops::area2(l) < 0 {
            let b = offcut_geometry::BBox::of(l);
            cuts.push((b.min.x, b.max.x));
        }
    }
    if cuts.is_empty() {
        for l in part.iter() {
            push_lean(l, &mut out);
        }
        return out;
    }
    // The fewest lines that stab all spans: at the end of the first that ends, then on.
    cuts.sort_unstable_by_key(|c| c.1);
    let mut lines: Vec<i32> = Vec::new();
    let mut stabbed = i32::MIN;
    for (lo, hi) in cuts {
        if lo >= stabbed {
            stabbed = hi - (hi - lo) / 2;
            lines.push(stabbed);
        }
    }
    let b = part.bbox().grown(1);
    let mut left = b.min.x;
    for right in lines.into_iter().chain([b.max.x]) {
        let slab = [
            Point::new(left, b.min.y),
            Point::new(right, b.min.y),
            Point::new(right, b.max.y),
            Point::new(left, b.max.y),
        ];
        let slab = [slab.to_vec()].into_iter().collect();
        for l in clip::intersection(part, &slab).iter() {
            push_lean(l, &mut out);
        }
        left = right;
    }
    out
}

/// Adds a loop without repeated vertices and those on straight edges.
pub(super) fn push_lean(l: &[Point], out: &mut Loops) {
    let start = out.open_start();
    for &q in l {
        drop_idle(q, start, out);
        out.points.push(q);
    }
    // Where the loop closes.
    while out.points.len() - start >= 3 {
        let (first, last) = (out.points[start], out.points[out.points.len() - 1]);
        let before = out.points[out.points.len() - 2];
        if (last - before).cross(first - last) == 0 {
            out.points.pop();
        } else if (first - last).cross(out.points[start + 1] - first) == 0 {
            out.points.remove(start);
        } else {
            break;
        }
    }
    if out.points.len() - start >= 3 {
        out.close();
    } else {
        out.discard_open();
    }
}

/// Drops the last vertices that the way on to `q` makes idle.
fn drop_idle(q: Point, start: usize, out: &mut Loops) {
    while out.points.len() >= start + 2 {
        let (a, b) = (out.points[out.points.len() - 2], out.points[out.points.len() - 1]);
        if (b - a).cross(q - b) != 0 {
            return;
        }
        out.points.pop();
    }
    if out.points.len() == start + 1 && out.points[start] == q {
        out.points.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_through_every_hole() {
        let square = |x: i32, y: i32, s: i32| {
            vec![
                Point::new(x, y),
                Point::new(x + s, y),
                Point::new(x + s, y + s),
                Point::new(x, y + s),
            ]
        };
        let mut part: Loops = [square(0, 0, 100)].into_iter().collect();
        for (x, y) in [(10, 10), (14, 40), (60, 20), (80, 70)] {
            let mut hole = square(x, y, 10);
            hole.reverse();
            part.push(&hole);
        }
        let p = pieces(&part);
        assert_eq!(p.area2(), part.area2());
        assert!(p.iter().all(|l| offcut_geometry::loops::area2(l) > 0));
        assert_eq!(
            pieces(&[square(0, 0, 9)].into_iter().collect()).get(0),
            square(0, 0, 9)
        );
    }
}
