//! Marlin 2.

use super::{AccelerationWord, AdvanceWord, Dialect, LabelWord, ProgressWord};
use offcut_settings::print::GcodeFlavor;
use std::fmt::Write;

/// Marlin 2, with junction deviation where the settings have one.
pub const DIALECT: Dialect = Dialect {
    name: "marlin2",
    doc: "Marlin 2",
    flavor: GcodeFlavor::Marlin2,
    acceleration: AccelerationWord::Split,
    advance: AdvanceWord::M900,
    labels: LabelWord::M486,
    progress: ProgressWord::M73,
    dwell_seconds: false,
    limits: |s, out| {
        super::common_limits(s, 1.0, out);
        super::accelerations(s, out);
        if s.junction_deviation > 0.0 {
            let _ = writeln!(out, "M205 J{}", s.junction_deviation);
        } else {
            super::jerk(s, "M205", 1.0, out);
        }
    },
};
