//! One file per command.

mod check;
mod convert;
mod cut;
mod drawings;
mod import;
mod info;
mod mill;
mod nest;
mod profile;
mod render;
mod running;
mod settings;
mod shell;
mod slice;
mod stock;
mod text;

use crate::args::{Args, Command};
use crate::failure::Failure;

/// Runs a command and gives the exit status.
pub fn run(args: Args) -> Result<u8, Failure> {
    match args.command {
        Command::Slice(a) => slice::run(&a).map_err(|e| named(e, a.run.json, "slice")),
        Command::Nest(a) => nest::run(&a).map_err(|e| named(e, a.run.json, "nest")),
        Command::Mill(a) => mill::run(&a).map_err(|e| named(e, a.run.json, "mill")),
        Command::Stock(a) => stock::run(&a).map_err(|e| named(e, a.json, "stock")),
        Command::Convert(a) => convert::run(&a),
        Command::Cut(a) => cut::run(&a).map_err(|e| named(e, a.run.json, "cut")),
        Command::Info(a) => info::run(&a).map_err(|e| named(e, a.json, "info")),
        Command::Check(a) => check::run(&a).map_err(|e| named(e, a.json, "check")),
        Command::Render(a) => render::run(&a),
        Command::Profile(a) => profile::run(&a),
        Command::Completions(a) => shell::completions(&a),
        Command::Man => shell::man(),
    }
}

/// Help for those who give a setting as an option, as with other slicers.
pub fn hint(e: &clap::Error) -> Option<String> {
    use clap::error::{ContextKind, ContextValue, ErrorKind};
    if e.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    let ContextValue::String(given) = e.get(ContextKind::InvalidArg)? else {
        return None;
    };
    let key = given.strip_prefix("--")?.replace('-', "_");
    let known = offcut::settings::SETTINGS.iter().any(|s| s.key == key);
    known.then(|| format!("Settings are given with --set, as --set {key}=VALUE."))
}

/// The failure with the command whose result document was asked for.
fn named(mut failure: Failure, json: bool, command: &'static str) -> Failure {
    failure.json = json.then_some(command);
    failure
}
