//! Adaptive clearing measured by removed area, on a fine grid that knows nothing of the planner's discs.

use super::*;
use crate::operations::adaptive::clear::Stretch;
use crate::path::dist;
use offcut_geometry::{Ctx, Point};
use proptest::prelude::*;
use std::f64::consts::TAU;

/// Side of a cell, mm.
const CELL: f64 = 0.04;

/// Cells of a plane, 64 to a word.
struct Raster {
    min: P2,
    wide: usize,
    rows: usize,
    cut: Vec<u64>,
}

impl Raster {
    fn new(around: &Loops, margin: f64) -> Self {
        let b = around.bbox();
        let (lo, hi) = (crate::path::mm(b.min), crate::path::mm(b.max));
        let count = |k: usize| ((hi[k] - lo[k] + 2.0 * margin) / CELL) as usize + 2;
        let wide = count(0) / 64 + 1;
        Self {
            min: [lo[0] - margin, lo[1] - margin],
            wide,
            rows: count(1),
            cut: vec![0; wide * count(1)],
        }
    }

    /// Sets the cells of a row whose middles lie between two places; how many were not set.
    fn span(&mut self, row: usize, from: f64, to: f64) -> u32 {
        let (a, b) = (
            ((from - self.min[0]) / CELL - 0.5).ceil(),
            ((to - self.min[0]) / CELL - 0.5).floor(),
        );
        if b < a {
            return 0;
        }
        let (a, b) = (a as usize, b as usize);
        let mut count = 0;
        for w in a / 64..=b / 64 {
            let mut mask = !0u64;
            if w == a / 64 {
                mask &= !0 << (a % 64);
            }
            if w == b / 64 {
                mask &= !0 >> (63 - b % 64);
            }
            let word = &mut self.cut[row * self.wide + w];
            count += (mask & !*word).count_ones();
            *word |= mask;
        }
        count
    }

    /// Cuts a disc; the area that was there, mm².
    fn disc(&mut self, c: P2, r: f64) -> f64 {
        let row = |y: f64| ((y - self.min[1]) / CELL) as usize;
        let (first, last) = (row(c[1] - r), row(c[1] + r).min(self.rows - 1));
        let mut count = 0;
        for j in first..=last {
            let y = self.min[1] + (j as f64 + 0.5) * CELL - c[1];
            if y.abs() < r {
                let h = (r * r - y * y).sqrt();
                count += self.span(j, c[0] - h, c[0] + h);
            }
        }
        f64::from(count) * CELL * CELL
    }

    /// Sets the inside of a region.
    fn fill(&mut self, region: &Loops) {
        for j in 0..self.rows {
            let y = self.min[1] + (j as f64 + 0.5) * CELL;
            let mut xs = Vec::new();
            for l in region.iter() {
                for (a, b) in offcut_geometry::loops::edges(l) {
                    let (a, b) = (crate::path::mm(a), crate::path::mm(b));
                    if (a[1] > y) != (b[1] > y) {
                        xs.push(a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]));
                    }
                }
            }
            xs.sort_by(f64::total_cmp);
            for w in xs.chunks_exact(2) {
                self.span(j, w[0], w[1]);
            }
        }
    }
}

/// A bit of the way: its length, the area that it took, to which pass it belongs, what it is for, where it ends.
struct Bit {
    length: f64,
    area: f64,
    pass: usize,
    kind: CutRole,
    end: P2,
}

/// Shares of the cutting length at the floor of the level, and of the whole way there.
#[derive(Debug)]
struct Measure {
    within: f64,
    over: f64,
    air: f64,
    slots: f64,
    /// The largest engagement outside slots as a share of the target, and where it is.
    most: f64,
    #[allow(dead_code)] // said by Debug
    peak: P2,
    left: f64,
}

