//! Progress on standard error: a bar for people, lines of JSON for programs.

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How progress is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// A bar when standard error is a terminal.
    #[default]
    Auto,
    /// A bar.
    Bar,
    /// One JSON object a line.
    Json,
    /// Nothing.
    None,
}

/// Receives reports from any thread.
pub enum Progress {
    /// Nothing.
    None,
    /// A bar that appears when the work lasts.
    Bar(Mutex<Bar>),
    /// One JSON object a line.
    Json(Mutex<(&'static str, f32)>),
}

/// A bar and since when there is work.
pub struct Bar {
    start: Instant,
    bar: Option<ProgressBar>,
    stage: &'static str,
}

/// Short jobs show no bar.
const DELAY: Duration = Duration::from_millis(250);
const STEPS: u64 = 1000;

impl Progress {
    /// Prepares what the mode asks for.
    pub fn new(mode: Mode, quiet: bool) -> Self {
        match mode {
            Mode::Json => Self::Json(Mutex::new(("", 0.0))),
            Mode::None => Self::None,
            Mode::Auto if quiet || !std::io::stderr().is_terminal() => Self::None,
            Mode::Auto | Mode::Bar => Self::Bar(Mutex::new(Bar {
                start: Instant::now(),
                bar: None,
                stage: "",
            })),
        }
    }

    /// Takes a report.
    pub fn report(&self, stage: &'static str, done: f32) {
        match self {
            Self::None => {}
            Self::Json(last) => {
                if let Ok(mut l) = last.lock()
                    && (l.0 != stage || done - l.1 >= 0.01)
                {
                    *l = (stage, done);
                    eprintln!("{{\"stage\":\"{stage}\",\"done\":{done:.3}}}");
                }
            }
            Self::Bar(b) => {
                if let Ok(mut b) = b.lock() {
                    b.show(stage, done);
                }
            }
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Self::Bar(b) = self
            && let Ok(b) = b.lock()
            && let Some(bar) = &b.bar
        {
            bar.finish_and_clear();
        }
    }
}

impl Bar {
    fn show(&mut self, stage: &'static str, done: f32) {
        if self.bar.is_none() {
            if self.start.elapsed() < DELAY {
                return;
            }
            let bar = ProgressBar::with_draw_target(Some(STEPS), ProgressDrawTarget::stderr_with_hz(12));
            if let Ok(style) = ProgressStyle::with_template("{msg:>12} {bar:40} {percent:>3} %") {
                bar.set_style(style.progress_chars("━╸─"));
            }
            self.bar = Some(bar);
        }
        if let Some(bar) = &self.bar {
            if stage != self.stage {
                self.stage = stage;
                bar.set_message(stage);
                bar.set_position(0);
            }
            bar.set_position((done * STEPS as f32) as u64);
        }
    }
}
