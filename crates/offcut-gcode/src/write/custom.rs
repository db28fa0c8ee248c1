//! What custom G-code does to the state that the writer relies on.

/// What a piece of custom G-code may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing that the writer tracks: temperatures, fans, messages, comments.
    Harmless,
    /// Position, units, modes or the extruder.
    Moves,
}

/// Judges a text; a word that is not known to be harmless counts as moving.
pub(crate) fn effect(text: &str) -> Effect {
    if text.lines().all(harmless) {
        Effect::Harmless
    } else {
        Effect::Moves
    }
}

fn harmless(line: &str) -> bool {
    let code = line.split(';').next().unwrap_or("").trim();
    let word = code.split_ascii_whitespace().next().unwrap_or("");
    let mut chars = word.chars();
    match chars.next() {
        None | Some('(') => true,
        Some('G' | 'g') => chars.as_str() == "4",
        // M82 and M83 change the extruder's mode; the others move or change the filament.
        Some('M' | 'm') => chars
            .as_str()
            .parse::<u32>()
            .is_ok_and(|n| !matches!(n, 82 | 83 | 125 | 600 | 601 | 701 | 702)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_harmless_and_macros_are_not() {
        assert_eq!(effect(""), Effect::Harmless);
        assert_eq!(effect("; layer 5\nM117 hi\nM106 S20\nG4 P100"), Effect::Harmless);
        for t in [
            "G28",
            "G92 E0",
            "M83",
            "START_PRINT",
            "M600",
            "T1",
            "M117 x\nG1 Z5",
        ] {
            assert_eq!(effect(t), Effect::Moves, "{t}");
        }
    }
}
