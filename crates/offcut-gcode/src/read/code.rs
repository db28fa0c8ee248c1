//! Commands that are no moves.

use super::lex::{Cursor, Words};
use super::{Event, State, Visitor};

impl State {
    /// Any line that is not a plain G0 to G3.
    #[inline(never)]
    pub(super) fn other(&mut self, c: &mut Cursor, w: &mut Words, visitor: &mut impl Visitor) {
        let mut start = c.at;
        if matches!(c.peek(), b'N' | b'n') && c.bytes.get(c.at + 1).is_some_and(u8::is_ascii_digit) {
            c.at += 1;
            c.number();
            c.skip_blanks();
            start = c.at;
        }
        let letter = c.peek().to_ascii_uppercase();
        let is_code = matches!(letter, b'G' | b'M' | b'T')
            && c.bytes
                .get(start + 1)
                .is_some_and(|b| b.is_ascii_digit() || *b == b' ');
        if !is_code {
            if matches!(c.peek(), b'\n' | b';') {
                return;
            }
            return self.word(c, start, visitor);
        }
        c.at += 1;
        let Some(number) = c.number() else {
            return self.word(c, start, visitor);
        };
        if letter == b'G' && matches!(number, 0.0 | 1.0 | 2.0 | 3.0) {
            w.read(c);
            return self.motion(number as u8, w, start, c, visitor);
        }
        // M117 and the like take free text.
        if letter == b'M'
            && matches!(
                number,
                0.0 | 1.0 | 16.0 | 23.0 | 28.0 | 117.0 | 118.0 | 486.0 | 587.0
            )
        {
            return visitor.event(Event::Other { letter, number }, self.line);
        }
        w.read(c);
        let line = self.line;
        match letter {
            b'T' => visitor.event(Event::Tool(number as u32), line),
            b'G' => self.g_code(number, w, visitor),
            _ => self.m_code(number, w, visitor),
        }
    }

    fn g_code(&mut self, number: f64, w: &Words, visitor: &mut impl Visitor) {
        let line = self.line;
        match number {
            4.0 => {
                let s = w.get(b'S').unwrap_or(0.0) + w.get(b'P').unwrap_or(0.0) / 1000.0;
                visitor.event(Event::Dwell(s), line);
            }
            10.0 if w.has(b'P') && (w.has(b'S') || w.has(b'R')) => {
                if let Some(celsius) = w.get(b'S') {
                    visitor.event(Event::Hotend { celsius, wait: false }, line);
                }
            }
            10.0 if !b"LPXYZ".iter().any(|&l| w.has(l)) => visitor.event(Event::FirmwareRetract(true), line),
            11.0 => visitor.event(Event::FirmwareRetract(false), line),
            20.0 => self.frame.unit = 25.4,
            21.0 => self.frame.unit = 1.0,
            28.0 => {
                let all = !b"XYZ".iter().any(|&l| w.has(l));
                let axes = [b'X', b'Y', b'Z'].map(|l| all || w.has(l));
                for (i, _) in axes.iter().enumerate().filter(|(_, a)| **a) {
                    self.frame.position[i] = 0.0;
                    self.frame.offset[i] = 0.0;
                    self.frame.known[i] = false;
                }
                visitor.event(Event::Home(axes), line);
            }
            90.0 => {
                self.frame.absolute = true;
                self.absolute_e |= !self.e_mode_given;
            }
            91.0 => {
                self.frame.absolute = false;
                self.absolute_e &= self.e_mode_given;
            }
            92.0 => {
                let any = b"XYZE".iter().any(|&l| w.has(l));
                self.frame.count_from(|l| w.get(l));
                if w.has(b'E') || !any {
                    self.e = w.get(b'E').unwrap_or(0.0) * self.frame.unit;
                }
            }
            17.0 => {}
            _ => visitor.event(Event::Other { letter: b'G', number }, line),
        }
    }

