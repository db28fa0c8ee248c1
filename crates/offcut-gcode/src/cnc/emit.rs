//! Steps become lines. In: a range of steps and what is known at its start. Out: text.
//!
//! A chunk depends on nothing but its carry: feed and power are unknown where it begins, so that chunks can be
//! written in any order.

use super::cycle::drill_moves;
use super::dialect::BeamForm;
use super::{Carry, Dialect, Machine, emit_words};
use crate::arcs;
use crate::error::Error;
use crate::program::{ArcMove, Beam, DrillCycle, FULL_POWER, Path, Program, Step, Vertex};
use crate::write::text::{Line, milli_text, nearest};
use offcut_geometry::Coord;
use std::ops::Range;

/// A rate or power that the firmware has not been told.
const UNKNOWN: i64 = -1;

/// Grid units to µm.
#[inline(always)]
pub(super) fn um(v: Coord) -> i64 {
    i64::from((v + 50).div_euclid(100))
}

pub(super) fn um3(v: Vertex) -> [i64; 3] {
    [um(v.x), um(v.y), um(v.z)]
}

/// Writes the lines of one chunk.
pub(super) struct Emitter<'a> {
    program: &'a Program,
    machine: &'a Machine,
    dialect: &'static Dialect,
    out: Vec<u8>,
    line: Line,
    /// Where the machine stands; none when it is not known.
    at: Option<Vertex>,
    /// The same as written, µm.
    written: [i64; 3],
    beam: Beam,
    /// G word of the last move; 9 when there was none.
    code: u8,
    /// mm/min in thousandths.
    feed: i64,
    /// S in thousandths.
    s: i64,
    arc: usize,
}

/// Rate and power of a move; G0 has no rate.
#[derive(Clone, Copy)]
struct How {
    rapid: bool,
    feed: i64,
    s: i64,
}

impl<'a> Emitter<'a> {
    pub(super) fn new(program: &'a Program, machine: &'a Machine, carry: Carry, mut out: Vec<u8>) -> Self {
        out.clear();
        Self {
            program,
            machine,
            dialect: machine.dialect(),
            out,
            line: Line::new(),
            at: carry.at,
            written: carry.at.map_or([0; 3], um3),
            beam: carry.beam,
            code: 9,
            feed: UNKNOWN,
            s: UNKNOWN,
            arc: 0,
        }
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.out
    }

    pub(super) fn steps(&mut self, range: Range<usize>) -> Result<(), Error> {
        let program = self.program;
        for i in range {
            self.step(i, &program.steps[i])?;
        }
        Ok(())
    }

