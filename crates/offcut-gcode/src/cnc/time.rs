//! How long a program takes on its machine, by what.
//!
//! The rules are those of GRBL's planner: trapezoids of speed, junction deviation, limits by axis (S. K. Jeon's
//! `planner.c`), arcs in chords within the firmware's tolerance.

use super::read::{CycleCall, Event, Move, State, Visitor};
use super::{Machine, chunks, drill_moves};
use crate::arcs;
use crate::estimate::{Corner, Kind, Limits, Planner};
use crate::program::{Beam, CutRole, Path, Program, Step, Vertex};
use offcut_settings::CncFlavor;
use serde::Serialize;
use std::cmp::Ordering;

/// GRBL's `$12`: chords stay so near to arcs, mm.
const ARC_TOLERANCE: f64 = 0.002;
/// Faster than any machine, mm/s: the axes limit a rapid.
const RAPID: f64 = 1e6;

/// Time and way of one kind of move.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct RoleSum {
    /// s.
    pub seconds: f64,
    /// mm.
    pub mm: f64,
}

/// Time and ways of a job.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct CutTime {
    /// All of it, s.
    pub seconds: f64,
    /// Cuts by role, in the order of [`CutRole::ALL`].
    pub roles: [RoleSum; CutRole::ALL.len()],
    /// Rapids.
    pub travel: RoleSum,
    /// Waits, s.
    pub wait_seconds: f64,
    /// Times that cutting begins after a travel.
    pub pierces: u64,
    /// Box of the cuts, mm; none without cuts.
    pub bounds: Option<[[f64; 3]; 2]>,
}

impl CutTime {
    /// Way of all cuts, mm.
    #[must_use]
    pub fn cut_mm(&self) -> f64 {
        self.roles.iter().map(|r| r.mm).sum()
    }

    fn add(&mut self, o: &Self) {
        self.seconds += o.seconds;
        for (a, b) in self.roles.iter_mut().zip(&o.roles) {
            a.seconds += b.seconds;
            a.mm += b.mm;
        }
        self.travel.seconds += o.travel.seconds;
        self.travel.mm += o.travel.mm;
        self.wait_seconds += o.wait_seconds;
        self.pierces += o.pierces;
        if let Some([lo, hi]) = o.bounds {
            self.include(lo);
            self.include(hi);
        }
    }

    fn include(&mut self, p: [f64; 3]) {
        let b = self.bounds.get_or_insert([p, p]);
        for i in 0..3 {
            b[0][i] = b[0][i].min(p[i]);
            b[1][i] = b[1][i].max(p[i]);
        }
    }
}

/// What a planned move belongs to: a role's index, or a travel.
const TRAVEL: u8 = u8::MAX;

struct Timer {
    planner: Planner,
    slots: Vec<u8>,
    out: CutTime,
    cutting: bool,
}

impl Timer {
    fn new(m: &Machine) -> Self {
        let corner = match m.flavor {
            CncFlavor::Klipper => Corner::Square {
                velocity: m.junction,
                to_decel: 0.5,
            },
            CncFlavor::Marlin => Corner::Deviation(m.junction),
            _ => Corner::Junction(m.junction),
        };
        let limits = Limits {
            speed: [m.speed[0], m.speed[1], m.speed[2], f64::INFINITY],
            acceleration: [
                m.acceleration[0],
                m.acceleration[1],
                m.acceleration[2],
                f64::INFINITY,
            ],
            jerk: [0.0; 4],
            printing: 1e9,
            travelling: 1e9,
            retracting: 1e9,
            ceiling: [1e9; 3],
            corner,
        };
        Self {
            planner: Planner::new(limits),
            slots: Vec::new(),
            out: CutTime::default(),
            cutting: false,
        }
    }

    /// A straight move, mm.
    #[inline]
    fn line(&mut self, from: [f64; 3], to: [f64; 3], speed: f64, slot: u8) {
        let d = [0, 1, 2].map(|i| to[i] - from[i]);
        let length = (d[0] * d[0] + d[1] * d[1] + d[2] * d[2]).sqrt();
        if !self.planner.line(d, length, 0.0, speed, Kind::Print) {
            return;
        }
        self.slots.push(slot);
        if slot == TRAVEL {
            self.out.travel.mm += length;
            self.cutting = false;
        } else {
            self.out.roles[usize::from(slot)].mm += length;
            self.out.pierces += u64::from(!self.cutting);
            self.cutting = true;
            if self
                .out
                .bounds
                .is_none_or(|[lo, hi]| (0..3).any(|i| from[i] < lo[i] || from[i] > hi[i]))
            {
                self.out.include(from);
            }
            if self
                .out
                .bounds
                .is_none_or(|[lo, hi]| (0..3).any(|i| to[i] < lo[i] || to[i] > hi[i]))
            {
                self.out.include(to);
            }
        }
    }

