//! Reads the G-code of any printer.
//!
//! In: bytes, of any slicer, valid or not. Out: calls to a [`Visitor`], one per move or event, with
//! positions in machine millimetres. Promised: no memory but the state, no panic on any input; what is
//! not understood is reported, never guessed.

mod code;
mod comment;
pub(crate) mod frame;
pub mod info;
pub(crate) mod lex;

use crate::program::Role;
use frame::Frame;
use lex::{Cursor, Words};

pub use comment::role_of;

/// An arc in the XY plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arc {
    /// The centre, mm.
    pub center: [f64; 2],
    /// Counter-clockwise (G3).
    pub ccw: bool,
}

/// One move.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Motion {
    /// Line of the file, from 1.
    pub line: u64,
    /// Start, machine mm.
    pub from: [f64; 3],
    /// End, machine mm.
    pub to: [f64; 3],
    /// Filament, mm; negative pulls back.
    pub e: f64,
    /// Speed, mm/s.
    pub speed: f64,
    /// What it is for, when comments say so.
    pub role: Option<Role>,
    /// Layers begun so far: 0 before the first.
    pub layer: u32,
    /// Width of the bead, mm; 0 when unknown.
    pub width: f32,
    /// Height of the bead, mm; 0 when unknown.
    pub height: f32,
    /// An arc instead of a line.
    pub arc: Option<Arc>,
    /// G0.
    pub rapid: bool,
    /// Both X and Y of the start are known (after the first absolute move; homing forgets them).
    pub known: bool,
}

impl Motion {
    /// Length of the way, mm.
    #[must_use]
    pub fn length(&self) -> f64 {
        frame::length(self.from, self.to, self.arc)
    }
}

impl Arc {
    /// Radius at the start, mm, and signed angle from start to end; a full turn when they coincide.
    #[must_use]
    pub fn sweep(&self, from: [f64; 3], to: [f64; 3]) -> (f64, f64) {
        let a = [from[0] - self.center[0], from[1] - self.center[1]];
        let b = [to[0] - self.center[0], to[1] - self.center[1]];
        let mut t = libm::atan2(a[0] * b[1] - a[1] * b[0], a[0] * b[0] + a[1] * b[1]);
        if self.ccw && t <= 1e-12 {
            t += std::f64::consts::TAU;
        } else if !self.ccw && t >= -1e-12 {
            t -= std::f64::consts::TAU;
        }
        (libm::hypot(a[0], a[1]), t)
    }
}

/// What a file says beside moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Event<'a> {
    /// A layer begins.
    Layer,
    /// The role changes.
    Role(Option<Role>),
    /// Hotend target, °C; `wait` for M109 and the like.
    Hotend {
        /// °C.
        celsius: f64,
        /// Waits.
        wait: bool,
    },
    /// Bed target.
    Bed {
        /// °C.
        celsius: f64,
        /// Waits.
        wait: bool,
    },
    /// Chamber target.
    Chamber {
        /// °C.
        celsius: f64,
        /// Waits.
        wait: bool,
    },
    /// Part fan, 0 to 255.
    Fan(f64),
    /// Accelerations, mm/s²: printing, travelling, retracting.
    Acceleration([Option<f64>; 3]),
    /// Limits of acceleration, X Y Z E (M201).
    MaxAcceleration([Option<f64>; 4]),
    /// Limits of speed, X Y Z E, as written (M203).
    MaxSpeed([Option<f64>; 4]),
    /// Jerk, X Y Z E, mm/s (M205, M566).
    Jerk([Option<f64>; 4]),
    /// Junction deviation, mm (M205 J).
    JunctionDeviation(f64),
    /// Klipper's square corner velocity, mm/s.
    SquareCornerVelocity(f64),
    /// Waits, s.
    Dwell(f64),
    /// Axes that are homed.
    Home([bool; 3]),
    /// G10 or G11.
    FirmwareRetract(bool),
    /// A tool.
    Tool(u32),
    /// A command word of a host or firmware macro.
    Macro(&'a [u8]),
    /// A comment, without `;`.
    Comment(&'a [u8]),
    /// A G or M code that offcut gives no meaning to.
    Other {
        /// `G` or `M`.
        letter: u8,
        /// Its number.
        number: f64,
    },
    /// A line that no firmware could follow.
    Malformed(&'a [u8]),
}

/// Receives what a file says, in order.
pub trait Visitor {
    /// A move.
    fn motion(&mut self, motion: &Motion);
    /// Anything else; `line` counts from 1.
    fn event(&mut self, event: Event, line: u64) {
        let _ = (event, line);
    }
}

/// State of a reader; can be kept between texts (custom G-code, layers).
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    frame: Frame,
    e: f64,
    speed: f64,
    absolute_e: bool,
    /// M82 or M83 was given: G90 and G91 leave the extruder alone.
    e_mode_given: bool,
    role: Option<Role>,
    layer: u32,
    markers: comment::Markers,
    width: f32,
    height: f32,
    line: u64,
}

impl Default for State {
    fn default() -> Self {
        Self {
            frame: Frame::default(),
            e: 0.0,
            speed: 0.0,
            absolute_e: true,
            e_mode_given: false,
            role: None,
            layer: 0,
            markers: comment::Markers::default(),
            width: 0.0,
            height: 0.0,
            line: 0,
        }
    }
}

impl State {
    /// Where the machine stands, mm.
    #[must_use]
    pub fn machine(&self) -> [f64; 3] {
        self.frame.machine(self.frame.position)
    }

    /// Sets where the machine stands, mm, and the speed, mm/s.
    pub fn place(&mut self, at: [f64; 3], speed: f64) {
        self.frame.position = at;
        self.frame.offset = [0.0; 3];
        self.frame.known = [true; 3];
        self.speed = speed;
    }

    /// Makes extruder distances relative (M83) or absolute (M82).
    pub fn set_relative_e(&mut self, relative: bool) {
        self.absolute_e = !relative;
        self.e_mode_given = true;
    }

    /// Lines read so far.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.line
    }
}

