//! Families of straight lines, hatched and linked.

use super::{FillArea, FillParams, SHORTEST_STRAND, Scratch};
use offcut_geometry::{Hatch, Polylines, UNITS_PER_MM};

/// Parallel lines.
pub(super) struct Family {
    /// Direction relative to the infill angle, radians.
    pub turn: f64,
    /// How far the lines are moved to their left, mm.
    pub shift: f64,
}

/// Fills with several families of lines, each `distance` mm apart.
pub(super) fn fill(
    area: &FillArea,
    params: &FillParams,
    distance: f64,
    families: &[Family],
    scratch: &mut Scratch,
    out: &mut Polylines,
) {
    let shortest = SHORTEST_STRAND * params.width * UNITS_PER_MM;
    scratch.strands.begin(area.region, shortest);
    for f in families {
        let mut hatch = Hatch::new(params.angle + f.turn, distance * UNITS_PER_MM, 0.0);
        hatch.phase = hatch.turned(params.origin).1 + f.shift * UNITS_PER_MM;
        scratch.rows.cross(area.region, &hatch);
        scratch.strands.add_rows(area.region, &hatch, &scratch.rows);
    }
    scratch.link(area, params, distance, out);
}
