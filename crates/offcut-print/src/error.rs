//! What can go wrong between a mesh and its program.

use offcut_geometry::Cancelled;
use thiserror::Error;

/// Why a print could not be planned.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum PrintError {
    /// Cancelled from outside.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// A mesh cannot be sliced.
    #[error(transparent)]
    Slice(offcut_mesh::SliceError),
    /// Nothing would be extruded.
    #[error("nothing to print: no object has a layer with material; check the scale and the layer height")]
    Empty,
    /// Objects printed one by one stand too close to each other.
    #[error(
        "printed one by one, `{first}` and `{second}` are {distance:.1} mm apart, but the print head needs \
         {needed:.1} mm; move them apart, print by layer or correct extruder_clearance_radius"
    )]
    TooClose {
        /// The one printed first.
        first: String,
        /// The one whose printing would touch it.
        second: String,
        /// Distance of their outlines, mm.
        distance: f64,
        /// Room that the head needs, mm.
        needed: f64,
    },
    /// An object printed before others is higher than the carriage above the nozzle.
    #[error(
        "printed one by one, `{name}` ({height:.1} mm) is higher than the {limit:.1} mm under the carriage; \
         only the last object may be; print by layer or correct extruder_clearance_height"
    )]
    TooHigh {
        /// The object.
        name: String,
        /// Its height, mm.
        height: f64,
        /// The clearance, mm.
        limit: f64,
    },
    /// The bed has no room for an object.
    #[error(
        "no room on the bed for `{name}` ({width:.1} × {depth:.1} mm) beside the {placed} parts already placed; \
         take fewer copies, a smaller distance or scale it down"
    )]
    NoRoom {
        /// The object.
        name: String,
        /// Its size along X, mm.
        width: f64,
        /// Its size along Y, mm.
        depth: f64,
        /// How many parts were placed before it.
        placed: usize,
    },
    /// Several spiral vases at once.
    #[error(
        "a spiral vase rises without a break, so only one can be printed at a time: print one object, or set \
         print_order to by_object"
    )]
    SeveralSpirals,
    /// A style of support that is not made yet.
    #[error("support = \"tree\" cannot be made yet; set support to \"grid\", \"snug\" or \"none\"")]
    SupportStyle,
}

impl From<offcut_mesh::SliceError> for PrintError {
    fn from(e: offcut_mesh::SliceError) -> Self {
        match e {
            offcut_mesh::SliceError::Cancelled(c) => Self::Cancelled(c),
            e => Self::Slice(e),
        }
    }
}
