//! Raft: layers of support below the whole object.

use crate::plan::{BeadSet, LayerPlan};
use crate::regions::lines::{Hatcher, bead, loops, open};
use offcut_gcode::Role;
use offcut_geometry::hatch::Hatch;
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::simplify::simplify;
use offcut_geometry::{Loops, UNITS_PER_MM, clip, grid};
use offcut_settings::flow;
use offcut_settings::print::PrintSettings;
use offcut_settings::speeds::Line;
use std::f64::consts::FRAC_PI_2;

/// Share of the first layer that lines cover.
const FIRST_DENSITY: f64 = 0.9;
/// Share that the lines between first layer and interface cover.
const BASE_DENSITY: f64 = 0.5;
/// Gaps up to twice this are closed, mm.
const CLOSING: f64 = 2.0;

/// A raft below one object.
#[derive(Debug, Clone, Default)]
pub struct Raft {
    /// Its layers from the bed up; their beads are in `support`.
    pub layers: Vec<LayerPlan>,
    /// What its first layer covers, object coordinates.
    pub footprint: Loops,
    /// How much the object has to rise, mm: the raft's height and the gap above it.
    pub lift: f64,
}

/// The raft below an object whose first layer covers `object`, and its support `support` (both
/// valid polygon sets, object coordinates). Without `raft_layers` it has no layers and no lift.
///
/// The first layer is dense with an outline; then come sparse layers and, in the upper half,
/// interface layers; directions alternate.
#[must_use]
pub fn raft(object: &Loops, support: &Loops, settings: &PrintSettings) -> Raft {
    let n = settings.raft_layers as usize;
    if n == 0 {
        return Raft::default();
    }
    let grow = settings.raft_expansion.max(0.0) + CLOSING;
    let wide = offset(&clip::union(object, support), grid(grow), Join::Round);
    let area = simplify(&offset(&wide, grid(-CLOSING), Join::Miter), 1000.0);
    if area.is_empty() {
        return Raft::default();
    }
    let interface = if n > 1 { n.div_ceil(2) } else { 0 };
    let mut hatcher = Hatcher::default();
    let mut out = Raft {
        footprint: area.clone(),
        ..Raft::default()
    };
    let mut z = 0.0;
    for k in 0..n {
        let first = k == 0;
        let dense = k + interface >= n;
        let height = if first {
            settings.first_layer_height
        } else {
            settings.layer_height
        };
        z += height;
        let (role, line) = if dense {
            (Role::SupportInterface, Line::SupportInterface)
        } else {
            (Role::Support, Line::Support)
        };
        let width = settings.width_of(line, first);
        let spacing = flow::spacing(width, height);
        let pitch = match (first, dense) {
            (true, _) => spacing / FIRST_DENSITY,
            (_, true) => width + settings.support_interface_spacing.max(0.0),
            _ => spacing / BASE_DENSITY,
        };
        let mut set = BeadSet::default();
        let proto = bead(role, width, height);
        // The outline, then lines inside of it.
        loops(&offset(&area, grid(-width / 2.0), Join::Miter), proto, &mut set);
        let inside = offset(&area, grid(-width / 2.0 - spacing), Join::Miter);
        let angle = settings.support_angle.to_radians() + if k % 2 == 0 { 0.0 } else { FRAC_PI_2 };
        let hatch = Hatch::new(angle, pitch * UNITS_PER_MM, 0.0);
        open(hatcher.zigzag(&inside, &hatch).0, proto, &mut set);
        out.layers.push(LayerPlan {
            z,
            height,
            support: set,
            ..LayerPlan::default()
        });
    }
    out.lift = z + settings.raft_contact_distance.max(0.0);
    out
}
