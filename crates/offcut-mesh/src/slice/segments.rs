//! From triangles to segments: two linear passes, no welding.

use crate::mesh::{Triangle, each_part};
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

    #[inline(always)]
    fn axis(&self, v: f32, k: usize) -> Coord {
        // Not negative, so that truncation rounds.
        ((f64::from(v) - self.origin[k]) * UNITS_PER_MM + 0.5) as Coord
    }

    #[inline(always)]
    fn vertex(&self, v: &[f32; 3]) -> [Coord; 3] {
        [self.axis(v[0], 0), self.axis(v[1], 1), self.axis(v[2], 2)]
    }

    #[inline(always)]
    fn heights(&self, t: &Triangle) -> [Coord; 3] {
        [
            self.axis(t[0][2], 2),
            self.axis(t[1][2], 2),
            self.axis(t[2][2], 2),
        ]
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
    fn new(nominal: &[Coord], top: Coord) -> Self {
        Self::with_heights(nominal.to_vec(), (0..=nominal.len() as u32).collect(), top)
    }

    /// Doubles the planes that are touched.
    fn doubled(nominal: &[Coord], touched: &[bool], top: Coord) -> Self {
        let mut z = Vec::with_capacity(nominal.len() + 8);
        let mut first = Vec::with_capacity(nominal.len() + 1);
        for (&h, &t) in nominal.iter().zip(touched) {
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
    #[inline(always)]
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

/// The segments of all planes.
pub(super) struct Segments {
    /// Those of consecutive runs of triangles.
    shares: Vec<Share>,
}

/// The segments of some triangles, plane by plane, in the order of the triangles.
struct Share {
    all: Vec<Segment>,
    starts: Vec<u32>,
}

impl Share {
    fn of_plane(&self, k: usize) -> &[Segment] {
        &self.all[self.starts[k] as usize..self.starts[k + 1] as usize]
    }
}

impl Segments {
    /// The segments of a plane in the order of the triangles, however many shares there are.
    pub(super) fn of_plane<'a>(&'a self, k: usize, scratch: &'a mut Vec<Segment>) -> &'a [Segment] {
        if let [all] = &self.shares[..] {
            return all.of_plane(k);
        }
        scratch.clear();
        for s in &self.shares {
            scratch.extend_from_slice(s.of_plane(k));
        }
        scratch
    }
}

/// There are no more shares than of so many triangles each.
const LEAST_SHARE: usize = 10_000;

/// Cuts the triangles: the planes, and the segments of each. `nominal` are the heights of the planes, rising,
/// `top` that of the mesh.
pub(super) fn collect(
    triangles: &[Triangle],
    frame: &Frame,
    nominal: &[Coord],
    top: Coord,
) -> (Planes, Segments) {
    #[cfg(feature = "parallel")]
    let threads = rayon::current_num_threads();
    #[cfg(not(feature = "parallel"))]
    let threads = 1;
    let shares = triangles.len().div_ceil(LEAST_SHARE).clamp(1, threads);
    let share = triangles.len().div_ceil(shares).max(1);
    let mut planes = Planes::new(nominal, top);
    let mut found = each_part(triangles, share, |t| Found::new(t, frame, &planes));
    let mut touched = vec![false; nominal.len()];
    found
        .iter()
        .flat_map(|f| &f.touched)
        .for_each(|&k| touched[k as usize] = true);
    if touched.contains(&true) {
        planes = Planes::doubled(nominal, &touched, top);
        found = each_part(triangles, share, |t| Found::new(t, frame, &planes));
    }
    let fill = |(triangles, found): (&[Triangle], Found)| found.fill(triangles, frame, &planes);
    #[cfg(feature = "parallel")]
    let shares = triangles.par_chunks(share).zip(found).map(fill).collect();
    #[cfg(not(feature = "parallel"))]
    let shares = triangles.chunks(share).zip(found).map(fill).collect();
    (planes, Segments { shares })
}

/// What the first pass over some triangles finds.
struct Found {
    /// The triangles that some plane cuts.
    cut: Vec<u32>,
    /// Where the segments of each plane begin.
    starts: Vec<u32>,
    /// Nominal planes that run in a triangle.
    touched: Vec<u32>,
}

impl Found {
    fn new(triangles: &[Triangle], frame: &Frame, planes: &Planes) -> Self {
        let n = planes.z.len();
        let mut change = vec![0i32; n + 1];
        let mut cut = Vec::with_capacity(triangles.len());
        let mut touched = Vec::new();
        for (i, t) in triangles.iter().enumerate() {
            let z = frame.heights(t);
            let (low, high) = (z[0].min(z[1]).min(z[2]), z[0].max(z[1]).max(z[2]));
            let lo = planes.below(low);
            match planes.z.get(lo) {
                Some(&next) if next < high => {
                    change[lo] += 1;
                    change[planes.below(high)] -= 1;
                    cut.push(i as u32);
                }
                Some(&next) if next == low && low == high => touched.push(lo as u32),
                _ => {}
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
        Self { cut, starts, touched }
    }

    fn fill(self, triangles: &[Triangle], frame: &Frame, planes: &Planes) -> Share {
        let total = self.starts.last().copied().unwrap_or(0);
        let mut all = vec![[0; 4]; total as usize];
        let mut next = self.starts.clone();
        for &t in &self.cut {
            let t = &triangles[t as usize];
            let (order, odd) = ranks(frame.heights(t));
            // Spelled out: `map` over the corners costs much more.
            let corner = |i: u8| frame.vertex(&t[usize::from(i)]);
            let (a, b, c) = (corner(order[0]), corner(order[1]), corner(order[2]));
            let k = [planes.below(a[2]), planes.below(b[2]), planes.below(c[2])];
            let long = EdgeLine::new(a, c);
            for (lower, upper, from, to) in [(a, b, k[0], k[1]), (b, c, k[1], k[2])] {
                if from == to {
                    continue;
                }
                let short = EdgeLine::new(lower, upper);
                for (slot, &h) in next[from..to].iter_mut().zip(&planes.z[from..to]) {
                    let (p, q) = (long.at(h), short.at(h));
                    // Exchanged by masks: a branch would be guessed wrong every second time.
                    let (x, y) = ((p.0 ^ q.0) & odd, (p.1 ^ q.1) & odd);
                    all[*slot as usize] = [p.0 ^ x, p.1 ^ y, q.0 ^ x, q.1 ^ y];
                    *slot += 1;
                }
            }
        }
        Share {
            all,
            starts: self.starts,
        }
    }
}

/// The corners from the lowest to the highest, equal ones in their order, and −1 when an odd number of
/// exchanges leads there, otherwise 0. By table: the order of heights is as good as random.
#[inline(always)]
fn ranks(z: [Coord; 3]) -> ([u8; 3], Coord) {
    const RANKS: [([u8; 3], Coord); 8] = [
        ([0, 1, 2], 0),
        ([0, 2, 1], -1),
        ([0, 1, 2], 0),
        ([2, 0, 1], 0),
        ([1, 0, 2], -1),
        ([0, 1, 2], 0),
        ([1, 2, 0], 0),
        ([2, 1, 0], -1),
    ];
    let bit = |i: usize, j: usize| usize::from(z[i] > z[j]);
    RANKS[bit(0, 1) << 2 | bit(0, 2) << 1 | bit(1, 2)]
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
    #[inline(always)]
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

    #[inline(always)]
    fn at(&self, z: Coord) -> (Coord, Coord) {
        let d = f64::from(z) - self.z;
        ((self.x + d * self.dx) as Coord, (self.y + d * self.dy) as Coord)
    }
}
