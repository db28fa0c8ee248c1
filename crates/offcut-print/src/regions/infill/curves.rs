//! Curves drawn in a turned frame and clipped to the region.

use super::{FillArea, FillParams, SHORTEST_STRAND, Scratch};
use libm::hypot;
use offcut_geometry::simplify::simplify_polyline;
use offcut_geometry::{Hatch, LineClipper, Loops, Point, Polylines, Strands, UNITS_PER_MM, grid};

/// Curves are drawn up to here from the origin, mm: what they add at the borders still fits the grid.
const MAX_REACH: f64 = 2500.0;

/// The box of the region in the frame, mm.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub x: (f64, f64),
    pub y: (f64, f64),
}

impl Bounds {
    /// Distance of the nearest and the farthest point of the box from the frame's origin.
    pub fn radii(&self) -> (f64, f64) {
        let near = |(a, b): (f64, f64)| {
            if a > 0.0 {
                a
            } else if b < 0.0 {
                -b
            } else {
                0.0
            }
        };
        let far = |(a, b): (f64, f64)| a.abs().max(b.abs());
        (hypot(near(self.x), near(self.y)), hypot(far(self.x), far(self.y)))
    }

    /// The box with x and y exchanged.
    pub fn swapped(&self) -> Self {
        Self { x: self.y, y: self.x }
    }

    /// The box grown by `d` on every side.
    pub fn grown(&self, d: f64) -> Self {
        Self {
            x: (self.x.0 - d, self.x.1 + d),
            y: (self.y.0 - d, self.y.1 + d),
        }
    }
}

/// Draws lines in the frame, mm; they end up clipped in the region.
pub(super) struct Pen<'a> {
    frame: Hatch,
    origin: (f64, f64),
    swap: bool,
    region: &'a Loops,
    clipper: &'a mut LineClipper,
    strands: &'a mut Strands,
    line: &'a mut Vec<Point>,
}

impl Pen<'_> {
    /// Exchanges x and y of what is drawn from now on.
    pub fn swap(&mut self, swap: bool) {
        self.swap = swap;
    }

    /// Draws on to a point, or begins a line there.
    #[inline]
    pub fn to(&mut self, x: f64, y: f64) {
        let (x, y) = if self.swap { (y, x) } else { (x, y) };
        self.line.push(
            self.frame
                .point(self.origin.0 + x * UNITS_PER_MM, self.origin.1 + y * UNITS_PER_MM),
        );
    }

    /// Ends the line.
    pub fn lift(&mut self) {
        if self.line.len() > 1 {
            self.clipper.clip(self.region, self.line, self.strands);
        }
        self.line.clear();
    }
}

/// Fills with what `draw` draws in a frame turned by `params.angle + turn` about the origin.
/// `distance` is what lines lie apart, mm.
pub(super) fn fill(
    area: &FillArea,
    params: &FillParams,
    turn: f64,
    distance: f64,
    scratch: &mut Scratch,
    out: &mut Polylines,
    draw: impl FnOnce(&Bounds, &mut Pen),
) {
    let frame = Hatch::new(params.angle + turn, 1.0, 0.0);
    let origin = frame.turned(params.origin);
    let mut bounds = Bounds {
        x: (f64::INFINITY, f64::NEG_INFINITY),
        y: (f64::INFINITY, f64::NEG_INFINITY),
    };
    for &p in &area.region.points {
        let (x, y) = frame.turned(p);
        let (x, y) = ((x - origin.0) / UNITS_PER_MM, (y - origin.1) / UNITS_PER_MM);
        bounds.x = (bounds.x.0.min(x), bounds.x.1.max(x));
        bounds.y = (bounds.y.0.min(y), bounds.y.1.max(y));
    }
    // Too many lines for any printer: a mistake in units.
    let (wide, high) = (bounds.x.1 - bounds.x.0, bounds.y.1 - bounds.y.0);
    let far = [bounds.x.0, bounds.x.1, bounds.y.0, bounds.y.1]
        .iter()
        .any(|v| v.abs() > MAX_REACH);
    if area.region.points.is_empty() || far || wide * high > 1e7 * distance * distance {
        return;
    }
    scratch
        .strands
        .begin(area.region, SHORTEST_STRAND * params.width * UNITS_PER_MM);
    scratch.clipper.begin(area.region);
    scratch.line.clear();
    let mut pen = Pen {
        frame,
        origin,
        swap: false,
        region: area.region,
        clipper: &mut scratch.clipper,
        strands: &mut scratch.strands,
        line: &mut scratch.line,
    };
    draw(&bounds, &mut pen);
    pen.lift();
    scratch.link(area, params, distance, out);
}

/// How many samples a period of a wave of length `period` mm needs for chords within 5 µm: a
/// multiple of four, so that extremes are met.
pub(super) fn samples(period: f64) -> usize {
    let n = (250.0 * period).sqrt().clamp(16.0, 400.0);
    4 * (n / 4.0).ceil() as usize
}

/// What simplification may move a wave by, grid units.
const WAVE_TOLERANCE: f64 = 1500.0;

/// Draws one period of a wave over and over: `wave[i]` is y at `x = i / n * period`, mm. Every copy
/// is moved by a multiple of `pitch` across.
pub(super) fn repeat_wave(bounds: &Bounds, pen: &mut Pen, period: f64, pitch: f64, wave: &[f64]) {
    let n = wave.len();
    let (low, high) = wave
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &y| {
            (a.min(y), b.max(y))
        });
    let fine: Vec<Point> = (0..=n)
        .map(|i| Point::new(grid(i as f64 / n as f64 * period), grid(wave[i % n])))
        .collect();
    let mut coarse: Vec<(f64, f64)> = simplify_polyline(&fine, WAVE_TOLERANCE)
        .iter()
        .map(|p| p.mm())
        .collect();
    coarse.pop(); // the next period begins with it
    let (i0, i1) = (
        (bounds.x.0 / period).floor() as i64,
        (bounds.x.1 / period).floor() as i64,
    );
    let (k0, k1) = (
        ((bounds.y.0 - high) / pitch).ceil() as i64,
        ((bounds.y.1 - low) / pitch).floor() as i64,
    );
    for k in k0..=k1 {
        let shift = k as f64 * pitch;
        for i in i0..=i1 {
            for &(x, y) in &coarse {
                pen.to(i as f64 * period + x, shift + y);
            }
        }
        pen.to((i1 + 1) as f64 * period, shift + wave[0]);
        pen.lift();
    }
}
