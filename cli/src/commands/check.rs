//! `offcut check`: what is wrong with G-code. Status 1 when the machine must not run it.

use super::settings;
use crate::args::Check;
use crate::failure::Failure;
use crate::files;
use offcut::Severity;

/// Runs the command.
pub fn run(a: &Check) -> Result<u8, Failure> {
    let machine = settings::resolve(&a.settings)?.settings;
    let input = files::read(&a.file)?;
    let report = offcut::check(&input.name, &input.bytes, &machine)?;
    let code = u8::from(!report.safe);
    if a.json {
        let status = if report.safe { "ok" } else { "error" };
        let more = [("file", input.name.into()), ("status", status.into())];
        println!("{:#}", offcut::document::done("check", &report, &more)?);
        return Ok(code);
    }
    for f in &report.findings {
        let kind = match f.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "note",
        };
        println!("{}: {kind}: {f}", input.name);
    }
    if !a.quiet {
        let verdict = if report.safe { "may run" } else { "must not run" };
        eprintln!(
            "{}: {verdict} on {}",
            input.name,
            machine_name(&machine.printer_model)
        );
    }
    Ok(code)
}

fn machine_name(model: &str) -> &str {
    if model.is_empty() { "this machine" } else { model }
}