    fn step(&mut self, index: usize, step: &Step) -> Result<(), Error> {
        match step {
            Step::Travel { path, speed } => {
                let feed = self.rate(index, *speed)?;
                let how = How {
                    rapid: true,
                    feed,
                    s: 0,
                };
                self.moves(index, *path, how)?;
            }
            Step::Height { z, speed } => {
                let feed = self.rate(index, *speed)?;
                let to = Vertex {
                    z: *z,
                    ..self.at.unwrap_or_default()
                };
                let how = How {
                    rapid: true,
                    feed,
                    s: 0,
                };
                self.height(um(*z), how);
                self.at = self.at.map(|_| to);
            }
            Step::Cut { path, cut } => {
                let feed = self.rate(index, cut.feed)?;
                let s = self.power(index, f64::from(cut.power))?;
                let how = How {
                    rapid: false,
                    feed,
                    s,
                };
                self.moves(index, *path, how)?;
            }
            Step::Raster { path, powers, feed } => self.raster(index, *path, *powers, *feed)?,
            Step::Beam(b) => self.set_beam(*b),
            Step::Spindle { rpm, ccw } => {
                let s = nearest(self.number(index, "a spindle speed of (rpm)", f64::from(*rpm))? * 1e3);
                match (s, ccw) {
                    (0, _) => self.text("M5"),
                    (_, false) => self.text(&format!("M3 S{}", milli_text(s))),
                    (_, true) => self.text(&format!("M4 S{}", milli_text(s))),
                }
            }
            Step::Coolant(c) => self.text(emit_words::coolant(self.dialect, *c)),
            Step::Tool(n) => {
                let tool = self.program.tools.get(*n as usize).ok_or(Error::BrokenProgram {
                    step: index,
                    what: "tool",
                    index: *n,
                })?;
                let earlier = &self.program.steps[..index];
                let first = !earlier.iter().any(|s| matches!(s, Step::Tool(_)));
                emit_words::tool(self.machine, tool, first, &mut self.out);
            }
            Step::Cycle { at, cycle } => self.cycle(index, *at, cycle)?,
            Step::Dwell(s) => {
                let s = self.number(index, "a dwell of (s)", f64::from(*s))?;
                self.text(&emit_words::dwell(self.dialect, s));
            }
            Step::Custom(text) => {
                for line in text.lines().map(str::trim_end).filter(|l| !l.is_empty()) {
                    self.text(line);
                }
                if crate::write::moves(text) {
                    self.at = None;
                }
                (self.code, self.feed, self.s) = (9, UNKNOWN, UNKNOWN);
            }
            Step::Comment(text) => emit_words::comment(self.dialect, text, &mut self.out),
            Step::ObjectStart(n) => {
                if let Some(o) = self.program.objects.get(*n as usize) {
                    emit_words::comment(self.dialect, &format!("part {}", o.name), &mut self.out);
                }
            }
            Step::Acceleration(_) | Step::Layer(_) | Step::ObjectEnd(_) => {}
            _ => return Err(Error::NotACut { step: index }),
        }
        Ok(())
    }

    fn text(&mut self, line: &str) {
        self.out.extend_from_slice(line.as_bytes());
        self.out.push(b'\n');
    }

    fn number(&self, step: usize, what: &'static str, value: f64) -> Result<f64, Error> {
        if value.is_finite() && (0.0..1e6).contains(&value) {
            Ok(value)
        } else {
            Err(Error::BadNumber { step, what, value })
        }
    }

    /// Millimetres per minute in thousandths.
    fn rate(&self, step: usize, speed: f32) -> Result<i64, Error> {
        let what = "a speed of (mm/s)";
        match nearest(self.number(step, what, f64::from(speed))? * 60_000.0) {
            0 => Err(Error::BadNumber {
                step,
                what,
                value: f64::from(speed),
            }),
            f => Ok(f),
        }
    }

    /// S of a power, none without a laser.
    fn power(&self, step: usize, power: f64) -> Result<i64, Error> {
        let what = "a power of (share of the full one)";
        if !(0.0..=1.0).contains(&power) {
            return Err(Error::BadNumber {
                step,
                what,
                value: power,
            });
        }
        Ok(if self.machine.laser && self.beam != Beam::Off {
            self.machine.s_word(power)
        } else {
            0
        })
    }

    fn set_beam(&mut self, b: Beam) {
        self.beam = b;
        if let Some(word) = emit_words::beam(self.dialect, b) {
            self.text(word);
            // The words that arm carry S0.
            self.s = if b == Beam::Off { UNKNOWN } else { 0 };
        } else {
            self.pin(0);
        }
    }

