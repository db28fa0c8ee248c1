//! Reads a written chunk back and compares it with the program.
//!
//! Every move has to go to the next target of the program (or on along its arc), as a rapid or a cut, with its rate
//! and power; nothing may be missing and nothing added.

use super::cycle::drill_moves;
use super::dialect::BeamForm;
use super::emit::{um, um3};
use super::read::{CycleCall, Event, Mode, Move, State, Visitor};
use super::{Chunk, DwellForm, Machine};
use crate::arcs;
use crate::error::Error;
use crate::program::{ArcMove, Beam, Cut, FULL_POWER, Path, Program, Step, Vertex};
use std::collections::VecDeque;

/// Points of an arc written as lines may lie so far off its circle, µm: rounding of both.
const ON_CIRCLE: f64 = 2.5;

/// Arcs below this length whose ends round to one point are no move, grid units.
const SPECK: f64 = 300.0;

/// What the next move has to be.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    to: Vertex,
    rapid: bool,
    /// mm/min in thousandths.
    feed: i64,
    /// Thousandths.
    s: i64,
    arc: Option<ArcMove>,
    /// The start of the arc, or of what is left of it.
    from: Vertex,
    /// Only the height is known.
    height_only: bool,
}

struct Walker<'a> {
    program: &'a Program,
    machine: &'a Machine,
    steps: &'a [Step],
    at: Option<Vertex>,
    beam: Beam,
    path: Path,
    arc: usize,
    how: (bool, i64, i64),
    /// Index of the power of the path's first target.
    powers: Option<u32>,
    drill: VecDeque<Wanted>,
    /// Moves of custom lines that are not the program's.
    skip: usize,
    next: Option<Wanted>,
    fault: Option<(u64, String)>,
}

/// Compares a chunk with its steps.
pub(super) fn compare(program: &Program, machine: &Machine, chunk: &Chunk, text: &[u8]) -> Result<(), Error> {
    let mut w = Walker {
        program,
        machine,
        steps: &program.steps[chunk.steps.clone()],
        at: chunk.carry.at,
        beam: chunk.carry.beam,
        path: Path { start: 0, end: 0 },
        arc: 0,
        how: (true, 0, 0),
        powers: None,
        drill: VecDeque::new(),
        skip: 0,
        next: None,
        fault: None,
    };
    let place = chunk.carry.at.map(|v| um3(v).map(|c| c as f64 / 1000.0));
    let mut state = State::at(place, mode(machine, chunk.carry.beam));
    state.milliseconds = machine.dialect().dwell == DwellForm::Milliseconds;
    state.read(text, &mut w);
    if w.fault.is_none() && w.wanted().is_some() {
        w.fault = Some((state.lines(), "moves are missing at the end".into()));
    }
    match w.fault {
        None => Ok(()),
        Some((line, what)) => Err(Error::Mismatch {
            chunk: chunk.steps.start,
            line: line as usize,
            what,
        }),
    }
}

/// What the reader has to say of a state of the laser.
fn mode(m: &Machine, b: Beam) -> Mode {
    match (m.dialect().beam, b) {
        (BeamForm::Pin(_), _) | (_, Beam::Off) => Mode::Off,
        (_, Beam::Constant) => Mode::Constant,
        (BeamForm::Words { dynamic, .. }, Beam::Dynamic) if dynamic.starts_with("M4") => Mode::Dynamic,
        (_, Beam::Dynamic) => Mode::Constant,
    }
}

fn rate(speed: f32) -> i64 {
    (f64::from(speed) * 60_000.0).round() as i64
}

