//! Perimeters: loops along the outline, thin walls, and gaps between loops.
//!
//! In: an island and the layer's numbers. Out: beads, and the region left for infill.
//!
//! Loops are successive insets. As long as no inset meets a narrow place (see
//! [`Offsetter::offset_into`]), that is all; only islands with narrow places take the careful way with
//! openings, from which thin walls and gaps come.

use super::medial::{Axis, AxisPoint, Finder};
use super::spec::{LayerSpec, odd};
use crate::plan::{Bead, BeadSet};
use offcut_gcode::Role;
use offcut_geometry::loops::area2;
use offcut_geometry::offset::{Join, Offsetter, offset, opening};
use offcut_geometry::simplify::{simplify, simplify_loop, simplify_polyline};
use offcut_geometry::{Island, Loops, Point, UNITS_PER_MM, clip, grid, islands};

/// Insets are simplified by this after each step, grid units (3 µm).
const SIMPLIFY: f64 = 300.0;
/// Distance of samples on the border of thin regions, mm.
const SAMPLE_MM: f64 = 1.0;
/// Gaps narrower than this share of a perimeter's width stay open.
const LEAST_GAP: f64 = 0.3;
/// What is covered is taken to reach so much farther than it does, mm.
const APART_MM: f64 = 0.01;
/// Lines in gaps are at least so long, mm.
const SHORTEST_MM: f64 = 0.3;
/// Widths along a centre line that differ by less than this share make one bead.
const SAME_WIDTH: f64 = 0.08;

/// Working memory; reuse it.
#[derive(Debug, Default)]
pub struct Scratch {
    offsetter: Offsetter,
    raw: Loops,
    finder: Finder,
}

/// The perimeters of an island.
#[derive(Debug, Default)]
pub struct Walls {
    /// Loops and thin walls.
    pub perimeters: BeadSet,
    /// Gap fill.
    pub gaps: BeadSet,
    /// Where centres of infill lines may run.
    pub infill: Loops,
}

impl Scratch {
    /// Shrinks `set` and simplifies; tells whether something narrow closed.
    fn inset(&mut self, set: &Loops, mm: f64) -> (Loops, bool) {
        let mut out = Loops::new();
        if set.is_empty() {
            return (out, false);
        }
        self.raw.clear();
        let d = odd(mm);
        let narrow = self.offsetter.offset_into(set, -d, Join::Miter, &mut self.raw);
        for l in self.raw.iter() {
            simplify_loop(l, SIMPLIFY, &mut out);
        }
        (out, narrow)
    }

    /// Makes the perimeters of an island.
    pub fn walls(&mut self, island: &Island, spec: &LayerSpec) -> Walls {
        let mut walls = Walls::default();
        let mut levels: Vec<Loops> = Vec::with_capacity(spec.perimeters as usize + 1);
        let mut first_narrow = None;
        for i in 0..=spec.perimeters {
            let step = if i < spec.perimeters {
                spec.step(i)
            } else {
                spec.infill_step()
            };
            let (inner, narrow) = self.inset(levels.last().unwrap_or(&island.loops), step);
            if narrow {
                first_narrow = Some(i);
                break;
            }
            levels.push(inner);
        }
        // A loop that meets itself shows in the step after it.
        let fast = match first_narrow {
            None => spec.perimeters,
            Some(i) => i.saturating_sub(1),
        };
        for (i, l) in (0..fast).zip(&levels) {
            push_loops(l, i, spec, &mut walls.perimeters);
        }
        match first_narrow {
            None => {
                let infill = levels.pop().unwrap_or_default();
                let centres = levels.last().filter(|_| spec.gap_fill);
                match centres.filter(|_| self.inset(&infill, probe(spec.least_infill())).1) {
                    None => walls.infill = infill,
                    Some(centres) => self.careful(centres, spec.perimeters, None, spec, &mut walls),
                }
            }
            Some(_) => {
                let region = match fast.checked_sub(1) {
                    None => &island.loops,
                    Some(i) => &levels[i as usize],
                };
                self.careful(region, fast, levels.get(fast as usize), spec, &mut walls);
            }
        }
        walls
    }

    /// Shrinks by `mm`, leaving out what is then narrower than `least`. `None` when nothing is left
    /// out: then the plain inset will do.
    fn inset_wide(&mut self, set: &Loops, mm: f64, least: f64) -> Option<Loops> {
        let back = probe(least);
        let (probe, narrow) = self.inset(set, mm + back);
        narrow.then(|| simplify(&offset(&probe, odd(back), Join::Miter), SIMPLIFY))
    }

