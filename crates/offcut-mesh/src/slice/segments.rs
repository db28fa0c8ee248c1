//! From triangles to segments: two linear passes, no welding.

use crate::mesh::Triangle;
use offcut_geometry::{Coord, UNITS_PER_MM};
#[cfg(feature = "parallel")]
use rayon::prelude::*;
use std::ops::Range;

/// A segment of an outline with the material on its left: start x, y, end x, y.
pub(super) type Segment = [Coord; 4];

/// Maps mesh coordinates to grid units above the lowest corner of the box.
pub(super) struct Frame {
    origin: [f64; 3],
}

impl Frame {
    pub(super) fn new(lowest: [f32; 3]) -> Self {
        Self {
            origin: lowest.map(f64::from),
        }
    }

    #[inline]
    fn axis(&self, v: f32, k: usize) -> Coord {
        // Not negative, so that truncation rounds.
        ((f64::from(v) - self.origin[k]) * UNITS_PER_MM + 0.5) as Coord
    }

    #[inline]
    fn vertex(&self, v: [f32; 3]) -> [Coord; 3] {
        [self.axis(v[0], 0), self.axis(v[1], 1), self.axis(v[2], 2)]
    }

    #[inline]
    fn heights(&self, t: &Triangle) -> [Coord; 3] {
        t.map(|v| self.axis(v[2], 2))
    }
}

/// The cutting planes, rising; a nominal plane that touches a flat face is doubled: one just below
/// and one just above the face.
pub(super) struct Planes {
    /// Each plane lies half a unit above its height here.
    z: Vec<Coord>,
    /// Per nominal plane the index of its first plane; one more at the end.
    first: Vec<u32>,
    /// Per bucket of heights how many planes lie below its start.
    bucket_planes: Vec<u32>,
    bucket: f64,
}

impl Planes {
    pub(super) fn new(triangles: &[Triangle], frame: &Frame, nominal: &[Coord], top: Coord) -> Self {
        let single = Self::with_heights(nominal.to_vec(), (0..=nominal.len() as u32).collect(), top);
        let mut touched = vec![false; nominal.len()];
        let mut any = false;
        for t in triangles {
            let z = frame.heights(t);
            if z[0] == z[1] && z[1] == z[2] {
                let k = single.below(z[0]);
                if nominal.get(k) == Some(&z[0]) {
                    touched[k] = true;
                    any = true;
                }
            }
        }
        if !any {
            return single;
        }
        let mut z = Vec::with_capacity(nominal.len() + 8);
        let mut first = Vec::with_capacity(nominal.len() + 1);
        for (&h, &t) in nominal.iter().zip(&touched) {
            first.push(z.len() as u32);
            if t {
                z.push(h - 1);
            }
            z.push(h);
        }
        first.push(z.len() as u32);
        Self::with_heights(z, first, top)
    }

    fn with_heights(z: Vec<Coord>, first: Vec<u32>, top: Coord) -> Self {
        let buckets = 4 * z.len() + 1;
        let bucket = buckets as f64 / (f64::from(top) + 2.0);
        let mut bucket_planes = Vec::with_capacity(buckets + 1);
        let mut k = 0;
        for b in 0..=buckets {
            // One unit early: rounding of the division must not skip a plane.
            let start = (b as f64 / bucket) as Coord - 1;
            while k < z.len() && z[k] < start {
                k += 1;
            }
            bucket_planes.push(k as u32);
        }
        Self {
            z,
            first,
            bucket_planes,
            bucket,
        }
    }

    /// How many planes lie below height `z`.
    #[inline]
    fn below(&self, z: Coord) -> usize {
        let mut k = self.bucket_planes[(f64::from(z.max(0)) * self.bucket) as usize] as usize;
        while k < self.z.len() && self.z[k] < z {
            k += 1;
        }
        k
    }

    /// The planes of a nominal one.
    pub(super) fn of(&self, nominal: usize) -> Range<usize> {
        self.first[nominal] as usize..self.first[nominal + 1] as usize
    }
}

/// The segments of all planes, one array.
pub(super) struct Segments {
    all: Vec<Segment>,
    starts: Vec<u32>,
}

impl Segments {
    pub(super) fn of_plane(&self, k: usize) -> &[Segment] {
        &self.all[self.starts[k] as usize..self.starts[k + 1] as usize]
    }
}

/// Bands of planes that are filled in parallel; each reads all triangles, so there are few.
const BANDS: usize = 4;

