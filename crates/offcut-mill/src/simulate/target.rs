//! What a job may remove, for jobs without a model: regions with their floors.
//!
//! In: the stock before and after, regions. Out: the places where more is gone. Promised: every column of the field
//! is compared; a column beyond a region by less than the tolerance belongs to it.

use super::{Finding, Harm, Motion};
use crate::path::mm;
use crate::stock::{Body, Field, Sweep};
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::{Loops, grid, loops};

/// A place where too much is gone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Excess {
    /// Where, mm.
    pub at: [f64; 2],
    /// The lowest height that is allowed there, mm.
    pub floor: f64,
    /// The height of the stock before, mm.
    pub before: f64,
    /// How much deeper it is, mm.
    pub depth: f64,
}

/// Places of one kind lie at least so far apart, mm.
const APART: f64 = 2.0;

/// Where `after` is deeper than the regions allow by more than the tolerance, the worst of each neighbourhood; at
/// most `most`.
#[must_use]
pub fn excess(
    before: &Field,
    after: &Field,
    regions: &[(Loops, f64)],
    tolerance: f64,
    most: usize,
) -> Vec<Excess> {
    let [nx, ny] = after.size();
    let bands: Vec<(Rows, f64)> = regions
        .iter()
        .map(|(r, floor)| (Rows::new(&offset(r, grid(tolerance), Join::Round), after), *floor))
        .collect();
    let mut found: Vec<Excess> = Vec::new();
    let mut floors = vec![f64::INFINITY; nx];
    for j in 0..ny {
        floors.fill(f64::INFINITY);
        for (rows, floor) in &bands {
            rows.spans(j, after, |a, b| {
                for f in &mut floors[a..b] {
                    *f = f.min(*floor);
                }
            });
        }
        for (i, f) in floors.iter().enumerate() {
            let start = before.height(i, j);
            let depth = start.min(*f) - after.height(i, j);
            if depth > tolerance {
                let at = after.center(i, j);
                let e = Excess {
                    at,
                    floor: start.min(*f),
                    before: start,
                    depth,
                };
                let near = found
                    .iter()
                    .position(|o| (o.at[0] - at[0]).abs() < APART && (o.at[1] - at[1]).abs() < APART);
                match near {
                    Some(o) if found[o].depth < depth => found[o] = e,
                    None if found.len() < most => found.push(e),
                    _ => {}
                }
            }
        }
    }
    found
}

/// Which of some moves cut those places too deep first; places that none of them does are left out.
pub(super) fn blame(
    places: &mut Vec<(Excess, f64)>,
    body: &Body,
    operation: usize,
    motions: &[Motion],
    tolerance: f64,
    cell: f64,
) -> Vec<Finding> {
    let mut out = Vec::new();
    places.retain_mut(|(e, height)| {
        let h = cell / 2.0;
        let (lo, hi) = ([e.at[0] - h, e.at[1] - h], [e.at[0] + h, e.at[1] + h]);
        let r = body.profile.radius + cell;
        for m in motions {
            let far =
                (0..2).any(|k| m.from[k].min(m.to[k]) > e.at[k] + r || m.from[k].max(m.to[k]) < e.at[k] - r);
            if far || m.from[2].min(m.to[2]) > *height {
                continue;
            }
            // A field of this one column.
            let mut one = Field::filled(
                [lo[0], lo[1], f64::from(f32::MIN)],
                [hi[0], hi[1], *height],
                cell,
                *height,
            );
            let bites = one.cut(
                body,
                &[Sweep {
                    from: m.from,
                    to: m.to,
                }],
            );
            *height -= bites[0].depth;
            if *height < e.floor - tolerance {
                out.push(Finding {
                    harm: Harm::Gouge,
                    operation,
                    source: m.source,
                    at: [e.at[0], e.at[1], *height],
                    amount: e.floor - *height,
                });
                return false;
            }
        }
        true
    });
    out
}

/// Where a region's border crosses the middles of a field's rows.
struct Rows(Vec<Vec<f64>>);

impl Rows {
    fn new(region: &Loops, field: &Field) -> Self {
        let ny = field.size()[1];
        let mut rows = vec![Vec::new(); ny];
        let y0 = field.center(0, 0)[1];
        for l in region.iter() {
            for (a, b) in loops::edges(l) {
                let (a, b) = (mm(a), mm(b));
                let (lo, hi) = if a[1] <= b[1] { (a, b) } else { (b, a) };
                // Rows with lo ≤ y < hi.
                let index = |y: f64| ((y - y0) / field.cell()).ceil().clamp(0.0, ny as f64) as usize;
                for (j, row) in rows.iter_mut().enumerate().take(index(hi[1])).skip(index(lo[1])) {
                    let y = y0 + j as f64 * field.cell();
                    row.push(lo[0] + (hi[0] - lo[0]) * (y - lo[1]) / (hi[1] - lo[1]));
                }
            }
        }
        for row in &mut rows {
            row.sort_by(f64::total_cmp);
        }
        Self(rows)
    }

    /// The spans of columns inside the region in a row: first and past the last.
    fn spans(&self, j: usize, field: &Field, mut f: impl FnMut(usize, usize)) {
        let nx = field.size()[0];
        let x0 = field.center(0, j)[0];
        let index = |x: f64| ((x - x0) / field.cell()).ceil().clamp(0.0, nx as f64) as usize;
        for pair in self.0[j].chunks_exact(2) {
            f(index(pair[0]), index(pair[1]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use offcut_geometry::Point;

    #[test]
    fn columns_beyond_a_region_are_found_and_those_within_are_not() {
        let field = |h: f64| Field::filled([0.0, 0.0, -10.0], [20.0, 10.0, 0.0], 0.1, h);
        let square = |x0: f64, x1: f64| -> Loops {
            let p = |x: f64, y: f64| Point::new(grid(x), grid(y));
            [vec![p(x0, -1.0), p(x1, -1.0), p(x1, 11.0), p(x0, 11.0)]]
                .into_iter()
                .collect()
        };
        let after = field(-2.0);
        // All of it is allowed, in two regions with different floors.
        let all = [(square(-1.0, 10.0), -2.0), (square(9.0, 21.0), -5.0)];
        assert!(excess(&field(0.0), &after, &all, 0.01, 9).is_empty());
        // A strip between them is not.
        let gap = [(square(-1.0, 10.0), -2.0), (square(11.0, 21.0), -5.0)];
        let found = excess(&field(0.0), &after, &gap, 0.01, 99);
        assert!(!found.is_empty());
        assert!(
            found
                .iter()
                .all(|e| e.at[0] > 10.0 && e.at[0] < 11.0 && e.depth == 2.0)
        );
        // Too deep by half a millimetre.
        let high = [(square(-1.0, 21.0), -1.5)];
        assert!(
            excess(&field(0.0), &after, &high, 0.01, 9)
                .iter()
                .all(|e| e.depth == 0.5)
        );
        // What was not there before is not missed.
        assert!(excess(&field(-2.0), &after, &[], 0.01, 9).is_empty());
    }
}
