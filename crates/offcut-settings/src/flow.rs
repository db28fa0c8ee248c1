//! Cross-sections of beads: pure functions of width, height and diameter, all in mm.
//!
//! A bead is a rectangle with half circles at its sides. Neighbouring beads overlap so that the
//! hollows between the rounded sides and the layers are filled: their distance is the spacing.
//! The model is that of Slic3r's flow maths page (manual.slic3r.org/advanced/flow-math).

use std::f64::consts::PI;

/// Distance between beads that fill without gaps: `width − height·(1 − π/4)`, mm.
#[must_use]
pub fn spacing(width: f64, height: f64) -> f64 {
    width - height * (1.0 - PI / 4.0)
}

/// Width of a bead of the given spacing, mm; undoes [`spacing`].
#[must_use]
pub fn width_of_spacing(spacing: f64, height: f64) -> f64 {
    spacing + height * (1.0 - PI / 4.0)
}

/// Area of a bead's cross-section, mm² (that is mm³ of plastic a mm of path).
///
/// A bead narrower than it is high has no flat part: it is taken as an ellipse, so that the area
/// stays positive and meets the other formula at `width = height`.
#[must_use]
pub fn bead_area(width: f64, height: f64) -> f64 {
    if width >= height {
        height * spacing(width, height)
    } else {
        PI / 4.0 * width * height
    }
}

/// Area of a round thread, mm².
#[must_use]
pub fn round_area(diameter: f64) -> f64 {
    PI / 4.0 * diameter * diameter
}

/// Diameter of the thread that bridges are made of, mm: `nozzle·√ratio`.
#[must_use]
pub fn bridge_diameter(nozzle: f64, flow_ratio: f64) -> f64 {
    // The square root is exact to the last bit by IEEE 754, on every machine.
    nozzle * flow_ratio.sqrt()
}

/// Air between the threads of a bridge, mm: they must not squeeze each other out of line.
pub const BRIDGE_GAP: f64 = 0.05;

/// Distance between the threads of a bridge, mm.
#[must_use]
pub fn bridge_spacing(diameter: f64) -> f64 {
    diameter + BRIDGE_GAP
}

/// Length of filament that holds a volume, mm.
#[must_use]
pub fn filament_length(volume_mm3: f64, filament_diameter: f64) -> f64 {
    volume_mm3 / round_area(filament_diameter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-4
    }

    #[test]
    fn published_figures() {
        assert!(near(spacing(1.0, 0.5), 0.8927));
        assert!(near(width_of_spacing(0.892_699, 0.5), 1.0));
        assert!(near(bridge_diameter(0.4, 1.0), 0.4));
        assert!(near(bridge_diameter(0.4, 0.5), 0.2828));
        assert!(near(bridge_spacing(0.4), 0.45));
        // 1.75 mm filament holds 2.405 mm³ a mm.
        assert!(near(filament_length(2.4053, 1.75), 1.0));
    }

    #[test]
    fn area_is_spacing_times_height_and_never_jumps() {
        assert!(near(bead_area(0.45, 0.2), 0.2 * (0.45 - 0.2) + PI * 0.01));
        assert!(near(bead_area(0.2, 0.2), round_area(0.2)));
        assert!(near(bead_area(0.199_999, 0.2), round_area(0.2)));
        assert!(bead_area(0.01, 0.3) > 0.0);
    }
}
