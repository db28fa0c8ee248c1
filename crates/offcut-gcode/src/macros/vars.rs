//! Values and variables of macros.

use offcut_settings::PrintSettings;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing: an optional setting that is not set.
    Nil,
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// True or false.
    Bool(bool),
    /// Text.
    Text(String),
    /// A share whose base is not known here.
    Percent(f64),
    /// Several values.
    List(Vec<Value>),
}

impl From<i64> for Value {
    fn from(v: i64) -> Self {
        Self::Int(v)
    }
}

impl From<f64> for Value {
    fn from(v: f64) -> Self {
        Self::Float(v)
    }
}

impl From<bool> for Value {
    fn from(v: bool) -> Self {
        Self::Bool(v)
    }
}

impl From<&str> for Value {
    fn from(v: &str) -> Self {
        Self::Text(v.to_owned())
    }
}

impl From<[f64; 2]> for Value {
    fn from(v: [f64; 2]) -> Self {
        Self::List(v.iter().map(|x| Self::Float(*x)).collect())
    }
}

impl Value {
    /// What the value is called in messages.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Nil => "nothing",
            Self::Int(_) | Self::Float(_) => "a number",
            Self::Bool(_) => "true or false",
            Self::Text(_) => "text",
            Self::Percent(_) => "a percentage",
            Self::List(_) => "a list",
        }
    }

    /// The value as text in G-code.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Nil => String::new(),
            Self::Int(v) => v.to_string(),
            Self::Float(v) => crate::write::text::decimal(*v),
            Self::Bool(v) => v.to_string(),
            Self::Text(v) => v.clone(),
            Self::Percent(v) => format!("{}%", crate::write::text::decimal(*v)),
            Self::List(v) => v.iter().map(Self::text).collect::<Vec<_>>().join(","),
        }
    }

    fn from_json(v: &Json) -> Self {
        match v {
            Json::Null => Self::Nil,
            Json::Bool(b) => Self::Bool(*b),
            Json::Number(n) => match n.as_i64() {
                Some(i) if !n.is_f64() => Self::Int(i),
                _ => Self::Float(n.as_f64().unwrap_or(0.0)),
            },
            Json::String(s) => match s.strip_suffix('%').and_then(|p| p.trim().parse().ok()) {
                Some(p) => Self::Percent(p),
                None => Self::Text(s.clone()),
            },
            Json::Array(a) => Self::List(a.iter().map(Self::from_json).collect()),
            Json::Object(o) => match (o.get("x"), o.get("y"), o.get("Mm"), o.get("Percent")) {
                (Some(x), Some(y), ..) => Self::List(vec![Self::from_json(x), Self::from_json(y)]),
                (_, _, Some(mm), _) => Self::from_json(mm),
                (.., Some(p)) => Self::Percent(p.as_f64().unwrap_or(0.0)),
                _ => Self::Nil,
            },
        }
    }
}

/// Settings that are a share of another one.
const BASES: &[(&str, &str)] = &[
    ("external_perimeter_speed", "perimeter_speed"),
    ("small_perimeter_speed", "perimeter_speed"),
    ("solid_infill_speed", "infill_speed"),
    ("top_solid_infill_speed", "solid_infill_speed"),
    ("support_interface_speed", "support_speed"),
    ("line_width", "nozzle_diameter"),
    ("first_layer_line_width", "nozzle_diameter"),
    ("perimeter_line_width", "nozzle_diameter"),
    ("external_perimeter_line_width", "nozzle_diameter"),
    ("infill_line_width", "nozzle_diameter"),
    ("solid_infill_line_width", "nozzle_diameter"),
    ("top_solid_infill_line_width", "nozzle_diameter"),
    ("support_line_width", "nozzle_diameter"),
];

/// PrusaSlicer's names of settings that are called otherwise here.
const ALIASES: &[(&str, &str)] = &[
    ("temperature", "hotend_temperature"),
    ("nozzle_temperature", "hotend_temperature"),
    ("first_layer_temperature", "first_layer_hotend_temperature"),
    (
        "nozzle_temperature_initial_layer",
        "first_layer_hotend_temperature",
    ),
    (
        "bed_temperature_initial_layer_single",
        "first_layer_bed_temperature",
    ),
    ("extrusion_width", "line_width"),
    ("fill_density", "infill_density"),
    ("fill_pattern", "infill_pattern"),
    ("retract_lift", "z_hop"),
    ("filament_retract_length", "retract_length"),
    ("max_print_height", "bed_height"),
    ("printer_notes", "printer_model"),
    ("machine_max_acceleration_extruding", "max_acceleration_extruding"),
    ("machine_max_acceleration_travel", "max_acceleration_travel"),
];

