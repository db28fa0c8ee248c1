//! Reads a written chunk back and compares it with the program.
//!
//! Every move has to go to the next target of the program (or on along its arc), as a rapid or a cut, with its rate
//! and power or the spindle's turn; waits, coolant and tools have to come between the right moves; nothing may be
//! missing and nothing added.

mod pixels;

use super::cycle::drill_moves;
use super::dialect::BeamForm;
use super::emit::{um, um3};
use super::read::{CycleCall, Event, Mode, Move, State, Visitor};
use super::said::{Said, coolant, tool};
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
    /// The wait after it, s.
    wait: f32,
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
    /// Turns of the spindle, thousandths per minute, and their direction; none while nobody knows.
    spindle: Option<(i64, bool)>,
    /// What the text has to say before the next move, beside moves.
    said: VecDeque<Said>,
    /// Index behind the last step.
    until: usize,
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
        spindle: chunk.carry.spindle,
        said: VecDeque::new(),
        until: chunk.steps.end,
        skip: 0,
        next: None,
        fault: None,
    };
    let place = chunk.carry.at.map(|v| um3(v).map(|c| c as f64 / 1000.0));
    let turns = if machine.laser { None } else { chunk.carry.spindle };
    let (begin, s) = match turns {
        Some((s, ccw)) => (turning(s, ccw), s as f64 / 1000.0),
        None => (mode(machine, chunk.carry.beam), 0.0),
    };
    let mut state = State::at(place, begin, s);
    state.milliseconds = machine.dialect().dwell == DwellForm::Milliseconds;
    state.read(text, &mut w);
    if w.fault.is_none() && w.wanted().is_some() {
        w.fault = Some((state.lines(), "moves are missing at the end".into()));
    }
    w.all_said(state.lines());
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

/// The same where the power is `s`.
fn armed(m: &Machine, b: Beam, s: i64) -> Mode {
    match m.dialect().beam {
        BeamForm::Pin(_) if s > 0 => Mode::Constant,
        _ => mode(m, b),
    }
}

fn share(power: u16) -> f64 {
    f64::from(power) / f64::from(FULL_POWER)
}

/// What the reader has to say of a spindle.
fn turning(s: i64, ccw: bool) -> Mode {
    match (s, ccw) {
        (0, _) => Mode::Off,
        (_, false) => Mode::Constant,
        (_, true) => Mode::Dynamic,
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
                self.next = Some(n);
                self.arrive(n.to);
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
                Step::Beam(b) => {
                    self.beam = *b;
                    self.spindle = None;
                }
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
                            wait: 0.0,
                        });
                    }
                }
                Step::Spindle { rpm, ccw } => {
                    let s = (f64::from(*rpm) * 1e3).round() as i64;
                    self.spindle = Some((s, *ccw && s > 0));
                }
                Step::Coolant(c) => self.said.extend(coolant(self.machine.dialect(), *c)),
                Step::Dwell(s) => self.said.push_back(Said::wait(*s)),
                Step::Tool(n) => {
                    let first = !self.program.steps[..self.step_index()]
                        .iter()
                        .any(|s| matches!(s, Step::Tool(_)));
                    let number = self.program.tools.get(*n as usize).map_or(0, |t| t.number);
                    self.said.extend(tool(self.machine, number, first));
                    // A pause stops the spindle, a changer may.
                    self.spindle = None;
                }
                Step::Custom(text) => {
                    let mut own = Own::default();
                    State::default().read(text.as_bytes(), &mut own);
                    self.said.extend((0..own.said).map(|_| Said::Anything));
                    // Lines of the user's own may turn the spindle.
                    self.spindle = None;
                    if crate::write::moves(text) {
                        self.skip += own.moves;
                        self.at = None;
                    }
                }
                Step::Cycle { at, cycle } => {
                    let speed = (self.machine.speed[2] as f32).max(0.01);
                    for &h in self.program.path(*at) {
                        let go = |to: Vertex, rapid: bool, feed: f32, wait: f32| Wanted {
                            to,
                            rapid,
                            feed: rate(feed),
                            s: 0,
                            arc: None,
                            from: to,
                            height_only: false,
                            wait,
                        };
                        self.drill.push_back(go(h, true, speed, 0.0));
                        let moves = drill_moves(h, cycle).into_iter();
                        self.drill.extend(
                            moves.map(|(v, fast, wait)| {
                                go(v, fast, if fast { speed } else { cycle.feed }, wait)
                            }),
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
            s = if self.machine.laser && self.beam != Beam::Off {
                self.machine.s_word(share(p))
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
            wait: 0.0,
        }
    }

    #[cold]
    fn differs(&mut self, line: u64, what: String) {
        if self.fault.is_none() {
            self.fault = Some((line, what));
        }
    }

    /// Index of the step that is being looked at.
    fn step_index(&self) -> usize {
        self.until - self.steps.len() - 1
    }

    /// All that had to be said before a move is said.
    fn all_said(&mut self, line: u64) {
        if let Some(s) = self.said.pop_front() {
            self.differs(line, format!("{s} is missing before it"));
        }
    }

    /// Goes on to the next target.
    fn arrive(&mut self, to: Vertex) {
        self.at = Some(to);
        if let Some(n) = self.next.take().filter(|n| n.wait > 0.0) {
            self.said.push_back(Said::wait(n.wait));
        }
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
        if self.fault.is_some() || self.pixels(m) {
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
        self.all_said(m.line);
        if let (false, Some((s, ccw))) = (self.machine.laser, self.spindle) {
            let turns = m.mode == turning(s, ccw) && (s == 0 || close(s, m.s));
            if !turns {
                let what = format!(
                    "the spindle is {:?} S{}, it should turn with {}",
                    m.mode,
                    m.s,
                    s as f64 / 1e3
                );
                return self.differs(m.line, what);
            }
        }
        let end = m.to.map(|c| (c * 1000.0).round() as i64);
        if m.rapid != n.rapid {
            let kinds = if n.rapid {
                "a cut instead of a travel"
            } else {
                "a travel instead of a cut"
            };
            return self.differs(m.line, kinds.into());
        }
        let armed = armed(self.machine, self.beam, n.s);
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
            if m.to[2] <= c.bottom && c.dwell > 0.0 {
                self.event(Event::Dwell(c.dwell), m.line);
            } else if c.peck > 0.0 {
                // Cycles with pecks have no wait.
                self.said.clear();
            }
        }
    }

    fn event(&mut self, event: Event, line: u64) {
        if self.fault.is_some() {
            return;
        }
        if let Event::Malformed(text) = event {
            let text = String::from_utf8_lossy(text).into_owned();
            return self.differs(line, format!("it can't be read: {text}"));
        }
        if !Said::counts(&event) {
            return;
        }
        self.wanted();
        match self.said.pop_front() {
            Some(s) if s.is(&event) => {}
            Some(s) => self.differs(line, format!("{event:?} instead of {s}")),
            None => self.differs(line, format!("{event:?} is not in the program")),
        }
    }
}

/// Counts what lines of the user's own say.
#[derive(Default)]
struct Own {
    moves: usize,
    said: usize,
}

impl Visitor for Own {
    fn motion(&mut self, _: &Move) {
        self.moves += 1;
    }

    fn event(&mut self, event: Event, _: u64) {
        self.said += usize::from(Said::counts(&event));
    }
}

#[cfg(test)]
mod tests;
