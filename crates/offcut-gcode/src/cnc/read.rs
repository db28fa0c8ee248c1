//! Reads the G-code of any laser or mill.
//!
//! In: bytes, of any program, valid or not. Out: calls to a [`Visitor`], one per move or event, with positions in
//! machine millimetres. Promised: no memory but the state, no panic on any input; what is not understood is
//! reported, never guessed. The order of execution within a line is that of the NIST RS274/NGC interpreter.

mod code;
mod line;

use super::cycle::drill_moves;
use crate::program::{DrillCycle, Vertex};
use crate::read::Arc;
use crate::read::frame::{self, Frame};
use crate::read::lex::Cursor;
use line::LineWords;
use offcut_geometry::{grid, to_mm};

/// Whether the beam may burn or the spindle turns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// M5.
    #[default]
    Off,
    /// M3.
    Constant,
    /// M4.
    Dynamic,
}

/// One move.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Move {
    /// Line of the text, from 1.
    pub line: u64,
    /// Start, machine mm.
    pub from: [f64; 3],
    /// End, machine mm.
    pub to: [f64; 3],
    /// An arc instead of a line.
    pub arc: Option<Arc>,
    /// G0.
    pub rapid: bool,
    /// mm/s; 0 when none was given.
    pub feed: f64,
    /// S.
    pub s: f64,
    /// M3, M4 or M5.
    pub mode: Mode,
    /// X and Y of the start are known.
    pub known: bool,
}

impl Move {
    /// Length of the way, mm.
    #[must_use]
    pub fn length(&self) -> f64 {
        frame::length(self.from, self.to, self.arc)
    }

    /// Power is asked for: S above 0 while M3 or M4 holds.
    #[must_use]
    pub fn powered(&self) -> bool {
        self.mode != Mode::Off && self.s > 0.0
    }

    /// A laser burns on this move: powered, and no G0.
    #[must_use]
    pub fn burns(&self) -> bool {
        self.powered() && !self.rapid
    }
}

/// A canned drilling cycle at one hole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CycleCall {
    /// Its G code: 73, 81, 82 or 83.
    pub code: u32,
    /// The hole; z is the height before and after.
    pub hole: [f64; 3],
    /// Height of the R plane, mm.
    pub retract: f64,
    /// Height of the bottom, mm.
    pub bottom: f64,
    /// Depth of a peck, mm; 0 none.
    pub peck: f64,
    /// Wait at the bottom, s.
    pub dwell: f64,
    /// mm/s.
    pub feed: f64,
    /// The state around it, from where it begins.
    pub before: Move,
}

