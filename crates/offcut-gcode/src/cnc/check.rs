//! A laser's or mill's file against the machine: what it must not run, and what may not be meant so.
//!
//! In: any G-code and the [`Machine`]. Out: findings, one per kind, with the first line and the count.

use super::read::{Event, Mode, Move, State, Visitor};
use super::{BeamForm, DwellForm, Machine};
use crate::verify::{Finding, Severity};
use offcut_settings::CncFlavor;

/// Moves may leave the bed by this, mm: rounding of the text.
const MARGIN: f64 = 0.001;

/// Checks a file against a machine.
#[must_use]
pub fn check(text: &[u8], machine: &Machine) -> Vec<Finding> {
    let mut c = Checker {
        machine,
        findings: Vec::new(),
        ended: None,
        homed: false,
        burns: 0,
    };
    let mut state = State::default();
    state.milliseconds = machine.dialect().dwell == DwellForm::Milliseconds;
    state.read(text, &mut c);
    c.lines(text);
    let (mode, s) = state.power();
    if mode != Mode::Off && !state.ended() {
        let what = if machine.laser {
            "laser armed"
        } else {
            "spindle on"
        };
        c.found(Severity::Error, "left_on", state.lines(), || {
            format!("the program ends with the {what} (M5 is missing, S is {s})")
        });
    }
    if machine.dialect().end.is_some() && !state.ended() {
        c.found(Severity::Warning, "no_end", state.lines(), || {
            "the program has no end (M2 or M30)".into()
        });
    }
    if machine.laser && c.burns == 0 {
        c.found(Severity::Warning, "nothing_burns", 0, || {
            "no move has the beam on".into()
        });
    }
    c.findings
        .sort_by(|a, b| b.severity.cmp(&a.severity).then(a.line.cmp(&b.line)));
    c.findings
}

struct Checker<'a> {
    machine: &'a Machine,
    findings: Vec<Finding>,
    /// Line of M2 or M30.
    ended: Option<u64>,
    /// The place is not known since a homing.
    homed: bool,
    burns: u64,
}

impl Checker<'_> {
    #[cold]
    fn found(&mut self, severity: Severity, code: &str, line: u64, message: impl FnOnce() -> String) {
        match self.findings.iter_mut().find(|f| f.code == code) {
            Some(f) => f.count += 1,
            None => self.findings.push(Finding {
                severity,
                code: code.into(),
                line,
                message: message(),
                count: 1,
            }),
        }
    }

    /// Longer lines than the firmware's buffer.
    fn lines(&mut self, text: &[u8]) {
        let most = match self.machine.flavor {
            CncFlavor::Grbl => 79,
            CncFlavor::Marlin | CncFlavor::Klipper => 95,
            _ => 250,
        };
        for (i, l) in text.split(|b| *b == b'\n').enumerate() {
            let code = l.split(|b| *b == b';').next().unwrap_or(l).trim_ascii_end();
            if code.len() > most {
                self.found(Severity::Error, "line_too_long", i as u64 + 1, || {
                    format!("a line has {} characters, the firmware takes {most}", code.len())
                });
            }
        }
    }

    fn place(&mut self, p: [f64; 3], m: &Move) {
        let [lo, hi] = self.machine.room;
        let axes = if self.machine.z_axis { 3 } else { 2 };
        for (i, axis) in "XYZ".chars().enumerate().take(axes) {
            if p[i] >= lo[i] - MARGIN && p[i] <= hi[i] + MARGIN {
                continue;
            }
            let kind = if m.rapid { "travel" } else { "cut" };
            let code = format!("off_bed_{axis}").to_lowercase();
            self.found(Severity::Error, &code, m.line, || {
                format!(
                    "a {kind} goes to {axis}{:.3}, the machine has {axis} {} to {}",
                    p[i], lo[i], hi[i]
                )
            });
        }
    }

    /// G0 with power on burns wherever the firmware does not switch the beam off for it.
    fn travel(&mut self, m: &Move) {
        use CncFlavor::{Grbl, Grblhal, Marlin, Reprapfirmware, Smoothie};
        let off_by_itself = matches!(
            (self.machine.flavor, m.mode),
            (Grbl | Grblhal, Mode::Dynamic) | (Marlin | Smoothie | Reprapfirmware, _)
        );
        if m.powered() && !off_by_itself && m.from != m.to {
            self.found(Severity::Error, "beam_on_travel", m.line, || {
                format!(
                    "the beam is on during a travel (S{}): write S0 or M5 before it",
                    m.s
                )
            });
        }
    }
}

