//! Lasers and mills: from a program to the text of their firmware, and back.
//!
//! In: a program of travels and cuts, and the [`Machine`]. Out: bytes to a sink, the [`CutTime`], findings.
//! Promised: the same bytes on any number of threads; every chunk has been read back and compared with the program
//! before it reaches the sink.

mod check;
mod cycle;
mod dialect;
mod emit;
mod emit_words;
pub mod read;
mod said;
mod time;
mod verify;

pub use check::check;
pub use cycle::drill_moves;
pub use dialect::{BeamForm, Dialect, DwellForm, ToolForm, dialect};
pub use time::{CutTime, RoleSum, estimate_text, time};

use crate::error::Error;
use crate::program::{Beam, Program, Step, Vertex};
use offcut_geometry::Ctx;
use offcut_settings::CncFlavor;
use std::io::Write;
use std::ops::Range;

/// A laser or a mill, as far as its program needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Machine {
    /// Its firmware.
    pub flavor: CncFlavor,
    /// A laser; else something that turns.
    pub laser: bool,
    /// S of full power.
    pub s_max: f64,
    /// Corners of the room, mm: lowest and highest X, Y, Z.
    pub room: [[f64; 3]; 2],
    /// Has an axis up and down; else no Z is written.
    pub z_axis: bool,
    /// Writes G2 and G3.
    pub arcs: bool,
    /// Changes tools by itself, or by the firmware's dialogue; else later tools stop the program and the first is in
    /// the spindle.
    pub changer: bool,
    /// Leaves out what is known: repeated G words and blanks.
    pub compact: bool,
    /// How near chords follow arcs that can't be written, mm.
    pub arc_tolerance: f64,
    /// Fastest along X, Y, Z, mm/s.
    pub speed: [f64; 3],
    /// Acceleration along X, Y, Z, mm/s².
    pub acceleration: [f64; 3],
    /// Distance by which a circle passes a corner, mm; Klipper's square corner velocity there, mm/s.
    pub junction: f64,
    /// Lines after the modes, as they are.
    pub start: String,
    /// Lines before the end, as they are.
    pub finish: String,
}

impl Default for Machine {
    fn default() -> Self {
        Self {
            flavor: CncFlavor::Grbl,
            laser: true,
            s_max: 1000.0,
            room: [[0.0; 3], [400.0, 400.0, 0.0]],
            z_axis: false,
            arcs: true,
            changer: true,
            compact: false,
            arc_tolerance: 0.005,
            speed: [100.0; 3],
            acceleration: [1000.0; 3],
            junction: 0.01,
            start: String::new(),
            finish: String::new(),
        }
    }
}

impl Machine {
    /// The words of its firmware.
    #[must_use]
    pub fn dialect(&self) -> &'static Dialect {
        dialect(self.flavor)
    }

    /// S of a power of 0 to 1, in thousandths; whole numbers where the scale is fine enough.
    pub(crate) fn s_word(&self, power: f64) -> i64 {
        let s = power * self.s_max;
        if power <= 0.0 {
            0
        } else if self.s_max >= 100.0 {
            1000 * (s.round() as i64).max(1)
        } else {
            ((s * 1000.0).round() as i64).max(1)
        }
    }
}

/// Vertices of a chunk at least; a chunk ends before a travel.
const CHUNK: usize = 16_384;
/// Chunks that are written at a time while the sink takes those before them; bounds the memory.
const BATCH: usize = 32;

/// Steps that are written together, and what they inherit.
#[derive(Debug, Clone)]
pub(crate) struct Chunk {
    pub steps: Range<usize>,
    pub carry: Carry,
}

/// What is known where a chunk begins.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Carry {
    /// Where the machine stands; none when it is not known.
    pub at: Option<Vertex>,
    /// The laser's state.
    pub beam: Beam,
    /// Turns of the spindle, thousandths per minute, and whether counter-clockwise; none while not known.
    pub spindle: Option<(i64, bool)>,
}

