//! The documents as they stand in the files.

use crate::layout::Reason;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Deserialize)]
pub struct InstanceDoc {
    pub name: Option<String>,
    pub items: Vec<ItemDoc>,
    pub strip_height: Option<f64>,
    pub sheets: Option<Vec<SheetDoc>>,
    pub bins: Option<Vec<SheetDoc>>,
    pub spacing: Option<f64>,
    pub min_item_separation: Option<f64>,
    pub margin: Option<f64>,
    pub defect_margin: Option<f64>,
    pub part_in_part: Option<bool>,
    pub locked: Option<LockedDoc>,
}

#[derive(Deserialize)]
pub struct LockedDoc {
    pub sheets: Option<Vec<SheetUse>>,
    pub placements: Vec<PlacementDoc>,
}

#[derive(Deserialize)]
pub struct ItemDoc {
    id: Value,
    pub demand: u64,
    pub shape: ShapeDoc,
    pub allowed_orientations: Option<Vec<f64>>,
    #[serde(default)]
    pub allow_mirror: bool,
    pub min_quality: Option<u32>,
    pub orientation: Option<OrientationDoc>,
    #[serde(default)]
    pub priority: i32,
    pub grain: Option<f64>,
    #[serde(default)]
    pub filler: bool,
}

impl ItemDoc {
    pub fn id(&self) -> String {
        text_of(&self.id)
    }
}

/// Ids are text or numbers.
pub fn text_of(id: &Value) -> String {
    match id {
        Value::String(s) => s.clone(),
        other => other.to_string(),
    }
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum ShapeDoc {
    SimplePolygon(Vec<[f64; 2]>),
    Rectangle {
        x_min: f64,
        y_min: f64,
        width: f64,
        height: f64,
    },
    Polygon {
        outer: Vec<[f64; 2]>,
        inner: Option<Vec<Vec<[f64; 2]>>>,
    },
}

impl ShapeDoc {
    /// The outer ring, then the holes.
    pub fn rings(&self) -> Vec<Vec<[f64; 2]>> {
        match self {
            Self::SimplePolygon(p) => vec![p.clone()],
            &Self::Rectangle {
                x_min: x,
                y_min: y,
                width: w,
                height: h,
            } => vec![vec![[x, y], [x + w, y], [x + w, y + h], [x, y + h]]],
            Self::Polygon { outer, inner } => {
                let holes = inner.iter().flatten().cloned();
                std::iter::once(outer.clone()).chain(holes).collect()
            }
        }
    }
}

#[derive(Deserialize)]
pub struct OrientationDoc {
    pub rotation: RotationDoc,
    #[serde(default)]
    pub reflection_axes: Vec<f64>,
}

#[derive(Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case")]
pub enum RotationDoc {
    Discrete { angles: Vec<f64> },
    Stepped { step: f64 },
    Continuous,
}

const fn one_sheet() -> i64 {
    1
}

const fn unit_cost() -> f64 {
    1.0
}

#[derive(Deserialize)]
pub struct SheetDoc {
    #[serde(default)]
    id: Value,
    #[serde(default = "one_sheet")]
    pub stock: i64,
    #[serde(default = "unit_cost")]
    pub cost: f64,
    pub shape: ShapeDoc,
    #[serde(default)]
    pub defects: Vec<ShapeDoc>,
    #[serde(default)]
    pub zones: Vec<ZoneDoc>,
    pub grain: Option<f64>,
}

impl SheetDoc {
    pub fn id(&self) -> String {
        text_of(&self.id)
    }
}

#[derive(Deserialize)]
pub struct ZoneDoc {
    pub quality: u32,
    pub shape: ShapeDoc,
}

#[derive(Serialize, Deserialize)]
pub struct SolutionDoc {
    pub instance: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strip_width: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub density: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheets: Option<Vec<SheetUse>>,
    pub placements: Vec<PlacementDoc>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unplaced: Vec<UnplacedDoc>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remnants: Vec<RemnantDoc>,
}

/// A piece that a layout leaves of a sheet, in the sheet's coordinates.
#[derive(Serialize, Deserialize)]
pub struct RemnantDoc {
    pub sheet: u32,
    pub area: f64,
    /// The largest upright rectangle in it: left, bottom, right, top.
    pub rectangle: [f64; 4],
    pub shape: Value,
}

#[derive(Serialize, Deserialize)]
pub struct SheetUse {
    pub id: Value,
}

#[derive(Serialize, Deserialize)]
pub struct PlacementDoc {
    #[serde(default)]
    pub sheet: u32,
    pub part: Value,
    pub rotation: f64,
    #[serde(default)]
    pub mirror: bool,
    pub x: f64,
    pub y: f64,
}

#[derive(Serialize, Deserialize)]
pub struct UnplacedDoc {
    pub part: Value,
    pub count: u32,
    pub reason: Option<ReasonDoc>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonDoc {
    TooLarge,
    NoRoom,
    Filler,
}

impl From<Reason> for ReasonDoc {
    fn from(r: Reason) -> Self {
        match r {
            Reason::TooLarge => Self::TooLarge,
            Reason::NoRoom => Self::NoRoom,
            Reason::Filler => Self::Filler,
        }
    }
}

impl From<ReasonDoc> for Reason {
    fn from(r: ReasonDoc) -> Self {
        match r {
            ReasonDoc::TooLarge => Self::TooLarge,
            ReasonDoc::NoRoom => Self::NoRoom,
            ReasonDoc::Filler => Self::Filler,
        }
    }
}
