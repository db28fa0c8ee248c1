//! One file per command.

mod check;
mod import;
mod info;
mod profile;
mod render;
mod settings;
mod shell;
mod slice;
mod text;

use crate::args::{Args, Command};
use crate::failure::Failure;

/// Runs a command and gives the exit status.
pub fn run(args: Args) -> Result<u8, Failure> {
    match args.command {
        Command::Slice(a) => slice::run(&a).map_err(|e| named(e, a.run.json, "slice")),
        Command::Info(a) => info::run(&a).map_err(|e| named(e, a.json, "info")),
        Command::Check(a) => check::run(&a).map_err(|e| named(e, a.json, "check")),
        Command::Render(a) => render::run(&a),
        Command::Profile(a) => profile::run(&a),
        Command::Completions(a) => shell::completions(&a),
        Command::Man => shell::man(),
    }
}

/// The failure with the command whose result document was asked for.
fn named(mut failure: Failure, json: bool, command: &'static str) -> Failure {
    failure.json = json.then_some(command);
    failure
}
