//! Steps become lines. In: a range of steps and what is known at its start ([`Carry`]). Out: text.
//!
//! A chunk (a layer) depends on nothing but its carry, so layers can be written in any order or in
//! parallel and joined: the bytes are the same. For that a layer starts with speed, role, width, fan
//! and acceleration unknown, and with E at zero.

use super::custom::{self, Effect};
use super::job::{Carry, Job};
use super::text::{Line, decimal, milli_text, nearest};
use crate::dialects::{AccelerationWord, AdvanceWord, LabelWord, ProgressWord};
use crate::error::Error;
use crate::program::{ArcMove, Extrusion, Path, Role, Step, Vertex};
use offcut_geometry::{Coord, Point};
use offcut_settings::print::LabelObjects;

/// Writes the lines of one chunk.
pub(crate) struct Emitter<'a> {
    job: &'a Job<'a>,
    out: Vec<u8>,
    line: Line,
    carry: Carry,
    /// Machine position as written, µm.
    written: [i64; 3],
    /// Extruder since the last G92, 10 nm; exact and as written.
    e: f64,
    e_written: i64,
    /// µm/min, -1 when unknown.
    feed: i64,
    role: Option<Role>,
    width: i64,
    height: i64,
    fan: i64,
    print_acceleration: f32,
    travel_acceleration: f32,
    /// Z of a layer whose `;AFTER_LAYER_CHANGE` is still to come.
    after_layer: Option<f64>,
    minute: u32,
    arc: usize,
}

const UM: i32 = 100;

#[inline(always)]
fn um(v: i32) -> i64 {
    i64::from((v + UM / 2).div_euclid(UM))
}

impl<'a> Emitter<'a> {
    pub(crate) fn new(job: &'a Job<'a>, carry: Carry, out: Vec<u8>) -> Self {
        let mut s = Self {
            job,
            out,
            line: Line::new(),
            carry,
            written: [0; 3],
            e: 0.0,
            e_written: 0,
            feed: -1,
            role: None,
            width: -1,
            height: -1,
            fan: -1,
            print_acceleration: -1.0,
            travel_acceleration: -1.0,
            after_layer: None,
            minute: u32::MAX,
            arc: 0,
        };
        if let Some(v) = carry.at {
            s.written = s.target(v);
        }
        s
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.out
    }

    /// Writes the steps `first..first + steps.len()` of the program.
    pub(crate) fn steps(&mut self, first: usize, steps: &[Step]) -> Result<(), Error> {
        for (i, step) in steps.iter().enumerate() {
            self.step(first + i, step)?;
            if self.job.remaining_times {
                self.progress(first + i);
            }
        }
        Ok(())
    }

    fn step(&mut self, index: usize, step: &Step) -> Result<(), Error> {
        match step {
            Step::Travel { path, speed } => {
                self.accelerate(true);
                self.moves(index, *path, *speed, 0.0)?;
                self.layer_changed();
            }
            Step::Height { z, speed } => {
                self.height(index, *z, *speed)?;
                self.layer_changed();
            }
            Step::Extrude { path, bead } => {
                self.layer_changed();
                self.accelerate(false);
                self.bead(index, bead)?;
                let rate = self.positive(index, "a flow of (mm³/mm)", bead.mm3_per_mm)? * self.job.mm_per_mm3;
                self.moves(index, *path, bead.speed, rate)?;
            }
            Step::Wipe { path, speed, length } => self.wipe(index, *path, *speed, *length)?,
            Step::Retract { length, speed } => self.filament(index, -f64::from(*length), *speed)?,
            Step::Unretract { length, speed } => self.filament(index, f64::from(*length), *speed)?,
            Step::Acceleration(a) => self.carry.acceleration = *a,
            Step::Fan(percent) => self.fan(*percent),
            Step::Hotend { celsius, wait } => self.heat(["M104", "M109"], *celsius, *wait),
            Step::Bed { celsius, wait } => self.heat(["M140", "M190"], *celsius, *wait),
            Step::Chamber { celsius, wait } => self.heat(["M141", "M191"], *celsius, *wait),
            Step::PressureAdvance(k) => {
                let k = decimal(f64::from(*k));
                let word = match self.job.dialect.advance {
                    AdvanceWord::M900 => "M900 K",
                    AdvanceWord::M572 => "M572 D0 S",
                    AdvanceWord::SetPressureAdvance => "SET_PRESSURE_ADVANCE ADVANCE=",
                };
                self.text(&format!("{word}{k}"));
            }
            Step::Layer(n) => self.layer(index, *n)?,
            Step::ObjectStart(n) => self.object(index, *n, true)?,
            Step::ObjectEnd(n) => self.object(index, *n, false)?,
            Step::Dwell(s) => {
                let s = self.positive(index, "a dwell of (s)", f64::from(*s))?;
                if self.job.dialect.dwell_seconds {
                    self.text(&format!("G4 S{}", milli_text(nearest(s * 1e3))));
                } else {
                    self.text(&format!("G4 P{}", nearest(s * 1e3)));
                }
            }
            Step::Custom(text) => self.custom(text),
            Step::Comment(text) => {
                for line in text.lines() {
                    self.text(&format!("; {}", line.trim_end()));
                }
            }
        }
        Ok(())
    }

