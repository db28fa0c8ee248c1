//! Where a tool's middle may be: exact tests of points against the border of a region, near and far.
//!
//! In: the border's loops. Out: whether a point is inside, and whether it keeps the distance from the border that a
//! last round along it needs. Edges are sorted into square cells once, so a test looks at those near the point only.

use crate::path::{P2, dist};
use std::f64::consts::PI;

/// Where passes end at sharp corners they leave scallops lower than this, mm, and no last round is needed.
const CLEAN: f64 = 0.02;
/// How much farther apart passes end that come in at a slant.
const SLANT: f64 = 1.2;

/// What a last round along the border is to take.
#[derive(Debug, Clone, Copy)]
pub struct Strip {
    /// The tool's radius, mm.
    pub r: f64,
    /// Area per length of the round, mm.
    pub width: f64,
}

impl Strip {
    /// About how high passes leave scallops where they end at an island of a radius: they lie the width apart, or
    /// somewhat more where they come in at a slant, and nearer to each other at the wall.
    fn scallop(&self, wall: f64) -> f64 {
        let apart = SLANT * self.width * wall / (wall + self.r);
        apart * apart * (1.0 / self.r + 1.0 / wall.max(1e-9)) / 8.0
    }

    /// How thick the material along a border has to be for the width, where the middle's way along it bends with a
    /// curvature, 1/mm, positive in inner curves. The material is a ring of radii q and q ± t, the way has q ∓ r.
    fn thickness(&self, curvature: f64) -> f64 {
        if curvature.abs() < 1e-4 {
            return self.width;
        }
        let way = 1.0 / curvature.abs();
        if curvature > 0.0 {
            let wall = way + self.r;
            wall - (wall * wall - 2.0 * self.width * way).max(0.0).sqrt()
        } else {
            // The way never bends more than round a corner.
            let wall = (way - self.r).max(0.0);
            if self.scallop(wall) < CLEAN {
                return 0.0;
            }
            let way = wall + self.r;
            (wall * wall + 2.0 * self.width * way).sqrt() - wall
        }
    }
}

/// Edges in square cells.
#[derive(Debug, Default)]
struct Cells {
    starts: Vec<u32>,
    list: Vec<u32>,
}

