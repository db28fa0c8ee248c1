//! Lines in regions: rows of a hatch cover them, pieces of lines lie inside, links follow the border.
#![allow(clippy::unwrap_used)]

mod common;

use common::{nearest, outline, soup};
use offcut_geometry::loops::Polylines;
use offcut_geometry::{Hatch, LineClipper, LinkLimits, Linker, Loops, Point, Rows, Strands, clip};
use proptest::prelude::*;

/// Points of lines are rounded to the grid once or twice.
const ROUNDING: f64 = 3.0;

fn region() -> impl Strategy<Value = Loops> {
    prop_oneof![soup(), outline()].prop_map(|l| clip::positive(&l))
}

/// Places in the box of a set, by shares of its size.
fn places(set: &Loops, shares: &[(f64, f64)]) -> Vec<Point> {
    let b = set.bbox();
    let at = |lo: i32, hi: i32, t: f64| (f64::from(lo) + (f64::from(hi) - f64::from(lo)) * t) as i32;
    shares
        .iter()
        .map(|&(x, y)| Point::new(at(b.min.x, b.max.x, x), at(b.min.y, b.max.y, y)))
        .collect()
}

fn shares(n: usize) -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop::collection::vec((0.0f64..1.0, 0.0f64..1.0), n)
}

fn inside_or_near(set: &Loops, p: Point) -> bool {
    set.contains(p) || nearest(set, p) <= ROUNDING
}

/// The segments of lines, each from its lower end, sorted.
fn segments(lines: &Polylines) -> Vec<(Point, Point)> {
    let mut s: Vec<_> = lines
        .iter()
        .flat_map(|l| l.windows(2).map(|w| (w[0].min(w[1]), w[0].max(w[1]))))
        .filter(|(a, b)| a != b)
        .collect();
    s.sort_unstable();
    s
}

proptest! {
    #[test]
    fn hatch_rows_cover(set in region(), angle in 0.0f64..6.3, spacing in 3_000.0f64..200_000.0, phase in -1e6f64..1e6, at in shares(40)) {
        prop_assume!(!set.is_empty());
        let hatch = Hatch::new(angle, spacing, phase);
        let mut rows = Rows::default();
        rows.cross(&set, &hatch);
        for p in places(&set, &at) {
            let (along, across) = hatch.turned(p);
            let row = ((across - phase) / spacing).round() as i32;
            let beside = (across - hatch.across(row)).abs();
            let border = nearest(&set, p);
            if border < beside + ROUNDING {
                continue;
            }
            // The line beside it lies on the same side of the border as the place itself.
            let on_line = rows.row(row).chunks(2).any(|c| f64::from(c[0].along) <= along && along <= f64::from(c[1].along));
            prop_assert_eq!(on_line, set.contains(p), "{:?}, {} from the border, {} from its row", p, border, beside);
        }
        for (k, row) in rows.iter() {
            for c in row.chunks(2) {
                let middle = hatch.on_row(k, c[0].along.midpoint(c[1].along));
                prop_assert!(inside_or_near(&set, middle), "row {k} is outside at {middle:?}");
            }
        }
    }

    #[test]
    fn pieces_of_a_line_inside_and_outside_make_the_line(set in region(), at in shares(6)) {
        prop_assume!(!set.is_empty());
        let b = set.bbox();
        let frame: Loops = [vec![
            Point::new(b.min.x - 9_000, b.min.y - 9_000), Point::new(b.max.x + 9_000, b.min.y - 9_000),
            Point::new(b.max.x + 9_000, b.max.y + 9_000), Point::new(b.min.x - 9_000, b.max.y + 9_000),
        ]].into_iter().collect();
        let line = places(&set, &at);
        let mut clipper = LineClipper::default();
        let mut pieces = |region: &Loops| {
            let mut strands = Strands::default();
            strands.begin(region, 0.0);
            clipper.begin(region);
            clipper.clip(region, &line, &mut strands);
            strands.lines
        };
        let (inside, outside) = (pieces(&set), pieces(&clip::difference(&frame, &set)));
        for w in inside.iter().flat_map(|l| l.windows(2)) {
            let p = w[0].lerp(w[1], 0.5);
            prop_assert!(inside_or_near(&set, p), "{p:?} is outside");
        }
        let whole: f64 = line.windows(2).map(|w| w[0].dist(w[1])).sum();
        let got = inside.length() + outside.length();
        // Ends are rounded across the line, so a piece may be shorter along it by far less than that.
        let ends = (inside.len() + outside.len()) as f64 * 2.0 * ROUNDING;
        prop_assert!((got - whole).abs() < ends, "{got} of {whole}");
    }

    #[test]
    fn links_join_all_strands_along_the_border(
        set in region(), angle in 0.0f64..6.3, spacing in 20_000.0f64..200_000.0, link in 0.0f64..400_000.0, anchor in 0.0f64..100_000.0,
    ) {
        prop_assume!(!set.is_empty());
        let hatch = Hatch::new(angle, spacing, 0.0);
        let (mut rows, mut strands, mut paths) = (Rows::default(), Strands::default(), Polylines::new());
        rows.cross(&set, &hatch);
        strands.begin(&set, 1_000.0);
        strands.add_rows(&set, &hatch, &rows);
        let lines = strands.lines.clone();
        let limits = LinkLimits { link, anchor, free_end: 2.0 * spacing, gap: 100.0, shortest: 0.0, budget: f64::MAX };
        Linker::default().link(&set, &mut strands, &limits, &mut paths);
        // Every strand is there, the rest lies along the border and is not longer than that.
        let (mut rest, want) = (segments(&paths), segments(&lines));
        for s in &want {
            let found = rest.binary_search(s);
            prop_assert!(found.is_ok(), "{s:?} is missing");
            rest.remove(found.unwrap());
        }
        let mut along = 0.0;
        for (a, b) in rest {
            along += a.dist(b);
            for p in [a, b, a.lerp(b, 0.5)] {
                let off = nearest(&set, p);
                prop_assert!(off <= ROUNDING, "a link is {off} from the border at {p:?}");
            }
        }
        prop_assert!(along <= set.perimeter() + ROUNDING * lines.len() as f64, "{along} along a border of {}", set.perimeter());
        prop_assert!(paths.len() <= lines.len());
        // Each path but a ring has two ends that are free, at most all strands' ends.
        let links = lines.len() - paths.len();
        prop_assert!(along <= links as f64 * link + 2.0 * paths.len() as f64 * anchor.max(link) + ROUNDING * lines.len() as f64);
    }
}