    fn targets(&self, index: usize, path: Path) -> Result<&'a [Vertex], Error> {
        let range = path.start as usize..path.end as usize;
        self.program.vertices.get(range).ok_or(Error::BrokenProgram {
            step: index,
            what: "path",
            index: path.start,
        })
    }

    fn moves(&mut self, index: usize, path: Path, how: How) -> Result<(), Error> {
        let targets = self.targets(index, path)?;
        let arcs = &self.program.arcs;
        if arcs.get(self.arc).is_some_and(|a| a.vertex < path.start) {
            self.arc = arcs.partition_point(|a| a.vertex < path.start);
        }
        for (i, &v) in targets.iter().enumerate() {
            match (arcs.get(self.arc), self.at) {
                (Some(a), Some(from)) if a.vertex == path.start + i as u32 => {
                    self.arc += 1;
                    self.curve(from, v, *a, how);
                }
                (a, _) => {
                    self.arc += usize::from(a.is_some_and(|a| a.vertex == path.start + i as u32));
                    self.go(v, how);
                }
            }
        }
        Ok(())
    }

    fn raster(&mut self, index: usize, path: Path, powers: u32, feed: f32) -> Result<(), Error> {
        let targets = self.targets(index, path)?;
        let feed = self.rate(index, feed)?;
        let range = powers as usize..powers as usize + targets.len();
        let powers = self.program.powers.get(range).ok_or(Error::BrokenProgram {
            step: index,
            what: "power",
            index: powers,
        })?;
        let on = self.machine.laser && self.beam != Beam::Off;
        for (&v, &p) in targets.iter().zip(powers) {
            let share = f64::from(p) / f64::from(FULL_POWER);
            let s = if on { self.machine.s_word(share) } else { 0 };
            let how = How {
                rapid: false,
                feed,
                s,
            };
            self.go(v, how);
        }
        Ok(())
    }

    /// An arc, in halves when it is a full circle, as lines when rounding breaks it.
    fn curve(&mut self, from: Vertex, to: Vertex, arc: ArcMove, how: How) {
        if from.xy() == to.xy() && self.machine.arcs {
            let r = arc.center.dist(from.xy());
            let half = arcs::pieces(from, to, arc, r * 3.2);
            if let [mid, end] = half[..] {
                self.curve(from, mid, arc, how);
                self.curve(mid, end, arc, how);
                return;
            }
        }
        let ij = if self.machine.arcs && !how.rapid {
            arcs::written(self.written, um3(to), arc)
        } else {
            None
        };
        let Some((i, j)) = ij else {
            return self.chords(from, to, arc, how);
        };
        let end = um3(to);
        self.pin(how.s);
        let code = 2 + u8::from(arc.ccw);
        let before = self.out.len();
        let known = (self.written, self.feed, self.s, self.code);
        self.begin(code);
        self.place(end);
        self.line.milli(b'I', i);
        self.line.milli(b'J', j);
        self.finish_line(how);
        if self.out.len() - before > self.dialect.line + 1 {
            self.out.truncate(before);
            (self.written, self.feed, self.s, self.code) = known;
            return self.chords(from, to, arc, how);
        }
        self.written = end;
        self.at = Some(to);
    }

    fn chords(&mut self, from: Vertex, to: Vertex, arc: ArcMove, how: How) {
        let r = arc.center.dist(from.xy());
        let sagitta = (self.machine.arc_tolerance * 1e5).clamp(20.0, r.max(20.0));
        let step = 2.0 * (2.0 * r * sagitta).sqrt();
        for v in arcs::pieces(from, to, arc, step.max(1.0)) {
            self.go(v, how);
        }
    }

    /// A straight move; nothing when rounding leaves no way.
    #[inline]
    fn go(&mut self, to: Vertex, how: How) {
        let end = um3(to);
        if self.at.is_some() && end == self.written {
            self.at = Some(to);
            return;
        }
        self.pin(how.s);
        self.begin(u8::from(!how.rapid));
        self.place(end);
        self.finish_line(how);
        self.written = end;
        self.at = Some(to);
    }

    fn height(&mut self, z: i64, how: How) {
        if !self.machine.z_axis || (self.at.is_some() && self.written[2] == z) {
            return;
        }
        self.pin(how.s);
        self.begin(u8::from(!how.rapid));
        self.line.milli(b'Z', z);
        self.finish_line(how);
        self.written[2] = z;
    }

    #[inline]
    fn begin(&mut self, code: u8) {
        let compact = self.machine.compact && self.dialect.modal && self.code == code;
        self.code = code;
        let word = [b'G', b'0' + code, b' ', b' '];
        self.line.begin(word, if compact { 0 } else { 2 });
    }

    /// The words of the axes that move.
    #[inline]
    fn place(&mut self, end: [i64; 3]) {
        let all = self.at.is_none();
        if all || end[0] != self.written[0] {
            self.line.milli(b'X', end[0]);
        }
        if all || end[1] != self.written[1] {
            self.line.milli(b'Y', end[1]);
        }
        if self.machine.z_axis && (all || end[2] != self.written[2]) {
            self.line.milli(b'Z', end[2]);
        }
    }

    /// Power and rate where they change, and the end of the line.
    #[inline]
    fn finish_line(&mut self, how: How) {
        let words = self.machine.laser && matches!(self.dialect.beam, BeamForm::Words { .. });
        if words && self.s != how.s {
            self.s = how.s;
            self.line.milli(b'S', how.s);
        }
        if self.feed != how.feed && (!how.rapid || self.dialect.rapid_feed) {
            self.feed = how.feed;
            self.line.milli(b'F', how.feed);
        }
        let from = self.out.len();
        self.line.end(&mut self.out);
        if self.machine.compact && self.dialect.modal {
            let mut to = from;
            for i in from..self.out.len() {
                if self.out[i] != b' ' {
                    self.out[to] = self.out[i];
                    to += 1;
                }
            }
            self.out.truncate(to);
        }
    }

    /// The power, where it is a command of its own.
    #[inline]
    fn pin(&mut self, s: i64) {
        if let BeamForm::Pin(set) = self.dialect.beam
            && self.machine.laser
            && self.s != s
        {
            self.s = s;
            self.text(&format!("{set}{}", milli_text(s)));
        }
    }

    fn cycle(&mut self, index: usize, path: Path, c: &DrillCycle) -> Result<(), Error> {
        let holes = self.targets(index, path)?;
        let feed = self.rate(index, c.feed)?;
        let dwell = self.number(index, "a dwell of (s)", f64::from(c.dwell))?;
        let rapid = self.rate(index, (self.machine.speed[2] as f32).max(0.01))?;
        let go = |rapid: bool, f: i64| How { rapid, feed: f, s: 0 };
        let level = holes
            .iter()
            .all(|h| h.z == holes[0].z && h.z >= c.retract && um(c.retract) > um(c.bottom));
        if !self.dialect.cycles || !level {
            for &h in holes {
                self.go(h, go(true, rapid));
                for (v, fast, wait) in drill_moves(h, c) {
                    self.go(v, go(fast, if fast { rapid } else { feed }));
                    if wait > 0.0 {
                        self.text(&emit_words::dwell(self.dialect, f64::from(wait)));
                    }
                }
            }
            return Ok(());
        }
        let Some(&first) = holes.first() else {
            return Ok(());
        };
        self.go(first, go(true, rapid));
        self.text("G98");
        let code = match (c.peck > 0, c.chip_break, dwell > 0.0) {
            (true, true, _) => "G73",
            (true, false, _) => "G83",
            (false, _, true) => "G82",
            (false, _, false) => "G81",
        };
        for h in holes {
            let word = |v: i64| milli_text(v);
            let mut l = format!(
                "{code} X{} Y{} Z{} R{}",
                word(um(h.x)),
                word(um(h.y)),
                word(um(c.bottom)),
                word(um(c.retract))
            );
            if c.peck > 0 {
                l.push_str(&format!(" Q{}", word(um(c.peck))));
            } else if dwell > 0.0 {
                l.push_str(&format!(" P{}", word(nearest(dwell * 1e3))));
            }
            l.push_str(&format!(" F{}", word(feed)));
            self.text(&l);
            self.written = um3(*h);
            self.at = Some(*h);
        }
        self.text("G80");
        (self.code, self.feed) = (9, feed);
        Ok(())
    }
}
