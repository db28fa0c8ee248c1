//! The dialects of printer G-code: what differs between firmwares, as data.
//!
//! A new dialect is one file with a `pub const DIALECT: Dialect` and one line in [`ALL`].

mod klipper;
mod marlin;
mod marlin2;
mod prusa;
mod reprapfirmware;

use offcut_settings::PrintSettings;
use offcut_settings::print::GcodeFlavor;
use std::fmt::Write;

/// How accelerations are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccelerationWord {
    /// `M204 S`: one value for printing and travelling.
    Shared,
    /// `M204 P` for printing, `M204 T` for travelling.
    Split,
    /// `SET_VELOCITY_LIMIT ACCEL=`.
    VelocityLimit,
}

/// How pressure or linear advance is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdvanceWord {
    /// `M900 K`.
    M900,
    /// `M572 D0 S`.
    M572,
    /// `SET_PRESSURE_ADVANCE ADVANCE=`.
    SetPressureAdvance,
}

/// How objects are told apart, so that one can be cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelWord {
    /// The firmware cannot: comments are written instead.
    Comments,
    /// `M486 S` with names by a separate `M486 A`.
    M486,
    /// `M486 S A"name"` in one line.
    M486Quoted,
    /// `EXCLUDE_OBJECT_DEFINE`, `EXCLUDE_OBJECT_START`, `EXCLUDE_OBJECT_END`.
    ExcludeObject,
}

/// How the remaining time is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgressWord {
    /// `M73 P R`.
    M73,
    /// `M73 P R` and the same for silent mode, `Q S`.
    M73Silent,
}

/// One dialect.
#[derive(Debug, Clone, Copy)]
pub struct Dialect {
    /// Name in settings.
    pub name: &'static str,
    /// The firmware, for people.
    pub doc: &'static str,
    /// The setting that selects it.
    pub flavor: GcodeFlavor,
    /// How accelerations are set.
    pub acceleration: AccelerationWord,
    /// How pressure advance is set.
    pub advance: AdvanceWord,
    /// How objects are told apart.
    pub labels: LabelWord,
    /// How the remaining time is told.
    pub progress: ProgressWord,
    /// `G4 S` seconds; otherwise `G4 P` milliseconds.
    pub dwell_seconds: bool,
    /// Writes the machine's limits.
    pub limits: fn(&PrintSettings, &mut String),
}

/// All dialects.
pub const ALL: [&Dialect; 5] = [
    &marlin::DIALECT,
    &marlin2::DIALECT,
    &klipper::DIALECT,
    &reprapfirmware::DIALECT,
    &prusa::DIALECT,
];

/// The dialect of a flavour.
#[must_use]
pub fn dialect(flavor: GcodeFlavor) -> &'static Dialect {
    ALL.iter()
        .find(|d| d.flavor == flavor)
        .copied()
        .unwrap_or(&marlin::DIALECT)
}

/// Finds a dialect by its name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Dialect> {
    ALL.iter().find(|d| d.name == name).copied()
}

/// Writes the limits that Marlin and its kin share; `speed_factor` turns mm/s into the firmware's unit.
fn common_limits(s: &PrintSettings, speed_factor: f64, out: &mut String) {
    let mut axes = |word: &str, v: [f64; 4], f: f64| {
        let _ = writeln!(
            out,
            "{word} X{} Y{} Z{} E{}",
            v[0] * f,
            v[1] * f,
            v[2] * f,
            v[3] * f
        );
    };
    let a = [
        s.max_acceleration_x,
        s.max_acceleration_y,
        s.max_acceleration_z,
        s.max_acceleration_e,
    ];
    axes("M201", a, 1.0);
    let v = [s.max_speed_x, s.max_speed_y, s.max_speed_z, s.max_speed_e];
    axes("M203", v, speed_factor);
}

/// Writes the jerk of all axes with the word that sets it.
fn jerk(s: &PrintSettings, word: &str, factor: f64, out: &mut String) {
    let _ = writeln!(
        out,
        "{word} X{} Y{} Z{} E{}",
        s.max_jerk_x * factor,
        s.max_jerk_y * factor,
        s.max_jerk_z * factor,
        s.max_jerk_e * factor
    );
}

/// Writes `M204` with the limits while printing, retracting and travelling.
fn accelerations(s: &PrintSettings, out: &mut String) {
    let _ = writeln!(
        out,
        "M204 P{} R{} T{}",
        s.max_acceleration_extruding, s.max_acceleration_retracting, s.max_acceleration_travel
    );
}
