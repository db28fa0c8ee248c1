//! RepRapFirmware (Duet).

use super::{AccelerationWord, AdvanceWord, Dialect, LabelWord, ProgressWord};
use offcut_settings::print::GcodeFlavor;
use std::fmt::Write;

/// RepRapFirmware; its speed limits and jerks are per minute.
pub const DIALECT: Dialect = Dialect {
    name: "reprapfirmware",
    doc: "RepRapFirmware 3 (Duet)",
    flavor: GcodeFlavor::Reprapfirmware,
    acceleration: AccelerationWord::Split,
    advance: AdvanceWord::M572,
    labels: LabelWord::M486Quoted,
    progress: ProgressWord::M73,
    dwell_seconds: true,
    limits: |s, out| {
        super::common_limits(s, 60.0, out);
        let _ = writeln!(
            out,
            "M204 P{} T{}",
            s.max_acceleration_extruding, s.max_acceleration_travel
        );
        super::jerk(s, "M566", 60.0, out);
    },
};