impl Cells {
    fn new(mut pairs: Vec<(u32, u32)>, count: usize) -> Self {
        pairs.sort_unstable();
        let mut starts = vec![0u32; count + 1];
        for p in &pairs {
            starts[p.0 as usize + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        Self {
            starts,
            list: pairs.into_iter().map(|p| p.1).collect(),
        }
    }

    fn of(&self, cell: usize) -> &[u32] {
        &self.list[self.starts[cell] as usize..self.starts[cell + 1] as usize]
    }
}

/// A region with its border.
#[derive(Debug)]
pub struct Area {
    edges: Vec<[P2; 2]>,
    /// How far from each edge the middle stays before the last round.
    margins: Vec<f64>,
    min: P2,
    cell: f64,
    size: [usize; 2],
    /// Edges through a cell, and edges whose margin reaches into it.
    through: Cells,
    margin: Cells,
    /// Whether a cell's middle is inside.
    inside: Vec<bool>,
}

impl Area {
    /// The region inside closed loops, outer ones counter-clockwise and holes clockwise. Cells are `cell` wide, or
    /// wider where that were millions.
    #[must_use]
    pub fn new(loops: &[Vec<P2>], cell: f64, strip: Strip) -> Self {
        let mut edges = Vec::new();
        let mut margins = Vec::new();
        let (mut lo, mut hi) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for l in loops.iter().filter(|l| l.len() > 2) {
            for i in 0..l.len() {
                edges.push([l[i], l[(i + 1) % l.len()]]);
                margins.push(strip.thickness(curvature(l, i, 0.5 * strip.r)));
                for k in 0..2 {
                    lo[k] = lo[k].min(l[i][k]);
                    hi[k] = hi[k].max(l[i][k]);
                }
            }
        }
        if edges.is_empty() {
            (lo, hi) = ([0.0; 2], [0.0; 2]);
        }
        let cell = cell.max(((hi[0] - lo[0]) * (hi[1] - lo[1]) / 2e6).sqrt());
        // Odd shares of a cell, so that no border lies on cells' middles or sides.
        let mut out = Self {
            min: [lo[0] - 1.3719 * cell, lo[1] - 1.3137 * cell],
            size: [0, 1].map(|k| ((hi[k] - lo[k]) / cell) as usize + 4),
            cell,
            edges,
            margins,
            through: Cells::default(),
            margin: Cells::default(),
            inside: Vec::new(),
        };
        let (mut through, mut margin) = (Vec::new(), Vec::new());
        for (k, [a, b]) in out.edges.iter().enumerate() {
            let reach = out.margins[k];
            let span = |i: usize| {
                let (p, q) = (a[i].min(b[i]) - reach, a[i].max(b[i]) + reach);
                let at = |v: f64| (((v - out.min[i]) / cell).max(0.0) as usize).min(out.size[i] - 1);
                at(p)..=at(q)
            };
            for y in span(1) {
                for x in span(0) {
                    let c = y * out.size[0] + x;
                    let d = dist(out.middle(c), nearest(out.middle(c), *a, *b));
                    if d <= 0.7072 * cell {
                        through.push((c as u32, k as u32));
                    }
                    if d <= 0.7072 * cell + reach {
                        margin.push((c as u32, k as u32));
                    }
                }
            }
        }
        let count = out.size[0] * out.size[1];
        out.through = Cells::new(through, count);
        out.margin = Cells::new(margin, count);
        out.scan();
        out
    }

    /// Finds which cells' middles are inside, row by row.
    fn scan(&mut self) {
        let mut crossings = Vec::new();
        for j in 0..self.size[1] {
            let y = self.min[1] + (j as f64 + 0.5) * self.cell;
            crossings.clear();
            for [a, b] in &self.edges {
                if (a[1] > y) != (b[1] > y) {
                    crossings.push(a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]));
                }
            }
            crossings.sort_by(f64::total_cmp);
            let mut k = 0;
            for i in 0..self.size[0] {
                let x = self.min[0] + (i as f64 + 0.5) * self.cell;
                while k < crossings.len() && crossings[k] <= x {
                    k += 1;
                }
                self.inside.push(k % 2 == 1);
            }
        }
    }

    /// The corners of a box around the region.
    #[must_use]
    pub fn bounds(&self) -> (P2, P2) {
        let far = |k: usize| self.min[k] + self.size[k] as f64 * self.cell;
        (self.min, [far(0), far(1)])
    }

    fn middle(&self, c: usize) -> P2 {
        let (x, y) = (c % self.size[0], c / self.size[0]);
        [
            self.min[0] + (x as f64 + 0.5) * self.cell,
            self.min[1] + (y as f64 + 0.5) * self.cell,
        ]
    }

    fn at(&self, p: P2) -> Option<usize> {
        let [x, y] = [0, 1].map(|k| (p[k] - self.min[k]) / self.cell);
        let known = x >= 0.0 && y >= 0.0 && x < self.size[0] as f64 && y < self.size[1] as f64;
        known.then(|| y as usize * self.size[0] + x as usize)
    }

    /// Whether a point is inside.
    #[must_use]
    pub fn inside(&self, p: P2) -> bool {
        let Some(c) = self.at(p) else { return false };
        let near = self.through.of(c);
        if near.is_empty() {
            return self.inside[c];
        }
        // What the way to the cell's middle crosses changes the side.
        let m = self.middle(c);
        near.iter().fold(self.inside[c], |side, k| {
            let [u, v] = self.edges[*k as usize];
            let crosses = (orient(p, m, u) > 0.0) != (orient(p, m, v) > 0.0)
                && (orient(u, v, p) > 0.0) != (orient(u, v, m) > 0.0);
            side != crosses
        })
    }

    /// Whether a point is inside and leaves the strip along the border that a last round is to take.
    #[must_use]
    pub fn leaves_strip(&self, p: P2) -> bool {
        let near = self.at(p).map_or(&[][..], |c| self.margin.of(c));
        self.inside(p)
            && near.iter().all(|k| {
                let [a, b] = self.edges[*k as usize];
                dist(p, nearest(p, a, b)) >= self.margins[*k as usize]
            })
    }
}

