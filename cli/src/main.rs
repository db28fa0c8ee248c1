//! offcut in the terminal: arguments become a job, an outcome becomes a file and an exit status.
//!
//! Standard output carries the product or the `--json` document and nothing else.

mod args;
mod commands;
mod failure;
mod files;
mod interrupt;
mod progress;
mod stock_file;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    failure::plain_panics();
    let args = match args::Args::try_parse() {
        Ok(a) => a,
        Err(e) => {
            // clap prints help and versions to standard output, mistakes to standard error.
            let _ = e.print();
            if let Some(hint) = commands::hint(&e) {
                eprintln!("{hint}");
            }
            return ExitCode::from(if e.use_stderr() { 2 } else { 0 });
        }
    };
    match commands::run(args) {
        Ok(code) => ExitCode::from(code),
        Err(e) => e.report(),
    }
}