/// What a text says beside moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Event<'a> {
    /// M3, M4 or M5, with S.
    Mode(Mode, f64),
    /// Waits, s.
    Dwell(f64),
    /// M7, M8 or M9.
    Coolant(u32),
    /// A tool is changed to.
    Tool(u32),
    /// M0 or M1.
    Pause,
    /// M2 or M30.
    End,
    /// Goes home: G28, G30 or `$H`.
    Home,
    /// A command of a host or firmware macro.
    Macro(&'a [u8]),
    /// A comment.
    Comment(&'a [u8]),
    /// A G or M code without a meaning here.
    Other {
        /// `G` or `M`.
        letter: u8,
        /// Its number.
        number: f64,
    },
    /// A line that no firmware could follow.
    Malformed(&'a [u8]),
}

/// Receives what a text says, in order.
pub trait Visitor {
    /// A move.
    fn motion(&mut self, motion: &Move);
    /// A canned cycle; by default its moves.
    fn cycle(&mut self, cycle: &CycleCall) {
        for m in cycle.moves() {
            self.motion(&m);
        }
        if cycle.dwell > 0.0 {
            self.event(Event::Dwell(cycle.dwell), cycle.before.line);
        }
    }
    /// Anything else; `line` counts from 1.
    fn event(&mut self, event: Event, line: u64) {
        let _ = (event, line);
    }
}

impl CycleCall {
    /// The cycle as plain moves.
    #[must_use]
    pub fn moves(&self) -> Vec<Move> {
        let hole = Vertex {
            x: grid(self.hole[0]),
            y: grid(self.hole[1]),
            z: grid(self.hole[2]),
        };
        let c = DrillCycle {
            retract: grid(self.retract),
            bottom: grid(self.bottom),
            peck: grid(self.peck),
            chip_break: self.code == 73,
            dwell: 0.0,
            feed: self.feed as f32,
        };
        let mut at = self.before.from;
        let above = [self.hole[0], self.hole[1], at[2].max(self.hole[2])];
        let way = drill_moves(hole, &c).into_iter().map(|(v, rapid, _)| {
            let to = [self.hole[0], self.hole[1], to_mm(v.z)];
            (to, rapid)
        });
        let mut out = Vec::new();
        for (to, rapid) in std::iter::once((above, true)).chain(way) {
            out.push(Move {
                from: at,
                to,
                rapid,
                arc: None,
                feed: self.feed,
                ..self.before
            });
            at = to;
        }
        out
    }
}

/// State of a reader; can be kept between texts.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    frame: Frame,
    /// G code of the motion mode in tenths.
    motion: Option<u16>,
    feed: f64,
    s: f64,
    mode: Mode,
    /// I and J are coordinates (G90.1).
    absolute_ij: bool,
    /// Canned cycles come back to the height before (G98) instead of R (G99).
    to_initial: bool,
    /// R, Z, Q, P of the last cycle, mm and s; the height before it.
    cycle: [f64; 4],
    initial: f64,
    /// P of G4 counts milliseconds.
    pub(super) milliseconds: bool,
    tool: u32,
    line: u64,
    ended: bool,
}

impl Default for State {
    fn default() -> Self {
        Self {
            frame: Frame::default(),
            motion: None,
            feed: 0.0,
            s: 0.0,
            mode: Mode::Off,
            absolute_ij: false,
            to_initial: true,
            cycle: [0.0; 4],
            initial: 0.0,
            milliseconds: false,
            tool: 0,
            line: 0,
            ended: false,
        }
    }
}

impl State {
    /// A state that stands at a point, mm, with the mode and S given.
    pub(super) fn at(place: Option<[f64; 3]>, mode: Mode, s: f64) -> Self {
        Self {
            frame: Frame {
                position: place.unwrap_or_default(),
                known: [place.is_some(); 3],
                ..Frame::default()
            },
            mode,
            s,
            ..Self::default()
        }
    }

    /// Where the machine stands, mm.
    #[must_use]
    pub fn machine(&self) -> [f64; 3] {
        self.frame.machine(self.frame.position)
    }

    /// M3, M4 or M5, and S.
    #[must_use]
    pub fn power(&self) -> (Mode, f64) {
        (self.mode, self.s)
    }

    /// M2 or M30 was read.
    #[must_use]
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// Lines read so far.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.line
    }

    /// Reads a text, going on from this state.
    pub fn read(&mut self, text: &[u8], visitor: &mut impl Visitor) {
        let mut c = Cursor { bytes: text, at: 0 };
        let mut w = LineWords::default();
        while c.at < text.len() {
            self.line += 1;
            c.skip_blanks();
            let start = c.at;
            if is_macro(&c) {
                let text = c.rest_of_line();
                self.command(text, visitor);
                continue;
            }
            let whole = w.read(&mut c, |comment| {
                visitor.event(Event::Comment(comment), self.line)
            });
            if !whole {
                c.at = start;
                let rest = c.rest_of_line();
                visitor.event(Event::Malformed(rest.trim_ascii()), self.line);
                continue;
            }
            c.rest_of_line();
            if !w.is_empty() {
                self.execute(&w, visitor);
            }
        }
    }

    /// A host's or firmware's own command.
    fn command(&mut self, text: &[u8], visitor: &mut impl Visitor) {
        let text = text.split(|b| *b == b';').next().unwrap_or(text).trim_ascii();
        if text.starts_with(b"$H") {
            self.frame.known = [false; 3];
            return visitor.event(Event::Home, self.line);
        }
        if text.first() == Some(&b'$') || text.first() == Some(&b'%') {
            return;
        }
        if text.to_ascii_uppercase().starts_with(b"SET_PIN PIN=LASER VALUE=") {
            let mut c = Cursor { bytes: text, at: 24 };
            self.s = c.number().unwrap_or(0.0);
            self.mode = if self.s > 0.0 { Mode::Constant } else { Mode::Off };
            return visitor.event(Event::Mode(self.mode, self.s), self.line);
        }
        visitor.event(Event::Macro(text), self.line);
    }

    fn execute(&mut self, w: &LineWords, visitor: &mut impl Visitor) {
        let line = self.line;
        if let Some(f) = w.get(b'F') {
            self.feed = f * self.frame.unit / 60.0;
        }
        if let Some(s) = w.get(b'S').filter(|_| !w.takes_s()) {
            self.s = s;
        }
        if let Some(t) = w.get(b'T') {
            self.tool = t.max(0.0) as u32;
            if !w.has_m(60) {
                visitor.event(Event::Tool(self.tool), line);
            }
        }
        for &m in w.m() {
            self.m_code(m, w, visitor);
        }
        let mut axes = true;
        for &g in w.g() {
            axes &= self.g_code(g, w, visitor);
        }
        let moves = b"XYZ".iter().any(|l| w.has(*l))
            || (matches!(self.motion, Some(20 | 30)) && (w.has(b'I') || w.has(b'J')));
        if axes && moves {
            self.go(w, visitor);
        }
        if w.has_m(20) || w.has_m(300) {
            self.ended = true;
            self.mode = Mode::Off;
            visitor.event(Event::End, line);
        }
    }

    fn go(&mut self, w: &LineWords, visitor: &mut impl Visitor) {
        let Some(code) = self.motion else {
            visitor.event(
                Event::Malformed(b"coordinates without a motion (G0 to G3)"),
                self.line,
            );
            return;
        };
        let known = self.frame.placed();
        let canned = code >= 730;
        let to = self.frame.target(if canned { 2 } else { 3 }, |l| w.get(l));
        let mut m = Move {
            line: self.line,
            from: self.frame.machine(self.frame.position),
            to: self.frame.machine(to),
            arc: None,
            rapid: code == 0,
            feed: self.feed,
            s: self.s,
            mode: self.mode,
            known,
        };
        if canned {
            return self.canned(code, w, to, m, visitor);
        }
        if code >= 20 {
            m.arc = self.frame.arc(code == 30, to, self.absolute_ij, |l| w.get(l));
            if m.arc.is_none() {
                visitor.event(
                    Event::Malformed(b"an arc without a centre or with a bad radius"),
                    self.line,
                );
            }
        }
        self.frame.position = to;
        visitor.motion(&m);
    }

    fn canned(&mut self, code: u16, w: &LineWords, to: [f64; 3], before: Move, visitor: &mut impl Visitor) {
        let lengths = self.frame.unit;
        for (i, l) in b"RZQP".iter().enumerate() {
            if let Some(v) = w.get(*l) {
                self.cycle[i] = if *l == b'P' { v } else { v * lengths };
            }
        }
        let [retract, bottom, peck, dwell] = self.cycle;
        let o = self.frame.offset[2];
        let height = if self.to_initial {
            self.initial.max(retract)
        } else {
            retract
        };
        let call = CycleCall {
            code: u32::from(code / 10),
            hole: [before.to[0], before.to[1], height + o],
            retract: retract + o,
            bottom: bottom + o,
            peck: if matches!(code, 730 | 830) { peck } else { 0.0 },
            dwell: if code == 820 { dwell } else { 0.0 },
            feed: self.feed,
            before,
        };
        self.frame.position = [to[0], to[1], height];
        visitor.cycle(&call);
    }
}

/// A line that is no G-code: `%`, `$`, or a word of two letters or more.
fn is_macro(c: &Cursor) -> bool {
    let b = c.peek();
    let next = c.bytes.get(c.at + 1).copied().unwrap_or(b'\n');
    let word = |b: u8| b.is_ascii_alphabetic() || b == b'_';
    matches!(b, b'$' | b'%') || (word(b) && word(next))
}

/// Reads a text.
pub fn read(text: &[u8], visitor: &mut impl Visitor) -> State {
    let mut state = State::default();
    state.read(text, visitor);
    state
}