impl Walker<'_> {
    fn open(&mut self, path: Path, rapid: bool, speed: f32, power: f64) {
        let on = self.machine.laser && self.beam != Beam::Off && !rapid;
        self.path = path;
        self.how = (
            rapid,
            rate(speed),
            if on { self.machine.s_word(power) } else { 0 },
        );
        self.powers = None;
    }

    /// The next move of the program, moves that rounding makes nothing of left out.
    fn wanted(&mut self) -> Option<Wanted> {
        loop {
            if let Some(n) = self.next {
                return Some(n);
            }
            let n = self.step_on()?;
            let speck = |a: ArcMove| arcs::length(n.from, n.to, a) < SPECK;
            let still = self.at.is_some_and(|a| um3(a) == um3(n.to)) && n.arc.is_none_or(speck);
            if still {
                self.at = Some(n.to);
            } else {
                self.next = Some(n);
            }
        }
    }

    fn step_on(&mut self) -> Option<Wanted> {
        loop {
            if let Some(d) = self.drill.pop_front() {
                return Some(d);
            }
            if self.path.start < self.path.end {
                return Some(self.target());
            }
            let (step, rest) = self.steps.split_first()?;
            self.steps = rest;
            match step {
                Step::Travel { path, speed } => self.open(*path, true, *speed, 0.0),
                Step::Cut {
                    path,
                    cut: Cut { feed, power, .. },
                } => {
                    self.open(*path, false, *feed, f64::from(*power));
                }
                Step::Raster { path, powers, feed } => {
                    self.open(*path, false, *feed, 0.0);
                    self.powers = Some(*powers);
                }
                Step::Beam(b) => self.beam = *b,
                Step::Height { z, speed } if self.machine.z_axis => {
                    let to = Vertex {
                        z: *z,
                        ..self.at.unwrap_or_default()
                    };
                    if self.at.is_none_or(|a| um(a.z) != um(*z)) {
                        return Some(Wanted {
                            to,
                            rapid: true,
                            feed: rate(*speed),
                            s: 0,
                            arc: None,
                            from: to,
                            height_only: self.at.is_none(),
                        });
                    }
                }
                Step::Custom(text) if crate::write::moves(text) => {
                    let mut count = Count(0);
                    State::default().read(text.as_bytes(), &mut count);
                    self.skip += count.0;
                    self.at = None;
                }
                Step::Cycle { at, cycle } => {
                    let speed = (self.machine.speed[2] as f32).max(0.01);
                    for &h in self.program.path(*at) {
                        let go = |to: Vertex, rapid: bool, feed: f32| Wanted {
                            to,
                            rapid,
                            feed: rate(feed),
                            s: 0,
                            arc: None,
                            from: to,
                            height_only: false,
                        };
                        self.drill.push_back(go(h, true, speed));
                        let moves = drill_moves(h, cycle).into_iter();
                        self.drill.extend(
                            moves.map(|(v, fast, _)| go(v, fast, if fast { speed } else { cycle.feed })),
                        );
                    }
                }
                _ => {}
            }
        }
    }

    /// The next target of the open path.
    fn target(&mut self) -> Wanted {
        let i = self.path.start;
        self.path.start += 1;
        let to = self.program.vertices[i as usize];
        let list = &self.program.arcs;
        if list.get(self.arc).is_none_or(|a| a.vertex < i) {
            self.arc = list.partition_point(|a| a.vertex < i);
        }
        let arc = list.get(self.arc).filter(|a| a.vertex == i && self.at.is_some());
        let (rapid, feed, mut s) = self.how;
        if let Some(first) = &mut self.powers {
            let p = self.program.powers.get(*first as usize).copied().unwrap_or(0);
            *first += 1;
            let share = f64::from(p) / f64::from(FULL_POWER);
            s = if self.machine.laser && self.beam != Beam::Off {
                self.machine.s_word(share)
            } else {
                0
            };
        }
        Wanted {
            to,
            rapid,
            feed,
            s,
            arc: arc.copied(),
            from: self.at.unwrap_or(to),
            height_only: false,
        }
    }

    #[cold]
    fn differs(&mut self, line: u64, what: String) {
        if self.fault.is_none() {
            self.fault = Some((line, what));
        }
    }

    /// Goes on to the next target.
    fn arrive(&mut self, to: Vertex) {
        self.at = Some(to);
        self.next = None;
    }

    /// A line on an arc that is written as lines: it has to end on the circle, farther along.
    fn along(&mut self, end: [i64; 3], line: u64, n: Wanted, arc: ArcMove) {
        if end == um3(n.to) && (end != um3(n.from) || n.from.xy() != n.to.xy()) {
            return self.arrive(n.to);
        }
        let c = (f64::from(arc.center.x) / 100.0, f64::from(arc.center.y) / 100.0);
        let r = arc.center.dist(n.from.xy()) / 100.0;
        let d = libm::hypot(end[0] as f64 - c.0, end[1] as f64 - c.1);
        let here = Vertex {
            x: (end[0] * 100) as i32,
            y: (end[1] * 100) as i32,
            z: (end[2] * 100) as i32,
        };
        let (rest, done) = (arcs::length(n.from, n.to, arc), arcs::length(n.from, here, arc));
        if (d - r).abs() > ON_CIRCLE || done > rest + 200.0 {
            return self.differs(line, format!("a line of an arc ends {:.1} µm off it", d - r));
        }
        self.at = Some(here);
        self.next = Some(Wanted { from: here, ..n });
    }
}

