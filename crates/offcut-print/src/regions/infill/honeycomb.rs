//! Hexagons drawn as zigzags; where two zigzags share a wall it is double, its halves side by side.
//!
//! Turned by 60° from layer to layer about the middle of a hexagon: the walls stay, another third
//! of them is double.

use super::{FillArea, FillParams, Pattern, Scratch, curves};
use offcut_geometry::Polylines;
use std::f64::consts::FRAC_PI_3;

pub(super) struct Honeycomb;

const SQRT_3: f64 = 1.732_050_807_568_877_2;

/// Length of a zigzag's period for hexagons of side `a` with double walls `apart`, mm.
fn period_length(a: f64, apart: f64) -> f64 {
    2.0 * a + 2.0 * libm::hypot(0.5 * a, 0.5 * SQRT_3 * a - apart)
}

/// The side of hexagons with which lines of width `spacing` cover `density`.
fn side(spacing: f64, density: f64) -> f64 {
    // Without the room between double walls it would be exactly this; the rest by bisection.
    let mut high = 8.0 / (3.0 * SQRT_3) * spacing / density;
    let mut low = 0.5 * high;
    for _ in 0..50 {
        let a = 0.5 * (low + high);
        let covered = spacing * period_length(a, spacing) / (1.5 * SQRT_3 * a * a);
        if covered > density { low = a } else { high = a }
    }
    high
}

impl Pattern for Honeycomb {
    fn fill(&self, area: &FillArea, params: &FillParams, scratch: &mut Scratch, out: &mut Polylines) {
        let a = side(params.spacing, params.density);
        let rise = 0.5 * SQRT_3 * a;
        let apart = 0.5 * params.spacing.min(rise);
        let turn = f64::from(area.layer % 3) * FRAC_PI_3;
        curves::fill(area, params, turn, rise, scratch, out, |bounds, pen| {
            let b = bounds.grown(a);
            let rows = ((b.y.0 / rise).floor() as i64, (b.y.1 / rise).ceil() as i64);
            let columns = (
                (b.x.0 / (1.5 * a)).floor() as i64 - 1,
                (b.x.1 / (1.5 * a)).ceil() as i64 + 1,
            );
            for row in rows.0..=rows.1 {
                let (low, high) = (row as f64 * rise + apart, (row + 1) as f64 * rise - apart);
                for c in columns.0..=columns.1 {
                    // The hexagon about the origin has its upper wall in row 0.
                    let x = 1.5 * a * c as f64;
                    let y = if (row + c) % 2 == 0 { high } else { low };
                    pen.to(x - 0.5 * a, y);
                    pen.to(x + 0.5 * a, y);
                }
                pen.lift();
            }
        });
    }
}
