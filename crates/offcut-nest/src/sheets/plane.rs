//! Sheets beside each other in one plane, and what is left of them.

use super::end_of;
use crate::problem::Problem;
use crate::search::{ABSENT, Bin, Spot};

/// Gap between sheets, as a share of the largest.
const GAP: f64 = 0.02;

/// Where sheets may lie: cells of a grid, of which each takes any sheet.
#[derive(Debug, Clone)]
pub struct Plane {
    pitch: [f64; 2],
    columns: usize,
    /// The first bins of every layout that stay.
    pub locked: usize,
    locked_sheets: Vec<u32>,
}

/// What lies beyond the parts of a sheet.
#[derive(Debug, Clone, Copy)]
pub struct Leftover {
    /// Index of the bin.
    pub bin: u32,
    /// Beyond them to the right (0) or above (1).
    pub axis: usize,
    /// Where the parts end, grid units of the sheet.
    pub end: f64,
    /// Its area, square grid units.
    pub area: f64,
}

impl Plane {
    /// A plane for a problem whose layouts begin with `locked` sheets.
    #[must_use]
    pub fn new(problem: &Problem, locked: &[u32]) -> Self {
        let mut pitch = [1.0f64; 2];
        let mut area = f64::INFINITY;
        for g in &problem.grounds {
            for (k, p) in pitch.iter_mut().enumerate() {
                *p = p.max(((g.hi[k] - g.lo[k]) * (1.0 + GAP)).ceil());
            }
            area = area.min(g.area.max(1.0));
        }
        let count = (2.0 * problem.area / area).max(locked.len() as f64).max(1.0);
        Self {
            pitch,
            columns: (count.sqrt().ceil() as usize).clamp(1, 32),
            locked: locked.len(),
            locked_sheets: locked.to_vec(),
        }
    }

    /// A bin as large as its sheet.
    #[must_use]
    pub fn full(problem: &Problem, ground: u32, at: [f64; 2]) -> Bin {
        let g = &problem.grounds[ground as usize];
        Bin {
            lo: [at[0] + g.lo[0], at[1] + g.lo[1]],
            hi: [at[0] + g.hi[0], at[1] + g.hi[1]],
            at,
            ground,
        }
    }

    /// Bins for sheets of these kinds.
    #[must_use]
    pub fn bins(&self, problem: &Problem, sheets: &[u32]) -> Vec<Bin> {
        let mut out = Vec::new();
        for &s in sheets {
            let bin = self.next(problem, s, &out);
            out.push(bin);
        }
        out
    }

    /// The bins of the locked sheets.
    #[must_use]
    pub fn locked(&self, problem: &Problem) -> Vec<Bin> {
        self.bins(problem, &self.locked_sheets)
    }

    /// A bin of a ground in the first cell that none of the others takes.
    #[must_use]
    pub fn next(&self, problem: &Problem, ground: u32, others: &[Bin]) -> Bin {
        let g = &problem.grounds[ground as usize];
        let at = |slot: usize| {
            let cell = [slot % self.columns, slot / self.columns];
            [0, 1].map(|k| (cell[k] as f64 * self.pitch[k] - g.lo[k]).round())
        };
        let same =
            |b: &Bin, a: [f64; 2]| (0..2).all(|k| (b.lo[k] - a[k] - g.lo[k]).abs() < 0.5 * self.pitch[k]);
        let slot = (0..=others.len()).find(|&s| !others.iter().any(|b| same(b, at(s))));
        Self::full(problem, ground, at(slot.unwrap_or(others.len())))
    }
}

/// The leftovers of every bin to the right and above. `bins` are as large as their sheets.
#[must_use]
pub fn leftovers(problem: &Problem, bins: &[Bin], spots: &[Spot]) -> Vec<Leftover> {
    let mut ends = vec![[f64::NEG_INFINITY; 2]; bins.len()];
    let locked = problem.locked.iter().filter_map(|l| {
        let b = bins.get(l.sheet as usize)?;
        Some(Spot {
            x: l.at[0] + b.at[0],
            y: l.at[1] + b.at[1],
            orient: l.orient,
            bin: l.sheet,
        })
    });
    for s in spots.iter().copied().filter(|s| s.bin != ABSENT).chain(locked) {
        for (axis, end) in ends[s.bin as usize].iter_mut().enumerate() {
            *end = end.max(end_of(problem, bins, &s, axis));
        }
    }
    let mut out = Vec::with_capacity(2 * bins.len());
    for (bin, (b, ends)) in (0..).zip(bins.iter().zip(&ends)) {
        let ground = &problem.grounds[b.ground as usize];
        for (axis, end) in ends.iter().enumerate() {
            let end = end.max(ground.lo[axis]);
            out.push(Leftover {
                bin,
                axis,
                end,
                area: ground.beyond(axis, end),
            });
        }
    }
    out
}
