//! Where the parts stand on the bed.
//!
//! In: convex outlines, how often each is wanted, the bed. Out: a position for every copy, so that no two
//! are closer than the distance asked for and all lie on the bed, packed around its centre.
//!
//! Large parts first; each goes to the free place nearest to the centre. Free are the places outside the
//! no-fit polygons: the Minkowski sums of what stands there, the part turned by 180° and an octagon around
//! the distance (Art 1966). The nearest free place is a corner of these, a crossing of two of them, or the
//! nearest point of an edge.

use crate::error::PrintError;
use offcut_geometry::{Point, grid, to_mm};
use offcut_settings::PrintSettings;

/// Distance between parts when nothing else is asked for, mm.
pub const DISTANCE: f64 = 6.0;

/// A part to be placed.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// Its name, for messages.
    pub name: &'a str,
    /// Its outline seen from above, in its own coordinates; only the convex hull counts.
    pub outline: &'a [Point],
    /// How many are wanted.
    pub copies: usize,
}

type P = (f64, f64);

/// Outlines with more corners are replaced by a slightly larger polygon with this many.
const CORNERS: usize = 24;

/// Arranges parts on the bed of `settings`, at least `distance` mm apart and `margin` mm (skirt, brim) away
/// from the bed's edge. Returns for every part the positions of its copies' origins, grid units.
///
/// # Errors
/// [`PrintError::NoRoom`] names the part for which no place is left.
pub fn arrange(
    parts: &[Part],
    settings: &PrintSettings,
    distance: f64,
    margin: f64,
) -> Result<Vec<Vec<Point>>, PrintError> {
    let bed = Bed::new(settings, margin);
    let shapes: Vec<Vec<P>> = parts.iter().map(|p| shape(p.outline)).collect();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    let size = |i: usize| {
        let (lo, hi) = bounds(&shapes[i]);
        (hi.0 - lo.0) * (hi.1 - lo.1)
    };
    order.sort_by(|&a, &b| size(b).total_cmp(&size(a)));
    let mut placed: Vec<(usize, P)> = Vec::new();
    for &i in &order {
        let mut nofit: Vec<NoFit> = Vec::new();
        for _ in 0..parts[i].copies {
            // No-fit polygons of what was placed since the last copy.
            for &(j, at) in &placed[nofit.len()..] {
                nofit.push(NoFit::new(&shapes[j], at, &shapes[i], distance));
            }
            let Some(at) = bed.place(&shapes[i], &nofit) else {
                let (lo, hi) = bounds(&shapes[i]);
                return Err(PrintError::NoRoom {
                    name: parts[i].name.to_owned(),
                    width: hi.0 - lo.0,
                    depth: hi.1 - lo.1,
                    placed: placed.len(),
                });
            };
            placed.push((i, at));
        }
    }
    let shift = bed.centring(&shapes, &placed);
    let mut out: Vec<Vec<Point>> = parts.iter().map(|p| Vec::with_capacity(p.copies)).collect();
    for (i, at) in placed {
        out[i].push(Point::new(grid(at.0 + shift.0), grid(at.1 + shift.1)));
    }
    Ok(out)
}

/// True when an outline with its origin at `at` lies on the bed.
pub(crate) fn on_bed(outline: &[Point], at: Point, settings: &PrintSettings) -> bool {
    let shape: Vec<P> = outline.iter().map(|p| (to_mm(p.x), to_mm(p.y))).collect();
    Bed::new(settings, 0.0).holds(&shape, (to_mm(at.x), to_mm(at.y)))
}

struct Bed {
    lo: P,
    hi: P,
    center: P,
    /// Of a round bed.
    radius: Option<f64>,
}

impl Bed {
    fn new(s: &PrintSettings, margin: f64) -> Self {
        let lo = (s.bed_origin.x + margin, s.bed_origin.y + margin);
        let hi = (
            s.bed_origin.x + s.bed_size.x - margin,
            s.bed_origin.y + s.bed_size.y - margin,
        );
        Self {
            lo,
            hi,
            center: ((lo.0 + hi.0) / 2.0, (lo.1 + hi.1) / 2.0),
            radius: s.bed_round.then(|| s.bed_size.x.min(s.bed_size.y) / 2.0 - margin),
        }
    }

    /// True when a shape with its origin at `at` lies on the bed.
    fn holds(&self, shape: &[P], at: P) -> bool {
        const SLACK: f64 = 1e-5;
        shape.iter().all(|&p| {
            let q = add(p, at);
            match self.radius {
                Some(r) => norm(sub(q, self.center)) <= r + SLACK,
                None => {
                    q.0 >= self.lo.0 - SLACK
                        && q.1 >= self.lo.1 - SLACK
                        && q.0 <= self.hi.0 + SLACK
                        && q.1 <= self.hi.1 + SLACK
                }
            }
        })
    }

