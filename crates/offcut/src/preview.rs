//! The way of the tool in space, as flat arrays that a graphics card takes as they are.
//!
//! In: a program and its times. Out: a [`Preview`]: points and, for each, the move that ends there.
//! Promised: points in the order of time, arcs as chords of at most half a millimetre.

use offcut_gcode::cnc::drill_moves;
use offcut_gcode::program::{Cut, CutRole, DrillCycle};
use offcut_gcode::{Estimate, Program, Step, Vertex, arcs};
use offcut_geometry::{Coord, to_mm};

/// The point where a way begins: nothing is drawn to it.
pub const JUMP: u8 = 255;
/// The move to the point does no work.
pub const TRAVEL: u8 = 254;
/// Roles from here on are those of cuts, in the order of [`CutRole`].
pub const CUTS: u8 = 32;

/// Longest chord of an arc, grid units: half a millimetre.
const CHORD: f64 = 50_000.0;

/// Points of the tool's way; all arrays but `layers`, `retractions` and `seams` have one entry a point.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Preview {
    /// X, Y and Z, mm; Z is the top of the bead.
    pub positions: Vec<f32>,
    /// What the move to the point is: index into [`offcut_gcode::Role::ALL`], from [`CUTS`] on a kind of
    /// cut, [`TRAVEL`] or [`JUMP`].
    pub roles: Vec<u8>,
    /// Width of the bead, mm; 0 where there is none.
    pub widths: Vec<f32>,
    /// Height of the bead, mm; 0 where there is none.
    pub heights: Vec<f32>,
    /// Speed asked for, mm/s.
    pub speeds: Vec<f32>,
    /// Seconds from the start of the job.
    pub times: Vec<f32>,
    /// For every layer, or every operation of a mill, the index of its first point.
    pub layers: Vec<u32>,
    /// Top of every layer, mm; none for operations.
    pub layer_tops: Vec<f32>,
    /// Points where filament is pulled back.
    pub retractions: Vec<u32>,
    /// Points where outer walls begin.
    pub seams: Vec<u32>,
}

/// What the moves of a step have in common.
#[derive(Clone, Copy)]
struct Look {
    role: u8,
    width: f32,
    height: f32,
    speed: f32,
}

impl Look {
    const fn travel(speed: f32) -> Self {
        Self {
            role: TRAVEL,
            width: 0.0,
            height: 0.0,
            speed,
        }
    }
}

/// Follows a print.
#[must_use]
pub fn preview(program: &Program, time: &Estimate) -> Preview {
    follow(program, Some(time))
}

/// Follows a program of a laser or a mill that takes `seconds`: its moves share them as if there were no ramps.
/// Every comment begins an operation.
#[must_use]
pub fn preview_cuts(program: &Program, seconds: f64) -> Preview {
    let mut p = follow(program, None);
    let all = p.times.last().copied().unwrap_or_default();
    let factor = if all > 0.0 { seconds as f32 / all } else { 0.0 };
    for t in &mut p.times {
        *t *= factor;
    }
    p
}

fn follow(program: &Program, time: Option<&Estimate>) -> Preview {
    let mut f = Follower {
        program,
        at: None,
        arc: 0,
        out: Preview::default(),
    };
    let wall = offcut_gcode::Role::ExternalPerimeter as u8;
    let mut outer = false;
    let mut begin = 0.0;
    for (i, step) in program.steps.iter().enumerate() {
        let end = time.map(|t| t.step_end(i));
        let span = (begin, end);
        let was_outer = std::mem::take(&mut outer);
        match step {
            Step::Travel { path, speed } | Step::Wipe { path, speed, .. } => {
                f.follow(*path, Look::travel(*speed), span);
            }
            Step::Cycle { at, cycle } => f.drill(*at, cycle, begin),
            Step::Height { z, speed } if f.at.is_some() => f.rise(*z, *speed, begin),
            Step::Comment(_) if time.is_none() => f.out.layers.push(f.out.roles.len() as u32),
            Step::Extrude { path, bead } => {
                let look = Look {
                    role: bead.role as u8,
                    width: bead.width,
                    height: bead.height,
                    speed: bead.speed,
                };
                outer = look.role == wall;
                if outer && !was_outer {
                    let last = (f.out.roles.len() as u32).saturating_sub(1);
                    f.out.seams.push(last);
                }
                f.follow(*path, look, span);
            }
            Step::Cut {
                path,
                cut: Cut { role, feed, .. },
            } => f.follow(*path, cut(*role, *feed), span),
            Step::Raster { path, feed, .. } => f.follow(*path, cut(CutRole::Raster, *feed), span),
            Step::Retract { .. } if !f.out.roles.is_empty() => {
                f.out.retractions.push(f.out.roles.len() as u32 - 1);
            }
            Step::Layer(n) => {
                let top = program.layers.get(*n as usize).map_or(0.0, |l| l.z);
                f.out.layers.push(f.out.roles.len() as u32);
                f.out.layer_tops.push(top as f32);
            }
            // Where it leaves the machine is not known.
            Step::Custom(text) if !text.trim().is_empty() => f.at = None,
            _ => outer = was_outer,
        }
        begin = end.unwrap_or_else(|| f.out.times.last().copied().unwrap_or_default());
    }
    f.out
}

