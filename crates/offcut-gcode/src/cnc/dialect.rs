//! What firmwares of lasers and mills want to read, as data.

use offcut_settings::CncFlavor;

/// How the beam is switched and its power is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BeamForm {
    /// One of these arms the laser once; S stands on the moves, S0 on travels.
    Words {
        /// Constant power.
        constant: &'static str,
        /// Power in proportion to speed; the same as `constant` where the firmware has nothing else or does it anyway.
        dynamic: &'static str,
        /// Disarms.
        off: &'static str,
    },
    /// An own command with the power, 0 to 1, before the moves.
    Pin(&'static str),
}

/// How a wait is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DwellForm {
    /// `G4 P` seconds.
    Seconds,
    /// `G4 S` seconds.
    SSeconds,
    /// `G4 P` milliseconds.
    Milliseconds,
}

/// How tools are changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToolForm {
    /// `T1 M6`.
    M6,
    /// `T1`.
    T,
    /// Stops and waits for the operator; the text is the firmware's pause.
    Pause(&'static str),
}

/// One firmware.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dialect {
    /// Which.
    pub flavor: CncFlavor,
    /// Modes at the start, one a line.
    pub modes: &'static [&'static str],
    /// More of them for lasers.
    pub laser_modes: &'static [&'static str],
    /// How a program ends; none where the firmware knows no end.
    pub end: Option<&'static str>,
    /// Longest line, characters.
    pub line: usize,
    /// Understands G2 and G3 as delivered.
    pub arcs: bool,
    /// Takes coordinates without the G word before them.
    pub modal: bool,
    /// G0 takes an F, which holds for the next G1 too.
    pub rapid_feed: bool,
    /// The beam.
    pub beam: BeamForm,
    /// S of full power, where the machine does not say.
    pub s_max: f64,
    /// Waits.
    pub dwell: DwellForm,
    /// Words of mist, flood, air and all off.
    pub coolant: [&'static str; 4],
    /// Tools.
    pub tool: ToolForm,
    /// Knows G81, G82, G83, G73 and G98.
    pub cycles: bool,
    /// Comments stand in parentheses only.
    pub parentheses: bool,
}

const GRBL: Dialect = Dialect {
    flavor: CncFlavor::Grbl,
    modes: &["G21", "G90", "G17", "G94"],
    laser_modes: &[],
    end: Some("M2"),
    line: 70,
    arcs: true,
    modal: true,
    rapid_feed: false,
    beam: BeamForm::Words {
        constant: "M3 S0",
        dynamic: "M4 S0",
        off: "M5",
    },
    s_max: 1000.0,
    dwell: DwellForm::Seconds,
    coolant: ["M7", "M8", "M8", "M9"],
    tool: ToolForm::Pause("M0"),
    cycles: false,
    parentheses: false,
};

/// M4 turns a spindle the other way here; nothing dims the beam in corners.
const LINUXCNC: Dialect = Dialect {
    flavor: CncFlavor::Linuxcnc,
    modes: &["G21", "G90", "G17", "G40", "G49", "G80", "G94", "G64 P0.01"],
    beam: BeamForm::Words {
        constant: "M3 S0",
        dynamic: "M3 S0",
        off: "M5",
    },
    tool: ToolForm::M6,
    cycles: true,
    ..GRBL
};

const MARLIN: Dialect = Dialect {
    flavor: CncFlavor::Marlin,
    modes: &["G21", "G90"],
    end: None,
    modal: false,
    rapid_feed: true,
    beam: BeamForm::Words {
        constant: "M3 I S0",
        dynamic: "M4 I S0",
        off: "M5 I",
    },
    s_max: 255.0,
    dwell: DwellForm::Milliseconds,
    tool: ToolForm::Pause("M0"),
    ..GRBL
};

static DIALECTS: [Dialect; 8] = [
    GRBL,
    Dialect {
        flavor: CncFlavor::Grblhal,
        tool: ToolForm::M6,
        cycles: true,
        ..GRBL
    },
    MARLIN,
    Dialect {
        flavor: CncFlavor::Smoothie,
        modes: &["G21", "G90", "G17"],
        end: None,
        rapid_feed: true,
        beam: BeamForm::Words {
            constant: "M3 S0",
            dynamic: "M3 S0",
            off: "M5",
        },
        s_max: 1.0,
        dwell: DwellForm::SSeconds,
        coolant: ["M7", "M8", "M106", "M9"],
        tool: ToolForm::M6,
        ..GRBL
    },
    LINUXCNC,
    Dialect {
        flavor: CncFlavor::Mach3,
        modes: &["G21", "G90", "G17", "G40", "G49", "G80", "G94"],
        end: Some("M30"),
        parentheses: true,
        ..LINUXCNC
    },
    Dialect {
        flavor: CncFlavor::Klipper,
        arcs: false,
        beam: BeamForm::Pin("SET_PIN PIN=laser VALUE="),
        s_max: 1.0,
        coolant: [
            "SET_PIN PIN=mist VALUE=1",
            "SET_PIN PIN=coolant VALUE=1",
            "SET_PIN PIN=air VALUE=1",
            "SET_PIN PIN=air VALUE=0",
        ],
        tool: ToolForm::Pause("PAUSE"),
        ..MARLIN
    },
    Dialect {
        flavor: CncFlavor::Reprapfirmware,
        laser_modes: &["M452"],
        end: None,
        modal: false,
        beam: BeamForm::Words {
            constant: "M3 S0",
            dynamic: "M3 S0",
            off: "M5",
        },
        s_max: 255.0,
        dwell: DwellForm::SSeconds,
        coolant: ["M7", "M8", "M106 S255", "M9"],
        tool: ToolForm::T,
        ..GRBL
    },
];

/// The dialect of a firmware.
#[must_use]
pub fn dialect(flavor: CncFlavor) -> &'static Dialect {
    // The table has every flavour; a test says so.
    DIALECTS
        .iter()
        .find(|d| d.flavor == flavor)
        .unwrap_or(&DIALECTS[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flavour_has_its_dialect() {
        for &f in CncFlavor::ALL {
            assert_eq!(dialect(f).flavor, f);
            assert!(dialect(f).line <= 80, "GRBL takes 80 bytes a line");
        }
    }
}
