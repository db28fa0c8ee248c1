//! What is wrong with a G-code file.

use crate::Error;
use offcut_gcode::cnc;
use offcut_gcode::verify::{Finding, Severity};
use offcut_settings::{CncFlavor, CutSettings, PrintSettings};
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

/// What the head of a file says about the laser that it is for; see [`laser_note`].
const NOTE: &str = "; for a ";

/// The line at the head of a laser's file that tells firmware, power scale and bed.
pub(crate) fn laser_note(s: &CutSettings) -> String {
    let (o, b) = (s.bed_origin, s.bed_size);
    format!(
        "for a {} laser, S{}, bed {} {} {} {}",
        s.firmware.name(),
        s.s_max,
        o.x,
        o.y,
        b.x,
        b.y
    )
}

/// The laser that a file says it is for, with defaults for what it does not say.
#[must_use]
pub fn laser_of(bytes: &[u8]) -> Option<CutSettings> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2000)]);
    let note = head.lines().find_map(|l| l.strip_prefix(NOTE))?;
    let words: Vec<&str> = note.split([' ', ',']).filter(|w| !w.is_empty()).collect();
    let mut s = CutSettings {
        firmware: CncFlavor::from_name(words.first()?)?,
        s_max: words.get(2)?.strip_prefix('S')?.parse().ok()?,
        ..CutSettings::default()
    };
    let n: Vec<f64> = words.get(4..8)?.iter().filter_map(|w| w.parse().ok()).collect();
    let [x, y, w, h] = n[..] else { return None };
    (s.bed_origin.x, s.bed_origin.y, s.bed_size.x, s.bed_size.y) = (x, y, w, h);
    (s.max_speed_x, s.max_speed_y) = (5000.0, 5000.0);
    Some(s)
}

/// True for G-code of a laser or mill: something is switched by M3 or M4, or by Klipper's laser pin, and no filament
/// moves.
#[must_use]
pub fn is_cut(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(400_000)];
    let mut arms = false;
    for line in head.split(|b| *b == b'\n').map(<[u8]>::trim_ascii) {
        let word = line.split(|b| !b.is_ascii_alphanumeric()).next().unwrap_or(line);
        let moves = matches!(word, b"G0" | b"G1" | b"G00" | b"G01");
        let code = line.split(|b| *b == b';').next().unwrap_or(line);
        if moves
            && code
                .windows(2)
                .any(|w| w[0] == b'E' && (w[1].is_ascii_digit() || b"-.".contains(&w[1])))
        {
            return false;
        }
        arms |= matches!(word, b"M3" | b"M4" | b"M03" | b"M04") || line.starts_with(b"SET_PIN PIN=laser");
        // Several words in a line, as other programs write them.
        arms |= code
            .windows(3)
            .any(|w| w[0] == b'M' && matches!(w[1], b'3' | b'4') && !w[2].is_ascii_digit());
    }
    arms
}

/// Reads a laser's G-code, follows it on the laser of the settings and says what is wrong.
///
/// # Errors
/// [`Error::Input`] when the file is no G-code.
pub fn check_cut(name: &str, bytes: &[u8], settings: &CutSettings) -> Result<CheckReport, Error> {
    if !crate::is_gcode(name, bytes) || bytes.contains(&0) {
        return Err(Error::Input(format!("{name}: is no G-code; cut a drawing first")));
    }
    let findings = cnc::check(bytes, &crate::cut::machine(settings));
    Ok(CheckReport {
        safe: findings.iter().all(|f| f.severity != Severity::Error),
        findings,
    })
}
