//! Steps become lines. In: a range of steps and what is known at its start ([`Carry`]). Out: text.
//!
//! A chunk (a layer) depends on nothing but its carry, so layers can be written in any order or in
//! parallel and joined: the bytes are the same. For that a layer starts with speed, role, width, fan
//! and acceleration unknown, and with E at zero.

mod motion;

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
            Step::Cut { .. }
            | Step::Raster { .. }
            | Step::Beam(_)
            | Step::Spindle { .. }
            | Step::Coolant(_)
            | Step::Tool(_)
            | Step::Cycle { .. } => return Err(Error::NotAPrint { step: index }),
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
