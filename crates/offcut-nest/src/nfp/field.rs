//! Depth in a no-fit polygon, from a grid.
//!
//! In: the no-fit polygon. Out: for any offset how far it lies inside (0 outside), and the nearest way to
//! its boundary. Each cell of a grid over the polygon's box knows the edges that can be nearest to a point
//! in it, and whether it lies wholly inside or outside; so most questions cost one look, the rest a
//! comparison of two or three edges. Lengths are grid units as floating-point numbers.
//!
//! Promised: the sign is that of the polygon with the play asked for around it (save within rounding of its
//! boundary), and the depth is exact in cells that the boundary passes; in cells wholly inside it is
//! interpolated between their corners.

use super::pieces::push_lean;
use offcut_geometry::{Loops, Point};

#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Edge {
    x: f64,
    y: f64,
    /// Direction of length 1.
    ux: f64,
    uy: f64,
    len: f64,
    /// How much deeper it is than it seems.
    play: f64,
    /// Whether a point whose nearest one is the start (or end) of the edge lies inside.
    start_inside: bool,
    end_inside: bool,
}

impl Edge {
    /// Squared distance, and how far along the edge the nearest point lies.
    #[inline(always)]
    fn distance2(&self, x: f64, y: f64) -> (f64, f64) {
        let (rx, ry) = (x - self.x, y - self.y);
        let t = positive(rx * self.ux + ry * self.uy);
        let t = if t < self.len { t } else { self.len };
        let (dx, dy) = (rx - t * self.ux, ry - t * self.uy);
        (dx * dx + dy * dy, t)
    }

