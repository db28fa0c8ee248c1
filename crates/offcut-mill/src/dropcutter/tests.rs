//! Heights against facts: analytic bodies, and a brute-force maximum that knows no closed form.

use super::*;
use offcut_mesh::Mesh;
use proptest::prelude::*;

fn tools() -> Vec<Profile> {
    vec![
        Profile::flat(3.0),
        Profile::ball(3.0),
        Profile::bull(3.0, 1.0),
        Profile::bull(3.0, 2.9),
        Profile::cone(3.0, 0.0, 45f64.to_radians()),
        Profile::cone(3.0, 0.2, 15f64.to_radians()),
        Profile::cone(3.0, 1.0, 70f64.to_radians()),
        Profile::tapered(3.0, 0.5, 10f64.to_radians()),
        Profile::tapered(3.0, 2.0, 30f64.to_radians()),
    ]
}

fn mesh(triangles: &[[[f32; 3]; 3]]) -> Mesh {
    Mesh {
        triangles: triangles.to_vec(),
    }
}

/// The greatest value of a concave function on an interval, by golden section.
fn golden(mut lo: f64, mut hi: f64, f: &mut dyn FnMut(f64) -> f64) -> f64 {
    let g = 0.618_033_988_749_894_9;
    let mut best = f(lo).max(f(hi));
    let (mut a, mut b) = (hi - g * (hi - lo), lo + g * (hi - lo));
    let (mut fa, mut fb) = (f(a), f(b));
    for _ in 0..75 {
        best = best.max(fa).max(fb);
        if fa > fb {
            (hi, b, fb) = (b, a, fa);
            a = hi - g * (hi - lo);
            fa = f(a);
        } else {
            (lo, a, fa) = (a, b, fb);
            b = lo + g * (hi - lo);
            fb = f(b);
        }
    }
    best
}

/// The tool's height without the code under test.
fn height(p: &Profile, rho: f64) -> f64 {
    let ball = |r: f64, u: f64| r - (r * r - u * u).max(0.0).sqrt();
    match p.form {
        Form::Flat => 0.0,
        Form::Ball => ball(p.radius, rho),
        Form::Bull => ball(p.corner, (rho - p.flat).max(0.0)),
        Form::Cone => p.slope * (rho - p.flat).max(0.0),
        Form::Tapered => {
            // The higher of cap and flank is the cap's only inside the circle where they touch.
            let half = (1.0 / p.slope).atan();
            let touch = p.corner * half.cos();
            if rho < touch {
                ball(p.corner, rho)
            } else {
                ball(p.corner, touch) + p.slope * (rho - touch)
            }
        }
    }
}

use crate::tools::profile::Form;

/// Tip height over one triangle by nested golden sections over the part of it under the tool: rows of constant y,
/// on each the span inside both triangle and circle.
fn brute_triangle(p: &Profile, t: &[[f64; 3]; 3], x: f64, y: f64) -> f64 {
    let (a, b, c) = (t[0], t[1], t[2]);
    let r = p.radius;
    let det = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    let span = |py: f64| -> Option<(f64, f64)> {
        let (mut lo, mut hi) = (f64::INFINITY, f64::NEG_INFINITY);
        for (p, q) in [(a, b), (b, c), (c, a)] {
            if (p[1] - py) * (q[1] - py) <= 0.0 && p[1] != q[1] {
                let px = p[0] + (q[0] - p[0]) * (py - p[1]) / (q[1] - p[1]);
                (lo, hi) = (lo.min(px), hi.max(px));
            }
        }
        let chord = (r * r - (py - y).powi(2)).max(0.0).sqrt();
        (lo, hi) = (lo.max(x - chord), hi.min(x + chord));
        (lo <= hi).then_some((lo, hi))
    };
    let low = a[1].min(b[1]).min(c[1]).max(y - r);
    let high = a[1].max(b[1]).max(c[1]).min(y + r);
    if low > high {
        return f64::NEG_INFINITY;
    }
    let z = |px: f64, py: f64| {
        let u = ((px - a[0]) * (c[1] - a[1]) - (py - a[1]) * (c[0] - a[0])) / det;
        let v = ((b[0] - a[0]) * (py - a[1]) - (b[1] - a[1]) * (px - a[0])) / det;
        a[2] + u * (b[2] - a[2]) + v * (c[2] - a[2])
    };
    let mut row = |py: f64| match span(py) {
        Some((lo, hi)) => golden(lo, hi, &mut |px| {
            let rho = ((px - x).powi(2) + (py - y).powi(2)).sqrt().min(r);
            z(px, py) - height(p, rho)
        }),
        None => f64::NEG_INFINITY,
    };
    // Where rows are empty at both sides of a span, find the span first.
    let n = 400;
    let rows: Vec<f64> = (0..=n)
        .map(|i| low + (high - low) * f64::from(i) / f64::from(n))
        .collect();
    let full: Vec<usize> = (0..=n as usize).filter(|&i| span(rows[i]).is_some()).collect();
    let (Some(&first), Some(&last)) = (full.first(), full.last()) else {
        return f64::NEG_INFINITY;
    };
    let border = |mut inside: f64, mut outside: f64| {
        for _ in 0..70 {
            let m = 0.5 * (inside + outside);
            if span(m).is_some() {
                inside = m
            } else {
                outside = m
            }
        }
        inside
    };
    let lo = if first > 0 {
        border(rows[first], rows[first - 1])
    } else {
        rows[first]
    };
    let hi = if last < n as usize {
        border(rows[last], rows[last + 1])
    } else {
        rows[last]
    };
    golden(lo, hi, &mut row)
}