    fn wait(&mut self, seconds: f64) {
        self.planner.stop();
        self.out.wait_seconds += seconds;
        self.out.seconds += seconds;
    }

    fn finish(mut self) -> CutTime {
        let slots = std::mem::take(&mut self.slots);
        let out = &mut self.out;
        let mut k = 0;
        self.planner.flush(|t| {
            out.seconds += t;
            match slots[k] {
                TRAVEL => out.travel.seconds += t,
                r => out.roles[usize::from(r)].seconds += t,
            }
            k += 1;
        });
        self.out
    }
}

fn mm(v: Vertex) -> [f64; 3] {
    [v.x, v.y, v.z].map(|c| f64::from(c) * 1e-5)
}

/// Chord of a firmware's arcs, mm.
fn chord(radius: f64) -> f64 {
    (2.0 * (ARC_TOLERANCE * (2.0 * radius - ARC_TOLERANCE).max(0.0)).sqrt()).max(0.01)
}

/// Times a program.
#[must_use]
pub fn time(program: &Program, machine: &Machine) -> CutTime {
    let chunks = chunks(program);
    let one = |c: &super::Chunk| {
        let mut t = Timer::new(machine);
        let mut at = c.carry.at;
        let mut beam = c.carry.beam;
        for step in &program.steps[c.steps.clone()] {
            time_step(program, machine, step, &mut at, &mut beam, &mut t);
        }
        t.finish()
    };
    #[cfg(feature = "parallel")]
    let parts: Vec<CutTime> = {
        use rayon::prelude::*;
        chunks.par_iter().map(one).collect()
    };
    #[cfg(not(feature = "parallel"))]
    let parts: Vec<CutTime> = chunks.iter().map(one).collect();
    let mut out = CutTime::default();
    for p in &parts {
        out.add(p);
    }
    out
}

fn time_step(
    program: &Program,
    machine: &Machine,
    step: &Step,
    at: &mut Option<Vertex>,
    beam: &mut Beam,
    t: &mut Timer,
) {
    match step {
        Step::Travel { path, .. } => moves(program, machine, *path, RAPID, TRAVEL, at, t),
        Step::Cut { path, cut } => {
            let slot = if machine.laser && (*beam == Beam::Off || cut.power <= 0.0) {
                TRAVEL
            } else {
                cut.role as u8
            };
            moves(program, machine, *path, f64::from(cut.feed), slot, at, t);
        }
        Step::Raster { path, feed, .. } => row(program, *path, f64::from(*feed), at, t),
        Step::Height { z, .. } => {
            if let Some(v) = at {
                let to = Vertex { z: *z, ..*v };
                t.line(mm(*v), mm(to), RAPID, TRAVEL);
                *v = to;
            }
        }
        Step::Beam(b) => *beam = *b,
        Step::Cycle { at: holes, cycle } => {
            for &h in program.path(*holes) {
                let go = (h, true, 0.0);
                for (to, rapid, wait) in std::iter::once(go).chain(drill_moves(h, cycle)) {
                    if let Some(from) = *at {
                        let (speed, slot) = if rapid {
                            (RAPID, TRAVEL)
                        } else {
                            (f64::from(cycle.feed), CutRole::Drill as u8)
                        };
                        t.line(mm(from), mm(to), speed, slot);
                    }
                    *at = Some(to);
                    if wait > 0.0 {
                        t.wait(f64::from(wait));
                    }
                }
            }
        }
        Step::Dwell(s) => t.wait(f64::from(s.max(0.0))),
        Step::Custom(text) if crate::write::moves(text) => *at = None,
        _ => {}
    }
}

