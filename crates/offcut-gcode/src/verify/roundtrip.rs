//! Reads back what was written and compares it with the program.
//!
//! In: a chunk of text, the steps that it was made from and what they inherited. Out: nothing, or the
//! first difference. Positions are the program's rounded to micrometres, halves up; filament since the
//! chunk's start agrees within half of its last decimal, 5 nm, at every line; speeds within 0.1 µm/s.

use crate::arcs;
use crate::error::Error;
use crate::estimate::filament_area;
use crate::program::{ArcMove, Path, Program, Step, Vertex};
use crate::read::{Event, Motion, State, Visitor};
use crate::write::Carry;
use offcut_geometry::{Coord, grid, to_mm};
use offcut_settings::PrintSettings;

#[cfg(test)]
#[path = "roundtrip_tests.rs"]
mod tests;

/// Half a micrometre, and what reading decimals may add; mm.
const HALF_UM: f64 = 0.000_5;
const READING: f64 = 1e-7;
const FILAMENT: f64 = 5e-6 + READING;
const SPEED: f64 = 1e-4;

/// What stays the same for all chunks.
pub(crate) struct Expected<'a> {
    program: &'a Program,
    z_offset: Coord,
    area: f64,
    firmware_retraction: bool,
    relative_e: bool,
}

impl<'a> Expected<'a> {
    pub(crate) fn new(program: &'a Program, settings: &PrintSettings) -> Self {
        Self {
            program,
            z_offset: grid(settings.z_offset),
            area: filament_area(settings.filament_diameter),
            firmware_retraction: settings.firmware_retraction,
            relative_e: settings.relative_e,
        }
    }

    /// Compares a chunk.
    pub(crate) fn compare(
        &self,
        chunk: usize,
        steps: &[Step],
        carry: Carry,
        text: &[u8],
    ) -> Result<(), Error> {
        let mut state = State::default();
        state.set_relative_e(self.relative_e);
        let mut c = Comparer {
            expected: self,
            steps: steps.iter(),
            path: &[],
            first: 0,
            speed: 0.0,
            rate: 0.0,
            at: carry.at,
            filament: 0.0,
            written: 0.0,
            height: 0.0,
            skip: 0,
            retracted: carry.retracted,
            fault: None,
            arc: 0,
        };
        if let Some(v) = carry.at {
            state.place(c.rounded(v), 0.0);
        }
        state.read(text, &mut c);
        c.finish();
        match c.fault {
            None => Ok(()),
            Some((line, what)) => Err(Error::Mismatch {
                chunk,
                line: line as usize,
                what,
            }),
        }
    }
}

/// What a step makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Path,
    Height,
    Filament,
    Custom,
    End,
}

struct Comparer<'a> {
    expected: &'a Expected<'a>,
    /// Steps still to come.
    steps: std::slice::Iter<'a, Step>,
    /// Targets of the current step still to come, and the index of the first of them.
    path: &'a [Vertex],
    first: u32,
    speed: f64,
    /// Filament per way.
    rate: f64,
    /// Last target that was matched or skipped; none when custom G-code moved the machine.
    at: Option<Vertex>,
    /// Filament since the chunk's start, mm: what the program says, and what the text says.
    filament: f64,
    written: f64,
    /// The height of [`Next::Height`], mm.
    height: f64,
    /// Moves of custom G-code to pass over.
    skip: u64,
    retracted: bool,
    fault: Option<(u64, String)>,
    arc: usize,
}

