//! Ordered tracks become steps of a program.

use super::leads::{Inside, Obstacles, in_waste, lead_in, lead_out};
use super::order::Stop;
use super::pieces::pieces;
use super::run::{length, reversed, stretch};
use super::style::{Action, Lead, LeadForm, Style};
use super::tracks::{Track, ends, run_from};
use super::{CutError, CutJob, CutReport};
use offcut_gcode::program::{ArcMove, Beam, Coolant, Cut, CutRole, FULL_POWER, Path, Step};
use offcut_gcode::{Program, Vertex};
use offcut_geometry::drawing::{Curve, Segment, Vec2};
use offcut_geometry::{Coord, Point, grid, to_grid};

/// A dot is a cut of this length, mm: a standing beam burns deeper than it shall, and not at all with dynamic power.
const DOT: f64 = 0.05;

struct Emitter<'a> {
    job: &'a CutJob<'a>,
    program: Program,
    beam: Beam,
    air: bool,
    at: Option<Vertex>,
}

/// Steps of all tracks in the order of the tour.
pub(super) fn emit(
    job: &CutJob,
    program: Program,
    tracks: &[Track],
    obstacles: Option<&Obstacles>,
    tour: &[Stop],
    report: &mut CutReport,
) -> Result<Program, CutError> {
    let mut e = Emitter {
        job,
        beam: beam_of(&program),
        air: false,
        at: program.vertices.last().copied(),
        program,
    };
    for s in tour {
        let t = &tracks[s.node as usize];
        let style = &job.styles[t.style];
        e.modes(style);
        if t.rows.is_empty() {
            e.track(t, s.start, style, obstacles, report)?;
        } else {
            e.rows(t, s.start == 1, style)?;
        }
    }
    if e.air {
        e.program.steps.push(Step::Coolant(Coolant::Off));
    }
    if e.beam != Beam::Off {
        e.program.steps.push(Step::Beam(Beam::Off));
    }
    if let Some([x, y]) = job.park {
        e.travel(Vec2::new(x, y), grid(job.focus))?;
    }
    Ok(e.program)
}