    /// The way with openings, from loop `first` on: what a loop cannot cover becomes a thin wall or a
    /// gap. `region` is bounded by the loop before (or the outline), `plain` is its plain inset if known.
    pub(super) fn careful(
        &mut self,
        region: &Loops,
        first: u32,
        mut plain: Option<&Loops>,
        spec: &LayerSpec,
        walls: &mut Walls,
    ) {
        let half = |i: Option<u32>| match i {
            None => 0.0,
            Some(0) => spec.external.spacing / 2.0,
            Some(_) => spec.perimeter.spacing / 2.0,
        };
        let mut region = region.clone();
        for i in first..spec.perimeters {
            let step = spec.step(i);
            let known = plain.take();
            let inner = match self.inset_wide(&region, step, spec.least_spacing(i)) {
                None => known.map_or_else(|| self.inset(&region, step).0, Loops::clone),
                Some(inner) => {
                    if i == 0 && spec.thin_walls {
                        thin_walls(&mut self.finder, &region, &inner, spec, &mut walls.perimeters);
                    } else if i > 0 && spec.gap_fill {
                        gaps(
                            &mut self.finder,
                            (&region, half(i.checked_sub(1))),
                            (&inner, half(Some(i))),
                            spec,
                            &mut walls.gaps,
                        );
                    }
                    inner
                }
            };
            if inner.is_empty() {
                return;
            }
            push_loops(&inner, i, spec, &mut walls.perimeters);
            region = inner;
        }
        // Infill takes what is wider than one line can be; the rest is a gap.
        let last = spec.perimeters.checked_sub(1);
        let to_centres = spec.infill_step();
        walls.infill = match self.inset_wide(&region, to_centres, spec.least_infill()) {
            None => self.inset(&region, to_centres).0,
            Some(inner) => {
                if spec.gap_fill && last.is_some() {
                    let rest = (to_centres - half(last)).max(0.0);
                    let outer = (&region, half(last));
                    gaps(&mut self.finder, outer, (&inner, rest), spec, &mut walls.gaps);
                }
                inner
            }
        };
    }
}

/// How far a set is shrunk to tell what of it is narrower than `least`, mm.
fn probe(least: f64) -> f64 {
    least / 2.0 - 0.0001
}

fn push_loops(loops: &Loops, depth: u32, spec: &LayerSpec, out: &mut BeadSet) {
    let proto = if depth == 0 {
        spec.bead(Role::ExternalPerimeter, &spec.external, true)
    } else {
        spec.bead(Role::Perimeter, &spec.perimeter, true)
    };
    for l in loops.iter() {
        let hole = area2(l) < 0;
        out.push(
            l,
            Bead {
                depth: depth.min(255) as u8,
                hole,
                ..proto
            },
        );
    }
}

/// Where the external perimeter does not fit: one line of the wall's width.
fn thin_walls(finder: &mut Finder, region: &Loops, first: &Loops, spec: &LayerSpec, out: &mut BeadSet) {
    let covered = offset(first, odd(spec.external.width / 2.0 + 0.01), Join::Miter);
    let rest = opening(&clip::difference(region, &covered), odd(spec.min_feature / 2.0));
    let least = spec.external.width + spec.least_spacing(0);
    for axis in lines_of(finder, &rest, spec.min_feature) {
        let line = |w: f64| {
            let w = w.clamp(spec.min_width, least.min(spec.max_width));
            let area = offcut_settings::flow::bead_area(w, spec.height);
            super::spec::LineSpec {
                width: w,
                spacing: w,
                mm3_per_mm: area,
            }
        };
        push_axis(
            &axis,
            |w| spec.bead(Role::ExternalPerimeter, &line(w), false),
            out,
        );
    }
}

/// What lies between the beads of two levels and is wide enough for a line.
fn gaps(
    finder: &mut Finder,
    (outer, outer_half): (&Loops, f64),
    (inner, inner_half): (&Loops, f64),
    spec: &LayerSpec,
    out: &mut BeadSet,
) {
    let edge = offset(outer, -odd(outer_half), Join::Miter);
    // A little more than what is covered: edges that nearly coincide cost the boolean engine dearly.
    let covered = offset(inner, odd(inner_half + APART_MM), Join::Miter);
    let least = LEAST_GAP * spec.perimeter.width;
    let apart = APART_MM * covered.perimeter() / UNITS_PER_MM;
    if edge.area_mm2() - (covered.area_mm2() - apart) < least * SHORTEST_MM {
        return;
    }
    let rest = clip::difference(&edge, &covered);
    let widest = spec.widest_gap();
    for axis in lines_of(finder, &rest, least) {
        push_axis(
            &axis,
            |w| spec.filling_bead(Role::GapFill, (w + APART_MM).min(widest)),
            out,
        );
    }
}

