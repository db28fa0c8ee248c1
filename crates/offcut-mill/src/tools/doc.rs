//! A tool as job files and libraries write it, and its way to a [`Tool`].

use super::{Shape, Tool};
use crate::MillError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Name of a tool's form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShapeName {
    /// End mill with sharp corners.
    Flat,
    /// Ball nose.
    Ball,
    /// End mill with rounded corners.
    Bull,
    /// V-bit.
    Vee,
    /// Cone with a ball at its tip.
    TaperedBall,
    /// Twist drill.
    Drill,
    /// Chamfer mill.
    Chamfer,
}

/// A tool. Lengths in the job's unit (mm in libraries), feeds in that unit per minute, angles in degrees.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ToolDoc {
    /// A tool of the library, by its name; the other keys change it.
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// What it is called.
    pub name: Option<String>,
    /// Its number on the machine.
    pub number: Option<u32>,
    /// Its form.
    pub shape: Option<ShapeName>,
    /// Largest diameter that cuts.
    pub diameter: Option<f64>,
    /// Radius of the corners (bull).
    pub corner_radius: Option<f64>,
    /// Full angle of the tip (vee, tapered_ball, drill, chamfer).
    pub angle: Option<f64>,
    /// Diameter of the flat at the tip (vee, chamfer).
    pub tip_diameter: Option<f64>,
    /// Radius of the ball (tapered_ball).
    pub tip_radius: Option<f64>,
    /// Length that cuts, from the tip. Default: four diameters.
    pub flute_length: Option<f64>,
    /// Diameter above the flutes. Default: the diameter.
    pub shank_diameter: Option<f64>,
    /// Length from the tip to the holder. Default: the flutes and one and a half diameters.
    pub stickout: Option<f64>,
    /// Diameter and length of each part of the holder, from its lower end up.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub holder: Vec<[f64; 2]>,
    /// Cutting edges. Default: 2.
    pub flutes: Option<u32>,
    /// Can go straight down into material. Default: true.
    pub center_cutting: Option<bool>,
    /// Chip per tooth, instead of the material's.
    pub chip_load: Option<f64>,
    /// Feed when cutting, instead of the computed one.
    pub feed: Option<f64>,
    /// Feed straight down.
    pub plunge: Option<f64>,
    /// Revolutions per minute, instead of the computed ones.
    pub rpm: Option<f64>,
}

/// What a tool's entry says about cutting, instead of the tables.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Cutting {
    /// Chip per tooth, mm.
    pub chip_load: Option<f64>,
    /// mm/min.
    pub feed: Option<f64>,
    /// mm/min.
    pub plunge: Option<f64>,
    /// Revolutions per minute.
    pub rpm: Option<f64>,
}

macro_rules! overlay {
    ($over:expr, $base:expr, $($f:ident),+) => { $( if $over.$f.is_some() { $base.$f = $over.$f.clone(); } )+ };
}

impl ToolDoc {
    /// The tool with the given keys of `over` instead of its own.
    #[must_use]
    pub fn with(&self, over: &Self) -> Self {
        let mut t = self.clone();
        overlay!(
            over,
            t,
            name,
            number,
            shape,
            diameter,
            corner_radius,
            angle,
            tip_diameter,
            tip_radius,
            flute_length,
            shank_diameter,
            stickout,
            flutes,
            center_cutting,
            chip_load,
            feed,
            plunge,
            rpm
        );
        if !over.holder.is_empty() {
            t.holder.clone_from(&over.holder);
        }
        t.base = None;
        t
    }

    /// The tool and what it says about cutting. `number` is taken when it has none.
    ///
    /// # Errors
    /// [`MillError::Tool`] when a key is missing or measures do not fit together.
    pub fn resolve(&self, number: u32) -> Result<(Tool, Cutting), MillError> {
        let name = self.name.clone().unwrap_or_else(|| format!("tool {number}"));
        let fail = |what: String| Err(MillError::Tool(format!("tool '{name}': {what}")));
        let Some(shape) = self.shape else {
            return fail("its shape is missing; write shape = \"flat\", ball, bull, vee, tapered_ball, drill or chamfer, or use = \"…\" with a tool of the library".into());
        };
        let Some(d) = self.diameter else {
            return fail("its diameter is missing".into());
        };
        for (key, v) in [
            ("diameter", Some(d)),
            ("flute_length", self.flute_length),
            ("shank_diameter", self.shank_diameter),
            ("stickout", self.stickout),
            ("feed", self.feed),
            ("plunge", self.plunge),
            ("rpm", self.rpm),
            ("chip_load", self.chip_load),
        ] {
            if v.is_some_and(|v| !v.is_finite() || v <= 0.0) {
                return fail(format!("{key} must be more than 0"));
            }
        }
        if d > 500.0 {
            return fail(format!("a diameter of {d} mm is no tool's; check the unit"));
        }
        let angle = |default: Option<f64>| match self.angle.or(default) {
            None => Err(MillError::Tool(format!(
                "tool '{name}': its angle is missing (the full angle of the tip, degrees)"
            ))),
            Some(a) if a > 0.0 && a < 180.0 => Ok(a),
            Some(a) => Err(MillError::Tool(format!(
                "tool '{name}': an angle of {a}° is none of a tip; it lies between 0° and 180°"
            ))),
        };
        let tip = self.tip_diameter.unwrap_or(0.0);
        if !(0.0..d).contains(&tip) {
            return fail(format!(
                "tip_diameter must lie between 0 and the diameter of {d} mm"
            ));
        }
        let shape = match shape {
            ShapeName::Flat => Shape::Flat,
            ShapeName::Ball => Shape::Ball,
            ShapeName::Bull => match self.corner_radius {
                Some(r) if r > 0.0 && r < d / 2.0 => Shape::Bull { corner_radius: r },
                _ => return fail("corner_radius must lie between 0 and half the diameter".into()),
            },
            ShapeName::Vee => Shape::Vee {
                angle: angle(None)?,
                tip_diameter: tip,
            },
            ShapeName::TaperedBall => match self.tip_radius {
                Some(r) if r > 0.0 && r < d / 2.0 => Shape::TaperedBall {
                    angle: angle(None)?,
                    tip_radius: r,
                },
                _ => return fail("tip_radius must lie between 0 and half the diameter".into()),
            },
            ShapeName::Drill => Shape::Drill {
                angle: angle(Some(118.0))?,
            },
            ShapeName::Chamfer => Shape::Chamfer {
                angle: angle(Some(90.0))?,
                tip_diameter: tip,
            },
        };
        let flute_length = self.flute_length.unwrap_or(4.0 * d);
        let tool = Tool {
            number: self.number.unwrap_or(number),
            shape,
            diameter: d,
            flute_length,
            shank_diameter: self.shank_diameter.unwrap_or(d),
            stickout: self.stickout.unwrap_or(flute_length + 1.5 * d).max(flute_length),
            holder: self.holder.iter().map(|h| (h[0], h[1])).collect(),
            flutes: self.flutes.unwrap_or(2).max(1),
            center_cutting: self.center_cutting.unwrap_or(true),
            name,
        };
        let cutting = Cutting {
            chip_load: self.chip_load,
            feed: self.feed,
            plunge: self.plunge,
            rpm: self.rpm,
        };
        Ok((tool, cutting))
    }
}