    fn text(&mut self, line: &str) {
        self.out.extend_from_slice(line.as_bytes());
        self.out.push(b'\n');
    }

    fn positive(&self, step: usize, what: &'static str, value: f64) -> Result<f64, Error> {
        if value.is_finite() && (0.0..1e6).contains(&value) {
            Ok(value)
        } else {
            Err(Error::BadNumber { step, what, value })
        }
    }

    /// Millimetres per minute in thousandths.
    fn rate(&self, step: usize, speed: f32) -> Result<i64, Error> {
        let f = nearest(self.positive(step, "a speed of (mm/s)", f64::from(speed))? * 60_000.0);
        if f > 0 {
            Ok(f)
        } else {
            Err(Error::BadNumber {
                step,
                what: "a speed of (mm/s)",
                value: f64::from(speed),
            })
        }
    }

    #[inline(always)]
    fn target(&self, v: Vertex) -> [i64; 3] {
        [um(v.x), um(v.y), um(v.z.saturating_add(self.job.z_offset))]
    }

    /// Units, absolute positions and the extruder's mode, when somebody else may have changed them.
    fn modes(&mut self) {
        if self.carry.modes {
            return;
        }
        self.carry.modes = true;
        let e = if self.job.relative_e { "M83" } else { "M82" };
        self.text(&format!("G21\nG90\n{e}\nG92 E0"));
        // What rounding has left over is not lost.
        self.e -= self.e_written as f64;
        self.e_written = 0;
        self.feed = -1;
    }

    fn accelerate(&mut self, travel: bool) {
        let a = self.carry.acceleration;
        let known = if travel {
            &mut self.travel_acceleration
        } else {
            &mut self.print_acceleration
        };
        if a <= 0.0 || *known == a {
            return;
        }
        *known = a;
        let value = milli_text(nearest(f64::from(a) * 1e3));
        let word = match (self.job.dialect.acceleration, travel) {
            (AccelerationWord::Split, true) => "M204 T",
            (AccelerationWord::Split, false) => "M204 P",
            (AccelerationWord::Shared, _) => "M204 S",
            (AccelerationWord::VelocityLimit, _) => "SET_VELOCITY_LIMIT ACCEL=",
        };
        if self.job.dialect.acceleration != AccelerationWord::Split {
            self.travel_acceleration = a;
            self.print_acceleration = a;
        }
        self.text(&format!("{word}{value}"));
    }

    fn bead(&mut self, index: usize, bead: &Extrusion) -> Result<(), Error> {
        if self.role != Some(bead.role) {
            self.role = Some(bead.role);
            self.text(&format!(";TYPE:{}", bead.role.label()));
        }
        let width = nearest(self.positive(index, "a width of (mm)", f64::from(bead.width))? * 1e3);
        if width != self.width {
            self.width = width;
            self.text(&format!(";WIDTH:{}", milli_text(width)));
        }
        let height = nearest(self.positive(index, "a height of (mm)", f64::from(bead.height))? * 1e3);
        if height != self.height {
            self.height = height;
            self.text(&format!(";HEIGHT:{}", milli_text(height)));
        }
        Ok(())
    }

