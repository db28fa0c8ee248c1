//! Klipper.

use super::{AccelerationWord, AdvanceWord, Dialect, LabelWord, ProgressWord};
use offcut_settings::print::GcodeFlavor;
use std::fmt::Write;

/// Klipper; limits of single axes live in its own configuration.
pub const DIALECT: Dialect = Dialect {
    name: "klipper",
    doc: "Klipper",
    flavor: GcodeFlavor::Klipper,
    acceleration: AccelerationWord::VelocityLimit,
    advance: AdvanceWord::SetPressureAdvance,
    labels: LabelWord::ExcludeObject,
    progress: ProgressWord::M73,
    dwell_seconds: false,
    limits: |s, out| {
        let _ = writeln!(
            out,
            "SET_VELOCITY_LIMIT VELOCITY={} ACCEL={} SQUARE_CORNER_VELOCITY={}",
            s.max_speed_x.min(s.max_speed_y),
            s.max_acceleration_x.min(s.max_acceleration_y),
            s.square_corner_velocity
        );
    },
};
