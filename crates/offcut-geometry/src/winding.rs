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
use crossings::Chunk;

mod crossings;

/// The input cannot be decided by the walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Degenerate;

/// A ray starts from an edge at least so tall when there is one; lower ones are prone to degeneracy.
const TALL: i32 = 20_000;

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