fn brute(p: &Profile, mesh: &Mesh, x: f64, y: f64) -> f64 {
    mesh.triangles
        .iter()
        .map(|t| brute_triangle(p, &t.map(|v| v.map(f64::from)), x, y))
        .fold(-100.0, f64::max)
}

/// A bumpy ground without symmetries, `n` × `n` squares of 1 mm.
fn ground(n: usize, seed: u64) -> Mesh {
    let z = |i: usize, j: usize| {
        let mut h = (i as u64 * 73_856_093) ^ (j as u64 * 19_349_663) ^ (seed * 83_492_791);
        h = (h ^ (h >> 13)).wrapping_mul(0x5bd1_e995_9d1b_54a5);
        ((h >> 40) % 1000) as f32 / 400.0
    };
    let mut t = Vec::new();
    for i in 0..n {
        for j in 0..n {
            let p = |i: usize, j: usize| [i as f32, j as f32 + 0.1 * i as f32, z(i, j)];
            t.push([p(i, j), p(i + 1, j), p(i + 1, j + 1)]);
            t.push([p(i, j), p(i + 1, j + 1), p(i, j + 1)]);
        }
    }
    mesh(&t)
}

#[test]
fn single_triangles_match_brute_force() {
    let t = mesh(&[[[0.0, 0.0, 1.0], [5.0, 1.0, 4.0], [1.5, 6.0, 0.0]]]);
    let surface = Surface::new(&t).unwrap();
    for p in tools() {
        let cutter = DropCutter::new(&surface, p);
        for i in 0..10 {
            for j in 0..10 {
                let (x, y) = (f64::from(i) - 2.03, f64::from(j) - 1.97);
                let (z, want) = (
                    cutter.drop(x, y, -100.0, &mut Hint::default()).z,
                    brute(&p, &t, x, y),
                );
                // A rim that just grazes has an infinite slope there; brute force is no better than its steps.
                assert!((z - want).abs() < 1e-9, "{p:?} at {x} {y}: {z} for {want}");
            }
        }
    }
}

#[test]
fn bumpy_ground_matches_brute_force() {
    let t = ground(7, 3);
    let surface = Surface::new(&t).unwrap();
    for p in tools() {
        let cutter = DropCutter::new(&surface, p);
        let mut hint = Hint::default();
        for i in 0..12 {
            let (x, y) = (0.37 + 0.53 * f64::from(i), 6.1 - 0.41 * f64::from(i));
            let (z, want) = (cutter.drop(x, y, -100.0, &mut hint).z, brute(&p, &t, x, y));
            assert!((z - want).abs() < 1e-9, "{p:?} at {x} {y}: {z} for {want}");
        }
    }
}

