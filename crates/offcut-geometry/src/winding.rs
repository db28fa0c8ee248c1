//! The winding walk: cleans sets of crossing loops by following winding numbers.
//!
//! In: loops in any arrangement. Out: the boundary of the region whose winding number is at least
//! a given level, as a valid polygon set. Exact integer predicates; whatever is degenerate (three
//! lines in a point, collinear contact) is reported, and the caller asks another engine.
//!
//! Every crossing of two edges changes the winding number to the left of either edge by one. So it
//! is enough to cast one ray per loop and to add up the changes along it; the parts of the loops
//! whose left winding equals the level are the result (Greiner and Hormann's linked intersection
//! lists, with winding numbers in place of entry flags).

use crate::loops::Loops;
use crate::point::Point;

/// The input cannot be decided by the walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Degenerate;

/// Edges of a chunk at most: short enough for tight boxes, long enough to keep the grid small.
const CHUNK_EDGES: u32 = 12;
/// Up to so many chunks every pair is tested; a grid would cost more.
const BRUTE_CHUNKS: usize = 24;
/// A ray starts from an edge at least so tall when there is one; lower ones are prone to degeneracy.
const TALL: i32 = 20_000;

/// A run of consecutive edges that is monotone in x and y, with its box.
#[derive(Debug, Clone, Copy)]
struct Chunk {
    /// First edge; edge `i` leads from point `i` to the next one of its loop.
    first: u32,
    /// Just past the last edge.
    last: u32,
    ring: u32,
    x0: i32,
    y0: i32,
    x1: i32,
    y1: i32,
}

impl Chunk {
    #[inline]
    fn touches(&self, o: &Self) -> bool {
        self.x0 <= o.x1 && o.x0 <= self.x1 && self.y0 <= o.y1 && o.y0 <= self.y1
    }
}

/// A crossing as seen from one of its two edges.
#[derive(Debug, Clone, Copy)]
struct Event {
    edge: u32,
    ring: u32,
    /// Where on the edge, 0 to 1.
    t: f64,
    crossing: u32,
    /// Change of the left winding when passing.
    change: i32,
}

/// Working memory of the walk; reuse it.
#[derive(Debug, Default)]
pub struct Walker {
    chunks: Vec<Chunk>,
    cell_starts: Vec<u32>,
    cell_items: Vec<u32>,
    cell_fill: Vec<u32>,
    events: Vec<Event>,
    crossings: Vec<Point>,
    /// Per event (sorted) the left winding after it.
    after: Vec<i32>,
    used: Vec<bool>,
    /// Per crossing its two events.
    partners: Vec<[u32; 2]>,
    /// Per ring the range of its events.
    ring_events: Vec<(u32, u32)>,
    /// A ring of the last input has no part in the result.
    lost_ring: bool,
}

#[inline]
fn cross(a: Point, b: Point, c: Point) -> i64 {
    i64::from(b.x - a.x) * i64::from(c.y - a.y) - i64::from(b.y - a.y) * i64::from(c.x - a.x)
}

#[inline]
fn next_index(set: &Loops, ring: u32, i: u32) -> u32 {
    if i + 1 == set.ends[ring as usize] {
        ring_start(set, ring)
    } else {
        i + 1
    }
}

#[inline]
fn ring_start(set: &Loops, ring: u32) -> u32 {
    if ring == 0 { 0 } else { set.ends[ring as usize - 1] }
}

impl Walker {
    /// Appends the boundary of the region with winding ≥ `level` to `out`; returns how many
    /// crossings there were.
    ///
    /// # Errors
    /// [`Degenerate`] when the walk cannot decide; `out` is then as before.
    pub fn region(&mut self, set: &Loops, level: i32, out: &mut Loops) -> Result<usize, Degenerate> {
        self.build_chunks(set);
        self.find_crossings(set)?;
        let mark = (out.points.len(), out.ends.len());
        self.lost_ring = false;
        let r = if self.crossings.is_empty() {
            self.keep_whole_rings(set, level, out)
        } else {
            self.sort_events()?;
            self.assign_windings(set, level, out)
                .and_then(|()| self.follow(set, level, out))
        };
        if r.is_err() {
            out.points.truncate(mark.0);
            out.ends.truncate(mark.1);
        }
        r.map(|()| self.crossings.len())
    }

    /// True when a ring of the last input left nothing in the result.
    #[must_use]
    pub fn lost_ring(&self) -> bool {
        self.lost_ring
    }