/// A row of a picture: pixels along one axis are one move to the planner, which has no reason to slow down between
/// them.
fn row(program: &Program, path: Path, feed: f64, at: &mut Option<Vertex>, t: &mut Timer) {
    let slot = CutRole::Raster as u8;
    let senses = |a: Vertex, b: Vertex| [b.x.cmp(&a.x), b.y.cmp(&a.y), b.z.cmp(&a.z)];
    let along_axis = |s: [Ordering; 3]| s.iter().filter(|o| o.is_ne()).count() == 1;
    let targets = program.vertices.get(path.start as usize..path.end as usize);
    let Some((&first, rest)) = targets.and_then(<[Vertex]>::split_first) else {
        return;
    };
    let home = Vertex {
        z: first.z,
        ..Vertex::default()
    };
    let (mut from, mut to) = (at.unwrap_or(home), first);
    for &next in rest {
        let sense = senses(to, next);
        if sense != senses(from, to) || !along_axis(sense) {
            t.line(mm(from), mm(to), feed, slot);
            from = to;
        }
        to = next;
    }
    t.line(mm(from), mm(to), feed, slot);
    *at = Some(to);
}

fn moves(
    program: &Program,
    machine: &Machine,
    path: Path,
    speed: f64,
    slot: u8,
    at: &mut Option<Vertex>,
    t: &mut Timer,
) {
    let Some(targets) = program.vertices.get(path.start as usize..path.end as usize) else {
        return;
    };
    let list = &program.arcs;
    let mut k = list.partition_point(|a| a.vertex < path.start);
    for (i, &v) in targets.iter().enumerate() {
        // The machine begins where it was homed.
        let from = at.unwrap_or(Vertex {
            z: v.z,
            ..Vertex::default()
        });
        let arc = list.get(k).filter(|a| a.vertex == path.start + i as u32);
        k += usize::from(arc.is_some());
        match arc.filter(|_| at.is_some()) {
            Some(a) => {
                let r = a.center.dist(from.xy()) * 1e-5;
                let chord = if machine.arcs {
                    chord(r)
                } else {
                    2.0 * (2.0 * r * machine.arc_tolerance).sqrt()
                };
                let mut p = from;
                for q in arcs::pieces(from, v, *a, chord.max(1e-3) * 1e5) {
                    t.line(mm(p), mm(q), speed, slot);
                    p = q;
                }
            }
            None => t.line(mm(from), mm(v), speed, slot),
        }
        *at = Some(v);
    }
}

/// Times the text of any program on a machine; all its cuts count as [`CutRole::Cut`].
#[must_use]
pub fn estimate_text(text: &[u8], machine: &Machine) -> CutTime {
    let mut reader = TextTimer {
        timer: Timer::new(machine),
        laser: machine.laser,
    };
    State::default().read(text, &mut reader);
    reader.timer.finish()
}

struct TextTimer {
    timer: Timer,
    laser: bool,
}

impl Visitor for TextTimer {
    fn motion(&mut self, m: &Move) {
        let cuts = if self.laser { m.burns() } else { !m.rapid };
        let slot = if cuts { CutRole::Cut as u8 } else { TRAVEL };
        let speed = if m.rapid { RAPID } else { m.feed };
        let Some(arc) = m.arc else {
            return self.timer.line(m.from, m.to, speed, slot);
        };
        let (r, sweep) = arc.sweep(m.from, m.to);
        let n = (r * sweep.abs() / chord(r)).ceil().clamp(1.0, 1e5);
        let a = libm::atan2(m.from[1] - arc.center[1], m.from[0] - arc.center[0]);
        let mut from = m.from;
        for k in 1..=n as u32 {
            let t = f64::from(k) / n;
            let (sin, cos) = libm::sincos(a + sweep * t);
            let to = if k == n as u32 {
                m.to
            } else {
                let z = m.from[2] + (m.to[2] - m.from[2]) * t;
                [arc.center[0] + r * cos, arc.center[1] + r * sin, z]
            };
            self.timer.line(from, to, speed, slot);
            from = to;
        }
    }

    fn cycle(&mut self, c: &CycleCall) {
        for m in c.moves() {
            self.motion(&m);
        }
        if c.dwell > 0.0 {
            self.timer.wait(c.dwell);
        }
    }

    fn event(&mut self, event: Event, _: u64) {
        if let Event::Dwell(s) = event {
            self.timer.wait(s.max(0.0));
        }
    }
}