/// Follows the moves at the floor. The engaged angle is that of the area which 0.6 mm of the way take.
fn measure(region: &Loops, r: f64, width: f64, z: f64, passes: &[Pass]) -> Measure {
    const WINDOW: f64 = 0.6;
    let mut grid_ = Raster::new(region, r + 1.0);
    let mut bits: Vec<Bit> = Vec::new();
    let mut air = 0.0;
    let mut here: Option<[f64; 3]> = None;
    for (n, pass) in passes.iter().enumerate() {
        let mut at = pass.start;
        if let Some(h) = here {
            air += dist([h[0], h[1]], [at[0], at[1]]);
        }
        for m in &pass.moves {
            let Some(to) = m.to() else { continue };
            let (a, b) = ([at[0], at[1]], [to[0], to[1]]);
            let (length, place): (f64, Box<dyn Fn(f64) -> P2>) = match *m {
                Move::Arc { center, ccw, .. } => {
                    let level = [to[0], to[1], at[2]];
                    let l = crate::program::arc_length(Some(at), level, center, ccw);
                    let radius = dist(a, center);
                    let from = (a[1] - center[1]).atan2(a[0] - center[0]);
                    let sweep = l / radius * if ccw { 1.0 } else { -1.0 };
                    let f = move |t: f64| {
                        let (s, c) = (from + sweep * t).sin_cos();
                        [center[0] + radius * c, center[1] + radius * s]
                    };
                    (l, Box::new(f))
                }
                _ => (dist(a, b), Box::new(move |t: f64| crate::path::lerp(a, b, t))),
            };
            let n_steps = (length / 0.05).ceil().max(1.0) as usize;
            let kind = match *m {
                Move::Feed { kind, .. } | Move::Arc { kind, .. } => kind,
                _ => CutRole::Link,
            };
            if to[2] > z + 1e-6 && kind == CutRole::Link {
                air += length;
            } else {
                for i in 1..=n_steps {
                    let end = place(i as f64 / n_steps as f64);
                    let area = grid_.disc(end, r);
                    // The helix, and its last round, are no passes.
                    if at[2] < z + 1e-6 && to[2] < z + 1e-6 && length > 0.0 {
                        let (length, pass) = (length / n_steps as f64, n);
                        bits.push(Bit {
                            length,
                            area,
                            pass,
                            kind,
                            end,
                        });
                    }
                }
            }
            at = to;
        }
        here = Some(at);
    }
    let angle = |w: f64| (1.0 - w / r).clamp(-1.0, 1.0).acos();
    let mut peak = [0.0; 2];
    let (mut cut, mut within, mut over, mut slots, mut most) = (0.0, 0.0, 0.0, 0.0, 0.0f64);
    for i in 0..bits.len() {
        let joined = |j: usize| bits[j].pass == bits[i].pass && bits[j].kind == bits[i].kind;
        let (mut x, mut y) = (i, i);
        let (mut length, mut area) = (bits[i].length, bits[i].area);
        while length < WINDOW {
            let (before, after) = (x > 0 && joined(x - 1), y + 1 < bits.len() && joined(y + 1));
            if before {
                x -= 1;
                (length, area) = (length + bits[x].length, area + bits[x].area);
            }
            if after {
                y += 1;
                (length, area) = (length + bits[y].length, area + bits[y].area);
            }
            if !before && !after {
                break;
            }
        }
        let l = bits[i].length;
        if bits[i].kind == CutRole::Link || area < 1e-9 {
            air += l;
            continue;
        }
        let share = angle(area / length) / angle(width);
        cut += l;
        if bits[i].kind == CutRole::Slot {
            slots += l;
        } else if length > 0.5 * WINDOW && share > most {
            (most, peak) = (share, bits[i].end);
        }
        if share > 1.1 {
            over += l;
        } else if share >= 0.9 {
            within += l;
        }
    }
    // What the tool can reach, but for a hair.
    let middle = offset(region, -grid(r), Join::Round);
    let mut reach = Raster::new(region, r + 1.0);
    reach.fill(&offset(&middle, grid(r - 0.03), Join::Round));
    let left: u32 = reach
        .cut
        .iter()
        .zip(&grid_.cut)
        .map(|(a, b)| (a & !b).count_ones())
        .sum();
    Measure {
        within: within / cut,
        over: over / cut,
        air: air / (cut + air),
        slots: slots / cut,
        most,
        peak,
        left: f64::from(left) * CELL * CELL,
    }
}

fn points(list: &[P2]) -> Vec<Point> {
    list.iter().map(|p| crate::path::on_grid(*p)).collect()
}

fn region(outer: &[P2], circles: &[(P2, f64)]) -> Loops {
    let mut out = Loops::new();
    out.push(&points(outer));
    let mut holes = Loops::new();
    for (c, r) in circles {
        let ring: Vec<P2> = (0..160)
            .map(|i| {
                let a = TAU * f64::from(i) / 160.0;
                [c[0] + r * a.cos(), c[1] + r * a.sin()]
            })
            .collect();
        holes.push(&points(&ring));
    }
    clip::difference(&out, &holes)
}

/// Plans one level of 1 mm and measures it; checks that the tool stays in the region.
fn cleared(region: &Loops, r: f64, width: f64, both: bool) -> Measure {
    let middle = offset(region, -grid(r), Join::Round);
    let level = Level {
        z: -1.0,
        top: &|_, _| 0.0,
        from: 0.0,
        angle: 3.0,
        rapid: true,
    };
    let mut passes = Vec::new();
    for part in islands(&middle) {
        let task = Task {
            region: &part.loops,
            free: &Loops::new(),
            r,
            width,
            both,
        };
        let way = clear(&task, &Ctx::quiet()).unwrap();
        // A hair wider for rounding.
        let wide = offset(&part.loops, grid(0.004), Join::Round);
        let inside = |p: &P2| wide.contains(crate::path::on_grid(*p));
        let all = |s: &Stretch| {
            s.points
                .iter()
                .chain(s.link.iter().flat_map(|l| &l.points))
                .all(inside)
        };
        assert!(way.stretches.iter().all(all), "the tool leaves the region");
        passes.extend(walk_down(&way, &level, r));
    }
    let m = measure(region, r, width, -1.0, &passes);
    println!("{m:.4?}, {} lifts", passes.len());
    m
}