    /// Moves along a path; `rate` is filament per length.
    fn moves(&mut self, index: usize, path: Path, speed: f32, rate: f64) -> Result<(), Error> {
        let feed = self.rate(index, speed)?;
        let program = self.job.program;
        let targets = program
            .vertices
            .get(path.start as usize..path.end as usize)
            .ok_or(Error::BrokenProgram {
                step: index,
                what: "vertex",
                index: path.end,
            })?;
        let Some((&last, _)) = targets.split_last() else {
            return Ok(());
        };
        self.modes();
        let mut i = 0;
        if self.carry.at.is_none() {
            self.arrive(targets[0], feed);
            i = 1;
        }
        while program.arcs.get(self.arc).is_some_and(|a| a.vertex < path.start) {
            self.arc = program.arcs.partition_point(|a| a.vertex < path.start);
        }
        while i < targets.len() {
            let next = program
                .arcs
                .get(self.arc)
                .map_or(path.end, |a| a.vertex.min(path.end));
            let n = (next - path.start) as usize;
            self.lines(&targets[i..n], feed, rate);
            i = n;
            if n < targets.len() {
                let from = if n > 0 {
                    targets[n - 1]
                } else {
                    self.carry.at.unwrap_or(targets[0])
                };
                self.arc_to(from, targets[n], program.arcs[self.arc], feed, rate);
                self.arc += 1;
                i += 1;
            }
        }
        self.carry.at = Some(last);
        Ok(())
    }

    /// The hot loop: one line per target.
    fn lines(&mut self, targets: &[Vertex], feed: i64, rate: f64) {
        let Some(mut from) = self.carry.at else { return };
        let (z_offset, relative) = (self.job.z_offset, self.job.relative_e);
        let [mut wx, mut wy, mut wz] = self.written;
        let (mut e, mut e_written) = (self.e, self.e_written);
        for &v in targets {
            let (x, y, z) = (um(v.x), um(v.y), um(v.z.saturating_add(z_offset)));
            let (dx, dy, dz) = (
                f64::from(v.x) - f64::from(from.x),
                f64::from(v.y) - f64::from(from.y),
                f64::from(v.z) - f64::from(from.z),
            );
            from = v;
            e += (dx * dx + dy * dy + dz * dz).sqrt() * rate;
            if x == wx && y == wy && z == wz {
                continue;
            }
            let line = &mut self.line;
            line.begin(*b"G1  ", 2);
            if x != wx {
                line.milli(b'X', x);
            }
            if y != wy {
                line.milli(b'Y', y);
            }
            if z != wz {
                line.milli(b'Z', z);
            }
            (wx, wy, wz) = (x, y, z);
            if rate != 0.0 {
                let ei = nearest(e);
                if ei != e_written {
                    line.e5(b'E', if relative { ei - e_written } else { ei });
                    e_written = ei;
                }
            }
            if feed != self.feed {
                self.feed = feed;
                line.milli(b'F', feed);
            }
            line.end(&mut self.out);
        }
        self.written = [wx, wy, wz];
        (self.e, self.e_written) = (e, e_written);
        self.carry.at = Some(from);
    }

    /// Goes to a place from an unknown one: height first, so that a nozzle on the bed leaves it.
    fn arrive(&mut self, v: Vertex, feed: i64) {
        if self.carry.z != Some(v.z) {
            self.rise(v.z, feed);
        }
        let to = self.target(v);
        self.line.begin(*b"G1  ", 2);
        self.line.milli(b'X', to[0]);
        self.line.milli(b'Y', to[1]);
        if feed != self.feed {
            self.feed = feed;
            self.line.milli(b'F', feed);
        }
        self.line.end(&mut self.out);
        self.written = to;
        self.carry.at = Some(v);
    }

