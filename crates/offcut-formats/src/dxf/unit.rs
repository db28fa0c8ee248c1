//! The unit of a DXF drawing: what the header says, who wrote the file, what the size makes likely.

use super::Header;
use crate::drawing::{DrawingFile, DrawingUnit, Reading, UnitReading};
use offcut_geometry::drawing::Drawing;

const INCH: DrawingUnit = DrawingUnit {
    name: "inch",
    millimetres: 25.4,
};
const PX: DrawingUnit = DrawingUnit {
    name: "px",
    millimetres: 25.4 / 96.0,
};

/// Sizes (longest side, mm) that machines of a workshop cut.
const PLAUSIBLE: std::ops::RangeInclusive<f64> = 3.0..=5000.0;

/// The unit of a drawing whose segments are still in the file's own unit.
pub(super) fn reading(header: &Header, raw: &Drawing, given: Option<DrawingUnit>) -> UnitReading {
    if let Some(unit) = given {
        return UnitReading::stated(Reading::new(unit, "--unit"));
    }
    let size = raw.bounds().size();
    let longest = size.x.max(size.y);
    let fits = |unit: DrawingUnit| PLAUSIBLE.contains(&(longest * unit.millimetres));
    if let Some(code) = header.insunits.filter(|c| *c != 0)
        && let Some(unit) = DrawingUnit::of_insunits(code)
    {
        let mut reading = UnitReading::stated(Reading::new(unit, format!("$INSUNITS is {code}")));
        if !fits(unit) {
            let other = [DrawingUnit::MM, INCH]
                .into_iter()
                .find(|u| *u != unit && fits(*u));
            reading.other = other.map(|u| Reading::new(u, "the size that fits a machine"));
            reading.conflict = reading.other.is_some();
        }
        return reading;
    }
    let none = if header.insunits.is_some() {
        "$INSUNITS says no unit"
    } else {
        "the file states no unit"
    };
    // The R12 export of Inkscape writes its pixels and no unit; its first line tells.
    if header.comments.contains("mydxf.blogspot") {
        let mut reading = UnitReading::assumed(Reading::new(
            PX,
            format!("{none}; Inkscape's R12 export writes pixels, 96 to the inch"),
        ));
        reading.other = Some(Reading::new(DrawingUnit::MM, "millimetres are usual"));
        return reading;
    }
    let mut reading = UnitReading::assumed(Reading::new(
        DrawingUnit::MM,
        format!("{none}; millimetres are usual"),
    ));
    let imperial = header.measurement == Some(0) && longest <= 50.0;
    if imperial && fits(INCH) {
        reading.other = Some(Reading::new(INCH, "$MEASUREMENT says imperial"));
        reading.conflict = true;
    } else if !fits(DrawingUnit::MM) && fits(INCH) {
        reading.other = Some(Reading::new(INCH, "the size that fits a machine"));
    }
    reading
}

/// Warns where the unit isn't beyond doubt.
pub(super) fn warn(file: &mut DrawingFile) {
    match file.readings() {
        Some(both) => file.warn("unit", format!("the size may be {both}; --unit decides")),
        None if !file.unit.stated => {
            let evidence = file.unit.reading.evidence.clone();
            file.warn("unit", format!("{evidence}; --unit decides"));
        }
        None => {}
    }
}
