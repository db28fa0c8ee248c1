//! Marlin 1.

use super::{AccelerationWord, AdvanceWord, Dialect, LabelWord, ProgressWord};
use offcut_settings::print::GcodeFlavor;

/// Marlin 1 and its derivatives.
pub const DIALECT: Dialect = Dialect {
    name: "marlin",
    doc: "Marlin 1 and firmwares derived from it",
    flavor: GcodeFlavor::Marlin,
    acceleration: AccelerationWord::Shared,
    advance: AdvanceWord::M900,
    labels: LabelWord::Comments,
    progress: ProgressWord::M73,
    dwell_seconds: false,
    limits: |s, out| {
        super::common_limits(s, 1.0, out);
        super::accelerations(s, out);
        super::jerk(s, "M205", 1.0, out);
    },
};