    /// Goes to a height, no faster than the machine can.
    fn rise(&mut self, z: Coord, feed: i64) {
        let feed = feed.min(nearest(f64::from(self.job.max_speed_z) * 60_000.0).max(1));
        let [_, _, z] = self.target(Vertex::new(Point::default(), z));
        self.line.begin(*b"G1  ", 2);
        self.line.milli(b'Z', z);
        self.line.milli(b'F', feed);
        self.line.end(&mut self.out);
        self.feed = feed;
    }

    fn height(&mut self, index: usize, z: Coord, speed: f32) -> Result<(), Error> {
        let feed = self.rate(index, speed)?;
        if self.carry.at.is_none() {
            self.modes();
            self.rise(z, feed);
            self.carry.z = Some(z);
        }
        Ok(())
    }

    fn arc_to(&mut self, from: Vertex, to: Vertex, arc: ArcMove, feed: i64, rate: f64) {
        let length = crate::arcs::length(from, to, arc);
        let (start, end) = (self.written, self.target(to));
        let Some((i, j)) = crate::arcs::written(start, end, arc) else {
            // The rounded arc is none that a firmware takes: chords within a micrometre of it.
            for v in crate::arcs::chords(from, to, arc) {
                self.lines(&[v], feed, rate);
            }
            self.carry.at = Some(to);
            return;
        };
        self.e += length * rate;
        let line = &mut self.line;
        line.begin(if arc.ccw { *b"G3  " } else { *b"G2  " }, 2);
        line.milli(b'X', end[0]);
        line.milli(b'Y', end[1]);
        if end[2] != start[2] {
            line.milli(b'Z', end[2]);
        }
        line.milli(b'I', i);
        line.milli(b'J', j);
        let e = nearest(self.e);
        if rate != 0.0 && e != self.e_written {
            line.e5(
                b'E',
                if self.job.relative_e {
                    e - self.e_written
                } else {
                    e
                },
            );
            self.e_written = e;
        }
        if feed != self.feed {
            self.feed = feed;
            line.milli(b'F', feed);
        }
        line.end(&mut self.out);
        self.written = end;
        self.carry.at = Some(to);
    }

    fn wipe(&mut self, index: usize, path: Path, speed: f32, length: f32) -> Result<(), Error> {
        self.accelerate(true);
        self.text(";WIPE_START");
        let rate = if self.job.firmware_retraction {
            0.0
        } else {
            let total = self.job.path_length(self.carry.at, path);
            if total > 0.0 {
                -f64::from(length) * 1e5 / total
            } else {
                0.0
            }
        };
        self.moves(index, path, speed, rate)?;
        if rate != 0.0 {
            // The last targets, or all of them, may have been too close for a line.
            let feed = self.rate(index, speed)?;
            self.push(feed);
        }
        self.text(";WIPE_END");
        Ok(())
    }

    /// Moves filament while standing still.
    fn filament(&mut self, index: usize, length: f64, speed: f32) -> Result<(), Error> {
        let feed = self.rate(index, speed)?;
        self.positive(index, "a retraction of (mm)", length.abs())?;
        self.modes();
        let pull = length < 0.0 || (length == 0.0 && length.is_sign_negative());
        if self.job.firmware_retraction {
            if pull != self.carry.retracted {
                self.text(if pull { "G10" } else { "G11" });
            }
            self.carry.retracted = pull;
            return Ok(());
        }
        self.carry.retracted = pull;
        self.e += length * 1e5;
        self.push(feed);
        Ok(())
    }

    /// Moves the filament that no line has moved yet, while standing still.
    fn push(&mut self, feed: i64) {
        let e = nearest(self.e);
        if e == self.e_written {
            return;
        }
        let relative = e - self.e_written;
        self.e_written = e;
        self.line.begin(*b"G1  ", 2);
        self.line.e5(b'E', if self.job.relative_e { relative } else { e });
        if feed != self.feed {
            self.feed = feed;
            self.line.milli(b'F', feed);
        }
        self.line.end(&mut self.out);
    }

    fn fan(&mut self, percent: f32) {
        let s = nearest(f64::from(percent).clamp(0.0, 100.0) * 255.0 / 100.0);
        if s != self.fan {
            self.fan = s;
            if s == 0 {
                self.text("M107");
            } else {
                self.text(&format!("M106 S{s}"));
            }
        }
    }

