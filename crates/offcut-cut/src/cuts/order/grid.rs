//! Starts of tracks in a grid: the nearest one, and the near ones.

use super::{Node, Stop, way};
use offcut_geometry::drawing::Vec2;

/// Starts of one closed track that are looked up at most; the others are chosen among later.
const MOST: usize = 48;
/// Entries that a cell shall have on average.
const FILL: f64 = 2.0;

/// A grid of starts, from which tracks are taken.
pub(super) struct Places {
    cell: f64,
    low: Vec2,
    columns: i64,
    rows: i64,
    cells: Vec<Vec<(Vec2, Stop)>>,
    gone: Vec<bool>,
    left: usize,
    /// Entries when the grid was built.
    built: usize,
}

fn starts(nodes: &[Node], node: u32) -> impl Iterator<Item = (Vec2, Stop)> + '_ {
    let n = &nodes[node as usize].starts;
    let step = n.len().div_ceil(MOST).max(1);
    (0..n.len()).step_by(step).map(move |k| {
        let start = k as u32;
        (n[k], Stop { node, start })
    })
}

impl Places {
    pub fn new(nodes: &[Node], members: impl Iterator<Item = u32>) -> Self {
        let entries: Vec<(Vec2, Stop)> = members.flat_map(|m| starts(nodes, m)).collect();
        let gone = vec![false; nodes.len()];
        Self::build(entries, gone)
    }

    fn build(entries: Vec<(Vec2, Stop)>, gone: Vec<bool>) -> Self {
        let (mut low, mut high) = (Vec2::new(f64::MAX, f64::MAX), Vec2::new(f64::MIN, f64::MIN));
        for (p, _) in &entries {
            low = Vec2::new(low.x.min(p.x), low.y.min(p.y));
            high = Vec2::new(high.x.max(p.x), high.y.max(p.y));
        }
        if entries.is_empty() {
            (low, high) = (Vec2::ZERO, Vec2::ZERO);
        }
        let size = high - low;
        let area = size.x.max(1e-3) * size.y.max(1e-3);
        let cell = (area * FILL / entries.len().max(1) as f64).sqrt();
        let cell = cell.max(size.x.max(size.y) / 2000.0).max(1e-3);
        let (columns, rows) = ((size.x / cell) as i64 + 1, (size.y / cell) as i64 + 1);
        let built = entries.len();
        let mut out = Self {
            cell,
            low,
            columns,
            rows,
            cells: vec![Vec::new(); (columns * rows) as usize],
            gone,
            left: 0,
            built,
        };
        for e in entries {
            out.insert(e);
        }
        out
    }

    fn index(&self, p: Vec2) -> (i64, i64) {
        let f = |v: f64, n: i64| ((v / self.cell).floor() as i64).clamp(0, n - 1);
        (f(p.x - self.low.x, self.columns), f(p.y - self.low.y, self.rows))
    }

    fn insert(&mut self, e: (Vec2, Stop)) {
        let (x, y) = self.index(e.0);
        self.cells[(y * self.columns + x) as usize].push(e);
        self.left += 1;
    }

    /// Adds the starts of a track.
    pub fn add(&mut self, nodes: &[Node], node: u32) {
        for e in starts(nodes, node) {
            self.insert(e);
        }
    }

    /// Takes the track with the nearest start.
    pub fn take(&mut self, nodes: &[Node], at: Vec2) -> Option<Stop> {
        if self.left * 2 < self.built && self.built > 64 {
            let gone = std::mem::take(&mut self.gone);
            let all = std::mem::take(&mut self.cells);
            let live = all
                .into_iter()
                .flatten()
                .filter(|e| !gone[e.1.node as usize])
                .collect();
            *self = Self::build(live, gone);
        }
        let mut best: Option<(f64, Stop)> = None;
        self.rings(at, |cell, reach| {
            for (p, s) in cell {
                if self.gone[s.node as usize] {
                    continue;
                }
                let d = way(*p, at);
                let key = (s.node, s.start);
                if best.is_none_or(|(b, t)| d < b || (d == b && key < (t.node, t.start))) {
                    best = Some((d, *s));
                }
            }
            best.is_none_or(|b| b.0 > reach)
        });
        let (_, s) = best?;
        self.gone[s.node as usize] = true;
        let n = nodes[s.node as usize].starts.len();
        self.left = self.left.saturating_sub(n.div_ceil(n.div_ceil(MOST).max(1)));
        Some(s)
    }

    /// The tracks with the nearest starts, without `not`, at most `count`.
    pub fn near(&self, at: Vec2, not: u32, count: usize, out: &mut Vec<u32>) {
        let mut found: Vec<(f64, u32)> = Vec::new();
        self.rings(at, |cell, reach| {
            for (p, s) in cell {
                if s.node != not {
                    found.push((way(*p, at), s.node));
                }
            }
            found.len() < 4 * count || found.iter().filter(|f| f.0 <= reach).count() < 2 * count
        });
        found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let from = out.len();
        for (_, n) in found {
            if !out[from..].contains(&n) {
                out.push(n);
                if out.len() - from == count {
                    break;
                }
            }
        }
    }

    /// Calls `more` with the cells around a point, ring by ring, and the distance up to which all has been seen; ends
    /// when it returns false for a whole ring.
    fn rings<'a>(&'a self, at: Vec2, mut more: impl FnMut(&'a [(Vec2, Stop)], f64) -> bool) {
        let (cx, cy) = self.index(at);
        let outside = Vec2::new(
            (self.low.x - at.x)
                .max(at.x - self.low.x - self.columns as f64 * self.cell)
                .max(0.0),
            (self.low.y - at.y)
                .max(at.y - self.low.y - self.rows as f64 * self.cell)
                .max(0.0),
        )
        .norm();
        for r in 0..=self.columns.max(self.rows) {
            let reach = if outside > 0.0 {
                // From outside the grid only the boundary's distance is known.
                outside.max((r as f64 - 1.0) * self.cell)
            } else {
                (r as f64 - 1.0) * self.cell
            };
            let mut go_on = false;
            let mut any = false;
            for y in (cy - r).max(0)..=(cy + r).min(self.rows - 1) {
                let edge = (y - cy).abs() == r;
                let step = if edge { 1 } else { (2 * r).max(1) };
                let mut x = cx - r;
                while x <= cx + r {
                    if x >= 0 && x < self.columns {
                        any = true;
                        go_on |= more(&self.cells[(y * self.columns + x) as usize], reach);
                    }
                    x += step;
                }
            }
            if any && !go_on {
                return;
            }
        }
    }
}
