//! `offcut check`: what is wrong with G-code.

use super::settings;
use crate::args::Check;
use crate::failure::Failure;
use crate::files;

/// Runs the command.
pub fn run(a: &Check) -> Result<u8, Failure> {
    let input = files::read(&a.file)?;
    let _ = settings::resolve(&a.settings)?;
    Err(Failure::output(format!(
        "{}: checking is not built in",
        input.name
    )))
}
