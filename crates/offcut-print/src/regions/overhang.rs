//! How much perimeters hang over the layer below.

use super::spans::RowSpans;
use crate::plan::{BeadSet, OVERHANG_FULL, OverhangStep, SUPPORTED};
use offcut_gcode::Role;
use offcut_geometry::near::NearGrid;
use offcut_geometry::{Hatch, Loops, Point, UNITS_PER_MM, nearest_unit};

/// Long edges are looked at every so many mm.
const SAMPLE_MM: f64 = 1.0;
/// Changes are located to this, grid units.
const LOCATE: f64 = 5_000.0;

/// The outline of a layer, prepared for [`mark`].
#[derive(Debug)]
pub struct Ground<'a> {
    near: NearGrid,
    rows: &'a RowSpans,
    hatch: &'a Hatch,
}

impl<'a> Ground<'a> {
    /// The outline of the layer below and its rows, for beads up to `widest` mm.
    #[must_use]
    pub fn new(lower: &Loops, rows: &'a RowSpans, hatch: &'a Hatch, widest: f64) -> Self {
        // Half a width tells all steps apart; and farther away the nearest row tells inside from outside.
        let reach = (widest / 2.0 * UNITS_PER_MM).max(hatch.spacing / 2.0) + 100.0;
        Self {
            near: NearGrid::new(lower, nearest_unit(reach)),
            rows,
            hatch,
        }
    }

    fn step(&self, p: Point, width: f32) -> OverhangStep {
        let w = f64::from(width) * UNITS_PER_MM;
        match self.near.signed_distance(p) {
            Some(d) => ((d / w + 0.5) * 4.0 + 1e-6).clamp(0.0, 4.0) as OverhangStep,
            None if self.rows.cover(self.hatch, p) => SUPPORTED,
            None => OVERHANG_FULL,
        }
    }
}

/// Marks the moves of perimeters that hang over the layer below; adds vertices where the step
/// changes. A line whose centre lies a quarter of its width inside the border hangs over by a quarter.
pub fn mark(perimeters: &mut BeadSet, ground: &Ground) {
    let step = |p: Point, width: f32| ground.step(p, width);
    // Inner loops hang over only where the external one does by far.
    let mut worst = SUPPORTED;
    for b in perimeters
        .beads
        .iter()
        .filter(|b| b.role == Role::ExternalPerimeter)
    {
        let points = perimeters.points_of(b);
        for (i, &p) in points.iter().enumerate() {
            worst = worst.max(step(p, b.width));
            if i + 1 < points.len() || b.closed {
                let q = points[(i + 1) % points.len()];
                let n = (p.dist(q) / (SAMPLE_MM * UNITS_PER_MM)) as u32;
                for k in 1..=n {
                    worst = worst.max(step(p.lerp(q, f64::from(k) / f64::from(n + 1)), b.width));
                }
            }
        }
        if worst == OVERHANG_FULL {
            break;
        }
    }
    if worst == SUPPORTED {
        return;
    }
    let mut out = BeadSet::default();
    for b in &perimeters.beads {
        let points = perimeters.points_of(b);
        let start = out.points.len();
        if b.role != Role::ExternalPerimeter && worst < OVERHANG_FULL {
            out.points.extend_from_slice(points);
            out.overhang.resize(out.points.len(), SUPPORTED);
        } else {
            let n = points.len();
            for i in 0..n {
                let (from, to) = (points[(i + n - 1) % n], points[i]);
                if i == 0 && !b.closed {
                    out.points.push(to);
                    out.overhang.push(SUPPORTED);
                    continue;
                }
                split(from, to, b.width, &step, &mut out);
            }
        }
        let mut bead = *b;
        bead.start = start as u32;
        bead.end = out.points.len() as u32;
        out.beads.push(bead);
    }
    if out.overhang.iter().any(|&s| s != SUPPORTED) {
        *perimeters = out;
    }
}

/// Appends the move `from → to`, split where its step changes.
fn split(from: Point, to: Point, width: f32, step: &impl Fn(Point, f32) -> OverhangStep, out: &mut BeadSet) {
    let length = from.dist(to);
    let n = (length / (SAMPLE_MM * UNITS_PER_MM)).ceil().max(1.0) as u32;
    let mut current = step(from.lerp(to, 0.5 / f64::from(n)), width);
    let mut last_t = 0.5 / f64::from(n);
    for k in 1..n {
        let t = (f64::from(k) + 0.5) / f64::from(n);
        let s = step(from.lerp(to, t), width);
        if s != current {
            let (mut lo, mut hi) = (last_t, t);
            while (hi - lo) * length > LOCATE {
                let mid = (lo + hi) / 2.0;
                if step(from.lerp(to, mid), width) == current {
                    lo = mid;
                } else {
                    hi = mid;
                }
            }
            out.points.push(from.lerp(to, hi));
            out.overhang.push(current);
            current = s;
        }
        last_t = t;
    }
    out.points.push(to);
    out.overhang.push(current);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Bead;
    use crate::regions::spec::LayerSpec;
    use offcut_settings::PrintSettings;

    #[test]
    fn a_shelf_hangs_over_and_its_root_does_not() {
        let spec = LayerSpec::new(&PrintSettings::default(), 0.2, false);
        let rect = |x0: f64, x1: f64| -> Vec<Point> {
            [(x0, 0.0), (x1, 0.0), (x1, 10.0), (x0, 10.0)]
                .map(|(x, y)| Point::from_mm(x, y).unwrap())
                .to_vec()
        };
        let lower: Loops = [rect(-10.0, 0.0)].into_iter().collect();
        let bead: Bead = spec.bead(Role::ExternalPerimeter, &spec.external, true);
        let mut set = BeadSet::default();
        let inside: Vec<Point> = [(-9.775, 0.225), (9.775, 0.225), (9.775, 9.775), (-9.775, 9.775)]
            .map(|(x, y)| Point::from_mm(x, y).unwrap())
            .to_vec();
        set.push(&inside, bead);
        let hatch = Hatch::new(0.7, spec.solid.spacing * UNITS_PER_MM, 0.0);
        let rows = RowSpans::of(&lower, &hatch, &mut offcut_geometry::Rows::default());
        mark(&mut set, &Ground::new(&lower, &rows, &hatch, spec.external.width));
        assert_eq!(set.points.len(), set.overhang.len());
        // the far side hangs over wholly, the near side not at all
        for (p, s) in set.points.iter().zip(&set.overhang) {
            let (x, _) = p.mm();
            if x > 1.5 {
                assert_eq!(*s, OVERHANG_FULL, "{x}");
            }
            if x < -1.5 && x > -9.0 {
                assert_eq!(*s, SUPPORTED, "{x}");
            }
        }
        assert!(set.points.len() > 4 && set.points.len() < 20);
    }
}