impl Visitor for Checker<'_> {
    fn motion(&mut self, m: &Move) {
        if let Some(end) = self.ended {
            self.found(Severity::Warning, "after_end", m.line, || {
                format!("moves follow the program's end in line {end}")
            });
        }
        if !self.homed || m.known {
            self.place(m.to, m);
        }
        if let Some(arc) = m.arc {
            let (r, sweep) = arc.sweep(m.from, m.to);
            let off = (libm::hypot(m.to[0] - arc.center[0], m.to[1] - arc.center[1]) - r).abs();
            if off > 0.5 || (off > 0.005 && off > 0.001 * r) || r == 0.0 {
                self.found(Severity::Error, "arc", m.line, || {
                    format!("an arc's radii differ by {off:.4} mm between its ends: firmwares refuse it")
                });
            }
            let a = libm::atan2(m.from[1] - arc.center[1], m.from[0] - arc.center[0]);
            for k in 1..16 {
                let (sin, cos) = libm::sincos(a + sweep * f64::from(k) / 16.0);
                self.place([arc.center[0] + r * cos, arc.center[1] + r * sin, m.to[2]], m);
            }
        }
        let moves = m.from != m.to || m.arc.is_some();
        if !m.rapid && moves && m.feed <= 0.0 {
            self.found(Severity::Error, "no_feed", m.line, || {
                "a cut has no feed: F is missing or 0 (GRBL error 22)".into()
            });
        }
        if !self.machine.laser {
            if !m.rapid && moves && m.mode == Mode::Off && m.to[2] < 0.0 {
                self.found(Severity::Warning, "spindle_off", m.line, || {
                    "a cut below zero while the spindle stands".into()
                });
            }
            return;
        }
        if m.rapid {
            self.travel(m);
            return;
        }
        self.burns += u64::from(m.burns() && moves);
        let top = self.machine.s_max;
        if m.burns() && m.s > top * (1.0 + 1e-9) {
            self.found(Severity::Error, "power", m.line, || {
                format!("S{} is more than the machine's full power, S{top}", m.s)
            });
        }
        if m.s < 0.0 {
            self.found(Severity::Error, "power", m.line, || {
                format!("S{} is negative", m.s)
            });
        }
        let fastest = self.machine.speed;
        let length = m.length();
        let over = (0..3).find(|i| {
            let share = (m.to[*i] - m.from[*i]).abs() / length.max(1e-12);
            m.arc.is_none() && m.feed * share > fastest[*i] * 1.001
        });
        if let Some(i) = over {
            self.found(Severity::Warning, "feed", m.line, || {
                format!(
                    "a cut at {:.0} mm/min is faster than the axis ({:.0} mm/min): the machine slows it down, and burns deeper",
                    m.feed * 60.0,
                    fastest[i] * 60.0
                )
            });
        }
    }

    fn event(&mut self, event: Event, line: u64) {
        match event {
            Event::Home => self.homed = true,
            Event::End => self.ended = Some(line),
            Event::Mode(Mode::Dynamic, _) if self.machine.laser => {
                let none = matches!(self.machine.flavor, CncFlavor::Linuxcnc | CncFlavor::Mach3);
                if none {
                    self.found(Severity::Error, "dynamic", line, || {
                        "M4 turns the spindle the other way on this firmware; it knows no dynamic power"
                            .into()
                    });
                }
            }
            Event::Malformed(text) => {
                let text = String::from_utf8_lossy(text).into_owned();
                self.found(Severity::Error, "malformed", line, || {
                    format!("no firmware can follow `{text}`")
                });
            }
            Event::Macro(text) if !matches!(self.machine.dialect().beam, BeamForm::Pin(_)) => {
                let text = String::from_utf8_lossy(text).into_owned();
                self.found(Severity::Warning, "macro", line, || {
                    format!("`{text}` is no G-code; only a firmware with such a macro runs it")
                });
            }
            // RepRapFirmware's laser mode.
            Event::Other {
                letter: b'M',
                number: 452.0,
            } => {}
            Event::Other { letter, number } => {
                let code = format!("unknown_{}{number}", char::from(letter));
                self.found(Severity::Info, &code, line, || {
                    format!("{}{number} is not looked at", char::from(letter))
                });
            }
            _ => {}
        }
    }
}
