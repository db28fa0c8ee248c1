//! How much of the area every pattern covers.

use super::*;

/// Covered share of the area, mean over layers that span the periods of patterns in space.
fn density(which: InfillPattern, region: &Loops, p: &FillParams) -> f64 {
    let layers = if which == InfillPattern::Concentric { 1 } else { 60 };
    let mut length = 0.0;
    for layer in 0..layers {
        // A step that shares no factor with a period.
        let z = f64::from(layer) * 0.377 * p.distance() + 0.1;
        length += run_layer(which, region, p, layer, z).length();
    }
    length * p.spacing * UNITS_PER_MM / f64::from(layers) / (region.area2() as f64 * 0.5)
}

#[test]
fn density_is_within_three_percent() {
    for region in [square(), set(&[disc(50.0, 200)])] {
        for e in REGISTRY {
            for d in [0.1, 0.2, 0.4, 0.6] {
                let got = density(e.pattern, &region, &unlinked(d)) / d;
                assert!((got - 1.0).abs() < 0.03, "{} at {d}: {got:.4} of it", e.name);
            }
        }
    }
}

/// With links and anchors the density holds too, when the lines make room for them.
#[test]
fn density_with_links_is_within_three_percent() {
    // The disc lies off the middle: along a wall that follows a spiral there is nothing to link.
    let mut beside = set(&[disc(50.0, 200)]);
    beside.translate(Point::new(grid(30.0), grid(11.0)));
    for region in [square(), beside] {
        for e in REGISTRY {
            for d in [0.1, 0.2, 0.4, 0.6] {
                let wall = region.perimeter() / UNITS_PER_MM;
                let p = FillParams {
                    density: density_before_links(e.pattern, &params(d), region.area_mm2(), wall),
                    ..params(d)
                };
                let got = density(e.pattern, &region, &p) / d;
                // Few stars fit, and their points meet walls or do not.
                let sparse_star = e.pattern == InfillPattern::Octagram && d < 0.2;
                let tolerance = if sparse_star { 0.04 } else { 0.03 };
                assert!((got - 1.0).abs() < tolerance, "{} at {d}: {got:.4} of it", e.name);
            }
        }
    }
}

/// CuraEngine's test of amounts: between the outline moved in and out by half a distance.
#[test]
fn amounts_lie_between_the_shrunk_and_the_grown_outline() {
    for (shape, region) in odd_shapes()
        .into_iter()
        .filter(|(n, _)| ["plate", "triangle", "far"].contains(n))
    {
        for e in REGISTRY {
            let d = 0.3;
            let got = density(e.pattern, &region, &unlinked(d)) / d * region.area2() as f64;
            let half = grid(0.5 * unlinked(d).distance());
            let low = offset(&region, -half, Join::Miter).area2() as f64;
            let high = offset(&region, half, Join::Miter).area2() as f64;
            assert!(
                low <= got && got <= high,
                "{} on {shape}: {low} {got} {high}",
                e.name
            );
        }
    }
}
