//! How the commands that make G-code run: where it goes, threads, progress, Ctrl-C.

use crate::args::{OutputArgs, RunArgs};
use crate::failure::Failure;
use crate::files::Target;
use crate::interrupt;
use crate::progress::Progress;
use offcut::Ctx;
use std::path::{Path, PathBuf};

/// Where the G-code goes: as `-o` says, else to `name` or beside the inputs with this extension.
pub fn target(
    output: &OutputArgs,
    run: &RunArgs,
    name: Option<&str>,
    inputs: &[PathBuf],
    extension: &str,
) -> Result<Target, Failure> {
    let given = output.output.as_deref().or(name.map(Path::new));
    let target = Target::choose(given, inputs, extension, output.force)?;
    if run.json && target == Target::Stdout {
        return Err(Failure::usage(
            "--json and the G-code can't share standard output; name a file with -o",
        ));
    }
    Ok(target)
}

/// Does the work with a seed and progress as asked for; Ctrl-C stops it.
pub fn with_progress<T>(run: &RunArgs, work: impl FnOnce(&Ctx) -> Result<T, Failure>) -> Result<T, Failure> {
    interrupt::listen();
    let progress = Progress::new(run.progress, run.quiet || run.json);
    let report = |stage: &'static str, done: f32| progress.report(stage, done);
    let ctx = Ctx::quiet()
        .with_progress(&report)
        .with_cancel(&interrupt::CANCEL)
        .with_seed(run.seed);
    let done = work(&ctx);
    progress.finish();
    done
}