    /// The free place nearest to the centre.
    fn place(&self, shape: &[P], nofit: &[NoFit]) -> Option<P> {
        let (lo, hi) = bounds(shape);
        let wish = sub(self.center, ((lo.0 + hi.0) / 2.0, (lo.1 + hi.1) / 2.0));
        let free = |at: P| self.holds(shape, at) && nofit.iter().all(|n| !n.blocks(at));
        if free(wish) {
            return Some(wish);
        }
        let edges: Vec<(P, P)> = nofit.iter().flat_map(NoFit::edges).collect();
        let mut best: Option<(f64, P)> = None;
        let attempt = |at: P, best: &mut Option<(f64, P)>| {
            let d = norm(sub(at, wish));
            if best.is_none_or(|(b, q)| (d, at.1, at.0) < (b, q.1, q.0)) && free(at) {
                *best = Some((d, at));
            }
        };
        let near: Vec<f64> = edges
            .iter()
            .map(|&(a, b)| norm(sub(nearest(wish, a, b), wish)))
            .collect();
        for &(a, b) in &edges {
            attempt(a, &mut best);
            attempt(nearest(wish, a, b), &mut best);
        }
        for (i, &(a, b)) in edges.iter().enumerate() {
            if best.is_some_and(|(d, _)| near[i] >= d) {
                continue;
            }
            for (j, &(c, d)) in edges.iter().enumerate().skip(i + 1) {
                if best.is_none_or(|(d, _)| near[j] < d)
                    && let Some(at) = crossing(a, b, c, d)
                {
                    attempt(at, &mut best);
                }
            }
            // Where the bed ends.
            let (l, h) = (sub(self.lo, lo), sub(self.hi, hi));
            let corners = [l, (h.0, l.1), h, (l.0, h.1)];
            for k in 0..4 {
                if let Some(at) = crossing(a, b, corners[k], corners[(k + 1) % 4]) {
                    attempt(at, &mut best);
                }
            }
        }
        if best.is_none() {
            // A round bed's border has no corners to try: look everywhere.
            const STEPS: i32 = 200;
            for y in 0..=STEPS {
                for x in 0..=STEPS {
                    let t = |k: i32, a: f64, b: f64| a + (b - a) * f64::from(k) / f64::from(STEPS);
                    let at = (
                        t(x, self.lo.0 - lo.0, self.hi.0 - hi.0),
                        t(y, self.lo.1 - lo.1, self.hi.1 - hi.1),
                    );
                    attempt(at, &mut best);
                }
            }
        }
        best.map(|(_, at)| at)
    }

    /// The move that puts all placed shapes together in the middle of the bed.
    fn centring(&self, shapes: &[Vec<P>], placed: &[(usize, P)]) -> P {
        let all: Vec<P> = placed
            .iter()
            .flat_map(|&(i, at)| shapes[i].iter().map(move |&p| add(p, at)))
            .collect();
        if all.is_empty() {
            return (0.0, 0.0);
        }
        let (lo, hi) = bounds(&all);
        let shift = sub(self.center, ((lo.0 + hi.0) / 2.0, (lo.1 + hi.1) / 2.0));
        if self.holds(&all, shift) {
            shift
        } else {
            (0.0, 0.0)
        }
    }
}

/// Where the origin of a part may not be because of another one.
struct NoFit {
    /// Convex, counter-clockwise.
    corners: Vec<P>,
    lo: P,
    hi: P,
}

impl NoFit {
    fn new(standing: &[P], at: P, part: &[P], distance: f64) -> Self {
        let turned: Vec<P> = part.iter().map(|p| (-p.0, -p.1)).collect();
        // An octagon around the circle of the distance.
        let (r, q) = (distance, distance * (std::f64::consts::SQRT_2 - 1.0));
        let ring = hull(vec![
            (r, q),
            (q, r),
            (-q, r),
            (-r, q),
            (-r, -q),
            (-q, -r),
            (q, -r),
            (r, -q),
        ]);
        let mut corners = minkowski(&minkowski(standing, &turned), &ring);
        for c in &mut corners {
            *c = add(*c, at);
        }
        let (lo, hi) = bounds(&corners);
        Self { corners, lo, hi }
    }

    fn edges(&self) -> impl Iterator<Item = (P, P)> + '_ {
        let n = self.corners.len();
        (0..n).map(move |i| (self.corners[i], self.corners[(i + 1) % n]))
    }

    fn blocks(&self, at: P) -> bool {
        const SLACK: f64 = 1e-6;
        at.0 > self.lo.0 + SLACK
            && at.0 < self.hi.0 - SLACK
            && at.1 > self.lo.1 + SLACK
            && at.1 < self.hi.1 - SLACK
            && self.edges().all(|(a, b)| {
                let d = sub(b, a);
                cross(d, sub(at, a)) > SLACK * norm(d)
            })
    }
}

