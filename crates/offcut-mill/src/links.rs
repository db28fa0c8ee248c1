//! Links: the ways from one pass to the next.
//!
//! In: passes, what stands on the machine. Out: moves of a toolpath. Promised: rapids run above everything that
//! stands below them by the safe height, except straight up, and straight down to where a pass begins.

use crate::path::{P2, dist};
use crate::{Fixture, Move, Pass, Setup};

/// How high material and fixtures stand.
pub trait Terrain {
    /// The highest point within `radius` of the straight way from `a` to `b`, mm.
    fn highest(&self, a: P2, b: P2, radius: f64) -> f64;
}

/// The stock as a block that nothing has been cut from, with its fixtures.
#[derive(Debug, Clone, Copy)]
pub struct Block<'a>(pub &'a Setup);

impl Terrain for Block<'_> {
    fn highest(&self, a: P2, b: P2, radius: f64) -> f64 {
        let s = &self.0.stock;
        let stock = if near(a, b, radius, s.min, s.max) {
            s.max[2]
        } else {
            s.min[2]
        };
        fixtures(&self.0.fixtures, a, b, radius).max(stock)
    }
}

/// The highest fixture within `radius` of a straight way.
#[must_use]
pub fn fixtures(list: &[Fixture], a: P2, b: P2, radius: f64) -> f64 {
    list.iter()
        .filter(|f| near(a, b, radius, f.min, f.max))
        .fold(f64::NEG_INFINITY, |z, f| z.max(f.max[2]))
}

/// True when the way comes near a box: exact for the box grown by the radius, with square corners.
fn near(a: P2, b: P2, radius: f64, min: [f64; 3], max: [f64; 3]) -> bool {
    let (mut t0, mut t1) = (0.0f64, 1.0f64);
    for k in 0..2 {
        let (lo, hi) = (min[k] - radius, max[k] + radius);
        let d = b[k] - a[k];
        if d.abs() < 1e-12 {
            if a[k] < lo || a[k] > hi {
                return false;
            }
            continue;
        }
        let (u, v) = ((lo - a[k]) / d, (hi - a[k]) / d);
        t0 = t0.max(u.min(v));
        t1 = t1.min(u.max(v));
    }
    t0 <= t1
}

/// Joins passes to the moves of a toolpath that begins and ends at the clearance height.
#[must_use]
pub fn link(
    passes: &[Pass],
    setup: &Setup,
    radius: f64,
    terrain: &dyn Terrain,
) -> (
    Vec<Move>,
    Vec<(std::ops::Range<usize>, crate::toolpath::DrillCycle)>,
) {
    let mut moves: Vec<Move> = Vec::new();
    let mut cycles = Vec::new();
    let mut at: Option<[f64; 3]> = None;
    for pass in passes.iter().filter(|p| !p.moves.is_empty()) {
        let s = pass.start;
        let rapid = |to: [f64; 3], moves: &mut Vec<Move>, at: &mut Option<[f64; 3]>| {
            if *at != Some(to) {
                moves.push(Move::Rapid(to));
                *at = Some(to);
            }
        };
        match at {
            None => rapid([s[0], s[1], setup.clearance], &mut moves, &mut at),
            Some(e) if dist([e[0], e[1]], [s[0], s[1]]) < 1e-9 => {}
            Some(e) => {
                let z = terrain.highest([e[0], e[1]], [s[0], s[1]], radius) + setup.safe;
                let z = z.max(e[2]).max(s[2]).min(setup.clearance.max(e[2]).max(s[2]));
                rapid([e[0], e[1], z], &mut moves, &mut at);
                rapid([s[0], s[1], z], &mut moves, &mut at);
            }
        }
        if let Some(e) = at.filter(|e| e[2] < s[2]) {
            rapid([e[0], e[1], s[2]], &mut moves, &mut at);
        }
        rapid(s, &mut moves, &mut at);
        let first = moves.len();
        moves.extend_from_slice(&pass.moves);
        if let Some(c) = pass.cycle {
            cycles.push((first..moves.len(), c));
        }
        at = Some(pass.end());
    }
    if let Some(e) = at {
        moves.push(Move::Rapid([e[0], e[1], setup.clearance]));
    }
    (moves, cycles)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CutRole, Stock, StockShape};

    #[test]
    fn hops_clear_stock_and_fixtures() {
        let setup = Setup {
            stock: Stock {
                min: [0.0, 0.0, -10.0],
                max: [100.0, 100.0, 0.0],
                shape: StockShape::Box,
            },
            fixtures: vec![Fixture {
                name: "clamp".into(),
                min: [40.0, 40.0, -10.0],
                max: [60.0, 60.0, 20.0],
            }],
            safe: 2.0,
            clearance: 30.0,
            spoil: 0.2,
            tolerance: 0.01,
        };
        let pass = |x: f64, y: f64| {
            let mut p = Pass::at([x, y, 0.5]);
            p.feed([x, y, -3.0], CutRole::Plunge);
            p
        };
        let (moves, _) = link(
            &[pass(10.0, 10.0), pass(10.0, 50.0), pass(90.0, 50.0)],
            &setup,
            3.0,
            &Block(&setup),
        );
        let z: Vec<f64> = moves.iter().filter_map(Move::to).map(|p| p[2]).collect();
        assert_eq!(
            z,
            [30.0, 0.5, -3.0, 2.0, 2.0, 0.5, -3.0, 22.0, 22.0, 0.5, -3.0, 30.0]
        );
    }
}
