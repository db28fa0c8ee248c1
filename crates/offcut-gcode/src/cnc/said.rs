//! What a text says beside moves, as the program wants it: waits, coolant, tools, pauses.

use super::Machine;
use super::dialect::{Dialect, ToolForm};
use super::emit_words;
use super::read::Event;
use crate::program::Coolant;
use std::fmt;

/// One thing to be said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Said {
    /// Milliseconds.
    Wait(i64),
    /// 7, 8 or 9.
    Coolant(u32),
    /// The number of a tool.
    Tool(u32),
    /// Stops for the operator.
    Pause,
    /// A command of the firmware.
    Macro(&'static str),
    /// Whatever lines of the user's own say.
    Anything,
}

impl Said {
    /// A wait, s.
    pub fn wait(seconds: f32) -> Self {
        Self::Wait((f64::from(seconds) * 1e3).round() as i64)
    }

    /// Events that the program has to have.
    pub fn counts(event: &Event) -> bool {
        matches!(
            event,
            Event::Dwell(_) | Event::Coolant(_) | Event::Tool(_) | Event::Pause | Event::Macro(_)
        )
    }

    /// The event is this.
    pub fn is(self, event: &Event) -> bool {
        match (self, event) {
            (Self::Anything, _) => true,
            (Self::Wait(ms), Event::Dwell(s)) => (ms as f64 - s * 1e3).abs() < 0.6,
            (Self::Coolant(a), Event::Coolant(b)) | (Self::Tool(a), Event::Tool(b)) => a == *b,
            (Self::Pause, Event::Pause) => true,
            (Self::Macro(a), Event::Macro(b)) => a.as_bytes() == *b,
            _ => false,
        }
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Wait(ms) => write!(f, "a wait of {ms} ms"),
            Self::Coolant(n) => write!(f, "M{n}"),
            Self::Tool(n) => write!(f, "tool {n}"),
            Self::Pause => write!(f, "a pause"),
            Self::Macro(text) => write!(f, "`{text}`"),
            Self::Anything => write!(f, "a line of start, end or custom G-code"),
        }
    }
}

/// What is said for coolant or air. Fans stand for air where M106 means one.
pub(super) fn coolant(d: &Dialect, c: Coolant) -> Option<Said> {
    let word = emit_words::coolant(d, c);
    let told = match (c, word.starts_with('M')) {
        (_, false) => Said::Macro(word),
        (Coolant::Mist, true) => Said::Coolant(7),
        (Coolant::Flood | Coolant::Air, true) => Said::Coolant(8),
        (Coolant::Off, true) => Said::Coolant(9),
    };
    (!word.is_empty()).then_some(told)
}

/// What is said for a change of tool: none for the one that is in the spindle already.
pub(super) fn tool(m: &Machine, number: u32, first: bool) -> Option<Said> {
    match m.dialect().tool {
        ToolForm::M6 | ToolForm::T if m.changer => Some(Said::Tool(number)),
        _ if first => None,
        ToolForm::Pause(word) if !word.starts_with('M') => Some(Said::Macro(word)),
        _ => Some(Said::Pause),
    }
}
