//! What is wrong with a G-code file.

use crate::Error;
use offcut_gcode::verify::{Finding, Severity};
use offcut_settings::PrintSettings;
use serde::Serialize;

/// The outcome of a check.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckReport {
    /// The machine may run the file.
    pub safe: bool,
    /// What is wrong, the worst first.
    pub findings: Vec<Finding>,
}

/// Reads G-code, follows it on the machine of the settings and says what is wrong.
///
/// # Errors
/// [`Error::Input`] when the file is no G-code.
pub fn check(name: &str, bytes: &[u8], settings: &PrintSettings) -> Result<CheckReport, Error> {
    if !crate::is_gcode(name, bytes) || bytes.contains(&0) {
        return Err(Error::Input(format!("{name}: is no G-code; slice a model first")));
    }
    let mut findings = offcut_gcode::verify::check(bytes, settings);
    findings.sort_by(|a, b| b.severity.cmp(&a.severity).then(a.line.cmp(&b.line)));
    Ok(CheckReport {
        safe: findings.iter().all(|f| f.severity != Severity::Error),
        findings,
    })
}