fn close(a: i64, b: f64) -> bool {
    (a as f64 - b * 1000.0).abs() < 0.3
}

impl Visitor for Walker<'_> {
    fn motion(&mut self, m: &Move) {
        if self.fault.is_some() {
            return;
        }
        let n = self.wanted();
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        let Some(n) = n else {
            return self.differs(m.line, "there is a move that the program does not have".into());
        };
        let end = m.to.map(|c| (c * 1000.0).round() as i64);
        if m.rapid != n.rapid {
            let kinds = if n.rapid {
                "a cut instead of a travel"
            } else {
                "a travel instead of a cut"
            };
            return self.differs(m.line, kinds.into());
        }
        let armed = match self.machine.dialect().beam {
            BeamForm::Pin(_) if n.s > 0 => Mode::Constant,
            _ => mode(self.machine, self.beam),
        };
        if self.machine.laser && m.mode != armed {
            return self.differs(
                m.line,
                format!("the laser's state is {:?} instead of {armed:?}", m.mode),
            );
        }
        let s = if m.mode == Mode::Off { 0.0 } else { m.s };
        if self.machine.laser && !close(n.s, s) {
            return self.differs(m.line, format!("S is {s}, it should be {}", n.s as f64 / 1e3));
        }
        if !n.rapid && !close(n.feed, m.feed * 60.0) {
            let want = n.feed as f64 / 1e3;
            return self.differs(m.line, format!("F is {}, it should be {want}", m.feed * 60.0));
        }
        let want = um3(n.to);
        match (m.arc, n.arc) {
            (None, None) => {
                let axes = if n.height_only {
                    2..3
                } else {
                    0..if self.machine.z_axis { 3 } else { 2 }
                };
                if axes.clone().any(|i| end[i] != want[i]) {
                    let text = format!("a move goes to {:?} µm instead of {want:?}", end);
                    return self.differs(m.line, text);
                }
                if n.height_only {
                    self.next = None;
                } else {
                    self.arrive(n.to);
                }
            }
            (None, Some(arc)) => self.along(end, m.line, n, arc),
            (Some(a), Some(arc)) => {
                let c = [um(arc.center.x), um(arc.center.y)];
                let off = (0..2).any(|i| (a.center[i] * 1000.0 - c[i] as f64).abs() > 1.5);
                if off || a.ccw != arc.ccw {
                    return self.differs(
                        m.line,
                        format!("an arc's centre is {:?} mm instead of {c:?} µm", a.center),
                    );
                }
                self.along(end, m.line, n, arc);
            }
            (Some(_), None) => self.differs(m.line, "an arc instead of a line".into()),
        }
    }

    fn cycle(&mut self, c: &CycleCall) {
        for m in c.moves().iter().filter(|m| m.from != m.to) {
            self.motion(m);
        }
    }

    fn event(&mut self, event: Event, line: u64) {
        if let Event::Malformed(text) = event {
            let text = String::from_utf8_lossy(text).into_owned();
            self.differs(line, format!("it can't be read: {text}"));
        }
    }
}

struct Count(usize);

impl Visitor for Count {
    fn motion(&mut self, _: &Move) {
        self.0 += 1;
    }
}