const fn cut(role: CutRole, speed: f32) -> Look {
    Look {
        role: CUTS + role as u8,
        width: 0.0,
        height: 0.0,
        speed,
    }
}

struct Follower<'a> {
    program: &'a Program,
    at: Option<Vertex>,
    arc: usize,
    out: Preview,
}

impl Follower<'_> {
    /// The holes of a cycle, each with its moves down and up.
    fn drill(&mut self, at: offcut_gcode::program::Path, cycle: &DrillCycle, begin: f32) {
        let p = self.program;
        let mut now = begin;
        for &hole in p.path(at) {
            let go = (hole, true, 0.0);
            for (to, rapid, wait) in std::iter::once(go).chain(drill_moves(hole, cycle)) {
                let look = if rapid {
                    Look::travel(cycle.feed)
                } else {
                    cut(CutRole::Drill, cycle.feed)
                };
                now += self.step(to, look, now) + wait;
            }
        }
    }

    /// Up or down where the tool stands.
    fn rise(&mut self, z: Coord, speed: f32, begin: f32) {
        if let Some(at) = self.at {
            self.step(Vertex { z, ..at }, Look::travel(speed), begin);
        }
    }

    /// One straight move; tells its seconds.
    fn step(&mut self, to: Vertex, look: Look, begin: f32) -> f32 {
        let way = self.at.map(|from| length(from, to));
        let took = way.unwrap_or_default() / look.speed.max(0.01);
        let look = if way.is_some() {
            look
        } else {
            Look { role: JUMP, ..look }
        };
        self.point(to, look, begin + took);
        self.at = Some(to);
        took
    }

    fn follow(&mut self, path: offcut_gcode::program::Path, look: Look, (begin, end): (f32, Option<f32>)) {
        let p = self.program;
        let targets = p.path(path);
        let first = self.out.roles.len();
        if self.arc >= p.arcs.len() || p.arcs[self.arc].vertex < path.start {
            self.arc = p.arcs.partition_point(|a| a.vertex < path.start);
        }
        let mut way = 0.0;
        for (&to, index) in targets.iter().zip(path.start..) {
            let arc = p.arcs.get(self.arc).filter(|a| a.vertex == index);
            match (self.at, arc) {
                (Some(from), Some(&arc)) => {
                    let mut last = from;
                    for v in arcs::pieces(from, to, arc, CHORD) {
                        way += length(last, v);
                        last = v;
                        self.point(v, look, way);
                    }
                }
                (Some(from), None) => {
                    way += length(from, to);
                    self.point(to, look, way);
                }
                (None, _) => self.point(to, Look { role: JUMP, ..look }, way),
            }
            self.arc += usize::from(arc.is_some());
            self.at = Some(to);
        }
        // Until here the times hold the way.
        let per = match end {
            Some(end) if way > 0.0 => (end - begin) / way,
            Some(_) => 0.0,
            None => 1.0 / look.speed.max(0.01),
        };
        for t in &mut self.out.times[first..] {
            *t = begin + *t * per;
        }
    }

    fn point(&mut self, v: Vertex, look: Look, way: f32) {
        let o = &mut self.out;
        o.positions.extend([v.x, v.y, v.z].map(|c| to_mm(c) as f32));
        o.roles.push(look.role);
        o.widths.push(look.width);
        o.heights.push(look.height);
        o.speeds.push(look.speed);
        o.times.push(way);
    }
}

fn length(a: Vertex, b: Vertex) -> f32 {
    let d = [[a.x, b.x], [a.y, b.y], [a.z, b.z]].map(|[p, q]| f64::from(q) - f64::from(p));
    to_units(d.iter().map(|x| x * x).sum::<f64>().sqrt())
}

fn to_units(grid: f64) -> f32 {
    (grid / offcut_geometry::UNITS_PER_MM) as f32
}
