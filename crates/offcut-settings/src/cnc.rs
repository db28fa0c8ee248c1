//! What lasers and mills share among their settings: the firmwares.

use crate::print::choices::choices;

choices! {
    /// Firmware of a laser, router or mill.
    pub enum CncFlavor {
        /// GRBL 1.1.
        #[default]
        Grbl = "grbl",
        /// grblHAL.
        Grblhal = "grblhal",
        /// Marlin 2; lasers with inline power.
        Marlin = "marlin",
        /// Smoothieware.
        Smoothie = "smoothie",
        /// LinuxCNC.
        Linuxcnc = "linuxcnc",
        /// Mach3 and Mach4.
        Mach3 = "mach3",
        /// Klipper; a laser is an output pin named laser.
        Klipper = "klipper",
        /// RepRapFirmware.
        Reprapfirmware = "reprapfirmware",
    }
}
