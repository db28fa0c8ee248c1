use super::*;
use offcut_geometry::clip;
use offcut_geometry::point::nearest_on_segment;
use proptest::prelude::*;

fn distance(l: &Loops, p: Point) -> f64 {
    l.iter()
        .flat_map(offcut_geometry::loops::edges)
        .map(|(a, b)| nearest_on_segment(p, a, b).1)
        .fold(f64::INFINITY, f64::min)
        .sqrt()
}

fn polygons() -> impl Strategy<Value = Loops> {
    proptest::collection::vec((-3000i32..3000, -3000i32..3000), 3..30).prop_map(|v| {
        let p: Vec<Point> = v.iter().map(|&(x, y)| Point::new(x, y)).collect();
        clip::non_zero(&[p].into_iter().collect())
    })
}

#[test]
fn idle_vertices_do_no_harm() {
    // A square with a vertex in the middle of every side; points level with them.
    let p = |x, y| Point::new(x, y);
    let l = vec![
        p(0, 0),
        p(50, 0),
        p(100, 0),
        p(100, 50),
        p(100, 100),
        p(50, 100),
        p(0, 100),
        p(0, 50),
    ];
    let f = Field::new(&[l].into_iter().collect(), 10.0, Play::NONE);
    for k in 1..50 {
        let d = f64::from(k);
        assert!(
            (f.depth(d, 50.0) - d).abs() < 13.0 && f.depth(d, 50.0) > 0.0,
            "{d}"
        );
        assert!(f.depth(50.0, 100.0 - d) > 0.0, "{d}");
    }
}

proptest! {
    #[test]
    fn depth_is_the_distance_to_the_boundary(
        l in polygons(),
        at in proptest::collection::vec((-4000i32..4000, -4000i32..4000), 100),
    ) {
        prop_assume!(l.area2() > 0);
        let reach = 500.0;
        let f = Field::new(&l, reach, Play::NONE);
        for (x, y) in at {
            let p = Point::new(x, y);
            let d = distance(&l, p);
            if d < 1.0 {
                continue;
            }
            let inside = l.contains(p);
            let (fx, fy) = (f64::from(x), f64::from(y));
            let depth = f.depth(fx, fy);
            prop_assert_eq!(depth > 0.0, inside, "{:?} at {}", p, d);
            if inside {
                // Between corners the error stays below the cell's size.
                prop_assert!((depth - d).abs() < 1.0 / f.inverse, "{} for {}", depth, d);
            }
            match f.contact(fx, fy) {
                Some(c) => {
                    prop_assert!((c.depth.abs() - d).abs() < 1e-6 * d);
                    prop_assert_eq!(c.depth > 0.0, inside);
                    // The normal leads onto the boundary.
                    let s = c.depth;
                    let q = Point::new((fx + s * c.normal[0]).round() as i32, (fy + s * c.normal[1]).round() as i32);
                    prop_assert!(distance(&l, q) < 1.0);
                }
                None => prop_assert!(!inside && d > reach),
            }
        }
    }
}
