//! Prusa's firmware.

use super::{AccelerationWord, AdvanceWord, Dialect, LabelWord, ProgressWord};
use offcut_settings::print::GcodeFlavor;

/// The firmware of Prusa's MK3 and MK4.
pub const DIALECT: Dialect = Dialect {
    name: "prusa",
    doc: "Prusa's firmware (MK3, MK4, Mini, XL)",
    flavor: GcodeFlavor::Prusa,
    acceleration: AccelerationWord::Split,
    advance: AdvanceWord::M900,
    labels: LabelWord::M486,
    progress: ProgressWord::M73Silent,
    dwell_seconds: false,
    limits: |s, out| {
        super::common_limits(s, 1.0, out);
        super::accelerations(s, out);
        super::jerk(s, "M205", 1.0, out);
    },
};
