//! Rules that say what is done by layer or colour.
//!
//! `SELECTOR: ACTION key=value …`, rules separated by `;`, the first that fits holds. A selector is a colour by name
//! or as #rrggbb, `layer=NAME`, or `*`; an action is cut, score, engrave, hatch, cross_hatch, offset, dots, line or
//! ignore; keys are those of [`KEYS`].

use crate::error::SettingsError;

/// What a rule may set beside its action.
pub const KEYS: &[&str] = &[
    "speed", "power", "passes", "priority", "interval", "angle", "kerf", "air", "tabs", "z_step",
];

const ACTIONS: &[&str] = &[
    "cut",
    "score",
    "engrave",
    "line",
    "hatch",
    "cross_hatch",
    "offset",
    "dots",
    "ignore",
];

/// Names of colours in rules.
const COLORS: &[(&str, [u8; 3])] = &[
    ("black", [0, 0, 0]),
    ("red", [255, 0, 0]),
    ("green", [0, 255, 0]),
    ("blue", [0, 0, 255]),
    ("yellow", [255, 255, 0]),
    ("magenta", [255, 0, 255]),
    ("cyan", [0, 255, 255]),
    ("white", [255, 255, 255]),
    ("orange", [255, 165, 0]),
    ("gray", [128, 128, 128]),
];

/// What a rule is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// Everything.
    All,
    /// Paths of a colour.
    Color([u8; 3]),
    /// A layer, by its name without regard to case.
    Layer(String),
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationRule {
    /// What it is for.
    pub selector: Selector,
    /// What is done, one of the actions.
    pub action: String,
    /// What it sets beside.
    pub values: Vec<(String, String)>,
}

impl OperationRule {
    /// Reads the rules of a text.
    ///
    /// # Errors
    /// [`SettingsError::Invalid`] with what is wrong and what can be written.
    pub fn parse_all(text: &str) -> Result<Vec<Self>, SettingsError> {
        text.split([';', '\n'])
            .map(str::trim)
            .filter(|t| !t.is_empty())
            .map(Self::parse)
            .collect()
    }

    fn parse(text: &str) -> Result<Self, SettingsError> {
        let wrong = |what: String| SettingsError::Invalid {
            problems: vec![format!("operation `{text}`: {what}")],
        };
        let Some((selector, rest)) = text.split_once(':') else {
            return Err(wrong(
                "write it as SELECTOR: ACTION, as `red: cut power=60%`".into(),
            ));
        };
        let selector = selector.trim();
        let named = COLORS.iter().find(|c| c.0.eq_ignore_ascii_case(selector));
        let selector = if selector == "*" {
            Selector::All
        } else if let Some((_, c)) = named {
            Selector::Color(*c)
        } else if let Some(hex) = selector.strip_prefix('#') {
            let n = u32::from_str_radix(hex, 16).ok().filter(|_| hex.len() == 6);
            let n = n.ok_or_else(|| wrong(format!("`{selector}` is no colour; write it as #ff0000")))?;
            Selector::Color([(n >> 16) as u8, (n >> 8) as u8, n as u8])
        } else if let Some(name) = selector.strip_prefix("layer=") {
            Selector::Layer(name.trim().to_owned())
        } else {
            let names: Vec<_> = COLORS.iter().map(|c| c.0).collect();
            return Err(wrong(format!(
                "`{selector}` is no selector; use *, layer=NAME, #rrggbb or one of {}",
                names.join(", ")
            )));
        };
        let mut words = rest.split_whitespace();
        let action = words
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
            .replace('-', "_");
        if !ACTIONS.contains(&action.as_str()) {
            return Err(wrong(format!(
                "`{action}` is no action; use one of {}",
                ACTIONS.join(", ")
            )));
        }
        let mut values = Vec::new();
        for w in words {
            let (key, value) = w.split_once('=').unwrap_or((w, ""));
            if !KEYS.contains(&key) || value.is_empty() {
                return Err(wrong(format!(
                    "`{w}` can't be set; use KEY=VALUE with one of {}",
                    KEYS.join(", ")
                )));
            }
            values.push((key.to_owned(), value.to_owned()));
        }
        Ok(Self {
            selector,
            action,
            values,
        })
    }

    /// Whether it is for paths of this colour and layer.
    #[must_use]
    pub fn fits(&self, color: Option<[u8; 3]>, layer: &str) -> bool {
        match &self.selector {
            Selector::All => true,
            Selector::Color(c) => color == Some(*c),
            Selector::Layer(name) => layer.eq_ignore_ascii_case(name),
        }
    }
}
