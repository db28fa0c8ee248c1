//! The stock while it is milled, for a view with a slider.
//!
//! In: a planned job and its way in space. Out: a [`Carving`]: heights of the stock at moments of the job. Promised:
//! the first is the stock as it came, the last what is left; coarser than the check, and by the same rules.

use crate::mill::Milled;
use crate::preview::{JUMP, Preview, TRAVEL};
use crate::{Ctx, Error};
use offcut_mill::simulate::body;
use offcut_mill::stock::{Body, Field, Sweep};

/// Heights of the stock at moments of a job.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Carving {
    /// Columns in X and Y.
    pub size: [u32; 2],
    /// Corner of the first column, mm.
    pub min: [f64; 2],
    /// Side of a column, mm.
    pub cell: f64,
    /// Underside of the stock, mm.
    pub bed: f64,
    /// For every moment how many points of the way are done.
    pub points: Vec<u32>,
    /// For every moment the heights of all columns, row by row, mm.
    pub heights: Vec<f32>,
}

/// Columns along the longer side.
const COLUMNS: f64 = 240.0;

/// Carries a job out in `moments` equal parts of its time.
///
/// # Errors
/// When a tool can't be, or the job was cancelled.
pub fn carving(done: &Milled, way: &Preview, moments: u32, ctx: &Ctx) -> Result<Carving, Error> {
    let stock = &done.job.setup.stock;
    let side = |k: usize| stock.max[k] - stock.min[k];
    let cell = (side(0).max(side(1)) / COLUMNS).max(0.05);
    let mut field = Field::of(&done.job.setup, cell);
    let bodies = (done.job.tools.iter())
        .map(|t| {
            let mut b = body(t)?;
            // What sits above the flutes was checked before.
            b.above.clear();
            Ok(b)
        })
        .collect::<Result<Vec<Body>, Error>>()?;
    let mut out = Carving {
        size: field.size().map(|n| n as u32),
        min: [stock.min[0], stock.min[1]],
        cell: field.cell(),
        bed: stock.min[2],
        ..Carving::default()
    };
    out.keep(&field, 0);
    let n = way.roles.len();
    let all = way.times.last().copied().unwrap_or_default();
    let mut first = 1;
    for k in 1..=moments {
        ctx.check()?;
        ctx.report("simulation", k as f32 / moments as f32);
        let until = all * k as f32 / moments as f32;
        let end = match k == moments {
            true => n,
            false => way.times.partition_point(|t| *t <= until),
        };
        cut(&mut field, done, &bodies, way, first..end.max(first));
        first = first.max(end);
        out.keep(&field, first.min(n));
    }
    Ok(out)
}

/// Carries out the moves to some points of the way.
fn cut(field: &mut Field, done: &Milled, bodies: &[Body], way: &Preview, points: std::ops::Range<usize>) {
    let at = |i: usize| -> [f64; 3] { std::array::from_fn(|k| f64::from(way.positions[3 * i + k])) };
    let tool_of = |i: usize| {
        let operation = way.layers.partition_point(|l| *l as usize <= i).saturating_sub(1);
        done.planned.toolpaths.get(operation).map(|t| t.tool)
    };
    let mut i = points.start;
    while i < points.end {
        let tool = tool_of(i);
        let next = way.layers.partition_point(|l| *l as usize <= i);
        let last = way
            .layers
            .get(next)
            .map_or(points.end, |l| (*l as usize).min(points.end));
        let cuts = |i: &usize| way.roles[*i] != JUMP && way.roles[*i] != TRAVEL;
        let sweeps: Vec<Sweep> = (i..last)
            .filter(cuts)
            .map(|i| Sweep {
                from: at(i - 1),
                to: at(i),
            })
            .collect();
        if let Some(body) = tool.and_then(|t| bodies.get(t)) {
            field.cut(body, &sweeps);
        }
        i = last;
    }
}

impl Carving {
    fn keep(&mut self, field: &Field, points: usize) {
        self.points.push(points as u32);
        let [w, d] = field.size();
        self.heights.reserve(w * d);
        for j in 0..d {
            self.heights.extend((0..w).map(|i| field.height(i, j) as f32));
        }
    }
}
