//! Small texts for people and small values from people.

use crate::failure::Failure;

/// Numbers separated by commas, blanks or `x`.
pub fn numbers(text: &str, option: &str) -> Result<Vec<f64>, Failure> {
    text.split([',', 'x', ' '])
        .map(|t| {
            t.trim()
                .parse::<f64>()
                .ok()
                .filter(|v| v.is_finite())
                .ok_or_else(|| Failure::usage(format!("{option} {text}: `{t}` is no number")))
        })
        .collect()
}

/// Two numbers.
pub fn pair(text: &str, option: &str) -> Result<[f64; 2], Failure> {
    <[f64; 2]>::try_from(numbers(text, option)?)
        .map_err(|_| Failure::usage(format!("{option} {text}: two numbers are needed, as 110,110")))
}

/// Width, depth and height.
pub fn size(s: [f64; 3]) -> String {
    format!("{} x {} x {} mm", short(s[0]), short(s[1]), short(s[2]))
}

/// A number without needless digits.
pub fn short(v: f64) -> String {
    let text = format!("{v:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `1 thing`, `2 things`.
pub fn count(n: usize, thing: &str) -> String {
    format!("{n} {thing}{}", if n == 1 { "" } else { "s" })
}

/// Prints warnings to standard error.
pub fn warn(warnings: &[offcut::Warning]) {
    for w in warnings {
        eprintln!("warning: {}", w.message);
    }
}