#[test]
fn analytic_places() {
    // A plane z = x, 45°.
    let t = mesh(&[
        [[-50.0, -50.0, -50.0], [50.0, -50.0, 50.0], [50.0, 50.0, 50.0]],
        [[-50.0, -50.0, -50.0], [50.0, 50.0, 50.0], [-50.0, 50.0, -50.0]],
    ]);
    let surface = Surface::new(&t).unwrap();
    let z = |p: Profile| {
        DropCutter::new(&surface, p)
            .drop(1.0, 0.3, -100.0, &mut Hint::default())
            .z
    };
    let root2 = 2f64.sqrt();
    assert!((z(Profile::flat(3.0)) - 4.0).abs() < 1e-12);
    assert!((z(Profile::ball(3.0)) - (1.0 + 3.0 * (root2 - 1.0))).abs() < 1e-12);
    assert!((z(Profile::bull(3.0, 1.0)) - (1.0 + 2.0 + (root2 - 1.0))).abs() < 1e-12);
    // A cone steeper than the plane rests on its tip, a blunter one on its rim.
    assert!((z(Profile::cone(3.0, 0.0, 20f64.to_radians())) - 1.0).abs() < 1e-12);
    let blunt = 60f64.to_radians();
    assert!((z(Profile::cone(3.0, 0.0, blunt)) - (4.0 - 3.0 / blunt.tan())).abs() < 1e-12);
    let tapered = Profile::tapered(3.0, 1.0, 20f64.to_radians());
    assert!((z(tapered) - (1.0 + root2 - 1.0)).abs() < 1e-12);
}

#[test]
fn a_finer_sphere_nears_the_offset_sphere() {
    // Corners on the sphere of radius 10: a ball of 3 rests where their centres are 13 apart, less the sagitta.
    let n = 200;
    let at = |i: i32, j: i32| {
        let (a, b) = (
            f64::from(i) / f64::from(n) * std::f64::consts::PI,
            f64::from(j) / f64::from(n) * std::f64::consts::TAU,
        );
        [
            (10.0 * a.sin() * b.cos()) as f32,
            (10.0 * a.sin() * b.sin()) as f32,
            (10.0 * a.cos()) as f32,
        ]
    };
    let mut t = Vec::new();
    for i in 0..n {
        for j in 0..n {
            t.push([at(i, j), at(i + 1, j), at(i + 1, j + 1)]);
            t.push([at(i, j), at(i + 1, j + 1), at(i, j + 1)]);
        }
    }
    let surface = Surface::new(&mesh(&t)).unwrap();
    let cutter = DropCutter::new(&surface, Profile::ball(3.0));
    for i in 0..60 {
        let (x, y) = (0.2 * f64::from(i), 0.03 * f64::from(i));
        let exact = (169.0 - x * x - y * y).sqrt() - 3.0;
        let z = cutter.drop(x, y, -100.0, &mut Hint::default()).z;
        assert!(z <= exact + 1e-5 && z > exact - 0.01, "{z} {exact}");
    }
}

#[test]
fn nothing_below_is_the_floor() {
    let surface = Surface::new(&ground(3, 1)).unwrap();
    let cutter = DropCutter::new(&surface, Profile::ball(1.0));
    let rest = cutter.drop(50.0, 50.0, -2.5, &mut Hint::default());
    assert_eq!((rest.z, rest.contact), (-2.5, None));
    assert!(Surface::new(&Mesh::default()).is_err());
}

