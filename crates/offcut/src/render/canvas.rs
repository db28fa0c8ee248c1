//! Areas and lines on paper, antialiased by exact coverage.
//!
//! In: rings in pixels (y down). Out: a [`Picture`]. An area is the non-zero winding of its rings: outer rings and holes
//! turn in opposite directions. Coverage by accumulated signed areas of edges, as in Raph Levien's font-rs notes.

use super::color::{Rgb, decode, encode};
use super::frame::Picture;

/// Colours in linear light while a picture is painted.
pub(super) struct Canvas {
    w: usize,
    h: usize,
    paint: Vec<Rgb>,
    /// Coverage differences of the area that is being painted.
    cover: Vec<f32>,
}

/// A point in pixels.
pub(super) type Dot = [f32; 2];

impl Canvas {
    pub fn new(w: usize, h: usize, paper: [u8; 3]) -> Self {
        Self {
            w,
            h,
            paint: vec![decode(paper); w * h],
            cover: Vec::new(),
        }
    }

    /// Paints what the rings enclose; `alpha` from 0 to 1.
    pub fn fill(&mut self, rings: &[Vec<Dot>], color: [u8; 3], alpha: f32) {
        let (mut lo, mut hi) = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
        for p in rings.iter().flatten() {
            for k in 0..2 {
                lo[k] = lo[k].min(p[k]);
                hi[k] = hi[k].max(p[k]);
            }
        }
        let size = [self.w as f32, self.h as f32];
        let from = [0, 1].map(|k| lo[k].floor().clamp(0.0, size[k]) as usize);
        let to = [0, 1].map(|k| hi[k].ceil().clamp(0.0, size[k]) as usize);
        if from[0] >= to[0] || from[1] >= to[1] {
            return;
        }
        let (w, h) = (to[0] - from[0], to[1] - from[1]);
        let stride = w + 2;
        self.cover.clear();
        self.cover.resize(stride * h, 0.0);
        let shift = from.map(|v| v as f32);
        for ring in rings {
            for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                let at = |p: &Dot| [p[0] - shift[0], p[1] - shift[1]];
                edge(&mut self.cover, [w, h], at(a), at(b));
            }
        }
        let c = decode(color);
        for y in 0..h {
            let mut sum = 0.0;
            let row = &mut self.paint[(from[1] + y) * self.w + from[0]..][..w];
            for (cell, d) in row.iter_mut().zip(&self.cover[y * stride..]) {
                sum += d;
                let share = sum.abs().min(1.0) * alpha;
                if share > 0.002 {
                    for (v, c) in cell.iter_mut().zip(c) {
                        *v += (c - *v) * share;
                    }
                }
            }
        }
    }

    /// Draws a line with round joins, `width` pixels wide.
    pub fn stroke(&mut self, line: &[Dot], closed: bool, width: f32, color: [u8; 3], alpha: f32) {
        let r = width / 2.0;
        let ends = line.iter().zip(line.iter().cycle().skip(1));
        let count = if closed {
            line.len()
        } else {
            line.len().saturating_sub(1)
        };
        let capsules: Vec<Vec<Dot>> = ends.take(count).map(|(a, b)| capsule(*a, *b, r)).collect();
        self.fill(&capsules, color, alpha);
    }

    /// The picture.
    pub fn picture(&self) -> Picture {
        let pixels = self.paint.iter().flat_map(|c| {
            let [r, g, b] = encode(*c);
            [r, g, b, 255]
        });
        Picture {
            width: self.w as u32,
            height: self.h as u32,
            rgba: pixels.collect(),
        }
    }

    /// Mixes a colour into one pixel.
    pub fn blend(&mut self, x: usize, y: usize, color: [u8; 3], alpha: f32) {
        if x < self.w && y < self.h {
            let c = decode(color);
            for (v, c) in self.paint[y * self.w + x].iter_mut().zip(c) {
                *v += (c - *v) * alpha;
            }
        }
    }
}