impl Emitter<'_> {
    fn modes(&mut self, style: &Style) {
        let beam = if style.dynamic {
            Beam::Dynamic
        } else {
            Beam::Constant
        };
        if self.beam != beam {
            self.beam = beam;
            self.program.steps.push(Step::Beam(beam));
        }
        if self.air != style.air {
            self.air = style.air;
            let c = if style.air { Coolant::Air } else { Coolant::Off };
            self.program.steps.push(Step::Coolant(c));
        }
    }

    fn vertex(p: Vec2, z: Coord) -> Result<Vertex, CutError> {
        Ok(Vertex::new(Point::new(to_grid(p.x)?, to_grid(p.y)?), z))
    }

    fn travel(&mut self, p: Vec2, z: Coord) -> Result<(), CutError> {
        let to = Self::vertex(p, z)?;
        if self.at == Some(to) {
            return Ok(());
        }
        let path = self.program.add_path([to]);
        let speed = self.job.travel_speed as f32;
        self.program.steps.push(Step::Travel { path, speed });
        self.at = Some(to);
        Ok(())
    }

    fn cut(
        &mut self,
        run: &[Segment],
        z: Coord,
        role: CutRole,
        feed: f64,
        power: f64,
    ) -> Result<(), CutError> {
        let start = self.program.vertices.len() as u32;
        for s in run {
            self.push(s, z)?;
        }
        let path = Path {
            start,
            end: self.program.vertices.len() as u32,
        };
        if path.end > path.start {
            let cut = Cut {
                role,
                feed: feed as f32,
                power: power.clamp(0.0, 1.0) as f32,
            };
            self.program.steps.push(Step::Cut { path, cut });
        }
        Ok(())
    }

    fn push(&mut self, s: &Segment, z: Coord) -> Result<(), CutError> {
        let to = Self::vertex(s.b, z)?;
        let same = self.at.is_some_and(|a| a.xy() == to.xy());
        let arc = match s.curve {
            Curve::Arc(k) => s.circle().map(|c| (c.center, k > 0.0)),
            _ => None,
        };
        if same && (arc.is_none() || s.length() < 0.01) {
            return Ok(());
        }
        if let Some((center, ccw)) = arc {
            self.program.arcs.push(ArcMove {
                vertex: self.program.vertices.len() as u32,
                center: Point::new(to_grid(center.x)?, to_grid(center.y)?),
                ccw,
            });
        }
        self.program.vertices.push(to);
        self.at = Some(to);
        Ok(())
    }

    fn track(
        &mut self,
        t: &Track,
        start: u32,
        style: &Style,
        obstacles: Option<&Obstacles>,
        report: &mut CutReport,
    ) -> Result<(), CutError> {
        let run = run_from(t, start);
        let Some((a, b)) = ends(&run) else { return Ok(()) };
        if style.action == Action::Dots {
            return self.dots(&run, style);
        }
        let list = pieces(&run, t.closed, t.outline, style, &mut report.missing_tabs);
        let mut into = None;
        let mut out = None;
        if let (Some(o), true) = (obstacles, t.waste) {
            let (ahead, behind) = (run[0].direction(false), run[run.len() - 1].direction(true));
            let inside = Inside::new(&run);
            let room = |l: &[Segment], at, ahead, behind, far| {
                in_waste(l, at, ahead, behind) && inside.is_waste(far, t.outline) && !o.hit(l, at)
            };
            let make = |l| lead_in(a, ahead, behind, l).filter(|l| room(l, a, ahead, behind, l[0].a));
            into = fitting(style.lead_in, make, report);
            // The way out begins where the overcut ends.
            let end = list.last().and_then(|p| p.0.last());
            let (place, to, from) = match end {
                Some(s) if style.overcut > 0.0 => (s.b, s.direction(true), s.direction(true)),
                _ => (b, ahead, behind),
            };
            let make =
                |l| lead_out(place, to, from, l).filter(|l| room(l, place, to, from, l[l.len() - 1].b));
            out = fitting(style.lead_out, make, report);
        }
        let first = into.as_ref().map_or(a, |l| l[0].a);
        let mut list = list;
        for pass in 0..style.passes.max(1) {
            let z = grid(self.job.focus - f64::from(pass) * style.z_step);
            let place = if pass == 0 || into.is_some() || out.is_some() {
                first
            } else {
                list.first().and_then(|p| p.0.first()).map_or(a, |s| s.a)
            };
            // Closed contours with an overcut end past their start.
            self.travel(place, z)?;
            if let Some(l) = &into {
                self.cut(l, z, CutRole::LeadIn, style.feed, style.power)?;
            }
            for (run, share) in &list {
                self.cut(run, z, style.role, style.feed, style.power * share)?;
            }
            if let Some(l) = &out {
                self.cut(l, z, CutRole::LeadOut, style.feed, style.power)?;
            }
            if !t.closed {
                list = list.iter().rev().map(|(r, s)| (reversed(r), *s)).collect();
            }
        }
        Ok(())
    }

    /// Single dots along a run.
    fn dots(&mut self, run: &[Segment], style: &Style) -> Result<(), CutError> {
        let whole = length(run);
        let n = (whole / style.interval.max(0.05)).round().max(1.0);
        let feed = DOT / style.dot_time.max(1e-3);
        for k in 0..n as u32 {
            let middle = whole * (f64::from(k) + 0.5) / n;
            let dot = stretch(run, (middle - DOT / 2.0).max(0.0), middle + DOT / 2.0);
            let Some(first) = dot.first() else { continue };
            for pass in 0..style.passes.max(1) {
                let z = grid(self.job.focus - f64::from(pass) * style.z_step);
                self.travel(first.a, z)?;
                self.cut(&dot, z, style.role, feed, style.power)?;
            }
        }
        Ok(())
    }

    /// Rows of a filled area, each as one line whose power goes on and off.
    fn rows(&mut self, t: &Track, backwards: bool, style: &Style) -> Result<(), CutError> {
        let power = (style.power.clamp(0.0, 1.0) * f64::from(FULL_POWER)).round() as u16;
        for pass in 0..style.passes.max(1) {
            let z = grid(self.job.focus - f64::from(pass) * style.z_step);
            let turned = backwards != (pass % 2 == 1);
            for k in 0..t.rows.len() {
                let r = &t.rows[if turned { t.rows.len() - 1 - k } else { k }];
                let (from, to) = if turned { (r.to, r.from) } else { (r.from, r.to) };
                let burns = r.burns.iter().map(|b| if turned { (b.1, b.0) } else { *b });
                let burns: Vec<(Vec2, Vec2)> = if turned {
                    burns.rev().collect()
                } else {
                    burns.collect()
                };
                self.travel(from, z)?;
                let powers = self.program.powers.len() as u32;
                let start = self.program.vertices.len() as u32;
                let mut add = |p: Vec2, power: u16| -> Result<(), CutError> {
                    let v = Self::vertex(p, z)?;
                    if self.at != Some(v) {
                        self.program.vertices.push(v);
                        self.program.powers.push(power);
                        self.at = Some(v);
                    }
                    Ok(())
                };
                for (a, b) in burns {
                    add(a, 0)?;
                    add(b, power)?;
                }
                add(to, 0)?;
                let end = self.program.vertices.len() as u32;
                self.program.steps.push(Step::Raster {
                    path: Path { start, end },
                    powers,
                    feed: style.feed as f32,
                });
            }
        }
        Ok(())
    }
}

/// The laser's state at a program's end.
fn beam_of(p: &Program) -> Beam {
    let last = p.steps.iter().rev().find_map(|s| match s {
        Step::Beam(b) => Some(*b),
        _ => None,
    });
    last.unwrap_or_default()
}

/// The lead, shortened until it has room.
fn fitting(
    lead: Lead,
    make: impl Fn(Lead) -> Option<Vec<Segment>>,
    report: &mut CutReport,
) -> Option<Vec<Segment>> {
    if lead.form == LeadForm::None || lead.length <= 0.0 {
        return None;
    }
    for share in [1.0, 0.7, 0.5, 0.3, 0.15] {
        let length = lead.length * share;
        if let Some(l) = make(Lead { length, ..lead }) {
            return Some(l);
        }
    }
    report.missing_leads += 1;
    None
}