#[test]
fn hints_and_threads_change_nothing() {
    let surface = Surface::new(&ground(12, 5)).unwrap();
    for p in tools() {
        let cutter = DropCutter::new(&surface, p);
        let places: Vec<[f64; 2]> = (0..3000)
            .map(|i| [f64::from(i % 60) * 0.23 - 0.5, f64::from(i / 60) * 0.27 - 0.5])
            .collect();
        let all = cutter.heights(&places, -9.0);
        for (z, at) in all.iter().zip(&places) {
            let alone = cutter.drop(at[0], at[1], -9.0, &mut Hint::default()).z;
            assert!((alone - z).abs() <= 1e-12, "{p:?} {at:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_soup_matches_brute_force(
        corners in prop::collection::vec(prop::array::uniform9(-4.0f32..4.0), 1..5),
        at in prop::array::uniform2(-4.0f64..4.0),
        tool in 0usize..9,
    ) {
        let t: Vec<_> = corners
            .iter()
            .map(|c| [[c[0], c[1], c[2]], [c[3], c[4], c[5]], [c[6], c[7], c[8]]])
            // Brute force divides by the area seen from above.
            .filter(|[a, b, c]| ((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])).abs() > 0.3)
            .collect();
        prop_assume!(!t.is_empty());
        let t = mesh(&t);
        let p = tools()[tool];
        let surface = Surface::new(&t).unwrap();
        let z = DropCutter::new(&surface, p).drop(at[0], at[1], -100.0, &mut Hint::default()).z;
        let want = brute(&p, &t, at[0], at[1]);
        prop_assert!((z - want).abs() < 1e-9, "{:?}: {} for {}", p, z, want);
    }

    /// The deepest cut of a move is that of many drops along it.
    #[test]
    fn gouges_match_dense_drops(
        seed in 1u64..1000,
        a in prop::array::uniform2(1.0f64..6.0),
        b in prop::array::uniform2(1.0f64..6.0),
        tool in 0usize..9,
    ) {
        let t = ground(7, seed);
        let p = tools()[tool];
        let surface = Surface::new(&t).unwrap();
        let cutter = DropCutter::new(&surface, p);
        let on = |at: [f64; 2]| [at[0], at[1], cutter.drop(at[0], at[1], -9.0, &mut Hint::default()).z];
        let (from, to) = (on(a), on(b));
        let n = 4000;
        let mut hint = Hint::default();
        let mut deepest = 0.0f64;
        for i in 0..=n {
            let t = f64::from(i) / f64::from(n);
            let [x, y, chord] = [0, 1, 2].map(|k| from[k] + (to[k] - from[k]) * t);
            deepest = deepest.max(cutter.drop(x, y, -9.0, &mut hint).z - chord);
        }
        let found = cutter.gouge(from, to, 1e-9).map_or(0.0, |g| g.depth);
        prop_assert!(found >= deepest - 2e-9, "missed: {} of {}", found, deepest);
        // The drops are half a micrometre apart or more; flanks may be steep.
        prop_assert!(found <= deepest + 0.05, "too deep: {} for {}", found, deepest);
        if let Some(g) = cutter.gouge(from, to, 1e-9) {
            let [x, y, chord] = [0, 1, 2].map(|k| from[k] + (to[k] - from[k]) * g.share);
            let there = cutter.drop(x, y, -9.0, &mut Hint::default()).z - chord;
            prop_assert!((there - g.depth).abs() < 1e-6, "at its place {} for {}", there, g.depth);
        }
    }
}

#[test]
fn followed_lines_never_cut_deeper_than_asked() {
    let surface = Surface::new(&ground(10, 9)).unwrap();
    for p in tools() {
        let cutter = DropCutter::new(&surface, p);
        let follow = Follow {
            cutter,
            floor: -5.0,
            step: 0.5,
            tolerance: 0.01,
            lift: 0.0,
        };
        let path = follow.line([-2.0, 4.3], [12.0, 5.9]);
        assert!(path.len() > 10);
        let (mut hint, mut over) = (Hint::default(), 0.0f64);
        for w in path.windows(2) {
            for i in 0..=20 {
                let t = f64::from(i) / 20.0;
                let [x, y, z] = [0, 1, 2].map(|k| w[0][k] + (w[1][k] - w[0][k]) * t);
                let ground = cutter.drop(x, y, -5.0, &mut hint).z;
                assert!(ground - z <= 0.010_001, "{p:?}: {} deep", ground - z);
                if w[0][..2] != w[1][..2] {
                    over += (z - ground) / 20.0 / path.len() as f64;
                }
            }
        }
        assert!(over < 0.01, "{p:?}: {over} above on average");
    }
}

/// The rim of an end mill just meets the top of a pyramid, from any side: it rests there. Whatever rounding makes of the
/// distance, the flanks beside the top are no lower than a hair beside it.
#[test]
fn a_rim_that_just_meets_a_vertex_rests_on_it() {
    let (top, base) = ([3.1f32, -2.7, 5.3], |k: f32| {
        let a = k * 1.256_637;
        [3.1 + 9.0 * a.cos(), -2.7 + 9.0 * a.sin(), 0.0]
    });
    let faces: Vec<[[f32; 3]; 3]> = (0..5)
        .map(|k| [top, base(k as f32), base(k as f32 + 1.0)])
        .collect();
    let surface = Surface::new(&mesh(&faces)).unwrap();
    let at = top.map(f64::from);
    for k in 0..2000 {
        let (r, angle) = (1.5 + 0.001 * f64::from(k), 0.013 * f64::from(k));
        let cutter = DropCutter::new(&surface, Profile::flat(r));
        let (x, y) = (at[0] + r * angle.cos(), at[1] + r * angle.sin());
        let z = cutter.drop(x, y, -9.0, &mut Hint::default()).z;
        assert!((z - at[2]).abs() < 1e-8, "{k}: {z}");
        // A move that begins there a little lower, and rises, cuts deepest at its beginning.
        let (from, to) = (
            [x, y, at[2] - 1.0],
            [x - 0.5 * angle.cos(), y - 0.5 * angle.sin(), at[2]],
        );
        let g = cutter.gouge(from, to, 0.01);
        assert!(g.is_some_and(|g| (g.depth - 1.0).abs() < 1e-8), "{k}: {g:?}");
    }
}