const BOX: [P2; 4] = [[0.0, 0.0], [100.0, 0.0], [100.0, 60.0], [0.0, 60.0]];

/// A 6 mm tool with a fifth of its diameter: 53.13° are engaged.
fn goal(region: &Loops, within: f64, air: f64) {
    let m = cleared(region, 3.0, 1.2, true);
    assert!(m.within > within, "{m:?}");
    assert!(m.over < 0.0025, "{m:?}");
    assert!(m.air < air, "{m:?}");
    assert!(m.left < 0.01, "{m:?}");
}

#[test]
fn rectangle() {
    goal(&region(&BOX, &[]), 0.98, 0.1);
}

#[test]
fn two_islands() {
    let islands = [([30.0, 30.0], 8.0), ([70.0, 30.0], 8.0)];
    goal(&region(&BOX, &islands), 0.98, 0.15);
}

#[test]
fn an_l() {
    let l = [
        [0.0, 0.0],
        [80.0, 0.0],
        [80.0, 30.0],
        [30.0, 30.0],
        [30.0, 80.0],
        [0.0, 80.0],
    ];
    goal(&region(&l, &[]), 0.98, 0.15);
}

#[test]
fn a_star() {
    let star: Vec<P2> = (0..14)
        .map(|i| {
            let (a, r) = (TAU * f64::from(i) / 14.0, if i % 2 == 0 { 50.0 } else { 25.0 });
            [r * a.cos(), r * a.sin()]
        })
        .collect();
    goal(&region(&star, &[]), 0.97, 0.15);
}

#[test]
fn many_islands() {
    let islands: Vec<(P2, f64)> = (0..25)
        .map(|i| {
            (
                [10.0 + 20.0 * f64::from(i % 5), 6.0 + 12.0 * f64::from(i / 5)],
                1.5,
            )
        })
        .collect();
    goal(&region(&BOX, &islands), 0.92, 0.2);
}

#[test]
fn climb_only_costs_air_alone() {
    let m = cleared(&region(&BOX[..], &[]), 3.0, 1.2, false);
    assert!(m.within > 0.9 && m.over < 0.001 && m.left < 0.3, "{m:?}");
}

#[test]
fn slots_and_narrow_bands_are_cleared() {
    // As wide as the tool, a little wider, and two rooms joined by a neck.
    for (w, h) in [(40.0, 6.05), (40.0, 8.0)] {
        let m = cleared(
            &region(&[[0.0, 0.0], [w, 0.0], [w, h], [0.0, h]], &[]),
            3.0,
            1.2,
            true,
        );
        assert!(m.left < 0.3, "{m:?}");
    }
    let rooms = [
        [0.0, 0.0],
        [20.0, 0.0],
        [20.0, 7.0],
        [30.0, 7.0],
        [30.0, 0.0],
        [50.0, 0.0],
        [50.0, 20.0],
        [30.0, 20.0],
        [30.0, 13.5],
        [20.0, 13.5],
        [20.0, 20.0],
        [0.0, 20.0],
    ];
    let m = cleared(&region(&rooms, &[]), 3.0, 1.2, true);
    assert!(m.left < 0.3 && m.most < 1.12, "{m:?}");
}

proptest! {
    // The bound is not proven: it held for 120 random regions; these have to go on holding it.
    #![proptest_config(ProptestConfig {
        cases: 5,
        rng_seed: proptest::test_runner::RngSeed::Fixed(1),
        failure_persistence: None,
        max_shrink_iters: 0,
        ..ProptestConfig::default()
    })]
    #[test]
    fn any_region_is_cleared_within_the_bound(
        radii in proptest::collection::vec(0.35f64..1.0, 5..12),
        size in 12.0f64..28.0,
        share in 0.15f64..0.4,
        hole in 0.0f64..3.0,
    ) {
        let n = radii.len() as f64;
        let outer: Vec<P2> = radii
            .iter()
            .enumerate()
            .map(|(i, q)| {
                let a = TAU * i as f64 / n;
                [size * q * a.cos(), size * q * a.sin()]
            })
            .collect();
        let region = region(&outer, &[([0.3, 0.2], hole)]);
        prop_assume!(!offset(&region, -grid(3.1), Join::Round).is_empty());
        let m = cleared(&region, 3.0, share * 6.0, true);
        prop_assert!(m.left < 0.6, "{m:?}");
        prop_assert!(m.most < 1.25, "{m:?}");
        prop_assert!(m.over <= m.slots + 0.02, "{m:?}");
    }
}
