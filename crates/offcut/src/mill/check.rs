//! Any G-code against a milling job: what the machine must not run, and the line that does it.

use super::{MillJob, with_operations};
use crate::Error;
use crate::check::CheckReport;
use offcut_gcode::cnc;
use offcut_gcode::verify::{Finding, Severity};
use offcut_geometry::Ctx;
use offcut_mill::simulate::{self, gcode};

/// Carries out G-code on the stock of a job and says what would do harm: cuts into the model or beyond what the
/// operations may remove, rapids through stock, plunges faster than the tool may, flutes that are too short, shank or
/// holder in material, fixtures, limits, the bed; and what the firmware would not take.
///
/// # Errors
/// See [`Error`].
pub fn check_mill(name: &str, bytes: &[u8], job: &MillJob, ctx: &Ctx) -> Result<CheckReport, Error> {
    if !crate::is_gcode(name, bytes) || bytes.contains(&0) {
        return Err(Error::Input(format!("{name}: is no G-code; mill a job first")));
    }
    let (job, ..) = with_operations(job, ctx)?;
    let machine = offcut_mill::program::machine(&job)?;
    let mut findings = cnc::check(bytes, &machine);
    let checked = gcode::check(&job, bytes, ctx)?;
    let mut add = |code: &str, line: usize, message: String, count: usize| {
        findings.push(Finding {
            severity: Severity::Error,
            code: code.into(),
            line: line as u64,
            message,
            count: count as u64,
        });
    };
    for n in &checked.strangers {
        let has: Vec<String> = job.tools.iter().map(|t| format!("T{}", t.number)).collect();
        let has = has.join(", ");
        add(
            "unknown_tool",
            0,
            format!("the program takes tool T{n}, the job has {has}; its moves are not checked"),
            1,
        );
    }
    if let Some(line) = checked.unclear.first() {
        let what = "moves at feed from a place or with a feed that the program has not said";
        add("unclear", *line, what.into(), checked.unclear.len());
    }
    // One finding of each kind: the first place, and how bad the worst is.
    let found = &checked.report.findings;
    for (i, f) in found.iter().enumerate() {
        if found[..i].iter().any(|o| o.harm == f.harm) {
            continue;
        }
        let same = found.iter().filter(|o| o.harm == f.harm);
        let worst = same.clone().fold(0.0f64, |w, o| w.max(o.amount));
        let unit = match f.harm {
            simulate::Harm::FastPlunge => "mm/min",
            _ => "mm",
        };
        add(
            f.harm.code(),
            f.source,
            format!(
                "{} by {:.3} {unit} at X{:.3} Y{:.3} Z{:.3}, at the worst by {worst:.3} {unit}",
                f.harm.text(),
                f.amount,
                f.at[0],
                f.at[1],
                f.at[2],
            ),
            same.count(),
        );
    }
    findings.sort_by(|a, b| b.severity.cmp(&a.severity).then(a.line.cmp(&b.line)));
    Ok(CheckReport {
        safe: findings.iter().all(|f| f.severity != Severity::Error),
        findings,
    })
}