/// The curvature of a loop around the middle of its edge `i`, over `half` to both sides or the whole edge, 1/mm,
/// positive where it turns left. Corners are none.
fn curvature(l: &[P2], i: usize, half: f64) -> f64 {
    let n = l.len();
    let length = |j: usize| dist(l[j % n], l[(j + 1) % n]);
    let corner = |j: usize| {
        let (a, b, c) = (l[(j + n - 1) % n], l[j % n], l[(j + 1) % n]);
        let (u, v) = ([b[0] - a[0], b[1] - a[1]], [c[0] - b[0], c[1] - b[1]]);
        let turn = libm::atan2(u[0] * v[1] - u[1] * v[0], u[0] * v[0] + u[1] * v[1]);
        if turn > PI / 8.0 { 0.0 } else { turn }
    };
    let mut turn = 0.0;
    let (mut ahead, mut behind) = (0.5 * length(i), 0.5 * length(i));
    let reach = half.max(ahead);
    let (mut j, mut k) = (i + 1, i + n);
    while ahead < reach && j < i + n {
        turn += corner(j);
        ahead += length(j);
        j += 1;
    }
    while behind < reach && k > i + 1 {
        turn += corner(k);
        k -= 1;
        behind += length(k);
    }
    turn / (ahead.min(reach) + behind.min(reach)).max(1e-9)
}

fn orient(a: P2, b: P2, c: P2) -> f64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

fn nearest(p: P2, a: P2, b: P2) -> P2 {
    let d = [b[0] - a[0], b[1] - a[1]];
    let l = d[0] * d[0] + d[1] * d[1];
    let t = if l > 0.0 {
        (((p[0] - a[0]) * d[0] + (p[1] - a[1]) * d[1]) / l).clamp(0.0, 1.0)
    } else {
        0.0
    };
    [a[0] + d[0] * t, a[1] + d[1] * t]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_have_the_wanted_area_per_length() {
        let s = Strip { r: 3.0, width: 1.2 };
        // Passes that end at a sharp corner leave nothing.
        assert_eq!(s.thickness(-1.0 / 3.0), 0.0);
        // Round an island of 3 mm radius: the ring between 3 and 3 + t, over a way of radius 6.
        let t = s.thickness(-1.0 / 6.0);
        assert!((((3.0 + t) * (3.0 + t) - 9.0) / 2.0 - 1.2 * 6.0).abs() < 1e-9);
        // Inside a hole of 10 mm radius: the ring between 10 and 10 - t, over a way of radius 7.
        let t = s.thickness(1.0 / 7.0);
        assert!(((100.0 - (10.0 - t) * (10.0 - t)) / 2.0 - 1.2 * 7.0).abs() < 1e-9);
        assert_eq!(s.thickness(0.0), 1.2);
    }

    #[test]
    fn points_are_on_the_right_side_of_slanted_borders() {
        let s = Strip { r: 3.0, width: 1.0 };
        let outer = vec![[0.0, 0.0], [20.0, 0.0], [20.0, 10.0], [10.0, 20.0], [0.0, 20.0]];
        let hole = vec![[4.0, 4.0], [4.0, 8.0], [8.0, 8.0], [8.0, 4.0]];
        let a = Area::new(&[outer, hole], 0.5, s);
        for i in 0..4000 {
            let (x, y) = (f64::from(i % 63) * 0.3347 - 0.4, f64::from(i / 63) * 0.3347 - 0.4);
            let hole = x > 4.0 && x < 8.0 && y > 4.0 && y < 8.0;
            let inside = x > 0.0 && y > 0.0 && x < 20.0 && y < 20.0 && x + y < 30.0 && !hole;
            assert_eq!(a.inside([x, y]), inside, "{x} {y}");
            let deep = x > 1.0 && y > 1.0 && x < 19.0 && y < 19.0 && x + y < 30.0 - 2.0f64.sqrt();
            if !deep {
                assert!(!a.leaves_strip([x, y]));
            } else if x > 11.0 || y > 11.0 {
                assert!(a.leaves_strip([x, y]), "{x} {y}");
            }
        }
    }
}
