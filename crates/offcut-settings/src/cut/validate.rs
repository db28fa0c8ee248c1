//! What settings of a laser job mean together.

use super::{CutSettings, OperationRule};
use crate::cnc::CncFlavor;
use crate::error::SettingsError;
use crate::tabled::Tabled;

impl CutSettings {
    /// Checks ranges and what does not fit together; gives warnings as code and message.
    ///
    /// # Errors
    /// [`SettingsError::Invalid`] with one sentence for each problem.
    pub fn validate(&self) -> Result<Vec<(String, String)>, SettingsError> {
        let mut problems = self.out_of_range();
        let mut warnings = Vec::new();
        let mut refuse = |when: bool, text: &str| {
            if when {
                problems.push(text.to_owned());
            }
        };
        refuse(
            self.z_step > 0.0 && !self.z_axis,
            "`z_step` needs a head that moves up and down: set z_axis=true, or z_step=0",
        );
        refuse(
            self.focus != 0.0 && !self.z_axis,
            "`focus` needs a head that moves up and down: set z_axis=true, or focus=0",
        );
        refuse(
            (self.perforation_cut > 0.0) != (self.perforation_gap > 0.0),
            "a perforation needs both perforation_cut and perforation_gap",
        );
        refuse(
            self.image_min_power > self.image_power,
            "`image_min_power` is above `image_power`: swap them",
        );
        refuse(
            self.firmware == CncFlavor::Klipper && self.s_max != 1.0,
            "Klipper's output pin takes 0 to 1: set s_max=1",
        );
        if let Err(e) = OperationRule::parse_all(&self.operations) {
            problems.push(e.to_string());
        }
        let fast = self.max_speed_x.max(self.max_speed_y);
        for (key, speed) in [
            ("cut_speed", self.cut_speed),
            ("score_speed", self.score_speed),
            ("engrave_speed", self.engrave_speed),
            ("image_speed", self.image_speed),
        ] {
            if speed > fast {
                warnings.push((
                    "speed".to_owned(),
                    format!("`{key}` ({speed} mm/s) is more than the machine makes ({fast} mm/s): it burns deeper than meant"),
                ));
            }
        }
        let still = matches!(
            self.firmware,
            CncFlavor::Linuxcnc | CncFlavor::Mach3 | CncFlavor::Klipper
        );
        if self.dynamic_power && still && self.corner_power >= 100.0 {
            warnings.push((
                "corners".to_owned(),
                format!(
                    "{} has no dynamic power: corners may burn; corner_power=60 lowers the power there",
                    self.firmware.name()
                ),
            ));
        }
        if problems.is_empty() {
            Ok(warnings)
        } else {
            Err(SettingsError::Invalid { problems })
        }
    }
}
