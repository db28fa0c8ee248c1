//! Where the edges of a set cross: runs of edges in the cells of a grid.

use super::{Degenerate, Event, Walker, next_index, ring_start};
use crate::loops::Loops;
use crate::point::orient;

/// Edges of a chunk at most: short enough for tight boxes, long enough to keep the grid small.
const CHUNK_EDGES: u32 = 12;
/// Up to so many chunks every pair is tested; a grid would cost more.
const BRUTE_CHUNKS: usize = 24;

/// A run of consecutive edges that is monotone in x and y, with its box.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chunk {
    /// First edge; edge `i` leads from point `i` to the next one of its loop.
    pub(super) first: u32,
    /// Just past the last edge.
    pub(super) last: u32,
    pub(super) ring: u32,
    pub(super) x0: i32,
    pub(super) y0: i32,
    pub(super) x1: i32,
    pub(super) y1: i32,
}

impl Chunk {
    #[inline]
    fn touches(&self, o: &Self) -> bool {
        self.x0 <= o.x1 && o.x0 <= self.x1 && self.y0 <= o.y1 && o.y0 <= self.y1
    }
}

impl Walker {
    pub(super) fn build_chunks(&mut self, set: &Loops) {
        self.chunks.clear();
        for ring in 0..set.len() as u32 {
            let (s, e) = (ring_start(set, ring), set.ends[ring as usize]);
            let mut a = s;
            while a < e {
                let p0 = set.points[a as usize];
                let (mut x0, mut x1, mut y0, mut y1) = (p0.x, p0.x, p0.y, p0.y);
                let (mut sx, mut sy) = (0, 0);
                let mut q = p0;
                let mut b = a;
                while b < e && b - a < CHUNK_EDGES {
                    let c = set.points[if b + 1 == e { s } else { b + 1 } as usize];
                    let (dx, dy) = ((c.x - q.x).signum(), (c.y - q.y).signum());
                    if dx * sx < 0 || dy * sy < 0 {
                        break;
                    }
                    if dx != 0 {
                        sx = dx;
                    }
                    if dy != 0 {
                        sy = dy;
                    }
                    x0 = x0.min(c.x);
                    x1 = x1.max(c.x);
                    y0 = y0.min(c.y);
                    y1 = y1.max(c.y);
                    q = c;
                    b += 1;
                }
                self.chunks.push(Chunk {
                    first: a,
                    last: b,
                    ring,
                    x0,
                    y0,
                    x1,
                    y1,
                });
                a = b;
            }
        }
    }

    pub(super) fn find_crossings(&mut self, set: &Loops) -> Result<(), Degenerate> {
        self.events.clear();
        self.crossings.clear();
        self.ring_events.clear();
        let chunks = std::mem::take(&mut self.chunks);
        let r = if chunks.len() <= BRUTE_CHUNKS {
            self.cross_all(set, &chunks)
        } else {
            self.cross_by_grid(set, &chunks)
        };
        self.chunks = chunks;
        r
    }

    fn cross_all(&mut self, set: &Loops, chunks: &[Chunk]) -> Result<(), Degenerate> {
        for (i, a) in chunks.iter().enumerate() {
            for b in &chunks[i + 1..] {
                if a.touches(b) {
                    self.cross_pair(set, a, b)?;
                }
            }
        }
        Ok(())
    }