    fn heat(&mut self, words: [&str; 2], celsius: u32, wait: bool) {
        self.text(&format!("{} S{celsius}", words[usize::from(wait)]));
    }

    fn layer(&mut self, index: usize, n: u32) -> Result<(), Error> {
        let mark = self
            .job
            .program
            .layers
            .get(n as usize)
            .ok_or(Error::BrokenProgram {
                step: index,
                what: "layer",
                index: n,
            })?;
        let (z, h) = (nearest(mark.z * 1e3), nearest(mark.height * 1e3));
        let (zt, ht) = (milli_text(z), milli_text(h));
        self.text(&format!(
            ";LAYER_CHANGE\n;Z:{zt}\n;HEIGHT:{ht}\n;BEFORE_LAYER_CHANGE\n;{zt}"
        ));
        if self.carry.modes {
            self.text("G92 E0");
        }
        self.height = h;
        self.after_layer = Some(mark.z);
        Ok(())
    }

    fn layer_changed(&mut self) {
        if let Some(z) = self.after_layer.take() {
            self.text(&format!(";AFTER_LAYER_CHANGE\n;{}", milli_text(nearest(z * 1e3))));
        }
    }

    fn object(&mut self, index: usize, n: u32, start: bool) -> Result<(), Error> {
        let program = self.job.program;
        let o = program.objects.get(n as usize).ok_or(Error::BrokenProgram {
            step: index,
            what: "object",
            index: n,
        })?;
        let word = match self.job.labels {
            LabelObjects::None => return Ok(()),
            LabelObjects::Octoprint => LabelWord::Comments,
            LabelObjects::Firmware => self.job.dialect.labels,
        };
        let text = match (word, start) {
            (LabelWord::Comments, true) => {
                format!(
                    "; printing object {} id:{} copy {}",
                    super::labels::line(&o.name),
                    o.object,
                    o.copy
                )
            }
            (LabelWord::Comments, false) => {
                format!(
                    "; stop printing object {} id:{} copy {}",
                    super::labels::line(&o.name),
                    o.object,
                    o.copy
                )
            }
            (LabelWord::M486 | LabelWord::M486Quoted, true) => format!("M486 S{n}"),
            (LabelWord::M486 | LabelWord::M486Quoted, false) => "M486 S-1".to_owned(),
            (LabelWord::ExcludeObject, true) => {
                format!("EXCLUDE_OBJECT_START NAME={}", super::labels::klipper(o))
            }
            (LabelWord::ExcludeObject, false) => {
                format!("EXCLUDE_OBJECT_END NAME={}", super::labels::klipper(o))
            }
        };
        self.text(&text);
        Ok(())
    }

    fn custom(&mut self, text: &str) {
        let moves = custom::effect(text) == Effect::Moves;
        if moves {
            self.role = None;
            self.text(";TYPE:Custom");
        }
        for line in text.lines() {
            self.text(line.trim_end());
        }
        self.fan = -1;
        self.print_acceleration = -1.0;
        self.travel_acceleration = -1.0;
        if moves {
            self.carry.at = None;
            self.carry.z = None;
            self.carry.modes = false;
            self.feed = -1;
        }
    }

    /// `M73` whenever the remaining minutes change.
    fn progress(&mut self, index: usize) {
        let (total, now) = (
            self.job.estimate.seconds,
            f64::from(self.job.estimate.step_end(index)),
        );
        let minute = ((total - now).max(0.0) / 60.0).round() as u32;
        if minute != self.minute {
            self.minute = minute;
            let percent = if total > 0.0 {
                (100.0 * now / total).clamp(0.0, 99.0) as u32
            } else {
                0
            };
            self.out
                .extend_from_slice(progress_text(self.job.dialect.progress, percent, minute).as_bytes());
        }
    }
}

/// The line or lines that tell the progress.
pub(crate) fn progress_text(word: ProgressWord, percent: u32, minutes: u32) -> String {
    match word {
        ProgressWord::M73 => format!("M73 P{percent} R{minutes}\n"),
        ProgressWord::M73Silent => format!("M73 P{percent} R{minutes}\nM73 Q{percent} S{minutes}\n"),
    }
}
