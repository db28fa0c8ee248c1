//! Distance from the border of a region, exact, and which edge it is from.

use crate::path::P2;
use offcut_geometry::Loops;

/// An edge of a region's border, mm.
#[derive(Debug, Clone, Copy)]
pub struct Edge {
    /// Its ends.
    pub ends: [P2; 2],
}

impl Edge {
    /// The distance of a point, and the unit vector from the nearest point of the edge to it.
    #[must_use]
    pub fn distance(&self, p: P2) -> (f64, P2) {
        let [a, b] = self.ends;
        let d = [b[0] - a[0], b[1] - a[1]];
        let l2 = d[0] * d[0] + d[1] * d[1];
        let t = (((p[0] - a[0]) * d[0] + (p[1] - a[1]) * d[1]) / l2).clamp(0.0, 1.0);
        let v = [p[0] - a[0] - d[0] * t, p[1] - a[1] - d[1] * t];
        let n = libm::hypot(v[0], v[1]);
        (n, if n > 0.0 { [v[0] / n, v[1] / n] } else { [0.0, 0.0] })
    }
}

/// The edges of a region in a grid of cells.
#[derive(Debug)]
pub struct Border {
    /// The edges, loop by loop.
    pub edges: Vec<Edge>,
    min: P2,
    cell: f64,
    size: [usize; 2],
    starts: Vec<u32>,
    list: Vec<u32>,
}

impl Border {
    /// The border of a region.
    #[must_use]
    pub fn new(region: &Loops) -> Self {
        let mut edges = Vec::with_capacity(region.points.len());
        for l in region.iter() {
            for i in 0..l.len() {
                let ends = [crate::path::mm(l[i]), crate::path::mm(l[(i + 1) % l.len()])];
                edges.push(Edge { ends });
            }
        }
        let b = region.bbox();
        let (lo, hi) = (crate::path::mm(b.min), crate::path::mm(b.max));
        let (w, h) = ((hi[0] - lo[0]).max(1e-3), (hi[1] - lo[1]).max(1e-3));
        let cell = (w * h / (edges.len().max(1) as f64))
            .sqrt()
            .max(w.max(h) / 1000.0)
            .max(1e-3);
        let size = [(w / cell) as usize + 1, (h / cell) as usize + 1];
        let mut out = Self {
            edges,
            min: lo,
            cell,
            size,
            starts: vec![0; size[0] * size[1] + 1],
            list: Vec::new(),
        };
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for (k, e) in out.edges.iter().enumerate() {
            let [a, b] = e.ends;
            let lo = out.cell_of([a[0].min(b[0]), a[1].min(b[1])]);
            let hi = out.cell_of([a[0].max(b[0]), a[1].max(b[1])]);
            for j in lo[1]..=hi[1] {
                for i in lo[0]..=hi[0] {
                    let middle = [
                        out.min[0] + (i as f64 + 0.5) * cell,
                        out.min[1] + (j as f64 + 0.5) * cell,
                    ];
                    if e.distance(middle).0 <= cell * 0.708 {
                        pairs.push(((j * size[0] + i) as u32, k as u32));
                    }
                }
            }
        }
        pairs.sort_unstable();
        for (c, _) in &pairs {
            out.starts[*c as usize + 1] += 1;
        }
        for c in 1..out.starts.len() {
            out.starts[c] += out.starts[c - 1];
        }
        out.list = pairs.into_iter().map(|p| p.1).collect();
        out
    }

    fn cell_of(&self, p: P2) -> [usize; 2] {
        [0, 1].map(|k| (((p[k] - self.min[k]) / self.cell).max(0.0) as usize).min(self.size[k] - 1))
    }

    /// The distance of a point from the border, mm.
    #[must_use]
    pub fn clearance(&self, p: P2) -> f64 {
        let c = self.cell_of(p);
        let mut best = f64::INFINITY;
        for ring in 0..self.size[0].max(self.size[1]) {
            // Cells of this ring are at least so far away.
            if ring > 0 && (ring - 1) as f64 * self.cell > best {
                break;
            }
            let r = ring as isize;
            for j in -r..=r {
                let step = if j.abs() == r { 1 } else { (2 * r).max(1) };
                let mut i = -r;
                while i <= r {
                    let (x, y) = (c[0] as isize + i, c[1] as isize + j);
                    if x >= 0 && y >= 0 && (x as usize) < self.size[0] && (y as usize) < self.size[1] {
                        let cell = y as usize * self.size[0] + x as usize;
                        for &k in &self.list[self.starts[cell] as usize..self.starts[cell + 1] as usize] {
                            best = best.min(self.edges[k as usize].distance(p).0);
                        }
                    }
                    i += step;
                }
            }
        }
        best
    }
}
