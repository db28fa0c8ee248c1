//! Operations, one file each, behind a registry: what a job may ask for.
//!
//! In: a [`Plan`] (setup, tool, feeds, what was selected of drawing and model). Out: [`Pass`]es in the order in
//! which they are to be cut. Promised: no move of a pass gouges the target; the linker adds the rapids.

pub mod adaptive;
pub mod bore;
pub mod chamfer;
pub mod clearance;
pub mod corners;
pub mod drill;
pub mod engrave;
pub mod facing;
mod floors;
pub mod helix;
pub mod inlay;
pub mod medial;
pub mod parallel;
pub mod pencil;
pub mod pocket;
pub mod profile;
pub mod rings;
pub mod rows;
pub mod scallop;
pub mod slot;
mod surfacing;
pub mod tabs;
#[cfg(test)]
mod tests_2d;
#[cfg(test)]
mod tests_3d;
pub mod thread;
pub mod vcarve;
pub mod waterline;
pub mod zlevel;

use crate::stock::Field;
use crate::tools::feeds::Material;
use crate::{Feeds, MillError, Pass, Setup, Tool};
use offcut_geometry::{Ctx, Loops, Point, Polylines};
use offcut_mesh::Mesh;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::sync::Mutex;

/// What an operation works on.
#[derive(Clone, Copy)]
pub struct Plan<'a> {
    /// Stock, fixtures, heights.
    pub setup: &'a Setup,
    /// The tool.
    pub tool: &'a Tool,
    /// What the material bears.
    pub material: &'a Material,
    /// Feeds and speeds for tool and material.
    pub feeds: Feeds,
    /// Closed contours that the operation selects of the drawing (or of the model's shadow), as a region.
    pub region: &'a Loops,
    /// Open paths that it selects.
    pub lines: &'a Polylines,
    /// Circles and points that it selects: centre and diameter (0 for points), mm.
    pub holes: &'a [(Point, f64)],
    /// The model, in the program's coordinates.
    pub model: Option<&'a Mesh>,
    /// What the operations before left of the stock; without it, the setup's.
    pub stock: Option<&'a Field>,
    /// Progress, cancellation, seed.
    pub ctx: &'a Ctx<'a>,
    /// Takes what works but may not be meant so.
    pub notes: &'a Notes,
}

impl Plan<'_> {
    /// Z where an operation begins and ends: `top` and `depth` (from there) in mm below the stock's top. Without a
    /// depth it goes through the stock.
    #[must_use]
    pub fn heights(&self, top: f64, depth: Option<f64>) -> (f64, f64) {
        let z = self.setup.top() - top;
        (z, depth.map_or(self.setup.bed() - self.setup.spoil, |d| z - d))
    }

    /// The depth of a level, mm: as given, otherwise what the material bears.
    #[must_use]
    pub fn stepdown(&self, given: Option<f64>) -> f64 {
        given.unwrap_or(self.material.stepdown * self.tool.diameter)
    }

    /// Length of the ramp down along a way that is `round` mm long: by the angle, degrees; a tool that cuts at its
    /// centre goes round at most six times, more steeply then. Its feed is held to that of a plunge.
    #[must_use]
    pub fn ramp(&self, depth: f64, angle: f64, round: f64) -> f64 {
        let way = crate::path::ramp_length(depth, angle);
        if self.tool.center_cutting {
            way.min(ROUNDS * round)
        } else {
            way
        }
    }

    /// Distance of passes, mm: the given share of the diameter, otherwise what the material bears.
    #[must_use]
    pub fn stepover(&self, given: Option<f64>) -> f64 {
        given.unwrap_or(self.material.stepover).clamp(0.01, 0.95) * self.tool.diameter
    }
}

/// So often at most a ramp goes round a short way.
const ROUNDS: f64 = 6.0;

/// Height above material at which the feed begins, mm.
pub const GAP: f64 = 0.5;

/// Warnings of operations.
#[derive(Debug, Default)]
pub struct Notes(Mutex<Vec<String>>);

impl Notes {
    /// Adds one: what, where, what to do.
    pub fn add(&self, note: impl Into<String>) {
        if let Ok(mut list) = self.0.lock() {
            list.push(note.into());
        }
    }

