//! The job file: what a TOML text may say.

use super::units;
use crate::MillError;
use crate::tools::ToolDoc;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Table;

/// The unit of the numbers in a job file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Units {
    /// Millimetres, and mm/min.
    #[default]
    #[serde(alias = "millimeter", alias = "millimetre")]
    Mm,
    /// Inches, and inches per minute.
    #[serde(alias = "in", alias = "inches")]
    Inch,
}

/// A milling job.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct JobFile {
    /// What it is called.
    pub name: Option<String>,
    /// The unit of the lengths and feeds in this file. Lengths may also carry their own: "6mm", "1/4in".
    pub units: Units,
    /// What is made: a drawing or a model, and where it lies.
    pub input: InputDoc,
    /// What it is made of.
    pub stock: StockDoc,
    /// Where the program's zero lies on the stock.
    pub origin: OriginDoc,
    /// Heights for moves above the stock.
    pub heights: HeightsDoc,
    /// The material: softwood, hardwood, plywood, mdf, foam, hdpe, acrylic, polycarbonate, pcb, brass, aluminium, steel.
    pub material: Option<String>,
    /// The machine and its dialect.
    pub machine: MachineDoc,
    /// A tool library: TOML, FreeCAD's .fctb or Fusion's JSON, beside the job. Its names come before the built-in ones.
    pub library: Option<String>,
    /// How far a surface may lie off what is drawn.
    pub tolerance: Option<f64>,
    /// Clamps and screws.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fixture: Vec<FixtureDoc>,
    /// The tools.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tool: Vec<ToolDoc>,
    /// The operations, in order. Each has the keys of [`CommonDoc`] and those of its kind.
    #[schemars(with = "Vec<std::collections::BTreeMap<String, serde_json::Value>>")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub operation: Vec<Table>,
}

/// What is made.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct InputDoc {
    /// A drawing (DXF, SVG, …) or a layout of nested parts (JSON), beside the job.
    pub drawing: Option<String>,
    /// A model (STL, OBJ, 3MF, AMF), beside the job.
    pub model: Option<String>,
    /// A picture (PNG, JPEG), beside the job, whose brightness is the height of a relief.
    pub picture: Option<String>,
    /// How the picture becomes a relief.
    #[serde(skip_serializing_if = "ReliefDoc::is_default")]
    pub relief: ReliefDoc,
    /// Which sheet of a layout of nested parts, from 1. Default: the only one.
    pub sheet: Option<usize>,
    /// The unit of the numbers in that file, when it does not say so itself.
    pub unit: Option<String>,
    /// Factor.
    pub scale: Option<f64>,
    /// Degrees about Z, counter-clockwise.
    pub rotate: Option<f64>,
    /// Where the lower left corner of its box lies, from the lower left corner of the stock. Default: in its middle.
    pub at: Option<[f64; 2]>,
    /// How far the model's highest point lies below the stock's top. Default: 0.
    pub below: Option<f64>,
}

/// How a picture becomes a relief.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReliefDoc {
    /// Width of the relief; its depth follows from the picture's sides.
    pub width: f64,
    /// From the lowest place to the highest.
    pub height: f64,
    /// Dark is high.
    pub dark_high: bool,
    /// Radius of the smoothing, pixels; 0 for none.
    pub smooth: usize,
}

impl Default for ReliefDoc {
    fn default() -> Self {
        Self {
            width: 100.0,
            height: 5.0,
            dark_high: false,
            smooth: 1,
        }
    }
}

impl ReliefDoc {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// What it is made of: a size, or a margin around the input.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StockDoc {
    /// Width, depth and height of a box.
    pub size: Option<[f64; 3]>,
    /// A round bar that stands upright: diameter and height.
    pub cylinder: Option<[f64; 2]>,
    /// Material around the input in X, Y and above.
    pub margin: Option<[f64; 3]>,
    /// Height, when a margin gives the sides of a drawing's stock.
    pub thickness: Option<f64>,
    /// A model of the stock, in the coordinates of the input model.
    pub model: Option<String>,
}

/// Where zero lies in X and Y.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OriginXy {
    /// The stock's corner at the front left.
    #[default]
    Corner,
    /// The stock's middle.
    #[serde(alias = "centre")]
    Center,
    /// Where the input file has its zero.
    File,
}

/// Where zero lies in Z.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OriginZ {
    /// The stock's top.
    #[default]
    Top,
    /// The stock's underside.
    Bed,
    /// Where the model's file has its zero.
    File,
}

/// Where the program's zero lies on the stock.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OriginDoc {
    /// In X and Y.
    pub xy: OriginXy,
    /// In Z.
    pub z: OriginZ,
}

/// Heights for moves above the stock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HeightsDoc {
    /// Above the highest material below a short hop.
    pub safe: f64,
    /// Above the stock and all fixtures, between operations and at the end.
    pub clearance: f64,
    /// How far a cut through the stock goes into what lies below.
    pub spoil: f64,
}

impl Default for HeightsDoc {
    fn default() -> Self {
        Self {
            safe: 2.0,
            clearance: 10.0,
            spoil: 0.15,
        }
    }
}

/// A clamp or screw: a box that stands on the bed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FixtureDoc {
    /// For messages.
    #[serde(default)]
    pub name: String,
    /// Its lower left corner, from the lower left corner of the stock.
    pub at: [f64; 2],
    /// Width, depth, and height above the stock's underside.
    pub size: [f64; 3],
}

