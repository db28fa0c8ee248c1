//! Lines of neighbouring rows strung together.
//!
//! In: rows of intervals, by kind. Out: chains of points, each in the order of its rows. Links run
//! straight from the end of one line to that of the next.

use super::spans::RowSpans;
use offcut_geometry::{Coord, Hatch, Point};

/// Why a line is solid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Seen from above.
    Top,
    /// Inside, or lying on something solid.
    Solid,
    /// Above sparse infill.
    InternalBridge,
}

/// A run of neighbouring lines joined at their ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    /// Why it is solid.
    pub kind: Kind,
    /// Index of the first point in [`Chains::points`].
    pub start: u32,
    /// Index just past the last one.
    pub end: u32,
}

/// Chains in the order of their first line: printed in this order each line lies beside one that
/// was printed before.
#[derive(Debug, Default)]
pub struct Chains {
    /// The chains.
    pub chains: Vec<Chain>,
    /// Points of all chains.
    pub points: Vec<Point>,
}

/// A chain that may go on with the next line.
#[derive(Debug)]
struct Open {
    kind: Kind,
    points: Vec<Point>,
    last: (Coord, Coord),
    /// The next line is run from its end to its start.
    backwards: bool,
    order: usize,
}

/// Strings the intervals of neighbouring lines together; links are at most `link` grid units longer
/// than the distance of lines.
#[must_use]
pub fn chains(rows: &[(Kind, &RowSpans)], hatch: &Hatch, shortest: Coord, link: Coord) -> Chains {
    let mut done: Vec<Open> = Vec::new();
    let mut order = 0;
    for &(kind, rows) in rows {
        let mut open: Vec<Open> = Vec::new();
        for line in rows.lines() {
            let mut next: Vec<Open> = Vec::new();
            let mut k = 0;
            for p in rows.row(line).chunks_exact(2) {
                let (s, e) = (p[0], p[1]);
                if e - s < shortest {
                    continue;
                }
                while k < open.len() && open[k].last.1 <= s {
                    k += 1;
                }
                let from = |backwards: bool| if backwards { (e, s) } else { (s, e) };
                let fits = open.get(k).is_some_and(|o| {
                    let (end, start) = if o.backwards { (o.last.1, e) } else { (o.last.0, s) };
                    o.last.0 < e && (end - start).abs() <= link && !o.points.is_empty()
                });
                let mut chain = if fits {
                    let o = &mut open[k];
                    let points = std::mem::take(&mut o.points);
                    Open { points, ..*o }
                } else {
                    order += 1;
                    Open {
                        kind,
                        points: Vec::new(),
                        last: (s, e),
                        backwards: false,
                        order,
                    }
                };
                let (first, last) = from(chain.backwards);
                chain.points.push(hatch.on_row(line, first));
                chain.points.push(hatch.on_row(line, last));
                chain.last = (s, e);
                chain.backwards = !chain.backwards;
                next.push(chain);
            }
            done.extend(open.drain(..).filter(|o| !o.points.is_empty()));
            open = next;
        }
        done.append(&mut open);
    }
    done.sort_by_key(|o| o.order);
    let mut out = Chains::default();
    for o in done {
        let start = out.points.len() as u32;
        out.points.extend_from_slice(&o.points);
        out.chains.push(Chain {
            kind: o.kind,
            start,
            end: out.points.len() as u32,
        });
    }
    out
}
