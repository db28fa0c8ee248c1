//! G and M codes that are no moves: modes, waits, offsets, the spindle.

use super::line::LineWords;
use super::{Event, Mode, State, Visitor};

impl State {
    pub(super) fn m_code(&mut self, m: u16, w: &LineWords, visitor: &mut impl Visitor) {
        let event = match m {
            30 | 40 | 50 => {
                self.mode = match m {
                    30 => Mode::Constant,
                    40 => Mode::Dynamic,
                    _ => Mode::Off,
                };
                Event::Mode(self.mode, self.s)
            }
            60 => Event::Tool(self.tool),
            70 | 80 | 90 => Event::Coolant(u32::from(m) / 10),
            1060 | 1070 => Event::Coolant(if m == 1060 && w.get(b'S') != Some(0.0) {
                8
            } else {
                9
            }),
            0 | 10 => Event::Pause,
            20 | 300 => return,
            _ => Event::Other {
                letter: b'M',
                number: f64::from(m) / 10.0,
            },
        };
        visitor.event(event, self.line);
    }

    /// Returns false when the axis words belong to this code.
    pub(super) fn g_code(&mut self, g: u16, w: &LineWords, visitor: &mut impl Visitor) -> bool {
        let line = self.line;
        match g {
            0 | 10 | 20 | 30 => self.motion = Some(g),
            730 | 810 | 820 | 830 => {
                if !matches!(self.motion, Some(730..)) {
                    self.initial = self.frame.position[2];
                }
                self.motion = Some(g);
            }
            800 => self.motion = None,
            40 => {
                let p = w.get(b'P').unwrap_or(0.0);
                let p = if self.milliseconds { p / 1000.0 } else { p };
                visitor.event(Event::Dwell(p + w.get(b'S').unwrap_or(0.0)), line);
            }
            200 => self.frame.unit = 25.4,
            210 => self.frame.unit = 1.0,
            900 => self.frame.absolute = true,
            910 => self.frame.absolute = false,
            901 => self.absolute_ij = true,
            911 => self.absolute_ij = false,
            980 => self.to_initial = true,
            990 => self.to_initial = false,
            280 | 300 => {
                self.frame.known = [false; 3];
                visitor.event(Event::Home, line);
                return false;
            }
            920 => {
                self.frame.count_from(|l| w.get(l));
                return false;
            }
            100 => return false,
            921 => {
                self.frame.position = self.frame.machine(self.frame.position);
                self.frame.offset = [0.0; 3];
            }
            170 | 400 | 490 | 540..=590 | 610 | 640 | 940 | 430 => {}
            _ => visitor.event(
                Event::Other {
                    letter: b'G',
                    number: f64::from(g) / 10.0,
                },
                line,
            ),
        }
        true
    }
}