/// The machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MachineDoc {
    /// What its controller understands: grbl, grblhal, linuxcnc, mach3, marlin.
    pub dialect: String,
    /// Highest feed.
    pub max_feed: f64,
    /// Highest feed along Z.
    pub max_feed_z: f64,
    /// Speed of rapids.
    pub rapid: f64,
    /// Acceleration, mm/s².
    pub acceleration: f64,
    /// Lowest and highest revolutions per minute.
    pub rpm: [f64; 2],
    /// Tools are changed by M6; otherwise the program stops for it and the first tool is in the spindle. Default:
    /// with more than one tool.
    pub tool_change: Option<bool>,
    /// Writes arcs (G2 and G3).
    pub arcs: bool,
    /// Writes canned cycles where the dialect has them.
    pub canned_cycles: bool,
    /// Work offset: G54 to G59; empty for none.
    pub work_offset: String,
    /// How far the axes go from the program's zero: lowest and highest corner. None: not checked.
    pub limits: Option<[[f64; 3]; 2]>,
}

impl Default for MachineDoc {
    fn default() -> Self {
        Self {
            dialect: "grbl".into(),
            max_feed: 3000.0,
            max_feed_z: 1000.0,
            rapid: 5000.0,
            acceleration: 300.0,
            rpm: [8000.0, 24000.0],
            tool_change: None,
            arcs: true,
            canned_cycles: true,
            work_offset: "G54".into(),
            limits: None,
        }
    }
}

/// What cools.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CoolantDoc {
    /// Nothing.
    #[default]
    Off,
    /// M7.
    Mist,
    /// M8.
    Flood,
}

/// Which contours of the drawing an operation works on; all keys that are given must fit. Default: all that are
/// drawn to be cut.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SelectDoc {
    /// Names of layers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub layers: Vec<String>,
    /// Colours, as #rrggbb.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub colors: Vec<String>,
    /// Closed contours only (true) or open ones only (false).
    pub closed: Option<bool>,
    /// Circles only (true) or anything else (false).
    pub circles: Option<bool>,
    /// Closed contours of at least this width.
    pub min_size: Option<f64>,
    /// Closed contours of at most this width.
    pub max_size: Option<f64>,
    /// Only outlines of parts (0), only their holes (1), only what lies in those (2) …
    pub nesting: Option<u32>,
    /// Outlines of letters only (true), or anything else (false).
    pub text: Option<bool>,
    /// Numbers of contours, from 0, in the order of the file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contours: Vec<usize>,
}

/// What every operation may say beside the keys of its kind.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CommonDoc {
    /// What it is called.
    pub name: Option<String>,
    /// Number or name of a tool of the job, or name of a tool of the library.
    #[schemars(with = "serde_json::Value")]
    pub tool: Option<toml::Value>,
    /// Which contours it works on.
    pub select: SelectDoc,
    /// What cools.
    pub coolant: CoolantDoc,
    /// Feed when cutting, instead of the computed one.
    pub feed: Option<f64>,
    /// Feed straight down, instead of the computed one.
    pub plunge: Option<f64>,
    /// Revolutions per minute, instead of the computed ones.
    pub rpm: Option<f64>,
}

/// The keys of [`CommonDoc`].
pub(super) const COMMON: &[&str] = &["name", "tool", "select", "coolant", "feed", "plunge", "rpm"];

impl JobFile {
    /// Reads a job file; all lengths are in mm afterwards. `file` is for messages.
    ///
    /// # Errors
    /// [`MillError::Job`] with line and key.
    pub fn read(text: &str, file: &str) -> Result<Self, MillError> {
        Self::read_with(text, file, &[])
    }

    /// Reads a job file and changes keys of it: `stock.thickness=6`, `operation.0.depth=2`, `machine.dialect=linuxcnc`.
    ///
    /// # Errors
    /// [`MillError::Job`] with line and key.
    pub fn read_with(text: &str, file: &str, set: &[String]) -> Result<Self, MillError> {
        let bad = |e: toml::de::Error| MillError::Job(format!("{file}: {}", e.to_string().trim_end()));
        let mut table: Table = text.parse().map_err(bad)?;
        for s in set {
            super::set::assign(&mut table, s)?;
        }
        let inch = matches!(
            table.get("units").and_then(toml::Value::as_str),
            Some("inch" | "in" | "inches")
        );
        units::to_mm(&mut table, if inch { 25.4 } else { 1.0 });
        table.try_into().map_err(|e: toml::de::Error| {
            // The place is lost with the conversion; the key is named.
            MillError::Job(format!(
                "{file}: {}",
                e.to_string().trim_end().replace('\n', "; ")
            ))
        })
    }

    /// The files that it names, as it names them: drawing or model, stock model, library.
    #[must_use]
    pub fn files(&self) -> Vec<&str> {
        [
            &self.input.drawing,
            &self.input.model,
            &self.input.picture,
            &self.stock.model,
            &self.library,
        ]
        .into_iter()
        .filter_map(|f| f.as_deref())
        .collect()
    }

    /// The job as a file, in mm.
    ///
    /// # Errors
    /// [`MillError::Job`] when a value can't be written.
    pub fn write(&self) -> Result<String, MillError> {
        let mut job = self.clone();
        job.units = Units::Mm;
        toml::to_string(&job).map_err(|e| MillError::Job(e.to_string()))
    }
}
