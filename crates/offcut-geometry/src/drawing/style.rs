//! How paths are drawn and what a maker means by it: colours, layers, operations.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A colour, red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Color(pub u8, pub u8, pub u8);

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// How a path is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paint {
    /// As a line.
    #[default]
    Stroke,
    /// As an area without a line.
    Fill,
    /// As an area with a line.
    Both,
}

/// What a machine does along a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Cuts through.
    Cut,
    /// Marks the line.
    Score,
    /// Burns the area.
    Engrave,
    /// Nothing: notes, sheets, guides.
    Skip,
}

impl Operation {
    /// What a layer's name says, if anything. Names are matched without regard to case.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        const WORDS: &[(Operation, &[&str])] = &[
            (
                Operation::Skip,
                &[
                    "donotcut",
                    "do_not_cut",
                    "do not cut",
                    "nocut",
                    "no_cut",
                    "no cut",
                    "don't cut",
                    "note",
                    "dimension",
                    "annotation",
                    "defpoints",
                    "sheet",
                    "guide",
                    "construction",
                    "reference",
                    "ignore",
                ],
            ),
            (
                Operation::Score,
                &["score", "fold", "crease", "kiss", "mark", "label", "perforat"],
            ),
            (
                Operation::Engrave,
                &["engrav", "etch", "raster", "fill", "gravur", "grav"],
            ),
            (
                Operation::Cut,
                &["cut", "outside", "inside", "outer", "inner", "profile"],
            ),
        ];
        let name = name.to_lowercase();
        WORDS
            .iter()
            .find(|(_, words)| words.iter().any(|w| name.contains(w)))
            .map(|(operation, _)| *operation)
    }
}

/// How a machine works on a layer, where the file says it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CutSetting {
    /// Largest power, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub power: Option<f64>,
    /// Power where the head moves slowly, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_power: Option<f64>,
    /// Speed, mm/s.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed: Option<f64>,
    /// How often it goes along the same lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passes: Option<u32>,
    /// Distance of the lines that fill areas, mm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<f64>,
    /// Half of the kerf, outwards from shapes, mm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kerf: Option<f64>,
    /// Air blows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub air: Option<bool>,
    /// Lower ones come first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<i32>,
}

/// A layer of a drawing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Layer {
    /// Its name; may be empty.
    pub name: String,
    /// Its colour, for paths without one of their own.
    pub color: Option<Color>,
    /// What its name or the file says is to be done.
    pub operation: Option<Operation>,
    /// How the machine works on it, where the file says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setting: Option<CutSetting>,
}

impl Layer {
    /// A layer whose name may tell its operation.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            color: None,
            operation: Operation::of_name(name),
            setting: None,
        }
    }
}