/// Adds what an edge covers to its right, by row and as differences along the row.
fn edge(cover: &mut [f32], [w, h]: [usize; 2], a: Dot, b: Dot) {
    if a[1] == b[1] {
        return;
    }
    let (turn, a, b) = if a[1] < b[1] { (1.0, a, b) } else { (-1.0, b, a) };
    let slope = (b[0] - a[0]) / (b[1] - a[1]);
    let (stride, right) = (w + 2, w as f32);
    let first = a[1].max(0.0) as usize;
    let last = (b[1].ceil().max(0.0) as usize).min(h);
    for y in first..last {
        let top = a[1].max(y as f32);
        let low = b[1].min((y + 1) as f32);
        if low <= top {
            continue;
        }
        let d = (low - top) * turn;
        let x = |at: f32| (a[0] + (at - a[1]) * slope).clamp(0.0, right);
        let (x0, x1) = (x(top).min(x(low)), x(top).max(x(low)));
        let cells = &mut cover[y * stride..(y + 1) * stride];
        let (i, j) = (x0 as usize, x1 as usize);
        if i == j {
            // Within one cell: what lies right of the middle is covered.
            let mid = (x0 + x1) / 2.0 - i as f32;
            cells[i] += d * (1.0 - mid);
            cells[i + 1] += d * mid;
            continue;
        }
        // A trapezoid over several cells: coverage grows linearly with x.
        let per = d / (x1 - x0);
        let mut before = 0.0;
        for (k, cell) in cells.iter_mut().enumerate().take(j + 2).skip(i) {
            // Mean of the covered height over the cell, from its integral.
            let (l, r) = ((k as f32).max(x0), ((k + 1) as f32).min(x1));
            let rising = if r > l {
                per * (r - l) * ((l + r) / 2.0 - x0)
            } else {
                0.0
            };
            let full = d * ((k + 1) as f32 - x1.max(k as f32)).max(0.0);
            let mean = rising + full;
            *cell += mean - before;
            before = mean;
        }
    }
}

/// A segment with round ends.
fn capsule(a: Dot, b: Dot, r: f32) -> Vec<Dot> {
    let d = [b[0] - a[0], b[1] - a[1]];
    let len = (d[0] * d[0] + d[1] * d[1]).sqrt();
    let start = if len > 0.0 { libm::atan2f(d[1], d[0]) } else { 0.0 };
    let n = (r * 2.0).clamp(3.0, 24.0) as usize;
    let turn = std::f32::consts::PI;
    let cap = |p: Dot, from: f32| {
        (0..=n).map(move |i| {
            let t = from + turn * i as f32 / n as f32;
            [p[0] + r * libm::cosf(t), p[1] + r * libm::sinf(t)]
        })
    };
    cap(b, start - turn / 2.0)
        .chain(cap(a, start + turn / 2.0))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Painted white on black, the sum of linear light is the area.
    fn area(c: &Canvas) -> f32 {
        c.paint.iter().map(|p| p[0]).sum()
    }

    #[test]
    fn coverage_is_the_area() {
        let mut c = Canvas::new(40, 30, [0; 3]);
        c.fill(
            &[vec![[2.25, 3.5], [20.75, 3.5], [20.75, 9.0], [2.25, 9.0]]],
            [255; 3],
            1.0,
        );
        assert!((area(&c) - 18.5 * 5.5).abs() < 1e-2, "{}", area(&c));
        // A triangle that crosses cells at all slopes.
        let mut c = Canvas::new(40, 30, [0; 3]);
        c.fill(&[vec![[1.3, 2.2], [37.7, 11.9], [13.1, 28.4]]], [255; 3], 1.0);
        let exact = 0.5 * ((36.4 * 26.2) - (9.7 * 11.8f32)).abs();
        assert!((area(&c) - exact).abs() < 0.1, "{} {exact}", area(&c));
        // A ring: the hole turns the other way.
        let mut c = Canvas::new(40, 30, [0; 3]);
        let square = |a: f32, b: f32| vec![[a, a], [b, a], [b, b], [a, b]];
        let hole: Vec<Dot> = square(5.5, 9.0).into_iter().rev().collect();
        c.fill(&[square(2.0, 20.0), hole], [255; 3], 1.0);
        assert!((area(&c) - (324.0 - 12.25)).abs() < 1e-2, "{}", area(&c));
        // What leaves the picture is cut off.
        let mut c = Canvas::new(10, 10, [0; 3]);
        c.fill(&[square(-50.0, 5.0)], [255; 3], 1.0);
        assert!((area(&c) - 25.0).abs() < 1e-2, "{}", area(&c));
    }

    #[test]
    fn lines_have_their_width() {
        let mut c = Canvas::new(60, 60, [0; 3]);
        c.stroke(&[[10.0, 10.0], [50.0, 40.0]], false, 4.0, [255; 3], 1.0);
        // 50 long and 4 wide, with half circles at the ends.
        let exact = 200.0 + std::f32::consts::PI * 4.0;
        assert!((area(&c) - exact).abs() < 1.5, "{} {exact}", area(&c));
    }
}
