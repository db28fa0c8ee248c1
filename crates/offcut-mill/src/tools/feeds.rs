//! Feeds and speeds by chip load: revolutions from the surface speed that the material bears, feed from the chip
//! that each tooth takes.
//!
//! In: tool, material, limits of the machine. Out: [`Feeds`]. The tables are cautious values for two-flute
//! carbide on routers, after manufacturers' charts (chip per tooth grows with the diameter).

use super::{Cutting, Shape, Tool};
use crate::{Feeds, MillError};

/// What a material bears.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Material {
    /// Its name in jobs.
    pub name: &'static str,
    /// Highest surface speed, m/min.
    pub surface_speed: f64,
    /// Chip per tooth for a tool of 1 mm, mm.
    pub chip_at_1: f64,
    /// Further chip per tooth for each mm of diameter, mm.
    pub chip_per_mm: f64,
    /// Depth of a level, diameters.
    pub stepdown: f64,
    /// Distance of passes, diameters.
    pub stepover: f64,
    /// Feed straight down as a share of the feed.
    pub plunge: f64,
}

const fn material(
    name: &'static str,
    surface_speed: f64,
    chip: [f64; 2],
    stepdown: f64,
    stepover: f64,
    plunge: f64,
) -> Material {
    Material {
        name,
        surface_speed,
        chip_at_1: chip[0],
        chip_per_mm: chip[1],
        stepdown,
        stepover,
        plunge,
    }
}

/// The materials that jobs may name.
pub const MATERIALS: &[Material] = &[
    material("softwood", 500.0, [0.015, 0.012], 1.0, 0.4, 0.4),
    material("hardwood", 450.0, [0.012, 0.010], 0.6, 0.4, 0.3),
    material("plywood", 450.0, [0.015, 0.010], 0.75, 0.4, 0.3),
    material("mdf", 500.0, [0.015, 0.013], 0.8, 0.4, 0.4),
    material("foam", 600.0, [0.03, 0.02], 2.0, 0.4, 0.6),
    material("hdpe", 400.0, [0.02, 0.012], 0.75, 0.4, 0.4),
    material("acrylic", 300.0, [0.015, 0.010], 0.5, 0.4, 0.3),
    material("polycarbonate", 250.0, [0.015, 0.009], 0.5, 0.4, 0.3),
    material("pcb", 200.0, [0.008, 0.006], 0.3, 0.4, 0.3),
    material("brass", 150.0, [0.006, 0.004], 0.25, 0.35, 0.25),
    material("aluminium", 200.0, [0.006, 0.005], 0.25, 0.35, 0.25),
    material("steel", 70.0, [0.004, 0.003], 0.15, 0.3, 0.2),
];

/// What the spindle and the axes can do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drive {
    /// Lowest and highest revolutions per minute.
    pub rpm: [f64; 2],
    /// Highest feed, mm/min.
    pub feed: f64,
    /// Highest feed along Z, mm/min.
    pub feed_z: f64,
}

/// The material of that name.
///
/// # Errors
/// [`MillError::Job`] with the names that there are.
pub fn named(name: &str) -> Result<&'static Material, MillError> {
    let wanted = match name.to_ascii_lowercase().as_str() {
        "wood" | "pine" => "softwood".into(),
        "aluminum" => "aluminium".into(),
        other => other.to_owned(),
    };
    MATERIALS.iter().find(|m| m.name == wanted).ok_or_else(|| {
        let names: Vec<&str> = MATERIALS.iter().map(|m| m.name).collect();
        MillError::Job(format!(
            "material '{name}' is not known; use one of {}",
            names.join(", ")
        ))
    })
}

/// Feeds and speeds of a tool in a material on a machine. What the tool's entry says wins over the tables; the
/// machine's limits win over all.
#[must_use]
pub fn feeds(tool: &Tool, cutting: &Cutting, m: &Material, drive: &Drive) -> Feeds {
    // A V-bit cuts with less than its diameter; half of it stands for what is engaged.
    let d = match tool.shape {
        Shape::Vee { .. } | Shape::TaperedBall { .. } | Shape::Chamfer { .. } => tool.diameter / 2.0,
        _ => tool.diameter,
    };
    let bears = m.surface_speed * 1000.0 / (std::f64::consts::PI * d);
    // Drills stand less than mills.
    let share = if matches!(tool.shape, Shape::Drill { .. }) {
        0.4
    } else {
        1.0
    };
    let rpm = cutting.rpm.unwrap_or(bears * share);
    let rpm = (rpm.clamp(drive.rpm[0], drive.rpm[1]) / 10.0).round() * 10.0;
    let chip = cutting
        .chip_load
        .unwrap_or(m.chip_at_1 + m.chip_per_mm * (d - 1.0))
        .max(0.002);
    let whole = |v: f64| v.round().max(1.0);
    let cut = whole(
        cutting
            .feed
            .unwrap_or(rpm * f64::from(tool.flutes) * chip)
            .min(drive.feed),
    );
    let plunge = whole(cutting.plunge.unwrap_or(cut * m.plunge).min(drive.feed_z));
    Feeds {
        cut,
        finish: whole(cut * 0.8),
        slot: whole(cut * 0.7),
        ramp: whole((cut * 0.5).max(plunge).min(cut)),
        plunge,
        rpm,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::library::builtin;

    #[test]
    fn surface_speed_and_chip_load_are_kept() {
        let drive = Drive {
            rpm: [5000.0, 24000.0],
            feed: 1e9,
            feed_z: 1e9,
        };
        for doc in builtin().unwrap_or_default() {
            let Ok((tool, cutting)) = doc.resolve(1) else {
                unreachable!()
            };
            for m in MATERIALS {
                let f = feeds(&tool, &cutting, m, &drive);
                assert!(f.rpm >= 5000.0 && f.rpm <= 24000.0);
                let speed = std::f64::consts::PI * tool.diameter / 1000.0 * f.rpm;
                let d = tool.diameter;
                let cone = matches!(
                    tool.shape,
                    Shape::Vee { .. } | Shape::TaperedBall { .. } | Shape::Chamfer { .. }
                );
                assert!(
                    cone || speed <= m.surface_speed * 1.01 || f.rpm == 5000.0,
                    "{} {speed}",
                    m.name
                );
                let chip = f.cut / f.rpm / f64::from(tool.flutes);
                assert!(chip < 0.05 + 0.03 * d, "{chip}");
                assert!(f.plunge <= f.cut && f.slot <= f.cut);
            }
        }
    }
}