fn add(a: P, b: P) -> P {
    (a.0 + b.0, a.1 + b.1)
}
fn sub(a: P, b: P) -> P {
    (a.0 - b.0, a.1 - b.1)
}
fn cross(a: P, b: P) -> f64 {
    a.0 * b.1 - a.1 * b.0
}
fn dot(a: P, b: P) -> f64 {
    a.0 * b.0 + a.1 * b.1
}
fn norm(a: P) -> f64 {
    dot(a, a).sqrt()
}

fn bounds(p: &[P]) -> (P, P) {
    p.iter().fold(
        (
            (f64::INFINITY, f64::INFINITY),
            (f64::NEG_INFINITY, f64::NEG_INFINITY),
        ),
        |(lo, hi), q| ((lo.0.min(q.0), lo.1.min(q.1)), (hi.0.max(q.0), hi.1.max(q.1))),
    )
}

fn nearest(p: P, a: P, b: P) -> P {
    let d = sub(b, a);
    let t = (dot(sub(p, a), d) / dot(d, d).max(1e-30)).clamp(0.0, 1.0);
    (a.0 + t * d.0, a.1 + t * d.1)
}

fn crossing(a: P, b: P, c: P, d: P) -> Option<P> {
    let (u, v) = (sub(b, a), sub(d, c));
    let w = cross(u, v);
    if w.abs() < 1e-12 {
        return None;
    }
    let (t, s) = (cross(sub(c, a), v) / w, cross(sub(c, a), u) / w);
    ((0.0..=1.0).contains(&t) && (0.0..=1.0).contains(&s)).then_some((a.0 + t * u.0, a.1 + t * u.1))
}

/// Convex hull, counter-clockwise from the lowest left corner (monotone chain, Andrew 1979).
fn hull(mut p: Vec<P>) -> Vec<P> {
    p.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.total_cmp(&b.0)));
    p.dedup();
    if p.len() < 3 {
        return p;
    }
    let mut h: Vec<P> = Vec::with_capacity(2 * p.len());
    for pass in 0..2 {
        let base = h.len();
        let mut step = |q: P| {
            while h.len() >= base + 2
                && cross(sub(h[h.len() - 1], h[h.len() - 2]), sub(q, h[h.len() - 1])) <= 0.0
            {
                h.pop();
            }
            h.push(q);
        };
        if pass == 0 {
            p.iter().for_each(|&q| step(q));
        } else {
            p.iter().rev().for_each(|&q| step(q));
        }
        h.pop();
    }
    h
}

/// The hull of an outline in mm, or a polygon around it with [`CORNERS`] corners.
fn shape(outline: &[Point]) -> Vec<P> {
    let h = hull(outline.iter().map(|p| (to_mm(p.x), to_mm(p.y))).collect());
    if h.len() <= CORNERS {
        return h;
    }
    let lines: Vec<(P, f64)> = (0..CORNERS)
        .map(|k| {
            let a = std::f64::consts::TAU * k as f64 / CORNERS as f64;
            let n = (libm::cos(a), libm::sin(a));
            (n, h.iter().map(|&p| dot(p, n)).fold(f64::NEG_INFINITY, f64::max))
        })
        .collect();
    let corners = (0..CORNERS)
        .map(|k| {
            let ((n, d), (m, e)) = (lines[k], lines[(k + 1) % CORNERS]);
            let w = cross(n, m);
            ((d * m.1 - e * n.1) / w, (e * n.0 - d * m.0) / w)
        })
        .collect();
    hull(corners)
}

/// The Minkowski sum of two convex polygons, both counter-clockwise from their lowest left corner.
fn minkowski(a: &[P], b: &[P]) -> Vec<P> {
    let a = hull(a.to_vec());
    let b = hull(b.to_vec());
    if a.len() < 3 || b.len() < 3 {
        return hull(
            a.iter()
                .flat_map(|&p| b.iter().map(move |&q| add(p, q)))
                .collect(),
        );
    }
    let (mut i, mut j) = (0, 0);
    let mut out = Vec::with_capacity(a.len() + b.len());
    while i < a.len() || j < b.len() {
        out.push(add(a[i % a.len()], b[j % b.len()]));
        let u = sub(a[(i + 1) % a.len()], a[i % a.len()]);
        let v = sub(b[(j + 1) % b.len()], b[j % b.len()]);
        let w = cross(u, v);
        let (more_a, more_b) = (i < a.len(), j < b.len());
        if more_a && (w >= 0.0 || !more_b) {
            i += 1;
        }
        if more_b && (w <= 0.0 || !more_a) {
            j += 1;
        }
    }
    out
}

