//! What the head and the tail of a file tell people and hosts, beside the motion itself.

use serde::{Deserialize, Serialize};

/// A picture of the job, as PNG.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thumbnail {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// The PNG file.
    pub png: Vec<u8>,
}

/// What the caller knows about the job. Everything is optional; nothing is taken from the clock.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Metadata {
    /// Version of offcut.
    pub version: String,
    /// Date, `2026-01-31`; none keeps equal jobs equal.
    pub date: Option<String>,
    /// Time of day with zone, `12:34:56 UTC`; only written together with a date.
    pub time: Option<String>,
    /// Pictures, smallest first.
    pub thumbnails: Vec<Thumbnail>,
    /// Name of the machine's profile.
    pub machine: String,
    /// Name of the material's profile.
    pub material: String,
    /// Name of the process's profile.
    pub process: String,
    /// Further `key = value` lines for the tail.
    pub extra: Vec<(String, String)>,
}

/// Days, hours, minutes and seconds as hosts expect them: `1d 2h 3m 4s`.
#[must_use]
pub fn duration_text(seconds: f64) -> String {
    let s = seconds.max(0.0).round() as u64;
    let (d, h, m, s) = (s / 86_400, s / 3_600 % 24, s / 60 % 60, s % 60);
    let mut text = String::new();
    if d > 0 {
        text.push_str(&format!("{d}d "));
    }
    if d > 0 || h > 0 {
        text.push_str(&format!("{h}h "));
    }
    if d > 0 || h > 0 || m > 0 {
        text.push_str(&format!("{m}m "));
    }
    text.push_str(&format!("{s}s"));
    text
}

#[cfg(test)]
mod tests {
    use super::duration_text;

    #[test]
    fn durations() {
        assert_eq!(duration_text(0.4), "0s");
        assert_eq!(duration_text(59.6), "1m 0s");
        assert_eq!(duration_text(3_723.0), "1h 2m 3s");
        assert_eq!(duration_text(93_784.0), "1d 2h 3m 4s");
    }
}
