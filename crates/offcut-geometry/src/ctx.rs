//! What travels beside the data: progress, cancellation, the seed.

use std::sync::atomic::{AtomicBool, Ordering};
use thiserror::Error;

/// The job was cancelled from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("cancelled")]
pub struct Cancelled;

/// Receives progress: the stage's name and its share done, 0 to 1, never falling within a stage.
pub type ProgressFn<'a> = dyn Fn(&'static str, f32) + Sync + 'a;

/// Travels by reference through every stage.
#[derive(Default, Clone, Copy)]
pub struct Ctx<'a> {
    progress: Option<&'a ProgressFn<'a>>,
    cancel: Option<&'a AtomicBool>,
    /// Seed of everything random; the same seed gives the same bytes.
    pub seed: u64,
}

impl<'a> Ctx<'a> {
    /// A context that reports nothing and is never cancelled.
    #[must_use]
    pub fn quiet() -> Self {
        Self::default()
    }

    /// Sends progress to `f`.
    #[must_use]
    pub fn with_progress(mut self, f: &'a ProgressFn<'a>) -> Self {
        self.progress = Some(f);
        self
    }

    /// Is cancelled when `flag` becomes true.
    #[must_use]
    pub fn with_cancel(mut self, flag: &'a AtomicBool) -> Self {
        self.cancel = Some(flag);
        self
    }

    /// Sets the seed.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Reports progress of a stage.
    pub fn report(&self, stage: &'static str, done: f32) {
        if let Some(f) = self.progress {
            f(stage, done.clamp(0.0, 1.0));
        }
    }

    /// To be called once per layer, row or iteration.
    ///
    /// # Errors
    /// [`Cancelled`] when the job was cancelled.
    pub fn check(&self) -> Result<(), Cancelled> {
        match self.cancel {
            Some(c) if c.load(Ordering::Relaxed) => Err(Cancelled),
            _ => Ok(()),
        }
    }
}