    /// A uniform grid with about one cell per chunk; a pair is tested in the one cell that holds
    /// the lower left corner of the boxes' overlap.
    fn cross_by_grid(&mut self, set: &Loops, chunks: &[Chunk]) -> Result<(), Degenerate> {
        let (mut x0, mut y0, mut x1, mut y1) = (i32::MAX, i32::MAX, i32::MIN, i32::MIN);
        for c in chunks {
            x0 = x0.min(c.x0);
            y0 = y0.min(c.y0);
            x1 = x1.max(c.x1);
            y1 = y1.max(c.y1);
        }
        let (w, h) = (
            f64::from(x1) - f64::from(x0) + 1.0,
            f64::from(y1) - f64::from(y0) + 1.0,
        );
        let cell = (w * h / chunks.len() as f64).sqrt().max(w.max(h) / 250.0);
        let inv = 1.0 / cell;
        let (nx, ny) = ((w * inv) as usize + 1, (h * inv) as usize + 1);
        let column = |x: i32| ((f64::from(x) - f64::from(x0)) * inv) as usize;
        let row = |y: i32| ((f64::from(y) - f64::from(y0)) * inv) as usize;
        self.cell_starts.clear();
        self.cell_starts.resize(nx * ny + 1, 0);
        for c in chunks {
            for y in row(c.y0)..=row(c.y1) {
                for x in column(c.x0)..=column(c.x1) {
                    self.cell_starts[y * nx + x + 1] += 1;
                }
            }
        }
        for i in 0..nx * ny {
            self.cell_starts[i + 1] += self.cell_starts[i];
        }
        self.cell_fill.clear();
        self.cell_fill.extend_from_slice(&self.cell_starts[..nx * ny]);
        self.cell_items.clear();
        self.cell_items.resize(self.cell_starts[nx * ny] as usize, 0);
        for (i, c) in chunks.iter().enumerate() {
            for y in row(c.y0)..=row(c.y1) {
                for x in column(c.x0)..=column(c.x1) {
                    let k = &mut self.cell_fill[y * nx + x];
                    self.cell_items[*k as usize] = i as u32;
                    *k += 1;
                }
            }
        }
        let items = std::mem::take(&mut self.cell_items);
        let mut r = Ok(());
        'cells: for y in 0..ny {
            for x in 0..nx {
                let k = y * nx + x;
                let cell = &items[self.cell_starts[k] as usize..self.cell_starts[k + 1] as usize];
                for (i, &a) in cell.iter().enumerate() {
                    let a = &chunks[a as usize];
                    for &b in &cell[i + 1..] {
                        let b = &chunks[b as usize];
                        if a.touches(b) && column(a.x0.max(b.x0)) == x && row(a.y0.max(b.y0)) == y {
                            r = self.cross_pair(set, a, b);
                            if r.is_err() {
                                break 'cells;
                            }
                        }
                    }
                }
            }
        }
        self.cell_items = items;
        r
    }

    /// Finds the crossings between the edges of two chunks.
    fn cross_pair(&mut self, set: &Loops, ca: &Chunk, cb: &Chunk) -> Result<(), Degenerate> {
        let (x0, x1) = (ca.x0.max(cb.x0), ca.x1.min(cb.x1));
        let (y0, y1) = (ca.y0.max(cb.y0), ca.y1.min(cb.y1));
        if (x0 == x1 || y0 == y1) && meet_once(set, ca, cb) {
            return Ok(());
        }
        for i in ca.first..ca.last {
            let i2 = next_index(set, ca.ring, i);
            let (p, q) = (set.points[i as usize], set.points[i2 as usize]);
            let (px0, px1) = if p.x < q.x { (p.x, q.x) } else { (q.x, p.x) };
            if px0 > x1 || px1 < x0 {
                continue;
            }
            let (py0, py1) = if p.y < q.y { (p.y, q.y) } else { (q.y, p.y) };
            if py0 > y1 || py1 < y0 {
                continue;
            }
            for j in cb.first..cb.last {
                let j2 = next_index(set, cb.ring, j);
                let (r, s) = (set.points[j as usize], set.points[j2 as usize]);
                if r.x.min(s.x) > px1 || r.x.max(s.x) < px0 || r.y.min(s.y) > py1 || r.y.max(s.y) < py0 {
                    continue;
                }
                if j == i2 || i == j2 {
                    // Neighbours share a point; they only matter when one folds back over the other.
                    let (u, v, w) = if j == i2 { (p, q, s) } else { (r, s, q) };
                    if orient(u, v, w) == 0 && (v - u).dot(w - v) < 0 {
                        return Err(Degenerate);
                    }
                    continue;
                }
                let (o1, o2) = (orient(p, q, r), orient(p, q, s));
                if (o1 < 0 && o2 < 0) || (o1 > 0 && o2 > 0) {
                    continue;
                }
                let (o3, o4) = (orient(r, s, p), orient(r, s, q));
                if (o3 < 0 && o4 < 0) || (o3 > 0 && o4 > 0) {
                    continue;
                }
                if o1 == 0 || o2 == 0 || o3 == 0 || o4 == 0 {
                    return Err(Degenerate);
                }
                let t = o3 as f64 / (o3 as f64 - o4 as f64);
                let u = o1 as f64 / (o1 as f64 - o2 as f64);
                let crossing = self.crossings.len() as u32;
                self.crossings.push(p.lerp(q, t));
                let change = (s - r).cross(q - p).signum() as i32;
                self.events.push(Event {
                    edge: i,
                    ring: ca.ring,
                    t,
                    crossing,
                    change,
                });
                self.events.push(Event {
                    edge: j,
                    ring: cb.ring,
                    t: u,
                    crossing,
                    change: -change,
                });
            }
        }
        Ok(())
    }
}

/// True when one chunk goes on where the other ends and they share nothing but that point, given that their
/// boxes share a line or a point: both are monotone, so that only edges along that line could be shared.
fn meet_once(set: &Loops, a: &Chunk, b: &Chunk) -> bool {
    let leads = |a: &Chunk, b: &Chunk| a.ring == b.ring && next_index(set, a.ring, a.last - 1) == b.first;
    let (a, b) = match (leads(a, b), leads(b, a)) {
        (true, false) => (a, b),
        (false, true) => (b, a),
        _ => return false,
    };
    let [u, v, w] = [a.last - 1, b.first, next_index(set, b.ring, b.first)].map(|i| set.points[i as usize]);
    (u.x != v.x || w.x != v.x) && (u.y != v.y || w.y != v.y)
}
