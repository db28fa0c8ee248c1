//! Where models would stand on the bed, before anything is sliced.

use crate::placement::{Placement, Pose, read_posed};
use crate::{Error, Input};
use offcut_geometry::hull::convex_hull;
use offcut_geometry::{Point, grid};
use offcut_print::arrange::{DISTANCE, Part, arrange as pack};
use offcut_settings::PrintSettings;

/// Places for posed models, packed around the middle of the bed; `at` of the poses doesn't count. Skirt and
/// brim get their room.
///
/// # Errors
/// When a model can't be read or the bed has no room for it.
pub fn arrange(models: &[Input], poses: &[Pose], s: &PrintSettings) -> Result<Vec<[f64; 2]>, Error> {
    let mut outlines: Vec<Vec<Point>> = Vec::with_capacity(poses.len());
    for pose in poses {
        let same = |p: &Pose| p.model == pose.model && p.matrix == pose.matrix;
        if let Some(known) = poses.iter().take(outlines.len()).position(same) {
            outlines.push(outlines[known].clone());
            continue;
        }
        let model = models
            .get(pose.model)
            .ok_or_else(|| Error::Usage(format!("places: there is no model {}", pose.model + 1)))?;
        let alone = Pose {
            model: 0,
            at: [0.0; 2],
            ..pose.clone()
        };
        let plate = read_posed(
            vec![model.clone()],
            &Placement::default(),
            &[alone],
            &mut Vec::new(),
        )?;
        let mut points: Vec<Point> = Vec::new();
        for o in &plate.objects {
            for at in &o.places {
                for t in &o.mesh.triangles {
                    points.extend(
                        t.map(|v| Point::new(grid(f64::from(v[0]) + at[0]), grid(f64::from(v[1]) + at[1]))),
                    );
                }
                points = convex_hull(&points);
            }
        }
        outlines.push(points);
    }
    let parts: Vec<Part> = outlines
        .iter()
        .zip(poses)
        .map(|(outline, pose)| Part {
            name: &models[pose.model].name,
            outline,
            copies: 1,
        })
        .collect();
    let skirt = if s.skirt_loops > 0 {
        s.skirt_distance + f64::from(s.skirt_loops) * s.nozzle_diameter * 1.2
    } else {
        0.0
    };
    let distance = DISTANCE.max(2.0 * s.brim_width);
    let places = pack(&parts, s, distance, skirt.max(s.brim_width))?;
    Ok(places
        .iter()
        .map(|p| {
            p.first().map_or([0.0; 2], |p| {
                [offcut_geometry::to_mm(p.x), offcut_geometry::to_mm(p.y)]
            })
        })
        .collect())
}