pub(super) fn collect(triangles: &[Triangle], frame: &Frame, planes: &Planes) -> Segments {
    let n = planes.z.len();
    let mut change = vec![0i32; n + 1];
    for t in triangles {
        let z = frame.heights(t);
        let lo = planes.below(z[0].min(z[1]).min(z[2]));
        let hi = planes.below(z[0].max(z[1]).max(z[2]));
        if hi > lo {
            change[lo] += 1;
            change[hi] -= 1;
        }
    }
    let mut starts = Vec::with_capacity(n + 1);
    let (mut total, mut open) = (0u32, 0i32);
    starts.push(0);
    for c in &change[..n] {
        open += c;
        total += open as u32;
        starts.push(total);
    }
    let mut all = vec![[0; 4]; total as usize];
    // Equal shares of segments; the order within a plane is that of the triangles in any split.
    let mut bands: Vec<(Range<usize>, &mut [Segment])> = Vec::new();
    let mut rest = all.as_mut_slice();
    let mut from = 0;
    for b in 1..=BANDS {
        let share = u64::from(total) * b as u64 / BANDS as u64;
        let to = if b == BANDS {
            n
        } else {
            starts.partition_point(|&s| u64::from(s) < share).min(n)
        };
        if to > from {
            let (mine, others) = rest.split_at_mut((starts[to] - starts[from]) as usize);
            bands.push((from..to, mine));
            rest = others;
            from = to;
        }
    }
    #[cfg(feature = "parallel")]
    if rayon::current_num_threads() > 1 {
        bands
            .into_par_iter()
            .for_each(|(r, out)| fill_band(triangles, frame, planes, &starts, r, out));
        return Segments { all, starts };
    }
    drop(bands);
    fill_band(triangles, frame, planes, &starts, 0..n, &mut all);
    Segments { all, starts }
}

/// The line of an edge from its lower to its upper end.
struct EdgeLine {
    x: f64,
    y: f64,
    dx: f64,
    dy: f64,
    z: f64,
}

impl EdgeLine {
    #[inline]
    fn new(lower: [Coord; 3], upper: [Coord; 3]) -> Self {
        let inv = 1.0 / f64::from(upper[2] - lower[2]);
        Self {
            x: f64::from(lower[0]) + 0.5,
            y: f64::from(lower[1]) + 0.5,
            dx: f64::from(upper[0] - lower[0]) * inv,
            dy: f64::from(upper[1] - lower[1]) * inv,
            z: f64::from(lower[2]) - 0.5,
        }
    }

    #[inline]
    fn at(&self, z: Coord) -> (Coord, Coord) {
        let d = f64::from(z) - self.z;
        ((self.x + d * self.dx) as Coord, (self.y + d * self.dy) as Coord)
    }
}

fn fill_band(
    triangles: &[Triangle],
    frame: &Frame,
    planes: &Planes,
    starts: &[u32],
    band: Range<usize>,
    out: &mut [Segment],
) {
    if band.is_empty() {
        return;
    }
    let base = starts[band.start];
    let mut cursor: Vec<u32> = starts[band.clone()].iter().map(|s| s - base).collect();
    for t in triangles {
        let z = frame.heights(t);
        let k = z.map(|z| planes.below(z));
        if k[0] == k[1] && k[1] == k[2] {
            continue;
        }
        let mut order = [0, 1, 2];
        let mut odd = false;
        for (i, j) in [(0, 1), (1, 2), (0, 1)] {
            if z[order[i]] > z[order[j]] {
                order.swap(i, j);
                odd = !odd;
            }
        }
        let [a, b, c] = order;
        if k[c] <= band.start || k[a] >= band.end {
            continue;
        }
        let v = t.map(|v| frame.vertex(v));
        let long = EdgeLine::new(v[a], v[c]);
        for (lower, upper) in [(a, b), (b, c)] {
            let from = k[lower].max(band.start);
            let to = k[upper].min(band.end);
            if from >= to {
                continue;
            }
            let short = EdgeLine::new(v[lower], v[upper]);
            for plane in from..to {
                let h = planes.z[plane];
                let (p, q) = (long.at(h), short.at(h));
                let slot = &mut cursor[plane - band.start];
                out[*slot as usize] = if odd {
                    [q.0, q.1, p.0, p.1]
                } else {
                    [p.0, p.1, q.0, q.1]
                };
                *slot += 1;
            }
        }
    }
}