impl Comparer<'_> {
    #[inline(always)]
    fn mm(&self, v: Vertex) -> [f64; 3] {
        [
            f64::from(v.x) * 1e-5,
            f64::from(v.y) * 1e-5,
            f64::from(v.z.saturating_add(self.expected.z_offset)) * 1e-5,
        ]
    }

    /// Where the text puts a target, mm.
    fn rounded(&self, v: Vertex) -> [f64; 3] {
        [v.x, v.y, v.z.saturating_add(self.expected.z_offset)]
            .map(|c| f64::from((c + 50).div_euclid(100)) * 1e-3)
    }

    #[cold]
    fn fail(&mut self, line: u64, what: String) {
        if self.fault.is_none() {
            self.fault = Some((line, what));
        }
    }

    /// Goes on to the next step that makes lines of motion.
    #[allow(clippy::while_let_on_iterator)] // `self` is needed in the loop
    fn next_step(&mut self) -> Next {
        while let Some(step) = self.steps.next() {
            match step {
                Step::Travel { path, speed } => self.open(*path, *speed, 0.0),
                Step::Extrude { path, bead } => {
                    self.open(*path, bead.speed, bead.mm3_per_mm / self.expected.area)
                }
                Step::Wipe { path, speed, length } => {
                    self.open(*path, *speed, 0.0);
                    if !self.expected.firmware_retraction {
                        let way = self.way();
                        self.rate = if way > 0.0 { -f64::from(*length) / way } else { 0.0 };
                    }
                }
                Step::Height { z, .. } if self.at.is_none() => {
                    self.height = to_mm(z.saturating_add(self.expected.z_offset));
                    return Next::Height;
                }
                Step::Retract { length, .. } if !self.expected.firmware_retraction => {
                    self.filament -= f64::from(*length);
                    return Next::Filament;
                }
                Step::Unretract { length, .. } if !self.expected.firmware_retraction => {
                    self.filament += f64::from(*length);
                    return Next::Filament;
                }
                Step::Custom(text) if crate::write::moves(text) => {
                    let mut count = Count(0);
                    State::default().read(text.as_bytes(), &mut count);
                    self.skip = count.0;
                    self.at = None;
                    if self.skip > 0 {
                        return Next::Custom;
                    }
                }
                _ => {}
            }
            if !self.path.is_empty() {
                return Next::Path;
            }
        }
        Next::End
    }

    fn open(&mut self, path: Path, speed: f32, rate: f64) {
        let targets = self
            .expected
            .program
            .vertices
            .get(path.start as usize..path.end as usize);
        self.path = targets.unwrap_or(&[]);
        self.first = path.start;
        self.speed = f64::from(speed);
        self.rate = rate;
        let arcs = &self.expected.program.arcs;
        if arcs.get(self.arc).is_some_and(|a| a.vertex < path.start) {
            self.arc = arcs.partition_point(|a| a.vertex < path.start);
        }
    }

    /// Length of the current path, mm.
    fn way(&self) -> f64 {
        let mut from = self.at;
        let mut sum = 0.0;
        for &v in self.path {
            sum += from.map_or(0.0, |f| distance(f, v));
            from = Some(v);
        }
        sum
    }

    /// The arc that ends at the next target.
    #[inline(always)]
    fn next_arc(&self) -> Option<ArcMove> {
        let arc = self.expected.program.arcs.get(self.arc)?;
        (arc.vertex == self.first).then_some(*arc)
    }

    /// Passes the next target.
    #[inline(always)]
    fn pass(&mut self, v: Vertex, arc: Option<ArcMove>) {
        let way = match (self.at, arc) {
            (None, _) => 0.0,
            (Some(from), None) => distance(from, v),
            (Some(from), Some(a)) => arcs::length(from, v, a) * 1e-5,
        };
        self.arc += usize::from(arc.is_some());
        self.pass_by(v, way);
    }

    /// Passes the next target, `way` mm from the last one.
    #[inline(always)]
    fn pass_by(&mut self, v: Vertex, way: f64) {
        self.filament += way * self.rate;
        self.at = Some(v);
        self.path = &self.path[1..];
        self.first += 1;
    }

    /// Passes targets that the machine has reached already, so that no line was written for them.
    fn pass_reached(&mut self, position: [f64; 3]) {
        while let Some(&v) = self.path.first() {
            if self.at.is_none() || self.next_arc().is_some() || !near(self.mm(v), position) {
                return;
            }
            self.pass(v, None);
        }
    }

    fn lacks_filament(&self) -> bool {
        (self.written - self.filament).abs() > FILAMENT
    }

    /// After what moves filament without a way: true when this line is for it. Only amounts that are
    /// nothing in the text's decimals need no line.
    fn pushed(&mut self, m: &Motion, moves: bool) -> bool {
        if moves || (self.written + m.e - self.filament).abs() > FILAMENT {
            if self.lacks_filament() {
                self.fail(m.line, "a retraction or what follows it is missing".into());
            }
            return false;
        }
        self.written += m.e;
        true
    }

    fn filament_agrees(&mut self, m: &Motion) {
        if self.rate == 0.0 {
            // What targets without a line have left over waits for the next extrusion.
            if m.e != 0.0 {
                self.fail(m.line, format!("a travel pushes {:.5} mm of filament", m.e));
            }
            return;
        }
        self.written += m.e;
        if self.lacks_filament() {
            let (w, f) = (self.written, self.filament);
            self.fail(
                m.line,
                format!("{w:.5} mm of filament are pushed where the program says {f:.5}"),
            );
        }
    }

    fn finish(&mut self) {
        if self.fault.is_some() {
            return;
        }
        let mut standing = false;
        loop {
            if let Some(at) = self.at {
                // Targets closer than the resolution of the text need no line.
                self.pass_reached(self.rounded(at));
            }
            if !self.path.is_empty() || self.skip > 0 {
                return self.fail(
                    0,
                    format!("{} moves are missing at the end", self.path.len().max(1)),
                );
            }
            // Nor does what they push; but a wipe ends with all that it pulls.
            if (standing || self.rate < 0.0) && self.lacks_filament() {
                return self.fail(0, "the filament of the last moves is missing".into());
            }
            match self.next_step() {
                Next::End => return,
                next => standing = next == Next::Filament,
            }
        }
    }
}

