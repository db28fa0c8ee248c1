//! Printing one object after the other: the order, and whether the print head has room.

use super::Placed;
use crate::arrange::clearance;
use crate::error::PrintError;
use offcut_geometry::Point;
use offcut_settings::PrintSettings;

/// A copy of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copy {
    /// Index of the object.
    pub object: usize,
    /// Which of its copies.
    pub copy: usize,
}

/// The order in which copies are printed one by one: shorter ones first. `heights` are those of the
/// objects, mm.
///
/// # Errors
/// When the head would touch what was printed before: copies closer than `extruder_clearance_radius`, or
/// any but the last higher than `extruder_clearance_height`.
#[inline(never)]
pub fn one_by_one(
    objects: &[Placed],
    heights: &[f64],
    settings: &PrintSettings,
) -> Result<Vec<Copy>, PrintError> {
    let mut copies: Vec<Copy> = objects
        .iter()
        .enumerate()
        .flat_map(|(object, o)| (0..o.instances.len()).map(move |copy| Copy { object, copy }))
        .collect();
    copies.sort_by(|a, b| heights[a.object].total_cmp(&heights[b.object]));
    let outline = |t: &Copy| -> Vec<Point> {
        let o = &objects[t.object];
        o.hull.iter().map(|&p| p + o.instances[t.copy]).collect()
    };
    for (i, a) in copies.iter().enumerate() {
        let later = &copies[i + 1..];
        let height = heights[a.object];
        let limit = settings.extruder_clearance_height;
        if !later.is_empty() && height > limit {
            return Err(PrintError::TooHigh {
                name: objects[a.object].name.clone(),
                height,
                limit,
            });
        }
        let shape = outline(a);
        for b in later {
            let distance = clearance(&shape, &outline(b));
            if distance < settings.extruder_clearance_radius {
                return Err(PrintError::TooClose {
                    first: objects[a.object].name.clone(),
                    second: objects[b.object].name.clone(),
                    distance,
                    needed: settings.extruder_clearance_radius,
                });
            }
        }
    }
    Ok(copies)
}