impl Carry {
    fn advance(&mut self, step: &Step, program: &Program) {
        match step {
            Step::Travel { path, .. }
            | Step::Cut { path, .. }
            | Step::Raster { path, .. }
            | Step::Cycle { at: path, .. }
                if path.end > path.start =>
            {
                self.at = program.vertices.get(path.end as usize - 1).copied();
            }
            Step::Height { z, .. } => {
                if let Some(at) = &mut self.at {
                    at.z = *z;
                }
            }
            Step::Beam(b) => {
                self.beam = *b;
                self.spindle = None;
            }
            Step::Spindle { rpm, ccw } => {
                let s = (f64::from(*rpm) * 1e3).round() as i64;
                self.spindle = Some((s, *ccw && s > 0));
            }
            Step::Tool(_) => self.spindle = None,
            Step::Custom(text) => {
                self.spindle = None;
                if crate::write::moves(text) {
                    self.at = None;
                }
            }
            _ => {}
        }
    }
}

pub(crate) fn chunks(program: &Program) -> Vec<Chunk> {
    let mut out = Vec::new();
    let mut carry = Carry::default();
    let mut open = Chunk { steps: 0..0, carry };
    let mut size = 0;
    for (i, step) in program.steps.iter().enumerate() {
        match step {
            Step::Travel { path, .. } | Step::Cut { path, .. } | Step::Raster { path, .. } => {
                if size >= CHUNK && matches!(step, Step::Travel { .. }) && carry.at.is_some() {
                    open.steps.end = i;
                    out.push(open);
                    open = Chunk { steps: i..i, carry };
                    size = 0;
                }
                size += path.end.saturating_sub(path.start) as usize;
            }
            _ => {}
        }
        carry.advance(step, program);
    }
    open.steps.end = program.steps.len();
    out.push(open);
    out
}

/// Writes a program for a machine to `sink`. `notes` become comments at its head, one a line.
///
/// # Errors
/// When the program refers to things that it does not have or is for a printer, when a number cannot be written,
/// when the sink fails or when the job is cancelled.
pub fn write_to(
    program: &Program,
    machine: &Machine,
    notes: &[String],
    ctx: &Ctx,
    sink: &mut dyn Write,
) -> Result<(), Error> {
    sink.write_all(emit_words::head(machine, notes).as_bytes())?;
    let chunks = chunks(program);
    let mut texts: Vec<Vec<u8>> = vec![Vec::new(); BATCH.min(chunks.len())];
    let one = |(chunk, text): (&Chunk, &mut Vec<u8>)| -> Result<(), Error> {
        let steps = chunk.steps.clone();
        let mut emitter = emit::Emitter::new(program, machine, chunk.carry, std::mem::take(text));
        emitter.steps(steps.clone())?;
        *text = emitter.finish();
        verify::compare(program, machine, chunk, text)
    };
    for (i, batch) in chunks.chunks(BATCH).enumerate() {
        ctx.check()?;
        #[cfg(feature = "parallel")]
        {
            use rayon::prelude::*;
            batch
                .par_iter()
                .zip(texts.par_iter_mut())
                .map(one)
                .collect::<Result<(), Error>>()?;
        }
        #[cfg(not(feature = "parallel"))]
        batch.iter().zip(texts.iter_mut()).try_for_each(one)?;
        for text in &texts[..batch.len()] {
            sink.write_all(text)?;
        }
        ctx.report(
            "writing",
            ((i + 1) * BATCH).min(chunks.len()) as f32 / chunks.len() as f32,
        );
    }
    sink.write_all(emit_words::tail(machine).as_bytes())?;
    Ok(())
}

/// Writes a program into memory: see [`write_to`].
///
/// # Errors
/// As [`write_to`].
pub fn write(program: &Program, machine: &Machine, notes: &[String], ctx: &Ctx) -> Result<Vec<u8>, Error> {
    let mut out = Vec::with_capacity(program.vertices.len() * 24 + 4096);
    write_to(program, machine, notes, ctx, &mut out)?;
    Ok(out)
}
