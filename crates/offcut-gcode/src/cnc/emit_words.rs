//! Lines that are no moves: the head, the tail, waits, tools, comments.

use super::dialect::{BeamForm, DwellForm, ToolForm};
use super::{Dialect, Machine};
use crate::program::{Beam, Coolant, ToolMark};
use crate::write::text::{milli_text, nearest};

/// Characters of a comment's frame: `; ` or `()`.
const FRAME: usize = 2;

/// A text as comment lines that the firmware can hold.
pub(super) fn comment(d: &Dialect, text: &str, out: &mut Vec<u8>) {
    for line in text.lines() {
        let plain: String = line
            .chars()
            .map(|c| match c {
                '(' => '[',
                ')' => ']',
                c if c.is_ascii() && !c.is_ascii_control() => c,
                _ => '?',
            })
            .collect();
        let plain = plain.trim_end();
        let cut = plain.len().min(d.line - FRAME);
        let text = if d.parentheses {
            format!("({})\n", &plain[..cut])
        } else {
            format!("; {}", &plain[..cut]).trim_end().to_owned() + "\n"
        };
        out.extend_from_slice(text.as_bytes());
    }
}

pub(super) fn head(m: &Machine, notes: &[String]) -> String {
    let d = m.dialect();
    let mut out = Vec::new();
    for n in notes {
        comment(d, n, &mut out);
    }
    let mut s = String::from_utf8_lossy(&out).into_owned();
    let laser: &[&str] = if m.laser { d.laser_modes } else { &[] };
    for line in laser.iter().chain(d.modes) {
        s.push_str(line);
        s.push('\n');
    }
    custom(&m.start, &mut s);
    s
}

pub(super) fn tail(m: &Machine) -> String {
    let d = m.dialect();
    let mut s = String::new();
    match d.beam {
        BeamForm::Words { off, .. } if m.laser => s.push_str(off),
        BeamForm::Pin(set) if m.laser => {
            s.push_str(set);
            s.push('0');
        }
        _ => s.push_str("M5"),
    }
    s.push('\n');
    custom(&m.finish, &mut s);
    if let Some(end) = d.end {
        s.push_str(end);
        s.push('\n');
    }
    s
}

fn custom(text: &str, s: &mut String) {
    for line in text.lines().map(str::trim_end).filter(|l| !l.is_empty()) {
        s.push_str(line);
        s.push('\n');
    }
}

pub(super) fn beam(d: &Dialect, b: Beam) -> Option<&'static str> {
    match (d.beam, b) {
        (BeamForm::Words { off, .. }, Beam::Off) => Some(off),
        (BeamForm::Words { constant, .. }, Beam::Constant) => Some(constant),
        (BeamForm::Words { dynamic, .. }, Beam::Dynamic) => Some(dynamic),
        (BeamForm::Pin(_), _) => None,
    }
}

pub(super) fn coolant(d: &Dialect, c: Coolant) -> &'static str {
    d.coolant[match c {
        Coolant::Mist => 0,
        Coolant::Flood => 1,
        Coolant::Air => 2,
        Coolant::Off => 3,
    }]
}

pub(super) fn dwell(d: &Dialect, seconds: f64) -> String {
    let ms = nearest(seconds * 1e3);
    match d.dwell {
        DwellForm::Seconds => format!("G4 P{}", milli_text(ms)),
        DwellForm::SSeconds => format!("G4 S{}", milli_text(ms)),
        DwellForm::Milliseconds => format!("G4 P{ms}"),
    }
}

/// A change of tool; the first one of a machine without a changer is already in the spindle.
pub(super) fn tool(m: &Machine, t: &ToolMark, first: bool, out: &mut Vec<u8>) {
    let d = m.dialect();
    comment(
        d,
        &format!(
            "tool {} {} D{}",
            t.number,
            t.name,
            milli_text(nearest(t.diameter * 1e3))
        ),
        out,
    );
    let line = match d.tool {
        ToolForm::M6 if m.changer => format!("T{} M6\n", t.number),
        ToolForm::T if m.changer => format!("T{}\n", t.number),
        _ if first => String::new(),
        ToolForm::Pause(word) => format!("M5\n{word}\n"),
        ToolForm::M6 | ToolForm::T => "M5\nM0\n".into(),
    };
    out.extend_from_slice(line.as_bytes());
}