    fn m_code(&mut self, number: f64, w: &Words, visitor: &mut impl Visitor) {
        let axes = |f: f64| [b'X', b'Y', b'Z', b'E'].map(|l| w.get(l).map(|v| v * f));
        let target = w.get(b'S').or(w.get(b'R'));
        let event = match number {
            82.0 | 83.0 => {
                self.absolute_e = number == 82.0;
                self.e_mode_given = true;
                return;
            }
            104.0 | 109.0 => target.map(|celsius| Event::Hotend {
                celsius,
                wait: number == 109.0,
            }),
            140.0 | 190.0 => target.map(|celsius| Event::Bed {
                celsius,
                wait: number == 190.0,
            }),
            141.0 | 191.0 => target.map(|celsius| Event::Chamber {
                celsius,
                wait: number == 191.0,
            }),
            // P other than 0 is another fan.
            106.0 if w.get(b'P').unwrap_or(0.0) == 0.0 => Some(Event::Fan(w.get(b'S').unwrap_or(255.0))),
            107.0 if w.get(b'P').unwrap_or(0.0) == 0.0 => Some(Event::Fan(0.0)),
            201.0 => Some(Event::MaxAcceleration(axes(1.0))),
            203.0 => Some(Event::MaxSpeed(axes(1.0))),
            204.0 => Some(Event::Acceleration(match w.get(b'S') {
                Some(s) => [Some(s), Some(s), w.get(b'T')],
                None => [w.get(b'P'), w.get(b'T'), w.get(b'R')],
            })),
            205.0 => {
                if let Some(j) = w.get(b'J') {
                    visitor.event(Event::JunctionDeviation(j), self.line);
                }
                Some(Event::Jerk(axes(1.0)))
            }
            566.0 => Some(Event::Jerk(axes(1.0 / 60.0))),
            _ => None,
        };
        visitor.event(event.unwrap_or(Event::Other { letter: b'M', number }), self.line);
    }

    /// A host's or firmware's macro, or rubbish.
    fn word(&mut self, c: &mut Cursor, start: usize, visitor: &mut impl Visitor) {
        c.at = start;
        let rest = c.bytes.get(start..).unwrap_or(&[]);
        let n = rest
            .iter()
            .position(|&b| b == b'\n' || b == b';')
            .unwrap_or(rest.len());
        c.at = start + n;
        let text = rest[..n].trim_ascii();
        if text.is_empty() || text[0] == b'(' || text[0] == b'%' {
            return;
        }
        if !(text[0].is_ascii_alphabetic() || text[0] == b'_') {
            return visitor.event(Event::Malformed(text), self.line);
        }
        let line = self.line;
        let name = text.split(|b| b.is_ascii_whitespace()).next().unwrap_or(text);
        if name.eq_ignore_ascii_case(b"SET_VELOCITY_LIMIT") {
            if let Some(a) = parameter(text, b"ACCEL") {
                visitor.event(Event::Acceleration([Some(a), Some(a), None]), line);
            }
            if let Some(v) = parameter(text, b"SQUARE_CORNER_VELOCITY") {
                visitor.event(Event::SquareCornerVelocity(v), line);
            }
        } else if name.eq_ignore_ascii_case(b"SET_HEATER_TEMPERATURE") {
            let target = parameter(text, b"TARGET").unwrap_or(0.0);
            let lower = text.to_ascii_lowercase();
            if contains(&lower, b"heater=extruder") {
                visitor.event(
                    Event::Hotend {
                        celsius: target,
                        wait: false,
                    },
                    line,
                );
            } else if contains(&lower, b"heater=heater_bed") {
                visitor.event(
                    Event::Bed {
                        celsius: target,
                        wait: false,
                    },
                    line,
                );
            }
        } else if name.eq_ignore_ascii_case(b"TURN_OFF_HEATERS") {
            visitor.event(
                Event::Hotend {
                    celsius: 0.0,
                    wait: false,
                },
                line,
            );
            visitor.event(
                Event::Bed {
                    celsius: 0.0,
                    wait: false,
                },
                line,
            );
        }
        visitor.event(Event::Macro(text), line);
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|w| w == part)
}

/// The number after `NAME=`.
fn parameter(text: &[u8], name: &[u8]) -> Option<f64> {
    for word in text.split(|b| b.is_ascii_whitespace()) {
        let mut parts = word.splitn(2, |&b| b == b'=');
        if parts.next().is_some_and(|k| k.eq_ignore_ascii_case(name)) {
            return Cursor {
                bytes: parts.next()?,
                at: 0,
            }
            .number();
        }
    }
    None
}
