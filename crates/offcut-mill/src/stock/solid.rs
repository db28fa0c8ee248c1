//! The field as a body, for pictures and for further jobs.

use super::Field;
use offcut_geometry::{Loops, Point, grid};
use offcut_mesh::{Mesh, Triangle};

impl Field {
    /// Where material stands above `z`: the outlines of cells of about `coarse` mm that hold any.
    #[must_use]
    pub fn above(&self, z: f64, coarse: f64) -> Loops {
        let stride = (coarse / self.cell).round().max(1.0) as usize;
        let [nx, ny] = self.size.map(|s| s.div_ceil(stride));
        let mut full = vec![false; nx * ny];
        for j in 0..self.size[1] {
            for i in 0..self.size[0] {
                if self.height(i, j) > z {
                    full[(j / stride) * nx + i / stride] = true;
                }
            }
        }
        let side = stride as f64 * self.cell;
        let x =
            |i: usize, k: usize| grid(self.min[k] + (i as f64 * side).min(self.size[k] as f64 * self.cell));
        let mut out = Loops::new();
        // Rows of cells as rectangles, those of equal span in neighbouring rows as one.
        let mut open: Vec<(usize, usize, usize)> = Vec::new();
        for j in 0..=ny {
            let mut spans = Vec::new();
            if j < ny {
                let row = &full[j * nx..(j + 1) * nx];
                let mut i = 0;
                while i < nx {
                    let from = i;
                    while i < nx && row[i] {
                        i += 1;
                    }
                    if i > from {
                        spans.push((from, i));
                    }
                    i += 1;
                }
            }
            let mut next = Vec::new();
            for &(a, b, since) in &open {
                if spans.contains(&(a, b)) {
                    next.push((a, b, since));
                } else {
                    let corners = [(a, since), (b, since), (b, j), (a, j)];
                    out.push(&corners.map(|(i, j)| Point::new(x(i, 0), x(j, 1))));
                }
            }
            for (a, b) in spans {
                if !next.iter().any(|n| (n.0, n.1) == (a, b)) {
                    next.push((a, b, j));
                }
            }
            open = next;
        }
        offcut_geometry::clip::union(&out, &Loops::new())
    }

    /// A closed mesh of what is left, with at most about `most` columns along its longer side: the highest of the
    /// columns that are drawn as one.
    #[must_use]
    pub fn solid(&self, most: usize) -> Mesh {
        let stride = self.size[0].max(self.size[1]).div_ceil(most.max(2)).max(1);
        let n = self.size.map(|s| s.div_ceil(stride));
        let bed = self.bed;
        let height = |i: usize, j: usize| {
            let mut top = f64::from(bed);
            for y in j * stride..((j + 1) * stride).min(self.size[1]) {
                for x in i * stride..((i + 1) * stride).min(self.size[0]) {
                    top = top.max(self.height(x, y));
                }
            }
            top as f32
        };
        let heights: Vec<f32> = (0..n[0] * n[1]).map(|k| height(k % n[0], k / n[0])).collect();
        let side = stride as f64 * self.cell;
        // Corners at the middles of the cells; those on the border go out to the stock's box.
        let place = |i: usize, k: usize| {
            let v = if i == 0 {
                0.0
            } else if i + 1 == n[k] {
                self.size[k] as f64 * self.cell
            } else {
                (i as f64 + 0.5) * side
            };
            (self.min[k] + v) as f32
        };
        let at = |i: usize, j: usize| [place(i, 0), place(j, 1), heights[j * n[0] + i]];
        let down = |i: usize, j: usize| [place(i, 0), place(j, 1), bed];
        let mut triangles: Vec<Triangle> = Vec::with_capacity(4 * n[0] * n[1]);
        if n[0] < 2 || n[1] < 2 {
            return Mesh { triangles };
        }
        let mut quad = |a: [f32; 3], b: [f32; 3], c: [f32; 3], d: [f32; 3]| {
            triangles.push([a, b, c]);
            triangles.push([a, c, d]);
        };
        let (w, h) = (n[0] - 1, n[1] - 1);
        for j in 0..h {
            for i in 0..w {
                quad(at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1));
                quad(down(i, j), down(i, j + 1), down(i + 1, j + 1), down(i + 1, j));
            }
        }
        for i in 0..w {
            quad(down(i, 0), down(i + 1, 0), at(i + 1, 0), at(i, 0));
            quad(down(i + 1, h), down(i, h), at(i, h), at(i + 1, h));
        }
        for j in 0..h {
            quad(down(0, j + 1), down(0, j), at(0, j), at(0, j + 1));
            quad(down(w, j), down(w, j + 1), at(w, j + 1), at(w, j));
        }
        Mesh { triangles }
    }
}
