use super::*;
use crate::operations::Notes;
use crate::testing;
use crate::{Move, Tool};
use offcut_geometry::{Ctx, Polylines};

fn bit(angle: f64) -> Tool {
    let shape = Shape::Vee {
        angle,
        tip_diameter: 0.0,
    };
    testing::tool(shape, 25.0)
}

fn carve(region: &Loops, angle: f64, v: &Vcarve) -> Vec<Pass> {
    let setup = testing::block([-50.0, -50.0, -20.0], [50.0, 50.0, 0.0]);
    let (ctx, notes, lines, tool) = (Ctx::quiet(), Notes::default(), Polylines::new(), bit(angle));
    v.plan(&testing::plan(&setup, &tool, region, &lines, &ctx, &notes))
        .unwrap_or_default()
}

/// The surface that passes leave at a point.
fn surface(passes: &[Pass], slope: f64, p: P2) -> f64 {
    let mut best = 0.0f64;
    for pass in passes {
        let mut a = pass.start;
        for to in pass.moves.iter().filter_map(Move::to) {
            let at = |t: f64| {
                let x: [f64; 3] = std::array::from_fn(|k| a[k] + (to[k] - a[k]) * t);
                x[2] + dist(p, [x[0], x[1]]) / slope
            };
            let len = dist([a[0], a[1]], [to[0], to[1]]);
            if at(0.5) - 0.5 * (len / slope + (to[2] - a[2]).abs()) < best {
                // A cone over a straight way is convex along it.
                let (mut lo, mut hi) = (0.0, 1.0);
                for _ in 0..60 {
                    let (u, v) = (lo + (hi - lo) / 3.0, hi - (hi - lo) / 3.0);
                    if at(u) < at(v) { hi = v } else { lo = u }
                }
                best = best.min(at(lo)).min(at(0.0)).min(at(1.0));
            }
            a = to;
        }
    }
    best
}

/// The surface lies within 5 µm of the walls' (and the floor's) at points of a region.
fn within_5_um(outline: &[P2], angle: f64, depth: Option<f64>, clearance: impl Fn(P2) -> f64) {
    let region: Loops = [outline.iter().map(|p| on_grid(*p)).collect::<Vec<_>>()]
        .into_iter()
        .collect();
    let slope = libm::tan((angle / 2.0).to_radians());
    let passes = carve(
        &region,
        angle,
        &Vcarve {
            depth,
            floor_step: Some(0.01),
            ..Vcarve::default()
        },
    );
    assert!(!passes.is_empty());
    let mut points = 0;
    for i in -15..=15 {
        for j in -15..=15 {
            let p = [f64::from(i) * 0.797, f64::from(j) * 0.797];
            let c = clearance(p);
            // The floor between rounds is as rough as asked for: tested at its rim only.
            if c <= 0.01 || depth.is_some_and(|d| c > d * slope + 0.1) {
                continue;
            }
            let exact = -(c / slope).min(depth.unwrap_or(f64::INFINITY));
            let is = surface(&passes, slope, p);
            assert!((is - exact).abs() < 0.005, "{p:?}: {is} instead of {exact}");
            points += 1;
        }
    }
    assert!(points > 30, "{points}");
}

#[test]
fn circle() {
    let ring: Vec<P2> = (0..2000)
        .map(|i| libm::sincos(std::f64::consts::TAU * f64::from(i) / 2000.0))
        .map(|(s, c)| [8.0 * c, 8.0 * s])
        .collect();
    within_5_um(&ring, 60.0, None, |p| 8.0 - dist(p, [0.0, 0.0]));
    within_5_um(&ring, 90.0, Some(3.0), |p| 8.0 - dist(p, [0.0, 0.0]));
}

#[test]
fn square_and_wedge() {
    let square = [[-9.0, -9.0], [9.0, -9.0], [9.0, 9.0], [-9.0, 9.0]];
    let inside = |p: P2| (9.0 - p[0].abs()).min(9.0 - p[1].abs());
    within_5_um(&square, 60.0, None, inside);
    within_5_um(&square, 90.0, Some(4.0), inside);
    // A wedge of 20° with its tip at (-10, 0).
    let (s, c) = libm::sincos(10f64.to_radians());
    let h = 20.0 * s / c;
    let wedge = [[-10.0, 0.0], [10.0, -h], [10.0, h]];
    within_5_um(&wedge, 60.0, None, |p| {
        let side = |y: f64| (p[0] + 10.0) * s - y * c;
        side(p[1]).min(side(-p[1])).min(10.0 - p[0])
    });
}

#[test]
fn parabolas_of_an_inner_corner() {
    // An L whose inner corner at (-4, -4) bends the axis.
    let l = [
        [-10.0, -10.0],
        [10.0, -10.0],
        [10.0, -4.0],
        [-4.0, -4.0],
        [-4.0, 10.0],
        [-10.0, 10.0],
    ];
    within_5_um(&l, 60.0, None, |p| {
        let outer = (p[0] + 10.0).min(p[1] + 10.0);
        if p[0] > -4.0 && p[1] > -4.0 {
            return -1.0;
        }
        let ends = (10.0 - p[0]).min(10.0 - p[1]);
        let inner = match (p[0] > -4.0, p[1] > -4.0) {
            (true, false) => -4.0 - p[1],
            (false, true) => -4.0 - p[0],
            _ => dist(p, [-4.0, -4.0]),
        };
        outer.min(inner).min(ends)
    });
}