/// What macros can name: every setting, PrusaSlicer's names for them, and what the job knows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vars {
    names: BTreeMap<String, Value>,
    globals: BTreeMap<String, Value>,
    locals: BTreeMap<String, Value>,
}

impl Vars {
    /// The variables that settings make.
    #[must_use]
    pub fn new(settings: &PrintSettings) -> Self {
        let mut names = BTreeMap::new();
        if let Ok(Json::Object(fields)) = serde_json::to_value(settings) {
            for (k, v) in &fields {
                names.insert(k.clone(), Value::from_json(v));
            }
        }
        for (name, base) in BASES {
            let base = match names.get(*base) {
                Some(Value::Float(v)) => *v,
                Some(Value::Int(v)) => *v as f64,
                _ => continue,
            };
            if let Some(Value::Percent(p)) = names.get(*name) {
                let v = Value::Float(base * p / 100.0);
                names.insert((*name).to_owned(), v);
            }
        }
        for (own, fallback) in [
            ("first_layer_hotend_temperature", "hotend_temperature"),
            ("first_layer_bed_temperature", "bed_temperature"),
        ] {
            if names.get(own).is_none_or(|v| *v == Value::Nil)
                && let Some(v) = names.get(fallback).cloned()
            {
                names.insert(own.to_owned(), v);
            }
        }
        for (alias, name) in ALIASES {
            if let Some(v) = names.get(*name).cloned() {
                names.insert((*alias).to_owned(), v);
            }
        }
        let (o, s) = (settings.bed_origin, settings.bed_size);
        let mut vars = Self {
            names,
            ..Self::default()
        };
        vars.set("print_bed_min", [o.x, o.y]);
        vars.set("print_bed_max", [o.x + s.x, o.y + s.y]);
        vars.set("print_bed_size", [s.x, s.y]);
        vars.set("initial_extruder", 0);
        vars.set("initial_tool", 0);
        vars.set("current_extruder", 0);
        vars.set("num_extruders", 1);
        vars
    }

    /// Sets a variable.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.names.insert(name.to_owned(), value.into());
    }

    /// Sets what changes with every layer: its number from 0 and its height, mm.
    pub fn set_layer(&mut self, number: u32, z: f64) {
        self.set("layer_num", i64::from(number));
        self.set("layer_z", z);
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.locals
            .get(name)
            .or_else(|| self.globals.get(name))
            .or_else(|| self.names.get(name))
    }

    pub(super) fn begin(&mut self) {
        self.locals.clear();
    }

    pub(super) fn declare(&mut self, name: &str, value: Value, global: bool) {
        if global {
            // Declaring again keeps the value: so a counter survives from layer to layer.
            self.globals.entry(name.to_owned()).or_insert(value);
        } else {
            self.locals.insert(name.to_owned(), value);
        }
    }

    /// Assigns to a declared variable; false when there is none.
    pub(super) fn assign(&mut self, name: &str, value: Value) -> bool {
        let slot = self.locals.get_mut(name).or_else(|| self.globals.get_mut(name));
        slot.map(|s| *s = value).is_some()
    }

    /// A known name that is close to a mistyped one.
    pub(super) fn similar(&self, name: &str) -> Option<&str> {
        let names = self
            .locals
            .keys()
            .chain(self.globals.keys())
            .chain(self.names.keys());
        names
            .map(|n| (distance(name, n), n))
            .filter(|(d, _)| *d <= 2 + name.len() / 8)
            .min()
            .map(|(_, n)| n.as_str())
    }
}

/// Levenshtein's distance of two names.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let next = (diagonal + usize::from(x != *y))
                .min(row[j] + 1)
                .min(row[j + 1] + 1);
            diagonal = row[j + 1];
            row[j + 1] = next;
        }
    }
    row[b.len()]
}
