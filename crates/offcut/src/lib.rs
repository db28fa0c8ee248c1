//! The offcut engine: a job in, an outcome out. The only crate that front ends name.
//!
//! ```text
//! SliceJob { models, placement, settings }  →  slice  →  G-code to a sink + Outcome
//! NestJob { instance, budget }             →  nest   →  NestOutcome with the solution
//! DrawingNestJob { parts, sheets, budget } →  nest   →  DrawingNestOutcome with the layout
//! MillJob { job file, files }               →  mill   →  G-code to a sink + MillOutcome
//! CutJob { inputs, settings }             →  cut    →  G-code to a sink + CutOutcome
//! bytes of any file                         →  info   →  facts
//! G-code                                    →  check  →  findings
//! a job as JSON, files                      →  job::run  →  the result document, events
//! ```

mod arrange;
mod carving;
mod check;
pub mod cut;
pub mod document;
pub mod drawing;
pub mod error;
mod info;
#[cfg_attr(
    not(all(feature = "print", feature = "sheets", feature = "mill")),
    allow(dead_code, unused)
)]
pub mod job;
mod layout;
pub mod mill;
pub mod nest;
mod outcome;
mod placement;
mod preview;
pub mod render;
mod section;
pub mod settings;
mod shapes;
mod slice;
pub mod stock;

pub use arrange::arrange;
pub use carving::{Carving, carving};
pub use check::{CheckReport, check, check_cut, is_cut, laser_of};
pub use drawing::{Counts, DrawingFacts, LayerFacts, PartFacts, drawing_info};
pub use error::Error;
pub use info::{FileFacts, GcodeFacts, ModelFacts, ObjectFacts, info, is_gcode};
pub use nest::{Budget, NestJob, NestOutcome, Unplaced};
pub use offcut_formats::{DrawingUnit, Unit, is_drawing};
pub use offcut_gcode::verify::{Finding, Severity};
pub use offcut_geometry::drawing::Drawing;
pub use offcut_geometry::{Cancelled, Ctx};
pub use offcut_settings::PrintSettings;
pub use outcome::{Material, ObjectReport, Outcome, RoleTime, Warning};
pub use placement::{Input, Object, Placement, Plate, Pose, read_objects, read_posed};
pub use preview::{CUTS, JUMP, Preview, TRAVEL, preview, preview_cuts};
pub use section::{Marks, Section, section};
pub use shapes::{Shape, Shapes, shapes};
pub use slice::{SliceJob, slice};

/// The version of the engine.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Fixes the number of threads for the whole process; 0 takes all cores. With 1 no thread is started:
/// the caller does the work. Only the first call has an effect.
pub fn use_threads(count: usize) {
    #[cfg(feature = "parallel")]
    if count > 0 {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(count);
        let pool = if count == 1 {
            pool.use_current_thread()
        } else {
            pool
        };
        // A second call finds the pool built and leaves it.
        let _ = pool.build_global();
    }
    #[cfg(not(feature = "parallel"))]
    let _ = count;
}