/// Reads a text.
pub fn read(text: &[u8], visitor: &mut impl Visitor) -> State {
    let mut state = State::default();
    state.read(text, visitor);
    state
}

impl State {
    /// Reads a text, going on from this state.
    pub fn read(&mut self, text: &[u8], visitor: &mut impl Visitor) {
        let mut c = Cursor { bytes: text, at: 0 };
        let mut words = Words::new();
        while c.at < text.len() {
            self.line += 1;
            c.skip_blanks();
            match c.peek() {
                b'G' | b'g' => self.g(&mut c, &mut words, visitor),
                b';' => {}
                b'\n' => {}
                _ => self.other(&mut c, &mut words, visitor),
            }
            self.finish_line(&mut c, visitor);
        }
    }

    /// Reads a comment, if one is left, and goes to the next line.
    #[inline(always)]
    fn finish_line(&mut self, c: &mut Cursor, visitor: &mut impl Visitor) {
        if c.peek() == b'\n' {
            c.at += 1;
            return;
        }
        let rest = c.rest_of_line();
        if let Some(i) = rest.iter().position(|&b| b == b';') {
            self.comment(&rest[i + 1..], visitor);
        }
    }

    /// A line that begins with G: the hot path.
    #[inline(always)]
    fn g(&mut self, c: &mut Cursor, words: &mut Words, visitor: &mut impl Visitor) {
        let start = c.at;
        c.at += 1;
        let digit = c.peek();
        let next = c.bytes.get(c.at + 1).copied().unwrap_or(b'\n');
        if matches!(digit, b'0'..=b'3') && !next.is_ascii_digit() && next != b'.' {
            c.at += 1;
            words.read(c);
            self.motion(digit - b'0', words, start, c, visitor);
            return;
        }
        c.at = start;
        self.other(c, words, visitor);
    }

    #[inline(always)]
    fn motion(&mut self, code: u8, w: &Words, start: usize, c: &Cursor, visitor: &mut impl Visitor) {
        if w.bare != 0 {
            visitor.event(Event::Malformed(line_from(c, start)), self.line);
            return;
        }
        let unit = self.frame.unit;
        let was_known = self.frame.placed();
        let to = self.frame.target(3, |l| w.get(l));
        let mut e = 0.0;
        if let Some(v) = w.get(b'E') {
            let v = v * unit;
            if self.absolute_e {
                e = v - self.e;
                self.e = v;
            } else {
                e = v;
            }
        }
        if let Some(f) = w.get(b'F') {
            self.speed = f * unit / 60.0;
        }
        let mut arc = None;
        if code >= 2 {
            arc = self.frame.arc(code == 3, to, false, |l| w.get(l));
            if arc.is_none() {
                visitor.event(Event::Malformed(line_from(c, start)), self.line);
            }
        }
        let motion = Motion {
            line: self.line,
            from: self.frame.machine(self.frame.position),
            to: self.frame.machine(to),
            e,
            speed: self.speed,
            role: self.role,
            layer: self.layer,
            width: self.width,
            height: self.height,
            arc,
            rapid: code == 0,
            known: was_known,
        };
        self.frame.position = to;
        visitor.motion(&motion);
    }
}

/// The line that holds `start`, for messages.
#[cold]
fn line_from<'a>(c: &Cursor<'a>, start: usize) -> &'a [u8] {
    Cursor {
        bytes: c.bytes,
        at: start,
    }
    .rest_of_line()
}
