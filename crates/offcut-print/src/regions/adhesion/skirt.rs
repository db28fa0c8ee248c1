//! Skirt and draft shield: loops around everything.

use crate::plan::BeadSet;
use crate::regions::lines::{bead, loops};
use offcut_gcode::Role;
use offcut_geometry::hull::convex_hull;
use offcut_geometry::offset::{Join, offset};
use offcut_geometry::simplify::simplify;
use offcut_geometry::{Loops, Point, UNITS_PER_MM, grid};
use offcut_settings::flow;
use offcut_settings::print::{DraftShield, PrintSettings};
use offcut_settings::speeds::Line;

/// Round corners are simplified by this, grid units.
const TOLERANCE: f64 = 500.0;
/// More loops than this are not made, however long the skirt should be.
const MAX_LOOPS: u32 = 1000;

/// The skirt around the convex hull of `points` (bed coordinates), per layer from the first; the
/// result ends with the skirt's last layer. `heights` are those of the print's layers, mm. The
/// outermost loops come first. Loops that only serve `min_skirt_length` are in the first layer.
#[must_use]
pub fn skirt(points: &[Point], heights: &[f64], settings: &PrintSettings) -> Vec<BeadSet> {
    let shield = settings.draft_shield != DraftShield::Disabled;
    let wanted = if shield {
        settings.skirt_loops.max(1)
    } else {
        settings.skirt_loops
    };
    let layers = match settings.draft_shield {
        DraftShield::Enabled => heights.len(),
        DraftShield::Limited | DraftShield::Disabled => heights.len().min(settings.skirt_height as usize),
    };
    let hull: Loops = [convex_hull(points)].into_iter().collect();
    let (Some(&first), true) = (heights.first(), wanted > 0 && layers > 0 && hull.points.len() > 2) else {
        return Vec::new();
    };
    let width = settings.width_of(Line::SkirtBrim, true);
    let spacing = flow::spacing(width, first);
    let filament = |l: &Loops| {
        let volume = l.perimeter() / UNITS_PER_MM * flow::bead_area(width, first);
        flow::filament_length(volume, settings.filament_diameter)
    };
    // From the inside out, until there are enough and they are long enough.
    let mut rings: Vec<Loops> = Vec::new();
    let mut length = 0.0;
    for i in 0..MAX_LOOPS {
        if i >= wanted && length >= settings.min_skirt_length {
            break;
        }
        let d = settings.skirt_distance + (f64::from(i) + 0.5) * spacing;
        let ring = simplify(&offset(&hull, grid(d), Join::Round), TOLERANCE);
        length += filament(&ring);
        rings.push(ring);
    }
    heights[..layers]
        .iter()
        .enumerate()
        .map(|(k, &h)| {
            let n = if k == 0 { rings.len() } else { wanted as usize };
            let mut set = BeadSet::default();
            for ring in rings[..n.min(rings.len())].iter().rev() {
                loops(ring, bead(Role::SkirtBrim, width, h), &mut set);
            }
            set
        })
        .collect()
}
