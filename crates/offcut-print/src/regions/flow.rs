//! Widths of lines and what flows through them.

use offcut_settings::print::PrintSettings;
use std::f64::consts::FRAC_PI_4;

/// A line of plastic: flat above and below, round at its sides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Width, mm.
    pub width: f64,
}

impl Line {
    fn new(s: &PrintSettings, own: Option<offcut_settings::value::LengthOrPercent>) -> Self {
        Self {
            width: own.unwrap_or(s.line_width).resolve(s.nozzle_diameter),
        }
    }

    /// Lines of support.
    #[must_use]
    pub fn support(s: &PrintSettings, first_layer: bool) -> Self {
        let own = s.support_line_width;
        Self::new(
            s,
            if first_layer {
                s.first_layer_line_width.or(own)
            } else {
                own
            },
        )
    }

    /// Lines of external perimeters.
    #[must_use]
    pub fn external(s: &PrintSettings) -> Self {
        Self::new(s, s.external_perimeter_line_width)
    }

    /// Lines of skirt and brim.
    #[must_use]
    pub fn first_layer(s: &PrintSettings) -> Self {
        Self::new(s, s.first_layer_line_width.or(s.perimeter_line_width))
    }

    /// Distance of two such lines side by side that leave no gap, mm.
    #[must_use]
    pub fn spacing(self, height: f64) -> f64 {
        spacing(self.width, height)
    }

    /// Plastic per length, mm³/mm.
    #[must_use]
    pub fn area(self, height: f64) -> f64 {
        height * self.spacing(height)
    }
}

/// Distance of two lines side by side: they overlap by their round sides, mm.
#[must_use]
pub fn spacing(width: f64, height: f64) -> f64 {
    (width - height * (1.0 - FRAC_PI_4)).max(0.1 * width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_spacing() {
        // PrusaSlicer's flow test: a line of 1 mm at 0.5 mm height.
        assert!((spacing(1.0, 0.5) - 0.8927).abs() < 1e-4);
    }
}