/// Centre lines wide and long enough to be worth a line.
fn lines_of(finder: &mut Finder, region: &Loops, least: f64) -> Vec<Axis> {
    let mut found = Vec::new();
    for island in islands(region) {
        let loops = &island.loops;
        if loops.area_mm2() <= least * SHORTEST_MM {
            continue;
        }
        let plain = simplify(loops, 4_000.0);
        if plain.iter().next().is_some_and(|l| area2(l) > 0) {
            finder.centre_lines(&plain, grid(SAMPLE_MM).into(), &mut found);
        }
    }
    let least: f64 = grid(least).into();
    let mut out = Vec::new();
    for axis in found {
        if axis.points.iter().all(|p| p.width >= least) {
            out.push(axis);
            continue;
        }
        let mut points = axis.points;
        if axis.closed {
            points.extend(points.first().copied());
        }
        wide_runs(&points, least, &mut out);
    }
    out.retain(|a| {
        let length: f64 = a.points.windows(2).map(|w| w[0].point.dist(w[1].point)).sum();
        let width = a.points.iter().map(|p| p.width).sum::<f64>() / a.points.len() as f64;
        length > (0.6 * width).max(grid(SHORTEST_MM).into())
    });
    out
}

/// The parts of a line where it is at least so wide.
fn wide_runs(points: &[AxisPoint], least: f64, out: &mut Vec<Axis>) {
    let mut run: Vec<AxisPoint> = Vec::new();
    let mut before: Option<AxisPoint> = None;
    for &p in points {
        let wide = p.width >= least;
        if let Some(q) = before.filter(|q| (q.width >= least) != wide) {
            let at = (least - q.width) / (p.width - q.width);
            run.push(AxisPoint {
                point: q.point.lerp(p.point, at),
                width: least,
            });
        }
        if wide {
            run.push(p);
        } else if !run.is_empty() {
            out.push(Axis {
                points: std::mem::take(&mut run),
                closed: false,
            });
        }
        before = Some(p);
    }
    if !run.is_empty() {
        out.push(Axis {
            points: run,
            closed: false,
        });
    }
}

/// A centre line as a chain of beads of nearly constant width.
fn push_axis(axis: &Axis, bead: impl Fn(f64) -> Bead, out: &mut BeadSet) {
    let mm = |w: f64| w / UNITS_PER_MM;
    let mut points = axis.points.clone();
    if axis.closed {
        points.extend(axis.points.first());
    }
    let mut from = 0;
    let mut continues = false;
    while from + 1 < points.len() {
        let base = (points[from].width + points[from + 1].width) / 2.0;
        let mut to = from + 1;
        let mut sum = 0.0;
        let mut len = 0.0;
        while to < points.len() {
            let w = (points[to - 1].width + points[to].width) / 2.0;
            if to > from + 1 && (w - base).abs() > SAME_WIDTH * base {
                break;
            }
            let l = points[to - 1].point.dist(points[to].point);
            sum += w * l;
            len += l;
            to += 1;
        }
        let run: Vec<Point> = points[from..to].iter().map(|p| p.point).collect();
        let width = if len > 0.0 { sum / len } else { base };
        let run = simplify_polyline(&run, 500.0);
        out.push(
            &run,
            Bead {
                continues,
                ..bead(mm(width))
            },
        );
        continues = true;
        from = to - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_on_to_where_the_gap_is_too_narrow() {
        let at = |x, width| AxisPoint {
            point: Point::new(x, 0),
            width,
        };
        let axis = [
            at(0, 5.0),
            at(1000, 40.0),
            at(2000, 40.0),
            at(3000, 0.0),
            at(4000, 0.0),
        ];
        let mut runs = Vec::new();
        wide_runs(&axis, 10.0, &mut runs);
        let [run] = &runs[..] else { panic!("{runs:?}") };
        let ends = [run.points[0], run.points[run.points.len() - 1]];
        // A seventh of the way from 5 to 40; three quarters of the way from 40 to 0.
        assert_eq!(ends.map(|p| p.point.x), [143, 2750]);
        assert!(ends.iter().all(|p| p.width == 10.0));
    }
}
