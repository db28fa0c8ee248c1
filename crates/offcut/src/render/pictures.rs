//! Pictures within drawings.

use super::flat::{Raster, Scene};
use offcut_geometry::drawing::{Drawing, Vec2};

/// Adds the pictures of a drawing to a scene; a frame with a cross for what can't be decoded.
pub(super) fn put(scene: &mut Scene, drawing: &Drawing) {
    for p in &drawing.pictures {
        let corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
        let corners = corners.map(|(x, y)| p.frame.point(Vec2::new(x, y)));
        let [a, b, c, d] = corners;
        scene.area(
            vec![corners.to_vec()],
            ([225, 225, 222], 1.0),
            Some(([150, 150, 150], 1.0)),
        );
        match offcut_formats::image::decode(&p.bytes, &offcut_formats::Limits::default()) {
            Ok(image) => scene.rasters.push(Raster {
                size: [image.width, image.height],
                rgba: image.rgba(),
                frame: p.frame,
                after: scene.shapes.len(),
            }),
            Err(_) => scene.lines(vec![vec![a, c], vec![b, d]], false, [150, 150, 150], 1.0),
        }
    }
}