    /// Takes all that were added.
    #[must_use]
    pub fn take(&self) -> Vec<String> {
        self.0
            .lock()
            .map(|mut l| std::mem::take(&mut *l))
            .unwrap_or_default()
    }
}

/// Something that a job can ask for, its settings read.
pub trait Operation: std::fmt::Debug + Send + Sync {
    /// Plans the cutting moves.
    ///
    /// # Errors
    /// When it can't be made with this tool, stock or selection.
    fn plan(&self, plan: &Plan<'_>) -> Result<Vec<Pass>, MillError>;

    /// Where it may remove material and down to which Z, for those who check it; nothing when that is no region.
    fn clears(&self, _plan: &Plan<'_>) -> Vec<(Loops, f64)> {
        Vec::new()
    }

    /// Where it does no harm to remove material: what it clears, and waste beside it that leads may touch.
    fn spares(&self, plan: &Plan<'_>) -> Vec<(Loops, f64)> {
        self.clears(plan)
    }
}

/// One kind of operation.
pub struct Kind {
    /// Its name in job files.
    pub name: &'static str,
    /// What it does, in a line.
    pub doc: &'static str,
    /// Reads its settings, the keys that all operations share taken out; the error names the key.
    pub read: fn(toml::Table) -> Result<Box<dyn Operation>, String>,
    /// The schema of those settings.
    pub schema: fn(&mut SchemaGenerator) -> Schema,
}

/// All kinds. A new operation is one file and one line here.
pub const KINDS: &[Kind] = &[
    kind::<facing::Facing>("facing", "Planes the stock's top"),
    kind::<profile::Profile>("profile", "Cuts along contours: inside, outside or on them"),
    kind::<pocket::Pocket>("pocket", "Clears regions down to a depth"),
    kind::<adaptive::Adaptive>("adaptive", "Clears regions with an even engagement of the tool"),
    kind::<drill::Drill>("drill", "Drills circles and points"),
    kind::<bore::Bore>("bore", "Bores holes larger than the tool by a helix"),
    kind::<slot::Slot>("slot", "Cuts slots along lines, as wide as the tool or wider"),
    kind::<chamfer::Chamfer>("chamfer", "Breaks the edges of contours"),
    kind::<thread::Thread>("thread", "Mills threads in holes or on bolts"),
    kind::<engrave::Engrave>("engrave", "Follows lines at a depth"),
    kind::<zlevel::ZLevel>("roughing", "Clears the stock around a model, level by level"),
    kind::<parallel::Parallel>("parallel", "Finishes a model along parallel rows"),
    kind::<waterline::Waterline>(
        "waterline",
        "Finishes steep places of a model by rings at equal levels",
    ),
    kind::<scallop::Scallop>(
        "scallop",
        "Finishes a model by rings of one distance along its surface",
    ),
    kind::<pencil::Pencil>("pencil", "Follows the inner corners of a model"),
    kind::<vcarve::Vclear>("vclear", "Clears the flat floor of V-carving with an end mill"),
    kind::<vcarve::Vcarve>(
        "vcarve",
        "Carves letters with a V-bit, as deep as their walls meet",
    ),
    kind::<inlay::Plugclear>(
        "plugclear",
        "Clears the floor around the plug of an inlay with an end mill",
    ),
    kind::<inlay::Plug>(
        "plug",
        "Cuts the plug of an inlay that fits into a V-carved pocket",
    ),
];

/// An entry of the registry.
const fn kind<T: Operation + serde::de::DeserializeOwned + JsonSchema + 'static>(
    name: &'static str,
    doc: &'static str,
) -> Kind {
    Kind {
        name,
        doc,
        read: read::<T>,
        schema: |g| g.root_schema_for::<T>(),
    }
}

/// Reads settings into a type that refuses unknown keys: what [`Kind::read`] usually is.
///
/// # Errors
/// What serde says about the key that does not fit.
pub fn read<T: Operation + serde::de::DeserializeOwned + 'static>(
    table: toml::Table,
) -> Result<Box<dyn Operation>, String> {
    match T::deserialize(table) {
        Ok(settings) => Ok(Box::new(settings)),
        Err(e) => Err(e.message().to_owned()),
    }
}
