//! From a program to the text of a dialect.
//!
//! In: the program, the settings, what the caller knows about the job, the estimate. Out: bytes, to
//! a sink. Promised: the same bytes on any number of threads; every chunk has been read back and
//! compared with the program before it reaches the sink.

mod custom;
mod emit;
mod head;
mod job;
mod labels;
pub(crate) mod text;

use crate::dialects::dialect;
use crate::error::Error;
use crate::estimate::Estimate;
use crate::metadata::Metadata;
use crate::program::{Program, Step};
use crate::verify::{self, Expected, Severity};
use emit::Emitter;
use job::Job;
use offcut_geometry::Ctx;
use offcut_settings::PrintSettings;
use std::io::Write;
use std::ops::Range;

pub(crate) use job::Carry;

/// Chunks that are written at a time while the sink takes those before them; bounds the memory.
const BATCH: usize = 32;

/// Writes the G-code of a program to `sink`, in pieces of some layers. Nothing is written when the
/// machine could not run it safely (see [`verify::check_program`]).
///
/// # Errors
/// When the machine could not run the program safely, when the program refers to things that it does not have, when a number cannot be written, when
/// the sink fails or when the job is cancelled.
pub fn write_to(
    program: &Program,
    settings: &PrintSettings,
    meta: &Metadata,
    estimate: &Estimate,
    ctx: &Ctx,
    sink: &mut dyn Write,
) -> Result<(), Error> {
    let mut faults = verify::check_program(program, settings);
    faults.retain(|f| f.severity == Severity::Error);
    if !faults.is_empty() {
        return Err(Error::Unsafe(faults));
    }
    let dialect = dialect(settings.gcode_flavor);
    let job = Job::new(program, settings, dialect, estimate);
    let expected = Expected::new(program, settings);
    sink.write_all(head::head(program, settings, meta, dialect, estimate).as_bytes())?;
    let chunks = chunks(program);
    let batches: Vec<&[Chunk]> = chunks.chunks(BATCH).collect();
    let mut texts: [Vec<Vec<u8>>; 2] = [(); 2].map(|()| vec![Vec::new(); BATCH.min(chunks.len())]);
    write_batch(&job, &expected, batches[0], 0, &mut texts[0])?;
    for (i, batch) in batches.iter().enumerate() {
        ctx.check()?;
        let [ready, next] = &mut texts;
        let send = || {
            ready[..batch.len()]
                .iter()
                .try_for_each(|text| sink.write_all(text))
        };
        beside(send, || match batches.get(i + 1) {
            Some(batch) => write_batch(&job, &expected, batch, (i + 1) * BATCH, next),
            None => Ok(()),
        })?;
        texts.swap(0, 1);
        ctx.report("writing", (i + 1) as f32 / batches.len() as f32);
    }
    sink.write_all(head::tail(program, settings, meta, dialect, estimate).as_bytes())?;
    Ok(())
}

/// Writes the G-code of a program into memory: see [`write_to`].
///
/// # Errors
/// As [`write_to`].
pub fn write(
    program: &Program,
    settings: &PrintSettings,
    meta: &Metadata,
    estimate: &Estimate,
    ctx: &Ctx,
) -> Result<Vec<u8>, Error> {
    let mut out = Vec::with_capacity(program.vertices.len() * 30 + 16_384);
    write_to(program, settings, meta, estimate, ctx, &mut out)?;
    Ok(out)
}

/// True when custom G-code may move the machine or change its modes.
pub(crate) fn moves(text: &str) -> bool {
    custom::effect(text) == custom::Effect::Moves
}

/// Steps that are written together, and what they inherit.
pub(crate) struct Chunk {
    pub steps: Range<usize>,
    pub carry: Carry,
}

/// Cuts the steps before every layer.
pub(crate) fn chunks(program: &Program) -> Vec<Chunk> {
    let mut chunks = Vec::with_capacity(program.layers.len() + 1);
    let mut carry = Carry::default();
    let mut open = Chunk { steps: 0..0, carry };
    for (i, step) in program.steps.iter().enumerate() {
        if matches!(step, Step::Layer(_)) {
            open.steps.end = i;
            chunks.push(open);
            open = Chunk { steps: i..i, carry };
        }
        carry.advance(step, program);
    }
    open.steps.end = program.steps.len();
    chunks.push(open);
    chunks
}

/// Sends a batch here while the next one is written on other threads, where there are some.
fn beside(
    send: impl FnOnce() -> std::io::Result<()>,
    write: impl FnOnce() -> Result<(), Error> + Send,
) -> Result<(), Error> {
    #[cfg(feature = "parallel")]
    {
        let mut written = Ok(());
        rayon::in_place_scope(|scope| {
            scope.spawn(|_| written = write());
            send()
        })?;
        written
    }
    #[cfg(not(feature = "parallel"))]
    {
        send()?;
        write()
    }
}

/// Writes chunks and reads each back while it is still in the cache.
fn write_batch(
    job: &Job,
    expected: &Expected,
    batch: &[Chunk],
    first: usize,
    buffers: &mut [Vec<u8>],
) -> Result<(), Error> {
    let one = |(i, (chunk, text)): (usize, (&Chunk, &mut Vec<u8>))| -> Result<(), Error> {
        let steps = &job.program.steps[chunk.steps.clone()];
        let mut out = std::mem::take(text);
        out.clear();
        let mut emitter = Emitter::new(job, chunk.carry, out);
        emitter.steps(chunk.steps.start, steps)?;
        *text = emitter.finish();
        expected.compare(first + i, steps, chunk.carry, text)
    };
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        batch
            .par_iter()
            .zip(buffers.par_iter_mut())
            .with_max_len(2)
            .enumerate()
            .map(one)
            .collect::<Result<(), Error>>()
    }
    #[cfg(not(feature = "parallel"))]
    {
        batch.iter().zip(buffers.iter_mut()).enumerate().try_for_each(one)
    }
}
