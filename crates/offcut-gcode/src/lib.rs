//! Machine-neutral motion programs and the dialects that write them.
//!
//! In: a [`Program`], or the text of any printer's G-code. Out: G-code of a dialect, its time and
//! material, and what is wrong with it.

pub mod arcs;
pub mod cnc;
pub mod dialects;
pub mod error;
pub mod estimate;
pub mod macros;
pub mod metadata;
pub mod program;
pub mod read;
pub mod verify;
pub mod write;

pub use error::Error;
pub use estimate::{Estimate, estimate, estimate_file};
pub use metadata::{Metadata, Thumbnail};
pub use program::{Program, Role, Step, Vertex};
pub use write::{write, write_to};

/// What a planned program needs before it is estimated and written: its custom G-code expanded, travels up
/// and down no faster than the machine can, and arcs where the settings ask for them.
///
/// # Errors
/// When custom G-code has a fault.
pub fn prepare(program: &mut Program, settings: &offcut_settings::PrintSettings) -> Result<(), Error> {
    macros::expand_program(program, settings)?;
    program.limit_z(settings.max_speed_z as f32);
    if settings.arc_fitting {
        arcs::fit(program, settings.gcode_resolution * offcut_geometry::UNITS_PER_MM);
    }
    Ok(())
}