/// The distance of two convex outlines, mm; 0 when they touch or overlap.
pub(crate) fn clearance(a: &[Point], b: &[Point]) -> f64 {
    let (a, b) = (shape(a), shape(b));
    let edges = |s: &[P]| -> Vec<(P, P)> { (0..s.len()).map(|i| (s[i], s[(i + 1) % s.len()])).collect() };
    let inside =
        |p: P, s: &[P]| s.len() > 2 && edges(s).iter().all(|&(u, v)| cross(sub(v, u), sub(p, u)) >= 0.0);
    let (ea, eb) = (edges(&a), edges(&b));
    if a.iter().any(|&p| inside(p, &b))
        || b.iter().any(|&p| inside(p, &a))
        || ea
            .iter()
            .any(|&(p, q)| eb.iter().any(|&(u, v)| crossing(p, q, u, v).is_some()))
    {
        return 0.0;
    }
    let far = |s: &[P], e: &[(P, P)]| {
        s.iter()
            .flat_map(|&p| e.iter().map(move |&(u, v)| norm(sub(p, nearest(p, u, v)))))
            .fold(f64::INFINITY, f64::min)
    };
    far(&a, &eb).min(far(&b, &ea))
}

#[cfg(test)]
mod tests {
    use super::*;
    use offcut_settings::value::Size;
    use proptest::prelude::*;

    fn rect(w: f64, d: f64) -> Vec<Point> {
        [(0.0, 0.0), (w, 0.0), (w, d), (0.0, d)]
            .map(|(x, y)| Point::new(grid(x), grid(y)))
            .to_vec()
    }

    fn at(outline: &[Point], p: Point) -> Vec<Point> {
        outline.iter().map(|&q| q + p).collect()
    }

    fn bed(x: f64, y: f64, round: bool) -> PrintSettings {
        PrintSettings {
            bed_size: Size { x, y },
            bed_round: round,
            ..PrintSettings::default()
        }
    }

    #[test]
    fn one_part_stands_in_the_middle() {
        let r = rect(30.0, 10.0);
        let part = Part {
            name: "a",
            outline: &r,
            copies: 1,
        };
        let p = arrange(&[part], &bed(220.0, 200.0, false), DISTANCE, 0.0).unwrap();
        assert_eq!(p, [[Point::new(grid(95.0), grid(95.0))]]);
    }

    #[test]
    fn thirty_six_brackets_fit_where_a_grid_of_them_fits() {
        // 6 × 6 squares of 25 mm with 6 mm between take 180 mm.
        let r = rect(25.0, 25.0);
        let part = Part {
            name: "a",
            outline: &r,
            copies: 36,
        };
        let p = arrange(&[part], &bed(220.0, 220.0, false), 6.0, 2.0).unwrap();
        assert_eq!(p[0].len(), 36);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let r = rect(150.0, 150.0);
        let part = Part {
            name: "slab",
            outline: &r,
            copies: 2,
        };
        let e = arrange(&[part], &bed(200.0, 200.0, false), 6.0, 0.0).unwrap_err();
        assert!(e.to_string().contains("slab"), "{e}");
        // The diagonal of 150 mm is 212 mm.
        let one = Part { copies: 1, ..part };
        assert!(arrange(&[one], &bed(211.0, 211.0, true), 6.0, 0.0).is_err());
        assert!(arrange(&[one], &bed(213.0, 213.0, true), 6.0, 0.0).is_ok());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn parts_keep_their_distance_and_stay_on_the_bed(
            sizes in prop::collection::vec((2.0f64..30.0, 2.0f64..30.0, 0.0f64..1.0), 1..14),
            round in any::<bool>(),
        ) {
            let outlines: Vec<Vec<Point>> = sizes.iter().map(|&(w, d, cut)| {
                // A rectangle with one corner cut off.
                let mut r = rect(w, d);
                r[2] = Point::new(grid(w * (1.0 - cut)), grid(d));
                r.push(Point::new(grid(0.0), grid(d * (1.0 - cut))));
                r
            }).collect();
            let parts: Vec<Part> = outlines.iter().map(|o| Part { name: "p", outline: o, copies: 1 }).collect();
            let s = bed(220.0, 220.0, round);
            let p = arrange(&parts, &s, 6.0, 0.0).unwrap();
            let all: Vec<Vec<Point>> = outlines.iter().zip(&p).map(|(o, p)| at(o, p[0])).collect();
            for (i, a) in all.iter().enumerate() {
                for q in a {
                    let (x, y) = q.mm();
                    prop_assert!((0.0..=220.0).contains(&x) && (0.0..=220.0).contains(&y));
                    prop_assert!(!round || norm((x - 110.0, y - 110.0)) <= 110.001);
                }
                for b in &all[..i] {
                    prop_assert!(clearance(a, b) >= 6.0 - 1e-3, "{}", clearance(a, b));
                }
            }
        }
    }
}