    /// Whether a point is inside, given that this is its nearest edge.
    #[inline(always)]
    fn inside(&self, x: f64, y: f64) -> bool {
        let (rx, ry) = (x - self.x, y - self.y);
        let t = rx * self.ux + ry * self.uy;
        if t <= 0.0 {
            self.start_inside
        } else if t >= self.len {
            self.end_inside
        } else {
            self.ux * ry - self.uy * rx > 0.0
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Side {
    Outside,
    Inside,
    Mixed,
}

/// A range of [`Field::near`].
#[derive(Debug, Clone, Copy)]
struct Cell {
    start: u32,
    count: u16,
    side: Side,
}

/// By how much places near edges count as deeper than they are, so that parts that touch still don't overlap when their positions
/// are rounded to the grid. Upright contacts need none as long as parts are turned by quarters: they are
/// what fits exactly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Play {
    /// Edges along an axis, grid units.
    pub upright: f64,
    /// All others, grid units.
    pub slanted: f64,
}

impl Play {
    /// The polygon as it is.
    pub const NONE: Self = Self {
        upright: 0.0,
        slanted: 0.0,
    };

    /// What rounding may take between parts, of which some are turned by other angles than quarters or not.
    #[must_use]
    pub const fn of_rounding(quarters: bool) -> Self {
        Self {
            upright: if quarters { 0.0 } else { ROUNDING },
            slanted: ROUNDING,
        }
    }
}

/// Two positions are rounded by up to 0.7 units each, turned vertices by as much; with something to spare.
const ROUNDING: f64 = 4.0;

/// Where an offset lies to a no-fit polygon.
#[derive(Debug, Clone, Copy)]
pub struct Contact {
    /// Distance to the boundary, positive inside.
    pub depth: f64,
    /// Direction that leads out fastest, of length 1.
    pub normal: [f64; 2],
}

/// A no-fit polygon that can be asked for depths. What most questions need is the first 64 bytes.
#[derive(Debug)]
#[repr(C, align(64))]
pub struct Field {
    /// Lower left corner of the grid.
    x: f64,
    y: f64,
    /// Cells per grid unit.
    inverse: f64,
    columns: u16,
    rows: u16,
    /// What 1 means in `corners`, grid units.
    unit: f32,
    /// Depth at the corners of cells that do not lie outside, by row; negative outside. Small, for it is asked
    /// all the time.
    corners: Box<[i16]>,
    cells: Box<[Cell]>,
    near: Vec<u32>,
    edges: Vec<Edge>,
}

/// Cells a side of a square grid per square root of the number of edges.
const FINENESS: f64 = 6.0;
/// The fewest and the most cells a side of a square grid.
const CELLS: (usize, usize) = (8, 64);
/// How many times as many the longer side of a grid may have.
const LONGEST: usize = 8;
/// Depth at corners of nothing but outside cells.
const UNKNOWN: f32 = f32::NEG_INFINITY;
/// Rounding allowed for in comparisons of distances.
const SLACK: f64 = 1.0001;

/// A number, or zero when it is negative. Not `max`, which asks for NaN.
#[inline(always)]
fn positive(v: f64) -> f64 {
    if v > 0.0 { v } else { 0.0 }
}

/// The whole number next to `v`, of less than 2^51, as both kinds of numbers; negative ones become huge. By one
/// addition, for casts that saturate are slow.
#[inline(always)]
pub(crate) fn whole(v: f64) -> (f64, u64) {
    // Doubles of this size have no places after the point: their lowest bits are the number.
    const SHIFT: f64 = 1.5 * (1u64 << 52) as f64;
    let shifted = v + SHIFT;
    (shifted - SHIFT, shifted.to_bits().wrapping_sub(SHIFT.to_bits()))
}

impl Field {
    /// The field of a no-fit polygon. Cells farther outside than `reach` only know that they are outside.
    #[must_use]
    pub fn new(polygon: &Loops, reach: f64, play: Play) -> Self {
        let b = polygon.bbox();
        let margin = reach.max(1.0) + 4.0 * ROUNDING;
        Self::within(
            polygon,
            reach,
            play,
            [f64::from(b.min.x) - margin, f64::from(b.min.y) - margin],
            [f64::from(b.max.x) + margin, f64::from(b.max.y) + margin],
        )
    }

    /// The field of a no-fit polygon in a window (its lower left and upper right corner): what lies outside
    /// of it counts as outside of the polygon.
    #[must_use]
    pub fn within(polygon: &Loops, reach: f64, play: Play, lo: [f64; 2], hi: [f64; 2]) -> Self {
        // At a vertex without a turn neither side would be the inside of a corner.
        let mut lean = Loops::new();
        for l in polygon.iter() {
            push_lean(l, &mut lean);
        }
        let edges: Vec<Edge> = lean.iter().flat_map(|l| edges_of(l, play)).collect();
        let [x, y] = lo;
        let width = (hi[0] - x).max(1.0);
        let height = (hi[1] - y).max(1.0);
        let wanted = FINENESS * (edges.len() as f64).sqrt();
        let fine = (wanted as usize).clamp(CELLS.0, CELLS.1);
        // As many cells for long polygons as for round ones.
        let cell = (width * height).sqrt() / fine as f64;
        let cell = cell.max(width.max(height) / (LONGEST * fine) as f64);
        let count = |length: f64| ((length / cell).ceil() as usize).max(1);
        let (columns, rows) = (count(width), count(height));
        let block = columns.max(rows).next_power_of_two();
        let empty = Cell {
            start: 0,
            count: 0,
            side: Side::Outside,
        };
        let mut field = Self {
            x,
            y,
            inverse: 1.0 / cell,
            columns: columns as u16,
            rows: rows as u16,
            unit: 1.0,
            cells: vec![empty; columns * rows].into(),
            near: Vec::new(),
            corners: Box::default(),
            edges,
        };
        let mut depths = vec![UNKNOWN; (columns + 1) * (rows + 1)];
        if !field.edges.is_empty() {
            let mut stack: Vec<(u32, f64)> = (0..field.edges.len() as u32).map(|e| (e, 0.0)).collect();
            let all = stack.len();
            field.divide(0, 0, block, cell, reach, &mut stack, 0..all, &mut depths);
        }
        field.set_corners(&depths);
        field
    }

    /// Fills a square block of cells, of which the edges in `stack[from]` can be nearest to some point. The numbers
    /// beside them are squared distances of the block at hand.
    #[allow(clippy::too_many_arguments)]
    fn divide(
        &mut self,
        column: usize,
        row: usize,
        size: usize,
        cell: f64,
        reach: f64,
        stack: &mut Vec<(u32, f64)>,
        from: std::ops::Range<usize>,
        depths: &mut [f32],
    ) {
        let (columns, rows) = (usize::from(self.columns), usize::from(self.rows));
        if column >= columns || row >= rows {
            return;
        }
        let half = 0.5 * size as f64 * cell;
        let cx = self.x + column as f64 * cell + half;
        let cy = self.y + row as f64 * cell + half;
        let corner = half * std::f64::consts::SQRT_2 * SLACK;
        let (mut least, mut nearest) = (f64::INFINITY, 0);
        for (e, d) in &mut stack[from.clone()] {
            *d = self.edges[*e as usize].distance2(cx, cy).0;
            if *d < least {
                (least, nearest) = (*d, *e);
            }
        }
        let distance = least.sqrt();
        let inside = self.edges[nearest as usize].inside(cx, cy);
        if !inside && distance > corner + reach {
            return;
        }
        let limit = (distance + 2.0 * corner) * (distance + 2.0 * corner);
        let mark = stack.len();
        for k in from {
            if stack[k].1 <= limit {
                stack.push(stack[k]);
            }
        }
        let kept = mark..stack.len();
        if size > 1 {
            let h = size / 2;
            for (dx, dy) in [(0, 0), (h, 0), (0, h), (h, h)] {
                self.divide(column + dx, row + dy, h, cell, reach, stack, kept.clone(), depths);
            }
        } else {
            let side = match (distance <= corner + ROUNDING, inside) {
                (true, _) => Side::Mixed,
                (false, true) => Side::Inside,
                (false, false) => Side::Outside,
            };
            self.cells[row * columns + column] = Cell {
                start: self.near.len() as u32,
                // So many edges of equal distance do not come from parts; the rest would only add exactness.
                count: u16::try_from(kept.len()).unwrap_or(u16::MAX),
                side,
            };
            self.near.extend(stack[kept].iter().map(|e| e.0));
            if side != Side::Outside {
                self.measure_corners(column, row, cell, depths);
            }
        }
        stack.truncate(mark);
    }

    fn measure_corners(&self, column: usize, row: usize, cell: f64, depths: &mut [f32]) {
        let columns = usize::from(self.columns);
        let c = self.cells[row * columns + column];
        for (i, j) in [
            (column, row),
            (column + 1, row),
            (column, row + 1),
            (column + 1, row + 1),
        ] {
            let depth = &mut depths[j * (columns + 1) + i];
            if *depth == UNKNOWN {
                let (x, y) = (self.x + i as f64 * cell, self.y + j as f64 * cell);
                let (d, edge, _) = self.nearest(c, x, y);
                let d = d.sqrt();
                *depth = if edge.inside(x, y) { d } else { -d } as f32;
            }
        }
    }

    /// Rounds the depths of corners to what 16 bits tell. What lies inside stays so.
    fn set_corners(&mut self, depths: &[f32]) {
        let most = depths.iter().fold(1.0f32, |m, d| m.max(*d));
        self.unit = most / f32::from(i16::MAX);
        let scale = f32::from(i16::MAX) / most;
        let least = |d: f32| if d > 0.0 { 1 } else { i16::MIN };
        let rounded = |&d: &f32| ((d * scale) as i16).max(least(d));
        self.corners = depths.iter().map(rounded).collect();
    }

    /// Squared distance to the nearest edge, the edge, and how far along it the nearest point lies.
    #[inline(always)]
    fn nearest(&self, c: Cell, x: f64, y: f64) -> (f64, &Edge, f64) {
        let list = &self.near[c.start as usize..c.start as usize + c.count as usize];
        let mut best = f64::INFINITY;
        let mut along = 0.0;
        let mut edge = 0;
        for &e in list {
            let (d, t) = self.edges[e as usize].distance2(x, y);
            if d < best {
                (best, along, edge) = (d, t, e);
            }
        }
        (best, &self.edges[edge as usize], along)
    }

    /// About how far an offset lies inside, for guidance: interpolated near the boundary too; 0 outside.
    #[inline]
    #[must_use]
    pub fn rough_depth(&self, x: f64, y: f64) -> f64 {
        let Some((i, j, within)) = self.cell(x, y) else {
            return 0.0;
        };
        positive(self.between(i, j, within))
    }

    /// The cell of an offset, `None` outside of the grid, and where in it the offset lies.
    #[inline(always)]
    fn cell(&self, x: f64, y: f64) -> Option<(usize, usize, [f32; 2])> {
        let (fx, fy) = ((x - self.x) * self.inverse, (y - self.y) * self.inverse);
        // On a border it may be either cell's.
        let ((cx, i), (cy, j)) = (whole(fx - 0.5), whole(fy - 0.5));
        if i >= u64::from(self.columns) || j >= u64::from(self.rows) {
            return None;
        }
        Some((i as usize, j as usize, [(fx - cx) as f32, (fy - cy) as f32]))
    }

    /// Depth interpolated between the corners of a cell.
    #[inline(always)]
    fn between(&self, i: usize, j: usize, [tx, ty]: [f32; 2]) -> f64 {
        let stride = usize::from(self.columns) + 1;
        let o = j * stride + i;
        let row = |o: usize| {
            let pair = &self.corners[o..o + 2];
            let (a, b) = (f32::from(pair[0]), f32::from(pair[1]));
            a + (b - a) * tx
        };
        let (u, v) = (row(o), row(o + stride));
        f64::from((u + (v - u) * ty) * self.unit)
    }

    /// How far an offset lies inside; 0 outside.
    #[inline]
    #[must_use]
    pub fn depth(&self, x: f64, y: f64) -> f64 {
        let Some((i, j, within)) = self.cell(x, y) else {
            return 0.0;
        };
        let c = self.cells[j * usize::from(self.columns) + i];
        match c.side {
            Side::Outside => 0.0,
            Side::Inside => self.between(i, j, within),
            Side::Mixed => {
                let (d, edge, _) = self.nearest(c, x, y);
                let d = d.sqrt();
                let signed = if edge.inside(x, y) { d } else { -d };
                positive(signed + edge.play)
            }
        }
    }

    /// Depth and the way out; `None` when the offset lies farther outside than the reach.
    #[inline]
    #[must_use]
    pub fn contact(&self, x: f64, y: f64) -> Option<Contact> {
        let (i, j, _) = self.cell(x, y)?;
        let c = self.cells[j * usize::from(self.columns) + i];
        if c.count == 0 {
            return None;
        }
        let (d, e, t) = self.nearest(c, x, y);
        let inside = match c.side {
            Side::Outside => false,
            Side::Inside => true,
            Side::Mixed => e.inside(x, y),
        };
        let d = d.sqrt();
        let at_end = t <= 0.0 || t >= e.len;
        let normal = if at_end && d > 1e-3 {
            let sign = if inside { 1.0 } else { -1.0 };
            let (qx, qy) = (e.x + t * e.ux - x, e.y + t * e.uy - y);
            [sign * qx / d, sign * qy / d]
        } else {
            [e.uy, -e.ux]
        };
        Some(Contact {
            depth: e.play + if inside { d } else { -d },
            normal,
        })
    }
}

fn edges_of(l: &[Point], play: Play) -> Vec<Edge> {
    let n = l.len();
    let reflex = |i: usize| {
        let (p, q, r) = (l[(i + n - 1) % n], l[i % n], l[(i + 1) % n]);
        (q - p).cross(r - q) < 0
    };
    let mut out = Vec::with_capacity(n);
    for i in 0..n {
        let (a, b) = (l[i], l[(i + 1) % n]);
        let len = a.dist(b);
        if len > 0.0 {
            let upright = a.x == b.x || a.y == b.y;
            out.push(Edge {
                x: f64::from(a.x),
                y: f64::from(a.y),
                ux: f64::from(b.x - a.x) / len,
                uy: f64::from(b.y - a.y) / len,
                len,
                play: if upright { play.upright } else { play.slanted },
                start_inside: reflex(i),
                end_inside: reflex(i + 1),
            });
        }
    }
    out
}

#[cfg(test)]
mod tests;