impl Visitor for Comparer<'_> {
    #[inline]
    fn motion(&mut self, m: &Motion) {
        if self.fault.is_some() {
            return;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        let moves = m.from != m.to || m.arc.is_some();
        loop {
            if self.path.is_empty() {
                match self.next_step() {
                    Next::Path => {}
                    Next::Filament => {
                        if self.pushed(m, moves) {
                            return;
                        }
                        continue;
                    }
                    Next::Height => {
                        let to = [m.from[0], m.from[1], self.height];
                        if !near(to, m.to) {
                            self.fail(m.line, format!("no way to the height {:.4}", self.height));
                        }
                        return;
                    }
                    Next::Custom => {
                        self.skip -= 1;
                        return;
                    }
                    Next::End => return self.fail(m.line, "a move that the program does not have".into()),
                }
            }
            self.pass_reached(m.from);
            if !self.path.is_empty() {
                break;
            }
            // A wipe's last targets may have been too close for a line.
            if self.rate < 0.0 && self.pushed(m, moves) {
                return;
            }
        }
        let v = self.path[0];
        let want = self.mm(v);
        if self.at.is_none() {
            // From an unknown place: Z first.
            if near_z(want, m.to) {
                if near(want, m.to) {
                    self.pass(v, None);
                }
                return;
            }
            return self.fail(
                m.line,
                format!("Z is {:.4} where the program says {:.4}", m.to[2], want[2]),
            );
        }
        let arc = self.next_arc();
        match (arc, m.arc) {
            (None, None) => {}
            (Some(a), Some(b)) => {
                let c = [f64::from(a.center.x) * 1e-5, f64::from(a.center.y) * 1e-5];
                let off = (c[0] - b.center[0]).abs().max((c[1] - b.center[1]).abs());
                if off > 0.0016 || a.ccw != b.ccw {
                    return self.fail(m.line, format!("the arc's centre is {off:.4} mm off"));
                }
            }
            (Some(a), None) => return self.chord(m, v, a),
            (None, Some(_)) => return self.fail(m.line, "an arc where the program has a line".into()),
        }
        if !near(want, m.to) {
            return self.fail(
                m.line,
                format!(
                    "the machine goes to {:.4} {:.4} {:.4} where the program says {:.5} {:.5} {:.5}",
                    m.to[0], m.to[1], m.to[2], want[0], want[1], want[2]
                ),
            );
        }
        if (m.speed - self.speed).abs() > SPEED {
            return self.fail(
                m.line,
                format!("{} mm/s where the program says {}", m.speed, self.speed),
            );
        }
        self.pass(v, arc);
        self.filament_agrees(m);
    }

    fn event(&mut self, event: Event, line: u64) {
        match event {
            Event::FirmwareRetract(pull) if self.skip == 0 => {
                if pull == self.retracted {
                    self.fail(line, "G10 and G11 do not alternate".into());
                }
                self.retracted = pull;
            }
            Event::Malformed(text) if self.skip == 0 => {
                let text = String::from_utf8_lossy(text).into_owned();
                self.fail(line, format!("`{text}` cannot be read"));
            }
            _ => {}
        }
    }
}

impl Comparer<'_> {
    /// A line that stands for a part of an arc.
    fn chord(&mut self, m: &Motion, v: Vertex, a: ArcMove) {
        let c = [f64::from(a.center.x) * 1e-5, f64::from(a.center.y) * 1e-5];
        let end = self.mm(v);
        let r = libm::hypot(end[0] - c[0], end[1] - c[1]);
        let off = (libm::hypot(m.to[0] - c[0], m.to[1] - c[1]) - r).abs();
        if off > 0.005 {
            return self.fail(m.line, format!("a chord of an arc ends {off:.4} mm off it"));
        }
        self.written += m.e;
        if near(end, m.to) {
            let (mut from, mut way) = (self.at.unwrap_or(v), 0.0);
            for to in arcs::chords(from, v, a) {
                way += distance(from, to);
                from = to;
            }
            self.arc += 1;
            self.pass_by(v, way);
            if self.lacks_filament() {
                self.fail(m.line, "the filament of an arc's chords differs".into());
            }
        }
    }
}

/// True when a target is written as this place.
#[inline(always)]
fn near(target: [f64; 3], place: [f64; 3]) -> bool {
    near_by(target[0], place[0]) && near_by(target[1], place[1]) && near_z(target, place)
}

fn near_z(target: [f64; 3], place: [f64; 3]) -> bool {
    near_by(target[2], place[2])
}

/// Halves are rounded up, so a coordinate is near one place only.
#[inline(always)]
fn near_by(target: f64, place: f64) -> bool {
    (place - target - READING).abs() <= HALF_UM
}

/// Distance, mm.
#[inline(always)]
fn distance(a: Vertex, b: Vertex) -> f64 {
    let d = |a: i32, b: i32| f64::from(b) - f64::from(a);
    let (x, y, z) = (d(a.x, b.x), d(a.y, b.y), d(a.z, b.z));
    (x * x + y * y + z * z).sqrt() * 1e-5
}

struct Count(u64);

impl Visitor for Count {
    fn motion(&mut self, _: &Motion) {
        self.0 += 1;
    }
}
