//! Result documents: what `--json` prints and what the browser's package returns.
//!
//! In: an outcome or an error. Out: one JSON object with `command`, `status` and `version` beside the
//! outcome's own fields, or with `error`.

use crate::{Error, VERSION};
use serde::Serialize;
use serde_json::{Value, json};

/// The document of something done. `more` are fields that only the front end knows, as the output's path.
///
/// # Errors
/// [`Error::Internal`] when the outcome can't be written as JSON.
pub fn done<T: Serialize>(command: &str, outcome: &T, more: &[(&str, Value)]) -> Result<Value, Error> {
    let mut d = serde_json::to_value(outcome).map_err(|e| Error::Internal(e.to_string()))?;
    d["command"] = command.into();
    d["status"] = "ok".into();
    d["version"] = VERSION.into();
    for (key, value) in more {
        d[*key] = value.clone();
    }
    Ok(d)
}

/// What is known of a failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Short stable name of the kind.
    pub kind: &'static str,
    /// 1 can't be made, 2 usage or settings, 3 unreadable input, 4 internal fault, 130 cancelled.
    pub exit_status: u8,
    /// What, where, what to do; the same everywhere.
    pub message: String,
    /// The file, line or option of the message, where it begins with one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What to do, where the message ends with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Fault {
    /// A failure from its parts; place and hint are read from the message.
    #[must_use]
    pub fn new(kind: &'static str, exit_status: u8, message: impl Into<String>) -> Self {
        let message = message.into();
        let place = message.split_once(": ").map(|(p, _)| p).filter(|p| is_place(p));
        let hint = message.rsplit_once("; ").map(|(_, h)| h.trim_end_matches('.'));
        Self {
            kind,
            exit_status,
            place: place.map(str::to_owned),
            hint: hint.filter(|h| !h.is_empty()).map(str::to_owned),
            message,
        }
    }

    /// The document of the failure.
    #[must_use]
    pub fn document(&self, command: &str) -> Value {
        json!({ "command": command, "status": "error", "error": self, "version": VERSION })
    }
}

impl From<&Error> for Fault {
    fn from(e: &Error) -> Self {
        Self::new(e.kind(), e.exit_code(), e.to_string())
    }
}

/// Messages begin with a file, an option or a setting; sentences have blanks and no dot.
fn is_place(text: &str) -> bool {
    !text.is_empty() && (!text.contains(' ') || text.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_knows_its_place_and_what_to_do() {
        let f = Fault::from(&Error::Input("my part.stl: is empty; export it again".into()));
        assert_eq!((f.kind, f.exit_status), ("input", 3));
        assert_eq!(f.place.as_deref(), Some("my part.stl"));
        assert_eq!(f.hint.as_deref(), Some("export it again"));
        let f = Fault::from(&Error::Cancelled);
        assert_eq!((f.exit_status, f.place, f.hint), (130, None, None));
        let f = Fault::new("usage", 2, "the scale is wrong: it is 0");
        assert_eq!(f.place, None);
        assert_eq!(
            f.document("slice")["error"]["message"],
            "the scale is wrong: it is 0"
        );
    }

    #[test]
    fn a_document_has_the_outcome_and_its_frame() {
        let outcome = crate::CheckReport {
            safe: true,
            findings: Vec::new(),
        };
        let d = done("check", &outcome, &[("file", "a.gcode".into())]).unwrap();
        assert_eq!(d["safe"], true);
        assert_eq!(
            [&d["command"], &d["status"], &d["file"]],
            ["check", "ok", "a.gcode"]
        );
        assert_eq!(d["version"], VERSION);
    }
}
