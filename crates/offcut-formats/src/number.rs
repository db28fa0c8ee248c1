//! Numbers in text formats.

/// Why a token isn't a usable coordinate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadNumber {
    /// NaN or infinite, in any spelling.
    NotFinite,
    /// A decimal comma.
    Comma,
    /// Something else.
    Syntax,
}

/// Parses a finite decimal number.
pub(crate) fn parse(token: &[u8]) -> Result<f64, BadNumber> {
    let text = std::str::from_utf8(token).map_err(|_| BadNumber::Syntax)?;
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(_) => Err(BadNumber::NotFinite),
        Err(_) => Err(reason(text)),
    }
}

#[cold]
fn reason(text: &str) -> BadNumber {
    let lower = text.to_ascii_lowercase();
    // "1.#QNAN" and "-1.#IND" are what older C libraries print.
    if lower.contains('#') || lower.contains("nan") || lower.contains("inf") {
        return BadNumber::NotFinite;
    }
    let comma = lower.split_once(',').is_some_and(|(a, b)| {
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|c| c.is_ascii_digit() || b"+-e".contains(&c));
        digits(a) && digits(b)
    });
    if comma {
        BadNumber::Comma
    } else {
        BadNumber::Syntax
    }
}

/// The error for a token at a place.
#[cold]
pub(crate) fn error(token: &[u8], why: BadNumber, place: String) -> crate::Cause {
    let shown: String = String::from_utf8_lossy(token).chars().take(40).collect();
    match why {
        BadNumber::NotFinite => crate::Cause::NotFinite(place),
        BadNumber::Comma => crate::Cause::syntax(
            place,
            format!("'{shown}' has a decimal comma; export with decimal points"),
        ),
        BadNumber::Syntax => {
            crate::Cause::syntax(place, format!("'{}' is not a number", shown.escape_debug()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_exporters_write() {
        for (text, value) in [
            ("1", 1.0),
            ("+1.", 1.0),
            (".5", 0.5),
            ("-2.E1", -20.0),
            ("1e-2", 0.01),
        ] {
            assert_eq!(parse(text.as_bytes()), Ok(value), "{text}");
        }
    }

    #[test]
    fn names_what_is_wrong() {
        for (text, why) in [
            ("nan", BadNumber::NotFinite),
            ("-inf", BadNumber::NotFinite),
            ("1.#QNAN", BadNumber::NotFinite),
            ("1e999", BadNumber::NotFinite),
            ("20,000", BadNumber::Comma),
            ("3.1+e2", BadNumber::Syntax),
            ("", BadNumber::Syntax),
            ("1,2,3", BadNumber::Syntax),
        ] {
            assert_eq!(parse(text.as_bytes()), Err(why), "{text}");
        }
    }
}