    /// The longest stretches of the last input's rings, from crossing to crossing, that have no part in
    /// the result of `level`: the edges on which they begin and end. Rings that are lost as a whole
    /// are not among them.
    pub fn lost_stretches(&self, level: i32) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.ring_events.iter().flat_map(move |&(s, e)| {
            let (s, n) = (s as usize, (e - s) as usize);
            let kept = move |k: usize| self.after[s + k % n] == level;
            (0..n)
                .filter(move |&k| !kept(k) && kept(k + n - 1))
                .map(move |k| {
                    let end = (k + 1..).find(|&j| kept(j)).unwrap_or(k + 1);
                    (self.events[s + k].edge, self.events[s + end % n].edge)
                })
        })
    }

    fn build_chunks(&mut self, set: &Loops) {
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

    fn find_crossings(&mut self, set: &Loops) -> Result<(), Degenerate> {
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
                    if cross(u, v, w) == 0 && (v - u).dot(w - v) < 0 {
                        return Err(Degenerate);
                    }
                    continue;
                }
                let (o1, o2) = (cross(p, q, r), cross(p, q, s));
                if (o1 < 0 && o2 < 0) || (o1 > 0 && o2 > 0) {
                    continue;
                }
                let (o3, o4) = (cross(r, s, p), cross(r, s, q));
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

    /// The winding number just left of the middle of an edge, by a ray to the right in doubled
    /// coordinates.
    fn winding_left_of(&self, set: &Loops, ring: u32, edge: u32) -> Result<i32, Degenerate> {
        let p = set.points[edge as usize];
        let q = set.points[next_index(set, ring, edge) as usize];
        if p.y == q.y {
            return Err(Degenerate);
        }
        let mx = i64::from(p.x) + i64::from(q.x);
        let my = i64::from(p.y) + i64::from(q.y);
        let mut w = 0;
        for c in &self.chunks {
            if i64::from(c.y1) * 2 < my || i64::from(c.y0) * 2 > my || i64::from(c.x1) * 2 < mx {
                continue;
            }
            if i64::from(c.x0) * 2 > mx {
                // Wholly to the right: only the chunk's ends count, as it is monotone.
                let a = set.points[c.first as usize];
                let end = if c.last == set.ends[c.ring as usize] {
                    ring_start(set, c.ring)
                } else {
                    c.last
                };
                let b = set.points[end as usize];
                let (ua, ub) = (i64::from(a.y) * 2 > my, i64::from(b.y) * 2 > my);
                w += i32::from(ub) - i32::from(ua);
                continue;
            }
            for i in c.first..c.last {
                if i == edge {
                    continue;
                }
                let a = set.points[i as usize];
                let b = set.points[next_index(set, c.ring, i) as usize];
                if a.y == b.y
                    && i64::from(a.y) * 2 == my
                    && i64::from(a.x.min(b.x)) * 2 <= mx
                    && mx <= i64::from(a.x.max(b.x)) * 2
                {
                    return Err(Degenerate);
                }
                let (ua, ub) = (i64::from(a.y) * 2 > my, i64::from(b.y) * 2 > my);
                if ua != ub {
                    // The products stay below 2⁶³: edges span at most 2³⁰, probes twice that.
                    let side = i128::from(b.x - a.x) * i128::from(my - 2 * i64::from(a.y))
                        - i128::from(b.y - a.y) * i128::from(mx - 2 * i64::from(a.x));
                    if side == 0 {
                        return Err(Degenerate);
                    }
                    if ub && side > 0 {
                        w += 1;
                    } else if !ub && side < 0 {
                        w -= 1;
                    }
                }
            }
        }
        Ok(if q.y > p.y { w + 1 } else { w })
    }

    fn keep_whole_rings(&mut self, set: &Loops, level: i32, out: &mut Loops) -> Result<(), Degenerate> {
        for ring in 0..set.len() as u32 {
            let r = set.range(ring as usize);
            let Some(edge) = tallest_edge(set, ring, |_| false) else {
                continue;
            };
            if self.winding_left_of(set, ring, edge)? == level {
                out.push(&set.points[r]);
            } else {
                self.lost_ring = true;
            }
        }
        Ok(())
    }

    fn sort_events(&mut self) -> Result<(), Degenerate> {
        self.events
            .sort_unstable_by(|a, b| a.edge.cmp(&b.edge).then(a.t.total_cmp(&b.t)));
        // Two events within a unit of each other: their order on the edge is not safe.
        for w in self.events.windows(2) {
            if w[0].edge == w[1].edge {
                let d = self.crossings[w[0].crossing as usize] - self.crossings[w[1].crossing as usize];
                if d.x.abs() <= 1 && d.y.abs() <= 1 {
                    return Err(Degenerate);
                }
            }
        }
        Ok(())
    }

    /// One ray per ring, then the changes added up along it. Rings without events are kept or
    /// dropped whole.
    fn assign_windings(&mut self, set: &Loops, level: i32, out: &mut Loops) -> Result<(), Degenerate> {
        let n = self.events.len();
        self.after.clear();
        self.after.resize(n, 0);
        self.partners.clear();
        self.partners.resize(self.crossings.len(), [u32::MAX; 2]);
        for (k, e) in self.events.iter().enumerate() {
            let p = &mut self.partners[e.crossing as usize];
            p[usize::from(p[0] != u32::MAX)] = k as u32;
        }
        self.ring_events.clear();
        let mut k = 0;
        for ring in 0..set.len() as u32 {
            let s = k;
            while k < n && self.events[k].ring == ring {
                k += 1;
            }
            self.ring_events.push((s as u32, k as u32));
        }
        for ring in 0..set.len() as u32 {
            let (es, ee) = self.ring_events[ring as usize];
            let events = &self.events[es as usize..ee as usize];
            let has_event = |edge: u32| events.binary_search_by_key(&edge, |e| e.edge).is_ok();
            let Some(edge) = tallest_edge(set, ring, has_event) else {
                if events.is_empty() {
                    continue;
                }
                return Err(Degenerate);
            };
            let w = self.winding_left_of(set, ring, edge)?;
            if events.is_empty() {
                if w == level {
                    out.push(set.get(ring as usize));
                } else {
                    self.lost_ring = true;
                }
                continue;
            }
            let first = events.partition_point(|e| e.edge < edge || (e.edge == edge && e.t < 0.5));
            let mut running = w;
            for c in 0..events.len() {
                let j = (first + c) % events.len();
                running += events[j].change;
                self.after[es as usize + j] = running;
            }
            if running != w {
                return Err(Degenerate);
            }
            self.lost_ring |= !self.after[es as usize..ee as usize].contains(&level);
        }
        Ok(())
    }

    /// Follows the kept parts from crossing to crossing.
    fn follow(&mut self, set: &Loops, level: i32, out: &mut Loops) -> Result<(), Degenerate> {
        let n = self.events.len();
        self.used.clear();
        self.used.resize(n, false);
        for start in 0..n {
            if self.after[start] != level || self.used[start] {
                continue;
            }
            let begin = out.points.len();
            let mut e = start;
            loop {
                self.used[e] = true;
                let event = self.events[e];
                out.points.push(self.crossings[event.crossing as usize]);
                let (es, ee) = self.ring_events[event.ring as usize];
                let f = if e + 1 == ee as usize { es as usize } else { e + 1 };
                let to = self.events[f].edge;
                if f <= e || event.edge != to {
                    let (rs, re) = (ring_start(set, event.ring), set.ends[event.ring as usize]);
                    let mut i = event.edge;
                    loop {
                        i = if i + 1 == re { rs } else { i + 1 };
                        out.points.push(set.points[i as usize]);
                        if i == to {
                            break;
                        }
                    }
                }
                let [a, b] = self.partners[self.events[f].crossing as usize];
                let (a, b) = (a as usize, b as usize);
                e = match (self.after[a] == level, self.after[b] == level) {
                    (true, false) => a,
                    (false, true) => b,
                    _ => return Err(Degenerate),
                };
                if e == start {
                    break;
                }
                if self.used[e] {
                    return Err(Degenerate);
                }
            }
            if out.points.len() - begin < 3 {
                out.points.truncate(begin);
            } else {
                out.close();
            }
        }
        Ok(())
    }
}

/// The edge of a ring to cast the ray from: tall, and without events on it if possible. `None` when
/// all edges are horizontal.
fn tallest_edge(set: &Loops, ring: u32, has_event: impl Fn(u32) -> bool) -> Option<u32> {
    let mut best = 0;
    let mut found = None;
    for i in ring_start(set, ring)..set.ends[ring as usize] {
        let a = set.points[i as usize];
        let b = set.points[next_index(set, ring, i) as usize];
        let height = (a.y - b.y).abs();
        if height <= best {
            continue;
        }
        let score = if has_event(i) { height / 16 } else { height };
        if score > best {
            best = score;
            found = Some(i);
            if score > TALL {
                break;
            }
        }
    }
    found
}
