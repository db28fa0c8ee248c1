//! `offcut check`: what is wrong with G-code. Status 1 when the machine must not run it.

use super::{cut, mill, settings};
use crate::args::Check;
use crate::failure::Failure;
use crate::files;
use offcut::settings::{CutSettings, Tabled, laser_text};
use offcut::{Ctx, Severity};
use std::path::Path;

/// Runs the command.
pub fn run(a: &Check) -> Result<u8, Failure> {
    let input = files::read(&a.file)?;
    let laser = match a.job {
        Some(_) => None,
        None => laser(a, &input.bytes)?,
    };
    let (report, machine) = match laser {
        _ if a.job.is_some() => {
            let path = a.job.clone().unwrap_or_default();
            let ctx = Ctx::quiet();
            let report = offcut::mill::check_mill(&input.name, &input.bytes, &mill::load(&path)?, &ctx)?;
            (report, format!("the machine of {}", path.display()))
        }
        Some(l) => (offcut::check_cut(&input.name, &input.bytes, &l)?, l.machine_name),
        None => {
            let machine = settings::resolve(&a.settings)?.settings;
            let report = offcut::check(&input.name, &input.bytes, &machine)?;
            (report, machine.printer_model)
        }
    };
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
        eprintln!("{}: {verdict} on {}", input.name, machine_name(&machine));
    }
    Ok(code)
}

/// The laser to check against: the one that is named, else the one that the file was made for.
fn laser(a: &Check, bytes: &[u8]) -> Result<Option<CutSettings>, Failure> {
    let named = match &a.settings.machine {
        Some(m) if laser_text(m).is_some() => true,
        Some(m) if m.ends_with(".toml") => {
            let text = files::read(Path::new(m))?.bytes;
            String::from_utf8_lossy(&text).lines().any(|l| {
                let key = l.split('=').next().unwrap_or(l).trim();
                ["firmware", "laser_class", "s_max"].contains(&key)
            })
        }
        _ => false,
    };
    if named {
        return Ok(Some(cut::resolve(&a.settings, &[], &[])?.settings));
    }
    if a.settings.machine.is_some() || !offcut::is_cut(bytes) {
        return Ok(None);
    }
    let mut laser = offcut::laser_of(bytes);
    if let Some(l) = &mut laser {
        for assignment in &a.settings.set {
            l.assign_text(assignment).map_err(offcut::Error::from)?;
        }
    }
    Ok(laser)
}

fn machine_name(model: &str) -> &str {
    if model.is_empty() { "this machine" } else { model }
}
