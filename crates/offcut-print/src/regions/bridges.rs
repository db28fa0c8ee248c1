//! Bridges: what hangs in the air between two sides.
//!
//! In: the infill region of an island, the layer below. Out: regions over air, with the direction in
//! which threads reach firm ground at both ends, if there is one.

use super::spans::RowSpans;
use super::spec::odd;
use offcut_geometry::offset::{Join, offset, opening};
use offcut_geometry::{Coord, Hatch, Island, Loops, Rows, UNITS_PER_MM, clip, grid, islands};

/// Threads reach so far onto firm ground, mm.
const ANCHOR_MM: f64 = 1.2;
/// Regions narrower than this are left to the perimeters beside them, mm.
const NARROW_MM: f64 = 0.5;
/// Regions smaller than this are not bridged, mm².
const LEAST_AREA: f64 = 1.5;
/// Directions tried.
const DIRECTIONS: u32 = 36;
/// Share of the threads' length that must be held at both ends.
const LEAST_HELD: f64 = 0.3;

/// A region over air.
#[derive(Debug, Clone)]
pub struct Bridge {
    /// The region with its anchors, within the infill region.
    pub region: Loops,
    /// Direction of the threads, radians; none when they would hang loose at an end.
    pub angle: Option<f64>,
}

/// Finds what of an island lies over air. `infill` is where lines may run, `outline` the island itself,
/// `lower` the layer below.
#[must_use]
pub fn find(infill: &Loops, outline: &Loops, lower: &Loops, fixed: Option<f64>) -> Vec<Bridge> {
    let air = clip::difference(infill, &offset(lower, odd(0.02), Join::Miter));
    let air = opening(&air, odd(NARROW_MM / 2.0));
    if air.is_empty() {
        return Vec::new();
    }
    let ground = clip::intersection(&offset(lower, -odd(0.1), Join::Miter), outline);
    let mut out = Vec::new();
    for piece in islands(&air) {
        if piece.loops.area_mm2() < LEAST_AREA {
            continue;
        }
        let angle = match fixed {
            Some(a) => Some(a.to_radians()),
            None => direction(&piece, &ground),
        };
        let grown = offset(&piece.loops, odd(ANCHOR_MM), Join::Miter);
        let region = clip::intersection(&grown, infill);
        if !region.is_empty() {
            out.push(Bridge { region, angle });
        }
    }
    out
}

/// The direction in which most of the threads' length is held at both ends; among equals the one
/// with the shortest threads.
fn direction(piece: &Island, ground: &Loops) -> Option<f64> {
    let (mut rows, mut scratch) = (Rows::default(), Rows::default());
    let spacing = 0.4 * UNITS_PER_MM;
    let beyond: Coord = grid(0.6);
    let mut best: Option<(f64, f64, f64)> = None;
    for k in 0..DIRECTIONS {
        let angle = std::f64::consts::PI * f64::from(k) / f64::from(DIRECTIONS);
        let hatch = Hatch::new(angle, spacing, spacing / 2.0);
        rows.cross(&piece.loops, &hatch);
        // The threads' ends lie on the rows, so that the ground's rows tell whether it holds them.
        let ground = RowSpans::of(ground, &hatch, &mut scratch);
        let (mut held, mut all, mut longest) = (0.0, 0.0, 0.0f64);
        for (line, row) in rows.iter() {
            let firm = |at: Coord| ground.row(line).chunks_exact(2).any(|p| p[0] <= at && at <= p[1]);
            for p in row.chunks_exact(2) {
                let (s, e) = (p[0].along, p[1].along);
                let len = f64::from(e - s);
                all += len;
                if firm(s - beyond) && firm(e + beyond) {
                    held += len;
                    longest = longest.max(len);
                }
            }
        }
        if all <= 0.0 || longest == 0.0 || held < LEAST_HELD * all {
            continue;
        }
        let share = held / all;
        // Directions that hold nearly the same are told apart by the longest thread.
        let better = match best {
            None => true,
            Some((s, m, _)) => share > s + 0.05 || (share > s - 0.05 && longest < m * 0.999),
        };
        if better {
            best = Some((share.max(best.map_or(0.0, |b| b.0)), longest, angle));
        }
    }
    best.map(|b| b.2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use offcut_geometry::Point;

    fn rect(x0: f64, y0: f64, x1: f64, y1: f64) -> Loops {
        let p = |x, y| Point::from_mm(x, y).unwrap();
        [vec![p(x0, y0), p(x1, y0), p(x1, y1), p(x0, y1)]]
            .into_iter()
            .collect()
    }

    fn turned(l: &Loops, degrees: f64) -> Loops {
        let (s, c) = degrees.to_radians().sin_cos();
        let mut l = l.clone();
        for p in &mut l.points {
            let (x, y) = p.mm();
            *p = Point::from_mm(x * c - y * s, x * s + y * c).unwrap();
        }
        l
    }

    fn angle_of(outline: &Loops, lower: &Loops) -> f64 {
        let infill = offset(outline, -odd(1.2), Join::Miter);
        let b = find(&infill, outline, lower, None);
        assert_eq!(b.len(), 1, "one bridge");
        b[0].angle.unwrap().to_degrees()
    }

    #[test]
    fn opening_is_bridged_the_short_way() {
        for (w, h, want) in [(20.0, 10.0, 90.0), (10.0, 20.0, 0.0)] {
            let outline = rect(-20.0, -20.0, 20.0, 20.0);
            let lower = clip::difference(&outline, &rect(-w / 2.0, -h / 2.0, w / 2.0, h / 2.0));
            assert!((angle_of(&outline, &lower) - want).abs() < 1.0);
            let turned_angle = angle_of(&turned(&outline, 45.0), &turned(&lower, 45.0));
            let want = (want + 45.0) % 180.0;
            assert!((turned_angle - want).abs() < 20.0, "{turned_angle} {want}");
        }
    }

    #[test]
    fn gap_between_two_sides_is_bridged_across() {
        let outline = rect(0.0, 0.0, 40.0, 10.0);
        let lower = clip::union(&rect(0.0, 0.0, 10.0, 10.0), &rect(30.0, 0.0, 40.0, 10.0));
        let a = angle_of(&outline, &lower);
        assert!(!(1.0..=179.0).contains(&a), "{a}");
    }

    #[test]
    fn a_shelf_is_no_bridge() {
        let outline = rect(0.0, 0.0, 40.0, 10.0);
        let infill = offset(&outline, -odd(1.2), Join::Miter);
        let b = find(&infill, &outline, &rect(0.0, 0.0, 20.0, 10.0), None);
        assert!(b.len() == 1 && b[0].angle.is_none());
    }
}
